"""Gridlines and frame sides laid on a ground, so that a curve which runs along one shows where its colour differs.

They are rows and columns of which most bare pixels differ from the ground alike. Shading that lies over a gridline
weakens it, so along one any share of its offset from the ground is its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32, largest_step, lengths, to_lab, to_opponent
from digitize.medians import median, quantile, row_median
from digitize.model import Color, Rule
from digitize.sheets import Mask, Sheet

#: A row belongs to a line across the whole box when this share of its bare pixels differ from the ground alike,
#: over this share of its length.
_SPANNING, _REACHING = 0.55, 0.8
#: Its nearer end stops short of the row's by no more than this share of the length.
_SHORT_OF_END = 0.03
#: Fewer bare pixels in a row than this share tell nothing about it.
_TOLD = 0.15
#: Dashes and dots differ from the ground by more than this in a channel; at least so many make a broken line.
_BROKEN, _PIECES = 8.0, 6
#: Inks further from grey than this (CIELAB chroma) are coloured.
_COLOURED = 28.0
#: A rule further from the hue of the others of its direction (CIELAB) holds ink of a curve; so few tell no hue.
_OTHER_HUE, _FEW_RULES = 12.0, 3
#: Levels by which a channel of a pixel differs from the ground at least.
_DIFFERS = 2.0


def lay_gridlines(sheet: Sheet, background: Color, rules: Sequence[Rule], inks: Sequence[Color]) -> None:
    """Lay gridlines and frame sides on a ground in place.

    Parameters
    ----------
    sheet : the picture and its ground, which is changed.
    background : the commonest colour of the plot area.
    rules : gridlines and frame sides found before, in pixels of the piece.
    inks : colours of the legend; a line in one of them is data, however straight.
    """
    plain = np.array(background, float)
    bare = ~sheet.masked & (np.asarray(cv2.inRange(sheet.image, plain - 12, plain + 12)) > 0)
    if cv2.countNonZero(bare.view(np.uint8)) < _TOLD * bare.size:
        bare = ~sheet.masked
    _lay_spanning(sheet, bare, inks)
    _lay_spanning(sheet.turned, bare.T, inks)
    for rule in _of_one_hue(rules):
        _lay_rule(sheet, rule, inks)
    _lay_broken(sheet, inks)
    _lay_broken(sheet.turned, inks)


def _lay_spanning(sheet: Sheet, bare: Mask, inks: Sequence[Color]) -> None:
    """Lay rows of which most pixels of `bare` ground differ from it alike."""
    differs = bare & (sheet.apart > _DIFFERS)
    count = np.count_nonzero(bare, axis=1)
    told = (np.count_nonzero(differs, axis=1) > 0.5 * count) & (count >= _TOLD * bare.shape[1])
    for k in np.flatnonzero(told):
        where = np.flatnonzero(bare[k])
        offset = sheet.rgb[k] - sheet.image[k]
        middle = row_median(offset[where])
        size = float(np.abs(middle).max())
        alike = where[largest_step(offset[where] - middle) <= max(6.0, 0.25 * size)]
        if size <= _DIFFERS or len(alike) < _SPANNING * len(where) or not _reaches(alike, where):
            continue
        if is_ink(row_median(sheet.image[k, where]), middle, inks):
            continue
        share = np.clip(offset @ middle / float(middle @ middle), 0, 1.15)
        own = largest_step(offset - share[:, None] * middle) <= max(6.0, 0.15 * size)
        sheet.lay_row(int(k), np.where(own[:, None], sheet.rgb[k], np.clip(sheet.image[k] + middle, 0, 255)))


def _reaches(alike: NDArray[np.intp], where: NDArray[np.intp]) -> bool:
    """Whether the places run along most of a row and up to one of its ends; a curve stops short of both."""
    length = float(np.ptp(where))
    short = min(alike[0] - where[0], where[-1] - alike[-1])
    return bool(np.ptp(alike) >= _REACHING * length and short <= _SHORT_OF_END * length)


def _lay_broken(sheet: Sheet, inks: Sequence[Color]) -> None:
    """Lay rows across the box in which like dashes or dots that stand out follow each other at one distance."""
    on = (sheet.apart > _BROKEN) & ~sheet.masked & ~sheet.ruled
    starts = on[:, 1:] & ~on[:, :-1]
    count = np.count_nonzero(starts, axis=1)
    few = np.count_nonzero(on, axis=1) < 0.95 * on.shape[1]
    for k in np.flatnonzero((count >= _PIECES) & few):
        first = np.flatnonzero(starts[k])
        if first[-1] + 1 - first[0] <= _REACHING * on.shape[1]:
            continue
        offset = sheet.rgb[k] - sheet.image[k]
        middle = _usual(offset[on[k]])
        square = float(middle @ middle)
        share = offset @ middle / max(square, 1e-6)
        own = on[k] & (largest_step(offset - share[:, None] * middle) <= max(8.0, 0.12 * square**0.5))
        first = np.flatnonzero(own[1:] & ~on[k, :-1])
        if not _is_regular(first, on.shape[1]) or is_ink(row_median(sheet.image[k]), middle, inks, 0.0):
            continue
        own &= share <= 1.2 * quantile(share[own], 0.9)
        sheet.part(slice(k, k + 1), slice(None)).take(own[None])


def _usual(offsets: Float32) -> Float32:
    """The usual offset (3,) of pixels (n, 3) of one ink, which show more or less of it, and of some others."""
    ways = row_median(offsets / np.maximum(np.linalg.norm(offsets, axis=1, keepdims=True), 1e-6))
    return np.asarray(ways * np.float32(median(offsets @ ways)) / max(float(ways @ ways), 1e-6), np.float32)


def _is_regular(starts: NDArray[np.intp], length: int) -> bool:
    """Whether the pieces that start at these places follow each other at one distance over most of a length."""
    if len(starts) < _PIECES or np.ptp(starts) < _REACHING * length:
        return False
    steps = np.diff(starts)
    usual = median(steps)
    # Pieces are missing where curves or text lie over them.
    whole = np.abs(steps / usual - np.round(steps / usual)) * usual <= 1.0 + 0.05 * usual
    return bool(3 <= usual <= length / _PIECES and (whole & (steps <= 1.5 * usual)).mean() >= 0.7)


def is_ink(
    ground: NDArray[np.generic], offset: NDArray[np.generic], inks: Sequence[Color], coloured: float = _COLOURED
) -> bool:
    """Whether an offset from the ground (RGB) is a good share of one of the inks that are `coloured` (chroma)."""
    found = to_opponent(np.asarray(offset, np.float32))
    length = float(np.linalg.norm(found))
    for ink in inks:
        full = to_opponent(np.asarray(ink, np.float32) - np.asarray(ground, np.float32))
        size = float(np.linalg.norm(full))
        cosine = float(found @ full) / max(length * size, 1e-6)
        if length > 0.25 * size and cosine > 0.985:
            lab = to_lab(np.array([ink, ground]))
            hue = float(np.linalg.norm(lab[0, 1:] - lab[1, 1:]))
            # Frames and gridlines are nearly grey: a pale ink is told from them by being just that ink.
            same = cosine > 0.996 and float(np.linalg.norm(found - full)) < 0.2 * size
            if hue >= coloured or (hue >= 0.4 * coloured and same):
                return True
    return False


def _of_one_hue(rules: Sequence[Rule]) -> list[Rule]:
    """The rules without those of another hue than the others of their direction.

    Such a one is a flat curve or a gridline with a spike of one beside it, which it cannot be told from by its colour.
    """
    done: list[Rule] = []
    for way in ("horizontal", "vertical"):
        own = [rule for rule in rules if rule.orientation == way]
        lab = to_lab(np.array([rule.color for rule in own], np.float32).reshape(-1, 3))
        apart = lengths(lab[:, 1:] - row_median(lab[:, 1:])) if own else np.zeros(0)
        alike = np.flatnonzero(apart <= _OTHER_HUE)
        told = len(alike) >= max(_FEW_RULES, len(own) // 2 + 1)
        done += [own[k] for k in alike] if told else own
    return done


def _lay_rule(sheet: Sheet, rule: Rule, inks: Sequence[Color]) -> None:
    """Take pixels along a known rule for ground where they are a mixture of the ground and the rule's colour.

    This is what removes dashed and dotted gridlines, of whose rows most pixels are bare.
    """
    sheet = sheet.turned if rule.orientation == "vertical" else sheet
    reach = rule.width_px / 2 + 1.0
    height, width = sheet.apart.shape
    first, last = max(int(rule.position_px - reach), 0), min(int(np.ceil(rule.position_px + reach)), height)
    start, end = max(int(rule.start_px) - 1, 0), min(int(np.ceil(rule.end_px)) + 1, width)
    if first >= last or start >= end:
        return
    part = sheet.part(slice(first, last), slice(start, end))
    under = row_median(part.image.reshape(-1, 3))
    full = np.asarray(rule.color, np.float32) - under
    if is_ink(under, full, inks):
        return
    offset = part.rgb - part.image
    share = np.maximum(offset @ full / max(float(full @ full), 1e-6), 0)
    # Of dots and dashes the colour may be known as their mean with the gaps; where they are drawn it is stronger.
    # Where the line was laid already what is left are curves.
    seen = np.where(part.ruled.any(axis=0), 1.0, share.max(axis=0))
    drawn = seen[seen > 0.5]
    share = np.minimum(share, 1.15 * min(max(median(drawn), 1.0), 3.0) if len(drawn) else 1.15)
    part.take(largest_step(offset - share[..., None] * full) < 10)
