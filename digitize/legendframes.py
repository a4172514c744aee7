"""The frame that is drawn around a legend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitize.color import lengths
from digitize.model import Box, Image
from digitize.swatches import common_color, to_lab

Mask = NDArray[np.bool_]

#: A frame stands within so many text heights around the names and samples.
_REACH = 3.0
#: A side is drawn over this share of the box's length.
_WHOLE = 0.9
#: Sides of a frame end at each other, where gridlines go on: most of the ways on beyond its corners, which begin and
#: end so many text heights behind them, are bare.
_ENDS, _BEYOND, _FURTHER = 0.7, 0.4, 0.9


def frame_around(rgb: Image, box: Box, text_height: float) -> Box:
    """The box grown to the frame that is drawn around it, itself where none is.

    A side of a frame is the nearest row or column, within some text heights, that differs from the ground over
    nine tenths of the box's length, and does not go on beyond the corners.
    """
    reach = (_REACH + _FURTHER) * text_height
    top, left = max(int(box.top - reach), 0), max(int(box.left - reach), 0)
    bottom, right = min(int(box.bottom + reach) + 1, rgb.shape[0]), min(int(box.right + reach) + 1, rgb.shape[1])
    part = rgb[top:bottom, left:right]
    if part.size == 0:
        return box
    distance = lengths(to_lab(part) - to_lab(np.array(common_color(part), dtype=np.uint8)))
    ink = distance > 4.0
    rows, columns = box.to_slices(rgb.shape)
    along_x = ink[:, max(columns.start - left, 0) : columns.stop - left].mean(1) > _WHOLE
    along_y = ink[max(rows.start - top, 0) : rows.stop - top].mean(0) > _WHOLE
    above, below = _sides(along_x, rows.start - top, rows.stop - top)
    before, behind = _sides(along_y, columns.start - left, columns.stop - left)
    if above is None or below is None or before is None or behind is None:
        return box
    ways = round(_BEYOND * text_height), round(_FURTHER * text_height) + 1
    goes_on = [
        *_go_on(ink, (above, below), (before, behind), ways),
        *_go_on(ink.T, (before, behind), (above, below), ways),
    ]
    if np.mean(goes_on) > 1 - _ENDS:
        return box
    return Box(float(left + before), float(top + above), float(left + behind + 1), float(top + below + 1))


def _sides(drawn: Mask, start: int, stop: int) -> tuple[int | None, int | None]:
    """The nearest drawn rows before `start` and from `stop` on."""
    before, behind = np.flatnonzero(drawn[:start]), np.flatnonzero(drawn[stop:])
    return (int(before[-1]) if len(before) else None), (int(behind[0]) + stop if len(behind) else None)


def _go_on(ink: Mask, rows: tuple[int, int], columns: tuple[int, int], ways: tuple[int, int]) -> list[bool]:
    """Whether what is drawn along two rows goes on beyond two columns, so many pixels behind them, on either side."""
    (before, behind), (near, far) = columns, ways
    sides = slice(max(before - far, 0), max(before - near, 0)), slice(behind + near + 1, behind + far + 1)
    return [bool(ink[row, side].size and ink[row, side].all()) for row in rows for side in sides]
