"""Names that panels share are given to lines of the same ink where no legend names them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digitize.model import Color, Series
from digitize.stages.naming import share_names
from tests.readings import BLUE, RED, make_axis, make_series

#: Red as a thin sample shows it.
PALE_RED = (218, 52, 52)
GREEN = (44, 160, 44)


def line(name: str | None, color: Color) -> Series:
    x_axis, y_axis = make_axis("linear", (50.0, 250.0), (0.0, 10.0)), make_axis("linear", (200.0, 20.0), (0.0, 1.0))
    one = make_series(name, [0.0, 5.0, 10.0], [0.1, 0.5, 0.2], x_axis, y_axis)
    return replace(one, color=color, trace=replace(one.trace, color=color))


def names(*panels: list[Series]) -> list[list[str | None]]:
    return [[one.name for one in own] for own in share_names(panels)]


def test_a_line_takes_the_name_that_other_panels_give_to_its_ink() -> None:
    named = [line("ours", PALE_RED)], [line("ours", PALE_RED), line("theirs", BLUE)]
    assert names(*named, [line(None, BLUE), line(None, RED)]) == [["ours"], ["ours", "theirs"], [None, "ours"]]


@pytest.mark.parametrize(
    "others",
    [
        ([line("ours", RED)],),
        ([line("ours", RED)], [line("ours", RED)], [line("theirs", RED)]),
        ([line("ours", RED)], [line("ours", RED)], [line("ours", GREEN)]),
    ],
    ids=["one panel alone", "another name for the ink", "another ink for the name"],
)
def test_a_name_that_may_be_that_of_another_chart_is_not_given(others: tuple[list[Series], ...]) -> None:
    assert names(*others, [line(None, RED)])[-1] == [None]


@pytest.mark.parametrize("beside", [line(None, RED), line("ours", PALE_RED)], ids=["two of the ink", "the name taken"])
def test_a_name_goes_to_one_line_of_a_panel(beside: Series) -> None:
    assert names([line("ours", RED)], [line("ours", RED)], [line(None, RED), beside])[-1] == [None, beside.name]
