"""Straight segments between knots, fitted to the points of a curve by weighted least squares.

A polyline with known knots is a linear spline, a sum of hat functions, one a knot (de Boor, *A Practical Guide to
Splines*, 1978, chapter III); its normal equations are tridiagonal.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from digitize.medians import median
from digitize.model import FloatArray, Trace

#: Residuals beyond so many standard errors are not the curve's: another curve's ink, a letter, a bridge gone astray.
_FAR = 3.0
#: Standard errors of a trace's points on bare paper, least and greatest that are believed, in pixels.
_LEAST_NOISE, _MOST_NOISE = 0.14, 0.4
#: Spacing of knots, in pixels, that leaves next to nothing but noise of any curve.
_FINEST = 3.0
#: Standard error of a point that was bridged beneath other ink, in pixels.
_COVERED = 1.0
#: Standard error of the points that a line's cap distorts, in pixels.
_AT_END = 0.3
#: Knots without points of their own are held by this share of a point's weight.
_HELD = 1e-7
#: Points that curves are fitted at together, all divisions counted, which bounds the memory that it takes.
_AT_ONCE = 60_000
#: Knots have settled where a round lessens the misfit by no more than this share.
_SETTLED = 0.02


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """The seen points of a trace from left to right: `x`, `y` in pixels and standard errors `sigma`, all (n,).

    `width` is that of its stroke. `fits` remembers what was fitted to it, by the knots and the rounds of settling, and
    `divisions` what it costs to divide it, by the most parts.
    """

    x: FloatArray
    y: FloatArray
    sigma: FloatArray
    width: float
    fits: dict[tuple[bytes, int], Spline | None] = field(init=False, repr=False, default_factory=dict)
    divisions: dict[int, FloatArray] = field(init=False, repr=False, default_factory=dict)

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, kw_only=True, eq=False)
class Spline:
    """A fitted polyline: `knots` and `values` (m,) in pixels, `residuals` (n,) in standard errors.

    `misfit` is the sum of their squares, each counted up to `_FAR` standard errors only.
    """

    knots: FloatArray
    values: FloatArray
    residuals: FloatArray

    @cached_property
    def misfit(self) -> float:
        return float(np.minimum(self.residuals**2, _FAR**2).sum())

    @property
    def mean_misfit(self) -> float:
        return self.misfit / max(len(self.residuals), 1)

    @property
    def cost(self) -> float:
        """The Bayesian information criterion (Schwarz 1978) of the polyline, a parameter a knot."""
        return self.misfit + len(self.knots) * float(np.log(max(len(self.residuals), 2)))


def to_curve(trace: Trace) -> Curve:
    """The points of a trace with their standard errors, which grow with the slope and beneath other ink."""
    seen = np.isfinite(trace.y_px)
    order = np.argsort(trace.x_px[seen], kind="stable")
    x, y = trace.x_px[seen][order], trace.y_px[seen][order]
    covered = trace.covered[seen][order]
    if len(x) < 3:
        return Curve(x=x, y=y, sigma=np.ones(len(x)), width=trace.width_px)
    rise = np.abs(np.diff(y)) / np.maximum(np.diff(x), 0.25)
    steep = np.maximum(np.append(rise, rise[-1]), np.insert(rise, 0, rise[0]))
    plain = Curve(x=x, y=y, sigma=np.hypot(np.hypot(1.0, steep), covered * 20.0), width=trace.width_px)
    finest = fit_spline(plain, np.linspace(x[0], x[-1], max(int((x[-1] - x[0]) / _FINEST), 1) + 1))
    # a third of the freedom goes into the knots, and what remains of the noise is that much smaller
    noise = 1.4826 * median(np.abs(finest.residuals[~covered])) / (1 - 1 / _FINEST) if (~covered).any() else 1
    noise = float(np.clip(noise, _LEAST_NOISE, _MOST_NOISE))
    near_end = np.minimum(x - x[0], x[-1] - x) < trace.width_px / 2 + 0.5
    return replace(plain, sigma=np.hypot(noise * np.hypot(1.0, steep), covered * _COVERED + near_end * _AT_END))


def fit_spline(curve: Curve, knots: FloatArray) -> Spline:
    """The polyline with the given knots, (m,) increasing, m >= 2, that lies nearest to a curve."""
    weight = 1 / curve.sigma**2
    return _fit(curve, knots, weight)


def with_errors(curve: Curve, spline: Spline) -> tuple[Spline, FloatArray]:
    """The polyline fitted again without far points, and the standard errors (m,) of its values."""
    weight = np.where(np.abs(spline.residuals) <= _FAR, 1 / curve.sigma**2, 1e-3 / curve.sigma**2)
    again = _fit(curve, spline.knots, weight)
    piece, share = _places(curve.x, spline.knots)
    return again, np.sqrt(_variances(*_normal(piece, share, weight, len(spline.knots))))


def settle(curve: Curve, knots: FloatArray, most: float, rounds: int = 3) -> Spline | None:
    """The polyline whose knots may all be shifted and stretched together, so that they fall on the corners.

    Where the knots are a little off, the residuals follow the slopes to both sides of each (a Gauss-Newton step).
    None where the knots would have to move by more than `most` pixels.
    """
    start, middle, half = knots, (knots[0] + knots[-1]) / 2, (knots[-1] - knots[0]) / 2
    weight = 1 / curve.sigma
    damping = 1e-6 * float((weight**2).sum()) / len(weight)
    basis = _Basis.of(curve.x, knots, weight**2)
    best = basis.fit(curve)
    for _ in range(rounds):
        slope = ((best.values[1:] - best.values[:-1]) / (best.knots[1:] - best.knots[:-1]))[basis.piece]
        changes = (slope, slope * (curve.x - middle) / half)
        columns = [basis.apart(change, basis.values(change)) * weight for change in changes]
        near = np.abs(best.residuals) <= 3 * _FAR
        matrix = np.column_stack(columns)[near]
        gram = matrix.T @ matrix
        gram.flat[::3] += damping
        step = np.linalg.solve(gram, -(matrix.T @ best.residuals[near])).tolist()
        shift, stretch = (min(max(by, -2.0), 2.0) for by in step)
        moved = best.knots + shift + stretch * (best.knots - middle) / half
        if np.abs(moved - start).max() > most:
            return without_far(curve, best) if best.knots is not knots else None
        basis = _Basis.of(curve.x, moved, weight**2)
        after = basis.fit(curve)
        gained = best.misfit - after.misfit
        best = after if gained > 0 else best
        if gained <= _SETTLED * after.misfit:
            break
    return without_far(curve, best)


def without_far(curve: Curve, spline: Spline) -> Spline:
    """The polyline fitted again with far points held off by Huber's weights."""
    far = np.abs(spline.residuals)
    again = _fit(curve, spline.knots, np.minimum(1.0, _FAR / np.maximum(far, 1e-9)) ** 2 / curve.sigma**2)
    return again if again.misfit < spline.misfit else spline


def _fit(curve: Curve, knots: FloatArray, weight: FloatArray) -> Spline:
    return _Basis.of(curve.x, knots, weight).fit(curve)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Basis:
    """Everything of a fit that does not depend on y: where points lie among the knots, and the factored matrix."""

    knots: FloatArray
    piece: NDArray[np.int64]
    share: FloatArray
    weight: FloatArray
    pivots: list[float]
    factors: list[float]

    @classmethod
    def of(cls, x: FloatArray, knots: FloatArray, weight: FloatArray) -> _Basis:
        piece, share = _places(x, knots)
        pivots, factors = _factored(*_normal(piece, share, weight, len(knots)))
        return cls(knots=knots, piece=piece, share=share, weight=weight, pivots=pivots, factors=factors)

    def values(self, y: FloatArray) -> FloatArray:
        """The values at the knots of the polyline nearest to heights y, (n,)."""
        # held near the middle of the curve, so that a knot in a gap has a value at all
        level = float(y.sum()) / len(y)
        pull = self.weight * (y - level)
        right = _to_knots(self.piece, pull * (1 - self.share), pull * self.share, len(self.knots))
        return level + _solved(self.pivots, self.factors, right)

    def apart(self, y: FloatArray, values: FloatArray) -> FloatArray:
        """How far heights y lie from the polyline with these values."""
        return y - values[self.piece] * (1 - self.share) - values[self.piece + 1] * self.share

    def fit(self, curve: Curve) -> Spline:
        values = self.values(curve.y)
        return Spline(knots=self.knots, values=values, residuals=self.apart(curve.y, values) / curve.sigma)


def _places(x: FloatArray, knots: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    """The segment that each x lies on and the share of it to its left; beyond the ends the last segments run on."""
    piece = np.searchsorted(knots[1:-1], x, side="right")
    return piece, (x - knots[piece]) / (knots[1:] - knots[:-1])[piece]


def _normal(
    piece: NDArray[np.int64], share: FloatArray, weight: FloatArray, count: int
) -> tuple[FloatArray, FloatArray]:
    """The tridiagonal normal matrix: its diagonal (m,) and the one beside it (m - 1,)."""
    rest = 1 - share
    before, behind = weight * rest, weight * share
    diagonal = _to_knots(piece, before * rest, behind * share, count)
    diagonal += _HELD * float(weight.max())
    return diagonal, np.asarray(np.bincount(piece, before * share, count - 1))


def _to_knots(piece: NDArray[np.int64], before: FloatArray, behind: FloatArray, count: int) -> FloatArray:
    """The sums of what the points give to the knots before and behind them."""
    sums = np.asarray(np.bincount(piece, before, count), np.float64)
    sums[1:] += np.bincount(piece, behind, count - 1)
    return sums


def division_costs(curve: Curve, most: int) -> FloatArray:
    """What it costs (`Spline.cost`) to tell a curve by 1, 2, … `most` equal parts of its length, shape (most,).

    All of them are fitted side by side, knot by knot; a few at a time where the curve has many points.
    """
    if most not in curve.divisions:
        at_once = max(_AT_ONCE // len(curve), 1)
        blocks = [np.arange(first, min(first + at_once, most + 1)) for first in range(1, most + 1, at_once)]
        curve.divisions[most] = np.concatenate([_costs_of_parts(curve, counts) for counts in blocks])
    return curve.divisions[most]


def _costs_of_parts(curve: Curve, counts: NDArray[np.intp]) -> FloatArray:
    """The costs (k,) of dividing a curve into each of these counts of equal parts, which ascend."""
    rows, knots = np.arange(len(counts))[:, None], int(counts[-1]) + 1
    start, end = float(curve.x[0]), float(curve.x[-1])
    step = ((end - start) / counts)[:, None]
    places = np.arange(knots + 1) * step + start
    places[rows[:, 0], counts] = end
    piece = np.minimum(((curve.x - start) / step).astype(np.intp), counts[:, None] - 1)
    piece -= (places[rows, piece] > curve.x) & (piece > 0)
    piece += (places[rows, piece + 1] <= curve.x) & (piece < counts[:, None] - 1)
    left = places[rows, piece]
    share = (curve.x - left) / (places[rows, piece + 1] - left)
    weight = 1 / curve.sigma**2
    # row after row in one count, each with room for a knot more
    index, size = (piece + rows * (knots + 1)).ravel(), len(counts) * (knots + 1)

    def sums(values: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(index, values.ravel(), size), np.float64)

    rest = 1 - share
    before, behind = weight * rest, weight * share
    diagonal, beside = sums(before * rest), sums(before * share)
    diagonal[1:] += sums(behind * share)[:-1]
    diagonal += _HELD * float(weight.max())
    level = float(curve.y.sum()) / len(curve)
    pull = weight * (curve.y - level)
    right = sums(pull * rest)
    right[1:] += sums(pull * share)[:-1]
    shape = len(counts), knots + 1
    values = level + _solved_together(*(part.reshape(shape).T.copy() for part in (diagonal, beside, right))).T
    apart = curve.y - values[rows, piece] * rest - values[rows, piece + 1] * share
    misfit = np.minimum((apart / curve.sigma) ** 2, _FAR**2).sum(axis=1)
    return np.asarray(misfit + (counts + 1) * float(np.log(max(len(curve), 2))))


def _solved_together(diagonal: FloatArray, beside: FloatArray, right: FloatArray) -> FloatArray:
    """The solutions (m, k) of k symmetric tridiagonal systems, positive definite, of m equations; overwrites them."""
    for k in range(len(diagonal) - 1):
        factor = beside[k] / diagonal[k]
        diagonal[k + 1] -= factor * beside[k]
        right[k + 1] -= factor * right[k]
        beside[k] = factor
    right[-1] /= diagonal[-1]
    for k in range(len(diagonal) - 2, -1, -1):
        right[k] = right[k] / diagonal[k] - beside[k] * right[k + 1]
    return right


def _factored(diagonal: FloatArray, beside: FloatArray) -> tuple[list[float], list[float]]:
    """A symmetric tridiagonal matrix, positive definite, as pivots and factors (Thomas)."""
    pivots, factors = diagonal.tolist(), beside.tolist()
    for k, off in enumerate(factors):
        factors[k] = off / pivots[k]
        pivots[k + 1] -= factors[k] * off
    return pivots, factors


def _variances(diagonal: FloatArray, beside: FloatArray) -> FloatArray:
    """The diagonal of a tridiagonal matrix's inverse, from its pivots in either direction (Meurant, 1992)."""
    down, _ = _factored(diagonal, beside)
    up, _ = _factored(diagonal[::-1], beside[::-1])
    return np.asarray(1 / np.maximum(np.array(down) + np.array(up)[::-1] - diagonal, 1e-300))


def _solved(pivots: list[float], factors: list[float], right: FloatArray) -> FloatArray:
    """The solution of a factored system for one right side."""
    values = right.tolist()
    for k, factor in enumerate(factors):
        values[k + 1] -= factor * values[k]
    values[-1] /= pivots[-1]
    for k in range(len(factors) - 1, -1, -1):
        values[k] = values[k] / pivots[k] - factors[k] * values[k + 1]
    return np.array(values)
