"""One picture read and its files written: what a worker does, wherever it runs."""

from __future__ import annotations

import hashlib
import io
import os
import time
import traceback
from collections.abc import Callable
from functools import partial
from importlib import import_module

from digitize.batch.points import points_table, to_stream
from digitize.batch.records import Entry, ImageStatus, Outcome, Task, failure
from digitize.batch.sources import load
from digitize.batch.store import Store
from digitize.errors import DigitizeError, EngineError, InputError, OutputError
from digitize.model import Reading
from digitize.outputs.files import Format, to_bytes
from digitize.pipeline import read_like
from digitize.template import Template

#: Where the files of each picture go, beneath the output.
FOLDERS = {
    Format.JSON: "readings",
    Format.MARKDOWN: "descriptions",
    Format.OVERLAY: "overlays",
}
THUMBNAILS = "thumbnails"


class _File(io.BytesIO):
    """A picture's content that knows what it is called."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


class Work:
    """Reads the pictures of one task, one after the other.

    Raises
    ------
    EngineError
        The recogniser cannot run.
    InputError
        The reading that all pictures should be like is no template.
    """

    def __init__(self, task: Task) -> None:
        name, _, function = task.reader.partition(":")
        module = import_module(name)
        if hasattr(module, "prepare"):
            module.prepare(task.settings)
        self._read: Callable[..., Reading] = getattr(module, function)
        if task.like is not None:
            self._read = partial(read_like, template=Template(task.like))
        self._task = task
        self._store = None if task.out is None else Store(task.out)
        self._content = b""
        self._digest = ""
        self._started = 0.0

    def fetch(self, source: str) -> bytes:
        """The content of a picture's file.

        Raises
        ------
        InputError
            It cannot be read from there.
        """
        return load(source, self._task.settings.max_pixels)

    def load(self, source: str | bytes) -> str:
        """Take a picture's content, from where it is or as given; returns its SHA-256. Raises as `fetch` does."""
        self._started = time.monotonic()
        self._content = source if isinstance(source, bytes) else self.fetch(source)
        self._digest = hashlib.sha256(self._content).hexdigest()
        return self._digest

    def read(self, entry: Entry) -> Outcome:
        """Read what was loaded last, and write the files that are asked for.

        Whatever is wrong with the picture, and whatever goes wrong with it, becomes its outcome.

        Raises
        ------
        EngineError, OutputError
            Which would happen with every picture.
        """
        code = message = ""
        try:
            reading = self._read(_File(self._content, entry.name), settings=self._task.settings)
            outcome = self._to_outcome(reading, entry)
        except (EngineError, OutputError):
            raise
        except InputError as error:
            code, message = "input", str(error)
        except DigitizeError as error:
            code, message = "usage", str(error)
        except MemoryError:
            code, message = "memory-limit", "there was not enough memory"
        except Exception as error:
            if os.environ.get("DIGITIZE_TRACEBACK"):
                traceback.print_exc()
            what = " ".join(f"{type(error).__name__}: {error}".split())
            code, message = "fault", f"{what}; this is a fault of digitize, please report it"
        finally:
            self._content = b""
        seconds = time.monotonic() - self._started
        return failure(code, message, digest=self._digest, seconds=seconds) if code else outcome

    def _to_outcome(self, reading: Reading, entry: Entry) -> Outcome:
        if self._store is not None:
            self._write(self._store, reading, entry)
        table = None if self._task.whole else points_table(reading, entry.image)
        panels = reading.panels
        reasons = list(reading.reasons)
        reasons += [reason for panel in panels for reason in panel.reasons]
        return Outcome(
            status=status_of(reading),
            reasons=tuple(dict.fromkeys(reasons)),
            panels=tuple(panel.status for panel in panels),
            doubt=_doubt(reading),
            series=sum(len(panel.series) for panel in panels),
            points_count=0 if table is None else len(table),
            width=reading.picture.width,
            height=reading.picture.height,
            digest=self._digest,
            seconds=time.monotonic() - self._started,
            timings=dict(reading.timings),
            points=b"" if table is None else to_stream(table),
            reading=reading if self._task.whole else None,
        )

    def _write(self, store: Store, reading: Reading, entry: Entry) -> None:
        from digitize.outputs.thumbnail import draw_thumbnail, to_webp

        store.put(thumbnail_name(entry), to_webp(draw_thumbnail(reading)))
        for form in self._task.forms:
            store.put(file_name(entry, form), to_bytes(reading, form))


def file_name(entry: Entry, form: Format) -> str:
    """Where a file of a picture goes, beneath the output."""
    return f"{FOLDERS[form]}/{entry.name}.{form.value}"


def thumbnail_name(entry: Entry) -> str:
    """Where the thumbnail of a picture goes, beneath the output."""
    return f"{THUMBNAILS}/{entry.name}.webp"


def status_of(reading: Reading) -> ImageStatus:
    """The status of a picture by those of its panels."""
    states = {panel.status for panel in reading.panels}
    if not states - {"refused"}:
        return "refused"
    return "ok" if states == {"ok"} else "review"


def _doubt(reading: Reading) -> float:
    """How many reasons stand, and as a fraction how unsure the least sure series is."""
    reasons = len(reading.reasons) + sum(len(panel.reasons) for panel in reading.panels)
    confidence = min((series.confidence for panel in reading.panels for series in panel.series), default=1.0)
    return reasons + 0.99 * (1.0 - min(max(confidence, 0.0), 1.0))
