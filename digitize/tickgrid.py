"""Gridlines that are known by where they stand: at the ticks, several of one colour, all along the plot area.

A gridline that curves cross often, a legend covers or few dashes make up is hardly told from data by itself. Lines of
one colour at two ticks or more, each seen all along, are no data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32, largest_step
from digitize.gridlines import is_ink
from digitize.medians import row_median
from digitize.model import Axis, Color, FloatArray
from digitize.sheets import Mask, Sheet

#: A gridline stands within so many pixels of its tick.
_NEAR = 1.6
#: Pixels of a gridline differ from the ground by more than so many levels of 255 in a channel.
_SHOWN = 5.0
#: A line is looked for in so many pieces of the plot area's length; it is seen in this share of those that are not
#: covered, where so much of them shows it; more than this share of a piece covered tells nothing.
_PARTS, _MOST, _DASHES, _COVERED = 12, 0.75, 0.12, 0.6
#: Offsets alike differ by no more than so many levels, or this share of them.
_LEVELS, _ALIKE = 6.0, 0.25
#: Pixels of a gridline stray from its way by no more than this share of its offset.
_STRAYS = 0.07
#: Gridlines of one axis point the same way from the ground (cosine), one up to so many times as far as another.
_SAME_WAY, _FARTHER = 0.97, 2.0
#: The soft edges of one point nearly its way or the opposite.
_EDGE_WAY = 0.9
#: Pixels looked at in a row.
_SAMPLE = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class _Line:
    """A row that may be one of a gridline: `offset` (3,) is the usual one of its pixels from the ground."""

    row: int
    offset: Float32

    @cached_property
    def size(self) -> float:
        return float(np.linalg.norm(self.offset))

    def is_like(self, other: _Line) -> bool:
        """Whether it is of a like colour."""
        same = float(self.offset @ other.offset) > _SAME_WAY * self.size * other.size
        return same and self.size < _FARTHER * other.size and other.size < _FARTHER * self.size

    def is_beside(self, other: _Line) -> bool:
        """Whether it may be the soft edge of a like row, or what compression leaves beside that."""
        same = abs(float(self.offset @ other.offset)) > _EDGE_WAY * self.size * other.size
        return same and self.size < _FARTHER * other.size


def grid_places(axes: Sequence[Axis | None], start: float, end: float) -> FloatArray:
    """Where gridlines of axes may stand: their used ticks, half-way between and as far beyond, within bounds."""
    places: list[float] = []
    for axis in axes:
        ticks = sorted({tick.pixel for tick in axis.ticks if tick.used}) if axis else []
        places += ticks
        places += [(a + b) / 2 for a, b in pairwise(ticks)]
        if len(ticks) > 1:
            places += [2 * ticks[0] - ticks[1], 2 * ticks[-1] - ticks[-2]]
    return np.array([p for p in places if start <= p <= end], dtype=float)


def lay_at_ticks(sheet: Sheet, background: Color, places: FloatArray, inks: Sequence[Color]) -> None:
    """Lay rows that are those of gridlines at known places on a ground, in place.

    Parameters
    ----------
    sheet : the picture and its ground, which is changed.
    background : the commonest colour of the plot area.
    places : (n,) rows, in pixels of the piece, where gridlines may stand.
    inks : colours of the legend; a line in a coloured one of them is data.
    """
    bare = np.array(background, np.float32)
    height = len(sheet.rgb)
    at = [range(max(int(p - _NEAR), 0), min(int(np.ceil(p + _NEAR)), height)) for p in places]
    rows = np.unique(np.concatenate([np.empty(0, int), *at]).astype(int))
    shown, masked = _differing(sheet, bare, rows), sheet.masked[rows]
    # most rows show nothing but the curves that cross them
    told = np.flatnonzero(_are_seen_all_along(shown, masked))
    usual = {int(rows[k]): _usual_offset(_offset(sheet, bare, rows[k]), shown[k], masked[k]) for k in told}
    lines = {row: _Line(row=row, offset=own) for row, own in usual.items() if own is not None}
    for one in _alike([[lines[row] for row in near if row in lines] for near in at]):
        if not is_ink(row_median(sheet.image[one.row]), one.offset, inks):
            _lay(sheet.part(slice(one.row, one.row + 1), slice(None)), one.offset)


def _offset(sheet: Sheet, bare: Float32, row: int) -> Float32:
    """How far the pixels (w, 3) of a row are from the ground as it is without the lines that were laid on it."""
    return np.asarray(sheet.rgb[row] - np.where(sheet.ruled[row, :, None], bare, sheet.image[row]))


def _differing(sheet: Sheet, bare: Float32, rows: NDArray[np.intp]) -> Mask:
    """Which pixels (n, w) of rows are seen to differ from the ground as it is without lines."""
    shown = sheet.apart[rows] > _SHOWN
    over, column = np.nonzero(sheet.ruled[rows])
    shown[over, column] = largest_step(sheet.rgb[rows[over], column] - bare) > _SHOWN
    return np.asarray(shown & ~sheet.masked[rows])


def _alike(lines: Sequence[Sequence[_Line]]) -> list[_Line]:
    """The rows of a colour that stands at several ticks, and the soft edges beside them."""
    grid = [[one for one in at if sum(any(o.is_like(one) for o in found) for found in lines) > 1] for at in lines]
    return [one for at, own in zip(lines, grid, strict=True) for one in at if any(one.is_beside(o) for o in own)]


def _usual_offset(offset: Float32, shown: Mask, masked: Mask) -> Float32 | None:
    """The usual of the offsets (n, 3) of a row from its ground, None where it is not seen all along."""
    middle = _commonest(offset[shown])
    alike = shown & (largest_step(offset - middle) <= max(_LEVELS, _ALIKE * float(np.abs(middle).max())))
    return middle if _are_seen_all_along(alike[None], (masked | (shown & ~alike))[None])[0] else None


def _commonest(offsets: Float32) -> Float32:
    """The offset (3,) that most others (n, 3) are like."""
    sample = offsets[np.linspace(0, len(offsets) - 1, min(len(offsets), _SAMPLE)).astype(int)]
    middle = row_median(sample)
    alike = largest_step(sample - middle) <= max(_LEVELS, _ALIKE * float(np.abs(middle).max()))
    if 2 * alike.sum() > len(sample):
        return np.asarray(row_median(sample[alike]), np.float32)
    apart = largest_step(sample[:, None] - sample[None])
    near = apart <= np.maximum(_LEVELS, _ALIKE * largest_step(sample))[:, None]
    return np.asarray(row_median(sample[near[int(near.sum(axis=1).argmax())]]), np.float32)


def _are_seen_all_along(alike: Mask, covered: Mask) -> Mask:
    """Whether the pixels of rows (n, w) that are alike lie in most of their parts that are not covered."""
    edges = np.linspace(0, alike.shape[1], _PARTS + 1).astype(int)
    own, over = (np.add.reduceat(mask, edges[:-1], axis=1, dtype=float) / np.diff(edges) for mask in (alike, covered))
    told = over <= _COVERED
    seen = ((own >= _DASHES) & told).sum(axis=1)
    return np.asarray((told.sum(axis=1) >= _PARTS / 3) & (seen >= _MOST * told.sum(axis=1)))


def _lay(row: Sheet, offset: Float32) -> None:
    """Take the pixels of a row for ground that are mixtures of it and a gridline's colour."""
    own = row.rgb - row.image
    square = float(offset @ offset)
    share = own @ offset / square
    strays = largest_step(own - share[..., None] * offset)
    row.take((strays <= max(_LEVELS, _STRAYS * square**0.5)) & (share > 0) & (share <= 1 + _ALIKE))
