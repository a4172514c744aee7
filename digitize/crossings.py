"""Crossings: which way on is whose, where curves of one ink have touched.

While two curves of one ink run in the same place nothing tells them apart; what went in and what comes out does. A
curve that goes on keeps its place, its slope and its strength: of the two ways to join what lies before a common
stretch to what lies behind it, the one that bends less is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from digitize.paths import Course

#: Curves whose centres are no further apart than this, in stroke widths, touch.
_TOUCH = 1.5
#: The course of a curve beside a common stretch is taken over so many stroke widths, and at least so many columns.
_BESIDE, _COLUMNS = 4.0, 6
#: The other way to join must bend less by this factor, and by so many stroke widths, to be taken.
_BETTER, _CLEARLY = 0.6, 0.7
#: A course that begins anew further off than this, in stroke widths, may go on as another.
_LEAP = 4.0


@dataclass(frozen=True, kw_only=True)
class _Way:
    """Where a course runs and how steeply, as it comes to or leaves a common stretch."""

    y: float
    slope: float


def untangled(courses: Sequence[Course], stroke: float) -> list[Course]:
    """Courses of one ink with their ends behind common stretches exchanged where they go on more straightly so.

    Parameters
    ----------
    courses : from one layer, in any order.
    stroke : width of the lines in pixels.

    Returns
    -------
    As many courses, in the same order.
    """
    done = list(courses)
    for i in range(len(done)):
        for j in range(i + 1, len(done)):
            done[i], done[j] = _untangled_pair(done[i], done[j], stroke)
    return done


def open_crossings(courses: Sequence[Course], stroke: float) -> list[bool]:
    """Which courses of one ink touch another where the two ways to go on bend nearly alike, or have a gap beside one.

    Nothing tells then which of them is whose behind the common stretch or the gap.

    Parameters
    ----------
    courses : from one layer, in any order.
    stroke : width of the lines in pixels.

    Returns
    -------
    One truth value a course, in the same order.
    """
    found = [False] * len(courses)
    for i, one in enumerate(courses):
        for j, other in enumerate(courses):
            unclear = i < j and any(not _is_sure(*bends, stroke) for _, bends in _joints(one, other, stroke))
            if unclear or (i != j and _has_gap_beside(one, other, stroke)):
                found[i] = found[j] = True
    return found


def _has_gap_beside(one: Course, other: Course, stroke: float) -> bool:
    """Whether a course leaves off and begins anew elsewhere, at a place where another runs."""
    at = np.flatnonzero(one.broken)
    at = at[np.abs(one.runs.center[at] - one.runs.center[at - 1]) > _LEAP * stroke]
    beside = (one.runs.column[at] >= other.runs.column[0]) & (one.runs.column[at - 1] <= other.runs.column[-1])
    return bool(beside.any())


def _untangled_pair(one: Course, other: Course, stroke: float) -> tuple[Course, Course]:
    for column, (kept, crossed) in _joints(one, other, stroke):
        if crossed < kept and _is_sure(kept, crossed, stroke):
            one, other = _exchanged(one, other, column)
    return one, other


def _joints(one: Course, other: Course, stroke: float) -> Iterator[tuple[int, tuple[float, float]]]:
    """The common stretches of two courses: the middle column and how much they bend, as they go on and exchanged."""
    for first, last in _common_stretches(one, other, stroke):
        before = [_way(course, first, stroke, ahead=False) for course in (one, other)]
        after = [_way(course, last, stroke, ahead=True) for course in (one, other)]
        if any(way is None for way in (*before, *after)):
            continue
        kept, crossed = (
            sum(_bend(a, b, last - first, stroke) for a, b in zip(before, those, strict=True) if a and b)
            for those in (after, after[::-1])
        )
        yield (first + last) // 2, (kept, crossed)


def _is_sure(kept: float, crossed: float, stroke: float) -> bool:
    """Whether one way to join bends clearly less than the other."""
    less, more = sorted((kept, crossed))
    return less < _BETTER * more and more - less > _CLEARLY * stroke


def _common_stretches(one: Course, other: Course, stroke: float) -> list[tuple[int, int]]:
    """First and last columns of the stretches in which two courses touch, from left to right."""
    columns, a, b = np.intersect1d(one.runs.column, other.runs.column, return_indices=True)
    touch = np.abs(one.runs.center[a] - other.runs.center[b]) <= _TOUCH * stroke
    edges = np.flatnonzero(np.diff(np.pad(touch, 1).astype(np.int8)))
    return [(int(columns[p]), int(columns[q - 1])) for p, q in edges.reshape(-1, 2)]


def _way(course: Course, column: int, stroke: float, *, ahead: bool) -> _Way | None:
    """The way of a course behind a column or, where not `ahead`, before it; None where it hardly goes on there."""
    own = course.runs
    reach = max(round(_BESIDE * stroke), _COLUMNS)
    beside = (own.column > column) if ahead else (own.column < column)
    near = beside & (np.abs(own.column - column) <= reach) & ~course.covered
    if near.sum() < _COLUMNS // 2:
        return None
    slope, y = np.polyfit(own.column[near] - column, own.center[near], 1)
    return _Way(y=float(y), slope=float(slope))


def _bend(before: _Way, after: _Way, length: int, stroke: float) -> float:
    """By how many pixels a curve misses and turns that comes one way and goes on another."""
    missed = after.y - before.y - length * (before.slope + after.slope) / 2
    turn = np.arctan(after.slope) - np.arctan(before.slope)
    return float(abs(missed) / np.hypot(1.0, (before.slope + after.slope) / 2) + _BESIDE * stroke * abs(turn))


def _exchanged(one: Course, other: Course, column: int) -> tuple[Course, Course]:
    """Two courses with their parts behind a column exchanged."""
    i, j = (int(np.searchsorted(course.runs.column, column, side="right")) for course in (one, other))
    heads = one.part(0, i), other.part(0, j)
    tails = one.part(i, len(one.runs)), other.part(j, len(other.runs))
    return heads[0].followed_by(tails[1]), heads[1].followed_by(tails[0])
