"""The command line: parse, call, print, exit code. Data go to standard output, talk to standard error."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from digitize.batchcommand import BATCH_CODES, batch
from digitize.console import (
    EXIT_CODES,
    Engine,
    Ocr,
    PanelNames,
    SeriesNames,
    guard,
    open_reading,
    print_bytes,
    print_rich,
    read_places,
    talk,
    tell_refused,
    verdict_of,
)
from digitize.errors import DigitizeError, EngineError, OutputError, UsageError
from digitize.process import set_up_process
from digitize.version import __version__
from digitize.wordcommands import CHECK_CODES, check, describe

if TYPE_CHECKING:
    from digitize.model import Reading
    from digitize.outputs.files import Format
    from digitize.outputs.values import ChosenX

app = typer.Typer(
    name="digitize",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Written(StrEnum):
    """The names of the forms that a reading can be written in."""

    json = "json"
    csv = "csv"
    md = "md"
    overlay = "overlay"
    parquet = "parquet"
    xlsx = "xlsx"


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"digitize {__version__}")
        raise typer.Exit


@app.callback(epilog=EXIT_CODES)
def _digitize(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """Reads the data back out of pictures of line charts."""


@app.command(epilog=EXIT_CODES)
def read(
    images: Annotated[
        list[str],
        typer.Argument(
            metavar="IMAGE", help="PNG, JPEG, WebP, TIFF, GIF or BMP files; - is standard input.", show_default=False
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            show_default=False,
            help="Write NAME.json, NAME.csv, NAME.md and NAME.overlay.png into DIR. A name that ends in .json, .csv, "
            ".md, .png, .parquet or .xlsx is one file of that kind.",
        ),
    ] = None,
    forms: Annotated[
        list[Written] | None,
        typer.Option(
            "--format",
            "-f",
            show_default=False,
            help="Print this form (json, csv, md) alone to standard output; with -o write these forms, not the usual "
            "four. May be repeated.",
        ),
    ] = None,
    wide: Annotated[bool, typer.Option("--wide", help="One table a panel, all series on one common x.")] = False,
    x: Annotated[
        str | None,
        typer.Option(
            "--x",
            metavar="ticks|samples|N|start:stop:step|0,5,10",
            show_default=False,
            help="Read all curves at one x: at the ticks, at the data points, at N evenly spaced places, in steps "
            "(days on a date axis), or at these numbers or dates (a single one with a comma behind it).",
        ),
    ] = None,
    panel: PanelNames = None,
    series: SeriesNames = None,
    ocr: Engine = Ocr.ppocr,
) -> None:
    """Read line charts into tables, a description and a picture that shows what was read.

    Without -o and --format a short summary is printed.
    """
    job = _Job(
        images=tuple(images),
        output=output,
        forms=tuple(_form(form.value) for form in forms or ()),
        wide=wide,
        x=None if x is None else read_places(x),
        panels=tuple(panel or ()),
        series=tuple(series or ()),
        ocr=ocr.value,
    )
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # what libraries say to programmers is no talk for this command's user
    raise typer.Exit(_run(job))


@app.command(epilog=EXIT_CODES)
def stats(
    image: Annotated[str, typer.Argument(metavar="IMAGE", help="A picture; - is standard input.", show_default=False)],
    panel: PanelNames = None,
    series: SeriesNames = None,
    ocr: Engine = Ocr.ppocr,
) -> None:
    """Print numbers derived from the curves, each with its error.

    Minimum, maximum, first, last, mean, area, slopes and crossings.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    raise typer.Exit(guard("", partial(_print_stats, image, tuple(panel or ()), tuple(series or ()), ocr.value)))


def _print_stats(image: str, panels: tuple[str, ...], series: tuple[str, ...], ocr: str) -> int:
    from digitize.outputs.narrow import narrow
    from digitize.outputs.stats import stats_text

    reading = open_reading(image, ocr)
    if reading.panels:
        reading = narrow(reading, panels, series)
    told = [stats_text(one) for one in reading.panels]
    print_bytes(("\n\n".join(told) + "\n").encode() if told else b"")
    return tell_refused(image, reading)


app.command(epilog=EXIT_CODES)(describe)
app.command(epilog=CHECK_CODES)(check)
app.command(epilog=BATCH_CODES)(batch)


@dataclass(frozen=True)
class _Job:
    """What was asked for."""

    images: tuple[str, ...]
    output: Path | None
    forms: tuple[Format, ...]
    wide: bool
    x: ChosenX | None
    panels: tuple[str, ...]
    series: tuple[str, ...]
    ocr: str

    @property
    def single(self) -> Format | None:
        """The form of the one file, or of standard output, that everything goes to."""
        if self.output is None:
            return self.forms[0] if self.forms else None
        is_file = self.output.suffix and not self.output.is_dir() and self.output.suffix.lower() in _SUFFIXES
        return _form(_SUFFIXES[self.output.suffix.lower()]) if is_file else None


_SUFFIXES = {".json": "json", ".csv": "csv", ".md": "md", ".png": "overlay", ".parquet": "parquet", ".xlsx": "xlsx"}


def _form(name: str) -> Format:
    from digitize.outputs.files import Format

    return Format.OVERLAY if name == "overlay" else Format(name)


def _check(job: _Job) -> int:
    """Refuse what makes no sense before anything is read."""
    from digitize.outputs.files import TABLES, Format

    if job.output is None:
        if len(job.forms) > 1:
            raise UsageError("standard output takes one --format; give a folder with -o for several")
        if job.forms and job.forms[0] not in (Format.JSON, Format.CSV, Format.MARKDOWN):
            raise UsageError(f"{job.forms[0].value} is not written to standard output; give a folder or file with -o")
        if job.wide and job.forms != (Format.CSV,):
            raise UsageError("--wide writes tables; give a folder with -o, or --format csv")
    elif job.single is not None:
        if job.forms:
            raise UsageError(f"{job.output.name} says its form already; leave --format out, or give a folder")
        if len(job.images) > 1 and job.single not in TABLES:
            raise UsageError(f"{job.output.name} can hold one picture's result only; give a folder with -o")
    if job.wide and job.single in TABLES and len(job.images) > 1:
        raise UsageError("a wide table holds one picture only; give a folder with -o")
    return 0


def _run(job: _Job) -> int:
    """Read all pictures, each within its own boundary; returns the highest exit code."""
    from digitize.outputs.files import unique_stems

    stems = unique_stems(job.images)
    tables: list[Any] = []
    worst = guard("", partial(_check, job))
    if worst:
        return worst
    for number, image in enumerate(job.images, start=1):
        place = f"[{number}/{len(job.images)}] " if len(job.images) > 1 else ""
        code = guard(place, partial(_read_one, job, image, stems[number - 1], place, tables))
        worst = max(worst, code)
        if code == EngineError.exit_code:
            break  # it fails for every picture
    if tables:
        worst = max(worst, guard("", partial(_write_tables, job, tables)))
    return worst


def _read_one(job: _Job, image: str, stem: str, place: str, tables: list[Any]) -> int:
    from digitize.model import Settings
    from digitize.outputs.narrow import narrow
    from digitize.pipeline import read as read_picture

    try:
        reading = read_picture(image, Settings(ocr=job.ocr))
    except DigitizeError:
        raise
    except Exception as error:
        error.args = (f"{image}: {error}",)  # so that the boundary names the picture
        raise
    code = 0 if any(panel.status != "refused" for panel in reading.panels) else 1
    if reading.panels:
        reading = narrow(reading, job.panels, job.series)
    written = _deliver(job, reading, stem, tables)
    if place or code or written:
        talk("; ".join(filter(None, [f"{place}{image}: {verdict_of(reading)}", written])))
    return code


def _deliver(job: _Job, reading: Reading, stem: str, tables: list[Any]) -> str:
    """Print or write one reading, or put its table aside until all pictures are read; says what was written."""
    from digitize.outputs.files import DEFAULT_FORMATS, TABLES, Format, name_table, render, to_bytes

    several = len(job.images) > 1
    if job.output is not None and job.single is None:
        forms = job.forms or DEFAULT_FORMATS
        return _write(job, render(reading, job.output, name=stem, formats=forms, wide=job.wide, x=job.x))
    if job.single is None:
        _print_summary(job, reading)
    elif several and job.single in TABLES:
        tables.append(name_table(reading, job.x))
    elif job.output is not None:
        return _write(job, {job.output: to_bytes(reading, job.single, wide=job.wide, x=job.x)})
    elif several and job.single is Format.JSON:
        from digitize.outputs.encode import to_json

        print_bytes((to_json(reading, compact=True, x=job.x) + "\n").encode())
    else:
        print_bytes(to_bytes(reading, job.single, wide=job.wide, x=job.x))
    return ""


def _write_tables(job: _Job, tables: list[Any]) -> int:
    from digitize.outputs.files import stack_tables

    if job.single is not None:
        content = stack_tables(tables, job.single)
        if job.output is None:
            print_bytes(content)
        else:
            talk(_write(job, {job.output: content}))
    return 0


def _write(job: _Job, contents: dict[Path, bytes]) -> str:
    """Write files and say which; an input is never overwritten, and what was there before is mentioned."""
    from digitize.outputs.files import write_all

    inputs = {Path(image).resolve() for image in job.images}
    for path in contents:
        if path.resolve() in inputs:
            raise OutputError(f"{path}: this would overwrite an input; choose another folder with -o")
    replaced = {path for path in contents if path.exists()}
    write_all(contents)
    return "wrote " + ", ".join(f"{path}{' (replaced)' if path in replaced else ''}" for path in contents)


def _print_summary(job: _Job, reading: Reading) -> None:
    from digitize.outputs.summary import to_summary

    print_rich(to_summary(reading, job.x))


def main() -> None:
    """What the program `digitize` runs, in one thread unless its environment says otherwise."""
    set_up_process()
    app()


if __name__ == "__main__":
    main()
