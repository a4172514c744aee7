"""Clauses about two series, or about one in two charts, as claims."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

from digitize.claims.clauses import Clause
from digitize.claims.numbers import COUNT, to_count
from digitize.claims.predicates import NEGATION
from digitize.claims.records import EVERY, Claim, Kind, Number

_LARGEST = re.compile(r"\b(?:largest|greatest|widest|biggest|maximal)\b", re.IGNORECASE)


def read_pair(clause: Clause, base: Claim, subjects: tuple[str, ...]) -> Iterator[Claim]:
    """The claims of a clause of one of `PAIR_KINDS`.

    Parameters
    ----------
    base : what the claims have in common, of the clause's kind.
    subjects : the series that are spoken of where the clause names none before its predicate.
    """
    yield from PAIR_KINDS[base.kind](clause, base, subjects)


def _comparison(clause: Clause, base: Claim, subjects: tuple[str, ...]) -> Iterator[Claim]:
    """One series over another, or more restless than another."""
    first, second = subjects[0] if subjects else None, clause.objects[0] if clause.objects else None
    if first in (None, EVERY, second):
        return
    side, _, point = clause.word.partition(" ")
    if side in ("below", "less"):
        first, second = second, first
    if base.kind is Kind.ABOVE and side != clause.word:  # "ends above": compared at one point
        at = {"start": -math.inf, "end": math.inf}.get(point)
        if at is not None:
            end = Number(value=at, text=f"the {point}")
            yield replace(base, series=first, other=second, start=end, stop=end)
        return
    if base.kind is Kind.ABOVE and clause.numbers and clause.places:
        place = clause.places[0]
        yield replace(
            base, kind=Kind.APART, series=first, other=second, start=place.start, stop=place.stop, low=clause.numbers[0]
        )
    numbers = clause.numbers[:2] if side != "less" else clause.numbers[1::-1]
    more, less = numbers if base.kind is Kind.RESTLESS and len(numbers) == 2 else (None, None)
    start, stop = clause.places[0].window if clause.places else (None, None)
    if len(clause.places) >= 2 and all(place.is_point for place in clause.places[:2]):
        start, stop = start or clause.places[0].start, clause.places[1].stop
    yield replace(base, series=first, other=second, start=start, stop=stop, before=more, low=less, high=less)


def _crossings(clause: Clause, base: Claim, subjects: tuple[str, ...]) -> Iterator[Claim]:
    """Where two series cross, or how often."""
    named = [*(clause.subjects or subjects), *clause.objects]
    pair = [name for name in dict.fromkeys(named) if name != EVERY]
    first, second = (*pair, None, None)[:2]
    base = replace(base, series=first, other=second, word=clause.word or None)
    times = re.search(rf"\b({COUNT}|once|twice)\b(?:\s+(?:more\s+)?times)?", clause.text, re.IGNORECASE)
    if NEGATION.search(clause.text):
        yield replace(base, kind=Kind.CROSSINGS, low=Number(value=0.0, text="0"))
        return
    for place in clause.places:
        yield replace(base, start=place.start, stop=place.stop)
    if times and (times[0].lower() in ("once", "twice") or times[0].lower().endswith("times")):
        said = {"once": "one", "twice": "two"}.get(times[1].lower(), times[1])
        count = replace(to_count(said, clause.at + times.start(1)), text=times[1], stop=clause.at + times.end(1))
        yield replace(base, kind=Kind.CROSSINGS, low=count)
    elif not clause.places:
        yield replace(base, kind=Kind.CROSSINGS, low=None)


def _distance(clause: Clause, base: Claim, _subjects: tuple[str, ...]) -> Iterator[Claim]:
    """How far two series lie apart: at a place, on its way from one to another, or at the most."""
    pair = [one.name for one in clause.entities if one.name != EVERY]
    first, second = (*pair, None, None)[:2]
    base = replace(base, series=first, other=second)
    numbers, places = clause.numbers, clause.places
    if _LARGEST.search(clause.text):
        base = replace(base, kind=Kind.FARTHEST)
    if len(numbers) >= 2 and len(places) >= 2 and base.kind is Kind.APART:
        yield replace(base, before=numbers[0], low=numbers[1], start=places[0].start, stop=places[1].stop)
    elif numbers or (places and base.kind is Kind.FARTHEST):
        place = places[0] if places else None
        yield replace(
            base,
            low=numbers[0] if numbers else None,
            start=place.start if place else None,
            stop=place.stop if place else None,
        )


def _alike(clause: Clause, base: Claim, subjects: tuple[str, ...]) -> Iterator[Claim]:
    """One series alike, or otherwise, in two charts."""
    if len(clause.charts) >= 2 and subjects:
        yield replace(
            base,
            panel=clause.charts[0],
            other=clause.charts[1],
            series=subjects[0],
            word=clause.word,
            low=clause.numbers[0] if clause.numbers else None,
        )


#: The kinds of clauses that are read here, and what reads each.
PAIR_KINDS = {
    Kind.ABOVE: _comparison,
    Kind.RESTLESS: _comparison,
    Kind.CROSSING: _crossings,
    Kind.APART: _distance,
    Kind.FARTHEST: _distance,
    Kind.ALIKE: _alike,
}
