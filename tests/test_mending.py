import numpy as np
import pytest

from digitize.components import Components, find_ink
from digitize.mending import mend_letters, mend_number, mend_text

# Glyphs as (left, top, right, bottom): figures are 6 wide and 10 high on a baseline at 20.
FIGURE = [(x, 10, x + 6, 20) for x in (0, 8, 16)]


def glyphs(*boxes: tuple[int, int, int, int], tilt: float = 0.0) -> Components:
    left, top, right, bottom = np.array(boxes, dtype=float).T
    count = len(boxes)
    return Components(
        number=np.arange(1, count + 1), left=left, top=top, right=right, bottom=bottom, area=(right - left) * 5,
        lab=np.zeros((count, 3)), rgb=np.zeros((count, 3)), slender=np.full(count, 0.2), tilt=np.full(count, tilt),
        attached=np.zeros(count, bool), contrast=np.full(count, 255.0), lighter=np.zeros(count, bool),
    )  # fmt: skip


def test_a_lost_point_is_put_back_where_it_stands() -> None:
    assert mend_number("25", glyphs((0, 10, 6, 20), (7, 18, 9, 20), (11, 10, 17, 20))) == "2.5"


@pytest.mark.parametrize(
    ("text", "boxes"),
    [
        ("25", [(0, 10, 6, 20), (7, 10, 9, 12), (11, 10, 17, 20)]),  # a point high up is no decimal point
        ("2.5", [(0, 10, 6, 20), (7, 18, 9, 20), (11, 10, 17, 20)]),  # it was read
        ("25", [(0, 10, 17, 20), (7, 18, 9, 20)]),  # glyphs that touch are not counted
        ("25", [(0, 10, 6, 20), (8, 10, 14, 20)]),
    ],
)
def test_no_point_where_none_is_certain(text: str, boxes: list[tuple[int, int, int, int]]) -> None:
    assert mend_number(text, glyphs(*boxes)) == text


def test_a_lost_dash_between_figures_is_put_back() -> None:
    boxes = glyphs((0, 10, 6, 20), (8, 14, 12, 16), (14, 10, 20, 20))
    assert mend_text("12", [0.15, 0.85], boxes, 10) == "1-2"
    assert mend_text("1 2", [0.15, 0.5, 0.85], boxes, 10) == "1-2"
    assert mend_text("1-2", [0.15, 0.5, 0.85], boxes, 10) == "1-2"
    assert mend_text("ab", [0.15, 0.85], boxes, 10) == "ab"


@pytest.mark.parametrize("text", ["2024 01-15", "2024-01 15", "2024-01-15"])
def test_both_dashes_of_a_date_are_alike(text: str) -> None:
    assert mend_text(text, (), glyphs(*FIGURE), 10) == "2024-01-15"


def test_a_lost_sign_is_put_back() -> None:
    assert mend_number("0.3", glyphs((0, 14, 5, 16), (8, 10, 14, 20), (16, 18, 18, 20), (20, 10, 26, 20))) == "-0.3"
    assert mend_number("-3", glyphs((0, 14, 5, 16), (8, 10, 14, 20))) == "-3"
    assert mend_number("3", glyphs((0, 19, 5, 20), (8, 10, 14, 20))) == "3"


def test_raised_figures_after_a_ten_are_an_exponent() -> None:
    assert mend_number("10⁻³", glyphs(*FIGURE)) == "10^-3"
    assert mend_number("×10²", glyphs(*FIGURE)) == "×10^2"
    assert mend_number("m²", glyphs(*FIGURE)) == "m²"


def test_a_letter_alike_in_both_cases_is_judged_by_its_height() -> None:
    assert mend_text("X", (), glyphs((0, 13, 6, 20)), unit=10) == "x"
    assert mend_text("X", (), glyphs((0, 10, 6, 20)), unit=10) == "X"


def test_a_small_el_before_a_consonant() -> None:
    assert mend_text("Adam Ir=2e-2", (), glyphs(*FIGURE), unit=10) == "Adam lr=2e-2"
    assert mend_text("In Iowa Is It Irregular", (), glyphs(*FIGURE), unit=10) == "In Iowa Is It Irregular"


def test_an_el_that_slants_is_a_slash() -> None:
    boxes = [(0, 12, 6, 20), (8, 10, 11, 21), (14, 12, 20, 20)]
    line = glyphs(*boxes)
    line.tilt[1] = 12.0
    line.slender[[0, 2]] = 0.8
    # The only stroke of the line slants: whether the font does is not known.
    assert mend_text("ale", (0.15, 0.48, 0.85), line, unit=10) == "ale"
    line = glyphs(*boxes, (22, 10, 24, 20), (26, 10, 28, 20))
    line.tilt[1] = 12.0
    assert mend_text("alell", (0.1, 0.34, 0.6, 0.82, 0.97), line, unit=10) == "a/ell"


def test_components_of_a_point_beside_a_figure_are_kept() -> None:
    grey = np.full((40, 60), 255, np.uint8)
    grey[12:24, 23:28] = 60  # a figure with a soft corner that reaches a paler point
    grey[22, 28] = 225
    grey[23:25, 29:31] = 200
    ink = find_ink(np.repeat(grey[:, :, None], 3, axis=2))
    assert len(ink.components) == 2


@pytest.mark.parametrize(("gap", "text"), [(6, "n = 1"), (2, "n=1")])
def test_wide_gaps_beside_an_equals_sign_are_spaces(gap: int, text: str) -> None:
    sign, figure = 6 + gap, 12 + 2 * gap
    boxes = [(0, 13, 6, 20), (sign, 14, sign + 6, 15), (sign, 17, sign + 6, 18), (figure, 10, figure + 6, 20)]
    width = figure + 6
    assert mend_text("n=1", [3 / width, (sign + 3) / width, (figure + 3) / width], glyphs(*boxes), 10) == text


def test_a_gap_that_a_faint_equals_sign_stands_in_is_no_space() -> None:
    line = glyphs((0, 13, 6, 20), (19, 10, 25, 20))
    assert mend_text("n=1", [3 / 25, 12 / 25, 22 / 25], line, 10) == "n=1"


@pytest.mark.parametrize(("text", "mended"), [("1 2", "1.2"), ("12", "12")])  # specks are as small as points
def test_a_point_read_as_a_gap_between_figures_is_put_back(text: str, mended: str) -> None:
    line = glyphs((0, 10, 6, 20), (8, 13, 14, 20), (22, 10, 28, 20), (29, 18, 31, 20), (32, 10, 38, 20))
    places = [0.08, 0.3, *([0.66, 0.79, 0.92] if " " in text else [0.66, 0.92])]
    assert mend_text(f"rn{text}", places, line, 10) == f"rn{mended}"


def test_a_one_that_begins_a_rate_is_a_small_el() -> None:
    assert mend_text("1r", [], glyphs(*FIGURE[:2]), 10) == "lr"
    assert mend_text("0.1n", [], glyphs(*FIGURE), 10) == "0.1n"


def test_the_stroke_of_a_slash_that_was_read_mends_no_el_beside_it() -> None:
    line = glyphs((0, 10, 6, 20), (8, 10, 10, 20), (12, 10, 16, 20), (18, 10, 20, 20), (22, 10, 24, 20))
    line.tilt[2] = 20.0
    line.slender[0] = 0.8
    places = (0.1, 0.5, 0.58, 0.8, 0.97)
    assert mend_text("al/ll", places, line, unit=10) == "al/ll"
    assert mend_text("allll", places, line, unit=10).count("/") == 1


@pytest.mark.parametrize(
    ("text", "mended"),
    [("c (mol/I)", "c (mol/l)"), ("mg/1", "mg/l"), ("mol/Ito", "mol/Ito"), ("Disk l/O", "Disk I/O"), ("al/O", "al/O")],
)
def test_litres_and_inputs_are_told_by_what_stands_beside_the_stroke(text: str, mended: str) -> None:
    assert mend_letters(text) == mended
