"""Tick labels: which words label which axis of which plot area, and the strokes that they stand at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitize.anchors import above_tails, anchor_places, turned
from digitize.disputes import edge_width, without_disputed
from digitize.factors import join_factors
from digitize.leans import told_lean
from digitize.marks import has_label_ink, mark_end
from digitize.medians import median
from digitize.model import AxisName, Box, Picture, PlotArea, Side, TickLabel, TickLabels, Word
from digitize.multipliers import find_multiplier, is_unread_at_end
from digitize.secondlines import with_decades, with_second_line
from digitize.tickrows import LabelRow, RowFinder, without_names
from digitize.tickstrokes import find_strokes

#: A label's stroke lies at most this far from its centre, in text heights.
_NEAR = 0.75
#: A label that belongs to a tick mark has it this near, in text heights.
_AT = 0.35
#: Fewest labels at strokes that tell how all lean, and by how much they differ at most, in text heights.
_FEWEST_LEANING, _LEAN_ALIKE = 3, 0.2

#: Fewest labels in agreement that leave no doubt of what they label, and how far their middles lie beyond the corner of
#: a plot area at least for them to be no labels of its other axis, in text heights.
_SURE_ROW, _BEYOND_CORNER = 3, 0.6

#: A sign and the gap behind it are so wide at most, and stand over an edge by so much at least, in text heights.
_SIGN_WIDTH, _OVER_EDGE = 1.0, 0.1

#: A name has so many letters, is so tall at most, and stands so level with its sample and so close behind it, in text
#: heights.
_NAME, _TALL, _LEVEL, _CLOSE = 2, 1.6, 0.5, 2.0

#: What a tick mark may be read as.
_LIKE_MARKS = "-\u2212\u2013\u2014_~=+ "

_X_SIDES: tuple[Side, Side] = ("bottom", "top")
_Y_SIDES: tuple[Side, Side] = ("left", "right")


def find_tick_labels(
    picture: Picture, areas: Sequence[PlotArea], words: Sequence[Word], text_height: float
) -> tuple[tuple[TickLabels, ...], ...]:
    """The labelled axes of each plot area: ``x``, ``y`` and, where both sides are labelled, ``y2``.

    An area without labels on an axis borrows those of the area that it stands in line with.
    """
    words = join_factors(picture.rgb, words)
    rows = without_disputed(picture, areas, _rows(areas, words, text_height), text_height)
    sure = {id(w) for sides in rows for row in sides.values() if row.consistent >= _SURE_ROW for w in row.agreed}
    free = [word for word in words if id(word) not in sure]
    own = [_own_labels(picture, area, r, words, free, text_height) for area, r in zip(areas, rows, strict=True)]
    names: tuple[AxisName, ...] = ("x", "y", "y2")
    found = []
    for k in range(len(areas)):
        labels = [_or_borrowed(picture, k, name, areas, own, text_height) for name in names]
        found.append(tuple(one for one in labels if one))
    doubted = []
    for area, rows_of in zip(areas, found, strict=True):
        taken = [*(other.box for other in areas if other is not area), *(word.box for word in words)]
        doubted.append(tuple(_with_doubted_end(picture, area.box, row, taken, text_height) for row in rows_of))
    return _leaning_alike(doubted, areas, text_height)


def _with_doubted_end(picture: Picture, box: Box, row: TickLabels, taken: Sequence[Box], height: float) -> TickLabels:
    """The labels of an upright axis, doubted where an unread multiplier may stand above them."""
    if row.side not in _Y_SIDES or row.offset_word is not None:
        return row
    x = box.left if row.side == "left" else box.right
    return replace(row, offset_unread=is_unread_at_end(picture.rgb, box.top, x, taken, height))


def _leaning_alike(
    found: Sequence[tuple[TickLabels, ...]], areas: Sequence[PlotArea], height: float
) -> tuple[tuple[TickLabels, ...], ...]:
    """The tick labels with the lean that those at strokes have in common along one side of all panels.

    One renderer sets all labels of a picture beside their ticks alike, while only some stand at strokes. Where these
    do not tell, an axis' own ends may, or those of the others.
    """
    leans = {side: _shared_lean(found, areas, side, height) for side in (*_X_SIDES, *_Y_SIDES)}
    told = [
        [told_lean(r.labels, r.strokes_px, area, horizontal=r.side in _X_SIDES) * (not r.borrowed) for r in rows]
        for rows, area in zip(found, areas, strict=True)
    ]
    usual = {side: _usual_lean(found, told, side, height) for side in _Y_SIDES}
    return tuple(
        tuple(
            replace(r, lean_px=leans[r.side] or r.lean_px or lean or usual.get(r.side, 0.0))
            for r, lean in zip(rows, leaning, strict=True)
        )
        for rows, leaning in zip(found, told, strict=True)
    )


def _usual_lean(
    found: Sequence[tuple[TickLabels, ...]], told: Sequence[Sequence[float]], side: Side, height: float
) -> float:
    """The lean that axes along one side of all panels are told each by itself, 0 where they are not told alike."""
    own = [
        lean
        for rows, leans in zip(found, told, strict=True)
        for r, lean in zip(rows, leans, strict=True)
        if r.side == side and lean
    ]
    return median(own) if own and np.ptp(own) <= _LEAN_ALIKE * height else 0.0


def _shared_lean(
    found: Sequence[tuple[TickLabels, ...]], areas: Sequence[PlotArea], side: Side, height: float
) -> float:
    """How far strokes lie from the centres of the labels along one side of all panels, 0 where they do not lie alike.

    Beneath a panel those at both halves of an axis must agree: labels pushed inward from its ends lean apart.
    """
    low: list[float] = []
    high: list[float] = []
    for rows, area in zip(found, areas, strict=True):
        for label in (lb for row in rows if row.side == side and not row.borrowed for lb in row.labels):
            if label.stroke_px is not None and abs(label.stroke_px - label.center_px) <= _AT * height:
                half = low if side in _X_SIDES and label.center_px < area.box.center[0] else high
                half.append(label.stroke_px - label.center_px)
    apart = [*low, *high]
    if (side in _X_SIDES and not low) or not high or len(apart) < _FEWEST_LEANING:
        return 0.0
    return median(apart) if np.ptp(apart) <= _LEAN_ALIKE * height else 0.0


def _rows(areas: Sequence[PlotArea], words: Sequence[Word], height: float) -> list[dict[Side, LabelRow]]:
    finder = RowFinder(words, height)
    boxes = [area.box for area in areas]
    found: dict[Side, list[LabelRow | None]] = {side: finder.find(boxes, side) for side in _X_SIDES}
    taken = [
        [word for side in _X_SIDES if (row := found[side][k]) for word in _past_corner(row, box, side, height)]
        for k, box in enumerate(boxes)
    ]
    found |= {side: finder.find(boxes, side, taken) for side in _Y_SIDES}
    sides: tuple[Side, ...] = (*_Y_SIDES, *_X_SIDES)
    return [{side: row for side in sides if (row := found[side][k]) is not None} for k in range(len(areas))]


def _past_corner(row: LabelRow, box: Box, side: Side, height: float) -> list[Word]:
    """Those labels of a sure row beneath or above a plot area whose middles lie beyond the ends of its y axes."""
    if row.consistent < _SURE_ROW:
        return []
    edge = turned(box, side).bottom
    return [w for w in row.agreed if turned(w.box, side).center[1] - edge > _BEYOND_CORNER * height]


def _own_labels(
    picture: Picture,
    area: PlotArea,
    rows: dict[Side, LabelRow],
    words: Sequence[Word],
    free: Sequence[Word],
    height: float,
) -> dict[AxisName, TickLabels]:
    """The labels of the axes of one plot area; `free` are the words that label no axis for certain."""
    found: dict[AxisName, TickLabels] = {}
    for side in (s for s in _X_SIDES if s in rows):
        row = with_second_line(rows[side].words, side, words, height)
        labels = _labels(picture, area, "x", side, row, free, height)
        found.setdefault("x", with_decades(labels, words, height))
    y_sides = [
        side
        for side in _Y_SIDES
        if side in rows and rows[side].consistent >= 2 and not _are_samples(rows[side].words, words, height)
    ]
    names: tuple[AxisName, AxisName] = ("y", "y2")
    for name, side in zip(names, y_sides, strict=False):
        found[name] = _labels(picture, area, name, side, rows[side].words, free, height)
    if "y2" in found:
        first, second = found["y"], found["y2"]
        found["y"] = _own_strokes(first, second, height)
        found["y2"] = replace(_own_strokes(second, first, height), lean_px=_lean(first, height))
    return found


def _are_samples(row: Sequence[Word], words: Sequence[Word], height: float) -> bool:
    """Whether words above each other are icons of a legend read as figures: all alike, or mostly before names."""
    if len({word.text for word in row}) < 2:
        return True
    named = [any(_stands_before(word, other, height) for other in words) for word in row]
    return 2 * sum(named) > len(named)


def _stands_before(sample: Word, name: Word, height: float) -> bool:
    """Whether a word stands close before another of several letters and of its height, on its line."""
    level = abs(sample.box.center[1] - name.box.center[1]) <= _LEVEL * height
    letters = sum(sign.isalpha() for sign in name.text) >= _NAME and name.box.height <= _TALL * height
    return level and letters and 0 <= name.box.left - sample.box.right <= _CLOSE * height


def _lean(labels: TickLabels, height: float) -> float:
    """How far strokes lie from the centres of their labels, 0 where they do not all lie alike."""
    apart = [lb.stroke_px - lb.center_px for lb in labels.labels if lb.stroke_px is not None]
    alike = len(apart) >= max(3, 0.8 * len(labels.labels)) and max(apart) - min(apart) <= 0.25 * height
    return median(apart) if alike else 0.0


def _own_strokes(axis: TickLabels, other: TickLabels, height: float) -> TickLabels:
    """One of two y axes without the strokes that stand at the labels of the other.

    Those that stand at its own as well are of both, unless it has few others.
    """

    def at(stroke: float, one: TickLabels) -> bool:
        return any(abs(stroke - label.center_px) <= _AT * height for label in one.labels)

    at_own, at_other = (
        [any(abs(s - label.center_px) <= _AT * height for s in axis.strokes_px) for label in one.labels]
        for one in (axis, other)
    )
    if sum(at_other) <= 0.8 * len(at_other):
        return axis
    both = sum(at_own) > 0.5 * len(at_own)
    # The outermost strokes are the frame's and may be those of both.
    foreign = {s for s in axis.strokes_px[1:-1] if at(s, other) and not (both and at(s, axis))}
    left = tuple(s for s in axis.strokes_px if s not in foreign)
    labels = tuple(replace(lb, stroke_px=None) if lb.stroke_px in foreign else lb for lb in axis.labels)
    return replace(axis, labels=labels, strokes_px=left)


def _or_borrowed(
    picture: Picture,
    index: int,
    name: AxisName,
    areas: Sequence[PlotArea],
    own: Sequence[dict[AxisName, TickLabels]],
    height: float,
) -> TickLabels | None:
    if name in own[index]:
        return own[index][name]
    if name == "y2":
        return None
    box = areas[index].box
    lenders = [
        k for k, area in enumerate(areas) if name in own[k] and _in_line(box, area.box, name, height)
    ]  # fmt: skip
    if not lenders:
        return None

    def away(k: int) -> tuple[bool, float]:
        (a, b), (c, d) = box.center, areas[k].box.center
        return not _stands_towards(own[k][name].side, box, areas[k].box), abs(a - c) + abs(b - d)

    lender = min(lenders, key=away)
    others = [area.box for k, area in enumerate(areas) if k != index]
    unread = away(lender)[0] or has_label_ink(picture.rgb, box, "bottom" if name == "x" else "left", height, others)
    return replace(own[lender][name], borrowed=True, unread=unread)


def _stands_towards(side: Side, box: Box, lender: Box) -> bool:
    """Whether a lender stands on the side of a box that its labels are on, as the outer panel of a grid does."""
    return turned(lender, side).bottom > turned(box, side).bottom


def _in_line(a: Box, b: Box, axis: AxisName, height: float) -> bool:
    first, second = ((a.left, a.right), (b.left, b.right)) if axis == "x" else ((a.top, a.bottom), (b.top, b.bottom))
    return max(abs(first[0] - second[0]), abs(first[1] - second[1])) <= 0.75 * height


def _labels(
    picture: Picture,
    area: PlotArea,
    axis: AxisName,
    side: Side,
    row: Sequence[Word],
    words: Sequence[Word],
    height: float,
) -> TickLabels:
    row = [_without_mark(picture, area, side, word, height) for word in without_names(row)]
    centers, strokes = _anchored(picture, area, side, row, height)
    labels = []
    for word, center in zip(row, centers, strict=True):
        nearest = min(strokes, key=lambda s: abs(s - center), default=None)
        near = nearest is not None and abs(nearest - center) <= _NEAR * height
        labels.append(TickLabel(word=word, center_px=center, stroke_px=nearest if near else None))
    return TickLabels(
        axis=axis,
        side=side,
        labels=tuple(labels),
        strokes_px=strokes,
        offset_word=find_multiplier(picture.box, area.box, side, words, row, height),
    )


def _without_mark(picture: Picture, area: PlotArea, side: Side, word: Word, height: float) -> Word:
    """A label beside the plot area without the tick mark that was read as its sign or hyphen."""
    shown = [(word.text, word.text.strip(_LIKE_MARKS)), (word.number, word.number.strip(_LIKE_MARKS))]
    if side not in _Y_SIDES or all(before == after for before, after in shown):
        return word
    place = turned(word.box, side)
    if _begins_within(place, turned(area.box, side).bottom, height):
        return _without_sign(word, side, place.top + _SIGN_WIDTH * height)
    reach = mark_end(picture.rgb, area.box, side, anchor_places(word, side)[0], edge_width(area, side, height))
    gap = place.top - (turned(area.box, side).bottom + reach)
    # A sign of the number's own stands apart from the mark.
    if not reach or not -0.8 * (place.bottom - place.top) < gap <= 0.0:
        return word
    return _without_sign(word, side, place.top - gap)


def _begins_within(place: Box, edge: float, height: float) -> bool:
    """Whether of a label its sign alone stands over the edge of the plot area, where tick marks do and no labels."""
    return place.top < edge - _OVER_EDGE * height < place.top + _SIGN_WIDTH * height


def _without_sign(word: Word, side: Side, start: float) -> Word:
    """A label on the left or right without the sign nearest to the plot area; it begins at `start` then."""
    if side == "right":
        text, number = word.text.lstrip(_LIKE_MARKS), word.number.lstrip(_LIKE_MARKS)
        box = word.box._replace(left=start)
    else:
        text, number = word.text.rstrip(_LIKE_MARKS), word.number.rstrip(_LIKE_MARKS)
        box = word.box._replace(right=-start)
    return replace(word, text=text, number=number, box=box)


def _anchored(
    picture: Picture, area: PlotArea, side: Side, row: Sequence[Word], height: float
) -> tuple[Sequence[float], tuple[float, ...]]:
    """Where along a side the labels of a row are fixed, all alike, and the strokes there."""
    options = list(dict.fromkeys(zip(*(anchor_places(word, side) for word in row), strict=True)))
    if side in _Y_SIDES:
        options = [tuple(above_tails(row, centers)) for centers in options]
    room = median([turned(word.box, side).top for word in row]) - turned(area.box, side).bottom
    found = [(centers, find_strokes(picture, area, side, centers, height, room)) for centers in options]

    def apart(pair: tuple[Sequence[float], tuple[float, ...]]) -> float:
        centers, strokes = pair
        away = [min((abs(s - c) for s in strokes), default=math.inf) for c in centers]
        # Strokes that most labels stand far from tell nothing.
        return sum(away) if sum(d <= _NEAR * height for d in away) > 0.5 * len(away) else math.inf

    return min(found, key=apart)
