"""Curves that end together or each on its own."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitize.ends import End, end_apart
from digitize.model import Color, Picture
from digitize.palette import Mask
from digitize.stages.segment import segment
from digitize.stages.trace import trace_series
from tests.test_patterns import BLUE, HEIGHT, RED, WIDTH, falling, layout

SIZE = (100, 300)
GREEN: Color = (44, 160, 44)


def ink(*strokes: tuple[int, int, int]) -> Mask:
    """Level strokes, each two pixels wide, from a first to a last column at a row."""
    drawn = np.zeros(SIZE, bool)
    for first, last, row in strokes:
        drawn[row - 1 : row + 1, first : last + 1] = True
    return drawn


def test_a_curve_that_ends_early_in_the_open_ends_apart() -> None:
    drawn = ink((10, 290, 20), (10, 200, 70))
    ends = [End(290.0, 20.0, 2.0), End(200.0, 70.0, 2.0)]
    assert end_apart(ends, drawn, first=False)
    assert not end_apart([End(10.0, 20.0, 2.0), End(10.0, 70.0, 2.0)], drawn, first=True)


def test_a_curve_that_ends_early_beside_another_may_go_on_with_it() -> None:
    drawn = ink((10, 290, 20), (10, 200, 23))
    assert not end_apart([End(290.0, 20.0, 2.0), End(200.0, 23.0, 2.0)], drawn, first=False)


def test_beginnings_are_ends_the_other_way_round() -> None:
    drawn = ink((10, 290, 20), (100, 290, 70))
    assert end_apart([End(10.0, 20.0, 2.0), End(100.0, 70.0, 2.0)], drawn, first=True)


@pytest.mark.parametrize("alone", [False, True])
def test_a_curve_is_carried_on_beneath_another_unless_curves_end_apart(alone: bool) -> None:
    # the first falls upon the second at 460 and is not seen again; the third ends at 400, or with the second
    large = np.full((HEIGHT * 4, WIDTH * 4, 3), 255, np.uint8)
    courses: list[tuple[Color, list[tuple[int, int]]]] = [
        (RED, [(30, 60), (300, 60), (300, 120), (460, 120), (460, 200)]),
        (GREEN, [(30, 200), (570, 200)]),
        (BLUE, [(30, 300), (400 if alone else 570, 300)]),
    ]
    for color, points in courses:
        cv2.polylines(large, [np.array(points)[:, None] * 4], False, color, 10)
    rgb = np.asarray(cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    plan = layout([(falling, "solid", color) for color, _ in courses])
    first, *_ = trace_series(segment(Picture(name="steps.png", rgb=rgb, sha256="0" * 64), plan), plan)
    end = float(first.x_px[np.isfinite(first.y_px)].max())
    assert end == pytest.approx(460 if alone else 570, abs=4)
