from __future__ import annotations

import numpy as np
import pytest

from digitize.medians import median, row_median


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int64, np.uint8])
@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_medians_are_those_of_numpy(count: int, kind: type) -> None:
    values = (np.random.default_rng(count).random(count) * 250).astype(kind)
    assert median(values) == float(np.median(values))


@pytest.mark.parametrize("count", [1, 2, 7, 30])
def test_row_medians_are_those_of_numpy(count: int) -> None:
    rows = np.random.default_rng(count).random((count, 3)).astype(np.float32)
    found = row_median(rows)
    assert found.dtype == np.float32
    assert np.array_equal(found, np.median(rows, axis=0))
