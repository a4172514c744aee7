"""Statistics against numpy on the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitize.outputs.stats import find_crossings, panel_stats
from tests.readings import linear_panel, make_axis, make_panel, make_series, refused_panel

X_AXIS = make_axis("linear", (60.0, 380.0), (0.0, 32.0))
Y_AXIS = make_axis("linear", (200.0, 20.0), (0.0, 0.9))


def stats_of(x, y, samples=False):
    series = make_series("a", x, y, X_AXIS, Y_AXIS)
    if samples:
        series = make_series("a", x, y, X_AXIS, Y_AXIS, samples=series.points)
    (found,) = panel_stats(make_panel(X_AXIS, Y_AXIS, (series,)))
    return found


@given(st.lists(st.floats(0.05, 0.85), min_size=3, max_size=12))
def test_extremes_mean_area_and_slopes_are_those_of_the_polyline(values):
    y = np.array(values)
    x = np.linspace(0, 32, len(y))
    found = stats_of(x, y, samples=True)
    assert found.minimum.y == pytest.approx(y.min())
    assert found.maximum.x == pytest.approx(x[np.argmax(y)])
    assert (found.first.y, found.last.y) == pytest.approx((y[0], y[-1]))
    assert found.area.value == pytest.approx(np.trapezoid(y, x))
    assert found.mean.value == pytest.approx(np.trapezoid(y, x) / 32)
    assert [piece.slope.value for piece in found.segments] == pytest.approx(np.diff(y) / np.diff(x), abs=1e-12)


def test_a_gap_has_no_area():
    found = stats_of([0, 8, 16, 24, 32], [0.2, 0.2, np.nan, 0.4, 0.4])
    assert found.area.value == pytest.approx(8 * 0.2 + 8 * 0.4)
    assert found.mean.value == pytest.approx(0.3)


@pytest.mark.parametrize("style", ["solid", "points"])
def test_what_is_no_curve_over_x_crosses_nothing(style):
    loop = make_series("a", [0, 20, 5], [0.1, 0.5, 0.8], X_AXIS, Y_AXIS)
    markers = make_series("a", [0, 10, 20], [0.1, 0.5, 0.8], X_AXIS, Y_AXIS, style="points")
    level = make_series("b", [0, 20], [0.3, 0.3], X_AXIS, Y_AXIS)
    first = markers if style == "points" else loop
    assert [one.crossings for one in panel_stats(make_panel(X_AXIS, Y_AXIS, (first, level)))] == [(), ()]


def test_curves_cross_where_their_lines_do():
    one = make_series("a", [0, 10, 20], [0.1, 0.5, 0.1], X_AXIS, Y_AXIS).points
    two = make_series("b", [0, 20], [0.3, 0.3], X_AXIS, Y_AXIS).points
    crossings = find_crossings(one, two, "b")
    assert [c.x.value for c in crossings] == pytest.approx([5, 15])
    assert [c.y.value for c in crossings] == pytest.approx([0.3, 0.3])
    assert all(c.x.error > 0 and c.y.error > 0 for c in crossings)


def test_flat_crossings_are_less_certain_along_x():
    level = make_series("b", [0, 32], [0.3, 0.3], X_AXIS, Y_AXIS).points
    steep = make_series("a", [0, 32], [0.0, 0.6], X_AXIS, Y_AXIS).points
    flat = make_series("a", [0, 32], [0.25, 0.35], X_AXIS, Y_AXIS).points
    assert find_crossings(flat, level, "b")[0].x.error > 3 * find_crossings(steep, level, "b")[0].x.error


def test_curves_that_touch_or_run_apart_do_not_cross():
    one = make_series("a", [0, 16, 32], [0.1, 0.3, 0.1], X_AXIS, Y_AXIS).points
    two = make_series("b", [0, 32], [0.3, 0.3], X_AXIS, Y_AXIS).points
    assert find_crossings(one, two, "b") == []


def test_crossings_stand_with_both_series():
    first, second, _ = panel_stats(linear_panel())
    assert "Series B" in [crossing.other for crossing in first.crossings]
    assert "Series A" in [crossing.other for crossing in second.crossings]


def test_a_refused_panel_has_none():
    assert panel_stats(refused_panel()) == ()
