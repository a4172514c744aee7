from __future__ import annotations

import numpy as np
import pytest

from digitize.nearest import fill_from_nearest


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
@pytest.mark.parametrize("mask_size", [3, 5])
def test_each_unknown_pixel_takes_the_nearest_known_colour(kind: type, mask_size: int) -> None:
    random = np.random.default_rng(1)
    known = random.random((40, 60)) < 0.02
    truth = random.integers(0, 255, (40, 60, 3)).astype(kind)
    image = np.where(known[..., None], truth, 0).astype(kind)
    fill_from_nearest(image, known, mask_size)
    rows, columns = np.nonzero(known)
    for row, column in np.ndindex(known.shape):
        distance = np.hypot(rows - row, columns - column)
        # the distances of the masks are rounded
        near = np.flatnonzero(distance <= 1.1 * distance.min() + 0.1)
        assert any(np.array_equal(image[row, column], truth[rows[k], columns[k]]) for k in near)
    assert np.array_equal(image[known], truth[known])
