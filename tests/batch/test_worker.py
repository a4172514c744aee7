"""One worker process: what ends it costs the picture that it held, and nothing else."""

import os
import signal

import psutil
import pytest

from digitize.batch.records import Entry, Limits, Outcome, Task
from digitize.batch.worker import Worker, WorkerStoppedError
from digitize.errors import EngineError
from tests.batch.conftest import draw
from tests.batch.readers import READER

LIMITS = Limits(seconds=20.0, memory=800 << 20)


@pytest.fixture
def worker():
    worker = Worker(Task(reader=READER), LIMITS)
    yield worker
    worker.stop()


@pytest.fixture
def read(tmp_path, worker, log):
    def read(name: str, by: Worker = worker) -> Outcome:
        path = str(draw(tmp_path / name, 1))
        entry = Entry(number=0, block=0, source=path, asked=name, image=name)
        digest = by.load(path)
        return by.read(entry, path) if isinstance(digest, str) else digest

    return read


def test_a_picture_is_read(read):
    outcome = read("a.png")
    assert outcome.status == "ok"
    assert (outcome.width, outcome.height, outcome.attempts) == (60, 40, 1)
    assert outcome.points_count == 12


def test_a_worker_that_ends_over_a_picture_gets_it_once_more(read, log):
    outcome = read("crash-once.png")
    assert (outcome.status, outcome.attempts) == ("ok", 2)
    assert log() == ["crash-once.png"] * 2


def test_a_picture_that_ends_each_worker_has_failed(read, log):
    outcome = read("crashes.png")
    assert (outcome.status, outcome.reasons[0].code, outcome.attempts) == ("failed", "crash", 2)
    assert log() == ["crashes.png"] * 2
    assert read("a.png").status == "ok"


def test_a_worker_that_was_killed_while_idle_costs_nothing(read, worker, log):
    read("a.png")
    os.kill(worker.pid, signal.SIGKILL)
    assert read("b.png").attempts == 1
    assert log() == ["a.png", "b.png"]


def test_a_worker_that_was_killed_between_loading_and_reading_loads_again(tmp_path, worker, log):
    path = str(draw(tmp_path / "a.png", 1))
    worker.load(path)
    os.kill(worker.pid, signal.SIGKILL)
    entry = Entry(number=0, block=0, source=path, asked="a.png", image="a.png")
    assert worker.read(entry, path).status == "ok"


def test_limits_are_kept(tmp_path, read):
    quick = Worker(Task(reader=READER), Limits(seconds=3.0, memory=800 << 20))
    try:
        outcome = read("slow.png", quick)
        assert outcome.reasons[0].code == "time-limit"
        assert "3 s" in outcome.reasons[0].message
        assert read("a.png", quick).status == "ok"
    finally:
        quick.stop()
    outcome = read("eats.png")
    assert outcome.reasons[0].code == "memory-limit"
    assert "800 MiB" in outcome.reasons[0].message
    assert read("b.png").status == "ok"


def test_a_picture_pays_for_no_other(tmp_path, read, log):
    """Each leaves 120 MiB behind, in workers that may take a little more than two of these."""
    before = Worker(Task(reader=READER), LIMITS)
    read("a.png", before)
    memory = psutil.Process(before.pid).memory_info().rss
    before.stop()
    leaking = Worker(Task(reader=READER), Limits(seconds=20.0, memory=memory + (300 << 20)))
    try:
        assert [read(f"leaks-{number}.png", leaking).status for number in range(7)] == ["ok"] * 7
        assert psutil.Process(leaking.pid).memory_info().rss < memory + (300 << 20)
    finally:
        leaking.stop()


def test_a_worker_that_was_stopped_starts_no_more(worker):
    worker.stop()
    with pytest.raises(WorkerStoppedError):
        worker.load("a.png")
    assert worker.pid is None


def test_a_file_that_vanishes_after_a_crash_is_told_as_such(tmp_path, worker):
    path = draw(tmp_path / "crashes.png", 1)
    worker.load(str(path))
    path.unlink()
    entry = Entry(number=0, block=0, source=str(path), asked="a", image="crashes.png")
    assert "no such file" in worker.read(entry, str(path)).reasons[0].message


def test_a_fault_is_told_and_the_worker_goes_on(read, worker):
    read("a.png")
    before = worker.pid
    outcome = read("raises.png")
    assert outcome.reasons[0].code == "fault"
    assert "KeyError: 'a stage'" in outcome.reasons[0].message
    assert outcome.digest
    assert read("b.png").status == "ok"
    assert worker.pid == before


def test_what_is_no_picture_has_failed(tmp_path, worker):
    path = tmp_path / "a.png"
    path.write_text("text")
    assert len(worker.load(str(path))) == 64
    entry = Entry(number=0, block=0, source=str(path), asked="a.png", image="a.png")
    assert worker.read(entry, str(path)).reasons[0].code == "input"
    assert worker.load(str(tmp_path / "lost.png")).reasons[0].code == "input"


def test_what_every_picture_would_meet_with_is_raised(read):
    with pytest.raises(EngineError, match="the engine is missing"):
        read("no-engine.png")


def test_workers_that_cannot_start_are_no_fault_of_a_picture():
    broken = Worker(Task(reader="tests.batch.nothing:read"), LIMITS)
    with pytest.raises(EngineError, match="end as they start"):
        broken.load("a.png")
