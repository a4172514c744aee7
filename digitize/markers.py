"""Markers on a line: found by their breadth, told from the line by size, and taken out so that they do not bend it.

A marker is broader than the line it sits on. The distance to the nearest bare pixel (Borgefors, *Distance
transformations in digital images*, 1986) peaks in its middle; peaks of one height that come back along a layer are its
markers, whatever their shape. Hollow markers enclose small pieces of ground, which are filled first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32
from digitize.model import FloatArray, Layer
from digitize.palette import Mask, inked_part
from digitize.strokes import Runs

#: Fewest markers of one size that are believed.
_FEWEST = 3
#: A marker's inner radius exceeds half the line's width by at least this factor and this many pixels.
_BROADER, _MORE = 1.5, 0.7
#: Radii of the markers of one layer agree within this share.
_ALIKE = 0.22
#: Widths and heights of those that stand alone and whole, which all but the smallest fifth do, stray by no more than
#: this share, and differ by no more than this factor: corners of a zigzag come in all sizes, steps stand upright.
_STRAYING, _OBLONG, _WHOLE = 0.16, 1.55, 0.2
#: Marker pixels, and pixels that may hide one.
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
    stroke : width of its line in pixels.
    """
    solid = layer.coverage >= _SOLID
    rows, columns = inked_part(solid)
    found = _markers_of(solid[rows, columns], stroke) if rows.stop else None
    if found is None:
        return None
    core, centers, radius = found
    area = np.zeros(solid.shape, bool)
    area[rows, columns] = cv2.dilate(core.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return Markers(centers=centers + np.array([columns.start, rows.start]), radius=radius, area=area)


def _markers_of(ink: Mask, stroke: float) -> tuple[Mask, FloatArray, float] | None:
    """Where the markers lie, their centres (m, 2) and their radius; None where there are none."""
    solid = with_holes_filled(ink, stroke)
    padded = np.pad(solid, 1).astype(np.uint8)
    depth = np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1], dtype=np.float32)
    peaks = _peaks(depth, max(_BROADER * stroke / 2, stroke / 2 + _MORE) + 0.5)
    if len(peaks) < _FEWEST:
        return None
    heights = depth[peaks[:, 0], peaks[:, 1]]
    usual = _usual(heights)
    alike = np.abs(heights - usual) <= _ALIKE * usual + 0.35
    # A zigzag has broad places of every size, markers have one.
    if alike.sum() < _FEWEST or heights[alike].sum() < 0.6 * heights.sum():
        return None
    core = _blobs(solid, usual, peaks[alike], stroke)
    centers, radius = _centers(core, peaks[alike])
    if not _stand_out(centers, radius, stroke) or not _of_one_shape(core, peaks[alike]):
        return None
    return core, centers, radius


def with_holes_filled(solid: Mask, stroke: float) -> Mask:
    """The mask (h, w) of lines `stroke` pixels wide with small round holes filled: the inside of hollow markers."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((~solid).astype(np.uint8), connectivity=4)
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    most = max(_HOLE * stroke, _HOLE_PX)
    full = stats[:, cv2.CC_STAT_AREA] >= 0.5 * wide * tall
    round_ = (np.maximum(wide, tall) <= most) & (np.maximum(wide, tall) <= 1.5 * np.minimum(wide, tall) + 1) & full
    # the ground around the ink, however little of it, is no hole
    round_[[0, *labels[[0, 0, -1, -1], [0, -1, 0, -1]]]] = False
    return np.asarray(solid | round_[labels]) if count > 1 else solid


def without_markers(layer: Layer, markers: Markers) -> Layer:
    """The layer with its markers taken out; the line runs on beneath them."""
    return replace(
        layer,
        coverage=np.where(markers.area, 0, layer.coverage).astype(np.float32),
        hidden=layer.hidden | markers.area,
    )


def with_centers(runs: Runs, markers: Markers, stroke: float) -> Runs:
    """The runs of a line with the centre of each marker as a run of its own, since the line passes through it."""
    x, y = markers.centers[:, 0], markers.centers[:, 1]
    columns = np.floor(x).astype(np.int64)
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
    count, _, _, centers = cv2.connectedComponentsWithStats(top.astype(np.uint8), connectivity=8)
    return np.asarray(np.floor(centers[1:count, ::-1] + 0.5), dtype=np.int64)


def _usual(heights: Float32) -> float:
    """The height that most peaks share."""
    near = np.abs(heights[:, None] - heights[None]) <= _ALIKE * heights[None] + 0.35
    support = near.sum(axis=0) + 1e-3 * heights
    return float(np.median(heights[near[:, int(np.argmax(support))]]))


def _blobs(solid: Mask, depth: float, peaks: NDArray[np.int64], stroke: float) -> Mask:
    """The markers without the line that enters them: what an opening broader than the line keeps around the peaks."""
    size = 2 * int(np.ceil(stroke / 2 + 0.5)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    opened = cv2.morphologyEx(solid.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    _, labels = cv2.connectedComponents(opened, connectivity=4)
    chosen = np.unique(labels[peaks[:, 0], peaks[:, 1]])
    reach = int(np.ceil(2.2 * depth))
    seeds = np.zeros(solid.shape, np.uint8)
    seeds[peaks[:, 0], peaks[:, 1]] = 1
    near = cv2.dilate(seeds, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    return np.asarray(np.isin(labels, chosen[chosen > 0]) & near)


def _centers(core: Mask, peaks: NDArray[np.int64]) -> tuple[FloatArray, float]:
    """Centres (m, 2) and the usual radius: the middle of each blob's bounding box, its peaks where they join."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(core.astype(np.uint8), connectivity=4)
    own = labels[peaks[:, 0], peaks[:, 1]]
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    alone = np.bincount(own, minlength=len(stats)) == 1
    alone[0] = False
    size = float(np.median((wide + tall)[alone] / 2)) if alone.any() else float(np.median(wide[own]))
    single = (alone & (np.maximum(wide, tall) <= 1.3 * size + 1))[own]
    centers = np.column_stack([peaks[:, 1] + 0.5, peaks[:, 0] + 0.5])
    middle = np.column_stack([stats[:, cv2.CC_STAT_LEFT] + wide / 2, stats[:, cv2.CC_STAT_TOP] + tall / 2])
    centers[single] = middle[own[single]]
    return centers, size / 2


def _of_one_shape(core: Mask, peaks: NDArray[np.int64]) -> bool:
    """Whether the blobs that stand alone, where they are enough to tell, are all about as wide and as tall."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(core.astype(np.uint8), connectivity=4)
    count = np.bincount(labels[peaks[:, 0], peaks[:, 1]], minlength=len(stats))
    count[0] = 0
    sizes = stats[count == 1][:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].astype(float)
    if len(sizes) < _FEWEST:
        return True
    sizes = sizes[np.argsort(sizes.sum(axis=1))[int(_WHOLE * len(sizes)) :]]
    mean = sizes.mean(axis=0)
    return bool((sizes.std(axis=0) <= _STRAYING * mean).all() and mean.max() <= _OBLONG * mean.min())


def _stand_out(centers: FloatArray, radius: float, stroke: float) -> bool:
    """Whether the markers leave line to be seen between them."""
    if radius < 0.5 * stroke + _MORE:
        return False
    order = np.argsort(centers[:, 0])
    step = np.hypot(*np.diff(centers[order], axis=0).T)
    return bool(np.median(step) > 1.2 * radius)
