"""Dash patterns: curves of one ink told apart by the lengths of their pieces and the strength of their strokes.

A solid curve leaves long fragments; a dashed one pieces of a few stroke widths with gaps between; a dotted one pieces
about as long as wide. Curves of one ink are followed one after the other, solid ones first, each over what is left,
and each values the fragments that look like its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from digitize.bridges import Terrain
from digitize.color import Float32
from digitize.medians import median, quantile
from digitize.model import Color, FloatArray, Layer, LegendEntry, Style
from digitize.palette import Mask, inked_part
from digitize.paths import Course, Net
from digitize.pieces import label_pieces
from digitize.strands import DOT, Dashes, find_dashes, with_gaps_filled
from digitize.strokes import FAINTEST, Fragment, Runs, find_runs

#: No dash is longer than this, in stroke widths.
_LONGEST_DASH = 12.0
#: Fewest dashes of a dashed curve.
_DASHES = 5
#: What may hide a dash is at least this many stroke widths wide.
_LINE = 0.6
#: Of curves of one ink in several patterns each is seen in this share of the columns, dashes and solid ones each in
#: this share of the ink.
_BOTH, _MINOR = 0.3, 0.15
#: Dashes are at least so many times longer than dots, and of either there are at least this share of the pieces.
_LONGER, _KIND = 1.6, 0.1
#: Between these shares of dots among its pieces a strand is a dash-dot line; so many joins make its kind sure.
_MIXED, _SURE = (0.2, 0.8), 3.0
#: Strengths of strokes of one curve stray by this factor; all of a picture may be paler than their samples by these.
_STRENGTH, _FACTORS = 0.13, np.geomspace(0.55, 1.15, 13)
#: How likely each of these factors is.
_LIKELY = np.exp(-0.5 * (np.log(_FACTORS) / 0.5) ** 2)
#: A fragment that looks less like a curve than like another, by the exponential of this, is worth nothing to it, and
#: one that does so clearly costs it this much.
_FOREIGN, _LEAST = 2.0, -0.1
#: What the look of a single piece weighs against that of many.
_LONE = 0.3
#: How much a fragment looks like a curve of another pattern (0-1).
_STRANGE = 0.05
#: Solid curves first: they hide what they cross.
_ORDER: tuple[Style, ...] = ("solid", "dashed", "dashdot", "dotted")
#: A solid curve must be seen in this share of the columns.
_SEEN = 0.2


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A curve to look for: its place in the legend, its pattern, and its strength, 1 for the strongest of its ink."""

    entry: int | None
    style: Style
    strength: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Followed:
    """The course of an expected curve, with the net and the ink that it was found in."""

    course: Course
    net: Net
    expected: Expected
    ink: Float32


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


def find_curves(layer: Layer, stroke: float, expected: Sequence[Expected]) -> list[Followed]:
    """The courses of curves of one ink that differ in pattern or strength.

    Solid curves are sought where the ink is no separate dash, the others in the strands of dashes that those leave.

    Curves that no legend tells of must show themselves over a good part of the width.

    Parameters
    ----------
    layer : the ink of the curves together.
    stroke : width of the lines in pixels.
    expected : the curves, solid ones first.
    """
    solid = _without_dashes(layer.coverage, stroke)
    net = Net(find_runs(solid), layer.hidden, stroke, Terrain(layer.hidden, layer.coverage))
    kinds = _Kinds.of_pieces(net, layer.coverage, stroke)
    told = [one for one in expected if one.style == "solid"]
    found = _best_courses(net, kinds, told, expected, layer.coverage, _SEEN * layer.coverage.shape[1])
    coverage, hidden = layer.coverage.copy(), layer.hidden.copy()
    for one in found:
        _take_away(coverage, hidden, one.course.runs)
    # the samples of some legends are too short to show that a curve is dashed
    dashed = [one for one in expected if one.style != "solid"]
    missed = [one for one in told if one.entry is not None and one not in [f.expected for f in found]]
    dashed += [replace(one, style="dashed") for one in missed]
    if dashed:
        dashes = find_dashes(coverage, stroke)
        filled = with_gaps_filled(coverage, dashes, stroke)
        net = Net(find_runs(filled), hidden, stroke, Terrain(hidden, filled), dashed=True)
        kinds = _Kinds.of_strands(net, dashes, stroke)
        found += _best_courses(net, kinds, sorted(dashed, key=_rank), expected, filled, 0.0)
    least = _BOTH * coverage.shape[1]
    return [one for one in found if one.expected.entry is not None or one.course.gain >= least]


def _best_courses(
    net: Net, kinds: _Kinds, wanted: Sequence[Expected], others: Sequence[Expected], ink: Float32, least: float
) -> list[Followed]:
    """The courses of some curves through a net, one after the other, each over what the earlier ones left."""
    used = [False] * len(net.fragments)
    found: list[Followed] = []
    if not wanted or not used:
        return found
    wanted, like = kinds.compared(wanted, [e for e in others if e not in wanted])
    worth = np.maximum(1 + np.log(np.maximum(like / np.maximum(like.max(axis=0), 1e-9), 1e-9)) / _FOREIGN, _LEAST)
    for n, one in enumerate(wanted):
        path, gain = net.best(used, worth[n])
        if not path or gain < least:
            continue
        for k in path:
            used[k] = True
        course = net.course(path, gain)
        if len(course.runs) >= 2:
            found.append(Followed(course=course, net=net, expected=one, ink=ink))
    return found


def guessed_curves(layer: Layer, stroke: float) -> list[Expected]:
    """The curves that the patterns in a layer show of which no legend tells; none where all its ink is of one kind."""
    short, long, columns = _dashes_and_long(layer, stroke)
    width = layer.coverage.shape[1]
    if columns < _BOTH * width:
        return []
    styles: list[Style] = ["solid"] if long > _MINOR * (short + long) else []
    if short > _MINOR * (short + long):
        styles += _dash_styles(layer, stroke)
    return [Expected(entry=None, style=style, strength=1.0) for style in styles] if len(styles) > 1 else []


def with_unnamed(named: Sequence[Expected], guessed: Sequence[Expected]) -> list[Expected]:
    """The curves that a legend names in a layer: one alone with what the layer shows besides, a solid line and another.

    Parameters
    ----------
    named : the curves that the legend tells of.
    guessed : the curves that the patterns in the layer show.
    """
    styles = [one.style for one in named]
    shown = [one.style for one in guessed]
    if len(named) != 1 or styles[0] not in shown or shown[0] != "solid" or len(shown) != 2:
        return list(named)
    return sorted([*named, *(one for one in guessed if one.style not in styles)], key=_rank)


def _dash_styles(layer: Layer, stroke: float) -> list[Style]:
    """The patterns of which there are strands of dashes over a good part of the width."""
    coverage = layer.coverage - _without_dashes(layer.coverage, stroke)
    dashes = find_dashes(coverage, stroke)
    filled = with_gaps_filled(coverage, dashes, stroke)
    net = Net(find_runs(filled), layer.hidden, stroke, Terrain(layer.hidden, filled), dashed=True)
    kinds = _Kinds.of_strands(net, dashes, stroke)
    span = np.array([f.last - f.first + 1 for f in net.fragments]) * (kinds.sure >= 0.5)
    dotted, dashed = kinds.dots >= _MIXED[1], kinds.dots <= _MIXED[0]
    kinds_of: dict[Style, Mask] = {"dashed": dashed, "dashdot": ~dashed & ~dotted, "dotted": dotted}
    return [style for style, those in kinds_of.items() if span[those].sum() > _BOTH * coverage.shape[1]]


def is_dashed(layer: Layer, stroke: float) -> bool:
    """Whether most of a layer's ink lies in dashes: short pieces with bare ground, not other ink, around them."""
    dashes, long, _ = _dashes_and_long(layer, stroke)
    return bool(dashes >= 2 * long and dashes > 0)


def _dashes_and_long(layer: Layer, stroke: float) -> tuple[float, float, int]:
    """The ink of a layer in dashes, that in longer pieces, and how many columns the dashes are seen in.

    All are 0 where there are too few dashes to tell.
    """
    area = inked_part(layer.coverage >= FAINTEST)
    if not area[0].stop:
        return 0.0, 0.0, 0
    coverage, hidden = layer.coverage[area], layer.hidden[area]
    ink = coverage >= FAINTEST
    labels, stats, _ = label_pieces(ink)
    extent = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    # what compression leaves beside strokes is thinner than they are and hides nothing
    size = 2 * int(_LINE * stroke / 2) + 1
    over = cv2.morphologyEx(hidden.astype(np.uint8), cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    near = cv2.dilate(over, np.ones((3, 3), np.uint8)) > 0
    covered = np.bincount(labels[near & ink], minlength=len(stats)) > 0
    mass = np.bincount(labels[ink], coverage[ink], len(stats))
    short = extent < _LONGEST_DASH * stroke
    dash, long = short & ~covered, ~short
    dash[0] = long[0] = False
    if dash.sum() < _DASHES:
        return 0.0, 0.0, 0
    return float(mass[dash].sum()), float(mass[long].sum()), int(dash[labels].any(axis=0).sum())


def joined_dashes(layer: Layer, stroke: float) -> Float32:
    """The coverage of a layer with the gaps between the dashes of its curves filled.

    Parameters
    ----------
    layer : the ink of curves drawn in dashes.
    stroke : width of the lines in pixels.
    """
    return with_gaps_filled(layer.coverage, find_dashes(layer.coverage, stroke), stroke)


def _without_dashes(coverage: Float32, stroke: float) -> Float32:
    """The coverage without pieces of ink that touch nothing and are too short for a solid curve."""
    labels, stats, _ = label_pieces(coverage >= FAINTEST)
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


@dataclass(frozen=True, kw_only=True, eq=False)
class _Kinds:
    """What the fragments of a net look like: arrays (n,).

    `dots` is the share of dots among the pieces that each runs through, `sure` how far so many pieces can be trusted
    (0-1), `strength` the cover of the ink, and `mass` how much ink there is.
    """

    dots: FloatArray
    sure: FloatArray
    strength: FloatArray
    mass: FloatArray

    @classmethod
    def of_pieces(cls, net: Net, coverage: Float32, stroke: float) -> _Kinds:
        """The fragments of solid curves, each a piece of its own."""
        rows = np.clip(np.floor(net.runs.center).astype(int), 1, max(coverage.shape[0] - 2, 1))
        last = coverage.shape[0] - 1
        peak = np.max([coverage[np.clip(rows + d, 0, last), net.runs.column] for d in (-1, 0, 1)], axis=0)
        strength = np.array([quantile(peak[f.runs], 0.8) for f in net.fragments])
        length = np.array([_length(f, net.runs) for f in net.fragments])
        dots = (length < DOT * stroke).astype(float)
        return cls(dots=dots, sure=np.ones(len(length)), strength=strength, mass=_masses(net))

    @classmethod
    def of_strands(cls, net: Net, dashes: Dashes, stroke: float) -> _Kinds:
        """The fragments of dashes joined end to end, each by the pieces that it runs through."""
        longest_dot = _longest_dot(dashes.length, stroke)
        rows = np.clip(np.floor(net.runs.center).astype(int), 0, len(dashes.labels) - 1)
        label = dashes.labels[rows, net.runs.column]
        table = np.zeros((len(net.fragments), 3))
        for k, fragment in enumerate(net.fragments):
            own = np.unique(label[fragment.runs])
            own = own[own > 0] - 1
            if len(own):
                dot = dashes.length[own] <= longest_dot
                # dots are paler than the dashes of the same curve
                strength = dashes.strength[own if dot.all() else own[~dot]]
                table[k] = dot.mean(), min((len(own) - 1) / _SURE, 1.0), median(strength)
        return cls(dots=table[:, 0], sure=table[:, 1], strength=table[:, 2], mass=_masses(net))

    def compared(self, wanted: Sequence[Expected], others: Sequence[Expected]) -> tuple[Sequence[Expected], FloatArray]:
        """The wanted curves, restyled as their fragments look, and how much each fragment looks like each: (m, n), 0-1.

        Strokes are paler than their samples, dots more than dashes, all of a kind by about the same factor: the one is
        taken that makes the fragments look most like the curves.
        """
        only_dots = self.dots >= _MIXED[1]
        like = np.empty((len(wanted), len(self.dots)))
        for kind in (only_dots, ~only_dots):
            tried = np.array([self._strengths(wanted, others, factor)[:, kind] for factor in _FACTORS])
            may_be = [n for n, one in enumerate(wanted) if (one.style == "dotted") == bool(kind is only_dots)]
            best = tried[:, may_be or slice(None)].max(axis=1, initial=0.0) @ self.mass[kind]
            like[:, kind] = tried[int(np.argmax(best * _LIKELY))]
        wanted = [self._restyled(one, own) for one, own in zip(wanted, like, strict=True)]
        every = [*wanted, *others]
        rest = [{o.style for m, o in enumerate(every) if m != n} for n in range(len(wanted))]
        like *= np.array([self._styles(*pair) for pair in zip(wanted, rest, strict=True)])
        # a gap that was filled looks like any curve, and what a single piece looks like tells little
        return wanted, np.where(self.strength > 0, like ** (_LONE + (1 - _LONE) * self.sure), 1.0)

    def _strengths(self, wanted: Sequence[Expected], others: Sequence[Expected], factor: float) -> FloatArray:
        """How much the strength of each fragment is that of each curve: (m, n), 0-1."""
        strengths = [one.strength for one in (*wanted, *others)]
        if min(strengths) > 0.85 * max(strengths):
            return np.ones((len(wanted), len(self.strength)))
        told = np.array([one.strength for one in wanted])[:, None] * factor
        off = np.log(np.maximum(self.strength, 0.05) / told) / _STRENGTH
        return np.asarray(np.exp(-0.5 * off**2))

    def _restyled(self, one: Expected, like: FloatArray) -> Expected:
        """A curve whose sample shows dashes only, as a dash-dot line where its fragments by strength are such."""
        weight = self.mass * np.where(like > 0.5, self.sure, 0.0)
        mixed = (self.dots > _MIXED[0]) & (self.dots < _MIXED[1])
        if one.style == "dashed" and np.ptp(like) > 0.5 and weight[mixed].sum() > 0.5 * weight.sum():
            return replace(one, style="dashdot")
        return one

    def _styles(self, one: Expected, others: set[Style]) -> FloatArray:
        """How much each fragment is drawn in the pattern of a curve (0-1), where the others have other patterns."""
        mixed = (self.dots > _MIXED[0]) & (self.dots < _MIXED[1])
        few, many = _MIXED if "dashdot" in others else (0.5, 0.5)
        if one.style == "solid" and others - {"solid"}:
            return np.where(self.dots > 0, 0.5, 1.0)
        if one.style == "dotted" and others - {"dotted"}:
            return np.where(self.dots >= many, 1.0, _STRANGE)
        if one.style == "dashed" and others & {"dotted", "dashdot"}:
            return np.where(self.dots <= few, 1.0, _STRANGE)
        if one.style == "dashdot" and others & {"dotted", "dashed"}:
            # a single piece may be one of its dashes or of its dots
            return np.where(mixed, 1.0, 1.0 - 0.6 * self.sure)
        return np.ones(len(self.dots))


def _longest_dot(length: FloatArray, stroke: float) -> float:
    """Up to which length in pixels pieces are dots: where lengths part in two kinds, or else in stroke widths.

    The limit is the one between which and either kind the lengths vary least (Otsu, *A threshold selection method*,
    1979, on logarithms).
    """
    logs = np.sort(np.log(length[(length > 0.5 * stroke) & (length < _LONGEST_DASH * stroke)]))
    count = np.arange(1, len(logs))
    if len(logs) < 2 * _DASHES:
        return DOT * stroke
    low, total = np.cumsum(logs)[:-1] / count, logs.sum()
    high = (total - low * count) / (len(logs) - count)
    cut = int(np.argmax(count * (len(logs) - count) * (high - low) ** 2))
    dots, rest = logs[: cut + 1], logs[cut + 1 :]
    if min(len(dots), len(rest)) < _KIND * len(logs) or median(rest) - median(dots) < np.log(_LONGER):
        return DOT * stroke
    return float(np.exp((median(dots) + median(rest)) / 2))


def _masses(net: Net) -> FloatArray:
    """The ink of each fragment of a net."""
    return np.array([float(net.runs.mass[f.runs].sum()) for f in net.fragments])


def _length(fragment: Fragment, runs: Runs) -> float:
    """The length of a fragment along its course in pixels."""
    center = runs.center[fragment.runs]
    across = float(np.hypot(len(center), center[-1] - center[0]))
    return max(across, float((runs.bottom[fragment.runs] - runs.top[fragment.runs]).max()))
