"""Rows of labels that stand between two plot areas: of which of them they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from digitize.anchors import anchor_places, turned
from digitize.marks import mark_end
from digitize.medians import median
from digitize.model import Box, Orientation, Picture, PlotArea, Rule, Side
from digitize.tickrows import LabelRow

_X_SIDES: tuple[Side, Side] = ("bottom", "top")
_Y_SIDES: tuple[Side, Side] = ("left", "right")
_OPPOSITE: dict[Side, Side] = {"left": "right", "right": "left"}
#: A stroke along an edge lies this near to it, in text heights.
_ALONG = 0.3
#: By how much farther off than the others labels count that stand before an edge without line and marks, likewise.
_BARE = 1.0


def without_disputed(
    picture: Picture, areas: Sequence[PlotArea], rows: Sequence[dict[Side, LabelRow]], height: float
) -> list[dict[Side, LabelRow]]:
    """Each row of labels between two areas left to the one that it stands nearer to, or whose tick marks reach to it.

    Parameters
    ----------
    picture, areas : the picture and its plot areas.
    rows : for each area the rows along its sides.
    height : usual height of text in pixels.
    """
    claims = Counter(id(word) for sides in rows for row in sides.values() for word in row.words)
    away = []
    for area, sides in zip(areas, rows, strict=True):
        disputed = {side for side, row in sides.items() if any(claims[id(w)] > 1 for w in row.words)}
        away.append({
            side: _away(picture, area, side, row, height) if side in disputed else row.distance_px
            for side, row in sides.items()
        })  # fmt: skip
    nearest: dict[int, float] = {}
    for sides, distances in zip(rows, away, strict=True):
        for side, row in sides.items():
            for word in row.words:
                nearest[id(word)] = min(nearest.get(id(word), distances[side]), distances[side])

    def own(row: LabelRow, distance: float) -> bool:
        return sum(nearest[id(w)] < distance - 1 for w in row.words) < 0.5 * row.count

    return [
        {side: row for side, row in sides.items() if own(row, distances[side])}
        for sides, distances in zip(rows, away, strict=True)
    ]


def without_neighbours(
    boxes: Sequence[tuple[Box, int]], rows: Sequence[dict[Side, LabelRow]]
) -> list[dict[Side, LabelRow]]:
    """The rows of labels along rectangles, each with its count of strokes, but for those of the panel beside.

    What labels the opposite side of a rectangle that is drawn is none of one of which nothing is.

    Parameters
    ----------
    boxes : rectangles that may be plot areas.
    rows : for each the rows along its sides.
    """
    drawn = [
        own for (_, strokes), own in zip(boxes, rows, strict=True)
        if strokes >= 2 and any(s in own for s in _X_SIDES) and any(s in own for s in _Y_SIDES)
    ]  # fmt: skip
    taken = {s: {id(w) for own in drawn if (row := own.get(_OPPOSITE[s])) for w in row.agreed} for s in _Y_SIDES}

    def is_taken(side: Side, own: dict[Side, LabelRow]) -> bool:
        other = any(s in own for s in _Y_SIDES if s != side)
        return side in _Y_SIDES and other and all(id(w) in taken[side] for w in own[side].agreed)

    return [
        own if strokes else {side: row for side, row in own.items() if not is_taken(side, own)}
        for (_, strokes), own in zip(boxes, rows, strict=True)
    ]


def edge_width(area: PlotArea, side: Side, height: float) -> float:
    """The width of the stroke along an edge of a plot area in pixels, 1 where none is drawn."""
    return max((rule.width_px for rule in _edge_strokes(area, side, height)), default=1.0)


def _edge_strokes(area: PlotArea, side: Side, height: float) -> list[Rule]:
    edge = abs(turned(area.box, side).bottom)
    along: Orientation = "horizontal" if side in _X_SIDES else "vertical"
    return [r for r in area.frame if r.orientation == along and abs(r.position_px - edge) <= _ALONG * height]


def _away(picture: Picture, area: PlotArea, side: Side, row: LabelRow, height: float) -> float:
    """How far off a side, or off the ends of its tick marks, a row of labels begins; a bare side is farther."""
    width = edge_width(area, side, height)
    ends = [mark_end(picture.rgb, area.box, side, anchor_places(word, side)[0], width) for word in row.words]
    reach = median(ends)
    if reach == 0 and not _edge_strokes(area, side, height):
        return row.distance_px + _BARE * height
    return row.distance_px - min(reach, max(row.distance_px, 0.0))
