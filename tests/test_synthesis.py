"""Traces drawn again and held against ink that was drawn from known courses."""

from __future__ import annotations

import cv2
import numpy as np

from digitize.model import Box, FloatArray, Layer, Trace
from digitize.synthesis import missed_share

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
