from dataclasses import replace

import numpy as np
import pytest

from digitize.model import Box
from digitize.stages.panels import find_panels, text_height
from tests.drawing import as_picture, canvas, framed, tick_words, word

BOX = (60, 30, 360, 230)
X_TICKS = {60: "0", 135: "10", 210: "20", 285: "30", 360: "40"}
Y_TICKS = {230: "0.0", 180: "0.5", 130: "1.0", 80: "1.5", 30: "2.0"}


def moved(box: tuple[int, int, int, int], dx: int, dy: int) -> tuple[int, int, int, int]:
    return box[0] + dx, box[1] + dy, box[2] + dx, box[3] + dy


def shifted(ticks: dict[int, str], by: int) -> dict[int, str]:
    return {k + by: v for k, v in ticks.items()}


def test_a_framed_panel_is_found_with_its_grid() -> None:
    image, draw = canvas()
    framed(draw, BOX, list(X_TICKS), list(Y_TICKS))
    (area,) = find_panels(as_picture(image), tick_words(BOX, X_TICKS, Y_TICKS))
    assert area.box == pytest.approx((60.5, 30.5, 360.5, 230.5), abs=0.6)
    assert [r.position_px for r in area.x_grid] == pytest.approx([60.5, 135.5, 210.5, 285.5, 360.5], abs=0.3)
    assert area.background == (255, 255, 255)


def test_open_spines_suffice() -> None:
    image, draw = canvas()
    draw.line([(60, 30), (60, 230), (360, 230)], fill="black")
    (area,) = find_panels(as_picture(image), tick_words(BOX, X_TICKS, Y_TICKS))
    assert area.box == pytest.approx((60.5, 30.5, 360.5, 230.5), abs=1.1)


def test_gridlines_alone_suffice() -> None:
    image, draw = canvas(color="#202020")
    for y in Y_TICKS:
        draw.line([(60, y), (360, y)], fill="#404040")
    (area,) = find_panels(as_picture(image), tick_words(BOX, X_TICKS, Y_TICKS))
    assert area.box == pytest.approx((60, 30, 361, 231), abs=1.5)


def test_labels_alone_suffice() -> None:
    image, _ = canvas()
    (area,) = find_panels(as_picture(image), tick_words(BOX, X_TICKS, Y_TICKS))
    assert area.box.left == pytest.approx(60, abs=8)
    assert area.box.right == pytest.approx(360, abs=8)
    assert area.box.top == pytest.approx(30, abs=8)
    assert area.box.bottom == pytest.approx(230, abs=8)


def test_without_an_axis_line_the_tick_marks_tell_where_the_plot_area_begins() -> None:
    image, draw = canvas()
    for y in Y_TICKS:
        draw.line([(56, y), (61, y)], fill="black")
    words = [*tick_words(BOX, {130: "10", 200: "20", 270: "30", 340: "40"}, Y_TICKS)]
    (area,) = find_panels(as_picture(image), words)
    assert area.box.left == pytest.approx(62, abs=1.5)


def test_labels_that_cover_half_a_side_are_those_of_another_panel() -> None:
    image, draw = canvas(400, 640)
    lower = moved(BOX, 0, 320)
    # One axis line runs on through both panels.
    draw.line([(60, 30), (60, lower[3])], fill="black")
    for box in (BOX, lower):
        draw.line([(60, box[3]), (360, box[3])], fill="black")
    words = tick_words(BOX, X_TICKS, Y_TICKS) + tick_words(lower, X_TICKS, shifted(Y_TICKS, 320))
    areas = find_panels(as_picture(image), words)
    assert [area.box.height < 250 for area in areas] == [True, True]


def test_labels_on_the_right_of_a_panel_are_not_those_on_the_left_of_its_neighbour() -> None:
    image, draw = canvas(900, 300)
    framed(draw, BOX, [], list(Y_TICKS))
    other = moved(BOX, 440, 0)
    draw.line([(other[0], other[3]), (other[2], other[3])], fill="black")
    right = [word(str(10 * k), BOX[2] + 8, y, align="left") for k, y in enumerate(Y_TICKS)]
    words = tick_words(BOX, X_TICKS, Y_TICKS) + right + tick_words(other, shifted(X_TICKS, 440), Y_TICKS)
    areas = find_panels(as_picture(image), words)
    assert [area.box.left for area in areas] == pytest.approx([BOX[0], other[0]], abs=12)


def test_a_label_of_the_next_panel_that_fits_by_chance_does_not_stretch_a_panel() -> None:
    image, draw = canvas(400, 720)
    lower = moved(BOX, 0, 400)
    for box, by in ((BOX, 0), (lower, 400)):
        framed(draw, box, [], list(shifted(Y_TICKS, by)))
    # "2.0" two hundred pixels beneath the nought may be -2.0 that lost its sign.
    words = tick_words(BOX, X_TICKS, Y_TICKS) + tick_words(lower, X_TICKS, shifted(Y_TICKS, 400))
    areas = find_panels(as_picture(image), words)
    assert [area.box.height for area in areas] == pytest.approx([200, 200], abs=2)


def test_panels_of_a_row_stand_in_reading_order_and_inner_ones_borrow_labels() -> None:
    image, draw = canvas(1100, 300)
    words = tick_words(BOX, X_TICKS, Y_TICKS)
    for k in range(3):
        framed(draw, moved(BOX, 340 * k, 0), list(shifted(X_TICKS, 340 * k)), list(Y_TICKS))
        if k:
            words += tick_words(moved(BOX, 340 * k, 0), shifted(X_TICKS, 340 * k), {})
    areas = find_panels(as_picture(image), words)
    assert [round(a.box.left) for a in areas] == pytest.approx([60, 400, 740], abs=1)


def test_a_card_around_a_panel_and_a_table_are_no_panels() -> None:
    image, draw = canvas(800, 400)
    draw.rectangle((5, 5, 395, 290), outline="#cccccc")
    framed(draw, BOX, list(X_TICKS), list(Y_TICKS))
    words = tick_words(BOX, X_TICKS, Y_TICKS)
    for row in range(5):
        words += [word(f"{row * 7 % 5}.{row}", 450 + 80 * column, 40 + 30 * row) for column in range(4)]
    (area,) = find_panels(as_picture(image), words)
    assert area.box.left == pytest.approx(60.5, abs=1)


def test_text_and_blank_pictures_have_no_panels() -> None:
    image, _ = canvas()
    assert find_panels(as_picture(image), []) == ()
    lines = [word(f"some words {k}", 150, 40 + 16 * k) for k in range(12)]
    assert find_panels(as_picture(image), lines) == ()


def test_text_height_is_that_of_the_ticks() -> None:
    words = tick_words(BOX, X_TICKS, Y_TICKS)
    assert text_height([*words, word("A large heading", 200, 20, height_px=40.0)]) == 10.0


def test_words_count_by_their_characters_in_the_text_height() -> None:
    specks = [word("1", 200, 40 + 12 * k, height_px=3.0) for k in range(12)]
    assert text_height([*tick_words(BOX, X_TICKS, Y_TICKS), *specks]) == 10.0


def test_a_filled_plot_area_needs_no_strokes() -> None:
    image, draw = canvas()
    draw.rectangle((60, 22, 371, 235), fill="#ebebeb")
    draw.line([(70, 200), (200, 60), (350, 180)], fill="#cc0000", width=2)
    (area,) = find_panels(as_picture(image), tick_words((60, 22, 371, 235), X_TICKS, Y_TICKS))
    assert area.box == (60, 22, 372, 236)


def test_names_beneath_a_column_of_labels_suffice() -> None:
    image, _ = canvas()
    names = {x: f"layer {k}" for k, x in enumerate(sorted(X_TICKS), 1)}
    (area,) = find_panels(as_picture(image), tick_words(BOX, names, Y_TICKS))
    assert area.box == pytest.approx((60, 30, 360, 230), abs=12)


def test_labels_alone_suffice_where_the_lowest_was_not_read() -> None:
    image, draw = canvas()
    draw.line([(60, 225), (200, 60), (360, 180)], fill="#cc0000", width=2)
    y_ticks = {y: text for y, text in Y_TICKS.items() if y != 230}
    (area,) = find_panels(as_picture(image), tick_words(BOX, X_TICKS, y_ticks))
    assert area.box.bottom == pytest.approx(230, abs=6)
    assert area.box.left == pytest.approx(60, abs=8)


def test_times_of_two_panels_on_one_line_are_two_rows() -> None:
    image, _ = canvas(800, 300)
    first = {60: "00:00", 135: "00:30", 210: "01:00", 285: "01:30", 360: "02:00"}
    second = {500: "17:00", 575: "17:05", 650: "17:10", 725: "17:15"}
    words = tick_words(BOX, first, Y_TICKS) + tick_words((500, 30, 725, 230), second, Y_TICKS)
    areas = find_panels(as_picture(image), words)
    assert [round(a.box.left) for a in areas] == pytest.approx([60, 500], abs=8)
    assert [round(a.box.right) for a in areas] == pytest.approx([360, 725], abs=8)


def test_a_noisy_photograph_has_no_panels() -> None:
    image, _ = canvas()
    noise = np.random.default_rng(2).integers(0, 256, (300, 400, 3)).astype(np.uint8)
    picture = replace(as_picture(image), rgb=noise)
    assert find_panels(picture, [word("1", 30, 40), word("some text", 200, 280)]) == ()


def test_labels_that_go_on_between_the_others_as_cells_are_those_of_a_table() -> None:
    image, _ = canvas()
    words = tick_words(BOX, X_TICKS, Y_TICKS)
    assert len(find_panels(as_picture(image), words)) == 1
    cells = [word(f"{x * 7 % 83}.{y % 10}", x, y + 0.5) for x in X_TICKS for y in Y_TICKS]
    assert find_panels(as_picture(image), [*words, *cells]) == ()


def test_strokes_between_two_panels_do_not_make_a_third_of_their_labels() -> None:
    image, draw = canvas(900, 320)
    other = moved(BOX, 460, 0)
    for box in (BOX, other):
        framed(draw, box, list(shifted(X_TICKS, box[0] - BOX[0])), list(Y_TICKS))
    words = tick_words(BOX, X_TICKS, Y_TICKS) + tick_words(other, shifted(X_TICKS, 460), Y_TICKS)
    # The lowest of the right labels has lost a figure.
    right = dict(zip(Y_TICKS, ["50", "200", "300", "400", "500"], strict=True))
    words += [word(text, BOX[2] + 8, y, align="left") for y, text in right.items()]
    words += [word(text, x, 126) for text, x in (("5", BOX[2] + 55), ("9", other[0] - 45))]
    between = (BOX[2] + 36, 150, other[0] - 34, 240)
    for y in (150, 195, 240):
        draw.line([(between[0], y), (between[2], y)], fill="black")
    areas = find_panels(as_picture(image), words)
    assert [round(area.box.left) for area in areas] == pytest.approx([BOX[0], other[0]], abs=1)


def test_the_line_of_an_x_axis_is_the_foot_of_its_panel() -> None:
    image, draw = canvas()
    draw.line([(BOX[0], BOX[3]), (BOX[2], BOX[3])], fill="black")
    draw.line([(BOX[0] + 20, 60), (BOX[0] + 120, 180), (BOX[0] + 200, 90)], fill="blue")
    ticks = {x + 40: str(k) for k, x in enumerate(range(BOX[0], BOX[2] - 60, 75))}
    for x in ticks:
        draw.line([(x, BOX[3]), (x, BOX[3] + 5)], fill="black")
    words = tick_words(BOX, ticks, {y: text for y, text in Y_TICKS.items() if y < BOX[3]})
    (area,) = find_panels(as_picture(image), words)
    assert (area.box.left, area.box.right, area.box.bottom) == pytest.approx((BOX[0], BOX[2], BOX[3] + 0.5), abs=1.0)


def test_an_axis_line_that_begins_at_the_first_tick_does_not_cut_the_panel_off_there() -> None:
    image, draw = canvas()
    draw.line([(BOX[0], 40), (BOX[0], 200)], fill="black")
    draw.line([(BOX[0] + 25, BOX[3]), (BOX[2], BOX[3])], fill="black")
    ticks = {x + 25: str(k) for k, x in enumerate(range(BOX[0], BOX[2], 75))}
    words = tick_words(BOX, ticks, {y: text for y, text in Y_TICKS.items() if y < BOX[3]})
    (area,) = find_panels(as_picture(image), words)
    assert (area.box.left, area.box.bottom) == pytest.approx((BOX[0] + 0.5, BOX[3] + 0.5), abs=1.0)


def test_more_specks_than_figures_do_not_make_the_text_smaller() -> None:
    specks = [word("1", 200, 40 + 4 * k, height_px=5.0) for k in range(50)]
    assert text_height([*tick_words(BOX, X_TICKS, Y_TICKS), *specks]) == 10.0


def test_pieces_of_markers_on_gridlines_are_no_cells_of_a_table() -> None:
    image, draw = canvas()
    framed(draw, BOX, list(X_TICKS), list(Y_TICKS))
    specks = [word("T", x, y + 0.5, height_px=4.0) for x in list(X_TICKS)[1:4] for y in Y_TICKS]
    assert len(find_panels(as_picture(image), [*tick_words(BOX, X_TICKS, Y_TICKS), *specks])) == 1


@pytest.mark.parametrize(("marked", "foot", "within"), [(True, 231, 1), (False, 230, 6)])
def test_beneath_curves_that_end_high_the_panel_reaches_down_to_its_labels(
    marked: bool, foot: float, within: float
) -> None:
    image, draw = canvas()
    draw.line([(70, 60), (200, 40), (350, 90)], fill="#cc0000", width=2)
    for x in X_TICKS:
        if marked:
            draw.line([(x, 231), (x, 235)], fill="black")
    # One step beneath the lowest label the labels of the x axis stand already.
    y_ticks = {196: "4", 152: "5", 108: "6", 64: "7", 20: "8"}
    (area,) = find_panels(as_picture(image), tick_words(BOX, X_TICKS, y_ticks))
    assert area.box.bottom == pytest.approx(foot, abs=within)


def test_two_labels_beside_their_marks_are_an_axis() -> None:
    image, draw = canvas()
    draw.line([(70, 60), (200, 40), (350, 200)], fill="#cc0000", width=2)
    words = tick_words(BOX, X_TICKS, {200: "0%", 60: "20%"})
    assert find_panels(as_picture(image), words) == ()
    for y in (60, 200):
        draw.line([(57, y), (60, y)], fill="black")
    (area,) = find_panels(as_picture(image), words)
    assert (area.box.left, area.box.right) == pytest.approx((60, 360), abs=3)


def test_two_of_the_figures_of_a_table_are_no_axis() -> None:
    image, draw = canvas()
    figures = np.random.default_rng(5).integers(10, 99, (6, 6))
    words = [word(str(value), 60 + 60 * c, 60 + 40 * r) for r, row in enumerate(figures) for c, value in enumerate(row)]
    for y in range(40, 290, 40):
        draw.line([(30, y), (390, y)], fill="#888888")
    for x in range(30, 391, 60):
        draw.line([(x, 40), (x, 280)], fill="#888888")
    assert find_panels(as_picture(image), words) == ()


def test_a_panel_cuts_no_axis_though_curves_are_made_of_strokes() -> None:
    image, draw = canvas()
    draw.rectangle(BOX, outline="black")
    for k in range(12):
        # Strokes of common ends, as a noisy curve has them, over half of the height.
        draw.line([(78, 140 + 7 * k), (335, 140 + 7 * k)], fill="blue")
        draw.line([(80 + 20 * k, 135), (80 + 20 * k, 217)], fill="blue")
    (area,) = find_panels(as_picture(image), tick_words(BOX, X_TICKS, Y_TICKS))
    assert area.box == pytest.approx((60.5, 30.5, 360.5, 230.5), abs=0.6)


def test_an_axis_line_of_which_curves_hide_the_upper_part_does_not_cut_the_panel() -> None:
    image, draw = canvas()
    draw.line([(60, 60), (60, 230), (360, 230)], fill="black")
    draw.line([(64, 30), (64, 62), (350, 220)], fill="#cc0000", width=9)
    (area,) = find_panels(
        as_picture(image), tick_words(BOX, X_TICKS, {y + 20: t for y, t in Y_TICKS.items() if y < 230})
    )
    assert area.box.top <= 40


def test_a_panel_with_nothing_but_an_axis_line_borrows_the_labels_of_the_one_beneath() -> None:
    image, draw = canvas(400, 560)
    lower = moved(BOX, 0, 260)
    for box in (BOX, lower):
        draw.line([(box[0], box[3]), (box[2], box[3])], fill="black")
        draw.line([(80, box[3] - 20), (200, box[1] + 10), (340, box[1] + 60)], fill="blue", width=2)
    words = tick_words(BOX, {}, Y_TICKS) + tick_words(lower, X_TICKS, shifted(Y_TICKS, 260))
    areas = find_panels(as_picture(image), words)
    assert [area.box.bottom for area in areas] == pytest.approx([BOX[3] + 0.5, lower[3] + 0.5], abs=1)
    assert [area.box.top for area in areas] == pytest.approx([BOX[1], lower[1]], abs=6)


def test_a_rule_beneath_a_list_of_figures_is_no_axis() -> None:
    image, draw = canvas()
    draw.line([(60, 230), (360, 230)], fill="black")
    assert find_panels(as_picture(image), tick_words(BOX, {}, Y_TICKS)) == ()


def test_panels_above_each_other_whose_labels_go_on_by_chance_are_not_one() -> None:
    image, draw = canvas(400, 560)
    words = []
    # the lowest label of all lies on the scale of the first panel
    columns = [
        {30 + 12 * k: f"{400 - 25 * k}" for k in range(9)},
        {222 + 24 * k: f"{340 - 20 * k}" for k in range(5)},
        {402 + 24 * k: f"{-495 - 20 * k}" for k in range(5)},
    ]
    for top, ticks in zip((30, 210, 390), columns, strict=True):
        box = (60, top, 360, top + 120)
        draw.rectangle(box, fill="#e8e8e8", outline="black")
        words += tick_words(box, X_TICKS if top == 390 else {}, ticks)
    areas = find_panels(as_picture(image), words)
    assert [area.box.top for area in areas] == pytest.approx([30, 210, 390], abs=1.1)


def test_a_y_axis_between_its_labels_and_the_line_beneath_is_the_side_of_the_panel() -> None:
    image, draw = canvas()
    draw.line([(80, 30), (80, 200)], fill="black")
    draw.line([(88, 230), (360, 230)], fill="black")
    words = [word(text, x + 0.5, 244) for x, text in zip(range(80, 361, 70), "01234", strict=True)]
    words += [word(text, 54, y + 0.5, align="right") for y, text in Y_TICKS.items()]
    (area,) = find_panels(as_picture(image), words)
    assert area.box.left == pytest.approx(80.5, abs=1.1)


def test_corners_of_dashes_that_were_read_as_letters_hide_no_gridlines() -> None:
    image, draw = canvas()
    for x in X_TICKS:
        for y in range(30, 230, 8):
            draw.line([(x, y), (x, y + 4)], fill="#999999")
    for y in Y_TICKS:
        for x in range(60, 360, 8):
            draw.line([(x, y), (x + 4, y)], fill="#999999")
    corners = [word("T", x, y) for x in list(X_TICKS)[1:] for y in list(Y_TICKS)[:-1]]
    specks = [replace(w, box=Box(w.box.center[0] - 3, w.box.center[1] - 2, w.box.center[0] + 3, w.box.center[1] + 3),
                      height_px=5.0) for w in corners]  # fmt: skip
    (area,) = find_panels(as_picture(image), [*tick_words(BOX, {135: "10", 210: "20"}, Y_TICKS), *specks])
    assert area.box == pytest.approx((60, 30, 361, 231), abs=1.5)
    assert len(area.x_grid) == 5


def test_a_flat_curve_before_the_axis_line_is_not_the_foot_of_a_panel() -> None:
    image, draw = canvas()
    # the upper side runs on as that of a legend, curves hide the lower end of the y axis
    draw.line([(60, 213), (60, 30), (480, 30)], fill="black")
    draw.line([(66, 230), (360, 230)], fill="black")
    draw.line([(61, 222), (361, 222)], fill="#e060d0", width=4)
    y_ticks = {y: text for y, text in Y_TICKS.items() if y < 230}
    (area,) = find_panels(as_picture(image), tick_words(BOX, X_TICKS, y_ticks))
    assert area.box.bottom == pytest.approx(230.5, abs=0.6)


def test_no_side_of_a_panel_passes_through_the_labels_of_its_axis() -> None:
    image, draw = canvas()
    draw.line([(80, 30), (80, 230)], fill="black")
    # what ends these among the labels leaves the shortest one on their far side
    for y in (*range(50, 221, 34), 230):
        draw.line([(61, y), (340, y)], fill="#888888")
    labels = {50 + 34 * k: text for k, text in enumerate(("5000", "4000", "oo00", "o00", "1000", "0"))}
    words = [word(text, x + 0.5, 244) for x, text in zip(range(90, 341, 50), "123456", strict=True)]
    words += [word(text, 66, y + 0.5, align="right", confidence=0.4) for y, text in labels.items()]
    (area,) = find_panels(as_picture(image), words)
    assert area.box.left > 66


def test_two_labels_beneath_a_long_column_are_an_axis_without_any_mark() -> None:
    image, draw = canvas(800, 300)
    for shift in (0, 400):
        draw.line([(70 + shift, 190), (150 + shift, 60), (330 + shift, 90)], fill="blue", width=2)
    column = {210 - 40 * k: f"{k}.0" for k in range(5)}
    second = (460, 30, 760, 230)
    words = tick_words(BOX, {80: "0", 280: "50"}, column)
    words += tick_words(second, {500 + 120 * k: f"{k}" for k in range(3)}, {210 - 40 * k: f"{k}" for k in range(5)})
    assert len(find_panels(as_picture(image), words)) == 2


def test_labels_of_a_framed_panel_are_not_those_of_a_panel_of_labels_alone_before_it() -> None:
    image, draw = canvas(760, 300)
    draw.line([(70, 190), (150, 60), (350, 90)], fill="blue", width=2)
    framed(draw, (400, 44, 700, 244), [], [y + 14 for y in Y_TICKS])
    own = [word(text, x + 0.5, 244) for x, text in {80: "0", 170: "7", 260: "14"}.items()]
    own += [word(f"{k}.0", 54, 210.5 - 40 * k, align="right") for k in range(5)]
    other = [word(str(k), 379, y + 14.5) for k, y in enumerate(Y_TICKS, start=3)]
    other += [word(text, x + 340.5, 258) for x, text in X_TICKS.items()]
    first, second = find_panels(as_picture(image), [*own, *other])
    # the lowest label between them stands level with the labels beneath the first
    assert first.box.bottom == pytest.approx(230, abs=3)
    assert second.box.left == pytest.approx(400.5, abs=1)


def test_a_label_far_off_that_agrees_with_two_on_some_scale_does_not_speak_against_a_panel() -> None:
    image, draw = canvas(860, 420)
    for x in (100, 135, 210, 285, 360):
        draw.line([(x, 150), (x, 350)], fill="#aaaaaa")
    for first, y in ((100, 150), (60, 200), (60, 241), (100, 350)):
        draw.line([(first, y), (360, y)], fill="#aaaaaa")
    framed(draw, (520, 150, 820, 350), [], [200, 250, 300])
    # on a logarithmic scale the label above goes on those of the panel
    labels = {85: "7", 200: "1", 241: "0.5"}
    words = [word(text, 54, y + 0.5, align="right") for y, text in labels.items()]
    words += [word(text, x + 0.5, 364) for x, text in {135: "10", 210: "20", 285: "30", 360: "40"}.items()]
    words += tick_words((520, 150, 820, 350), {520: "0", 670: "5", 820: "10"}, {200: "6", 250: "5", 300: "4"})
    first, _ = find_panels(as_picture(image), words)
    assert first.box.left == pytest.approx(60.5, abs=1)
