"""Tick marks that reach to their labels: what joins a glyph to an axis line is no part of the glyph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.pieces import true_places

#: A tick mark is at most so wide, and so long, in glyph heights.
_WIDEST, _LONGEST = 0.25, 0.7
#: What it joins is as tall as a glyph: between these, in glyph heights.
_LEAST, _MOST = 0.7, 2.0
#: Fewest glyphs along one line that marks of one length join to it.
_FEWEST = 2

#: The picture seen so that each of its sides in turn is the upper one.
_VIEWS: tuple[Callable[[NDArray[Any]], NDArray[Any]], ...] = (
    lambda image: image,
    lambda image: image[::-1],
    lambda image: image.T,
    lambda image: image[:, ::-1].T,
)

#: In each of these views the step in rows and columns, as the picture counts them, from one row to the next lower one.
_STEPS = ((1, 0), (-1, 0), (0, 1), (0, -1))

_Labels = NDArray[np.int32]


@dataclass(frozen=True, kw_only=True)
class _Stub:
    """A stub of `length` rows with which the piece of this `number` begins at a row beneath a rule."""

    number: int
    row: int
    length: int


def without_stubs(labels: _Labels, boxes: NDArray[np.int32], rules: NDArray[np.bool_], unit: float) -> _Labels:
    """The pieces without the tick marks that join them to a straight stroke.

    The first rows of such a piece, from the stroke on, are as narrow as the mark, and the piece is as tall as a glyph
    without them. At least two pieces along one line must begin so, with marks of one length.

    Parameters
    ----------
    labels : (height, width), the number of the piece that each pixel belongs to, 0 for none.
    boxes : (n, 4), left, top, width and height of each piece, by number.
    rules : (height, width), where long straight strokes run.
    unit : usual height of glyphs in pixels.
    """
    result = labels.copy()
    left, top, wide, tall = boxes.T
    right, bottom = left + wide, top + tall
    height, width = labels.shape
    seen = (
        ((top, bottom), (left, right)),
        ((height - bottom, height - top), (left, right)),
        ((left, right), (top, bottom)),
        ((width - right, width - left), (top, bottom)),
    )
    ruled = true_places(rules)
    for view, step, (rows, columns) in zip(_VIEWS, _STEPS, seen, strict=True):
        turned = view(result)
        touching = _touching(result, ruled, step, len(boxes)).tolist()
        places = {k: (slice(rows[0][k], rows[1][k]), slice(columns[0][k], columns[1][k])) for k in touching}
        _erase_stubs(turned, places, unit)
    return result


def _erase_stubs(labels: _Labels, places: dict[int, tuple[slice, slice]], unit: float) -> None:
    """Take the stubs from those of the pieces, at these rows and columns, that begin with one like another's."""
    stubs = [s for number, place in places.items() if (s := _stub(labels, place, number, unit)) is not None]
    for stub in stubs:
        alike = [s for s in stubs if abs(s.row - stub.row) <= 1 and abs(s.length - stub.length) <= 1]
        if len(alike) >= _FEWEST:
            part = labels[stub.row : stub.row + stub.length, places[stub.number][1]]
            part[part == stub.number] = 0


def _touching(
    labels: _Labels, ruled: tuple[NDArray[np.intp], NDArray[np.intp]], step: tuple[int, int], count: int
) -> NDArray[np.intp]:
    """The pieces, of so many, that lie a step from the pixels of rules or two: they touch or leave one row between."""
    height, width = labels.shape
    rows, columns = ruled[0] + 2 * step[0], ruled[1] + 2 * step[1]
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    rows, columns = rows[inside], columns[inside]
    touched = np.zeros(count, bool)
    touched[labels[rows, columns]] = touched[labels[rows - step[0], columns - step[1]]] = True
    touched[0] = False
    return np.flatnonzero(touched)


def _stub(labels: _Labels, place: tuple[slice, slice], number: int, unit: float) -> _Stub | None:
    """The narrow rows with which a piece begins, None where it is no glyph with a tick mark above it."""
    height = place[0].stop - place[0].start
    if not _LEAST * unit < height <= (_MOST + _LONGEST) * unit:
        return None
    inked = np.asarray(labels[place] == number)
    width = inked.sum(axis=1)
    narrow = width[0]
    length = int(np.argmax(width > narrow)) if (width > narrow).any() else 0
    rest = height - length
    fits = 1 <= narrow <= max(_WIDEST * unit, 2) and 1 <= length <= _LONGEST * unit and rest >= _LEAST * unit
    straight = inked[:length].any(axis=0).sum() <= narrow
    return _Stub(number=number, row=place[0].start, length=length) if fits and straight else None
