"""What a tick label's text may mean: numbers and dates, and what it would mean were a character misread."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from digitize.datetext import DateParts, dates
from digitize.model import Word
from digitize.numbertext import Number, normalise, numbers

_LOOKALIKES = str.maketrans("OoQDlI|i!SsBZzgqbA", "000011111558229964")
_EDGE_JUNK = " -_.,|'`\"~:;=*^<>×"
_MOST_READINGS = 12
_SIMPLE = r"[0-9.]+(?:[eE][-+]?[0-9]+)?"
#: A letter that a figure may have been taken for is no name.
_NUMBERED = re.compile(r"(?P<head>(?![OolIi]\d)[^\W\d_]+) ?[-_#.]? ?(?P<count>\d{1,3})")
#: A name that is set to a value, as runs are told by their settings.
_SET = re.compile(r"[^\W\d]\s*=\s*\S")
#: A name that ends in figures, as quantiles and nodes have. Letters that figures and currencies look like tell nothing.
_NAMED = re.compile(r"(?=.*[ac-dhkmnpuvwyGHKMNPRUVW])[^\W\d]+[ -]?[0-9]{1,4}")
#: It is known to be one where it was read with this confidence.
_SURE = 0.9
_SCIENTIFIC = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]{1,3}")
#: A power of ten whose figures were taken for letters.
_ONE_E = re.compile(r"[-+]?[1lI|]e[-+]?[0-9lI|O]{1,2}")
_AT_THE_END = re.compile(
    rf"[(\[]?(?:[×xX]?(?P<factor>10\^?-?[1-9][0-9]?|{_SIMPLE}(?:[×xX]10\^?[-+]?[0-9]+)?))?"
    rf"(?P<summand>[-+]{_SIMPLE}(?:[×xX]10\^?[-+]?[0-9]+)?)?[)\]]?"
)


@dataclass(frozen=True, kw_only=True)
class TickReading:
    """One meaning of a label. `prior` is 1 for the text as recognised and lower for what a slip would explain.

    A number stands in `value` (in `number` with its unit), a date in `date` (`value` is then NaN).
    """

    value: float
    prior: float
    number: Number | None = None
    date: DateParts | None = None


@lru_cache(maxsize=4096)
def readings(word: Word) -> tuple[TickReading, ...]:
    """Everything that a word may mean as a tick label, the likeliest first.

    Both decodings of the word are read. Slips that recognisers make and do not notice (a lost decimal point or
    minus sign, letters for digits, a raised exponent set down on the line) give readings of a lower prior: only the
    other ticks can tell.
    """
    best: dict[float | DateParts, TickReading] = {}
    written = bool(dates(word.text))
    for text, trust in _decodings(word):
        for reading in _read(text, trust):
            # Where the text is a date, its figures alone are no other one ("12:00" is not the year 1200).
            if reading.date is not None and written and text is not word.text:
                continue
            key = reading.value if reading.date is None else reading.date
            if key not in best or best[key].prior < reading.prior:
                best[key] = reading
    ordered = sorted(best.values(), key=lambda reading: -reading.prior)
    kept = [r for r in ordered if r.date is None][:_MOST_READINGS] + [r for r in ordered if r.date is not None]
    return tuple(sorted(kept, key=lambda reading: -reading.prior))


@lru_cache(maxsize=4096)
def reads_as_tick(word: Word) -> bool:
    """Whether a word could be the number or the date at a tick, without having to be misread badly for it."""
    if any(number.prior >= 0.5 for number in numbers(word.text)) or any(d.prior >= 0.5 for d in dates(word.text)):
        return True
    if _SET.search(word.text) or (word.confidence > _SURE and _NAMED.fullmatch(word.text)):
        return False
    text = normalise(word.text)
    figures = sum(c.isdigit() or c in "-+.,%^" for c in text)
    if 2 * figures < len(text) or not text:
        return text in ("O", "o", "l", "I") or _ONE_E.fullmatch(text) is not None
    return any(n.prior >= 0.5 for n in numbers(word.number)) or any(r.prior >= 0.3 for r in _read(text, 1.0))


def is_decade(word: Word) -> bool:
    """Whether a word is a power of ten."""
    powers = [math.log10(number.value) for number in numbers(word.text)[:1] if number.value > 0]
    return any(math.isclose(power, round(power), abs_tol=1e-9) for power in powers)


def is_enumeration(texts: Sequence[str]) -> bool:
    """Whether labels are names with a running number: the same letters before whole numbers one step apart.

    Examples
    --------
    >>> is_enumeration(["Q1", "Q2", "Q3", "Q4", "Q5"])
    True
    >>> is_enumeration(["Q3", "Q4", "Q1"])
    False
    """
    found = [_NUMBERED.fullmatch(text) for text in texts]
    parts = [(match["head"], int(match["count"])) for match in found if match]
    if len(parts) < max(len(texts), 3) or len({head for head, _ in parts}) > 1:
        return False
    steps = {later - earlier for (_, earlier), (_, later) in pairwise(parts)}
    return len(steps) == 1 and steps != {0}


def multiplier_and_offset(text: str) -> tuple[float, float] | None:
    """What a text at an axis' end does to its labels: a factor and a summand; None where it says neither.

    Examples
    --------
    >>> multiplier_and_offset("1e-3")
    (0.001, 0.0)
    >>> multiplier_and_offset("le-3")
    (0.001, 0.0)
    >>> multiplier_and_offset("1e-5+1.2e2")
    (1e-05, 120.0)
    >>> multiplier_and_offset("-104")
    (10000.0, 0.0)
    """
    # A raised dot before a power is easily taken for a hyphen or a full stop, and the power set down on the line.
    plain = re.sub(r"^[-.](?=10(\^|[1-9]$))", "×", normalise(text).replace(" ", ""))
    plain = re.sub(r"^[lI|](?=e[-+]?[0-9])", "1", plain)
    # A ten after a raised dot has lost its exponent.
    match = None if re.fullmatch(r"[-.×xX]10", plain) else _AT_THE_END.fullmatch(plain)
    # A number alone is a label or a year.
    if not match or not re.search(r"[eE×xX^+-]|^10[1-9]", plain):
        return None
    factor = _one_value(match["factor"]) if match["factor"] else 1.0
    summand = _one_value(match["summand"]) if match["summand"] else 0.0
    return None if factor is None or summand is None or factor == 0 else (factor, summand)


def _one_value(text: str) -> float | None:
    # A raised exponent may have been set down on the line.
    found = numbers(re.sub(r"(?<![0-9.])10(-?[1-9][0-9]?)$", r"10^\1", text))
    return found[0].value if found else None


def _decodings(word: Word) -> Iterator[tuple[str, float]]:
    yield word.text, 1.0
    # The second decoding finds a number in any word; it counts for much only where the recogniser was sure of it.
    if normalise(word.number) != normalise(word.text) and word.number:
        agrees = 1.0 if any(c.isdigit() for c in word.text) else 0.5
        # The colon of a time is no decimal point.
        agrees *= 0.3 if re.search(r"[0-9]:[0-9]{2}", word.text) else 1.0
        yield word.number, 0.75 * agrees * max(word.number_confidence, 0.05)


def _read(text: str, trust: float) -> Iterator[TickReading]:
    for variant, belief in _variants(normalise(text)):
        for number in numbers(variant):
            prior = trust * belief * number.prior
            yield TickReading(value=number.value, prior=prior, number=number)
            if number.value:
                # A minus is lost more easily than invented.
                slip = 0.12 if number.value > 0 else 0.05
                yield TickReading(value=-number.value, prior=slip * prior, number=number)
    for part in dates(text):
        yield TickReading(value=math.nan, prior=trust * part.prior, date=part)


def _variants(text: str) -> Iterator[tuple[str, float]]:
    """The text itself and what it may have been before a slip, with how likely each slip is."""
    yield from _slips(text, 1.0)
    # A tick mark beside the label is easily read as part of it.
    if (ahead := text.rstrip("-+_=~ ")) != text:
        yield from _slips(ahead, 0.8)
    elif (stripped := text.strip(_EDGE_JUNK)) != text:
        yield from _slips(stripped, 0.05 if text.lstrip(" ")[0] == "-" else 0.4)
        yield from _slips("-" + stripped, 0.1)


def _slips(text: str, belief: float) -> Iterator[tuple[str, float]]:
    yield text, belief
    figures = text.translate(_LOOKALIKES)
    # The last letter may be a true suffix (k, M, m, …).
    for variant in {figures, text[:-1].translate(_LOOKALIKES) + text[-1:]} - {text}:
        # A word with a few letters that look like figures is still a word.
        if not any(c.isalpha() for c in variant[:-1]) or _SCIENTIFIC.fullmatch(variant):
            yield variant, 0.35 * belief
    for variant, share in (*_lost_points(figures), *_lost_powers(text), *_added_figures(text)):
        yield variant, share * belief


def _added_figures(text: str) -> Iterator[tuple[str, float]]:
    """The end of a label is easily read twice; a nought at the end is more often its own."""
    if re.fullmatch(r"[-+]?[0-9.,]{2,}[0-9][1-9]", text):
        yield text[:-1], 0.12


def _lost_points(text: str) -> Iterator[tuple[str, float]]:
    # What stood before a power is mostly a one, which is thin.
    if re.fullmatch(r"[eE][-+][0-9]{1,2}", text):
        yield f"1{text}", 0.5
    # Before a power of ten stands one figure, and the others are decimals.
    if match := re.fullmatch(r"([-+]?[1-9])([0-9]{1,5}[eE][-+]?[0-9]{1,2})", text):
        yield f"{match[1]}.{match[2]}", 0.5
    match = re.fullmatch(r"([-+]?[$€£¥]?)([0-9]{2,6})([^0-9]{0,3})", text)
    if match:
        for place in range(1, len(match[2])):
            # One point can be lost from one of the places only, and seldom from the longer numbers.
            belief = 0.5 if place == 1 and match[2][0] == "0" else 0.12 / (len(match[2]) - 1) ** 2
            yield f"{match[1]}{match[2][:place]}.{match[2][place:]}{match[3]}", belief
    if match := re.fullmatch(r"([-+]?[0-9]+)[ :;_~-]([0-9]+)([^0-9]{0,3})", text):
        yield f"{match[1]}.{match[2]}{match[3]}", 0.15


def _lost_powers(text: str) -> Iterator[tuple[str, float]]:
    """A raised exponent that was set down on the line, or whose sign was lost."""
    head = r"(?P<head>[-+]?(?:[0-9.]+ ?[×xX] ?)?10)"
    if match := re.fullmatch(head + r" ?(?P<sign>[-~_=])? ?(?P<power>[0-9]{1,2})", text):
        signed = match["sign"] is not None
        spoken = signed or "×" in match["head"] or "x" in match["head"].lower()
        yield f"{match['head']}^{'-' if signed else ''}{match['power']}", 0.6 if spoken else 0.25
        if not signed:
            yield f"{match['head']}^-{match['power']}", 0.08
    if match := re.fullmatch(head + r" ?\^ ?(?P<sign>-?)(?P<power>[0-9]{1,2})", text):
        # A sign is lost more easily than invented.
        yield f"{match['head']}^{'' if match['sign'] else '-'}{match['power']}", 0.03 if match["sign"] else 0.1
    if match := re.fullmatch(r"(?P<head>[-+]?[0-9.]+) ?[-.~] ?10 ?\^ ?(?P<power>-?[0-9]{1,2})", text):
        yield f"{match['head']}×10^{match['power']}", 0.6
    if match := re.fullmatch(head + " ?[°oº\"'*]", text):
        yield f"{match['head']}^0", 0.35
    if match := re.fullmatch(r"2(?P<power>[0-9]{1,2})", text):
        yield f"2^{match['power']}", 0.08
