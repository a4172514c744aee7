"""Runs and fragments: the vertical intervals of ink in each column, and chains of them that leave no choice.

A curve that is a function of x covers one interval in each column it passes. Where several curves share an ink, or
other ink covers it, intervals split, merge or break off; between such places they chain up to *fragments*.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32
from digitize.model import FloatArray
from digitize.palette import Mask
from digitize.pieces import label_pieces

IntArray = NDArray[np.int64]

#: A pixel belongs to a run from this coverage on.
FAINTEST = 0.18
#: Curves of one ink run abreast in this share of its columns, so many at most, each with this share of a stroke's ink.
ABREAST, _MOST_ABREAST, _WHOLE_RUN = 0.5, 6, 0.5
#: Of a curve that fills a band this share of the ink is in spikes; most of the rest is thicker by this factor.
_SPIKES, _THICKENED = 0.07, 1.5
#: The thick places of a band differ: the upper quintile exceeds the median by this factor.
_RANGE = 1.27
#: Ink so many times thicker than the line belongs to a band.
_THICK = 2.0
#: A piece of a band is at least this share of the curve wide, and so all pieces hold at least this share of its ink.
_BAND, _BANDED = 0.05, 0.2


@dataclass(frozen=True, kw_only=True, eq=False)
class Runs:
    """Vertical intervals of ink, sorted by column, then by row; arrays of shape (n,).

    `top` and `bottom` are subpixel edges, `center` the centre of gravity of the coverage, `mass` its sum, all in
    pixels of the array (row r spans r to r + 1).
    """

    column: IntArray
    top: FloatArray
    bottom: FloatArray
    center: FloatArray
    mass: FloatArray

    def __len__(self) -> int:
        return len(self.column)

    def take(self, index: IntArray) -> Runs:
        return Runs(
            column=self.column[index],
            top=self.top[index],
            bottom=self.bottom[index],
            center=self.center[index],
            mass=self.mass[index],
        )

    def followed_by(self, other: Runs) -> Runs:
        return Runs(
            column=np.concatenate([self.column, other.column]),
            top=np.concatenate([self.top, other.top]),
            bottom=np.concatenate([self.bottom, other.bottom]),
            center=np.concatenate([self.center, other.center]),
            mass=np.concatenate([self.mass, other.mass]),
        )


def find_runs(coverage: Float32) -> Runs:
    """The runs of a layer; coverage below `FAINTEST` beside a run still counts towards its centre of gravity."""
    ink, (top, left) = _columns_of_ink(coverage)
    start, end = _ends(ink)
    place, first = _places(start, end)
    level = ink.ravel()
    cover, row = level[place].astype(float), place % ink.shape[1] - 1 + top
    mass = np.add.reduceat(cover, first)
    center = np.add.reduceat(cover * (row + 0.5), first) / np.maximum(mass, 1e-9)
    tall = end - start > 1
    begin = row[first] + 1
    upper = np.where(tall, begin + 1.0 - level[start] - level[start - 1], center - mass / 2)
    lower = np.where(tall, begin + (end - start) - 1.0 + level[end - 1] + level[end], center + mass / 2)
    return Runs(column=start // ink.shape[1] + left, top=upper, bottom=lower, center=center, mass=mass)


def _columns_of_ink(coverage: Float32) -> tuple[Float32, tuple[int, int]]:
    """The inked columns of a layer, and one to either side, as rows that start and end bare; where they begin."""
    left, top, width, height = cv2.boundingRect((coverage >= FAINTEST).astype(np.uint8))
    first, last = max(top - 1, 0), min(top + height + 1, len(coverage))
    begin, stop = max(left - 1, 0), min(left + width + 1, coverage.shape[1])
    ink = np.zeros((stop - begin, last - first + 2), np.float32)
    ink[:, 1:-1] = coverage[first:last, begin:stop].T
    return ink, (first, begin)


def _ends(ink: Float32) -> tuple[IntArray, IntArray]:
    """Where runs start and end in flattened rows, each of which starts and ends bare."""
    on = ink.ravel() >= FAINTEST
    edges = np.flatnonzero(on[1:] != on[:-1]) + 1
    return edges[::2], edges[1::2]


def _places(start: IntArray, end: IntArray) -> tuple[IntArray, IntArray]:
    """The pixels of runs, with one more to either side for the tails of antialiasing, and where each run's begin."""
    count = end - start + 2
    first = np.cumsum(count) - count
    return np.arange(int(count.sum())) + np.repeat(start - 1 - first, count), first


def count_abreast(runs: Runs, stroke: float, width: int) -> int:
    """How many curves the ink of a layer shows that no legend tells of: as many as run abreast in most columns.

    A curve that goes on from left to right has one run of ink in a column, however restless it is.
    """
    whole = runs.mass >= _WHOLE_RUN * stroke
    abreast = np.bincount(runs.column[whole], minlength=width)
    seen = max(int((abreast > 0).sum()), 1)
    return max([n for n in range(1, _MOST_ABREAST + 1) if (abreast >= n).sum() >= ABREAST * seen], default=1)


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """The width of a layer's line in pixels; `restless` where it has filled whole bands by going up and down.

    `thinnest` is that of its thinnest places, which the width is not where markers hide most of the line.
    """

    width: float
    restless: bool
    thinnest: float


def find_stroke(coverage: Float32) -> Stroke:
    """The width of a layer's line.

    Each pixel has the ink of the vertical and of the horizontal run through it; the lesser of the two is the width
    but for at most a factor of the square root of two. The lower part of these counts, so that markers do not. Where
    a restless curve has filled a band of changing height, only the spikes that stand out are as wide as the line.
    """
    ink, _ = _columns_of_ink(coverage)
    on = ink >= FAINTEST
    if not on.any():
        return Stroke(width=1.0, restless=False, thinnest=1.0)
    across = np.zeros((ink.shape[1], len(ink) + 2), np.float32)
    across[:, 1:-1] = ink.T
    along = np.zeros(ink.shape[::-1])
    along[on.T] = _run_masses(across)
    least = np.minimum(_run_masses(ink), along.T[on])
    spike, usual, middle, thick = np.quantile(least[ink[on] >= 0.5 * ink.max()], [_SPIKES, 0.3, 0.5, 0.8])
    # markers, which thicken a line too, are all of one size
    restless = bool(usual > _THICKENED * spike and thick > _RANGE * middle and _fills_band(on, least > _THICK * spike))
    width, thinnest = np.clip([spike if restless else usual, spike], 0.7, 12.0).tolist()
    return Stroke(width=width, restless=restless, thinnest=min(thinnest, width))


def _fills_band(on: Mask, thick: Mask) -> bool:
    """Whether ink thicker than a line hangs together over much of the curve, as markers and crossings do not.

    `on` has a row for each column of the layer; `thick` (n,) tells of its inked pixels.
    """
    band = on.astype(np.uint8)
    band[on] = thick
    _, stats, _ = label_pieces(band)
    stats = stats[1:]
    wide = stats[:, cv2.CC_STAT_HEIGHT] >= _BAND * max(int(on.any(axis=1).sum()), 1)
    return bool(stats[wide, cv2.CC_STAT_AREA].sum() >= _BANDED * on.sum())


def _run_masses(ink: Float32) -> FloatArray:
    """For each pixel of the runs along the rows, in order, the ink of its run with the tails of antialiasing."""
    start, end = _ends(ink)
    place, first = _places(start, end)
    return np.repeat(np.add.reduceat(ink.ravel()[place].astype(float), first), end - start)


def join_across(runs: Runs, hidden: Mask) -> Runs:
    """Runs of one column with nothing but hidden pixels between them as one: a single curve's interval, crossed.

    The hidden pixels count as covered, so that the centre stays where it was.
    """
    if len(runs) < 2:
        return runs
    same = np.flatnonzero(runs.column[1:] == runs.column[:-1])
    low = np.clip(np.ceil(runs.bottom[same] + 0.4).astype(int), 0, len(hidden))
    high = np.clip(np.floor(runs.top[same + 1] - 0.4).astype(int), 0, len(hidden))
    count = np.maximum(high - low, 0)
    pair = np.repeat(np.arange(len(same)), count)
    row = np.arange(len(pair)) + np.repeat(low - (np.cumsum(count) - count), count)
    bare = np.bincount(pair, ~hidden[row, runs.column[same][pair]], len(same))
    parted = np.ones(len(runs) - 1, bool)
    parted[same] = bare > 0
    group = np.concatenate([[0], np.cumsum(parted)])
    count = int(group[-1]) + 1
    first = np.searchsorted(group, np.arange(count))
    last = np.searchsorted(group, np.arange(count), side="right") - 1
    between = np.where(group[1:] == group[:-1], np.maximum(runs.top[1:] - runs.bottom[:-1], 0.0), 0.0)
    gap = np.concatenate([[0.0], between])
    middle = np.concatenate([[0.0], (runs.top[1:] + runs.bottom[:-1]) / 2])
    mass: FloatArray = np.bincount(group, runs.mass + gap, count).astype(float)
    moment = np.bincount(group, runs.mass * runs.center, count) + np.bincount(group, gap * middle, count)
    return Runs(
        column=runs.column[first],
        top=runs.top[first],
        bottom=runs.bottom[last],
        center=moment / np.maximum(mass, 1e-9),
        mass=mass,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Fragment:
    """Runs (indices) in adjacent columns that follow each other without a choice."""

    runs: IntArray
    first: int
    last: int


def find_fragments(runs: Runs) -> tuple[list[Fragment], list[tuple[int, int]]]:
    """Fragments, and the pairs of them that touch where runs split or merge."""
    after, before = _neighbours(runs)
    column = runs.column.tolist()
    fragments: list[Fragment] = []
    owner = [-1] * len(runs)
    for k in range(len(runs)):
        if owner[k] >= 0:
            continue
        chain = [k]
        owner[k] = len(fragments)
        while True:
            following = after[chain[-1]]
            if len(following) != 1 or len(before[following[0]]) != 1 or owner[following[0]] >= 0:
                break
            chain.append(following[0])
            owner[following[0]] = len(fragments)
        fragments.append(Fragment(runs=np.array(chain), first=column[chain[0]], last=column[chain[-1]]))
    touching = []
    for k, fragment in enumerate(fragments):
        touching += [(k, owner[n]) for n in after[int(fragment.runs[-1])]]
    return fragments, touching


def _neighbours(runs: Runs) -> tuple[list[list[int]], list[list[int]]]:
    """For each run the touching runs in the next column and in the one before."""
    after: list[list[int]] = [[] for _ in range(len(runs))]
    before: list[list[int]] = [[] for _ in range(len(runs))]
    if not len(runs):
        return after, before
    begin = np.searchsorted(runs.column, np.arange(int(runs.column[-1]) + 3)).tolist()
    top, bottom = (runs.top - 0.6).tolist(), (runs.bottom + 0.6).tolist()
    for k, column in enumerate(runs.column.tolist()):
        for n in range(begin[column + 1], begin[column + 2]):
            if top[n] <= bottom[k] and bottom[n] >= top[k]:
                after[k].append(n)
                before[n].append(k)
    return after, before
