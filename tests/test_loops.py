"""Curves that turn back along x, or run from the top down, are read as they are drawn, one series each."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image
from scipy.spatial import cKDTree

import digitize

T = np.linspace(0, 2 * np.pi, 400)
THERE = np.linspace(-1, 1, 200)
DEPTH = np.linspace(0, 100, 120)
CURVES = {
    "profile": (20 - 15 / (1 + np.exp((40 - DEPTH) / 6)) + np.sin(DEPTH / 4), DEPTH),
    "profile with a gap": (np.where(np.abs(DEPTH - 60) < 5, np.nan, np.sin(DEPTH / 9)), DEPTH),
    "S": (np.cos(1.5 * T) + 0.8 * T, T),
    "ellipse": (np.cos(T), 0.6 * np.sin(T + 0.4)),
    "figure of eight": (np.sin(T), np.sin(2 * T)),
    "Lissajous": (np.sin(2 * T), np.sin(3 * T + 0.5)),
    "hysteresis": (np.r_[THERE, THERE[::-1]], np.r_[np.tanh(4 * (THERE - 0.3)), np.tanh(4 * (THERE[::-1] + 0.3))]),
}


def dense(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Points along a polyline at ten times its own, shape (n, 2), as shares of its extent."""
    points = np.column_stack([x, y])
    at = np.linspace(0, len(points) - 1, 10 * len(points))
    between = np.column_stack([np.interp(at, np.arange(len(points)), points[:, k]) for k in (0, 1)])
    return between[np.isfinite(between).all(axis=1)]


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_that_turns_back_is_followed_as_drawn(name: str) -> None:
    x, y = CURVES[name]
    figure = Figure(figsize=(5, 4), dpi=100)
    figure.add_subplot().plot(x, y)
    buffer = io.BytesIO()
    figure.savefig(buffer)
    (panel,) = digitize.read(Image.open(buffer)).panels
    (series,) = panel.series
    extent = np.array([np.ptp(x[np.isfinite(x)]), np.ptp(y)])
    true, read = dense(x, y) / extent, dense(series.points.x, series.points.y) / extent
    # one hundredth of the extent is three pixels: half more than the stroke
    assert np.quantile(cKDTree(read).query(true)[0], 0.99) < 0.01
    assert np.quantile(cKDTree(true).query(read)[0], 0.99) < 0.01


def test_a_steep_wave_is_one_leg() -> None:
    figure = Figure(figsize=(5, 4), dpi=100)
    figure.add_subplot().plot(T, np.sin(9 * T))
    buffer = io.BytesIO()
    figure.savefig(buffer)
    (panel,) = digitize.read(Image.open(buffer)).panels
    (series,) = panel.series
    assert (np.diff(series.points.x) > 0).all()


def test_a_profile_leaves_the_ends_of_other_curves_alone() -> None:
    figure = Figure(figsize=(3, 6), dpi=100)
    axes = figure.add_subplot()
    axes.plot([0, 0.9], [20, 30])
    axes.plot(np.sin(DEPTH / 9), DEPTH)
    buffer = io.BytesIO()
    figure.savefig(buffer)
    (panel,) = digitize.read(Image.open(buffer)).panels
    straight = min(panel.series, key=lambda series: np.nanmax(series.points.y))
    assert [straight.points.x[0], straight.points.x[-1]] == pytest.approx([0, 0.9], abs=0.02)
