"""Error bars taken out of the ink of curves drawn from known corners."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitize.color import Float32
from digitize.errorbars import error_bar_columns, without_error_bars

HEIGHT, WIDTH, STROKE = 240, 400, 2
CORNERS = [(30, 150), (100, 90), (170, 120), (240, 60), (310, 70), (370, 110)]


def chart(bars: bool, cap: int = 0, reach: int = 22, lower: int = 0) -> tuple[Float32, Float32]:
    """The ink of a curve, and of the curve with bars through its corners."""
    corners = [(x, y + lower) for x, y in CORNERS]
    curve = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.polylines(curve, [np.array(corners, np.int32)[:, None]], False, 255, STROKE, cv2.LINE_AA)
    drawn = curve.copy()
    for x, y in corners if bars else ():
        drawn[y - reach : y + reach + 1, x : x + STROKE] = 255
        for end in (y - reach, y + reach):
            drawn[end : end + STROKE, x - cap : x + STROKE + cap] = 255
    return (curve / 255).astype(np.float32), (drawn / 255).astype(np.float32)


NOTHING = np.zeros((HEIGHT, WIDTH), bool)


@pytest.mark.parametrize("cap", [0, 6])
def test_bars_are_taken_out_and_the_curve_stays(cap: int) -> None:
    curve, drawn = chart(True, cap)
    columns = error_bar_columns(drawn, NOTHING, STROKE)
    assert len(columns) == len(CORNERS)
    kept = without_error_bars(drawn, NOTHING, STROKE, columns, columns)
    far = cv2.dilate(curve, np.ones((9, 9), np.uint8)) == 0
    assert kept[far].sum() == 0
    assert (kept[curve > 0.9] > 0.5).mean() > 0.97


def test_a_few_pixels_beside_a_bar_do_not_hide_it() -> None:
    _, drawn = chart(True)
    for x, y in CORNERS:
        drawn[y + 9, x + STROKE : x + STROKE + 2] = 0.5
    columns = error_bar_columns(drawn, NOTHING, STROKE)
    assert len(columns) == len(CORNERS)


def test_pieces_of_bars_are_told_by_those_of_other_curves() -> None:
    _, other = chart(True)
    curve, drawn = chart(True, lower=30)
    # All bars but two lie beneath other ink, of one a piece below the curve is seen.
    for x, y in CORNERS[1:5]:
        drawn[y + 30 - 24 : y + 30 - 4, x - 1 : x + STROKE + 1] = 0
    for x, y in CORNERS[2:5]:
        drawn[y + 30 + 4 : y + 30 + 26, x - 1 : x + STROKE + 1] = 0
    columns = error_bar_columns(other, NOTHING, STROKE)
    own = error_bar_columns(drawn, NOTHING, STROKE)
    assert len(own) < 3
    kept = without_error_bars(drawn, NOTHING, STROKE, columns + own, own)
    far = cv2.dilate(curve, np.ones((9, 9), np.uint8)) == 0
    assert kept[far].sum() == 0


def test_a_curve_without_bars_stays_as_it_is() -> None:
    _, drawn = chart(False)
    assert error_bar_columns(drawn, NOTHING, STROKE) == []
    assert without_error_bars(drawn, NOTHING, STROKE, [], []) is drawn
    steps = np.zeros((HEIGHT, WIDTH), np.float32)
    for k in range(8):
        steps[40 + 20 * k : 42 + 20 * k, 20 + 40 * k : 62 + 40 * k] = 1
        steps[40 + 20 * k : 62 + 20 * k, 60 + 40 * k : 62 + 40 * k] = 1
    assert error_bar_columns(steps, NOTHING, STROKE) == []


def test_the_risers_of_steps_that_other_curves_cross_are_no_bars() -> None:
    steps = np.zeros((HEIGHT, WIDTH), np.float32)
    for k in range(6):
        steps[200 - 30 * k : 202 - 30 * k, 20 + 60 * k : 82 + 60 * k] = 1
        steps[170 - 30 * k : 202 - 30 * k, 80 + 60 * k : 82 + 60 * k] = 1
        steps[186 - 30 * k : 188 - 30 * k, 60 + 60 * k : 100 + 60 * k] = 1
    assert error_bar_columns(steps, NOTHING, STROKE) == []


def test_the_sides_of_hollow_markers_are_no_bars() -> None:
    drawn = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.polylines(drawn, [np.array(CORNERS, np.int32)[:, None]], False, 255, STROKE, cv2.LINE_AA)
    for x, y in CORNERS:
        cv2.circle(drawn, (x, y), 6, 0, -1)
        cv2.circle(drawn, (x, y), 6, 255, STROKE, cv2.LINE_AA)
    assert error_bar_columns((drawn / 255).astype(np.float32), NOTHING, STROKE) == []
