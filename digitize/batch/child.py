"""The program of a worker process: reads commands from standard input and answers on standard output.

A command is a pickled pair: ``("load", source)``, answered by ``("loaded", digest)``, ``("read", entry)``, answered by
``("read", outcome)``, or ``("fetch", source)``, answered by ``("fetched", content)``. Instead of these may come
``("failed", outcome)``, which is the picture's, or ``("fatal", error)``, which every picture would meet with. The first
thing that is sent is the task, answered by ``("ready", None)``.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time
from typing import IO, Any

from digitize.process import set_up_process

ORPHANED_S = 1.0  # how often a worker looks whether its parent is still there


def main() -> None:
    """Serve until the other side closes its end or ends."""
    set_up_process()  # before numpy comes with the imports below
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # which a terminal sends to all; the parent decides
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    commands, answers = _take_streams()
    from digitize.errors import DigitizeError

    try:
        from digitize.batch.work import Work

        work = Work(pickle.load(commands))
        _answer(answers, "ready", None)
    except DigitizeError as error:
        _answer(answers, "fatal", error)
        return
    while True:
        try:
            command, argument = pickle.load(commands)
        except EOFError:
            return
        _answer(answers, *_serve(work, command, argument))


def _serve(work: Any, command: str, argument: Any) -> tuple[str, Any]:
    from digitize.batch.records import failure
    from digitize.errors import DigitizeError, InputError

    try:
        if command == "fetch":
            return "fetched", work.fetch(argument)
        return ("loaded", work.load(argument)) if command == "load" else ("read", work.read(argument))
    except InputError as error:
        return "failed", failure("input", str(error))
    except MemoryError:
        return "failed", failure("memory-limit", "there was not enough memory")
    except DigitizeError as error:
        return "fatal", error


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone: what is read now, nobody waits for."""
    while os.getppid() == parent:
        time.sleep(ORPHANED_S)
    os._exit(0)


def _take_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The two ends of the pipe; what anything prints by mistake goes to standard error."""
    commands, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    return commands, answers


def _answer(answers: IO[bytes], kind: str, content: Any) -> None:
    try:
        pickle.dump((kind, content), answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more
