"""Gridlines laid on a ground: what is ink of a curve beside them stays out."""

from __future__ import annotations

import numpy as np

from digitize.gridlines import lay_gridlines
from digitize.model import Color, Rule
from digitize.sheets import Sheet

HEIGHT, WIDTH = 120, 200
GROUND: Color = (20, 22, 28)
GREY: Color = (60, 62, 68)
BLUE: Color = (65, 97, 212)


def vertical(x: float, color: Color, width: float = 1.0) -> Rule:
    return Rule(
        orientation="vertical", position_px=x, start_px=0, end_px=HEIGHT, width_px=width, color=color, contrast=40
    )


def test_a_spike_along_a_gridline_that_was_found_as_a_part_of_it_is_no_ground() -> None:
    rgb = np.full((HEIGHT, WIDTH, 3), GROUND, np.float32)
    for x in (40, 80, 120, 160):
        rgb[:, x] = GREY
    rgb[30:, 81] = BLUE
    image = np.full_like(rgb, GROUND)
    # what a gridline and the spike beside it look like together
    mixed: Color = (43, 62, 129)
    rules = [vertical(40.5, GREY), vertical(81.0, mixed, 2.0), vertical(120.5, GREY), vertical(160.5, GREY)]
    lay_gridlines(Sheet.of(rgb, image, np.zeros((HEIGHT, WIDTH), bool)), GROUND, rules, [])
    assert np.abs(image[:, [40, 80, 120, 160]] - GREY).max() < 3
    assert np.abs(image[30:, 81] - GROUND).max() < 3


def test_a_grey_curve_that_crosses_a_paler_gridline_is_no_part_of_it() -> None:
    rgb = np.full((HEIGHT, WIDTH, 3), 235, np.float32)
    line, curve = (194, 194, 194), (85, 85, 85)
    rgb[60] = line
    for first in (30, 32, 90, 92, 150, 152):
        rgb[40:80, first] = curve
    image = np.full_like(rgb, 235)
    rule = Rule(
        orientation="horizontal", position_px=60.5, start_px=0, end_px=WIDTH, width_px=1.0, color=line, contrast=40
    )
    lay_gridlines(Sheet.of(rgb, image, np.zeros((HEIGHT, WIDTH), bool)), (235, 235, 235), [rule], [])
    assert np.abs(image[60] - line).max() < 3
    assert np.abs(image[[59, 61]] - 235).max() < 3
