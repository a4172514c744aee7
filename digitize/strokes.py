"""Runs and fragments: the vertical intervals of ink in each column, and chains of them that leave no choice.

A curve that is a function of x covers one interval in each column it passes. Where several curves share an ink, or
other ink covers it, intervals split, merge or break off; between such places they chain up to *fragments*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32
from digitize.model import FloatArray
from digitize.palette import Mask

IntArray = NDArray[np.int64]

#: A pixel belongs to a run from this coverage on.
FAINTEST = 0.18
#: Columns that are worked on at once: running sums over a large picture take much memory.
_STRIPE = 256


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
    parts = [
        (left, _runs_of_stripe(coverage[:, left : left + _STRIPE])) for left in range(0, coverage.shape[1], _STRIPE)
    ]
    return Runs(
        column=np.concatenate([runs.column + left for left, runs in parts]),
        top=np.concatenate([runs.top for _, runs in parts]),
        bottom=np.concatenate([runs.bottom for _, runs in parts]),
        center=np.concatenate([runs.center for _, runs in parts]),
        mass=np.concatenate([runs.mass for _, runs in parts]),
    )


def _runs_of_stripe(coverage: Float32) -> Runs:
    on = (coverage >= FAINTEST).T
    padded = np.pad(on, ((0, 0), (1, 1))).astype(np.int8)
    edges = np.diff(padded, axis=1)
    column, start = np.nonzero(edges == 1)
    end = np.nonzero(edges == -1)[1]
    height = coverage.shape[0]
    # one more pixel to either side: the tails of antialiasing
    first, last = np.maximum(start - 1, 0), np.minimum(end + 1, height)
    total = np.vstack([np.zeros(coverage.shape[1]), np.cumsum(coverage, axis=0, dtype=float)])
    weighted = coverage * (np.arange(height)[:, None] + 0.5)
    moment = np.vstack([np.zeros(coverage.shape[1]), np.cumsum(weighted, axis=0, dtype=float)])
    mass = total[last, column] - total[first, column]
    center = (moment[last, column] - moment[first, column]) / np.maximum(mass, 1e-9)
    tail_up = np.where(start > 0, coverage[np.maximum(start - 1, 0), column], 0.0)
    tail_down = np.where(end < height, coverage[np.minimum(end, height - 1), column], 0.0)
    tall = end - start > 1
    top = np.where(tall, start + 1 - coverage[start, column] - tail_up, center - mass / 2)
    bottom = np.where(tall, end - 1 + coverage[end - 1, column] + tail_down, center + mass / 2)
    return Runs(column=column, top=top, bottom=bottom, center=center, mass=mass)


def stroke_width(coverage: Float32) -> float:
    """The width of a layer's line in pixels.

    Each pixel has the ink of the vertical and of the horizontal run through it; the lesser of the two is the width
    but for at most a factor of the square root of two. The lower part of these counts, so that markers do not.
    """
    on = coverage >= FAINTEST
    if not on.any():
        return 1.0
    least = np.minimum(_run_mass(coverage, on), _run_mass(coverage.T, on.T).T)[on & (coverage >= 0.5 * coverage.max())]
    return float(np.clip(np.quantile(least, 0.3), 0.7, 12.0))


def _run_mass(coverage: Float32, on: Mask) -> Float32:
    """The ink of the vertical run that each pixel belongs to, tails of antialiasing included."""
    mass = np.empty(coverage.shape, np.float32)
    for left in range(0, coverage.shape[1], _STRIPE):
        columns = slice(left, left + _STRIPE)
        mass[:, columns] = _run_mass_of_stripe(coverage[:, columns], on[:, columns])
    return mass


def _run_mass_of_stripe(coverage: Float32, on: Mask) -> Float32:
    if not on.any():
        return coverage
    flat = np.ascontiguousarray(on.T)
    ink = np.ascontiguousarray(coverage.T)
    start = flat.copy()
    start[:, 1:] &= ~flat[:, :-1]
    number = np.cumsum(start.ravel()).reshape(flat.shape)
    weak = np.where(flat, 0, ink)
    tails = np.zeros_like(ink)
    tails[:, 1:] += weak[:, :-1]
    tails[:, :-1] += weak[:, 1:]
    mass = np.bincount(number[flat], (ink + tails)[flat])
    return np.asarray(mass[number].T, dtype=np.float32)


def join_across(runs: Runs, hidden: Mask) -> Runs:
    """Runs of one column with nothing but hidden pixels between them as one: a single curve's interval, crossed.

    The hidden pixels count as covered, so that the centre stays where it was.
    """
    if len(runs) < 2:
        return runs
    same = runs.column[1:] == runs.column[:-1]
    depth = np.vstack([np.zeros(hidden.shape[1], int), np.cumsum(~hidden, axis=0)])
    low = np.clip(np.ceil(runs.bottom[:-1] + 0.4).astype(int), 0, len(hidden))
    high = np.clip(np.floor(runs.top[1:] - 0.4).astype(int), 0, len(hidden))
    column = runs.column[1:]
    bare = depth[np.maximum(high, low), column] - depth[low, column]
    group = np.concatenate([[0], np.cumsum(~(same & (bare == 0)))])
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
    fragments: list[Fragment] = []
    owner = np.full(len(runs), -1)
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
        index = np.array(chain)
        fragments.append(Fragment(runs=index, first=int(runs.column[chain[0]]), last=int(runs.column[chain[-1]])))
    touching = []
    for k, fragment in enumerate(fragments):
        touching += [(k, int(owner[n])) for n in after[int(fragment.runs[-1])]]
    return fragments, touching


def _neighbours(runs: Runs) -> tuple[list[list[int]], list[list[int]]]:
    """For each run the touching runs in the next column and in the one before."""
    after: list[list[int]] = [[] for _ in range(len(runs))]
    before: list[list[int]] = [[] for _ in range(len(runs))]
    if not len(runs):
        return after, before
    width = int(runs.column[-1]) + 2
    begin = np.searchsorted(runs.column, np.arange(width + 1))
    top, bottom = runs.top - 0.6, runs.bottom + 0.6
    for k in range(len(runs)):
        column = int(runs.column[k])
        for n in range(int(begin[column + 1]), int(begin[column + 2])):
            if top[n] <= bottom[k] and bottom[n] >= top[k]:
                after[k].append(n)
                before[n].append(k)
    return after, before
