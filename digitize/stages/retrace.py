"""A second look: curves whose course the visible ink leaves open, drawn alone by the curve network and followed again.

The network and the visible ink are two witnesses: where they disagree the course is in doubt, whichever is taken.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.beneath import follow_beneath
from digitize.bridges import Terrain
from digitize.color import Float32
from digitize.engines.curves import DRAWN_WIDTH, curve_network
from digitize.identity import ends_beside_another
from digitize.medians import quantile
from digitize.model import Box, FloatArray, Image, Layer, Picture, Reason, Segmentation, Trace
from digitize.palette import Mask
from digitize.paths import Net
from digitize.polyline import ADVANCE, ALONG, Polyline, drawn_length, to_polyline
from digitize.strokes import find_runs, join_across
from digitize.synthesis import cut_share, missed_share, weigh_course

#: What is expected to be wrong of a curve that needs no second look, as a share, and how many of its columns may hide
#: its peaks.
_PLAIN, _CUT = 0.02, 0.15
#: Lines broader than this are drawn smaller, to a width that the network knows well; the picture is not made smaller
#: than this, nor read at more pixels than this.
_BROAD, _USUAL, _SMALLEST, _MOST_PIXELS = 1.5, 1.3, 0.3, 0.4e6
#: Of fewer pixels none can be spared.
_FEWEST_PIXELS = 0.05e6
#: Where the network is more unsure than this it looks again, up to so many times closer.
_LOOK_AGAIN, _CLOSER = 0.04, 4 / 3
#: The network sees so many pixels around all ink.
_AROUND = 12
#: The network's line passes where it says so with this probability; less than the faintest is noise.
_LIKELY, _FAINTEST = 0.5, 0.05
#: Likely places this near to the course that was followed, in pixels, belong to it.
_NEAR = 3.0
#: The network's course is taken where it is not by this much less sure than that of the ink, nor less sure than this.
_MARGIN, _UNSURE = 0.05, 0.35
#: A course that both found is certain where the network is less unsure of it than this: of such as others hide in part
#: all of 45 were right on drawn charts, of those up to three times as unsure nine in ten.
_CERTAIN = 0.01
#: A solid line passes over bare ground so many times as likely as the network says.
_BARE = 0.3
#: What the network draws tells the place of a line so many times less exactly than its ink does, on drawn charts.
_LESS_EXACTLY = 1.5
#: Two courses are the same that lie no further from each other, as a share of the plot area, over most of their length.
_SAME, _MOST = 0.01, 0.95
#: Courses are compared in a raster of so many cells each way.
_RASTER = 800
#: Bare gaps of so many pixels in what the network draws are none in the data.
_GAP = 3.0

_TWO_COURSES = Reason(
    code="two-courses", message="its visible ink alone leads along another course than it and all around it together"
)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Scene:
    """The pixels (h, w, 3) that the network looks at, and which rows and columns of the plot area they are."""

    rgb: Image
    rows: slice
    columns: slice


@dataclass(frozen=True, kw_only=True, eq=False)
class _Drawn:
    """A course through what the network draws: its points in pixels of the picture, and what speaks against it.

    `unsure` is the share of its length where the network thinks it elsewhere, plus the share of what the network draws
    that lies beside it.
    """

    line: Polyline
    unsure: float


def retrace(picture: Picture, segmentation: Segmentation, traces: Sequence[Trace]) -> tuple[Trace, ...]:
    """The traces, those in doubt followed again.

    Parameters
    ----------
    picture : the picture.
    segmentation : the ink, separated by colour.
    traces : the curves as they were followed through it.

    Returns
    -------
    tuple of Trace
        In the same order. Markers, and curves that share their ink with others, stay as they are.

    Raises
    ------
    EngineError
        The network cannot run.
    """
    scene = None
    done = list(traces)
    for k, trace in enumerate(traces):
        layer = _layer_of(trace, segmentation, traces)
        if layer is None:
            continue
        expected = _expected_wrong(trace, layer, segmentation, traces)
        if expected is None:
            done[k] = replace(trace, settled=True)
            continue
        scene = _without_words(picture, segmentation) if scene is None else scene
        drawn = _draw_alone(scene, trace, layer, segmentation)
        done[k] = trace if drawn is None else _better(trace, drawn, layer, expected)
    # where a new course begins or ends beneath another line it is carried on like those before it
    taken = [one.x_px is not trace.x_px for one, trace in zip(done, traces, strict=True)]
    if any(taken):
        followed = follow_beneath(done, segmentation)
        done = [new if its else old for new, old, its in zip(followed, done, taken, strict=True)]
    return tuple(done)


def _layer_of(trace: Trace, segmentation: Segmentation, traces: Sequence[Trace]) -> Layer | None:
    """The layer of a line that is the only one of its ink, None for others."""
    if trace.style == "points":
        return None
    for layer in segmentation.layers:
        own = [t for t in traces if layer.holds(t)]
        if len(own) == 1 and own[0] is trace and len(layer.entries) < 2:
            return layer
    return None


def _expected_wrong(trace: Trace, layer: Layer, segmentation: Segmentation, traces: Sequence[Trace]) -> float | None:
    """The share of a curve that is expected to lie elsewhere, None where its ink tells it plainly."""
    doubt = weigh_course(segmentation, layer, trace, missed_share(layer, [trace]))
    others = [other for other in traces if other is not trace and other.faint == trace.faint]
    plain = (
        doubt.share <= _PLAIN
        and cut_share(layer, trace.width_px) <= _CUT
        and not ends_beside_another(trace, others, segmentation.box)
    )
    return None if plain else doubt.share


def _without_words(picture: Picture, segmentation: Segmentation) -> _Scene:
    """The part of a plot area that holds ink, bare where words, the legend and what reaches in of it stand."""
    rgb = picture.rgb[segmentation.box.to_slices(picture.rgb.shape)].copy()
    hidden = [layer.hidden for layer in segmentation.layers]
    # what hides every curve without being ink was masked
    rgb[np.logical_and.reduce(hidden) & ~segmentation.ink] = np.round(segmentation.background)
    covered = segmentation.ink | np.logical_or.reduce(hidden)
    sides = [np.flatnonzero(covered.any(axis=axis)) for axis in (1, 0)]
    rows, columns = (slice(max(int(on[0]) - _AROUND, 0), int(on[-1]) + _AROUND + 1) for on in sides)
    return _Scene(rgb=rgb[rows, columns], rows=rows, columns=columns)


def _draw_alone(scene: _Scene, trace: Trace, layer: Layer, segmentation: Segmentation) -> _Drawn | None:
    """The course of a layer's curve through what the network draws of it, None where that is nothing."""
    height, width = scene.rgb.shape[:2]
    scale = max(_USUAL / trace.width_px, _SMALLEST) if trace.width_px > _BROAD else 1.0
    scale = min(max(scale, (_FEWEST_PIXELS / (height * width)) ** 0.5), 1.0)
    largest = (_MOST_PIXELS / (height * width)) ** 0.5
    scale, close = min(scale, largest), min(_CLOSER * scale, largest)
    drawn = _draw_at(scale, scene, trace, layer, segmentation)
    if close <= scale or (drawn is not None and drawn.unsure <= _LOOK_AGAIN):
        return drawn
    closer = _draw_at(close, scene, trace, layer, segmentation)
    return min((one for one in (drawn, closer) if one is not None), key=lambda one: one.unsure, default=None)


def _draw_at(scale: float, scene: _Scene, trace: Trace, layer: Layer, segmentation: Segmentation) -> _Drawn | None:
    """The course of a layer's curve through what the network draws of the scene in another size."""
    height, width = scene.rgb.shape[:2]
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    others = [one.color for one in segmentation.layers if one is not layer]
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    seen = np.asarray(cv2.resize(scene.rgb, size, interpolation=method), np.uint8)
    likely = curve_network().draw_alone(seen, layer.color, segmentation.background, others)
    possible = np.where(likely > _FAINTEST, likely, 0)
    if trace.style == "solid":
        possible = np.where(_is_bare(layer, scene, size), _BARE * possible, possible)
    line = _follow(possible.astype(np.float32))
    if line is None:
        return None
    across, down = width / size[0], height / size[1]
    placed = Polyline(
        x=line.x * across + scene.columns.start + segmentation.box.left,
        y=line.y * down + scene.rows.start + segmentation.box.top,
        error=line.error * down * _LESS_EXACTLY,
        covered=line.covered,
    )
    return _Drawn(line=placed, unsure=_unsure_share(line, likely))


def _is_bare(layer: Layer, scene: _Scene, size: tuple[int, int]) -> Mask:
    """Which pixels, of the scene in a size (width, height), show neither a layer's ink nor what may hide it."""
    place = scene.rows, scene.columns
    ink = ((layer.coverage[place] > 0) | layer.hidden[place]).view(np.uint8)
    near = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    return np.asarray(cv2.resize(255 * near, size, interpolation=cv2.INTER_AREA) == 0)


def _follow(likely: Float32) -> Polyline | None:
    """The likeliest course from left to right, in pixels of what the network drew."""
    nowhere: Mask = np.zeros(likely.shape, bool)
    runs = join_across(find_runs(likely), nowhere)
    courses = Net(runs, nowhere, DRAWN_WIDTH, Terrain(nowhere, likely)).courses(1, 4.0)
    if not courses or len(courses[0].runs) < 2:
        return None
    return to_polyline(courses[0], likely, nowhere, DRAWN_WIDTH, _GAP)


def _unsure_share(line: Polyline, likely: Float32) -> float:
    """Where along a line the network thinks it elsewhere, and what it draws beside the line, as shares of either."""
    x, y = _along(line.x, line.y, 1.0)
    rows, columns = (np.clip(v.astype(int), 0, n - 1) for v, n in zip((y, x), likely.shape, strict=True))
    thick = cv2.dilate(likely, np.ones((3, 1), np.uint8))
    course = np.zeros(likely.shape, np.uint8)
    course[rows, columns] = 1
    away = _away(course)
    drawn = likely > _FAINTEST
    beside = float(likely[drawn & (away > _NEAR)].sum() / max(float(likely[drawn].sum()), 1e-6))
    return float((thick[rows, columns] < _LIKELY).mean()) + beside


def _along(x: FloatArray, y: FloatArray, step: float) -> tuple[FloatArray, FloatArray]:
    """Places along a polyline, its gaps left out, so far apart."""
    good = np.isfinite(y)
    length = drawn_length(x, y)[good]
    at = np.arange(0.0, length[-1], step)
    return np.interp(at, length, x[good]), np.interp(at, length, y[good])


def _better(trace: Trace, drawn: _Drawn, layer: Layer, expected_wrong: float) -> Trace:
    """The network's course where it is sure enough of it, else the trace; with a doubt where they are not the same.

    Where they are, the network's is the closer one: it sees edges through other lines, blur and compression.
    """
    line = drawn.line
    agree = _agree(trace, line, layer.box)
    doubts = trace.doubts if agree else (*trace.doubts, _TWO_COURSES)
    if drawn.unsure >= min(expected_wrong + _MARGIN, _UNSURE):
        return replace(trace, doubts=doubts)
    first, last = _visible_ends(trace, line)
    along = _advancing(trace.x_px, first, last, line)
    x, y, error = (
        np.concatenate([own[first], new, own[last]])
        for own, new in ((along, line.x), (trace.y_px, line.y), (trace.y_err_px, line.error))
    )
    return replace(
        trace,
        x_px=x,
        y_px=y,
        x_err_px=np.full(len(x), ALONG),
        y_err_px=error,
        covered=_is_hidden(x, y, layer, trace.width_px),
        doubts=doubts,
        settled=agree and drawn.unsure < _CERTAIN,
    )


def _visible_ends(trace: Trace, line: Polyline) -> tuple[slice, slice]:
    """The points of a trace that are seen beyond the start and the end of a line which they touch."""
    known = np.flatnonzero(np.isfinite(line.y))
    hidden = trace.covered | ~np.isfinite(trace.y_px)
    first = last = slice(0, 0)
    places = [(float(line.x[k]), float(line.y[k])) for k in (known[0], known[-1])]
    start, end = (_touched(trace, *place) for place in places)
    # what is hardly beyond them is no more of the curve
    ends = zip((0, -1), places, strict=True)
    begun, ended = (np.hypot(trace.x_px[k] - x, trace.y_px[k] - y) < 1 for k, (x, y) in ends)
    if start is not None and not begun:
        near, far = _reach(hidden[start::-1], places[0][0] + 1 - trace.x_px[start::-1])
        first = slice(start + 1 - far, start + 1 - near)
    if end is not None and not ended:
        near, far = _reach(hidden[end + 1 :], trace.x_px[end + 1 :] - places[1][0] + 1)
        last = slice(end + 1 + near, end + 1 + far)
    return first, last


def _reach(hidden: Mask, beyond: FloatArray) -> tuple[int, int]:
    """From which point to before which a course is seen beyond a place, by how far each is `beyond`."""
    stop = int(np.argmax(hidden)) if hidden.any() else len(hidden)
    ahead = beyond[:stop] >= 0
    first = int(np.argmax(ahead)) if ahead.any() else stop
    back = np.flatnonzero(~ahead[first:])
    return first, first + int(back[0]) if len(back) else stop


def _advancing(x: FloatArray, first: slice, last: slice, line: Polyline) -> FloatArray:
    """The x of a trace, those beyond either end of a line made to advance towards it and from it on."""
    x = x.copy()
    before, after = np.arange(first.start, first.stop), np.arange(last.start, last.stop)
    x[before] = np.minimum(x[before], line.x[0] - ADVANCE * (first.stop - before))
    x[after] = np.maximum(x[after], line.x[-1] + ADVANCE * (after - last.start + 1))
    return x


def _touched(trace: Trace, x: float, y: float) -> int | None:
    """The index of the point of a trace before a place that it touches, None where it does not."""
    dx, dy = np.diff(trace.x_px), np.diff(trace.y_px)
    to_x, to_y = x - trace.x_px[:-1], y - trace.y_px[:-1]
    share = np.clip((to_x * dx + to_y * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0, 1)
    away = np.nan_to_num(np.hypot(to_x - share * dx, to_y - share * dy), nan=np.inf)
    at = int(np.argmin(away))
    return at if away[at] <= _NEAR + trace.width_px else None


def _is_hidden(x: FloatArray, y: FloatArray, layer: Layer, stroke: float) -> Mask:
    """Which places lie where no ink of a layer is seen within a stroke's breadth, but other ink that may hide it."""
    height, width = layer.coverage.shape
    rows = np.clip(np.nan_to_num(y - layer.box.top).astype(int), 0, height - 1)
    columns = np.clip((x - layer.box.left).astype(int), 0, width - 1)
    reach = np.ones((2 * math.ceil(stroke / 2) + 1, 1), np.uint8)
    seen = cv2.dilate((layer.coverage > 0).astype(np.uint8), reach) > 0
    return np.asarray((layer.hidden & ~seen)[rows, columns])


def _agree(trace: Trace, line: Polyline, box: Box) -> bool:
    """Whether most of either course lies near the other."""
    one, other = (_raster(x - box.left, y - box.top, box) for x, y in ((trace.x_px, trace.y_px), (line.x, line.y)))
    return all(quantile(_away(a)[b > 0], _MOST) <= _SAME * _RASTER for a, b in ((one, other), (other, one)))


def _raster(x: FloatArray, y: FloatArray, box: Box) -> NDArray[np.uint8]:
    """A course in pixels of the plot area as 1 in a square raster over that."""
    x, y = _along(x, y, 0.5)
    course = np.zeros((_RASTER, _RASTER), np.uint8)
    rows, columns = (np.clip(v * _RASTER / n, 0, _RASTER - 1).astype(int) for v, n in ((y, box.height), (x, box.width)))
    course[rows, columns] = 1
    return course


def _away(course: NDArray[np.uint8]) -> Float32:
    """The distance of each cell of a raster to a course."""
    return np.asarray(cv2.distanceTransform(1 - course, cv2.DIST_L2, 5), np.float32)
