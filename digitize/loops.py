"""Loops: curves that turn back along x, as phase portraits, hysteresis and spirals do.

Between two upright tangents such a curve is a function of x, and is found as a course of its own. Two courses are legs
of one curve where both end at the same place on the same side: there the curve turns back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from digitize.medians import median
from digitize.paths import Course, Net

#: A course that explains this share of a layer's ink leaves nothing for a second leg.
_WHOLE = 0.85
#: So many legs at most, each explaining at least this share of what the best one does.
_MOST, _LEAST = 12, 0.12
#: Of the columns that two legs share, at least this part must show them apart by more than so many stroke widths.
_APART, _STROKES = 0.3, 1.5
#: Legs of a curve that turns back lie above each other over at least this share of the shorter.
_ABOVE = 0.3


@dataclass(frozen=True, kw_only=True, eq=False)
class Leg:
    """A course that a curve follows from left to right, or backward."""

    course: Course
    backward: bool = False


def find_legs(net: Net, best: Course, stroke: float) -> tuple[Leg, ...]:
    """The legs of the curve that the best course belongs to, in drawing order; that course alone where none turns back.

    Parameters
    ----------
    net : the fragments of a layer that holds one curve.
    best : the course that explains most of it.
    stroke : width of the line in pixels.
    """
    if best.gain >= _WHOLE * net.length:
        return (Leg(course=best),)
    courses = [
        piece for course in net.courses(_MOST, max(_LEAST * best.gain, 4.0 * stroke)) for piece in _pieces(course)
    ]
    courses = [piece for piece in courses if not _along_edge(piece, net.height, stroke)]
    courses.sort(key=lambda piece: -float(piece.runs.mass.sum()))
    if len(courses) < 2:
        return (Leg(course=best),)
    courses = [courses[0], *(_carried_on(one, courses[0], stroke) for one in courses[1:])]
    chain = [(0, False)]
    for at_end in (True, False):
        while (added := _next_leg(courses, chain, at_end, stroke)) is not None:
            chain = [*chain, added] if at_end else [added, *chain]
    if len(chain) < 2:
        return (Leg(course=best),)
    return tuple(Leg(course=courses[k], backward=backward) for k, backward in chain)


def is_closed(legs: Sequence[Leg], stroke: float) -> bool:
    """Whether a curve of several legs ends where it began."""
    first, last = legs[0], legs[-1]
    return len(legs) > 1 and _meet(first.course, last.course, right=first.backward, stroke=stroke)


def _pieces(course: Course) -> list[Course]:
    """A course cut at its gaps: it may have left one leg for another there."""
    cuts = [0, *np.flatnonzero(course.broken).tolist(), len(course.runs)]
    return [course.part(start, stop) for start, stop in pairwise(cuts) if stop > start]


def _along_edge(course: Course, height: int, stroke: float) -> bool:
    """Whether a course keeps to the upper or lower edge of the plot area, where what is left of a frame runs."""
    apart = np.minimum(course.runs.center, height - course.runs.center)
    return bool(median(apart) <= 2 * stroke)


def _carried_on(one: Course, other: Course, stroke: float) -> Course:
    """A course that ends on another, carried on along that one: there two legs lie upon each other."""
    for at in (0, -1):
        column = int(one.runs.column[at])
        k = int(np.searchsorted(other.runs.column, column))
        if not 0 < k < len(other.runs) - 1:
            continue
        apart = max(one.runs.top[at], other.runs.top[k]) - min(one.runs.bottom[at], other.runs.bottom[k])
        if apart <= _STROKES * stroke:
            rest = other.part(0, k) if at == 0 else other.part(k + 1, len(other.runs))
            one = rest.followed_by(one) if at == 0 else one.followed_by(rest)
    return one


def _next_leg(
    courses: Sequence[Course], chain: Sequence[tuple[int, bool]], at_end: bool, stroke: float
) -> tuple[int, bool] | None:
    """The unused course that begins where the chain ends, or ends where it begins, with its direction."""
    used = {k for k, _ in chain}
    k, backward = chain[-1] if at_end else chain[0]
    right = backward != at_end
    for other in range(len(courses)):
        if other not in used and _turns_back(courses[k], courses[other], right, stroke):
            return other, not backward
    return None


def _turns_back(one: Course, other: Course, right: bool, stroke: float) -> bool:
    """Whether two courses are legs of one curve that turns back at their right or left ends."""
    if not _meet(one, other, right=right, stroke=stroke):
        return False
    _, first, second = np.intersect1d(one.runs.column, other.runs.column, return_indices=True)
    if len(first) < _ABOVE * min(len(one.runs), len(other.runs)):
        return False
    apart = np.abs(one.runs.center[first] - other.runs.center[second]) > _STROKES * stroke
    return bool(apart.mean() >= _APART)


def _meet(one: Course, other: Course, *, right: bool, stroke: float) -> bool:
    """Whether two courses end at the same place on one side, to within a few stroke widths."""
    at = -1 if right else 0
    a, b = one.runs, other.runs
    beside = abs(int(a.column[at]) - int(b.column[at])) <= 2 * stroke + 1
    between = max(float(a.top[at]), float(b.top[at])) - min(float(a.bottom[at]), float(b.bottom[at]))
    return beside and between <= 3 * stroke
