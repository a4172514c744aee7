"""A run from end to end, with worker processes and a quick reader."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import fsspec
import pandas as pd
import psutil
import pytest

from digitize.batch import manifest as manifest_module
from digitize.batch.dataset import Dataset
from digitize.batch.manifest import Manifest
from digitize.batch.store import Store
from digitize.errors import EngineError, OutputError, UsageError
from digitize.outputs.files import Format
from tests.batch.conftest import draw
from tests.batch.readers import READER


def images(out):
    return pd.read_parquet(out / "images").set_index("image")


def points(out):
    return pd.read_parquet(out / "points")


def same(first, second):
    """Whether two outputs hold the same dataset: every row of the points, and of each picture what is no time."""
    told = ["id", "source", "status", "panels", "points", "digest", "duplicate_of"]
    one, other = images(first)[told], images(second)[told]
    return points(first).equals(points(second)) and one.astype(str).equals(other.astype(str))


def test_a_folder_becomes_one_dataset(pictures, run, tmp_path):
    result = run(pictures)
    assert result.statuses == {"failed": 0, "refused": 1, "review": 1, "ok": 4}
    assert result.reasons == [("refused", "few_ticks", 1)]
    assert result.passed_over == {".md": 1}
    assert (result.read, result.pending, result.interrupted) == (6, 0, False)
    table = images(tmp_path / "out")
    assert table.index.tolist() == ["a.png", "b.png", "c-review.png", "d-refused.png", "e.png", "inner/f.png"]
    assert table["points"].tolist() == [12, 12, 12, 0, 12, 12]
    assert table["source"].tolist() == [str(pictures / name) for name in table.index]
    rows = points(tmp_path / "out")
    assert rows["image"].drop_duplicates().tolist() == table.index[table["points"] > 0].tolist()
    assert set(rows.query("image == 'c-review.png'")["status"]) == {"review"}
    assert not rows.query("image == 'a.png'")["y"].equals(rows.query("image == 'b.png'")["y"])
    assert (tmp_path / "out" / "index.html").stat().st_size > 1000
    assert len(list((tmp_path / "out" / "thumbnails").rglob("*.webp"))) == 6


def test_files_of_each_picture_are_written_on_request(pictures, run, tmp_path):
    run(pictures, forms=(Format.JSON, Format.OVERLAY), csv=True)
    out = tmp_path / "out"
    assert json.loads((out / "readings" / "inner" / "f.png.json").read_text())["source"]["name"] == "f.png"
    assert len(list((out / "overlays").rglob("*.overlay.png"))) == 6
    assert pd.read_csv(out / "points-csv" / "part-00000.csv").shape == points(out).shape
    assert pd.read_csv(out / "images-csv" / "part-00000.csv")["status"].tolist() == images(out)["status"].tolist()


def test_what_is_done_is_not_read_again_and_what_is_new_is_added(pictures, run, tmp_path, log):
    run(pictures)
    assert run(pictures).read == 0
    assert run().read == 0  # without sources it goes on with what it knows
    draw(pictures / "A-new.png", 99)
    assert run(pictures).read == 1
    assert len(log()) == 7
    assert images(tmp_path / "out").index.tolist()[-1] == "A-new.png"
    assert len(points(tmp_path / "out")) == 6 * 12


def test_an_output_can_be_begun_anew(pictures, run, tmp_path, log):
    run(pictures, forms=(Format.JSON,))
    with pytest.raises(UsageError, match="--format json, not none"):
        run(pictures)
    (tmp_path / "out" / "mine.txt").touch()
    (pictures / "a.png").unlink()
    assert run(pictures, resume=False).read == 5
    assert not (tmp_path / "out" / "readings").exists()
    assert (tmp_path / "out" / "mine.txt").exists()
    assert "a.png" not in images(tmp_path / "out").index


def test_the_same_bytes_are_read_once(pictures, run, tmp_path, log):
    shutil.copy(pictures / "a.png", pictures / "z.png")
    run(pictures, forms=(Format.JSON,))
    shutil.copy(pictures / "b.png", pictures / "zz.png")  # whose like is in the dataset already
    run(pictures, forms=(Format.JSON,))
    assert log() == sorted(["a.png", "b.png", "c-review.png", "d-refused.png", "e.png", "f.png"])
    table, rows = images(tmp_path / "out"), points(tmp_path / "out")
    twins = table.loc[["z.png", "a.png"], "duplicate_of"].dropna()
    assert len(twins) == 1
    assert table.loc["zz.png", "duplicate_of"] == "b.png"
    for one, other in (("a.png", "z.png"), ("b.png", "zz.png")):
        first, second = (rows[rows["image"] == name].drop(columns="image") for name in (one, other))
        assert len(first) == 12
        assert first.reset_index(drop=True).equals(second.reset_index(drop=True))
        assert table.loc[one, "digest"] == table.loc[other, "digest"]
        readings = tmp_path / "out" / "readings"
        assert (readings / f"{one}.json").read_bytes() == (readings / f"{other}.json").read_bytes()
    assert len(list((tmp_path / "out" / "thumbnails").rglob("*.webp"))) == 8


def test_lists_carry_their_columns_through_and_later_ones_too(pictures, run, tmp_path):
    (pictures / "list.csv").write_text("id,path,run\nfirst,a.png,7\nsecond,a.png,8\n")
    run(pictures / "list.csv")
    (pictures / "more.csv").write_text("id,path,note\nthird,b.png,x\n")
    run(pictures / "more.csv")
    table = images(tmp_path / "out")
    assert table.index.tolist() == ["first", "second", "third"]
    assert table["run"].tolist()[:2] == ["7", "8"]
    assert table["note"].tolist()[2] == "x"
    assert pd.read_parquet(tmp_path / "out" / "images" / "part-00000.parquet").columns.tolist()[-2:] == ["run", "note"]


def test_hostile_files_cost_only_themselves(tmp_path, run, log):
    folder = tmp_path / "hundred"
    for number in range(95):
        draw(folder / f"{number:03d}.png", number)
    content = (folder / "000.png").read_bytes()
    (folder / "truncated.png").write_bytes(content[: len(content) // 2])
    with (folder / "huge.png").open("wb") as file:
        file.truncate(10**12)
    (folder / "wrong-type.png").write_text("%PDF-1.7 and so on")
    (folder / "zero.png").touch()
    draw(folder / "raises.png", 200)
    draw(folder / "slow.png", 201)
    draw(folder / "crashes.png", 202)
    result = run(folder, seconds=2.0)
    assert result.statuses == {"failed": 7, "refused": 0, "review": 0, "ok": 95}
    failed = images(tmp_path / "out").query("status == 'failed'")
    why = {name: (row["reasons"][0], row["why"][0]) for name, row in failed.iterrows()}
    expected = {
        "truncated.png": ("input", "damaged"),
        "huge.png": ("input", "too large"),
        "wrong-type.png": ("input", "PDF"),
        "zero.png": ("input", "empty"),
        "raises.png": ("fault", "KeyError"),
        "slow.png": ("time-limit", "2 s"),
        "crashes.png": ("crash", "2 times"),
    }
    assert why.keys() == expected.keys()
    for name, (code, word) in expected.items():
        assert why[name][0] == code
        assert word in why[name][1]
    assert len(points(tmp_path / "out")) == 95 * 12
    counts = pd.Series(log()).value_counts()
    assert counts.pop("crashes.png") == 2
    assert counts.max() == 1


def test_what_failed_is_tried_again_on_request(pictures, run, tmp_path, log):
    (pictures / "b.png").rename(pictures / "flaky.png")
    assert run(pictures).statuses["failed"] == 1
    (tmp_path / "log.up").touch()
    assert run(pictures).read == 0
    result = run(pictures, retry_failed=True)
    assert (result.read, result.statuses["failed"]) == (1, 0)
    table = images(tmp_path / "out")
    assert sorted(table.index) == sorted(set(table.index))
    assert table.loc["flaky.png", "status"] == "ok"
    assert len(points(tmp_path / "out")) == 5 * 12


def test_pictures_that_changed_are_read_again_and_nothing_else(pictures, run, tmp_path, log):
    run(pictures)
    for name, seed in (("b.png", 77), ("inner/f.png", 78)):
        draw(pictures / name, seed)
    assert run(pictures).read == 2
    assert len(log()) == 8
    assert (run(pictures).read, len(log())) == (0, 8)
    run(pictures, out=tmp_path / "undisturbed")
    ours, theirs = (points(tmp_path / out).sort_values(["image", "series", "x"]) for out in ("out", "undisturbed"))
    assert ours.reset_index(drop=True).equals(theirs.reset_index(drop=True))
    assert sorted(images(tmp_path / "out").index) == sorted(images(tmp_path / "undisturbed").index)


def test_a_kill_before_an_old_part_is_mended_doubles_nothing(pictures, run, tmp_path, monkeypatch):
    run(pictures)
    draw(pictures / "b.png", 77)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Dataset, "refresh", killed)
    with pytest.raises(KeyboardInterrupt):
        run(pictures)
    monkeypatch.undo()
    run(pictures)
    assert images(tmp_path / "out").index.is_unique
    assert len(points(tmp_path / "out")) == 5 * 12


def test_what_every_picture_would_meet_with_ends_the_run_and_keeps_what_is_done(pictures, run, tmp_path):
    draw(pictures / "y-no-engine.png", 50)
    with pytest.raises(EngineError, match="the engine is missing"):
        run(pictures, workers=1)
    (pictures / "y-no-engine.png").unlink()
    known = sqlite3.connect(tmp_path / "out" / "manifest.sqlite")
    assert known.execute("SELECT count(*) FROM entries WHERE outcome IS NOT NULL").fetchone() == (6,)
    known.close()


def test_a_full_disk_ends_the_run_with_one_error_and_it_goes_on_afterwards(pictures, run, tmp_path, monkeypatch):
    whole = Manifest.record

    def record(self, entry, outcome):
        if entry.number == 3:
            raise sqlite3.OperationalError("database or disk is full")
        whole(self, entry, outcome)

    monkeypatch.setattr(Manifest, "record", record)
    with pytest.raises(OutputError, match=r"the disk is full.*free some space and run the same command again"):
        run(pictures, workers=1)
    monkeypatch.undo()
    assert run(pictures).pending == 0
    run(pictures, out=tmp_path / "undisturbed")
    assert same(tmp_path / "out", tmp_path / "undisturbed")


def test_two_runs_on_one_output_exclude_each_other(pictures, run, tmp_path):
    (tmp_path / "out").mkdir()
    held = Manifest(tmp_path / "out" / "manifest.sqlite")
    with pytest.raises(UsageError, match="another run writes there"):
        run(pictures)
    held.close()


def test_what_no_run_wrote_is_neither_overwritten_nor_removed(pictures, run, tmp_path):
    for name in ("images/mine.png", "index.html"):
        (tmp_path / "out" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "out" / name).write_text("mine")
    for resume in (True, False):
        with pytest.raises(UsageError, match=r"it holds images, index\.html, which no run wrote"):
            run(pictures, resume=resume)
    assert (tmp_path / "out" / "images" / "mine.png").read_text() == "mine"
    assert (tmp_path / "out" / "index.html").read_text() == "mine"


def test_beginning_anew_removes_nothing_before_the_sources_are_known(pictures, run, tmp_path):
    run(pictures)
    before = points(tmp_path / "out")
    with pytest.raises(UsageError, match="no such file"):
        run(tmp_path / "typo", resume=False)
    assert points(tmp_path / "out").equals(before)
    assert run(pictures).read == 0


def test_a_kill_while_beginning_anew_loses_nothing_that_is_told_as_done(pictures, run, tmp_path, monkeypatch):
    run(pictures)
    removed = Store.remove

    def killed(self, name):
        removed(self, name)
        if name == "points":
            raise KeyboardInterrupt

    monkeypatch.setattr(Store, "remove", killed)
    with pytest.raises(KeyboardInterrupt):
        run(pictures, resume=False)
    monkeypatch.undo()
    assert run(pictures).pending == 0
    assert len(points(tmp_path / "out")) == 5 * 12
    assert images(tmp_path / "out").index.is_unique


def test_a_failed_first_command_settles_nothing(pictures, run, tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        run(tmp_path / "typo", forms=(Format.JSON,))
    assert run(pictures).read == 6


def test_the_output_may_be_the_folder_of_the_pictures(pictures, run):
    for read in (6, 0, 0):
        assert run(pictures, out=pictures, forms=(Format.OVERLAY,)).read == read
        assert run(pictures / "**" / "*.png", out=pictures, forms=(Format.OVERLAY,)).pending == 0
    assert images(pictures)["source"].nunique() == 6


def test_odd_names_are_read_and_written(run, tmp_path):
    folder = tmp_path / "odd"
    draw(folder / "a.png.json" / "b.png", 1)
    draw(folder / "a.png", 2)
    draw(folder.joinpath(*["deep" * 40] * 20) / "c.png", 3)
    draw(folder / os.fsdecode(b"\xff.png"), 4)
    draw(folder / "new\nline <b>&.png", 5)
    result = run(folder, forms=(Format.JSON, Format.OVERLAY))
    assert result.statuses["ok"] == 5
    assert len(list((tmp_path / "out" / "readings").rglob("*.json"))) == 5
    assert len(points(tmp_path / "out")) == 5 * 12


def test_columns_of_lists_never_hide_others(pictures, run, tmp_path):
    (pictures / "list.csv").write_text("path,status,status (list),points\na.png,x,y,z\n")
    run(pictures / "list.csv")
    row = pd.read_parquet(tmp_path / "out" / "images").iloc[0]
    assert row["status"] == "ok"
    assert row.tolist()[-3:] == ["x", "y", "z"]


def test_pictures_that_all_changed_after_an_interruption_are_not_doubled(tmp_path, run, log):
    folder = tmp_path / "many"
    for number in range(30):
        draw(folder / f"{number:03d}.png", number)
    process = start(folder, tmp_path / "out")
    for _ in range(5):
        process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.stdout.read().split()[-1] == "interrupted"
    process.stdout.close()
    process.wait()
    assert 5 <= len(images(tmp_path / "out")) < 30
    for number in range(30):
        draw(folder / f"{number:03d}.png", 100 + number)
    run(folder)
    assert images(tmp_path / "out").index.is_unique
    assert len(points(tmp_path / "out")) == 30 * 12
    run(folder, out=tmp_path / "undisturbed")
    assert sorted(points(tmp_path / "out")["y"]) == sorted(points(tmp_path / "undisturbed")["y"])
    kept = sqlite3.connect(tmp_path / "out" / "manifest.sqlite")
    assert kept.execute("SELECT count(*) FROM points").fetchone() == (0,)
    kept.close()


def test_files_of_a_picture_that_fails_now_are_gone(pictures, run, tmp_path):
    run(pictures, forms=(Format.JSON,))
    (pictures / "a.png").write_text("text")
    run(pictures, forms=(Format.JSON,))
    assert not (tmp_path / "out" / "readings" / "a.png.json").exists()
    assert not (tmp_path / "out" / "thumbnails" / "a.png.webp").exists()


def test_nobody_reads_on_after_a_run_that_ended_in_an_error(pictures, run, tmp_path, log):
    draw(pictures / "0-no-engine.png", 50)
    draw(pictures / "0-slow.png", 51)
    with pytest.raises(EngineError):
        run(pictures)
    before = log()
    time.sleep(1.0)
    assert log() == before
    assert not [child for child in psutil.Process().children(recursive=True) if "batch.child" in str(child.cmdline())]


def test_workers_end_with_the_run_that_was_killed(tmp_path, log):
    folder = tmp_path / "many"
    for number in range(4):
        draw(folder / f"slow-{number}.png", number)
    process = start(folder, tmp_path / "out")
    while len(log()) < 2:
        time.sleep(0.05)
    workers = psutil.Process(process.pid).children()
    process.kill()
    process.wait()
    process.stdout.close()
    assert len(workers) == 2
    assert not psutil.wait_procs(workers, timeout=10)[1]  # those still alive


def test_modules_in_the_current_folder_are_not_run(pictures, run, monkeypatch):
    (pictures / "pickle.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(pictures)
    assert run(pictures).statuses["ok"] == 4


def test_two_machines_may_take_turns_at_an_output_elsewhere(pictures, run, tmp_path, monkeypatch):
    memory = fsspec.filesystem("memory")
    try:
        for turn, (machine, url, names) in enumerate(
            [("m1", "memory://out", "a.png"), ("m2", "memory://out/", "b.png"), ("m1", "memory:///out", "e.png")]
        ):
            monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / machine))
            assert run(pictures / names, out=url).statuses["ok"] == turn + 1
        assert len(memory.find("/out/points")) == 3
    finally:
        memory.rm("/out", recursive=True)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="only root mounts a small file system")
@pytest.mark.parametrize("size", ["60k", "200k", "400k"])
def test_a_disk_that_is_full_is_one_clear_error_wherever_it_happens(tmp_path, run, size):
    folder, out = tmp_path / "many", tmp_path / "out"
    for number in range(40):
        draw(folder / f"{number:03d}.png", number)
    out.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(out)], check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        with pytest.raises(OutputError, match="the disk is full"):
            run(folder, forms=(Format.OVERLAY,))
    finally:
        subprocess.run(["umount", str(out)], check=True)


def test_nothing_to_read_is_an_error(tmp_path, run):
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="there are no pictures in"):
        run(tmp_path / "empty")


def test_an_output_elsewhere_is_found_again_from_any_machine(pictures, run, tmp_path, monkeypatch, log):
    monkeypatch.setattr(manifest_module, "BLOCK", 4)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    memory = fsspec.filesystem("memory")
    try:
        run(pictures, out="memory://out")
        before = {name: memory.cat(name) for name in memory.find("/out") if "/part-" in name}
        assert len(before) == 4
        assert run(pictures, out="memory://out").read == 0
        shutil.rmtree(tmp_path / "data")  # as on another machine
        memory.pipe("/out/points/part-00007.parquet", b"what was cut short")
        draw(pictures / "new.png", 99)
        assert run(pictures, out="memory://out").read == 1
        assert len(log()) == 7
        after = {name: memory.cat(name) for name in memory.find("/out") if "/part-" in name}
        assert {name: after[name] for name in before} == before
        assert len(after) == 6
        memory.rm("/out", recursive=True)  # while this machine still remembers it
        assert run(pictures, out="memory://out").read == 7
    finally:
        memory.rm("/out", recursive=True)


RUNNER = """
import sys
from digitize.batch.convert import Options, convert
from digitize.listeners import Quiet

class Told(Quiet):
    def picture(self, entry, outcome):
        print(entry.image, flush=True)

result = convert([sys.argv[1]], sys.argv[2], Options(reader=sys.argv[3], workers=2), Told())
print("interrupted" if result.interrupted else "whole")
"""


def start(folder, out):
    """A run in a process of its own, which prints each picture that is settled."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", RUNNER, str(folder), str(out), READER]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def test_ctrl_c_ends_a_run_cleanly_with_what_is_done(tmp_path, run, log):
    folder = tmp_path / "many"
    for number in range(60):
        draw(folder / f"{number:03d}.png", number)
    process = start(folder, tmp_path / "out")
    for _ in range(10):
        process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest = process.stdout.read().split()
    process.stdout.close()
    assert process.wait(20) == 0
    assert rest[-1] == "interrupted"
    done = len(images(tmp_path / "out"))
    assert 10 <= done < 60
    assert len(points(tmp_path / "out")) == 12 * done
    assert (tmp_path / "out" / "index.html").exists()
    assert run(folder).read == 60 - done
    run(folder, out=tmp_path / "undisturbed")
    assert same(tmp_path / "out", tmp_path / "undisturbed")


def test_a_run_that_is_killed_again_and_again_gives_the_same_dataset(tmp_path, run, log):
    """SIGKILL to a worker or to the run itself at twenty random moments; a picture that was settled is not read again.

    Between two kills pass more seconds than a picture takes, so that none meets with two of them.
    """
    folder = tmp_path / "many"
    for number in range(200):
        draw(folder / f"{number:03d}.png", number)
    chance = random.Random(20261127)
    process = start(folder, tmp_path / "out")
    settled: list[str] = []
    for kill in range(20):
        settled += [process.stdout.readline().strip() for _ in range(chance.randrange(2, 9))]
        time.sleep(chance.random() * 0.05)
        workers = psutil.Process(process.pid).children()
        if kill % 2 and workers:
            chance.choice(workers).kill()
        else:
            process.kill()
            settled += process.stdout.read().split()
            process.stdout.close()
            process.wait()
            process = start(folder, tmp_path / "out")
    settled += process.stdout.read().split()
    process.stdout.close()
    assert process.wait(60) == 0
    assert settled.pop() == "whole"
    assert len(settled) == len(set(settled))  # no picture was settled twice
    reads = pd.Series(log()).value_counts()
    assert reads.sum() <= 200 + 10 * 2 + 10  # what was in work: two pictures a killed run, one a killed worker
    table = images(tmp_path / "out")
    assert len(table) == 200
    assert (table["status"] == "ok").all()
    run(folder, out=tmp_path / "undisturbed")
    assert same(tmp_path / "out", tmp_path / "undisturbed")
    for part in sorted(Path(tmp_path / "undisturbed" / "points").iterdir()):
        assert (tmp_path / "out" / "points" / part.name).read_bytes() == part.read_bytes()
