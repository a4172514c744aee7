"""Paths: the courses of curves through the fragments of a layer.

A course is the path through fragments that explains the greatest length of stroke for the least bridging: a shortest
path in a graph without cycles, solved by dynamic programming from left to right (Bellman). Several curves in one ink
are taken one after the other, each over what the earlier ones left; where they meet, a fragment may be passed again
for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from digitize.bridges import Bridge, Terrain
from digitize.model import FloatArray
from digitize.palette import Mask
from digitize.strokes import Fragment, IntArray, Runs, find_fragments

#: Cost, in pixels of explained stroke, of leaving a curve and taking it up again elsewhere (a gap in the data).
_BREAK = 6.0
#: Cost per pixel of a bridge where nothing hides the curve, and where other ink does.
_BARE, _UNDER = 0.45, 0.04
#: Cost per pixel by which a bridge misses where the curve was heading.
_OFF = 0.30
#: Fragments whose gap is longer than this are never bridged (in columns).
_REACH = 400
#: The ends of fragments that follow one another may share so many columns; where the gaps of a dashed line were
#: filled, so many stroke widths.
_OVERLAP, _OVERLAP_DASHED = 2.0, 2.0
#: Gaps up to this many columns are joined straight; a longer one is bridged where this share of the way is hidden.
_SHORT, _HIDDEN = 3, 0.9
#: So many of the likeliest bridges to each fragment are weighed.
_CANDIDATES = 12


@dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """The runs of one curve from left to right.

    `broken` is True at runs before which the curve has a gap, `under` the share of the way from the run before that
    other ink hides, `covered` True at runs that were bridged rather than seen; `gain` is the length of stroke
    explained less the costs, in pixels.
    """

    runs: Runs
    broken: Mask
    under: FloatArray
    covered: Mask
    gain: float

    def part(self, start: int, stop: int) -> Course:
        """The runs from `start` to before `stop`."""
        chosen = slice(start, stop)
        return Course(
            runs=self.runs.take(np.arange(start, stop)),
            broken=self.broken[chosen],
            under=self.under[chosen],
            covered=self.covered[chosen],
            gain=self.gain,
        )

    def followed_by(self, other: Course) -> Course:
        """The course and another, which begins to the right of its end, as one."""
        return Course(
            runs=self.runs.followed_by(other.runs),
            broken=np.concatenate([self.broken, other.broken]),
            under=np.concatenate([self.under, other.under]),
            covered=np.concatenate([self.covered, other.covered]),
            gain=self.gain + other.gain,
        )


class _Link(NamedTuple):
    """A bridge from an earlier fragment: what it costs, and the share of it that other ink hides."""

    before: int
    cost: float
    hidden: float


def with_bridge(course: Course, bridge: Bridge, at: int, stroke: float) -> Course:
    """The course with a bridge's columns put in before the run `at`."""
    count = len(bridge.rows)
    own = course.runs

    def put(values: NDArray[Any], new: object) -> NDArray[Any]:
        return np.concatenate([values[:at], np.full(count, new, values.dtype), values[at:]])

    under = course.under.copy()
    broken = course.broken.copy()
    if at < len(own):
        under[at], broken[at] = 1.0, False
    return Course(
        runs=Runs(
            column=put(own.column, np.arange(bridge.first, bridge.first + count)),
            top=put(own.top, bridge.rows - stroke / 2),
            bottom=put(own.bottom, bridge.rows + stroke / 2),
            center=put(own.center, bridge.rows),
            mass=put(own.mass, stroke),
        ),
        broken=put(broken, False),
        under=put(under, 1.0),
        covered=put(course.covered, True),
        gain=course.gain,
    )


class Net:
    """The fragments of a layer, with what it costs to pass from one to another."""

    def __init__(self, runs: Runs, hidden: Mask, stroke: float, terrain: Terrain, *, dashed: bool = False) -> None:
        self._runs = runs
        self._hidden = hidden
        self._stroke = stroke
        self._overlap = max(_OVERLAP, _OVERLAP_DASHED * stroke if dashed else 0.0)
        self._terrain = terrain
        self._fragments, touching = find_fragments(runs)
        order = sorted(range(len(self._fragments)), key=lambda k: (self._fragments[k].first, self._fragments[k].last))
        rank = {old: new for new, old in enumerate(order)}
        self._fragments = [self._fragments[k] for k in order]
        self._touching = {(rank[a], rank[b]) for a, b in touching}
        self._ends = np.array([self._end(f) for f in self._fragments]).reshape(-1, 8)
        self._links = self._find_links()
        self._own = [float((runs.mass[f.runs] / stroke).sum()) for f in self._fragments]

    def _end(self, fragment: Fragment) -> tuple[float, ...]:
        """First and last column, centres there, slopes there, heights of the runs there."""
        index = fragment.runs
        x, y = self._runs.column[index].astype(float), self._runs.center[index]
        reach = max(3, min(12, round(3 * self._stroke)))
        left, right = _slope(x[:reach], y[:reach]), _slope(x[-reach:], y[-reach:])
        height = self._runs.bottom[index] - self._runs.top[index]
        return x[0], x[-1], y[0], y[-1], left, right, float(height[0]), float(height[-1])

    def _find_links(self) -> list[list[_Link]]:
        """For each fragment the earlier ones that it may follow without a break, the cheapest first."""
        links: list[list[_Link]] = []
        ends = self._ends
        before: dict[int, list[int]] = {}
        for a, b in self._touching:
            before.setdefault(b, []).append(a)
        for k in range(len(ends)):
            touching = before.get(k, [])
            found = [_Link(j, self._turn_cost(j, k), 1.0) for j in touching]
            gap = ends[k, 0] - ends[:k, 1] - 1
            near = np.flatnonzero((gap >= -self._overlap) & (gap <= _REACH))
            near = near[~np.isin(near, touching)]
            if len(near):
                length, rest = self._bridges(near, k)
                floor = rest + _UNDER * length
                chosen = np.argsort(floor)[:_CANDIDATES]
                for n in chosen[floor[chosen] < _BREAK + 0.01 * gap[near[chosen]]]:
                    j = int(near[n])
                    share = self._hidden_share(ends[j, 1], ends[j, 3], ends[k, 0], ends[k, 2])
                    cost = float(rest[n] + length[n] * (_BARE * (1 - share) + _UNDER * share))
                    found.append(_Link(j, cost, share))
            links.append(found)
        return links

    def _turn_cost(self, j: int, k: int) -> float:
        """Touching fragments: the change of slope."""
        a, b = self._ends[j], self._ends[k]
        return float(0.3 + 1.2 * abs(np.arctan(a[5]) - np.arctan(b[4])))

    def _bridges(self, near: IntArray, k: int) -> tuple[FloatArray, FloatArray]:
        """Lengths of the bridges from fragments to one, and what they cost besides: for missing and for turning."""
        a, b = self._ends[near], self._ends[k]
        dx, dy = b[0] - a[:, 1], b[2] - a[:, 3]
        slack = np.maximum(np.maximum(a[:, 7], b[6]), self._stroke) / 2
        length = np.hypot(np.maximum(dx - 1, 0), np.maximum(np.abs(dy) - 2 * slack, 0))
        heading = np.minimum(np.minimum(np.abs(dy - a[:, 5] * dx), np.abs(dy - b[4] * dx)), np.abs(dy))
        turn = np.abs(np.arctan(a[:, 5]) - np.arctan(b[4]))
        return length, 0.3 + _OFF * np.maximum(heading - slack, 0) + 0.8 * turn

    def _hidden_share(self, x0: float, y0: float, x1: float, y1: float) -> float:
        count = int(max(abs(x1 - x0), abs(y1 - y0)))
        if count < 2:
            return 1.0
        t = np.arange(1, count) / count
        height, width = self._hidden.shape
        columns = np.minimum(np.maximum(np.rint(x0 + t * (x1 - x0)).astype(int), 0), width - 1)
        rows = np.minimum(np.maximum(np.floor(y0 + t * (y1 - y0)).astype(int), 0), height - 1)
        return int(np.count_nonzero(self._hidden[rows, columns])) / len(rows)

    @property
    def runs(self) -> Runs:
        return self._runs

    @property
    def height(self) -> int:
        """Rows of the layer."""
        return len(self._hidden)

    @property
    def length(self) -> float:
        """Length of all stroke of the layer, in pixels."""
        return sum(self._own)

    @property
    def fragments(self) -> Sequence[Fragment]:
        return self._fragments

    def best(self, used: Sequence[bool], worth: FloatArray | None = None) -> tuple[list[int], float]:
        """The best path over fragments, of which the used ones gain nothing; with its gain.

        `worth` (n,) is the share of each fragment's ink that counts, all of it by default.
        """
        own = np.array(self._own) if worth is None else np.array(self._own) * worth
        count = len(self._fragments)
        if not count:
            return [], 0.0
        gain = np.zeros(count)
        previous = np.full(count, -1)
        for k in range(count):
            best, via = 0.0, -1
            for link in self._links[k]:
                if gain[link.before] - link.cost > best:
                    best, via = gain[link.before] - link.cost, link.before
            gap = self._ends[k, 0] - self._ends[:k, 1] - 1
            after_break = np.where(gap >= 0, gain[:k] - _BREAK - 0.01 * gap, 0.0)
            if k and after_break.max() > best:
                via = int(after_break.argmax())
                best = float(after_break[via])
            gain[k], previous[k] = best + min(float(own[k]), 0.0 if used[k] else np.inf), via
        path: list[int] = []
        k = int(np.argmax(gain))
        total = float(gain[k])
        while k >= 0:
            path.append(k)
            k = int(previous[k])
        return path[::-1], total

    def course(self, path: Sequence[int], gain: float) -> Course:
        """The runs along a path; where fragments overlap by a column or two the later one gives way."""
        index: list[int] = []
        broken: list[bool] = []
        under: list[float] = []
        for n, k in enumerate(path):
            link = next((x for x in self._links[k] if n and x.before == path[n - 1]), None)
            own = self._fragments[k].runs
            if index:
                own = own[self._runs.column[own] > self._runs.column[index[-1]]]
            index += [int(i) for i in own]
            broken += [n > 0 and link is None, *[False] * (len(own) - 1)][: len(own)]
            under += [link.hidden if link else 0.0 if n else 1.0, *[1.0] * (len(own) - 1)][: len(own)]
        course = Course(
            runs=self._runs.take(np.array(index, int)),
            broken=np.array(broken, bool),
            under=np.array(under),
            covered=np.zeros(len(index), bool),
            gain=gain,
        )
        return self._bridged(course)

    def _bridged(self, course: Course) -> Course:
        """The course with every gap filled in that the curve can have passed beneath other ink."""
        runs = course.runs
        for k in np.flatnonzero(np.diff(runs.column) > _SHORT)[::-1]:
            start = (float(runs.column[k]), float(runs.center[k]))
            bridge = self._terrain.bridge(start, (int(runs.column[k + 1]), float(runs.center[k + 1])))
            if bridge is not None and bridge.hidden >= _HIDDEN and bridge.missed <= 2 * self._stroke:
                course = with_bridge(course, bridge, int(k) + 1, self._stroke)
        return course

    def extended(self, course: Course, column: int) -> Course:
        """The course carried on beneath other ink to a column before its start or behind its end, where it can."""
        first, last = int(course.runs.column[0]), int(course.runs.column[-1])
        at = 0 if column < first else -1
        beyond = column - 1 if column < first else column + 1
        bridge = self._terrain.bridge((float((first, last)[at]), float(course.runs.center[at])), (beyond, None))
        if bridge is None or bridge.hidden < _HIDDEN:
            return course
        return with_bridge(course, bridge, 0 if at == 0 else len(course.runs), self._stroke)

    def courses(self, most: int, least_gain: float) -> list[Course]:
        """Up to `most` curves, the best first, each gaining at least `least_gain` pixels of stroke of its own."""
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
