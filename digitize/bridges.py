"""Bridges: the likeliest course of a curve where other ink hides it.

A curve that vanishes beneath other ink runs on somewhere beneath it. Its course is the cheapest path over the pixels
from where it was lost to where it comes back, where hidden pixels cost little, bare ones much, and each step up or
down as much as one along; solved column by column (dynamic programming, two sweeps a column for vertical moves).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32
from digitize.model import FloatArray
from digitize.palette import Mask

#: Cost of a bare pixel, of a hidden one in the middle of other ink, and what its edge costs besides.
_BARE, _HIDDEN, _EDGE = 3.0, 0.04, 0.1
#: Cost of a pixel up or down, besides that of the pixel passed.
_RISE = 0.03
#: Columns beyond which the edge of other ink makes no difference.
_FAR = 40


@dataclass(frozen=True, kw_only=True, eq=False)
class Bridge:
    """A course of one row a column from `first` on, the share of it that was hidden, and by how much it missed."""

    first: int
    rows: FloatArray
    hidden: float
    missed: float


class Terrain:
    """What it costs a curve to pass each pixel unseen."""

    def __init__(self, hidden: Mask, coverage: Float32) -> None:
        self._hidden = hidden | (coverage > 0.15)

    def _cost(self, columns: NDArray[np.int64]) -> NDArray[Any]:
        """What each pixel of some columns (n,), one beside the other, costs, (n, h)."""
        first = max(int(columns.min()) - _FAR, 0)
        near = self._hidden[:, first : int(columns.max()) + _FAR + 1].astype(np.uint8)
        depth = cv2.distanceTransform(near, cv2.DIST_L2, 3)[:, columns - first].T
        edge = _EDGE / np.minimum(np.maximum(depth, 1.0), 1e3) ** 2
        return np.ascontiguousarray(np.where(self._hidden[:, columns].T, _HIDDEN + edge, _BARE))

    def bridge(self, start: tuple[float, float], end: tuple[int, float | None]) -> Bridge | None:
        """The cheapest course between two columns, both excluded; with the last row None the end is free.

        Parameters
        ----------
        start : column and row where the curve was lost.
        end : column and row where it comes back, to the right or to the left of `start`.
        """
        column, row = round(start[0]), start[1]
        step = 1 if end[0] > column else -1
        columns = np.arange(column + step, end[0], step)
        columns = columns[(columns >= 0) & (columns < self._hidden.shape[1])]
        if not len(columns):
            return None
        cost = self._cost(columns)
        climb = np.cumsum(cost + _RISE, axis=1).astype(np.float64)
        height = cost.shape[1]
        arrive = np.full((len(columns) + 1, height), np.inf)
        arrive[0, min(max(int(row), 0), height - 1)] = 0.0
        for k in range(len(columns)):
            arrive[k + 1] = _vertical(arrive[k] + cost[k], climb[k])
        beside = 0.0 if end[1] is None else np.maximum(np.abs(np.arange(height) + 0.5 - end[1]) - 1, 0)
        last = int(np.argmin(arrive[-1] + (_BARE + _RISE) * beside))
        rows = self._retrace(arrive, cost, climb, last)
        missed = 0.0 if end[1] is None else abs(last + 0.5 - end[1])
        hidden = float(self._hidden[np.clip(np.floor(rows).astype(int), 0, height - 1), columns].mean())
        smooth = _smooth(rows)
        return Bridge(first=int(min(columns[0], columns[-1])), rows=smooth[::step], hidden=hidden, missed=missed)

    @staticmethod
    def _retrace(arrive: FloatArray, cost: FloatArray, climb: FloatArray, last: int) -> FloatArray:
        """Back along the cheapest moves; the row of a column is the middle of the rows passed in it."""
        rows = np.empty(len(cost))
        row = last
        for k in range(len(rows) - 1, -1, -1):
            up = np.abs(climb[k] - climb[k, row])
            entry = int(np.argmin(arrive[k] + cost[k] + up))
            rows[k] = (row + entry) / 2 + 0.5
            row = entry
        return rows


def _vertical(values: FloatArray, climb: FloatArray) -> FloatArray:
    """The cheapest way to each row of a column after entering it anywhere; `climb` adds up what the way down costs."""
    down = np.minimum.accumulate(values - climb) + climb
    up = np.minimum.accumulate((values + climb)[::-1])[::-1] - climb
    return np.asarray(np.minimum(down, up))


def _smooth(rows: FloatArray) -> FloatArray:
    """Rows without the stairs of whole pixels."""
    if len(rows) < 5:
        return rows
    padded = np.concatenate([[rows[0]] * 2, rows, [rows[-1]] * 2])
    return np.convolve(padded, np.full(5, 0.2), mode="valid")
