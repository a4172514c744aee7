from __future__ import annotations

import cv2
import numpy as np

from digitize.pieces import label_pieces, number_pieces, true_places


def random_mask() -> np.ndarray:
    return np.random.default_rng(3).random((90, 130)) < 0.3


def test_pieces_are_measured_as_they_are_labelled() -> None:
    mask = random_mask()
    labels, stats, centers = label_pieces(mask)
    assert np.array_equal(labels > 0, mask)
    for k in range(1, len(stats)):
        rows, columns = np.nonzero(labels == k)
        left, top = columns.min(), rows.min()
        expected = [left, top, columns.max() + 1 - left, rows.max() + 1 - top, len(rows)]
        assert stats[k].tolist() == expected
        assert np.allclose(centers[k], [columns.mean(), rows.mean()])


def test_pieces_are_numbered_alike_with_and_without_measures() -> None:
    mask = random_mask()
    count, labels = number_pieces(mask)
    measured, stats, _ = label_pieces(mask)
    assert count == len(stats)
    assert np.array_equal(labels, measured)


def test_corners_join_pieces_only_where_asked() -> None:
    mask = np.eye(4, dtype=bool)
    assert number_pieces(mask)[0] == 2
    assert number_pieces(mask, connectivity=4)[0] == 5


def test_a_piece_of_a_mask_and_8_bit_pixels_are_taken_too() -> None:
    mask = random_mask()
    part = mask[5:60, 7:90]
    pixels = np.ascontiguousarray(part).astype(np.uint8)
    assert np.array_equal(label_pieces(part)[0], label_pieces(pixels)[0])
    assert len(label_pieces(part)[1]) == cv2.connectedComponents(pixels)[0]


def test_true_places_come_row_by_row() -> None:
    mask = random_mask()
    assert all(np.array_equal(a, b) for a, b in zip(true_places(mask.T), np.nonzero(mask.T), strict=True))
