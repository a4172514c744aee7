"""Curves of one ink told by the shapes of their markers, drawn with known courses."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from digitize.markershapes import find_shaped
from digitize.model import Box, FloatArray, Image, Layer, LegendEntry, Swatch

WIDTH, HEIGHT, FINER, RADIUS = 400, 240, 4, 4.5
Draw = Callable[[Image, float, float], None]


def filled(canvas: Image, corners: FloatArray) -> None:
    cv2.fillPoly(canvas, [np.round(corners * FINER * 16).astype(np.int32)[:, None]], 255, cv2.LINE_8, 4)


def disc(canvas: Image, x: float, y: float) -> None:
    turn = np.linspace(0, 2 * np.pi, 40)
    filled(canvas, np.column_stack([x + RADIUS * np.cos(turn), y + RADIUS * np.sin(turn)]))


def square(canvas: Image, x: float, y: float) -> None:
    filled(canvas, np.array([x, y]) + RADIUS * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]))


def triangle(canvas: Image, x: float, y: float) -> None:
    """A triangle whose place is the middle of its height, below which most of it lies."""
    filled(canvas, np.array([x, y]) + RADIUS * np.array([[0, -1], [1, 1], [-1, 1]]))


def canvas(width: int, height: int) -> Image:
    return np.zeros((height * FINER, width * FINER), np.uint8)


def stroke(on: Image, x: FloatArray, y: FloatArray) -> None:
    points = np.round(np.column_stack([x, y]) * FINER * 16).astype(np.int32)
    cv2.polylines(on, [points[:, None]], False, 255, round(1.5 * FINER), cv2.LINE_8, 4)


def coverage(on: Image) -> FloatArray:
    size = on.shape[1] // FINER, on.shape[0] // FINER
    return np.asarray(cv2.resize(on, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255)


def entry(name: str, draw: Draw, *, line: bool = True) -> LegendEntry:
    """A legend's sample, 28 pixels of line with a marker in its middle, cut to its ink."""
    sample = canvas(28, 13)
    if line:
        stroke(sample, np.array([0.0, 28.0]), np.array([6.5, 6.5]))
    draw(sample, 14.0, 6.5)
    cover = coverage(sample)
    inked = cover >= 0.4
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    part = cover[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    box = Box(0, 0, 28, 13)
    kind = "line+marker" if line else "marker"
    style = "solid" if line else "points"
    return LegendEntry(
        name=name, swatch=Swatch(box=box, color=(0, 0, 0), style=style, kind=kind, coverage=part), word_box=box
    )


def layer(curves: list[tuple[FloatArray, FloatArray, Draw]], *, line: bool = True) -> Layer:
    on = canvas(WIDTH, HEIGHT)
    for x, y, draw in curves:
        if line:
            stroke(on, x, y)
        for place in zip(x.tolist(), y.tolist(), strict=True):
            draw(on, *place)
    cover = coverage(on).astype(np.float32)
    entries = tuple(range(len(curves)))
    box = Box(0, 0, WIDTH, HEIGHT)
    return Layer(color=(0, 0, 0), box=box, coverage=cover, hidden=np.zeros(cover.shape, bool), entries=entries)


X = np.arange(20.0, 390.0, 28.0)


def zigzags(seed: int, count: int) -> FloatArray:
    """Curves (count, n) that go to and fro and cross, with no marker on top of another."""
    rng = np.random.default_rng(seed)
    levels = np.linspace(45.0, 195.0, 8)
    return np.stack([rng.permutation(levels)[:count] + rng.uniform(-2, 2, count) for _ in X], axis=1)


@pytest.mark.parametrize("seed", range(6))
def test_curves_that_cross_again_and_again_are_told_by_their_markers(seed: int) -> None:
    courses = zigzags(seed, 3)
    curves = [(X, y, draw) for y, draw in zip(courses, (disc, square, triangle), strict=True)]
    found = find_shaped(layer(curves), [entry("a", disc), entry("b", square), entry("c", triangle)])
    assert [trace.entry for trace in found] == [0, 1, 2]
    for trace, y in zip(found, courses, strict=True):
        away = np.hypot(trace.markers_px[:, 0] - X[:, None], trace.markers_px[:, 1] - y[:, None]).min(axis=1)
        assert np.median(away) < 0.5
        assert away.max() < 3.0  # steep lines that enter a triangle together look like part of it
        assert np.isfinite(trace.y_px).all()


def test_markers_without_a_line_are_one_series_a_shape() -> None:
    curves = [(X, level + 30 * np.sin(X / 40), draw) for level, draw in ((80, disc), (170, square))]
    found = find_shaped(layer(curves, line=False), [entry("a", disc, line=False), entry("b", square, line=False)])
    assert [trace.style for trace in found] == ["points", "points"]
    for trace, (x, y, _) in zip(found, curves, strict=True):
        assert len(trace.x_px) == len(x)
        assert np.abs(trace.y_px - y).max() < 0.7


def test_a_marker_lies_where_the_line_of_its_sample_goes_through_it() -> None:
    level = np.full(len(X), 60.0)
    named = [entry("a", triangle), entry("b", square)]
    found = find_shaped(layer([(X, level, triangle), (X, level + 100, square)]), named)
    assert np.abs(found[0].markers_px[:, 1] - 60.0).max() < 0.5


def test_shapes_that_cannot_be_told_from_each_other_tell_nothing() -> None:
    curves = [(X, y, disc) for y in zigzags(0, 2)]
    assert find_shaped(layer(curves), [entry("a", disc), entry("b", disc)]) == []


def test_lines_without_markers_are_not_told_by_shapes() -> None:
    plain = LegendEntry(
        name="a", swatch=Swatch(box=Box(0, 0, 28, 2), color=(0, 0, 0), style="solid"), word_box=Box(0, 0, 28, 2)
    )
    assert find_shaped(layer([(X, y, disc) for y in zigzags(0, 2)]), [plain, plain]) == []
