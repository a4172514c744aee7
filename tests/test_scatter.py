"""Markers without a line, drawn at known places."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitize.model import Box, Layer
from digitize.scatter import find_marks

WIDTH, HEIGHT = 500, 200


def layer(ink: np.ndarray) -> Layer:
    cover = (ink / 255).astype(np.float32)
    return Layer(color=(214, 39, 40), box=Box(0, 0, WIDTH, HEIGHT), coverage=cover, hidden=np.zeros(ink.shape, bool))


@pytest.mark.parametrize(("radius", "step"), [(3, 30), (9, 24), (9, 40)])
def test_dots_are_points_however_near_large_ones_stand(radius: int, step: int) -> None:
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    x = np.arange(20, 460, step)
    y = np.round(100 + 60 * np.sin(x / 70)).astype(int)
    for center in zip(x.tolist(), y.tolist(), strict=True):
        cv2.circle(ink, center, radius, 255, -1)
    found = find_marks(layer(ink))
    assert found is not None
    np.testing.assert_allclose(found.x_px, x + 0.5, atol=0.1)
    np.testing.assert_allclose(found.y_px, y + 0.5, atol=0.1)
    assert found.marker_radius_px == pytest.approx(radius, abs=1.0)


def test_the_dots_of_a_line_are_none() -> None:
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    for x in range(20, 460, 6):
        cv2.circle(ink, (x, 100 + x // 10), 1, 255, -1)
    assert find_marks(layer(ink)) is None
