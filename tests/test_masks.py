"""What of a plot area's ink is text or legend, told from curves by known drawings."""

from __future__ import annotations

import cv2
import numpy as np

from digitize.color import Float32
from digitize.masks import Mask, find_masked
from digitize.model import Axis, Box, Color, Layout, Legend, LegendEntry, PlotArea, Swatch

BLUE: Color = (31, 90, 180)
BOX = Box(0.0, 0.0, 300.0, 200.0)


def layout(swatches: list[Swatch], words: tuple[Box, ...] = ()) -> Layout:
    entries = tuple(LegendEntry(name=f"curve {k}", swatch=s, word_box=s.box) for k, s in enumerate(swatches))
    legend = Legend(entries=entries, box=Box(302.0, 20.0, 380.0, 80.0))
    axis = Axis(scale="linear", pixels=(0.0, 100.0), values=(0.0, 1.0), residual_px=0.0)
    area = PlotArea(box=BOX, background=(255, 255, 255))
    return Layout(area=area, x_axis=axis, y_axis=axis, legend=legend, no_data=(legend.box, *words))


def white() -> Float32:
    return np.full((200, 300, 3), 255, np.float32)


def masked(plan: Layout, rgb: Float32) -> Mask:
    return find_masked(plan, BOX, rgb, (rgb < 250).any(axis=2))


def test_markers_in_a_row_on_their_line_are_no_word() -> None:
    rgb = white()
    rgb[99:101, 20:280] = BLUE
    for x in range(100, 200, 12):
        cv2.circle(rgb, (x, 100), 4, BLUE, -1)
    word = Box(94.0, 95.0, 196.0, 105.0)
    swatch = Swatch(box=Box(302.0, 30.0, 330.0, 34.0), color=BLUE, kind="line+marker")
    assert not masked(layout([swatch], (word,)), rgb)[100, 100:190].any()
    rgb[95:105, 94:196] = 0
    assert masked(layout([swatch], (word,)), rgb)[100, 100:190].all()


def test_samples_that_reach_into_the_plot_area_are_no_curves() -> None:
    rgb = white()
    swatches = [Swatch(box=Box(302.0, y - 1, 342.0, y + 1), color=BLUE) for y in (40.0, 60.0)]
    for y in (40, 60):
        rgb[y - 1 : y + 1, 275:] = BLUE
    rgb[119:121, 20:] = BLUE
    found = masked(layout(swatches), rgb)
    assert found[40, 275:].all()
    assert found[60, 275:].all()
    assert not found[120].any()


def test_a_curve_that_ends_at_a_sample_stays() -> None:
    rgb = white()
    swatches = [Swatch(box=Box(302.0, y - 1, 342.0, y + 1), color=BLUE) for y in (40.0, 60.0)]
    rgb[39:41, 20:] = BLUE
    assert not masked(layout(swatches), rgb)[40, :290].any()
