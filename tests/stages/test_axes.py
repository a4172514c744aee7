from dataclasses import replace

import numpy as np
import pytest

from digitize.model import PlotArea
from digitize.stages.axes import find_tick_labels
from digitize.stages.panels import find_panels
from tests.drawing import TEXT_HEIGHT, as_picture, canvas, framed, tick_words, word

BOX = (60, 30, 360, 230)
X_TICKS = {60: "0", 135: "10", 210: "20", 285: "30", 360: "40"}
Y_TICKS = {230: "0.0", 180: "0.5", 130: "1.0", 80: "1.5", 30: "2.0"}


def test_labels_know_the_gridlines_they_stand_at() -> None:
    image, draw = canvas()
    framed(draw, BOX, list(X_TICKS), list(Y_TICKS))
    picture, words = as_picture(image), tick_words(BOX, X_TICKS, Y_TICKS)
    ((x, y),) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert (x.axis, x.side, y.axis, y.side) == ("x", "bottom", "y", "left")
    assert [label.word.text for label in x.labels] == ["0", "10", "20", "30", "40"]
    assert [label.stroke_px for label in x.labels] == pytest.approx([60.5, 135.5, 210.5, 285.5, 360.5], abs=0.3)
    assert [label.word.text for label in y.labels] == ["2.0", "1.5", "1.0", "0.5", "0.0"]


@pytest.mark.parametrize("outward", [True, False])
def test_tick_marks_are_found_on_either_side_of_the_frame(outward: bool) -> None:
    image, draw = canvas()
    framed(draw, BOX, [], [])
    for x in X_TICKS:
        draw.line([(x, 230), (x, 235 if outward else 225)], fill="black")
    picture, words = as_picture(image), tick_words(BOX, X_TICKS, Y_TICKS)
    ((x, _),) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert [label.stroke_px for label in x.labels][1:-1] == pytest.approx([135.5, 210.5, 285.5], abs=0.3)


def test_labels_on_the_right_are_a_second_axis_and_alone_the_first() -> None:
    image, draw = canvas()
    framed(draw, BOX, [], list(Y_TICKS))
    picture = as_picture(image)
    right = [word(text, 368, y + 0.5, align="left") for y, text in {230: "5", 130: "6", 30: "7"}.items()]
    words = tick_words(BOX, X_TICKS, Y_TICKS) + right
    (rows,) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert [(r.axis, r.side) for r in rows] == [("x", "bottom"), ("y", "left"), ("y2", "right")]
    words = tick_words(BOX, X_TICKS, {}) + right
    (rows,) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert [(r.axis, r.side) for r in rows] == [("x", "bottom"), ("y", "right")]


def test_the_first_label_of_the_x_axis_is_none_of_the_y_axis() -> None:
    image, draw = canvas()
    framed(draw, BOX, list(X_TICKS), [])
    # As wide as the first label of the x axis, with which it stands in line, and one wider between.
    words = [*tick_words(BOX, {}, {80: "1"}), word("0.5", 53, 160.5, align="right")]
    words += [word(text, x - 5 if x == 60 else x + 0.5, 230 + 8) for x, text in X_TICKS.items()]
    ((x, y),) = find_tick_labels(as_picture(image), find_panels(as_picture(image), words), words, TEXT_HEIGHT)
    assert [label.word.text for label in x.labels] == ["0", "10", "20", "30", "40"]
    assert [label.word.text for label in y.labels] == ["1", "0.5"]


def test_a_multiplier_at_the_axis_end_is_told_apart_from_a_label() -> None:
    image, draw = canvas()
    framed(draw, BOX, [], list(Y_TICKS))
    picture = as_picture(image)
    words = [*tick_words(BOX, X_TICKS, Y_TICKS), word("1e-3", 62, 18)]
    ((_, y),) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert y.offset_word is not None
    assert y.offset_word.text == "1e-3"
    assert len(y.labels) == 5


@pytest.mark.parametrize(("text", "inward"), [("·10^5", 36), ("-10", 36), ("·10^4", 110)])
def test_a_multiplier_beneath_an_axis_ends_near_its_end_a_signed_power_anywhere(text: str, inward: int) -> None:
    image, draw = canvas()
    framed(draw, BOX, [], list(Y_TICKS))
    picture = as_picture(image)
    words = [*tick_words(BOX, X_TICKS, Y_TICKS), word(text, BOX[2] - inward, BOX[3] + 30)]
    ((x, _),) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert x.offset_word is not None
    assert x.offset_word.text == text


def test_a_label_of_the_axis_on_the_right_is_no_offset_of_the_axis_beneath() -> None:
    image, draw = canvas()
    framed(draw, BOX, list(X_TICKS), list(Y_TICKS))
    right = [word(text, 368, y + 0.5, align="left") for y, text in {230: "-600", 130: "-400", 30: "-200"}.items()]
    lowest = replace(right[0], box=right[0].box._replace(top=right[0].box.top + 4, bottom=right[0].box.bottom + 4))
    words = [*tick_words(BOX, X_TICKS, Y_TICKS), lowest, *right[1:]]
    picture = as_picture(image)
    ((x, _, _),) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert x.offset_word is None


def test_what_the_edge_of_the_picture_cuts_off_may_be_a_multiplier() -> None:
    image, draw = canvas()
    framed(draw, BOX, [], list(Y_TICKS))
    picture = as_picture(image)
    cut = word("o5", BOX[2] - 40, picture.height - 3)
    cut = replace(cut, box=cut.box._replace(bottom=float(picture.height)))
    words = [*tick_words(BOX, X_TICKS, Y_TICKS), cut]
    areas = find_panels(picture, words)
    areas = [replace(areas[0], box=areas[0].box._replace(bottom=picture.height - 40.0))]
    ((x, *_),) = find_tick_labels(picture, areas, [*tick_words((*BOX[:3], picture.height - 40), X_TICKS, {}), cut], 12)
    assert x.offset_word is not None
    assert x.offset_word.text == "o5"
    named = replace(cut, text="index (1/cm)", number="1")
    words = [*tick_words((*BOX[:3], picture.height - 40), X_TICKS, {}), named]
    ((x, *_),) = find_tick_labels(picture, areas, words, 12)
    assert x.offset_word is None


def test_days_far_beneath_their_times_belong_to_them_and_names_level_with_a_legend_do_not() -> None:
    image, draw = canvas()
    framed(draw, BOX, list(X_TICKS), list(Y_TICKS))
    picture = as_picture(image)
    times = dict(zip(X_TICKS, ["12am", "12pm", "12am", "12pm", "12am"], strict=True))
    level = BOX[3] + 8 + 3.2 * TEXT_HEIGHT
    days = [word("10/31/72", 60.5, level), word("11/1", 210.5, level)]
    words = tick_words(BOX, times, Y_TICKS) + days
    ((x, _),) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert [label.word.text for label in x.labels] == ["12am 10/31/72", "12pm", "12am 11/1", "12pm", "12am"]
    legend = [word("1958", 210.5, level), word("1955", 250, level)]
    words = tick_words(BOX, times, Y_TICKS) + legend
    ((x, _),) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert [label.word.text for label in x.labels] == list(times.values())


def test_labels_beside_all_panels_lean_as_those_at_axis_lines_do() -> None:
    image, draw = canvas(1400, 300)
    words = []
    for k in range(3):
        box = (BOX[0] + 420 * k, BOX[1], BOX[2] + 420 * k, BOX[3])
        draw.line([(box[0], box[1]), (box[0], box[3]), (box[2], box[3])], fill="black")
        x_ticks = {x + 420 * k: text for x, text in X_TICKS.items()}
        words += tick_words(box, x_ticks, {y - 2: text for y, text in Y_TICKS.items()})
    picture = as_picture(image)
    areas = find_panels(picture, words)
    rows = [row for rows in find_tick_labels(picture, areas, words, TEXT_HEIGHT) for row in rows if row.axis == "y"]
    assert len(rows) == 3
    assert [row.lean_px for row in rows] == pytest.approx([2.0] * 3, abs=0.3)


def test_tick_marks_count_though_all_labels_stand_beside_them() -> None:
    image, draw = canvas()
    framed(draw, BOX, [], [])
    ticks = {80: "0", 145: "200", 210: "400", 275: "600", 340: "800"}
    for x in ticks:
        draw.line([(x, 230), (x, 225)], fill="black")
    picture = as_picture(image)
    words = tick_words(BOX, {x + 6: text for x, text in ticks.items()}, Y_TICKS)
    ((x, _),) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert set(np.round(x.strokes_px)) >= {round(place + 0.5) for place in ticks}


def test_a_panel_in_line_with_a_labelled_one_borrows_its_labels() -> None:
    image, draw = canvas(800, 300)
    second = (430, 30, 730, 230)
    for box in (BOX, second):
        framed(draw, box, [], list(Y_TICKS))
    words = tick_words(BOX, X_TICKS, Y_TICKS) + tick_words(second, {x + 370: t for x, t in X_TICKS.items()}, {})
    picture = as_picture(image)
    areas = find_panels(picture, words)
    first, borrowing = find_tick_labels(picture, areas, words, TEXT_HEIGHT)
    assert [r.borrowed for r in first] == [False, False]
    assert [(r.axis, r.borrowed) for r in borrowing] == [("x", False), ("y", True)]


def test_labels_borrowed_from_a_panel_that_they_stand_before_are_a_doubt() -> None:
    image, draw = canvas(800, 300)
    second = (430, 30, 730, 230)
    for box in (BOX, second):
        framed(draw, box, [], list(Y_TICKS))
    words = tick_words(BOX, X_TICKS, {}) + tick_words(second, {x + 370: t for x, t in X_TICKS.items()}, Y_TICKS)
    picture = as_picture(image)
    borrowing, lender = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert [(r.axis, r.borrowed, r.unread) for r in borrowing] == [("x", False, False), ("y", True, True)]
    assert [r.borrowed for r in lender] == [False, False]


def test_labels_whose_ends_the_plot_area_takes_in_are_its_own() -> None:
    image, draw = canvas()
    framed(draw, BOX, [], list(Y_TICKS))
    picture, words = as_picture(image), tick_words(BOX, X_TICKS, Y_TICKS)
    (area,) = find_panels(picture, words)
    # Labels end 6 pixels off the frame: the edge that was found stands 5 pixels within them.
    wide = replace(area, box=area.box._replace(left=area.box.left - 11))
    ((_, y),) = find_tick_labels(picture, (wide,), words, TEXT_HEIGHT)
    assert [label.word.text for label in y.labels] == ["2.0", "1.5", "1.0", "0.5", "0.0"]


def test_the_first_label_beneath_an_axis_is_none_of_the_axis_beside_it() -> None:
    image, draw = canvas()
    framed(draw, BOX, [], list(Y_TICKS))
    picture = as_picture(image)
    # Two labels far off the axis, and two words nearer by that stand at its foot.
    beside = [word(text, 35, y + 0.5, align="right") for y, text in {80: "0.1", 180: "0.05"}.items()]
    foot = [word("01", 62, 224, align="right"), word("0", 60.5, 239)]
    areas = find_panels(picture, tick_words(BOX, X_TICKS, Y_TICKS))
    rows = find_tick_labels(picture, areas, [*tick_words(BOX, X_TICKS, {})[1:], *beside, *foot], TEXT_HEIGHT)
    y = next(row for row in rows[0] if row.axis == "y")
    assert [label.word.text for label in y.labels] == ["0.1", "0.05"]


def test_even_marks_are_tick_marks_though_the_labels_at_the_ends_are_pushed_inward() -> None:
    image, draw = canvas()
    framed(draw, BOX, [], [])
    marks = [60, 110, 160, 210, 260, 310, 360]
    for x in marks:
        draw.line([(x, 230), (x, 235)], fill="black")
    picture = as_picture(image)
    words = tick_words(BOX, {69: "0", 160: "100", 260: "200", 351: "300"}, Y_TICKS)
    ((x, _),) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert set(np.round(x.strokes_px)) >= {round(place + 0.5) for place in marks[1:-1]}


def test_month_over_year_is_one_label() -> None:
    image, draw = canvas()
    framed(draw, BOX, [60, 210, 360], list(Y_TICKS))
    months = [word(t, x + 0.5, 244) for x, t in {60: "Jan", 210: "Feb", 360: "Mar"}.items()]
    picture = as_picture(image)
    words = [*tick_words(BOX, {}, Y_TICKS), *months, word("2020", 60.5, 257)]
    areas: tuple[PlotArea, ...] = find_panels(picture, words)
    ((x, _),) = find_tick_labels(picture, areas, words, TEXT_HEIGHT)
    assert [label.word.text for label in x.labels] == ["Jan 2020", "Feb", "Mar"]


@pytest.mark.parametrize("signed", [True, False])
def test_a_tick_mark_read_as_a_sign_is_taken_from_the_label_and_a_true_sign_stays(signed: bool) -> None:
    image, draw = canvas(460, 300)
    framed(draw, BOX, [], [])
    right = []
    for y, text in {230: "10", 130: "20", 30: "30"}.items():
        draw.line([(361, y), (366, y)], fill="black")
        right.append(word("-" + text, 372 if signed else 361, y + 0.5, align="left"))
    picture = as_picture(image)
    words = tick_words(BOX, X_TICKS, Y_TICKS) + right
    (rows,) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    sign = "-" if signed else ""
    assert [label.word.text for label in rows[2].labels] == [sign + "30", sign + "20", sign + "10"]


def test_a_sign_that_begins_within_the_plot_area_is_a_tick_mark() -> None:
    image, draw = canvas(460, 300)
    framed(draw, BOX, [], [])
    picture = as_picture(image)
    right = [word("-" + text, 357, y + 0.5, align="left") for y, text in {230: "10", 130: "20", 30: "30"}.items()]
    words = tick_words(BOX, X_TICKS, Y_TICKS) + right
    (rows,) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert [label.word.text for label in rows[2].labels] == ["30", "20", "10"]


def test_labels_between_two_panels_are_of_the_one_whose_tick_marks_reach_towards_them() -> None:
    image, draw = canvas(760, 300)
    second = (400, 30, 700, 230)
    for box in (BOX, second):
        framed(draw, box, [], [])
    for y in Y_TICKS:
        draw.line([(392, y), (400, y)], fill="black")
    picture = as_picture(image)
    between = [word(str(k + 1), 376, y + 0.5, align="left") for k, y in enumerate(Y_TICKS)]
    words = tick_words(BOX, X_TICKS, Y_TICKS) + tick_words(second, {x + 340: t for x, t in X_TICKS.items()}, {})
    first, other = find_tick_labels(picture, find_panels(picture, words), [*words, *between], TEXT_HEIGHT)
    assert [row.axis for row in first] == ["x", "y"]
    assert [(row.axis, row.borrowed) for row in other] == [("x", False), ("y", False)]


def test_gridlines_of_the_first_y_axis_are_not_the_strokes_of_the_second() -> None:
    image, draw = canvas(460, 300)
    framed(draw, BOX, [], list(Y_TICKS))
    picture = as_picture(image)
    right = [word(str(k), 368, 223 - 37 * k, align="left") for k in range(6)]
    words = tick_words(BOX, X_TICKS, Y_TICKS) + right
    (rows,) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert rows[1].strokes_px == pytest.approx([30.5, 80.5, 130.5, 180.5, 230.5], abs=0.3)
    assert rows[2].strokes_px == pytest.approx([30.5, 230.5], abs=0.3)


def test_of_two_y_axes_with_strokes_neither_has_those_of_the_other() -> None:
    image, draw = canvas(460, 300)
    framed(draw, BOX, [], list(Y_TICKS))
    ticks = {200 - 45 * k: str(k) for k in range(4)}
    for y in ticks:
        draw.line([(360, y), (365, y)], fill="black")
    picture = as_picture(image)
    right = [word(text, 370, y + 0.5, align="left") for y, text in ticks.items()]
    words = tick_words(BOX, X_TICKS, Y_TICKS) + right
    (rows,) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert rows[1].strokes_px == pytest.approx([30.5, 80.5, 130.5, 180.5, 230.5], abs=0.3)
    assert rows[2].strokes_px[1:-1] == pytest.approx([65.5, 110.5, 155.5, 200.5], abs=0.3)


def test_labels_without_ends_lean_as_those_of_a_panel_whose_ends_tell() -> None:
    image, draw = canvas(820, 300)
    other = (480, 30, 780, 230)
    words = []
    for box in (BOX, other):
        draw.line([(box[0], box[1]), (box[0], box[3]), (box[2], box[3])], fill="black")
        words += tick_words(box, {box[0] + 15: "10", box[0] + 150: "20", box[0] + 285: "30"}, {})
    words += [word(text, 54, y - 2, align="right") for y, text in {30: "8.3", 90: "7", 160: "6", 230: "5"}.items()]
    words += [word(text, 474, y - 2, align="right") for y, text in {60: "20", 120: "10", 180: "0"}.items()]
    picture = as_picture(image)
    rows = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert [row.lean_px for found in rows for row in found if row.axis == "y"] == pytest.approx([2.0, 2.0], abs=0.6)


def test_a_power_of_ten_well_above_an_axis_is_its_multiplier_and_no_other_number_is() -> None:
    image, draw = canvas(height=320)
    low = (60, 60, 360, 260)
    framed(draw, low, [], [])
    picture = as_picture(image)
    for text, is_one in (("10^-3", True), ("-10", False)):
        words = [*tick_words(low, X_TICKS, {y + 30: text for y, text in Y_TICKS.items()}), word(text, 75, 25)]
        ((_, y),) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
        assert (y.offset_word is not None) == is_one


def test_the_second_y_axis_leans_as_the_first() -> None:
    image, draw = canvas(460, 300)
    framed(draw, BOX, [], list(Y_TICKS))
    picture = as_picture(image)
    left = [word(text, 54, y - 1.5, align="right") for y, text in Y_TICKS.items()]
    right = [word(str(k), 368, 223 - 37 * k, align="left") for k in range(6)]
    words = [*tick_words(BOX, X_TICKS, {}), *left, *right]
    (rows,) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert rows[2].lean_px == pytest.approx(2.0, abs=0.3)


def test_a_month_at_the_end_of_the_axis_goes_with_bare_days() -> None:
    image, draw = canvas()
    framed(draw, BOX, [60, 210, 360], list(Y_TICKS))
    picture = as_picture(image)
    words = [*tick_words(BOX, {60: "12", 210: "13", 360: "14"}, Y_TICKS), word("2003-Feb", 366, 262, align="right")]
    (rows,) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert rows[0].offset_word is not None
    assert rows[0].offset_word.text == "2003-Feb"


@pytest.mark.parametrize(("low", "high", "lean"), [(1.5, 1.5, -1.5), (1.5, -1.5, 0.0)])
def test_labels_without_strokes_lean_as_those_of_other_panels_unless_these_lean_apart(
    low: float, high: float, lean: float
) -> None:
    image, draw = canvas(800, 300)
    other = (440, 30, 740, 230)
    framed(draw, BOX, list(X_TICKS), list(Y_TICKS))
    framed(draw, other, [], list(Y_TICKS))
    picture = as_picture(image)
    first = [word(text, x + 0.5 + (low if x < 200 else high), 244) for x, text in X_TICKS.items()]
    second = [word(text, x + 2.0, 244) for x, text in {480: "0", 560: "5", 640: "10", 720: "15"}.items()]
    words = [*tick_words(BOX, {}, Y_TICKS), *tick_words(other, {}, Y_TICKS), *first, *second]
    rows = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert len(rows) == 2
    assert rows[1][0].lean_px == pytest.approx(lean, abs=0.3)


@pytest.mark.parametrize(
    ("icons", "names"),
    [
        ({200: "4", 60: "4"}, {}),  # all alike
        ({200: "4", 130: "7", 60: "9"}, {200: "Alpha", 130: "Beta", 60: "Gamma"}),  # before names
    ],
)
def test_icons_of_a_legend_read_as_figures_are_no_second_axis(icons: dict[int, str], names: dict[int, str]) -> None:
    image, draw = canvas()
    framed(draw, BOX, [], list(Y_TICKS))
    picture = as_picture(image)
    words = [word(text, 368, y + 0.5, align="left") for y, text in icons.items()]
    words += [word(text, 384, y + 0.5, align="left") for y, text in names.items()]
    words += tick_words(BOX, X_TICKS, Y_TICKS)
    (rows,) = find_tick_labels(picture, find_panels(picture, words), words, TEXT_HEIGHT)
    assert [r.axis for r in rows] == ["x", "y"]
