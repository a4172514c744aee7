"""The dates and times that a piece of text may mean, whole or in part ("Apr", "12:30", "2020 Q1")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise

from digitize.numbertext import normalise

_MONTHS = (
    "january jan janvier janv januar jän jänner enero ene gennaio gen janeiro januari",
    "february feb février févr fév februar febrero febbraio fevereiro fev februari",
    "march mar mars märz mrz mär marzo março maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei maj",
    "june jun juin juni junio giugno giu junho",
    "july jul juillet juil juli julio luglio lug julho",
    "august aug août agosto ago augustus augusti",
    "september sep sept septembre septiembre settembre set setembro",
    "october oct octobre oktober okt octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec décembre déc dezember dez diciembre dic dicembre dezembro des",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
#: Months tell the step of labels where so many of these name one.
_MONTHS_TOLD = 0.75
_WEEKDAYS = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday)?\b[,.]?", re.IGNORECASE)
_TIME = re.compile(r"(?<![0-9:])([01]?[0-9]|2[0-4]):([0-5][0-9])(?::([0-5][0-9](?:\.[0-9]+)?))? ?([AaPp]\.?[Mm]\.?)?")
_CUT_TIME = re.compile(r"(?<![0-9:])([01]?[0-9]|2[0-4]):([0-5])")
_HOUR = re.compile(r"\b(1[0-2]|0?[1-9]) ?([AaPp])\.?[Mm]\b\.?")
_YEAR_FIRST = re.compile(r"([12][0-9]{3}) ?([-/.]) ?([01]?[0-9])(?: ?\2 ?([0-3]?[0-9]))?")
_YEAR_LAST = re.compile(r"([0-3]?[0-9]) ?([-/.]) ?([0-3]?[0-9])(?: ?\2 ?([12][0-9]{3}|[0-9]{2})| ([12][0-9]{3}))?\.?")
_DAY_AND_HOUR = re.compile(r"([01][0-9])[-/]([0-3][0-9]) ([01][0-9]|2[0-3])")
_MONTH_YEAR = re.compile(r"([01]?[0-9]) ?[-/.] ?([12][0-9]{3})")
_ONE_MARK = re.compile(r"([12][0-9]{3})(?:[-/]([01][0-9])|([01][0-9])[-/])([0-3][0-9])")
_QUARTER = re.compile(r"(?:q ?([1-4])|([1-4]) ?q)", re.IGNORECASE)
_YEAR = re.compile(r"(?<![0-9])([12][0-9]{3})(?![0-9])")
_SHORT_YEAR = re.compile(r"'([0-9]{2})(?![0-9])")


@dataclass(frozen=True, kw_only=True)
class DateParts:
    """The parts of a date that a text gives; None where it does not. `quarter` labels are months 1, 4, 7 and 10.

    `weekday` is True where a bare day of the month stands beside a day of the week, `half` where the text says
    whether the hour lies before or after noon.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: float | None = None
    prior: float = 1.0
    named_month: bool = False
    weekday: bool = False
    half: bool = False

    @property
    def given(self) -> tuple[bool, ...]:
        """Which of year, month, day and time the text gives."""
        return self.year is not None, self.month is not None, self.day is not None, self.hour is not None

    def merged(self, context: DateParts) -> DateParts:
        """These parts, with what they leave open taken from `context`."""
        names = [f.name for f in fields(self) if f.name not in ("prior", "named_month", "weekday", "half")]
        known = {n: getattr(context, n) for n in names if getattr(self, n) is None}
        return replace(self, half=self.half or context.half, **known)

    def to_seconds(self) -> float | None:
        """Seconds since 1970 UTC of the moment at which the named span begins; None for no real date.

        Where no year is given it is 1970, for a leap day 1972.
        """
        year = self.year or (1972 if (self.month, self.day) == (2, 29) else 1970)
        try:
            hour = self.hour or 0
            start = datetime(year, self.month or 1, self.day or 1, tzinfo=UTC)
        except ValueError:
            return None
        span = timedelta(hours=hour, minutes=self.minute or 0, seconds=self.second or 0.0)
        return (start + span - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()


def dates(text: str) -> tuple[DateParts, ...]:
    """Every date, whole or in part, that `text` may be written for, the likeliest first.

    A bare number is a year (1000 to 2999) or a day of the month (1 to 31) with a low prior.

    Examples
    --------
    >>> parts = dates("Jan 5, 2020")[0]
    >>> parts.year, parts.month, parts.day
    (2020, 1, 5)
    >>> dates("2020 Q2")[0].month
    4
    """
    if not _has_digit_or_month(text) or normalise(text).startswith("-"):
        return ()
    plain = re.sub(r"\b[05][^\W\d]{2,}", lambda word: _with_letter_first(word[0]), normalise(text))
    bare = _WEEKDAYS.sub("", plain)
    rest = re.sub(r"(?<=[0-9])T(?=[0-9])", " ", bare).strip(" ,")
    if not rest:
        return ()
    clock, rest = _take_time(rest)
    bare_number = re.fullmatch("[0-9]+", rest) is not None
    found = _bare_number(rest) if bare_number and not clock.given[3] else _calendar(rest)
    if clock.given[3] and bare_number and len(rest) == 2 and 1 <= int(rest) <= 31:
        found = [DateParts(day=int(rest), prior=0.9)]
    if bare != plain:
        found = [replace(f, prior=1.0, weekday=True) if f.given == (False, False, True, False) else f for f in found]
    if clock.given[3]:
        found = [part.merged(clock) for part in found] if rest else [clock]
    return tuple(sorted((f for f in found if f.to_seconds() is not None), key=lambda part: -part.prior))


def _with_letter_first(word: str) -> str:
    """A month whose O or S was read as a figure, mended; any other word as it is."""
    mended = ("O" if word[0] == "0" else "S") + word[1:]
    return word if month_of(mended) is None else mended


def _has_digit_or_month(text: str) -> bool:
    return len(text) <= 40 and (any(c.isdigit() for c in text) or month_of(text.strip(" ,.")) is not None)


@lru_cache(maxsize=1024)
def month_of(name: str) -> tuple[int, float] | None:
    """The month that a name stands for and how far to trust it: whole names, abbreviations, one misread letter."""
    word = name.lower().strip(".")
    if word in MONTHS:
        return MONTHS[word], 1.0
    if len(word) < 3:
        return None
    near = {
        number
        for known, number in MONTHS.items()
        if len(known) == len(word) and sum(a != b for a, b in zip(known, word, strict=True)) == 1
    }
    return (near.pop(), 0.3) if len(near) == 1 else None


def months_apart(texts: Sequence[str], counts: Sequence[int]) -> int:
    """How many months lie between neighbouring labels of an axis that names only every second, third … month.

    Parameters
    ----------
    texts : labels along the axis
    counts : by how many of the axis' label steps each label stands after the one before it

    Returns
    -------
    int
        1 where the labels are no names of months, or name every month.

    Examples
    --------
    >>> months_apart(["Jan", "Apr", "Jul", "Oct"], [1, 1, 1])
    3
    >>> months_apart(["Jan", "Mar", "May", "Ju", "Sep"], [1, 1, 1, 1])
    2
    >>> months_apart(["north", "south"], [1])
    1
    """
    places = list(accumulate(counts, initial=0))
    known = [
        (month[0], place)
        for text, place in zip(texts, places, strict=True)
        if (month := month_of(text.strip(" ,."))) is not None and month[1] == 1.0
    ]
    if len(known) < max(_MONTHS_TOLD * len(texts), 3):
        return 1
    steps = [((later[0] - earlier[0]) % 12, later[1] - earlier[1]) for earlier, later in pairwise(known)]
    return next((k for k in range(1, 7) if all(s == k * n % 12 for s, n in steps)), 1)


def _take_time(text: str) -> tuple[DateParts, str]:
    if match := _TIME.search(text):
        hour, half = int(match[1]), (match[4] or "")[:1].lower()
        second = float(match[3]) if match[3] else None
        clock = DateParts(hour=_on_24_hours(hour, half), minute=int(match[2]), second=second, half=bool(half))
    elif match := _CUT_TIME.fullmatch(text):
        clock = DateParts(hour=int(match[1]), minute=10 * int(match[2]), prior=0.3)
    elif match := _HOUR.search(text):
        clock = DateParts(hour=_on_24_hours(int(match[1]), match[2].lower()), minute=0, half=True)
    else:
        return DateParts(), text
    return clock, (text[: match.start()] + " " + text[match.end() :]).strip(" ,Zz")


def _on_24_hours(hour: int, half: str) -> int:
    return hour if not half else hour % 12 + (12 if half == "p" else 0)


def _bare_number(text: str) -> list[DateParts]:
    number = int(text)
    found = []
    if len(text) == 4 and 1000 <= number < 3000:
        found.append(DateParts(year=number, prior=0.9))
    if len(text) <= 2 and 1 <= number <= 31:
        found.append(DateParts(day=number, prior=0.5))
    if len(text) == 6 and 1800 <= number // 100 < 2200 and 1 <= number % 100 <= 12:
        found.append(DateParts(year=number // 100, month=number % 100, prior=0.2))
    if len(text) == 8 and 1800 <= number // 10000 < 2200:
        found.append(DateParts(year=number // 10000, month=number // 100 % 100, day=number % 100, prior=0.5))
    return [part for part in found if 1 <= (part.month or 1) <= 12]


def _calendar(text: str) -> list[DateParts]:
    if match := _YEAR_FIRST.fullmatch(text):
        month, day = int(match[3]), int(match[4]) if match[4] else None
        # A point between year and month is more often a decimal point.
        prior = 0.35 if match[2] == "." and day is None else 1.0
        return [DateParts(year=int(match[1]), month=month, day=day, prior=prior)] if 1 <= month <= 12 else []
    if match := _MONTH_YEAR.fullmatch(text):
        return [DateParts(year=int(match[2]), month=int(match[1]))] if 1 <= int(match[1]) <= 12 else []
    if match := _YEAR_LAST.fullmatch(text):
        return _numeric(int(match[1]), int(match[3]), match[2], match[4] or match[5])
    if (match := _DAY_AND_HOUR.fullmatch(text)) and 1 <= int(match[1]) <= 12:
        return [DateParts(month=int(match[1]), day=int(match[2]), hour=int(match[3]), minute=0, prior=0.9)]
    if match := _ONE_MARK.fullmatch(text):
        # One of the two marks was not seen.
        month = int(match[2] or match[3])
        return [DateParts(year=int(match[1]), month=month, day=int(match[4]), prior=0.6)] if 1 <= month <= 12 else []
    return _spelt(text)


def _numeric(first: int, second: int, mark: str, year_text: str | None) -> list[DateParts]:
    """Month and day in either order, or a month and a two-digit year; the dot is European, the slash American."""
    year = None if year_text is None else _full_year(year_text)
    month_first, day_first = (0.35, 0.9) if mark == "." else (0.9, 0.5)
    # Two numbers around a point are a decimal number unless the whole axis says otherwise.
    doubt = 0.2 if mark == "." and year is None else 1.0
    found = []
    if 1 <= first <= 12 and 1 <= second <= 31:
        found.append(DateParts(year=year, month=first, day=second, prior=month_first * doubt))
    if 1 <= second <= 12 and 1 <= first <= 31:
        found.append(DateParts(year=year, month=second, day=first, prior=day_first * doubt))
    if year is None and mark != "." and 1 <= first <= 12:
        found.append(DateParts(year=_full_year(f"{second:02d}"), month=first, prior=0.25))
    return found


def _full_year(text: str) -> int:
    """Two digits are the year of the span 1950 to 2049 that ends in them."""
    return int(text) if len(text) == 4 else 1900 + int(text) + (100 if int(text) < 50 else 0)


def _spelt(text: str) -> list[DateParts]:
    """A date with a month's name or a quarter in it, in any order."""
    rest, year, month, prior = text, None, None, 1.0
    if match := _YEAR.search(rest) or _SHORT_YEAR.search(rest):
        year = _full_year(match[1])
        rest = rest[: match.start()] + " " + rest[match.end() :]
    if match := _QUARTER.search(rest):
        month = 3 * int(match[1] or match[2]) - 2
        rest = rest[: match.start()] + rest[match.end() :]
        return [DateParts(year=year or short, month=month) for short in _short_years(rest)]
    pieces = [piece for piece in re.split(r"[ ,./-]+|(?<=[0-9])(?=[^\W\d])|(?<=[^\W\d])(?=[0-9])", rest) if piece]
    named = [(piece, month_of(piece)) for piece in pieces]
    months = [known for _, known in named if known is not None]
    digits = [re.sub("(?:st|nd|rd|th)$", "", piece) for piece, known in named if known is None]
    if len(months) != 1:
        return [DateParts(year=year, prior=0.9)] if year is not None and not pieces else []
    month, prior = months[0]
    if any(not re.fullmatch("[0-9]{1,2}", piece) for piece in digits) or len(digits) > 2:
        return []
    return _day_and_year(DateParts(year=year, month=month, prior=prior, named_month=True), [int(d) for d in digits])


def _short_years(rest: str) -> list[int | None]:
    digits = rest.strip(" '-/,.")
    if not digits:
        return [None]
    return [_full_year(digits)] if re.fullmatch("[0-9]{2}", digits) else []


def _day_and_year(parts: DateParts, left: list[int]) -> list[DateParts]:
    """Gives what is left beside a month's name its part: a day, a two-digit year, or both."""
    if not left:
        return [parts]
    if len(left) == 1:
        found = [replace(parts, day=left[0])] if 1 <= left[0] <= 31 else []
        if parts.year is None:
            belief = 0.55 if found else 1.0
            found.append(replace(parts, year=_full_year(f"{left[0]:02d}"), prior=parts.prior * belief))
        return found
    day, short = left
    if parts.year is not None or not 1 <= day <= 31:
        return []
    return [replace(parts, day=day, year=_full_year(f"{short:02d}"))]
