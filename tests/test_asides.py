"""Names of upright axes that lie ahead of their labels."""

import pytest

from digitize.asides import with_strokes
from tests.drawing import Rectangle, pieces


@pytest.mark.parametrize(
    ("stroke", "letter"),
    [
        ((22, 142, 31, 143), True),  # the l of "loss"
        ((22, 120, 31, 121), True),
        ((22, 148, 31, 149), False),  # too far below
        ((28, 142, 31, 143), False),  # a tick mark
        ((10, 142, 60, 143), False),  # a gridline
    ],
)
def test_a_letter_that_looks_like_a_dash_is_part_of_a_name_on_end(stroke: Rectangle, letter: bool) -> None:
    name, rest = pieces((24, 122, 31, 141)), pieces(stroke)
    assert len(with_strokes(name, rest, 9.0)) == 1 + letter
