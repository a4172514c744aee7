"""Where labels stand along an axis: their centres, and the tick marks and gridlines that they stand at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitize.axisfit import LineFit
from digitize.medians import median
from digitize.model import FloatArray, PlotArea, TickLabel

# Shares of the text height.
_ON_STROKE = 0.35
_SAME_OFFSET = 0.2
# A few labels tell an offset where theirs are alike to this share or this many pixels, as strokes on whole ones allow.
_SAME_FEW, _SAME_FEW_PX = 0.08, 0.6
_LARGEST_OFFSET = 0.6
# What was pushed inward ends beyond the edge by no more than this share of what it may end before it.
_OVER = 0.4
_CENTER_ERROR = 0.12
_STROKE_ERROR = 0.03
# Labels beside a lone stroke tell how far all lie from theirs: so many that stand as evenly, by no more than the last.
_FEWEST_EVEN, _EVEN, _LARGEST_LEAN = 4, 0.06, 0.15
# Strokes are many where there are so many for each label, as minor tick marks are.
_MANY = 2
# Renderers that draw crisp strokes round their places to whole pixels: a uniform error of one pixel, in pixels.
_STROKE_ROUNDING = 0.29


#: The share of the multiples of powers of ten that may have no stroke on an axis that is told by its strokes.
_MOST_ABSENT = 0.8


@dataclass(frozen=True, kw_only=True, eq=False)
class Witnesses:
    """Positions of n labels in pixels, from strokes where `on_stroke`, otherwise from centres.

    `offset` is how far the strokes lie from the centres of their labels throughout (`centers` do not include it);
    `reach` how far each label may stand from its stroke; `fine` the standard errors of `positions`; `at_ends` is true
    of labels that stand at an end of the plot area.
    """

    centers: FloatArray
    reach: FloatArray
    height: float
    strokes: FloatArray
    offset: float
    positions: FloatArray
    on_stroke: NDArray[np.bool_]
    fine: FloatArray
    at_ends: NDArray[np.bool_]

    @property
    def coarse(self) -> FloatArray:
        """Standard errors wide enough for a map through two labels to take in the others."""
        return np.maximum(self.fine, np.where(self.on_stroke, 0.12, 0.25) * self.height)

    @property
    def pushed(self) -> NDArray[np.bool_]:
        """Which labels may have been pushed inward at an end of the axis."""
        return np.asarray(self.reach > _LARGEST_OFFSET * self.height)

    @property
    def beside_strokes(self) -> NDArray[np.bool_]:
        """Which labels stand near a stroke and yet not at it."""
        if len(self.strokes) == 0:
            return np.zeros(len(self.centers), dtype=bool)
        apart = np.min(np.abs(self.strokes[None, :] - self.centers[:, None] - self.offset), axis=1)
        return np.asarray(~self.on_stroke & (apart <= self.reach))


def text_height(labels: Sequence[TickLabel]) -> float:
    """The median height of the labels' text in pixels, across the baseline."""
    boxes = [(label.word.box.width if label.word.angle in (90, 270) else label.word.box.height) for label in labels]
    inked = [label.word.height_px for label in labels if label.word.height_px > 0]
    return float(max(median(inked or boxes), 1.0))


def find_witnesses(
    labels: Sequence[TickLabel], strokes_px: Sequence[float], area: PlotArea, *, horizontal: bool, lean_px: float = 0.0
) -> Witnesses:
    """The positions of labels along an axis before any map is known; see `TickLabels` for `lean_px`."""
    height = text_height(labels)
    centers = np.array([label.center_px for label in labels])
    spans = np.array([_span(label, horizontal) for label in labels])
    half = (spans[:, 1] - spans[:, 0]) / 2
    edges = (area.box.left, area.box.right) if horizontal else (area.box.top, area.box.bottom)
    flush = _flush(spans, edges, _ON_STROKE * height)
    strokes = np.unique([*strokes_px, *(lb.stroke_px for lb in labels if lb.stroke_px is not None)]).astype(float)
    bound = np.maximum(_LARGEST_OFFSET * height, half)
    offset = _common_offset(strokes, centers[~flush], bound[~flush], height) or lean_px
    if not offset and not horizontal and not flush.any():
        offset = _lone_lean(strokes, centers, height)
    start = Witnesses(
        centers=centers, reach=np.where(flush, bound + _ON_STROKE * height, _LARGEST_OFFSET * height), height=height,
        strokes=strokes,
        offset=offset, positions=centers + offset, on_stroke=np.zeros(len(centers), dtype=bool),
        # A label that was pushed inward at the end of an axis tells little by its centre.
        fine=np.maximum(0.6, _CENTER_ERROR * height) + np.where(flush, half / 2, 0.0),
        at_ends=np.abs(centers[:, None] + offset - np.array(edges)).min(axis=1) <= _ON_STROKE * height,
    )  # fmt: skip
    return snapped(start, centers + offset)


def snapped(witnesses: Witnesses, expected: FloatArray) -> Witnesses:
    """The witnesses with each label at the stroke nearest to where it is expected, if one is near enough."""
    w = witnesses
    plain = np.maximum(0.6, _CENTER_ERROR * w.height)
    fine = np.where(w.on_stroke, plain + np.where(w.pushed, w.reach / 2, 0.0), w.fine)
    stand = w.centers + w.offset
    if len(w.strokes) == 0:
        return replace(w, positions=stand, fine=fine)
    nearest = w.strokes[np.argmin(np.abs(w.strokes[None, :] - expected[:, None]), axis=1)]
    on = (np.abs(nearest - expected) <= _ON_STROKE * w.height) & (np.abs(nearest - stand) <= w.reach)
    return replace(
        w, positions=np.where(on, nearest, stand), on_stroke=on,
        fine=np.where(on, max(_STROKE_ROUNDING, _STROKE_ERROR * w.height), fine),
    )  # fmt: skip


def without_strokes(witnesses: Witnesses, which: NDArray[np.bool_]) -> Witnesses:
    """The witnesses with some labels where they stand themselves, as if there were no strokes beside them."""
    w = witnesses
    stand = w.centers + w.offset
    plain = np.maximum(0.6, _CENTER_ERROR * w.height) + np.where(w.pushed, w.reach / 2, 0.0)
    return replace(
        w, positions=np.where(which, stand, w.positions), on_stroke=w.on_stroke & ~which,
        fine=np.where(which, plain, w.fine),
    )  # fmt: skip


def between_strokes(witnesses: Witnesses) -> FloatArray | None:
    """The strokes on the low side of labels that each stand in the middle between two; None where they do not."""
    w = witnesses
    if len(w.strokes) < 2 or w.on_stroke.any():
        return None
    after = np.searchsorted(w.strokes, w.centers)
    if np.any((after == 0) | (after == len(w.strokes))) or len(np.unique(after)) < len(after):
        return None
    low, high = w.strokes[after - 1], w.strokes[after]
    return low if np.all(np.abs((low + high) / 2 - w.centers) <= _ON_STROKE * w.height) else None


def log_stroke_evidence(fit: LineFit, w: Witnesses) -> float:
    """How well all strokes stand at whole multiples of powers of ten, from 0 to 1; -1 where they are evenly spaced."""
    if len(w.strokes) - int(w.on_stroke.sum()) < 3 or w.on_stroke.sum() < 2:
        return 0.0
    low, high = sorted((w.strokes - fit.intercept)[[0, -1]] / fit.slope)
    if high - low > 30:
        return 0.0
    decades = np.arange(math.floor(low), math.ceil(high) + 1)
    marks = fit.at((decades[:, None] + np.log10(np.arange(1, 10))).ravel())
    apart = np.abs(marks - w.strokes[:, None])
    explained = float(np.mean(apart.min(axis=1) <= 0.15 * w.height))
    within = (marks >= w.strokes[0] - 1) & (marks <= w.strokes[-1] + 1)
    absent = float(np.sum(apart.min(axis=0)[within] > 0.15 * w.height)) / max(int(within.sum()), 1)
    # Strokes at the decades alone stand evenly, whatever the frame beside them seems to tell.
    if explained >= 0.85 and absent <= _MOST_ABSENT and np.ptp(np.diff(w.strokes)) > 0.3 * w.height:
        return explained * (1 - 0.5 * absent)
    return -1.0 if np.ptp(np.diff(w.strokes)) <= 0.3 * w.height else 0.0


def _span(label: TickLabel, horizontal: bool) -> tuple[float, float]:
    box = label.word.box
    return (box.left, box.right) if horizontal else (box.top, box.bottom)


def _flush(spans: FloatArray, edges: tuple[float, float], margin: float) -> NDArray[np.bool_]:
    """Which of the outermost labels end where the plot area or the picture ends, as if pushed inward.

    Their end lies nearer to the edge than their middle does, and not all labels stand evenly.
    """
    low, high = edges
    middle = spans.mean(axis=1)
    inward = np.stack([spans[:, 0] - low, high - spans[:, 1]])
    nearer = np.abs(inward) <= np.abs(np.stack([middle - low, high - middle]))
    flush = (nearer & (inward >= -_OVER * margin) & (inward <= margin)).any(axis=0)
    flush |= spans[:, 0] <= margin
    outer = (spans[:, 0] == spans[:, 0].min()) | (spans[:, 1] == spans[:, 1].max())
    gaps = np.diff(np.sort(middle))
    even = len(gaps) >= 3 and np.ptp(gaps) <= 0.6 * margin
    return np.asarray(flush & outer & (not even))


def _lone_lean(strokes: FloatArray, centers: FloatArray, height: float) -> float:
    """How far the only label at a stroke lies from it, where all stand evenly and so lie alike; 0 where it tells not.

    Lines of text of one axis stand off their ticks alike, by what its renderer takes for the middle of a line.
    """
    apart = strokes[None, :] - centers[:, None]
    near = apart[np.abs(apart) <= _ON_STROKE * height]
    places = np.sort(centers)
    if len(near) != 1 or len(places) < _FEWEST_EVEN or abs(near[0]) > _LARGEST_LEAN * height:
        return 0.0
    steps = np.arange(len(places))
    stray = places - np.polyval(np.polyfit(steps, places, 1), steps)
    return float(near[0]) if np.abs(stray).max() <= _EVEN * height else 0.0


def _alike(height: float) -> float:
    """How far apart the distances of a few labels to their strokes lie, where these keep one, in pixels."""
    return max(_SAME_FEW * height, _SAME_FEW_PX)


def _common_offset(strokes: FloatArray, centers: FloatArray, bound: FloatArray, height: float) -> float:
    """How far strokes lie from their labels' centres throughout; 0 where they do not keep one distance.

    The nearest distance that four in five labels keep is taken, within the labels' own extent (slanted labels hang
    by their ends), otherwise the one that most keep within the height of the text.
    """
    if len(strokes) == 0 or len(centers) < 2:
        return 0.0
    if len(strokes) >= _MANY * len(centers):
        # Beyond half of the way from one stroke to the next another stroke is the nearer one.
        bound = np.minimum(bound, median(np.diff(strokes)) / 2)
    apart = strokes[None, :] - centers[:, None]
    offsets = apart[np.abs(apart) <= bound[:, None]]
    if len(offsets) == 0:
        return 0.0
    offsets = offsets[np.argsort(np.abs(offsets), kind="stable")][:200]
    gap = np.min(np.abs(apart[None, :, :] - offsets[:, None, None]), axis=2)
    kept = np.sum(gap <= _SAME_OFFSET * height, axis=1)
    small = np.abs(offsets) <= _LARGEST_OFFSET * height
    if small.any() and kept[small].max() >= 0.8 * len(centers):
        pick = int(np.argmax(np.where(small, kept, 0) >= 0.8 * len(centers)))
    elif kept.max() >= 0.8 * len(centers):
        pick = int(np.argmax(kept >= 0.8 * len(centers)))
    elif small.any() and (few := np.where(small, np.sum(gap <= _alike(height), axis=1), 0)).max() >= 2:
        pick = int(np.argmax(few))
    else:
        return 0.0
    near = apart - offsets[pick]
    best = np.take_along_axis(apart, np.argmin(np.abs(near), axis=1)[:, None], axis=1)[:, 0]
    return median(best[np.abs(best - offsets[pick]) <= _SAME_OFFSET * height])
