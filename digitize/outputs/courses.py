"""The course of a curve in a few phases: rises, falls and stretches that do neither.

The curve is averaged to at most `_BINS` bins, fewer where it is noisy, and fitted by a continuous piecewise straight
line whose pieces each cost a price (PELT: Killick, Fearnhead & Eckley, *Optimal detection of changepoints with a linear
computational cost*, 2012, with the cost of Fearnhead, Maidstone & Letchford, *Detecting changes in slope with an L0
penalty*, 2019).
Noise is measured on the curve itself; a piece rises or falls only where noise and the errors of the reading cannot
explain it.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from digitize.model import FloatArray, Panel, Point, Series
from digitize.outputs.curves import Curve, read_curve

Direction = Literal["rises", "falls", "fluctuates"]

_BINS = 100
_FEWEST_BINS = 20  # what a noisy curve is averaged to
_MOST_PHASES = 6  # more make no sentence
_DETAIL = 0.02  # of what the curve spans: finer turns are nothing to speak of
_CLEAR = 1.5  # times what would do
_LEVEL = 0.04  # of the curve's points: those whose mean is its level at the end of a phase
_NOISY = 3.0  # times what points stray: smaller changes of level may be noise
_APART = 3  # points from one to the next that shares no pixel with it
_BRIEF = 0.04  # of the curve's length: a shorter rise must be a great one
_GREAT = 0.25  # of what the curve spans
_PAUSE = 0.12  # of the curve's length: what a rise may rest without being two
_SLIGHT = 0.08  # of what the curve spans: smaller changes are no rise and no fall


_Piece = tuple[Direction, int, int]  # a direction, and the points at which it starts and stops


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A stretch of a course: where it starts and stops, and the least and greatest value on it."""

    direction: Direction
    start: Point
    stop: Point
    low: float
    high: float
    error: float


@dataclass(frozen=True, kw_only=True)
class Change:
    """From one x to another: the net change of y, its error, and the greatest move against it on the way."""

    net: float
    error: float
    reverse: float

    @property
    def direction(self) -> Direction:
        """`rises` or `falls` where the errors cannot explain the change and it outweighs every move against it."""
        if abs(self.net) <= self.error or self.reverse >= abs(self.net):
            return "fluctuates"
        return "rises" if self.net > 0 else "falls"

    @property
    def clear_direction(self) -> Direction:
        """The direction where it stands out by a margin, so that a look from slightly other places finds it too."""
        clear = abs(self.net) > _CLEAR * self.error and self.reverse < abs(self.net) / _CLEAR
        return self.direction if clear else "fluctuates"


def change_between(curve: Curve, start: float, stop: float) -> Change | None:
    """How a curve changes from the x nearest `start` to the one nearest `stop`; None where it has no two points."""
    if len(curve) < 2:
        return None
    first, last = (int(np.abs(curve.x - x).argmin()) for x in (start, stop))
    if first >= last:
        return None
    y = curve.y[first : last + 1]
    net = float(y[-1] - y[0])
    upward = y if net >= 0 else -y
    reverse = float((np.maximum.accumulate(upward) - upward).max())
    return Change(net=net, error=float(curve.y_err[first] + curve.y_err[last]), reverse=reverse)


def find_phases(panel: Panel, series: Series) -> tuple[Phase, ...]:
    """The phases of a series of a panel in their order; none where it has no points."""
    curve = read_curve(panel, series)
    if not len(curve):
        return ()
    turns = _find_turns(curve) if len(curve) >= 3 and series.style != "points" else [0, len(curve) - 1]
    pieces = [(_direction(curve, start, stop), start, stop) for start, stop in itertools.pairwise(turns)]
    return tuple(_phase(curve, *piece) for piece in _joined(curve, pieces or [("fluctuates", 0, len(curve) - 1)]))


def _direction(curve: Curve, start: int, stop: int) -> Direction:
    """Where a piece goes: nowhere, where its change is slight, or brief and not great, or may be noise."""
    change = change_between(curve, float(curve.x[start]), float(curve.x[stop]))
    span, length = float(np.ptp(curve.y)), float(curve.x[stop] - curve.x[start]) / float(np.ptp(curve.x) or 1.0)
    least = _SLIGHT if length >= _BRIEF else _GREAT
    if change is None or abs(change.net) <= least * span or not _outlasts_noise(curve, start, stop):
        return "fluctuates"
    return change.clear_direction


def _joined(curve: Curve, pieces: list[_Piece]) -> list[_Piece]:
    """Pieces with neighbours of one direction joined, and with them what fluctuates briefly between two of one."""
    joined: list[_Piece] = []
    for direction, start, stop in pieces:
        if joined and joined[-1][0] == direction:
            start = joined.pop()[1]
        elif len(joined) >= 2 and joined[-2][0] == direction != "fluctuates":
            pause = (curve.x[joined[-1][2]] - curve.x[joined[-1][1]]) / np.ptp(curve.x)
            if pause <= _PAUSE and _direction(curve, joined[-2][1], stop) == direction:
                joined.pop()
                start = joined.pop()[1]
        joined.append((direction, start, stop))
    return joined


def _outlasts_noise(curve: Curve, start: int, stop: int) -> bool:
    """Whether the levels at both ends of a stretch differ by more than it strays from its own straight course."""
    width = min(max(round(_LEVEL * len(curve)), 1), (stop - start) // 3 + 1)
    x, y = curve.x[start : stop + 1], curve.scaled[start : stop + 1]
    change = abs(float(y[-width:].mean() - y[:width].mean()))
    course = np.polynomial.Polynomial.fit(x, y, 1)
    apart = curve.scaled[::_APART] if len(curve) > 8 * _APART else curve.scaled
    return change > _NOISY * max(float(np.std(y - course(x))), _noise(apart))


def _phase(curve: Curve, direction: Direction, start: int, stop: int) -> Phase:
    """A phase with its extremes; merged rises that no longer count as one fluctuate."""
    change = change_between(curve, float(curve.x[start]), float(curve.x[stop]))
    y, errors = curve.y[start : stop + 1], curve.y_err[start : stop + 1]
    return Phase(
        direction=direction if change is not None and change.clear_direction == direction else "fluctuates",
        start=curve.point(start),
        stop=curve.point(stop),
        low=float(y.min()),
        high=float(y.max()),
        error=float(np.median(errors)),
    )


def _find_turns(curve: Curve) -> list[int]:
    """Indices of the curve where its course turns, its two ends included."""
    count = min(_BINS, len(curve))
    while True:
        edges = np.linspace(0, len(curve), count + 1).astype(int)
        counts = np.diff(edges)
        binned = np.add.reduceat(curve.scaled, edges[:-1]) / counts
        span = float(np.ptp(binned))
        if not span > 0 or len(binned) < 4:
            return [0, len(curve) - 1]
        noise = _noise(binned)
        if noise <= _DETAIL * span or count <= 2 * _FEWEST_BINS:
            break
        count //= 2
    detail = max(noise, _scaled_error(curve), _DETAIL * span)
    inner = _breaks(binned / detail)
    turns = [_sharpest(curve, int(edges[k]), int(counts.max())) for k in inner]
    return sorted({0, *turns, len(curve) - 1})


def _noise(values: FloatArray) -> float:
    """The standard deviation of what neighbours do not share, from second differences, which slopes leave alone."""
    if len(values) < 3:
        return 0.0
    return float(np.median(np.abs(np.diff(values, 2))) / 0.6745 / math.sqrt(6))


def _scaled_error(curve: Curve) -> float:
    """The usual error of a point as the axis spaces it."""
    slope = np.ptp(curve.scaled) / max(float(np.ptp(curve.y)), 1e-300)
    return float(np.median(curve.y_err) * slope / 1.96)


def _breaks(signal: FloatArray) -> list[int]:
    """The bins at which a piecewise straight line of few pieces bends; the signal is in units of its noise."""
    import ruptures

    search = ruptures.Pelt(model="clinear", min_size=3, jump=1).fit(signal)
    penalty = 3.0 * math.log(len(signal))
    while True:
        found = [int(k) for k in search.predict(pen=penalty)[:-1]]
        if len(found) < _MOST_PHASES:
            return found
        penalty *= 2


def _sharpest(curve: Curve, index: int, reach: int) -> int:
    """The point near a bend at which the curve lies farthest from the straight line between its surroundings."""
    low, high = max(index - 2 * reach, 0), min(index + 2 * reach, len(curve) - 1)
    chord = np.interp(curve.x[low : high + 1], curve.x[[low, high]], curve.scaled[[low, high]])
    return low + int(np.abs(curve.scaled[low : high + 1] - chord).argmax())
