from __future__ import annotations

import numpy as np

from digitize.sheets import Sheet


def some_sheet() -> Sheet:
    rng = np.random.default_rng(5)
    rgb, image = (rng.integers(0, 256, (6, 9, 3)).astype(np.float32) for _ in range(2))
    return Sheet.of(rgb, image, np.zeros((6, 9), bool))


def is_in_step(sheet: Sheet) -> bool:
    """Whether it tells how far the picture is from the ground as that is."""
    return np.array_equal(sheet.apart, np.abs(sheet.rgb - sheet.image).max(axis=2))


def test_pixels_taken_for_a_line_are_no_longer_apart_from_the_ground() -> None:
    sheet = some_sheet()
    own = sheet.rgb[..., 0] > 128
    sheet.take(own)
    assert np.array_equal(sheet.ruled, own)
    assert np.array_equal(sheet.image[own], sheet.rgb[own])
    assert is_in_step(sheet)


def test_a_row_laid_on_a_turned_sheet_is_a_column_of_it() -> None:
    sheet = some_sheet()
    sheet.turned.lay_row(4, np.full((6, 3), 77, np.float32))
    assert np.array_equal(np.flatnonzero(sheet.ruled.any(axis=0)), [4])
    assert (sheet.image[:, 4] == 77).all()
    assert is_in_step(sheet)


def test_what_changes_in_a_part_changes_in_the_whole() -> None:
    sheet = some_sheet()
    sheet.part(slice(2, 3), slice(1, 8)).take(np.ones((1, 7), bool))
    assert sheet.ruled.sum() == sheet.ruled[2, 1:8].sum() == 7
    assert is_in_step(sheet)
