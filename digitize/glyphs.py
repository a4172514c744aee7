"""What connected pieces of ink may be: strokes, discs, glyphs, and lines of these."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitize.components import Components

#: How large a point is, and how far from the glyphs beside it, in usual glyph heights.
_SPECK, _NEAR = 0.35, 0.5
#: So many figures on one baseline are text, be they taller than usual.
_SEVERAL = 4
#: So many lines of text on one level tell that what stands on it too is text.
_FEWEST_LEVEL = 2
#: A nought is so many times as tall as wide.
_NARROWER = 1.25
#: Dots are no larger than this, and glyphs than this, in usual glyph heights.
_DOT, _LARGEST_GLYPH = 0.4, 1.7


def is_bar(pieces: Components) -> NDArray[np.bool_]:
    """Pieces that are one straight axis-parallel stroke: dashes, minus signs, tick marks, stems.

    The thicker a stroke is, the less do uneven edges take of its box; small letters run together leave more.
    """
    thin = np.minimum(pieces.width, pieces.height)
    long = np.maximum(pieces.width, pieces.height)
    return np.asarray((pieces.fill >= np.maximum(0.75, 1 - 0.9 / np.maximum(thin, 1))) & (long >= 2.2 * thin))


def is_point(pieces: Components, unit: float, which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Those of some pieces that are specks between two figures or letters and level with their feet.

    `unit` is the usual height of glyphs in pixels.
    """
    result = np.zeros(len(pieces), bool)
    glyph = pieces.take((pieces.height >= 0.7 * unit) & (pieces.height <= 1.5 * unit))
    for speck in np.flatnonzero(which & (np.maximum(pieces.width, pieces.height) <= _SPECK * unit)):
        level = np.abs(glyph.bottom - pieces.bottom[speck]) <= 0.1 * unit + 0.5
        gaps = (pieces.left[speck] - glyph.right)[level], (glyph.left - pieces.right[speck])[level]
        result[speck] = all(((gap >= 0) & (gap <= _NEAR * unit)).any() for gap in gaps)
    return result


def is_solid(pieces: Components) -> NDArray[np.bool_]:
    """Pieces that are a filled disc or square: markers and swatches, when they stand alone."""
    long = np.maximum(pieces.width, pieces.height)
    short = np.minimum(pieces.width, pieces.height)
    return np.asarray((pieces.fill >= 0.7) & (short >= 4) & (long <= 1.4 * short))


def may_be_glyph(pieces: Components, unit: float) -> NDArray[np.bool_]:
    """Pieces that are no curves, frames or drawings; `unit` is the usual height of glyphs in pixels."""
    long = np.maximum(pieces.width, pieces.height)
    short = np.minimum(pieces.width, pieces.height)
    keep = (short <= 5 * unit) & ~((long > 3 * unit) & (pieces.fill < 0.22)) & (long <= 40 * unit)
    # A title's stems are longer than the usual glyph; what continues a frame or a gridline is no stem.
    straight = is_bar(pieces) | (pieces.slender < 0.1)
    longest = np.where(pieces.attached & ~may_be_figures(pieces, unit), 1.8, np.where(straight, 3.2, np.inf)) * unit
    return np.asarray(keep & (long <= longest))


def may_be_figures(pieces: Components, unit: float) -> NDArray[np.bool_]:
    """Pieces that may be some figures that touch each other and a tick mark: high as glyphs, and inked as densely."""
    high = (pieces.height >= 0.8 * unit) & (pieces.height <= 2 * unit)
    return np.asarray(high & (pieces.width <= 4 * unit) & (pieces.fill >= 0.3) & ~is_bar(pieces))


def _may_be_one(line: Components, unit: float) -> bool:
    """A lone upright stroke as high as the usual glyph: a small figure 1, where it stands by other text."""
    height, width = float(line.height[0]), float(line.width[0])
    return len(line) == 1 and 0.85 * unit <= height <= 1.15 * unit + 0.5 and 2 <= width <= 0.5 * height


def _stands_level(line: Components, unit: float) -> bool:
    """Figures of the usual height on one baseline, as in labels set so close to an axis that they touch it.

    Several may be taller: beside the text of a page that of a chart is not the usual one.
    """
    figure = line.height >= 0.35 * max(unit, float(line.height.max()))
    top, bottom = line.top[figure], line.bottom[figure]
    alike = np.count_nonzero(figure) >= 2 and max(np.ptp(top), np.ptp(bottom)) <= 0.1 * unit + 0.6
    tallest = 1.3 if np.count_nonzero(figure) < _SEVERAL else 2.0
    usual = (line.height[figure] >= 0.8 * unit) & (line.height[figure] <= tallest * unit)
    return bool(alike and usual.all() and not is_bar(line)[figure].all())


def may_be_nought(line: Components, unit: float) -> bool:
    """Whether a lone piece as full as a disc is narrower, and as tall as the figures are: a nought of small text."""
    height, width = float(line.height[0]), float(line.width[0])
    return len(line) == 1 and height >= _NARROWER * width and 0.85 * unit <= height <= 1.15 * unit + 0.5


def is_level_with(line: Components, others: Sequence[Components]) -> bool:
    """Whether ink that touches a stroke stands on one level with two lines of text at least, and is as tall as these.

    A lone letter or figure may touch the axis line that it labels, as longer labels in its row do.
    """
    return _count_beside(line, others)[0] >= _FEWEST_LEVEL and not is_bar(line).any() and not is_solid(line).any()


def is_in_row(line: Components, others: Sequence[Components]) -> bool:
    """Whether a line stands on one level with two others at least, or ends where they do, and is as tall as these."""
    return max(_count_beside(line, others)) >= _FEWEST_LEVEL


def _count_beside(line: Components, others: Sequence[Components]) -> tuple[int, int]:
    """How many lines of text of one height stand on one level with a line, and how many end where it does."""
    slack = 0.06 * float(line.height.max()) + 0.6
    box = line.bounds
    beside = [other.bounds for other in others]
    level = [abs(o.top - box.top) <= slack and abs(o.bottom - box.bottom) <= slack for o in beside]
    flush = [abs(o.right - box.right) <= slack and abs(o.height - box.height) <= slack for o in beside]
    return sum(level), sum(flush)


def is_text(line: Components, unit: float) -> bool:
    """Something at least as tall as the smallest text, and not made of straight strokes alone."""
    tall = float(line.bottom.max() - line.top.min())
    bars = is_bar(line)
    # The figures of small text fall into upright strokes; dashes lie along their line.
    dashes = bars & (line.width > line.height)
    if (
        tall < max(4.0, 0.42 * unit)
        or (bars.all() and not _may_be_one(line, unit))
        or (len(line) > 4 and float(np.mean(dashes)) > 0.6)
    ):
        return False
    if float(np.mean(line.attached)) > 0.5 and not _stands_level(line, unit):
        return False
    # A figure or two may stand among far smaller text, if they fill their place better than a piece of a curve does.
    few = 3.5 if float(line.fill.min()) >= 0.25 else 2.5
    if tall > 5 * unit or (tall > few * unit and len(line) < 3):
        return False
    if len(line) > 1:
        return True
    return not is_solid(line)[0] and float(line.width[0]) >= 2


def glyphs_around(pieces: Components, unit: float) -> NDArray[np.intp]:
    """For each piece (n,) the glyph in whose box it lies, as the dot of a nought does; itself where there is none.

    `unit` is the usual height of glyphs in pixels.
    """
    holder = np.arange(len(pieces))
    small = np.flatnonzero(np.maximum(pieces.width, pieces.height) <= _DOT * unit)
    order = np.argsort(pieces.left, kind="stable")
    left = pieces.left[order]
    # what begins right of a piece, or more than a glyph left of it, does not hold it
    first = np.searchsorted(left, pieces.left[small] - _LARGEST_GLYPH * unit)
    count = np.searchsorted(left, pieces.left[small]) - first
    inner = np.repeat(small, count)
    outer = order[np.arange(len(inner)) + np.repeat(first - (np.cumsum(count) - count), count)]
    within = (pieces.right[inner] < pieces.right[outer]) & (pieces.top[inner] > pieces.top[outer])
    within &= pieces.bottom[inner] < pieces.bottom[outer]
    size = np.maximum(pieces.width, pieces.height)[outer]
    within &= (size > _DOT * unit) & (size <= _LARGEST_GLYPH * unit)
    holder[inner[within]] = outer[within]
    return holder
