"""Where labels stand along an axis: their centres, and the tick marks and gridlines that they stand at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitize.axisfit import LineFit
from digitize.leans import ON_STROKE, USUAL_LEAN, alike_px, pushed_inward, spans_of, text_height_of
from digitize.medians import median
from digitize.model import FloatArray, PlotArea, TickLabel

# Shares of the text height.
_SAME_OFFSET = 0.2
_LARGEST_OFFSET = 0.6
_CENTER_ERROR = 0.12
_STROKE_ERROR = 0.03
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


def find_witnesses(
    labels: Sequence[TickLabel], strokes_px: Sequence[float], area: PlotArea, *, horizontal: bool, lean_px: float = 0.0
) -> Witnesses:
    """The positions of labels along an axis before any map is known; see `TickLabels` for `lean_px`."""
    height = text_height_of(labels)
    centers = np.array([label.center_px for label in labels])
    spans = spans_of(labels, horizontal)
    half = (spans[:, 1] - spans[:, 0]) / 2
    edges = (area.box.left, area.box.right) if horizontal else (area.box.top, area.box.bottom)
    flush = pushed_inward(spans, edges, ON_STROKE * height)
    strokes = np.unique([*strokes_px, *(lb.stroke_px for lb in labels if lb.stroke_px is not None)]).astype(float)
    bound = np.maximum(_LARGEST_OFFSET * height, half)
    upright = not horizontal and all(label.word.angle == 0 for label in labels)
    usual = USUAL_LEAN * height if upright and not flush.any() else 0.0
    offset = _common_offset(strokes, centers[~flush], bound[~flush], height) or lean_px or usual
    start = Witnesses(
        centers=centers, reach=np.where(flush, bound + ON_STROKE * height, _LARGEST_OFFSET * height), height=height,
        strokes=strokes,
        offset=offset, positions=centers + offset, on_stroke=np.zeros(len(centers), dtype=bool),
        # A label that was pushed inward at the end of an axis tells little by its centre.
        fine=np.maximum(0.6, _CENTER_ERROR * height) + np.where(flush, half / 2, 0.0),
        at_ends=np.abs(centers[:, None] + offset - np.array(edges)).min(axis=1) <= ON_STROKE * height,
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
    on = (np.abs(nearest - expected) <= ON_STROKE * w.height) & (np.abs(nearest - stand) <= w.reach)
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
    return low if np.all(np.abs((low + high) / 2 - w.centers) <= ON_STROKE * w.height) else None


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
    elif small.any() and (few := np.where(small, np.sum(gap <= alike_px(height), axis=1), 0)).max() >= 2:
        pick = int(np.argmax(few))
    else:
        return 0.0
    near = apart - offsets[pick]
    best = np.take_along_axis(apart, np.argmin(np.abs(near), axis=1)[:, None], axis=1)[:, 0]
    return median(best[np.abs(best - offsets[pick]) <= _SAME_OFFSET * height])
