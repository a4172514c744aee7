"""Markers told from the corners of a curve that goes to and fro."""

from __future__ import annotations

import cv2
import numpy as np

from digitize.markers import find_markers
from digitize.model import Box, FloatArray, Layer

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
        assert find_markers(layer_of(x, y), STROKE) is None
