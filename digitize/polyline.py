"""From the runs of a curve to its points: centres, true tips, corners, ends, gaps and bridges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from digitize.model import FloatArray
from digitize.palette import Mask
from digitize.paths import Course
from digitize.strokes import Runs

#: A tip stands out from its neighbours by at least this many pixels.
_TIP = 0.6


@dataclass(frozen=True, kw_only=True, eq=False)
class Polyline:
    """Points in pixels of the layer, (n,) each; a gap has y NaN; `covered` where a bridge ends or runs."""

    x: FloatArray
    y: FloatArray
    error: FloatArray
    covered: Mask


def to_polyline(course: Course, stroke: float, bridged_gap: float) -> Polyline:
    """The points of a curve in drawing order.

    Parameters
    ----------
    course : the runs of the curve.
    stroke : width of the line in pixels.
    bridged_gap : bare gaps up to this many columns belong to the dash pattern; wider ones are gaps in the data.
    """
    own = course.runs
    pieces: list[tuple[FloatArray, FloatArray, FloatArray, Mask]] = []
    jump = np.diff(own.column) > 1
    bare = (np.diff(own.column) - 1) * (1 - course.under[1:])
    cut = course.broken[1:] | (jump & (bare > bridged_gap))
    starts = np.concatenate([[0], np.flatnonzero(cut) + 1])
    stops = np.concatenate([starts[1:], [len(own)]])
    for start, stop in zip(starts, stops, strict=True):
        if stop <= start:
            continue
        piece = own.take(np.arange(start, stop))
        if pieces:
            x = (pieces[-1][0][-1] + piece.column[0]) / 2
            pieces.append((np.array([x]), np.array([np.nan]), np.array([0.5]), np.array([False])))
        pieces.append(_piece(piece, course.covered[start:stop], course.under[start:stop], stroke))
    if not pieces:
        empty = np.empty(0)
        return Polyline(x=empty, y=empty, error=empty, covered=np.empty(0, bool))
    x, y, error, covered = (np.concatenate([p[k] for p in pieces]) for k in range(4))
    return Polyline(x=x, y=y, error=error, covered=covered.astype(bool))


def _piece(
    own: Runs, bridged: Mask, under: FloatArray, stroke: float
) -> tuple[FloatArray, FloatArray, FloatArray, Mask]:
    """The points of a stretch without gaps; bridges are straight."""
    low, high = own.top + stroke / 2, own.bottom - stroke / 2
    flat = low > high
    low = np.where(flat, own.center, low)
    high = np.where(flat, own.center, high)
    x: FloatArray = own.column.astype(float) + 0.5
    up, down = _tips(-low, own.center - low), _tips(high, high - own.center)
    xs: list[FloatArray] = [x]
    ys: list[FloatArray] = [own.center]
    order: list[FloatArray] = [np.zeros(len(own))]
    keep = np.ones(len(own), bool)
    before = np.concatenate([[own.center[0]], own.center[:-1]])
    after = np.concatenate([own.center[1:], [own.center[-1]]])
    for tips, level, other in ((up, low, high), (down, high, low)):
        both = np.isin(tips, up) & np.isin(tips, down)
        first = np.abs(before[tips] - level[tips]) + np.abs(other[tips] - after[tips])
        last = np.abs(before[tips] - other[tips]) + np.abs(level[tips] - after[tips])
        shift = np.where(both, np.where(first <= last, -0.25, 0.25), 0.0)
        xs.append(x[tips] + shift)
        ys.append(level[tips])
        order.append(np.where(both, np.sign(shift), 0.0))
        keep[tips] = False
    all_x, all_y = np.concatenate([xs[0][keep], *xs[1:]]), np.concatenate([ys[0][keep], *ys[1:]])
    index = np.lexsort((np.concatenate([order[0][keep], *order[1:]]), all_x))
    all_x, all_y = all_x[index], all_y[index]
    all_x, all_y = _with_ends(all_x, all_y, own, stroke)
    all_x, all_y = _with_upright_ends(all_x, all_y, own, (low, high), stroke)
    column = np.clip(np.searchsorted(own.column, np.floor(all_x)), 0, len(own) - 1)
    # a bare gap is one of the dash pattern, with nothing hidden
    gap = np.where(under >= 0.5, np.diff(own.column, prepend=own.column[0] - 1) - 1, 0)
    covered = (gap[column] > 1) | (np.append(gap[1:], 0)[column] > 1) | bridged[column]
    steep = (own.bottom - own.top)[column] / stroke
    error = 0.25 + 0.06 * np.maximum(steep - 1, 0) + np.where(covered, 0.5, 0.0)
    return all_x, all_y, error, covered


def _tips(level: FloatArray, depth: FloatArray) -> NDArray[np.int64]:
    """Columns where the curve reaches further than in the columns beside them, and further than their centres."""
    if len(level) < 3:
        return np.empty(0, int)
    peaks, _ = find_peaks(level, prominence=_TIP)
    return np.asarray(peaks[depth[peaks] > 0.3], np.int64)


def _with_upright_ends(
    x: FloatArray, y: FloatArray, own: Runs, levels: tuple[FloatArray, FloatArray], stroke: float
) -> tuple[FloatArray, FloatArray]:
    """A curve that begins or ends with an upright stroke taken to that stroke's far end.

    The stroke is as many columns wide as the line; its other end is where the curve goes on behind them.
    """
    height = levels[1] - levels[0]
    wide = int(np.ceil(stroke)) + 2
    for end, step in ((0, 1), (len(own) - 1, -1)):
        beside = [k for k in range(end + step, end + step * (wide + 1), step) if 0 <= k < len(own)]
        inner = next((k for k in beside if height[k] < 0.5 * height[end]), None)
        if inner is None or height[end] <= 2 * stroke:
            continue
        near, far = sorted((levels[0][end], levels[1][end]), key=lambda v: abs(v - own.center[inner]))
        if abs(near - own.center[inner]) > 1.5 * stroke:
            continue
        stroked = (x < own.column[inner]) if step > 0 else (x > own.column[inner] + 1)
        upright = float(np.mean(x[stroked]))
        ends = np.array([[upright, far], [upright, near]])[::step]
        rest = np.column_stack([x[~stroked], y[~stroked]])
        x, y = np.concatenate([ends, rest] if step > 0 else [rest, ends]).T
    return x, y


def _with_ends(x: FloatArray, y: FloatArray, own: Runs, stroke: float) -> tuple[FloatArray, FloatArray]:
    """The curve carried on to its ends within the first and the last column."""
    if len(x) < 3:
        return x, y
    share = np.minimum(own.mass / max(stroke, 1e-6), 1.0)
    left = own.column[0] + 1 - float(share[0])
    right = own.column[-1] + float(share[-1])

    def at(where: float, a: int, b: int) -> float:
        slope = (y[b] - y[a]) / max(x[b] - x[a], 0.25)
        return float(y[a] + np.clip(slope, -3, 3) * (where - x[a]))

    if left < x[0]:
        x, y = np.concatenate([[left], x]), np.concatenate([[at(left, 0, 1)], y])
    if right > x[-1]:
        x, y = np.concatenate([x, [right]]), np.concatenate([y, [at(right, -1, -2)]])
    return x, y
