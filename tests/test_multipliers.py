"""Texts at the end of an axis, and what stands there unread."""

from __future__ import annotations

import numpy as np
import pytest

from digitize.model import Box
from digitize.multipliers import find_multiplier, is_unread_at_end
from tests.drawing import TEXT_HEIGHT, canvas, word

AREA = Box(60, 60, 360, 260)


def unread(*marks: tuple[int, int, int, int], taken: tuple[Box, ...] = ()) -> bool:
    image, draw = canvas()
    draw.rectangle((60, 60, 360, 260), outline="black")
    for mark in marks:
        draw.rectangle(mark, fill="#333333")
    return is_unread_at_end(np.array(image.convert("RGB")), AREA.top, AREA.left, taken, TEXT_HEIGHT)


#: Two letters whose upper halves are cut off, above the end of the axis.
LETTERS = ((58, 42, 62, 45), (65, 42, 70, 45))


def test_remains_of_letters_above_an_axis_are_unread() -> None:
    assert unread(*LETTERS)


def test_nothing_a_lone_speck_and_tick_marks_are_no_text() -> None:
    assert not unread()
    assert not unread(LETTERS[0])
    assert not unread((70, 52, 70, 60), (90, 52, 90, 60))


def test_what_was_read_and_what_stands_beside_it_is_not_unread() -> None:
    assert not unread(*LETTERS, taken=(Box(56, 40, 72, 47),))
    assert not unread(*LETTERS, taken=(Box(90, 38, 140, 48),))


@pytest.mark.parametrize(("text", "found"), [("·10^4", True), ("-10^4", True), ("10^4", False)])
def test_a_power_of_ten_with_a_sign_is_a_multiplier_though_it_stands_far_from_the_end(text: str, found: bool) -> None:
    one = word(text, 270, 285)
    picture = Box(0, 0, 400, 300)
    assert (find_multiplier(picture, AREA, "bottom", [one], [], TEXT_HEIGHT) is one) == found
