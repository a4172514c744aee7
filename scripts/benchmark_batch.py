#!/usr/bin/env python3
"""What converting many pictures costs besides reading them, and what kills do to it.

throughput  reading in a loop, by one worker and by two, of the same pictures: the overhead and the gain. Whole
            processes are timed, their start included.
memory      the greatest resident memory of the run itself, workers left out, over 100 and over 2,000 small pictures.
kills       SIGKILL to a worker or to the run at random moments, going on each time; the dataset beside that of an
            undisturbed run.
million     manifest, dataset and index alone, with a reader that does nothing: so many entries, and the same command
            once more when all is done and when half is.

Each prints its figures with what is asked of them; times are compared within one run only.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
from PIL import Image, PngImagePlugin

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
BATCH = [sys.executable, "-c", "from digitize.cli import main; main()", "batch"]
LOOP = """
import sys
from digitize.process import set_up_process
set_up_process()
import digitize
for path in sys.argv[1:]:
    digitize.read(path)
"""


def choose(folder: Path, count: int) -> list[Path]:
    """So many pictures of a folder, evenly spread over their names."""
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if len(found) < count:
        raise SystemExit(f"benchmark_batch: {folder} holds {len(found)} pictures, not {count}")
    return [found[round(place * (len(found) - 1) / max(count - 1, 1))] for place in range(count)]


def timed(command: list[str]) -> float:
    """Seconds of the clock that a command takes; its own fault ends the benchmark."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 3):  # pictures may be refused or damaged
        raise SystemExit(f"benchmark_batch: {' '.join(command[:5])} … failed: {done.stderr[-500:]}")
    return time.perf_counter() - started


def throughput(pictures: Path, count: int, scratch: Path) -> None:
    paths = [str(path) for path in choose(pictures, count)]
    listed = scratch / "list.txt"
    listed.write_text("\n".join(str(Path(path).resolve()) for path in paths))
    loop = timed([sys.executable, "-c", LOOP, *paths])
    one, two = (timed([*BATCH, str(listed), "-o", str(scratch / f"w{n}"), "-w", str(n)]) for n in (1, 2))
    print(f"{count} pictures: in a loop {loop:.1f} s, one worker {one:.1f} s, two workers {two:.1f} s")
    print(f"overhead of one worker over the loop: {one / loop - 1:+.1%} (asked: at most 5 %)")
    print(f"throughput of two workers over one: {one / two:.2f} (asked: at least 1.8)")


def memory(scratch: Path, counts: tuple[int, int] = (100, 2000)) -> None:
    folder = scratch / "small"
    small_pictures(folder, counts[1])
    peaks = []
    for count in counts:
        listed = scratch / f"{count}.txt"
        listed.write_text("\n".join(str(path) for path in sorted(folder.iterdir())[:count]))
        peaks.append(peak_of([*BATCH, str(listed), "-o", str(scratch / f"m{count}")]))
        print(f"{count} small pictures: the run itself takes {peaks[-1]:.0f} MiB at most", flush=True)
    print(f"growth: {peaks[1] / peaks[0] - 1:+.1%} (asked: at most 20 %)")


def small_pictures(folder: Path, count: int) -> None:
    """Files of one small chart whose bytes all differ."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    folder.mkdir()
    figure, axes = plt.subplots(figsize=(2.4, 1.8), dpi=100)
    axes.plot([0, 1, 2, 3, 4], [1, 3, 2, 4, 3])
    figure.savefig(folder / "chart.png")
    image = Image.open(folder / "chart.png").convert("RGB")
    (folder / "chart.png").unlink()
    for number in range(count):
        note = PngImagePlugin.PngInfo()
        note.add_text("number", str(number))
        image.save(folder / f"{number:05d}.png", pnginfo=note)


def peak_of(command: list[str]) -> float:
    """The high-water mark of a command's own resident memory in MiB, its children left out."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        peak = 0
        while process.poll() is None:
            status = Path(f"/proc/{process.pid}/status").read_text().split()
            if "VmHWM:" in status:
                peak = max(peak, int(status[status.index("VmHWM:") + 1]))
            time.sleep(0.1)
    return peak / 1024


def kills(pictures: Path, count: int, scratch: Path, times: int = 20) -> None:
    chance = random.Random(1)
    listed = scratch / "list.txt"
    listed.write_text("\n".join(str(path.resolve()) for path in choose(pictures, count)))
    command = [*BATCH, str(listed), "--json-log", "-o"]
    started = time.perf_counter()
    subprocess.run([*command, str(scratch / "whole")], capture_output=True, check=False)
    pace = (time.perf_counter() - started) / times
    settled: list[str] = []
    killed = {"worker": 0, "run": 0}
    process = subprocess.Popen([*command, str(scratch / "killed")], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    while sum(killed.values()) < times:
        time.sleep(chance.uniform(0.5, 1.5) * pace * 0.6)
        if process.poll() is not None:
            break
        workers = psutil.Process(process.pid).children()
        if chance.random() < 0.5 and workers:
            chance.choice(workers).kill()
            killed["worker"] += 1
            continue
        process.kill()
        killed["run"] += 1
        settled += pictures_told(process)
        process = subprocess.Popen(
            [*command, str(scratch / "killed")], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        )
    settled += pictures_told(process)
    points = [pd.read_parquet(scratch / name / "points") for name in ("whole", "killed")]
    tables = [pd.read_parquet(scratch / name / "images") for name in ("whole", "killed")]
    columns = ["image", "source", "status", "panels", "points", "digest", "duplicate_of"]
    alike = tables[0][columns].astype(str).equals(tables[1][columns].astype(str))
    print(f"{count} pictures, killed {killed['worker']} times a worker and {killed['run']} times the run")
    for name, pair, equal in (("points", points, points[0].equals(points[1])), ("pictures", tables, alike)):
        print(f"{name}: {len(pair[0]):,} and {len(pair[1]):,} rows, {'equal' if equal else 'NOT EQUAL'}")
    print(f"settled twice: {len(settled) - len(set(settled))}")


def pictures_told(process: subprocess.Popen[bytes]) -> list[str]:
    """The pictures that a run, which has ended or ends now, said were settled."""
    lines = process.communicate()[1].decode().splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
    return [event["image"] for event in events if event["event"] == "picture"]


def million(count: int, scratch: Path, points: int = 100) -> None:
    listed = scratch / "list.txt"
    with listed.open("w") as file:
        for number in range(count):
            file.write(f"s3://bucket/runs/{number // 1000:04d}/chart-{number:07d}.png\n")
    print(f"{count:,} entries      start s   run s  µs/entry  index s  peak MiB  manifest MiB  dataset MiB")
    for label, most in (("half of them", count // 2), ("the rest", count), ("nothing left", count)):
        command = [sys.executable, __file__, "entries", str(listed), str(scratch / "out"), str(most), str(points)]
        row = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
        each = f"{row['run'] / row['read'] * 1e6:9.0f}" if row["read"] else f"{'–':>9}"
        print(
            f"{label:<18} {row['start']:7.1f} {row['run']:7.1f} {each} {row['index']:8.1f} {row['peak']:9.0f} "
            f"{row['manifest']:13.0f} {row['dataset']:12.0f}",
            flush=True,
        )


def entries(listed: str, out: str, most: int, points: int) -> None:
    """One process of `million`: what is pending of a list, up to so many settled in all, with nothing read."""
    from digitize.batch.dataset import Dataset
    from digitize.batch.index import write_index
    from digitize.batch.records import Task
    from digitize.batch.resume import Place
    from digitize.batch.running import Run
    from digitize.batch.sources import Scan
    from digitize.batch.store import Store

    clock = [time.perf_counter()]
    store = Store(out)
    dataset = Dataset(store)
    place = Place(store, dataset)
    manifest = place.open()
    manifest.add(Scan([listed]))
    place.mend(manifest)
    _, done = manifest.count()
    clock.append(time.perf_counter())
    engine = Idle(most - done, points)
    summary = Run(manifest, dataset, store, engine, Task(), lambda *_: None).go()
    clock.append(time.perf_counter())
    write_index(store, manifest, Task())
    clock.append(time.perf_counter())
    manifest.close()
    sizes = [sum(path.stat().st_size for path in Path(out).glob(pattern)) for pattern in ("manifest*", "points/*")]
    row = dict(zip(("start", "run", "index"), (after - before for before, after in pairwise(clock)), strict=True))
    row |= {"read": summary.read, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    print(json.dumps(row | {"manifest": sizes[0] / 2**20, "dataset": sizes[1] / 2**20}))


class Idle:
    """An engine that reads nothing: each picture has the same points. After `most` it is interrupted."""

    def __init__(self, most: int, points: int) -> None:
        import pyarrow as pa

        from digitize.batch.points import SCHEMA

        generator = random.Random(1)
        self._left = most
        self._events: deque[Any] = deque()
        values = {name: [generator.random() for _ in range(points)] for name in ("x", "y", "x_err", "y_err")}
        texts = {"panel_title": "loss", "status": "ok", "series": "a", "color": "#d62728", "x_label": None, "image": ""}
        columns = values | {name: [text] * points for name, text in texts.items()} | {"panel": [1] * points}
        self._table = pa.table(columns | {"x_time": [None] * points}).select(SCHEMA.names).cast(SCHEMA)

    def free(self) -> int:
        return min(8 - len(self._events), self._left)  # as if there were eight workers

    def load(self, entry: Any) -> None:
        from digitize.batch.engines import Loaded

        self._left -= 1
        self._events.append(Loaded(entry, f"{entry.number:064x}"))

    def read(self, entry: Any) -> None:
        from digitize.batch.engines import Done
        from digitize.batch.points import renamed, to_stream
        from digitize.batch.records import Outcome

        stages = ("open", "text", "panels", "axes", "legend", "segment", "trace", "verify")
        points = to_stream(renamed(self._table, entry.image))
        outcome = Outcome(
            status="review" if entry.number % 5 == 0 else "ok",
            panels=("ok",),
            series=1,
            points_count=len(self._table),
            width=640,
            height=480,
            digest=f"{entry.number:064x}",
            timings=dict.fromkeys(stages, 0.01),
            points=points,
        )
        self._events.append(Done(entry, outcome))

    def drop(self, entry: Any) -> None:
        """Nothing is held."""

    def next_event(self, timeout: float) -> Any:  # noqa: ARG002
        if not self._events:
            signal.raise_signal(signal.SIGINT)  # as somebody would who stops the run here
            return None
        return self._events.popleft()

    def stop(self) -> None:
        """Nothing runs."""


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, count in (("throughput", 100), ("kills", 200)):
        command = commands.add_parser(name)
        command.add_argument("pictures", type=Path, help="a folder of pictures")
        command.add_argument("--count", type=int, default=count)
    commands.add_parser("memory")
    simulated = commands.add_parser("million")
    simulated.add_argument("--count", type=int, default=1_000_000)
    simulated.add_argument("--points", type=int, default=100, help="of each picture")
    hidden = commands.add_parser("entries")
    for name, kind in (("listed", str), ("out", str), ("most", int), ("points", int)):
        hidden.add_argument(name, type=kind)
    return parser.parse_args()


def main() -> None:
    """Run one of the benchmarks in a folder that is removed afterwards."""
    options = parse()
    if options.command == "entries":
        entries(options.listed, options.out, options.most, options.points)
        return
    scratch = Path(tempfile.mkdtemp(prefix="benchmark-batch-"))
    try:
        if options.command == "throughput":
            throughput(options.pictures, options.count, scratch)
        elif options.command == "memory":
            memory(scratch)
        elif options.command == "kills":
            kills(options.pictures, options.count, scratch)
        else:
            million(options.count, scratch, options.points)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
