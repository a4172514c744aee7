"""Ink of a plot area separated into layers: curves drawn from known courses in known colours."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from digitize.color import color_distance
from digitize.model import Box, Color, FloatArray, Layer, Layout, Legend, LegendEntry, Picture, PlotArea, Swatch
from digitize.stages.segment import segment

WIDTH, HEIGHT, FINER = 400, 260, 4
WHITE: Color = (255, 255, 255)
#: A layer has the colour that was drawn when it lies this near in CIELAB.
SAME = 6.0


def draw(curves: Sequence[tuple[Color, FloatArray]], stroke: float = 2.5, ground: Color = WHITE) -> Picture:
    """Curves given by their heights at every column, the later ones on top, drawn four times as large."""
    big = np.full((HEIGHT * FINER, WIDTH * FINER, 3), ground, np.uint8)
    for color, y in curves:
        points = np.column_stack([np.arange(WIDTH) + 0.5, y])
        corners = np.round(points * FINER * 16).astype(np.int32)[:, None]
        cv2.polylines(big, [corners], False, color, round(stroke * FINER), cv2.LINE_8, 4)
    small = cv2.resize(big, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return Picture(name="drawn.png", rgb=np.asarray(small, np.uint8), sha256="0" * 64)


def layers_of(picture: Picture, ground: Color = WHITE, named: Sequence[Color] = ()) -> tuple[Layer, ...]:
    """The layers of a picture that is one plot area, with a legend beside it where names are given."""
    area = PlotArea(box=Box(0, 0, WIDTH, HEIGHT), background=ground, frame=(), x_grid=(), y_grid=())
    beside = Box(WIDTH + 10.0, 10.0, WIDTH + 40.0, 20.0)
    entries = tuple(
        LegendEntry(name=f"curve {k}", swatch=Swatch(box=beside, color=color, style="solid"), word_box=beside)
        for k, color in enumerate(named)
    )
    legend = Legend(entries=entries, box=beside) if entries else None
    return segment(picture, Layout(area=area, x_axis=None, y_axis=None, legend=legend)).layers


def waves(count: int) -> list[FloatArray]:
    """Curves that cross each other now and then."""
    x = np.linspace(0, 3 * np.pi, WIDTH)
    return [130 + 90 * np.cos(x * (1 + 0.15 * k) + 2.1 * k) for k in range(count)]


PALETTES: dict[str, tuple[Color, ...]] = {
    "one hue": ((31, 119, 180), (90, 162, 216), (23, 74, 112)),
    "greys": ((0, 0, 0), (85, 85, 85), (150, 150, 150)),
    "greens": ((44, 160, 44), (127, 201, 127), (20, 96, 28)),
    "orange and brown": ((217, 95, 2), (166, 118, 29), (231, 41, 138)),
    "a colour between two others": ((253, 180, 98), (250, 129, 116), (254, 255, 179)),
    "far apart": ((31, 119, 180), (255, 127, 14), (44, 160, 44)),
}


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
@pytest.mark.parametrize("ground", [WHITE, (24, 27, 31)], ids=["light", "dark"])
def test_each_colour_is_a_layer_without_a_legend(palette: tuple[Color, ...], ground: Color) -> None:
    told = [color for color in palette if color_distance(color, ground) > 25]
    found = layers_of(draw(list(zip(told, waves(3), strict=False)), ground=ground), ground)
    assert len(found) == len(told)
    for color, course in zip(told, waves(3), strict=False):
        layer = min(found, key=lambda one: color_distance(one.color, color))
        assert color_distance(layer.color, color) < SAME
        at = np.clip(course.astype(int), 0, HEIGHT - 1), np.arange(WIDTH)
        # The rest is covered where other curves cross.
        assert (layer.coverage[at] > 0.5).mean() > 0.8


def test_thin_curves_of_a_wide_picture_are_layers() -> None:
    wide = 4000
    rgb = np.full((600, wide, 3), 255, np.uint8)
    colors: tuple[Color, ...] = (
        (31, 119, 180), (217, 95, 2), (44, 160, 44), (148, 103, 189), (227, 119, 194), (0, 0, 0),
    )  # fmt: skip
    for k, color in enumerate(colors):
        course = [(x, 50 + 90 * k + 40 * (x // 500 % 2)) for x in range(0, wide + 1, 250)]
        cv2.polylines(rgb, [np.array(course, np.int32)[:, None]], False, color, 4)
    area = PlotArea(box=Box(0, 0, wide, 600), background=WHITE, frame=(), x_grid=(), y_grid=())
    picture = Picture(name="drawn.png", rgb=rgb, sha256="0" * 64)
    assert len(segment(picture, Layout(area=area, x_axis=None, y_axis=None, legend=None)).layers) == len(colors)


@pytest.mark.parametrize("stroke", [1.0, 1.3, 1.7])
def test_thin_lines_between_the_pixels_are_one_layer(stroke: float) -> None:
    steps = np.repeat(np.linspace(40, 220, 16) + np.resize([0.0, 0.5], 16), WIDTH // 16)
    assert len(layers_of(draw([((228, 87, 86), steps)], stroke))) == 1
    slope = np.linspace(100, 110, WIDTH)
    assert len(layers_of(draw([((228, 87, 86), slope)], stroke))) == 1


def test_dotted_gridlines_are_no_ink() -> None:
    picture = draw([((31, 119, 180), waves(1)[0])])
    rgb = picture.rgb.copy()
    under = rgb.copy()
    for y in range(20, HEIGHT, 40):
        rgb[y, ::6] = rgb[y, 1::6] = (150, 150, 150)
    for x in range(30, WIDTH, 60):
        rgb[::6, x] = rgb[1::6, x] = (150, 150, 150)
    rgb = np.where((under < 250).any(axis=2, keepdims=True), under, rgb)
    assert len(layers_of(Picture(name="drawn.png", rgb=rgb, sha256="0" * 64))) == 1


def test_gridlines_of_dots_that_cover_one_pixel_and_half_the_next_are_no_ink() -> None:
    picture = draw([((97, 156, 255), waves(1)[0])], ground=(247, 247, 242))
    rgb = picture.rgb.copy()
    full, half = np.array((211, 211, 207)), np.array((229, 229, 224))
    for y in range(20, HEIGHT, 40):
        # the curve's own pixels shift the medians of the channels unlike: no pixel has all of them
        for shift, color in ((0, full), (1, half), (4, half), (5, full)):
            bare = (rgb[y, shift::9] == (247, 247, 242)).all(axis=1)
            rgb[y, shift::9][bare] = color
    assert len(layers_of(Picture(name="drawn.png", rgb=rgb, sha256="0" * 64), (247, 247, 242))) == 1


def test_a_dotted_curve_is_ink() -> None:
    picture = draw([((31, 119, 180), waves(1)[0])])
    rgb = picture.rgb.copy()
    rgb[:, (np.arange(WIDTH) // 4) % 2 == 0] = 255
    assert len(layers_of(Picture(name="drawn.png", rgb=rgb, sha256="0" * 64))) == 1


def test_where_a_curve_fills_its_place_it_is_no_ground() -> None:
    x = np.linspace(0, 1, WIDTH)
    y = 220 - 120 * x**0.5 + 45 * x * np.random.default_rng(1).standard_normal(WIDTH)
    (layer,) = layers_of(draw([((230, 25, 75), y)], 3.0))
    assert (layer.coverage[np.clip(y.astype(int), 0, HEIGHT - 1), np.arange(WIDTH)] > 0.5).mean() > 0.95


def test_an_area_of_a_strong_colour_is_ground() -> None:
    rgb = draw([((31, 119, 180), waves(1)[0] / 3)]).rgb.copy()
    rgb[160:, 40:360] = (230, 25, 75)
    found = layers_of(Picture(name="drawn.png", rgb=rgb, sha256="0" * 64))
    assert [color_distance(one.color, (31, 119, 180)) < SAME for one in found] == [True]


def test_a_level_curve_in_a_pale_ink_is_no_gridline() -> None:
    black: Color = (0, 0, 0)
    lilac: Color = (196, 188, 224)
    level = np.full(WIDTH, 200.0)
    picture = draw([((254, 255, 179), waves(1)[0]), (lilac, level)], 2.0, black)
    (layer,) = (one for one in layers_of(picture, black, [lilac, (254, 255, 179)]) if one.entry == 0)
    assert (layer.coverage[199:201].max(axis=0) > 0.5).mean() > 0.95


def test_a_white_frame_is_no_pale_ink() -> None:
    black: Color = (0, 0, 0)
    mint: Color = (174, 210, 198)
    picture = draw([(mint, waves(1)[0])], 2.0, black)
    rgb = picture.rgb.copy()
    rgb[[0, -1]] = rgb[:, [0, -1]] = 255
    (layer,) = layers_of(Picture(name="drawn.png", rgb=rgb, sha256="0" * 64), black, [mint])
    assert layer.coverage[[0, -1]].mean() < 0.1


@pytest.mark.parametrize(("curve", "is_chart"), [(False, False), (True, True)])
def test_rows_of_words_are_a_chart_only_with_more_ink_besides(curve: bool, is_chart: bool) -> None:
    rgb = np.full((200, 300, 3), 255, np.uint8)
    words = []
    for row in range(4):
        for column in range(4):
            left, base = 10 + 70 * column, 40 + 45 * row
            cv2.putText(rgb, "12.34", (left, base), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
            words.append(Box(left - 1, base - 13, left + 48, base + 3))
    if curve:
        cv2.polylines(
            rgb, [np.array([[5, 20], [150, 190], [295, 30]])], isClosed=False, color=(200, 30, 30), thickness=3
        )
    area = PlotArea(box=Box(0, 0, 300, 200), background=WHITE)
    # a word that was not found must not pass for a curve
    layout = Layout(area=area, x_axis=None, y_axis=None, no_data=tuple(words[:-1]))
    found = segment(Picture(name="drawn.png", rgb=rgb, sha256="0" * 64), layout)
    assert bool(found.layers) == is_chart
    assert (found.no_chart is None) == is_chart


def test_a_raw_curve_beneath_a_smoothed_one_is_a_faint_layer() -> None:
    smooth = waves(1)[0]
    raw = smooth + 25 * np.random.default_rng(3).standard_normal(WIDTH)
    blue: Color = (31, 119, 180)
    found = layers_of(draw([((188, 214, 232), raw), (blue, smooth)]), WHITE, [blue])
    assert [one.faint for one in found] == [False, True]


def test_a_narrow_band_around_a_curve_is_no_faint_layer() -> None:
    y = 130 + 60 * np.sin(np.linspace(0, 9, WIDTH))
    rgb = draw([((120, 150, 190), y)]).rgb
    rows = np.arange(HEIGHT)[:, None]
    half = 9 + 4 * np.sin(np.linspace(0, 25, WIDTH))
    rgb = np.where((np.abs(rows - y) <= half)[..., None], np.uint8((215, 226, 241)), np.uint8(WHITE))
    line = draw([((31, 95, 190), y)]).rgb
    picture = Picture(name="drawn.png", rgb=np.minimum(rgb, line), sha256="0" * 64)
    found = layers_of(picture, named=[(31, 95, 190)])
    assert [one.faint for one in found] == [False]


def test_pale_specks_are_no_faint_layer() -> None:
    blue: Color = (31, 119, 180)
    rgb = draw([(blue, waves(1)[0])]).rgb.copy()
    bare = (rgb > 250).all(axis=2)
    rows = np.random.default_rng(4).integers(0, HEIGHT - 2, WIDTH // 2)
    for x, y in zip(range(0, WIDTH, 2), rows, strict=True):
        rgb[y : y + 2, x] = np.where(bare[y : y + 2, x, None], (188, 214, 232), rgb[y : y + 2, x])
    found = layers_of(Picture(name="drawn.png", rgb=rgb, sha256="0" * 64), WHITE, [blue])
    assert [one.faint for one in found] == [False]


def restless() -> Picture:
    """A curve that goes up and down so densely that pieces of it look like letters."""
    noise = np.random.default_rng(5).standard_normal(WIDTH // 4 + 1)
    return draw([((31, 119, 180), 130 + 14 * np.interp(np.arange(WIDTH), np.arange(len(noise)) * 4, noise))])


def hidden_share(picture: Picture, place: Box) -> float:
    """The share of a place, where a word was read, that the first layer holds for hidden."""
    area = PlotArea(box=Box(0, 0, WIDTH, HEIGHT), background=WHITE, frame=(), x_grid=(), y_grid=())
    layer = segment(picture, Layout(area=area, x_axis=None, y_axis=None, no_data=(place,))).layers[0]
    return float(layer.hidden[place.to_slices(layer.hidden.shape)].mean())


def test_a_word_read_within_a_restless_curve_is_no_text() -> None:
    assert hidden_share(restless(), Box(150, 110, 200, 130)) < 0.05


def test_a_word_of_its_own_colour_upon_a_restless_curve_is_text() -> None:
    rgb = restless().rgb.copy()
    cv2.putText(rgb, "v2.0", (151, 130), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (40, 40, 40), 2)
    assert hidden_share(Picture(name="drawn.png", rgb=rgb, sha256="0" * 64), Box(150, 112, 205, 132)) > 0.9


def test_markers_of_two_greys_are_two_layers_whatever_their_samples_look_like() -> None:
    rgb = np.full((HEIGHT, WIDTH, 3), 255, np.uint8)
    greys: tuple[Color, ...] = ((0, 0, 0), (85, 85, 85))
    for k, color in enumerate(greys):
        for x in range(20, WIDTH, 40):
            cv2.circle(rgb, (x + 10 * k, 60 + 100 * k + x % 60), 5, color, -1, cv2.LINE_AA)
    beside = Box(WIDTH + 10.0, 10.0, WIDTH + 20.0, 20.0)
    entries = tuple(
        LegendEntry(name=f"series {k}", swatch=Swatch(box=beside, color=color, style=style), word_box=beside)
        for k, (color, style) in enumerate(zip(greys, ("points", None), strict=True))
    )
    area = PlotArea(box=Box(0, 0, WIDTH, HEIGHT), background=WHITE, frame=(), x_grid=(), y_grid=())
    layout = Layout(area=area, x_axis=None, y_axis=None, legend=Legend(entries=entries, box=beside))
    found = segment(Picture(name="drawn.png", rgb=rgb, sha256="0" * 64), layout).layers
    assert [layer.entries for layer in found] == [(0,), (1,)]
