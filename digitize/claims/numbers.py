"""Numbers, times and places as people write them."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

from digitize.claims.records import Number

_DAY = 86_400.0
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"

NUMBER = (
    r"\b10\^[-−]?\d+|(?<![\w.#])(?:(?<=[\s(\[:,=–—~≈])[-−+]|^[-−+])?"
    r"(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)?(?:(?<=\d)\.\d+|(?<![\d.])\.\d+)?(?<=\d)"
    r"(?:[eE][-−+]?\d+|\s?[×x·*]\s?10\s?(?:\^?\s?[-−]?\d+|[⁻⁺]?[⁰¹²³⁴-⁹]+))?"
    r"(?:\s?%|[kKMB](?![\w])|\s?(?:thousand|million|billion)\b)?(?![\w]*[A-Za-z_]\w*)"
)
TIME = (
    r"\b\d{4}-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?)?\b"
    rf"|\b(?:\d{{1,2}}\s+)?{_MONTH}\s+(?:\d{{1,2}},\s+)?\d{{4}}\b"
)
_ABOUT = re.compile(
    r"(?:≈|~|\b(?:about|around|approximately|approx\.?|roughly|nearly|almost|near|circa|ca\.|some"
    r"|just (?:over|under|above|below)))\s*$",
    re.IGNORECASE,
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_GREATEST_POWER = 200  # of ten: greater ones are no values of a chart
_SUFFIXES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_COUNTS = "no one two three four five six seven eight nine ten eleven twelve"
_WORDS = {word: k for k, word in enumerate(_COUNTS.split())} | {"a single": 1}
COUNT = r"\d+|" + "|".join(_WORDS)

FIND_NUMBER = re.compile(NUMBER)
FIND_TIME = re.compile(TIME, re.IGNORECASE)


def to_number(text: str, start: int, before: str = "") -> Number:
    """What a text that `NUMBER` matches says; `before` is what stands in front of it.

    Its precision is half a unit of its last digit; of a number that is said to be about right, of its last digit that
    is no nought.
    """
    about = bool(_ABOUT.search(before))
    plain = text.strip().translate(_RAISED).replace("−", "-").replace(",", "").replace("\u202f", "")
    percent = plain.endswith("%")
    plain = plain.rstrip("%").strip()
    factor = 1.0
    if plain.startswith("10^"):
        plain = f"1e{plain[3:]}"
    for suffix, size in _SUFFIXES.items():
        if plain.endswith(suffix):
            plain, factor = plain[: -len(suffix)].strip(), size
            break
    power = re.search(r"(?:[eE]|\s?[×x·*]\s?10\s?\^?\s?)([-+]?\d+)$", plain)
    if power:
        exponent = min(max(int(power[1]), -_GREATEST_POWER), _GREATEST_POWER)
        plain, factor = plain[: power.start()], factor * 10.0**exponent
    decimals = len(plain.partition(".")[2])
    unit = 10.0**-decimals
    value = min(max(float(plain), -1e100), 1e100)
    if about and value and not decimals:
        digits = plain.lstrip("+-")
        unit = 10.0 ** (len(digits) - len(digits.rstrip("0")))
    return Number(
        value=value * factor,
        precision=unit * factor / 2,
        text=text,
        start=start,
        stop=start + len(text),
        about=about,
        percent=percent,
    )


def to_time(text: str, start: int) -> Number | None:
    """What a text that `TIME` matches says: the beginning of the span it names, and half its length as precision."""
    low, high = _time_span(text.strip())
    if math.isnan(low):
        return None
    precision = (high - low) / 2
    return Number(value=low, precision=precision, text=text, start=start, stop=start + len(text), time=True)


def _time_span(text: str) -> tuple[float, float]:
    """First and last second of what is named: a month, a day, or a moment."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}", text):
            return _month_span(int(text[:4]), int(text[5:7]))
        if text[:4].isdigit():
            stamp = datetime.fromisoformat(text.replace("Z", "+00:00"))
            low = (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).timestamp()
            return (low, low + _DAY) if len(text) == 10 else (low, low)
        year = int(text[-4:])
        month = next(k for k, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name}", text, re.IGNORECASE))
        day = re.search(r"\b\d{1,2}\b", text)
        if not day:
            return _month_span(year, month)
        low = datetime(year, month, int(day[0]), tzinfo=UTC).timestamp()
    except (ValueError, StopIteration):
        return math.nan, math.nan
    return low, low + _DAY


def _month_span(year: int, month: int) -> tuple[float, float]:
    first = datetime(year, month, 1, tzinfo=UTC)
    last = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return first.timestamp(), last.timestamp()


def year_span(number: Number) -> tuple[float, float]:
    """A whole number as a year on an axis of times: its first and last second."""
    year = int(number.value)
    return datetime(year, 1, 1, tzinfo=UTC).timestamp(), datetime(year + 1, 1, 1, tzinfo=UTC).timestamp()


def to_count(text: str, start: int) -> Number:
    """A whole number in figures or in a word; counts are exact."""
    plain = text.strip().lower()
    value = _WORDS[plain] if plain in _WORDS else int(plain)
    return Number(value=float(value), text=text, start=start, stop=start + len(text))
