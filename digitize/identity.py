"""Signs that curves may have been taken for each other, or that one goes on beneath another unseen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitize.ends import EARLY
from digitize.model import Box, FloatArray, Trace

#: Two curves of one ink that run within this many stroke widths of each other draw the same ink.
_SAME = 0.75
#: Where lines are thin, what lies this near to one, in pixels, lies on it.
_ON_THIN = 1.5
#: An end this near to another curve, as a share of the plot area's height or in stroke widths, is no end in the open.
_NEAR, _STROKES = 0.025, 3.0
#: What lies no further from the plot area than so many stroke widths touches it.
_TOUCHING = 2.0
#: An error bar is at least so many stroke widths high; where most upright strokes look like bars they are.
_BAR, _BARS = 3.0, 0.5
#: A curve that comes back along x goes so far that way, as a share of all.
_BACK = 0.1
#: A curve is looked at in so many places at most.
_PLACES = 10_000
#: Series of at least so many markers share their places along x where they skip no more than so many of them.
_FEW_MARKERS, _SKIPPED = 4, 2


def shared_share(trace: Trace, others: Sequence[Trace]) -> float:
    """The share of a curve's length along which another curve of the same ink runs in the same place.

    Parameters
    ----------
    trace : the curve.
    others : the other curves that were read from its layer.
    """
    x, y = _along(trace, max(trace.width_px, 1.0))
    if not len(x) or not others or trace.style == "points":
        return 0.0
    shared = np.zeros(len(x), bool)
    for other in others:
        shared |= _distance(x, y, other) <= _SAME * trace.width_px
    return float(shared.mean())


def share_along(trace: Trace, others: Sequence[Trace]) -> float:
    """The share of a curve's length, or of its markers, that lies on lines of other curves, which may be of any ink."""
    good = np.isfinite(trace.y_px)
    x, y = (trace.x_px[good], trace.y_px[good]) if trace.style == "points" else _along(trace)
    if not len(x):
        return 0.0
    on = np.zeros(len(x), bool)
    for other in others:
        if other.style != "points":
            on |= _distance(x, y, other) <= max(_SAME * other.width_px, _ON_THIN)
    return float(on.mean())


def ends_beside_another(trace: Trace, others: Sequence[Trace], box: Box) -> bool:
    """Whether a curve starts later or ends earlier than the others do, at a place where one of them runs by.

    It may go on beneath that one, or as that one.
    """
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    lines = [t for t in others if t.style != "points" and np.isfinite(t.y_px).any()]
    if not len(seen) or not lines or trace.style == "points":
        return False
    reach = max(_NEAR * box.height, _STROKES * trace.width_px)
    for k, sign in ((seen[0], -1.0), (seen[-1], 1.0)):
        x, y = trace.x_px[k : k + 1], trace.y_px[k : k + 1]
        for other in lines:
            furthest = float((sign * other.x_px[np.isfinite(other.y_px)]).max())
            if furthest - sign * float(x[0]) > EARLY * box.width and _distance(x, y, other)[0] <= reach:
                return True
    return False


def ends_at(trace: Trace, place: Box, others: Sequence[Trace], box: Box) -> bool:
    """Whether a curve begins or ends at a place in the plot area that may hide more of it, and none ends so elsewhere.

    Parameters
    ----------
    trace : the curve.
    place : what may hide it, as a legend.
    others : the other curves.
    box : the plot area.
    """
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    if trace.style == "points" or not len(seen) or place.grown(_TOUCHING * trace.width_px).shares_with(box) == 0:
        return False
    reach = max(_STROKES * trace.width_px, _NEAR * box.height)
    for k in (0, -1):
        x, y = trace.x_px[seen[k]], trace.y_px[seen[k]]
        ends = [
            (t.x_px[known[k]], t.y_px[known[k]]) for t in others if len(known := np.flatnonzero(np.isfinite(t.y_px)))
        ]
        free = [far for far, level in ends if not place.grown(reach).contains(far, level)]
        if place.grown(reach).contains(x, y) and not any(abs(far - x) <= EARLY * box.width for far in free):
            return True
    return False


def lacks_a_marker(trace: Trace, others: Sequence[Trace]) -> bool:
    """Whether markers without a line skip a place along x where another series has one, though all share their places.

    The marker may be hidden beneath that one.
    """
    scattered = [t for t in others if t.style == "points"]
    own = trace.x_px[np.isfinite(trace.y_px)]
    if trace.style != "points" or len(own) < _FEW_MARKERS or not scattered:
        return False
    near = max(trace.width_px, 1.0)
    for other in scattered:
        places = other.x_px[np.isfinite(other.y_px)]
        skipped = sum(np.abs(own - x).min() > near for x in places)
        if 0 < skipped <= _SKIPPED and skipped < len(places) / 2:
            return True
    return False


def has_bars(trace: Trace) -> bool:
    """Whether a calm curve has upright strokes that it passes through the middle of: error bars taken for data."""
    good = np.isfinite(trace.y_px)
    x, y = trace.x_px[good], trace.y_px[good]
    steep = np.flatnonzero((np.diff(x) < 1) & (np.abs(np.diff(y)) > _BAR * trace.width_px))
    turns_back = bool((np.diff(x) < 0).any())
    if trace.style == "points" or turns_back or not len(steep):
        return False
    places = x[steep][np.diff(x[steep], prepend=-np.inf) > 2.0]
    return bool(sum(_is_bar(x, y, float(at), trace.width_px) for at in places) > _BARS * len(places))


def turns_back(trace: Trace) -> bool:
    """Whether a curve comes back along x over a good part of its length: it may be two that share their ends."""
    step = np.diff(trace.x_px[np.isfinite(trace.y_px)])
    length = float(np.abs(step).sum())
    back = min(float(-step[step < 0].sum()), float(step[step > 0].sum()))
    return trace.style != "points" and length > 0 and back > _BACK * length


def _is_bar(x: FloatArray, y: FloatArray, at: float, width: float) -> bool:
    """Whether a curve, on either side of an upright stroke, lies well between the ends of that."""
    first, last = np.searchsorted(x, (at - 1.5, at + 2.5))
    if first == 0 or last >= len(x):
        return False
    low, high = float(y[first:last].min()) + width, float(y[first:last].max()) - width
    return bool(low < y[first - 1] < high and low < y[last] < high)


def _along(trace: Trace, step: float = 1.0) -> tuple[FloatArray, FloatArray]:
    """Places along a curve, its gaps left out, as far apart as `step` in pixels, or a `_PLACES`-th of a long one."""
    good = np.isfinite(trace.y_px)
    x, y = trace.x_px[good], trace.y_px[good]
    if len(x) < 2:
        return x, y
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    at = np.arange(0.0, along[-1], max(step, along[-1] / _PLACES))
    return np.interp(at, along, x), np.interp(at, along, y)


def _distance(x: FloatArray, y: FloatArray, other: Trace) -> FloatArray:
    """The distances (n,) of places to a curve, looked for a few columns to either side."""
    ox, oy = _along(other)
    order = np.argsort(ox, kind="stable")
    ox, oy = ox[order], oy[order]
    reach = 1.5 * other.width_px + 2
    first, last = np.searchsorted(ox, x - reach), np.searchsorted(ox, x + reach)
    away = [
        float(np.hypot(ox[a:b] - px, oy[a:b] - py).min(initial=np.inf))
        for a, b, px, py in zip(first, last, x, y, strict=True)
    ]
    return np.array(away)
