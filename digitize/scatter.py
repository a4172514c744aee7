"""Markers without a line: one point a marker."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.medians import median
from digitize.model import FloatArray, Layer, Trace
from digitize.palette import Mask, inked_part
from digitize.pieces import label_pieces

#: Fewest markers that make a series.
_FEWEST = 6
#: Coverage of pixels that belong to a marker.
_INK = 0.3
#: Least usual distance of markers in sizes: of what may be dots and dashes of a line, and of what is none, since it
#: measures so many pixels at least and fills this share of its box.
_APART, _TOUCHING, _DOT, _FULL = 2.2, 1.1, 7.0, 0.65
#: Markers that others hide in part: largest extent and least of most of them in sizes, the shares of the ink in pieces
#: no larger and in such, the least area that is one in squares of the size, and fewest of them.
_LARGEST, _PART, _MARKS, _ROUND, _SHOWN, _FEWEST_ALIKE = 1.3, 0.6, 0.9, 0.6, 0.1, 3
#: A few marks that are discs measure so many pixels at least.
_FEW_DOT = 5.0
#: Discs that explain a piece nearly alike, as a share of their area.
_EQUAL = 0.02


def find_marks(layer: Layer) -> Trace | None:
    """The layer as a series of separate markers, None where it is a line.

    Markers are compact pieces of about one size that stand apart; the dashes and dots of a line follow each other
    from column to column, markers scatter.
    """
    on = layer.coverage >= _INK
    part = on[inked_part(on)]
    if not part.size:
        return None
    stats = label_pieces(part)[1][1:]
    if len(stats) < _FEWEST_ALIKE:
        return None
    wide, tall, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    size = median(np.maximum(wide, tall)[area >= 4]) if (area >= 4).any() else 0.0
    compact = (np.maximum(wide, tall) <= 1.6 * size) & (np.minimum(wide, tall) >= 0.6 * size)
    if size < 3 or area[compact].sum() < 0.6 * area.sum():
        return None
    few = bool(layer.entries) and _are_discs(stats[compact], size, int(area.sum()))
    if compact.sum() < (_FEWEST_ALIKE if few else _FEWEST):
        return None
    left = stats[compact, cv2.CC_STAT_LEFT] + wide[compact] / 2
    top = stats[compact, cv2.CC_STAT_TOP] + tall[compact] / 2
    order = np.argsort(left)
    step = np.hypot(np.diff(left[order]), np.diff(top[order]))
    # a dash at a slant fills little of its box
    is_dot = size >= _DOT and median((area / (wide * tall))[compact]) >= _FULL
    if median(step) < (_TOUCHING if is_dot else _APART) * size:
        return None
    return _points(layer, size)


def _are_discs(stats: NDArray[np.int32], size: float, total: int) -> bool:
    """Whether pieces of ink (n, 5), as OpenCV measures them, are as high as wide, full, alike, and hold nearly all."""
    wide, tall, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    square = np.maximum(wide, tall) <= _LARGEST * np.minimum(wide, tall)
    alike = (np.minimum(wide, tall) >= size / _LARGEST) & (area >= _FULL * wide * tall)
    return bool(size >= _FEW_DOT and (square & alike).all() and area.sum() >= _MARKS * total)


def find_hidden_marks(layer: Layer, size: float) -> Trace | None:
    """The layer as a series of markers that others hide in part, None where its ink is no such markers.

    Parameters
    ----------
    layer : the layer of a series that is drawn like others which are markers without a line.
    size : width of those markers in pixels.

    Notes
    -----
    Each piece is that part of a disc which shows: the disc lies where it holds most of the piece and least bare ground.
    """
    on = layer.coverage >= _INK
    labels, stats, centers = label_pieces(on)
    wide, tall, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    fits = np.maximum(wide, tall) <= _LARGEST * size
    round_ = fits & (np.minimum(wide, tall) >= _PART * size)
    fits[0] = round_[0] = False
    total = max(int(area[1:].sum()), 1)
    if size < _DOT or area[fits].sum() < _MARKS * total or area[round_].sum() < _ROUND * total:
        return None
    chosen = [k for k in np.flatnonzero(fits) if area[k] >= _SHOWN * size**2]
    if len(chosen) < _FEWEST_ALIKE:
        return None
    places = np.array([_disc_center(labels == k, layer.hidden, centers[k], size) for k in chosen])
    return to_marks(layer, places[np.argsort(places[:, 0])], size)


def _disc_center(piece: Mask, hidden: Mask, center: FloatArray, size: float) -> tuple[float, float]:
    """Where the disc lies of which a piece, whose centre (x, y) is given in array coordinates, is what shows."""
    reach = int(np.ceil(size))
    left, top = (max(int(v) - 2 * reach, 0) for v in center)
    part = (slice(top, top + 4 * reach), slice(left, left + 4 * reach))
    # ink gains, bare ground costs, and what others hide tells nothing
    worth = np.where(piece[part], 1.0, np.where(hidden[part], 0.0, -1.0)).astype(np.float32)
    width = 2 * int(size // 2) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)).astype(np.float32)
    score = cv2.filter2D(worth, -1, disc, borderType=cv2.BORDER_CONSTANT)
    rows, columns = np.nonzero(score >= score.max() - _EQUAL * float(disc.sum()))
    return float(columns.mean()) + left + 0.5, float(rows.mean()) + top + 0.5


def _points(layer: Layer, size: float) -> Trace:
    labels, stats, _ = label_pieces(layer.coverage >= _INK)
    count = len(stats)
    rows, columns = np.nonzero(labels)
    weight, mark = layer.coverage[rows, columns].astype(float), labels[rows, columns]
    mass = np.bincount(mark, weight, count)[1:]
    x = np.bincount(mark, weight * (columns + 0.5), count)[1:] / np.maximum(mass, 1e-9)
    y = np.bincount(mark, weight * (rows + 0.5), count)[1:] / np.maximum(mass, 1e-9)
    big = stats[1:, cv2.CC_STAT_AREA] >= 0.3 * median(stats[1:, cv2.CC_STAT_AREA])
    order = np.flatnonzero(big)[np.argsort(x[big])]
    return to_marks(layer, np.column_stack([x[order], y[order]]), size)


def to_marks(layer: Layer, places: FloatArray, size: float) -> Trace:
    """A series of markers, `size` pixels wide, at places (n, 2), x and y in pixels of the layer."""
    n = len(places)
    x, y = (places + np.array([layer.box.left, layer.box.top])).T
    return Trace(
        x_px=x,
        y_px=y,
        x_err_px=np.full(n, 0.3),
        y_err_px=np.full(n, 0.3),
        covered=np.zeros(n, bool),
        color=layer.color,
        width_px=size,
        style="points",
        entry=layer.entry,
        markers_px=np.column_stack([x, y]),
        marker_radius_px=size / 2,
    )
