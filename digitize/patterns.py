"""Dash patterns: curves of one ink told apart by the lengths of their pieces and the strength of their strokes.

A solid curve leaves long fragments; a dashed one pieces of a few stroke widths with gaps between; a dotted one pieces
about as long as wide. Curves of one ink are followed one after the other, solid ones first, each over what is left,
and each values the fragments that look like its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.bridges import Terrain
from digitize.color import Float32
from digitize.dashchains import best_chain, to_course, to_pieces, usual_gap
from digitize.model import Color, FloatArray, Layer, LegendEntry, Style
from digitize.palette import Mask, inked_part
from digitize.paths import Course, Net
from digitize.strokes import FAINTEST, Fragment, Runs, find_fragments, find_runs

#: Pieces up to this many stroke widths long are dots.
_DOT = 2.4
#: No dash is longer than this, in stroke widths.
_LONGEST_DASH = 12.0
#: Fewest dashes of a dashed curve, and the share of the dashes of its colour that it must explain.
_DASHES, _EXPLAINED = 5, 0.5
#: By this factor two strengths must differ to be half a sign of different curves.
_STRENGTH = 0.25
#: The least that a fragment is worth to a curve that it does not look like.
_LEAST = 0.15
#: Solid curves first: they hide what they cross.
_ORDER: tuple[Style, ...] = ("solid", "dashed", "dashdot", "dotted")
#: A kind of dashes must be seen in this share of the columns to make a curve.
_SEEN = 0.2


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A curve to look for: its place in the legend, its pattern, and its strength, 1 for the strongest of its ink."""

    entry: int | None
    style: Style
    strength: float


def expected_curves(layer: Layer, entries: Sequence[LegendEntry], background: Color) -> list[Expected]:
    """What the legend tells about the curves of a layer, in the order in which to follow them."""
    ground = np.array(background, float)
    size = [float(np.linalg.norm(np.array(entries[k].swatch.color, float) - ground)) for k in layer.entries]
    strongest = max(size, default=1.0)
    found = [
        Expected(entry=k, style=entries[k].swatch.style or "solid", strength=s / max(strongest, 1e-6))
        for k, s in zip(layer.entries, size, strict=True)
    ]
    return sorted(found, key=_rank)


def _rank(one: Expected) -> tuple[int, float]:
    return (_ORDER.index(one.style) if one.style in _ORDER else len(_ORDER)), -one.strength


def find_curves(
    layer: Layer, stroke: float, terrain: Terrain, expected: Sequence[Expected]
) -> list[tuple[Course, Net, Expected]]:
    """The courses of curves of one ink that differ in pattern or strength.

    Solid curves are sought where the ink is no separate dash, the others in what those leave.

    Parameters
    ----------
    layer : the ink of the curves together.
    stroke : width of the lines in pixels.
    terrain : where a curve can pass unseen.
    expected : the curves, solid ones first.
    """
    net = Net(find_runs(_without_dashes(layer.coverage, stroke)), layer.hidden, stroke, terrain)
    found: list[tuple[Course, Net, Expected]] = []
    used = [False] * len(net.fragments)
    for one in (e for e in expected if e.style == "solid"):
        path, gain = net.best(used, _worth(net.fragments, net.runs, layer, stroke, one, expected))
        if path:
            found.append((net.course(path, gain), net, one))
            for k in path:
                used[k] = True
    coverage, hidden = layer.coverage.copy(), layer.hidden.copy()
    for course, _, _ in found:
        _take_away(coverage, hidden, course.runs)
    runs = find_runs(coverage)
    fragments, _ = find_fragments(runs)
    left = np.ones(len(fragments), bool)
    for one in (e for e in expected if e.style != "solid"):
        worth = _worth(fragments, runs, layer, stroke, one, expected)
        path, chained = _chained(fragments, runs, worth, left, hidden, stroke)
        if chained is not None:
            found.append((chained, net, one))
            left[path] = False
            _take_away(coverage, hidden, chained.runs)
    return [one for one in found if len(one[0].runs) >= 2]


def is_dashed(layer: Layer, stroke: float) -> bool:
    """Whether most of a layer's ink lies in dashes: short pieces with bare ground, not other ink, around them."""
    area = inked_part(layer.coverage >= FAINTEST)
    if not area[0].stop:
        return False
    coverage, hidden = layer.coverage[area], layer.hidden[area]
    ink = coverage >= FAINTEST
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    extent = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    near = cv2.dilate(hidden.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    covered = np.bincount(labels[near & ink], minlength=count) > 0
    mass = np.bincount(labels[ink], coverage[ink], count)
    short = extent < _LONGEST_DASH * stroke
    dash, long = short & ~covered, ~short
    dash[0] = long[0] = False
    return bool(dash.sum() >= _DASHES and mass[dash].sum() >= 2 * mass[long].sum())


def find_dashed(runs: Runs, layer: Layer, stroke: float) -> Course | None:
    """The course of the only curve of a layer, drawn in dashes; None where no course explains most of them.

    Parameters
    ----------
    runs : of the layer, its markers reduced to their centres.
    layer : the ink of the curve.
    stroke : width of the line in pixels.
    """
    fragments, _ = find_fragments(runs)
    worth, left = np.ones(len(fragments)), np.ones(len(fragments), bool)
    _, course = _chained(fragments, runs, worth, left, layer.hidden, stroke)
    if course is None or course.runs.mass.sum() < _EXPLAINED * runs.mass.sum():
        return None
    return course


def _chained(
    fragments: Sequence[Fragment], runs: Runs, worth: FloatArray, left: Mask, hidden: Mask, stroke: float
) -> tuple[list[int], Course | None]:
    """The fragments (indices) of the best chain of dashes over those that are left, and its course."""
    pieces = to_pieces(fragments, runs, np.flatnonzero(left))
    own = worth[pieces.index]
    gap = usual_gap(to_pieces(fragments, runs, pieces.index[own > 0.5]), stroke)
    chain, broken, under = best_chain(pieces, pieces.length * own, hidden, gap, stroke)
    if not len(chain):
        return [], None
    course = to_course(chain, broken, under, pieces, fragments, runs)
    return [int(k) for k in pieces.index[chain]], course


def _without_dashes(coverage: Float32, stroke: float) -> Float32:
    """The coverage without pieces of ink that touch nothing and are too short for a solid curve."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((coverage >= FAINTEST).astype(np.uint8), connectivity=8)
    extent = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    dash = extent < _LONGEST_DASH * stroke
    dash[0] = False
    return np.where(dash[labels], 0, coverage).astype(np.float32)


def _take_away(coverage: Float32, hidden: Mask, runs: Runs) -> None:
    """Take the ink of a curve that was followed away: the next ones may pass beneath or over it."""
    for column, top, bottom in zip(runs.column, runs.top, runs.bottom, strict=True):
        band = slice(max(int(top) - 1, 0), int(bottom) + 2)
        coverage[band, column] = 0
        hidden[band, column] = True


def _worth(
    fragments: Sequence[Fragment], runs: Runs, layer: Layer, stroke: float, one: Expected, expected: Sequence[Expected]
) -> FloatArray:
    """The share of each fragment's ink that counts for a curve."""
    kinds = _Kinds.of(fragments, runs, layer, stroke)
    return kinds.worth(one, [e for e in expected if e is not one])


@dataclass(frozen=True, kw_only=True, eq=False)
class _Kinds:
    """How long each fragment is, in stroke widths, and how strong its ink: arrays (n,)."""

    length: FloatArray
    strength: FloatArray

    @classmethod
    def of(cls, fragments: Sequence[Fragment], runs: Runs, layer: Layer, stroke: float) -> _Kinds:
        rows = np.clip(np.floor(runs.center).astype(int), 1, max(layer.coverage.shape[0] - 2, 1))
        last = layer.coverage.shape[0] - 1
        peak = np.max([layer.coverage[np.clip(rows + d, 0, last), runs.column] for d in (-1, 0, 1)], axis=0)
        strength = np.array([float(np.quantile(peak[f.runs], 0.8)) for f in fragments])
        length = np.array([_length(f, runs) for f in fragments])
        return cls(length=length / stroke, strength=strength)

    def worth(self, one: Expected, others: Sequence[Expected]) -> FloatArray:
        """The share of a fragment's ink that counts for a curve."""
        worth = np.ones(len(self.length))
        if any(min(o.strength, one.strength) < 0.85 * max(o.strength, one.strength) for o in others):
            off = np.log(np.maximum(self.strength, 0.05) / one.strength) / _STRENGTH
            worth *= np.exp(-0.5 * off**2)
        if one.style == "dotted":
            worth *= np.where(self.length > 1.5 * _DOT, _LEAST, 1.0)
        elif one.style == "dashed" and any(o.style in ("dotted", "dashdot") for o in others):
            worth *= np.where(self.length < _DOT, _LEAST, 1.0)
        elif one.style == "solid" and any(o.style != "solid" for o in others):
            worth *= np.where(self.length < _DOT, 0.5, 1.0)
        return np.maximum(worth, _LEAST)


def _length(fragment: Fragment, runs: Runs) -> float:
    """The length of a fragment along its course in pixels."""
    center = runs.center[fragment.runs]
    across = float(np.hypot(len(center), center[-1] - center[0]))
    return max(across, float((runs.bottom[fragment.runs] - runs.top[fragment.runs]).max()))


def cover_along(x: FloatArray, y: FloatArray, layer: Layer) -> FloatArray:
    """Cover (0-1) of a layer's ink at points a pixel apart along a curve in pixels of the layer.

    It is NaN where other ink hides the curve, and it leaves out the gaps of the curve (NaN in `y`).
    """
    good = np.isfinite(y)
    x, y = x[good], y[good]
    if len(x) < 2:
        return np.empty(0)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    at = np.arange(0.0, along[-1], 1.0)
    columns = np.clip(np.interp(at, along, x).astype(int), 0, layer.coverage.shape[1] - 1)
    rows = np.clip(np.interp(at, along, y).astype(int), 1, layer.coverage.shape[0] - 2)
    shown: FloatArray = np.max([layer.coverage[rows + d, columns] for d in (-1, 0, 1)], axis=0).astype(float)
    shown /= max(float(np.quantile(shown, 0.9)), 0.1)
    shown[layer.hidden[rows, columns] & (shown < 0.5)] = np.nan
    return shown


def measured_style(shown: NDArray[np.float64], stroke: float) -> Style:
    """The pattern of a curve from the cover along it.

    Parameters
    ----------
    shown : array (n,)
        Cover (0-1) at points a pixel apart along the curve; NaN where other ink hides it.
    stroke : width of the line in pixels.

    Notes
    -----
    Only whole pieces between two bare gaps count, and the gaps of a pattern are all alike. Dots are up to 2.4 stroke
    widths long; a dash-dot line has pieces less than 0.55 times as long as its long ones between them.
    """
    if not len(shown):
        return "solid"
    state = np.where(np.isnan(shown), 2, np.where(np.nan_to_num(shown) > 0.4, 1, 0))
    edges = np.flatnonzero(np.diff(state)) + 1
    starts, stops = np.concatenate([[0], edges]), np.concatenate([edges, [len(state)]])
    kind, length = state[starts], (stops - starts).astype(float)
    before, after = np.concatenate([[2], kind[:-1]]), np.concatenate([kind[1:], [2]])
    whole = length[(kind == 1) & (before == 0) & (after == 0)]
    gaps = length[(kind == 0) & (before == 1) & (after == 1)]
    if len(whole) < 4 or len(gaps) < 4 or gaps.sum() < 0.12 * (state != 2).sum():
        return "solid"
    if np.quantile(gaps, 0.8) > 2 * np.quantile(gaps, 0.2) + 2 or np.median(gaps) < max(0.8 * stroke, 1.5):
        return "solid"
    long = float(np.quantile(whole, 0.8))
    if long <= _DOT * stroke:
        return "dotted"
    short = float((whole < 0.55 * long).mean())
    return "dashdot" if 0.25 <= short <= 0.75 else "dashed"
