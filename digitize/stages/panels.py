"""Panels: where data are drawn.

Gridlines, frame sides and axis lines of one panel share their ends; so strokes are grouped by their ends, and a group
of horizontal strokes that meets a group of vertical ones spans a rectangle. Of all rectangles those are plot areas
that have tick labels along their sides, or that stand in line with one that has (shared axes). Where no strokes are
drawn, a column of tick labels over a row of them spans the rectangle itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.model import Box, Color, Picture, PlotArea, Rule, Side, Word
from digitize.rules import find_rules
from digitize.tickrows import LabelRow, find_row, find_runs
from digitize.ticktext import reads_as_tick

#: Smallest plot area, in text heights.
_SMALLEST = 4.0
_Y_SIDES: tuple[Side, Side] = ("left", "right")


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """A rectangle that may be a plot area, with what speaks for it."""

    box: Box
    strokes: int
    rows: dict[Side, LabelRow]

    @property
    def has_x(self) -> bool:
        return "bottom" in self.rows or "top" in self.rows

    @property
    def has_y(self) -> bool:
        return "left" in self.rows or "right" in self.rows

    @property
    def score(self) -> float:
        labels = 0.0
        for row in self.rows.values():
            labels += max(min(1.25 * row.consistent - 0.25 * row.readable, 6), 0) + 0.5 * (row.count > 2)
            labels -= abs(row.distance_px) / 1000
        return labels + min(self.strokes, 20) / 2


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
    rules = find_rules(picture.rgb, height, hide=[w.box.grown(1) for w in words if w.confidence > 0.5])
    candidates = [_labelled(box, strokes, words, height) for box, strokes in _rectangles(rules, height)]
    candidates += _from_labels(picture, words, height)
    areas = [_area(picture, c.box, rules, height) for c in _best(candidates, height)]
    return tuple(sorted(areas, key=lambda a: (round(a.box.top / (4 * height)), a.box.left)))


def text_height(words: Sequence[Word]) -> float:
    """The picture's usual text height in pixels: the median over its tick-like words, or over all."""
    ticks = [w.height_px for w in words if w.height_px > 0 and reads_as_tick(w)]
    heights = ticks if len(ticks) >= 4 else [w.height_px for w in words if w.height_px > 0]
    return max(float(np.median(heights)), 5.0) if heights else 10.0


def _rectangles(rules: Sequence[Rule], height: float) -> list[tuple[Box, int]]:
    """Rectangles spanned by strokes with common ends, and how many strokes span each."""
    tolerance = 1.2 * height
    long = [r for r in rules if r.length_px >= _SMALLEST * height]
    rows = _by_ends([r for r in long if r.orientation == "horizontal"], tolerance)
    columns = _by_ends([r for r in long if r.orientation == "vertical"], tolerance)
    found: list[tuple[Box, int]] = []
    for across in rows:
        left, right = _common_ends(across)
        for down in columns:
            top, bottom = _common_ends(down)
            h = [r for r in across if top - tolerance <= r.position_px <= bottom + tolerance]
            v = [r for r in down if left - tolerance <= r.position_px <= right + tolerance]
            if h and v:
                found.append((_snapped(Box(left, top, right, bottom), h, v, tolerance), len(h) + len(v)))
        found += [(Box(left, s[0].position_px, right, s[-1].position_px), len(s) // 2) for s in _stacks(across)]
    return [(box, n) for box, n in found if min(box.width, box.height) >= _SMALLEST * height]


def _by_ends(rules: Sequence[Rule], tolerance: float) -> list[list[Rule]]:
    """Groups of parallel strokes with the same start and end, each sorted by position."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda r: -r.length_px):
        for group in groups:
            longest = group[0]
            if max(abs(rule.start_px - longest.start_px), abs(rule.end_px - longest.end_px)) <= tolerance:
                group.append(rule)
                break
        else:
            groups.append([rule])
    return [sorted(group, key=lambda r: r.position_px) for group in groups]


def _stacks(across: Sequence[Rule]) -> list[list[Rule]]:
    """Parallel strokes of one stack of panels, panel by panel: split where the gap is far wider than usual."""
    gaps = np.diff([r.position_px for r in across])
    if not len(gaps):
        return []
    cuts = [k + 1 for k, gap in enumerate(gaps) if gap > 1.8 * float(np.median(gaps))]
    pieces = [list(across[a:b]) for a, b in zip([0, *cuts], [*cuts, len(across)], strict=True)]
    return [piece for piece in pieces if len(piece) >= 2]


def _common_ends(group: Sequence[Rule]) -> tuple[float, float]:
    return float(np.median([r.start_px for r in group])), float(np.median([r.end_px for r in group]))


def _snapped(box: Box, across: Sequence[Rule], down: Sequence[Rule], tolerance: float) -> Box:
    """The box with each side moved on to the stroke that runs along it.

    Gridlines often run past the box as tick marks; the outermost stroke across them is where it really ends.
    """

    def side(value: float, strokes: Sequence[Rule]) -> float:
        near = [r.position_px for r in strokes if abs(r.position_px - value) <= tolerance]
        return min(near, key=lambda p: abs(p - value)) if near else value

    return Box(side(box.left, down), side(box.top, across), side(box.right, down), side(box.bottom, across))


def _labelled(box: Box, strokes: int, words: Sequence[Word], height: float) -> _Candidate:
    rows: dict[Side, LabelRow] = {}
    sides: tuple[Side, ...] = ("left", "right", "bottom", "top")
    for side in sides:
        row = find_row(box, words, side, height)
        if row is not None and (row.readable >= 2 or side == "bottom"):
            rows[side] = row
    return _Candidate(box=box, strokes=strokes, rows=rows)


def _best(candidates: Sequence[_Candidate], height: float) -> list[_Candidate]:
    """The strongest candidates with labels, their own or borrowed, of which no two cover each other."""
    kept: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (-c.score, -c.box.area)):
        clear = all(_apart(candidate.box, other.box) for other in kept)
        if clear and _has_or_borrows(candidate, candidates, height):
            kept.append(candidate)
    return kept


def _has_or_borrows(candidate: _Candidate, candidates: Sequence[_Candidate], height: float) -> bool:
    """Whether a rectangle has labels on both axes or stands in line with one of about its size that has them."""

    def lends(other: _Candidate, axis: str) -> bool:
        wide, tall = candidate.box.width / other.box.width, candidate.box.height / other.box.height
        apart, sized = _apart(candidate.box, other.box), 0.8 <= wide <= 1.25 and 0.8 <= tall <= 1.25
        return apart and sized and other.strokes >= 2 and _same_span(candidate.box, other.box, axis, height)

    has_x = candidate.has_x or any(c.has_x and lends(c, "x") for c in candidates)
    has_y = candidate.has_y or any(c.has_y and lends(c, "y") for c in candidates)
    return has_x and has_y and (candidate.strokes >= 2 or (candidate.has_x and candidate.has_y))


def _apart(a: Box, b: Box) -> bool:
    smaller = min(a.area, b.area)
    return a.intersection(b).area <= 0.1 * smaller


def _same_span(a: Box, b: Box, axis: str, height: float) -> bool:
    """Whether two boxes begin and end at the same places along an axis."""
    first, second = ((a.left, a.right), (b.left, b.right)) if axis == "x" else ((a.top, a.bottom), (b.top, b.bottom))
    return max(abs(first[0] - second[0]), abs(first[1] - second[1])) <= 0.5 * height


def _from_labels(picture: Picture, words: Sequence[Word], height: float) -> list[_Candidate]:
    """Rectangles spanned by a column of tick labels and the row of tick labels beneath it."""
    rows = find_runs(words, "bottom", height)
    found = []
    for side in _Y_SIDES:
        for column in find_runs(words, side, height):
            low, high = min(w.box.center[1] for w in column), max(w.box.center[1] for w in column)
            for row in rows:
                top = float(np.median([w.box.top for w in row]))
                first, last = min(w.box.center[0] for w in row), max(w.box.center[0] for w in row)
                edge = max(w.box.right for w in column) if side == "left" else min(w.box.left for w in column)
                beside = first - edge if side == "left" else edge - last
                if not -1.5 * height <= top - high <= 5 * height or not -height <= beside <= 8 * height:
                    continue
                left, right = (max(first, edge + 2), last) if side == "left" else (first, min(last, edge - 2))
                limit = Box(edge + 2, low - 4 * height, last + (last - first), top - 2)
                box = _grown_to_ink(picture, Box(left, low, right, min(high, top - 2)), limit, words)
                if min(box.width, box.height) >= _SMALLEST * height:
                    found.append(_labelled(box, 0, words, height))
    return found


def _grown_to_ink(picture: Picture, box: Box, limit: Box, words: Sequence[Word]) -> Box:
    """The box with each side moved out, not past the limit, as long as there is ink along it that is no text."""
    ink = np.abs(picture.rgb.astype(np.int16) - np.array(_background(picture, box), np.int16)).max(axis=2) > 40
    for word in words:
        ink[word.box.grown(1).to_slices(ink.shape)] = False
    rows, columns = box.to_slices(ink.shape)
    across, down = ink[rows].any(axis=0), ink[:, columns].any(axis=1)
    return Box(
        float(_run_out(across, int(box.left), int(max(min(limit.left, box.left), 0)), -1)),
        float(_run_out(down, int(box.top), int(max(min(limit.top, box.top), 0)), -1)),
        float(_run_out(across, int(box.right), int(min(max(limit.right, box.right), len(across))), 1)),
        float(_run_out(down, int(box.bottom), int(min(max(limit.bottom, box.bottom), len(down))), 1)),
    )


def _run_out(inked: NDArray[np.bool_], start: int, limit: int, step: int) -> int:
    """The last place from `start` on, in the direction of `step`, up to which ink goes without a break."""
    place = start
    while place != limit and 0 <= place + min(step, 0) < len(inked) and inked[place + min(step, 0)]:
        place += step
    return place


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
        background=_background(picture, box),
        frame=tuple(r for r in (*spanning_h, *spanning_v) if is_frame(r)),
        x_grid=tuple(spanning_v),
        y_grid=tuple(spanning_h),
    )


def _spans(rule: Rule, box: Box, height: float) -> bool:
    """Whether a horizontal stroke runs along at least most of the box and inside it."""
    inside = box.top - 0.3 * height <= rule.position_px <= box.bottom + 0.3 * height
    covered = min(rule.end_px, box.right) - max(rule.start_px, box.left)
    outside = max(box.left - rule.start_px, rule.end_px - box.right, 0.0)
    return inside and covered >= 0.7 * box.width and outside <= 1.5 * height


def _background(picture: Picture, box: Box) -> Color:
    """The commonest colour inside a box."""
    inner = picture.rgb[box.grown(-1).to_slices(picture.rgb.shape)].reshape(-1, 3)
    if not len(inner):
        return (255, 255, 255)
    coded = inner.astype(np.uint32) @ np.array([65536, 256, 1], np.uint32)
    values, counts = np.unique(coded, return_counts=True)
    common = int(values[np.argmax(counts)])
    return common >> 16, (common >> 8) & 255, common & 255
