"""Traces drawn again and held against ink that was drawn from known courses."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from digitize.model import Box, FloatArray, Layer, Segmentation, Trace
from digitize.synthesis import cut_share, left_over_share, missed_share, uncertain_share
from tests.drawing import as_segmentation

WIDTH, HEIGHT = 300, 200


def layer(y: FloatArray) -> Layer:
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    points = np.round(np.column_stack([np.arange(WIDTH), y])).astype(np.int32)[:, None]
    cv2.polylines(ink, [points], False, 255, 2, cv2.LINE_AA)
    hidden = np.zeros(ink.shape, bool)
    return Layer(
        color=(214, 39, 40), box=Box(0, 0, WIDTH, HEIGHT), coverage=(ink / 255).astype(np.float32), hidden=hidden
    )


def trace(y: FloatArray, width: float) -> Trace:
    x = np.arange(WIDTH) + 0.5
    error = np.full(WIDTH, 0.3)
    return Trace(
        x_px=x,
        y_px=y + 0.5,
        x_err_px=error,
        y_err_px=error,
        covered=np.zeros(WIDTH, bool),
        color=(214, 39, 40),
        width_px=width,
        style="solid",
        entry=None,
    )


def restless() -> FloatArray:
    """A curve that goes to and fro with every other column, so that its ink fills the place."""
    return np.asarray(100 + 30 * np.random.default_rng(2).standard_normal(WIDTH))


def test_a_curve_misses_none_of_its_own_ink() -> None:
    y = restless()
    assert missed_share(layer(y), [trace(y, 2.0)]) < 0.01


def test_ink_that_runs_together_does_not_make_a_curve_broad() -> None:
    y = restless()
    assert missed_share(layer(y), [trace(np.full(WIDTH, 100.0), 100.0)]) > 0.3


def test_markers_on_a_curve_are_none_of_the_ink_it_misses() -> None:
    y = np.linspace(60.0, 140.0, WIDTH)
    plain = layer(y)
    ink = np.round(255 * plain.coverage).astype(np.uint8)
    x = np.arange(20, WIDTH, 40)
    for place in x.tolist():
        cv2.circle(ink, (place, round(y[place])), 9, 255, -1)
    marked = replace(plain, coverage=(ink / 255).astype(np.float32))
    bare = trace(y, 2.0)
    assert missed_share(marked, [bare]) > 0.3
    assert (
        missed_share(marked, [replace(bare, markers_px=np.column_stack([x, y[x]]) + 0.5, marker_radius_px=9.0)]) < 0.01
    )


def test_beneath_a_marker_the_course_of_its_curve_is_in_no_doubt() -> None:
    y = np.full(WIDTH, 100.0)
    x = np.arange(20, WIDTH, 40)
    plain = layer(y)
    hidden = np.zeros(plain.coverage.shape, bool)
    for place in x.tolist():
        hidden[88:113, place - 12 : place + 13] = True
    below = replace(trace(y, 2.0), covered=hidden[100])
    ground = replace(plain, coverage=np.where(hidden, 0, plain.coverage).astype(np.float32), hidden=hidden)
    segmentation = Segmentation(
        layers=(ground,), box=ground.box, background=(255, 255, 255), ink=hidden | (plain.coverage > 0),
        explained=hidden, unexplained=0.0, stroke_px=2.0, noise=0.0,
    )  # fmt: skip
    assert uncertain_share(segmentation, ground, below) > 0.4
    marked = replace(below, markers_px=np.column_stack([x, y[x]]) + 0.5, marker_radius_px=12.0)
    assert uncertain_share(segmentation, ground, marked) == 0.0


def test_peaks_beneath_another_curve_are_hidden_and_a_crossing_hides_none() -> None:
    restless = 100 + 45.0 * np.where(np.arange(WIDTH) % 8 < 4, 1, -1)
    plain = layer(restless)
    over = np.zeros(plain.coverage.shape, bool)
    over[40:70] = True
    beneath = replace(plain, coverage=np.where(over, 0, plain.coverage).astype(np.float32), hidden=over)
    assert cut_share(beneath, 2.0) > 0.2
    assert cut_share(plain, 2.0) == 0.0
    calm = layer(np.linspace(20.0, 150.0, WIDTH))
    crossed = replace(calm, coverage=np.where(over, 0, calm.coverage).astype(np.float32), hidden=over)
    assert cut_share(crossed, 2.0) < 0.1


def left_over(ink: NDArray[np.uint8], curve: Trace) -> float:
    whole = layer(curve.y_px - 0.5)
    shown = (ink > 0) | (whole.coverage > 0.3)
    found = as_segmentation(shown, whole)
    return left_over_share(found, [curve], ())


@pytest.mark.parametrize(("gap", "reach", "told"), [(9, WIDTH, True), (9, WIDTH // 5, False), (40, WIDTH, False)])
def test_a_row_of_dashes_that_no_curve_follows_is_left_over(gap: int, reach: int, told: bool) -> None:
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    for x in range(0, reach, 6 + gap):
        cv2.line(ink, (x, 150), (x + 5, 150 - x // 40), 1, 2)
    assert (left_over(ink, trace(np.full(WIDTH, 50.0), 2.0)) > 0.05) == told
