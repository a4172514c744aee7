"""Spacings found however many places are missing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digitize.periodic import find_lattice, regularity


@given(step=st.floats(6.0, 40.0), start=st.floats(0.0, 50.0), seed=st.integers(0, 1000))
def test_the_step_of_places_is_found_where_every_third_is_missing(step: float, start: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    number = np.sort(rng.choice(31, 21, replace=False))
    number = np.unique(np.concatenate([[0, 1, 2], number, [30]]))
    places = start + step * number + rng.normal(0, 0.2, len(number))
    found = find_lattice(places, 1.0)
    assert found is not None
    assert abs(found.step - step) < 0.05
    assert (found.number(places) - found.number(places[:1]) == number).all()


def test_one_place_beside_the_others_does_not_move_a_lattice() -> None:
    places = np.sort(np.append(10.0 + 12.0 * np.arange(15), 75.3))
    found = find_lattice(places, 1.0)
    assert found is not None
    assert abs(found.step - 12.0) < 0.05


def test_places_at_random_are_not_regular() -> None:
    rng = np.random.default_rng(1)
    assert np.mean([regularity(np.sort(rng.uniform(0, 400, 30))) < 2.0 for _ in range(100)]) > 0.9
    assert regularity(np.arange(20.0, 400.0, 19.0)) > 8.0


def test_seven_places_in_step_are_regular_and_seven_at_random_are_not() -> None:
    rng = np.random.default_rng(2)
    assert regularity(50.0 + 53.3 * np.arange(7) + rng.normal(0, 0.3, 7)) > 2.0
    assert np.mean([regularity(np.sort(rng.uniform(0, 400, 7))) < 2.0 for _ in range(400)]) > 0.95


def test_no_places_have_no_spacing() -> None:
    assert regularity(np.empty(0)) == 0.0
    assert find_lattice(np.array([3.0, 3.0, 3.0]), 1.0) is None
