"""A run: every picture read once, and all of them in the dataset."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from digitize.batch.dataset import Dataset
from digitize.batch.engines import Done, Engine, Loaded
from digitize.batch.manifest import Manifest
from digitize.batch.points import from_stream, renamed, to_stream
from digitize.batch.records import Entry, Outcome, Task
from digitize.batch.store import Store
from digitize.batch.work import file_name, thumbnail_name

POLL_S = 0.5  # how soon an interruption is noticed
Told = Callable[[Entry, Outcome], None]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a run came to: `interrupted` where it was asked to stop, `seconds` of the clock for `read` pictures."""

    interrupted: bool
    seconds: float
    read: int


class Run:
    """Reads what a manifest has pending with an engine, and writes the dataset.

    Parameters
    ----------
    tell : called with each picture when it is settled.
    """

    def __init__(
        self, manifest: Manifest, dataset: Dataset, store: Store, engine: Engine, task: Task, tell: Told
    ) -> None:
        self._manifest = manifest
        self._dataset = dataset
        self._store = store
        self._engine = engine
        self._task = task
        self._tell = tell
        self._digests: dict[int, str] = {}  # of the pictures in work, by their numbers
        self._twins: dict[str, list[Entry]] = {}  # that wait for one in work, by its digest
        self._stopping = False
        self._settled = 0

    def go(self) -> Summary:
        """Read all that is pending, until it is done or a signal asks to stop.

        Raises
        ------
        DigitizeError
            Something that every picture would meet with. What is done is kept.
        """
        started = time.monotonic()
        with self._until_asked_to_stop():
            try:
                self._read_pending()
            finally:
                self._engine.stop()
            self._write_parts()
        return Summary(interrupted=self._stopping, seconds=time.monotonic() - started, read=self._settled)

    def _read_pending(self) -> None:
        pending = self._manifest.pending()
        following = next(pending, None)
        busy = 0
        while not self._stopping and (busy or following):
            while following and self._engine.free() > 0:
                self._engine.load(following)
                following = next(pending, None)
                busy += 1
            event = self._engine.next_event(POLL_S)
            if isinstance(event, Loaded):
                busy -= self._take_or_drop(event.entry, event.digest)
            elif isinstance(event, Done):
                busy -= 1
                self._finish(event.entry, event.outcome)

    def _take_or_drop(self, entry: Entry, digest: str) -> bool:
        """Have a loaded picture read, unless its bytes were or are being read; whether it was dropped."""
        twin = self._manifest.twin(digest)
        if twin is None and digest not in self._twins:
            self._digests[entry.number], self._twins[digest] = digest, []
            self._engine.read(entry)
            return False
        self._engine.drop(entry)
        if twin is None:
            self._twins[digest].append(entry)
        else:
            self._copy(entry, *twin)
        return True

    def _finish(self, entry: Entry, outcome: Outcome) -> None:
        digest = self._digests.pop(entry.number, None)
        outcome = replace(outcome, digest=digest)
        self._settle(entry, outcome)
        for twin in self._twins.pop(digest, []) if digest else []:
            self._copy(twin, entry, outcome)

    def _copy(self, entry: Entry, twin: Entry, outcome: Outcome) -> None:
        """Settle a picture as another one of the same bytes."""
        points = b""
        if outcome.points_count:
            kept = self._manifest.points_of(twin) or self._dataset.points_of(twin)
            points = to_stream(renamed(from_stream(kept), entry.image))
        self._store.copy(thumbnail_name(twin), thumbnail_name(entry))
        for form in self._task.forms:
            self._store.copy(file_name(twin, form), file_name(entry, form))
        self._settle(entry, replace(outcome, points=points, duplicate_of=twin.image, seconds=0.0, timings={}))

    def _settle(self, entry: Entry, outcome: Outcome) -> None:
        if outcome.status == "failed":
            self._remove_files(entry)
        self._manifest.record(entry, outcome)
        if self._manifest.is_complete(entry.block):
            self._write_part(entry.block)
            self._manifest.mark_written(entry.block)
        self._settled += 1
        self._tell(entry, outcome)

    def _remove_files(self, entry: Entry) -> None:
        """Those of an earlier reading, when the picture was another one."""
        for name in (thumbnail_name(entry), *(file_name(entry, form) for form in self._task.forms)):
            self._store.remove(name)

    def _write_part(self, block: int) -> None:
        self._dataset.write_points(block, self._manifest.block_points(block))
        self._dataset.write_images(block, self._manifest.block(block), self._manifest.columns())

    def _write_parts(self) -> None:
        """The parts of a run that was stopped, as far as they are; they are written anew when they are whole."""
        for block in self._manifest.unwritten():
            self._write_part(block)
            if self._manifest.is_complete(block):  # what was missing went to another part
                self._manifest.mark_written(block)

    @contextlib.contextmanager
    def _until_asked_to_stop(self) -> Iterator[None]:
        """Let the first Ctrl-C, or request to terminate, end the run when it is safe, and a second one at once."""

        def stop(*_: Any) -> None:
            if self._stopping:
                raise KeyboardInterrupt
            self._stopping = True

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
