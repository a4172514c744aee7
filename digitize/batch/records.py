"""The records of a run over many pictures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from digitize.model import Reading, Reason, Settings
from digitize.outputs.files import Format

ImageStatus = Literal["ok", "review", "refused", "failed"]
#: From the one that a person should look at first.
STATUSES: tuple[ImageStatus, ...] = ("failed", "refused", "review", "ok")
LONGEST_NAME = 120  # bytes of a file's name, with room for its suffix; file systems allow 255
LONGEST_PATH = 1000  # bytes of a path beneath the output's folders; systems allow 4096 in all
_WRITTEN = (".json", ".md", ".png", ".webp")
SECONDS = 120.0  # the time limit, unless given: a hundred times what a usual picture takes
READ = "digitize.pipeline:read"


@dataclass(frozen=True, kw_only=True)
class Found:
    """A picture that a source names: where it is, what it is called, and what a list says of it besides.

    `stamp` changes when its file does; it is empty where that cannot be told without reading it.
    """

    source: str
    image: str
    stamp: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A picture of a run.

    `number` counts all pictures of a run from 0 in the order of their sources; `block` is the part of the dataset that
    its points go to. `asked` is what its source calls it, `image` its id, the same unless another is called so, and
    `name` the id as a path below the output's folders.
    """

    number: int
    block: int
    source: str
    asked: str
    image: str
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return safe_name(self.image)


def safe_name(image: str) -> str:
    """An id as a path beneath a folder: plain characters only, never upward, and no folder that is called like a file.

    What is written for a picture ends in one of `_WRITTEN`, so that none of its folders may.
    """
    parts = [re.sub(r"[^\w.() +=@,-]", "_", part) for part in image.replace("\\", "/").split("/")]
    *folders, name = [part for part in parts if part.strip(". ")] or ["picture"]
    folders = [f"{_shorten(part)}_" if part.lower().endswith(_WRITTEN) else _shorten(part) for part in folders]
    path = "/".join([*folders, _shorten(name)])
    if len(path.encode()) <= LONGEST_PATH:
        return path
    return f"deep/{hashlib.sha256(image.encode()).hexdigest()[:16]}/{_shorten(name)}"


def _shorten(part: str) -> str:
    """A file's name of at most `LONGEST_NAME` bytes, its beginning and end kept."""
    content = part.encode()
    if len(content) <= LONGEST_NAME:
        return part
    half = LONGEST_NAME // 2 - 1
    return content[:half].decode(errors="ignore") + "--" + content[-half:].decode(errors="ignore")


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is done with every picture of a run.

    `forms` are the files that are written for each beneath `out`, where there is one, with a thumbnail. `reader` names
    the function that reads a picture, as ``module:function``; it is called with a binary file object and `settings`.
    `like` is a reading whose layout all pictures have. With `whole` outcomes carry the reading itself and
    no table of points.
    """

    settings: Settings = Settings()
    out: str | None = None
    forms: tuple[Format, ...] = ()
    reader: str = READ
    like: Reading | None = None
    whole: bool = False


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a picture may take: seconds to load and as many to be read, and bytes of its worker's memory."""

    seconds: float
    memory: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one picture.

    `status` is ``ok`` where all its panels are, ``refused`` where it has none or all are, ``review`` otherwise, and
    ``failed`` where it could not be read at all. `panels` are the statuses of its panels. `doubt` orders outcomes of
    one status: the greater, the less certain. `seconds` are of the clock, `timings` CPU seconds by stage. `points`
    is the table of points as an Arrow stream. `duplicate_of` is the id of the picture of the same bytes that was read
    instead.
    """

    status: ImageStatus
    reasons: tuple[Reason, ...] = ()
    panels: tuple[str, ...] = ()
    doubt: float = 0.0
    series: int = 0
    points_count: int = 0
    width: int = 0
    height: int = 0
    digest: str | None = None
    seconds: float = 0.0
    timings: Mapping[str, float] = field(default_factory=dict)
    attempts: int = 1
    duplicate_of: str | None = None
    points: bytes = b""
    reading: Reading | None = None


def failure(code: str, message: str, *, digest: str | None = None, seconds: float = 0.0, attempts: int = 1) -> Outcome:
    """The outcome of a picture that could not be read."""
    reason = Reason(code=code, message=message)
    return Outcome(status="failed", reasons=(reason,), digest=digest, seconds=seconds, attempts=attempts)
