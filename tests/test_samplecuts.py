import numpy as np
import pytest

from digitize.components import Components
from digitize.samplecuts import read_members


def line(*boxes: tuple[float, float, float, float]) -> Components:
    left, top, right, bottom = np.array(boxes, dtype=float).T
    count = len(boxes)
    return Components(
        number=np.arange(1, count + 1), left=left, top=top, right=right, bottom=bottom,
        area=0.5 * (right - left) * (bottom - top), lab=np.zeros((count, 3)), rgb=np.zeros((count, 3)),
        slender=np.full(count, 0.6), tilt=np.zeros(count), attached=np.zeros(count, bool),
        contrast=np.full(count, 255.0), lighter=np.zeros(count, bool),
    )  # fmt: skip


LETTERS = [(20, 0, 26, 10), (28, 0, 34, 10), (36, 0, 42, 10)]


@pytest.mark.parametrize(
    ("sample", "unread"),
    [((0, 0, 12, 10), True), ((0, 4, 6, 6), False)],  # a box, and a dash that may be a sign
)
def test_what_is_not_read_at_an_end_of_a_line_is_no_part_of_it(
    sample: tuple[float, float, float, float], unread: bool
) -> None:
    places = np.array([23, 31, 39]) / 42
    kept = [1, 2, 3] if unread else [0, 1, 2, 3]
    assert read_members(line(sample, *LETTERS), list(places)).tolist() == kept
    behind = [(42 - right, top, 42 - left, bottom) for left, top, right, bottom in (sample, *LETTERS)]
    assert sorted(read_members(line(*behind), list(1 - places[::-1])).tolist()) == kept


def test_what_is_read_stays() -> None:
    boxes = [(0, 0, 12, 10), *LETTERS]
    assert read_members(line(*boxes), list(np.array([6, 23, 31, 39]) / 42)).tolist() == [0, 1, 2, 3]
    assert read_members(line(*boxes), []).tolist() == [0, 1, 2, 3]
