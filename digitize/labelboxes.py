"""Plot areas told by their labels alone: a column of tick labels and the row of tick labels beneath it."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.anchors import label_place, turned, turned_back
from digitize.marks import mark_reach
from digitize.medians import median
from digitize.model import Box, Color, Picture, Rule, Side, Word
from digitize.tickrows import find_runs, lines_of, may_ascend
from digitize.ticktext import reads_as_tick

#: A plot area without an axis line begins this far from its labels, in text heights, where no tick mark tells.
_BESIDE_LABELS = 1.0
#: Bare margins up to this wide, in text heights, are left between a box and its labels; tick marks are no longer.
_BARE = 2.0
#: An axis line begins this near to the labels beside it, in text heights.
_LINE_BESIDE = 3.0
#: A gap between labels of more usual ones than this may part two axes.
_FAR = 1.6
#: So many labels above each other are a y axis.
_LONG_COLUMN = 4
#: Pixels that tell the commonest colour of a plot area.
_SAMPLES = 20_000
#: A pixel that differs from the background by this many grey levels in some channel is ink.
_INK = 40
_Y_SIDES: tuple[Side, Side] = ("left", "right")


def boxes_from_labels(
    picture: Picture, words: Sequence[Word], rules: Sequence[Rule], height: float, smallest: float
) -> list[Box]:
    """Rectangles spanned by a column of tick labels and the row of tick labels beneath it.

    Parameters
    ----------
    picture, words : the picture and what was read in it.
    rules : straight strokes, of which axis lines speak for labels that are but two.
    height : usual height of text in pixels.
    smallest : least width and height of a rectangle in pixels.
    """
    rows = [*_label_rows(picture, words, rules, "bottom", height), *_rows_of_names(words, height)]
    pairs = _pairs(words, find_runs(words, "bottom", height), "bottom", height)
    found = []
    for side in _Y_SIDES:
        for column in _label_rows(picture, words, rules, side, height):
            # A long column needs no mark to tell that two labels stand beneath it.
            beneath = [*rows, *pairs] if len(column) >= _LONG_COLUMN else rows
            boxes = (_spanned(picture, words, column, row, side, height) for row in beneath)
            found += [box for box in boxes if box is not None and min(box.width, box.height) >= smallest]
    return found


def boxes_on_lines(
    picture: Picture, words: Sequence[Word], rules: Sequence[Rule], height: float, smallest: float
) -> list[Box]:
    """Rectangles between a column of tick labels and an axis line that begins beneath it and has no labels of its own.

    Parameters
    ----------
    picture, words, rules, height, smallest : as in `boxes_from_labels`.
    """
    labels = [w.box for run in find_runs(words, "bottom", height) for w in run]

    def is_bare(line: Rule) -> bool:
        return not any(
            0 < box.top - line.position_px <= 4 * height and line.start_px <= box.center[0] <= line.end_px
            for box in labels
        )

    level = [r for r in rules if r.orientation == "horizontal" and r.length_px >= smallest and is_bare(r)]
    found = []
    for column in find_runs(words, "left", height):
        low, high = min(w.box.center[1] for w in column), max(w.box.center[1] for w in column)
        edge, down = max(w.box.right for w in column), _step(column, "left")
        for line in level:
            beneath = -0.5 * height <= line.position_px - high <= max(down, height)
            if (
                beneath
                and -height <= line.start_px - edge <= _LINE_BESIDE * height
                and line.position_px - low >= smallest
            ):
                box = Box(line.start_px, low, line.end_px, line.position_px)
                limit = box._replace(top=low - max(4 * height, down - height))
                top = _grown_to_ink(picture, box.grown(-1), limit, words).top
                found.append(box._replace(top=min(top, low)))
    return found


def _spanned(
    picture: Picture, words: Sequence[Word], column: Sequence[Word], row: Sequence[Word], side: Side, height: float
) -> Box | None:
    """The rectangle between a column of labels on one side and a row of labels, None where these do not stand so."""
    low, high = min(w.box.center[1] for w in column), max(w.box.center[1] for w in column)
    top = statistics.median([w.box.top for w in row])
    first, last = min(w.box.center[0] for w in row), max(w.box.center[0] for w in row)
    edge = max(w.box.right for w in column) if side == "left" else min(w.box.left for w in column)
    beside = first - edge if side == "left" else edge - last
    # The label at either end may not have been read.
    down, along = _step(column, "left"), _step(row, "bottom")
    if not -1.5 * height <= top - high <= max(5 * height, 1.5 * down):
        return None
    if not -height <= beside <= max(8 * height, 1.5 * along):
        return None
    foot = high + down if high + down <= top - 2 else high
    left, right = (max(first, edge + 2), last) if side == "left" else (first, min(last, edge - 2))
    # Another whole step would have its label.
    limit = Box(edge + 2, low - max(4 * height, down - height), last + (last - first), top - 2)
    box = _grown_to_ink(picture, Box(left, low, right, min(foot, top - 2)), limit, words)
    box = _up_to_labels(picture, box, column, side, height)
    return _up_to_labels(picture, box, row, "bottom", height)


def _label_rows(
    picture: Picture, words: Sequence[Word], rules: Sequence[Rule], side: Side, height: float
) -> list[tuple[Word, ...]]:
    """Tick labels in line along one side of a plot area: runs, also without what lies far off, and marked pairs."""
    runs = find_runs(words, side, height)
    parts = [part for run in runs for part in _without_far(run, side)]
    return [*runs, *parts, *_marked_pairs(picture, words, runs, rules, side, height)]


def _without_far(run: tuple[Word, ...], side: Side) -> list[tuple[Word, ...]]:
    """The parts of a run on both sides of gaps far wider than usual: a label of another axis may agree by chance."""
    places = [label_place(w, side) for w in run]
    gaps = np.diff([(place.left + place.right) / 2 for place in places])
    cuts = [0, *(np.flatnonzero(gaps > _FAR * median(gaps)) + 1).tolist(), len(run)]
    parts = [run[a:b] for a, b in itertools.pairwise(cuts)] if len(cuts) > 2 else []
    return [part for part in parts if len(part) >= 3]


def _marked_pairs(
    picture: Picture,
    words: Sequence[Word],
    runs: Sequence[Sequence[Word]],
    rules: Sequence[Rule],
    side: Side,
    height: float,
) -> list[tuple[Word, ...]]:
    """Two labels in line, part of no run, each beside its tick mark or both beside an axis line."""

    def is_marked(pair: tuple[Word, ...]) -> bool:
        first, second = (label_place(w, side) for w in pair)
        return _is_marked(picture, (first, second), rules, side, height)

    return [pair for pair in _pairs(words, runs, side, height) if is_marked(pair)]


def _pairs(words: Sequence[Word], runs: Sequence[Sequence[Word]], side: Side, height: float) -> list[tuple[Word, ...]]:
    """Two labels in line, part of no run, whose values ascend.

    What stands in line with them is farther off, or of a run: else they are cells of a table.
    """
    taken = {id(w) for run in runs for w in run}
    pairs: list[tuple[Word, ...]] = []
    for group in lines_of([(label_place(w, side), w) for w in words if reads_as_tick(w)], height):
        at = np.array([(place.left + place.right) / 2 for place, _ in group])
        gaps = np.diff(at, prepend=-math.inf, append=math.inf)
        of_run = [id(w) in taken for _, w in group]
        least = [_FAR, *(1.0 if run else _FAR for run in of_run), _FAR]
        for k, ((_, first), (_, second)) in enumerate(itertools.pairwise(group)):
            ascending = (second, first) if side in _Y_SIDES else (first, second)
            alone = gaps[k] > least[k] * gaps[k + 1] and gaps[k + 2] > least[k + 3] * gaps[k + 1]
            if alone and not of_run[k] and not of_run[k + 1] and may_ascend(*ascending):
                pairs.append((first, second))
    return pairs


def _is_marked(picture: Picture, places: tuple[Box, Box], rules: Sequence[Rule], side: Side, height: float) -> bool:
    """Whether two labels stand each beside a tick mark, or both beside a stroke from one to the other."""
    near = min(place.top for place in places)
    first, last = ((place.left + place.right) / 2 for place in places)
    edge = turned_back(Box(first, near - _BARE * height, last, near), side)
    if all(mark_reach(picture.rgb, edge, side, at, _BARE * height) for at in (first, last)):
        return True
    along = "vertical" if side in _Y_SIDES else "horizontal"
    level = turned_back(Box(0, near, 0, near), side)
    at = level.left if side in _Y_SIDES else level.top
    slack = 0.5 * height
    return any(
        r.orientation == along and abs(r.position_px - at) <= _BARE * height
        and r.start_px <= first + slack and r.end_px >= last - slack
        for r in rules
    )  # fmt: skip


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


def _up_to_labels(picture: Picture, box: Box, labels: Sequence[Word], side: Side, height: float) -> Box:
    """The box with its bare margin beside a row of labels: as far as their tick marks reach, or near to them."""
    places = [label_place(w, side) for w in labels]
    edge = turned(box, side)
    near = min(place.top for place in places)
    if near - edge.bottom <= _BARE * height:
        return box
    outer = turned_back(edge._replace(bottom=near), side)
    marks = [mark_reach(picture.rgb, outer, side, (p.left + p.right) / 2, _BARE * height) for p in places]
    if 2 * np.count_nonzero(marks) >= len(marks):
        reach = median([m for m in marks if m])
    elif side != "right":
        reach = _BESIDE_LABELS * height
    else:
        # Labels on the right without marks are those of the next panel.
        return box
    return turned_back(edge._replace(bottom=near - reach), side)


def _step(run: Sequence[Word], side: Side) -> float:
    """The usual distance of labels along a side."""
    places = [turned(w.box, side) for w in run]
    return median(np.diff(np.sort([place.left + place.right for place in places]))) / 2


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
