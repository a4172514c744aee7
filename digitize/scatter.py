"""Markers without a line: one point a marker."""

from __future__ import annotations

import cv2
import numpy as np

from digitize.model import Layer, Trace
from digitize.palette import inked_part

#: Fewest markers that make a series.
_FEWEST = 6
#: Coverage of pixels that belong to a marker.
_INK = 0.3
#: Least usual distance of markers in sizes: of what may be dots and dashes of a line, and of what is none, since it
#: measures so many pixels at least and fills this share of its box.
_APART, _TOUCHING, _DOT, _FULL = 2.2, 1.1, 7.0, 0.65


def find_marks(layer: Layer) -> Trace | None:
    """The layer as a series of separate markers, None where it is a line.

    Markers are compact pieces of about one size that stand apart; the dashes and dots of a line follow each other
    from column to column, markers scatter.
    """
    on = layer.coverage >= _INK
    part = on[inked_part(on)]
    if not part.size:
        return None
    _, _, stats, _ = cv2.connectedComponentsWithStats(part.astype(np.uint8), connectivity=8)
    stats = stats[1:]
    if len(stats) < _FEWEST:
        return None
    wide, tall, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    size = float(np.median(np.maximum(wide, tall)[area >= 4])) if (area >= 4).any() else 0.0
    compact = (np.maximum(wide, tall) <= 1.6 * size) & (np.minimum(wide, tall) >= 0.6 * size)
    if size < 3 or area[compact].sum() < 0.6 * area.sum() or compact.sum() < _FEWEST:
        return None
    left = stats[compact, cv2.CC_STAT_LEFT] + wide[compact] / 2
    top = stats[compact, cv2.CC_STAT_TOP] + tall[compact] / 2
    order = np.argsort(left)
    step = np.hypot(np.diff(left[order]), np.diff(top[order]))
    # a dash at a slant fills little of its box
    is_dot = size >= _DOT and np.median((area / (wide * tall))[compact]) >= _FULL
    if np.median(step) < (_TOUCHING if is_dot else _APART) * size:
        return None
    return _points(layer, size)


def _points(layer: Layer, size: float) -> Trace:
    on = (layer.coverage >= _INK).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(on, connectivity=8)
    rows, columns = np.nonzero(labels)
    weight, mark = layer.coverage[rows, columns].astype(float), labels[rows, columns]
    mass = np.bincount(mark, weight, count)[1:]
    x = np.bincount(mark, weight * (columns + 0.5), count)[1:] / np.maximum(mass, 1e-9)
    y = np.bincount(mark, weight * (rows + 0.5), count)[1:] / np.maximum(mass, 1e-9)
    big = stats[1:, cv2.CC_STAT_AREA] >= 0.3 * np.median(stats[1:, cv2.CC_STAT_AREA])
    order = np.flatnonzero(big)[np.argsort(x[big])]
    n = len(order)
    return Trace(
        x_px=x[order] + layer.box.left,
        y_px=y[order] + layer.box.top,
        x_err_px=np.full(n, 0.3),
        y_err_px=np.full(n, 0.3),
        covered=np.zeros(n, bool),
        color=layer.color,
        width_px=size,
        style="points",
        entry=layer.entry,
        markers_px=np.column_stack([x[order] + layer.box.left, y[order] + layer.box.top]),
        marker_radius_px=size / 2,
    )
