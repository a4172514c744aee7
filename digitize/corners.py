"""The corners of a polyline whose data points stand at no regular spacing.

The curve is cut into straight pieces by dynamic programming, at a fixed cost a piece (Jackson et al., *An algorithm for
optimal partitioning of data on an interval*, 2005); neighbouring pieces meet in a corner, whose place is known the
better the sharper it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from digitize.model import FloatArray
from digitize.splines import Curve

#: What a piece costs, in squared standard errors: two parameters and a place, with room for uneven noise.
_PIECE = 25.0
#: Points this near to a corner, beside the stroke's share, are bent by it, in pixels.
_BENT = 0.5
#: More points than this are thinned, since the work grows with their square.
_MOST_POINTS = 900
#: Ends of pieces that are weighed together.
_BLOCK = 16
#: Two pieces that meet further than so many pixels from where they were cut do not meet in a corner.
_ASTRAY = 3.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Corners:
    """Corners in pixels with standard errors, (m,) each, both ends among them, and how well they tell the curve.

    `mean_misfit` is the mean square distance of the curve from the pieces in standard errors. `bow` is by how many
    standard errors the pieces bend, taken together, the way that the corners turn: a smooth curve cut into pieces.
    """

    x: FloatArray
    y: FloatArray
    x_error: FloatArray
    y_error: FloatArray
    mean_misfit: float
    bow: float

    @property
    def turns(self) -> FloatArray:
        """By what angle the polyline turns at each inner corner, in degrees, (m - 2,)."""
        apart = np.maximum(np.diff(self.x), 1e-6)
        return np.asarray(np.diff(np.degrees(np.arctan2(np.diff(self.y), apart))))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Line:
    """A straight piece: ``y = level + slope * (x - middle)`` with standard errors, over points `first` to `last`."""

    middle: float
    level: float
    slope: float
    level_error: float
    slope_error: float
    first: int
    last: int

    def at(self, x: float) -> float:
        return self.level + self.slope * (x - self.middle)

    def error(self, x: float) -> float:
        return float(np.hypot(self.level_error, self.slope_error * (x - self.middle)))


def find_corners(curve: Curve) -> Corners | None:
    """The corners of a curve taken as a polyline, None where it has too few points."""
    thin = _thinned(curve)
    if len(thin) < 6:
        return None
    cuts = _partition(thin)
    bent = _BENT + thin.width / 4
    lines = [line for a, b in pairwise(cuts) if (line := _line(thin, a, b, bent))]
    if not lines:
        return None
    points = [(float(thin.x[0]), lines[0].at(float(thin.x[0])), 0.5, lines[0].error(float(thin.x[0])))]
    for left, right in pairwise(lines):
        points += _meeting(thin, left, right)
    end = float(thin.x[-1])
    points.append((end, lines[-1].at(end), 0.5, lines[-1].error(end)))
    x, y, x_error, y_error = (np.array(column) for column in zip(*points, strict=True))
    order = np.argsort(x, kind="stable")
    residual = np.concatenate([_residuals(thin, line) for line in lines])
    return Corners(
        x=x[order],
        y=y[order],
        x_error=x_error[order],
        y_error=y_error[order],
        mean_misfit=float(np.minimum(residual**2, 9.0).mean()),
        bow=_bow(thin, lines),
    )


def _thinned(curve: Curve) -> Curve:
    step = -(-len(curve) // _MOST_POINTS)
    if step == 1:
        return curve
    return Curve(x=curve.x[::step], y=curve.y[::step], sigma=curve.sigma[::step], width=curve.width)


def _partition(curve: Curve) -> list[int]:
    """Where the straight pieces begin, and the end of the last."""
    n = len(curve)
    w = 1 / curve.sigma**2
    x, y = curve.x - curve.x.mean(), curve.y - curve.y.mean()
    terms = (np.ones(n), x, y, x * x, x * y, y * y)
    sums = np.stack([np.concatenate([[0.0], np.cumsum(w * term)]) for term in terms])
    best = np.zeros(n + 1)
    came = np.zeros(n + 1, dtype=np.int64)
    for first in range(1, n + 1, _BLOCK):
        ends = np.arange(first, min(first + _BLOCK, n + 1))
        costs = _misfits(sums, ends)
        for end, cost in zip(ends.tolist(), costs, strict=True):
            total = best[:end] + cost[:end] + _PIECE
            came[end] = total.argmin()
            best[end] = total[came[end]]
    cuts = [n]
    while cuts[-1] > 0:
        cuts.append(int(came[cuts[-1]]))
    return cuts[::-1]


def _misfits(sums: FloatArray, ends: NDArray[np.intp]) -> FloatArray:
    """The misfit of the line through the points from each start, 0 to the last end, to each of the ends, (k, starts).

    `sums` (6, n + 1) are those of 1, x, y, xx, xy and yy over the points before each. What starts at or behind its end
    tells nothing.
    """
    s, sx, sy, sxx, sxy, syy = sums[:, ends, None] - sums[:, None, : ends[-1]]
    s = np.where(s > 0, s, 1.0)
    spread = np.maximum(sxx - sx * sx / s, 1e-9)
    along = sxy - sx * sy / s
    return np.asarray(np.maximum(syy - sy * sy / s - along * along / spread, 0.0))


def _line(curve: Curve, start: int, stop: int, bent: float) -> _Line | None:
    """The straight line through the points `start` to `stop`, without those bent by corners where others remain."""
    if stop - start < 2:
        return None
    x = curve.x[start:stop]
    inner = (x >= x[0] + bent) & (x <= x[-1] - bent)
    if inner.sum() < 3 or np.ptp(x[inner]) < 0.5 * np.ptp(x):
        inner = np.ones(len(x), bool)
    x, y, w = x[inner], curve.y[start:stop][inner], 1 / curve.sigma[start:stop][inner] ** 2
    total = float(w.sum())
    middle = float(w @ x) / total
    spread = max(float(w @ (x - middle) ** 2), 1e-9)
    return _Line(
        middle=middle,
        level=float(w @ y) / total,
        slope=float(w @ ((x - middle) * y)) / spread,
        level_error=total**-0.5,
        slope_error=spread**-0.5,
        first=start,
        last=stop - 1,
    )


def _meeting(curve: Curve, left: _Line, right: _Line) -> list[tuple[float, float, float, float]]:
    """The corner where two pieces meet, or the two ends of a jump."""
    before, after = float(curve.x[left.last]), float(curve.x[right.first])
    turn = right.slope - left.slope
    if turn != 0:
        x = (left.at(0.0) - right.at(0.0)) / turn
        if before - _ASTRAY <= x <= after + _ASTRAY:
            apart = float(np.hypot(left.error(x), right.error(x)))
            y_error = float(np.hypot(min(left.error(x), right.error(x)), 0.05))
            return [(x, (left.at(x) + right.at(x)) / 2, apart / abs(turn), y_error)]
    return [
        (before, left.at(before), 0.5, left.error(before)),
        (after, right.at(after), 0.5, right.error(after)),
    ]


def _residuals(curve: Curve, line: _Line) -> FloatArray:
    part = slice(line.first, line.last + 1)
    fitted = line.level + line.slope * (curve.x[part] - line.middle)
    return np.asarray((curve.y[part] - fitted) / curve.sigma[part])


def _bow(curve: Curve, lines: list[_Line]) -> float:
    """By how many standard errors the inner pieces are bent the way that the corners beside them turn."""
    slopes = np.array([line.slope for line in lines])
    total, count = 0.0, 0
    for k in range(1, len(lines) - 1):
        before, after = slopes[k] - slopes[k - 1], slopes[k + 1] - slopes[k]
        line = lines[k]
        if before * after <= 0 or line.last - line.first < 4:
            continue
        part = slice(line.first, line.last + 1)
        u = np.linspace(-1.0, 1.0, line.last - line.first + 1)
        bend = u**2 - float((u**2).mean())
        w = 1 / curve.sigma[part]
        strength = float(_residuals(curve, line) @ (bend * w)) / float(np.linalg.norm(bend * w))
        total += float(np.clip(np.sign(before) * strength, -6, 6))
        count += 1
    return float(total / max(count, 1) ** 0.5)
