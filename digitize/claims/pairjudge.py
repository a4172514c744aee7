"""Claims about two curves held against both."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from digitize.claims.findings import Finding, confirmed, decided, from_numbers, refuted, undecidable
from digitize.claims.grounds import EYE, Ground
from digitize.claims.match import MatchedPanel, MatchedSeries, NoMatchError, find_panels, find_series
from digitize.claims.records import EVERY, Claim, Kind, Measured
from digitize.model import Reading
from digitize.outputs.comparisons import Difference, correlation, difference, find_leads, find_swaps, restlessness
from digitize.outputs.wording import number_text, x_text

_R_TOLERANCE = 0.05  # of a correlation


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two series of a chart; the ground is the first one's."""

    first: MatchedSeries
    second: MatchedSeries
    ground: Ground

    @property
    def apart(self) -> Difference:
        return difference(self.ground.panel, self.first.index, self.second.index)


def find_pair(claim: Claim, ground: Ground) -> Pair:
    """The two series that a claim compares; the only two of a chart where it names none.

    Raises
    ------
    NoMatchError
        It names fewer than two, and the chart has not just two.
    """
    panel = ground.panel
    own = [k for k, series in enumerate(panel.series) if series.raw_of is None]
    named = [name for name in (claim.series, claim.other) if name not in (None, EVERY)]
    found = [find_series(panel, name)[0] for name in named]
    if len(found) < 2:
        if len(own) != 2:
            raise NoMatchError(f"it does not say which two of the {len(own)} series are meant")
        every = find_series(panel, EVERY)
        rest = [one for one in every if not found or one.index != found[0].index]
        found = [*rest, *found][:2] if claim.series is None and claim.other is not None else [*found, *rest][:2]
    if found[0].index == found[1].index:
        raise NoMatchError("both names mean the same series")
    return Pair(first=found[0], second=found[1], ground=replace(ground, series=found[0].series))


def judge_pair(claim: Claim, pair: Pair) -> Finding:
    """What two curves say of a claim about them.

    Raises
    ------
    NoMatchError
        The claim speaks of a place that is off the axis, or where one of the curves is not drawn.
    """
    if claim.kind is Kind.RESTLESS:
        return _judge_restless(claim, pair)
    apart = pair.apart
    if not len(apart):
        return undecidable("the two are nowhere drawn over the same x, or on different axes")
    if claim.kind is Kind.CROSSINGS:
        return _judge_crossings(claim, apart)
    judges = {
        Kind.ABOVE: _judge_above,
        Kind.CROSSING: _judge_crossing,
        Kind.APART: _judge_apart,
        Kind.FARTHEST: _judge_farthest,
    }
    return judges[claim.kind](claim, pair, apart)


def _stretch(claim: Claim, pair: Pair, apart: Difference) -> tuple[float, float]:
    ground = pair.ground
    low = ground.to_x(claim.start)[0] if claim.start is not None else float(apart.x[0])
    high = ground.to_x(claim.stop)[1] if claim.stop is not None else float(apart.x[-1])
    return min(low, high), max(low, high)


def _judge_above(claim: Claim, pair: Pair, apart: Difference) -> Finding:
    low, high = _stretch(claim, pair, apart)
    if low == high:
        k = int(np.abs(apart.x - low).argmin())
        side = int(apart.side[k])
        gap = number_text(float(apart.y[k]), float(apart.error[k]))
        return decided(
            None if side == 0 else side > 0, f"the difference at x = {x_text(pair.ground.panel, low)} is {gap}"
        )
    trim = EYE * float(np.ptp(apart.x)) if high - low > 6 * EYE * float(np.ptp(apart.x)) else 0.0
    part = apart.within(low + trim, high - trim)
    if not len(part):  # markers stand far from each other
        error = pair.ground.x_error(low)
        part = apart.within(low - error, high + error)
    if not len(part):
        return undecidable("the two are not drawn there")
    worst = int(part.y.argmin())
    least = number_text(float(part.y[worst]), float(part.error[worst]))
    why = f"the least difference is {least} at x = {x_text(pair.ground.panel, float(part.x[worst]))}"
    return decided(part.holds_above(), why)


def _judge_crossing(claim: Claim, pair: Pair, apart: Difference) -> Finding:
    if claim.start is None or claim.stop is None:
        return undecidable("it does not say where")
    leads = find_leads(apart)
    swaps = [(one.stop, two.start) for one, two in pairwise(leads) if claim.word != "overtakes" or two.side > 0]
    if not swaps:
        return refuted("the two do not cross" if len(leads) < 2 else f"{pair.first.match.label} overtakes nowhere")
    ground = pair.ground
    middle = sum(ground.to_x(claim.start, anywhere=True)) / 2
    swap = min(swaps, key=lambda swap: max(swap[0] - middle, middle - swap[1], 0.0))
    near = np.linspace(*swap, 50)
    return from_numbers([ground.measure_place("x of the crossing", claim.start, claim.stop, near)])


def _judge_crossings(claim: Claim, apart: Difference) -> Finding:
    count = float(len(find_swaps(apart)))
    if claim.word == "overtakes":
        return decided(any(lead.side > 0 for lead in find_leads(apart)[1:]), f"they cross {count:g} times")
    if claim.low is None:
        return decided(count > 0, f"they cross {count:g} times")
    return from_numbers([Measured("the number of crossings", claim.low, count, count, 0.0, 0.0)])


def _judge_apart(claim: Claim, pair: Pair, apart: Difference) -> Finding:
    """How far the two lie from each other, at one place or at both ends of a way."""
    ground = pair.ground
    measured = []
    for number, place in ((claim.before, claim.start), (claim.low, claim.stop or claim.start)):
        if number is None or place is None:
            continue
        x = ground.to_x(place)[0]
        k = int(np.abs(apart.x - x).argmin())
        if abs(float(apart.x[k]) - x) > 2 * ground.x_tolerance(None, x):
            raise NoMatchError(f"the two are not both drawn at x = {x_text(ground.panel, x)}")
        size, error = abs(float(apart.y[k])), float(apart.error[k])
        measured.append(ground.measure(f"the gap at x = {x_text(ground.panel, x)}", number, size, size, error, claim))
    return from_numbers(measured) if measured else undecidable("it does not say where")


def _judge_farthest(claim: Claim, pair: Pair, apart: Difference) -> Finding:
    """The largest gap, where it is, or both; of a chart's widest two where no two are named."""
    ground = pair.ground
    sizes = np.abs(apart.y)
    k = int(sizes.argmax())
    size, error = float(sizes[k]), float(apart.error[k])
    measured = []
    slack = ground.y_tolerance(claim.low, error, claim, size)
    if claim.low is not None:
        measured.append(ground.measure("the largest gap", claim.low, size, size, error, claim))
    if claim.start is not None and claim.stop is not None:
        near = apart.x[sizes >= size - slack]
        measured.append(ground.measure_place("x of the largest gap", claim.start, claim.stop, near))
    return from_numbers(measured) if measured else confirmed(f"the largest gap is {number_text(size, error)}")


def widest_pair(ground: Ground) -> tuple[str, str] | None:
    """The labels of the two series of a chart that come farthest apart."""
    from digitize.outputs.facts import find_largest_gap

    gap = find_largest_gap(ground.panel)
    return (gap.first, gap.second) if gap else None


def _judge_restless(claim: Claim, pair: Pair) -> Finding:
    """Which of two strays more from its own course, and how far each, give or take a tenth."""
    panel = pair.ground.panel
    more, less = (restlessness(panel, one.index) for one in (pair.first, pair.second))
    if more is None or less is None:
        return undecidable("a curve is too short to tell")
    measured = [
        Measured(name, number, value, value, error, error + number.precision + 0.1 * value)
        for name, number, (value, error) in (
            (pair.first.match.label, claim.before, more),
            (pair.second.match.label, claim.low, less),
        )
        if number is not None
    ]
    found = from_numbers(measured) if measured else None
    if found is not None and found.outcome == "refuted":
        return found
    texts = f"{number_text(*more)} against {number_text(*less)}"
    if abs(more[0] - less[0]) <= max(more[1], less[1]):
        return replace(undecidable(f"{texts}, which the errors can explain"), measured=tuple(measured))
    return replace(decided(more[0] > less[0], texts), measured=tuple(measured))


def judge_alike(claim: Claim, reading: Reading) -> tuple[Finding, list[MatchedPanel]]:
    """Whether a series of two charts moves alike, and how closely.

    Raises
    ------
    NoMatchError
        A chart or the series is not there.
    """
    panels = [find_panels(reading, name)[0] for name in (claim.panel, claim.other)]
    series = [find_series(one.panel, claim.series)[0] for one in panels]
    r = correlation(*((one.panel, k.index) for one, k in zip(panels, series, strict=True)))
    if r is None or math.isnan(r):
        return undecidable("the two cannot be compared"), panels
    why = f"the correlation is {r:.2f}"
    if claim.low is not None:
        number = Measured("the correlation", claim.low, r, r, 0.0, _R_TOLERANCE + claim.low.precision)
        found = from_numbers([number])
        if found.outcome == "refuted":
            return found, panels
        return replace(decided((r > 0) == (claim.word == "alike"), why), measured=(number,)), panels
    return decided(None if abs(r) < 0.3 else (r > 0) == (claim.word == "alike"), why), panels
