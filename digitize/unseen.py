"""How far a restless curve goes up and down beneath other ink.

Where other ink lies beside what is seen of a curve in a column, the curve may go on beneath it; where it is bridged,
nothing of it is seen at all. A restless curve runs there as it does nearby: as far as its columns in the open usually
reach, and no further than other ink can hide.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from digitize.model import FloatArray
from digitize.palette import Mask
from digitize.strokes import IntArray, Runs

#: Fewest columns in the open that tell of a curve, and over how many of them at a time.
_FEWEST, _NEARBY = 6, 24
#: A span seen in part reaches as far as this share of those nearby; one of which nothing is seen, as half of them.
_PARTLY, _UNSEEN = 0.75, 0.5
#: A pixel of which a run covers less than this is beside it.
_TOUCH = 0.25
#: Beneath other ink a tip lies after this share of the way across: the deeper ones come out on the other side.
_ACROSS = 0.35


def reach_beneath(
    own: Runs, seen: Mask, spans: tuple[FloatArray, FloatArray], hidden: Mask, stroke: float
) -> tuple[FloatArray, FloatArray]:
    """The spans of a curve, carried on beneath other ink where it lies beside them.

    Parameters
    ----------
    own : runs of a stretch of the curve, one a column, (n,).
    seen : False for runs that were bridged.
    spans : the rows between which the curve is seen to pass in each column, upper and lower, (n,) each.
    hidden : (h, w), True where other ink may lie over the curve.
    stroke : width of the line in pixels.
    """
    low, high = spans
    above, below = _depths(own, hidden)
    free = seen & (above == 0) & (below == 0)
    if free.sum() < _FEWEST or free.all():
        return spans
    height = high - low
    lack = np.maximum(_usual(own.column, spans, free, _PARTLY) - height, 0)
    lack = np.where((above > 0) & (below > 0), lack / 2, lack)
    half = _usual(own.column, spans, free, _UNSEEN) / 2
    up, down = (
        np.where(seen, np.minimum(lack, _ACROSS * depth + stroke / 2), np.minimum(half, depth + stroke / 2))
        for depth in (above, below)
    )
    return low - np.where(above > 0, up, 0), high + np.where(below > 0, down, 0)


def _depths(own: Runs, hidden: Mask) -> tuple[FloatArray, FloatArray]:
    """How many hidden pixels follow one another above and below each run, (n,) each."""
    upper = np.maximum(np.floor(own.top + _TOUCH).astype(int), 0)
    lower = np.clip(np.ceil(own.bottom - _TOUCH).astype(int), 0, len(hidden))
    above, below = np.zeros(len(own)), np.zeros(len(own))
    height = len(hidden)
    for k in np.flatnonzero((upper > 0) & hidden[np.maximum(upper, 1) - 1, own.column]):
        above[k] = _leading(hidden[: upper[k], own.column[k]][::-1])
    for k in np.flatnonzero((lower < height) & hidden[np.minimum(lower, height - 1), own.column]):
        below[k] = _leading(hidden[lower[k] :, own.column[k]])
    return above, below


def _leading(hidden: Mask) -> int:
    """How many values are true before the first that is not."""
    first = int(hidden.argmin())
    return len(hidden) if hidden[first] else first


def _usual(column: IntArray, spans: tuple[FloatArray, FloatArray], free: Mask, share: float) -> FloatArray:
    """For each column the height of span that this share of those in the open nearby do not exceed, (n,).

    Less for a curve that climbs or falls all the way, whose spans are high because it is steep.
    """
    low, high = (edge[free] for edge in spans)
    count = min(_NEARBY, len(low))
    heights = sliding_window_view(high - low, count)
    places = sliding_window_view((low + high) / 2, count)
    astray = 1 - np.abs(places[:, -1] - places[:, 0]) / np.maximum(heights.sum(axis=1), 1e-6)
    usual = np.quantile(heights, share, axis=1) * np.maximum(astray, 0.0)
    middle = (count - 1) // 2 + np.arange(len(usual))
    return np.asarray(np.interp(column, column[free][middle], usual))
