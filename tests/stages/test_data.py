"""Intervals of points hold the truth as often as they say, on a seeded set of axes and traces with known errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from digitize.model import Axis, FloatArray, Trace
from digitize.stages.data import to_points

#: Standard errors of the axes' ends and of the trace, in pixels.
AXIS_ERROR, TRACE_ERROR = 0.3, 0.2


def axis(rng: np.random.Generator, pixels: tuple[float, float], values: tuple[float, float]) -> Axis:
    """An axis whose ends were read with independent errors."""
    off = rng.normal(0, AXIS_ERROR, 2)
    return Axis(
        scale="linear",
        pixels=(pixels[0] + off[0], pixels[1] + off[1]),
        values=values,
        residual_px=0.2,
        covariance_px=((AXIS_ERROR**2, 0.0), (0.0, AXIS_ERROR**2)),
    )


def trace(rng: np.random.Generator, x: FloatArray, y: FloatArray, covered: FloatArray | None = None) -> Trace:
    n = len(x)
    return Trace(
        x_px=x,
        y_px=y + rng.normal(0, TRACE_ERROR, n),
        x_err_px=np.full(n, 0.1),
        y_err_px=np.full(n, 1.96 * TRACE_ERROR),
        covered=np.zeros(n, bool) if covered is None else covered.astype(bool),
        color=(0, 0, 0),
        width_px=2.0,
    )


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """Over 300 axes; errors along x show as errors along y by the slope, and are added to those."""
    rng = np.random.default_rng(7)
    held, asked = 0, 0
    for _ in range(300):
        x_axis, y_axis = axis(rng, (50.0, 450.0), (0.0, 10.0)), axis(rng, (300.0, 20.0), (0.0, 1.0))
        x = np.linspace(60.0, 440.0, 20)
        slope = rng.uniform(-0.5, 0.5)
        points = to_points(trace(rng, x, 160.0 + slope * (x - 250.0)), x_axis, y_axis)
        row = 160.0 + slope * (50.0 + points.x / 10.0 * 400.0 - 250.0)
        true = (300.0 - row) / 280.0
        half = points.y_err + abs(slope) * 400.0 / 10.0 / 280.0 * points.x_err
        held += int((np.abs(points.y - true) <= half).sum())
        asked += len(x)
    assert 0.93 <= held / asked <= 0.99


def test_bridged_points_are_less_certain_the_farther_their_bridge_reaches() -> None:
    rng = np.random.default_rng(1)
    x = np.arange(100.0, 130.0)
    covered = (x > 105) & (x < 125)
    axes = axis(rng, (50.0, 450.0), (0.0, 10.0)), axis(rng, (300.0, 20.0), (0.0, 1.0))
    points = to_points(trace(rng, x, np.full(30, 160.0), covered), *axes)
    assert points.y_err[15] > points.y_err[6] > points.y_err[0]


def test_points_of_a_restless_line_are_less_certain_than_those_of_a_steep_one() -> None:
    rng = np.random.default_rng(4)
    x = np.arange(50.0, 250.0)
    scale = replace(axis(rng, (0.0, 300.0), (0.0, 300.0)), covariance_px=((0.0, 0.0), (0.0, 0.0)))
    steep = to_points(trace(rng, x, 2 * x), scale, scale).y_err
    restless = to_points(trace(rng, x, 100 + 6 * (x % 2)), scale, scale).y_err
    assert np.median(restless) > 1.5 * np.median(steep)
