"""Glyphs of two lines of text that touch: where the label of one axis ends over or under the first of the other.

At the corner of a plot area the last label of the y axis and the first of the x axis stand side by side on two levels.
Glyphs of both run together to one piece, which is cut where it is thinnest between the two levels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.model import FloatArray

#: Glyphs of one height differ in it by this share and by a pixel.
_ALIKE, _PIXEL = 0.12, 1.0
#: The levels of two lines are so far apart, and a piece of both stands so near to its neighbours, in glyph heights.
_LEAST_STEP, _MOST_STEP, _NEAR = 0.55, 1.1, 0.45
#: A piece of two lines is at least so much taller than a glyph, and so many times as wide at most.
_TALLER, _WIDEST = 1.15, 4.0
#: Glyphs that touch do so over no more of their outline than this, in glyph heights.
_NECK = 0.4
#: The directions of a cut that are tried, as the share of a step down in it.
_SLOPES = (0.15, 0.5, 0.85)

_Labels = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class _Levels:
    """The rows of the glyphs to the left and to the right of a piece, and their height."""

    left: tuple[float, float]
    right: tuple[float, float]
    height: float


def part_touching(labels: _Labels, boxes: NDArray[np.int32], unit: float) -> _Labels:
    """The pieces with those in two that reach from a glyph on one level to a glyph on another.

    Parameters
    ----------
    labels : (height, width), the number of the piece that each pixel belongs to, 0 for none.
    boxes : (n, 4), left, top, width and height of each piece, by number.
    unit : usual height of glyphs in pixels.
    """
    left, top, wide, tall = boxes.T.astype(np.float64)
    right, bottom = left + wide, top + tall
    glyph = np.flatnonzero((tall >= 0.6 * unit) & (tall <= 6 * unit) & (wide <= 1.6 * tall))
    glyph = glyph[glyph > 0]
    beside = _Beside(left=left[glyph], top=top[glyph], right=right[glyph], bottom=bottom[glyph])
    result = labels
    count = len(boxes)
    for number in _candidates(boxes, unit):
        levels = _levels(beside, (left[number], top[number], right[number], bottom[number]))
        if levels is None:
            continue
        place = np.s_[int(top[number]) : int(bottom[number]), int(left[number]) : int(right[number])]
        own = labels[place] == number
        after = _after_cut(own, levels, top[number])
        if after is not None:
            result = labels.copy() if result is labels else result
            result[place][own & after] = count
            count += 1
    return result


@dataclass(frozen=True, kw_only=True)
class _Beside:
    """The boxes of glyphs, (n,) each."""

    left: FloatArray
    top: FloatArray
    right: FloatArray
    bottom: FloatArray


def _candidates(boxes: NDArray[np.int32], unit: float) -> list[int]:
    """The pieces that may hold two glyphs on two levels."""
    wide, tall = boxes[:, 2], boxes[:, 3]
    fits = (tall >= unit) & (tall <= 12 * unit) & (wide >= 0.4 * tall) & (wide <= _WIDEST * tall)
    return [int(k) for k in np.flatnonzero(fits) if k > 0]


def _levels(beside: _Beside, box: tuple[float, float, float, float]) -> _Levels | None:
    """The levels of the glyphs on both sides of a piece, None where it does not reach from one to another."""
    left, top, right, bottom = box
    height = beside.bottom - beside.top
    level = (beside.bottom > top) & (beside.top < bottom) & (height * _TALLER <= bottom - top)
    middle = (beside.left + beside.right) / 2
    before = level & (np.abs(left - beside.right) <= _NEAR * height) & (middle < left + 0.3 * height)
    after = level & (np.abs(beside.left - right) <= _NEAR * height) & (middle > right - 0.3 * height)
    for a in np.flatnonzero(before):
        for b in np.flatnonzero(after):
            usual = (height[a] + height[b]) / 2
            step = beside.bottom[b] - beside.bottom[a]
            slack = _ALIKE * usual + _PIXEL
            one_size = abs(height[a] - height[b]) <= slack and _LEAST_STEP * usual <= abs(step) <= _MOST_STEP * usual
            upper, lower = (a, b) if step > 0 else (b, a)
            # Of the glyph on the upper level a part may stand apart, as the rings of a percent sign do.
            reaches = abs(bottom - beside.bottom[lower]) <= slack and top >= beside.top[upper] - slack
            if one_size and reaches and top < beside.top[lower] - slack / 2:
                return _Levels(
                    left=(beside.top[a], beside.bottom[a]), right=(beside.top[b], beside.bottom[b]), height=usual
                )
    return None


def _after_cut(own: NDArray[np.bool_], levels: _Levels, top: float) -> NDArray[np.bool_] | None:
    """Which pixels of a piece belong to the line at its right; None where no cut parts it.

    Of the straight cuts between the two levels the one that crosses the least ink is taken, where what lies above the
    lower level, or beneath the upper one, is on the right side of it.
    """
    rows, columns = np.indices(own.shape, dtype=np.float64)
    down = 1.0 if levels.right[1] > levels.left[1] else -1.0
    upper, lower = (levels.left, levels.right) if down > 0 else (levels.right, levels.left)
    row = rows + top + 0.5
    above, beneath = own & (row < lower[0]), own & (row > upper[1])
    of_left, of_right = (above, beneath) if down > 0 else (beneath, above)
    if not of_left.any() or not of_right.any():
        return None
    best, least = None, _NECK * levels.height
    for share in _SLOPES:
        along = (1 - share) * columns + share * down * rows
        for place in np.arange(along.min() + 0.5, along.max(), 0.5):
            after = along > place
            wrong = np.count_nonzero(of_left & after) + np.count_nonzero(of_right & ~after)
            cost = wrong + _crossed(own, after)
            if cost < least and (own & after).any() and (own & ~after).any():
                best, least = after, cost
    return best


def _crossed(own: NDArray[np.bool_], after: NDArray[np.bool_]) -> float:
    """How much ink a cut crosses, in pixels: pairs of neighbours on its two sides."""
    across = own[:, 1:] & own[:, :-1] & (after[:, 1:] != after[:, :-1])
    down = own[1:] & own[:-1] & (after[1:] != after[:-1])
    return float(max(np.count_nonzero(across), np.count_nonzero(down)))
