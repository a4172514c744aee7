"""Many pictures read from Python."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from digitize.batch.engines import Done, Engine, Loaded, LocalEngine, usable_cores
from digitize.batch.records import SECONDS, Entry, Limits, Outcome, Task
from digitize.batch.sources import Scan
from digitize.batch.worker import default_memory
from digitize.errors import UsageError
from digitize.model import Reading, Reason, Settings

AHEAD = 4  # pictures for each worker that may be done before one in front of them is, where order is kept
POLL_S = 60.0


@dataclass(frozen=True, kw_only=True)
class Item:
    """One picture of many: its reading, or the reason why there is none.

    `image` is its id (the name within a folder, what a list calls it), `metadata` what a list's further columns say.
    """

    image: str
    source: str
    reading: Reading | None
    reason: Reason | None
    metadata: Mapping[str, str] = field(default_factory=dict)


def read_many(
    sources: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    settings: Settings = Settings(),
    *,
    workers: int | None = None,
    time_limit: float = SECONDS,
    memory_limit: int | None = None,
    ordered: bool = False,
    like: Reading | None = None,
) -> Iterator[Item]:
    """Read many pictures in worker processes, each as it is finished.

    Parameters
    ----------
    sources : pictures, folders, globs, lists (.txt, .csv), archives and fsspec URLs.
    workers : processes; as many as cores, unless given.
    time_limit, memory_limit : seconds and bytes that one picture may take.
    ordered : in the order of the sources, rather than as they are finished.
    like : a reading whose axes and legend all pictures share, as `read_like` takes them; several times faster.

    Yields
    ------
    Item
        A picture that cannot be read, breaks a limit or ends its worker has a reason instead of a reading.

    Raises
    ------
    UsageError
        A source is not there.
    InputError
        `like` is no template.
    EngineError
        The recogniser or the workers cannot run.

    Notes
    -----
    Little is held: not more than a few pictures for each worker, however many there are. Scripts need no
    ``if __name__ == "__main__"``.
    """
    if workers is not None and workers < 1:
        raise UsageError(f"{workers} workers read nothing; give 1 or more")
    given = [sources] if isinstance(sources, (str, os.PathLike)) else list(sources)
    found = Scan([os.fspath(source) for source in given])
    entries = (
        Entry(number=number, block=0, source=one.source, asked=one.image, image=one.image, metadata=one.metadata)
        for number, one in enumerate(found)
    )
    count = workers or usable_cores()
    limits = Limits(seconds=time_limit, memory=memory_limit or default_memory(count))
    engine = LocalEngine(Task(settings=settings, like=like, whole=True), limits, count)
    try:
        settled = _read(entries, engine, AHEAD * count if ordered else None)
        for entry, outcome in _in_order(settled) if ordered else settled:
            reason = outcome.reasons[0] if outcome.status == "failed" else None
            yield Item(
                image=entry.image,
                source=entry.source,
                reading=outcome.reading,
                reason=reason,
                metadata=entry.metadata,
            )
    finally:
        engine.stop()


def _read(entries: Iterator[Entry], engine: Engine, ahead: int | None) -> Iterator[tuple[Entry, Outcome]]:
    """Pictures as they are finished; none is begun more than `ahead` of the first that is not."""
    busy: set[int] = set()
    begun = 0
    while True:
        while engine.free() > 0 and (ahead is None or begun - min(busy, default=begun) < ahead):
            entry = next(entries, None)
            if entry is None:
                break
            engine.load(entry)
            busy.add(entry.number)
            begun += 1
        if not busy:
            return
        event = engine.next_event(POLL_S)
        if isinstance(event, Loaded):
            engine.read(event.entry)
        elif isinstance(event, Done):
            busy.remove(event.entry.number)
            yield event.entry, event.outcome


def _in_order(settled: Iterator[tuple[Entry, Outcome]]) -> Iterator[tuple[Entry, Outcome]]:
    held: dict[int, tuple[Entry, Outcome]] = {}
    following = 0
    for entry, outcome in settled:
        held[entry.number] = entry, outcome
        while following in held:
            yield held.pop(following)
            following += 1
