"""Data points found again in curves whose points are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize.model import Axis, Box, FloatArray, Layout, PlotArea, Samples, Trace
from digitize.stages.samples import find_samples

WIDTH = 400.0
#: Noise of the traces drawn here, about that of an antialiased stroke, in pixels.
NOISE = 0.04


def layout(x_axis: Axis | None = None) -> Layout:
    area = PlotArea(box=Box(0.0, 0.0, WIDTH, 300.0), background=(255, 255, 255))
    return Layout(area=area, x_axis=x_axis, y_axis=None)


def axis(scale: str = "linear", values: tuple[float, float] = (0.0, 40.0)) -> Axis:
    return Axis(scale=scale, pixels=(0.0, WIDTH), values=values, residual_px=0.1)  # type: ignore[arg-type]


def trace(x: FloatArray, y: FloatArray, *, markers: bool = False, step: bool = False, seed: int = 0) -> Trace:
    """A curve through points in pixels as it is traced: a point a column and one at each end."""
    rng = np.random.default_rng(seed)
    columns = np.arange(np.ceil(x[0]), np.floor(x[-1])) + 0.5
    at = np.concatenate([[x[0]], columns[(columns > x[0]) & (columns < x[-1])], [x[-1]]])
    rows = y[np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 1)] if step else np.interp(at, x, y)
    if step:
        jumps = np.flatnonzero(np.abs(np.diff(rows)) > 1)
        at = np.insert(at, jumps + 1, at[jumps] + 0.5)
        rows = np.insert(rows, jumps + 1, rows[jumps])
        again = np.flatnonzero(np.abs(np.diff(rows)) > 1)
        at, rows = np.insert(at, again + 1, at[again]), np.insert(rows, again + 1, rows[again + 1])
    n = len(at)
    return Trace(
        x_px=at,
        y_px=rows + rng.normal(0, NOISE, n),
        x_err_px=np.full(n, 0.1),
        y_err_px=np.full(n, 0.1),
        covered=np.zeros(n, bool),
        color=(31, 119, 180),
        width_px=2.0,
        markers_px=np.column_stack([x, y]) if markers else np.empty((0, 2)),
    )


def only(*traces: Trace, on: Axis | None = None) -> Samples:
    return find_samples(traces, layout(on))[0]


def zigzag(seed: int, count: int) -> FloatArray:
    """Heights in pixels, each at least 10 px off the line between its neighbours."""
    rng = np.random.default_rng(seed)
    y = rng.uniform(60, 240, count)
    for k in range(1, count - 1):
        middle = (y[k - 1] + y[k + 1]) / 2
        if abs(y[k] - middle) < 10:
            y[k] = middle + 10
    return np.asarray(y)


@settings(max_examples=25, deadline=None)
@given(count=st.integers(5, 40), seed=st.integers(0, 10_000), start=st.floats(10.0, 20.0))
def test_points_at_a_regular_spacing_are_found(count: int, seed: int, start: float) -> None:
    """Any 5 to 40 points at least 6 px apart, each to within half a pixel along x and a pixel and slope along y."""
    step = 6.0 + 240.0 / count
    x, y = start + step * np.arange(count), zigzag(seed, count)
    found = only(trace(x, y, seed=seed))
    assert len(found.x_px) == count
    assert np.abs(found.x_px - x).max() < 0.5
    steepest = np.abs(np.diff(y)).max() / step
    assert np.abs(found.y_px - y).max() < 0.5 + 0.3 * steepest


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 1000), right=st.integers(1, 30), down=st.integers(1, 30))
def test_shifting_the_picture_shifts_the_points(seed: int, right: int, down: int) -> None:
    x, y = 20.0 + 17.0 * np.arange(18), zigzag(seed, 18)
    here, there = only(trace(x, y, seed=seed)), only(trace(x + right, y + down, seed=seed))
    assert there.x_px == pytest.approx(here.x_px + right, abs=0.02)
    assert there.y_px == pytest.approx(here.y_px + down, abs=0.05)


def test_points_at_no_regular_spacing_are_found_by_their_corners() -> None:
    x = np.array([15.0, 60.0, 83.0, 171.0, 190.0, 262.0, 341.0])
    y = np.array([200.0, 100.0, 180.0, 60.0, 150.0, 90.0, 220.0])
    found = only(trace(x, y))
    assert found.x_px == pytest.approx(x, abs=0.5)
    assert found.y_px == pytest.approx(y, abs=1.0)


def test_a_point_on_the_line_between_its_neighbours_changes_nothing() -> None:
    x, y = np.array([15.0, 83.0, 171.0, 341.0]), np.array([200.0, 100.0, 180.0, 60.0])
    plain = only(trace(x, y))
    more = only(trace(np.insert(x, 3, 256.0), np.insert(y, 3, 120.0)))
    assert len(plain.x_px) == len(more.x_px) == 4


def test_markers_tell_points_on_a_straight_line() -> None:
    x = np.array([20.0, 60.0, 140.0, 200.0, 330.0])
    found = only(trace(x, 200 - 0.4 * x, markers=True))
    assert found.x_px == pytest.approx(x, abs=1e-9)
    assert found.y_px == pytest.approx(200 - 0.4 * x, abs=1e-9)


def test_a_hidden_marker_is_put_back_on_its_lattice() -> None:
    x, y = 20.0 + 40.0 * np.arange(8), zigzag(3, 8)
    marked = trace(x, y, markers=True)
    hidden = Trace(**{**marked.__dict__, "markers_px": np.delete(marked.markers_px, 3, axis=0)})
    assert only(hidden).x_px == pytest.approx(x, abs=0.3)


def test_a_few_blots_are_no_markers() -> None:
    x, y = 20.0 + 20.0 * np.arange(16), zigzag(4, 16)
    blots = np.array([[50.0, 100.0], [52.0, 101.0], [55.0, 99.0]])
    found = only(Trace(**{**trace(x, y).__dict__, "markers_px": blots}))
    assert found.x_px == pytest.approx(x, abs=0.5)


def test_a_curve_beside_a_clearer_one_takes_its_lattice() -> None:
    """Its own corners are too blunt to tell a spacing."""
    x = 20.0 + 12.0 * np.arange(26)
    blunt = 150 + 20 * np.sin(x / 60) + np.random.default_rng(5).normal(0, 1.0, 26)
    samples = find_samples((trace(x, zigzag(1, 26)), trace(x, blunt)), layout())
    assert samples[1].x_px == pytest.approx(x, abs=0.5)


def test_a_curve_without_markers_turns_where_another_has_its() -> None:
    """At no regular spacing, and with pieces too short to be told by their corners alone."""
    x = 20.0 + np.cumsum(np.random.default_rng(6).uniform(6, 11, 30))
    plain = trace(x, 150 + 8 * np.random.default_rng(7).standard_normal(30), seed=1)
    samples = find_samples((trace(x, zigzag(2, 30), markers=True), plain), layout())
    assert samples[1].x_px == pytest.approx(x, abs=0.5)


def test_a_smooth_curve_has_no_points_where_another_has_its_markers() -> None:
    x, smooth = 20.0 + 30.0 * np.arange(12), np.arange(20.0, 351.0)
    samples = find_samples(
        (trace(x, zigzag(2, 12), markers=True), trace(smooth, 150 + 90 * np.sin(smooth / 40))), layout()
    )
    assert not len(samples[1].x_px)


def test_a_steep_curve_that_its_markers_disturb_has_its_points_at_them() -> None:
    x = 20.0 + 24.0 * np.arange(15)
    y = 150.0 + 100 * (-1.0) ** np.arange(15) + np.random.default_rng(9).normal(0, 10, 15)
    marked = trace(x, y, markers=True)
    near = np.abs(marked.x_px[:, None] - x).min(axis=1) < 5
    shaken = replace(marked, y_px=marked.y_px + np.where(near, np.random.default_rng(3).normal(0, 8, len(near)), 0))
    assert only(shaken).x_px == pytest.approx(x, abs=0.3)


def test_markers_that_overlap_at_no_regular_step_tell_no_points() -> None:
    """Each may be what shows of two: here every other gap holds a point more."""
    x = 20.0 + 5.0 * np.arange(70)
    whole = trace(x, 150 + 20 * np.sin(x / 60), markers=True)
    shown = x[::2] + np.random.default_rng(4).uniform(-4.5, 4.5, 35)
    found = only(
        replace(
            whole,
            markers_px=np.column_stack([shown, np.interp(shown, x, whole.markers_px[:, 1])]),
            marker_radius_px=7.0,
        )
    )
    assert len(found.x_px) < 5
    regular = only(replace(whole, marker_radius_px=7.0))
    assert regular.x_px == pytest.approx(x, abs=0.3)


def test_smooth_curves_are_left_alone() -> None:
    x = np.arange(20.0, 380.0)
    found = only(trace(x, 150 + 90 * np.sin(x / 40)))
    assert not len(found.x_px)
    assert found.why == "the curve is smooth"


def test_dense_curves_are_left_alone() -> None:
    x = np.arange(20.0, 380.0, 1.7)
    found = only(trace(x, 150 + np.random.default_rng(2).normal(0, 15, len(x))))
    assert not len(found.x_px)
    assert found.why


def test_curves_tell_close_points_together_where_one_alone_does_not() -> None:
    """At 4 px the corners of one curve are proposed among too many divisions; three with the same ends agree."""
    x = 30.0 + 4.0 * np.arange(80)
    curves = [trace(x, 150 + np.random.default_rng(seed).normal(0, 8, len(x)), seed=seed) for seed in range(3)]
    for found in find_samples(curves, layout()):
        assert len(found.x_px) == 80
        assert np.abs(found.x_px - x).max() < 0.5


@pytest.mark.parametrize("seed", range(4))
def test_dense_curves_that_end_alike_agree_on_no_points(seed: int) -> None:
    x = np.linspace(20.0, 260.0, 150)
    rng = np.random.default_rng(seed)
    curves = [trace(x, 150 + np.cumsum(rng.normal(0, 6, len(x)))) for _ in range(3)]
    assert not any(len(found.x_px) for found in find_samples(curves, layout()))


@pytest.mark.parametrize("spread", [10.0, 60.0])
def test_a_curve_all_of_steep_strokes_shows_no_corners(spread: float) -> None:
    """Twice a column from one end of its range to the other: no line could be told from it, not even a straight one."""
    far = np.abs(np.random.default_rng(1).normal(0, spread, (260, 2))) * (-1, 1) + (100, 140)
    n = far.size
    wild = replace(
        trace(np.array([20.0, 280.0]), np.array([100.0, 140.0])),
        x_px=20.25 + np.arange(n) / 2,
        y_px=far.ravel(),
        x_err_px=np.full(n, 0.1),
        y_err_px=np.full(n, 0.1),
        covered=np.zeros(n, bool),
    )
    assert only(wild).why == "the data points stand too close to be told"


def test_a_straight_line_tells_its_ends() -> None:
    found = only(trace(np.array([20.0, 380.0]), np.array([40.0, 200.0])))
    assert found.x_px == pytest.approx([20.0, 380.0], abs=0.5)


def test_steps_give_levels_and_jumps() -> None:
    x, y = np.array([20.0, 100.0, 180.0, 300.0, 380.0]), np.array([200.0, 120.0, 160.0, 60.0, 60.0])
    found = only(trace(x, y, step=True))
    assert found.x_px == pytest.approx(x, abs=1.0)
    assert found.y_px == pytest.approx(y, abs=0.2)


@pytest.mark.parametrize(
    ("on", "values"),
    [
        (axis(), np.arange(1.0, 38.0, 2.0)),
        (axis(values=(0.0, 4.0)), np.arange(0.1, 3.9, 0.2)),
        (axis("date", (1577836800.0, 1672531200.0)), None),
    ],
)
def test_places_on_a_grid_are_exact(on: Axis, values: FloatArray | None) -> None:
    if values is None:
        months = np.arange(np.datetime64("2020-02"), np.datetime64("2022-12"))
        values = months.astype("datetime64[s]").astype(float)
    found = only(trace(on.to_pixel(values), zigzag(7, len(values))), on=on)
    assert found.x is not None
    assert found.x == pytest.approx(values, rel=1e-12)


def test_places_on_no_grid_stay_as_read() -> None:
    on = axis(values=(0.0, 100.0))
    values = np.array([3.17, 14.2, 31.9, 47.3, 61.1, 88.7])
    found = only(trace(on.to_pixel(values), zigzag(8, 6)), on=on)
    assert found.x is None


def test_blots_along_a_dense_curve_are_no_markers() -> None:
    x = np.arange(20.0, 380.0, 1.7)
    dense = trace(x, 150 + np.random.default_rng(2).normal(0, 15, len(x)))
    at = np.arange(10, len(x), 20)
    blots = np.column_stack([x[at], np.interp(x[at], dense.x_px, dense.y_px)])
    found = only(Trace(**{**dense.__dict__, "markers_px": blots}))
    assert not len(found.x_px)


def test_the_dashes_of_a_curve_are_no_data_points() -> None:
    """Every other piece of a dashed curve lies a little off it, as where the gaps are filled in."""
    plain = trace(np.array([10.0, 150.0, 390.0]), np.array([60.0, 200.0, 90.0]))
    gap = (plain.x_px % 9 < 4.5) & (plain.x_px > 250)
    found = only(replace(plain, y_px=plain.y_px + 0.4 * gap, style="dashed"))
    assert len(found.x_px) <= 3


def test_the_steps_of_pixels_that_a_slanting_line_is_drawn_in_are_no_data_points() -> None:
    run = np.array([14.0, 17.0, 15.0, 21.0, 13.0, 19.0, 22.0, 16.0, 18.0, 14.5, 20.0, 23.0])
    rise = np.where(np.arange(len(run)) % 2, 0.0, np.tan(np.radians(15.0)))
    x, y = (np.concatenate([[first], first + np.cumsum(steps)]) for first, steps in ((15.0, run), (100.0, rise * run)))
    assert only(trace(x, y)).why == "the curve is smooth"


def test_slight_corners_all_along_are_those_of_a_smooth_curve() -> None:
    x = np.array([15.0, 60.0, 83.0, 131.0, 190.0, 232.0, 291.0, 341.0])
    assert only(trace(x, 100.0 + 0.0004 * (x - 15.0) ** 2)).why is not None
