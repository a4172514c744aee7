"""What the stages of a reading cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from digitize.engines import Recognition, Recognizer
from digitize.model import Image

_T = TypeVar("_T")


class Clock:
    """CPU seconds of each stage of one reading, in order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, stage: str, work: Callable[..., _T], *args: Any) -> _T:
        start = time.thread_time()
        try:
            return work(*args)
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.thread_time() - start


class Metered:
    """A recogniser whose CPU time is booked under ``recognise``."""

    def __init__(self, recognizer: Recognizer, clock: Clock) -> None:
        self._recognizer = recognizer
        self._clock = clock

    @property
    def name(self) -> str:
        return self._recognizer.name

    def read(self, crops: Sequence[Image]) -> list[Recognition]:
        return self._clock.time("recognise", self._recognizer.read, crops)
