"""Summits: the maxima that stand out from both sides."""

from __future__ import annotations

import numpy as np

from digitize.spans import find_summits


def test_a_summit_stands_out_from_both_sides() -> None:
    assert find_summits(np.array([0.0, 1.0, 0.0, 0.9, 0.5, 1.2, 0.0]), 0.6) == [1, 5]


def test_a_level_summit_counts_once_in_its_middle() -> None:
    assert find_summits(np.array([0.0, 2.0, 2.0, 2.0, 0.0]), 0.6) == [2]


def test_ends_and_slopes_hold_no_summit() -> None:
    assert find_summits(np.array([3.0, 2.0, 1.0, 2.0, 3.0]), 0.6) == []


def test_ripples_lower_than_asked_hold_no_summit() -> None:
    assert find_summits(np.array([0.0, 0.5, 0.0, 0.5, 0.0]), 0.6) == []
