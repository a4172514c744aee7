"""Legends found on pictures drawn from known swatches; words are given, so that only this stage is tested."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from digitize.legendentries import find_groups
from digitize.model import Box, Color, Picture, PlotArea, Word
from digitize.samplewords import without_stroke
from digitize.stages.legend import find_legends
from digitize.swatches import find_swatch

RED, GREEN, BLUE, BLACK, GREY = (214, 39, 40), (44, 160, 44), (31, 119, 180), (0, 0, 0), (119, 119, 119)
AREA = Box(60, 40, 460, 340)
SCALE = 8


class Chart:
    """A picture drawn eightfold and averaged down, so that strokes are antialiased; words are recorded as given."""

    def __init__(self, width: int = 640, height: int = 400, ground: Color = (255, 255, 255)) -> None:
        self.image = Pillow.new("RGB", (width * SCALE, height * SCALE), ground)
        self.draw = ImageDraw.Draw(self.image)
        self.ground = ground
        self.words: list[Word] = []

    def rectangle(self, box: tuple[float, float, float, float], color: Color) -> None:
        left, top, right, bottom = (round(v * SCALE) for v in box)
        if right > left and bottom > top:
            self.draw.rectangle((left, top, right - 1, bottom - 1), fill=color)

    def stroke(
        self, x: float, y: float, length: float, color: Color, width: float, dashes: tuple[float, ...] = ()
    ) -> None:
        """A horizontal stroke; dashes are on and off lengths in stroke widths."""
        end, at, on = x + length, x, True
        pattern = [d * width for d in dashes] or [length]
        k = 0
        while at < end - 1e-9:
            stop = min(at + pattern[k % len(pattern)], end)
            if on:
                self.rectangle((at, y - width / 2, stop, y + width / 2), color)
            at, on, k = stop, not on if dashes else on, k + 1

    def curve(self, color: Color, level: float, until: float = AREA.right) -> None:
        xs = np.linspace(AREA.left, until, 80)
        ys = level + 15 * np.sin((xs - until) / 30)
        self.draw.line([(x * SCALE, y * SCALE) for x, y in zip(xs, ys, strict=True)], fill=color, width=2 * SCALE)

    def name(self, text: str, x: float, y: float, color: Color = BLACK, height: float = 10) -> None:
        """Bars in place of letters, `text` as what they read."""
        width = 0.6 * height * len(text)
        for k in range(len(text)):
            left = x + 0.6 * height * k
            self.rectangle((left, y - height / 2, left + 0.3 * height, y + height / 2), color)
        box = Box(x, y - height / 2, x + width - 0.3 * height, y + height / 2)
        self.words.append(
            Word(box=box, text=text, number="", confidence=0.99, number_confidence=0.0, height_px=height, color=color)
        )

    def picture(self) -> Picture:
        small = self.image.resize((self.image.width // SCALE, self.image.height // SCALE), Pillow.Resampling.BOX)
        return Picture(name="chart.png", rgb=np.array(small), sha256="")

    def area(self) -> PlotArea:
        return PlotArea(box=AREA, background=self.ground)


PATTERNS = {
    "solid": (),
    "dashed": (3.7, 1.6),
    "dotted": (1.0, 1.65),
    "dashdot": (6.4, 1.6, 1.0, 1.6),
}


@pytest.mark.parametrize("width", [1.4, 2.1, 3.0])
@pytest.mark.parametrize("offset", [0.0, 0.4])
@pytest.mark.parametrize("style", PATTERNS)
def test_dash_pattern_of_a_handle(style: str, offset: float, width: float) -> None:
    chart = Chart()
    chart.stroke(100 + offset, 60 + offset, 14 * width + 8, BLACK, width, PATTERNS[style])
    chart.name("name", 100 + 14 * width + 16, 60)
    swatch = find_swatch(chart.picture().rgb, chart.words[0].box, 10, "left")
    assert swatch is not None
    assert (swatch.kind, swatch.style) == ("line", style)
    # rows that it half covers may count or not
    assert swatch.width_px == pytest.approx(width, abs=0.75)


@pytest.mark.parametrize("style", ["dashed", "solid"])
def test_marker_on_a_handle_hides_no_dash_pattern(style: str) -> None:
    chart = Chart()
    chart.stroke(100, 60, 40, BLUE, 2, PATTERNS[style])
    chart.draw.ellipse((116 * SCALE, 56 * SCALE, 124 * SCALE, 64 * SCALE), fill=BLUE)
    chart.name("name", 150, 60)
    swatch = find_swatch(chart.picture().rgb, chart.words[0].box, 10, "left")
    assert swatch is not None
    assert (swatch.kind, swatch.style, swatch.color) == ("line+marker", style, BLUE)


def test_hollow_marker_on_a_handle_is_no_gap_between_dashes() -> None:
    chart = Chart()
    chart.stroke(100, 60.5, 24, BLUE, 1, ())
    for half, color in ((4.5, BLUE), (3.5, chart.ground)):
        box = tuple(SCALE * v for v in (112 - half, 61 - half, 112 + half, 61 + half))
        chart.draw.ellipse(box, fill=color)
    chart.name("name", 134, 60)
    swatch = find_swatch(chart.picture().rgb, chart.words[0].box, 10, "left")
    assert swatch is not None
    assert (swatch.kind, swatch.style) == ("line+marker", "solid")


def test_filled_box_and_hollow_box_and_dot() -> None:
    chart = Chart()
    chart.rectangle((100, 55, 140, 66), BLUE)
    chart.name("filled", 148, 60)
    chart.rectangle((100, 95, 111, 106), RED)
    chart.rectangle((102, 97, 109, 104), (255, 255, 255))
    chart.name("hollow", 117, 100)
    chart.draw.ellipse((100 * SCALE, 136 * SCALE, 108 * SCALE, 144 * SCALE), fill=GREEN)
    chart.name("dot", 115, 140)
    found = [find_swatch(chart.picture().rgb, word.box, 10, "left") for word in chart.words]
    assert [(s.kind, s.color) if s else None for s in found] == [("box", BLUE), ("box", RED), ("marker", GREEN)]


def framed_legend(x: float = 330, y: float = 60) -> Chart:
    chart = Chart()
    chart.curve(RED, 250)
    chart.curve(BLUE, 300)
    chart.rectangle((x, y, x + 90, y + 50), GREY)
    chart.rectangle((x + 1, y + 1, x + 89, y + 49), (255, 255, 255))
    for k, (text, color) in enumerate([("run/a", RED), ("run_b", BLUE)]):
        chart.stroke(x + 10, y + 15 + 20 * k, 28, color, 2)
        chart.name(text, x + 48, y + 15 + 20 * k)
    return chart


@pytest.mark.parametrize("place", [(330.0, 60.0), (480.0, 60.0), (150.0, 345.0)])
def test_framed_legend_wherever_it_stands(place: tuple[float, float]) -> None:
    chart = framed_legend(*place)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(e.name, e.swatch.color) for e in legend.entries] == [("run/a", RED), ("run_b", BLUE)]
    assert legend.box == pytest.approx((place[0], place[1], place[0] + 90, place[1] + 50), abs=1)


def test_entries_whose_ink_is_not_in_the_plot_are_no_legend() -> None:
    chart = framed_legend()
    empty = Chart()
    empty.image.paste(chart.image.crop((0, 0, 640 * SCALE, 120 * SCALE)), (0, 0))
    (legend,) = find_legends(empty.picture(), [chart.area()], chart.words)
    assert legend is None


def test_samples_behind_the_names() -> None:
    chart = Chart()
    chart.curve(RED, 250)
    chart.curve(BLUE, 300)
    for k, (text, color) in enumerate([("sin(x)", RED), ("cosine(x)", BLUE)]):
        width = 6.0 * len(text) - 3
        chart.name(text, 380 - width, 60 + 20 * k)
        chart.stroke(388, 60 + 20 * k, 36, color, 2)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(e.name, e.swatch.color) for e in legend.entries] == [("sin(x)", RED), ("cosine(x)", BLUE)]


def test_direct_labels_at_line_ends() -> None:
    chart = Chart()
    for text, color, level in (("north", RED, 100), ("south", BLUE, 200), ("east", GREEN, 300)):
        chart.curve(color, level, until=430)
        chart.name(text, 438, level, color)
    chart.name("caption", 100, 380, GREY)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert legend.direct
    assert [(e.name, e.swatch.kind) for e in legend.entries] == [("north", "text"), ("south", "text"), ("east", "text")]


@pytest.mark.parametrize(
    ("color", "found"), [(BLUE, ["north", "south", "east", "west"]), (GREY, ["north", "south", "east"])]
)
def test_a_direct_label_pushed_away_from_its_line_is_flush_with_others(color: Color, found: list[str]) -> None:
    chart = Chart()
    for text, ink, level in (("north", RED, 100), ("south", BLACK, 200), ("east", GREEN, 300)):
        chart.curve(ink, level, until=430)
        chart.name(text, 438, level, ink)
    chart.curve(BLUE, 290, until=430)
    chart.name("west", 438, 240, color)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert sorted(e.name for e in legend.entries) == sorted(found)


def test_a_direct_label_of_which_compression_left_the_hue_is_flush_with_others() -> None:
    chart = Chart()
    for text, ink, level in (("north", BLUE, 100), ("south", BLACK, 200), ("east", GREEN, 300)):
        chart.curve(ink, level, until=458)
        chart.name(text, AREA.right + 6, level, ink)
    chart.curve((220, 30, 30), 290, until=458)
    chart.name("west", AREA.right + 6, 240, (146, 98, 98))
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert sorted(e.name for e in legend.entries) == ["east", "north", "south", "west"]


def test_a_direct_label_at_a_line_that_leaves_what_is_known_of_the_plot_area() -> None:
    chart = Chart()
    for text, color, level in (("north", RED, 40), ("south", BLUE, 200)):
        chart.curve(color, level, until=430)
        chart.name(text, AREA.right + 8 if text == "north" else 438, level, color)
    chart.stroke(400, 40, AREA.right - 400, RED, 2)
    area = replace(chart.area(), box=AREA._replace(top=65.0))
    chart.curve(RED, 120, until=300)
    (legend,) = find_legends(chart.picture(), [area], chart.words)
    assert legend is not None
    assert [e.name for e in legend.entries] == ["north", "south"]


@pytest.mark.parametrize(("x", "first", "served"), [(560, BLUE, True), (560, GREY, False), (236, BLUE, False)])
def test_a_legend_beyond_all_areas_serves_one_that_holds_few_of_its_inks(x: float, first: Color, served: bool) -> None:
    boxes = [Box(20, 40, 230, 340), Box(320, 40, 530, 340)]
    chart = Chart()
    chart.stroke(20, 150, 210, BLUE, 2)
    chart.stroke(20, 190, 210, GREEN if first == GREY else BLUE, 2)
    for k, (text, color) in enumerate([("first", RED), ("second", BLUE), ("third", BLACK)]):
        chart.stroke(320, 100 + 50 * k, 210, color, 2)
        chart.stroke(x, 60 + 20 * k, 24, color, 2)
        chart.name(text, x + 30, 60 + 20 * k)
    areas = [PlotArea(box=box, background=chart.ground) for box in boxes]
    found = find_legends(chart.picture(), areas, chart.words)
    assert [legend is not None for legend in found] == [served, True]


def test_tick_labels_before_names_are_no_samples() -> None:
    chart = Chart()
    chart.name("north", 490, 100, RED)
    chart.rectangle((474, 95, 484, 105), GREY)
    label = replace(chart.words[0], text="0.25", color=GREY, box=Box(474, 95, 484, 105))
    picture, areas = chart.picture(), [chart.area()]
    assert find_groups(picture, areas, chart.words, [], 10)
    assert not find_groups(picture, areas, chart.words, [label], 10)
    assert find_groups(picture, areas, chart.words, [replace(label, text="0")], 10)  # a ring


def test_a_doubtful_group_gives_way_to_names_that_tell_of_more_ink() -> None:
    """Of names in the lines' own colours two stand before grey marks, as the tick labels of the next plot."""
    chart = Chart()
    for k, (text, color) in enumerate((("north", RED), ("south", GREEN), ("east", BLUE))):
        chart.curve(color, 150 + 20 * k, until=430)
        chart.name(text, 438, 150 + 20 * k, color)
    chart.curve(GREY, 320)
    chart.draw.ellipse([v * SCALE for v in (476, 145, 486, 155)], fill=GREY)
    chart.rectangle((476, 165, 486, 168), GREY)
    chart.rectangle((476, 165, 478, 175), GREY)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [entry.name for entry in legend.entries] == ["north", "south", "east"]


def test_one_legend_serves_a_second_panel_of_the_same_colours() -> None:
    chart = framed_legend()
    areas = [PlotArea(box=Box(60, 40, 200, 340), background=chart.ground)]
    areas += [PlotArea(box=Box(210, 40, 460, 340), background=chart.ground)]
    legends = find_legends(chart.picture(), areas, chart.words)
    assert legends[0] is not None
    assert legends[0] == legends[1]


def test_an_annotation_with_an_arrow_is_no_legend() -> None:
    chart = Chart()
    chart.curve(RED, 250)
    chart.name("warmest year", 120, 80)
    chart.stroke(205, 80, 150, BLACK, 1)
    assert find_legends(chart.picture(), [chart.area()], chart.words) == (None,)


def test_swatch_under_which_a_pale_curve_shines_through() -> None:
    chart = Chart()
    chart.rectangle((96, 30, 99, 90), (225, 225, 235))
    chart.rectangle((110, 30, 112, 90), (225, 225, 235))
    chart.stroke(100, 60, 28, BLUE, 2)
    chart.name("name", 136, 60)
    swatch = find_swatch(chart.picture().rgb, chart.words[0].box, 10, "left")
    assert swatch is not None
    assert swatch.color == BLUE


def test_no_areas_and_no_words() -> None:
    chart = Chart()
    assert find_legends(chart.picture(), [], []) == ()
    assert find_legends(chart.picture(), [chart.area()], []) == (None,)


def test_mirrored_picture_gives_the_mirrored_swatch() -> None:
    chart = Chart()
    chart.stroke(100, 60, 30, RED, 2)
    chart.name("name", 140, 60)
    rgb, box = chart.picture().rgb, chart.words[0].box
    width = rgb.shape[1]
    mirrored = Box(width - box.right, box.top, width - box.left, box.bottom)
    left = find_swatch(rgb, box, 10, "left")
    right = find_swatch(cv2.flip(rgb, 1), mirrored, 10, "right")
    assert left is not None
    assert right is not None
    assert right.box == Box(width - left.box.right, left.box.top, width - left.box.left, left.box.bottom)


def test_swatch_read_as_the_beginning_of_a_name() -> None:
    chart = framed_legend()
    last = chart.words[-1]
    box = Box(338, last.box.top, last.box.right, last.box.bottom)
    chart.words[-1] = replace(last, box=box, text="- run_b")
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(e.name, e.swatch.color) for e in legend.entries] == [("run/a", RED), ("run_b", BLUE)]


def test_a_box_in_a_row_read_as_the_beginning_of_a_name() -> None:
    chart = Chart()
    for k, (color, text) in enumerate([(RED, "run/a"), (BLUE, "run_b"), (GREEN, "run_c")]):
        chart.curve(color, 220 + 40 * k)
        chart.rectangle((150 + 90 * k, 364, 162 + 90 * k, 376), color)
        chart.rectangle((152 + 90 * k, 366, 160 + 90 * k, 374), (255, 255, 255))
        chart.name(text, 168 + 90 * k, 370)
        if k != 2:
            chart.words[-1] = replace(chart.words[-1], box=chart.words[-1].box._replace(left=150 + 90 * k))
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(e.name, e.swatch.color) for e in legend.entries] == [("run/a", RED), ("run_b", BLUE), ("run_c", GREEN)]


def test_sample_crossed_by_a_curve_of_its_own_colour() -> None:
    chart = framed_legend()
    chart.stroke(340, 115, 28, GREEN, 2)
    chart.name("run-c", 378, 115)
    chart.rectangle((350, 105, 353, 300), GREEN)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(e.name, e.swatch.color) for e in legend.entries][-1] == ("run-c", GREEN)


def legend_rows(chart: Chart, pitch: float, length: float, x: float = 480) -> None:
    """Two entries `pitch` apart with samples of a `length`, in line with the curves that are drawn for them."""
    for k, (text, color) in enumerate([("run/a", RED), ("run_b", BLUE)]):
        chart.curve(color, 250 + 50 * k)
        chart.stroke(x, 60 + pitch * k, length, color, 2)
        chart.name(text, x + length + 8, 60 + pitch * k)


@pytest.mark.parametrize(("pitch", "length"), [(20.0, 28.0), (60.0, 28.0), (20.0, 105.0)])
def test_rows_far_apart_and_long_samples(pitch: float, length: float) -> None:
    chart = Chart(width=720)
    legend_rows(chart, pitch, length)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(e.name, e.swatch.color) for e in legend.entries] == [("run/a", RED), ("run_b", BLUE)]


def test_frame_corners_before_names_are_no_samples() -> None:
    chart = Chart()
    for k, (text, color) in enumerate([("run/a", RED), ("run-b", BLUE), ("run-c", GREEN)]):
        chart.curve(color, 220 + 40 * k)
        chart.name(text, 360, 60 + 20 * k)
        chart.stroke(400, 60 + 20 * k, 36, color, 2)
    for y in (52, 107):
        chart.rectangle((340, y, 354, y + 2), BLACK)
        chart.rectangle((340, 52 if y == 52 else 95, 342, 60 if y == 52 else 109), BLACK)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(e.name, e.swatch.color) for e in legend.entries] == [("run/a", RED), ("run-b", BLUE), ("run-c", GREEN)]


def test_a_sign_beside_a_shorter_stroke_than_all_samples_is_no_entry() -> None:
    chart = Chart()
    for k, (text, color) in enumerate([("run/a", RED), ("run-b", BLUE)]):
        chart.curve(color, 220 + 40 * k)
        chart.stroke(350, 60 + 20 * k, 36, color, 2)
        chart.name(text, 396, 60 + 20 * k)
    chart.stroke(374, 40, 12, BLACK, 2)
    chart.name("L", 396, 40)
    chart.curve(BLACK, 300)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [e.name for e in legend.entries] == ["run/a", "run-b"]


def test_a_dashed_sample_that_ends_far_before_its_name_in_a_row() -> None:
    chart = Chart()
    chart.curve(RED, 220)
    chart.curve(BLUE, 260)
    chart.stroke(150, 380, 20, RED, 2)
    chart.name("Berlin", 180, 380)
    # A dash, and what is left of the next.
    chart.stroke(230, 380, 10, BLUE, 2)
    chart.stroke(248, 380, 1, BLUE, 2)
    chart.name("Madrid", 260, 380)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [e.name for e in legend.entries] == ["Berlin", "Madrid"]


def test_a_lone_name_with_its_sample_behind_it() -> None:
    chart = Chart()
    chart.curve(RED, 250)
    chart.name("run/a", 360, 60)
    chart.stroke(400, 60, 36, RED, 2)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(e.name, e.swatch.color) for e in legend.entries] == [("run/a", RED)]


def test_numbers_beside_tick_marks_of_one_colour_are_no_legend() -> None:
    chart = Chart()
    chart.curve(GREY, 250)
    for k in range(5):
        chart.name(f"0.{8 - k}", 20, 60 + 40 * k)
        chart.stroke(44, 60 + 40 * k, 7, GREY, 1.5)
    assert find_legends(chart.picture(), [chart.area()], chart.words) == (None,)


def test_pieces_of_gridlines_read_as_letters_are_no_legend() -> None:
    chart = Chart()
    chart.curve(GREY, 250)
    for k, (text, length) in enumerate([("r", 9), ("T", 32)]):
        chart.stroke(180, 80 + 40 * k, length, GREY, 1)
        chart.name(text, 180 + length + 4, 80 + 40 * k)
    assert find_legends(chart.picture(), [chart.area()], chart.words) == (None,)


def test_a_lone_entry_beside_the_plot_rather_than_links_with_dots() -> None:
    chart = Chart()
    chart.curve(RED, 250)
    for k in range(3):
        chart.draw.ellipse((2 * SCALE, (56 + 40 * k) * SCALE, 10 * SCALE, (64 + 40 * k) * SCALE), fill=RED)
        chart.name("home"[k:], 16, 60 + 40 * k)
    chart.stroke(470, 60, 28, RED, 2)
    chart.name("run/a", 506, 60)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [entry.name for entry in legend.entries] == ["run/a"]


def test_neighbour_of_a_lone_entry_whose_sample_touches_a_frame() -> None:
    chart = Chart()
    chart.curve(RED, 250)
    chart.curve(BLUE, 300)
    chart.rectangle((325, 45, 327, 95), GREY)
    chart.stroke(326, 60, 30, RED, 2)
    chart.stroke(328, 80, 28, BLUE, 2)
    chart.name("run/a", 366, 60)
    chart.name("run_b", 366, 80)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(e.name, e.swatch.color) for e in legend.entries] == [("run/a", RED), ("run_b", BLUE)]


def test_boxes_of_curves_that_are_thinner_than_a_pixel() -> None:
    chart = Chart()
    for k, (text, color) in enumerate([("run/a", RED), ("run_b", BLUE)]):
        pale = tuple(round(255 - 0.4 * (255 - channel)) for channel in color)
        chart.curve((pale[0], pale[1], pale[2]), 250 + 50 * k)
        chart.rectangle((200 + 90 * k, 374, 212 + 90 * k, 386), color)
        chart.name(text, 218 + 90 * k, 380)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(e.name, e.swatch.color) for e in legend.entries] == [("run/a", RED), ("run_b", BLUE)]


def names_of(chart: Chart) -> list[str]:
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    return [entry.name for entry in legend.entries] if legend else []


def test_a_last_row_centred_beneath_the_first_belongs_to_the_legend() -> None:
    chart = Chart()
    places = [("first", 120, 10, RED), ("second", 220, 10, GREEN), ("third", 320, 10, BLUE), ("fourth", 267, 27, BLACK)]
    for level, (name, x, y, color) in zip((90, 150, 210, 270), places, strict=True):
        chart.curve(color, level)
        chart.rectangle((x, y - 5, x + 30, y + 5), color)
        chart.name(name, x + 38, y)
    assert names_of(chart) == ["first", "second", "third", "fourth"]


@pytest.mark.parametrize(("height", "heading"), [(10, "a heading"), (14, None)])
def test_the_heading_of_a_legend_is_no_larger_than_its_names(height: float, heading: str | None) -> None:
    chart = Chart()
    legend_rows(chart, 20, 30)
    top = min(word.box.top for word in chart.words)
    chart.name("a heading", 480, top - 6 - height / 2, height=height)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert legend.title == heading


def test_entries_below_the_plot_rather_than_pieces_of_curves_read_as_letters() -> None:
    chart = Chart()
    for k, (name, color) in enumerate([("Berlin", RED), ("Madrid", GREEN), ("Lima", BLUE)]):
        chart.curve(color, 100 + 60 * k)
        chart.rectangle((90 + 110 * k, 374, 102 + 110 * k, 386), color)
        chart.name(name, 112 + 110 * k, 380)
    for x, sign, color in ((150, "-r", RED), (215, "T", GREEN)):
        chart.stroke(x, 300, 22, color, 2)
        chart.name(sign, x + 30, 300)
    assert names_of(chart) == ["Berlin", "Madrid", "Lima"]


def test_a_row_of_names_before_their_samples() -> None:
    chart = Chart()
    for k, (name, color) in enumerate([("Series A", RED), ("Series B", GREEN), ("Series C", BLUE)]):
        chart.curve(color, 100 + 60 * k)
        chart.name("Series", 70 + 140 * k, 380)
        chart.rectangle((70 + 140 * k, 375, 103 + 140 * k, 385), BLACK)
        chart.name(name[-1], 111 + 140 * k, 380)
        chart.stroke(130 + 140 * k, 380, 40, color, 2)
    assert names_of(chart) == ["Series A", "Series B", "Series C"]


def test_a_piece_of_a_curve_level_with_an_entry_is_none() -> None:
    chart = Chart()
    legend_rows(chart, 20, 30, x=330)
    x = 330 - 60
    chart.draw.polygon([(v * SCALE, w * SCALE) for v, w in ((x, 55), (x + 8, 57), (x + 3, 66))], fill=RED)
    chart.name("11", x + 12, 60)
    assert names_of(chart) == ["run/a", "run_b"]


def test_a_sample_in_nearly_the_colour_of_the_name_before_it() -> None:
    chart = Chart()
    grey, blue = (170, 170, 180), (130, 170, 205)
    for k, (name, color) in enumerate([("first", RED), ("secondll", blue), ("third", GREEN)]):
        chart.curve(color, 100 + 60 * k)
        chart.stroke(70 + 80 * k, 380, 14, color, 2.5)
        chart.name(name, 94 + 80 * k, 380, color=grey)
    assert names_of(chart) == ["first", "secondll", "third"]


def test_a_legend_between_two_areas_is_that_of_the_one_whose_inks_it_names() -> None:
    chart = Chart()
    first, second = Box(60, 40, 200, 340), Box(320, 40, 460, 340)
    for k, (name, color) in enumerate([("first", RED), ("second", GREEN)]):
        y = 160.0 + 17 * k
        chart.stroke(320, 100 + 60 * k, 140, color, 2)
        chart.stroke(60, 100 + 60 * k, 140, BLUE, 2)
        chart.stroke(225, y, 20, color, 2)
        chart.name(name, 253, y)
    areas = [PlotArea(box=box, background=chart.ground) for box in (first, second)]
    legends = find_legends(chart.picture(), areas, chart.words)
    assert legends[0] is None
    assert legends[1] is not None


def test_a_legend_that_names_little_of_the_coloured_ink_serves_no_second_area() -> None:
    chart = framed_legend()
    areas = [PlotArea(box=Box(60, 40, 300, 340), background=chart.ground)]
    areas += [PlotArea(box=Box(60, 342, 300, 398), background=chart.ground)]
    for y in range(346, 394, 6):
        chart.stroke(60, y, 230, (160, 60, 200), 3)
    for k, color in enumerate((RED, GREEN, BLUE, BLACK)):
        chart.stroke(62 + 40 * k, 349, 30, color, 1.5)
    legends = find_legends(chart.picture(), areas, chart.words)
    assert legends[0] is not None
    assert legends[1] is None


@pytest.mark.parametrize(("until", "found"), [(330, True), (AREA.right, False)])
def test_a_word_in_the_plot_names_a_line_only_where_that_ends(until: float, found: bool) -> None:
    chart = Chart()
    chart.curve(RED, 150, until=until)
    chart.name("north", 335, 150, color=RED)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert (legend is not None) == found


def test_what_is_hardly_read_in_the_plot_names_no_line() -> None:
    chart = Chart()
    chart.curve(RED, 150, until=330)
    chart.name("FR", 335, 150, color=RED)
    chart.words[0] = replace(chart.words[0], confidence=0.55)
    assert find_legends(chart.picture(), [chart.area()], chart.words) == (None,)


def test_a_sample_hardly_stronger_than_what_counts_as_ink_is_whole() -> None:
    chart = Chart()
    grain = np.random.default_rng(2).normal(0, 3, (400, 640, 1))
    chart.stroke(100, 60, 36, (146, 146, 146), 2)
    chart.rectangle((80, 52, 82, 68), BLACK)
    chart.name("name", 144, 60)
    rgb = np.clip(chart.picture().rgb + grain, 0, 255).astype(np.uint8)
    swatch = find_swatch(rgb, chart.words[0].box, 10, "left")
    assert swatch is not None
    assert (swatch.style, round(swatch.box.width)) == ("solid", 36)


@pytest.mark.parametrize(("muted", "kind"), [((150, 92, 96), "line+marker"), (BLUE, "line")])
def test_the_ends_of_a_dashed_sample_whose_colour_compression_muted(muted: Color, kind: str) -> None:
    chart = Chart()
    for left in (100, 119):
        chart.stroke(left, 60, 5, muted, 2)
    chart.draw.ellipse([v * SCALE for v in (107, 55, 117, 65)], fill=RED)
    chart.name("name", 132, 60)
    swatch = find_swatch(chart.picture().rgb, chart.words[0].box, 10, "left")
    assert swatch is not None
    assert (swatch.kind, round(swatch.box.width)) == (kind, 24)


def test_neither_letters_of_names_nor_pieces_of_samples_are_entries() -> None:
    chart = Chart()
    for k, (name, color) in enumerate([("first", RED), ("Mobile", GREEN)]):
        chart.curve(color, 120 + 80 * k)
        chart.stroke(70 + 120 * k, 380, 24, color, 3)
        chart.rectangle((87 + 120 * k, 376, 93 + 120 * k, 384), color)
        chart.name(name, 101 + 120 * k, 380, color=GREY)
    # "max" in low letters, and what is left of its last one read apart
    chart.stroke(310, 380, 14, BLUE, 3)
    chart.curve(BLUE, 300)
    for k in range(4):
        chart.rectangle((333 + 6 * k, 378, 337 + 6 * k, 384), GREY)
    chart.words.append(replace(chart.words[0], box=Box(333, 378, 355, 384), text="max"))
    chart.name("4", 360, 380)
    chart.words.append(replace(chart.words[0], box=Box(207, 376, 213, 384), text="3", color=GREEN))
    assert [name.split()[0] for name in names_of(chart)] == ["first", "Mobile", "max"]


def test_a_legend_nearer_to_an_area_without_its_inks_is_that_of_the_next() -> None:
    chart = Chart()
    first, second = Box(60, 40, 200, 340), Box(380, 40, 520, 340)
    chart.stroke(60, 100, 140, BLUE, 2)
    for k, (name, color) in enumerate([("first", RED), ("second", GREEN)]):
        chart.stroke(380, 100 + 60 * k, 140, color, 2)
        chart.stroke(215, 160 + 17 * k, 20, color, 2)
        chart.name(name, 243, 160 + 17 * k)
    areas = [PlotArea(box=box, background=chart.ground) for box in (first, second)]
    found = find_legends(chart.picture(), areas, chart.words)
    assert [legend is not None for legend in found] == [False, True]


def test_numbers_beside_tick_marks_one_of_which_a_curve_touches_are_no_legend() -> None:
    chart = Chart()
    chart.curve(GREY, 250)
    chart.curve(RED, 180)
    for k in range(6):
        chart.name(f"0.{8 - k}", 20, 60 + 40 * k)
        chart.stroke(44, 60 + 40 * k, 7, RED if k == 3 else GREY, 1.5)
    assert find_legends(chart.picture(), [chart.area()], chart.words) == (None,)


def test_a_lone_letter_beside_the_plot_names_no_line() -> None:
    chart = Chart()
    chart.curve(RED, 150, until=AREA.right - 4)
    chart.name("I", AREA.right + 4, 150, color=RED)
    assert find_legends(chart.picture(), [chart.area()], chart.words) == (None,)


def test_pieces_of_a_curve_read_as_words_of_nearly_one_colour_are_no_legend() -> None:
    chart = Chart()
    chart.curve((212, 144, 86), 150)
    for k, color in enumerate([(212, 144, 86), (216, 145, 80)]):
        chart.name("11", 200, 220 + 20 * k, color=color)
    assert find_legends(chart.picture(), [chart.area()], chart.words) == (None,)


def test_lines_of_a_paragraph_with_what_looks_like_samples_are_no_legend() -> None:
    chart = Chart(width=1400)
    chart.curve(GREY, 250)
    for k, start in enumerate(("all runs", "the rest")):
        chart.stroke(70, 360 + 18 * k, 24, GREY, 2)
        chart.name(
            f"{start} share the same data order and differ only in the settings that we name below", 100, 360 + 18 * k
        )
    assert find_legends(chart.picture(), [chart.area()], chart.words) == (None,)


def test_the_legend_that_names_the_coloured_ink_rather_than_a_nearer_one() -> None:
    chart = Chart()
    chart.stroke(AREA.left, 330, 400, GREY, 1.5)
    for k, (text, color) in enumerate([("run/a", RED), ("run_b", BLUE)]):
        chart.curve(color, 120 + 60 * k)
        chart.stroke(520, 60 + 20 * k, 24, color, 2)
        chart.name(text, 550, 60 + 20 * k)
        chart.stroke(70, 360 + 18 * k, 24, GREY, 2)
        chart.name(["these lines", "are the text"][k], 100, 360 + 18 * k)
    assert names_of(chart) == ["run/a", "run_b"]


def test_a_dashed_sample_that_ends_in_a_gap_and_was_read_as_the_beginning_of_a_name() -> None:
    chart = Chart()
    for k, color in enumerate((RED, GREY)):
        chart.curve(color, 220 + 60 * k)
    chart.stroke(480, 60, 28, RED, 4)
    chart.name("first", 516, 60)
    for x in (480, 495):
        chart.stroke(x, 82, 10, GREY, 4)
    chart.name("second", 516, 82)
    last = chart.words[-1]
    box = Box(494, last.box.top, last.box.right, last.box.bottom)
    chart.words[-1] = replace(last, box=box, text="- second")
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(entry.name, entry.swatch.style) for entry in legend.entries] == [("first", "solid"), ("second", "dashed")]


def test_strokes_read_as_ones_and_els_are_no_names() -> None:
    chart = Chart()
    for k, (text, color) in enumerate([("1", RED), ("I", BLUE)]):
        chart.curve(color, 220 + 40 * k)
        chart.stroke(360, 60 + 20 * k, 20, color, 2)
        chart.name(text, 386, 60 + 20 * k)
    assert find_legends(chart.picture(), [chart.area()], chart.words) == (None,)


def test_legends_left_of_their_areas_however_near_to_others() -> None:
    left, right = Box(140, 40, 260, 340), Box(440, 40, 600, 340)
    chart = Chart()
    for area, start, names in ((left, 10, "ab"), (right, 280, "cd")):
        for k, (name, color) in enumerate(zip(names, (RED, BLUE), strict=True)):
            chart.stroke(area.left, 150 + 60 * k, area.width, color, 2)
            chart.stroke(start, 100 + 20 * k, 20, color, 2)
            chart.name(f"run {name}", start + 26, 100 + 20 * k)
    areas = [PlotArea(box=box, background=(255, 255, 255)) for box in (left, right)]
    found = [
        [entry.name for entry in legend.entries]
        for legend in find_legends(chart.picture(), areas, chart.words)
        if legend
    ]
    assert found == [["run a", "run b"], ["run c", "run d"]]


def test_a_sample_that_begins_at_the_side_of_the_plot_area() -> None:
    chart = Chart()
    chart.curve(RED, 250)
    chart.stroke(AREA.left, 60, 30, RED, 2)
    chart.name("run/a", AREA.left + 36, 60)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(e.name, e.swatch.color) for e in legend.entries] == [("run/a", RED)]


def test_a_lone_entry_in_its_area_beside_areas_whose_legends_stand_outside() -> None:
    boxes = [Box(20, 40, 130, 340), Box(230, 40, 340, 340), Box(440, 40, 620, 340)]
    chart = Chart()
    for box in boxes:
        for k, color in enumerate((RED, BLUE)):
            chart.stroke(box.left, 150 + 60 * k, box.width, color, 2)
    for start, names in ((140, "ab"), (350, "cd")):
        for k, (name, color) in enumerate(zip(names, (RED, BLUE), strict=True)):
            chart.stroke(start, 100 + 20 * k, 20, color, 2)
            chart.name(f"run {name}", start + 26, 100 + 20 * k)
    chart.stroke(500, 300, 20, RED, 2)
    chart.name("run/e", 526, 300)
    areas = [PlotArea(box=box, background=(255, 255, 255)) for box in boxes]
    found = [
        legend and [entry.name for entry in legend.entries]
        for legend in find_legends(chart.picture(), areas, chart.words)
    ]
    assert found == [["run a", "run b"], ["run c", "run d"], ["run/e"]]


@pytest.mark.parametrize(
    ("first", "inside", "names"),
    [(RED, False, ["run/a", "run/a"]), (BLUE, False, [None, "run/a"]), (RED, True, ["run/a", None])],
)
def test_a_lone_entry_outside_all_areas_is_that_of_the_figure(
    first: Color, inside: bool, names: list[str | None]
) -> None:
    boxes = [Box(20, 40, 230, 340), Box(270, 40, 480, 340)]
    chart = Chart()
    for box, color in zip(boxes, (first, RED), strict=True):
        chart.stroke(box.left, 150, box.width, color, 2)
    x, y = (40, 70) if inside else (500, 60)
    chart.stroke(x, y, 28, RED, 2)
    chart.name("run/a", x + 36, y)
    areas = [PlotArea(box=box, background=(255, 255, 255)) for box in boxes]
    found = find_legends(chart.picture(), areas, chart.words)
    assert [legend and legend.entries[0].name for legend in found] == names


def test_entries_in_a_row_whose_samples_are_of_one_size_are_one_legend() -> None:
    """A triangle on a stroke is lopsided, and may as well be a piece of anything."""
    chart = Chart()
    for k, (text, color) in enumerate([("first", RED), ("second", BLUE), ("third", GREEN)]):
        x, y = 100.0 + 90 * k, 370.0
        chart.curve(color, 100 + 80 * k)
        chart.stroke(x, y, 14, color, 2)
        if text == "second":
            chart.draw.polygon(
                [(v * SCALE, w * SCALE) for v, w in ((x, y + 5), (x + 14, y + 5), (x + 7, y - 8))], color
            )
        else:
            chart.draw.ellipse(tuple(v * SCALE for v in (x + 3, y - 4, x + 11, y + 4)), fill=color)
        chart.name(text, x + 24, y)
    assert names_of(chart) == ["first", "second", "third"]


def test_samples_that_begin_within_the_plot_area_and_end_beyond_it() -> None:
    chart = Chart()
    for k, (text, color) in enumerate([("first", RED), ("second", BLUE)]):
        chart.curve(color, 100 + 80 * k)
        chart.stroke(AREA.right - 4, 100 + 20 * k, 90, color, 1)
        chart.name(text, AREA.right + 90, 100 + 20 * k)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(e.name, e.swatch.kind, e.swatch.box.width) for e in legend.entries] == [
        ("first", "line", pytest.approx(84, abs=1)),
        ("second", "line", pytest.approx(84, abs=1)),
    ]


def test_a_muted_sample_is_not_strengthened_to_the_ink_of_another() -> None:
    """Compression mutes a blue and a violet sample; the strongest inks of either hue are those of the other too."""
    chart = Chart()
    violet, blue = (129, 114, 179), (76, 114, 176)
    for k, (text, color, shown) in enumerate([("a run", violet, (125, 117, 173)), ("b run", blue, (81, 114, 159))]):
        chart.curve(color, 100 + 80 * k)
        chart.stroke(480, 100 + 20 * k, 30, shown, 3)
        chart.name(text, 520, 100 + 20 * k)
    # where chroma is subsampled the blue curve is violet in part
    chart.curve((85, 104, 174), 260)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    first, second = (np.array(e.swatch.color, float) for e in legend.entries)
    assert np.linalg.norm(first - violet) < np.linalg.norm(first - blue)
    assert np.linalg.norm(second - blue) < np.linalg.norm(second - violet)


@pytest.mark.parametrize(("last", "found"), [(RED, False), (GREEN, True)])
def test_dots_that_repeat_a_colour_are_those_of_links(last: Color, found: bool) -> None:
    chart = Chart()
    for k, color in enumerate((RED, BLUE, GREEN)):
        chart.curve(color, 100 + 80 * k)
    for k, (text, color) in enumerate([("first", RED), ("second", BLUE), ("third", last)]):
        y = 100.0 + 20 * k
        chart.draw.ellipse(tuple(v * SCALE for v in (480, y - 4, 488, y + 4)), fill=color)
        chart.name(text, 500, y)
    assert (find_legends(chart.picture(), [chart.area()], chart.words)[0] is not None) == found


def test_pieces_of_a_gridline_between_signs_are_no_legend() -> None:
    chart = Chart()
    chart.curve(GREEN, 250)
    for k, text in enumerate(("T", "4")):
        chart.stroke(100 + 150 * k, 100.5, 80, GREY, 1)
        chart.name(text, 186 + 150 * k, 100)
    chart.stroke(AREA.left, 180, AREA.width, GREY, 2)
    assert find_legends(chart.picture(), [chart.area()], chart.words) == (None,)


def test_a_heading_over_the_samples_is_no_entry() -> None:
    """Its first letters may look like a dotted sample, but reach further than those beneath it."""
    chart = Chart()

    def sample(y: float, length: float, color: Color, dashes: tuple[float, ...] = ()) -> None:
        chart.stroke(480, y, length, color, 1, dashes)
        chart.draw.ellipse(tuple(v * SCALE for v in (484, y - 3, 490, y + 3)), fill=color)

    for k, (text, color) in enumerate([("first", RED), ("second", BLUE)]):
        chart.curve(color, 100 + 80 * k)
        sample(100.5 + 14 * k, 14, color)
        chart.name(text, 504, 100.5 + 14 * k, height=7)
    sample(86.5, 20, BLACK, (1, 2))
    chart.name("of runs", 504, 86.5, height=7)
    heading = chart.words.pop()
    chart.words.append(replace(heading, text="series of runs", box=heading.box._replace(left=480.0)))
    assert names_of(chart) == ["first", "second"]


def test_the_side_of_the_next_box_is_no_end_of_a_name() -> None:
    chart = Chart()
    for k, (text, color) in enumerate([("first", RED), ("second", BLUE)]):
        chart.curve(color, 100 + 80 * k)
        chart.rectangle((100 + 70 * k, 364, 130 + 70 * k, 376), color)
        chart.name(text, 135 + 70 * k, 370)
    first, second = chart.words
    chart.words = [replace(first, text="first [", box=first.box._replace(right=172.0)), second]
    assert names_of(chart) == ["first", "second"]


def test_the_end_of_a_sample_read_with_its_name_is_no_part_of_it() -> None:
    chart = Chart()
    for k, color in enumerate((BLACK, GREY)):
        chart.curve(color, 120 + 90 * k)
        x = 100 + 160 * k
        chart.stroke(x, 20, 30, color, 2)
        chart.draw.ellipse(tuple(SCALE * v for v in (x + 10, 15, x + 20, 25)), fill=color)
        chart.name(f"Method{k}", x + 40, 20)
    # the first line of text was read from the right half of its sample on
    first = chart.words[0]
    chart.words[0] = replace(first, text="- Method0", box=first.box._replace(left=121.0))
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [(entry.name, entry.swatch.color) for entry in legend.entries] == [("Method0", BLACK), ("Method1", GREY)]
    assert legend.entries[0].word_box.left == pytest.approx(140, abs=1)


def test_a_sign_behind_a_sample_of_its_own_belongs_to_the_name() -> None:
    chart = Chart()
    chart.stroke(100, 20, 30, BLUE, 2)
    chart.rectangle((136, 19, 142, 21), BLACK)
    chart.name("50 dB", 150, 20)
    (word,) = chart.words
    word = replace(word, text="- 50 dB", box=word.box._replace(left=136.0))
    assert without_stroke(chart.picture().rgb, word, 10) == word


def test_links_with_dots_that_name_little_of_the_ink_are_no_legend() -> None:
    chart = Chart()
    for k, color in enumerate((RED, GREEN, BLUE, (148, 103, 189))):
        chart.curve(color, 80 + 60 * k)
    for k, (text, color) in enumerate([("Settings", GREY), ("Help", RED)]):
        chart.draw.ellipse(tuple(SCALE * v for v in (490, 96 + 20 * k, 498, 104 + 20 * k)), fill=color)
        chart.name(text, 505, 100 + 20 * k)
    assert find_legends(chart.picture(), [chart.area()], chart.words) == (None,)


def test_dashes_of_gridlines_that_were_read_as_text_take_no_place_of_a_legend() -> None:
    chart = Chart()
    for k, color in enumerate((BLACK, GREY)):
        chart.curve(color, 120 + 90 * k)
        chart.stroke(100 + 160 * k, 370, 30, color, 2)
        chart.name(f"Method {k}", 140 + 160 * k, 370)
    for k, text in enumerate(("-----r-rr", "F---r--+-")):
        chart.stroke(90 + 150 * k, 60, 30, GREY, 1.5, (3.7, 1.6))
        chart.name(text, 125 + 150 * k, 60, GREY)
    (legend,) = find_legends(chart.picture(), [chart.area()], chart.words)
    assert legend is not None
    assert [entry.name for entry in legend.entries] == ["Method 0", "Method 1"]
