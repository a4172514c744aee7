from __future__ import annotations

import math

import numpy as np
import pytest

from digitize.medians import median, quantile, row_median

KINDS = [np.float32, np.float64, np.int64, np.uint8]


def some(shape: tuple[int, ...], kind: type) -> np.ndarray:
    return (np.random.default_rng(shape[0]).random(shape) * 250).astype(kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_medians_are_those_of_numpy(count: int, kind: type) -> None:
    values = some((count,), kind)
    assert median(values) == float(np.median(values))
    assert median(values.tolist()) == float(np.median(values.tolist()))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(1, 3), (2, 3), (7, 3), (30, 3), (6, 4, 5)])
def test_row_medians_are_those_of_numpy(shape: tuple[int, ...], kind: type) -> None:
    rows = some(shape, kind)
    found = row_median(rows)
    assert found.dtype == np.median(rows, axis=0).dtype
    assert np.array_equal(found, np.median(rows, axis=0))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", [(1,), (2,), (9,), (40,), (6, 7)])
@pytest.mark.parametrize("share", [0.0, 0.15, 0.5, 0.9, 0.95, 1.0])
def test_quantiles_are_those_of_numpy(shape: tuple[int, ...], kind: type, share: float) -> None:
    values = some(shape, kind)
    assert quantile(values, share) == float(np.quantile(values, share))


def test_of_nothing_there_is_no_median() -> None:
    assert math.isnan(median([]))
    assert np.isnan(row_median(np.empty((0, 3)))).all()
