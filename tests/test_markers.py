"""Markers told from the corners of a curve that goes to and fro."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from digitize.markerpaths import along_paths, find_marked, find_paths, left_over
from digitize.markers import Markers, find_markers, with_centers, with_holes_filled, without_markers
from digitize.model import Box, FloatArray, Layer
from digitize.polyline import Polyline
from digitize.strokes import find_runs

WIDTH, HEIGHT, FINER, STROKE = 400, 200, 4, 4.0


def layer_of(x: FloatArray, y: FloatArray, radius: float = 0.0) -> Layer:
    """A polyline with discs at its points, drawn four times as large."""
    big = np.zeros((HEIGHT * FINER, WIDTH * FINER), np.uint8)
    points = np.round(np.column_stack([x, y]) * FINER * 16).astype(np.int32)
    cv2.polylines(big, [points[:, None]], False, 255, round(STROKE * FINER), cv2.LINE_8, 4)
    for px, py in points if radius else ():
        cv2.circle(big, (int(px), int(py)), round(radius * FINER * 16), 255, -1, cv2.LINE_8, 4)
    coverage = cv2.resize(big, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    box = Box(0.0, 0.0, float(WIDTH), float(HEIGHT))
    return Layer(color=(0, 0, 0), box=box, coverage=coverage, hidden=np.zeros(coverage.shape, bool))


def test_discs_on_a_line_are_markers() -> None:
    x = np.linspace(20.0, 380.0, 13)
    y = 100 + 60 * np.sin(x / 40)
    found = find_markers(layer_of(x, y, radius=5.0), STROKE)
    assert found is not None
    assert len(found.centers) == 13
    in_order = found.centers[np.argsort(found.centers[:, 0])]
    assert np.abs(in_order - np.column_stack([x, y])).max() <= 1.0


def test_markers_cut_off_by_the_frame_do_not_speak_against_the_others() -> None:
    x = np.linspace(0.0, 400.0, 13)
    found = find_markers(layer_of(x, 100 + 60 * np.sin(x / 40), radius=5.0), STROKE)
    assert found is not None
    assert len(found.centers) >= 11


def test_a_curve_that_goes_to_and_fro_has_no_markers() -> None:
    for seed in range(4):
        x = np.arange(5.0, 395.0, 3.0)
        y = 100 + 25 * np.random.default_rng(seed).standard_normal(len(x))
        marked = find_marked(layer_of(x, y))
        assert marked.markers is None
        assert not marked.paths


def test_markers_that_cover_one_another_are_found_each() -> None:
    x = np.arange(20.0, 380.0, 9.0)
    y = 100 + 60 * np.sin(x / 40)
    found = find_markers(layer_of(x, y, radius=7.0), STROKE)
    assert found is not None
    assert len(found.centers) == len(x)
    in_order = found.centers[np.argsort(found.centers[:, 0])]
    assert np.abs(in_order - np.column_stack([x, y])).max() <= 2.0


def test_markers_half_beneath_other_ink_are_found_where_they_are() -> None:
    x = np.linspace(20.0, 380.0, 13)
    y = np.full(13, 100.0)
    layer = layer_of(x, y, radius=6.0)
    hidden = layer.hidden.copy()
    hidden[:99, 160:240] = True
    layer = replace(layer, hidden=hidden, coverage=np.where(hidden, 0, layer.coverage).astype(np.float32))
    found = find_markers(layer, STROKE)
    assert found is not None
    in_order = found.centers[np.argsort(found.centers[:, 0])]
    assert np.abs(in_order - np.column_stack([x, y])).max() <= 1.0


def test_the_places_where_others_cross_a_line_are_no_markers() -> None:
    x = np.linspace(20.0, 380.0, 13)
    layer = layer_of(x, np.full(13, 100.0), radius=6.0)
    hidden = layer.hidden.copy()
    for place in (31, 94, 161, 217, 300):
        hidden[:, place : place + 3] = True
    layer = replace(layer, hidden=hidden, coverage=np.where(hidden, 0, layer.coverage).astype(np.float32))
    found = find_markers(layer, STROKE)
    assert found is not None
    assert len(found.centers) == 13


def test_a_line_goes_straight_from_marker_to_marker_past_what_is_none() -> None:
    x = np.linspace(20.0, 380.0, 13)
    y = 100 + 60 * np.sin(x / 40)
    layer = layer_of(x, y, radius=5.0)
    found = find_markers(layer, STROKE)
    assert found is not None
    line = without_markers(layer, found)
    strange = np.vstack([found.centers, [[200.0, 20.0]]])
    paths = find_paths(strange, found.radius, line.coverage, line.hidden, dashed=False)
    assert [len(path) for path in paths] == [13]
    assert left_over(paths, found.centers, found.radius, layer.coverage, layer.hidden, STROKE) < 0.02
    start = np.array([10.0, 390.0])
    traced = Polyline(x=start, y=np.array([50.0, 50.0]), error=np.ones(2), covered=np.ones(2, bool))
    drawn = along_paths(traced, paths, found.radius, line.coverage, layer.hidden)
    assert np.abs(drawn.y - np.interp(drawn.x, x, y)).max() <= 1.0
    assert drawn.x[0] >= 18.5
    assert drawn.x[-1] <= 381.5
    assert not drawn.covered.any()


def test_holes_of_hollow_markers_are_filled_and_no_ground() -> None:
    rows, columns = np.mgrid[:40, :60]
    ring = np.abs(np.hypot(rows - 20, columns - 20) - 5) < 1.2
    frame = np.zeros((40, 60), bool)
    frame[5:35, [35, 55]] = frame[[5, 34], 35:56] = True
    filled = with_holes_filled(ring | frame, 1.5)
    assert filled[np.hypot(rows - 20, columns - 20) < 5].all()
    assert not filled[6:34, 36:55].any()
    assert not filled[0].any()


def test_ground_cut_off_in_a_corner_is_no_hole() -> None:
    solid = np.zeros((20, 20), bool)
    solid[4, :5] = solid[:5, 4] = True
    assert np.array_equal(with_holes_filled(solid, 1.0), solid)


def test_a_marker_whose_centre_falls_beyond_the_edge_stands_in_the_last_column() -> None:
    layer = layer_of(np.array([0.0, 60.0]), np.array([20.0, 30.0]))
    width = layer.coverage.shape[1]
    beyond = np.array([[-0.3, 20.0], [width + 0.2, 30.0]])
    markers = Markers(centers=beyond, radius=3.0, area=np.zeros(layer.coverage.shape, bool))
    column = with_centers(find_runs(layer.coverage), markers, 2.0).column
    assert (column.min(), column.max()) == (0, width - 1)
