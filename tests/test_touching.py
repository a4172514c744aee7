"""Glyphs of two lines of text that touch are cut apart, and those of one line are not."""

import numpy as np
import pytest

from digitize.touching import part_touching

UNIT = 16.0


def scene(*glyphs: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Rings of 10 by 16 pixels at these columns and rows, numbered as they touch, and the boxes of the pieces."""
    drawn = np.zeros((80, 120), bool)
    for x, y in glyphs:
        drawn[y : y + 16, x : x + 10] = True
        drawn[y + 2 : y + 14, x + 2 : x + 8] = False
    labels = np.zeros(drawn.shape, np.int32)
    for number, (x, y) in enumerate(glyphs, start=1):
        own = labels[y : y + 16, x : x + 10]
        number = int(own.max()) or number
        own[drawn[y : y + 16, x : x + 10]] = number
    boxes = [(0, 0, 120, 80)]
    for number in range(1, labels.max() + 1):
        rows, columns = np.nonzero(labels == number)
        boxes.append((columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1) if len(rows) else (0, 0, 0, 0))
    return labels, np.array(boxes, np.int32)


@pytest.mark.parametrize("mirrored", [False, True])
def test_glyphs_on_two_levels_that_touch_are_two_pieces(mirrored: bool) -> None:
    # "08" ends where "XS" begins a line lower; the 8 and the X share a corner.
    labels, boxes = scene((10, 20), (22, 20), (31, 34), (43, 34))
    assert boxes[2][2:].tolist() == [19, 30]
    if mirrored:
        labels = labels[:, ::-1].copy()
        boxes[1:, 0] = 120 - boxes[1:, 0] - boxes[1:, 2]
    parted = part_touching(labels, boxes, UNIT)
    numbers = np.unique(parted)[1:]
    spans = sorted(np.ptp(np.nonzero(parted == number)[0]) + 1 for number in numbers)
    assert len(numbers) == len(np.unique(labels)[1:]) + 1
    assert spans[-1] <= 17


def test_a_tall_piece_among_glyphs_of_one_line_stays_whole() -> None:
    labels, boxes = scene((10, 20), (22, 20), (31, 34), (43, 20))
    assert np.array_equal(part_touching(labels, boxes, UNIT), labels)


def test_the_letters_of_one_line_stay_whole() -> None:
    labels, boxes = scene((10, 20), (22, 20), (31, 20), (43, 20))
    assert np.array_equal(part_touching(labels, boxes, UNIT), labels)
