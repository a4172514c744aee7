"""Which pictures are restored before they are read, and what of them is kept."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as PILImage

from digitize.model import Box, Image, Picture
from digitize.stages.restore import restore
from digitize.stages.straighten import straighten
from tests.engines.test_restoration import as_jpeg, chart, off


def picture(rgb: Image) -> Picture:
    return Picture(name="chart.png", rgb=rgb, sha256="")


def test_a_picture_as_it_was_drawn_is_left_as_it_is() -> None:
    whole = picture(chart())
    assert restore(whole) is whole


def test_a_plain_picture_is_left_as_it_is() -> None:
    plain = picture(np.full((80, 120, 3), 250, np.uint8))
    assert restore(plain) is plain


def test_strokes_blended_by_their_opacity_are_no_damage() -> None:
    rgb = chart().astype(float)
    x = np.arange(rgb.shape[1])
    for k in range(12):
        rows = (60 + 25 * k + 10 * np.sin(x / (9 + k))).astype(int)
        rgb[rows, x] = 0.75 * rgb[rows, x] + 0.25 * np.array([120, 60, 160])
    blended = picture(rgb.astype(np.uint8))
    assert restore(blended) is blended


@pytest.mark.parametrize("quality", [40, 75])
def test_a_compressed_picture_is_restored_and_keeps_its_given_pixels(quality: int) -> None:
    whole = chart()
    given = as_jpeg(whole, quality)
    restored = restore(picture(given))
    assert off(restored.rgb, whole) < off(given, whole)
    assert restored.given is not None
    assert (restored.given == given).all()
    assert any("compression" in note for note in restored.notes)


def test_the_given_pixels_are_turned_with_the_restored_ones() -> None:
    askew = np.asarray(PILImage.fromarray(chart()).rotate(1.0, PILImage.Resampling.BICUBIC, fillcolor=(255, 255, 255)))
    upright = straighten(restore(picture(as_jpeg(askew, 60))))
    assert upright.tilt_deg == pytest.approx(-1.0, abs=0.1)
    assert upright.given is not None
    assert off(upright.given, upright.rgb) < 2
    assert off(upright.given, askew) > 2


def test_where_plot_areas_alone_matter_the_rest_stays_as_it_was_given() -> None:
    given = as_jpeg(chart(), 60)
    area = Box(200.0, 100.0, 400.0, 300.0)
    restored, whole = restore(picture(given), [area]), restore(picture(given))
    place = area.to_slices(given.shape)
    assert np.abs(restored.rgb[place].astype(int) - whole.rgb[place]).max() <= 6
    assert (restored.rgb[place] != given[place]).any()
    assert (restored.rgb[:, 500:] == given[:, 500:]).all()
