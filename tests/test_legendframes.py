from __future__ import annotations

import cv2
import numpy as np

from digitize.legendframes import frame_around
from digitize.model import Box

NAMES = Box(100.0, 80.0, 160.0, 100.0)


def ground() -> np.ndarray:
    return np.full((200, 300, 3), 255, np.uint8)


def test_a_frame_with_wide_padding_belongs_to_the_legend() -> None:
    rgb = ground()
    cv2.rectangle(rgb, (80, 58), (185, 122), (150, 150, 150))
    assert frame_around(rgb, NAMES, 9.0) == Box(80.0, 58.0, 186.0, 123.0)


def test_gridlines_that_go_on_are_no_frame() -> None:
    rgb = ground()
    rgb[[70, 110]] = rgb[:, [90, 170]] = 200
    assert frame_around(rgb, NAMES, 9.0) == NAMES


def test_no_frame_is_found_where_a_side_is_missing() -> None:
    rgb = ground()
    cv2.rectangle(rgb, (80, 58), (185, 122), (150, 150, 150))
    rgb[:, 185] = 255
    assert frame_around(rgb, NAMES, 9.0) == NAMES
