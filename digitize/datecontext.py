"""The moments that partial dates on one axis may stand for, given what the other labels say."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace

from digitize.datetext import DateParts

_DAY = 86400.0
_MOST_CONTEXTS = 60
# How likely a context is beside the one before it, and a day of times where no label tells any.
_EARLY, _SAME = 0.98, 0.6
# Years to count from where none is written: the one that times without a day count from, then a leap year.
_NO_YEAR = (1970, 1972, 1971, 1973)
# Days to count from where none is written.
_UNDATED = [k * _DAY for k in range(4)]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A moment that a label may stand for, in seconds since 1970 UTC, with its prior."""

    seconds: float
    prior: float


@dataclass(frozen=True, kw_only=True)
class DatedLabels:
    """The moments of each label, and what had to be assumed: ``no-year`` or ``no-date`` where nothing tells it."""

    moments: tuple[tuple[Moment, ...], ...]
    assumed: str | None
    bare_months: bool


def to_moments(
    parts: Sequence[tuple[DateParts, ...]], near: Sequence[tuple[DateParts, ...]], around: tuple[DateParts, ...]
) -> DatedLabels:
    """Completes the partial dates of an axis.

    Parameters
    ----------
    parts : for each label, what its own text may mean
    near : for each label, dates that stand on a second row nearest to it
    around : dates that stand at the axis' end and hold for all of it

    Notes
    -----
    Each missing part is tried with every value that the complete labels allow; the fit decides which is meant.
    """
    parts = _days_or_short_years(_on_twelve_hours(parts))
    whole = [p for label in parts for p in label if p.year is not None and p.prior >= 0.3]
    context = [p for label in near for p in label if p.year is not None] + [p for p in around if p.year is not None]
    known = [*whole, *context]
    level = min((_level(p) for label in parts for p in label[:1]), default=3)
    assumed = None
    if not known:
        assumed = "no-date" if level == 3 else "no-year"
    years = _years(known, assumed)
    months = _months(parts, known, years)
    days = _days(parts, known, years, months, assumed)
    moments = tuple(
        _moments_of(label, beside or around, years, months, days) for label, beside in zip(parts, near, strict=True)
    )
    bare = assumed is not None and all(p.given == (False, True, False, False) for label in parts for p in label[:1])
    return DatedLabels(moments=moments, assumed=assumed, bare_months=bare)


def _on_twelve_hours(parts: Sequence[tuple[DateParts, ...]]) -> list[tuple[DateParts, ...]]:
    """Where some labels say a.m. or p.m., the hours of those that do not may lie before or after noon.

    Midnight is a time there, too: a bare number is no day.
    """
    if not any(p.half for label in parts for p in label[:1]):
        return list(parts)
    bare = (False, False, True, False)
    return [tuple(whole for p in label if p.given != bare or p.weekday for whole in _halves(p)) for label in parts]


def _halves(part: DateParts) -> tuple[DateParts, ...]:
    if part.half or part.hour is None or not 1 <= part.hour <= 12:
        return (part,)
    return tuple(replace(part, hour=part.hour % 12 + late, prior=0.5 * part.prior) for late in (0, 12))


def _days_or_short_years(parts: Sequence[tuple[DateParts, ...]]) -> list[tuple[DateParts, ...]]:
    """Decides for a whole axis whether the two figures beside a month ("Jan 20", "01-20") are a day or a year.

    They are days, unless different months share the same figures and these only rise or only fall along the axis, as
    years do: ticks stand on one day of each month only where that is the first.
    """
    months: dict[int, set[int]] = {}
    figures: list[int] = []
    for label in parts:
        for part in label:
            if part.given == (False, True, True, False) and any(p.given == (True, True, False, False) for p in label):
                months.setdefault(part.day or 1, set()).add(part.month or 1)
        figures += [p.day or 1 for p in label if p.given == (False, True, True, False)][:1]
    if not months:
        return list(parts)
    unwanted = (True, True, False, False)
    in_order = figures in (sorted(figures), sorted(figures, reverse=True))
    if in_order and any(len(named) > 1 for day, named in months.items() if day != 1):
        unwanted = (False, True, True, False)
    return [
        tuple(p for p in label if p.given != unwanted) if len({p.given for p in label}) > 1 else label
        for label in parts
    ]


def _level(part: DateParts) -> int:
    """0 where the text gives the year, 1 from the month on, 2 from the day on, 3 the time alone."""
    return part.given.index(True) if any(part.given) else 3


def _years(known: Sequence[DateParts], assumed: str | None) -> list[int]:
    if assumed == "no-year":
        return list(_NO_YEAR)
    found = {p.year for p in known if p.year is not None}
    if found and max(found) - min(found) < _MOST_CONTEXTS:
        return list(range(min(found) - 1, max(found) + 2))
    # One of them is misread; the true ones have their neighbours at least.
    return sorted({year + k for year in found for k in (-1, 0, 1)})[:_MOST_CONTEXTS]


def _months(
    parts: Sequence[tuple[DateParts, ...]], known: Sequence[DateParts], years: Sequence[int]
) -> list[tuple[int, int]]:
    """Year and month pairs in which a bare day may lie: those that a label names, and their neighbours."""
    named = {(p.year, p.month) for p in known if p.year is not None and p.month is not None}
    named |= {(year, p.month) for label in parts for p in label if _level(p) == 1 and p.month for year in years}
    named |= {(p.year, 1) for p in known if p.year is not None and p.month is None}
    if not named and any(_level(p) == 2 for label in parts for p in label):
        return [(years[0], 1), (years[0], 2)]
    indices = {12 * y + m - 1 for y, m in named if y is not None and m is not None}
    around = sorted({i + k for i in indices for k in (-1, 0, 1)})
    return [(i // 12, i % 12 + 1) for i in around][:_MOST_CONTEXTS]


def _days(
    parts: Sequence[tuple[DateParts, ...]],
    known: Sequence[DateParts],
    years: Sequence[int],
    months: Sequence[tuple[int, int]],
    assumed: str | None,
) -> list[float]:
    """Midnights of the days in which a bare time may lie."""
    if assumed == "no-date":
        return _UNDATED
    dated = [p for p in known if p.day is not None]
    told = sorted({p.year for p in known if p.year is not None}) or years[:1]
    dated += [replace(p, year=y) for label in parts for p in label if _level(p) == 1 and p.day for y in told]
    if not dated:
        bare = [p for label in parts for p in label if _level(p) == 2]
        dated = [replace(p, year=y, month=m, hour=None) for p in bare for y, m in months]
    if not dated:
        # A year or a month among times is the midnight at which it begins.
        dated = [replace(p, month=p.month or 1, day=1) for p in known]
    starts = [s // _DAY for p in dated if (s := p.to_seconds()) is not None]
    if not starts:
        return []
    first, last = int(min(starts)) - 1, int(max(starts)) + 1
    return [day * _DAY for day in range(first, min(last + 1, first + _MOST_CONTEXTS))]


def _moments_of(
    label: tuple[DateParts, ...],
    beside: tuple[DateParts, ...],
    years: Sequence[int],
    months: Sequence[tuple[int, int]],
    days: Sequence[float],
) -> tuple[Moment, ...]:
    found: dict[float, float] = {}
    for part in label:
        for whole, belief in _completed(part, beside, years, months, days):
            seconds = whole.to_seconds()
            if seconds is not None and found.get(seconds, 0.0) < part.prior * belief:
                found[seconds] = part.prior * belief
    return tuple(Moment(seconds=s, prior=p) for s, p in found.items())


def _completed(
    part: DateParts,
    beside: tuple[DateParts, ...],
    years: Sequence[int],
    months: Sequence[tuple[int, int]],
    days: Sequence[float],
) -> list[tuple[DateParts, float]]:
    level = _level(part)
    if level == 0:
        return [(part, 1.0)]
    if level == 1:
        told = [p.year for p in beside if p.year is not None]
        return [(replace(part, year=y), _nearness([y - t for t in told], rank)) for rank, y in enumerate(years)]
    if level == 2:
        fitting = [(y, m) for y, m in months if (part.day or 1) <= calendar.monthrange(y, m)[1]]
        told = [12 * p.year + p.month - 1 for p in beside if p.year is not None and p.month is not None]
        return [
            (replace(part, year=y, month=m), _nearness([12 * y + m - 1 - t for t in told], months.index((y, m))))
            for y, m in fitting
        ]
    # Where no label tells its day, days beside each other would look alike: all times are sooner of one.
    early = _SAME if days == _UNDATED else _EARLY
    told_days = [s // _DAY for p in beside if p.day is not None and (s := p.to_seconds()) is not None]
    return [
        (_on_day(part, day), _nearness([int(day // _DAY - t) for t in told_days], int((day - days[0]) // _DAY), early))
        for day in days
    ]


def _on_day(part: DateParts, midnight: float) -> DateParts:
    # The hours since 1970 name any day; `DateParts.to_seconds` lets them run beyond 24.
    return replace(part, year=1970, month=1, day=1, hour=(part.hour or 0) + int(midnight // 3600))


def _nearness(offsets: Sequence[int], rank: int, early: float = _EARLY) -> float:
    """A context is likelier the nearer it stands to one written beside the label; else the earlier, by a little."""
    if offsets:
        return 0.9 if 0 in offsets else 0.5 if min(map(abs, offsets)) == 1 else 0.05
    return float(0.9 * early ** min(rank, 10))
