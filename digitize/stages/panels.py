"""Panels: where data are drawn.

Gridlines, frame sides and axis lines of one panel share their ends; so strokes are grouped by their ends, and a group
of horizontal strokes that meets a group of vertical ones spans a rectangle. Of all rectangles those are plot areas
that have tick labels along their sides, or that stand in line with one that has (shared axes). Where no strokes are
drawn, a column of tick labels over a row of them spans the rectangle itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitize.anchors import label_place, turned, turned_back
from digitize.disputes import without_neighbours
from digitize.fills import find_fills
from digitize.labelboxes import background_of, boxes_from_labels, boxes_on_lines
from digitize.medians import median
from digitize.model import Box, Picture, PlotArea, Rule, Side, Word
from digitize.picturerules import find_picture_rules
from digitize.strokeboxes import boxes_from_strokes
from digitize.tables import is_table
from digitize.tickrows import LabelRow, RowFinder, find_runs
from digitize.ticktext import reads_as_tick

#: Smallest plot area, in text heights.
_SMALLEST = 4.0
#: Words smaller than this, in text heights, are pieces of strokes and markers that were read as letters.
_SPECK = 0.6
#: The line of an x axis lies and ends this near to where the labels let expect, in text heights.
_AXIS_LINE = 3.0
#: How often the strongest are chosen anew, without those that turned out to have no labels.
_MOST_ROUNDS = 4
#: What the sides of a filled rectangle count as, in strokes.
_SIDES_DRAWN = 4
#: This many labels in agreement leave no doubt; more say nothing more.
_MOST_TELLING = 8.0
#: Nor do more strokes than this, but that they decide between equals.
_MOST_TELLING_STROKES, _AMONG_EQUALS = 20, 500
#: How far a side may run on beyond its outermost labels, in steps between labels (one label may not have been read).
_MOST_BEYOND = 1.7
#: The middle of a label lies no farther beyond an edge than this, in text heights.
_BEYOND_EDGE = 0.6
#: Strokes that span a side begin and end this near to its ends, in text heights.
_SAME_ENDS = 1.2
#: One of three labels agrees by chance that stands so many times as far from the next as that from the third.
_STRAY_OF_THREE = 2.3
_SIDES: tuple[Side, ...] = ("left", "right", "bottom", "top")
_X_SIDES: tuple[Side, Side] = ("bottom", "top")
_Y_SIDES: tuple[Side, Side] = ("left", "right")
_OPPOSITE: dict[Side, Side] = {"left": "right", "right": "left", "bottom": "top", "top": "bottom"}


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """A rectangle that may be a plot area, with what speaks for it.

    `held` is the share of the labels along its axes that stand within its sides: a plot area cuts no axis.
    """

    box: Box
    strokes: int
    rows: dict[Side, LabelRow]
    held: float

    @property
    def has_x(self) -> bool:
        return "bottom" in self.rows or "top" in self.rows

    @property
    def has_y(self) -> bool:
        return "left" in self.rows or "right" in self.rows

    @property
    def score(self) -> float:
        worth = {side: _worth(row) * _coverage(row, side, self.box) for side, row in self.rows.items()}
        # Labels beneath and above say no more than those of one side.
        level = max(worth.get("bottom", 0.0), worth.get("top", 0.0))
        labels = level + worth.get("left", 0.0) + worth.get("right", 0.0)
        return self.held * (labels + min(self.strokes, _MOST_TELLING_STROKES) / 2 + self.strokes / _AMONG_EQUALS)


def _worth(row: LabelRow) -> float:
    """What a row of labels says for a plot area."""
    agreed = max(min(1.5 * row.consistent - 0.5 * row.readable, _MOST_TELLING), 0.0)
    return agreed + 0.5 * (row.count > 2) - abs(row.distance_px) / 1000


def _coverage(row: LabelRow, side: Side, box: Box) -> float:
    """How much of a side its labels cover, from 0 to 1: beyond the outermost ones there is less than a step to go."""
    places = np.sort([(place.left + place.right) / 2 for place in (label_place(w, side) for w in row.agreed)])
    if len(places) < 3:
        return 1.0
    edge, most = turned(box, side), _MOST_BEYOND * median(np.diff(places))
    bare = max(places[0] - edge.left - most, 0.0) + max(edge.right - places[-1] - most, 0.0)
    span = float(np.ptp(places))
    return float(span / max(span + bare, 1.0))


def find_panels(picture: Picture, words: Sequence[Word]) -> tuple[PlotArea, ...]:
    """Plot areas in reading order.

    Parameters
    ----------
    picture : the picture.
    words : everything that was recognised in it.
    """
    if not words:
        return ()
    height = text_height(words)
    words = [w for w in words if not 0 < w.height_px < _SPECK * height]
    rules = find_picture_rules(picture, height, hide=[w.box.grown(1) for w in words if w.confidence > 0.5])
    boxes = boxes_from_strokes(rules, height, _SMALLEST * height)
    boxes += [(box, _SIDES_DRAWN + _count_within(rules, box, height)) for box in _filled(picture, height)]
    labelled = boxes_from_labels(picture, words, rules, height, _SMALLEST * height)
    boxes += [(box, 0) for box in labelled]
    boxes += [(on_line, 1) for box in labelled if (on_line := _on_axis_line(box, rules, height)) is not None]
    boxes += [(box, 1) for box in boxes_on_lines(picture, words, rules, height, _SMALLEST * height)]
    candidates = _labelled(boxes, words, height)
    best = [candidate for candidate in _best(candidates, height) if not _is_table(candidate, words, height)]
    boxes_kept = zip(_stretched(best, words, height), best, strict=True)
    areas = [_area(picture, _onto_its_lines(box, own.rows, rules, height), rules, height) for box, own in boxes_kept]
    return tuple(sorted(areas, key=lambda a: (round(a.box.top / (4 * height)), a.box.left)))


def text_height(words: Sequence[Word]) -> float:
    """The picture's usual text height in pixels: the median over its tick-like words, or over all.

    Words count by their characters, and single ones only for want of longer words: specks are read as such.
    """
    inked = [w for w in words if w.height_px > 0]
    ticks = [w for w in inked if reads_as_tick(w)]
    long = [w for w in ticks if len(w.text) > 1]
    ticks = long if len(long) >= 4 else ticks
    heights = [w.height_px for w in (ticks if len(ticks) >= 4 else inked) for _ in range(min(len(w.text), 5))]
    return max(median(heights), 5.0) if heights else 10.0


def _filled(picture: Picture, height: float) -> list[Box]:
    return find_fills(picture.rgb, height, _SMALLEST * height)


def _on_axis_line(box: Box, rules: Sequence[Rule], height: float) -> Box | None:
    """A box that labels span with the line beneath it for its foot, where one is drawn: as long as the x axis.

    Where a y axis is drawn too, between the labels and the line beneath or close by, that is its side, though that line
    may begin at the first tick only.
    """
    reach = _AXIS_LINE * height
    lines = [
        r for r in rules
        if r.orientation == "horizontal" and abs(r.position_px - box.bottom) <= reach
        and abs(r.start_px - box.left) <= reach and abs(r.end_px - box.right) <= reach
    ]  # fmt: skip
    if not lines:
        return None
    line = max(lines, key=lambda r: r.contrast)
    first, last = min(box.left, line.start_px) - 0.3 * height, max(box.left, line.start_px) + 0.3 * height
    sides = [
        r for r in rules
        if r.orientation == "vertical" and first <= r.position_px <= last
        and min(r.end_px, box.bottom) - max(r.start_px, box.top) >= 0.5 * box.height
    ]  # fmt: skip
    left = max(sides, key=lambda r: r.length_px).position_px if sides else line.start_px
    return Box(left, box.top, line.end_px, line.position_px)


def _count_within(rules: Sequence[Rule], box: Box, height: float) -> int:
    """How many strokes run through most of a box."""
    turned_box = Box(box.top, box.left, box.bottom, box.right)
    return sum(_spans(r, box if r.orientation == "horizontal" else turned_box, height) for r in rules)


def _labelled(boxes: Sequence[tuple[Box, int]], words: Sequence[Word], height: float) -> list[_Candidate]:
    """The rectangles, each with its count of strokes, with the rows of tick labels along their sides."""
    finder = RowFinder(words, height)
    found = {side: finder.find([box for box, _ in boxes], side) for side in _SIDES}
    axes = {side: {id(w): run for run in find_runs(words, side, height) for w in run} for side in _SIDES}
    rows_of = [
        {side: row for side in _SIDES if (row := found[side][k]) and (row.readable >= 2 or side == "bottom")}
        for k in range(len(boxes))
    ]
    candidates = []
    for (box, strokes), rows in zip(boxes, without_neighbours(boxes, rows_of), strict=True):
        held = {side: _held(row, axes[side], turned(box, side), side, height) for side, row in rows.items()}
        least = min(max((held[side] for side in pair if side in held), default=1.0) for pair in (_X_SIDES, _Y_SIDES))
        candidates.append(_Candidate(box=box, strokes=strokes, rows=rows, held=least))
    return candidates


def _held(row: LabelRow, axes: dict[int, tuple[Word, ...]], edge: Box, side: Side, height: float) -> float:
    """The share of the axis that most of a row's labels belong to which stands beside an edge, in the turned frame.

    A label within the edge stands beside another one.
    """
    slack = _BEYOND_EDGE * height

    def beside(word: Word) -> bool:
        place = label_place(word, side)
        along, across = (place.left + place.right) / 2, (place.top + place.bottom) / 2
        return edge.left - slack <= along <= edge.right + slack and across > edge.bottom

    runs = {id(run): run for word in row.words if (run := axes.get(id(word))) and not _is_chance(run, side)}
    shares = [(sum(beside(w) for w in run), len(run)) for run in runs.values()]
    count, length = max(shares, default=(1, 1))
    return count / length


def _is_chance(run: Sequence[Word], side: Side) -> bool:
    """Whether one of three labels stands far off: there is some scale on which it agrees with the others."""
    if len(run) != 3:
        return False
    places = [label_place(word, side) for word in run]
    gaps = np.diff(np.sort([place.left + place.right for place in places]))
    return bool(gaps.max() > _STRAY_OF_THREE * gaps.min())


def _best(candidates: Sequence[_Candidate], height: float) -> list[_Candidate]:
    """The strongest candidates with labels, their own or borrowed, of which no two cover each other."""
    pool = sorted(candidates, key=lambda c: (-c.score, -min(c.strokes, _MOST_TELLING_STROKES), -c.box.area))
    for _ in range(_MOST_ROUNDS):
        kept = _strongest(pool, height)
        standing = _standing([own for _, own in kept], height)
        fallen = {id(c) for c, own in kept if not any(own is other for other in standing)}
        if not fallen:
            break
        # What they covered stands again.
        pool = [c for c in pool if id(c) not in fallen]
    return standing


def _strongest(pool: Sequence[_Candidate], height: float) -> list[tuple[_Candidate, _Candidate]]:
    """Candidates, the strongest first, that do not cover each other, each as it is and with the rows of its own."""
    lenders = [c for c in pool if (c.has_x and c.has_y) or (c.strokes >= 2 and (c.has_x or c.has_y))]
    kept: list[tuple[_Candidate, _Candidate]] = []
    for candidate in pool:
        if all(_apart(candidate.box, other.box) for other, _ in kept):
            own = _own_rows(candidate, [other for _, other in kept], height)
            if _has_or_borrows(own, lenders, height):
                kept.append((candidate, own))
    return kept


def _is_table(candidate: _Candidate, words: Sequence[Word], height: float) -> bool:
    """Whether the labels at a side of a rectangle go on within it as the rows of a table."""
    rows = [candidate.rows[side] for side in _Y_SIDES if side in candidate.rows]
    return any(is_table(candidate.box, row.words, words, height) for row in rows)


def _standing(kept: Sequence[_Candidate], height: float) -> list[_Candidate]:
    """The candidates without those that have labels only from what was not kept itself."""
    while True:
        left = [c for c in kept if _has_or_borrows(c, [other for other in kept if other is not c], height)]
        if len(left) == len(kept):
            return left
        kept = left


def _own_rows(candidate: _Candidate, kept: Sequence[_Candidate], height: float) -> _Candidate:
    """The candidate without the rows of labels that a stronger one has on its opposite side.

    A rectangle without strokes was drawn up to its labels, and chance strokes may run anywhere between two panels, so
    that labels seem to stand near to either.
    """

    def taken(side: Side, other: _Candidate) -> bool:
        row, others = candidate.rows[side], other.rows.get(_OPPOSITE[side])
        if others is None:
            return False
        weak = not candidate.strokes or 2 * candidate.score < other.score
        shared = {id(w) for w in row.agreed} & {id(w) for w in others.words}
        nearer = others.distance_px <= row.distance_px + (height if weak else 0.0)
        return 2 * len(shared) > len(row.agreed) and nearer

    rows = {side: row for side, row in candidate.rows.items() if not any(taken(side, other) for other in kept)}
    return replace(candidate, rows=rows)


def _stretched(chosen: Sequence[_Candidate], words: Sequence[Word], height: float) -> list[Box]:
    """The boxes, each reaching to the outermost labels on the scale of its own: gridlines may be broken beyond."""
    boxes = [c.box for c in chosen]
    for k, candidate in enumerate(chosen):
        for side in (s for s in _Y_SIDES if s in candidate.rows):
            own = {id(w) for w in candidate.rows[side].words}
            run = max(find_runs(words, side, height), key=lambda r: sum(id(w) in own for w in r), default=())
            if sum(id(w) in own for w in run) < 3:
                continue
            ends = [w.box.center[1] for w in run]
            box = boxes[k]
            top, bottom = _between_rows(candidate)
            ends = [end for end in ends if top < end < bottom]
            wider = Box(box.left, min(box.top, *ends), box.right, max(box.bottom, *ends))
            far = max(box.top - wider.top, wider.bottom - box.bottom) > height
            if far and all(_apart(wider, other) for n, other in enumerate(boxes) if n != k):
                boxes[k] = wider
    return boxes


def _onto_its_lines(box: Box, rows: dict[Side, LabelRow], rules: Sequence[Rule], height: float) -> Box:
    """The box with its labelled sides moved out to the strongest strokes along them that stand before the labels.

    A flat curve near the foot of a panel runs along as much of it as the axis line beneath.
    """
    for side, row in rows.items():
        edge = turned(box, side)
        along = [r for r in rules if (r.orientation == "horizontal") == (side in _X_SIDES)]
        sign = -1 if side in ("left", "top") else 1
        beside = [
            (sign * r.position_px, r.contrast) for r in along
            if max(abs(r.start_px - edge.left), abs(r.end_px - edge.right)) <= _SAME_ENDS * height
        ]  # fmt: skip
        strongest = max((contrast for _, contrast in beside), default=0.0)
        places = [
            at
            for at, contrast in beside
            if 2 * contrast >= strongest and edge.bottom < at < edge.bottom + row.distance_px
        ]
        if places:
            box = turned_back(Box(edge.left, edge.top, edge.right, max(places)), side)
    return box


def _between_rows(candidate: _Candidate) -> tuple[float, float]:
    """The labels above a rectangle and those beneath it, where there are any: it reaches no farther than these."""
    above, beneath = candidate.rows.get("top"), candidate.rows.get("bottom")
    top = max(w.box.center[1] for w in above.words) if above else -math.inf
    bottom = min(w.box.center[1] for w in beneath.words) if beneath else math.inf
    return top, bottom


def _has_or_borrows(candidate: _Candidate, lenders: Sequence[_Candidate], height: float) -> bool:
    """Whether a rectangle has labels on both axes or stands in line with one of about its size that has them."""

    def lends(other: _Candidate, axis: str) -> bool:
        wide, tall = candidate.box.width / other.box.width, candidate.box.height / other.box.height
        sized = 0.8 <= wide <= 1.25 and 0.8 <= tall <= 1.25
        return sized and _same_span(candidate.box, other.box, axis, height) and _apart(candidate.box, other.box)

    has_x = candidate.has_x or any(c.has_x and lends(c, "x") for c in lenders)
    has_y = has_x and (candidate.has_y or any(c.has_y and lends(c, "y") for c in lenders))
    # One stroke may run anywhere; where it begins beneath labels, it is an axis line.
    needed = 2 - candidate.has_y - (candidate.has_x and candidate.has_y)
    return has_y and candidate.strokes >= needed


def _apart(a: Box, b: Box) -> bool:
    smaller = min(a.area, b.area)
    return a.intersection(b).area <= 0.1 * smaller


def _same_span(a: Box, b: Box, axis: str, height: float) -> bool:
    """Whether two boxes begin and end at the same places along an axis."""
    first, second = ((a.left, a.right), (b.left, b.right)) if axis == "x" else ((a.top, a.bottom), (b.top, b.bottom))
    return max(abs(first[0] - second[0]), abs(first[1] - second[1])) <= 0.5 * height


def _area(picture: Picture, box: Box, rules: Sequence[Rule], height: float) -> PlotArea:
    """The plot area of a box with the strokes that belong to it."""
    turned_box = Box(box.top, box.left, box.bottom, box.right)
    spanning_h = [r for r in rules if r.orientation == "horizontal" and _spans(r, box, height)]
    spanning_v = [r for r in rules if r.orientation == "vertical" and _spans(r, turned_box, height)]
    near = 0.3 * height

    def is_frame(rule: Rule) -> bool:
        first, last = (box.top, box.bottom) if rule.orientation == "horizontal" else (box.left, box.right)
        return min(abs(rule.position_px - first), abs(rule.position_px - last)) <= near

    return PlotArea(
        box=box,
        background=background_of(picture, box),
        frame=tuple(r for r in (*spanning_h, *spanning_v) if is_frame(r)),
        x_grid=tuple(spanning_v),
        y_grid=tuple(spanning_h),
    )


def _spans(rule: Rule, box: Box, height: float) -> bool:
    """Whether a horizontal stroke runs along at least most of the box and inside it."""
    inside = box.top - 0.3 * height <= rule.position_px <= box.bottom + 0.3 * height
    covered = min(rule.end_px, box.right) - max(rule.start_px, box.left)
    outside = max(box.left - rule.start_px, rule.end_px - box.right, 0.0)
    # A gridline may be broken off at one end, by a legend or a label; what ends short of both sides is a flat curve.
    reaches = min(rule.start_px - box.left, box.right - rule.end_px) <= height
    return inside and reaches and covered >= 0.7 * box.width and outside <= 1.5 * height
