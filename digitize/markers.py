"""Markers on a line: found by their breadth, told from the line by size, and taken out so that they do not bend it.

A marker is broader than the line it sits on. The distance to the nearest bare pixel (Borgefors, *Distance
transformations in digital images*, 1986) peaks in its middle; peaks of one height that come back along a layer may be
its markers. What those look like, held against the whole layer, finds the others, which cover one another or lie
beneath other ink. They are believed where they account for nearly all that is broad, and stand at one spacing or look
just alike: a curve that goes to and fro has broad places of every shape anywhere. Hollow markers enclose small pieces
of ground, which are filled first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32
from digitize.hollow import find_hollow
from digitize.matching import Matches, find_matches, usual_marker
from digitize.medians import median
from digitize.model import FloatArray, Layer
from digitize.palette import Mask, inked_part
from digitize.periodic import find_lattice, regularity
from digitize.pieces import label_pieces, number_pieces
from digitize.strokes import Runs

#: Fewest markers of one size that are believed.
_FEWEST = 3
#: A marker's inner radius exceeds half the line's width by at least this factor and this many pixels.
_BROADER, _MORE = 1.5, 0.7
#: Ink holds no disc of so many line widths and pixels where it is a line, however steep.
_LINE, _LINE_PX = 1.35, 1.6
#: Inner radii of the markers of one layer agree within this share and these pixels; so many sizes are tried.
_ALIKE, _ALIKE_PX, _SIZES = 0.15, 0.3, 4
#: A marker's inner radius is at least this share of the usual one.
_ROOM = 0.8
#: Markers of which this share is seen are whole; others stand this near to their spacing, in pixels and radii.
_WHOLE, _SLACK_PX, _SLACK = 0.9, 1.0, 0.35
#: So many whole ones have a spacing where this share keeps to it, it is this many times as wide, and one in so many
#: places has one.
_SPACED, _KEPT, _WIDE, _FILLED = 5, 0.9, 4.0, 2.5
#: Markers account for this share of all broad ink; a disc of their area is at most so many times as large as the
#: largest within them; at most this share stand above one another; they leave line to be seen between them.
_ACCOUNTED, _COMPACT, _STACKED, _STEP = 0.82, 1.5, 0.15, 1.0
#: Their spacing is regular beyond chance by this much, or they account for this share and agree so well with others.
_REGULAR, _ALL, _AGREEING = 2.0, 0.95, 0.85
#: Least coverage of marker pixels.
_SOLID = 0.5
#: A curve passes through a marker when it comes this near to its centre, in radii.
_THROUGH = 0.5
#: Largest hole of a hollow marker, in pixels of diameter per pixel of line width, and at least in pixels.
_HOLE, _HOLE_PX = 8.0, 9.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Markers:
    """Markers of a layer: `centers` (m, 2) in pixels of the layer, their outer `radius`, and where they lie."""

    centers: FloatArray
    radius: float
    area: Mask


def find_markers(layer: Layer, stroke: float) -> Markers | None:
    """The markers on a layer's line, None where it has none.

    Parameters
    ----------
    layer : the ink of one colour.
    stroke : width of its line in pixels, no more than it is.
    """
    solid = layer.coverage >= _SOLID
    rows, columns = inked_part(solid, 2)
    if not rows.stop:
        return None
    part = layer.coverage[rows, columns]
    found = _markers_of(part, layer.hidden[rows, columns], stroke, len(layer.entries))
    if found is None:
        return None
    area = np.zeros(solid.shape, bool)
    area[rows, columns] = found.area
    return replace(found, centers=found.centers + np.array([columns.start, rows.start]), area=area)


def _markers_of(coverage: Float32, hidden: Mask, stroke: float, curves: int) -> Markers | None:
    """The markers that account best for what is broad, None where nothing looks like them."""
    hollow = find_hollow(coverage, hidden, stroke, curves)
    if hollow is not None:
        return Markers(centers=hollow.centers, radius=hollow.radius, area=hollow.area)
    solid = with_holes_filled(coverage >= _SOLID, stroke)
    depth = _depth(solid)
    peaks = _peaks(depth, max(_BROADER * stroke / 2, stroke / 2 + _MORE) + 0.5)
    if len(peaks) < _FEWEST:
        return None
    ink = np.where(solid & (coverage < _SOLID), 1, coverage).astype(np.float32)
    covered = hidden & ~solid
    broad = _broad(solid, stroke)
    heights = depth[peaks[:, 0], peaks[:, 1]]
    # how large a disc has room within a pixel of each place, as far as can be seen
    room = cv2.dilate(_depth(solid | covered), np.ones((3, 3), np.uint8))
    best, most = None, 0.0
    for height in _usual(heights):
        alike = np.abs(heights - height) <= _ALIKE * height + _ALIKE_PX
        template = usual_marker(ink, covered, peaks[alike], height)
        radius = template.radius
        if not 0.5 * stroke + _MORE <= radius <= _COMPACT * height:
            continue
        matches = _in_step(find_matches(ink, covered, template, room >= _ROOM * height), radius)
        area = matches.area(template, broad.shape)
        share = int(np.count_nonzero(broad & area)) / max(int(np.count_nonzero(broad)), 1)
        if share > most and _are_markers(matches, radius, share):
            best, most = Markers(centers=matches.centers, radius=radius, area=area), share
    return best


def _broad(solid: Mask, stroke: float) -> Mask:
    """What of the ink (h, w) is broader than a line."""
    size = int(np.ceil(_LINE * stroke + _LINE_PX))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return np.asarray(cv2.morphologyEx(solid.astype(np.uint8), cv2.MORPH_OPEN, kernel) > 0)


def _in_step(matches: Matches, radius: float) -> Matches:
    """The matches without those seen in part that do not keep to the spacing of the others, where these have one."""
    x = matches.centers[:, 0]
    whole = matches.seen >= _WHOLE
    slack = _SLACK_PX + _SLACK * radius
    lattice = find_lattice(np.sort(x[whole]), slack) if whole.sum() >= _SPACED else None
    if lattice is None or lattice.step < _WIDE * slack:
        return matches
    near = lattice.off(x) <= slack
    # what lies near a lattice by chance does so for a share of its step
    certain = near[whole].mean() >= _KEPT and np.ptp(lattice.number(x[whole])) <= _FILLED * whole.sum()
    return matches.only(whole | near) if certain else matches


def _depth(mask: Mask) -> Float32:
    """How far each pixel of a mask is from the nearest one outside it."""
    return np.asarray(cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1], np.float32)


def _are_markers(matches: Matches, radius: float, share: float) -> bool:
    """Whether what was found, which accounts for a share of all broad ink, is the markers of a line."""
    x, y = matches.centers.T
    if len(x) < _FEWEST or share < _ACCOUNTED:
        return False
    order = np.argsort(x)
    if median(np.hypot(np.diff(x[order]), np.diff(y[order]))) <= _STEP * radius:
        return False
    above = (np.abs(x[:, None] - x) < 0.5 * radius) & (np.abs(y[:, None] - y) > radius)
    if above.any(axis=1).mean() > _STACKED:
        return False
    agreeing = share >= _ALL and median(matches.agreement) >= _AGREEING
    return agreeing or regularity(x) >= _REGULAR


def with_holes_filled(solid: Mask, stroke: float) -> Mask:
    """The mask (h, w) of lines `stroke` pixels wide with small round holes filled: the inside of hollow markers."""
    count, labels = number_pieces(~solid, connectivity=4)
    area = np.bincount(labels.ravel(), minlength=count)
    most = max(_HOLE * stroke, _HOLE_PX)
    small = area <= most**2
    # the ground around the ink, however little of it, is no hole
    small[[0, *labels[[0, 0, -1, -1], [0, -1, 0, -1]]]] = False
    if not small.any():
        return solid
    places = np.flatnonzero(np.take(small, labels))
    number = labels.ravel()[places]
    wide, tall = (_extents(number, along, count) for along in np.divmod(places, labels.shape[1])[::-1])
    longer, shorter = np.maximum(wide, tall), np.minimum(wide, tall)
    round_ = (longer <= most) & (longer <= 1.5 * shorter + 1) & (area >= 0.5 * wide * tall)
    filled = solid.copy()
    filled.ravel()[places] |= round_[number]
    return filled


def _extents(number: NDArray[np.int32], along: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """How many pixels, from the first to the last along an axis, the pieces of these numbers reach."""
    first, last = np.full(count, np.iinfo(np.intp).max), np.full(count, -1, np.intp)
    np.minimum.at(first, number, along)
    np.maximum.at(last, number, along)
    return np.where(last < 0, 0, last - first + 1)


def without_markers(layer: Layer, markers: Markers) -> Layer:
    """The layer with its markers taken out; the line runs on beneath them."""
    return replace(
        layer,
        coverage=np.where(markers.area, 0, layer.coverage).astype(np.float32),
        hidden=layer.hidden | markers.area,
    )


def with_centers(runs: Runs, markers: Markers, stroke: float) -> Runs:
    """The runs of a line with the centre of each marker as a run of its own, since the line passes through it.

    The centre of a marker on the edge of the area may come out a little beyond it: its run stands in the last column.
    """
    x, y = markers.centers[:, 0], markers.centers[:, 1]
    columns = np.clip(np.floor(x).astype(np.int64), 0, markers.area.shape[1] - 1)
    _, first = np.unique(np.stack([columns, np.round(y).astype(np.int64)]), axis=1, return_index=True)
    columns, y = columns[first], y[first]
    joined = Runs(
        column=np.concatenate([runs.column, columns]),
        top=np.concatenate([runs.top, y - stroke / 2]),
        bottom=np.concatenate([runs.bottom, y + stroke / 2]),
        center=np.concatenate([runs.center, y]),
        mass=np.concatenate([runs.mass, np.full(len(y), 2 * markers.radius)]),
    )
    return joined.take(np.lexsort((joined.top, joined.column)))


def drawn_share(start: FloatArray, end: FloatArray, radius: float, drawn: Mask) -> float:
    """The share of a join outside its markers that is drawn; all where they touch.

    Parameters
    ----------
    start, end : the centres (x, y) that it joins.
    radius : of the markers.
    drawn : (h, w), where ink lies near or none can be seen.
    """
    length = float(np.hypot(*(end - start)))
    away = np.arange(radius + 1, length - radius - 0.5, 0.5) / length
    if not len(away):
        return 1.0
    x, y = np.floor(start + away[:, None] * (end - start)).astype(int).T
    return float(drawn[np.clip(y, 0, len(drawn) - 1), np.clip(x, 0, drawn.shape[1] - 1)].mean())


def on_curve(markers: Markers | None, x: FloatArray, y: FloatArray) -> FloatArray:
    """The centres (m, 2), from left to right, of the markers that a curve of points `x`, `y` (n,) passes through."""
    if markers is None or not len(x):
        return np.empty((0, 2))
    centers = markers.centers[np.argsort(markers.centers[:, 0], kind="stable")]
    seen = np.isfinite(y)
    apart = np.hypot(centers[:, :1] - x[seen], centers[:, 1:] - y[seen]).min(axis=1, initial=np.inf)
    return np.asarray(centers[apart <= max(_THROUGH * markers.radius, 1.0)])


def _peaks(depth: Float32, least: float) -> NDArray[np.int64]:
    """Local maxima of the depth, one a plateau, as (row, column)."""
    if depth.max() < least:
        return np.empty((0, 2), np.int64)
    size = 2 * int(np.ceil(least)) + 1
    top = (depth >= least) & (depth >= cv2.dilate(depth, np.ones((size, size), np.uint8)) - 1e-3)
    centers = label_pieces(top)[2]
    return np.asarray(np.floor(centers[1:, ::-1] + 0.5), dtype=np.int64)


def _usual(heights: Float32) -> list[float]:
    """The heights that most peaks share, weighed by size; each peak speaks for one."""
    found: list[float] = []
    while len(heights) >= _FEWEST and len(found) < _SIZES:
        near = np.abs(heights[:, None] - heights) <= _ALIKE * heights + _ALIKE_PX
        alike = near[:, int(np.argmax(near.sum(axis=0) * heights))]
        if alike.sum() >= _FEWEST:
            found.append(median(heights[alike]))
        heights = heights[~alike]
    return found
