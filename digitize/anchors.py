"""Where along an axis a tick label is fixed to its tick."""

from __future__ import annotations

import math
from collections.abc import Sequence

from digitize.medians import median
from digitize.model import Box, Side, Word

#: How far commas hang below the line, in heights of figures.
_TAIL = 0.17


def turned(box: Box, side: Side) -> Box:
    """The box in a frame where `side` looks down: (start, away from the plot, end, farther away)."""
    if side == "bottom":
        return box
    if side == "top":
        return Box(box.left, -box.bottom, box.right, -box.top)
    if side == "right":
        return Box(box.top, box.left, box.bottom, box.right)
    return Box(box.top, -box.right, box.bottom, -box.left)


def turned_back(box: Box, side: Side) -> Box:
    """The box of which `turned` gave this one."""
    if side == "left":
        return Box(-box.bottom, box.left, -box.top, box.right)
    return turned(box, side)


def label_place(word: Word, side: Side) -> Box:
    """The place that a word takes along a side of a plot area, in the turned frame.

    Slanted labels pass beneath their neighbours: they take the place of the end that points to the plot area.
    """
    place = turned(word.box, side)
    if word.ends is None:
        return place
    middle, half = _near_end(word, side), word.height_px / 2
    return Box(middle - half, place.top, middle + half, place.bottom)


def anchor_places(word: Word, side: Side) -> tuple[float, float, float, float]:
    """The positions along a side at which a word may be fixed to its tick, the usual one first.

    Upright and turned labels are fixed at their centre, slanted ones at the middle or a corner of the end that points
    to the plot area, or at the centre of their box.
    """
    place = turned(word.box, side)
    center = (place.left + place.right) / 2
    if word.ends is None:
        return center, center, center, center
    end = _near_end(word, side)
    across = math.radians(word.angle if side in ("bottom", "top") else 90 - word.angle)
    corner = word.height_px / 2 * abs(math.sin(across))
    return end, end - corner, end + corner, center


def above_tails(words: Sequence[Word], centers: Sequence[float]) -> list[float]:
    """The centres of labels beside an axis by their figures alone: commas hang below these.

    Figures of a row are of one height; where each has a comma beside it, that is told by the usual comma.
    """
    plain = [word.box.height for word in words if word.angle == 0 and "," not in word.text]
    return [
        word.box.top + min(median(plain) if plain else word.box.height / (1 + _TAIL), word.box.height) / 2
        if word.angle == 0 and "," in word.text
        else center
        for word, center in zip(words, centers, strict=True)
    ]


def _near_end(word: Word, side: Side) -> float:
    ends = [turned(Box(x, y, x, y), side) for x, y in word.ends or ()]
    return min(ends, key=lambda end: end.top).left
