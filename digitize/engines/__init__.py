"""Text recognisers behind one small interface.

An engine is loaded when it is first asked for, and kept for the life of the process.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from digitize.errors import UsageError
from digitize.model import Image

ENGINES = ("ppocr", "tesseract")


class Recognition(NamedTuple):
    """What a recogniser saw in one crop, once over all printable characters and once over those of numbers.

    `places` are the positions of the characters of `text` along the crop, as shares of its width; empty where the
    engine does not tell them.
    """

    text: str
    number: str
    confidence: float
    number_confidence: float
    places: tuple[float, ...] = ()


class Recognizer(Protocol):
    """Reads upright crops of one line of text each."""

    @property
    def name(self) -> str: ...

    def read(self, crops: Sequence[Image]) -> list[Recognition]:
        """Read RGB crops, each (height, width, 3) with the ink and a small margin; one recognition a crop."""
        ...


_lock = threading.Lock()
_loaded: dict[str, Recognizer] = {}


def get_recognizer(name: str) -> Recognizer:
    """The recogniser called `name`, loaded on first use and shared by all threads afterwards.

    Raises
    ------
    UsageError
        There is no engine of that name.
    EngineError
        The engine's program, package or model is missing.
    """
    if name not in ENGINES:
        raise UsageError(f"no text recogniser is called {name!r}; there are {', '.join(ENGINES)}")
    with _lock:
        if name not in _loaded:
            _loaded[name] = _load(name)
        return _loaded[name]


def _load(name: str) -> Recognizer:
    if name == "ppocr":
        from digitize.engines.ppocr import PpOcr

        return PpOcr()
    from digitize.engines.tesseract import Tesseract

    return Tesseract()
