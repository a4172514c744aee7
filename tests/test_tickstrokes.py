"""Tick marks and gridlines along a side of a plot area."""

import pytest

from digitize.model import Box, PlotArea
from digitize.tickstrokes import find_strokes
from tests.drawing import TEXT_HEIGHT, as_picture, canvas

TICKS = [75, 140, 205, 270, 335]


def test_tick_marks_are_found_before_the_labels_where_no_edge_is_drawn() -> None:
    image, draw = canvas()
    for x in TICKS:
        draw.line([(x, 230), (x, 235)], fill="#888888")
    # What is known of the plot area is that it ends above its labels.
    area = PlotArea(box=Box(60.0, 30.0, 360.0, 246.0), background=(255, 255, 255))
    centers = [x + 2.5 for x in TICKS]
    found = find_strokes(as_picture(image), area, "bottom", centers, TEXT_HEIGHT, 2.0)
    assert found == pytest.approx([x + 0.5 for x in TICKS], abs=0.3)


def test_strokes_off_the_edge_that_stand_anywhere_are_no_tick_marks() -> None:
    image, draw = canvas()
    for x in (70, 150, 190, 280, 351):
        draw.line([(x, 230), (x, 235)], fill="#888888")
    area = PlotArea(box=Box(60.0, 30.0, 360.0, 246.0), background=(255, 255, 255))
    assert find_strokes(as_picture(image), area, "bottom", [x + 0.5 for x in TICKS], TEXT_HEIGHT, 2.0) == ()
