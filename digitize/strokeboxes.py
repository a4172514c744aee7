"""Plot areas told by their strokes alone: gridlines, frame sides and axis lines of one panel share their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.medians import median
from digitize.model import Box, Orientation, Rule

#: Most strokes of one direction and most rectangles that are looked at; only photographs and patterns have more.
_MOST_STROKES, _MOST_RECTANGLES = 800, 800
_ORIENTATIONS: tuple[Orientation, Orientation] = ("horizontal", "vertical")


def boxes_from_strokes(rules: Sequence[Rule], height: float, smallest: float) -> list[tuple[Box, int]]:
    """Rectangles spanned by strokes with common ends, and how many strokes span each; those of most strokes.

    Parameters
    ----------
    rules : the straight strokes of a picture.
    height : usual height of text in pixels.
    smallest : least width and height of a rectangle in pixels.
    """
    tolerance = 1.2 * height
    rows, columns = (
        [_Bundle.of(group) for group in _by_ends(_longest(rules, orientation, smallest), tolerance)]
        for orientation in _ORIENTATIONS
    )
    found = _crossings(rows, columns, height)
    for across in rows:
        stacks = _stacks(across.positions)
        found += [(Box(across.start, float(s[0]), across.end, float(s[-1])), len(s) // 2) for s in stacks]
    large = [(box, n) for box, n in found if min(box.width, box.height) >= smallest]
    return sorted(large, key=lambda item: -item[1])[:_MOST_RECTANGLES]


def _longest(rules: Sequence[Rule], orientation: Orientation, shortest: float) -> list[Rule]:
    long = [r for r in rules if r.orientation == orientation and r.length_px >= shortest]
    return sorted(long, key=lambda r: -r.length_px)[:_MOST_STROKES]


def _by_ends(rules: Sequence[Rule], tolerance: float) -> list[list[Rule]]:
    """Groups of parallel strokes with about the same start and end as the longest of each; `rules` longest first."""
    ends = np.array([(r.start_px, r.end_px) for r in rules]).reshape(-1, 2)
    left = np.arange(len(rules))
    groups = []
    while len(left):
        alike = np.abs(ends[left] - ends[left[0]]).max(axis=1) <= tolerance
        groups.append([rules[k] for k in left[alike]])
        left = left[~alike]
    return groups


@dataclass(frozen=True, kw_only=True, eq=False)
class _Bundle:
    """Parallel strokes with common ends: where they start and end, and their positions, sorted."""

    start: float
    end: float
    positions: NDArray[np.float64]

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> _Bundle:
        # Curves hide the ends of gridlines, and compression leaves faint echoes of them: an axis line tells more.
        weights = np.array([max(r.contrast, 1.0) for r in rules])
        start = _weighted_median(np.array([r.start_px for r in rules]), weights)
        end = _weighted_median(np.array([r.end_px for r in rules]), weights)
        return cls(start=start, end=end, positions=np.sort([r.position_px for r in rules]))

    def count_within(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.intp]:
        """How many strokes lie between each pair of places."""
        return np.asarray(np.searchsorted(self.positions, high, "right") - np.searchsorted(self.positions, low))


def _weighted_median(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    half = reached[-1] / 2
    low, high = np.searchsorted(reached, half), np.searchsorted(reached, half, side="right")
    return float(values[order[low]] + values[order[min(high, len(order) - 1)]]) / 2


def _crossings(rows: Sequence[_Bundle], columns: Sequence[_Bundle], height: float) -> list[tuple[Box, int]]:
    """Rectangles where a bundle of horizontal strokes meets one of vertical strokes."""
    if not rows or not columns:
        return []
    tolerance = 1.2 * height
    left, right = np.array([(b.start, b.end) for b in rows]).T
    top, bottom = np.array([(b.start, b.end) for b in columns]).T
    across = np.array([b.count_within(top - tolerance, bottom + tolerance) for b in rows])
    down = np.array([b.count_within(left - tolerance, right + tolerance) for b in columns]).T
    meet = (across > 0) & (down > 0)
    strokes = np.where(meet, across + down, 0).ravel()
    best = np.argsort(-strokes, kind="stable")[:_MOST_RECTANGLES]
    found = []
    for k in best[strokes[best] > 0].tolist():
        row, column = rows[k // len(columns)], columns[k % len(columns)]
        box = Box(row.start, column.start, row.end, column.end)
        found.append((_snapped(box, row.positions, column.positions, tolerance), int(strokes[k])))
    return found


def _stacks(positions: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Parallel strokes of one stack of panels, panel by panel: split where the gap is far wider than usual."""
    gaps = np.diff(positions)
    if not len(gaps):
        return []
    pieces = np.split(positions, np.flatnonzero(gaps > 1.8 * median(gaps)) + 1)
    return [piece for piece in pieces if len(piece) >= 2]


def _snapped(box: Box, across: NDArray[np.float64], down: NDArray[np.float64], tolerance: float) -> Box:
    """The box with each side moved on to the stroke that runs along it.

    Gridlines often run past the box as tick marks; the outermost stroke across them is where it really ends.
    """

    def side(value: float, positions: NDArray[np.float64]) -> float:
        nearest = float(positions[np.argmin(np.abs(positions - value))])
        return nearest if abs(nearest - value) <= tolerance else value

    return Box(side(box.left, down), side(box.top, across), side(box.right, down), side(box.bottom, across))
