"""Courses, comparisons and anomalies of curves drawn from known numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitize.outputs.anomalies import find_anomalies
from digitize.outputs.comparisons import correlation, difference, find_leads, find_swaps, restlessness
from digitize.outputs.courses import change_between, find_phases
from digitize.outputs.curves import read_curve
from tests.readings import make_axis, make_panel, make_series

X_AXIS = make_axis("linear", (60.0, 380.0), (0.0, 32.0))
Y_AXIS = make_axis("linear", (200.0, 20.0), (0.0, 0.9))
X = np.linspace(0, 32, 321)


def panel_of(*curves):
    series = [make_series(f"s{k}", list(X), list(y), X_AXIS, Y_AXIS) for k, y in enumerate(curves)]
    return make_panel(X_AXIS, Y_AXIS, tuple(series))


def phases_of(y):
    panel = panel_of(y)
    return find_phases(panel, panel.series[0])


def test_a_rise_a_plateau_and_a_fall_are_three_phases():
    found = phases_of(np.interp(X, [0, 8, 24, 32], [0.1, 0.7, 0.7, 0.2]))
    assert [phase.direction for phase in found] == ["rises", "fluctuates", "falls"]
    assert [phase.stop.x for phase in found] == pytest.approx([8, 24, 32], abs=0.5)
    assert [phase.stop.y for phase in found] == pytest.approx([0.7, 0.7, 0.2], abs=0.02)


@given(st.integers(0, 1000), st.floats(0.002, 0.02))
def test_noise_makes_no_turns(seed, noise):
    y = np.interp(X, [0, 16, 32], [0.1, 0.8, 0.2]) + np.random.default_rng(seed).normal(0, noise, len(X))
    found = [phase for phase in phases_of(y) if phase.direction != "fluctuates"]
    assert [phase.direction for phase in found] == ["rises", "falls"]
    assert found[0].stop.x < 18.5
    assert found[-1].start.x > 13.5


@given(st.integers(0, 1000))
def test_what_noise_alone_does_is_no_trend(seed):
    found = phases_of(0.5 + np.random.default_rng(seed).normal(0, 0.05, len(X)))
    assert {phase.direction for phase in found} == {"fluctuates"}


def test_a_change_within_the_errors_has_no_direction():
    panel = panel_of(np.interp(X, [0, 32], [0.5, 0.501]))
    change = change_between(read_curve(panel, panel.series[0]), 0, 32)
    assert change.direction == "fluctuates"


def test_a_way_back_that_is_as_long_is_no_rise():
    panel = panel_of(np.interp(X, [0, 10, 20, 32], [0.1, 0.5, 0.1, 0.4]))
    curve = read_curve(panel, panel.series[0])
    assert change_between(curve, 0, 32).direction == "fluctuates"
    assert change_between(curve, 0, 10).direction == "rises"
    assert change_between(curve, 10, 20).direction == "falls"


def test_two_points_are_one_phase():
    panel = make_panel(X_AXIS, Y_AXIS, (make_series("a", [0, 32], [0.1, 0.7], X_AXIS, Y_AXIS, style="points"),))
    (phase,) = find_phases(panel, panel.series[0])
    assert (phase.direction, phase.start.y, phase.stop.y) == ("rises", pytest.approx(0.1), pytest.approx(0.7))


def test_leads_and_swaps_are_those_of_the_numbers():
    panel = panel_of(np.interp(X, [0, 32], [0.1, 0.8]), np.full(len(X), 0.45))
    apart = difference(panel, 0, 1)
    leads = find_leads(apart)
    assert [lead.side for lead in leads] == [-1, 1]
    ((start, stop),) = find_swaps(apart)
    assert start < 16 < stop
    assert stop - start < 1
    assert apart.holds_above(17, 32) is True
    assert apart.holds_above(0, 32) is False
    assert apart.turned.holds_above(0, 15) is True


def test_curves_that_lie_on_each_other_leave_it_open_who_is_above():
    panel = panel_of(np.full(len(X), 0.45), np.full(len(X), 0.45))
    assert difference(panel, 0, 1).holds_above() is None


def test_gaps_are_compared_nowhere():
    y = np.full(len(X), 0.45)
    panel = panel_of(np.where((X > 10) & (X < 20), np.nan, y), y + 0.1)
    assert not ((difference(panel, 0, 1).x > 11) & (difference(panel, 0, 1).x < 19)).any()


def test_restlessness_is_the_size_of_the_noise():
    rng = np.random.default_rng(1)
    calm, restless = (0.5 + rng.normal(0, noise, len(X)) for noise in (0.004, 0.04))
    panel = panel_of(calm, restless)
    ratio = restlessness(panel, 1)[0] / restlessness(panel, 0)[0]
    assert ratio == pytest.approx(10, rel=0.3)


def test_curves_of_two_charts_move_alike_or_against_each_other():
    up, down = np.interp(X, [0, 16, 32], [0.1, 0.2, 0.8]), np.interp(X, [0, 16, 32], [0.8, 0.7, 0.1])
    one, two = panel_of(up, down), panel_of(0.5 * up, np.full(len(X), 0.5))
    assert correlation((one, 0), (two, 0)) == pytest.approx(1.0)
    assert correlation((one, 1), (two, 0)) == pytest.approx(-1.0)
    assert correlation((one, 0), (two, 1)) is None


def anomalies_of(y):
    panel = panel_of(y)
    return find_anomalies(panel, panel.series[0])


def test_a_spike_a_jump_and_a_gap_are_found_where_they_are():
    smooth = 0.3 + 0.02 * np.sin(X)
    (spike,) = anomalies_of(np.where(np.isclose(X, 12), 0.8, smooth))
    assert (spike.kind, spike.start, spike.value) == ("spike", pytest.approx(12, abs=0.1), pytest.approx(0.8, abs=0.02))
    (jump,) = anomalies_of(np.where(X > 15, smooth + 0.4, smooth))
    assert (jump.kind, jump.start) == ("jump", pytest.approx(15, abs=0.2))
    assert jump.value - jump.before == pytest.approx(0.4, abs=0.05)
    (gap,) = anomalies_of(np.where((X > 20) & (X < 24), np.nan, smooth))
    assert (gap.kind, gap.start, gap.stop) == ("gap", pytest.approx(20, abs=0.2), pytest.approx(24, abs=0.2))


def test_a_curve_that_runs_along_the_edge_is_cut_off():
    (cut,) = anomalies_of(np.minimum(np.interp(X, [0, 16, 32], [0.1, 1.5, 0.1]), 0.9))
    assert (cut.kind, cut.edge) == ("clipped", "top")
    assert (cut.start, cut.stop) == (pytest.approx(9.1, abs=0.3), pytest.approx(22.9, abs=0.3))


@given(st.integers(0, 300))
def test_plain_noise_is_no_anomaly(seed):
    assert anomalies_of(0.5 + np.random.default_rng(seed).normal(0, 0.02, len(X))) == ()


def test_points_that_crowd_in_a_few_columns_have_no_jumps():
    x = np.linspace(0, 0.05, 40)
    panel = make_panel(X_AXIS, Y_AXIS, (make_series("a", list(x), list(0.1 + x), X_AXIS, Y_AXIS),))
    assert find_anomalies(panel, panel.series[0]) == ()
