"""Signs that curves were taken for each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitize.identity import ends_at, ends_beside_another, has_bars, lacks_a_marker, shared_share, turns_back
from digitize.model import Box, FloatArray, Trace

BOX = Box(0, 0, 200, 100)


def trace(x: FloatArray, y: FloatArray) -> Trace:
    return Trace(
        x_px=x, y_px=y, x_err_px=np.zeros(len(x)), y_err_px=np.zeros(len(x)), covered=np.zeros(len(x), bool),
        color=(0, 0, 0), width_px=2.0,
    )  # fmt: skip


X = np.arange(0.0, 200.0)
LEVEL = trace(X, np.full(200, 50.0))


def test_a_crossing_shares_little_and_a_common_stretch_shares_its_length() -> None:
    assert shared_share(trace(X, 0.5 * X), [LEVEL]) < 0.04
    merging = trace(X, np.where(X < 120, 50.0, 50.0 + 0.5 * (X - 120)))
    assert 0.5 < shared_share(merging, [LEVEL]) < 0.65
    assert shared_share(LEVEL, []) == 0.0


def test_an_end_beside_a_line_that_goes_on_is_no_end_in_the_open() -> None:
    part = X < 120
    assert ends_beside_another(trace(X[part], np.full(120, 54.0)), [LEVEL], BOX)
    assert not ends_beside_another(trace(X[part], np.full(120, 80.0)), [LEVEL], BOX)
    assert not ends_beside_another(trace(X, np.full(200, 54.0)), [LEVEL], BOX)


def test_an_end_at_a_legend_in_the_plot_area_may_lie_beneath_it() -> None:
    part, legend = X < 150, Box(150, 40, 195, 60)
    short = trace(X[part], np.full(150, 50.0))
    assert ends_at(short, legend, [trace(X, np.full(200, 80.0))], BOX)
    assert ends_at(short, legend, [], BOX)
    assert not ends_at(short, legend, [trace(X[part], np.full(150, 80.0))], BOX)
    assert not ends_at(trace(X, np.full(200, 80.0)), legend, [short], BOX)
    assert not ends_at(trace(X, np.full(200, 50.0)), Box(206, 40, 240, 60), [], BOX)


def test_a_gap_within_a_curve_is_no_end() -> None:
    gapped = trace(X, np.where((X > 80) & (X < 100), np.nan, 52.0))
    assert not ends_beside_another(gapped, [LEVEL], BOX)


def test_strokes_through_a_calm_curve_are_error_bars_and_steps_and_spikes_are_none() -> None:
    def with_stroke(low: float, high: float, after: float) -> Trace:
        x = np.concatenate([np.arange(0.5, 100), [100.25, 100.75], np.arange(101.5, 200)])
        return trace(x, np.concatenate([np.full(100, 50.0), [low, high], np.full(99, after)]))

    assert has_bars(with_stroke(38.0, 62.0, 50.0))
    assert not has_bars(with_stroke(50.0, 20.0, 50.0))
    assert not has_bars(with_stroke(50.0, 20.0, 20.0))


def test_a_curve_that_turns_back_has_no_bars() -> None:
    turn = np.linspace(0, 2 * np.pi, 400)
    assert not has_bars(trace(100 + 60 * np.cos(turn), 50 + 40 * np.sin(turn)))


def test_a_marker_may_be_hidden_where_only_another_series_has_one() -> None:
    x = np.arange(10.0, 200.0, 20.0)
    whole = replace(trace(x, np.full(len(x), 50.0)), style="points")
    part = replace(trace(np.delete(x, 4), np.full(len(x) - 1, 30.0)), style="points")
    shorter = replace(trace(x[3:], np.full(len(x) - 3, 30.0)), style="points")
    elsewhere = replace(trace(x + 9.0, np.full(len(x), 30.0)), style="points")
    assert lacks_a_marker(part, [whole])
    assert lacks_a_marker(replace(trace(x[1:], np.full(len(x) - 1, 30.0)), style="points"), [whole])
    assert not lacks_a_marker(whole, [part])
    assert not lacks_a_marker(shorter, [whole])
    assert not lacks_a_marker(elsewhere, [whole])


def test_a_curve_that_comes_back_along_x_may_be_two() -> None:
    there = np.arange(0.0, 100.0)
    assert turns_back(trace(np.concatenate([there, there[::-1]]), np.concatenate([there, 100 - there / 2])))
    assert not turns_back(LEVEL)
    wobbly = X + np.where(np.arange(200) % 20 == 0, -1.5, 0.0)
    assert not turns_back(trace(wobbly, np.full(200, 50.0)))
