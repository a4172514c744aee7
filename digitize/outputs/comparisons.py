"""Curves held against each other: who lies above whom, where they cross, how far apart they are, how restless they are.

Values are compared where both curves are drawn; a difference counts where the errors of the two cannot explain it.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from digitize.model import FloatArray, Panel
from digitize.outputs.curves import read_curve

_SHORT = 0.03  # of what both are drawn over: a shorter lead is a touch
_BRIEF = 0.02  # of a stretch: what may lie on the other side without undoing "above"
_MOSTLY = 0.5  # of a stretch: what must lie clearly above
_OWN_ERROR = 0.5  # of a point's error: what neighbours do not share; the calibration's part moves all alike
_STRETCHES = 12  # of what both are drawn over, in each of which a curve's restlessness is measured


@dataclass(frozen=True, kw_only=True, eq=False)
class Difference:
    """The first of two curves minus the second where both are drawn: x, difference and error, each (n,)."""

    x: FloatArray
    y: FloatArray
    error: FloatArray

    def __len__(self) -> int:
        return len(self.x)

    @property
    def side(self) -> FloatArray:
        """1 where the first lies above beyond the errors, -1 where it lies below, 0 where that cannot be told."""
        return np.sign(self.y) * (np.abs(self.y) > self.error)

    def within(self, start: float = -math.inf, stop: float = math.inf) -> Difference:
        part = (self.x >= start) & (self.x <= stop)
        return Difference(x=self.x[part], y=self.y[part], error=self.error[part])

    @property
    def turned(self) -> Difference:
        """The second minus the first."""
        return Difference(x=self.x, y=-self.y, error=self.error)

    def holds_above(
        self, start: float = -math.inf, stop: float = math.inf, *, brief: float = _BRIEF, mostly: float = _MOSTLY
    ) -> bool | None:
        """Whether the first lies above the second throughout a stretch; None where the errors leave it open.

        A share of it up to `brief` may lie on the other side, as lines that touch are not told apart to the column, and
        a share of `mostly` must lie clearly above.
        """
        side = self.within(start, stop).side
        if not len(side):
            return None
        if np.mean(side < 0) > brief:
            return False
        return True if np.mean(side > 0) >= mostly else None


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A stretch on which one of two curves lies above: 1 the first, -1 the second."""

    side: int
    start: float
    stop: float


def difference(panel: Panel, first: int, second: int) -> Difference:
    """The difference of two series of a panel, by their indices, at the x of both; empty where they share none."""
    one, two = (read_curve(panel, panel.series[k]) for k in (first, second))
    empty = np.empty(0)
    if not len(one) or not len(two) or panel.series[first].axis != panel.series[second].axis:
        return Difference(x=empty, y=empty, error=empty)
    if "points" in (panel.series[first].style, panel.series[second].style):
        x = np.intersect1d(one.x, two.x)
    else:
        x = np.union1d(one.x, two.x)
        x = x[(x >= max(one.x[0], two.x[0])) & (x <= min(one.x[-1], two.x[-1]))]
        x = x[_drawn_near(one.x, x) & _drawn_near(two.x, x)]
    values = [np.interp(x, curve.x, curve.y) for curve in (one, two)]
    errors = [np.interp(x, curve.x, curve.y_err) for curve in (one, two)]
    return Difference(x=x, y=values[0] - values[1], error=errors[0] + errors[1])


def _drawn_near(known: FloatArray, wanted: FloatArray) -> np.ndarray:
    """Which wanted x lie in no gap: the columns known on either side stand no farther apart than usual."""
    if len(known) < 2:
        return np.isin(wanted, known)
    after = np.clip(np.searchsorted(known, wanted), 1, len(known) - 1)
    return np.asarray((known[after] - known[after - 1]) <= 3 * np.median(np.diff(known)))


def find_leads(apart: Difference) -> tuple[Lead, ...]:
    """The stretches on which one of two curves lies above the other, in their order, touches left out."""
    side = apart.side
    told = np.flatnonzero(side)
    if not len(told):
        return ()
    runs = np.split(told, np.flatnonzero(np.diff(side[told])) + 1)
    least = _SHORT * float(apart.x[-1] - apart.x[0])
    leads: list[Lead] = []
    for run in runs:
        ends = run[[1, -2]] if len(run) > 4 else run[[0, -1]]  # at the very ends the two still touch
        lead = Lead(side=int(side[run[0]]), start=float(apart.x[ends[0]]), stop=float(apart.x[ends[1]]))
        if lead.stop - lead.start < least:
            continue
        if leads and leads[-1].side == lead.side:
            lead = Lead(side=lead.side, start=leads.pop().start, stop=lead.stop)
        leads.append(lead)
    return tuple(leads)


def find_swaps(apart: Difference) -> tuple[tuple[float, float], ...]:
    """Where two curves change places, each as the x at which one lead ends and the next one begins."""
    leads = find_leads(apart)
    return tuple((one.stop, two.start) for one, two in itertools.pairwise(leads))


def restlessness(panel: Panel, index: int) -> tuple[float, float] | None:
    """How far a curve usually strays from its own course, in y, with the error of that; None where it is too short.

    The median, over stretches of equal length, of the mean distance from the straight line through each.
    """
    curve = read_curve(panel, panel.series[index])
    if len(curve) < 4 * _STRETCHES or panel.series[index].style == "points":
        return None
    strays = []
    for part in np.array_split(np.arange(len(curve)), _STRETCHES):
        x = curve.x[part] - curve.x[part].mean()
        fit = np.polynomial.Polynomial.fit(x, curve.y[part], 1)
        strays.append(float(np.mean(np.abs(curve.y[part] - fit(x)))))
    return float(np.median(strays)), _OWN_ERROR * float(np.median(curve.y_err))


def correlation(one: tuple[Panel, int], two: tuple[Panel, int]) -> float | None:
    """How alike two series of two panels move: Pearson's r of their scaled values at common x; None where none is told.

    None where the x axes differ in scale, the curves share less than half of either, or one of them is level.
    """
    (first, i), (second, j) = one, two
    if first.x_axis is None or second.x_axis is None or first.x_axis.scale != second.x_axis.scale:
        return None
    a, b = read_curve(first, first.series[i]), read_curve(second, second.series[j])
    if len(a) < 8 or len(b) < 8:
        return None
    start, stop = max(a.x[0], b.x[0]), min(a.x[-1], b.x[-1])
    if stop - start < 0.5 * max(a.x[-1] - a.x[0], b.x[-1] - b.x[0]):
        return None
    x = np.linspace(start, stop, 200)
    values = [np.interp(x, curve.x, curve.scaled) for curve in (a, b)]
    levels = [4 * float(np.median(curve.y_err)) for curve in (a, b)]
    if any(float(np.ptp(curve.y)) <= level for curve, level in zip((a, b), levels, strict=True)):
        return None
    return float(np.corrcoef(values)[0, 1])
