"""A reading as files, and as text for standard output."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from digitize.errors import OutputError, UsageError
from digitize.model import Panel, Reading
from digitize.outputs.values import ChosenX

if TYPE_CHECKING:
    import pandas as pd


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


def save(reading: Reading, folder: str | os.PathLike[str]) -> tuple[Path, ...]:
    """Write a reading into a folder in the usual forms; the folder is made where it is missing.

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    contents = render(reading, Path(folder))
    write_all(contents)
    return tuple(contents)


def render(
    reading: Reading,
    folder: Path,
    *,
    name: str | None = None,
    formats: Sequence[Format] = DEFAULT_FORMATS,
    wide: bool = False,
    x: ChosenX | None = None,
) -> dict[Path, bytes]:
    """The files of a reading, not yet written.

    Parameters
    ----------
    name : what the files are called before their suffix; the picture's name without its own, unless given.
    wide : one more table a panel, with all its series on one common x.
    x : where to read the curves, instead of giving all traced points.
    """
    stem = name or Path(reading.picture.name).stem
    contents: dict[Path, bytes] = {}
    for form in formats:
        contents[folder / f"{stem}.{form.value}"] = to_bytes(reading, form, wide=wide and form is Format.EXCEL, x=x)
        if wide and form in (Format.CSV, Format.PARQUET):
            for panel in reading.panels:
                contents[folder / f"{stem}.panel-{panel.number}.{form.value}"] = _wide(panel, form, x)
    return contents


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
            return _wide(reading.panels[0], form, x)
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


def name_table(reading: Reading, x: ChosenX | None = None) -> pd.DataFrame:
    """The long table of a reading with the picture's name in a first column `image`."""
    from digitize.outputs.tables import long_table

    table = long_table(reading, x)
    table.insert(0, "image", reading.picture.name)
    return table


def stack_tables(tables: Sequence[pd.DataFrame], form: Format) -> bytes:
    """Tables below each other as the content of one file."""
    from digitize.outputs.tables import stack

    return _table(stack(tables), form)


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Write files whole; folders are made where they are missing.

    Raises
    ------
    OutputError
        A folder cannot be made or a file cannot be written.
    """
    for path, content in contents.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
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
        sheets |= {f"panel {panel.number}": wide_table(panel, x) for panel in reading.panels}
    return to_excel(sheets)


def _wide(panel: Panel, form: Format, x: ChosenX | None) -> bytes:
    from digitize.outputs.tables import wide_table

    return _table(wide_table(panel, x), form)


def _table(table: pd.DataFrame, form: Format) -> bytes:
    from digitize.outputs.tables import to_csv, to_excel, to_parquet

    if form is Format.CSV:
        return to_csv(table).encode()
    return to_parquet(table) if form is Format.PARQUET else to_excel({"long": table})


def unique_stems(images: Sequence[str]) -> list[str]:
    """What each picture's files are called: its name without suffix, and -2, -3 … where another has it already."""
    stems: list[str] = []
    for image in images:
        stem = "stdin" if image == "-" else Path(image).stem or "picture"
        name, copy = stem, 1
        while name.casefold() in {taken.casefold() for taken in stems}:
            copy += 1
            name = f"{stem}-{copy}"
        stems.append(name)
    return stems
