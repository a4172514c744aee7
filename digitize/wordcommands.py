"""The commands about words: a picture described, and reported values checked."""

from __future__ import annotations

import sys
import warnings
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

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
)
from digitize.errors import OutputError, UsageError

if TYPE_CHECKING:
    from digitize.claims.records import Check
    from digitize.model import Reading


class Described(StrEnum):
    """The forms of a description."""

    md = "md"
    json = "json"


def describe(
    image: Annotated[
        str,
        typer.Argument(
            metavar="IMAGE", help="A picture, or NAME.json of a reading; - is standard input.", show_default=False
        ),
    ],
    x: Annotated[
        str | None,
        typer.Option(
            "--x",
            metavar="ticks|samples|N|start:stop:step|0,5,10",
            show_default=False,
            help="Where the key data points stand; at the labelled ticks, unless given.",
        ),
    ] = None,
    form: Annotated[Described, typer.Option("--format", "-f", help="Words, or the same facts as JSON.")] = Described.md,
    panel: PanelNames = None,
    series: SeriesNames = None,
    ocr: Engine = Ocr.ppocr,
) -> None:
    """Describe a picture in words made from its numbers alone.

    Overview, components, each series' course and key points, comparisons, interpretation, anomalies, doubts.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    chosen = (tuple(panel or ()), tuple(series or ()))
    raise typer.Exit(guard("", partial(_print_description, image, x, form.value, chosen, ocr.value)))


def _print_description(
    image: str, x: str | None, form: str, chosen: tuple[tuple[str, ...], tuple[str, ...]], ocr: str
) -> int:
    import json

    from digitize.outputs.description import to_markdown
    from digitize.outputs.facts import find_facts
    from digitize.outputs.factsjson import facts_to_dict
    from digitize.outputs.narrow import narrow

    reading = open_reading(image, ocr)
    if reading.panels:
        reading = narrow(reading, *chosen)
    at = "ticks" if x is None else read_places(x)
    if form == "json":
        text = json.dumps(facts_to_dict(find_facts(reading, at)), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    else:
        text = to_markdown(reading, at)
    print_bytes(text.encode(errors="replace"))
    return tell_refused(image, reading)


CHECK_CODES = (
    EXIT_CODES.replace("0  every picture was read", "0  nothing is refuted and nothing contradictory")
    .replace(
        "1  a picture holds no line chart, or none of its panels could be calibrated",
        "1  a claim is refuted, or two contradict each other; with --strict, or one is undecidable",
    )
    .replace("Of several pictures the good ones are still read, and the highest code is returned.", "")
)


class Checked(StrEnum):
    """The forms of a check."""

    table = "table"
    md = "md"
    json = "json"
    junit = "junit"


def check(
    claims: Annotated[
        str,
        typer.Option(
            "--claims",
            metavar="FILE",
            show_default=False,
            help="What was reported: Markdown or prose, a .csv table, or .json; - is standard input.",
        ),
    ],
    image: Annotated[
        str | None,
        typer.Argument(
            metavar="[IMAGE]",
            show_default=False,
            help="A picture, or NAME.json of a reading; without one the claims are held against each other alone.",
        ),
    ] = None,
    tolerance: Annotated[
        str | None,
        typer.Option(
            "--tolerance",
            metavar="Y|P%",
            show_default=False,
            help="What a value may be off besides the reading's error, in units of y (0.01) or of the axis (2%), "
            "instead of what its digits and a human eye leave open.",
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Undecidable claims fail too.")] = False,
    form: Annotated[Checked, typer.Option("--format", "-f", help="What is printed.")] = Checked.table,
    overlay: Annotated[
        Path | None,
        typer.Option(
            "--overlay",
            metavar="FILE.png",
            show_default=False,
            help="Draw where claims say the curve should be.",
        ),
    ] = None,
    ocr: Engine = Ocr.ppocr,
) -> None:
    """Hold reported values against a picture, and against each other.

    Each claim is confirmed, refuted or undecidable; what is no claim is listed.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    work = partial(_print_check, image, claims, tolerance, strict, form.value, overlay, ocr.value)
    raise typer.Exit(guard("", work))


def _print_check(
    image: str | None, claims: str, tolerance: str | None, strict: bool, form: str, overlay: Path | None, ocr: str
) -> int:
    from digitize.claims import report
    from digitize.claims.checking import check as check_claims
    from digitize.claims.given import load_claims, parse_claims
    from digitize.claims.grounds import Allowance

    if overlay is not None and (image is None or image.lower().endswith(".json")):
        raise UsageError("--overlay draws on a picture; give the picture itself")
    if claims == "-" and image == "-":
        raise UsageError("only one of the picture and the claims can come from standard input")
    if tolerance is not None:
        Allowance.parse(tolerance)
    given = parse_claims(sys.stdin.buffer.read(), "", "standard input") if claims == "-" else load_claims(claims)
    reading = None if image is None else open_reading(image, ocr)
    found = check_claims(reading, given, tolerance=tolerance)
    if overlay is not None and reading is not None and image is not None:
        talk(_write_marks(reading, found, overlay, image))
    if form == "table":
        print_rich(report.to_terminal(found))
    elif form == "junit":
        print_bytes(report.to_junit(found, strict=strict).encode(errors="replace"))
    else:
        text = report.to_json(found) + "\n" if form == "json" else report.to_markdown(found)
        print_bytes(text.encode(errors="replace"))
    return 0 if found.passed(strict=strict) else 1


def _write_marks(reading: Reading, found: Check, overlay: Path, image: str) -> str:
    """Write the picture with its marks and say so; the picture itself is never overwritten."""
    from io import BytesIO

    from digitize.claims.marks import draw_marks
    from digitize.outputs.files import write_all

    if overlay.resolve() == Path(image).resolve():
        raise OutputError(f"{overlay}: this would overwrite the picture; choose another name")
    out = BytesIO()
    draw_marks(reading, found).save(out, format="PNG")
    write_all({overlay: out.getvalue()})
    return f"wrote {overlay}"
