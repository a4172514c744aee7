"""Gridlines too faint to be told from noise one by one, found where the labels of an axis let expect them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.marks import edge_down
from digitize.model import Box, FloatArray, Image, Side

#: Lines are thinner than this, and lie no farther from the centres of their labels than the latter, in text heights.
_WIDEST, _ASIDE = 0.6, 0.5
#: What a pixel tells at most, in grey levels: curves are far stronger than faint lines, and shorter.
_MOST = 16.0
#: A line stands out from nine in ten of the places beside it so many times, and by this many grey levels.
_STANDS_OUT, _LEAST = 4.0, 1.0
#: Fewest labels that can tell a line from chance, and the share of them that have one, all equally far.
_FEWEST, _MOSTLY = 3, 0.8


def find_faint_lines(
    rgb: Image, box: Box, side: Side, centers: Sequence[float], text_height: float
) -> tuple[float, ...]:
    """Subpixel positions of lines across a plot area that stand by nearly all labels of a side, all equally far.

    A matched filter: the strength of a line is its mean over the whole plot area, and that of all lines together tells
    by how much they lie beside the labels.

    Parameters
    ----------
    rgb : (height, width, 3) uint8
    box : the plot area.
    side : where the labels stand.
    centers : of the labels, along the side.
    text_height : in pixels.

    Returns
    -------
    tuple of float
        Sorted; empty where fewer than three labels or not most of them have a line.
    """
    if len(centers) < _FEWEST:
        return ()
    found = [_beside(line, start, centers, text_height) for line, start in _profiles(rgb, box, side, text_height)]
    return max(found, default=(0.0, ()))[1]


def _profiles(rgb: Image, box: Box, side: Side, text_height: float) -> list[tuple[FloatArray, int]]:
    """How much each place along a side is darker, and lighter, than what lies beside it, and where the first one is.

    What is usual, as noise makes all places a little darker and lighter than those beside them, is nought.
    """
    pixels, low, high, edge = edge_down(rgb, box, side)
    depth = box.height if side in ("bottom", "top") else box.width
    rows = slice(max(round(edge - depth) + 2, 0), max(round(edge) - 2, 0))
    columns = slice(max(round(low), 0), max(round(high), 0))
    grey = np.asarray(pixels[rows, columns].mean(axis=2), np.uint8)
    if min(grey.shape, default=0) < 2 * text_height:
        return []
    window = np.ones((1, max(round(_WIDEST * text_height) | 1, 3)), np.uint8)
    ways = (cv2.MORPH_BLACKHAT, cv2.MORPH_TOPHAT)
    strengths: list[NDArray[np.uint8]] = [np.asarray(cv2.morphologyEx(grey, way, window), np.uint8) for way in ways]
    means = [np.minimum(s, _MOST).mean(axis=0) for s in strengths]
    return [(np.maximum(mean - np.median(mean), 0.0), columns.start) for mean in means]


def _beside(
    line: FloatArray, start: int, centers: Sequence[float], text_height: float
) -> tuple[float, tuple[float, ...]]:
    """How strong lines beside labels are in a profile that begins at `start`, and their positions; none where weak."""
    wide = np.maximum(np.maximum(line[:-2], line[1:-1]), line[2:])
    aside = np.arange(-_ASIDE * text_height, _ASIDE * text_height + 0.5, 0.5)
    places = np.rint(np.subtract.outer(np.array(centers) - start - 1.5, -aside)).astype(np.intp)
    within = (places >= 0) & (places < len(wide))
    strength = np.where(within, wide[np.clip(places, 0, len(wide) - 1)], 0.0)
    least = np.sort(strength, axis=0)[len(centers) - int(np.ceil(_MOSTLY * len(centers)))]
    best = int(np.argmax(least))
    if least[best] < max(_STANDS_OUT * float(np.quantile(line, 0.9)), _LEAST):
        return 0.0, ()
    chosen = places[strength[:, best] >= least[best] / 2, best] + 1
    return float(least[best]), tuple(sorted(_middle(line, int(place)) + start for place in chosen))


def _middle(line: FloatArray, place: int) -> float:
    """The subpixel middle of the line nearest to a place of a profile, in pixel edges."""
    first, last = max(place - 2, 0), min(place + 3, len(line))
    weight = line[first:last] ** 2
    return float((np.arange(first, last) + 0.5) @ weight / weight.sum())
