"""Data points whose x fall on a grid that people count in: x is then known exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitize.medians import median
from digitize.model import Axis, FloatArray, Samples

#: Samples lie within so many pixels of the grid that they are put on.
_NEAR = 1.6
#: A grid is told from chance when its step is at least so many pixels.
_LEAST_STEP = 2.4
#: No sample is further than this share of a step off its place on a grid of numbers.
_CLEAR = 0.25
#: The outermost samples lie no farther off the round ends of equal parts, in least steps: chance comes nearer to some.
_ROUND_END = 0.4
_DAY = 86_400.0


def with_exact_x(samples: Samples, axis: Axis | None) -> Samples:
    """Samples with their exact x on the simplest grid that holds all of them, or as they are where none does.

    The grid is of the axis' own kind: whole numbers, tenths, steps of 1, 2, 2.5 or 5 times a power of ten from such a
    start; days, months, quarters or years; powers; the places of categories.
    """
    if axis is None or len(samples.x_px) < 2:
        return samples
    for values in _grids(axis, axis.to_value(samples.x_px)):
        if len(np.unique(values)) < len(values):
            continue
        apart = np.abs(axis.to_pixel(values) - samples.x_px)
        if np.isfinite(apart).all() and apart.max() <= _NEAR:
            return replace(samples, x=values)
    return samples


def _grids(axis: Axis, x: FloatArray) -> list[FloatArray]:
    """The given values rounded to each grid that is coarse enough to mean something, the simplest first."""
    if axis.scale == "category":
        return [np.rint(x)]
    least = _LEAST_STEP * abs(axis.value_per_px)
    if axis.scale == "date":
        return _times(x, least)
    if axis.scale == "log":
        return _powers(x, least)
    top = int(np.floor(np.log10(max(np.ptp(x), 1e-300))))
    steps = [m * 10.0**e for e in range(top, top - 5, -1) for m in (5.0, 2.5, 2.0, 1.0) if m * 10.0**e >= least]
    steps += [1 / 12] if least <= 1 / 12 < np.ptp(x) else []  # months of years that stand as bare numbers
    near = [step for step in steps if np.abs(x / step - np.rint(x / step)).max() <= _CLEAR]
    return [_clean(np.rint(x / step) * step, step) for step in near] + _even(x, least)


def _clean(values: FloatArray, step: float) -> FloatArray:
    """Multiples of a step without the dust of binary fractions."""
    digits = int(np.clip((2 if float(f"{step:.3g}") == step else 12) - np.floor(np.log10(step)), -15, 300))
    return np.array([round(float(v), digits) for v in values])


def _even(x: FloatArray, least: float) -> list[FloatArray]:
    """Equal parts between two round ends, as thirds and sevenths of a range are."""
    steps = np.diff(x)
    step = median(steps)
    if len(x) < 4 or step < least:
        return []
    k = np.rint((x - x[0]) / step)
    if k[-1] < 2 or np.abs(steps - step * np.diff(k)).max() > least:
        return []
    unit = 10.0 ** np.ceil(np.log10(least))
    for digit in (100 * unit, 10 * unit, unit):
        first, last = np.rint(x[0] / digit) * digit, np.rint(x[-1] / digit) * digit
        if last > first and max(abs(first - x[0]), abs(last - x[-1])) <= min(_CLEAR * digit, _ROUND_END * least):
            return [first + (last - first) * k / k[-1]]
    return []


def _powers(x: FloatArray, least: float) -> list[FloatArray]:
    """Powers of two and of ten, and whole numbers of one or two digits."""
    grids = [base ** np.rint(np.log(x) / np.log(base)) for base in (10.0, 2.0) if np.log10(base) >= least]
    for digits in (1, 2):
        unit = 10.0 ** (np.floor(np.log10(x)) - digits + 1)
        values = np.rint(x / unit) * unit
        if np.log10((x / unit + 1) / (x / unit)).min() >= least:
            grids.append(np.array([float(f"{v:.3g}") for v in values]))
    return grids


def _times(x: FloatArray, least: float) -> list[FloatArray]:
    """Years, quarters, months, days, hours."""
    grids = []
    months = x.astype("datetime64[s]").astype("datetime64[M]").astype(int)
    start = (np.arange(months.min() - 12, months.max() + 25)).astype("datetime64[M]").astype("datetime64[s]")
    every = start.astype(float)
    number = np.arange(months.min() - 12, months.max() + 25)
    for step in (12, 3, 1):
        chosen = every[number % step == 0]
        if step * 28 * _DAY >= least and len(chosen) > 1:
            grids.append(chosen[np.argmin(np.abs(x[:, None] - chosen), axis=1)])
    ends = every[1:] - _DAY
    if least <= 28 * _DAY:
        grids.append(ends[np.argmin(np.abs(x[:, None] - ends), axis=1)])
    grids += [np.rint(x / (h * 3600)) * h * 3600 for h in (24, 12, 6, 1) if h * 3600 >= least]
    return grids
