"""Restless curves partly or wholly beneath other ink; spans with known truth."""

from __future__ import annotations

import numpy as np

from digitize.model import FloatArray
from digitize.palette import Mask
from digitize.strokes import Runs
from digitize.unseen import reach_beneath

HEIGHT, WIDTH, STROKE = 120, 90, 2.0
#: Columns in which something lies over the curve.
COVERED = slice(40, 46)


def reached(low: FloatArray, high: FloatArray, seen: Mask, hidden: Mask) -> tuple[FloatArray, FloatArray]:
    own = Runs(
        column=np.arange(WIDTH),
        top=low - STROKE / 2,
        bottom=high + STROKE / 2,
        center=(low + high) / 2,
        mass=high - low + STROKE,
    )
    return reach_beneath(own, seen, (low, high), hidden, STROKE)


def cut_off(bottom: int) -> tuple[FloatArray, FloatArray, Mask]:
    """Spans of twenty rows, seen for ten only where something lies over their lower half, down to a row; and that."""
    low, high = np.full(WIDTH, 40.0), np.full(WIDTH, 60.0)
    hidden = np.zeros((HEIGHT, WIDTH), bool)
    hidden[51:bottom, COVERED] = True
    high[COVERED] = 50.0
    return low, high, hidden


def test_a_restless_curve_goes_on_beneath_what_cuts_it_off_as_far_as_it_usually_goes() -> None:
    low, high, hidden = cut_off(90)
    upper, lower = reached(low, high, np.ones(WIDTH, bool), hidden)
    assert (upper == 40.0).all()
    # of the ten rows that are missing, within the two strokes that a tip is uncertain by
    assert (np.abs(lower - 60.0) <= 2 * STROKE).all()


def test_it_goes_no_further_than_what_hides_it() -> None:
    low, high, hidden = cut_off(54)
    _, lower = reached(low, high, np.ones(WIDTH, bool), hidden)
    assert (lower[COVERED] > 50.0).all()
    assert (lower[COVERED] < 54.0).all()


def test_it_is_as_restless_where_nothing_of_it_is_seen() -> None:
    low, high = np.full(WIDTH, 40.0), np.full(WIDTH, 60.0)
    hidden = np.zeros((HEIGHT, WIDTH), bool)
    hidden[30:70, COVERED] = True
    low[COVERED] = high[COVERED] = 50.0
    seen = np.ones(WIDTH, bool)
    seen[COVERED] = False
    upper, lower = reached(low, high, seen, hidden)
    assert np.abs(upper - 40.0).max() <= STROKE
    assert np.abs(lower - 60.0).max() <= STROKE


def test_a_steep_curve_stays_a_line_beneath_others() -> None:
    low = np.arange(WIDTH) * 1.2
    high = low + 1.2
    hidden = np.zeros((HEIGHT, WIDTH), bool)
    hidden[:, COVERED] = True
    seen = np.ones(WIDTH, bool)
    seen[COVERED] = False
    upper, lower = reached(low, high, seen, hidden)
    assert np.abs(upper - low).max() < 0.2
    assert np.abs(lower - high).max() < 0.2
