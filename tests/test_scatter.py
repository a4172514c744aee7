"""Markers without a line, drawn at known places."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitize.model import Box, Layer
from digitize.scatter import find_hidden_marks, find_marks

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


@pytest.mark.parametrize(
    ("count", "named", "found"), [(5, True, True), (3, True, True), (2, True, False), (3, False, False)]
)
def test_a_few_discs_that_are_all_the_ink_of_an_entry_are_points(count: int, named: bool, found: bool) -> None:
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    for k in range(count):
        cv2.circle(ink, (60 + 90 * k, 150 - 40 * (k % 3)), 7, 255, -1)
    one = replace(layer(ink), entries=(0,) if named else ())
    assert (find_marks(one) is not None) is found
    # a line beside them is no disc
    cv2.line(ink, (20, 180), (60, 190), 255, 2)
    assert find_marks(replace(one, coverage=(ink / 255).astype(np.float32))) is None


def test_the_dots_of_a_line_are_none() -> None:
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    for x in range(20, 460, 6):
        cv2.circle(ink, (x, 100 + x // 10), 1, 255, -1)
    assert find_marks(layer(ink)) is None


@pytest.mark.parametrize("shift", [(7, 3), (-6, 6), (0, -8)])
def test_markers_that_others_hide_in_part_are_where_their_discs_lie(shift: tuple[int, int]) -> None:
    ink, other = np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint8)
    places = [(60 * k + 40, 60 + 17 * k) for k in range(7)]
    for k, (x, y) in enumerate(places):
        cv2.circle(ink, (x, y), 8, 255, -1)
        if k % 2:
            cv2.circle(other, (x + shift[0], y + shift[1]), 8, 255, -1)
    ink[other > 0] = 0
    own = replace(layer(ink), hidden=other > 0)
    found = find_hidden_marks(own, 17.0)
    assert found is not None
    np.testing.assert_allclose(found.markers_px, np.array(places) + 0.5, atol=1.0)


def test_neither_a_line_nor_its_dashes_are_hidden_markers() -> None:
    line, dashes = np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.line(line, (20, 40), (450, 150), 255, 3)
    for x in range(20, 450, 24):
        cv2.line(dashes, (x, 40 + x // 5), (x + 15, 43 + x // 5), 255, 3)
    assert find_hidden_marks(layer(line), 17.0) is None
    assert find_hidden_marks(layer(dashes), 17.0) is None
