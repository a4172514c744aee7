"""How the pictures of a run get read: what a run asks of its workers, and the workers of this machine."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from digitize.batch.records import Entry, Limits, Outcome, Task
from digitize.batch.worker import Worker, WorkerStoppedError


@dataclass(frozen=True)
class Loaded:
    """A picture's content is at a worker, and this is its SHA-256; it waits to be read or dropped."""

    entry: Entry
    digest: str


@dataclass(frozen=True)
class Done:
    """A picture's outcome; its worker is free again."""

    entry: Entry
    outcome: Outcome


Event = Loaded | Done


class Engine(Protocol):
    """Workers somewhere. Each picture is loaded; then it is read, or dropped where its like was read already."""

    def free(self) -> int:
        """How many more pictures can be loaded now."""

    def load(self, entry: Entry) -> None:
        """Have a picture loaded; `Loaded` follows, or `Done` where that fails."""

    def read(self, entry: Entry) -> None:
        """Have a loaded picture read; `Done` follows."""

    def drop(self, entry: Entry) -> None:
        """Forget a loaded picture; nothing follows."""

    def next_event(self, timeout: float) -> Event | None:
        """Wait for what happens next, so many seconds at most.

        Raises
        ------
        DigitizeError
            What every picture would meet with.
        """

    def stop(self) -> None:
        """End all workers; what they hold is lost."""


class LocalEngine:
    """Worker processes on this machine, each asked by a thread of its own that does nothing but wait."""

    def __init__(self, task: Task, limits: Limits, workers: int) -> None:
        self._workers = [Worker(task, limits) for _ in range(workers)]
        self._idle = list(range(workers))
        self._place: dict[int, int] = {}
        self._events: queue.SimpleQueue[Event | Exception] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._inboxes: list[queue.SimpleQueue[Callable[[], Event] | None]] = []
        for number in range(workers):
            inbox: queue.SimpleQueue[Callable[[], Event] | None] = queue.SimpleQueue()
            self._inboxes.append(inbox)
            self._threads.append(threading.Thread(target=self._serve, args=(inbox,), name=f"worker {number}"))
            self._threads[-1].daemon = True
            self._threads[-1].start()

    def _serve(self, inbox: queue.SimpleQueue[Callable[[], Event] | None]) -> None:
        while (work := inbox.get()) is not None:
            try:
                self._events.put(work())
            except WorkerStoppedError:
                return
            except Exception as error:  # it belongs to the thread that waits for events
                self._events.put(error)

    def free(self) -> int:
        return len(self._idle)

    def load(self, entry: Entry) -> None:
        place = self._place[entry.number] = self._idle.pop()
        worker = self._workers[place]

        def work() -> Event:
            answer = worker.load(entry.source)
            return Loaded(entry, answer) if isinstance(answer, str) else Done(entry, answer)

        self._inboxes[place].put(work)

    def read(self, entry: Entry) -> None:
        worker = self._workers[self._place[entry.number]]
        self._inboxes[self._place[entry.number]].put(lambda: Done(entry, worker.read(entry, entry.source)))

    def drop(self, entry: Entry) -> None:
        self._idle.append(self._place.pop(entry.number))

    def next_event(self, timeout: float) -> Event | None:
        try:
            event = self._events.get(timeout=timeout)
        except queue.Empty:
            return None
        if isinstance(event, Exception):
            raise event
        if isinstance(event, Done):
            self.drop(event.entry)
        return event

    def stop(self) -> None:
        for inbox in self._inboxes:
            inbox.put(None)
        for worker in self._workers:
            worker.stop()
        for thread in self._threads:
            thread.join()


def usable_cores() -> int:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
