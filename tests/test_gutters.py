"""Headings of a page stand beyond a gutter; titles of cards and of plots do not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from digitize.gutters import find_ground
from digitize.model import Box

AREA = Box(100, 150, 400, 300)
HEADING, TITLE = Box(40, 15, 140, 27), Box(110, 110, 190, 122)
HEIGHT = 10.0


def page(noise: float = 0.0) -> NDArray[np.uint8]:
    """A header over a darker page with a card on it, which holds a frame as wide as the plot area."""
    rgb = np.full((360, 480, 3), 250.0)
    rgb[40:] = 236
    rgb[60:350, 20:460] = 180
    rgb[61:349, 21:459] = 253
    rgb[128:142, 90:410] = 100
    rgb[129:141, 91:409] = 253
    rgb += np.random.default_rng(5).normal(0, noise, rgb.shape)
    return np.clip(rgb, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_a_heading_of_the_page_stands_beyond_a_gutter(noise: float) -> None:
    ground = find_ground(page(noise), AREA, HEIGHT)
    assert ground.has_gutter(HEADING, AREA.top)
    assert not ground.has_gutter(TITLE, AREA.top)


def test_the_band_that_a_title_stands_in_is_no_gutter() -> None:
    rgb = np.full((360, 480, 3), 253, dtype=np.uint8)
    rgb[60:120] = 230
    assert not find_ground(rgb, AREA, HEIGHT).has_gutter(Box(110, 85, 190, 97), AREA.top)


def test_at_the_edges_of_the_picture_there_is_none() -> None:
    area = Box(0, 0, 480, 360)
    assert not find_ground(page(), area, HEIGHT).has_gutter(Box(0, -12, 40, -2), 0)


@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_the_head_of_a_card_stands_beneath_its_edge(noise: float) -> None:
    rgb = page(noise)
    rgb[30:60] = 200
    ground = find_ground(rgb, AREA, HEIGHT)
    assert ground.is_head_of_card(Box(40, 70, 140, 82))
    assert not ground.is_head_of_card(Box(40, 100, 140, 112))
    assert not ground.is_head_of_card(Box(40, -40, 140, -28))
    rgb[86:94, 40:440:3] = 0  # a line of text
    assert not find_ground(rgb, AREA, HEIGHT).is_head_of_card(Box(40, 100, 140, 112))
