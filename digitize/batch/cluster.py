"""A run's pictures read on a Dask cluster: the same work, in the same kind of worker processes, somewhere else.

Three tasks a picture: its content is fetched, its digest told, and then it is read where its content is. Dask moves
what a lost machine had in work to another one. Each thread of a Dask worker has a worker process of its own, so that a
picture that crashes, or breaks a limit, costs nothing but itself there too. Outcomes stream back to the one place that
writes the dataset; the files of single pictures are written where they are read.
"""

from __future__ import annotations

import hashlib
import math
import queue
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any

from digitize.batch.engines import Done, Event, Loaded
from digitize.batch.records import Entry, Limits, Outcome, Task, failure
from digitize.batch.store import Store
from digitize.batch.worker import Worker, default_memory
from digitize.errors import DigitizeError, EngineError, UsageError

CONNECT_S = 20.0  # within which a scheduler answers and has a worker
ASK_S = 5.0  # how often the number of its threads is asked
GONE_S = 120.0  # how long a cluster may be without workers
AHEAD = 2  # pictures in work for each thread of the cluster, so that none waits for its next one

_own = threading.local()  # the worker process of each thread of a Dask worker


class ClusterEngine:
    """Workers of a Dask cluster.

    Parameters
    ----------
    address : of the scheduler, such as ``tcp://host:8786``.
    seconds, memory : limits of one picture; without `memory` a thread's share of its machine.

    Raises
    ------
    UsageError
        There is no such scheduler, or its Dask does not fit.
    EngineError
        The package is missing, or the cluster has no workers.
    """

    def __init__(self, address: str, task: Task, seconds: float, memory: int | None) -> None:
        try:
            import distributed
        except ImportError as error:
            raise EngineError("a cluster needs Dask; install it with: pip install 'digitize[cluster]'") from error
        try:
            self._client: Any = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(f"{address}: no Dask scheduler answers there ({error}); check the address") from error
        self._wait_for_workers(address)
        run = uuid.uuid4().hex
        if task.out is not None:
            self._see_that_workers_reach(task.out, run)
        # A result of the graph, not data: Dask makes it again where its holders are lost.
        held = _Held(run=run, task=task, seconds=seconds, memory=memory)
        self._held = self._client.submit(_hold, held, key=f"digitize-{run}")
        self._contents: dict[int, Any] = {}
        self._futures: dict[int, Any] = {}
        self._events: queue.SimpleQueue[tuple[Entry, Any]] = queue.SimpleQueue()
        self._threads, self._asked, self._seen = 0, -math.inf, time.monotonic()

    def _wait_for_workers(self, address: str) -> None:
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_S)
        except TimeoutError as error:
            self._client.close()
            raise EngineError(f"{address}: the scheduler has no workers; start some") from error

    def _see_that_workers_reach(self, out: str, run: str) -> None:
        """Workers write the files of single pictures; where they see another folder, these would be lost."""
        name = f".reached-{run}"
        store = Store(out)
        store.put(name, b"")
        try:
            reached = self._client.run(_reaches, out, name)
        finally:
            store.remove(name)
        blind = [worker for worker, sees in reached.items() if not sees]
        if blind:
            self._client.close()
            raise UsageError(f"{out}: the worker {blind[0]} does not see it; name a folder that all share, or a URL")

    def free(self) -> int:
        now = time.monotonic()
        if now - self._asked > ASK_S:
            self._threads, self._asked = sum(self._client.nthreads().values()), now
            self._seen = now if self._threads else self._seen
            if now - self._seen > GONE_S:
                raise EngineError("the cluster has no workers any more; start some, and the same command goes on")
        return AHEAD * self._threads - len(self._contents)

    def load(self, entry: Entry) -> None:
        content = self._client.submit(_fetch, entry.source, self._held, pure=False)
        self._contents[entry.number] = content
        self._follow(entry, self._client.submit(_digest, content, pure=False))

    def read(self, entry: Entry) -> None:
        content = self._contents[entry.number]
        self._follow(entry, self._client.submit(_read, content, entry, self._held, pure=False))

    def drop(self, entry: Entry) -> None:
        self._contents.pop(entry.number, None)
        self._futures.pop(entry.number, None)

    def next_event(self, timeout: float) -> Event | None:
        try:
            entry, future = self._events.get(timeout=timeout)
        except queue.Empty:
            return None
        answer = self._answer(future)
        if isinstance(answer, str):
            return Loaded(entry, answer)
        self.drop(entry)
        return Done(entry, answer)

    def stop(self) -> None:
        self._contents.clear()
        self._futures.clear()
        self._client.close()

    def _follow(self, entry: Entry, future: Any) -> None:
        self._futures[entry.number] = future
        future.add_done_callback(lambda done: self._events.put((entry, done)))

    @staticmethod
    def _answer(future: Any) -> str | Outcome:
        """What a task gave; what it met with is the picture's own only where it ended the machines it was on."""
        import distributed

        if future.status == "finished":
            answer: str | Outcome = future.result()
            return answer
        if future.status != "error":
            raise EngineError("the Dask scheduler is gone; start it, and the same command goes on")
        error = future.exception()
        if isinstance(error, distributed.KilledWorker):
            return failure("crash", "the Dask workers that read it ended, one after the other")
        if isinstance(error, DigitizeError):
            raise error
        raise EngineError(f"a Dask worker cannot work ({type(error).__name__}: {error}); do all have this version?")


@dataclass(frozen=True)
class _Held:
    """What all tasks of a run share."""

    run: str
    task: Task
    seconds: float
    memory: int | None


def _hold(held: _Held) -> _Held:
    return held


def _reaches(out: str, name: str) -> bool:
    return Store(out).has(name)


def _fetch(source: str, held: _Held) -> bytes | Outcome:
    return _worker_of(held).fetch(source)


def _digest(content: bytes | Outcome) -> str | Outcome:
    return content if isinstance(content, Outcome) else hashlib.sha256(content).hexdigest()


def _read(content: bytes, entry: Entry, held: _Held) -> Outcome:
    worker = _worker_of(held)
    answer = worker.load(content)
    return answer if isinstance(answer, Outcome) else worker.read(entry, content)


def _worker_of(held: _Held) -> Worker:
    """The worker process of this thread, for this run."""
    if getattr(_own, "run", None) != held.run:
        import distributed

        if getattr(_own, "worker", None) is not None:
            _own.worker.stop()
        memory = held.memory or default_memory(distributed.get_worker().state.nthreads)
        _own.worker, _own.run = Worker(held.task, Limits(seconds=held.seconds, memory=memory)), held.run
    worker: Worker = _own.worker
    return worker
