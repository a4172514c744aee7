"""From the runs of a curve to its points: centres, true tips, corners, ends, gaps and bridges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitize.color import Float32
from digitize.model import FloatArray
from digitize.palette import Mask
from digitize.paths import Course
from digitize.spans import Spans, find_spans, stroke_across
from digitize.strokes import IntArray, Runs

#: 95 % half-width of a point's place along x in pixels: columns are where they are.
ALONG = 0.1
#: A span of more pixels than this is looked at along its rows.
_LONG = 3.0
#: Beside a corner a span is shorter than this share of the long one.
_BEND = 0.35
#: A tip stands out by more than so many pixels.
_TURN = 0.5
#: 95 % half-width of a point in pixels: uneven edges, compression, other ink beside it.
_EDGES = 0.6
#: Its 95 % half-width grows by so many pixels for each stroke that its span is higher: where it passes is less certain.
_STEEP = 0.12
#: From point to point a curve advances by at least this: nearer ones cannot be told apart, and between them any error
#: along x would seem one of thousands of pixels along y.
ADVANCE = ALONG


@dataclass(frozen=True, kw_only=True, eq=False)
class Polyline:
    """Points in pixels of the layer, (n,) each; a gap has y NaN; `covered` where a bridge ends or runs."""

    x: FloatArray
    y: FloatArray
    error: FloatArray
    covered: Mask

    def turned_back(self) -> Polyline:
        """The same points from last to first."""
        return Polyline(x=self.x[::-1], y=self.y[::-1], error=self.error[::-1], covered=self.covered[::-1])

    def start(self) -> Polyline:
        """The first point alone."""
        return Polyline(x=self.x[:1], y=self.y[:1], error=self.error[:1], covered=self.covered[:1])


def drawn_length(x: FloatArray, y: FloatArray) -> FloatArray:
    """The length in pixels (n,) that is drawn up to each point of a course x, y (n,); a gap, y NaN, has none."""
    return np.concatenate([[0.0], np.cumsum(np.nan_to_num(np.hypot(np.diff(x), np.diff(y))))])


def joined(lines: Sequence[Polyline]) -> Polyline:
    """Lines one after the other as one."""
    return Polyline(
        x=np.concatenate([line.x for line in lines]),
        y=np.concatenate([line.y for line in lines]),
        error=np.concatenate([line.error for line in lines]),
        covered=np.concatenate([line.covered for line in lines]),
    )


def through_centers(line: Polyline, centers: FloatArray, reach: float) -> Polyline:
    """The line led through the centres of its markers, in whose areas it cannot be seen.

    Parameters
    ----------
    line : the curve as found without its markers.
    centers : (m, 2) places x, y of the layer.
    reach : so near to a centre, in pixels, the course of the line is not known.
    """
    keep = np.ones(len(line.x), bool)
    x, y = line.x.copy(), line.y.copy()
    for center in centers:
        away = np.hypot(line.x - center[0], line.y - center[1])
        k = int(np.argmin(np.where(np.isfinite(away), away, np.inf)))
        if not away[k] <= 2 * reach:
            continue
        far = ~(away <= max(reach, away[k] + 0.5 * reach))
        first = k - int(np.argmax(far[k::-1])) + 1 if far[k::-1].any() else 0
        last = k + int(np.argmax(far[k:])) - 1 if far[k:].any() else len(far) - 1
        keep[first : last + 1] = False
        keep[k] = True
        x[k], y[k] = center
    return Polyline(x=x[keep], y=y[keep], error=line.error[keep], covered=line.covered[keep])


def to_polyline(course: Course, coverage: Float32, hidden: Mask, stroke: float, bridged_gap: float) -> Polyline:
    """The points of a curve in drawing order.

    Parameters
    ----------
    course : the runs of the curve.
    coverage : the ink of its layer.
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
        pieces.append(_piece(piece, course.covered[start:stop], course.under[start:stop], coverage, hidden, stroke))
    if not pieces:
        empty = np.empty(0)
        return Polyline(x=empty, y=empty, error=empty, covered=np.empty(0, bool))
    x, y, error, covered = (np.concatenate([p[k] for p in pieces]) for k in range(4))
    return Polyline(x=x, y=y, error=error, covered=covered.astype(bool))


def _piece(
    own: Runs, bridged: Mask, under: FloatArray, coverage: Float32, hidden: Mask, stroke: float
) -> tuple[FloatArray, FloatArray, FloatArray, Mask]:
    """The points of a stretch without gaps; bridges are straight."""
    spans = find_spans(own, ~bridged, coverage, hidden, stroke)
    flat = np.flatnonzero(~spans.tall)
    turns, corners = _turns(spans), _corners(spans)
    places = [
        _steep_points(int(k), own, spans, coverage, stroke, (turns[:, k], corners[:, k] & ~turns[:, k]))
        for k in np.flatnonzero(spans.tall)
    ]
    steep_x = np.array([p[0] for place in places for p in place])
    steep_y = np.array([p[1] for place in places for p in place])
    index = np.concatenate([flat, np.repeat(np.flatnonzero(spans.tall), [len(place) for place in places])])
    order = np.argsort(index, kind="stable")
    x = np.concatenate([own.column[flat] + 0.5, steep_x])[order]
    y = np.concatenate([spans.low[flat], steep_y])[order]
    x, y, index = _with_ends(advancing(x), y, index[order], own, stroke)
    # a bare gap is one of the dash pattern, with nothing hidden
    gap = np.where(under >= 0.5, np.diff(own.column, prepend=own.column[0] - 1) - 1, 0)
    covered = (gap[index] > 1) | (np.append(gap[1:], 0)[index] > 1) | bridged[index]
    steep = (own.bottom - own.top)[index] / stroke
    error = _EDGES + _STEEP * np.maximum(steep - 1, 0) + np.where(covered, 0.5, 0.0)
    return x, y, error, covered


def _steep_points(
    k: int, own: Runs, spans: Spans, coverage: Float32, stroke: float, bends: tuple[Mask, Mask]
) -> list[tuple[float, float]]:
    """The points of a tall span: its tips, the corners of an upright stroke, or else its middle.

    `bends` tell at which of its two ends the curve turns back, and at which it has a corner.
    """
    turns, corners = (ends.tolist() for ends in bends)
    column = int(own.column[k])
    if not any(turns) and not any(corners):
        return [(column + 0.5, float(own.center[k]))]
    entry, exit_ = float(spans.entry[k]), float(spans.exit[k])
    if all(turns):
        return [(column + 0.25, entry), (column + 0.75, exit_)]
    across = None
    if any(corners):
        across = stroke_across(coverage, column, (min(entry, exit_), max(entry, exit_)), stroke)
    ends = _ends_across(across, column, entry, exit_) if across is not None else None
    points = []
    for side, level in enumerate((entry, exit_)):
        if turns[side]:
            x = _tip_x(coverage, column, level, stroke)
            points.append((x if x is not None else column + 0.5, level))
        elif corners[side] and ends is not None:
            points.append((ends[side], level))
    return points or [(column + 0.5, float(own.center[k]))]


def _turns(spans: Spans) -> Mask:
    """Where the curve, having gone through a span, goes back in the one before it and behind it, (2, n)."""
    found = np.zeros((2, len(spans.low)), bool)
    way = spans.exit - spans.entry
    middle = (spans.low + spans.high) / 2

    def turn(tip: FloatArray, way: FloatArray, other: slice, *, strictly: bool) -> Mask:
        # spans of a curve that goes on reach further, spans of one that goes back do not
        far = (np.where(way > 0, spans.high[other], spans.low[other]) - tip) * way
        further = far > 0 if strictly else far >= 0
        return np.asarray(~further & (np.minimum(np.abs(middle[other] - tip), np.abs(way)) > _TURN))

    found[0, 1:] = turn(spans.entry[1:], -way[1:], slice(None, -1), strictly=False)
    found[1, :-1] = turn(spans.exit[:-1], way[:-1], slice(1, None), strictly=True)
    return found


def _corners(spans: Spans) -> Mask:
    """Where a long span lies beside a much shorter one or none: the curve bends sharply or ends, (2, n)."""
    way = np.abs(spans.exit - spans.entry)
    height = np.pad(spans.high - spans.low, 1, constant_values=-np.inf)
    beside = np.stack([height[:-2], height[2:]])
    return np.asarray((way > _LONG) & (beside < _BEND * way))


def _ends_across(across: tuple[FloatArray, FloatArray], column: int, entry: float, exit_: float) -> tuple[float, float]:
    """Where a steep stroke, seen along its rows, enters and leaves its span."""
    rows, middles = across
    slope = 0.0
    if len(rows) > 3:
        offset = rows - rows.mean()
        slope = float(offset @ (middles - middles.mean()) / (offset @ offset))
    first, last = (float(middles.mean() + slope * (y - rows.mean())) for y in (entry, exit_))
    if first > last:
        first = last = (first + last) / 2
    return float(np.clip(first, column - 0.5, column + 1.5)), float(np.clip(last, column - 0.5, column + 1.5))


def _tip_x(coverage: Float32, column: int, level: float, stroke: float) -> float | None:
    """The middle of the ink around a tip, None where it is not narrow."""
    row = min(max(int(level), 0), len(coverage) - 1)
    reach = int(np.ceil(stroke)) + 2
    left, right = max(column - reach, 0), min(column + reach + 1, coverage.shape[1])
    ink = coverage[row, left:right]
    on = ink >= 0.1
    at = column - left
    joined = np.concatenate([np.logical_and.accumulate(on[at::-1])[::-1], np.logical_and.accumulate(on[at + 1 :])])
    mass = float(ink[joined].sum())
    if mass <= 0 or joined[0] or joined[-1]:
        return None
    middle = float(ink[joined] @ (np.arange(left, right)[joined] + 0.5)) / mass
    return float(np.clip(middle, column, column + 1))


def _with_ends(
    x: FloatArray, y: FloatArray, index: IntArray, own: Runs, stroke: float
) -> tuple[FloatArray, FloatArray, IntArray]:
    """The curve carried on to its ends within the first and the last column; `index` are the runs of the points."""
    if len(x) < 3:
        return x, y, index
    share = np.minimum(own.mass / max(stroke, 1e-6), 1.0)
    left = own.column[0] + 1 - float(share[0])
    right = own.column[-1] + float(share[-1])

    def at(where: float, a: int, b: int) -> float:
        slope = (y[b] - y[a]) / max(x[b] - x[a], 0.25)
        return float(y[a] + np.clip(slope, -3, 3) * (where - x[a]))

    if left < x[0]:
        x, y = np.concatenate([[left], x]), np.concatenate([[at(left, 0, 1)], y])
        index = np.concatenate([[0], index])
    if right > x[-1]:
        x, y = np.concatenate([x, [right]]), np.concatenate([y, [at(right, -1, -2)]])
        index = np.concatenate([index, [len(own) - 1]])
    return x, y, index


def advancing(x: FloatArray) -> FloatArray:
    """Places (n,) made to advance from point to point by `ADVANCE` at least, also where a stroke is upright."""
    ramp = ADVANCE * np.arange(len(x))
    return np.asarray(np.maximum.accumulate(x - ramp) + ramp)
