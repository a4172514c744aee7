"""Curves that run beneath others: hidden stretches follow the ink that hides them.

Where two curves all but coincide, the one drawn later hides the other, whose own ink shows only here and there. What
is hidden must lie beneath other ink, so a stretch between two visible ends is taken along a curve that passes through
both of them, or else along the shortest way through ink; a curve that ends on another is carried on with that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from skimage.graph import route_through_array

from digitize.ends import EARLY, End, end_apart
from digitize.medians import median
from digitize.model import FloatArray, Reason, Segmentation, Trace
from digitize.palette import Mask

#: A way beneath ink may pass bare ground for this share of its length.
_BARE = 0.08
#: Cost of a bare pixel on the way through ink, in pixels of ink.
_DETOUR = 25.0
#: A curve ends upright where it rises by so much a pixel over so many widths of its stroke.
_UPRIGHT, _HEADING = 2.5, 10.0
#: A curve is carried on beneath another over at most this many times the width over which it is seen itself.
_FURTHEST = 4.0
#: Carried on over more than this share of the plot area's width, the end of a curve is said to be doubtful.
_DOUBTFUL = 0.05
#: A curve ends at a marker that lies within so many pixels; a next one could stand so many usual steps further on.
_AT_MARKER, _NEXT_MARKER = 1.0, 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class _Line:
    """A trace as points about a pixel apart, its breaks left out: `x`, `y` (n,) and the width of the stroke."""

    x: FloatArray
    y: FloatArray
    width: float

    def nearest(self, x: float, y: float) -> tuple[int, float]:
        """The index of the point nearest to a place, and how far it is."""
        away = np.hypot(self.x - x, self.y - y)
        k = int(np.argmin(away))
        return k, float(away[k])


def follow_beneath(traces: Sequence[Trace], segmentation: Segmentation) -> tuple[Trace, ...]:
    """The traces with hidden stretches filled in and marked as covered.

    Parameters
    ----------
    traces : curves in pixels of the picture.
    segmentation : the ink that may hide them.

    Returns
    -------
    tuple of Trace
        In the same order. Stretches with bare ground between their ends stay gaps.
    """
    ink = _all_ink(segmentation)
    bridged = [t if t.style == "points" else _bridged(t, _others(traces, t), ink, segmentation) for t in traces]
    apart = [_end_apart(bridged, ink, segmentation, first=first) for first in (True, False)]
    return tuple(
        t if t.style == "points" else _carried_on(t, _others(bridged, t), ink, segmentation, apart) for t in bridged
    )


def _end_apart(traces: Sequence[Trace], ink: Mask, segmentation: Segmentation, *, first: bool) -> bool:
    """Whether one of the curves is seen to begin, or to end, on its own."""
    ends = []
    for trace in traces:
        seen = np.flatnonzero(np.isfinite(trace.y_px))
        if trace.style != "points" and len(seen):
            k = seen[0 if first else -1]
            x, y = trace.x_px[k] - segmentation.box.left, trace.y_px[k] - segmentation.box.top
            ends.append(End(float(x), float(y), trace.width_px))
    return end_apart(ends, ink, first=first)


def _all_ink(segmentation: Segmentation) -> Mask:
    """Where a curve could be hidden: ink of any colour, and boxes of text."""
    ink = segmentation.ink.copy()
    for layer in segmentation.layers:
        ink |= layer.hidden | (layer.coverage > 0.2)
    return ink


def _others(traces: Sequence[Trace], own: Trace) -> list[_Line]:
    """The curves that may lie over one: a faint curve lies beneath the bold ones."""
    over = [t for t in traces if t is not own and t.style != "points" and (own.faint or not t.faint)]
    return [_to_line(t) for t in over if np.isfinite(t.y_px).sum() > 1]


def _to_line(trace: Trace) -> _Line:
    good = np.isfinite(trace.y_px)
    x, y = trace.x_px[good], trace.y_px[good]
    along = np.concatenate([[0.0], np.cumsum(np.maximum(np.hypot(np.diff(x), np.diff(y)), 1e-6))])
    at = np.linspace(0.0, along[-1], int(along[-1]) + 2)
    return _Line(x=np.interp(at, along, x), y=np.interp(at, along, y), width=trace.width_px)


def _bridged(trace: Trace, others: Sequence[_Line], ink: Mask, segmentation: Segmentation) -> Trace:
    """Fill the gaps and long straight bridges of a trace for which there is a way beneath ink."""
    keep = np.flatnonzero(np.isfinite(trace.y_px))
    if len(keep) < 2:
        return trace
    x, y = trace.x_px[keep], trace.y_px[keep]
    broken = np.diff(keep) > 1
    step = np.hypot(np.diff(x), np.diff(y))
    inserts: list[tuple[int, FloatArray]] = []
    for k in np.flatnonzero(broken | (np.diff(x) > max(4.0, 3 * trace.width_px))):
        straight = _between((x[k], y[k]), (x[k + 1], y[k + 1]))
        shown = _ink_share(straight, ink, segmentation)
        dash = not broken[k] and (1 - shown) * step[k] <= 3 * median(step[step > 1.5])
        if (shown > 1 - _BARE and not broken[k]) or (dash and shown < 0.3):
            continue
        way = _way(straight, shown, others, ink, segmentation, trace.width_px)
        if way is not None:
            inserts.append((int(keep[k]), way))
    for at, way in reversed(inserts):
        trace = _inserted(trace, at, way)
    return trace


def _between(a: tuple[float, float], b: tuple[float, float]) -> FloatArray:
    """Points (n, 2) about a pixel apart on the straight line between two places."""
    count = int(max(abs(b[0] - a[0]), abs(b[1] - a[1]))) + 2
    return np.column_stack([np.linspace(a[0], b[0], count), np.linspace(a[1], b[1], count)])


def _ink_share(way: FloatArray, ink: Mask, segmentation: Segmentation) -> float:
    """The share of the points (n, 2) of a way that lie on ink, or a pixel from it."""
    inner = way[1:-1] if len(way) > 2 else way
    columns = np.clip(np.floor(inner[:, 0] - segmentation.box.left).astype(int), 0, ink.shape[1] - 1)
    rows = np.floor(inner[:, 1] - segmentation.box.top).astype(int)
    on = np.zeros(len(inner), bool)
    for shift in (-1, 0, 1):
        on |= ink[np.clip(rows + shift, 0, ink.shape[0] - 1), columns]
    return float(on.mean())


def _way(
    straight: FloatArray, shown: float, others: Sequence[_Line], ink: Mask, segmentation: Segmentation, width: float
) -> FloatArray | None:
    """The way (n, 2) beneath ink from the first to the last of the points on a straight line, None without one."""
    start, end = straight[0], straight[-1]
    if shown > 1 - _BARE:
        return straight
    for line in others:
        reach = 0.5 * (line.width + width) + 1.0
        (i, off), (j, miss) = line.nearest(*start), line.nearest(*end)
        if i < j and max(off, miss) <= reach:
            way = np.column_stack([line.x[i : j + 1], line.y[i : j + 1]])
            if _ink_share(way, ink, segmentation) > 1 - _BARE:
                return way
    return _through_ink(start, end, ink, segmentation)


def _through_ink(start: FloatArray, end: FloatArray, ink: Mask, segmentation: Segmentation) -> FloatArray | None:
    """The shortest way (n, 2) through ink between two places, None where too much of it is bare."""
    left, top = segmentation.box.left, segmentation.box.top
    margin = 10.0 + 0.5 * abs(end[0] - start[0])
    first = max(int(min(start[1], end[1]) - top - margin), 0)
    last = min(int(max(start[1], end[1]) - top + margin) + 1, ink.shape[0])
    begin, stop = max(int(start[0] - left), 0), min(int(end[0] - left) + 1, ink.shape[1])
    part = ink[first:last, begin:stop]
    if part.shape[1] < 3 or part.shape[0] < 2 or not part.any(axis=0).mean() > 1 - _BARE:
        return None

    def cell(place: FloatArray) -> tuple[int, int]:
        row, column = int(place[1] - top) - first, int(place[0] - left) - begin
        return min(max(row, 0), part.shape[0] - 1), min(max(column, 0), part.shape[1] - 1)

    route, _ = route_through_array(np.where(part, 1.0, _DETOUR), cell(start), cell(end), fully_connected=True)
    cells = np.array(route)
    if 1 - part[cells[:, 0], cells[:, 1]].mean() > _BARE or (np.diff(cells[:, 1]) < 0).sum() > 0.1 * len(cells):
        return None
    way = np.column_stack([cells[:, 1] + begin + left + 0.5, cells[:, 0] + first + top + 0.5])
    way[:, 0] = np.maximum.accumulate(way[:, 0])
    return way


def _inserted(trace: Trace, k: int, way: FloatArray) -> Trace:
    """The trace with a hidden way between point `k` and the next visible one, in place of the gap there."""
    after = k + 1
    while after < len(trace.y_px) and not np.isfinite(trace.y_px[after]):
        after += 1
    inner = way[1:-1]
    head, tail = slice(None, k + 1), slice(after, None)
    error = np.full(len(inner), 1.0 + 0.5 * trace.width_px)

    def joined(array: FloatArray, middle: FloatArray) -> FloatArray:
        return np.concatenate([array[head], middle, array[tail]])

    return replace(
        trace,
        x_px=joined(trace.x_px, inner[:, 0]),
        y_px=joined(trace.y_px, inner[:, 1]),
        x_err_px=joined(trace.x_err_px, np.full(len(inner), 0.5)),
        y_err_px=joined(trace.y_err_px, error),
        covered=np.concatenate([trace.covered[head], np.ones(len(inner), bool), trace.covered[tail]]),
    )


def _carried_on(
    trace: Trace, others: Sequence[_Line], ink: Mask, segmentation: Segmentation, apart: Sequence[bool]
) -> Trace:
    """Carry a curve that ends on another on with it, to where the others begin and end.

    Hardly where the curves are seen to begin or to end `apart`.
    """
    keep = np.flatnonzero(np.isfinite(trace.y_px))
    if len(keep) < 2 or len(others) == 0:
        return trace
    width = segmentation.box.width
    before = _beyond(trace, keep, others, ink, segmentation, first=True)
    after = _beyond(trace, keep[::-1], others, ink, segmentation, first=False)
    before, after = (
        None if way is not None and alone and np.ptp(way[:, 0]) > EARLY * width else way
        for way, alone in zip((before, after), apart, strict=True)
    )
    added = sum(float(np.ptp(way[:, 0])) for way in (before, after) if way is not None)
    seen = float(trace.x_px[keep[-1]] - trace.x_px[keep[0]])
    if added == 0 or added > _FURTHEST * seen:
        return trace
    for way, first in ((before, True), (after, False)):
        if way is not None:
            trace = _appended(trace, way, first)
    if added > _DOUBTFUL * width:
        doubt = Reason(code="end-hidden", message="it ends beneath another line and was carried on along that one")
        trace = replace(trace, doubts=(*trace.doubts, doubt))
    return trace


def _is_upright(trace: Trace, inward: NDArray[np.intp]) -> bool:
    """Whether a trace ends upright. `inward` are its points from that end on."""
    x, y = trace.x_px[inward], trace.y_px[inward]
    along = np.cumsum(np.hypot(np.diff(x), np.diff(y)))
    back = min(int(np.searchsorted(along, _HEADING * trace.width_px)) + 1, len(x) - 1)
    return bool(abs(y[back] - y[0]) >= _UPRIGHT * abs(x[back] - x[0]))


def _marker_step(trace: Trace, x: float, y: float) -> float:
    """How far along x markers usually stand from one another, 0 where none stands at a place or beside it."""
    own = trace.markers_px
    if len(own) < 3 or np.hypot(own[:, 0] - x, own[:, 1] - y).min() > _AT_MARKER:
        return 0.0
    return median(np.diff(np.sort(own[:, 0])))


def _beyond(
    trace: Trace,
    inward: NDArray[np.intp],
    others: Sequence[_Line],
    ink: Mask,
    segmentation: Segmentation,
    *,
    first: bool,
) -> FloatArray | None:
    """The way (n, 2), outward, along the curve on which an end of the trace lies, None where it lies on none.

    That curve must go as far as the furthest of the others. Only a trace that ends upright, its points from that end
    on being `inward`, is carried on straight up or down: another ends where the others do. One that ends at a marker is
    carried on no less than to where a next one could be.
    """
    x, y = float(trace.x_px[inward[0]]), float(trace.y_px[inward[0]])
    step = _marker_step(trace, x, y)
    upright = step == 0 and _is_upright(trace, inward)
    sign = -1.0 if first else 1.0
    furthest = max(float((sign * line.x).max()) for line in others)
    chosen: tuple[float, FloatArray] | None = None
    for line in others:
        i, off = line.nearest(x, y)
        # beside it only as far as the two strokes touch: no bare ground may lie between
        joint = _ink_share(_between((x, y), (float(line.x[i]), float(line.y[i]))), ink, segmentation)
        reach = (3.0 if joint == 1 else 1.0) * max(line.width, trace.width_px, segmentation.stroke_px) + 1.0
        part = slice(i, None, -1) if first else slice(i, None)
        way = _shifted(np.column_stack([line.x[part], line.y[part]]), y, reach)
        ahead = float(np.hypot(*(way[-1] - way[0])))
        whole = sign * way[-1, 0] > furthest - 0.01 * segmentation.box.width
        further = sign * (way[-1, 0] - x) > max(line.width, trace.width_px, _NEXT_MARKER * step)
        if off > reach or ahead < 2 * reach or not whole or not (further or upright):
            continue
        if _ink_share(way, ink, segmentation) < 1 - _BARE:
            continue
        if chosen is None or off < chosen[0]:
            chosen = off, way
    return chosen[1] if chosen else None


def _shifted(way: FloatArray, y: float, reach: float) -> FloatArray:
    """A way that starts at the height `y` and nears its own course within a few stroke widths."""
    off = np.clip(y - way[0, 1], -reach, reach)
    return np.column_stack([way[:, 0], way[:, 1] + off * np.exp(-np.arange(len(way)) / (6 * reach))])


def _appended(trace: Trace, way: FloatArray, first: bool) -> Trace:
    """The trace with a hidden way, outward, at its first or last end."""
    outer = way[1:][::-1] if first else way[1:]

    def joined(array: FloatArray, more: FloatArray) -> FloatArray:
        return np.concatenate([more, array] if first else [array, more])

    count = len(outer)
    return replace(
        trace,
        x_px=joined(trace.x_px, outer[:, 0]),
        y_px=joined(trace.y_px, outer[:, 1]),
        x_err_px=joined(trace.x_err_px, np.full(count, 0.5)),
        y_err_px=joined(trace.y_err_px, np.full(count, 1.0 + 0.5 * trace.width_px)),
        covered=joined(trace.covered.astype(float), np.ones(count)).astype(bool),
    )
