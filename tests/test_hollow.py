"""Hollow markers that overlap, told from restless lines."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitize.color import Float32
from digitize.hollow import find_hollow
from digitize.markerpaths import find_marked
from digitize.model import Box, FloatArray, Layer
from digitize.palette import Mask

WIDTH, HEIGHT, FINER = 300, 160, 4


def chain(x: FloatArray, y: FloatArray, radius: float, line: float, *, opaque: bool = True) -> Float32:
    """Rings at points on a line through them, each laid over those before it, drawn four times as large."""
    big = np.zeros((HEIGHT * FINER, WIDTH * FINER), np.uint8)
    points = np.round(np.column_stack([x, y]) * FINER * 16).astype(np.int32)
    cv2.polylines(big, [points[:, None]], False, 255, round(line * FINER), cv2.LINE_8, 4)
    middle = round((radius - line / 2) * FINER * 16)
    for px, py in points.tolist():
        if opaque:
            cv2.circle(big, (px, py), middle, 0, -1, cv2.LINE_8, 4)
        cv2.circle(big, (px, py), middle, 255, round(line * FINER), cv2.LINE_8, 4)
    return np.asarray(cv2.resize(big, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.float32) / 255


def layer_of(coverage: Float32) -> Layer:
    box = Box(0.0, 0.0, float(WIDTH), float(HEIGHT))
    return Layer(color=(0, 0, 0), box=box, coverage=coverage, hidden=np.zeros(coverage.shape, bool))


def bare(coverage: Float32) -> Mask:
    return np.zeros(coverage.shape, bool)


@pytest.mark.parametrize(("step", "opaque"), [(4.0, True), (6.0, True), (8.0, False)])
def test_rings_of_which_hardly_one_stands_whole_are_found_each(step: float, opaque: bool) -> None:
    x = np.arange(20.0, 280.0, step)
    y = 80 + 40 * np.sin(x / 60)
    coverage = chain(x, y, 4.5, 1.5, opaque=opaque)
    found = find_hollow(coverage, bare(coverage), 1.3)
    assert found is not None
    assert abs(found.radius - 4.5) <= 0.75
    away = np.hypot(found.centers[:, :1] - x, found.centers[:, 1:] - y)
    # as near as a third of a step: each is the right one
    assert (away.min(axis=1) <= 1.3).mean() >= 0.95
    assert (away.min(axis=0) <= 1.3).mean() >= 0.9


def test_a_line_runs_through_the_middles_of_its_overlapping_rings() -> None:
    x = np.arange(20.0, 280.0, 5.0)
    y = 80 + 12 * np.sin(x / 30) + np.random.default_rng(1).normal(0, 1.5, len(x))
    marked = find_marked(layer_of(chain(x, y, 5.0, 2.0)))
    assert marked.markers is not None
    (path,) = marked.paths
    assert len(path) >= 0.9 * len(x)
    assert np.abs(np.interp(path[:, 0], x, y) - path[:, 1]).max() <= 1.5


def test_rings_soft_from_compression_are_found() -> None:
    x = np.arange(20.0, 280.0, 5.0)
    y = 80 + 40 * np.sin(x / 60)
    grey = np.round(255 * chain(x, y, 4.5, 1.5)).astype(np.uint8)
    done, packed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, 50])
    coverage = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
    found = find_hollow(coverage, bare(coverage), 1.3)
    assert done
    assert found is not None
    away = np.hypot(found.centers[:, :1] - x, found.centers[:, 1:] - y)
    assert (away.min(axis=0) <= 1.3).mean() >= 0.9


@pytest.mark.parametrize("seed", range(6))
def test_the_loops_of_a_restless_line_are_no_rings(seed: int) -> None:
    x = np.arange(5.0, 295.0, 2.0 + seed % 3)
    y = 80 + 15 * np.random.default_rng(seed).standard_normal(len(x))
    big = np.zeros((HEIGHT * FINER, WIDTH * FINER), np.uint8)
    points = np.round(np.column_stack([x, y]) * FINER * 16).astype(np.int32)
    cv2.polylines(big, [points[:, None]], False, 255, 6, cv2.LINE_8, 4)
    coverage = np.asarray(cv2.resize(big, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.float32) / 255
    assert find_hollow(coverage, bare(coverage), 1.3) is None


def test_halves_of_empty_rings_that_a_line_runs_through_are_no_rings() -> None:
    x = np.arange(20.0, 280.0, 9.0)
    coverage = chain(x, 80 + 40 * np.sin(x / 60), 8.0, 2.0, opaque=False)
    found = find_hollow(coverage, bare(coverage), 1.8)
    assert found is None or abs(found.radius - 8.0) <= 1
