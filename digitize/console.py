"""What the commands of the command line share: options, the error boundary, opening, printing."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from digitize.errors import DigitizeError

if TYPE_CHECKING:
    from rich.console import Group

    from digitize.model import Reading
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


def read_places(text: str) -> ChosenX:
    """What `--x` means."""
    from digitize.outputs.values import read_x

    return read_x(text)


def guard(place: str, work: Callable[[], int]) -> int:
    """The one error boundary: whatever goes wrong becomes one line and an exit code."""
    try:
        return work()
    except DigitizeError as error:
        talk(f"{place}error: {error}")
        return error.exit_code
    except BrokenPipeError:
        raise  # whoever read our output has enough
    except Exception as error:
        if os.environ.get("DIGITIZE_TRACEBACK"):
            traceback.print_exc()
        what = " ".join(f"{type(error).__name__}: {error}".split())
        talk(f"{place}error: {what}; this is a fault of digitize, please report it (DIGITIZE_TRACEBACK=1 shows more)")
        return UNEXPECTED


def verdict_of(reading: Reading) -> str:
    """The outcome in a line: how many panels in which state, or why there are none."""
    if not reading.panels:
        return "no line chart" + "".join(f"; {reason.message}" for reason in reading.reasons)
    states = [panel.status for panel in reading.panels]
    counts = ", ".join(f"{states.count(state)} {state}" for state in ("ok", "review", "refused") if state in states)
    return f"{len(states)} panel{'' if len(states) == 1 else 's'}: {counts}"


def tell_refused(image: str, reading: Reading) -> int:
    """1, and why, where nothing of a picture could be read."""
    if all(one.status == "refused" for one in reading.panels):
        talk(f"{image}: {verdict_of(reading)}")
        return 1
    return 0


def open_reading(image: str, ocr: str) -> Reading:
    """The reading of a picture, or the one that was written as JSON before."""
    from digitize.errors import InputError
    from digitize.model import Settings

    if not image.lower().endswith(".json"):
        from digitize.pipeline import read as read_picture

        return read_picture(image, Settings(ocr=ocr))
    from digitize.outputs.decode import from_json

    try:
        return from_json(Path(image).read_bytes())
    except OSError as error:
        raise InputError(f"{image}: the reading cannot be opened ({(error.strerror or str(error)).lower()})") from error
    except InputError as error:
        raise InputError(f"{image}: {error}") from error


def print_rich(shown: Group) -> None:
    """To standard output, 120 columns wide where that is no terminal."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 120
    console.print(shown)
    console.file.flush()


def print_bytes(content: bytes) -> None:
    """Data to standard output."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def talk(line: str) -> None:
    """A line to standard error."""
    typer.echo(line, err=True)
