"""The polyline that a curve draws between its markers, wherever its ink says so.

A line with markers is drawn straight from each to the next: two centres tell it better than the little that its markers
leave of it. Of all ways from marker to marker along ink the one that takes in the most is the curve's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from digitize.color import Float32
from digitize.commonplaces import Places, markers_at
from digitize.markers import Markers, drawn_share, find_markers, without_markers
from digitize.medians import median
from digitize.model import FloatArray, Layer
from digitize.palette import Mask
from digitize.patterns import is_dashed
from digitize.polyline import Polyline
from digitize.strokes import find_stroke

#: Markers and the joins between them leave no more than this share of a curve's ink over.
_LEFT_OVER = 0.25

#: A join may pass over so many centres that are none of the curve's.
_PASSED = 3
#: Least coverage of a line's pixels, and of those that have to be accounted for.
_INK, _SOLID = 0.3, 0.5
#: OpenCV draws to fractions of a pixel of so many bits.
_BITS = 4
_SUBPIXEL = 1 << _BITS
#: Between two markers this share of their join is ink, or lies where none can be seen; of a dashed line this.
_DRAWN, _DRAWN_DASHED = 0.85, 0.35
#: Another marker has room in this share of the usual step.
_ROOM = 0.75
#: The soft edge of a marker, in pixels.
_EDGE = 2.0
#: Markers within so many usual steps of one another are neighbours.
_NEXT = 1.5
#: 95 % half-width of a centre in pixels, across the line.
_ERROR = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class MarkedLine:
    """A layer's line without its markers, its width in pixels, and its markers, None where it has none.

    `thinnest` is the width of the line's thinnest places.
    `paths` are the pieces of the curve between its markers, each the centres (m, 2) that it joins.
    """

    line: Layer
    width: float
    thinnest: float
    markers: Markers | None = None
    paths: Sequence[FloatArray] = ()


def find_marked(layer: Layer) -> MarkedLine:
    """The layer's line and markers told apart.

    Markers whose joins would leave much of the ink over are none: that is a restless line.

    Parameters
    ----------
    layer : the ink of one colour; where several entries share it no joins are looked for.
    """
    stroke = find_stroke(layer.coverage)
    plain = MarkedLine(line=layer, width=stroke.width, thinnest=stroke.thinnest)
    # where curves of several patterns share an ink, what is broader than the thinnest of it may be the dots of one
    markers = find_markers(layer, stroke.thinnest if len(layer.entries) < 2 else stroke.width)
    return plain if markers is None else _marked_with(layer, markers, plain)


def with_common_markers(layer: Layer, marked: MarkedLine, places: Places) -> MarkedLine:
    """A layer's line and markers told apart again, with the markers that it has where other series have theirs.

    Parameters
    ----------
    layer : the ink of one colour.
    marked : what was found in it alone, which stays where nothing more is found.
    places : where another series of the chart shows its markers.
    """
    if len(layer.entries) > 1 or layer.faint:
        return marked
    markers = markers_at(places, layer, marked.markers, marked.width)
    return marked if markers is None else _marked_with(layer, markers, marked)


def _marked_with(layer: Layer, markers: Markers, otherwise: MarkedLine) -> MarkedLine:
    """The line and these markers told apart; what was found `otherwise` where joins would leave much ink over."""
    line = without_markers(layer, markers)
    rest = find_stroke(line.coverage)
    width, thinnest = min(rest.width, otherwise.width), min(rest.thinnest, otherwise.thinnest)
    if len(layer.entries) > 1:
        return MarkedLine(line=line, width=width, thinnest=thinnest, markers=markers)
    found = markers.centers, markers.radius
    paths = find_paths(*found, line.coverage, line.hidden, dashed=is_dashed(line, width))
    if left_over(paths, *found, layer.coverage, layer.hidden, width) > _LEFT_OVER:
        return otherwise
    return MarkedLine(line=line, width=width, thinnest=thinnest, markers=markers, paths=paths)


def find_paths(centers: FloatArray, radius: float, ink: Float32, hidden: Mask, *, dashed: bool) -> list[FloatArray]:
    """The pieces of a curve between its markers, each the centres (m, 2) that it joins, from left to right.

    Parameters
    ----------
    centers : (n, 2) places x, y of what may be markers, in pixels.
    radius : of the markers.
    ink : (h, w) coverage of the curve's line, its markers taken out.
    hidden : (h, w), True where the line cannot be seen.
    dashed : whether the line has gaps.
    """
    centers = centers[np.lexsort((centers[:, 1], centers[:, 0]))]
    drawn = near_ink(ink) | hidden
    least = _DRAWN_DASHED if dashed else _DRAWN
    count = np.ones(len(centers), int)
    before = np.full(len(centers), -1)
    for k in range(len(centers)):
        for j in range(max(k - 1 - _PASSED, 0), k):
            longer = count[j] + 1 > count[k]
            if (
                longer
                and centers[k, 0] - centers[j, 0] >= 1
                and drawn_share(centers[j], centers[k], radius, drawn) >= least
            ):
                count[k], before[k] = count[j] + 1, j
    return _neighbours_joined(_longest(centers, count, before))


def near_ink(ink: Float32) -> Mask:
    """Where (h, w) ink of the coverage (h, w) lies within a pixel."""
    return np.asarray(cv2.dilate((ink >= _INK).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def _longest(centers: FloatArray, count: FloatArray, before: FloatArray) -> list[FloatArray]:
    """The longest ways, one after the other, that do not lie beside each other along x."""
    pieces: list[FloatArray] = []
    for end in np.argsort(-count, kind="stable"):
        way = [int(end)]
        while before[way[-1]] >= 0:
            way.append(int(before[way[-1]]))
        piece = centers[way[::-1]]
        if len(way) > 1 and all(piece[-1, 0] <= p[0, 0] or piece[0, 0] >= p[-1, 0] for p in pieces):
            pieces.append(piece)
    return sorted(pieces, key=lambda piece: float(piece[0, 0]))


def _neighbours_joined(pieces: list[FloatArray]) -> list[FloatArray]:
    """The pieces, those as one between which no marker has room."""
    step = median(np.concatenate([np.diff(piece[:, 0]) for piece in pieces])) if pieces else 0.0
    done: list[FloatArray] = []
    for piece in pieces:
        if done and piece[0, 0] - done[-1][-1, 0] <= _NEXT * step:
            done[-1] = np.concatenate([done[-1], piece[int(piece[0, 0] - done[-1][-1, 0] < 1) :]])
        else:
            done.append(piece)
    return done


def left_over(
    paths: Sequence[FloatArray], centers: FloatArray, radius: float, ink: Float32, hidden: Mask, stroke: float
) -> float:
    """The share of a curve's ink that neither its markers nor the joins between them account for.

    Corners of a curve that goes to and fro, taken for markers, leave the tips of its spikes over.

    Parameters
    ----------
    paths, centers, radius, hidden : as in `find_paths`.
    ink : (h, w) coverage, markers and all.
    stroke : width of the line in pixels.
    """
    if not paths:
        return 0.0
    drawn = np.zeros(ink.shape, np.uint8)
    for path in paths:
        places = np.round((path - 0.5) * _SUBPIXEL).astype(np.int32)
        cv2.polylines(drawn, [places[:, None]], False, 1, max(round(stroke + _EDGE), 1), cv2.LINE_8, _BITS)
    for x, y in np.round((centers - 0.5) * _SUBPIXEL).astype(int).tolist():
        cv2.circle(drawn, (x, y), round((radius + 0.5 * _EDGE) * _SUBPIXEL), 1, -1, cv2.LINE_8, _BITS)
    first, last = max(int(paths[0][0, 0]), 0), int(paths[-1][-1, 0]) + 1
    seen = ((ink >= _SOLID) & ~hidden)[:, first:last]
    return int(np.count_nonzero(seen & (drawn[:, first:last] == 0))) / max(int(np.count_nonzero(seen)), 1)


def along_paths(line: Polyline, paths: Sequence[FloatArray], radius: float, ink: Float32, hidden: Mask) -> Polyline:
    """The line with its points between joined markers put on the joins, one a pixel column and one a marker.

    Where nothing is seen of it farther than the markers' radius before the first or behind the last, it ends there,
    unless it was carried on beneath others to where a next one could be.

    Parameters
    ----------
    line : the curve as it was followed from column to column.
    paths : its pieces between markers, as `find_paths` gives them.
    radius : of the markers in pixels.
    ink, hidden : (h, w) coverage of the curve, and where it cannot be seen; the line is covered where both say so.
    """
    beneath = hidden & ~near_ink(ink)
    if paths:
        step = median(np.concatenate([np.diff(path[:, 0]) for path in paths]))
        line = _within(line, paths[0][0, 0], paths[-1][-1, 0], radius + _EDGE, _ROOM * step)
    for path in paths:
        left = int(np.searchsorted(line.x, path[0, 0] - 0.5))
        right = int(np.searchsorted(line.x, path[-1, 0] + 0.5))
        columns = np.arange(np.floor(path[0, 0]) + 0.5, path[-1, 0])
        x = np.unique(np.concatenate([columns[columns > path[0, 0]], path[:, 0]]))
        y = np.interp(x, path[:, 0], path[:, 1])
        piece = np.clip(np.searchsorted(path[:, 0], x, side="right") - 1, 0, len(path) - 2)
        slope = (np.diff(path[:, 1]) / np.diff(path[:, 0]))[piece]
        rows, columns = (np.clip(np.floor(v).astype(int), 0, n - 1) for v, n in zip((y, x), hidden.shape, strict=True))
        new = (x, y, _ERROR * np.hypot(1, slope), beneath[rows, columns])
        old = (line.x, line.y, line.error, line.covered)
        merged = [np.concatenate([a[:left], b, a[right:]]) for a, b in zip(old, new, strict=True)]
        line = Polyline(x=merged[0], y=merged[1], error=merged[2], covered=merged[3].astype(bool))
    return line


def _within(line: Polyline, first: float, last: float, reach: float, room: float) -> Polyline:
    """The line without ends before `first` and behind `last`, unless seen beyond `reach` or as long as `room`."""
    told = line.x[~line.covered & np.isfinite(line.y)]
    low, high = line.x.min(initial=first), line.x.max(initial=last)
    if told.min(initial=first) >= first - reach and first - low < room:
        low = first
    if told.max(initial=last) <= last + reach and high - last < room:
        high = last
    kept = (line.x >= low) & (line.x <= high)
    return Polyline(x=line.x[kept], y=line.y[kept], error=line.error[kept], covered=line.covered[kept])
