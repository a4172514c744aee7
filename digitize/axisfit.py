"""Straight maps from scaled values to pixels, fitted to labels that may each mean several values.

A label is certain of its place and uncertain of its value. The best map is the one of least cost, where a label
costs its squared residual in standard errors plus twice the surprise of the reading that it takes, and at most
`OUTLIER_COST`, when it is dropped: a maximum a posteriori fit with a truncated quadratic loss. Candidate maps are
drawn through pairs of readings as in RANSAC (Fischler & Bolles 1981), but through all likely pairs, not at random,
and refined by weighted least squares.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.model import FloatArray

OUTLIER_COST = 16.0
_MOST_SEEDS = 60
_REFINED = 10
# Half a unit of the last digit is a uniform error; its variance is its half-width squared over 3, and its density
# that of a normal error with 2/pi of its squared half-width as variance at the peak.
_UNIFORM = 3.0
_UNIFORM_TO_NORMAL = 2 / np.pi
# Labels are seldom rounded to fewer digits than their ticks need.
_ROUNDING_COST = 3.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates:
    """The values that labels may have, flattened: entry j says that label `label[j]` may have the scaled value `u[j]`.

    All arrays have the shape (m,), sorted by `label`. `penalty` is twice the negative log of the reading's prior,
    `slack` the half-width of rounding in scaled units. Rounding may explain at most `most_slack_px`.
    """

    label: NDArray[np.int_]
    u: FloatArray
    penalty: FloatArray
    slack: FloatArray
    most_slack_px: float


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
    intercept = p[first] - slope * u[first]
    found: list[LineFit] = []
    # A map through two labels that stand a little off needs the coarse errors to take in the others; with the fine
    # ones it tells readings apart that lie close together.
    for sigma in (fine, coarse):
        cost = _label_costs(candidates, positions, sigma, intercept, slope).sum(axis=1)
        for seed in np.argsort(cost, kind="stable")[:_REFINED]:
            start = LineFit(intercept=float(intercept[seed]), slope=float(slope[seed]), chosen=np.array([]), cost=0.0)
            fit = refine(candidates, positions, sigma, start)
            if fit is not None and sigma is coarse:
                fit = refine(candidates, positions, fine, fit)
            if fit is not None and not any(np.array_equal(fit.chosen, other.chosen) for other in found):
                found.append(fit)
    return sorted(found, key=lambda fit: fit.cost)


def refine(candidates: Candidates, positions: FloatArray, sigma: FloatArray, start: LineFit) -> LineFit | None:
    """The map nearest to `start` at which choice of readings and least squares agree; None where it collapses."""
    fit = _choose(candidates, positions, sigma, start.intercept, start.slope)
    for _ in range(6):
        solved = _solve(candidates, positions, sigma, fit)
        if solved is None:
            return None
        after = _choose(candidates, positions, sigma, *solved)
        settled = np.array_equal(after.chosen, fit.chosen)
        fit = after
        if settled:
            break
    return fit if fit.used.sum() >= 2 else None


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


def _entry_costs(
    candidates: Candidates, positions: FloatArray, sigma: FloatArray, intercept: FloatArray, slope: FloatArray
) -> FloatArray:
    """Costs (hypotheses, entries): exact reading, or a rounded one where that is cheaper."""
    squared = (intercept[:, None] + slope[:, None] * candidates.u - positions[candidates.label]) ** 2
    variance = sigma[candidates.label] ** 2
    slack_px = np.abs(slope[:, None] * candidates.slack)
    beyond = np.maximum(np.sqrt(squared) - slack_px, 0.0) ** 2 / variance
    # Twice the log of how much thinner a uniform error is spread than the normal one.
    lenient = beyond + np.log1p(_UNIFORM_TO_NORMAL * slack_px**2 / variance) + _ROUNDING_COST
    lenient = np.where(slack_px <= candidates.most_slack_px, lenient, np.inf)
    return np.asarray(np.minimum(squared / variance, lenient) + candidates.penalty)


def _label_costs(
    candidates: Candidates, positions: FloatArray, sigma: FloatArray, intercept: FloatArray, slope: FloatArray
) -> FloatArray:
    costs = _entry_costs(candidates, positions, sigma, intercept, slope)
    starts = np.flatnonzero(np.r_[True, np.diff(candidates.label) > 0])
    best = np.minimum.reduceat(costs, starts, axis=1)
    unread = len(positions) - len(starts)
    return np.concatenate(
        [np.minimum(best, OUTLIER_COST), np.full((len(best), unread), OUTLIER_COST)], axis=1
    )


def _choose(
    candidates: Candidates, positions: FloatArray, sigma: FloatArray, intercept: float, slope: float
) -> LineFit:
    costs = _entry_costs(candidates, positions, sigma, np.array([intercept]), np.array([slope]))[0]
    chosen = np.full(len(positions), -1)
    total = 0.0
    for label in range(len(positions)):
        entries = np.flatnonzero(candidates.label == label)
        best = entries[np.argmin(costs[entries])] if len(entries) else -1
        if best >= 0 and costs[best] < OUTLIER_COST:
            chosen[label] = best
            total += costs[best]
        else:
            total += OUTLIER_COST
    return LineFit(intercept=intercept, slope=slope, chosen=chosen, cost=float(total))


def _solve(
    candidates: Candidates, positions: FloatArray, sigma: FloatArray, fit: LineFit
) -> tuple[float, float] | None:
    used = fit.used
    u = candidates.u[fit.chosen[used]]
    if len(u) < 2 or np.ptp(u) == 0:
        return None
    residuals = np.abs(positions[used] - fit.at(u))
    slack = np.abs(fit.slope) * candidates.slack[fit.chosen[used]]
    # A label that already fits as printed needs no allowance for rounding.
    sigma = np.where(residuals <= 2 * sigma[used], sigma[used], np.hypot(sigma[used], slack / np.sqrt(_UNIFORM)))
    center = np.average(u, weights=sigma**-2)
    weight, du = sigma**-2, u - center
    slope = float(np.sum(weight * du * positions[used]) / np.sum(weight * du**2))
    return float(np.average(positions[used], weights=weight) - slope * center), slope
