"""Strokes told from shading in a pale tint of their ink."""

from __future__ import annotations

import numpy as np

from digitize.color import Float32
from digitize.palette import Family
from digitize.strengths import SHOWN, SHOWN_TOO, split_levels, without_shading

HEIGHT, WIDTH, TINT = 120, 300, 0.2


def band_with_line() -> tuple[Float32, Float32]:
    """The share of full ink of a line 2 px wide in the middle of a band 40 px high, and of the line alone."""
    line = np.zeros((HEIGHT, WIDTH), np.float32)
    line[59:61] = 1.0
    share = line.copy()
    share[40:80] = np.where(line[40:80] > 0, 1.0, TINT)
    return share, line


def test_a_band_is_no_part_of_its_line() -> None:
    share, line = band_with_line()
    assert np.abs(without_shading(share, 2.0) - line).max() < 0.05
    levels = split_levels(share, Family(color=(120, 80, 140), entries=((0, 1.0),)), 2.0)
    assert len(levels) == 1
    assert levels[0].strength > 0.9
    assert (levels[0].coverage[40:58] == 0).all()


def test_a_faint_tangle_stays() -> None:
    rng = np.random.default_rng(0)
    share = np.zeros((HEIGHT, WIDTH), np.float32)
    share[59:61] = 1.0
    for column in range(WIDTH):
        low, high = np.sort(60 + rng.normal(0, 12, 2)).astype(int)
        share[low : high + 1, column] = np.maximum(share[low : high + 1, column], 0.3)
    assert (without_shading(share, 2.0) == share).all()


def test_a_broad_line_stays() -> None:
    share = np.zeros((HEIGHT, WIDTH), np.float32)
    share[40:80] = 1.0
    assert (without_shading(share, 2.0) == share).all()


def test_a_faint_curve_is_seen_up_to_the_edge_of_a_crisp_bold_one() -> None:
    share = np.zeros((HEIGHT, WIDTH), np.float32)
    for column in range(WIDTH):
        reach = abs(column % 14 - 7) * 4
        share[60 - reach : 62 - reach + 4, column] = 0.3
    share[59:63] = 1.0
    bold, faint = split_levels(share, Family(color=(120, 80, 140), entries=((0, 1.0),)), 2.0)
    assert faint.faint
    assert (bold.coverage[59:63] > 0.9).all()
    # a pixel's width is left for the bold one's soft edge
    beside = share[57] > 0
    assert (faint.coverage[57][beside] > 0.9).all()


def test_tips_of_a_faint_curve_tell_it_where_another_ink_of_the_chart_has_one() -> None:
    share = np.zeros((HEIGHT, WIDTH), np.float32)
    for number, column in enumerate(range(2, WIDTH, 3)):
        reach = 15 if number % 3 == 0 else 8  # a third of them are longer than dots beyond the bold curve's edge
        share[60 - reach : 60, column] = 0.3
    share[59:61] = 1.0
    family = Family(color=(120, 80, 140), entries=((0, 1.0),))
    assert len(split_levels(share, family, 2.0, SHOWN)) == 1
    assert [level.faint for level in split_levels(share, family, 2.0, SHOWN_TOO)] == [False, True]
