"""Sentences cut into clauses at their predicates, each with the numbers and places that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from digitize.claims.entities import ENTITY, Entity, Masked
from digitize.claims.numbers import NUMBER, to_number
from digitize.claims.places import AFTER, UNTIL, Place, X, find_places, find_spread
from digitize.claims.predicates import NEGATION, Predicate, find_predicates
from digitize.claims.records import Kind, Number

_BOUNDARY = re.compile(r"[,;:]|\b(?:and|then|before|but|while|whereas|followed by|with|or)\b", re.IGNORECASE)
_NO_VALUE = re.compile(rf"\s*(?:times|×|fold|(?:{X})\b)", re.IGNORECASE)  # "twice" and "20 steps" are no values
_CONTRAST = re.compile(
    r"\b(?:unlike|compared (?:with|to)|in contrast to|as opposed to|later than|earlier than)\s+(?:the\s+|that of\s+)?$",
    re.IGNORECASE,
)
_PAIRS = (Kind.RESTLESS, Kind.APART, Kind.FARTHEST, Kind.ALIKE)
ONE_PLACE = (Kind.FIRST, Kind.LAST, Kind.MAXIMUM, Kind.MINIMUM, Kind.MEAN, Kind.VALUE, Kind.SPIKE)


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A part of a sentence with one predicate at most, and what was found in it, in order; `at` is where it starts.

    All positions are those of the whole text.
    """

    kind: Kind | None
    word: str
    at: int
    lead: str
    ahead: str
    denied: bool
    text: str
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    charts: tuple[str, ...]
    named_behind: tuple[str, ...]
    places: tuple[Place, ...]
    numbers: tuple[Number, ...]
    spread: tuple[Number, Number] | None
    entities: tuple[Entity, ...]


def cut_clauses(sentence: Masked, offset: int) -> Iterator[Clause]:
    """The clauses of a sentence: one a predicate, cut at the last comma or conjunction before it."""
    text = sentence.text
    spotted = find_predicates(text)
    if not spotted:
        yield _clause(sentence, offset, 0, len(text), None)
        return
    begin = _values_before(sentence, offset, spotted[0])
    if begin:
        yield _clause(sentence, offset, 0, begin, None)
    for k, predicate in enumerate(spotted):
        end = len(text)
        if k + 1 < len(spotted):
            following = spotted[k + 1].start
            cuts = [
                one.start()
                for one in _BOUNDARY.finditer(text, predicate.stop, following)
                if not _in_brackets(text, one.start())
            ]
            end = cuts[-1] if cuts else following
        yield from _shared_predicate(sentence, offset, begin, end, predicate)
        begin = end


def _values_before(sentence: Masked, offset: int, first: Predicate) -> int:
    """Where plain values end that stand before the first predicate, 0 where none do."""
    marks = [one.end() for one in re.finditer(r"[,;—–]|\band\b|\bwhereas\b|\bwhile\b", sentence.text[: first.start])]
    marks = [mark for mark in marks if not _in_brackets(sentence.text, mark)]
    if not marks:
        return 0
    places, rest = find_places(sentence.text[: marks[-1]], offset, sentence)
    told = any(place.is_point for place in places) and any(one[0] for one in re.finditer(NUMBER, rest))
    return marks[-1] if told else 0


def _in_brackets(text: str, at: int) -> bool:
    return text.count("(", 0, at) > text.count(")", 0, at)


def _shared_predicate(sentence: Masked, offset: int, begin: int, end: int, spotted: Predicate) -> Iterator[Clause]:
    """A clause, or several where it goes on with other series: "red peaks at 0.3 and blue at 0.2"."""
    kind, stop = spotted.kind, spotted.stop
    cuts = [begin]
    if kind in (*ONE_PLACE, Kind.MOVE, Kind.WITHIN, Kind.EXTENT):
        for entity in sentence.within(stop, end, "series", "color"):
            between = sentence.text[stop : entity.start]
            if (
                re.search(r"\d", between)
                and re.search(r"(?:,|;|\band|\bwhile)\s*$|\bfor\s*$", between)
                and re.search(r"\d", sentence.text[entity.stop : end])
            ):
                cuts.append(entity.start)
        cuts += _said_of_others(sentence.text, stop, end)
    for first, last in pairwise([*sorted(set(cuts)), end]):
        ends = _values_behind(sentence, offset, max(first, stop), last) if kind not in _PAIRS else []
        for start, close in pairwise([first, *ends, last]):
            yield _clause(sentence, offset, start, close, spotted if start == first else None)


def _said_of_others(text: str, start: int, end: int) -> list[int]:
    """Where a clause goes on with a value "… for red" of another series."""
    pattern = re.compile(
        rf"(?:,|;|\band\b|\bversus\b|\bvs\b|\bagainst\b)[^,;]*?\d[^,;]*?\bfor\s+(?:the\s+)?{ENTITY}", re.IGNORECASE
    )
    return [one.start() for one in pattern.finditer(text, start, end)]


def _values_behind(sentence: Masked, offset: int, start: int, end: int) -> list[int]:
    """Where, behind a predicate's own values, plain ones at places of their own begin: "…, 0.32 at x = 20, …"."""
    marks = [one.start() for one in re.finditer(r"[,;:—–]\s|\band\b", sentence.text[:end]) if one.start() >= start]
    said, _ = find_places(sentence.text[start:end], offset + start, sentence)
    marks = [mark for mark in marks if not any(place.at <= mark + offset < place.to for place in said)]
    marks = [mark for mark in marks if not _in_brackets(sentence.text, mark)]
    cuts: list[int] = []
    for mark, close in pairwise([*marks, end]):
        piece = sentence.text[mark:close]
        places, rest = find_places(piece, offset + mark, sentence)
        own = any(place.is_point and place.prep not in UNTIL + AFTER for place in places)
        if own and any(one[0] for one in re.finditer(NUMBER, rest)):
            cuts.append(mark + 1 if piece[0] in ",;:—–" else mark + 3)
    return cuts


def _clause(sentence: Masked, offset: int, begin: int, end: int, spotted: Predicate | None) -> Clause:
    text = sentence.text[begin:end]
    kind, word, start, stop = spotted or (None, "", begin, begin)
    inside = begin <= start < end
    places, rest = find_places(text, offset + begin, sentence)
    spread, rest = find_spread(rest, offset + begin, kind)
    numbers = [
        to_number(one[0], offset + begin + one.start(), rest[: one.start()])
        for one in re.finditer(NUMBER, rest)
        if one[0] and not _NO_VALUE.match(rest, one.end())
    ]
    entities = [
        one for one in sentence.within(begin, end, "series", "color", "other") if not _is_place(one, places, offset)
    ]
    entities = [
        one for one in _without_aliases(entities, sentence.text) if not _CONTRAST.search(sentence.text[: one.start])
    ]
    split = stop if inside and kind in (Kind.ABOVE, Kind.CROSSING, Kind.RESTLESS) else end
    return Clause(
        kind=kind,
        word=word,
        at=offset + begin,
        lead=sentence.text[begin:start] if inside else "",
        ahead=sentence.text[max(start - 20, 0) : start],
        denied=bool(NEGATION.search(re.split(r"[,;]", sentence.text[:start])[-1])),
        text=text,
        subjects=tuple(one.name for one in entities if one.start < split),
        objects=tuple(one.name for one in entities if one.start >= split),
        charts=tuple(one.name for one in sentence.entities if one.kind == "chart"),
        named_behind=_named_behind(rest, numbers, sentence, offset + begin),
        places=tuple(places),
        numbers=tuple(numbers),
        spread=spread,
        entities=tuple(replace(one, start=one.start + offset, stop=one.stop + offset) for one in entities),
    )


def _named_behind(rest: str, numbers: Sequence[Number], sentence: Masked, at: int) -> tuple[str, ...]:
    """The series in brackets behind each of several numbers: "0.38 (Series A) and 0.55 (Series B)"."""
    names = []
    for number in numbers:
        behind = re.match(rf"\s*\(\s*(?:the\s+)?(?={ENTITY})", rest[number.stop - at :])
        start = number.stop + behind.end() - at if behind else -1
        named = [one.name for one in sentence.entities if behind and sentence.text[one.start] == rest[start]]
        names += named[:1]
    return tuple(names) if len(names) == len(numbers) > 1 else ()


def _is_place(entity: Entity, places: Sequence[Place], offset: int) -> bool:
    return any(place.at <= entity.start + offset < place.to for place in places)


def _without_aliases(entities: list[Entity], text: str) -> list[Entity]:
    """Entities without those that only say again in brackets who is meant: "the red line (Series A)"."""
    kept: list[Entity] = []
    for one in entities:
        between = text[kept[-1].stop : one.start] if kept else ""
        if kept and re.fullmatch(r"\s*\(\s*", between):
            if kept[-1].kind == "color" and one.kind != "color":
                kept[-1] = one
            continue
        kept.append(one)
    return kept
