"""Straight maps from scaled values to pixels, fitted to labels that may each mean several values.

A label is certain of its place and uncertain of its value. The best map is the one of least cost, where a label
costs its squared residual in standard errors plus twice the surprise of the reading that it takes, and at most
`OUTLIER_COST`, when it is dropped: a maximum a posteriori fit with a truncated quadratic loss. Candidate maps are
drawn through pairs of readings as in RANSAC (Fischler & Bolles 1981), but through all likely pairs, not at random,
and refined by weighted least squares.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.model import FloatArray

OUTLIER_COST = 16.0
_MOST_SEEDS = 60
_REFINED = 10
_ROUNDS = 6
# Half a unit of the last digit is a uniform error; its variance is its half-width squared over 3, and its density
# that of a normal error with 2/pi of its squared half-width as variance at the peak.
_UNIFORM = 3.0
_UNIFORM_TO_NORMAL = 2 / np.pi
# What tells bounds only is as good as free within them.
_BOUNDS_ONLY = 100.0
# Labels are seldom rounded to fewer digits than their ticks need.
_ROUNDING_COST = 3.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates:
    """The values that labels may have, flattened: entry j says that label `label[j]` may have the scaled value `u[j]`.

    All arrays have the shape (m,), sorted by `label`. `penalty` is twice the negative log of the reading's prior,
    `slack` the half-width of rounding in scaled units. Rounding may explain at most `most_slack_px`, but for entries
    that may be `loose` at a finite cost: the ends of an axis that are labelled wherever they lie.
    """

    label: NDArray[np.int_]
    u: FloatArray
    penalty: FloatArray
    slack: FloatArray
    most_slack_px: float
    loose: FloatArray

    @cached_property
    def starts(self) -> NDArray[np.int_]:
        """Where the entries of each label that has any begin."""
        return np.flatnonzero(np.r_[True, np.diff(self.label) > 0])


@dataclass(frozen=True, kw_only=True, eq=False)
class LineFit:
    """``position = intercept + slope * u``, the entry that each label takes (-1 where dropped), and the cost."""

    intercept: float
    slope: float
    chosen: NDArray[np.int_]
    cost: float

    def at(self, u: FloatArray | float) -> FloatArray:
        return np.asarray(self.intercept + self.slope * np.asarray(u, dtype=float))

    @property
    def used(self) -> NDArray[np.bool_]:
        return self.chosen >= 0


def search(candidates: Candidates, positions: FloatArray, coarse: FloatArray, fine: FloatArray) -> list[LineFit]:
    """The best distinct maps, the cheapest first; empty where fewer than two labels have values.

    Parameters
    ----------
    positions : (n,) pixels of the labels
    coarse, fine : (n,) standard errors of the positions, for drawing candidate maps and for refining them
    """
    first, second = _seed_pairs(candidates, positions)
    if len(first) == 0:
        return []
    u, p = candidates.u, positions[candidates.label]
    slope = (p[second] - p[first]) / (u[second] - u[first])
    seeds = _Maps(intercept=p[first] - slope * u[first], slope=slope)
    found: dict[bytes, LineFit] = {}
    # A map through two labels that stand a little off needs the coarse errors to take in the others; with the fine
    # ones it tells readings apart that lie close together.
    for sigma in (fine, coarse):
        cost = _costs(candidates, positions, sigma, seeds)
        start = seeds.at(np.argsort(cost, kind="stable")[:_REFINED])
        fits = _refined(candidates, positions, sigma, start)
        if sigma is coarse and fits:
            settled = _Maps(intercept=np.array([f.intercept for f in fits]), slope=np.array([f.slope for f in fits]))
            fits = _refined(candidates, positions, fine, settled)
        for fit in fits:
            found.setdefault(fit.chosen.tobytes(), fit)
    return sorted(found.values(), key=lambda fit: fit.cost)


def refine(candidates: Candidates, positions: FloatArray, sigma: FloatArray, start: LineFit) -> LineFit | None:
    """The map nearest to `start` at which choice of readings and least squares agree; None where it collapses."""
    maps = _Maps(intercept=np.array([start.intercept]), slope=np.array([start.slope]))
    return next(iter(_refined(candidates, positions, sigma, maps)), None)


def predicted(u: FloatArray, positions: FloatArray, sigma: FloatArray, at: float) -> tuple[float, float]:
    """Where a scaled value lies by the weighted least squares through others, all (n,), and its standard error."""
    middle, spread = np.mean(u), np.ptp(u) or 1.0
    design = np.stack([np.ones_like(u), (u - middle) / spread], axis=1) / sigma[:, None]
    spread_out = np.linalg.pinv(design.T @ design)
    place = np.array([1.0, (at - middle) / spread])
    told = float(place @ spread_out @ design.T @ (positions / sigma))
    return told, float(np.sqrt(place @ spread_out @ place))


def covariance(u: FloatArray, sigma: FloatArray, residuals: FloatArray, anchors: FloatArray) -> FloatArray:
    """Covariance (2, 2) of the fitted positions at two scaled values `anchors`.

    The stated errors are enlarged where the residuals are larger than they promise.
    """
    middle, spread = np.mean(u), np.ptp(u)
    u, anchors = (u - middle) / spread, (anchors - middle) / spread
    design = np.stack([np.ones_like(u), u], axis=1) / sigma[:, None]
    freedom = len(u) - 2
    excess = max(1.0, float(np.sum((residuals / sigma) ** 2)) / freedom) if freedom > 0 else 1.0
    at_anchors = np.stack([np.ones(2), anchors], axis=1)
    return np.asarray(at_anchors @ np.linalg.pinv(design.T @ design) @ at_anchors.T * excess)


def _seed_pairs(candidates: Candidates, positions: FloatArray) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    likeliest = np.sort(np.argsort(candidates.penalty, kind="stable")[:_MOST_SEEDS])
    first, second = (likeliest[side] for side in np.triu_indices(len(likeliest), 1))
    label, u = candidates.label, candidates.u
    apart = (label[first] != label[second]) & (u[first] != u[second])
    apart &= positions[label[first]] != positions[label[second]]
    return first[apart], second[apart]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Maps:
    """Several maps at once: arrays (h,)."""

    intercept: FloatArray
    slope: FloatArray

    def at(self, which: NDArray[Any]) -> _Maps:
        return _Maps(intercept=self.intercept[which], slope=self.slope[which])


def _refined(candidates: Candidates, positions: FloatArray, sigma: FloatArray, maps: _Maps) -> list[LineFit]:
    """Each map after choice of readings and least squares by turns, until neither changes; collapsed ones left out."""
    chosen, cost = _choose(candidates, positions, sigma, maps)
    for _ in range(_ROUNDS):
        solved, sound = _solve(candidates, positions, sigma, maps, chosen)
        before, maps = chosen[sound], solved.at(sound)
        if not len(before):
            return []
        chosen, cost = _choose(candidates, positions, sigma, maps)
        if (chosen == before).all():
            break
    enough = (chosen >= 0).sum(axis=1) >= 2
    return [
        LineFit(intercept=float(maps.intercept[k]), slope=float(maps.slope[k]), chosen=chosen[k], cost=float(cost[k]))
        for k in np.flatnonzero(enough)
    ]


def _entry_costs(candidates: Candidates, positions: FloatArray, sigma: FloatArray, maps: _Maps) -> FloatArray:
    """Costs (maps, entries): exact reading, or a rounded one where that is cheaper; right where below an outlier's."""
    apart = maps.slope[:, None] * candidates.u
    apart += maps.intercept[:, None]
    apart -= positions[candidates.label]
    np.abs(apart, out=apart)
    precision = 1 / sigma[candidates.label]
    costs = apart * precision
    costs *= costs
    if (candidates.slack > 0).any():
        _allow_rounding(costs, apart, candidates, precision, maps.slope)
    costs += candidates.penalty
    return costs


def _allow_rounding(
    costs: FloatArray, apart: FloatArray, candidates: Candidates, precision: FloatArray, slope: FloatArray
) -> None:
    """Lower the costs (maps, entries) of labels so far `apart` from their places to those of rounded ones, in place."""
    slack_px = np.abs(slope[:, None] * candidates.slack)
    apart -= slack_px
    np.maximum(apart, 0.0, out=apart)
    apart *= precision
    apart *= apart
    # few are neither exact nor outliers all the same
    least = min(_ROUNDING_COST, float(candidates.loose.min()))
    told = np.flatnonzero((costs > least) & (apart < OUTLIER_COST) & (candidates.slack > 0))
    entry = told % costs.shape[1]
    beyond, slack = apart.ravel()[told], slack_px.ravel()[told]
    # Twice the log of how much thinner a uniform error is spread than the normal one.
    spread = np.log1p(_UNIFORM_TO_NORMAL * (slack * precision[entry]) ** 2)
    lenient = np.where(slack <= candidates.most_slack_px, beyond + spread + _ROUNDING_COST, np.inf)
    lenient = np.minimum(lenient, beyond + candidates.loose[entry])
    costs.ravel()[told] = np.minimum(costs.ravel()[told], lenient)


def _costs(candidates: Candidates, positions: FloatArray, sigma: FloatArray, maps: _Maps) -> FloatArray:
    """The costs (maps,) with every label at its cheapest entry or dropped."""
    return _totals(_entry_costs(candidates, positions, sigma, maps), candidates, len(positions))[1]


def _totals(costs: FloatArray, candidates: Candidates, count: int) -> tuple[FloatArray, FloatArray]:
    """The cheapest entry's cost of each label that has any (maps, labels), and the costs of the maps (maps,)."""
    best = np.minimum.reduceat(costs, candidates.starts, axis=1)
    return best, np.minimum(best, OUTLIER_COST).sum(axis=1) + OUTLIER_COST * (count - best.shape[1])


def _choose(
    candidates: Candidates, positions: FloatArray, sigma: FloatArray, maps: _Maps
) -> tuple[NDArray[np.int_], FloatArray]:
    """The entry that each label takes under each map (maps, labels), -1 where dropped, and the costs (maps,)."""
    costs = _entry_costs(candidates, positions, sigma, maps)
    best, total = _totals(costs, candidates, len(positions))
    count, starts = costs.shape[1], candidates.starts
    cheapest = costs == np.repeat(best, np.diff(np.r_[starts, count]), axis=1)
    # Of equally cheap entries the first: the one that most are still to come from.
    entry = count - np.maximum.reduceat(np.where(cheapest, count - np.arange(count), 0), starts, axis=1)
    chosen = np.full((len(costs), len(positions)), -1)
    chosen[:, candidates.label[starts]] = np.where(best < OUTLIER_COST, entry, -1)
    return chosen, total


def _solve(
    candidates: Candidates, positions: FloatArray, sigma: FloatArray, maps: _Maps, chosen: NDArray[np.int_]
) -> tuple[_Maps, NDArray[np.bool_]]:
    """Weighted least squares for the entries (maps, labels) that each map has chosen, and where it has a solution."""
    used = chosen >= 0
    u, slack = candidates.u[chosen], candidates.slack[chosen]
    residuals = np.abs(positions - maps.intercept[:, None] - maps.slope[:, None] * u)
    # A label that already fits as printed needs no allowance for rounding.
    # One that is rounded because the axis ends there tells no more than its bounds.
    share = np.where(np.isfinite(candidates.loose[chosen]), _BOUNDS_ONLY, 1 / _UNIFORM)
    rounding = np.where(residuals <= 2 * sigma, 0.0, maps.slope[:, None] * slack) ** 2 * share
    weight = np.where(used, 1 / (sigma**2 + rounding), 0.0)
    total = np.maximum(weight.sum(axis=1), np.finfo(float).tiny)
    u_middle = (weight * u).sum(axis=1) / total
    middle = (weight * positions).sum(axis=1) / total
    du = u - u_middle[:, None]
    spread = (weight * du**2).sum(axis=1)
    least, most = np.where(used, u, np.inf).min(axis=1), np.where(used, u, -np.inf).max(axis=1)
    sound = (least < most) & (spread > 0)
    slope = (weight * du * positions).sum(axis=1) / np.where(sound, spread, 1.0)
    return _Maps(intercept=middle - slope * u_middle, slope=slope), sound
