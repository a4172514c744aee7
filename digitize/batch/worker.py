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
from dataclasses import replace
from typing import Any

import psutil

from digitize.batch.records import Entry, Limits, Outcome, Task, failure
from digitize.errors import EngineError

POLL_S = 0.2  # how often a worker's memory is looked at
START_S = 120.0  # within which an interpreter with all modules has started, on any machine
SPARE = 0.9  # the share of a machine's memory that all its workers together may take, unless a limit is given
FAT = 0.75  # a worker that still holds this share of its limit after a picture makes room for a fresh one
MOST_ATTEMPTS = 2  # at one picture
MOST_STARTS = 3


class WorkerStoppedError(Exception):
    """A worker was told to stop while it was asked for something."""


class _DiedError(Exception):
    """A worker process ended by itself, or somebody ended it."""


class _TooLongError(Exception):
    """A picture took longer than its limit."""


class _TooMuchError(Exception):
    """A picture took more memory than its limit."""


class Worker:
    """One worker process at a time, started when it is first needed.

    Plain processes with a pipe each: pools of the standard library and of others share one queue among all processes,
    and lose every picture in work, or come to a stand, when one of them is killed. They also run the caller's program
    again in each worker, and may not be started by processes that are workers themselves.

    It is asked by one thread at a time; any other may stop it.
    """

    def __init__(self, task: Task, limits: Limits) -> None:
        self._task = pickle.dumps(task)
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[tuple[str, Any] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()  # of the process coming and going
        self._stopped = False

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
        WorkerStoppedError
            Another thread stopped the worker.
        """
        return self._insist(("load", source))  # type: ignore[no-any-return]

    def fetch(self, source: str) -> bytes | Outcome:
        """The content of a picture's file, or its outcome where that failed; raises as `load` does."""
        return self._insist(("fetch", source))  # type: ignore[no-any-return]

    def read(self, entry: Entry, source: str | bytes) -> Outcome:
        """Read what was loaded; where the worker ends over it, load and read it once more. Raises as `load` does."""
        outcome: Outcome = self._insist(("read", entry), ("load", source))
        if self._process and _memory(self._process.pid) > FAT * self._limits.memory:
            self._end()
        return outcome

    def stop(self) -> None:
        """End the process for good."""
        self._stopped = True
        self._end()

    def _insist(self, command: tuple[str, Any], before: tuple[str, Any] | None = None) -> Any:
        """The answer to a command, asked once more of a fresh process, after the one that comes `before` it."""
        found = None
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                loaded = self._ask(before) if attempt > 1 and before else None
                answer = loaded if isinstance(loaded, Outcome) else self._ask(command)
                return replace(answer, attempts=attempt) if isinstance(answer, Outcome) else answer
            except _DiedError as error:
                found = failure("crash", f"the worker that read it ended {MOST_ATTEMPTS} times ({error})")
            except _TooMuchError:  # perhaps for what pictures before it left behind
                limit = self._limits.memory / 2**20
                found = failure("memory-limit", f"it took more memory than the limit of {limit:.0f} MiB")
            except _TooLongError:
                seconds = self._limits.seconds
                message = f"it took longer than the limit of {seconds:g} s"
                return failure("time-limit", message, seconds=seconds, attempts=attempt)
        assert found is not None
        return replace(found, attempts=MOST_ATTEMPTS)

    def _ask(self, command: tuple[str, Any]) -> Any:
        process = self._process
        if process is None or process.poll() is not None:
            if command[0] == "read":
                raise _DiedError("it was killed")  # and what was loaded is gone with it
            process = self._start()
        self._send(process, pickle.dumps(command, protocol=pickle.HIGHEST_PROTOCOL))
        kind, content = self._wait(process, self._limits.seconds, self._limits.memory)
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
            except _DiedError as error:
                why = str(error)
            except _TooLongError:
                why = f"none was ready within {START_S:g} s"
        self._end()
        raise EngineError(f"worker processes end as they start ({why}); DIGITIZE_TRACEBACK=1 shows more")

    def _start_once(self) -> subprocess.Popen[bytes]:
        self._end()
        with self._lock:
            if self._stopped:
                raise WorkerStoppedError
            process = self._process = subprocess.Popen(
                # -P: modules are none of those that lie in the current folder, which may be one of pictures.
                [sys.executable, "-P", "-c", "from digitize.batch.child import main; main()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=None if os.environ.get("DIGITIZE_TRACEBACK") else subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
            self._answers = queue.SimpleQueue()
            threading.Thread(target=_listen, args=(process, self._answers), daemon=True).start()
        self._send(process, self._task)
        kind, content = self._wait(process, START_S)
        if kind == "fatal":
            raise content
        return process

    def _send(self, process: subprocess.Popen[bytes], content: bytes) -> None:
        assert process.stdin is not None
        try:
            process.stdin.write(content)
            process.stdin.flush()
        except (OSError, ValueError):  # a ValueError where it was closed meanwhile
            raise self._died(process) from None

    def _wait(self, process: subprocess.Popen[bytes], seconds: float, memory: int | None = None) -> tuple[str, Any]:
        """The next answer; a process that breaks a limit is killed."""
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(queue.Empty):
                answer = self._answers.get(timeout=min(POLL_S, max(deadline - time.monotonic(), 0.001)))
                if answer is None:
                    raise self._died(process)
                return answer
            if time.monotonic() >= deadline:
                self._end()
                raise _TooLongError
            if memory is not None and _memory(process.pid) > memory:
                self._end()
                raise _TooMuchError

    def _died(self, process: subprocess.Popen[bytes]) -> Exception:
        return WorkerStoppedError() if self._stopped else _DiedError(f"exit code {process.wait()}")

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
            if process is None:
                return
            process.kill()
            process.wait()
            if process.stdin:
                with contextlib.suppress(OSError):  # what nobody reads any more
                    process.stdin.close()


def _listen(process: subprocess.Popen[bytes], answers: queue.SimpleQueue[tuple[str, Any] | None]) -> None:
    """Pass a process's answers on until it ends, and then None."""
    assert process.stdout is not None
    with process.stdout, contextlib.suppress(Exception):  # an answer that was cut short is none
        while True:
            answers.put(pickle.load(process.stdout))
    answers.put(None)


def _memory(pid: int) -> int:
    """The resident memory of a process in bytes, 0 once it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def default_memory(workers: int) -> int:
    """What each of so many workers may take of this machine's memory, in bytes."""
    return int(SPARE * psutil.virtual_memory().total / workers)
