"""Medians and quantiles of small arrays, far faster than numpy's, which spend their time on what they are not given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def median(values: NDArray[Any] | Sequence[float]) -> float:
    """The median of numbers, none of them NaN; NaN where there are none."""
    values = np.asarray(values).ravel()
    if not len(values):
        return math.nan
    half, odd = divmod(len(values), 2)
    if odd:
        return float(np.partition(values, half)[half])
    sorted_ = np.partition(values, (half - 1, half))
    below, above = sorted_[half - 1], sorted_[half]
    return float((below + above) / 2) if values.dtype.kind == "f" else (float(below) + float(above)) / 2


def row_median(rows: NDArray[Any]) -> NDArray[np.floating[Any]]:
    """The median (...) along the first axis of rows (n, ...), none of them NaN; NaN where there are none."""
    if not len(rows):
        return np.full(rows.shape[1:], math.nan)
    half, odd = divmod(len(rows), 2)
    # along lines of memory partition is fastest
    along = np.ascontiguousarray(rows.T)
    sorted_ = np.partition(along, half if odd else (half - 1, half))
    above = sorted_[..., half] if rows.dtype.kind == "f" else sorted_[..., half].astype(float)
    return np.asarray(above if odd else (sorted_[..., half - 1] + above) / 2).T


def quantile(values: NDArray[Any], share: float) -> float:
    """The value that this share of an array, not empty and none of it NaN, is below: between two of them, linearly."""
    flat = values.ravel()
    place = (len(flat) - 1) * share
    low = int(place)
    high = min(low + 1, len(flat) - 1)
    sorted_ = np.partition(flat, (low, high))
    below, above = sorted_[low], sorted_[high]
    rest = place - low
    step = above - below
    return float(below + step * rest if rest < 0.5 else above - step * (1 - rest))
