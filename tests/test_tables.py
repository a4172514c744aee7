"""Tables told from plot areas by the words in line with the labels."""

import pytest

from digitize.model import Box, Word
from digitize.tables import is_table

HEIGHT = 10.0
BOX = Box(100.0, 100.0, 400.0, 300.0)


def word(x: float, y: float, text: str = "12.5") -> Word:
    return in_box(Box(x - 15, y - 5, x + 15, y + 5), text)


def in_box(box: Box, text: str) -> Word:
    return Word(box=box, text=text, number=text, confidence=0.9, number_confidence=0.9)


LABELS = [word(80, 110 + 30 * k) for k in range(7)]


def cells(shift: float = 0.0) -> list[Word]:
    return [word(150 + 60 * column, 110 + 30 * row + shift) for column in range(4) for row in range(7)]


def test_rows_of_words_in_line_with_the_labels_are_a_table() -> None:
    assert is_table(BOX, LABELS, [*LABELS, *cells(1.0)], HEIGHT)


def test_rows_joined_to_lines_that_run_past_the_rectangle_are_a_table() -> None:
    lines = [in_box(Box(110, 105 + 30 * k, 700, 115 + 30 * k), "1 2 3") for k in range(7)]
    assert is_table(BOX, LABELS, [*LABELS, *lines], HEIGHT)


@pytest.mark.parametrize("shift", [6.0, 15.0])
def test_words_between_the_rows_are_none(shift: float) -> None:
    assert not is_table(BOX, LABELS, [*LABELS, *cells(shift)], HEIGHT)


def test_values_written_at_the_heights_of_data_are_none() -> None:
    values = [word(120 + 20 * k, 105 + (37 * k) % 190) for k in range(14)]
    assert not is_table(BOX, LABELS, [*LABELS, *values], HEIGHT)


def test_a_legend_that_happens_to_stand_in_line_is_none() -> None:
    legend = [word(350, 110 + 30 * k, "node") for k in range(3)]
    assert not is_table(BOX, LABELS, [*LABELS, *legend], HEIGHT)


def test_labels_alone_are_none() -> None:
    assert not is_table(BOX, LABELS, LABELS, HEIGHT)
