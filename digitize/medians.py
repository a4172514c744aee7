"""Medians of small arrays, far faster than `numpy.median`, which spends its time on what it is not given."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def median(values: NDArray[Any]) -> float:
    """The median of an array (n,), n > 0, none of it NaN."""
    half = len(values) // 2
    sorted_ = np.partition(values, half)
    if len(values) % 2:
        return float(sorted_[half])
    below, above = sorted_[:half].max(), sorted_[half]
    return float((below + above) / 2) if values.dtype.kind == "f" else (float(below) + float(above)) / 2


def row_median(rows: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """The median (m,) of each column of rows (n, m), n > 0, none of them NaN."""
    half = len(rows) // 2
    sorted_ = np.partition(rows, half, axis=0)
    return np.asarray(sorted_[half] if len(rows) % 2 else (sorted_[:half].max(axis=0) + sorted_[half]) / 2)
