"""Rows and columns of words that may label an axis.

Written for a row beneath a box (an x axis); the other sides are the same seen through `turned`.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from digitize.anchors import label_place, turned
from digitize.medians import median
from digitize.model import Box, Side, Word
from digitize.ticktext import TickReading, readings, reads_as_tick

#: How far from the plot area tick labels may stand, in text heights, and how far within it they may end.
_REACH, _WITHIN = 4.0, 0.4
#: How far within it words may end that stand outside of it for the most part: its edge may be a tick mark too far out.
_ASTRIDE, _MOSTLY = 0.75, 0.7
#: How far beyond the ends of the edge the centre of a label may lie, in text heights.
_OVERHANG = 1.5
#: A label farther than this from its neighbour, in usual steps, is of another axis.
_STRAY = 3.0
#: Steps are even that differ by no more than this share of one, and whole that are no farther off a whole number.
_WHOLE = 0.12
#: So many figures alone may be those of minor ticks, between other labels over no more than so many decades.
_FEWEST_FIGURES, _MOST_DECADES = 2, 6
#: A reading with this share of the likeliest one's weight is about as good.
_AS_GOOD = 0.5
#: How many meanings of a word are tried.
_MEANINGS = 2
#: So many numbers beside dates are of another axis.
_FEWEST_OTHER = 2
#: A word of so many letters in line with so many numbers or dates is no label.
_NAME, _FEWEST = 4, 3
_DAY, _YEAR = 86_400.0, 365 * 86_400.0
#: What of their boxes words in line may share.
_LINES: tuple[Callable[[Box], float], ...] = (
    lambda place: place.top,
    lambda place: (place.top + place.bottom) / 2,
    lambda place: place.bottom,
)


@dataclass(frozen=True, kw_only=True)
class LabelRow:
    """Words in line with each other along one side of a box, sorted along it.

    `readable` of them read as tick labels, and those that `agreed` do so on one linear or logarithmic scale.
    """

    words: tuple[Word, ...]
    distance_px: float
    readable: int
    agreed: tuple[Word, ...]

    @property
    def count(self) -> int:
        return len(self.words)

    @property
    def consistent(self) -> int:
        return len(self.agreed)


class RowFinder:
    """Finds the rows of tick labels along the sides of many boxes among the same words.

    Boxes with the same words near them share the work.
    """

    def __init__(self, words: Sequence[Word], text_height: float) -> None:
        self._words = words
        self._height = text_height
        sides: tuple[Side, ...] = ("left", "right", "bottom", "top")
        self._places = {side: [label_place(w, side) for w in words] for side in sides}
        self._lines: dict[tuple[Side, bytes], list[_Line]] = {}
        self._line: dict[tuple[Side, tuple[int, ...]], _Line] = {}

    def find(
        self, boxes: Sequence[Box], side: Side, taken: Sequence[Sequence[Word]] | None = None
    ) -> list[LabelRow | None]:
        """For each plot area the row of tick labels along one of its sides, None where there is none.

        The nearest row with at least two words that read as ticks is taken; failing that, on the horizontal sides,
        the nearest row of at least three words (names of categories). Words that are taken label another of its sides.
        """
        if not boxes or not self._words:
            return [None] * len(boxes)
        edges = [turned(box, side) for box in boxes]
        near = _near(np.array(edges), np.array(self._places[side]), self._height)
        for k, words in enumerate(taken or ()):
            near[k] &= ~np.isin([id(w) for w in self._words], [id(w) for w in words])
        return [self._nearest(side, edge, which) for edge, which in zip(edges, near, strict=True)]

    def _nearest(self, side: Side, edge: Box, near: NDArray[np.bool_]) -> LabelRow | None:
        key = (side, near.tobytes())
        if key not in self._lines:
            self._lines[key] = self._lines_of(side, np.flatnonzero(near).tolist())
        rows: dict[int, LabelRow] = {}
        for line in self._lines[key]:
            row = line.at(edge)
            rows.setdefault(round(row.distance_px / self._height), row)
        return _taken(list(rows.values()), side, self._height)

    def _lines_of(self, side: Side, near: list[int]) -> list[_Line]:
        """The words of these indices in lines, those with the most tick labels first."""
        items = [(self._places[side][k], self._words[k]) for k in near]
        index = {id(self._words[k]): k for k in near}
        lines = []
        groups = [group for shared in _LINES for group in _in_line(items, shared, 0.45 * self._height)]
        for group in map(_without_overlap, [*groups, *_side_by_side(items)]):
            key = (side, tuple(index[id(word)] for _, word in group))
            if key not in self._line:
                self._line[key] = _measured(group, self._height)
            lines.append(self._line[key])
        return sorted(lines, key=lambda line: -line.readable)


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A `LabelRow` for any box: `top` is where its words begin, in the turned frame."""

    words: tuple[Word, ...]
    top: float
    readable: int
    agreed: tuple[Word, ...]

    def at(self, edge: Box) -> LabelRow:
        return LabelRow(
            words=self.words, distance_px=self.top - edge.bottom, readable=self.readable, agreed=self.agreed
        )


def _measured(group: list[tuple[Box, Word]], text_height: float) -> _Line:
    return _Line(
        words=tuple(word for _, word in group),
        top=statistics.median([place.top for place, _ in group]),
        readable=sum(reads_as_tick(word) for _, word in group),
        agreed=_agreed(group, 0.5 * text_height),
    )


def _near(edges: NDArray[np.float64], places: NDArray[np.float64], text_height: float) -> NDArray[np.bool_]:
    """Which words (m) may label which edges (n): (n, m), both as boxes in the turned frame."""
    distance = places[:, 1] - edges[:, 3, None]
    middle = (places[:, 0] + places[:, 2]) / 2
    overhang = _OVERHANG * text_height
    within = (edges[:, 0, None] - overhang <= middle) & (middle <= edges[:, 2, None] + overhang)
    reach = places[:, 3] - places[:, 1]
    astride = (-distance <= _ASTRIDE * text_height) & (-distance <= (1 - _MOSTLY) * reach)
    # What is centred on the edge stands at the end of another.
    outside = ((-distance <= _WITHIN * text_height) | astride) & (-distance < 0.5 * reach)
    return np.asarray(outside & (distance <= _REACH * text_height) & within)


def _taken(rows: Sequence[LabelRow], side: Side, text_height: float) -> LabelRow | None:
    readable = [row for row in rows if row.readable >= 2 and row.readable >= 0.5 * row.count]
    if readable:
        return min(readable, key=lambda row: row.distance_px - text_height * min(row.consistent, 6))
    if side in ("left", "right"):
        return None
    named = [row for row in rows if row.count >= 3 and row.distance_px <= 2.0 * text_height]
    return min(named, key=lambda row: row.distance_px, default=None)


def _in_line(
    words: list[tuple[Box, Word]], line: Callable[[Box], float], tolerance: float
) -> list[list[tuple[Box, Word]]]:
    """Groups of words whose `line` agrees within the tolerance of their neighbours'."""
    groups: list[list[tuple[Box, Word]]] = []
    for item in sorted(words, key=lambda item: line(item[0])):
        # Sorted as they are, the middle one is the median.
        if groups and line(item[0]) - line(groups[-1][(len(groups[-1]) - 1) // 2][0]) <= tolerance:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _side_by_side(words: list[tuple[Box, Word]]) -> list[list[tuple[Box, Word]]]:
    """Groups of words at about one distance, though a tick mark or a stray seen as part of some makes them longer."""
    groups: list[list[tuple[Box, Word]]] = []
    for item in sorted(words, key=lambda item: item[0].top):
        place, last = item[0], groups[-1][0][0] if groups else None
        if last and min(place.bottom, last.bottom) - place.top >= 0.6 * max(place.height, last.height):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _without_overlap(group: list[tuple[Box, Word]]) -> list[tuple[Box, Word]]:
    """Sorted along the edge; of two words over each other the surer one stays."""
    kept: list[tuple[Box, Word]] = []
    for item in sorted(group, key=lambda item: (item[0].left + item[0].right) / 2):
        if kept and item[0].left < kept[-1][0].right - 1:
            if item[1].confidence > kept[-1][1].confidence:
                kept[-1] = item
        else:
            kept.append(item)
    return kept


def without_names(row: Sequence[Word]) -> list[Word]:
    """The words of a row of numbers or dates less the titles and names that stand in line with them at its ends."""
    told = [reads_as_tick(word) for word in row]
    named = [not tick and sum(c.isalpha() for c in word.text) >= _NAME for tick, word in zip(told, row, strict=True)]
    if sum(told) < _FEWEST or sum(told) < len(row) - 1:
        return list(row)
    return [word for k, word in enumerate(row) if not (named[k] and k in (0, len(row) - 1))]


def find_runs(words: Sequence[Word], side: Side, text_height: float) -> list[tuple[Word, ...]]:
    """Rows of at least three tick labels that agree on one scale, wherever in the picture they stand.

    The labels of neighbouring panels on one line are told apart by their scales, dates and times by wide gaps.
    """
    places = [(label_place(w, side), w) for w in words if reads_as_tick(w)]
    found = [run for group in lines_of(places, text_height) for run in _runs_of(group, 0.5 * text_height)]
    longest: list[tuple[Word, ...]] = []
    for run in sorted(found, key=lambda run: (-len(run), _unevenness(run, side))):
        if not any(set(map(id, run)) & set(map(id, other)) for other in longest):
            longest.append(run)
    return longest


def _unevenness(run: Sequence[Word], side: Side) -> float:
    """The widest gap between the middles of labels along a side, in usual gaps: labels of unlike axes stand far off."""
    places = [label_place(word, side) for word in run]
    gaps = np.diff(np.sort([place.left + place.right for place in places]))
    return float(gaps.max() / max(median(gaps), 1.0))


def lines_of(places: list[tuple[Box, Word]], text_height: float) -> list[list[tuple[Box, Word]]]:
    """Words, each with its place along a side, in lines with each other, sorted along it; each line once."""
    groups = [group for line in _LINES for group in _in_line(places, line, 0.35 * text_height)]
    lines = [_without_overlap(group) for group in groups]
    return list({tuple(id(word) for _, word in line): line for line in lines}.values())


def may_ascend(lower: Word, upper: Word) -> bool:
    """Whether the likeliest values of two tick labels ascend as values along an axis usually do."""
    pair = [next((r.value for r in readings(w) if r.date is None), math.nan) for w in (lower, upper)]
    return pair[0] < pair[1]


def _moments(found: Sequence[tuple[TickReading, ...]]) -> NDArray[np.float64]:
    """The moments (n,) of labels that are dates; one that gives no year or day stands after the one before it."""
    moments = np.full(len(found), np.nan)
    for k, rs in enumerate(found):
        date = next((r.date for r in rs if r.date is not None), None)
        seconds = date.to_seconds() if date else None
        if date is None or seconds is None:
            continue
        turn = math.inf if date.year else _YEAR if date.month else _DAY if not date.day else math.inf
        if k and seconds < moments[k - 1] and math.isfinite(turn):
            seconds += turn * math.ceil((moments[k - 1] - seconds) / turn)
        moments[k] = seconds
    return moments


def _runs_of(group: list[tuple[Box, Word]], tolerance: float) -> list[tuple[Word, ...]]:
    runs = []
    rest = list(group)
    while len(rest) >= 3:
        agree = _without_strays(rest, _agreement(rest, tolerance))
        if agree.sum() < 3:
            break
        runs.append(tuple(word for (_, word), good in zip(rest, agree, strict=True) if good))
        rest = [item for item, good in zip(rest, agree, strict=True) if not good]
    return runs


def _without_strays(group: list[tuple[Box, Word]], agree: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Those of a row that agree (n,) but for the first or the last where it stands far off: it agrees by chance."""
    at = np.array([(p.left + p.right) / 2 for p, _ in group])
    own = np.flatnonzero(agree)
    gaps = np.diff(at[own])
    if len(own) > 3:
        first, last = (_is_far(float(gaps[end]), np.delete(gaps, end)) for end in (0, -1))
        own = own[int(first) : len(own) - int(last)]
    left = np.zeros(len(agree), bool)
    left[own] = True
    return left


def _is_far(gap: float, others: NDArray[np.float64]) -> bool:
    """Whether a label stands too far off the others of a row, or farther by no whole number of their even steps."""
    usual = median(others)
    steps = gap / usual
    even = float(np.ptp(others)) <= _WHOLE * usual
    return steps > _STRAY or (even and steps > 1 + _WHOLE and abs(steps - round(steps)) > _WHOLE)


def _agreed(group: list[tuple[Box, Word]], tolerance: float) -> tuple[Word, ...]:
    """The words of a row that agree on one scale."""
    ticks = [(place, word) for place, word in group if reads_as_tick(word)]
    return tuple(word for (_, word), good in zip(ticks, _agreement(ticks, tolerance), strict=True) if good)


def _agreement(group: list[tuple[Box, Word]], tolerance: float) -> NDArray[np.bool_]:
    """Which words (n,) of a row, sorted along it, agree on one linear or logarithmic scale.

    Dates agree with their neighbours up to the first gap far wider than usual, and up to the first that their
    moments do not explain.
    """
    at = tuple((p.left + p.right) / 2 for p, _ in group)
    return _agreeing_labels(at, tuple(word for _, word in group), tolerance)


@lru_cache(maxsize=1024)  # the rows of a picture are looked at from all sides, and again for every plot area
def _agreeing_labels(middles: tuple[float, ...], words: tuple[Word, ...], tolerance: float) -> NDArray[np.bool_]:
    """The same of labels with these middles along the row; not to be changed."""
    at, found, group = np.array(middles), [readings(word) for word in words], words
    if sum(map(_may_be_date, found)) > len(group) / 2 and any(rs and rs[0].date is not None for rs in found):
        dated = _without_other_axis(found)
        agree = np.zeros(len(group), bool)
        agree[dated] = _first_dates(at[dated], _moments(found)[dated], tolerance)
        return agree
    values = np.full((len(group), _MEANINGS), np.nan)
    for k, rs in enumerate(found):
        numbers = [r.value for r in rs if r.date is None][:_MEANINGS]
        values[k, : len(numbers)] = numbers
    if np.isfinite(values[:, 0]).sum() < 3:
        return np.asarray(np.isfinite(values[:, 0]))
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(values > 0, np.log10(values), np.nan)
    logs = np.hstack([logs, _between_decades(found, logs[:, 0])])
    return max((_agreeing(at, v, tolerance) for v in (values, logs)), key=np.sum)


def _between_decades(found: Sequence[tuple[TickReading, ...]], logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each label (n,) the logarithms (n, m) of what its figure alone is in the decades of the other labels.

    Minor ticks of logarithmic axes are labelled with a figure alone.
    """
    figure = np.array([bool(rs) and rs[0].number is not None and rs[0].number.digit for rs in found]) & (logs > 0)
    whole = logs[~figure & np.isfinite(logs)]
    if np.count_nonzero(figure) < _FEWEST_FIGURES or not len(whole) or np.ptp(whole) > _MOST_DECADES:
        return np.empty((len(found), 0))
    decades = np.arange(np.floor(whole.min()) - 1, np.ceil(whole.max()) + 1)
    return np.where(figure[:, None], logs[:, None] + decades[decades != 0], np.nan)


def _may_be_date(found: Sequence[TickReading]) -> bool:
    """Whether a date is about as good a reading as any: `12pm` is a length too, and a day between months a number."""
    return any(r.date is not None and r.prior >= _AS_GOOD * found[0].prior for r in found)


def _without_other_axis(found: Sequence[tuple[TickReading, ...]]) -> NDArray[np.bool_]:
    """Those of a row, (n,), but for the numbers at its begin or end some of which can be no dates: an axis beside."""
    numbers = np.array([bool(rs) and rs[0].date is None for rs in found])
    no_date = np.array([all(r.date is None for r in rs) for rs in found])
    own = np.ones(len(found), bool)
    first, last = int(np.argmin(numbers)), len(found) - int(np.argmin(numbers[::-1]))
    for part in (slice(0, first), slice(last, len(found))):
        own[part] = not (np.count_nonzero(numbers[part]) >= _FEWEST_OTHER and no_date[part].any())
    return own


def _first_dates(at: NDArray[np.float64], moments: NDArray[np.float64], tolerance: float) -> NDArray[np.bool_]:
    """Which dates (n,) of a row stand on its first axis."""
    count, gaps = len(at), np.diff(at)
    wide = np.flatnonzero(gaps > 2.2 * median(gaps)) if count > 1 else np.empty(0, int)
    first = np.arange(count) <= (wide[0] if len(wide) else count)
    if count < 5:
        return first
    agree = _agreeing(at, moments[:, None], tolerance)
    split = int(np.argmin(agree)) if agree[0] and not agree.all() else 0
    if not 3 <= split <= count - 2:
        return first
    # One axis beside another: of the rest more agree with each other than with the first ones, some of which may do so
    # by chance.
    rest = _agreeing(at[split:], moments[split:, None], tolerance)
    return first & agree & (np.arange(count) < split) if rest.sum() > agree[split:].sum() else first


def _agreeing(at: NDArray[np.float64], values: NDArray[np.float64], tolerance: float) -> NDArray[np.bool_]:
    """The most places (n,) that lie on one line through two of them, each with any of its values (n, m)."""
    n, m = values.shape
    first, second = np.array([(i, j) for i in range(n - 1) for j in range(i + 1, min(i + 4, n))]).T
    pick = np.array(list(product(range(m), repeat=2))).T
    start, end = values[first][:, pick[0]], values[second][:, pick[1]]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (at[second] - at[first])[:, None] / (end - start)
        expected = at[first][:, None, None, None] + (values - start[..., None, None]) * slope[..., None, None]
        agree = (np.abs(expected - at[:, None]) <= tolerance).any(axis=3)
    agree[~np.isfinite(slope)] = False
    counts = agree.sum(axis=2)
    # Of equally many those that stand together: what is far off agrees by chance.
    reach = np.where(agree, at, -np.inf).max(axis=2) - np.where(agree, at, np.inf).min(axis=2)
    weighed = counts - 0.5 * np.maximum(reach, 0.0) / max(float(np.ptp(at)), 1.0)
    return np.asarray(agree[np.unravel_index(np.argmax(weighed), counts.shape)], bool)
