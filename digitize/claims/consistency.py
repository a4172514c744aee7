"""Claims held against each other: which of them cannot both be true, whatever the picture shows.

Each claim about values bounds a curve: at one x it has a value, over a stretch all its values lie within bounds, or
somewhere on a stretch it comes to a value. Two bounds of one curve that leave nothing in common contradict each other.
Numbers count as exact to half a unit of their last digit and to what an eye tells of a chart: half a per cent of its
y axis as far as the claims tell that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, combinations, product

from digitize.claims.entities import normal
from digitize.claims.records import EVERY, Claim, Contradiction, Kind, Number, Verdict

_WIDE = 0.02  # of what a chart's claimed values span: how loosely "about" is meant
_EYE = 0.005  # of what a chart's y axis spans
_COARSE = 0.05  # of the same: what half a digit may mean at most
_AXIS_SLACK = 0.01  # of an axis: what a line may stand over its ends
_ONE_OF = {
    Kind.CHARTS: "the number of charts",
    Kind.COUNT: "the number of series",
    Kind.FIRST: "the first value",
    Kind.LAST: "the last value",
    Kind.MAXIMUM: "the maximum",
    Kind.MINIMUM: "the minimum",
    Kind.MEAN: "the mean",
    Kind.CROSSINGS: "the number of crossings",
}
_VALUED = (
    Kind.VALUE,
    Kind.FIRST,
    Kind.LAST,
    Kind.MAXIMUM,
    Kind.MINIMUM,
    Kind.MEAN,
    Kind.WITHIN,
    Kind.EXTENT,
    Kind.MOVE,
)
_WORDED = {Kind.AXIS_SCALE: "the scale", Kind.LEGEND: "the legend's place", Kind.COLOR: "the colour"}


@dataclass(frozen=True, kw_only=True)
class _Bound:
    """What a claim says of a curve's y from `start` to `stop`: `low` to `high` at each x of it, or somewhere on it."""

    claim: Claim
    panel: str
    series: str
    start: float
    stop: float
    low: float
    high: float
    everywhere: bool

    @property
    def is_point(self) -> bool:
        return self.start == self.stop


def find_contradictions(claims: Sequence[Claim], verdicts: Sequence[Verdict] = ()) -> Iterator[Contradiction]:
    """The pairs of claims that cannot both hold, and claims that cannot in themselves.

    Parameters
    ----------
    verdicts : those of the claims, in the same order; they tell which names mean the same chart or series.
    """
    names = _Names.of(claims, verdicts)
    yield from _in_themselves(claims)
    yield from _same_fact(claims, names)
    yield from _bounds_apart(claims, names)
    yield from _orders_apart(claims, names)


@dataclass(frozen=True)
class _Names:
    """What each claim's chart and series are called, the same for the same one."""

    panels: dict[int, str]
    series: dict[int, str]
    colors: dict[str, str]
    spans: dict[str, float]
    axes: dict[str, float]
    two_axes: frozenset[str]

    @staticmethod
    def of(claims: Sequence[Claim], verdicts: Sequence[Verdict]) -> _Names:
        colors = {one.word: normal(one.series) for one in claims if one.kind is Kind.COLOR and one.word and one.series}
        panels, series = {}, {}
        for verdict in verdicts:
            if verdict.panel and verdict.claim.panel != EVERY:
                panels[id(verdict.claim)] = normal(verdict.panel.label)
            if len(verdict.series) == 1:
                series[id(verdict.claim)] = normal(verdict.series[0].label)
        names = _Names(panels, series, colors, {}, {}, frozenset())
        spans: dict[str, list[float]] = {}
        for claim in claims:
            on_y = claim.kind in _VALUED or (claim.kind is Kind.AXIS_RANGE and claim.axis == "y")
            values = [number.value for number in (claim.low, claim.high, claim.before) if number and on_y]
            spans.setdefault(names.panel(claim), []).extend(values)
        reach = {panel: max(values) - min(values) for panel, values in spans.items() if values}
        told = [claim for claim in claims if claim.kind is Kind.AXIS_RANGE and claim.axis == "y"]
        axes = {names.panel(claim): _extent(claim) for claim in told}
        second = frozenset(names.panel(claim) for claim in claims if claim.axis == "y2")
        return _Names(panels, series, colors, reach, axes, second)

    def panel(self, claim: Claim) -> str:
        return self.panels.get(id(claim), normal(claim.panel or ""))

    def slack(self, claim: Claim, number: Number) -> float:
        """How loosely a claimed value is meant."""
        span = self.spans.get(self.panel(claim), 0.0)
        axis = self.axes.get(self.panel(claim))
        precision = min(number.precision, _COARSE * axis) if axis else number.precision
        return precision + (_WIDE if number.about else _EYE) * span

    def one(self, claim: Claim) -> str:
        return self.series.get(id(claim), self.name(claim.series))

    def name(self, name: str | None) -> str:
        plain = normal(name or "")
        return self.colors.get(plain, plain)


def _meet(one: str, two: str) -> bool:
    """Whether two names mean the same, or one of them everything."""
    return one == two or EVERY in (one, two)


def _in_themselves(claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """Rises that end below where they begin, and falls that end above."""
    for claim in claims:
        if claim.kind is not Kind.MOVE or claim.before is None or claim.low is None:
            continue
        rise = claim.low.value - claim.before.value
        sure = abs(rise) > claim.low.precision + claim.before.precision
        if sure and ((claim.word == "rises" and rise < 0) or (claim.word == "falls" and rise > 0)):
            yield Contradiction(
                first=claim,
                second=claim,
                why=f"from {claim.before.text} to {claim.low.text} it does not {claim.word[:-1]}",
            )


def _same_fact(claims: Sequence[Claim], names: _Names) -> Iterator[Contradiction]:
    """Two numbers or words for one thing."""
    told = [
        claim for claim in claims if claim.kind in _ONE_OF or claim.kind in _WORDED or claim.kind is Kind.AXIS_RANGE
    ]
    for one, two in combinations(told, 2):
        if one.kind is not two.kind or one.axis != two.axis or not _meet(names.panel(one), names.panel(two)):
            continue
        if one.kind not in (Kind.CHARTS, Kind.COUNT, Kind.AXIS_RANGE, Kind.AXIS_SCALE, Kind.LEGEND):
            same = _meet(names.one(one), names.one(two)) and names.name(one.other) == names.name(two.other)
            if not same or names.one(one) == EVERY or names.one(two) == EVERY:
                continue
        what = _ONE_OF.get(one.kind) or _WORDED.get(one.kind) or f"the range of the {one.axis} axis"
        if one.kind in _WORDED and one.word != two.word:
            yield Contradiction(first=one, second=two, why=f"{what} is {one.word} or {two.word}")
        pairs = ((one.low, two.low),) if one.kind in _ONE_OF else ((one.low, two.low), (one.high, two.high))
        whole = "within" not in (one.word, two.word)
        whole = (whole and one.kind is not Kind.MEAN) or (one.start is two.start is one.stop is two.stop is None)
        for first, second in pairs if whole else ():
            if first and second and _apart(first, second, one, two, names):
                yield Contradiction(first=one, second=two, why=f"{what} is {first.text} or {second.text}")
                break


def _apart(first: Number, second: Number, one: Claim, two: Claim, names: _Names) -> bool:
    if one.kind is Kind.AXIS_RANGE:  # of its labels or of the whole frame
        return abs(first.value - second.value) > first.precision + second.precision + 0.15 * _extent(one, two)
    if one.kind not in _VALUED:
        return first.value != second.value
    if any(claim.low is not claim.high for claim in (one, two)):  # a range, or a side of a value
        return False
    return abs(first.value - second.value) > names.slack(one, first) + names.slack(two, second)


def _extent(*claims: Claim) -> float:
    return max((abs(one.high.value - one.low.value) for one in claims if one.low and one.high), default=0.0)


def _bounds_apart(claims: Sequence[Claim], names: _Names) -> Iterator[Contradiction]:
    """Bounds of one curve that have nothing in common."""
    bounds = [bound for claim in claims for bound in _to_bounds(claim, names)]
    general = [bound for bound in bounds if EVERY in (bound.panel, bound.series)]
    groups: dict[tuple[str, str], list[_Bound]] = {}
    for bound in bounds:
        if EVERY not in (bound.panel, bound.series):
            groups.setdefault((bound.panel, bound.series), []).append(bound)
    seen: set[tuple[int, int]] = set()
    pairs: list[Iterable[tuple[_Bound, _Bound]]] = [combinations(group, 2) for group in groups.values()]
    pairs += [product(general, group) for group in groups.values()]
    for one, two in chain(*pairs, combinations(general, 2)):
        pair = (id(one.claim), id(two.claim))
        if (
            one.claim is two.claim
            or pair in seen
            or not (_meet(one.panel, two.panel) and _meet(one.series, two.series))
        ):
            continue
        if one.high >= two.low and two.high >= one.low:
            continue
        if _must_meet(one, two):
            seen.add(pair)
            yield Contradiction(first=one.claim, second=two.claim, why=f"{_said(one)}, and {_said(two)}")


def _must_meet(one: _Bound, two: _Bound) -> bool:
    """Whether two bounds speak of a common x: one says "everywhere" over all that the other may mean."""
    if one.is_point and two.is_point:
        return one.start == two.start
    for every, other in ((one, two), (two, one)):
        if not every.everywhere or every.is_point:
            continue
        if every.start <= other.start and other.stop <= every.stop:
            return True
        if other.everywhere and max(every.start, other.start) < min(every.stop, other.stop):
            return True
    return False


def _said(bound: _Bound) -> str:
    """A bound in words."""
    low, high = f"{bound.low:.4g}", f"{bound.high:.4g}"
    value = f"{low} to {high}"
    if math.isinf(bound.low) or math.isinf(bound.high):
        value = f"at most {high}" if math.isinf(bound.low) else f"at least {low}"
    if bound.is_point:
        return f"y is {value} at x = {bound.start:g}"
    ends = [f"{word} x = {x:g}" for word, x in (("from", bound.start), ("to", bound.stop)) if math.isfinite(x)]
    return " ".join([f"y is {value}", "everywhere" if bound.everywhere else "somewhere", *ends])


def _to_bounds(claim: Claim, names: _Names) -> Iterator[_Bound]:
    """What a claim says of y, and where; stretches between categories, whose order is not known, bound nothing."""
    bound = partial(_Bound, claim=claim, panel=names.panel(claim), series=names.one(claim))
    if claim.kind is Kind.AXIS_RANGE and claim.axis == "y" and claim.low and claim.high:
        if names.panel(claim) in names.two_axes:
            return
        low, high = sorted([claim.low.value, claim.high.value])
        slack = _AXIS_SLACK * (high - low) + min(claim.low.precision, _COARSE * (high - low))
        yield bound(series=EVERY, start=-math.inf, stop=math.inf, low=low - slack, high=high + slack, everywhere=True)
    elif claim.kind in (Kind.WITHIN, Kind.EXTENT) and claim.low is not claim.high:
        named = _between_names(claim)
        start, stop = _x(claim.start, -math.inf), _x(claim.stop, math.inf)
        low = claim.low.value - names.slack(claim, claim.low) if claim.low else -math.inf
        high = claim.high.value + names.slack(claim, claim.high) if claim.high else math.inf
        if not named:
            yield bound(start=start, stop=stop, low=min(low, high), high=max(low, high), everywhere=True)
        for end in (claim.low, claim.high) if claim.kind is Kind.EXTENT and not named else ():
            if end is not None:
                slack = names.slack(claim, end)
                yield bound(start=start, stop=stop, low=end.value - slack, high=end.value + slack, everywhere=False)
    elif claim.kind in _VALUED:
        yield from _at_places(claim, names, bound)


def _at_places(claim: Claim, names: _Names, bound: Callable[..., _Bound]) -> Iterator[_Bound]:
    """Single values, at their places where those are said; extremes bound all the curve besides."""
    values: list[tuple[Number | None, Number | None]] = []
    if claim.kind is Kind.MOVE:
        values = [(claim.before, claim.start), (claim.low, claim.stop)]
    elif claim.low is claim.high and claim.kind not in (Kind.WITHIN, Kind.EXTENT, Kind.MEAN):
        values = [(claim.low, claim.start if claim.start is claim.stop else None)]
    elif claim.kind is Kind.MEAN and claim.start is None and claim.stop is None:
        values = [(claim.low, None)]
    for value, place in values:
        if value is None:
            continue
        low, high = value.value - names.slack(claim, value), value.value + names.slack(claim, value)
        x = _x(place, math.nan)
        if place is not None and not place.about and math.isfinite(x):
            yield bound(start=x, stop=x, low=low, high=high, everywhere=True)
        else:
            yield bound(start=-math.inf, stop=math.inf, low=low, high=high, everywhere=False)
        ends = (
            (_x(claim.start, -math.inf), _x(claim.stop, math.inf)) if claim.word == "within" else (-math.inf, math.inf)
        )
        if claim.kind is Kind.MAXIMUM:
            yield bound(start=ends[0], stop=ends[1], low=-math.inf, high=high, everywhere=True)
        elif claim.kind is Kind.MINIMUM:
            yield bound(start=ends[0], stop=ends[1], low=low, high=math.inf, everywhere=True)


def _x(number: Number | None, otherwise: float) -> float:
    """A place as a number; names of categories have no order, so each is a number of its own."""
    if number is None:
        return otherwise
    return float(hash(normal(number.name)) % 2**40) + 0.5 if number.name is not None else number.value


def _orders_apart(claims: Sequence[Claim], names: _Names) -> Iterator[Contradiction]:
    """One series above another, against the same turned round, against a crossing, and against their values."""
    above = [claim for claim in claims if claim.kind is Kind.ABOVE and not _between_names(claim)]
    crossings = [claim for claim in claims if claim.kind in (Kind.CROSSING, Kind.CROSSINGS)]
    for one, two in combinations(above, 2):
        turned = (names.name(one.series), names.name(one.other)) == (names.name(two.other), names.name(two.series))
        if turned and _meet(names.panel(one), names.panel(two)) and _overlap(one, two):
            yield Contradiction(first=one, second=two, why="each is said to be above the other")
    for one in above:
        for two in crossings:
            if two.kind is Kind.CROSSING and _same_pair(one, two, names) and _inside(two.start, one):
                yield Contradiction(first=one, second=two, why="they are said to cross where one is above the other")
        yield from _values_turned(one, claims, names)
    for one in crossings:
        places = [two for two in crossings if two.kind is Kind.CROSSING and _same_pair(one, two, names)]
        count = len(_distinct([two.start.value for two in places if two.start is not None]))
        if one.kind is Kind.CROSSINGS and one.low is not None and count > one.low.value:
            why = f"they cross {one.low.value:g} times, and at {count} places"
            yield Contradiction(first=one, second=places[0], why=why)


def _distinct(places: Sequence[float]) -> list[float]:
    """Places that do not mean one another: farther apart than a twentieth of their size."""
    told: list[float] = []
    for place in sorted(places):
        if not told or place - told[-1] > 0.05 * max(abs(place), abs(told[-1])):
            told.append(place)
    return told


def _between_names(claim: Claim) -> bool:
    """Whether a stretch runs between categories, whose order is not known."""
    return any(number is not None and number.name is not None for number in (claim.start, claim.stop))


def _same_pair(one: Claim, two: Claim, names: _Names) -> bool:
    pairs = [{names.name(claim.series), names.name(claim.other)} for claim in (one, two)]
    return pairs[0] == pairs[1] and _meet(names.panel(one), names.panel(two))


def _overlap(one: Claim, two: Claim) -> bool:
    start = max(_x(one.start, -math.inf), _x(two.start, -math.inf))
    stop = min(_x(one.stop, math.inf), _x(two.stop, math.inf))
    return start < stop or (start == stop and one.start is one.stop and two.start is two.stop)


def _inside(place: Number | None, claim: Claim) -> bool:
    if place is None or place.about or place.name is not None:
        return False
    return _x(claim.start, -math.inf) < place.value < _x(claim.stop, math.inf)


def _values_turned(order: Claim, claims: Sequence[Claim], names: _Names) -> Iterator[Contradiction]:
    """A value of the upper series below one of the lower at the same x of the stretch."""
    points: dict[str, dict[float, Claim]] = {"upper": {}, "lower": {}}
    for claim in claims:
        if claim.kind is Kind.VALUE and claim.start is claim.stop and claim.start and claim.low:
            if not _meet(names.panel(order), names.panel(claim)):
                continue
            side = {names.name(order.series): "upper", names.name(order.other): "lower"}.get(names.one(claim))
            x = _x(claim.start, math.nan)
            if side and _x(order.start, -math.inf) < x < _x(order.stop, math.inf):
                points[side][x] = claim
    for x in sorted(points["upper"].keys() & points["lower"].keys()):
        upper, lower = points["upper"][x].low, points["lower"][x].low
        slack = names.slack(order, upper) + names.slack(order, lower) if upper and lower else 0.0
        if upper and lower and upper.value + slack < lower.value:
            yield Contradiction(
                first=order, second=points["upper"][x], why=f"at x = {x:g} it is {upper.text} to {lower.text}"
            )
            return
