"""A reading as files, and as text for standard output."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any

from digitize.errors import OutputError, UsageError
from digitize.model import Reading
from digitize.outputs.values import ChosenX


class Format(StrEnum):
    """What a reading can be written as; the value is the file's suffix."""

    JSON = "json"
    CSV = "csv"
    MARKDOWN = "md"
    OVERLAY = "overlay.png"
    PARQUET = "parquet"
    EXCEL = "xlsx"


TABLES = (Format.CSV, Format.PARQUET, Format.EXCEL)
DEFAULT_FORMATS = (Format.JSON, Format.CSV, Format.MARKDOWN, Format.OVERLAY)


def save(
    reading: Reading,
    folder: str | os.PathLike[str],
    *,
    name: str | None = None,
    formats: Sequence[Format] = DEFAULT_FORMATS,
    wide: bool = False,
    x: ChosenX | None = None,
) -> tuple[Path, ...]:
    """Write a reading into a folder, which is made where it is missing.

    Parameters
    ----------
    name : what the files are called before their suffix; the picture's name without its own, unless given.
    wide : one more table a panel, with all its series on one common x.
    x : where to read the curves, instead of giving all traced points.

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    folder = Path(folder)
    stem = name or Path(reading.picture.name).stem
    contents: dict[Path, bytes] = {}
    for one in formats:
        contents[folder / f"{stem}.{one}"] = to_bytes(reading, one, wide=wide and one is Format.EXCEL, x=x)
        if wide and one in (Format.CSV, Format.PARQUET):
            for number in range(1, len(reading.panels) + 1):
                contents[folder / f"{stem}.panel-{number}.{one}"] = _wide(reading, number, one, x)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: the folder cannot be made ({_why(error)})") from error
    for path, content in contents.items():
        write(path, content)
    return tuple(contents)


def to_bytes(reading: Reading, form: Format, *, wide: bool = False, x: ChosenX | None = None) -> bytes:
    """A reading as the content of one file; `wide` gives the one panel's common-x table, in Excel a sheet a panel.

    Raises
    ------
    UsageError
        A wide table of several panels in one file that has no sheets.
    OutputError
        A package that the form needs is not installed.
    """
    if form in TABLES:
        if wide and form is not Format.EXCEL:
            if len(reading.panels) != 1:
                raise UsageError(f"one wide table holds one panel, not {len(reading.panels)}; choose it with --panel")
            return _wide(reading, 1, form, x)
        return _long(reading, form, wide, x)
    if form is Format.JSON:
        from digitize.outputs.encode import to_json

        return (to_json(reading, x=x) + "\n").encode()
    if form is Format.MARKDOWN:
        from digitize.outputs.description import to_markdown

        return to_markdown(reading, x or "ticks").encode()
    out = BytesIO()
    reading.overlay().save(out, format="PNG", compress_level=4)
    return out.getvalue()


def gather(readings: Sequence[Reading], form: Format, x: ChosenX | None = None) -> bytes:
    """The long tables of several readings as one, the picture's name in a first column `image`."""
    from digitize.outputs.tables import long_table, stack

    parts = [long_table(reading, x) for reading in readings]
    for part, reading in zip(parts, readings, strict=True):
        part.insert(0, "image", reading.picture.name)
    return _table(stack(parts), form)


def write(path: Path, content: bytes) -> None:
    """Write a file whole.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OutputError(f"{path}: the file cannot be written ({_why(error)})") from error


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _long(reading: Reading, form: Format, wide: bool, x: ChosenX | None) -> bytes:
    from digitize.outputs.tables import long_table, to_excel, wide_table

    table = long_table(reading, x)
    if form is not Format.EXCEL:
        return _table(table, form)
    sheets = {"long": table}
    if wide:
        sheets |= {f"panel {number}": wide_table(panel, x) for number, panel in enumerate(reading.panels, start=1)}
    return to_excel(sheets)


def _wide(reading: Reading, number: int, form: Format, x: ChosenX | None) -> bytes:
    from digitize.outputs.tables import wide_table

    return _table(wide_table(reading.panels[number - 1], x), form)


def _table(table: Any, form: Format) -> bytes:
    from digitize.outputs.tables import to_csv, to_excel, to_parquet

    if form is Format.CSV:
        return to_csv(table).encode()
    return to_parquet(table) if form is Format.PARQUET else to_excel({"long": table})
