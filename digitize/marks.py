"""Tick marks: short strokes that stand on an edge of a plot area."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.color import largest_step
from digitize.medians import quantile, row_median
from digitize.model import Box, Image, Side

#: Least difference in grey levels between a tick mark and its ground.
_CONTRAST = 12.0
#: The same where text stands beside it, which lossy compression smears.
_CLEAR_CONTRAST = 36.0
#: Labels that run into each other reach over this share of a side, with so many gaps between letters.
_NEARLY_ALL, _LETTERS = 0.8, 6


def find_marks(
    rgb: Image, box: Box, side: Side, text_height: float, frame_px: float = 1.0, room_px: float = math.inf
) -> tuple[float, ...]:
    """Subpixel positions, along one side of a box, of the tick marks that stand on it.

    Outward marks are looked for first; inward ones are believed only where outward ones are missing, since data may
    touch the edge from inside.

    Parameters
    ----------
    rgb : (height, width, 3) uint8
    box : the plot area.
    side : the edge.
    text_height : in pixels.
    frame_px : width of the stroke drawn along the edge.
    room_px : how far outward of the edge the labels begin; where they leave no room, marks are inward or none.
    """
    pixels, low, high, edge = edge_down(rgb, box, side)
    depth = max(round(0.22 * text_height), 2)
    skip = frame_px / 2 + 0.75
    outward: tuple[float, ...] = ()
    if round(edge + skip) + depth <= edge + room_px + 0.5:
        outward = _strip_marks(pixels, low, high, round(edge + skip), depth, text_height)
    if len(outward) >= 2:
        return outward
    inward = _strip_marks(pixels, low, high, round(edge - skip) - depth, depth, text_height)
    return inward if len(inward) >= 3 else outward


def mark_end(rgb: Image, box: Box, side: Side, at_px: float, frame_px: float = 1.0) -> float:
    """How far the tick mark at one place of an edge reaches outward of it, in pixels; 0 where there is none.

    Parameters
    ----------
    rgb, box, side, frame_px : as in `find_marks`.
    at_px : the place along the edge; the mark may lie a pixel beside it.
    """
    pixels, _, _, edge = edge_down(rgb, box, side)
    first = round(edge + frame_px / 2 + 0.75)
    columns = slice(max(int(at_px) - 1, 0), int(at_px) + 2)
    beside = pixels[first:, columns].astype(np.int16)
    if first < 0 or not beside.size:
        return 0.0
    # The ground is told by the whole strip along the edge, most of which is bare.
    ground = row_median(pixels[first : first + 2, :].reshape(-1, 3))
    inked = np.any(largest_step(beside - ground) > _CONTRAST, axis=1)
    bare = np.flatnonzero(~inked)
    length = int(bare[0]) if len(bare) else len(inked)
    return first + length - edge if length else 0.0


def has_label_ink(rgb: Image, box: Box, side: Side, text_height: float, others: Sequence[Box] = ()) -> bool:
    """Whether ink stands off one side of a box as labels do: in at least three places over half of its length.

    Labels that run into each other stand in one place, as many letters over nearly all of it.

    Parameters
    ----------
    rgb, box, side, text_height : as in `find_marks`.
    others : boxes that are left out: what stands in them is data.
    """
    pixels, low, high, edge = edge_down(rgb, box, side)
    # Behind the tick marks, where labels are.
    first, last = round(edge + 0.7 * text_height), round(edge + 2.2 * text_height)
    start, end = max(round(low - text_height), 0), round(high + text_height)
    strip = pixels[max(first, 0) : last, start:end]
    bare = np.ones(rgb.shape[:2], bool)
    for other in others:
        bare[other.grown(0.5 * text_height).to_slices(bare.shape)] = False
    bare_strip = edge_down(bare[..., None], box, side)[0][max(first, 0) : last, start:end, 0]
    if strip.size == 0 or not bare_strip.any():
        return False
    ground = row_median(strip[bare_strip])
    inked = (largest_step(strip - ground) > _CLEAR_CONTRAST) & bare_strip
    places = np.flatnonzero(inked.any(axis=0))
    if len(places) < 3 or np.ptp(places) < 0.5 * (high - low):
        return False
    apart = np.diff(places)
    run_together = np.ptp(places) >= _NEARLY_ALL * (high - low) and np.count_nonzero(apart > 1) >= _LETTERS
    return bool(np.count_nonzero(apart > text_height) >= 2 or run_together)


def mark_reach(rgb: Image, box: Box, side: Side, at_px: float, farthest_px: float) -> float:
    """How far inward of an edge the tick mark at one place of it ends, in pixels; 0 where there is none.

    Parameters
    ----------
    rgb, side : as in `find_marks`.
    box : a box whose edge runs between the labels and their tick marks.
    at_px : the place along the edge; the mark may lie a pixel beside it.
    farthest_px : where a mark ends at the farthest; what runs on is a gridline or a curve.
    """
    pixels, _, _, edge = edge_down(rgb, box, side)
    # The soft edge of the labels themselves is no mark.
    first, last = round(edge) - round(farthest_px), round(edge) - 2
    columns = slice(max(int(at_px) - 1, 0), int(at_px) + 2)
    if first < 0 or not pixels[first:last, columns].size:
        return 0.0
    ground = row_median(pixels[first:last, :].reshape(-1, 3))
    beside = pixels[first:last, columns].astype(np.int16)
    inked = np.any(largest_step(beside - ground) > _CLEAR_CONTRAST, axis=1)
    if not inked.any():
        return 0.0
    # Curves may begin a little farther inward than the mark that is nearest to the label.
    bare = np.flatnonzero(~inked[: np.flatnonzero(inked)[-1]])
    return float(edge - first - bare[-1] - 1) if len(bare) else 0.0


def edge_down(rgb: NDArray[Any], box: Box, side: Side) -> tuple[NDArray[Any], float, float, float]:
    """The picture turned so that `side` looks down, the ends of the edge and where it lies."""
    height, width = rgb.shape[:2]
    if side == "bottom":
        return rgb, box.left, box.right, box.bottom
    if side == "top":
        return rgb[::-1], box.left, box.right, height - box.top
    if side == "right":
        return rgb.transpose(1, 0, 2), box.top, box.bottom, box.right
    return rgb.transpose(1, 0, 2)[::-1], box.top, box.bottom, width - box.left


def _strip_marks(
    pixels: NDArray[np.uint8], low: float, high: float, first: int, depth: int, text_height: float
) -> tuple[float, ...]:
    """Positions where all rows of a strip differ from its ground over a narrow run of columns."""
    start, end = max(int(low) - 2, 0), min(int(np.ceil(high)) + 3, pixels.shape[1])
    if first < 0 or first + depth > pixels.shape[0] or end - start < 3:
        return ()
    strip = pixels[first : first + depth, start:end].astype(np.float64)
    ground = row_median(strip.reshape(-1, 3))
    contrast = largest_step(strip - ground).min(axis=0)
    if not (contrast > _CONTRAST).any():
        return ()
    inked = contrast > max(_CONTRAST, 0.25 * quantile(contrast[contrast > _CONTRAST], 0.9))
    edges = np.diff(np.pad(inked.astype(np.int8), 1))
    found = []
    for begin, stop in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
        if stop - begin <= max(0.4 * text_height, 3):
            left, right = max(int(begin) - 1, 0), min(int(stop) + 1, len(contrast))
            columns = np.arange(left, right) + start + 0.5
            found.append(float((columns * contrast[left:right]).sum() / contrast[left:right].sum()))
    return tuple(found)
