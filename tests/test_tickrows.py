"""Rows of words that may label an axis."""

from dataclasses import replace

import pytest

from digitize.model import Word
from digitize.tickrows import find_runs, without_names
from tests.drawing import TEXT_HEIGHT, word


def texts(words: list[Word]) -> list[list[str]]:
    return [[w.text for w in run] for run in find_runs(words, "bottom", TEXT_HEIGHT)]


def test_times_of_half_days_are_dates_though_some_read_as_lengths() -> None:
    ticks = ["12am", "12pm", "12am", "12pm"]
    assert texts([word(text, 60 + 75 * k, 200) for k, text in enumerate(ticks)]) == [ticks]


def test_a_label_of_another_panel_that_agrees_by_chance_is_not_of_the_run() -> None:
    own = [word(str(200 * k), 600 + 25 * k, 200) for k in range(9)]
    # A minus may have been lost, so that it fits.
    other = word("2000", 350, 200)
    assert texts([other, *own]) == [[w.text for w in own]]


def test_a_label_farther_off_by_no_whole_number_of_steps_is_of_another_panel() -> None:
    own = [word(text, 100 + 60 * k, 200) for k, text in enumerate(("-1", "-0.5", "0"))]
    # It fits, had its sign been lost and its point been seen.
    other = word("9", 329, 200)
    assert texts([*own, other]) == [["-1", "-0.5", "0"]]
    assert texts([*own, word("1", 340, 200)]) == [["-1", "-0.5", "0", "1"]]


def test_figures_between_decades_are_of_their_axis() -> None:
    ticks = {"0.1": 60.0, "2": 108.2, "5": 171.8, "1": 220.0, "20": 428.2}
    digits = {"2": 268.2, "5": 331.8}
    words = [word(text, x, 200) for text, x in (*ticks.items(), *digits.items())]
    words = [w for w in words if w.text != "20"]
    assert texts([*words, word("10", 380.0, 200)]) == [["0.1", "2", "5", "1", "2", "5", "10"]]


def test_days_between_the_names_of_months_are_dates_of_one_axis() -> None:
    ticks = ["17", "Oct", "17", "Nov", "17", "Dec", "17"]
    words = [word(text, 60 + 75 * k, 200) for k, text in enumerate(ticks)]
    assert texts(words) == [ticks]


def test_labels_that_stand_together_are_sooner_an_axis_than_as_many_far_apart() -> None:
    words = [word(text, x, 200) for text, x in (("15", 195), ("0.5", 748), ("1", 785), ("1.5", 822))]
    assert texts(words) == [["0.5", "1", "1.5"]]


def test_of_runs_in_two_lines_the_even_one_is_the_axis() -> None:
    words = [word(text, x, 200) for text, x in (("15", 195), ("0.5", 748), ("1.5", 822))]
    lower = word("1", 785, 200)
    lower = replace(lower, box=lower.box._replace(top=lower.box.top + 0.45 * TEXT_HEIGHT))
    assert texts([*words, lower]) == [["0.5", "1", "1.5"]]


def test_numbers_before_the_dates_of_the_next_panel_are_another_axis() -> None:
    words = [
        word(text, x, 200) for text, x in (("500", 160), ("1000", 287), ("Jan 2", 550), ("Jan 3", 678), ("Jan 4", 805))
    ]
    assert ["Jan 2", "Jan 3", "Jan 4"] in texts(words)


def test_dates_of_two_panels_on_one_line_are_two_rows_though_one_agrees_by_chance() -> None:
    months = zip(["May 1998", "Jul 1998", "Sep 1998", "Nov 1998", "Jan 1999", "Mar 1999"], range(6), strict=True)
    days = zip(["Sep 15", "Oct 01", "Oct 15", "Nov 01", "Nov 15", "Dec 01"], (0, 16, 30, 47, 61, 77), strict=True)
    words = [word(text, 74 + 62 * k, 200) for text, k in months]
    words += [word(text, 489 + 4.12 * day, 200) for text, day in days]
    assert sorted(len(run) for run in texts(words)) == [6, 6]


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        (["Concentration", "1", "0.1", "0.01"], ["1", "0.1", "0.01"]),
        (["1", "0.1", "0.01", "c"], ["1", "0.1", "0.01", "c"]),  # a figure may have been misread
        (["Oslo", "Rome", "Lima", "12"], ["Oslo", "Rome", "Lima", "12"]),
        (["mean", "2020"], ["mean", "2020"]),
    ],
)
def test_a_name_in_line_with_numbers_is_no_label_of_theirs(row: list[str], kept: list[str]) -> None:
    words = [word(text, 60 + 75 * k, 200) for k, text in enumerate(row)]
    assert [one.text for one in without_names(words)] == kept
