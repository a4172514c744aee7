"""Rows of numbers that were read as one line of text."""

import pytest

from digitize.model import Box
from digitize.numberrows import numbers_apart

ROW = [Box(10, 0, 20, 10), Box(40, 0, 90, 10), Box(110, 0, 240, 10)]


@pytest.mark.parametrize(
    ("said", "count"),
    [
        (["0", "100 200", "300 400 500"], 3),
        (["0", "100 200", "300 400 500 590"], 4),  # the end of the axis is labelled wherever it lies
        (["0", "100 200", "300 900 950"], 0),
        (["12", "12 200", "300 400 500"], 0),
    ],
)
def test_numbers_with_thousands_apart_are_several_where_they_go_on_a_row(said: list[str], count: int) -> None:
    assert len(numbers_apart(ROW, said, 2)) == count
