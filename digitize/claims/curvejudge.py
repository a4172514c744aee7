"""Claims about one curve held against it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitize.claims.findings import Finding, confirmed, decided, from_numbers, refuted, undecidable
from digitize.claims.grounds import EYE, EYE_ABOUT, Ground
from digitize.claims.records import Claim, Kind, Measured, Number
from digitize.outputs.anomalies import find_anomalies
from digitize.outputs.courses import change_between, find_phases
from digitize.outputs.curves import Curve, span_share, to_scaled
from digitize.outputs.stats import panel_stats
from digitize.outputs.values import label_series
from digitize.outputs.wording import number_text, x_text

_LOOSE = 0.1  # of what a curve spans: how loosely the ends of a claimed range are meant
_ABOUT_PEAK = 0.02  # of the axis as drawn: what a curve may lie below its peak where it is said to be about there
_LEVEL = 0.04  # of the axis as drawn: what a curve that stays near a value may stray


def judge_curve(claim: Claim, ground: Ground) -> Finding:
    """What a curve says of a claim about it.

    Raises
    ------
    NoMatchError
        The claim speaks of a place that is off the axis, or where the curve is not drawn.
    """
    judges = {
        Kind.VALUE: _judge_value,
        Kind.FIRST: _judge_end,
        Kind.LAST: _judge_end,
        Kind.MAXIMUM: _judge_extreme,
        Kind.MINIMUM: _judge_extreme,
        Kind.MEAN: _judge_mean,
        Kind.WITHIN: _judge_within,
        Kind.EXTENT: _judge_extent,
        Kind.MOVE: _judge_move,
        Kind.SPIKE: _judge_spike,
        Kind.CUT: _judge_cut,
        Kind.GAP: _judge_gap,
    }
    return judges[claim.kind](claim, ground)


def _judge_value(claim: Claim, ground: Ground) -> Finding:
    if claim.start is None or claim.stop is None or claim.low is None or claim.high is None:
        return undecidable("it does not say where")
    part = ground.at_place(claim.start, claim.stop)
    return _held(claim, ground, part, f"y at x = {claim.start.text}")


def _held(claim: Claim, ground: Ground, part: Curve, name: str) -> Finding:
    """A claimed value, or both ends of a claimed range, against the values of a part of a curve."""
    low, high, error = float(part.y.min()), float(part.y.max()), float(np.median(part.y_err))
    if claim.low is None or claim.high is None:
        return _on_its_side(claim, ground, (low, high, error), name)
    numbers = [claim.low] if claim.low is claim.high else [claim.low, claim.high]
    if len(numbers) == 2 and claim.low is not None and claim.high is not None:
        bounds = sorted([ground.y_number(claim.low).value, ground.y_number(claim.high).value])
        slack = ground.y_tolerance(claim.low, error, claim, low)
        holds = bounds[0] - slack <= high and low <= bounds[1] + slack
        why = f"{name} is {_spoken(low, high, error)}"
        return decided(holds, why)
    measured = [ground.measure(name, number, low, high, error, claim) for number in numbers if number is not None]
    return from_numbers(measured)


def _on_its_side(claim: Claim, ground: Ground, told: tuple[float, float, float], name: str) -> Finding:
    """A value that is said to be above or below another: by more than the error and what an eye tells."""
    low, high, error = told
    bound = claim.low if claim.low is not None else claim.high
    if bound is None:
        return undecidable("it gives no value")
    exact = replace(ground.y_number(bound), precision=0.0)
    slack = ground.y_tolerance(exact, error, claim, exact.value)
    holds = high >= exact.value - slack if claim.low is not None else low <= exact.value + slack
    return decided(holds, f"{name} is {_spoken(low, high, error)}")


def _spoken(low: float, high: float, error: float) -> str:
    first, last = number_text(low, error), number_text(high, error)
    return first if first == last else f"{first} to {last}"


def _judge_end(claim: Claim, ground: Ground) -> Finding:
    """The first or the last value; a place said with it must be that end, as near as an eye can tell."""
    if claim.low is None and claim.high is None:
        return undecidable("it gives no value")
    curve = ground.curve
    first = claim.kind is Kind.FIRST
    end = float(curve.x[0 if first else -1])
    if claim.start is not None and claim.stop is not None:
        low, high = ground.to_x(claim.start)[0], ground.to_x(claim.stop)[1]
        reach = 2 * ground.x_tolerance(claim.start, end)
        if not low - reach <= end <= high + reach:
            where = f"the curve {'starts' if first else 'ends'} at x = {x_text(ground.panel, end)}"
            return refuted(f"{where}, not at {claim.start.text}")
    part = ground.values(end, end, loose=ground.x_error(end))
    return _held(claim, ground, part, "the first value" if first else "the last value")


def _judge_extreme(claim: Claim, ground: Ground) -> Finding:
    """A greatest or least value, where it is said to be, or both; of a stretch, where one is said with it.

    "Peaks at 0.5 between x = 10 and x = 15" may mean where the peak of all is, or the peak of that stretch.
    """
    if claim.word == "within":
        found = _judge_extreme(replace(claim, word=None), ground) if claim.start and claim.stop else None
        if found is not None and found.outcome == "confirmed":
            return found
        part = ground.values(*ground.x_stretch(claim.start, claim.stop))
        return _of_extreme(replace(claim, start=None, stop=None), ground, part)
    return _of_extreme(claim, ground, ground.curve)


def _of_extreme(claim: Claim, ground: Ground, curve: Curve) -> Finding:
    """The greatest or least value of a curve or a part of one."""
    greatest = claim.kind is Kind.MAXIMUM
    point = curve.point(int(curve.y.argmax() if greatest else curve.y.argmin()))
    name = "the maximum" if greatest else "the minimum"
    measured: list[Measured] = []
    if (claim.low is None) != (claim.high is None):
        return _on_its_side(claim, ground, (point.y, point.y, point.y_err), name)
    slack = ground.y_tolerance(claim.low, point.y_err, claim, point.y)
    if claim.low is not None and claim.high is not None and claim.low is not claim.high:
        bounds = sorted([ground.y_number(claim.low).value, ground.y_number(claim.high).value])
        if not bounds[0] - slack <= point.y <= bounds[1] + slack:
            return refuted(f"{name} is {number_text(point.y, point.y_err)}")
    elif claim.low is not None:
        measured.append(ground.measure(name, claim.low, point.y, point.y, point.y_err, claim))
    if claim.start is not None and claim.stop is not None:
        about = claim.start.about or claim.stop.about
        loose = span_share(ground.y_axis, ground.panel.box.height, point.y, _ABOUT_PEAK) if about else 0.0
        near = curve.x[np.abs(curve.y - point.y) <= slack + loose]
        measured.append(ground.measure_place(f"x of {name}", claim.start, claim.stop, near))
    if not measured:
        return confirmed(f"{name} is {number_text(point.y, point.y_err)}")
    return from_numbers(measured)


def _label(ground: Ground) -> str:
    return label_series(ground.panel)[ground.panel.series.index(ground.series)]


def _judge_mean(claim: Claim, ground: Ground) -> Finding:
    if claim.low is None and claim.high is None:
        return undecidable("it gives no value")
    if claim.start is None and claim.stop is None:
        mean = next(one for one in panel_stats(ground.panel) if one.label == _label(ground)).mean.value
        part = ground.curve
    else:
        part = ground.values(*ground.x_stretch(claim.start, claim.stop))
        run = float(part.x[-1] - part.x[0])
        mean = float(np.trapezoid(part.y, part.x) / run) if run > 0 else float(part.y.mean())
    error = float(np.sqrt(np.mean(part.y_err**2)))
    if claim.low is None or claim.high is None:
        return _on_its_side(claim, ground, (mean, mean, error), "the mean")
    return from_numbers([ground.measure("the mean", claim.low, mean, mean, error, claim)])


def _judge_within(claim: Claim, ground: Ground) -> Finding:
    """All values of a stretch between two bounds, above or below one, or near one."""
    low, high = ground.x_stretch(claim.start, claim.stop)
    part = ground.values(*_inside(low, high, ground))
    least, most, error = float(part.y.min()), float(part.y.max()), float(np.median(part.y_err))
    if claim.low is claim.high and claim.low is not None:
        measured = ground.measure("y", claim.low, least, most, error, claim)
        stray = span_share(ground.y_axis, ground.panel.box.height, measured.claimed.value, _LEVEL)
        measured = measured._replace(tolerance=measured.tolerance + stray)
        if most - least > 2 * measured.tolerance:
            return refuted(f"y goes from {number_text(least, error)} to {number_text(most, error)}")
        return from_numbers([measured])
    one_sided = claim.low is None or claim.high is None
    holds = True
    for number, end, outwards in ((claim.low, least, -1), (claim.high, most, 1)):
        if number is None:
            continue
        number = replace(number, precision=0.0) if one_sided else number
        bound = ground.y_number(number).value
        holds &= outwards * (end - bound) <= ground.y_tolerance(number, error, claim, bound)
    return decided(holds, f"y goes from {number_text(least, error)} to {number_text(most, error)}")


def _inside(low: float, high: float, ground: Ground) -> tuple[float, float]:
    """A stretch without its very ends, where it is long enough to have an inside: ends are read off by eye too."""
    trim = EYE * abs(float(np.ptp(ground.curve.x)))
    return (low + trim, high - trim) if high - low > 6 * trim else (low, high)


def _judge_extent(claim: Claim, ground: Ground) -> Finding:
    """From where to where values go on a stretch: both ends are held against it, loosely in a wide range."""
    if claim.low is None or claim.high is None:
        return undecidable("it gives no range")
    low, high = ground.x_stretch(claim.start, claim.stop)
    inner = _inside(
        ground.to_x(claim.start)[1] if claim.start is not None else low,
        ground.to_x(claim.stop)[0] if claim.stop is not None else high,
        ground,
    )
    grown = ground.values(low, high, loose=2 * ground.x_error(low))
    shrunk = ground.values(*inner) if inner[0] < inner[1] else grown
    errors = [float(grown.y_err[index]) for index in (grown.y.argmin(), grown.y.argmax())]
    numbers = sorted([ground.y_number(claim.low), ground.y_number(claim.high)], key=lambda one: one.value)
    least = sorted([float(grown.y.min()), float(shrunk.y.min())])
    most = sorted([float(grown.y.max()), float(shrunk.y.max())])
    ends = to_scaled(ground.y_axis, np.array([least[0], most[1]]))
    share = _LOOSE * float(np.ptp(ends)) * abs(ground.y_axis.value_per_px) ** -1 / ground.panel.box.height
    measured = [
        ground.measure("the lowest y", numbers[0], least[0], least[1], errors[0], claim),
        ground.measure("the highest y", numbers[1], most[0], most[1], errors[1], claim),
    ]
    loose = [span_share(ground.y_axis, ground.panel.box.height, one.low, share) for one in measured]
    return from_numbers(
        one._replace(tolerance=one.tolerance + slack) for one, slack in zip(measured, loose, strict=True)
    )


def _judge_move(claim: Claim, ground: Ground) -> Finding:
    """A rise, a fall or a change between two places: the values at its ends, and the way between them.

    Places are known to within the errors of x only; a direction holds where it holds from some of them.
    """
    low, high = ground.x_stretch(claim.start, claim.stop)
    if claim.word == "level":
        return _judge_level(ground.values(*_inside(low, high, ground)), ground)
    if claim.step is not None:
        return _judge_amount(claim, ground, low, high)
    if claim.word == "reaches" or (claim.stop is None and claim.low is not None and claim.word != "goes"):
        return _judge_reach(claim, ground, low, high)
    curve = ground.curve
    ends = [ground.values(x, x, loose=ground.x_error(x)) for x in (low, high)]
    if claim.stop is not None and claim.low is not None:
        ends[1] = ground.at_place(claim.stop, claim.stop)
    measured = [
        ground.measure(
            f"y at x = {x_text(ground.panel, x)}",
            number,
            float(end.y.min()),
            float(end.y.max()),
            float(np.median(end.y_err)),
            claim,
        )
        for number, end, x in ((claim.before, ends[0], low), (claim.low, ends[1], high))
        if number is not None
    ]
    found = from_numbers(measured) if measured else None
    if found is not None and (found.outcome == "refuted" or claim.word == "goes"):
        return found
    ways = [
        _judge_way(claim, curve, start, stop)
        for start in dict.fromkeys((low, float(ends[0].x.min()), float(ends[0].x.max()), *_before(claim, curve, high)))
        for stop in dict.fromkeys((high, float(ends[1].x.min()), float(ends[1].x.max())))
    ]
    way = next((one for one in ways if one.outcome == "confirmed"), ways[0])
    if found is None or way.outcome != "confirmed":
        return replace(way, measured=tuple(measured))
    return found


def _judge_share(share: Number, ground: Ground, change: tuple[float, float, float], claim: Claim) -> Finding:
    """A change in per cent of where it began."""
    start, size, error = change
    curve = ground.curve
    began = abs(float(curve.y[np.abs(curve.x - start).argmin()]))
    if began <= error:
        return undecidable("it begins at nought")
    slack = ground.y_tolerance(replace(share, precision=0.0), error, claim, began)
    value = 100 * size / began
    tolerance = 100 * slack / began + share.precision
    return from_numbers([Measured("the change in %", share, value, value, 100 * error / began, tolerance)])


def _before(claim: Claim, curve: Curve, stop: float) -> list[float]:
    """Where a move to a place may begin that is not said to begin anywhere: shortly before it."""
    if claim.start is not None or claim.before is not None or claim.stop is None:
        return []
    return [stop - share * float(np.ptp(curve.x)) for share in (0.03, 0.1, 0.2)]


def _judge_amount(claim: Claim, ground: Ground, low: float, high: float) -> Finding:
    """By how much a curve rises or falls from one place to another."""
    change = change_between(ground.curve, low, high)
    if change is None or claim.step is None:
        return undecidable("there is no stretch to speak of")
    if (
        claim.word in ("rises", "falls")
        and (change.net > 0) != (claim.word == "rises")
        and abs(change.net) > change.error
    ):
        return refuted(f"it changes by {number_text(change.net, change.error)}")
    size = abs(change.net)
    if claim.step.percent and ground.y_axis.unit != "%":
        return _judge_share(claim.step, ground, (low, size, change.error), claim)
    return from_numbers([ground.measure("the change", claim.step, size, size, change.error, claim)])


def _judge_way(claim: Claim, curve: Curve, start: float, stop: float) -> Finding:
    """Whether a curve rises or falls, as claimed, from one x to another."""
    change = change_between(curve, start, stop)
    if change is None:
        return undecidable("there is no stretch to speak of")
    net = number_text(change.net, change.error)
    if abs(change.net) <= change.error:
        return undecidable(f"it changes by {net}, which the errors can explain")
    if (change.net > 0) != (claim.word == "rises"):
        return refuted(f"it {'rises' if change.net > 0 else 'falls'} by {net.lstrip('-')}")
    if "monotonic" in claim.words and change.reverse > change.error:
        return refuted(f"it moves the other way by {number_text(change.reverse, change.error)} in between")
    if change.reverse >= abs(change.net):
        return refuted(
            f"it changes by {net}, but moves the other way by {number_text(change.reverse, change.error)} in between"
        )
    return confirmed(f"it {'rises' if change.net > 0 else 'falls'} by {net.lstrip('-')}")


def _judge_level(part: Curve, ground: Ground) -> Finding:
    span, error = float(np.ptp(part.y)), float(np.median(part.y_err))
    middle = float(np.median(part.y))
    allowed = 2 * (span_share(ground.y_axis, ground.panel.box.height, middle, _LEVEL + EYE) + error)
    return decided(span <= allowed, f"y varies by {number_text(span, error)}")


def _judge_reach(claim: Claim, ground: Ground, low: float, high: float) -> Finding:
    """A value that a curve comes to, no place being said: at the end of one of its phases, or anywhere at all."""
    if claim.low is None:
        return undecidable("it gives no value")
    part = ground.values(low, high)
    error = float(np.median(part.y_err))
    if claim.word == "reaches":
        return from_numbers([ground.measure("y", claim.low, float(part.y.min()), float(part.y.max()), error, claim)])
    turns = [phase.stop.y for phase in find_phases(ground.panel, ground.series) if low <= phase.stop.x <= high]
    wanted = float(part.y.max()) if claim.word == "rises" else float(part.y.min())
    value = ground.y_number(claim.low).value
    nearest = min([*turns, wanted, float(part.y[-1])], key=lambda one: abs(one - value))
    return from_numbers([ground.measure("the turn nearest to it", claim.low, nearest, nearest, error, claim)])


def _judge_spike(claim: Claim, ground: Ground) -> Finding:
    if claim.low is None:
        return undecidable("it gives no value")
    spikes = [one for one in find_anomalies(ground.panel, ground.series) if one.kind == "spike"]
    if claim.start is not None:
        at = ground.to_x(claim.start)[0]
        reach = ground.x_tolerance(claim.start, at) + EYE_ABOUT * float(np.ptp(ground.curve.x))
        spikes = [one for one in spikes if abs(one.start - at) <= reach]
    if not spikes:
        return refuted("no spike is there")
    value = ground.y_number(claim.low).value
    spike = min(spikes, key=lambda one: abs(one.value - value))
    measured = ground.measure("the tip", claim.low, spike.value, spike.value, spike.error, claim)
    return from_numbers([measured])


def _judge_cut(claim: Claim, ground: Ground) -> Finding:
    low, high = ground.x_stretch(claim.start, claim.stop)
    cuts = [one for one in find_anomalies(ground.panel, ground.series) if one.kind == "clipped"]
    met = any(one.edge == claim.word and one.start <= high and one.stop >= low for one in cuts)
    return decided(met, "it runs along that edge" if met else "it does not run along that edge there")


def _judge_gap(claim: Claim, ground: Ground) -> Finding:
    """A gap: its ends, where they are said, as near as an eye can tell."""
    gaps = [one for one in find_anomalies(ground.panel, ground.series) if one.kind == "gap"]
    if not gaps:
        return refuted("it has no gap")
    if claim.start is None or claim.stop is None:
        return confirmed(f"it has {len(gaps)}")
    low, high = ground.to_x(claim.start, anywhere=True)[0], ground.to_x(claim.stop, anywhere=True)[1]
    gap = min(gaps, key=lambda one: abs(one.start - low) + abs(one.stop - high))
    measured = [
        Measured(
            f"the {end} of the gap",
            replace(number, value=ground.to_x(number, anywhere=True)[0]),
            at,
            at,
            0.0,
            ground.x_tolerance(number, at) + (number.precision * 2 if number.time else 0.0),
        )
        for end, number, at in (("beginning", claim.start, gap.start), ("end", claim.stop, gap.stop))
    ]
    return from_numbers(measured)
