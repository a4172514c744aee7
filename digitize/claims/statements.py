"""Clauses about curves as claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from digitize.claims.clauses import Clause, cut_clauses
from digitize.claims.entities import Masked
from digitize.claims.pairstatements import PAIR_KINDS, read_pair
from digitize.claims.places import ABOUT, AFTER, UNTIL, Place
from digitize.claims.predicates import NEGATION
from digitize.claims.records import Claim, Kind, Number, Source

_SUPPOSED = re.compile(r"(?:^|,)\W*(?:if|suppose|assuming|had)\b|\?\s*$", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
_MONOTONIC = re.compile(r"\b(?:monoton\w+|continuously|strictly|without interruption|every step)\b", re.IGNORECASE)
_LEADS_ON = re.compile(r"\bto\s+(?:a|an|its|the)\s*$", re.IGNORECASE)  # "climbs to a" maximum
_NOUN = re.compile(r"\b(?:an?|the|this|that|some|of)\s+(?:[\w-]+\s+)?$", re.IGNORECASE)  # "a noticeable" dip
_AMOUNT = re.compile(
    r"(?:\bby|\bgain(?:s|ed)?|\blos(?:es|t))\s+(?:about\s+|around\s+|roughly\s+|~\s*|≈\s*)?$", re.IGNORECASE
)
_STEADY = re.compile(
    r"\b(?:flat|stable|constant|steady|level|unchanged)\b|plateau|level|stabili|flatten", re.IGNORECASE
)
_ONE_OF_SEVERAL = re.compile(r"\b(?:second(?:ary)?|another|local|smaller|minor|further|again)\b", re.IGNORECASE)
_WHOLE = (Kind.ABOVE, Kind.WITHIN, Kind.EXTENT)
_VAGUE_WHEN = re.compile(
    r"\b(?:after the cross\w+|early(?: on)?|late(?:r)?|at first|initially|mostly|most of|(?:first|second|latter) half|"
    r"eventually|by then|from then|thereafter|for a while|briefly|almost always)\b",
    re.IGNORECASE,
)
_CARRIED = (Kind.MOVE, Kind.WITHIN)
_OPENING = re.compile(
    r"\W*(?:at|by|around|near)\s+(?:about\s+|around\s+)?(?:x|step|epoch|t|iteration)\b", re.IGNORECASE
)


def read_sentence(
    sentence: Masked, offset: int, source: Source, scope: tuple[str | None, str | None], previous: Number | None = None
) -> list[Claim]:
    """The claims of a sentence about curves, in its order.

    Parameters
    ----------
    offset : where the sentence starts in the whole text, so that numbers know where they stand.
    scope : the chart and the series that the text around it speaks of.
    previous : the x that the sentence goes on from.
    """
    panel, series = scope
    claims: list[Claim] = []
    if _SUPPOSED.search(sentence.text):
        return []
    subjects: tuple[str, ...] = (series,) if series else ()
    named = [one.name for one in sentence.entities if one.kind == "chart"]
    panel = named[0] if named else panel
    leading: Place | None = None
    spoken = 0
    for clause in cut_clauses(sentence, offset):
        if leading is None and not claims and clause.places and _OPENING.match(sentence.text):
            leading = clause.places[0] if clause.places[0].is_point else None
        elif (
            leading is not None
            and clause.numbers
            and not clause.places
            and clause.kind in (None, Kind.VALUE, *_CARRIED)
        ):
            clause = replace(clause, places=(leading,))
        spoken += clause.kind is not None
        subjects = clause.subjects or subjects
        base = Claim(kind=clause.kind or Kind.VALUE, source=source, panel=panel)
        found = list(_interpret(clause, base, subjects, previous))
        claims += found
        ends = [claim.stop or claim.start for claim in found if (claim.stop or claim.start) is not None]
        previous = ends[-1] if ends else previous
    return _bounded_moves(_without_outlines(claims, spoken))


def _without_outlines(claims: list[Claim], spoken: int) -> list[Claim]:
    """Claims without moves that only outline a course: "climbs, plateaus and declines" says nowhere when.

    `spoken` is how many predicates the sentence has.
    """
    bare = [
        claim
        for claim in claims
        if claim.kind is Kind.MOVE and claim.start is claim.stop is claim.low is claim.before is claim.step is None
    ]
    several = len({claim.word for claim in bare}) > 1
    outlines = [claim for claim in bare if several or (claim.word == "level" and spoken > 1)]
    return [claim for claim in claims if not any(claim is one for one in outlines)]


def _bounded_moves(claims: list[Claim]) -> list[Claim]:
    """A bare "rises" or "falls" lasts until the place that the sentence goes on to."""
    told: list[Claim] = []
    for claim, following in pairwise([*claims, None]):
        if claim is None:
            continue
        bare = claim.kind is Kind.MOVE and claim.stop is claim.low is claim.before is claim.step is None
        if bare and following is not None and _lasts_until(claim, following):
            claim = replace(claim, stop=following.stop if following.kind is Kind.MOVE else following.start)
        told.append(claim)
    return told


def _lasts_until(claim: Claim, following: Claim) -> bool:
    """Whether a bare move goes on to where the next claim of its series is; what begins there is told of its own."""
    return following.series == claim.series and following.kind is not Kind.FIRST


def _interpret(clause: Clause, base: Claim, subjects: tuple[str, ...], previous: Number | None) -> Iterator[Claim]:
    """The claims of one clause."""
    kind = clause.kind
    if kind is Kind.CROSSING:  # "never cross" is a claim too
        yield from read_pair(clause, base, subjects)
        return
    turned = kind is Kind.WITHIN and clause.word and clause.denied  # "never below"
    if kind is not None and NEGATION.search(clause.lead) and not turned:
        return
    bare = not clause.places and previous is None
    if bare and (kind in _WHOLE or (kind is Kind.MOVE and not clause.numbers)) and _VAGUE_WHEN.search(clause.text):
        return
    if turned:
        clause = replace(clause, word="below" if clause.word == "above" else "above")
    if kind is None:
        if previous is not None and not clause.places and clause.numbers:
            place = Place(start=previous, stop=previous, at=clause.at - 1, to=clause.at - 1)
            clause = replace(clause, places=(place,))
        yield from _pairs(clause, base, subjects)
    elif kind in PAIR_KINDS:
        yield from read_pair(clause, base, subjects)
    else:
        yield from _of_each(clause, base, subjects, previous)


def _of_each(clause: Clause, base: Claim, subjects: tuple[str, ...], previous: Number | None) -> Iterator[Claim]:
    """The claims of a clause about each of its series; numbers that are told apart by names are each its own."""
    if clause.named_behind or _RESPECTIVELY.search(clause.text):
        names = clause.named_behind or subjects
        for name, number in zip(names, clause.numbers, strict=False) if len(names) == len(clause.numbers) else ():
            yield from _of_one(replace(clause, numbers=(number,)), replace(base, series=name), previous)
        return
    for subject in subjects or (None,):
        yield from _of_one(clause, replace(base, series=subject), previous)


def _of_one(clause: Clause, base: Claim, previous: Number | None) -> Iterator[Claim]:
    """The claims of a clause about one series."""
    kind = clause.kind
    bare = not (clause.numbers or clause.spread or clause.places)
    if bare and _NOUN.search(clause.lead):
        return
    if kind in (Kind.WITHIN, Kind.EXTENT):
        yield from _bounded(clause, base, previous)
    elif kind is Kind.MOVE:
        if not (bare and _LEADS_ON.search(clause.text)):
            yield from _move(clause, base, previous)
    elif kind in (Kind.CUT, Kind.GAP):
        start, stop = clause.places[0].window if clause.places else (None, None)
        edge = re.search(r"top|bottom", clause.text, re.IGNORECASE)
        if kind is Kind.GAP or edge:
            yield replace(base, start=start, stop=stop, word=edge[0].lower() if edge else None)
    elif clause.numbers or clause.spread or (clause.places and kind in (Kind.MAXIMUM, Kind.MINIMUM)):
        yield from _at_one_place(clause, base)


def _at_one_place(clause: Clause, base: Claim) -> Iterator[Claim]:
    """First, last, extreme, mean and plain values; further pairs of value and place are plain values."""
    near = f"{clause.ahead} {clause.text[len(clause.lead) :]}"
    if base.kind in (Kind.MAXIMUM, Kind.MINIMUM) and _ONE_OF_SEVERAL.search(near):
        if not (clause.places and clause.numbers):
            return
        base = replace(base, kind=Kind.VALUE)
    if clause.numbers and NEGATION.search(clause.text[len(clause.lead) : clause.numbers[0].start - clause.at]):
        return
    low, high = clause.spread or ((clause.numbers[0], clause.numbers[0]) if clause.numbers else (None, None))
    place = clause.places[0] if clause.places else None
    start, stop = (place.start, place.stop) if place else (None, None)
    start, stop = _of_stretch(clause, base, start, stop)
    if (
        base.kind in (Kind.MAXIMUM, Kind.MINIMUM)
        and low is not None
        and place
        and (start, stop) != (place.start, place.start)
    ):
        base = replace(base, word="within")
    if clause.word in ("above", "below") and low is not None:
        bound = (low, None) if (clause.word == "above") != clause.denied else (None, low)
        yield replace(base, low=bound[0], high=bound[1], start=start, stop=stop)
        return
    if base.kind is Kind.VALUE and place is None:
        yield replace(base, kind=Kind.MOVE, word="reaches", low=low)
        return
    yield replace(base, low=low, high=high, start=start, stop=stop)
    rest = clause.numbers if clause.spread else clause.numbers[1:]
    for number, further in zip(rest, clause.places[1:], strict=False):
        yield replace(base, kind=Kind.VALUE, low=number, high=number, start=further.start, stop=further.stop)


def _of_stretch(
    clause: Clause, base: Claim, start: Number | None, stop: Number | None
) -> tuple[Number | None, Number | None]:
    """The stretch that a mean or an extreme is said to be of: "after x = 10"; else the place as it is."""
    place = clause.places[0] if clause.places else None
    if place is None or base.kind not in (Kind.MEAN, Kind.MAXIMUM, Kind.MINIMUM):
        return start, stop
    at_a_place = place.prep in ("at", "around", "near", "by", "")
    return (start, stop) if at_a_place and base.kind is not Kind.MEAN else place.window


def _bounded(clause: Clause, base: Claim, previous: Number | None) -> Iterator[Claim]:
    """Values that a stretch lies between or stays near; staying level without a value is a move."""
    start, stop = clause.places[0].window if clause.places else (None, None)
    if len(clause.places) >= 2 and stop is None:
        stop = clause.places[1].stop
    if start is None:
        start = previous
    if clause.word in ("above", "below") and clause.numbers:
        bound = clause.numbers[0]
        low, high = (bound, None) if clause.word == "above" else (None, bound)
        yield replace(base, low=low, high=high, start=start, stop=stop)
    elif clause.spread or len(clause.numbers) >= 2:
        low, high = clause.spread or clause.numbers[:2]
        yield replace(base, low=low, high=high, start=start, stop=stop)
    elif clause.numbers and _is_at(clause):
        place = clause.places[0].start
        yield replace(base, kind=Kind.VALUE, low=clause.numbers[0], high=clause.numbers[0], start=place, stop=place)
    elif clause.numbers:
        level = replace(clause.numbers[0], about=True)
        yield replace(base, kind=Kind.WITHIN, low=level, high=level, start=start, stop=stop)
    elif _STEADY.search(clause.text):
        yield replace(base, kind=Kind.MOVE, word="level", start=start, stop=stop)


def _is_at(clause: Clause) -> bool:
    """Whether a curve is said to be at a value at one place: "by step 8 it sits at 0.46"."""
    place = clause.places[0] if len(clause.places) == 1 else None
    return place is not None and place.is_point and place.prep not in (*UNTIL, *AFTER)


def _move(clause: Clause, base: Claim, previous: Number | None) -> Iterator[Claim]:
    """A rise or a fall: from a value to a value, from a place to a place, or on the whole."""
    numbers, places = clause.numbers, clause.places
    base = replace(base, word=clause.word, words=("monotonic",) if _MONOTONIC.search(clause.text) else ())
    if numbers and _is_amount(clause, numbers[0]):
        start, stop = _two_places(places) if len(places) != 1 else places[0].window
        yield replace(base, step=numbers[0], start=start, stop=stop)
        return
    if clause.spread:
        low, high = clause.spread
        numbers = (low, high) if _behind_from(clause, low) else numbers
        if not numbers:
            yield replace(base, low=low, high=high, start=previous, stop=places[0].stop if places else None)
            return
    if len(numbers) >= 2:
        start, stop = _two_places(places)
        yield replace(base, before=numbers[0], low=numbers[1], high=numbers[1], start=start or previous, stop=stop)
        return
    if not places:
        start, stop = previous, None
    elif len(places) >= 2:
        start, stop = _two_places(places)
    else:
        start, stop = places[0].window
        if places[0].is_point and stop is not None:
            start = previous
        if places[0].is_point and numbers and places[0].prep in AFTER and stop is None:
            start, stop = places[0].start, None
    if numbers and _behind_from(clause, numbers[0]):
        yield replace(base, before=numbers[0], start=start, stop=stop)
    elif numbers:
        yield replace(base, low=numbers[0], high=numbers[0], start=start or previous, stop=stop)
    elif clause.word != "goes":
        yield replace(base, start=start or previous, stop=stop)


def _is_amount(clause: Clause, number: Number) -> bool:
    """Whether a number says by how much: behind "by", or per cent right behind the verb, as in "drops 45 %"."""
    before = clause.text[: number.start - clause.at]
    return bool(_AMOUNT.search(before)) or (
        number.percent and bool(re.fullmatch(r"\w+\s*", before[len(clause.lead) :]))
    )


def _behind_from(clause: Clause, number: Number) -> bool:
    return bool(re.search(rf"\bfrom\s+(?:{ABOUT}\s*)?$", clause.text[: number.start - clause.at], re.IGNORECASE))


def _two_places(places: Sequence[Place]) -> tuple[Number | None, Number | None]:
    """Where a move from one place to another begins and ends; a lone place is its end unless it says otherwise."""
    if not places:
        return None, None
    first = places[0]
    if len(places) >= 2:
        return first.start, places[1].stop
    if not first.is_point:
        return first.start, first.stop
    return first.window if first.prep in (*UNTIL, *AFTER) else (None, first.stop)


def _pairs(clause: Clause, base: Claim, subjects: tuple[str, ...]) -> Iterator[Claim]:
    """Values at places without a predicate: "x=5: 0.32", "0.32 at x=5", "at x=5, red is 0.32 and blue 0.33"."""
    base = replace(base, kind=Kind.VALUE)
    numbers = clause.numbers
    if clause.spread:
        numbers = (*clause.spread[:1], *numbers)
    if not numbers or not clause.places:
        return
    place_first = clause.places[0].at < numbers[0].start
    for number in numbers:
        before = [place for place in clause.places if place.at < number.start]
        behind = [place for place in clause.places if place.at > number.start]
        place = before[-1] if place_first else behind[0] if behind else before[-1]
        spread = clause.spread if clause.spread and number is clause.spread[0] else (number, number)
        for name in _named_before(clause, number, subjects):
            yield replace(base, series=name, low=spread[0], high=spread[1], start=place.start, stop=place.stop)


def _named_before(clause: Clause, number: Number, subjects: tuple[str, ...]) -> Sequence[str | None]:
    """The series that a value belongs to: the nearest one named before it in the clause, else what is spoken of."""
    own = [one for one in clause.entities if one.kind != "other"]
    if len(own) <= 1:
        return subjects or (None,)
    named = [one.name for one in own if one.start < number.start]
    return (named[-1],) if named else (own[0].name,)
