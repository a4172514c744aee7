import numpy as np
import pytest

from digitize.factors import join_factors
from digitize.model import Box, Word
from tests.drawing import canvas, word


def power(left: float, bottom: float) -> Word:
    """A ten of 12 pixels with its raised exponent beside it, ending 24 pixels on."""
    plain = word("10^-2", left, bottom, align="left")
    return Word(
        box=Box(left, bottom - 14, left + 24, bottom), text=plain.text, number=plain.number, confidence=0.9,
        number_confidence=0.9, height_px=14.0,
    )  # fmt: skip


@pytest.mark.parametrize("dotted", [True, False])
def test_a_figure_a_dot_and_a_power_of_ten_are_one_number(dotted: bool) -> None:
    image, draw = canvas(120, 60)
    if dotted:
        draw.rectangle([31, 29, 32, 30], fill="#777777")
    five, ten = word("5", 20, 30, align="left"), power(40, 35)
    found = join_factors(np.asarray(image), [five, ten])
    assert [w.text for w in found] == (["5×10^-2"] if dotted else ["5", "10^-2"])
    if dotted:
        assert found[0].box == five.box.union(ten.box)


def test_figures_on_other_lines_or_far_off_are_no_factors() -> None:
    image, draw = canvas(160, 60)
    draw.rectangle([31, 0, 32, 59], fill="black")
    for other in (word("5", 20, 22, align="left"), word("5", -5, 30, align="left"), word("50", 18, 30, align="left")):
        assert len(join_factors(np.asarray(image), [other, power(40, 35)])) == 2
