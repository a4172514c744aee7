"""Labels of two lines are whole labels; decades beneath the figures between them tell their powers of ten."""

from __future__ import annotations

import math

import pytest

from digitize.model import Box, TickLabel, TickLabels, Word
from digitize.secondlines import with_decades, with_second_line
from digitize.stages.calibrate import fit_axis
from tests.stages.test_calibrate import AREA, label_at, make_word

HEIGHT = 12.0


def place_of(value: float) -> float:
    return 70 + 250 * math.log10(value)


def decade(text: str, value: float) -> Word:
    """A label of its own line, eight pixels to the right of its tick."""
    middle, half = place_of(value) + 8, 4.0 * len(text)
    return make_word(text, Box(middle - half, 440, middle + half, 456))


def figures() -> TickLabels:
    values = [2.0, 5.0, 20.0, 50.0]
    labels: list[TickLabel] = [label_at(str(v)[0], place_of(v), "x", 0.0) for v in values]
    strokes = sorted(place_of(v) for v in (1.0, 10.0, 100.0, *values))
    return TickLabels(axis="x", side="bottom", labels=tuple(labels), strokes_px=tuple(strokes), offset_word=None)


def test_decades_beneath_figures_tell_their_powers_of_ten() -> None:
    decades = [decade("0.1", 1.0), decade("1", 10.0), decade("10", 100.0)]
    labels = with_decades(figures(), decades, HEIGHT)
    assert [label.word.text for label in labels.labels] == ["0.1", "2", "5", "1", "2", "5", "10"]
    axis = fit_axis(labels, AREA)
    assert axis is not None
    assert axis.scale == "log"
    assert [tick.value for tick in axis.ticks] == pytest.approx([0.1, 0.2, 0.5, 1, 2, 5, 10])
    assert axis.doubts == ()


def test_words_beneath_that_keep_no_distance_from_ticks_are_no_decades() -> None:
    words = [decade("1", 10.0), decade("10", 60.0)]
    assert with_decades(figures(), words, HEIGHT) == figures()


def test_a_year_beneath_a_month_is_part_of_its_label() -> None:
    row = [make_word("Jan", Box(60, 425, 84, 437)), make_word("Mar", Box(160, 425, 184, 437))]
    year = make_word("2021", Box(58, 440, 86, 452))
    assert [w.text for w in with_second_line(row, "bottom", [*row, year], HEIGHT)] == ["Jan 2021", "Mar"]


def test_a_number_of_another_panel_level_with_the_years_is_not_among_them() -> None:
    row = [make_word("Jan", Box(60, 425, 84, 437)), make_word("Mar", Box(160, 425, 184, 437))]
    below = [make_word(text, Box(x, 440, x + 28, 452)) for text, x in (("2021", 58), ("2021", 158), ("1500", 400))]
    assert [w.text for w in with_second_line(row, "bottom", [*row, *below], HEIGHT)] == ["Jan 2021", "Mar 2021"]
