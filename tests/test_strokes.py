"""Runs of ink in the columns of a layer, and the width of its line."""

from __future__ import annotations

import numpy as np
import pytest

from digitize.strokes import find_runs, find_stroke, join_across


def test_a_run_has_the_mass_and_the_centre_of_its_ink_with_both_tails() -> None:
    coverage = np.zeros((40, 30), np.float32)
    coverage[10:15, 7] = 0.1, 0.5, 1.0, 0.75, 0.15
    runs = find_runs(coverage)
    assert runs.column.tolist() == [7]
    assert runs.mass[0] == pytest.approx(2.5)
    rows = np.arange(10, 15) + 0.5
    assert runs.center[0] == pytest.approx(float(coverage[10:15, 7] @ rows) / 2.5)
    assert (runs.top[0], runs.bottom[0]) == pytest.approx((11.4, 13.9))


def test_runs_at_the_edges_of_a_layer_end_there() -> None:
    runs = find_runs(np.ones((5, 3), np.float32))
    assert runs.column.tolist() == [0, 1, 2]
    assert runs.mass.tolist() == [5.0, 5.0, 5.0]
    assert runs.top.tolist() == [0.0, 0.0, 0.0]
    assert runs.bottom.tolist() == [5.0, 5.0, 5.0]


def test_runs_are_sorted_by_column_then_by_row() -> None:
    coverage = np.zeros((20, 6), np.float32)
    coverage[[12, 3, 17], [4, 4, 1]] = 1.0
    runs = find_runs(coverage)
    assert runs.column.tolist() == [1, 4, 4]
    assert runs.center.tolist() == [17.5, 3.5, 12.5]


def test_a_layer_without_ink_has_no_runs() -> None:
    empty = np.zeros((9, 9), np.float32)
    assert len(find_runs(empty)) == 0
    assert find_stroke(empty).width == 1.0


@pytest.mark.parametrize("turned", [False, True])
def test_the_width_of_a_line_is_that_across_it(turned: bool) -> None:
    coverage = np.zeros((60, 80), np.float32)
    coverage[20:24, 5:70] = np.array([0.5, 1.0, 1.0, 0.1])[:, None]
    assert find_stroke(coverage.T if turned else coverage).width == pytest.approx(2.6, abs=1e-6)


def test_runs_join_where_nothing_but_other_ink_lies_between_them() -> None:
    coverage = np.zeros((20, 2), np.float32)
    coverage[[4, 5, 10, 11]] = 1.0
    hidden = np.zeros((20, 2), bool)
    hidden[6:10, 0] = True
    hidden[6:8, 1] = True
    joined = join_across(find_runs(coverage), hidden)
    assert joined.column.tolist() == [0, 1, 1]
    assert (joined.top[0], joined.bottom[0], joined.mass[0]) == pytest.approx((4.0, 12.0, 8.0))
