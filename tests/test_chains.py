"""Pieces of ink made by hand, chained into lines of text."""

from dataclasses import replace

import numpy as np
import pytest

from digitize.chains import find_chains
from digitize.glyphs import is_point, is_text
from digitize.strays import in_dashed_strokes, without_strays
from tests.drawing import Rectangle, pieces

UNIT = 10.0


def figures(text: str, x: float, y: float = 0.0) -> list[Rectangle]:
    """A box of 6 by 10 pixels for each figure, two pixels apart, and a gap of five for a space."""
    found = []
    for figure in text:
        if figure != " ":
            found.append((x, y, x + 6, y + 10))
        x += 5 if figure == " " else 8
    return found


def lines(*boxes: Rectangle) -> list[list[int]]:
    return sorted(sorted(chain.members.tolist()) for chain in find_chains(pieces(*boxes), UNIT))


def test_the_pieces_of_a_broken_glyph_are_no_turned_text() -> None:
    one, five = (0, 0, 3, 10), [(7, 0, 13, 2.5), (7, 3, 9, 5), (10, 5.5, 13, 10)]
    (chain,) = find_chains(pieces(one, (4, 8, 6, 10), *five), UNIT)
    assert not chain.turned
    assert len(chain.members) == 5


def test_a_figure_above_faint_specks_is_no_turned_text() -> None:
    figures_and_specks = pieces(*figures("200", 0), (0, 11, 4, 15), (5, 11, 6, 12))
    contrast = np.array([205.0, 205.0, 205.0, 44.0, 50.0])
    chains = find_chains(replace(figures_and_specks, contrast=contrast), UNIT)
    assert not any(chain.turned for chain in chains)


def test_figures_run_together_above_a_word_are_no_part_of_its_letters() -> None:
    label = (10.0, 0.0, 34.0, 10.0)
    assert [0] in lines(label, *figures("abcdef", 0, 16))


def test_lone_pieces_on_end_level_with_turned_labels_are_turned() -> None:
    words = [(0, y + 8 * k, 10, y + 8 * k + 6) for y in (0, 60, 180) for k in range(3)]
    together = (0, 120, 10, 143)
    chains = find_chains(pieces(*words, together), UNIT)
    assert [chain.turned for chain in chains] == [True] * 4


def test_what_is_left_of_a_turned_label_whose_figures_run_together_is_turned_with_it() -> None:
    words = [(0, y + 8 * k, 10, y + 8 * k + 6) for y in (0, 60, 180) for k in range(3)]
    # "0.0008": four figures in one piece, the point and a nought.
    label = [(0.0, 120.0, 10.0, 150.0), (8.5, 151.0, 10.0, 152.5), (0.0, 154.0, 10.0, 160.0)]
    found = find_chains(pieces(*words, *label), UNIT)
    assert sorted(sorted(chain.members.tolist()) for chain in found)[-1] == [9, 10, 11]
    kept = without_strays(pieces(*words, *label), found, UNIT)
    assert len(kept) == 4


def test_figures_on_one_baseline_are_text_though_they_touch_an_axis() -> None:
    label = replace(pieces(*figures("100", 0)), attached=np.ones(3, bool))
    assert len(find_chains(label, UNIT)) == 1
    corners = replace(pieces((0, 0, 6, 5), (8, 0, 14, 9)), attached=np.ones(2, bool))
    assert find_chains(corners, UNIT) == ()


@pytest.mark.parametrize("mark", [0.0, 5.0])
def test_figures_run_together_with_each_other_and_a_tick_mark_go_on_their_label(mark: float) -> None:
    one, rest = (0.0, 5.0, 4.0, 15.0), (5.5, 5.0 - mark, 27.0, 15.0)
    label = replace(pieces(one, rest), attached=np.array([False, True]))
    assert [sorted(chain.members.tolist()) for chain in find_chains(label, UNIT)] == [[0, 1]]
    # A piece of a curve is thin.
    thin = replace(label, area=np.array([20.0, 40.0]))
    assert [chain.members.tolist() for chain in find_chains(thin, UNIT)] == [[0]]


def test_a_lone_bar_is_a_one_only_in_a_column_that_ends_where_it_does() -> None:
    half, nought = figures("05", 0, 20), figures("0", 8, 40)
    for right, count in ((14.0, 3), (22.0, 2)):
        column = pieces((right - 2.5, 0, right, 10), *half, *nought)
        filled = column.area.copy()
        filled[0] = 25
        column = replace(column, area=filled)
        assert len(without_strays(column, find_chains(column, UNIT), UNIT)) == count


@pytest.mark.parametrize("turned", [False, True])
def test_many_bars_in_line_are_a_dashed_stroke_and_minus_signs_are_not(turned: bool) -> None:
    dashes = pieces(*((16.0 * k, 0.0, 16.0 * k + 12, 3.0) for k in range(8)))
    signs = pieces(*((40.0 * k, 0.0, 40.0 * k + 6, 1.5) for k in range(8)))
    words = pieces(*((32.0 * k, 0.0, 32.0 * k + 20, 8.0) for k in range(8)))
    for found, told in ((dashes, True), (signs, False), (words, False)):
        full = replace(found, area=0.9 * found.width * found.height)
        assert (in_dashed_strokes(full.transposed() if turned else full, UNIT) == told).all()


@pytest.mark.parametrize("labels", [("200", "400", "600", "800", "1000"), ("a 1", "a 2", "a 3", "a 4")])
def test_evenly_set_labels_close_together_are_parted(labels: tuple[str, ...]) -> None:
    widths = [8 * len(label) - 2 - 3 * label.count(" ") for label in labels]
    step = max(widths) + 1 if len(set(widths)) > 1 else max(widths) + 11
    places = [50 + step * k - width / 2 for k, width in enumerate(widths)]
    boxes = [figures(label, place) for label, place in zip(labels, places, strict=True)]
    found = lines(*[box for label in boxes for box in label])
    assert [len(line) for line in found] == [len(label.replace(" ", "")) for label in labels]


def test_words_stay_together() -> None:
    assert len(lines(*figures("it is not an even row", 0))) == 1


def test_close_lines_of_letters_run_together_do_not_read_downward() -> None:
    rows = [[(0, y, 2, y + 9), (4, y, 20, y + 9), (22, y, 28, y + 9), (30, y, 36, y + 9)] for y in (0, 13, 26)]
    chains = find_chains(pieces(*(box for row in rows for box in row)), UNIT)
    assert [(chain.turned, len(chain.members)) for chain in chains] == [(False, 4)] * 3


def test_an_equals_sign_set_wide_apart_belongs_to_its_formula() -> None:
    strokes = [(15.0, 3.0, 25.0, 4.0), (15.0, 7.0, 25.0, 8.0)]
    chains = find_chains(pieces((0, 2, 6, 10), *strokes, *figures("100", 34)), UNIT)
    assert [len(chain.members) for chain in chains] == [6]


def test_an_outlined_box_of_another_colour_close_before_a_name_is_no_letter() -> None:
    found = pieces((-14, -1, -3, 11), *figures("12345", 0))
    purple = np.where(np.arange(6)[:, None] == 0, (20.0, 10.0, -10.0), 0.0)
    for colors, count in ((purple, 5), (np.zeros((6, 3)), 6)):
        chains = find_chains(replace(found, lab=colors), UNIT)
        assert [len(chain.members) for chain in chains] == [count]


def test_a_heavy_first_letter_as_near_as_letters_are_belongs_to_its_name() -> None:
    found = pieces((-11, -1, -1.2, 10), *figures("12345", 0))
    dark = np.where(np.arange(6)[:, None] == 0, (0.0, 0.0, 0.0), (20.0, 0.0, 0.0))
    (chain,) = find_chains(replace(found, lab=dark), UNIT)
    assert len(chain.members) == 6


def test_large_figures_alone_are_text_among_small_print() -> None:
    small = [box for k in range(4) for box in figures("many words", 0, 100 + 16 * k)]
    large = (200, 0, 220, 30)
    assert [len(small)] in lines(*small, large)


def test_a_blurred_last_letter_belongs_to_its_name() -> None:
    found = pieces(*figures("1234 5", 0))
    found = replace(found, top=np.where(np.arange(5) < 4, 3.0, 0.0))
    lightness = np.array([15.0, 25.0, 27.0, 27.0, 9.0])
    chains = find_chains(replace(found, lab=np.column_stack([lightness, np.zeros((5, 2))])), UNIT)
    assert [len(chain.members) for chain in chains] == [5]


def test_words_set_evenly_around_an_equals_sign_stay_together() -> None:
    formula = [(0, 3, 6, 10), (10.5, 4, 17, 5), (10.5, 7, 17, 8), (22, 0, 26, 10), (30.5, 0, 37, 10)]
    assert lines(*formula) == [[0, 1, 2, 3, 4]]


def names_around(*sample: Rectangle) -> list[list[int]]:
    """The lines that two names make with what stands between them."""
    return [line for line in lines(*figures("abcd", 0), *sample, *figures("efg", 62)) if len(line) > 2]


@pytest.mark.parametrize(
    "sample",
    [
        [(39.0, 3.0, 53.0, 6.0)],
        [(34.0 + 8 * k, 3.0, 38.0 + 8 * k, 6.0) for k in range(3)],
        [(36.0 + 5 * k, 4.0, 39.0 + 5 * k, 7.0) for k in range(5)],
    ],
)
def test_samples_between_names_part_them(sample: list[Rectangle]) -> None:
    assert names_around(*sample) == [[0, 1, 2, 3], [4 + len(sample) + k for k in range(3)]]


def test_a_dash_between_words_parts_nothing() -> None:
    words = [*figures("abcd", 0), (38.0, 3.0, 48.0, 5.0), *figures("efg", 53)]
    assert lines(*words) == [list(range(8))]


@pytest.mark.parametrize(("length", "gap"), [(14.0, 4.0), (9.0, 5.5)])
def test_the_sample_before_a_name_is_no_dash(length: float, gap: float) -> None:
    assert lines((0.0, 4.0, length, 6.0), *figures("abcd", length + gap)) == [[1, 2, 3, 4]]


def test_a_minus_sign_stays_with_its_number() -> None:
    assert lines((0.0, 4.0, 8.0, 6.0), *figures("123", 10)) == [[0, 1, 2, 3]]


def test_an_outlined_box_in_the_colour_of_the_text_is_no_letter() -> None:
    box = replace(pieces((0, -1, 12, 11), *figures("abcd", 15.5)), area=np.array([40.0, 30, 30, 30, 30]))
    assert [chain.members.tolist() for chain in find_chains(box, UNIT)] == [[1, 2, 3, 4]]


def test_a_sample_with_a_marker_in_another_colour_is_no_part_of_the_name() -> None:
    sample = pieces((0, 1.5, 30, 7.5), *figures("abcd", 36))
    sample = replace(sample, lab=np.array([[20.0, -6, -18], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]]))
    assert [chain.members.tolist() for chain in find_chains(sample, UNIT)] == [[1, 2, 3, 4]]


def test_first_letters_of_names_in_a_column_are_no_dashes() -> None:
    rows = [(0.0, 22.0 * k, 4.0, 22.0 * k + 10) for k in range(7)]
    assert in_dashed_strokes(pieces(*rows), UNIT).all()
    names = [box for k in range(7) for box in figures("bcd", 6, 22 * k)]
    assert not in_dashed_strokes(pieces(*rows, *names), UNIT).any()


def test_an_equals_sign_is_found_where_all_signs_have_one_advance() -> None:
    strokes = [(15.0, 4.0, 21.0, 5.0), (15.0, 7.0, 21.0, 8.0)]
    chains = find_chains(pieces((0, 2, 5, 10), *strokes, *figures("100", 31)), UNIT)
    assert [len(chain.members) for chain in chains] == [6]


def test_specks_between_figures_are_points() -> None:
    found = pieces(
        *figures("1", 0), (7, 9, 8, 10), *figures("2", 9), (16, 4, 17, 5), *figures("3", 19), (27, 9, 28, 10)
    )
    assert is_point(found, UNIT, np.ones(6, bool)).tolist() == [False, True, False, False, False, False]


def test_a_stub_of_a_sample_in_another_colour_is_no_dash_behind_a_name() -> None:
    found = pieces(*figures("12345", 0), (46, 2, 57, 8))
    chains = find_chains(found, UNIT)
    assert max(len(chain.members) for chain in chains) == 6
    colors = found.lab.copy()
    colors[-1] = (20, 14, 16)
    chains = find_chains(replace(found, lab=colors), UNIT)
    assert max(len(chain.members) for chain in chains) == 5


def test_an_underscore_set_apart_joins_its_words_and_a_thick_mark_does_not() -> None:
    for high, count in ((1.0, 5), (2.5, 2)):
        found = lines(*figures("12", 0), (18, 12, 25, 12 + high), *figures("34", 29))
        assert max(len(line) for line in found) == count


def test_letters_that_blur_runs_together_are_no_bar() -> None:
    """They fill little less of their box than a dash does, but are as thick as letters are tall."""
    word = pieces((0.0, 1.0, 6.0, 10.0), (8.0, 3.0, 37.0, 10.0), (39.0, 0.0, 43.0, 10.0), (45.0, 3.0, 51.0, 10.0))
    blurred = replace(word, area=np.where(np.arange(4) == 1, 0.78, 0.5) * word.width * word.height)
    (chain,) = find_chains(blurred, 8.0)
    assert chain.members.tolist() == [0, 1, 2, 3]


def test_rows_that_pieces_of_a_frame_beside_them_join_are_two_lines() -> None:
    """Lossy compression breaks the pale frame of a legend into pieces as tall as two of its rows."""
    rows = [[(20 + 7.0 * k, y - 2 * (k % 2), 25 + 7.0 * k, y + 6) for k in range(8)] for y in (10.0, 27.0)]
    found = lines(*rows[0], *rows[1], (78.0, 4.0, 80.0, 28.0), (75.0, 26.0, 80.0, 39.0))
    assert [list(range(8)), list(range(8, 16))] == [
        [k for k in line if k < 16] for line in found if 0 in line or 8 in line
    ]


def test_rows_that_a_speck_or_an_underscore_joins_are_two_lines() -> None:
    upper, lower = ([(10.0 * k, y, 10.0 * k + 8, y + 10) for k in range(5)] for y in (0.0, 15.0))
    assert [part[:5] for part in lines(*upper, *lower, (12.0, 11.0, 14.0, 14.0))] == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]
    assert lines(*upper, *lower, (9.0, 11.0, 16.0, 12.0)) == [[0, 1, 2, 3, 4, 10], [5, 6, 7, 8, 9]]


def test_letters_of_equal_advance_read_upward_though_they_stand_apart() -> None:
    column = [(10.0, 6.0 * k, 16.0, 6.0 * k + 4) for k in range(4)]
    (chain,) = find_chains(pieces(*column), UNIT)
    assert chain.turned
    assert len(chain.members) == 4


def test_letters_of_two_rows_with_specks_between_them_are_no_column() -> None:
    rows = [[(0.0, y, 14.0, y + 10), (16.0, y + 2, 26.0, y + 10)] for y in (0.0, 15.0)]
    found = pieces(*rows[0], *rows[1], (22.0, 12.0, 23.0, 13.0), (24.0, 12.0, 25.0, 14.0))
    found = replace(found, contrast=np.array([200.0, 200, 200, 200, 35, 35]))
    assert not any(chain.turned for chain in find_chains(found, UNIT))


def test_an_equals_sign_of_equal_advance_belongs_to_its_formula() -> None:
    strokes = [(18.0, 3.0, 26.0, 4.0), (18.0, 7.0, 26.0, 8.0)]
    chains = find_chains(pieces((0, 0, 6, 10), *strokes, *figures("350", 38)), UNIT)
    assert [len(chain.members) for chain in chains] == [6]


def test_a_letter_below_the_sample_of_another_entry_reads_upright() -> None:
    sample = [(0, 0, 9, 2), (10, 3, 11, 4), (2, 5, 45, 15)]
    name = [(51, 29, 54, 46), (58, 33, 69, 46), (71, 28, 83, 46), (87, 33, 89, 46), (92, 33, 103, 46)]
    chains = find_chains(pieces(*sample, *name), 17.0)
    assert [3, 4, 5, 6, 7] in [chain.members.tolist() for chain in chains]


def test_the_sample_of_the_next_entry_parts_two_names_whatever_its_gap() -> None:
    sample = [(39.5, 4, 41.5, 6), (43, 1, 52, 9), (53.5, 4, 55.5, 6)]
    found = pieces(*figures("abcde", 0), *sample, *figures("fghij", 57))
    marker, stub = np.arange(13) == 6, np.isin(np.arange(13), (5, 7))
    for colors, count in ((((45.0, -10.0, -18.0), (60.0, -5.0, -9.0)), [5, 3, 5]), (((20.0, 4.0, 2.0),) * 2, [13])):
        lab = np.where(marker[:, None], colors[0], np.where(stub[:, None], colors[1], (20.0, 4.0, 2.0)))
        chains = find_chains(replace(found, lab=lab, contrast=np.where(marker | stub, 120.0, 200.0)), UNIT)
        assert [len(chain.members) for chain in chains] == count


def test_a_pale_letter_is_of_the_ink_of_its_name() -> None:
    found = pieces(*figures("abcdefg", 0))
    pale = np.arange(7) == 3
    lab = np.where(pale[:, None], (63.0, 50.0, 28.0), (48.0, 65.0, 40.0))
    found = replace(found, lab=lab, contrast=np.where(pale, 125.0, 210.0))
    assert [len(chain.members) for chain in find_chains(found, UNIT)] == [7]


def test_an_ink_of_which_only_some_letters_stand_out_is_cut_as_a_whole_or_not_at_all() -> None:
    found = pieces(*figures("abcde", 0), *figures("fghijkl", 48))
    first = np.arange(12) < 5
    lab = np.where(first[:, None], (70.0, 3.0, -8.0), (95.0, -3.0, 2.0))
    lab[1] = (70.0, 4.0, -14.0)
    chains = find_chains(replace(found, lab=lab, contrast=np.where(first, 180.0, 190.0)), UNIT)
    assert [len(chain.members) for chain in chains] == [12]


def test_a_bold_small_letter_before_a_sign_is_no_square() -> None:
    formula = pieces((0, 2, 7, 10), (13, 3, 19, 5), (13, 7, 19, 9), *figures("10", 25))
    for fill, first in ((0.72, 0), (1.0, 1)):
        area = formula.area.copy()
        area[0] = fill * 56
        (chain,) = find_chains(replace(formula, area=area), UNIT)
        assert chain.members.min() == first


def test_specks_behind_the_sample_of_a_line_do_not_hide_it() -> None:
    sample = pieces((0, 1, 21, 9), (22, 8, 23, 9), *figures("seed", 26))
    area = np.array([84.0, 1, 30, 30, 30, 30])
    contrast = np.array([200.0, 50, 200, 200, 200, 200])
    sample = replace(
        sample, area=area, contrast=contrast, slender=np.array([0.3, 1, 1, 1, 1, 1]), tilt=np.full(6, 90.0)
    )
    assert [chain.members.tolist() for chain in find_chains(sample, UNIT)] == [[2, 3, 4, 5]]


def test_labels_on_two_levels_at_a_corner_are_two_lines() -> None:
    # "000" of one axis ends above the first figure of "00", of the other.
    found = lines(*figures("000", 0), *figures("00", 22, 6.5))
    assert found == [[0, 1, 2], [3, 4]]


def test_an_exponent_as_tall_as_its_base_is_of_its_line() -> None:
    ten_to_the_twelfth = [*figures("10", 0), (16.0, -4.0, 21.0, 5.0), (22.0, -4.0, 27.0, 5.0)]
    assert lines(*ten_to_the_twelfth) == [[0, 1, 2, 3]]


def test_a_lone_figure_that_touches_an_axis_is_text_beside_labels_on_its_level() -> None:
    labels = pieces(*figures("10", 0), *figures("20", 60), *figures("3", 120), *figures("3", 180, 4))
    touching = replace(labels, attached=np.array([False, False, False, False, True, True]))
    found = sorted(sorted(chain.members.tolist()) for chain in find_chains(touching, UNIT))
    assert found == [[0, 1], [2, 3], [4]]


@pytest.mark.parametrize(("hue", "apart"), [((28.0, 38.0), True), ((2.0, -4.0), False)])
def test_a_wide_coloured_piece_close_to_small_letters_is_the_sample_of_a_name(
    hue: tuple[float, float], apart: bool
) -> None:
    """A stub of its line beyond the marker leads over to the name."""
    letters = [(x, y, x + 5.0, 7.0) for x, y in ((25.0, 0.0), (32.0, 1.0), (38.0, 0.0), (44.0, 1.0), (50.0, 0.0))]
    line = pieces((0, 0, 15, 8), (18, 3, 20, 4), *letters)
    lab = np.tile((20.0, 2.0, -4.0), (len(line), 1))
    lab[:2] = (62.0, *hue), (71.0, 3.0, 5.0)
    contrast = np.where(np.arange(len(line)) == 1, 77.0, 190.0)
    (chain,) = (c for c in find_chains(replace(line, lab=lab, contrast=contrast), 7.0) if len(c.members) > 1)
    assert (0 not in chain.members) == apart


def test_a_letter_that_stands_far_from_its_word_makes_no_even_row_of_three() -> None:
    word = [(x, 0.0, x + 4.0, 6.0) for x in (6.0, 11.0, 16.0, 21.0, 26.0)]
    (chain,) = find_chains(pieces((0, 0, 4, 6), *word, (34, 0, 37, 6)), 6.0)
    assert len(chain.members) == 7


@pytest.mark.parametrize("apart", [4, 16])
def test_a_last_letter_a_little_apart_is_no_turned_text_though_level_with_a_turned_word(apart: int) -> None:
    word = [(0.0, 100.0, 6.0, 110.0), (7.0, 101.0, 14.0, 110.0), (15.0, 101.0, 22.0, 110.0)]
    left = 22.0 + apart
    column = [(left, y, left + 4, y + 5) for y in (0.0, 6.0, 12.0, 18.0)]
    last = (left, 101.0, left + 4.0, 110.0)
    assert ([0, 1, 2, 3] in lines(*word, last, *column)) == (apart == 4)


@pytest.mark.parametrize(("row", "wide", "found"), [(True, 5, True), (False, 5, True), (True, 6, False)])
def test_a_small_nought_whose_ink_fills_it_is_text_beside_labels_and_a_disc_is_none(
    row: bool, wide: int, found: bool
) -> None:
    far = [figures("12", 40), figures("24", 80)] if row else [figures("12", -9, 40), figures("24", -9, 80)]
    ink = pieces((0, 3, wide, 10), *far[0], *far[1])
    area = ink.area.copy()
    area[0] = 0.75 * 7 * wide
    shorter = replace(ink, top=np.where(ink.top % 10 == 0, ink.top + 3, ink.top), area=area)
    assert ([0] in [chain.members.tolist() for chain in find_chains(shorter, 7.0)]) == found


def test_a_small_nought_alone_is_no_text() -> None:
    ink = pieces((0, 3, 5, 10), *figures("12", 43, 60), *figures("24", 91, 120))
    area = ink.area.copy()
    area[0] = 26.0
    assert [0] not in [chain.members.tolist() for chain in find_chains(replace(ink, area=area), 7.0)]


@pytest.mark.parametrize("upright", [True, False])
def test_upright_strokes_that_small_figures_fall_into_are_text_and_dashes_are_not(upright: bool) -> None:
    strokes = (
        [(4, 0, 6, 7), (8, 0, 9, 7), (11, 0, 12, 7)] if upright else [(4, 3, 8, 4), (10, 3, 14, 4), (16, 3, 20, 4)]
    )
    last = (13, 0, 16, 4) if upright else (22, 0, 26, 7)
    found = pieces((0, 3, 3, 4), *strokes, last)
    solid = np.array([1.0, 1.0, 1.0, 1.0, 0.5]) * (found.right - found.left) * (found.bottom - found.top)
    assert is_text(replace(found, area=solid), 7.0) == upright


@pytest.mark.parametrize(
    ("boxes", "tilts", "is_text"),
    [
        # a 7 without its hairline, and what is no figure: a longer bar, a lower one, strokes of one direction
        ([(0, 0, 8, 3), (2, 3, 6, 11)], (90, 10), True),
        ([(0, 0, 16, 3), (2, 3, 6, 11)], (90, 10), False),
        ([(2, 0, 6, 8), (0, 8, 8, 11)], (10, 90), False),
        ([(0, 0, 4, 5), (2, 6, 6, 11)], (30, 30), False),
        # a 1 and both halves of a 0; only the halves
        ([(0, 0, 5, 11), (7, 0, 10, 11), (12, 0, 15, 11)], (3, 3, 3), True),
        ([(7, 0, 10, 11), (12, 0, 15, 11)], (3, 3), False),
    ],
)
def test_strokes_that_figures_fall_into_are_kept_without_other_text(
    boxes: list[Rectangle], tilts: tuple[float, ...], is_text: bool
) -> None:
    strokes = replace(pieces(*boxes), slender=np.full(len(boxes), 0.2), tilt=np.array(tilts, float))
    assert bool(without_strays(strokes, find_chains(strokes, UNIT), UNIT)) == is_text


def test_the_dots_in_the_noughts_of_turned_labels_do_not_turn_them_back() -> None:
    nought, dot, point, figure = (0, 20, 12, 28), (5, 23, 7, 25), (9, 13, 12, 15), (0, 0, 12, 8)
    label = [nought, dot, point, figure]
    boxes = [(x0, y0 + y, x1, y1 + y) for y in (0, 90, 180) for x0, y0, x1, y1 in label]
    found = find_chains(pieces(*boxes), 12.0)
    assert all(chain.turned for chain in found)
    assert sorted(sorted(chain.members.tolist()) for chain in found) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
