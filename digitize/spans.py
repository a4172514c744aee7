"""Spans: how far up and down a curve runs within each column, and in which order.

The ink of a curve is the curve itself widened by half the stroke to all sides. Taking that off again - a grey erosion
of the upper edge and of the lower one by an ellipse (Serra, *Image Analysis and Mathematical Morphology*, 1982) -
leaves in each column the interval through which the centre line passes: a point where it is flat, a tall interval
where it is steep or turns back. The order in which tall intervals are run through, upward or downward, is the one
with the shortest way in total.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitize.color import Float32
from digitize.medians import median
from digitize.model import FloatArray
from digitize.palette import Mask
from digitize.strokes import IntArray, Runs
from digitize.unseen import reach_beneath

#: Share of a run's strongest pixel at which its edge is taken.
_EDGE = 0.5
#: An interval is tall from this many pixels on, or this many strokes.
_TALL, _TALL_STROKES = 0.6, 0.35
#: A run whose strong part is shorter than this share of it has a fringe.
_FRINGED = 0.7
#: A tip stands out from both sides by at least this many pixels.
_TIP = 0.6
#: A spike reaches as far as it is this share of a stroke broad; a mitre goes no further beyond than so many strokes.
_BROAD, _MITRE = 0.8, 5.0
#: A stroke seen along its rows is single up to this many widths.
_SINGLE = 1.25
#: A single stroke is single in this share of its rows.
_MOSTLY = 0.6


@dataclass(frozen=True, kw_only=True, eq=False)
class Spans:
    """For each run of a curve the rows, `low` to `high`, that its centre line passes; equal where it is flat.

    `upward` is True where the curve runs from `high` to `low`, rows growing downward.
    """

    low: FloatArray
    high: FloatArray
    upward: Mask

    @property
    def tall(self) -> Mask:
        return self.high > self.low

    @property
    def entry(self) -> FloatArray:
        return np.where(self.upward, self.high, self.low)

    @property
    def exit(self) -> FloatArray:
        return np.where(self.upward, self.low, self.high)


def find_spans(own: Runs, seen: Mask, coverage: Float32, hidden: Mask, stroke: float) -> Spans:
    """The spans of a stretch of a curve.

    Parameters
    ----------
    own : runs of the stretch, one a column, from left to right.
    seen : False for runs that were bridged.
    coverage : the ink of the layer.
    hidden : True where other ink may lie over the curve.
    stroke : width of the line in pixels.
    """
    top, bottom = _edges(own, coverage, stroke)
    height = len(coverage)
    low = _with_tips(_eroded(own, top, stroke), own.top, own.column, coverage, stroke)
    turned = _with_tips(_eroded(own, -bottom, stroke) + height, height - own.bottom, own.column, coverage[::-1], stroke)
    high = height - turned
    tall = seen & (high - low > max(_TALL, _TALL_STROKES * stroke))
    # the pale fringe of an upright stroke beside this column is not the curve's
    fringed = ~tall & seen & (bottom - top < _FRINGED * (own.bottom - own.top))
    center = np.where(fringed, (top + bottom) / 2, own.center)
    low, high = np.where(tall, low, center), np.where(tall, high, center)
    low, high = reach_beneath(own, seen, (low, high), hidden, stroke)
    low, high = _without_doubles(own, low, high, coverage, stroke)
    return Spans(low=low, high=high, upward=_directions(low, high))


def _edges(own: Runs, coverage: Float32, stroke: float) -> tuple[FloatArray, FloatArray]:
    """Upper and lower edges of the runs; of tall ones where the coverage passes half its greatest."""
    top, bottom = own.top.copy(), own.bottom.copy()
    tall = np.flatnonzero(bottom - top > stroke + 1.5)
    if not len(tall):
        return top, bottom
    first = np.floor(top[tall]).astype(int) - 1
    count = np.ceil(bottom[tall]).astype(int) + 1 - first
    start = np.concatenate([[0], np.cumsum(count)[:-1]])
    at = np.arange(int(count.sum()))
    row = at - np.repeat(start - first, count)
    column = np.repeat(own.column[tall], count)
    within = (row >= 0) & (row < len(coverage))
    value = np.where(within, coverage[np.where(within, row, 0), column], np.float32(0))
    level = _EDGE * np.maximum.reduceat(value, start)
    on = value >= np.repeat(level, count)
    begin = np.minimum.reduceat(np.where(on, at, len(at)), start)
    end = np.maximum.reduceat(np.where(on, at, -1), start)
    for edge, into, sign in ((top, begin, 1), (bottom, end, -1)):
        outer = np.clip(into - sign, 0, len(at) - 1)
        rise = value[into] - value[outer]
        share = np.where(rise > 1e-6, (value[into] - level) / np.maximum(rise, 1e-6), 0.5)
        edge[tall] = row[into] + 0.5 - sign * np.clip(share, 0, 1)
    return top, bottom


def _eroded(own: Runs, edge: FloatArray, stroke: float) -> FloatArray:
    """An upper edge moved down by half the stroke, on slopes measured across.

    Within a column a curve spreads over a pixel by itself, so the ellipse is half a pixel narrower than the stroke.
    """
    half, reach = stroke / 2, (stroke - 1) / 2
    best = edge + half
    if reach <= 0:
        return best
    place = own.column - own.column[0]
    dense = np.full(int(place[-1]) + 1, -np.inf)
    dense[place] = edge
    whole = int(reach)
    for shift in range(1, whole + 1):
        rise = half * np.sqrt(1 - (shift / reach) ** 2)
        best = np.maximum(best, np.maximum(_shifted(dense, shift), _shifted(dense, -shift))[place] + rise)
    part = reach - whole
    for sign in (1, -1):
        near, far = _shifted(dense, sign * whole), _shifted(dense, sign * (whole + 1))
        with np.errstate(invalid="ignore"):
            between = np.where(np.isfinite(far) & np.isfinite(near), (1 - part) * near + part * far, -np.inf)
        best = np.maximum(best, between[place])
    return best


def _with_tips(low: FloatArray, edge: FloatArray, column: IntArray, coverage: Float32, stroke: float) -> FloatArray:
    """The upper ends of the spans, those of tips put where the tips are.

    A spike is hardly broader than its stroke, and its tip paler, so that the erosion cuts it off.
    """
    low = low.copy()
    for k in find_summits(-edge, _TIP):
        near = edge <= edge[k] + max(_TIP, stroke / 4)
        left = k - int(np.argmin(near[k::-1])) if not near[: k + 1].all() else -1
        right = k + int(np.argmin(near[k:])) if not near[k:].all() else len(edge)
        middle = (left + right) // 2 if right - left > 3 else k
        low[middle] = min(low[middle], _tip(coverage, int(column[middle]), float(edge[k]), stroke))
    return low


def find_summits(values: FloatArray, least: float) -> list[int]:
    """The local maxima, the middles of level ones, from which the values fall by `least` before they rise higher."""
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    stops = np.append(starts[1:], len(values))
    steps = values[starts]
    tops = np.flatnonzero((steps[1:-1] > steps[:-2]) & (steps[1:-1] > steps[2:])) + 1
    levels = steps.tolist()
    high = [k for k in tops.tolist() if _falls(levels, k, -1, least) and _falls(levels, k, 1, least)]
    return [int(starts[k] + stops[k] - 1) // 2 for k in high]


def _falls(levels: list[float], k: int, way: int, least: float) -> bool:
    """Whether the values one way from `k` fall by `least` before they rise above it."""
    top, j = levels[k], k + way
    while 0 <= j < len(levels) and levels[j] <= top:
        if top - levels[j] >= least:
            return True
        j += way
    return False


def _tip(coverage: Float32, column: int, edge: float, stroke: float) -> float:
    """The row of the centre line's tip below the upper edge of its ink.

    Joined round, the ink reaches half a stroke further than the line, joined with a mitre up to several; either way
    it is one stroke broad where the line ends.
    """
    first = max(int(edge) - 1, 0)
    reach = int(np.ceil(stroke)) + 1
    left = max(column - reach, 0)
    part = coverage[first : first + int(_MITRE * stroke) + 3, left : column + reach + 1]
    mass = part.sum(axis=1)
    broad = np.flatnonzero(mass >= _BROAD * stroke)
    round_tip = edge + stroke / 2
    if not len(broad):
        return round_tip
    k = int(broad[0])
    before = float(mass[k - 1]) if k else 0.0
    share = (_BROAD * stroke - before) / max(float(mass[k]) - before, 1e-6)
    return max(round_tip, first + k - 0.5 + share)


def _shifted(values: FloatArray, shift: int) -> FloatArray:
    """The values `shift` places further on, minus infinity beyond the ends."""
    moved = np.full(len(values), -np.inf)
    if shift == 0:
        moved[:] = values
    elif abs(shift) < len(values):
        if shift > 0:
            moved[:-shift] = values[shift:]
        else:
            moved[-shift:] = values[:shift]
    return moved


def _without_doubles(
    own: Runs, low: FloatArray, high: FloatArray, coverage: Float32, stroke: float
) -> tuple[FloatArray, FloatArray]:
    """A single upright stroke that lies across two columns counts in the one that holds its middle."""
    low, high = low.copy(), high.copy()
    shared_low, shared_high = np.maximum(low[:-1], low[1:]), np.minimum(high[:-1], high[1:])
    shorter = np.minimum(high[:-1] - low[:-1], high[1:] - low[1:])
    common = shared_high - shared_low
    beside = np.diff(own.column) == 1
    for k in np.flatnonzero(beside & (common > 2) & (common > 0.5 * shorter)):
        if not (high[k] > low[k] and high[k + 1] > low[k + 1]):
            continue
        across = stroke_across(coverage, int(own.column[k]), (shared_low[k], shared_high[k]), stroke)
        if across is None:
            continue
        middle = median(across[1])
        gone = k + 1 if middle < own.column[k] + 1 else k
        beyond = gone + (1 if gone > k else -1)
        if 0 <= beyond < len(low):
            near = (low[beyond] + high[beyond]) / 2
        else:
            # the stretch ends here: it has come from beyond the other column and goes to the far end
            behind = int(np.clip(gone - (2 if gone > k else -2), 0, len(low) - 1))
            near = low[gone] + high[gone] - (low[behind] + high[behind]) / 2
        low[gone] = high[gone] = low[gone] if abs(near - low[gone]) < abs(near - high[gone]) else high[gone]
    return low, high


def stroke_across(
    coverage: Float32, column: int, rows: tuple[float, float], stroke: float
) -> tuple[FloatArray, FloatArray] | None:
    """Where a steep stroke passes rows: their centres and the subpixel middles of the ink along them, (n,) each.

    Rows in which the ink around the column is more than one stroke wide tell nothing; None where most do.
    """
    first, last = int(np.ceil(rows[0] + stroke / 2)), int(np.floor(rows[1] - stroke / 2))
    if last <= first:
        first = round((rows[0] + rows[1]) / 2 - 0.5)
        last = first + 1
    first, last = max(first, 0), min(last, len(coverage))
    reach = int(np.ceil(1.5 * stroke)) + 2
    left, right = max(column - reach, 0), min(column + reach + 1, coverage.shape[1])
    step = max((last - first) // 24, 1)
    part = coverage[first:last:step, left:right]
    if not len(part):
        return None
    on = part >= 0.1
    at = column - left
    joined = np.empty(on.shape, bool)
    joined[:, at:] = np.logical_and.accumulate(on[:, at:], axis=1)
    joined[:, at::-1] = np.logical_and.accumulate(on[:, at::-1], axis=1)
    ink = np.where(joined, part, 0)
    mass = ink.sum(axis=1)
    seen = mass > 0.3 * min(stroke, 1.0)
    single = seen & (mass <= _SINGLE * stroke + 0.2) & ~joined[:, 0] & ~joined[:, -1]
    if not single.any() or single.sum() < _MOSTLY * seen.sum():
        return None
    middle = (ink @ (np.arange(left, right) + 0.5)) / np.maximum(mass, 1e-9)
    return (np.arange(first, last, step) + 0.5)[single], middle[single]


def _directions(low: FloatArray, high: FloatArray) -> Mask:
    """Which spans are run through upward, so that the way up and down is shortest in total (Bellman)."""
    lows, highs = low.tolist(), high.tolist()
    # for each span whether the one before is best run downward, before this one runs upward and downward
    came = [(False, False)]
    up = down = 0.0
    for k in range(1, len(lows)):
        a, b, low_before, high_before = lows[k], highs[k], lows[k - 1], highs[k - 1]
        # a span run upward is left at its low row, one run downward at its high row
        up_after_up, up_after_down = up + abs(low_before - b), down + abs(high_before - b)
        down_after_up, down_after_down = up + abs(low_before - a), down + abs(high_before - a)
        came.append((up_after_down < up_after_up, down_after_down < down_after_up))
        up = (up_after_down if up_after_down < up_after_up else up_after_up) + b - a
        down = (down_after_down if down_after_down < down_after_up else down_after_up) + b - a
    upward = np.zeros(len(lows), bool)
    downward = up > down
    for k in range(len(lows) - 1, -1, -1):
        upward[k] = not downward
        downward = came[k][downward]
    return upward
