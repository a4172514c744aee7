"""Rectangles filled with one colour, as plot areas often are."""

from __future__ import annotations

import math

import cv2
import numpy as np

from digitize.medians import row_median
from digitize.model import Box, Image

#: Pixels this near to a colour in every channel have it, in grey levels; compression leaves such differences.
_LIKE = 4
#: How many of a picture's commonest colours are looked at, and the least share of its pixels that each has.
_COLORS, _LEAST = 5, 0.03
#: Least share of a rectangle, and of each of its sides, that shows the colour; the rest is covered by what is drawn.
_FILLED, _EDGE = 0.4, 0.5
#: What noise leaves along a rectangle's sides is no wider than this share of its lesser side.
_RAGGED = 0.04
#: Pixels at a rectangle's sides have its colour where they differ from it by less than this share of what lies around.
_NEARER = 0.4
_SAMPLES = 40_000


def find_fills(rgb: Image, text_height: float, smallest_px: float) -> list[Box]:
    """Upright rectangles of one colour, lines and text in them notwithstanding.

    Parameters
    ----------
    rgb : (height, width, 3) uint8
    text_height : in pixels; strokes much thinner than it do not cut a rectangle.
    smallest_px : least width and height.
    """
    cell = max(round(0.3 * text_height), 2)
    found = []
    for color in _common_colors(rgb):
        low, high = (tuple(min(max(c + by, 0), 255) for c in color) for by in (-_LIKE, _LIKE))
        mask = np.asarray(cv2.inRange(rgb, low, high), np.uint8)
        # A cell belongs to the fill where a good part of it does, so that thin lines do not cut it; the closing bridges
        # curves, and not the gaps between neighbouring plot areas.
        share = cv2.resize(mask, None, fx=1 / cell, fy=1 / cell, interpolation=cv2.INTER_AREA)
        coarse = (np.pad(share, 1) > 0.25 * 255).astype(np.uint8)
        coarse = np.asarray(cv2.morphologyEx(coarse, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(coarse[1:-1, 1:-1], connectivity=4)
        for left, top, width, height, area in stats[1:].tolist():
            if min(width, height) * cell < smallest_px or area < _FILLED * width * height:
                continue
            rough = Box(left * cell, top * cell, (left + width) * cell, (top + height) * cell)
            box = _trimmed(rgb, color, rough, cell)
            if box is not None and not _is_ground(box, rgb.shape):
                found.append(box)
    return found


def _common_colors(rgb: Image) -> list[tuple[int, ...]]:
    step = max(math.isqrt(rgb.shape[0] * rgb.shape[1] // _SAMPLES), 1)
    pixels = rgb[::step, ::step].reshape(-1, 3) @ np.array([65536, 256, 1], np.int32)
    values, counts = np.unique(pixels, return_counts=True)
    order = np.argsort(-counts)[:_COLORS]
    common = values[order][counts[order] >= _LEAST * len(pixels)].tolist()
    return [(code >> 16, code >> 8 & 255, code & 255) for code in common]


def _trimmed(rgb: Image, color: tuple[int, ...], rough: Box, cell: int) -> Box | None:
    """The rectangle to the pixel, None where a side of it is ragged."""
    rows, columns = rough.grown(cell).to_slices(rgb.shape[:2])
    piece = rgb[rows, columns]
    rim = np.concatenate([piece[0], piece[-1], piece[:, 0], piece[:, -1]])
    # Lossy compression smears the strokes along the sides: what is nearer to the colour than to what lies around is it.
    like = max(_LIKE, _NEARER * float(np.abs(row_median(rim) - color).max()))
    low, high = (np.clip(np.array(color) + by, 0, 255) for by in (-like, like))
    inked = np.asarray(cv2.inRange(piece, low, high)) > 0
    inner_rows, inner_columns = inked.any(axis=1), inked.any(axis=0)
    across = np.count_nonzero(inked[inner_rows], axis=0) / max(np.count_nonzero(inner_rows), 1)
    down = np.count_nonzero(inked[:, inner_columns], axis=1) / max(np.count_nonzero(inner_columns), 1)
    x, y = np.flatnonzero(across >= _EDGE), np.flatnonzero(down >= _EDGE)
    if not len(x) or not len(y):
        return None
    box = Box(columns.start + x[0], rows.start + y[0], columns.start + x[-1] + 1, rows.start + y[-1] + 1)
    most = max(2 * cell, _RAGGED * min(rough.width, rough.height))
    ragged = max(abs(a - b) for a, b in zip(box, rough, strict=True)) > most
    return None if ragged else Box(*(float(v) for v in box))


def _is_ground(box: Box, shape: tuple[int, ...]) -> bool:
    """Whether a rectangle reaches the picture's rim on three sides: the page itself, or a bar along its side."""
    return (box.left <= 1) + (box.top <= 1) + (box.right >= shape[1] - 1) + (box.bottom >= shape[0] - 1) >= 3
