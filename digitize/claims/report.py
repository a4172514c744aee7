"""A check as text: Markdown, JSON, JUnit XML, a table of data, and lines for a terminal."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from digitize.claims.records import Check, Claim, Contradiction, Measured, Number, Outcome, Source, Verdict
from digitize.model import to_iso

if TYPE_CHECKING:
    from pandas import DataFrame
    from rich.console import Group

FORMAT = "digitize-check/1"
_STYLES: dict[Outcome, str] = {"confirmed": "green", "refuted": "bold red", "undecidable": "yellow"}
_OUTCOMES: tuple[Outcome, ...] = ("confirmed", "refuted", "undecidable")


def summary_line(check: Check) -> str:
    """How many claims there are and what came of them."""
    counts = [f"{check.count(outcome)} {outcome}" for outcome in _OUTCOMES] if check.verdicts else []
    counts.append(f"{len(check.contradictions)} contradictory")
    return f"{len(check.claims)} claims: {', '.join(counts)}; {len(check.not_understood)} statements not understood"


def to_markdown(check: Check) -> str:
    """A check as Markdown: a table of verdicts with lines and quotes, contradictions, and what was not understood."""
    lines = ["# Check", "", f"{summary_line(check)}.", ""]
    if check.verdicts:
        lines += ["| line | statement | verdict | why | read as |", "| ---: | --- | --- | --- | --- |"]
        for one in check.verdicts:
            verdict = f"**{one.outcome}**" if one.outcome == "refuted" else one.outcome
            cells = [str(one.claim.source.line), one.claim.source.quote, verdict, _why(one), _subject(one)]
            lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    lines += ["", "## Contradictions", ""]
    lines += [f"- {_clash(one)}" for one in check.contradictions] or ["None."]
    lines += ["", "## Not understood", ""]
    lines += [f"- line {one.line}: {_cell(one.quote)}" for one in check.not_understood] or ["None."]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _why(verdict: Verdict) -> str:
    return verdict.why + (" (the chart's reading says `review`)" if verdict.doubtful else "")


def _subject(verdict: Verdict) -> str:
    """What the statement was taken for: its kind, and the chart and the series that it was matched to."""
    matches = [*([verdict.panel] if verdict.panel else []), *verdict.series]
    names = ", ".join(f"{one.label}{f' ({one.score:.0%} alike)' if one.score < 1 else ''}" for one in matches)
    return f"{verdict.claim.kind.value}{': ' if names else ''}{names}"


def _clash(one: Contradiction) -> str:
    first = f"line {one.first.source.line} (“{one.first.source.quote}”)"
    if one.first is one.second:
        return f"{first}: {one.why}"
    return f"{first} and line {one.second.source.line} (“{one.second.source.quote}”): {one.why}"


def to_json(check: Check) -> str:
    """A check as JSON text: claims with verdicts, contradictions by the claims' positions, what was not understood."""
    positions = {id(claim): k for k, claim in enumerate(check.claims)}
    verdicts: list[Verdict | None] = list(check.verdicts) or [None] * len(check.claims)
    content = {
        "format": FORMAT,
        "passed": check.passed(),
        "counts": {outcome: check.count(outcome) for outcome in _OUTCOMES},
        "claims": [_claim(claim, verdict) for claim, verdict in zip(check.claims, verdicts, strict=True)],
        "contradictions": [
            {"claims": [positions[id(one.first)], positions[id(one.second)]], "why": one.why}
            for one in check.contradictions
        ],
        "not_understood": [_source(one) for one in check.not_understood],
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)


def _source(source: Source) -> dict[str, Any]:
    return {"line": source.line, "quote": source.quote}


def _number(number: Number | None) -> Any:
    """A claimed number; times are ISO 8601, categories their names, ends of the curve their words."""
    if number is None:
        return None
    if number.name is not None:
        return number.name
    if not math.isfinite(number.value):
        return number.text
    return to_iso(number.value) if number.time else number.value


def _claim(claim: Claim, verdict: Verdict | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        **_source(claim.source),
        "kind": claim.kind.value,
        "panel": claim.panel,
        "series": claim.series,
        "other": claim.other,
        "axis": claim.axis,
        "x": [_number(claim.start), _number(claim.stop)],
        "y": [_number(claim.low), _number(claim.high)],
        "before": _number(claim.before),
        "step": _number(claim.step),
        "word": claim.word,
        "words": list(claim.words),
    }
    if verdict is not None:
        told |= {
            "verdict": verdict.outcome,
            "why": verdict.why,
            "doubtful": verdict.doubtful,
            "matched": {
                "panel": _match(verdict.panel),
                "series": [_match(one) for one in verdict.series],
            },
            "measured": [_measured(one) for one in verdict.measured],
            "at_px": verdict.at,
        }
    return told


def _match(match: Any) -> dict[str, Any] | None:
    return None if match is None else {"label": match.label, "score": round(match.score, 3)}


def _measured(one: Measured) -> dict[str, Any]:
    return {
        "name": one.name,
        "claimed": _number(one.claimed),
        "low": one.low,
        "high": one.high,
        "error": one.error,
        "tolerance": one.tolerance,
        "off": one.off,
    }


def to_junit(check: Check, *, strict: bool = False) -> str:
    """A check as JUnit XML: a test a claim, failures for refuted ones and contradictions, skips for undecidable ones.

    If `strict`, undecidable claims fail too.
    """
    suite = ElementTree.Element("testsuite", name="digitize check")
    failures = skipped = 0
    for one in check.verdicts:
        name = _for_xml(f"line {one.claim.source.line}: {one.claim.source.quote} [{_subject(one)}]")
        case = ElementTree.SubElement(suite, "testcase", classname=one.claim.kind.value, name=name)
        if one.outcome == "refuted" or (strict and one.outcome == "undecidable"):
            ElementTree.SubElement(case, "failure", message=_for_xml(_why(one)), type=one.outcome)
            failures += 1
        elif one.outcome == "undecidable":
            ElementTree.SubElement(case, "skipped", message=_for_xml(_why(one)))
            skipped += 1
    for clash in check.contradictions:
        case = ElementTree.SubElement(suite, "testcase", classname="contradiction", name=_for_xml(_clash(clash)))
        ElementTree.SubElement(case, "failure", message=_for_xml(clash.why), type="contradictory")
        failures += 1
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(failures))
    suite.set("skipped", str(skipped))
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _for_xml(text: str) -> str:
    """Text without the control characters that XML has no place for."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def verdict_table(check: Check) -> DataFrame:
    """One row a verdict: line, quote, kind, panel, series, verdict, why, and what was measured, first number first."""
    import pandas as pd

    rows = [
        {
            "line": one.claim.source.line,
            "quote": one.claim.source.quote,
            "kind": one.claim.kind.value,
            "panel": one.panel.label if one.panel else None,
            "series": ", ".join(match.label for match in one.series) or None,
            "verdict": one.outcome,
            "why": one.why,
            "claimed": one.measured[0].claimed.value if one.measured else None,
            "low": one.measured[0].low if one.measured else None,
            "high": one.measured[0].high if one.measured else None,
            "tolerance": one.measured[0].tolerance if one.measured else None,
        }
        for one in check.verdicts
    ]
    columns = "line quote kind panel series verdict why claimed low high tolerance".split()  # noqa: SIM905
    return pd.DataFrame(rows, columns=columns)


def to_terminal(check: Check) -> Group:
    """A check for `rich` to print: a row a claim, refuted ones marked, then contradictions and what is left over."""
    from rich.console import Group, RenderableType
    from rich.table import Table
    from rich.text import Text

    parts: list[RenderableType] = []
    if check.verdicts:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for title in ("line", "statement", "verdict", "why", "read as"):
            table.add_column(title, justify="right" if title == "line" else "left", overflow="fold")
        before: Source | None = None
        for one in check.verdicts:
            verdict = Text(one.outcome, style=_STYLES[one.outcome])
            source = one.claim.source
            line, quote = (str(source.line), source.quote) if source != before else ("", "")
            table.add_row(line, Text(quote), verdict, Text(_why(one)), Text(_subject(one)))
            before = source
        parts += [table, Text()]
    parts += [Text.assemble(("contradictory  ", "bold red"), _clash(one)) for one in check.contradictions]
    parts += [
        Text.assemble(("not understood  ", "dim"), f"line {one.line}: {one.quote}") for one in check.not_understood
    ]
    return Group(*parts, Text(summary_line(check), style="bold"))
