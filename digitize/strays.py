"""Telling lines of text from pieces of curves, markers and gridlines that look like a glyph or two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.chains import Chain, level
from digitize.color import lengths
from digitize.components import Components
from digitize.glyphs import is_bar
from digitize.medians import median
from digitize.model import FloatArray

#: A piece more slender than this (see `Components`) is a straight stroke, or the figure 1; one that leans by more than
#: italics do (degrees) need be less slender for that, where an upright one may be a t.
_STROKE = 0.3
_LEANING_STROKE = 0.36
_LEANING = 25.0
#: Colour distances (CIELAB) within which lines of text, or text and a curve, share a colour.
_ALIKE = 38.0
_SAME = 16.0
#: Chroma (CIELAB) from which a colour is not a grey.
_COLORFUL = 18.0


#: Fewest dashes of a stroke, the widest gap between two of them and how unlike their lengths may be, in lengths.
_FEWEST_DASHES, _WIDEST_GAP, _UNLIKE = 6, 1.5, 0.4
#: How thick dashes are at most, in glyph heights, and what share of its box a dash fills, though others cross it.
_THICKEST, _SOLID = 0.5, 0.5
#: Fewest dots of a stroke, and how large they are at most, in glyph heights beyond a pixel.
_FEWEST_DOTS, _SPECK = 12, 0.1
#: Letters of one word stand no further apart than this, in glyph heights, and share this much of their height.
_LETTER_GAP, _AS_LONG = 0.3, 0.7
#: Fewest upright strokes in a row that are figures, and how unlike the usual glyph a figure in two pieces may be.
_FEWEST_UPRIGHT, _LIKE_UNIT = 3, 0.3


@dataclass(frozen=True, kw_only=True, eq=False)
class _Lines:
    """Chains as arrays: boxes (n, 4), colours (n, 3), and what their pieces look like (n,)."""

    box: FloatArray
    lab: FloatArray
    length: NDArray[np.intp]
    bar: NDArray[np.bool_]
    stroke: NDArray[np.bool_]
    leaning: NDArray[np.bool_]
    level: FloatArray
    turned: NDArray[np.bool_]

    @property
    def tall(self) -> FloatArray:
        return self.box[:, 3] - self.box[:, 1]


def without_strays(pieces: Components, chains: Sequence[Chain], unit: float) -> tuple[Chain, ...]:
    """Drop the chains that no other text stands by.

    A stroke like a 1 needs a row or a column with other text of its colour, a mere bar a column that ends where it
    does; a small sign needs longer text of its colour and height; what has the colour of a curve needs letters on a
    common baseline, or a row or column of the same colour. `unit` is the usual height of glyphs in pixels.
    """
    if not chains:
        return ()
    lines = _measure(pieces, chains, unit)
    curved = _of_curves(pieces, chains, lines, unit)
    kept = [chain for number, chain in enumerate(chains) if _is_supported(lines, number, bool(curved[number]), unit)]
    return tuple(kept)


def in_dashed_strokes(pieces: Components, unit: float) -> NDArray[np.bool_]:
    """Which pieces are dashes of a straight dashed stroke: many low ones of about one length in line, close together.

    Minus signs of neighbouring labels are in line too, but lie far apart.
    """
    result = np.zeros(len(pieces), bool)
    for along in (pieces, pieces.transposed()):
        low = (along.height <= 0.5 * along.width) & (along.height <= _THICKEST * unit) & (along.fill >= _SOLID)
        which = np.flatnonzero(low)
        for run in (run for run in _runs(along.take(which)) if len(run) >= _FEWEST_DASHES):
            if _in_words(along, which[run], unit):
                continue
            length = along.width[which[run]]
            # A figure may stand in line with them.
            alike = np.abs(length - median(length)) <= np.maximum(0.25 * median(length), 1)
            result[which[run[alike]]] |= np.count_nonzero(alike) >= _FEWEST_DASHES
    return result


def in_dotted_strokes(pieces: Components, unit: float) -> NDArray[np.bool_]:
    """Which pieces are dots of a straight dotted stroke: many specks in line, no farther apart than glyphs are tall."""
    result = np.zeros(len(pieces), bool)
    specks = np.flatnonzero(np.maximum(pieces.width, pieces.height) <= _SPECK * unit + 1)
    for along in (pieces.take(specks), pieces.take(specks).transposed()):
        middle, left = (along.top + along.bottom) / 2, along.left
        order = np.lexsort((left, middle))
        apart = (np.diff(middle[order]) > 0) | (np.diff(left[order]) > unit)
        for run in np.split(order, np.flatnonzero(apart) + 1):
            result[specks[run]] |= len(run) >= _FEWEST_DOTS
    return result


def _in_words(pieces: Components, run: NDArray[np.intp], unit: float) -> bool:
    """Whether most dashes have a piece as long as they close beside them: the first letters of names in a column."""
    beside = 0
    for one in run:
        gap = np.maximum(pieces.top - pieces.bottom[one], pieces.top[one] - pieces.bottom)
        longer = np.maximum(pieces.width, pieces.width[one])
        shared = np.minimum(pieces.right, pieces.right[one]) - np.maximum(pieces.left, pieces.left[one])
        near = (gap >= 0) & (gap <= _LETTER_GAP * unit) & (shared >= _AS_LONG * longer)
        beside += bool(near.any())
    return 2 * beside > len(run)


def _runs(dashes: Components) -> list[NDArray[np.intp]]:
    """Dashes along x that follow each other on one line: the indices of each run."""
    middle = (dashes.top + dashes.bottom) / 2
    by_level = np.argsort(middle, kind="stable")
    levels = np.split(by_level, np.flatnonzero(np.diff(middle[by_level]) > 1) + 1)
    found = []
    for one in levels:
        order = one[np.argsort(dashes.left[one], kind="stable")]
        first, second = order[:-1], order[1:]
        longer = np.maximum(dashes.width[first], dashes.width[second])
        gap = dashes.left[second] - dashes.right[first]
        follows = (gap >= 0) & (gap <= _WIDEST_GAP * longer)
        follows &= np.minimum(dashes.width[first], dashes.width[second]) >= _UNLIKE * longer
        follows &= np.abs(middle[second] - middle[first]) <= np.maximum(dashes.height[first], dashes.height[second])
        found += np.split(order, np.flatnonzero(~follows) + 1)
    return found


def _measure(pieces: Components, chains: Sequence[Chain], unit: float) -> _Lines:
    parts = [pieces.take(chain.members) for chain in chains]
    along = [part.transposed() if chain.turned else part for part, chain in zip(parts, chains, strict=True)]
    return _Lines(
        box=np.array([(p.left.min(), p.top.min(), p.right.max(), p.bottom.max()) for p in parts]),
        lab=np.array([np.average(part.lab, axis=0, weights=part.area) for part in parts]),
        length=np.array([int(np.count_nonzero(_tall(part))) for part in parts]),
        bar=np.array([bool(is_bar(part).all()) for part in parts]),
        stroke=np.array([_is_stroke(part, unit) for part in along]),
        leaning=np.array([median(part.tilt[_tall(part)]) > _LEANING for part in parts]),
        level=np.array([level(part) for part in along]),
        turned=np.array([chain.turned for chain in chains]),
    )


def _is_stroke(line: Components, unit: float) -> bool:
    """All of a line's pieces but points are single straight strokes.

    A word whose letters run into each other is as slender, but as high as letters are. Where hairlines are lost a 7
    falls into two strokes that stand across each other, and a 0 into two upright ones, with others beside them.
    """
    word = (line.width >= 2 * line.height) & (line.height >= 0.6 * unit) & (line.tilt > 75)
    slenderest = np.where(line.tilt > _LEANING, _LEANING_STROKE, _STROKE)
    tall = _tall(line)
    if not ((line.slender < slenderest) & ~word)[tall].all():
        return False
    upright = tall & (line.tilt < _LEANING) & ~is_bar(line)
    in_row = np.count_nonzero(upright) >= _FEWEST_UPRIGHT and bool(upright[tall].all()) and level(line) == 1
    return not in_row and not _is_angle(line, unit)


def _is_angle(line: Components, unit: float) -> bool:
    """Two pieces that together are as tall as a glyph, a flat one on top of an upright one."""
    if len(line) != 2 or abs(line.bounds.height / unit - 1) > _LIKE_UNIT:
        return False
    upper, lower = np.argsort(line.top, kind="stable")
    across = line.tilt[upper] > 90 - _LEANING and line.width[upper] > line.height[upper]
    return bool(across and line.height[lower] > line.width[lower] and line.width[upper] <= unit)


def _tall(line: Components) -> NDArray[np.bool_]:
    """The glyphs of a line that are no points, dashes or accents."""
    return np.asarray(line.height >= 0.35 * line.height.max())


def _of_curves(pieces: Components, chains: Sequence[Chain], lines: _Lines, unit: float) -> NDArray[np.bool_]:
    """Which chains have the colour, no grey, of a long piece or of many pieces that are in no chain."""
    rest = np.ones(len(pieces), bool)
    rest[np.concatenate([chain.members for chain in chains])] = False
    rest &= (pieces.area >= 4) & (np.hypot(pieces.lab[:, 1], pieces.lab[:, 2]) >= _COLORFUL)
    lab = pieces.lab[rest]
    long = np.maximum(pieces.width, pieces.height)[rest] >= 4 * unit
    result = np.zeros(len(chains), bool)
    for number, color in enumerate(lines.lab):
        if np.hypot(color[1], color[2]) >= _COLORFUL:
            same = lengths(lab - color) <= _SAME
            result[number] = np.any(same & long) or np.count_nonzero(same) >= 6
    return result


def _is_supported(lines: _Lines, number: int, curved: bool, unit: float) -> bool:
    tall = lines.tall[number]
    slack = 0.12 * tall + 0.5
    if lines.bar[number]:
        return bool(np.any(_mates(lines, number, _ALIKE) & (np.abs(lines.box[:, 2] - lines.box[number, 2]) <= slack)))
    if lines.stroke[number] and (lines.leaning[number] or lines.turned[number]):
        return False
    if lines.stroke[number] or (curved and lines.level[number] < 0.6):
        mates = int(np.count_nonzero(_mates(lines, number, _SAME if curved else _ALIKE)))
        return mates >= (2 if curved else 1)
    if lines.length[number] <= 2 and tall < 0.5 * unit:
        alike = lengths(lines.lab - lines.lab[number]) <= _ALIKE
        return bool(np.any(alike & (lines.length >= 3) & (np.abs(lines.tall - tall) <= slack)))
    return True


def _mates(lines: _Lines, number: int, distance: float) -> NDArray[np.bool_]:
    """Other lines of like colour, no strokes, in one row or in one column with this one."""
    tall = lines.tall[number]
    slack = 0.12 * tall + 0.5
    step = np.abs(lines.box - lines.box[number])
    row = (step[:, 1] <= slack) & (step[:, 3] <= slack)
    # An exponent makes its label up to half as tall again.
    beside = (lines.tall >= 0.85 * tall) & (lines.tall <= 1.7 * tall)
    column = beside & (np.minimum(step[:, 0], step[:, 2]) <= 0.4 * tall)
    mates = (row | column) & ~lines.stroke & (lengths(lines.lab - lines.lab[number]) <= distance)
    mates[number] = False
    return np.asarray(mates)
