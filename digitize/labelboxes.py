"""Plot areas told by their labels alone: a column of tick labels and the row of tick labels beneath it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.anchors import turned
from digitize.marks import mark_reach
from digitize.model import Box, Color, Picture, Side, Word
from digitize.tickrows import find_runs
from digitize.ticktext import reads_as_tick

#: A plot area without an axis line begins this far from its labels, in text heights, where no tick mark tells.
_BESIDE_LABELS = 1.0
#: Pixels that tell the commonest colour of a plot area.
_SAMPLES = 20_000
#: A pixel that differs from the background by this many grey levels in some channel is ink.
_INK = 40
_Y_SIDES: tuple[Side, Side] = ("left", "right")


def boxes_from_labels(picture: Picture, words: Sequence[Word], height: float, smallest: float) -> list[Box]:
    """Rectangles spanned by a column of tick labels and the row of tick labels beneath it."""
    rows = [*find_runs(words, "bottom", height), *_rows_of_names(words, height)]
    found = []
    for side in _Y_SIDES:
        for column in find_runs(words, side, height):
            low, high = min(w.box.center[1] for w in column), max(w.box.center[1] for w in column)
            for row in rows:
                top = float(np.median([w.box.top for w in row]))
                first, last = min(w.box.center[0] for w in row), max(w.box.center[0] for w in row)
                edge = max(w.box.right for w in column) if side == "left" else min(w.box.left for w in column)
                beside = first - edge if side == "left" else edge - last
                # The label at either end may not have been read.
                down, along = _step(column, "left"), _step(row, "bottom")
                if not -1.5 * height <= top - high <= max(5 * height, 1.5 * down):
                    continue
                if not -height <= beside <= max(8 * height, 1.5 * along):
                    continue
                foot = high + down if high + down <= top - 2 else high
                left, right = (max(first, edge + 2), last) if side == "left" else (first, min(last, edge - 2))
                limit = Box(edge + 2, low - 4 * height, last + (last - first), top - 2)
                box = _grown_to_ink(picture, Box(left, low, right, min(foot, top - 2)), limit, words)
                box = _up_to_labels(picture, box, column, side, height)
                if min(box.width, box.height) >= smallest:
                    found.append(box)
    return found


def _rows_of_names(words: Sequence[Word], height: float) -> list[tuple[Word, ...]]:
    """Rows of at least three words that stand evenly and are no numbers: names of categories."""
    names = sorted((w for w in words if w.angle == 0 and not reads_as_tick(w)), key=lambda w: w.box.center[1])
    levels = np.array([w.box.center[1] for w in names])
    rows = []
    for part in np.split(np.arange(len(names)), np.flatnonzero(np.diff(levels) > 0.35 * height) + 1):
        row = sorted((names[k] for k in part), key=lambda w: w.box.center[0])
        steps = np.diff([w.box.center[0] for w in row])
        if len(row) >= 3 and np.ptp(steps) <= 0.1 * float(np.mean(steps)):
            rows.append(tuple(row))
    return rows


def _up_to_labels(picture: Picture, box: Box, column: Sequence[Word], side: Side, height: float) -> Box:
    """The box with its bare margin beside the column of labels: as far as their tick marks reach, or near to them."""
    edge = max(w.box.right for w in column) if side == "left" else min(w.box.left for w in column)
    if (box.left - edge if side == "left" else edge - box.right) <= 2 * height:
        return box
    outer = box._replace(left=edge) if side == "left" else box._replace(right=edge)
    marks = [mark_reach(picture.rgb, outer, side, w.box.center[1], 2 * height) for w in column]
    if 2 * np.count_nonzero(marks) >= len(marks):
        reach = float(np.median([m for m in marks if m]))
    elif side == "left":
        reach = _BESIDE_LABELS * height
    else:
        # Labels on the right without marks are those of the next panel.
        return box
    return box._replace(left=edge + reach) if side == "left" else box._replace(right=edge - reach)


def _step(run: Sequence[Word], side: Side) -> float:
    """The usual distance of labels along a side."""
    places = [turned(w.box, side) for w in run]
    return float(np.median(np.diff(np.sort([place.left + place.right for place in places])))) / 2


def _grown_to_ink(picture: Picture, box: Box, limit: Box, words: Sequence[Word]) -> Box:
    """The box with each side moved out, not past the limit, as long as there is ink along it that is no text."""
    window = box.union(limit).intersection(picture.box)
    rows, columns = window.to_slices(picture.rgb.shape)
    y, x = rows.start, columns.start
    ground = np.array(background_of(picture, box), float)
    inked = np.asarray(cv2.inRange(picture.rgb[rows, columns], ground - _INK, ground + _INK)) == 0
    for word in words:
        left, top, right, bottom = word.box.grown(1)
        inked[Box(left - x, top - y, right - x, bottom - y).to_slices(inked.shape)] = False
    left, top, right, bottom = (int(v) for v in (box.left - x, box.top - y, box.right - x, box.bottom - y))
    far = (limit.left - x, limit.top - y, limit.right - x, limit.bottom - y)
    # Twice, since what lies beside the box may run on above or beneath it.
    for _ in range(2):
        down = inked[:, max(left, 0) : max(right, 0)].any(axis=1)
        top = _run_out(down, top, int(min(far[1], top)), -1)
        bottom = _run_out(down, bottom, int(max(far[3], bottom)), 1)
        across = inked[max(top, 0) : max(bottom, 0)].any(axis=0)
        left = _run_out(across, left, int(min(far[0], left)), -1)
        right = _run_out(across, right, int(max(far[2], right)), 1)
    return Box(float(left + x), float(top + y), float(right + x), float(bottom + y))


def _run_out(inked: NDArray[np.bool_], start: int, limit: int, step: int) -> int:
    """The last place from `start` on, in the direction of `step`, up to which ink goes without a break."""
    limit = min(max(limit, 0), len(inked))
    place = start
    while place != limit and 0 <= place + min(step, 0) < len(inked) and inked[place + min(step, 0)]:
        place += step
    return place


def background_of(picture: Picture, box: Box) -> Color:
    """The commonest colour inside a box."""
    inner = picture.rgb[box.grown(-1).to_slices(picture.rgb.shape)]
    if not inner.size:
        return (255, 255, 255)
    step = max(math.isqrt(inner.size // 3 // _SAMPLES), 1)
    coded = inner[::step, ::step].reshape(-1, 3) @ np.array([65536, 256, 1], np.int32)
    values, counts = np.unique(coded, return_counts=True)
    common = int(values[np.argmax(counts)])
    return common >> 16, (common >> 8) & 255, common & 255
