#!/usr/bin/env python3
"""Read every case of a folder, time each reading, and score the lot.

A case is a picture with its truth beside it (NAME.png and NAME.json). Each picture is read by `digitize.read` in a
worker process, its reading is written as `<id>.json`, and one line a picture tells what it cost:

wall, cpu   seconds from the call to its return; CPU seconds are those of all threads of the worker
text        CPU seconds spent recognising text boxes, as the reading itself counted them (``Reading.timings``)
ratio       cpu / text, both of the same call; a worker reads its first picture once before, unmeasured, so that
            neither side holds the loading of modules and models, and is set up as the program is: one thread, and
            memory that goes back when it is free
peak        greatest resident memory of the worker during the call, interpreter, models and whatever earlier pictures
            left behind included (Linux: the kernel's high-water mark, reset before each picture; elsewhere the mark
            since the worker started)

A picture that cannot be read, or that ends its worker, is recorded as such and leaves no reading.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from digitize.process import set_up_process

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".gif", ".bmp")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A picture with truth beside it."""

    id: str
    picture: Path


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What one reading cost, or why there is none."""

    id: str
    wall_s: float = 0.0
    cpu_s: float = 0.0
    text_s: float = 0.0
    peak_mib: float = 0.0
    panels: str = ""
    fault: str | None = None

    @property
    def ratio(self) -> float | None:
        return self.cpu_s / self.text_s if self.text_s > 0 else None


def find_cases(folder: Path, prefixes: list[str]) -> list[Case]:
    """The cases of a folder in order of their id, of those prefixes alone where any are given."""
    cases = []
    for truth in sorted(folder.glob("*.json")):
        content = json.loads(truth.read_text(encoding="utf-8"))
        if "panels" not in content or not content["id"].startswith(tuple(prefixes) or ("",)):
            continue
        pictures = [truth.with_suffix(s) for s in SUFFIXES if truth.with_suffix(s).exists()]
        if not pictures:
            raise SystemExit(f"benchmark: {truth} has no picture beside it")
        cases.append(Case(id=content["id"], picture=pictures[0]))
    return cases


def reset_peak_memory() -> None:
    """Start the kernel's high-water mark of this process anew, where the system lets us."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak_memory_mib() -> float:
    """The high-water mark of this process's resident memory in MiB."""
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure(case: Case, readings: Path, overlays: Path | None) -> Measure:
    """Read one picture, write its reading and, where asked, its overlay; any fault becomes part of the result."""
    import digitize

    reset_peak_memory()
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        reading = digitize.read(str(case.picture))
        wall, cpu, peak = time.perf_counter() - wall, time.process_time() - cpu, peak_memory_mib()
        (readings / f"{case.id}.json").write_text(reading.to_json(), encoding="utf-8")
        if overlays:
            reading.overlay().save(overlays / f"{case.id}.png")
    except Exception as error:  # a benchmark must outlive whatever the code under test throws
        return Measure(id=case.id, fault=f"{type(error).__name__}: {error}".splitlines()[0])
    text = sum(seconds for stage, seconds in reading.timings if stage == "recognise")
    panels = " ".join(panel.status for panel in reading.panels) or "no panels"
    return Measure(id=case.id, wall_s=wall, cpu_s=cpu, text_s=text, peak_mib=peak, panels=panels)


def work(pipe: Connection, readings: Path, overlays: Path | None) -> None:
    """The worker: measures the cases it is sent, until it is sent None."""
    set_up_process()
    warm = False
    while (case := pipe.recv()) is not None:
        if not warm:
            measure(case, readings, None)
            warm = True
        pipe.send(measure(case, readings, overlays))


class Worker:
    """A process that reads pictures one after the other, and is replaced when a picture ends it."""

    def __init__(self, readings: Path, overlays: Path | None, timeout_s: float) -> None:
        self.arguments = (readings, overlays)
        self.timeout_s = timeout_s
        self.start()

    def start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, far_end = context.Pipe()
        self.process = context.Process(target=work, args=(far_end, *self.arguments), daemon=True)
        self.process.start()
        far_end.close()

    def read(self, case: Case) -> Measure:
        """Measure one case; a crash or a time-out is a fault of the case, and the worker starts anew."""
        try:
            self.pipe.send(case)
            if self.pipe.poll(self.timeout_s):
                return self.pipe.recv()  # type: ignore[no-any-return]
            fault = f"no reading within {self.timeout_s:g} s"
        except (EOFError, OSError):
            self.process.join(5)
            fault = f"the worker ended with exit code {self.process.exitcode}"
        self.process.kill()
        self.start()
        return Measure(id=case.id, fault=fault)

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self.pipe.send(None)
        self.process.join(5)


def read_all(
    cases: list[Case], readings: Path, overlays: Path | None, jobs: int, timeout_s: float
) -> Iterator[Measure]:
    """Measure every case with `jobs` workers, in order of completion."""
    waiting: SimpleQueue[Case] = SimpleQueue()
    done: SimpleQueue[Measure] = SimpleQueue()
    for case in cases:
        waiting.put(case)

    def serve() -> None:
        worker = Worker(readings, overlays, timeout_s)
        while True:
            try:
                done.put(worker.read(waiting.get_nowait()))
            except Empty:
                break
        worker.stop()

    for _ in range(min(jobs, len(cases))):
        threading.Thread(target=serve, daemon=True).start()
    for _ in cases:
        yield done.get()


def row(result: Measure) -> str:
    """One line of the table of costs."""
    if result.fault:
        return f"{result.id:<28} {result.fault}"
    ratio = f"{result.ratio:6.2f}" if result.ratio else "     –"
    return (
        f"{result.id:<28} {result.wall_s:7.2f} {result.cpu_s:7.2f} {result.text_s:7.2f} {ratio} "
        f"{result.peak_mib:7.0f}  {result.panels}"
    )


def closing_lines(results: list[Measure]) -> str:
    """The figures over all pictures."""
    read = [r for r in results if r.fault is None]
    ratios = [r.ratio for r in read if r.ratio]
    lines = [f"read {len(read)} of {len(results)} pictures, {len(results) - len(read)} faults"]
    if read:
        largest = max(read, key=lambda r: r.peak_mib)
        lines.append(
            f"CPU seconds a picture: median {statistics.median(r.cpu_s for r in read):.2f}, "
            f"greatest {max(r.cpu_s for r in read):.2f}"
        )
        lines.append(f"greatest peak memory: {largest.peak_mib:.0f} MiB ({largest.id})")
    if ratios:
        lines.append(f"CPU of a reading / CPU of recognising its text alone: median {statistics.median(ratios):.2f}")
    return "\n".join(lines)


def score(scorer: Path, cases: Path, readings: Path, only: list[str], figures: Path) -> dict[str, Any]:
    """Run the scorer on the readings and print its table; returns the figures it wrote.

    The scorer sees a folder of links to the chosen truths alone.
    """
    with tempfile.TemporaryDirectory() as chosen:
        for truth in cases.glob("*.json"):
            if truth.name.startswith(tuple(only) or ("",)):
                (Path(chosen) / truth.name).symlink_to(truth.resolve())
        command = [sys.executable, str(scorer), chosen, str(readings), "--list", "--json", str(figures)]
        subprocess.run(command, check=True)
    content: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
    return content


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, help="a folder of pictures with truth beside them")
    parser.add_argument("--score", action="store_true", help="print the scorer's table after reading")
    parser.add_argument("--scorer", type=Path, help="the scoring program (default: score.py beside the folder)")
    parser.add_argument("--only", nargs="+", default=[], metavar="PREFIX", help="only cases whose id starts so")
    parser.add_argument("--jobs", type=int, default=1, help="worker processes (default 1: the only fair timing)")
    parser.add_argument("--timeout", type=float, default=300, metavar="S", help="longest time for a picture")
    parser.add_argument("--overlays", action="store_true", help="also draw overlays; with --score, of failures only")
    parser.add_argument("-o", "--output", type=Path, default=Path("out/benchmark"), help="where readings go")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; the exit code is 1 where a picture could not be read."""
    options = parse(arguments)
    set_up_process()
    cases = find_cases(options.cases, options.only)
    if not cases:
        raise SystemExit(f"benchmark: no cases in {options.cases}")
    options.output.mkdir(parents=True, exist_ok=True)
    overlays = options.output / "overlays" if options.overlays else None
    if overlays:
        overlays.mkdir(exist_ok=True)
    for case in cases:  # a reading of an earlier run must not stand in for one that fails now
        (options.output / f"{case.id}.json").unlink(missing_ok=True)
    print(f"{'case':<28} {'wall s':>7} {'cpu s':>7} {'text s':>7} {'ratio':>6} {'peak MiB':>7}  panels")
    results = []
    for result in read_all(cases, options.output, overlays, options.jobs, options.timeout):
        print(row(result), flush=True)
        results.append(result)
    results.sort(key=lambda r: r.id)
    costs = [asdict(r) | {"ratio": r.ratio} for r in results]
    (options.output / "costs.json").write_text(json.dumps(costs, indent=1), encoding="utf-8")
    if options.score:
        print(flush=True)
        scorer = options.scorer or options.cases / ".." / "score.py"
        figures = score(scorer, options.cases, options.output, options.only, options.output / "score.json")
        if overlays:
            for figure in figures["cases"]:
                if figure["images_right"]:
                    (overlays / f"{figure['id']}.png").unlink(missing_ok=True)
    print("\n" + closing_lines(results))
    return int(any(r.fault for r in results))


if __name__ == "__main__":
    sys.exit(main())
