"""Imagery: heat maps, photographs and other pictures between axes, told from charts by their want of a ground."""

from __future__ import annotations

import math

import numpy as np

from digitize.color import lengths, to_lab
from digitize.model import Image

#: Pixels that are looked at.
_SAMPLES = 20_000
#: Side of the cells, in CIELAB, that colours are counted in.
_CELL = 12.0
#: A chart's commonest colour, give or take a cell, fills at least this share of it: its ground.
_GROUND = 0.25
#: What shows fewer colours than this in its greater part is a chart filled with areas or bars.
_COLOURS, _GREATER_PART = 9, 0.8


def is_imagery(rgb: Image) -> bool:
    """Whether a plot area, shape (height, width, 3), holds a heat map or a photograph: many colours and no ground."""
    step = max(math.isqrt(rgb.size // 3 // _SAMPLES), 1)
    lab = to_lab(rgb[::step, ::step].reshape(-1, 3))
    cell = np.floor(lab / _CELL).astype(np.int64)
    # one number a cell: no coordinate of CIELAB is as great as 32 cells
    numbers, first, counts = np.unique(cell @ [4096, 64, 1], return_index=True, return_counts=True)
    if len(numbers) < _COLOURS:
        return False
    commonest = (cell[first[np.argmax(counts)]] + 0.5) * _CELL
    ground = float((lengths(lab - commonest) <= 1.25 * _CELL).mean())
    filled = np.cumsum(np.sort(counts)[::-1]) / counts.sum()
    colours = int(np.searchsorted(filled, _GREATER_PART)) + 1
    return ground < _GROUND and colours >= _COLOURS
