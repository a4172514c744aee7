"""Places along x, and ranges of numbers, in a sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from digitize.claims.entities import ENTITY, Masked
from digitize.claims.numbers import NUMBER, TIME, to_number, to_time
from digitize.claims.records import Kind, Number

X = (
    r"x|t|steps?|epochs?|iterations?|iters?|time|years?|months?|weeks?|days?|hours?|minutes?|seconds?|rounds?|"
    r"generations?|batch(?:es)?"
)
_PREPOSITIONS = (
    "at|by|until|till|up to|after|before|from|around|near|past|beyond|since|through|to|in|between|for|over|within|of"
)
_PREPOSITION = rf"(?P<prep>{_PREPOSITIONS})"
ABOUT = r"(?:about|around|approximately|roughly|near|circa|~|≈)"
_ON = r"(?:(?P<dash>[-–—])|(?P<to>to|and|until|through)\b)"


class _Patterns(NamedTuple):
    """How places are written: with the name of x, as times, as bare years, before the name of x; and shares of x."""

    named: re.Pattern[str]
    times: re.Pattern[str]
    years: re.Pattern[str]
    counted: re.Pattern[str]
    share: re.Pattern[str]


@lru_cache(maxsize=64)
def _patterns(x_words: tuple[str, ...]) -> _Patterns:
    """The patterns where x may be called by further words."""
    x = rf"(?:{'|'.join([*(re.escape(word) + 's?' for word in x_words), X])})"
    year = r"(?:1[5-9]|20|21)\d\d"
    named = (
        # x = 5, x=10–15, from x = 5 to x = 10, step 15; the second value needs its own x, a dash or a "from"
        rf"(?:\b{_PREPOSITION}\s+)?(?:{ABOUT}\s*)?(?<!['’])\b{x}\s*"
        rf"(?P<sign>[<>≤≥]=?|between\b|=|≈|~|of\b|is\b|value\b)?\s*(?:{ABOUT}\s*)?"
        rf"(?P<a>{TIME}|{NUMBER}|{ENTITY}|(?<==\s)[A-Za-z]\w*|(?<==)[A-Za-z]\w*)"
        rf"(?:\s*{_ON}\s*(?P<again>{x}\s*=?\s*)?(?P<b>{TIME}|{NUMBER}|{ENTITY}))?"
    )
    texts = (
        named,
        rf"(?:\b{_PREPOSITION}\s+)?(?:{ABOUT}\s*)?(?P<a>{TIME})(?:\s*{_ON}\s*(?P<b>{TIME}))?",
        rf"\b(?P<prep>in|by|until|after|before|since|from|around|during|between|throughout|over|across)\s+"
        rf"(?P<a>{year})\b(?![.,]\d)(?:\s*{_ON}\s*(?P<b>{year})\b)?",
        rf"\b(?P<prep>at|by|until|till|up to|after|before|from|around|near|past|beyond|since)\s+"
        rf"(?:{ABOUT}\s*)?(?P<a>{NUMBER})\s+{x}\b",
        rf"\b(?:(?:in|over|during|within|for|across)\s+)?the\s+(?P<end>first|initial|opening|last|final)\s+"
        rf"(?P<n>{NUMBER})\s+{x}\b",
    )
    return _Patterns(*(re.compile(text, re.IGNORECASE) for text in texts))


_PAIR = re.compile(rf"\(\s*(?P<x>{NUMBER})\s*,\s*(?={NUMBER}\s*\))", re.IGNORECASE)  # (10, 0.35)
_END = re.compile(
    r"\b(?:at|by|until|till|to|near|towards?)\s+(?:the\s+)?(?:very\s+)?"
    r"(?:(?P<last>end|right(?:-hand)?\s+edge|(?:final|last)\s+(?:step|point|epoch))|(?P<first>start|beginning|outset))\b",
    re.IGNORECASE,
)
_AFTER_EVENT = re.compile(r"\bafter\s+(?:the|that|this|their)\s+\w+\s*$", re.IGNORECASE)  # "the crossover" at x = 17
_SIGNS = {"between": "between", "<": "until", "≤": "until", ">": "after", "≥": "after"}
UNTIL = ("until", "till", "before", "up to", "through", "to")
AFTER = ("after", "since", "from", "past", "beyond")
_WINDOW = ("from", "between", "for", "over", "in", "within", "during")

_SPREAD = re.compile(
    rf"(?P<lead>between\s+|from\s+)?(?P<a>{NUMBER})\s*(?P<to>[-–—]|to\b|and\b)\s*(?P<b>{NUMBER})", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place or a stretch along x as said: None at an open end."""

    start: Number | None
    stop: Number | None
    at: int
    to: int
    prep: str = ""

    @property
    def is_point(self) -> bool:
        return self.start is not None and self.start is self.stop

    @property
    def window(self) -> tuple[Number | None, Number | None]:
        """The stretch that it bounds: a single place after "until" is an end, after "from" a beginning."""
        if self.is_point and self.prep in UNTIL:
            return None, self.stop
        if self.is_point and self.prep in AFTER:
            return self.start, None
        return self.start, self.stop


def find_places(text: str, offset: int, sentence: Masked) -> tuple[list[Place], str]:
    """The places along x in a clause, and the clause with them blanked out."""
    patterns = _patterns(sentence.x_words)
    places, text = _find_said_places(text, offset, patterns.share)
    for pattern in patterns[:4]:
        at = 0
        while one := pattern.search(text, at):
            at = one.end("a")
            sign = (one.groupdict().get("sign") or " ").lower()
            prep = _SIGNS.get(sign if len(sign) > 2 else sign[0], (one["prep"] or "").lower())
            if _AFTER_EVENT.search(text[: one.start()]):
                prep = "after"
            start = _to_place(one["a"], offset + one.start("a"), text[: one.start("a")], sentence)
            if start is None or (pattern is patterns.years and not _could_be_year(one, places, text)):
                continue
            stop = start
            if one.groupdict().get("b") and _goes_on(one, prep):
                stop = _to_place(one["b"], offset + one.start("b"), "", sentence) or start
                at = one.end("b")
            elif not one.groupdict().get("b"):
                at = one.end()
            places.append(Place(start=start, stop=stop, at=offset + one.start(), to=offset + at, prep=prep))
            text = text[: one.start()] + " " * (at - one.start()) + text[at:]
    return sorted(places, key=lambda place: place.at), text


def _find_said_places(text: str, offset: int, share: re.Pattern[str]) -> tuple[list[Place], str]:
    """Places of pairs "(10, 0.35)", "the first 10 steps", and the ends of the curve."""
    places: list[Place] = []

    def found(one: re.Match[str], start: Number | None, stop: Number | None, prep: str = "") -> None:
        nonlocal text
        places.append(Place(start=start, stop=stop, at=offset + one.start(), to=offset + one.end(), prep=prep))
        text = text[: one.start()] + " " * len(one[0]) + text[one.end() :]

    for one in _PAIR.finditer(text):
        number = to_number(one["x"], offset + one.start("x"))
        found(one, number, number)
    for one in share.finditer(text):
        number = to_number(one["n"], offset + one.start("n"))
        last = one["end"].lower() in ("last", "final")
        found(one, replace(number, from_end=True) if last else None, None if last else number)
    for one in _END.finditer(text):
        number = Number(value=math.inf if one["last"] else -math.inf, text="the end" if one["last"] else "the start")
        found(one, number, number, "at")
    return places, text


def _could_be_year(one: re.Match[str], places: Sequence[Place], text: str) -> bool:
    """Whether a bare number is a year: no place is said otherwise, and a range of them is not all there is."""
    if places and not all(re.fullmatch(r"\d{4}", place.start.text) for place in places if place.start):
        return False
    if one["prep"].lower() not in ("from", "between", "around"):
        return True
    rest = text[: one.start()] + " " * len(one[0]) + text[one.end() :]
    return any(found[0] for found in re.finditer(NUMBER, rest))


def _goes_on(one: re.Match[str], prep: str) -> bool:
    """Whether a second value after a place bounds a stretch: behind a dash, with an x of its own, or after "from"."""
    again = one.groupdict().get("again")
    if one["dash"] or again:
        return bool(one["dash"]) or one["to"] != "and" or prep == "between"
    return prep in _WINDOW or ("a" in one.groupdict() and bool(re.fullmatch(TIME, one["b"], re.IGNORECASE)))


def _to_place(text: str, start: int, before: str, sentence: Masked) -> Number | None:
    if re.fullmatch(ENTITY, text):
        named = next((one.name for one in sentence.entities if sentence.text[one.start] == text[0]), text)
        return Number(text=named, name=named, start=start, stop=start + len(text))
    if re.fullmatch(TIME, text, re.IGNORECASE):
        return to_time(text, start)
    if re.fullmatch(r"[A-Za-z]\w*", text):
        return Number(text=text, name=text, start=start, stop=start + len(text))
    return to_number(text, start, before)


def find_spread(text: str, offset: int, kind: Kind | None) -> tuple[tuple[Number, Number] | None, str]:
    """Two numbers that bound a range, "0.4–0.5" or "between 0.4 and 0.5", and the clause with them blanked out."""
    for one in _SPREAD.finditer(text):
        lead = (one["lead"] or "").strip().lower()
        bounds = kind in (Kind.WITHIN, Kind.EXTENT)
        if one["to"].lower() == "and" and lead != "between":
            continue
        if one["to"].lower() == "to" and not bounds:
            continue
        if kind is Kind.MOVE and lead == "from":
            continue
        low, high = (to_number(one[k], offset + one.start(k), text[: one.start(k)]) for k in ("a", "b"))
        finest = min(low.precision, high.precision)  # "between 0.05 and 0.1" means 0.10
        low, high = replace(low, precision=finest), replace(high, precision=finest)
        return (low, high), text[: one.start()] + " " * len(one[0]) + text[one.end() :]
    return None, text
