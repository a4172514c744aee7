"""Plot areas whose curves are known: the pixels, and where each curve runs whether it can be seen there or not."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from random_charts.model import Values

Pixels = NDArray[np.uint8]

#: A curve that passes fewer pixels of its plot area than this tells nothing of its colour.
_FEWEST_PIXELS = 8
#: Sum over the channels by which the colour of a curve's pixels differs from the ground, if they show the curve at all.
_LEAST_CONTRAST = 20.0
#: A picture is never scaled to fewer pixels a side than this.
_LEAST_SIDE = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """One curve: `pieces` are polylines (n, 2) of x and y in pixels, one between two gaps, none for mere dots.

    `shown` is its colour (3,) as it shows on the ground, in 0 to 255.
    """

    pieces: tuple[Values, ...]
    shown: Values


@dataclass(frozen=True, kw_only=True, eq=False)
class PlotArea:
    """`rgb` (h, w, 3), the colour `ground` (3,) of what is bare in 0 to 255, and all curves."""

    rgb: Pixels
    ground: Values
    curves: tuple[Curve, ...]


def scaled(area: PlotArea, factor: float, method: Image.Resampling) -> PlotArea:
    """The plot area in another size; the curves follow the size as rounded to whole pixels."""
    height, width = area.rgb.shape[:2]
    size = (max(_LEAST_SIDE, round(width * factor)), max(_LEAST_SIDE, round(height * factor)))
    ratio = np.array(size) / (width, height)
    rgb = np.asarray(Image.fromarray(area.rgb).resize(size, method))
    curves = tuple(replace(curve, pieces=tuple(piece * ratio for piece in curve.pieces)) for curve in area.curves)
    return replace(area, rgb=rgb, curves=curves)


def spread_along(points: Values) -> Values:
    """Points (n, 2) one pixel apart along a polyline."""
    ends = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    where = np.arange(0, ends[-1])
    if not len(where):
        return points[:1]
    return np.column_stack([np.interp(where, ends, points[:, 0]), np.interp(where, ends, points[:, 1])])


def measured_ink(area: PlotArea, curve: Curve) -> Values:
    """The colour (3,) of a curve as its pixels show it: of those along it, the quarter nearest to what it should be.

    It is `curve.shown` where too few pixels lie along the curve or none of them stands out from the ground.
    """
    height, width = area.rgb.shape[:2]
    columns, rows = np.floor(np.vstack([spread_along(piece) for piece in curve.pieces])).astype(int).T
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    if inside.sum() < _FEWEST_PIXELS:
        return curve.shown
    seen = area.rgb[rows[inside], columns[inside]].astype(float)
    order = np.argsort(np.abs(seen - curve.shown).sum(1))
    best = seen[order[: max(_FEWEST_PIXELS // 2, len(seen) // 4)]]
    stands_out = np.abs(best - area.ground).sum(1).mean() > _LEAST_CONTRAST
    return np.median(best, axis=0) if stands_out else curve.shown
