"""Many pictures to one dataset: what `digitize batch` does."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from digitize.batch.dataset import Dataset
from digitize.batch.engines import Engine, LocalEngine, usable_cores
from digitize.batch.index import FIRST, write_index
from digitize.batch.manifest import Manifest
from digitize.batch.records import READ, SECONDS, Entry, Limits, Outcome, Task
from digitize.batch.resume import OURS, Place
from digitize.batch.running import Run
from digitize.batch.sources import Scan
from digitize.batch.store import Store
from digitize.batch.worker import default_memory
from digitize.errors import UsageError
from digitize.model import Reading, Settings
from digitize.outputs.files import Format
from digitize.template import Template
from digitize.version import __version__


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a run goes; `workers` and `memory` (bytes) are by this machine where they are None.

    `reader` is another function than `pipeline.read`, for tests of a run that are not tests of readings.
    """

    settings: Settings = Settings()
    forms: tuple[Format, ...] = ()
    csv: bool = False
    workers: int | None = None
    seconds: float = SECONDS
    memory: int | None = None
    resume: bool = True
    retry_failed: bool = False
    like: Reading | None = None
    scheduler: str | None = None
    reader: str = READ


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a run came to.

    `read` pictures were settled by it, in `seconds` of the clock; `statuses` and `reasons` are of all pictures in the
    output. `passed_over` counts files that were no pictures, by suffix.
    """

    statuses: Mapping[str, int]
    reasons: Sequence[tuple[str, str, int]]
    pending: int
    read: int
    seconds: float
    interrupted: bool
    passed_over: Mapping[str, int] = field(default_factory=dict)
    out: str = ""
    index: str = ""


class Listener(Protocol):
    """Who is told how a run goes."""

    def start(self, total: int, done: int) -> None:
        """The pictures are known, so many of them, and so many settled by an earlier run."""

    def picture(self, entry: Entry, outcome: Outcome) -> None:
        """A picture is settled."""


def convert(sources: Sequence[str], out: str, options: Options, listener: Listener) -> Result:
    """Read all pictures of the sources into a dataset.

    Parameters
    ----------
    sources : as `Scan` takes them; none, to go on with an earlier run.
    out : a folder, or the fsspec URL of one.

    Raises
    ------
    InputError
        The reading that all pictures should be like is no template.
    UsageError
        A source is not there, the output was made in another way, or another run is at it.
    OutputError
        Results cannot be written.
    EngineError
        The recogniser or the workers cannot run.
    """
    if options.like is not None:
        Template(options.like)  # which says what is wrong with it before anything is begun
    store = Store(out)
    try:
        return _convert(sources, store, options, listener)
    except sqlite3.Error as error:
        raise store.fault(error) from error


def _convert(sources: Sequence[str], store: Store, options: Options, listener: Listener) -> Result:
    dataset = Dataset(store, csv=options.csv)
    place = Place(store, dataset)
    scan = Scan(sources, store.folder, OURS)
    if not options.resume:
        with place.begin_anew() as fresh:
            _enter(fresh, scan, store, options)
    manifest = place.open()
    try:
        if options.resume:
            _enter(manifest, scan, store, options)
        if options.retry_failed:
            manifest.retry_failed()
        place.mend(manifest)
        return _run(manifest, dataset, scan, store, options, listener)
    finally:
        manifest.close()


def _enter(manifest: Manifest, scan: Scan, store: Store, options: Options) -> None:
    """Enter the pictures of the sources into a manifest, if it agrees with how they are to be read."""
    about = _about(options)
    manifest.check(about)
    manifest.add(scan)
    if not manifest.count()[0]:
        raise UsageError(f"there are no pictures in {scan.named or store.given}; name files, folders or lists")
    manifest.settle(about)


def _run(
    manifest: Manifest, dataset: Dataset, scan: Scan, store: Store, options: Options, listener: Listener
) -> Result:
    total, done = manifest.count()
    listener.start(total, done)
    task = Task(settings=options.settings, out=store.url, forms=options.forms, like=options.like, reader=options.reader)
    summary = Run(manifest, dataset, store, _engine(task, options, total - done), task, listener.picture).go()
    write_index(store, manifest, task)
    total, done = manifest.count()
    return Result(
        statuses=manifest.statuses(),
        reasons=manifest.reasons(),
        pending=total - done,
        read=summary.read,
        seconds=summary.seconds,
        interrupted=summary.interrupted,
        passed_over=dict(scan.passed_over),
        out=store.given,
        index=f"{store.given.rstrip('/')}/{FIRST}",
    )


def _about(options: Options) -> dict[str, str]:
    """All that the reading of a picture depends on besides its bytes."""
    like = "none" if options.like is None else hashlib.sha256(options.like.to_json().encode()).hexdigest()[:12]
    forms = [form.name.lower() for form in options.forms] + ["csv"] * options.csv
    return {
        "digitize": __version__,
        "--ocr": options.settings.ocr,
        "max_pixels": str(options.settings.max_pixels),
        "--like": like,
        "--format": " ".join(sorted(forms)) or "none",
    }


def _engine(task: Task, options: Options, pictures: int) -> Engine:
    if options.scheduler is not None:
        from digitize.batch.cluster import ClusterEngine

        return ClusterEngine(options.scheduler, task, options.seconds, options.memory)
    workers = min(options.workers or usable_cores(), max(pictures, 1))
    memory = options.memory or default_memory(workers)
    return LocalEngine(task, Limits(seconds=options.seconds, memory=memory), workers)
