"""The text of a multiplier, an offset or a common date at the end of an axis."""

from __future__ import annotations

import re
from collections.abc import Sequence

import cv2
import numpy as np

from digitize.color import largest_step
from digitize.model import Box, Image, Side, Word
from digitize.pieces import label_pieces
from digitize.swatches import common_color

#: A multiplier stands at most so far from the end of its axis, in text heights, and is read with no more letters.
_MULTIPLIER_AT, _MOST_LETTERS = 6.0, 4
#: It stands no higher above its axis than this, in text heights, and no higher than the latter if it is a power of ten.
_ABOVE, _POWER_ABOVE = 2.5, 4.5

#: What of an unread one is left stands within so many text heights of the end of its axis, and so many above it.
_AT_END, _OVER = 3.6, 0.5
#: Ink that may be the rest of a multiplier is of so many pieces at least, each at least so large in pixels and no
#: larger in text heights; straight strokes longer than the last are none of it.
_FEWEST_PIECES, _LEAST_PIECE, _LARGEST_PIECE, _LONGEST = 2, 2, 1.5, 2.0
#: It differs from its ground by so many levels.
_CONTRAST = 40
#: Ink so near to what is known belongs to it, in text heights: above and below, as tick marks do, and level with it, as
#: the sample or the icon before a name.
_MARGIN, _BESIDE_WORD = 0.6, 4.0

_X_SIDES: tuple[Side, Side] = ("bottom", "top")

_MULTIPLIER = re.compile(
    r"[×x*·.-]?\s*(1e[+-]?\d+|10\^?[+-]?\d+)|[×x*·.-]\s*10|[+-]\d[\d.]*(e[+-]?\d+)?|1e[+-]?\d+\s*[+-].*", re.IGNORECASE
)
_POWER = re.compile(r"[×x*·.-]?\s*10\^[+-]?\d+")
#: A raised dot may be read as a dash.
_SIGNED_POWER = re.compile(r"[×·-]\s*10\^[+-]?\d+")
_MONTH_OF_YEAR = re.compile(
    r"(1[5-9]|20|21)\d\d[- ]?[a-z]{3,9}([- ]?\d\d?)?|[a-z]{3,9}\.?[- ](1[5-9]|20|21)\d\d", re.IGNORECASE
)


def find_multiplier(
    picture: Box, box: Box, side: Side, words: Sequence[Word], row: Sequence[Word], height: float
) -> Word | None:
    """The text of a multiplier, an offset or a common date that stands at the end of an axis.

    What the edge of the picture cuts off there may be one, and can say anything.
    """
    x = box.left if side == "left" else box.right
    for word in words:
        # A number can be found in any name.
        named = sum(c.isalpha() for c in word.text) > _MOST_LETTERS
        shown = (word.text,) if named else (word.text, word.number)
        told = any(_MULTIPLIER.fullmatch(t.strip()) for t in shown)
        dated = side in _X_SIDES and _MONTH_OF_YEAR.fullmatch(word.text.strip())
        cut = side in _X_SIDES and _is_cut(word, picture) and any(c.isdigit() for c in word.text + word.number)
        cut &= not named
        if word in row or not (told or dated or cut):
            continue
        cx, cy = word.box.center
        # Beneath an axis such a text ends where the axis ends.
        cx = min(cx, word.box.right, key=lambda place: abs(place - x)) if side in _X_SIDES else cx
        if side in ("left", "right"):
            beyond = box.top - _above(shown) * height <= cy <= box.top - 0.2 * height
        else:
            beyond = box.bottom <= cy <= box.bottom + 5 * height
        # a sign before a power of ten says that it is a multiplier wherever it stands along the axis
        signed = side in _X_SIDES and any(_SIGNED_POWER.fullmatch(t.strip()) for t in shown)
        if beyond and abs(cx - x) <= (0.5 * box.width if signed else _MULTIPLIER_AT * height):
            return word
    return None


def is_unread_at_end(rgb: Image, top: float, x: float, taken: Sequence[Box], height: float) -> bool:
    """Whether above the end of an upright axis ink stands where a multiplier does that belongs to nothing else.

    Parameters
    ----------
    rgb : the picture (h, w, 3).
    top, x : where the axis ends, and where it runs.
    taken : what was read, and the plot areas beside this one.
    height : of the text of labels. All in pixels.
    """
    reach = _AT_END * height
    strip = Box(x - reach, top - _ABOVE * height, x + reach, top - _OVER * height)
    rows, columns = strip.to_slices(rgb.shape)
    part = rgb[rows, columns]
    if min(part.shape[:2]) < _LEAST_PIECE:
        return False
    ink = (largest_step(part - np.array(common_color(part), np.int16)) > _CONTRAST).astype(np.uint8)
    long = round(_LONGEST * height)
    strokes = [cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(size, np.uint8)) for size in ((1, long), (long, 1))]
    for stroke in strokes:
        ink[stroke > 0] = 0
    for box in taken:
        near = box.grown(_MARGIN * height)
        margin = _BESIDE_WORD * height
        beside = Box(near.left - margin, near.top, near.right + margin, near.bottom)
        ink[beside.moved(-columns.start, -rows.start).to_slices(ink.shape)] = 0
    left, first, width, tall, _ = label_pieces(ink)[1][1:].T
    # what reaches in from below is a mark or a curve, what reaches in from elsewhere stands there
    inside = (
        (left > 0) & (left + width < ink.shape[1]) & (first + tall < ink.shape[0]) & ((first > 0) | (rows.start == 0))
    )
    sizes = np.stack([width, tall], axis=1)[inside]
    fitting = (sizes.max(axis=1) >= _LEAST_PIECE) & (sizes.max(axis=1) <= _LARGEST_PIECE * height)
    return int(np.count_nonzero(fitting)) >= _FEWEST_PIECES


def _above(shown: Sequence[str]) -> float:
    """How far above a plot area a multiplier may stand, in text heights: farther where it can be nothing else."""
    return _POWER_ABOVE if any(_POWER.fullmatch(text.strip()) for text in shown) else _ABOVE


def _is_cut(word: Word, picture: Box) -> bool:
    """Whether a word is low and ends where the picture does: its lower part may be missing."""
    return word.angle == 0 and word.box.bottom > picture.bottom - 1.0
