"""Restoring: what lossy compression left in a picture is taken out before it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.engines.restoration import restoration_network
from digitize.model import Box, Image, Picture

#: Least step between neighbouring pixels at the edge of a stroke, in levels of 255, and greatest that ringing leaves.
_EDGE, _SLIGHT = 40, 12
#: Ringing is looked for between so many pixels from an edge, where drawing alone leaves nothing, and so many.
_BEYOND, _WITHIN = 3, 8
#: Share of the pixels there that differ slightly from a neighbour, from which on a picture counts as damaged.
_RINGING = 0.10
#: What lies so many pixels about a plot area shows whether curves go on there.
_AROUND = 16


def restore(picture: Picture, areas: Sequence[Box] = ()) -> Picture:
    """The picture without compression artefacts; the picture itself where it shows none.

    Its pixels before remain in `given`, for what is shown to people.

    Parameters
    ----------
    picture : the picture as it was opened.
    areas : the plot areas, where nothing else is to be read; that takes the less time.
    """
    if not _is_damaged(picture.rgb):
        return picture
    restored = restoration_network().restore(picture.rgb, [area.grown(_AROUND) for area in areas])
    note = "what compression left beside strokes was taken out before reading"
    return replace(picture, rgb=restored, given=picture.rgb, notes=(*picture.notes, note))


def _is_damaged(rgb: Image) -> bool:
    """Whether what lies beside the strokes is uneven, as where the codes of blocks ring around edges."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    across, down = cv2.absdiff(grey[:-1, 1:], grey[:-1, :-1]), cv2.absdiff(grey[1:, :-1], grey[:-1, :-1])
    step = cv2.max(across, down)
    edges = np.asarray(cv2.threshold(step, _EDGE, 255, cv2.THRESH_BINARY)[1], np.uint8)
    beside = cv2.subtract(_widened(edges, _WITHIN), _widened(edges, _BEYOND))
    slight = cv2.bitwise_and(cv2.inRange(step, 1, _SLIGHT), beside)
    return bool(cv2.countNonZero(slight) > _RINGING * cv2.countNonZero(beside))


def _widened(mask: NDArray[np.uint8], by: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.dilate(mask, np.ones((2 * by + 1, 2 * by + 1), np.uint8)), np.uint8)
