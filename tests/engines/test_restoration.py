"""The restoration network: what it makes of pictures that were compressed or lie under noise."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image as PILImage

from digitize.engines.restoration import restoration_network
from digitize.model import Box, Image


def chart(width: int = 640, height: int = 420) -> Image:
    """Gridlines, a frame, and two thin coloured curves on white."""
    rgb = np.full((height, width, 3), 255, np.uint8)
    for k in range(1, 8):
        cv2.line(rgb, (40, k * 50), (width - 20, k * 50), (225, 225, 225), 1)
    cv2.rectangle(rgb, (40, 20), (width - 20, height - 40), (60, 60, 60), 1)
    x = np.arange(60, width - 40)
    for phase, ink in ((0.0, (214, 39, 40)), (1.5, (31, 119, 180))):
        y = height / 2 + 120 * np.sin(x / 60 + phase)
        points = np.stack([x, y], axis=1).round().astype(np.int32)
        cv2.polylines(rgb, [points], False, ink, 2, cv2.LINE_AA)
    return rgb


def as_jpeg(rgb: Image, quality: int) -> Image:
    stream = io.BytesIO()
    PILImage.fromarray(rgb).save(stream, "JPEG", quality=quality)
    return np.asarray(PILImage.open(stream).convert("RGB"))


def off(rgb: Image, whole: Image) -> float:
    return float(np.abs(rgb.astype(float) - whole).mean())


@pytest.mark.parametrize("quality", [40, 60, 75])
def test_a_compressed_chart_comes_nearer_to_what_it_was(quality: int) -> None:
    whole = chart()
    damaged = as_jpeg(whole, quality)
    assert off(restoration_network().restore(damaged), whole) < 0.85 * off(damaged, whole)


def test_colours_that_compression_washed_out_of_a_thin_curve_come_back() -> None:
    whole = chart()
    damaged = as_jpeg(whole, 40)
    restored = restoration_network().restore(damaged)
    ink = (whole == (214, 39, 40)).all(axis=2)
    assert ink.sum() > 300
    lost, left = (np.abs(one[ink].mean(axis=0) - (214, 39, 40)).max() for one in (damaged, restored))
    assert left < 0.6 * lost


def test_a_picture_without_damage_stays_nearly_as_it_is() -> None:
    whole = chart()
    assert off(restoration_network().restore(whole), whole) < 0.5


def test_tiles_leave_no_seams_and_any_size_is_taken() -> None:
    whole = chart(1203, 541)
    restored = restoration_network().restore(as_jpeg(whole, 60))
    assert restored.shape == whole.shape
    moved = restoration_network().restore(as_jpeg(whole, 60)[64:, 64:])
    assert np.abs(restored[104:-8, 104:-8].astype(int) - moved[40:-8, 40:-8]).max() <= 6


def test_within_boxes_alone_pixels_become_what_they_would_in_the_whole_picture() -> None:
    damaged = as_jpeg(chart(1203, 541), 60)
    whole, boxes = restoration_network().restore(damaged), [Box(101, 77, 330, 290), Box(700, 30, 1203, 541)]
    part = restoration_network().restore(damaged, boxes)
    for box in boxes:
        place = box.to_slices(damaged.shape)
        assert np.abs(part[place].astype(int) - whole[place]).max() <= 6
    assert (part[400:, :600] == damaged[400:, :600]).all()
