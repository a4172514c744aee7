#!/usr/bin/env python3
"""Score the reader of sentences on texts with hand-made truth: how many statements it finds, how many it judges right.

A text NAME.md has its truth in NAME.truth.csv beside it: the line, the kind and the verdict of each statement, in
order. It describes the picture fixtures/NAME.png, or fixtures/dashboard.png where there is none of its name.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import digitize
from digitize.claims.records import Check
from digitize.model import Reading

ROOT = Path(__file__).resolve().parents[1]
TEXTS = ROOT / "tests" / "claims" / "texts"
FIXTURES = ROOT / "fixtures"


@dataclass(frozen=True, kw_only=True)
class Score:
    """Statements of a text, those of them found as claims, those of these judged right, and the check itself."""

    statements: int
    found: int
    right: int
    check: Check


def picture_of(text: Path) -> Path:
    own = FIXTURES / f"{text.stem}.png"
    return own if own.exists() else FIXTURES / "dashboard.png"


def score(text: Path, reading: Reading) -> Score:
    """A text held against its picture, statement by statement."""
    check = digitize.check(reading, text)
    claims = defaultdict(list)
    for verdict in check.verdicts:
        claims[verdict.claim.source.line, verdict.claim.kind.value].append(verdict)
    with text.with_suffix(".truth.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = right = 0
    for row in rows:
        matching = claims[int(row["line"]), row["kind"]]
        if matching:
            found += 1
            right += matching.pop(0).outcome == row["verdict"]
    return Score(statements=len(rows), found=found, right=right, check=check)


def main() -> int:
    total = [0, 0, 0]
    for text in sorted(TEXTS.glob("*.md")):
        one = score(text, digitize.read(picture_of(text)))
        total = [a + b for a, b in zip(total, (one.statements, one.found, one.right), strict=True)]
        print(f"{text.stem:<12} {one.statements:>4} statements, {one.found:>4} found, {one.right:>4} of these right")
    statements, found, right = total
    print(f"{'all':<12} {statements:>4} statements, {found / statements:.1%} found, {right / found:.1%} of these right")
    return 0


if __name__ == "__main__":
    sys.exit(main())
