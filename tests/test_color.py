from __future__ import annotations

import numpy as np
import pytest

from digitize.color import largest_step, lengths

SHAPES = [(1, 3), (70, 3), (9, 11, 3), (0, 3)]


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [*SHAPES, (8, 2)])
def test_lengths_are_euclidean(shape: tuple[int, ...], kind: type) -> None:
    vectors = np.random.default_rng(1).normal(0, 60, shape).astype(kind)
    found = lengths(vectors)
    assert found.dtype == kind
    assert np.array_equal(found, np.linalg.norm(vectors, axis=-1))


@pytest.mark.parametrize("kind", [np.float32, np.int16, np.int64])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_largest_step_is_that_of_any_channel_either_way(shape: tuple[int, ...], kind: type) -> None:
    offsets = np.random.default_rng(2).normal(0, 60, shape).astype(kind)
    assert np.array_equal(largest_step(offsets), np.abs(offsets).max(axis=-1))
