"""The frame that is drawn around a legend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitize.model import Box, Image
from digitize.swatches import common_color, to_lab


def frame_around(rgb: Image, box: Box, text_height: float) -> Box:
    """The box grown to the frame that is drawn around it, itself where none is.

    A side of a frame is the nearest row or column, within two text heights, that differs from the ground over
    nine tenths of the box's length.
    """
    reach = 2.0 * text_height
    top, left = max(int(box.top - reach), 0), max(int(box.left - reach), 0)
    bottom, right = min(int(box.bottom + reach) + 1, rgb.shape[0]), min(int(box.right + reach) + 1, rgb.shape[1])
    part = rgb[top:bottom, left:right]
    if part.size == 0:
        return box
    distance = np.linalg.norm(to_lab(part) - to_lab(np.array(common_color(part), dtype=np.uint8)), axis=2)
    ink = distance > 4.0
    rows, columns = box.to_slices(rgb.shape)
    along_x = ink[:, max(columns.start - left, 0) : columns.stop - left].mean(1) > 0.9
    along_y = ink[max(rows.start - top, 0) : rows.stop - top].mean(0) > 0.9
    above, below = _sides(along_x, rows.start - top, rows.stop - top)
    before, behind = _sides(along_y, columns.start - left, columns.stop - left)
    if above is None or below is None or before is None or behind is None:
        return box
    return Box(float(left + before), float(top + above), float(left + behind + 1), float(top + below + 1))


def _sides(drawn: NDArray[np.bool_], start: int, stop: int) -> tuple[int | None, int | None]:
    """The nearest drawn rows before `start` and from `stop` on."""
    before, behind = np.flatnonzero(drawn[:start]), np.flatnonzero(drawn[stop:])
    return (int(before[-1]) if len(before) else None), (int(behind[0]) + stop if len(behind) else None)
