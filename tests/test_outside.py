"""Ink around a plot area that was cut off too early, drawn with known places."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from digitize.model import Axis, Box, Color, Image, Layer, Layout, PlotArea, Tick, Trace
from digitize.outside import reach_curves, share_beyond_ends, shares_beyond

RED, GREY = (214, 39, 40), (60, 60, 60)
WHOLE, CUT = Box(20, 20, 180, 120), Box(20, 20, 150, 120)


def picture(color: Color) -> Image:
    """A line three pixels wide over the whole plot area, and a square of its colour elsewhere."""
    image = np.full((140, 260, 3), 255, np.uint8)
    image[69:72, 20:180] = color
    image[60:80, 200:220] = color
    return image


def share(box: Box, color: Color, *others: Box) -> float:
    ticks = tuple(Tick(pixel=p, text=str(p), value=p, used=True) for p in (30.0, 90.0, 150.0))
    x_axis = Axis(scale="linear", pixels=(0.0, 1.0), values=(0.0, 1.0), residual_px=0.0, ticks=ticks)
    layout = Layout(area=PlotArea(box=box, background=(255, 255, 255)), x_axis=x_axis, y_axis=None)
    shape = (round(box.height), round(box.width))
    layer = Layer(color=color, box=box, coverage=np.zeros(shape, np.float32), hidden=np.zeros(shape, bool))
    x = np.arange(box.left, box.right)
    trace = Trace(
        x_px=x, y_px=np.full(len(x), 70.5), x_err_px=x * 0, y_err_px=x * 0, covered=x < 0, color=color, width_px=3.0
    )
    (found,) = shares_beyond(picture(color), layout, others, [(trace, layer)])
    return found


@pytest.mark.parametrize(("box", "color", "expected"), [(WHOLE, RED, 0.0), (CUT, RED, 0.2), (CUT, GREY, 0.0)])
def test_a_curve_that_goes_on_beyond_the_plot_area_shows_there(box: Box, color: Color, expected: float) -> None:
    assert share(box, color, Box(190, 50, 230, 90)) == pytest.approx(expected, abs=0.03)


def test_what_lies_in_another_panel_is_its_own() -> None:
    wide = Box(20, 20, 178, 120)
    assert share(wide, RED) > 0.1
    assert share(wide, RED, Box(190, 50, 230, 90)) < 0.03


@pytest.mark.parametrize(("first", "last", "expected"), [(20, 180, 0.0), (20, 160, 0.13), (60, 180, 0.33)])
def test_a_line_is_seen_to_go_on_beyond_its_curve(first: int, last: int, expected: float) -> None:
    x = np.arange(float(first), float(last))
    trace = Trace(
        x_px=x, y_px=np.full(len(x), 70.5), x_err_px=x * 0, y_err_px=x * 0, covered=x < 0, color=RED, width_px=3.0
    )
    empty = np.zeros((100, 160))
    layer = Layer(color=RED, box=WHOLE, coverage=empty.astype(np.float32), hidden=empty > 0)
    assert share_beyond_ends(picture(RED), (255, 255, 255), trace, layer) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize(
    ("box", "color", "reached"),
    [
        (CUT, RED, Box(20, 20, 180, 120)),  # it ends 30 pixels further on
        (Box(60, 20, 180, 120), RED, Box(20, 20, 180, 120)),
        (Box(20, 20, 178, 120), RED, Box(20, 20, 178, 120)),  # what hangs over the edge is no more of the curve
        (CUT, GREY, CUT),  # a colour as grey as an axis line
        (Box(20, 20, 190, 120), RED, Box(20, 20, 190, 120)),  # the square does not touch it
    ],
)
def test_a_plot_area_is_grown_to_where_its_curves_end(box: Box, color: Color, reached: Box) -> None:
    layout = Layout(area=PlotArea(box=box, background=(255, 255, 255)), x_axis=None, y_axis=None)
    assert reach_curves(picture(color), layout, [], [line_in(box, color)]) == reached


def test_a_plot_area_does_not_grow_into_another() -> None:
    layout = Layout(area=PlotArea(box=CUT, background=(255, 255, 255)), x_axis=None, y_axis=None)
    assert reach_curves(picture(RED), layout, [Box(152, 20, 250, 120)], [line_in(CUT, RED)]) == CUT


def line_in(box: Box, color: Color) -> Trace:
    x = np.arange(box.left, box.right)
    return Trace(
        x_px=x, y_px=np.full(len(x), 70.5), x_err_px=x * 0, y_err_px=x * 0, covered=x < 0, color=color, width_px=3.0
    )


def test_a_grey_curve_is_told_from_an_axis_line_by_its_course() -> None:
    image = np.full((140, 260, 3), 255, np.uint8)
    x = np.arange(20, 181)
    corners = np.column_stack([x, np.round(70 + 20 * np.sin(x / 7))]).astype(np.int32)
    cv2.polylines(image, [corners], False, GREY, 3)
    layout = Layout(area=PlotArea(box=CUT, background=(255, 255, 255)), x_axis=None, y_axis=None)
    grown = reach_curves(image, layout, [], [line_in(CUT, GREY)])
    assert grown == pytest.approx((20, 20, 182, 120), abs=1)
