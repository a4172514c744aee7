"""Lines of text that run at a slant: the tick labels of crowded axes.

Dates and names of categories are often set at 30 to 60 degrees, all of them at one angle and with one edge in line.
The angle is the one at which most small pieces follow each other; seen along it, slanted text is upright text, and
the same rules chain it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from digitize.chains import Chain, find_lines, level
from digitize.color import lengths
from digitize.components import Components
from digitize.glyphs import is_solid
from digitize.links import near_pairs
from digitize.medians import median, quantile, row_median
from digitize.model import Box, FloatArray
from digitize.spacing import split_groups

#: Angles from the axes at which text counts as slanted, in degrees; nearer to them it is a tilted line along one.
_LEAST, _MOST = 15.0, 75.0
#: How far apart the centres of two glyphs that follow each other may lie, in glyph heights.
_STEP = 1.35
#: Half the width in degrees of the window in which directions count together, and how far the angle is refined.
_WINDOW = 8
#: Least number of pairs of glyphs in that window, and of glyphs that may be slanted text at all.
_PAIRS = 4
#: How many directions are tried.
_TRIALS = 3
#: Lines of a row agree in height to this share, and in an edge to this many heights.
_LIKE_HEIGHT = 0.45
_LIKE_EDGE = 0.6
#: A piece more slender than this (see `Components`) is a straight stroke.
_STROKE = 0.3
#: Figures that run together: how many times as long as high, how slender (see `Components`), how many such labels tell
#: a direction, and their height in glyph heights.
_LONG, _RUN, _RUNS, _RUN_HEIGHT = 1.6, (0.12, 0.55), 3, (0.75, 1.5)
#: Slope of the tops or feet of glyphs up to which a word runs along an axis; text at the least angle has a quarter.
_STRAIGHT = 0.2
#: How far the edges of level glyphs differ, how far above their foot an exponent ends, and how tall it is, in heights.
_ON_LINE, _RAISED, _SMALLER = 0.1, 0.22, 0.9
#: The share of its glyphs that stand on a line's baseline.
_LEVEL = 0.6


@dataclass(frozen=True, kw_only=True, eq=False)
class SlantedLine:
    """One line of slanted text.

    `members` are the indices of its pieces along the line, `angle` the direction of its baseline in degrees
    counter-clockwise, `pieces` its pieces as they stand when the picture is turned by that angle about its origin so
    that the text is upright (see `to_upright`), `frame` the box of its ink there and `box` the one in the picture.
    """

    members: NDArray[np.intp]
    angle: float
    pieces: Components
    frame: Box
    box: Box


def to_upright(x: FloatArray, y: FloatArray, angle: float) -> tuple[FloatArray, FloatArray]:
    """Points of a picture along (rightward) and across (downward) a baseline at this angle in degrees."""
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return x * cos - y * sin, x * sin + y * cos


def find_slanted(
    pieces: Components, chains: Sequence[Chain], labels: NDArray[np.int32], unit: float
) -> tuple[SlantedLine, ...]:
    """Rows of parallel slanted lines of text.

    Parameters
    ----------
    pieces, chains : the pieces of a picture and the upright and turned lines among them; what stands level in those is
        no slanted text.
    labels : (height, width), the number of the piece that each pixel belongs to.
    unit : the usual height of glyphs in pixels.
    """
    small = np.flatnonzero(_may_be_slanted(pieces, unit))
    # The ends of slanted labels stand in line as well.
    free = small[~(_settled(pieces, chains) & ~_are_runs(pieces, unit))[small]]
    angles = _angles(pieces.take(free), unit)
    if not angles:
        return ()
    pixels = _Pixels.of(pieces.take(free), labels)
    rows = [_row(pieces, free, pixels, angle, unit) for angle in angles]
    found = max(rows, key=lambda row: sum(len(line.members) for line in row))
    if not found:
        return ()
    angle = pixels.refined(found[0].angle, unit)
    if not _LEAST <= abs(angle) <= _MOST:  # words along an axis, seen askew
        return ()
    # What chance had joined to words along an axis belongs to the row that it stands in.
    height = median([line.frame.height for line in found])
    place = reduce(Box.union, [line.box for line in found]).grown(3 * height)
    among = small[_inside(pieces.take(small), place)]
    again = _row(pieces, among, _Pixels.of(pieces.take(among), labels), angle, max(unit, 0.7 * height))
    # Chance joins the ends of labels, but no whole ones.
    return tuple(line for line in again if np.isin(line.members, free).any()) or found


def _may_be_slanted(pieces: Components, unit: float) -> NDArray[np.bool_]:
    small = np.maximum(pieces.width, pieces.height) <= 4 * unit
    # The strokes of slanted letters slant as well.
    parallel = (pieces.slender < _STROKE) & (np.minimum(pieces.tilt, 90 - pieces.tilt) < 0.5 * _LEAST)
    return np.asarray(small & (pieces.area >= 2) & ~pieces.attached & ~parallel)


def _settled(pieces: Components, chains: Sequence[Chain]) -> NDArray[np.bool_]:
    """Which pieces stand in a word of three glyphs or more, or in a line of words, that runs along an axis."""
    result = np.zeros(len(pieces), bool)
    for chain in chains:
        along = pieces.transposed() if chain.turned else pieces
        words = split_groups(along, chain.members)
        for word in words:
            glyphs = along.take(word)
            result[word] = len(word) >= 3 and (_is_straight(glyphs) or (not chain.turned and _ends_raised(glyphs)))
        # The first letters of many labels side by side make a line, but one of single letters.
        if len(words) > 1 and median([len(word) for word in words]) >= 2 and _is_straight(along.take(chain.members)):
            result[chain.members] = True
    return result


def _is_straight(word: Components) -> bool:
    """Whether a word's glyphs keep to a line along x by their tops or their feet."""
    tall = word.height >= 0.5 * word.height.max()
    if np.count_nonzero(tall) < 2:
        return False
    x = (word.left[tall] + word.right[tall]) / 2
    x -= x.mean()
    slopes = [abs(float(x @ edge[tall])) / max(float(x @ x), 1e-9) for edge in (word.top, word.bottom)]
    return min(slopes) <= _STRAIGHT


def _ends_raised(word: Components) -> bool:
    """Whether a word is a level pair of glyphs with smaller ones above its foot behind: a ten with its exponent."""
    order = np.argsort(word.left, kind="stable")
    base, end = order[:2], order[2:]
    height = float(word.height[base].max())
    level = max(np.ptp(word.top[base]), np.ptp(word.bottom[base])) <= _ON_LINE * height + 0.6
    raised = word.bottom[end] <= word.bottom[base].max() - _RAISED * height
    return bool(level and raised.all() and (word.height[end] <= _SMALLER * height).all())


def _inside(pieces: Components, place: Box) -> NDArray[np.bool_]:
    x, y = (pieces.left + pieces.right) / 2, (pieces.top + pieces.bottom) / 2
    return np.asarray((x >= place.left) & (x <= place.right) & (y >= place.top) & (y <= place.bottom))


def _angles(glyphs: Components, unit: float) -> list[float]:
    """The directions in degrees in which most glyphs follow each other, dashes and markers left out.

    Where labels are of figures that run together, their pieces tell a direction themselves, though not which way it
    leans.
    """
    long = _angle_of_runs(glyphs, unit)
    glyphs = glyphs.take((glyphs.height >= 0.5 * unit) & (glyphs.slender >= _STROKE) & ~is_solid(glyphs))
    if len(glyphs) < _PAIRS:
        return long
    size = np.maximum(glyphs.width, glyphs.height)
    center = np.stack([(glyphs.left + glyphs.right) / 2, (glyphs.top + glyphs.bottom) / 2], axis=1)
    first, second = near_pairs(center, _STEP * quantile(size, 0.9))
    step = center[second] - center[first]
    near = np.hypot(step[:, 0], step[:, 1]) <= _STEP * np.maximum(size[first], size[second])
    near &= lengths(glyphs.lab[first] - glyphs.lab[second]) <= 30
    direction = np.degrees(np.arctan2(-step[near, 1], step[near, 0])) % 180
    direction = np.sort(np.where(direction > 90, direction - 180, direction))
    centers = np.concatenate([-np.arange(_LEAST, _MOST + 1), np.arange(_LEAST, _MOST + 1)])
    count = np.searchsorted(direction, centers + _WINDOW) - np.searchsorted(direction, centers - _WINDOW)
    found: list[float] = []
    while len(found) < _TRIALS and count.max() >= _PAIRS:
        top = (count == count.max()) & (np.abs(centers - centers[np.argmax(count)]) <= _WINDOW)
        found.append(median(centers[top]))
        count[np.abs(centers - found[-1]) <= _WINDOW] = 0
    return found + long


def _angle_of_runs(glyphs: Components, unit: float) -> list[float]:
    """Both directions that most of at least three long pieces may have, as figures have that run together."""
    slope = 90 - glyphs.tilt[_are_runs(glyphs, unit)]
    if len(slope) < _RUNS:
        return []
    usual = median(slope)
    alike = np.count_nonzero(np.abs(slope - usual) <= _WINDOW)
    return [usual, -usual] if alike >= _RUNS and 2 * alike > len(slope) else []


def _are_runs(pieces: Components, unit: float) -> NDArray[np.bool_]:
    """Which pieces are long and slanted as figures are that run together."""
    long = np.maximum(pieces.width, pieces.height) >= _LONG * unit
    slanted = (pieces.tilt >= 90 - _MOST) & (pieces.tilt <= 90 - _LEAST)
    return np.asarray(long & slanted & (pieces.slender >= _RUN[0]) & (pieces.slender <= _RUN[1]))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Pixels:
    """The pixels of some pieces: which piece each belongs to, 0 to n - 1, and its centre."""

    glyphs: Components
    piece: NDArray[np.intp]
    x: FloatArray
    y: FloatArray

    @classmethod
    def of(cls, glyphs: Components, labels: NDArray[np.int32]) -> _Pixels:
        place = np.full(int(labels.max()) + 1, -1)
        place[glyphs.number] = np.arange(len(glyphs))
        rows, columns = np.nonzero(labels)
        piece = place[labels[rows, columns]]
        own = piece >= 0
        x, y = columns.astype(np.float64) + 0.5, rows.astype(np.float64) + 0.5
        return cls(glyphs=glyphs, piece=piece[own], x=x[own], y=y[own])

    def upright(self, angle: float) -> Components:
        """The pieces in the picture turned by an angle, their directions left out."""
        along, across = to_upright(self.x, self.y, angle)
        left, top, right, bottom = (
            self._reach(values) for values in (-along + 0.5, -across + 0.5, along + 0.5, across + 0.5)
        )
        ones = np.ones(len(self.glyphs))
        return replace(self.glyphs, left=-left, top=-top, right=right, bottom=bottom, slender=ones, tilt=0 * ones)

    def _reach(self, values: FloatArray) -> FloatArray:
        result = np.full(len(self.glyphs), -np.inf)
        np.maximum.at(result, self.piece, values)
        return result

    def refined(self, angle: float, unit: float) -> float:
        """The angle near this one at which the rows of pixels of the lines are sharpest."""
        lines = [line for line in find_lines(self.upright(angle), unit) if len(line) >= 3]
        trials = angle + np.arange(-_WINDOW, _WINDOW + 0.5)
        return float(trials[np.argmax(self.sharpness(lines, trials))]) if lines else angle

    def is_level(self, line: NDArray[np.intp], angle: float) -> bool:
        """Whether a line's rows of pixels are sharper along x: two glyphs of unlike height lie on a slope as well."""
        along, level = self.sharpness([line], (angle, 0.0))
        return bool(level > along)

    def sharpness(self, lines: Sequence[NDArray[np.intp]], angles: Sequence[float] | FloatArray) -> FloatArray:
        """How sharp the rows of pixels along each angle are in lines of the pieces with these numbers."""
        line_of = np.full(len(self.glyphs), -1)
        for number, line in enumerate(lines):
            line_of[line] = number
        own = line_of[self.piece] >= 0
        x, y, line = self.x[own], self.y[own], line_of[self.piece[own]]
        count = np.bincount(line)
        x, y = x - (np.bincount(line, x) / count)[line], y - (np.bincount(line, y) / count)[line]
        reach = int(np.ceil(np.hypot(x, y).max())) + 2
        return np.array([_sharpness(x, y, line, reach, angle) for angle in angles])


def _sharpness(x: FloatArray, y: FloatArray, line: NDArray[np.intp], reach: int, angle: float) -> float:
    """Sum of squares of the profiles of lines of pixels across an angle."""
    across = to_upright(x, y, angle)[1]
    bins = np.floor(across).astype(np.intp) + reach
    return float((np.bincount(line * (2 * reach) + bins).astype(np.float64) ** 2).sum())


def _row(
    pieces: Components, free: NDArray[np.intp], pixels: _Pixels, angle: float, unit: float
) -> tuple[SlantedLine, ...]:
    """The lines of text at one angle that have others like them in a row."""
    upright = pixels.upright(angle)
    lines = []
    for members in find_lines(upright, unit):
        line, own = upright.take(members), pieces.take(free[members])
        if _may_be_text(line, own, unit) and not pixels.is_level(members, angle):
            lines.append(
                SlantedLine(members=free[members], angle=angle, pieces=line, frame=line.bounds, box=own.bounds)
            )
    return tuple(line for line in lines if _has_company(line, lines))


def _may_be_text(line: Components, own: Components, unit: float) -> bool:
    """Glyphs on a baseline: no dashes along it, no dots, not all of one shape."""
    height = float(line.bottom.max() - line.top.min())
    tall = line.height >= 0.5 * height
    if np.count_nonzero(tall) < 2 and _is_run(line, unit):
        return bool((own.slender[tall] >= _RUN[0]).all() and not is_solid(own).any())
    if np.count_nonzero(tall) < 2 or not 0.5 * unit <= height <= 4 * unit:
        return False
    if not _is_straight(line) or (np.count_nonzero(tall) >= 4 and level(line) < _LEVEL):
        return False
    return bool(np.count_nonzero(tall) >= 0.5 * len(line) and (own.slender[tall] >= _STROKE).mean() >= 0.4)


def _is_run(line: Components, unit: float) -> bool:
    """Whether one piece, along its line, may be figures that run together: as high as glyphs and longer."""
    height, width = float(line.height.max()), line.bounds.width
    return _RUN_HEIGHT[0] * unit <= height <= _RUN_HEIGHT[1] * unit and width >= _LONG * height


def _has_company(line: SlantedLine, lines: Sequence[SlantedLine]) -> bool:
    """Whether two other lines of like height and colour end or begin at one edge with this one."""
    height = line.frame.height
    lab = row_median(line.pieces.lab)
    mates = 0
    for other in lines:
        alike = abs(other.frame.height - height) <= _LIKE_HEIGHT * max(other.frame.height, height)
        alike &= bool(np.linalg.norm(row_median(other.pieces.lab) - lab) <= 25)
        edges = (abs(a - b) <= _LIKE_EDGE * height for a, b in zip(line.box, other.box, strict=True))
        mates += other is not line and alike and any(edges)
    return mates >= 2
