"""What joins a glyph to an axis line is cut off, and nothing else."""

import numpy as np

from digitize.stubs import without_stubs

UNIT = 10.0


def scene(marks: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Square glyphs three rows beneath a line, each joined to it by a mark of so many rows."""
    rules = np.zeros((40, 120), bool)
    rules[9] = True
    labels = np.zeros((40, 120), np.int32)
    for k, mark in enumerate(marks, start=1):
        labels[10 + mark : 20 + mark, 20 * k : 20 * k + 6] = k
        labels[10 : 10 + mark, 20 * k + 3] = k
    return labels, rules


def boxes_of(labels: np.ndarray) -> np.ndarray:
    """Left, top, width and height of each piece, the ground first."""
    found = [(0, 0, labels.shape[1], labels.shape[0])]
    for k in range(1, labels.max() + 1):
        rows, columns = np.nonzero(labels == k)
        found.append((columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1))
    return np.array(found, np.int32)


def test_marks_of_one_length_are_cut_off_on_every_side() -> None:
    labels, rules = scene((3, 3, 3))
    for view in (lambda a: a, lambda a: a[::-1], lambda a: a.T, lambda a: a.T[:, ::-1]):
        left = without_stubs(view(labels).copy(), boxes_of(view(labels)), view(rules), UNIT)
        assert [int((left == k).sum()) for k in (1, 2, 3)] == [60, 60, 60]


def test_a_lone_mark_and_marks_unlike_each_other_stay() -> None:
    for marks in ((3,), (2, 5)):
        labels, rules = scene(marks)
        assert np.array_equal(without_stubs(labels, boxes_of(labels), rules, UNIT), labels)


def test_the_stem_of_a_glyph_that_stands_on_a_line_stays() -> None:
    labels, rules = scene((0, 0))
    assert np.array_equal(without_stubs(labels, boxes_of(labels), rules, UNIT), labels)
