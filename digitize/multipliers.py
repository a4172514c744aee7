"""The text of a multiplier, an offset or a common date at the end of an axis."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digitize.model import Box, Side, Word

#: A multiplier stands at most so far from the end of its axis, in text heights, and is read with no more letters.
_MULTIPLIER_AT, _MOST_LETTERS = 6.0, 4
#: It stands no higher above its axis than this, in text heights, and no higher than the latter if it is a power of ten.
_ABOVE, _POWER_ABOVE = 2.5, 4.5

_X_SIDES: tuple[Side, Side] = ("bottom", "top")

_MULTIPLIER = re.compile(
    r"[×x*·.-]?\s*(1e[+-]?\d+|10\^?[+-]?\d+)|[×x*·.-]\s*10|[+-]\d[\d.]*(e[+-]?\d+)?|1e[+-]?\d+\s*[+-].*", re.IGNORECASE
)
_POWER = re.compile(r"[×x*·.-]?\s*10\^[+-]?\d+")
_SIGNED_POWER = re.compile(r"[×·]\s*10\^[+-]?\d+")
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


def _above(shown: Sequence[str]) -> float:
    """How far above a plot area a multiplier may stand, in text heights: farther where it can be nothing else."""
    return _POWER_ABOVE if any(_POWER.fullmatch(text.strip()) for text in shown) else _ABOVE


def _is_cut(word: Word, picture: Box) -> bool:
    """Whether a word is low and ends where the picture does: its lower part may be missing."""
    return word.angle == 0 and word.box.bottom > picture.bottom - 1.0
