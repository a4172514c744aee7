from __future__ import annotations

import numpy as np
import pytest

from digitize.model import Axis, Color, FloatArray, Tick
from digitize.sheets import Sheet
from digitize.tickgrid import grid_places, lay_at_ticks

WHITE: Color = (255, 255, 255)
GREY, BLUE = (210, 210, 210), (31, 119, 180)
HEIGHT, WIDTH = 120, 240


def shown_share(
    rows: dict[int, tuple[Color, slice]], places: list[float], inks: tuple[Color, ...] = (), curve: bool = True
) -> dict[int, float]:
    """Which share of each drawn row still differs from the ground after gridlines at the places were laid on that."""
    rgb = np.full((HEIGHT, WIDTH, 3), 255, np.float32)
    for row, (color, part) in rows.items():
        rgb[row, part] = color
    if curve:
        x = np.arange(WIDTH)
        rgb[(60 + 50 * np.sin(x / 9)).astype(int), x] = BLUE
    image = np.full(rgb.shape, 255, np.float32)
    lay_at_ticks(Sheet.of(rgb, image, np.zeros(rgb.shape[:2], bool)), WHITE, np.array(places), inks)
    own = {row: np.all(rgb[row] == color, axis=1) for row, (color, _) in rows.items()}
    return {row: float((image[row] != rgb[row]).any(axis=1)[on].mean()) for row, on in own.items()}


@pytest.mark.parametrize("part", [slice(None), slice(0, None, 2)], ids=["solid", "dotted"])
def test_lines_of_one_colour_at_several_ticks_are_ground(part: slice) -> None:
    left = shown_share({30: (GREY, part), 70: (GREY, part)}, [30.5, 70.0])
    assert max(left.values()) == 0


def test_a_line_at_one_tick_alone_is_no_gridline() -> None:
    assert shown_share({30: (GREY, slice(None))}, [30.5, 70.5])[30] == 1


def test_levels_of_a_step_curve_at_ticks_are_no_gridlines() -> None:
    rows = {30: (GREY, slice(0, 120)), 70: (GREY, slice(120, 240))}
    assert min(shown_share(rows, [30.5, 70.5], curve=False).values()) == 1


def test_flat_curves_of_the_legend_are_no_gridlines() -> None:
    rows = {30: (BLUE, slice(None)), 70: (BLUE, slice(None))}
    assert min(shown_share(rows, [30.5, 70.5], (BLUE,), curve=False).values()) == 1


def test_a_gridline_is_known_where_a_box_covers_a_third_of_it() -> None:
    rows = {30: (GREY, slice(80, None)), 70: (GREY, slice(None))}
    rgb = np.full((HEIGHT, WIDTH, 3), 255, np.float32)
    for row, (color, part) in rows.items():
        rgb[row, part] = color
    masked = np.zeros(rgb.shape[:2], bool)
    masked[10:50, :80] = True
    image = np.full(rgb.shape, 255, np.float32)
    lay_at_ticks(Sheet.of(rgb, image, masked), WHITE, np.array([30.5, 70.5]), ())
    assert np.array_equal(image, rgb)


def places(pixels: list[float], bounds: tuple[float, float]) -> FloatArray:
    ticks = tuple(Tick(pixel=p, text="", value=p, used=True) for p in pixels)
    ticks += (Tick(pixel=bounds[0] + 7, text="misread", value=None, used=False),)
    axis = Axis(scale="linear", pixels=(0.0, 1.0), values=(0.0, 1.0), residual_px=0.0, ticks=ticks)
    return grid_places((axis, None), *bounds)


def test_gridlines_may_stand_at_used_ticks_half_way_between_and_beyond() -> None:
    assert sorted(places([10.0, 30.0, 50.0], (0.0, 75.0))) == [10.0, 20.0, 30.0, 40.0, 50.0, 70.0]
