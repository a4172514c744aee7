"""Where the name of an upright axis stands that is a letter or a short word on end: ahead of the axis' labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitize.components import Components
from digitize.medians import median
from digitize.model import Box
from digitize.spacing import gaps_of

#: How far ahead of the labels it may stand, in heights of their text, and how wide it may be, in heights of glyphs.
_FURTHEST = 5.0
_WIDEST = 1.5
#: So many labels are a column; their right ends differ by less than this, in heights of their text.
_FEWEST = 3
_FLUSH = 0.5
#: So many labels of the column, above and below, tell whether it stands ahead of them.
_NEAREST = 3
#: The least gap between it and the label that it is level with, in heights and in the usual gaps of its glyphs.
_GAP, _GAPS = 0.22, 1.8
#: Letters of a name stand no further apart than this, in heights of glyphs, are no lower than this share of the others,
#: no further from their hue (CIELAB), and no paler than this share of their contrast.
_LETTER_GAP, _LETTER, _SAME_HUE, _PALEST = 0.35, 0.7, 16.0, 0.4


def is_aside(box: Box, numbers: Sequence[Box], unit: float) -> bool:
    """Whether a narrow piece of text stands ahead of a column of numbers, between its ends.

    Parameters
    ----------
    box : where the piece stands.
    numbers : boxes of what was read as numbers.
    unit : the usual height of glyphs in pixels.
    """
    if box.width > _WIDEST * unit or not numbers:
        return False
    left, top, right, bottom = np.array(numbers, dtype=float).T
    height = bottom - top
    gap = left - box.right
    for k in np.flatnonzero((gap > -0.3 * height) & (gap < _FURTHEST * height)):
        column = np.abs(right - right[k]) < _FLUSH * height[k]
        within = top[column].min() < box.center[1] < bottom[column].max()
        if within and np.count_nonzero(column) >= _FEWEST and gap[column].min() > -0.3 * height[k]:
            return True
    return False


def with_strokes(name: Components, rest: Components, unit: float) -> Components:
    """An upright name that was taken for a piece of upright text, with its letters that look like dashes from there.

    Parameters
    ----------
    name : the pieces of ink of the name, which reads along y.
    rest : those of the picture that belong to no text.
    unit : the usual height of glyphs in pixels.
    """
    while True:
        box = name.bounds
        gap = np.maximum(box.top - rest.bottom, rest.top - box.bottom)
        shared = np.minimum(rest.right, box.right) - np.maximum(rest.left, box.left)
        near = (gap >= -1) & (gap <= _LETTER_GAP * unit) & (shared >= 0.5 * np.minimum(rest.width, box.width))
        letter = (rest.width >= _LETTER * box.width) & (rest.width <= _WIDEST * unit) & (rest.height <= _WIDEST * unit)
        # Thin strokes are paler.
        hue = np.linalg.norm(rest.lab[:, 1:] - np.average(name.lab, axis=0, weights=name.area)[1:], axis=1)
        chosen = near & letter & (hue <= _SAME_HUE) & (rest.contrast >= _PALEST * name.contrast.max())
        if not chosen.any():
            return name
        name = name.joined(rest.take(chosen))
        rest = rest.take(~chosen)


def head_of(glyphs: Components, numbers: Sequence[Box], unit: float) -> int:
    """How many of a line's first glyphs stand ahead of the column of numbers that the others belong to.

    Parameters
    ----------
    glyphs : the pieces of ink of the line.
    numbers : boxes of what was read as numbers, less the line itself.
    unit : the usual height of glyphs in pixels.

    Returns
    -------
    int
        How many glyphs from the left; 0 where none do.
    """
    order = np.argsort(glyphs.left, kind="stable")
    right, height = float(glyphs.right.max()), float(glyphs.height.max())
    mates = np.array([box for box in numbers if abs(box.right - right) < _FLUSH * height]).reshape(-1, 4)
    if len(order) < 2 or len(mates) < _FEWEST - 1:
        return 0
    gaps = gaps_of(glyphs, order)
    count = int(gaps.argmax()) + 1
    head, rest = glyphs.take(order[:count]).bounds, glyphs.take(order[count:]).bounds
    usual = median(np.delete(gaps, count - 1)) if len(gaps) > 1 else 0.0
    apart = gaps[count - 1] >= max(_GAP * rest.height, _GAPS * usual)
    # Of panels beneath each other several labels may begin with a name, and far ones may be shorter.
    nearest = np.argsort(np.abs(mates[:, 1] - rest.top))[:_NEAREST]
    clear = head.right <= mates[nearest, 0].min() + 0.1 * height and head.width <= _WIDEST * unit
    tall = head.height > 0.4 * height
    return count if apart and clear and tall else 0
