"""How far strokes lie off their places, told by labels, by exact data points and by where the strokes stand."""

from __future__ import annotations

import numpy as np
import pytest

from digitize.model import Axis, Box, FloatArray, Tick, TickLabel, TickLabels
from digitize.strokeshift import Shift, find_shift
from tests.drawing import word

#: Where the ticks of the values 0, 1, 2 … belong, in pixels; their steps are no whole pixels.
PLACES = 60.3 + 47.37 * np.arange(8)
HEIGHT = 9.0


def rounded(places: FloatArray, down: bool) -> FloatArray:
    """The middles of the pixels that strokes at these places are moved on to."""
    return np.floor(places + 0.5) + 0.5 if down else np.floor(places) + 0.5


def axis(strokes: FloatArray, labels: FloatArray | None = None) -> tuple[Axis, TickLabels]:
    """An x axis as read with strokes, and with labels whose middles are given, none where they are not."""
    boxes = [Box(x - 8, 400, x + 8, 400 + HEIGHT) for x in labels] if labels is not None else [None] * len(strokes)
    ticks = tuple(
        Tick(pixel=float(x), text=str(k), value=float(k), used=True, box=box)
        for k, (x, box) in enumerate(zip(strokes, boxes, strict=True))
    )
    words = tuple(
        TickLabel(word=word(str(k), 0, 0, box=box), center_px=(box.left + box.right) / 2)
        for k, box in enumerate(boxes)
        if box
    )
    ends = float(PLACES[0]), float(PLACES[-1])
    read = Axis(scale="linear", pixels=ends, values=(0.0, 7.0), residual_px=0.2, ticks=ticks)
    return read, TickLabels(axis="x", side="bottom", labels=words, strokes_px=tuple(float(x) for x in strokes))


def shift_of(read: tuple[Axis, TickLabels], told: bool = False) -> Shift:
    return find_shift([read], [read] if told else [], 1.0)


def test_nothing_but_strokes_on_whole_pixels_leaves_both_ways_of_rounding() -> None:
    found = shift_of(axis(rounded(PLACES, down=True)))
    assert found.by == pytest.approx(-0.25, abs=0.02)
    assert found.error > 0.2


@pytest.mark.parametrize(("down", "low", "high"), [(True, -0.55, -0.35), (False, -0.2, 0.0)])
def test_middles_of_labels_tell_which_way_strokes_were_rounded(down: bool, low: float, high: float) -> None:
    # a label is put on whole pixels too, to the nearest
    middles = np.round(PLACES - 8) + 8
    found = shift_of(axis(rounded(PLACES, down), middles))
    assert low <= found.by <= high


@pytest.mark.parametrize(("down", "expected"), [(True, -0.5), (False, 0.0)])
def test_an_axis_known_from_data_points_tells_it_almost_surely(down: bool, expected: float) -> None:
    found = shift_of(axis(rounded(PLACES, down)), told=True)
    assert found.by == pytest.approx(expected, abs=0.08)
    assert found.error < 0.2


def test_strokes_that_were_not_rounded_are_where_they_belong() -> None:
    found = shift_of(axis(PLACES))
    assert found.by == pytest.approx(0.0, abs=0.16)
    assert shift_of(axis(PLACES), told=True).by == pytest.approx(0.0, abs=0.05)


def test_without_any_axis_both_ways_remain() -> None:
    assert find_shift([], [], 1.0).by == pytest.approx(-0.25, abs=0.02)
