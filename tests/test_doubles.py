"""A second ink of a curve is no curve, and the entry that it was put to is the curve's own."""

from __future__ import annotations

import numpy as np
import pytest

from digitize.doubles import without_doubles
from digitize.model import Box, Color, FloatArray, Layer, Segmentation, Trace
from tests.drawing import as_segmentation

HEIGHT, WIDTH = 120, 200
BOX = Box(0, 0, WIDTH, HEIGHT)
GREEN, PALER, MAUVE, PLUM, BLUE = (90, 158, 90), (79, 150, 100), (206, 114, 161), (230, 130, 190), (31, 119, 180)
X = np.arange(WIDTH) + 0.5
FLAT, RISING = np.full(WIDTH, 100.5), 20.5 + 0.3 * np.arange(WIDTH)


def drawn(
    y: FloatArray, color: Color, entry: int | None, share: float = 1.0, hidden: float = 0.0
) -> tuple[Layer, Trace]:
    """A curve two pixels wide, a `share` of whose columns shows its ink and a share of which is bridged."""
    coverage = np.zeros((HEIGHT, WIDTH), np.float32)
    for column in range(round(share * WIDTH)):
        coverage[int(y[column]) : int(y[column]) + 2, column] = 1
    entries = () if entry is None else (entry,)
    nothing = np.zeros(coverage.shape, bool)
    layer = Layer(color=color, box=BOX, coverage=coverage, hidden=nothing, entry=entry, entries=entries)
    none = np.zeros(WIDTH)
    covered = np.arange(WIDTH) < hidden * WIDTH
    trace = Trace(x_px=X, y_px=y, x_err_px=none, y_err_px=none, covered=covered, color=color, width_px=2.0, entry=entry)
    return layer, trace


def segmentation(*layers: Layer) -> Segmentation:
    ink = np.logical_or.reduce([layer.coverage > 0 for layer in layers])
    return as_segmentation(ink, *layers)


def left(*pairs: tuple[Layer, Trace]) -> list[tuple[Color, int | None]]:
    layers, traces = zip(*pairs, strict=True)
    cleared, kept = without_doubles(segmentation(*layers), traces)
    assert all(sum(layer.holds(trace) for layer in cleared.layers) == 1 for trace in kept)
    assert len(cleared.layers) == len(kept)
    return [(trace.color, trace.entry) for trace in kept]


@pytest.mark.parametrize("along", [FLAT, RISING], ids=["along another", "along the curve itself"])
def test_the_entry_of_a_little_ink_along_others_is_that_of_the_unnamed_curve(along: FloatArray) -> None:
    named, unnamed = drawn(FLAT, BLUE, 0), drawn(RISING, PLUM, None)
    assert left(named, drawn(along, MAUVE, 1, share=0.2), unnamed) == [(BLUE, 0), (PLUM, 1)]


def test_a_named_curve_of_its_own_keeps_its_entry() -> None:
    away = drawn(RISING + 15, MAUVE, 1, share=0.2)
    assert len(left(drawn(FLAT, BLUE, 0), away, drawn(RISING, PLUM, None))) == 3


def test_a_named_curve_with_much_ink_keeps_its_entry() -> None:
    assert len(left(drawn(FLAT, BLUE, 0), drawn(FLAT, MAUVE, 1), drawn(RISING, PLUM, None))) == 3


def test_a_shade_hidden_beneath_its_curve_is_no_curve() -> None:
    assert left(drawn(RISING, GREEN, None), drawn(RISING, PALER, None, share=0.3, hidden=0.7)) == [(GREEN, None)]


@pytest.mark.parametrize(
    "other",
    [
        drawn(RISING, PALER, None, share=0.3),
        drawn(RISING, MAUVE, None, share=0.3, hidden=0.7),
        drawn(RISING + 15, PALER, None, share=0.3, hidden=0.7),
        drawn(RISING, PALER, None, share=0.9, hidden=0.7),
    ],
    ids=["seen", "of another colour", "elsewhere", "of much ink"],
)
def test_a_curve_that_is_more_than_a_shade_stays(other: tuple[Layer, Trace]) -> None:
    assert len(left(drawn(RISING, GREEN, None), other)) == 2


def test_a_curve_that_has_taken_an_entry_is_no_double_itself() -> None:
    other, named = drawn(RISING, (240, 150, 205), None), drawn(RISING, MAUVE, 0, share=0.2)
    unnamed = drawn(RISING, PLUM, None, share=0.4, hidden=0.7)
    kept = left(other, named, unnamed)
    assert (PLUM, 0) in kept
    assert (MAUVE, 0) not in kept
