import numpy as np
import pytest

from digitize.samplecuts import read_members, without_sample
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


@pytest.mark.parametrize("curve", [(-30, -12, -4, 14), (-24, -8, 16, 16)], ids=["apart", "touching"])
def test_a_curve_that_a_name_is_written_beside_is_no_part_of_it(curve: Rectangle) -> None:
    speck = (-36, 2, -33, 8)
    boxes = pieces(speck, curve, *LETTERS)
    assert without_sample(boxes, np.arange(5)).tolist() == [2, 3, 4]
    mirrored = pieces(*[(42 - r, t, 42 - a, b) for a, t, r, b in (*LETTERS[::-1], curve, speck)])
    assert without_sample(mirrored, np.arange(5)).tolist() == [0, 1, 2]


def test_letters_are_no_curve_beside_specks() -> None:
    specks = [(x, 4, x + 2, 6) for x in range(-20, 0, 4)]
    kept = without_sample(pieces(*specks, (6, 0, 18, 10), *LETTERS), np.arange(9))
    assert {5, 6, 7, 8} <= set(kept.tolist())


def test_brackets_are_as_wide_as_letters_however_high_they_are() -> None:
    boxes = pieces((14, -6, 18, 16), *LETTERS)
    assert without_sample(boxes, np.arange(4)).tolist() == [0, 1, 2, 3]
