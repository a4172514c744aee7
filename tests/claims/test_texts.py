"""Descriptions as vision-language models write them, with hand-made truth for each of their statements.

`dashboard` was written together with the reader of sentences. The others were written by somebody who had not seen it:
`structured` in the usual form of such descriptions, `loose` in the freest prose, the last three of other pictures.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

import digitize

TEXTS = Path(__file__).parent / "texts"


def held_against(reading, name):
    """How many statements of a text there are, how many are found as claims, and how many of these get it right."""
    check = digitize.check(reading, TEXTS / f"{name}.md")
    claims = defaultdict(list)
    for verdict in check.verdicts:
        claims[verdict.claim.source.line, verdict.claim.kind.value].append(verdict)
    with (TEXTS / f"{name}.truth.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = right = 0
    for row in rows:
        matching = claims[int(row["line"]), row["kind"]]
        if matching:
            found += 1
            right += matching.pop(0).outcome == row["verdict"]
    return len(rows), found, right, check


@pytest.mark.parametrize(
    ("name", "picture", "least_found", "least_right"),
    [
        ("dashboard", "dashboard", 0.95, 0.97),
        ("structured", "dashboard", 0.95, 0.97),
        ("loose", "dashboard", 0.85, 0.95),
        ("dates", "dates", 0.9, 0.95),
        ("log-axis", "log-axis", 0.85, 0.9),
        ("two-axes", "two-axes", 0.9, 0.9),
    ],
)
def test_statements_are_found_and_judged(readings, name, picture, least_found, least_right):
    total, found, right, _ = held_against(readings[picture], name)
    assert total >= 50
    assert found >= least_found * total
    assert right >= least_right * found


def test_statements_that_contradict_each_other_are_paired(readings):
    _, _, _, check = held_against(readings["dashboard"], "dashboard")
    pairs = {(one.first.source.line, one.second.source.line) for one in check.contradictions}
    assert pairs == {(19, 23), (19, 26), (36, 75), (38, 38), (38, 45), (38, 48), (38, 50), (57, 61), (57, 76)}
