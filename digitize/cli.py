"""The command line: parse, call, print, exit code. Data go to standard output, talk to standard error."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from digitize import __version__
from digitize.errors import DigitizeError, EngineError, OutputError, UsageError
from digitize.process import set_up_process

if TYPE_CHECKING:
    from digitize.model import Reading
    from digitize.outputs.files import Format
    from digitize.outputs.values import ChosenX

UNEXPECTED = 70  # a fault of this program; EX_SOFTWARE of sysexits.h
EXIT_CODES = "\n\n".join(
    (
        "Exit codes:",
        "0  every picture was read",
        "1  a picture holds no line chart, or none of its panels could be calibrated",
        "2  the command was used wrongly",
        "3  a picture cannot be opened",
        "4  a recogniser cannot run",
        "5  a result cannot be written",
        "70 a fault of digitize itself",
        "Of several pictures the good ones are still read, and the highest code is returned.",
    )
)

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


class Ocr(StrEnum):
    """The names of the recognisers."""

    ppocr = "ppocr"
    tesseract = "tesseract"


PanelNames = Annotated[
    list[str] | None,
    typer.Option(
        "--panel", show_default=False, help="Only this panel: its title, or its number from 1. May be repeated."
    ),
]
SeriesNames = Annotated[
    list[str] | None,
    typer.Option(
        "--series", show_default=False, help="Only this series: its name, or its number from 1. May be repeated."
    ),
]
Engine = Annotated[Ocr, typer.Option("--ocr", help="What recognises text.")]


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
        x=None if x is None else _read_x(x),
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
    raise typer.Exit(_guard("", partial(_print_stats, image, tuple(panel or ()), tuple(series or ()), ocr.value)))


def _print_stats(image: str, panels: tuple[str, ...], series: tuple[str, ...], ocr: str) -> int:
    from digitize.model import Settings
    from digitize.outputs.narrow import narrow
    from digitize.outputs.stats import stats_text
    from digitize.pipeline import read as read_picture

    reading = read_picture(image, Settings(ocr=ocr))
    if reading.panels:
        reading = narrow(reading, panels, series)
    told = [stats_text(one) for one in reading.panels]
    _print(("\n\n".join(told) + "\n").encode() if told else b"")
    if all(one.status == "refused" for one in reading.panels):
        _talk(f"{image}: {_verdict(reading)}")
        return 1
    return 0


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


def _read_x(text: str) -> ChosenX:
    from digitize.outputs.values import read_x

    return read_x(text)


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
    worst = _guard("", partial(_check, job))
    if worst:
        return worst
    for number, image in enumerate(job.images, start=1):
        place = f"[{number}/{len(job.images)}] " if len(job.images) > 1 else ""
        code = _guard(place, partial(_read_one, job, image, stems[number - 1], place, tables))
        worst = max(worst, code)
        if code == EngineError.exit_code:
            break  # it fails for every picture
    if tables:
        worst = max(worst, _guard("", partial(_write_tables, job, tables)))
    return worst


def _guard(place: str, work: Callable[[], int]) -> int:
    """The one error boundary: whatever goes wrong becomes one line and an exit code."""
    try:
        return work()
    except DigitizeError as error:
        _talk(f"{place}error: {error}")
        return error.exit_code
    except BrokenPipeError:
        raise  # whoever read our output has enough
    except Exception as error:
        if os.environ.get("DIGITIZE_TRACEBACK"):
            traceback.print_exc()
        what = " ".join(f"{type(error).__name__}: {error}".split())
        _talk(f"{place}error: {what}; this is a fault of digitize, please report it (DIGITIZE_TRACEBACK=1 shows more)")
        return UNEXPECTED


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
        _talk("; ".join(filter(None, [f"{place}{image}: {_verdict(reading)}", written])))
    return code


def _verdict(reading: Reading) -> str:
    """The outcome in a line: how many panels in which state, or why there are none."""
    if not reading.panels:
        return "no line chart" + "".join(f"; {reason.message}" for reason in reading.reasons)
    states = [panel.status for panel in reading.panels]
    counts = ", ".join(f"{states.count(state)} {state}" for state in ("ok", "review", "refused") if state in states)
    return f"{len(states)} panel{'' if len(states) == 1 else 's'}: {counts}"


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

        _print((to_json(reading, compact=True, x=job.x) + "\n").encode())
    else:
        _print(to_bytes(reading, job.single, wide=job.wide, x=job.x))
    return ""


def _write_tables(job: _Job, tables: list[Any]) -> int:
    from digitize.outputs.files import stack_tables

    if job.single is not None:
        content = stack_tables(tables, job.single)
        if job.output is None:
            _print(content)
        else:
            _talk(_write(job, {job.output: content}))
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
    from rich.console import Console

    from digitize.outputs.summary import to_summary

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 120
    console.print(to_summary(reading, job.x))
    console.file.flush()


def _print(content: bytes) -> None:
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _talk(line: str) -> None:
    typer.echo(line, err=True)


def main() -> None:
    """What the program `digitize` runs, in one thread unless its environment says otherwise."""
    set_up_process()
    app()


if __name__ == "__main__":
    main()
