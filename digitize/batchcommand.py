"""The command that converts many pictures."""

from __future__ import annotations

import re
import sys
import warnings
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from digitize.console import UNEXPECTED, Engine, Ocr, guard, open_reading, print_rich, talk
from digitize.errors import InputError, UsageError

if TYPE_CHECKING:
    from rich.console import Group

    from digitize.batch.convert import Result

INTERRUPTED = 130  # as shells say of Ctrl-C
BATCH_CODES = "\n\n".join(
    (
        "Exit codes:",
        "0  every picture was read",
        "1  a picture was refused: no line chart, or no panel could be calibrated",
        "2  the command was used wrongly",
        "3  a picture failed: it cannot be opened, or broke a limit",
        "4  a recogniser or the workers cannot run",
        "5  results cannot be written",
        "70 a fault of digitize itself, over a picture or besides",
        "130 interrupted; the same command goes on",
        "Whatever became of single pictures stands in the table of images; the highest code is returned.",
    )
)
_FAULTS = ("fault", "crash")  # codes of pictures over which digitize itself failed
MOST_REASONS = 12  # that the summary names of a status
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


class Further(StrEnum):
    """What is written besides the dataset."""

    csv = "csv"
    json = "json"
    md = "md"
    overlay = "overlay"


def batch(
    out: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            show_default=False,
            help="The folder that the dataset and the index go to, or the fsspec URL of one.",
        ),
    ],
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCES",
            show_default=False,
            help="Pictures, folders, globs, lists (.txt, or .csv with a column path), archives (.zip, .tar, .tar.gz "
            "…), fsspec URLs; - is a list on standard input. Without any, an earlier run goes on.",
        ),
    ] = None,
    forms: Annotated[
        list[Further] | None,
        typer.Option(
            "--format",
            "-f",
            show_default=False,
            help="Besides Parquet: csv for both tables, json, md or overlay for each picture. May be repeated.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", "-w", min=1, show_default=False, help="Worker processes; as many as cores, unless given."
        ),
    ] = None,
    time_limit: Annotated[
        float, typer.Option("--time-limit", metavar="S", min=0.001, help="Seconds that one picture may take.")
    ] = 120.0,
    memory_limit: Annotated[
        str | None,
        typer.Option(
            "--memory-limit",
            metavar="SIZE",
            show_default=False,
            help="Memory that a worker may take, such as 2G; its share of this machine's, unless given.",
        ),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="FILE",
            show_default=False,
            help="The JSON of a reading, or a picture: all pictures have its axes and legend. Several times faster.",
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume/--no-resume", help="Go on where an earlier run stopped, or remove what it wrote.")
    ] = True,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Read again what failed in an earlier run.")
    ] = False,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="tcp://HOST:PORT", show_default=False, help="Read on this Dask cluster."),
    ] = None,
    json_log: Annotated[
        bool, typer.Option("--json-log", help="A line of JSON for each picture on standard error.")
    ] = False,
    ocr: Engine = Ocr.ppocr,
) -> None:
    """Convert many pictures, unattended: one dataset of all points, a table of the pictures, an index to look through.

    A run that was stopped or killed goes on where it was.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    chosen = tuple(form.value for form in forms or ())
    work = partial(
        _convert,
        tuple(sources or ()),
        out,
        forms=chosen,
        workers=workers,
        seconds=time_limit,
        memory=memory_limit,
        like=like,
        resume=resume,
        retry_failed=retry_failed,
        scheduler=scheduler,
        json_log=json_log,
        ocr=ocr.value,
    )
    raise typer.Exit(guard("", work))


def _convert(
    sources: tuple[str, ...],
    out: str,
    *,
    forms: tuple[str, ...],
    workers: int | None,
    seconds: float,
    memory: str | None,
    like: str | None,
    resume: bool,
    retry_failed: bool,
    scheduler: str | None,
    json_log: bool,
    ocr: str,
) -> int:
    if scheduler is not None and workers is not None:
        raise UsageError("a Dask cluster has its own number of workers; leave --workers out")
    from digitize.batch.convert import Options, convert
    from digitize.listeners import Bar, Json, Lines
    from digitize.model import Settings
    from digitize.outputs.files import Format

    settings = Settings(ocr=ocr)
    options = Options(
        settings=settings,
        forms=tuple(Format.OVERLAY if form == "overlay" else Format(form) for form in forms if form != "csv"),
        csv="csv" in forms,
        workers=workers,
        seconds=seconds,
        memory=None if memory is None else parse_size(memory),
        resume=resume,
        retry_failed=retry_failed,
        like=None if like is None else open_reading(like, ocr),
        scheduler=scheduler,
    )
    with Json() if json_log else Bar() if sys.stderr.isatty() else Lines() as listener:
        result = convert(sources, out, options, listener)
    if json_log:
        Json.tell("end", **to_dict(result))
    print_rich(to_summary(result))
    if result.interrupted and not json_log:
        talk(f"interrupted with {result.pending:,} pictures to go; the same command goes on")
    return exit_code(result)


def parse_size(text: str) -> int:
    """A number of bytes, such as 500M or 2.5GiB; units count by 1024.

    Raises
    ------
    UsageError
        It is none.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", text.strip(), re.IGNORECASE)
    if not found or not float(found[1]):
        raise UsageError(f"{text!r} is no size; give it like 800M or 2G")
    return int(float(found[1]) * _UNITS[found[2].upper()])


def exit_code(result: Result) -> int:
    """The highest code that the pictures of an output call for."""
    if result.interrupted:
        return INTERRUPTED
    codes = [0]
    if result.statuses["refused"]:
        codes.append(1)
    for status, code, _ in result.reasons:
        if status == "failed":
            codes.append(UNEXPECTED if code in _FAULTS else InputError.exit_code)
    return max(codes)


def to_dict(result: Result) -> dict[str, object]:
    """A result for `--json-log`."""
    reasons = [{"status": status, "code": code, "pictures": count} for status, code, count in result.reasons]
    return {
        "statuses": dict(result.statuses),
        "reasons": reasons,
        "pending": result.pending,
        "read": result.read,
        "seconds": round(result.seconds, 3),
        "interrupted": result.interrupted,
        "passed_over": dict(result.passed_over),
        "out": result.out,
        "index": result.index,
    }


def to_summary(result: Result) -> Group:
    """What a run came to, for people: by status, the reasons of each, and where to look."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from digitize.listeners import SHOWN, duration

    table = Table(box=None, pad_edge=False, show_header=False)
    for column in ("count", "status", "reasons"):
        table.add_column(column, justify="right" if column == "count" else "left", overflow="fold")
    for status, word in SHOWN.items():
        whys = [f"{code} {count:,}" for of, code, count in result.reasons if of == status]
        further = f" and {len(whys) - MOST_REASONS} more" if len(whys) > MOST_REASONS else ""
        table.add_row(f"{result.statuses[status]:,}", word, ", ".join(whys[:MOST_REASONS]) + further)
    pace = f", {result.read / result.seconds:.2g} a second" if result.read and result.seconds else ""
    lines = [f"{result.read:,} pictures in {duration(result.seconds)}{pace}", f"dataset  {result.out}: points, images"]
    if result.passed_over:
        kinds = sorted(result.passed_over.items(), key=lambda item: -item[1])
        named = ", ".join(f"{suffix} {count:,}" for suffix, count in kinds[:MOST_REASONS])
        lines.append(f"passed over, by their suffix no pictures: {named}")
    return Group(table, *(Text(line) for line in [*lines, f"look at  {result.index}"]))
