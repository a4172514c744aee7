"""Regular spacings of data points: which of them the corners of a panel's curves fall on.

A curve that was drawn through points at a regular spacing is a polyline whose corners all lie on one lattice, and the
curves of a panel mostly share it. Lattices are proposed from the ends of each curve, divided into any number of equal
parts, and from the axis (whole, half and tenth units, days, months …), moved so that the corners fall on them, and
compared by the Bayesian information criterion, which neither forgives a corner beside the lattice nor likes knots
without corners.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitize.medians import median
from digitize.model import Axis, FloatArray, Samples
from digitize.periodic import Lattice, find_lattice
from digitize.splines import Curve, Spline, division_costs, fit_spline, settle

#: Data points nearer than so many pixels cannot be told.
NEAREST = 2.4
#: So many of the divisions of a curve's length are looked at closely.
_CLOSELY = 4
#: A curve of no more points than this is too short to be divided.
_FEWEST = 8
#: A lattice tells a curve when its mean square distance in standard errors stays below this.
ADEQUATE = 3.0
#: A curve that a lattice does not tell costs so much a point: it may have data points of its own.
_GIVEN_UP = 3.0
#: Every second, third … knot is taken alone where the others gain no more than this a point.
_IDLE = 0.4
_MOST_PARTS = 5
#: Some knots of a settled lattice, taken alone, are settled no further where they cost this much more a point.
_HOPELESS = 2.0
#: A knot is a corner when it stands off its neighbours' join by more than so many standard errors.
_TURNS = 4.0
#: The ends of a curve lie within so many pixels, and this share of a stroke, of its first and last data point.
_END, _END_STROKES = 1.0, 0.75
#: This share of places lies on their lattice, at this share of the distance, root mean square, that chance would have.
_ON_LATTICE, _NEARER = 0.85, 0.5
#: This share of the places of a lattice stands at every second, third … of them where that is their lattice.
_NEARLY_ALL = 0.8
#: A 95 % half-width in standard errors of a normal distribution.
HALF_WIDTH = 1.96
_DAY = 86_400.0
#: Mean length of a month in days.
_MONTH = 30.436875


def own_lattice(curve: Curve, others: Sequence[Curve] = ()) -> Spline | None:
    """The best division of a curve's length into equal parts, None where it is too short.

    Those of the `others` that begin and end where it does have a say.
    """
    span = curve.x[-1] - curve.x[0] if len(curve) > _FEWEST else 0.0
    most = int(span / NEAREST)
    if most < 1:
        return None
    alike = [curve, *(other for other in others if _alike(curve, other))]
    costs = np.sum([division_costs(one, most) for one in alike], axis=0)
    cheapest = np.argsort(costs, kind="stable")[:_CLOSELY] + 1
    knots = [np.linspace(curve.x[0], curve.x[-1], count + 1) for count in cheapest.tolist()]
    settled = [fit for some in knots if (fit := _settled(curve, some)) is not None]
    return min((_coarsest(curve, fit) for fit in settled), key=lambda fit: fit.cost, default=None)


def _alike(curve: Curve, other: Curve) -> bool:
    """Whether two curves begin and end at the same places."""
    apart = np.abs(curve.x[[0, -1]] - other.x[[0, -1]]).max() if len(other) > _FEWEST else np.inf
    return bool(apart <= _reach(curve))


def axis_lattices(axis: Axis, first: float, last: float) -> list[FloatArray]:
    """Knots in pixels from `first` to `last` at spacings that people count in, along an axis."""
    low, high = sorted(axis.to_value(np.array([first, last])))
    if not np.isfinite([low, high]).all() or low == high:
        return []
    lattices = [_along(axis, steps, first, last) for steps in _counted(axis, low, high)]
    return [knots for knots in lattices if len(knots) >= 2 and np.diff(knots).min() >= NEAREST]


def on_lattice(curve: Curve, knots: FloatArray, rounds: int = 3) -> Spline | None:
    """A curve fitted with the part of a lattice that lies within it, settled; None where nothing does.

    One lattice is asked about again and again: what it came to is remembered.
    """
    key = knots.tobytes(), rounds
    if key not in curve.fits:
        curve.fits[key] = _on_lattice(curve, knots, rounds)
    return curve.fits[key]


def _on_lattice(curve: Curve, knots: FloatArray, rounds: int) -> Spline | None:
    reach = _reach(curve)
    within = knots[(knots >= curve.x[0] - reach) & (knots <= curve.x[-1] + reach)]
    if len(within) < 2 or within[0] > curve.x[0] + NEAREST * 3 + reach or len(curve) < 4:
        within = _extended(curve, knots)
    return settle(curve, within, _reach(curve), rounds) if len(within) >= 2 else None


def shared_lattice(curves: Sequence[Curve], proposals: Sequence[FloatArray]) -> FloatArray | None:
    """Of the proposed lattices the one that tells all curves together at the least cost."""
    best, least = None, np.inf
    for knots in proposals:
        total = total_cost(curves, knots, least)
        if total < least:
            best, least = knots, total
    return best


def coarsest_lattice(curves: Sequence[Curve], knots: FloatArray) -> FloatArray:
    """Every second, third … knot of a lattice where those between are idle, the lattice itself where none are."""
    points = sum(len(curve) for curve in curves)
    limit = total_cost(curves, knots) + _IDLE * points
    hopeless = limit + _HOPELESS * points
    for part in range(_MOST_PARTS, 1, -1):
        parts = [knots[k::part] for k in range(part) if len(knots[k::part]) >= 2]
        parts = [some for some in parts if total_cost(curves, some, rounds=0) <= hopeless]
        costs = [total_cost(curves, some) for some in parts]
        if costs and min(costs) <= limit:
            return parts[int(np.argmin(costs))]
    return knots


def _reach(curve: Curve) -> float:
    return _END + _END_STROKES * curve.width


def _extended(curve: Curve, knots: FloatArray) -> FloatArray:
    """The part of a lattice within a curve and one knot beyond either end."""
    first = max(int(np.searchsorted(knots, curve.x[0])) - 1, 0)
    last = min(int(np.searchsorted(knots, curve.x[-1])) + 1, len(knots))
    return knots[first:last]


def _settled(curve: Curve, knots: FloatArray) -> Spline | None:
    return settle(curve, knots, _reach(curve))


def _coarsest(curve: Curve, fit: Spline) -> Spline:
    """The best of a lattice and every second, third … of its knots."""
    count = len(fit.knots) - 1
    best = fit
    for part in range(2, count + 1):
        if count % part == 0 and fit_spline(curve, fit.knots[::part]).cost <= best.cost + _HOPELESS * len(curve):
            coarse = settle(curve, fit.knots[::part], 2.0)
            if coarse is not None and coarse.cost < best.cost:
                best = coarse
    return best


def _counted(axis: Axis, low: float, high: float) -> list[FloatArray]:
    """Values from below `low` to above `high` at each spacing that is counted in on this kind of axis."""
    if axis.scale == "category":
        return [np.arange(np.floor(low), np.ceil(high) + 1)]
    if axis.scale == "date":
        return _calendar(low, high)
    if axis.scale == "log":
        low, high = np.log10(low), np.log10(high)
        steps = [np.log10(2.0), 0.5, 1.0, 0.25, 0.2, 0.1]
        return [10.0 ** _multiples(low, high, step) for step in steps]
    decade = np.floor(np.log10(high - low))
    steps = [m * 10.0 ** (decade - k) for k in (0, 1, 2) for m in (5.0, 2.5, 2.0, 1.0)]
    return [_multiples(low, high, step) for step in steps]


def _multiples(low: float, high: float, step: float) -> FloatArray:
    return np.arange(np.floor(low / step - 0.01), np.ceil(high / step + 0.01) + 1) * step


def _calendar(low: float, high: float) -> list[FloatArray]:
    """Days, weeks, months, quarters and years between two times in seconds."""
    span = (high - low) / _DAY
    found = [_multiples(low, high, days * _DAY) for days in (1 / 24, 0.25, 1.0) if span / days < 400]
    if 14 < span < 3000:
        found += [_multiples(low - d * _DAY, high - d * _DAY, 7 * _DAY) + d * _DAY for d in range(7)]
    if span > _MONTH:
        start, stop = (np.datetime64(int(t), "s").astype("datetime64[M]") for t in (low, high))
        months = np.arange(start, stop + 2)
        for every in (1, 3, 12):
            chosen = months[months.astype(int) % every == 0]
            found.append(chosen.astype("datetime64[s]").astype(float))
    return found


def _along(axis: Axis, values: FloatArray, first: float, last: float) -> FloatArray:
    knots = np.sort(axis.to_pixel(values))
    return knots[(knots >= first - 2 * NEAREST) & (knots <= last + 2 * NEAREST)]


def total_cost(curves: Sequence[Curve], knots: FloatArray, most: float = np.inf, rounds: int = 3) -> float:
    """What it costs to tell curves by a lattice, settled in so many rounds; summed up no further than past `most`."""
    total = 0.0
    for curve in curves:
        fit = on_lattice(curve, knots, rounds)
        given_up = _GIVEN_UP * len(curve)
        total += min(fit.cost, given_up) if fit is not None else given_up
        if total >= most:
            break
    return total


def sharpness(curves: Sequence[Curve], knots: FloatArray) -> float:
    """By how much, a point, a lattice tells curves better than those with a few knots more or fewer.

    The corners of a polyline forgive no other spacing; a smooth curve, or one whose corners stand too close to be
    told, is told about as well by any.
    """
    gain, points = 0.0, 0
    for curve in curves:
        fit = on_lattice(curve, knots)
        if fit is None or fit.mean_misfit > ADEQUATE:
            continue
        count = len(fit.knots)
        others = [
            np.linspace(fit.knots[0], fit.knots[-1], m) for m in range(max(count - 2, 2), count + 3) if m != count
        ]
        costs = [other.cost for m in others if (other := _settled(curve, m)) is not None]
        gain += (min(costs) - fit.cost) if costs else 0.0
        points += len(curve)
    return gain / max(points, 1)


def idle_share(samples: Samples) -> float:
    """The share of inner data points where their polyline turns by no more than their errors along y allow."""
    y, error = samples.y_px, samples.y_err_px / HALF_WIDTH
    if len(y) < 3:
        return 0.0
    off = y[1:-1] - (y[:-2] + y[2:]) / 2
    told = np.sqrt(error[1:-1] ** 2 + (error[:-2] ** 2 + error[2:] ** 2) / 4)
    return float((np.abs(off) <= _TURNS * told).mean())


def common_places(marks: Sequence[FloatArray], near: float) -> FloatArray:
    """The x pixels, sorted, at which any curve has a marker; those nearer than `near` are one place."""
    x = np.sort(np.concatenate([np.asarray(m, dtype=float) for m in marks]))
    groups = np.split(x, np.flatnonzero(np.diff(x) > near) + 1)
    return np.array([median(group) for group in groups])


def places_lattice(places: FloatArray, slack: float) -> Lattice | None:
    """The lattice whose whole multiples of one step explain nearly all places to within `slack`, None without one.

    Where the slack is much of a step any places lie within it: they must lie nearer to the lattice than chance would
    have them.
    """
    lattice = find_lattice(places, slack)
    if lattice is None:
        return None
    off = lattice.off(places)
    chance = lattice.step / np.sqrt(12)
    explained = (off <= slack).mean() >= _ON_LATTICE and np.sqrt((off**2).mean()) <= _NEARER * chance
    return lattice if explained and np.ptp(lattice.number(places)) < 2 * len(places) else None


def completed(places: FloatArray, first: float, last: float, slack: float) -> FloatArray:
    """Places on a lattice with its missing ones from `first` to `last`; others as they are, with both ends.

    A place or two between those of a wider lattice, as blots are, make no narrower one: they stand for themselves.
    """
    lattice = places_lattice(places, slack)
    if lattice is not None and lattice.step > NEAREST:
        number = lattice.number(places)
        part, rest = _wider(number)
        low, high = ((end - lattice.start) / lattice.step for end in (first - slack, last + slack))
        every = np.arange(np.ceil((low - rest) / part), np.floor((high - rest) / part) + 1) * part + rest
        between = number[(number - rest) % part != 0] if part > 1 else np.empty(0)
        return np.asarray(lattice.start + lattice.step * np.union1d(every, between))
    least = 0.5 * float(np.diff(places).min()) if len(places) > 1 else slack
    ends = [end for end in (first, last) if np.abs(places - end).min() > max(least, slack)]
    return np.sort(np.concatenate([places, ends]))


def _wider(number: FloatArray) -> tuple[int, int]:
    """Every how many of a lattice's places, and from which on, holds nearly all of those with these whole numbers."""
    for part in range(_MOST_PARTS, 1, -1):
        counts = np.bincount((number % part).astype(int), minlength=part)
        if counts.max() >= _NEARLY_ALL * len(number):
            return part, int(counts.argmax())
    return 1, 0
