import numpy as np
import pytest

from digitize.samplecuts import read_members
from tests.drawing import Rectangle, pieces

LETTERS = [(20, 0, 26, 10), (28, 0, 34, 10), (36, 0, 42, 10)]


@pytest.mark.parametrize(
    ("sample", "unread"),
    [((0, 0, 12, 10), True), ((0, 4, 6, 6), False)],  # a box, and a dash that may be a sign
)
def test_what_is_not_read_at_an_end_of_a_line_is_no_part_of_it(sample: Rectangle, unread: bool) -> None:
    places = np.array([23, 31, 39]) / 42
    kept = [1, 2, 3] if unread else [0, 1, 2, 3]
    assert read_members(pieces(sample, *LETTERS), list(places)).tolist() == kept
    behind = [(42 - right, top, 42 - left, bottom) for left, top, right, bottom in (sample, *LETTERS)]
    assert sorted(read_members(pieces(*behind), list(1 - places[::-1])).tolist()) == kept


def test_what_is_read_stays() -> None:
    boxes = [(0, 0, 12, 10), *LETTERS]
    assert read_members(pieces(*boxes), list(np.array([6, 23, 31, 39]) / 42)).tolist() == [0, 1, 2, 3]
    assert read_members(pieces(*boxes), []).tolist() == [0, 1, 2, 3]
