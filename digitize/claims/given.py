"""Claims as people hand them in: prose in a file, a CSV table of values, or JSON."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from digitize.claims.numbers import FIND_NUMBER, FIND_TIME, to_number, to_time
from digitize.claims.records import Claim, Kind, Number, Source
from digitize.errors import InputError

FORMAT = "digitize-claims/1"
_COLUMNS = ("panel", "series", "x", "y", "tolerance")
_WORDS = ("panel", "series", "other", "word")


class _Written(str):
    """A number of a JSON text as it is written: its digits say how exact it is."""


def load_claims(path: str | os.PathLike[str]) -> str | list[Claim]:
    """The claims in a file: its text where that is prose, else what its rows or its records claim.

    Parameters
    ----------
    path : a file that ends in .csv or .json; any other is Markdown or plain prose.

    Raises
    ------
    InputError
        The file cannot be read, or is no such table or JSON.
    """
    file = Path(path)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: the claims cannot be read ({(error.strerror or str(error)).lower()})") from error
    return parse_claims(content, file.suffix.lower(), str(file))


def parse_claims(content: bytes, suffix: str, name: str) -> str | list[Claim]:
    """Claims of the content of a file: `suffix` is ``.csv``, ``.json`` or anything else for prose.

    Raises
    ------
    InputError
        The content is no text in UTF-8, or no such table or JSON; `name` is what the message calls it.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: the claims are no text in UTF-8; save them as such") from error
    if suffix == ".csv":
        return _from_csv(text, name)
    return _from_json(text, name) if suffix == ".json" else text


def _from_csv(text: str, name: str) -> list[Claim]:
    """One value a row: panel, series, x, y and, if given, its tolerance in units of y."""
    try:
        return list(_rows(csv.DictReader(io.StringIO(text), skipinitialspace=True), name))
    except csv.Error as error:
        raise InputError(f"{name}: this is no CSV table ({error})") from error


def _rows(rows: csv.DictReader[str], name: str) -> Iterator[Claim]:
    titles = [title.strip().lower() for title in rows.fieldnames or ()]
    missing = {"x", "y"} - set(titles)
    if missing or set(titles) - set(_COLUMNS) or len(set(titles)) < len(titles):
        raise InputError(f"{name}: a table of claims has the columns panel, series, x, y and tolerance, not {titles}")
    for row in rows:
        cells = {title: (row[given] or "").strip() for title, given in zip(titles, rows.fieldnames or (), strict=True)}
        source = Source(line=rows.line_num, quote=", ".join(filter(None, cells.values())))
        x, y = _to_place(cells["x"]), _to_value(cells["y"])
        tolerance = _to_value(cells["tolerance"]) if cells.get("tolerance") else None
        if y is None or (cells.get("tolerance") and tolerance is None):
            raise InputError(f"{name}, line {rows.line_num}: y and tolerance must be numbers, not {source.quote!r}")
        yield Claim(
            kind=Kind.VALUE,
            source=source,
            panel=cells.get("panel") or None,
            series=cells.get("series") or None,
            start=x,
            stop=x,
            low=y,
            high=y,
            tolerance=None if tolerance is None else abs(tolerance.value),
        )


def _to_place(text: str) -> Number:
    """A number or a time, else the name of a category."""
    if found := _to_value(text):
        return found
    time = to_time(text, -1) if FIND_TIME.fullmatch(text) else None
    return Number(text=text, name=text) if time is None else _nowhere(time)


def _to_value(text: str) -> Number | None:
    return _nowhere(to_number(text, -1)) if FIND_NUMBER.fullmatch(f" {text}", 1) else None


def _nowhere(number: Number) -> Number:
    """A number that stands in no text that was checked."""
    return replace(number, start=-1, stop=-1)


def _from_json(text: str, name: str) -> list[Claim]:
    """Claims in the form of ``claims.schema.json``."""
    try:
        content = json.loads(text, parse_float=_Written, parse_int=_Written)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: this is no JSON ({error})") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("claims"), list):
        raise InputError(f'{name}: JSON claims are {{"format": "{FORMAT}", "claims": […]}}; see claims.schema.json')
    return [_to_claim(item, k, name) for k, item in enumerate(content["claims"], start=1)]


def _to_claim(item: Any, number: int, name: str) -> Claim:
    where = f"{name}, claim {number}"
    if not isinstance(item, Mapping):
        raise InputError(f"{where}: a claim is an object")
    try:
        kind = Kind(item.get("kind", "value"))
    except ValueError as error:
        raise InputError(f"{where}: no kind {item['kind']!r}; there are: {', '.join(Kind)}") from error
    known = {"kind", "quote", "axis", "x", "y", "before", "step", "words", "tolerance", *_WORDS}
    if set(item) - known:
        raise InputError(
            f"{where}: unknown {', '.join(sorted(set(item) - known))}; there are: {', '.join(sorted(known))}"
        )
    start, stop = _pair(item.get("x"), where, places=True)
    low, high = _pair(item.get("y"), where)
    before, step, tolerance = (_pair(item.get(key), where)[0] for key in ("before", "step", "tolerance"))
    axis = item.get("axis", "y")
    if axis not in ("x", "y", "y2"):
        raise InputError(f"{where}: axis is x, y or y2, not {axis!r}")
    words = item.get("words") or ()
    if not isinstance(words, list | tuple):
        raise InputError(f"{where}: words is a list, not {words!r}")
    quote = str(item.get("quote") or "") or json.dumps(item, ensure_ascii=False)
    return Claim(
        kind=kind,
        source=Source(line=number, quote=quote),
        axis=axis,
        start=start,
        stop=stop,
        low=low,
        high=high,
        before=before,
        step=step,
        words=tuple(str(word) for word in words),
        tolerance=None if tolerance is None else abs(tolerance.value),
        **{key: None if item.get(key) is None else str(item[key]) for key in _WORDS},
    )


def _pair(value: Any, where: str, *, places: bool = False) -> tuple[Number | None, Number | None]:
    """Both ends of what is one value or a list of two, None for an open end."""
    ends = value if isinstance(value, list) else [value, value]
    if len(ends) != 2:
        raise InputError(f"{where}: a range has two ends, not {len(ends)}")
    read = []
    for end in ends:
        number = None if end is None else _to_place(str(end)) if places else _to_value(str(end))
        if end is not None and number is None:
            raise InputError(f"{where}: {end!r} is no number")
        read.append(number)
    return (read[0], read[0]) if not isinstance(value, list) else (read[0], read[1])
