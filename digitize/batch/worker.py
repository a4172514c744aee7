"""A worker process seen from outside: it is asked, watched while it answers, and replaced when it ends or is ended."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
import time
from typing import Any

import psutil

from digitize.batch.records import Entry, Limits, Outcome, Task, failure
from digitize.errors import EngineError

POLL_S = 0.2  # how often a worker's memory is looked at
START_S = 120.0  # within which an interpreter with all modules has started, on any machine
SPARE = 0.9  # the share of a machine's memory that all its workers together may take, unless a limit is given
MOST_ATTEMPTS = 2  # at one picture
MOST_STARTS = 3


class WorkerDiedError(Exception):
    """A worker process ended by itself, or somebody ended it."""


class TooLongError(Exception):
    """A picture took longer than its limit."""


class TooMuchError(Exception):
    """A picture took more memory than its limit."""


class Worker:
    """One worker process at a time, started when it is first needed.

    Plain processes with a pipe each: pools of the standard library and of others share one queue among all processes,
    and lose every picture in work, or come to a stand, when one of them is killed. They also run the caller's program
    again in each worker, and may not be started by processes that are workers themselves.
    """

    def __init__(self, task: Task, limits: Limits) -> None:
        self._task = pickle.dumps(task)
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[tuple[str, Any] | None] = queue.SimpleQueue()

    @property
    def pid(self) -> int | None:
        """The process, where one runs."""
        return self._process.pid if self._process else None

    def load(self, source: str | bytes) -> str | Outcome:
        """Load a picture; returns its digest, or its outcome where that failed.

        Raises
        ------
        DigitizeError
            Something that every picture would meet with.
        """
        return self._twice(("load", source))  # type: ignore[no-any-return]

    def read(self, entry: Entry, source: str | bytes) -> Outcome:
        """Read what was loaded; where the worker ends over it, load and read it once more.

        Raises
        ------
        DigitizeError
            Something that every picture would meet with.
        """
        outcome: Outcome = self._twice(("read", entry), again=("load", source))
        return outcome

    def stop(self) -> None:
        """End the process."""
        if self._process is None:
            return
        with contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._process = None

    def _twice(self, command: tuple[str, Any], again: tuple[str, Any] | None = None) -> Any:
        """The answer to a command, asked once more where the worker died, after the one that comes before it."""
        why = ""
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                if attempt > 1 and again:
                    self._ask(again)
                return self._ask(command)
            except WorkerDiedError as error:
                why = str(error)
            except TooLongError:
                message = f"it took longer than the limit of {self._limits.seconds:g} s"
                return failure("time-limit", message, seconds=self._limits.seconds, attempts=attempt)
            except TooMuchError:
                message = f"it took more memory than the limit of {self._limits.memory / 2**20:.0f} MiB"
                return failure("memory-limit", message, attempts=attempt)
        return failure("crash", f"the worker that read it ended {MOST_ATTEMPTS} times ({why})", attempts=MOST_ATTEMPTS)

    def _ask(self, command: tuple[str, Any]) -> Any:
        process = self._process
        if process is None or process.poll() is not None:
            if command[0] == "read":
                raise self._died()  # and what was loaded is gone with it
            process = self._start()
        try:
            assert process.stdin is not None
            pickle.dump(command, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
        except OSError:
            raise self._died() from None
        kind, content = self._wait(process, self._limits.seconds)
        if kind == "fatal":
            raise content
        return content

    def _start(self) -> subprocess.Popen[bytes]:
        """A fresh process, ready to read.

        Raises
        ------
        EngineError
            Processes end as they start, which is no picture's fault.
        """
        why = ""
        for _ in range(MOST_STARTS):
            try:
                return self._start_once()
            except WorkerDiedError as error:
                why = str(error)
        self.stop()
        raise EngineError(f"worker processes end as they start ({why}); DIGITIZE_TRACEBACK=1 shows more")

    def _start_once(self) -> subprocess.Popen[bytes]:
        self.stop()
        quiet = None if os.environ.get("DIGITIZE_TRACEBACK") else subprocess.DEVNULL
        process = subprocess.Popen(
            [sys.executable, "-c", "from digitize.batch.child import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=quiet,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._process, self._answers = process, queue.SimpleQueue()
        threading.Thread(target=_listen, args=(process, self._answers), daemon=True).start()
        assert process.stdin is not None
        try:
            process.stdin.write(self._task)
            process.stdin.flush()
        except OSError:
            raise self._died() from None
        try:
            kind, content = self._wait(process, START_S, starting=True)
        except TooLongError:
            raise EngineError(f"a worker process did not start within {START_S:g} s; try fewer --workers") from None
        if kind == "fatal":
            raise content
        return process

    def _wait(self, process: subprocess.Popen[bytes], seconds: float, *, starting: bool = False) -> tuple[str, Any]:
        """The next answer; a process that breaks a limit is killed."""
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(queue.Empty):
                answer = self._answers.get(timeout=min(POLL_S, max(deadline - time.monotonic(), 0.001)))
                if answer is None:
                    raise self._died()
                return answer
            if time.monotonic() >= deadline:
                self.stop()
                raise TooLongError
            if not starting and _memory(process.pid) > self._limits.memory:
                self.stop()
                raise TooMuchError

    def _died(self) -> WorkerDiedError:
        code = self._process.wait() if self._process else None
        return WorkerDiedError(f"exit code {code}")


def _listen(process: subprocess.Popen[bytes], answers: queue.SimpleQueue[tuple[str, Any] | None]) -> None:
    """Pass a process's answers on until it ends, and then None."""
    assert process.stdout is not None
    with contextlib.suppress(Exception):  # an answer that was cut short is none
        while True:
            answers.put(pickle.load(process.stdout))
    answers.put(None)
    process.stdout.close()


def _memory(pid: int) -> int:
    """The resident memory of a process in bytes, 0 once it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def default_memory(workers: int) -> int:
    """What each of so many workers may take of this machine's memory, in bytes."""
    return int(SPARE * psutil.virtual_memory().total / workers)
