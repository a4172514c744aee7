"""Rows of words that may label an axis."""

from digitize.model import Word
from digitize.tickrows import find_runs
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


def test_days_between_the_names_of_months_are_dates_of_one_axis() -> None:
    ticks = ["17", "Oct", "17", "Nov", "17", "Dec", "17"]
    words = [word(text, 60 + 75 * k, 200) for k, text in enumerate(ticks)]
    assert texts(words) == [ticks]
