"""Tens and their raised exponents."""

import pytest

from digitize.exponents import join_exponents
from digitize.model import Box, Word


def make_word(text: str, box: Box) -> Word:
    return Word(box=box, text=text, number=text, confidence=0.9, number_confidence=0.8)


TEN = make_word("10", Box(340, 430, 356, 442))


@pytest.mark.parametrize(
    "box",
    [Box(357, 425, 362, 431), Box(357, 421, 365, 432)],
    ids=["small", "nearly as large as its ten"],
)
def test_an_exponent_found_apart_from_its_ten_is_joined(box: Box) -> None:
    other = make_word("3", Box(20, 425, 26, 431))
    power, left = join_exponents([TEN, other, make_word("-2", box)])
    assert (power.text, power.number, power.box) == ("10^-2", "10^-2", TEN.box.union(box))
    assert (power.confidence, power.number_confidence) == (0.9, 0.8)
    assert left is other


@pytest.mark.parametrize(
    "box", [Box(357, 430, 365, 442), Box(370, 425, 375, 431), Box(357, 436, 362, 442), Box(340, 414, 348, 426)]
)
def test_what_stands_on_the_line_farther_off_or_above_is_no_exponent(box: Box) -> None:
    assert join_exponents([TEN, make_word("2", box)]) == (TEN, make_word("2", box))
