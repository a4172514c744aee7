"""Descriptions as vision-language models write them, with hand-made truth for each of their statements.

`dashboard` was written together with the reader of sentences. The others were written by somebody who had not seen it:
`structured` and `dashboard-dark` in the usual form of such descriptions, `loose` in the freest prose, the last three of
other pictures.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import score_texts


@pytest.mark.parametrize(
    ("name", "least_found", "least_right"),
    [
        ("dashboard", 0.95, 0.97),
        ("structured", 0.95, 0.97),
        ("loose", 0.85, 0.95),
        ("dashboard-dark", 0.9, 0.95),
        ("dates", 0.9, 0.95),
        ("log-axis", 0.85, 0.9),
        ("two-axes", 0.9, 0.9),
    ],
)
def test_statements_are_found_and_judged(readings, name, least_found, least_right):
    text = score_texts.TEXTS / f"{name}.md"
    one = score_texts.score(text, readings[score_texts.picture_of(text).stem])
    assert one.statements >= 50
    assert one.found >= least_found * one.statements
    assert one.right >= least_right * one.found


def test_statements_that_contradict_each_other_are_paired(readings):
    check = score_texts.score(score_texts.TEXTS / "dashboard.md", readings["dashboard"]).check
    pairs = {(one.first.source.line, one.second.source.line) for one in check.contradictions}
    assert pairs == {(19, 23), (19, 26), (36, 75), (38, 38), (38, 45), (38, 48), (38, 50), (57, 61), (57, 76)}
