"""The same dataset from a Dask cluster, also where a part of it dies."""

import os
import signal
import threading
import time

import pytest
from distributed import LocalCluster

from digitize.errors import UsageError
from tests.batch.conftest import draw
from tests.batch.test_convert import images, same


@pytest.fixture
def cluster(log):  # whose environment the workers inherit
    """Two worker processes of Dask's own."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        yield cluster


def test_a_cluster_gives_the_same_dataset_although_a_worker_is_killed(cluster, tmp_path, run, log):
    folder = tmp_path / "many"
    for number in range(80):
        draw(folder / f"{number:03d}.png", number)
    (folder / "zero.png").touch()
    draw(folder / "raises.png", 200)
    draw(folder / "crashes.png", 201)
    (folder / "twin.png").write_bytes((folder / "003.png").read_bytes())
    victim = next(iter(cluster.workers.values())).process.pid

    running = ["yes"]

    def kill_when_a_quarter_is_read():
        while len(log()) < 20 and running:
            time.sleep(0.01)
        os.kill(victim, signal.SIGKILL)

    killer = threading.Thread(target=kill_when_a_quarter_is_read)
    killer.start()
    try:
        result = run(folder, workers=None, scheduler=cluster.scheduler_address)
    finally:
        running.clear()
        killer.join()
    assert victim not in [nanny.process.pid for nanny in cluster.workers.values() if nanny.process]
    assert result.statuses == {"failed": 3, "refused": 0, "review": 0, "ok": 81}
    assert len(log()) <= 80 + 1 + 2 + 4  # two for the one that crashes, and what the killed worker held
    run(folder, out=tmp_path / "undisturbed")
    table = images(tmp_path / "out")
    table = table.loc[table["duplicate_of"].notna()]
    assert sorted([*table.index, *table["duplicate_of"]]) == ["003.png", "twin.png"]
    assert same(tmp_path / "out", tmp_path / "undisturbed")


def test_a_scheduler_that_is_not_there_is_told(pictures, run, monkeypatch):
    monkeypatch.setattr("digitize.batch.cluster.CONNECT_S", 1.0)
    with pytest.raises(UsageError, match="no Dask scheduler answers there"):
        run(pictures, workers=None, scheduler="tcp://127.0.0.1:1")
