"""Paths: the courses of curves through the fragments of a layer.

A course is the path through fragments that explains most ink for the least bridging: a shortest path in a graph
without cycles, solved by dynamic programming from left to right (Bellman). Several curves in one ink are taken one
after the other, each over what the earlier ones left; where they meet, a fragment may be passed again for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitize.model import FloatArray
from digitize.palette import Mask
from digitize.strokes import Fragment, IntArray, Runs, find_fragments

#: Cost, in columns of explained ink, of leaving a curve and taking it up again elsewhere (a gap in the data).
_BREAK = 6.0
#: Cost per pixel of a bridge where nothing hides the curve, and where other ink does.
_BARE, _UNDER = 0.45, 0.04
#: Cost per pixel by which a bridge misses where the curve was heading.
_OFF = 0.30
#: Fragments whose gap is longer than this are never bridged (in columns).
_REACH = 400


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """The runs (indices) of one curve from left to right, `bridged` whether each joins the one before by a bridge.

    `broken` is True at runs before which the curve has a gap; `gain` the columns of ink explained less the costs.
    """

    runs: IntArray
    broken: Mask
    under: FloatArray
    gain: float


class Net:
    """The fragments of a layer, with what it costs to pass from one to another."""

    def __init__(self, runs: Runs, hidden: Mask, stroke: float) -> None:
        self._runs = runs
        self._hidden = hidden
        self._stroke = stroke
        self._fragments, touching = find_fragments(runs)
        order = sorted(range(len(self._fragments)), key=lambda k: (self._fragments[k].first, self._fragments[k].last))
        rank = {old: new for new, old in enumerate(order)}
        self._fragments = [self._fragments[k] for k in order]
        self._touching = {(rank[a], rank[b]) for a, b in touching}
        self._ends = np.array([self._end(f) for f in self._fragments]).reshape(-1, 8)
        self._links = self._find_links()

    def _end(self, fragment: Fragment) -> tuple[float, ...]:
        """First and last column, centres there, slopes there, heights of the runs there."""
        index = fragment.runs
        x, y = self._runs.column[index].astype(float), self._runs.center[index]
        reach = max(3, min(12, round(3 * self._stroke)))
        left, right = _slope(x[:reach], y[:reach]), _slope(x[-reach:], y[-reach:])
        height = self._runs.bottom[index] - self._runs.top[index]
        return x[0], x[-1], y[0], y[-1], left, right, float(height[0]), float(height[-1])

    def _find_links(self) -> list[list[tuple[int, float, bool, float]]]:
        """For each fragment the earlier ones it may follow: (index, cost, broken, share hidden)."""
        links: list[list[tuple[int, float, bool, float]]] = []
        ends = self._ends
        for k in range(len(ends)):
            found: list[tuple[int, float, bool, float]] = []
            gap = ends[k, 0] - ends[:k, 1] - 1
            for j in np.flatnonzero((gap >= -2) & (gap <= _REACH)):
                if (int(j), k) in self._touching:
                    found.append((int(j), self._turn_cost(int(j), k), False, 0.0))
                elif len(self._fragments[j].runs) + len(self._fragments[k].runs) > 2 or gap[j] <= 3:
                    cost, share = self._bridge_cost(int(j), k, float(gap[j]))
                    broken = cost > _BREAK + 0.01 * max(float(gap[j]), 0)
                    found.append((int(j), min(cost, _BREAK + 0.01 * max(float(gap[j]), 0)), broken, share))
            found.sort(key=lambda link: link[1])
            links.append(found[:40])
        return links

    def _turn_cost(self, j: int, k: int) -> float:
        """Touching fragments: the change of slope, as far as both are flat enough to have one."""
        a, b = self._ends[j], self._ends[k]
        return 0.3 + 1.2 * abs(np.arctan(a[5]) - np.arctan(b[4]))

    def _bridge_cost(self, j: int, k: int, gap: float) -> tuple[float, float]:
        a, b = self._ends[j], self._ends[k]
        dx, dy = b[0] - a[1], b[2] - a[3]
        slack = max(a[7], b[6], self._stroke) / 2
        length = float(np.hypot(max(gap, 0), max(abs(dy) - 2 * slack, 0)))
        share = self._hidden_share(a[1], a[3], b[0], b[2])
        heading = min(abs(dy - a[5] * dx), abs(dy - b[4] * dx), abs(dy))
        off = max(heading - slack, 0.0)
        turn = abs(np.arctan(a[5]) - np.arctan(b[4]))
        cost = 0.3 + length * (_BARE * (1 - share) + _UNDER * share) + _OFF * off * (1 - 0.5 * share) + 0.8 * turn
        return cost, share

    def _hidden_share(self, x0: float, y0: float, x1: float, y1: float) -> float:
        count = int(max(abs(x1 - x0), abs(y1 - y0)))
        if count < 2:
            return 1.0
        t = np.arange(1, count) / count
        columns = np.clip(np.round(x0 + t * (x1 - x0)).astype(int), 0, self._hidden.shape[1] - 1)
        rows = np.clip(np.floor(y0 + t * (y1 - y0)).astype(int), 0, self._hidden.shape[0] - 1)
        return float(self._hidden[rows, columns].mean())

    def best(self, used: Sequence[bool]) -> tuple[list[int], float]:
        """The best path over fragments, of which the used ones gain nothing; with its gain."""
        count = len(self._fragments)
        gain = np.zeros(count)
        previous = np.full(count, -1)
        for k, fragment in enumerate(self._fragments):
            mass = np.minimum(self._runs.mass[fragment.runs] / self._stroke, 1.0).sum()
            own = 0.0 if used[k] else float(mass)
            best, via = 0.0, -1
            for j, cost, _, _ in self._links[k]:
                if gain[j] - cost > best:
                    best, via = gain[j] - cost, j
            gain[k], previous[k] = own + best, via
        path: list[int] = []
        k = int(np.argmax(gain)) if count else -1
        total = float(gain[k]) if count else 0.0
        while k >= 0:
            path.append(k)
            k = int(previous[k])
        return path[::-1], total

    def course(self, path: Sequence[int], gain: float) -> Course:
        """The runs along a path; where fragments overlap by a column or two the later one gives way."""
        runs: list[int] = []
        broken: list[bool] = []
        under: list[float] = []
        for n, k in enumerate(path):
            link = next((x for x in self._links[k] if n and x[0] == path[n - 1]), None)
            index = [int(i) for i in self._fragments[k].runs]
            if runs:
                last = int(self._runs.column[runs[-1]])
                index = [i for i in index if self._runs.column[i] > last]
            for m, i in enumerate(index):
                runs.append(i)
                broken.append(bool(link[2]) if link and m == 0 else False)
                under.append(link[3] if link and m == 0 else 1.0)
        return Course(runs=np.array(runs, int), broken=np.array(broken, bool), under=np.array(under), gain=gain)

    def courses(self, most: int, least_gain: float) -> list[Course]:
        """Up to `most` curves, the best first, each gaining at least `least_gain` columns of ink of its own."""
        used = [False] * len(self._fragments)
        found: list[Course] = []
        while len(found) < most:
            path, gain = self.best(used)
            if gain < least_gain:
                break
            found.append(self.course(path, gain))
            for k in path:
                used[k] = True
        return found


def _slope(x: FloatArray, y: FloatArray) -> float:
    if len(x) < 2:
        return 0.0
    d = x - x.mean()
    return float((d @ (y - y.mean())) / max(float(d @ d), 1e-9))
