"""The map of an axis whose tick marks and gridlines were moved on to whole pixels.

Many renderers put thin straight strokes on whole pixels and leave curves where they belong. A stroke then tells where
its tick is to within half a pixel and nothing more, so that the map is any that passes all strokes so near: the mean
of those maps is better than least squares, and their spread is its error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitize.medians import median
from digitize.model import Axis, FloatArray

Ticks = tuple[FloatArray, FloatArray]

#: A tick stands at a stroke within this many pixels.
_AT_STROKE = 0.25
#: Strokes of one phase to within this many pixels were moved on to whole pixels.
_PHASE = 0.06
#: The share of an axis' ticks, and the fewest, that are of one phase.
_MOSTLY, _FEWEST = 0.6, 2
#: Positions tried around the given map: their reach and step in pixels.
_REACH, _STEP = 1.2, 0.06
#: Strokes stray by up to half a pixel, with soft edges of this width.
_HALF, _SOFT = 0.5, 0.06


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapped:
    """The ticks of an axis that stand on whole pixels: places `pixel` (n,) and `t` (n,) along the axis, and the phase.

    `t` is 0 at the axis' first anchor and 1 at its second.
    """

    pixel: FloatArray
    t: FloatArray
    phase: float


def on_strokes(axis: Axis, strokes: Sequence[float]) -> Ticks:
    """The used ticks of an axis that stand at one of the given strokes: their pixels and values, (n,) each."""
    places = np.array(strokes)
    ticks = [tick for tick in axis.ticks if tick.used and tick.value is not None]
    at = [tick for tick in ticks if len(places) and np.abs(places - tick.pixel).min() <= _AT_STROKE]
    return np.array([t.pixel for t in at]), np.array([t.value for t in at], dtype=float)


def find_snapped(axis: Axis, strokes: Sequence[float]) -> Snapped | None:
    """The ticks at strokes that were moved on to whole pixels, None where they were not."""
    pixel, value = on_strokes(axis, strokes)
    if len(pixel) < _FEWEST:
        return None
    off = np.remainder(pixel[:, None] - pixel + 0.5, 1.0) - 0.5
    alike = np.abs(off) <= _PHASE
    best = int(np.argmax(alike.sum(axis=0)))
    chosen = alike[:, best]
    if chosen.sum() < max(_FEWEST, _MOSTLY * len(pixel)):
        return None
    phase = float(np.remainder(pixel[best] + median(off[chosen, best]), 1.0))
    first, second = axis.pixels
    t = (axis.to_pixel(value) - first) / (second - first)
    return Snapped(pixel=pixel[chosen], t=t[chosen], phase=phase)


def fit_snapped(axis: Axis, ticks: Snapped, shift: float, shift_error: float) -> Axis | None:
    """The axis through snapped ticks moved by `shift` pixels, itself known to `shift_error`; None where none passes.

    The ticks' positions are uniform over one pixel; the mean and the covariance are taken over a lattice of maps, by
    their positions at the two anchors.
    """
    first, second = axis.pixels
    moves = np.arange(-_REACH, _REACH + _STEP / 2, _STEP)
    a, b = (grid.ravel() for grid in np.meshgrid(moves, moves, indexing="ij"))
    off = ticks.pixel + shift - (first + ticks.t * (second - first))
    t = ticks.t
    apart = off[:, None] - ((1 - t)[:, None] * a + t[:, None] * b)
    log_likelihood = -np.logaddexp(0, (np.abs(apart) - _HALF) / (_SOFT / 2)).sum(axis=0)
    if log_likelihood.max() < -4.0 * len(t) / 2:
        return None
    weight = np.exp(log_likelihood - log_likelihood.max())
    weight /= weight.sum()
    mean = np.array([weight @ a, weight @ b])
    spread = np.stack([a - mean[0], b - mean[1]])
    covariance = np.asarray((spread * weight) @ spread.T + shift_error**2, dtype=np.float64)
    return moved(axis, (float(mean[0]), float(mean[1])), covariance)


def moved(axis: Axis, by: tuple[float, float], covariance: FloatArray) -> Axis:
    """The axis with the positions of its anchors' values moved by so many pixels, and their covariance (2, 2)."""
    shifted = replace(axis, pixels=(axis.pixels[0] + by[0], axis.pixels[1] + by[1]))
    values = shifted.to_value(np.array(axis.pixels))
    spread = ((float(covariance[0, 0]), float(covariance[0, 1])), (float(covariance[1, 0]), float(covariance[1, 1])))
    return replace(axis, values=(float(values[0]), float(values[1])), covariance_px=spread)


def fit_lattice(axis: Axis, values: FloatArray, pixel: FloatArray, error: FloatArray) -> Axis | None:
    """The axis through data points whose values along it are exact; None where they cover too little of it.

    `error` are the standard errors of the points' places `pixel`, all (n,).
    """
    first, second = axis.pixels
    t = (axis.to_pixel(values) - first) / (second - first)
    off = pixel - axis.to_pixel(values)
    if len(t) < 4 or np.ptp(t) < 0.3:
        return None
    design = np.stack([1 - t, t], axis=1) / error[:, None]
    normal = np.linalg.inv(design.T @ design)
    by = normal @ (design.T @ (off / error))
    rest = off - np.stack([1 - t, t], axis=1) @ by
    excess = max(1.0, float(np.mean((rest / error) ** 2)))
    return moved(axis, (float(by[0]), float(by[1])), np.asarray(normal * excess, dtype=np.float64))
