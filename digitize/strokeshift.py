"""How far the strokes of a picture lie off their places: the convention by which its renderer rounds.

Renderers move thin strokes on to whole pixels, some to the nearest one, others to the pixel that holds the place: then
they lie half a pixel to the right and below on average. Curves and, mostly, texts stay where they belong. Whatever
shows a place besides its stroke tells which of the two it was, and by Bayes' rule how certainly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitize.medians import median
from digitize.model import Axis, FloatArray, TickLabels
from digitize.snapfit import on_strokes

#: Shares of the pictures whose strokes are rounded to the nearest pixel, down to the pixel that holds the place, and
#: otherwise, by anything up to that; the same where strokes do not stand on whole pixels; and how exactly, in pixels.
_SNAPPED, _FREE, _EXACTLY = (0.475, 0.475, 0.05), (0.75, 0.2, 0.05), 0.05
#: Strokes stand on whole pixels where this share of them is within so many pixels of a whole or a half one.
_MOSTLY, _PHASE = 0.8, 0.06
#: Standard error of a stroke that was rounded, of one that was not, and of all data points of an axis, in pixels.
_ROUNDED, _DRAWN, _COMMON = 0.29, 0.15, 0.1
#: Evidence counts no more than this share of certainty: what it rests on may be misread.
_MISREAD = 0.02
#: The middle of a label's ink lies to the right of its tick by this share of its height on average, with these standard
#: deviations, mostly the first; and this share of the renderers that round down move their texts with their strokes.
_RIGHT, _ASIDE, _FAR_ASIDE, _USUAL, _MOVED_ALONG = 0.01, 0.02, 0.08, 0.8, 0.3
#: Fewest labels whose middles tell.
_FEWEST = 3
#: Strokes and data points farther apart, in pixels, do not belong together.
_MOST = 1.6


@dataclass(frozen=True, kw_only=True)
class Shift:
    """By how many pixels strokes must be moved to where they belong, 0 or less, and the standard error."""

    by: float
    error: float


def find_shift(axes: Sequence[tuple[Axis, TickLabels]], told: Sequence[tuple[Axis, TickLabels]], unit: float) -> Shift:
    """The shift of the strokes of a picture.

    Parameters
    ----------
    axes : the axes of its panels as their labels and strokes have them, with these.
    told : the x axes as exact data points have them, with their labels and strokes.
    unit : width of the renderer's pixel in those of the picture.
    """
    shifts = np.linspace(-0.75, 0.25, 101) * unit
    snapped = _are_snapped(axes)
    chance = np.log(_prior(shifts, unit, snapped))
    for axis, row in told:
        chance += _told_by_data(shifts, axis, row, unit, snapped)
    chance += _told_by_labels(shifts, [pair for pair in axes if pair[1].axis == "x"], unit)
    weight = np.exp(chance - chance.max())
    weight /= weight.sum()
    mean = float(weight @ shifts)
    # no renderer moves its strokes to the left and up
    return Shift(by=min(mean, 0.0), error=float(np.sqrt(weight @ (shifts - mean) ** 2)))


def _are_snapped(axes: Sequence[tuple[Axis, TickLabels]]) -> bool:
    """Whether most ticks stand at strokes on whole pixels, odd or even ones wide."""
    pixels = np.concatenate([np.empty(0), *(on_strokes(axis, row.strokes_px)[0] for axis, row in axes)])
    off = np.abs(2 * pixels - np.rint(2 * pixels)) / 2
    return not len(pixels) or float(np.mean(off <= _PHASE)) >= _MOSTLY


def _prior(shifts: FloatArray, unit: float, snapped: bool) -> FloatArray:
    """How likely shifts (n,) are before anything is seen, up to a factor."""
    nearest, down, between = _SNAPPED if snapped else _FREE
    inside = (shifts >= -unit / 2) & (shifts <= 0)
    return np.asarray(
        nearest * _normal(shifts, _EXACTLY * unit)
        + down * _normal(shifts + unit / 2, _EXACTLY * unit)
        + between * (inside + 1e-3) * 2 / unit
    )


def _told_by_data(shifts: FloatArray, axis: Axis, row: TickLabels, unit: float, snapped: bool) -> FloatArray:
    """The log of how likely shifts (n,) make the strokes of an axis that is known without them, up to a constant.

    What is rounded lies no farther off than half a pixel. Where the steps of an axis are whole pixels all its strokes
    are rounded alike and tell no more than one.
    """
    pixel, value = on_strokes(axis, row.strokes_px)
    off = axis.to_pixel(value) - pixel
    off = off[np.abs(off) <= _MOST]
    if len(off) < 2:
        return np.zeros(len(shifts))
    middle = float(off.mean()) - shifts
    if not snapped:
        return np.log(_normal(middle, float(np.hypot(_COMMON, _DRAWN * len(off) ** -0.5))) + _MISREAD)
    alone = np.exp(-0.5 * (middle / (_ROUNDED * unit)) ** 2)
    beyond = np.maximum(off.max() - shifts, shifts - off.min()) - unit / 2
    return np.asarray(np.log(alone / (1 + np.exp(np.clip(beyond / (_COMMON / 1.7), -50, 50))) + _MISREAD))


def _told_by_labels(shifts: FloatArray, axes: Sequence[tuple[Axis, TickLabels]], unit: float) -> FloatArray:
    """The log of how likely shifts (n,) make the middles of the labels beneath the ticks, up to a constant.

    Those of all panels are taken together, since they share a font.
    """
    aside, heights = [], []
    for axis, row in axes:
        strokes = np.array(row.strokes_px)
        upright = {label.word.box for label in row.labels if label.word.angle == 0}
        boxes = [
            (tick.box, tick.pixel)
            for tick in axis.ticks
            if tick.used and tick.box in upright and len(strokes) and np.abs(strokes - tick.pixel).min() < unit / 4
        ]
        if len(boxes) >= _FEWEST:
            aside.append(median([(box.left + box.right) / 2 - pixel for box, pixel in boxes]))
            heights.append(median([box.height for box, _ in boxes]))
    if not aside:
        return np.zeros(len(shifts))
    middle, height = median(aside), median(heights)
    apart = np.array([middle - shifts, np.full(len(shifts), middle)]) / height - _RIGHT
    near, far = (_normal(apart, spread) for spread in (_ASIDE, _FAR_ASIDE))
    still, along = _USUAL * near + (1 - _USUAL) * far
    return np.asarray(np.log((1 - _MOVED_ALONG) * still + _MOVED_ALONG * along))


def _normal(values: FloatArray, spread: float) -> FloatArray:
    return np.asarray(np.exp(-0.5 * (values / spread) ** 2) / spread)
