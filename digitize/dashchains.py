"""Chains of dashes: the course of a dashed, dotted or dash-dot curve through the pieces it is drawn in.

A dot has no direction and a dash hardly one, so what tells the next piece is the direction from the pieces before. The
chain that explains most ink for the least bare ground and the fewest turns is a shortest path whose states are pairs
of pieces (dynamic programming of second order, from left to right).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitize.model import FloatArray
from digitize.palette import Mask
from digitize.paths import Course
from digitize.strokes import Fragment, IntArray, Runs

#: Cost, in half stroke widths of explained ink, of leaving a curve and taking it up again elsewhere.
_BREAK = 9.0
#: Cost per pixel of a gap of the pattern, of bare ground beyond it, and of hidden ground.
_GAP, _BARE, _UNDER = 0.04, 0.6, 0.05
#: Cost of a turn by 45 degrees, and of the sharpest turn, in half stroke widths.
_TURN, _SHARPEST = 4.0, 7.0
#: Pieces may lie beside the curve by this many stroke widths, so that short hops tell little about direction.
_BESIDE = 0.5
#: So many pieces that may come before each are weighed; none is further away than this, in columns.
_CANDIDATES, _REACH = 14, 250
#: Pieces no further apart than so many usual gaps belong together, whatever lies between.
_MISSING = 6.0
#: Gaps of a dash pattern are at most this many stroke widths long.
_WIDEST_GAP = 9.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Pieces:
    """The fragments a dashed curve may be drawn in, sorted by their centres: (n, 2) points (x, y) of the layer.

    `index` is each one's place in the list of all fragments, `length` its length along its course in pixels.
    """

    index: IntArray
    start: FloatArray
    end: FloatArray
    height: FloatArray
    length: FloatArray

    @property
    def center(self) -> FloatArray:
        return np.asarray((self.start + self.end) / 2)


def to_pieces(fragments: Sequence[Fragment], runs: Runs, chosen: IntArray) -> Pieces:
    """The chosen fragments (indices) as pieces."""
    rows = []
    for k in chosen:
        own = fragments[int(k)].runs
        a, b = int(own[0]), int(own[-1])
        tall = float((runs.bottom[own] - runs.top[own]).max())
        x0, x1, y0, y1 = float(runs.column[a]), float(runs.column[b]) + 1, float(runs.center[a]), float(runs.center[b])
        rows.append((x0, y0, x1, y1, tall, max(float(np.hypot(x1 - x0, y1 - y0)), tall)))
    table = np.array(rows, float).reshape(-1, 6)
    order = np.lexsort((table[:, 0], table[:, 0] + table[:, 2]))
    table = table[order]
    return Pieces(
        index=np.asarray(chosen, int)[order],
        start=table[:, :2],
        end=table[:, 2:4],
        height=table[:, 4],
        length=table[:, 5],
    )


def usual_gap(pieces: Pieces, stroke: float) -> float:
    """The usual bare gap from one piece to the next in pixels, 0 where there are too few."""
    if len(pieces.index) < 5:
        return 0.0
    gap = _distance(pieces, slice(None), slice(None))
    gap[np.tril_indices(len(gap))] = np.inf
    nearest = gap.min(axis=1)
    nearest = nearest[(nearest >= 0.5) & (nearest <= _WIDEST_GAP * stroke)]
    return float(1.25 * np.median(nearest) + 1.0) if len(nearest) >= 4 else 0.0


def _distance(pieces: Pieces, before: slice | IntArray, after: slice | IntArray) -> FloatArray:
    """Gaps (n, m) from the ends of some pieces to the starts of others."""
    dx = pieces.start[after, 0][None, :] - pieces.end[before, 0][:, None]
    dy = np.abs(pieces.start[after, 1][None, :] - pieces.end[before, 1][:, None])
    slack = (pieces.height[before][:, None] + pieces.height[after][None, :]) / 2
    # pieces of a steep curve stand above one another
    return np.asarray(np.hypot(np.maximum(dx, 0), np.where(dx < 1, np.maximum(dy - slack, 0), dy)))


def best_chain(
    pieces: Pieces, worth: FloatArray, hidden: Mask, gap: float, stroke: float
) -> tuple[IntArray, Mask, FloatArray]:
    """The chain of pieces that explains most ink.

    Parameters
    ----------
    pieces : from left to right.
    worth : (n,) pixels of ink that each explains.
    hidden : True where other ink may lie on top.
    gap : the usual gap of the pattern.
    stroke : width of the line in pixels.

    Returns
    -------
    tuple
        Indices into `pieces`, whether the curve breaks before each, the share of the way before each that is hidden.
    """
    count = len(pieces.index)
    links = [_links(pieces, k, hidden, gap, stroke) for k in range(count)]
    total, previous, at_node = _solve(pieces, worth, links, stroke)
    if not count:
        return np.empty(0, int), np.empty(0, bool), np.empty(0)
    chain, broken, under = [], [], []
    node = int(np.argmax(at_node))
    slot = int(np.argmax(total[node]))
    while True:
        via = int(previous[node][slot])
        chain.append(node)
        origin = links[node][0]
        linked = slot < len(origin)
        broken.append(not linked and via >= 0)
        under.append(float(links[node][2][slot]) if linked else 0.0)
        if linked:
            node, slot = int(origin[slot]), via
        elif via >= 0:
            node, slot = via, int(np.argmax(total[via]))
        else:
            break
    found = np.array(chain[::-1])
    apart = np.array(
        [0.0, *(float(_distance(pieces, found[n : n + 1], found[n + 1 : n + 2])[0, 0]) for n in range(len(found) - 1))]
    )
    return found, np.array(broken[::-1]) & (apart > _MISSING * gap), np.array(under[::-1])


def _links(pieces: Pieces, k: int, hidden: Mask, gap: float, stroke: float) -> tuple[IntArray, FloatArray, FloatArray]:
    """The pieces that may come before one: indices, costs of the gap between, and its hidden share."""
    dx = pieces.start[k, 0] - pieces.end[:k, 0]
    near = np.flatnonzero((dx > -3) & (dx < _REACH))
    if not len(near):
        return near, np.empty(0), np.empty(0)
    length = _distance(pieces, near, np.array([k]))[:, 0]
    near, length = near[order := np.argsort(length)[:_CANDIDATES]], length[order]
    share = np.array([_hidden_share(pieces.end[j], pieces.start[k], hidden) for j in near])
    bare = length * (1 - share)
    cost = 0.2 + _GAP * np.minimum(bare, gap) + _BARE * np.maximum(bare - gap, 0) + _UNDER * length * share
    good = cost < _BREAK * _unit(stroke)
    return near[good], cost[good], share[good]


def _hidden_share(a: FloatArray, b: FloatArray, hidden: Mask) -> float:
    count = int(max(abs(b[0] - a[0]), abs(b[1] - a[1])))
    if count < 2:
        return 0.0
    t = np.arange(1, count) / count
    columns = np.clip(np.floor(a[0] + t * (b[0] - a[0])).astype(int), 0, hidden.shape[1] - 1)
    rows = np.clip(np.floor(a[1] + t * (b[1] - a[1])).astype(int), 0, hidden.shape[0] - 1)
    return float(hidden[rows, columns].mean())


def _solve(
    pieces: Pieces, worth: FloatArray, links: Sequence[tuple[IntArray, FloatArray, FloatArray]], stroke: float
) -> tuple[list[FloatArray], list[IntArray], FloatArray]:
    """For each piece and each way into it the greatest gain, and the way into the piece before.

    The last slot of a piece is a start or a break; its way before is the piece before the break, -1 at a start.
    """
    center = pieces.center
    total: list[FloatArray] = []
    previous: list[IntArray] = []
    angles: list[FloatArray] = []
    slacks: list[FloatArray] = []
    best = np.zeros(len(worth))
    unit = _unit(stroke)
    for k, (origin, cost, _) in enumerate(links):
        gain, back = np.empty(len(origin) + 1), np.full(len(origin) + 1, -1)
        dx, dy = np.maximum(center[k, 0] - center[origin, 0], 0.0), center[k, 1] - center[origin, 1]
        angle, slack = np.arctan2(dy, dx), np.arctan2(_BESIDE * stroke, np.hypot(dx, dy))
        for n, j in enumerate(origin):
            turn = np.maximum(np.abs(angle[n] - angles[j]) - slack[n] - slacks[j], 0.0) / (np.pi / 4) * _TURN
            ways = total[j] - unit * np.append(np.minimum(turn, _SHARPEST), 0.0)
            back[n] = int(np.argmax(ways))
            gain[n] = ways[back[n]] - cost[n]
        gap = pieces.start[k, 0] - pieces.end[:k, 0]
        after = np.where(gap >= 0, best[:k] - _BREAK * unit - 0.02 * gap, 0.0)
        last = int(np.argmax(after)) if k else -1
        gain[-1] = max(after[last], 0.0) if k else 0.0
        back[-1] = last if k and after[last] > 0 else -1
        total.append(gain + worth[k])
        previous.append(back)
        angles.append(angle)
        slacks.append(slack)
        best[k] = total[k].max()
    return total, previous, best


def _unit(stroke: float) -> float:
    """The pixels of explained ink that a cost of one stands for; the lengths of dashes grow with the stroke."""
    return max(stroke, 1.0) / 2


def to_course(
    chain: IntArray, broken: Mask, under: FloatArray, pieces: Pieces, fragments: Sequence[Fragment], runs: Runs
) -> Course:
    """A chain as a course; pieces above one another in a column become one run."""
    index = [fragments[int(pieces.index[c])].runs for c in chain]
    all_runs = np.concatenate(index)
    cut = np.concatenate([[b, *[False] * (len(i) - 1)] for b, i in zip(broken, index, strict=True)])
    seen = np.concatenate([[u, *[1.0] * (len(i) - 1)] for u, i in zip(under, index, strict=True)])
    column, place = np.unique(runs.column[all_runs], return_inverse=True)
    mass = np.bincount(place, runs.mass[all_runs]).astype(float)
    top, bottom = np.full(len(column), np.inf), np.full(len(column), -np.inf)
    np.minimum.at(top, place, runs.top[all_runs])
    np.maximum.at(bottom, place, runs.bottom[all_runs])
    stepped, shown = np.zeros(len(column), bool), np.ones(len(column))
    np.logical_or.at(stepped, place, cut.astype(bool))
    np.minimum.at(shown, place, seen)
    center = np.bincount(place, runs.center[all_runs] * runs.mass[all_runs]) / np.maximum(mass, 1e-9)
    return Course(
        runs=Runs(column=column, top=top, bottom=bottom, center=center, mass=mass),
        broken=stepped,
        under=shown,
        covered=np.zeros(len(column), bool),
        gain=float(mass.sum()),
    )
