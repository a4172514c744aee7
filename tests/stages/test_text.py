"""Pictures of known text: boxes to a fraction of a pixel, lines kept apart, every label read."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from digitize.engines import Recognition, Recognizer, get_recognizer
from digitize.model import Box, Image, Picture, Word
from digitize.stages.text import read_text

Draw = Callable[[Any], None]


def picture_of(draw: Draw, size: tuple[float, float] = (5, 3.2), dpi: int = 100, **style: Any) -> Picture:
    """A matplotlib figure as a picture; `draw` gets its axes."""
    with mpl.rc_context(style):
        figure = Figure(figsize=size, dpi=dpi, layout="constrained")
        draw(figure.subplots())
        stream = io.BytesIO()
        figure.savefig(stream, dpi=dpi)
    return to_picture(np.array(PillowImage.open(stream).convert("RGB")))


def to_picture(rgb: Image) -> Picture:
    return Picture(name="drawn", rgb=rgb, sha256="")


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return get_recognizer("ppocr")


def texts(words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words]


def find(words: tuple[Word, ...], text: str) -> Word:
    (found,) = [word for word in words if word.text == text]
    return found


def simple(axes: Any) -> None:
    axes.plot([0, 10, 20, 30], [0.05, 0.35, 0.2, 0.3], label="first run")
    axes.plot([0, 10, 20, 30], [0.3, 0.1, 0.15, 0.1], "--", label="second run")
    axes.set_title("Loss of two runs")
    axes.set_xlabel("step")
    axes.set_ylabel("validation loss")
    axes.set_xticks([0, 5, 10, 15, 20, 25, 30])
    axes.set_yticks([0.1, 0.2, 0.3])
    axes.legend()
    axes.grid(True)


SIMPLE = {"Loss of two runs", "step", "validation loss", "first run", "second run", "0.1", "0.2", "0.3"}
SIMPLE |= {"0", "5", "10", "15", "20", "25", "30"}
DARK = {
    "figure.facecolor": "#181b1f", "axes.facecolor": "#22252b", "text.color": "#ccccdc", "axes.labelcolor": "#ccccdc",
    "xtick.color": "#9fa7b3", "ytick.color": "#9fa7b3", "axes.edgecolor": "#666666", "grid.color": "#333333",
}  # fmt: skip


@pytest.mark.parametrize(
    "style",
    [
        {},
        {"font.family": "DejaVu Serif", "font.size": 8},
        {"text.color": "#888888", "xtick.color": "#999999", "ytick.color": "#999999", "axes.labelcolor": "#888888"},
        {"axes.facecolor": "#e5ecf6", "axes.edgecolor": "white", "grid.color": "white"},
        DARK,
    ],
    ids=["plain", "serif", "grey", "tinted", "dark"],
)
def test_every_text_of_a_chart_is_read(style: dict[str, Any], recognizer: Recognizer) -> None:
    words = read_text(picture_of(simple, **style), recognizer)
    assert set(texts(words)) >= SIMPLE
    # Pieces of the dashed curve may pass for a stroke or two, not for more.
    assert len(words) <= len(SIMPLE) + 2


def test_a_jpeg_is_read_as_well(recognizer: Recognizer) -> None:
    picture = picture_of(simple)
    code = cv2.imencode(".jpg", picture.rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 70])[1]
    words = read_text(to_picture(np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR_RGB), dtype=np.uint8)), recognizer)
    assert set(texts(words)) >= SIMPLE


def test_turned_text_tells_its_direction(recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        simple(axes)
        right = axes.twinx()
        right.set_yticks([])
        right.set_ylabel("Temperature", rotation=270, labelpad=14)

    words = read_text(picture_of(draw), recognizer)
    assert find(words, "validation loss").angle == 90
    assert find(words, "Temperature").angle == 270
    assert find(words, "step").angle == 0
    # Height is measured across the baseline: both labels have the same font.
    assert find(words, "validation loss").height_px == pytest.approx(find(words, "first run").height_px, abs=4)


def test_turned_text_is_mended_by_spelling() -> None:
    class Misreading:
        name = "misreading"

        def read(self, crops: Sequence[Image]) -> list[Recognition]:
            return [Recognition("c (mol/I)", "", 0.9, 0.0)] * len(crops)

    words = read_text(picture_of(simple), Misreading())
    assert {word.text for word in words if word.angle in (90, 270)} == {"c (mol/l)"}


def test_exponents_are_read_apart(recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        axes.semilogy([0, 1], [1e-4, 1e2])
        axes.set_yticks([1e-4, 1e-2, 1e0, 1e2])
        axes.minorticks_off()
        axes.set_xticks([])

    words = read_text(picture_of(draw), recognizer)
    assert {"10^-4", "10^-2", "10^0", "10^2"} <= {word.number for word in words}


def test_an_exponent_too_small_for_a_glyph_is_not_lost(recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1])
        axes.set_xticks([0, 0.5, 1], ["20", "40", "60"], fontsize=8)
        axes.set_yticks([])
        axes.text(0.5, 1.06, "10", fontsize=8, transform=axes.transAxes, ha="right")
        axes.text(0.506, 1.095, "2", fontsize=4, transform=axes.transAxes)

    assert find(read_text(picture_of(draw, size=(4, 2.5)), recognizer), "10^2").number == "10^2"


def test_labels_that_touch_their_axis_are_read(recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1])
        axes.set_xticks([0.1, 0.5, 0.9], ["10", "100", "1000"])
        axes.tick_params(axis="x", length=0, pad=0.3)
        axes.set_yticks([])

    assert {"10", "100", "1000"} <= set(texts(read_text(picture_of(draw), recognizer)))


def test_a_degree_sign_is_no_exponent(recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1])
        axes.set_xticks([0, 0.5, 1], ["10°C", "20°C", "30°C"])
        axes.set_yticks([])

    assert {"10°C", "20°C", "30°C"} <= set(texts(read_text(picture_of(draw), recognizer)))


def test_labels_as_close_as_words_stay_apart(recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        axes.plot([0, 11], [0, 1])
        axes.set_xticks(range(12), [str(2001 + year) for year in range(12)])
        axes.set_title("A title of several words stays one")
        axes.set_yticks([])

    words = read_text(picture_of(draw, size=(5.2, 3)), recognizer)
    assert {str(2001 + year) for year in range(12)} <= set(texts(words))
    assert "A title of several words stays one" in texts(words)


def test_legend_columns_stay_apart(recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        for number in range(3):
            axes.plot([0, 1], [number, number + 1], label=f"Series {number}")
        axes.legend(ncols=3, loc="lower center", columnspacing=1.0, handlelength=1.5)
        axes.set_xticks([])
        axes.set_yticks([])

    assert sorted(texts(read_text(picture_of(draw), recognizer))) == ["Series 0", "Series 1", "Series 2"]


def test_a_sample_in_the_colour_of_the_text_is_no_part_of_the_name(recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color="black", label="measured")
        axes.plot([0, 1], [1, 0], "--", color="black", label="computed")
        axes.legend(loc="center left")
        axes.set_xticks([])
        axes.set_yticks([])

    assert {"measured", "computed"} <= set(texts(read_text(picture_of(draw), recognizer)))


@pytest.mark.parametrize("pale", [160, 205])
def test_an_equals_sign_paler_than_the_letters_is_read(pale: int, recognizer: Recognizer) -> None:
    def draw(page: ImageDraw.ImageDraw) -> None:
        for k in range(4):
            y = 30 + 30 * k
            page.text((30, y), "T", "black", font(14), anchor="ls")
            for up in (4, 7):
                page.line([(45, y - up), (55, y - up)], (pale, pale, pale))
            page.text((61, y), f"{250 + 50 * k} K", "black", font(14), anchor="ls")

    found = texts(read_text(drawn_on((200, 150), draw), recognizer))
    assert found == ["T = 250 K", "T = 300 K", "T = 350 K", "T = 400 K"]


def test_a_sample_behind_a_name_with_an_equals_sign_is_none(recognizer: Recognizer) -> None:
    def draw(page: ImageDraw.ImageDraw) -> None:
        page.text((30, 40), "n = 50", "black", font(17), anchor="ls")
        page.rectangle([(95, 31), (112, 34)], (255, 165, 0))
        page.text((118, 40), "pH 5.5", "black", font(17), anchor="ls")

    assert set(texts(read_text(drawn_on((220, 80), draw), recognizer))) == {"n = 50", "pH 5.5"}


def test_two_dashes_between_names_are_the_sample_of_one(recognizer: Recognizer) -> None:
    def draw(page: ImageDraw.ImageDraw) -> None:
        page.text((30, 40), "Desktop", "black", font(14), anchor="ls")
        for x in (94, 108):
            page.line([(x, 35), (x + 8, 35)], "black", 2)
        page.text((123, 40), "Mobile", "black", font(14), anchor="ls")

    assert set(texts(read_text(drawn_on((220, 80), draw), recognizer))) == {"Desktop", "Mobile"}


def test_bold_strokes_are_no_ground(recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        axes.set_title("Throughput", fontweight="bold", fontsize=16)
        axes.set_xlabel("number of clients")

    picture = picture_of(draw, dpi=300)
    assert {"Throughput", "number of clients"} <= set(texts(read_text(picture, recognizer)))


def test_single_letters_and_words_run_together_are_read(recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color="black")
        axes.set_xlabel("$t$", fontsize=14)
        axes.set_ylabel("speed")
        axes.set_title("training examples")

    picture = picture_of(draw)
    small = cv2.resize(picture.rgb, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    assert {"t", "speed", "training examples"} <= set(texts(read_text(picture, recognizer)))
    assert {"speed", "training examples"} <= set(texts(read_text(to_picture(np.asarray(small)), recognizer)))


def stroke_picture(left: float, top: float) -> tuple[Image, Box]:
    """Letters made of bars, drawn at a subpixel offset by averaging 8 x 8 samples a pixel, and their exact box."""
    zoom = 8
    fine = np.full((40 * zoom, 80 * zoom), 255.0)
    x, y = round(left * zoom), round(top * zoom)
    for offset in (0, 10, 20):  # three times the letter H: 6 wide, 9 high, strokes of 1.5
        a = x + offset * zoom
        fine[y : y + 9 * zoom, a : a + 12] = 0
        fine[y : y + 9 * zoom, a + 6 * zoom - 12 : a + 6 * zoom] = 0
        fine[y + 4 * zoom : y + 4 * zoom + 12, a : a + 6 * zoom] = 0
    grey = fine.reshape(40, zoom, 80, zoom).mean(axis=(1, 3)).round().astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2), Box(x / zoom, y / zoom, x / zoom + 26, y / zoom + 9)


@pytest.mark.parametrize("left", [20, 20.25, 20.5, 20.75])
@pytest.mark.parametrize("top", [12, 12.25, 12.5])
def test_boxes_are_exact_to_a_fraction_of_a_pixel(left: float, top: float, recognizer: Recognizer) -> None:
    rgb, box = stroke_picture(left, top)
    (word,) = read_text(to_picture(rgb), recognizer)
    assert word.text == "HHH"
    # Edges are found from the coverage of the pixels that they cut; a sixth of a pixel is a fiftieth of the height.
    assert word.box == pytest.approx(box, abs=0.17)
    assert word.height_px == pytest.approx(9, abs=0.34)
    assert max(word.color) < 40


def test_color_is_that_of_the_ink(recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color="#1f77b4")
        axes.set_ylabel("Pressure", color="#d62728", fontsize=14)
        axes.set_xticks([])
        axes.set_yticks([])

    word = find(read_text(picture_of(draw), recognizer), "Pressure")
    assert word.color == pytest.approx((214, 39, 40), abs=45)


@pytest.mark.parametrize(
    "rgb",
    [
        np.full((200, 300, 3), 255, np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.full((2, 500, 3), 90, np.uint8),
        np.random.default_rng(1).integers(0, 256, (120, 160, 3), dtype=np.uint8),
        np.repeat(np.tile(np.arange(256, dtype=np.uint8), (64, 1))[:, :, None], 3, axis=2),
    ],
    ids=["white", "pixel", "strip", "noise", "gradient"],
)
def test_pictures_without_text(rgb: Image, recognizer: Recognizer) -> None:
    assert read_text(to_picture(rgb), recognizer) == ()


def test_words_move_with_the_picture(recognizer: Recognizer) -> None:
    picture = picture_of(simple)
    moved = np.full((picture.height + 13, picture.width + 17, 3), 255, np.uint8)
    moved[13:, 17:] = picture.rgb
    before = {(w.text, *np.round(w.box, 3)) for w in read_text(picture, recognizer)}
    after = {
        (w.text, *np.round(np.array(w.box) - (17, 13, 17, 13), 3)) for w in read_text(to_picture(moved), recognizer)
    }
    assert before == after


@pytest.mark.parametrize(("name", "pad"), [("y", 2.0), ("y", 20.0), ("f", 2.0), ("k", 8.0)])
def test_a_letter_that_lies_ahead_of_the_labels_names_their_axis(name: str, pad: float, recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        axes.plot([0, 10, 20, 30], [0.05, 0.35, 0.2, 0.45])
        axes.set_yticks([0.1, 0.2, 0.3, 0.4], labels=["0.10", "0.20", "0.30", "0.40"])
        axes.set_ylim(0.05, 0.55)
        axes.set_ylabel(name, labelpad=pad)

    words = read_text(picture_of(draw), recognizer)
    assert {name, "0.10", "0.20", "0.30", "0.40"} <= set(texts(words))


def test_the_first_figure_of_the_longest_number_is_no_name(recognizer: Recognizer) -> None:
    def draw(axes: Any) -> None:
        axes.plot([0, 1], [800, 1000])
        axes.set_yticks([700, 800, 900, 1000], labels=["700", "800", "900", "1 000"])

    assert {"700", "800", "900", "1 000"} <= set(texts(read_text(picture_of(draw), recognizer)))


def test_the_letters_of_axes_beneath_each_other_are_told_from_their_labels(recognizer: Recognizer) -> None:
    figure = Figure(figsize=(3.2, 6), dpi=100, layout="constrained")
    for axes in figure.subplots(3, 1):
        axes.set_yticks([0, 0.5, 1.0], labels=["0.00", "0.50", "1.00"])
        axes.set_ylabel("y", labelpad=2.0)
    stream = io.BytesIO()
    figure.savefig(stream)
    found = texts(read_text(to_picture(np.array(PillowImage.open(stream).convert("RGB"))), recognizer))
    assert found.count("y") == found.count("0.50") == 3


def test_the_first_figure_of_a_label_is_no_name_where_labels_of_other_axes_are_shorter(recognizer: Recognizer) -> None:
    figure = Figure(figsize=(3.2, 6), dpi=100, layout="constrained")
    for axes, factor in zip(figure.subplots(3, 1), (1, 1, 1000), strict=True):
        axes.set_yticks([100, 110, 120], labels=[f"{factor * k:,}" for k in (100, 110, 120)])
    stream = io.BytesIO()
    figure.savefig(stream)
    found = texts(read_text(to_picture(np.array(PillowImage.open(stream).convert("RGB"))), recognizer))
    assert {"100,000", "110,000", "120,000"} <= set(found)


def drawn_on(size: tuple[int, int], draw: Callable[[ImageDraw.ImageDraw], None]) -> Picture:
    """A white picture with what is drawn on it; nothing of it is smoothed but the letters."""
    page = PillowImage.new("RGB", size, "white")
    draw(ImageDraw.Draw(page))
    return to_picture(np.array(page))


def font(size: int, family: str = "DejaVu Sans") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(findfont(family), size)


def test_figures_that_tick_marks_join_to_an_axis_line_are_read(recognizer: Recognizer) -> None:
    def draw(page: ImageDraw.ImageDraw) -> None:
        page.line([(40, 100), (460, 100)], "black")
        for k in range(2, 7):
            x, y = 60 * k + 10, 104
            page.text((x, y), str(k), "black", font(16), anchor="mt")
            page.line([(x, 101), (x, y)], "black")
        page.text((150, 150), "number of runs", "black", font(16))

    assert set("23456") <= set(texts(read_text(drawn_on((500, 200), draw), recognizer)))


def test_figures_beside_dotted_gridlines_are_read(recognizer: Recognizer) -> None:
    def draw(page: ImageDraw.ImageDraw) -> None:
        page.point([(67, 20 + 4 * k) for k in range(80)], "#c0c0c0")
        for k in range(6):
            y = 40 + 60 * k
            page.text((60, y), str(2 * k), "black", font(15, "DejaVu Serif"), anchor="rm")
            page.line([(67, y), (75, y)], "#808080")
            page.point([(x, y) for x in range(76, 400, 4)], "#c0c0c0")

    assert texts(read_text(drawn_on((460, 380), draw), recognizer)) == ["0", "2", "4", "6", "8", "10"]


def test_a_tick_mark_off_its_axis_line_is_no_part_of_a_number(recognizer: Recognizer) -> None:
    def draw(page: ImageDraw.ImageDraw) -> None:
        for k, text in enumerate(("1", "0.5", "0")):
            y = 40 + 60 * k
            page.text((60, y), text, "#444444", font(9), anchor="rm")
            page.line([(62, y), (67, y)], "#444444")
            page.text((90, y), "some words", "#444444", font(9), anchor="lm")

    numbers = [word for word in read_text(drawn_on((200, 200), draw), recognizer) if word.text != "some words"]
    assert texts(tuple(numbers)) == ["1", "0.5", "0"]
    assert max(word.box.right for word in numbers) < 61


def test_labels_that_run_into_each_other_are_told_apart(recognizer: Recognizer) -> None:
    labels = ("0.0e+0", "5.0e+4", "1.0e+5", "1.5e+5", "2.0e+5", "2.5e+5")

    def draw(page: ImageDraw.ImageDraw) -> None:
        x = 10.0
        for number, text in enumerate(labels):
            page.text((x, 40), text, "black", font(18))
            x += page.textlength(text, font(18)) + (-1 if number == 4 else 8)

    words = texts(read_text(drawn_on((520, 80), draw), recognizer))
    assert words == [*labels]


@pytest.mark.parametrize(
    ("labels", "gap"),
    [
        (("3:00 a.m.", "3:20 a.m.", "3:40 a.m.", "4:00 a.m."), 6),
        (("18 Jun", "2 Jul", "16 Jul"), 7),
        (("3,000", "4,000", "5,000", "6,000"), 1),
        (("May 1998", "Jul 1998", "Sep 1998", "Nov 1998"), -1),
    ],
)
def test_labels_set_closer_than_their_words_are_told_apart(
    labels: tuple[str, ...], gap: int, recognizer: Recognizer
) -> None:
    middles: list[float] = []

    def draw(page: ImageDraw.ImageDraw) -> None:
        x = 20.0
        for text in labels:
            width = page.textlength(text, font(14))
            page.text((x, 40), text, "black", font(14))
            middles.append(x + width / 2)
            x += width + gap

    found = read_text(drawn_on((420, 80), draw), recognizer)
    words = tuple(sorted(found, key=lambda word: word.box.left))
    assert texts(words) == list(labels)
    assert [word.box.center[0] for word in words] == pytest.approx(middles, abs=3.5)


def test_noughts_with_a_dot_ahead_of_a_tick_mark_are_figures(recognizer: Recognizer) -> None:
    def draw(page: ImageDraw.ImageDraw) -> None:
        for k in range(1, 4):
            page.text((110, 50 * k), f"{k}00,000", "black", font(17, "DejaVu Sans Mono"), anchor="rm")
            page.line([(115, 50 * k), (120, 50 * k)], "black")

    assert texts(read_text(drawn_on((300, 200), draw), recognizer)) == ["100,000", "200,000", "300,000"]


def test_labels_taller_than_the_text_of_their_page_are_read_beside_an_axis(recognizer: Recognizer) -> None:
    hours = ["08:00", "08:30", "09:00", "09:30"]

    def draw(page: ImageDraw.ImageDraw) -> None:
        for line in range(6):
            page.text((20, 20 + 18 * line), "All differences vanish towards the end of the run", "black", font(11))
        page.line([(60, 200), (460, 200)], "black")
        for k, text in enumerate(hours):
            x = 80 + 110 * k
            page.line([(x, 200), (x, 205)], "black")
            page.text((x, 206), text, "black", font(22, "DejaVu Serif"), anchor="mt")

    assert set(hours) <= set(texts(read_text(drawn_on((500, 260), draw), recognizer)))


def test_powers_in_a_row_are_no_slanted_text(recognizer: Recognizer) -> None:
    def draw(page: ImageDraw.ImageDraw) -> None:
        for k in range(5):
            x = 40 + 100 * k
            page.text((x, 60), "10", "black", font(15), anchor="ls")
            page.text((x + 21, 52), str(k), "black", font(13), anchor="ls")

    words = read_text(drawn_on((500, 100), draw), recognizer)
    assert {word.angle for word in words} == {0}
    assert [word.number for word in sorted(words, key=lambda w: w.box.left)] == [f"10^{k}" for k in range(5)]


@pytest.mark.parametrize("labels", [("6", "7", "8", "9", "10", "12"), ("0", "2", "3", "4", "5")])
def test_figures_that_lie_on_their_side_are_turned_text(labels: tuple[str, ...], recognizer: Recognizer) -> None:
    page = PillowImage.new("RGB", (400, 200), "white")
    for k, text in enumerate(labels):
        ImageDraw.Draw(page).text((40 + 60 * k, 100), text, "black", font(16), anchor="mm")
    lying = to_picture(np.array(page.rotate(90, expand=True)))
    words = read_text(lying, recognizer)
    assert texts(words) == list(reversed(labels))
    assert {word.angle for word in words} == {90}


def test_a_tick_mark_close_above_two_figures_turns_them_no_way(recognizer: Recognizer) -> None:
    labels = ["5", "10", "15", "20", "25", "30"]

    def draw(page: ImageDraw.ImageDraw) -> None:
        for k, text in enumerate(labels):
            x = 40 + 70 * k
            page.line([(x, 40), (x, 47)], "black", 2)
            page.text((x, 49), text, "black", font(14, "DejaVu Serif"), anchor="mt")

    words = sorted(read_text(drawn_on((460, 90), draw), recognizer), key=lambda word: word.box.left)
    assert texts(tuple(words)) == labels
    assert {word.angle for word in words} == {0}


def test_a_tick_mark_and_the_first_dash_of_a_gridline_are_no_part_of_a_number(recognizer: Recognizer) -> None:
    def draw(page: ImageDraw.ImageDraw) -> None:
        for k, text in enumerate(("1", "0.5", "0")):
            y = 40 + 60 * k
            page.text((60, y), text, "#444444", font(9), anchor="rm")
            for start in (62, 68):
                page.line([(start, y), (start + 4, y)], "#444444")

    words = read_text(drawn_on((200, 200), draw), recognizer)
    assert texts(words) == ["1", "0.5", "0"]
    assert max(word.box.right for word in words) < 61


def test_a_row_of_labels_goes_on_in_even_steps_to_that_of_the_end_of_its_axis(recognizer: Recognizer) -> None:
    labels = ("0", "100", "200", "300", "400", "500", "590")

    def draw(page: ImageDraw.ImageDraw) -> None:
        for k, text in enumerate(labels):
            page.text((40 + 36 * k - (4 if text == "590" else 0), 40), text, "black", font(13), anchor="mm")

    words = sorted(read_text(drawn_on((320, 80), draw), recognizer), key=lambda word: word.box.left)
    assert texts(tuple(words)) == list(labels)
