"""Pictures and outcomes as the manifest keeps them: columns, and JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from digitize.batch.records import Entry, Outcome
from digitize.model import Reason

#: The columns of a picture.
ENTRY = "number, block, source, asked, image, metadata"
OUTSIDE = ("points", "reading")  # of an outcome: kept elsewhere, or never


def to_entry(row: tuple[Any, ...]) -> Entry:
    """The picture of a row that begins with the columns `ENTRY`."""
    number, block, source, asked, image, metadata = row[:6]
    known = {} if metadata == "{}" else json.loads(metadata)
    return Entry(number=number, block=block, source=source, asked=asked, image=image, metadata=known)


def metadata_json(metadata: Mapping[str, str]) -> str:
    """What a list says of a picture, as JSON."""
    return json.dumps(dict(metadata), ensure_ascii=False) if metadata else "{}"


def to_json(outcome: Outcome) -> str:
    """An outcome without its points and its reading, as JSON; times to a millisecond."""
    content = {f.name: getattr(outcome, f.name) for f in fields(outcome) if f.name not in OUTSIDE}
    content["reasons"] = [(reason.code, reason.message) for reason in outcome.reasons]
    content["timings"] = {stage: round(seconds, 3) for stage, seconds in outcome.timings.items()}
    content["seconds"], content["doubt"] = round(outcome.seconds, 3), round(outcome.doubt, 4)
    return json.dumps(content, separators=(",", ":"))


def to_outcome(text: str) -> Outcome:
    """The outcome that `to_json` wrote."""
    content = json.loads(text)
    content["reasons"] = tuple(Reason(code=code, message=message) for code, message in content["reasons"])
    content["panels"] = tuple(content["panels"])
    return Outcome(**content)
