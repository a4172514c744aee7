"""The strokes along a side of a plot area that its tick labels stand at: gridlines and tick marks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitize.anchors import turned, turned_back
from digitize.disputes import edge_width
from digitize.faintlines import find_faint_lines
from digitize.marks import find_marks
from digitize.model import Box, Picture, PlotArea, Side

#: A label that belongs to a tick mark has it this near, in text heights.
_AT = 0.35
#: The share of labels that are most of them.
_MOST_AT = 0.6
#: Fewest labels that tell how far all stand beside their marks.
_FEWEST = 3
#: Labels that all stand beside their tick marks do so by no more than this, and differ by so much, in text heights.
_FAR_BESIDE, _ONE_DISTANCE = 0.6, 0.12
#: Where an edge is not drawn, tick marks are looked for so far before the labels, in steps of the former, in text
#: heights, and are no more than so many for a label.
_STRIP, _FURTHEST_MARKS, _MOST_MARKS = 0.25, 2.0, 2
#: Fewest marks that tell by their even spacing that they are tick marks, and by how much it differs, in text heights.
_FEWEST_EVEN, _EVEN = 5, 0.15

_X_SIDES: tuple[Side, Side] = ("bottom", "top")


def find_strokes(
    picture: Picture, area: PlotArea, side: Side, centers: Sequence[float], height: float, room: float
) -> tuple[float, ...]:
    """Gridlines and tick marks along a side, sorted.

    Tick marks count when most labels stand at one: what else touches the edge stands anywhere. Where a tick mark and
    a gridline stand at one place the gridline counts, which is far longer. The labels begin `room` pixels off the edge.
    """
    along_x = side in _X_SIDES
    box = area.box
    frame_px = edge_width(area, side, height)
    marks = find_marks(picture.rgb, box, side, height, frame_px, room)
    grid = [r.position_px for r in (area.x_grid if along_x else area.y_grid)]
    told = _are_tick_marks(marks, centers, box.width if along_x else box.height, height)
    if not told and not _stand_at(centers, grid, height) and not _is_drawn(area, side, height):
        marks = _marks_off_edge(picture, box, side, centers, height, room)
        told = bool(marks)
    if not told and not _stand_at(centers, grid, height):
        marks = find_faint_lines(picture.as_given, box, side, centers, height)
        told = bool(marks)
    lone = [m for m in marks if all(abs(g - m) > 2.5 for g in grid)] if told else []
    return tuple(sorted([*lone, *grid]))


def _are_tick_marks(marks: Sequence[float], centers: Sequence[float], length: float, height: float) -> bool:
    """Whether marks are those of the labels with these centres: most stand at one, or all beside, or all are even."""
    told = _stand_at(centers, marks, height) or _keep_one_distance(centers, marks, height)
    return told or (_count_at(centers, marks, height) >= 2 and _are_even(marks, length, height))


def _stand_at(centers: Sequence[float], strokes: Sequence[float], height: float) -> bool:
    """Whether most labels stand at a stroke."""
    return _count_at(centers, strokes, height) >= _MOST_AT * len(centers)


def _count_at(centers: Sequence[float], strokes: Sequence[float], height: float) -> int:
    return sum(any(abs(s - c) <= _AT * height for s in strokes) for c in centers)


def _is_drawn(area: PlotArea, side: Side, height: float) -> bool:
    """Whether a line is drawn along a side of the plot area."""
    along = [r for r in area.frame if (r.orientation == "horizontal") == (side in _X_SIDES)]
    edge = getattr(area.box, side)
    return any(abs(r.position_px - edge) <= _AT * height for r in along)


def _marks_off_edge(
    picture: Picture, box: Box, side: Side, centers: Sequence[float], height: float, room: float
) -> tuple[float, ...]:
    """The tick marks before the labels where the plot area has no line that they stand on; empty where there are none.

    Its edge is known roughly then. Marks stand beside the labels all alike, and few others with them.
    """
    edge = turned(box, side)
    for back in np.arange(_STRIP, _FURTHEST_MARKS, _STRIP):
        at = turned_back(edge._replace(bottom=edge.bottom + room - (back + _STRIP) * height), side)
        marks = find_marks(picture.rgb, at, side, height)
        if len(marks) <= _MOST_MARKS * len(centers) and _keep_one_distance(centers, marks, height):
            return marks
    return ()


def _keep_one_distance(centers: Sequence[float], marks: Sequence[float], height: float) -> bool:
    """Whether nearly all of at least three labels stand beside a mark of their own, all equally far."""
    if len(centers) < _FEWEST or not marks:
        return False
    apart = np.subtract.outer(np.array(marks), np.array(centers))
    leans = apart[np.abs(apart) <= _FAR_BESIDE * height]
    kept = [int((np.abs(apart - lean).min(axis=0) <= _ONE_DISTANCE * height).sum()) for lean in leans]
    return max(kept, default=0) >= 0.8 * len(centers)


def _are_even(marks: Sequence[float], length: float, height: float) -> bool:
    """Whether marks stand evenly over most of an edge, as tick marks do and what else touches it does not."""
    gaps = np.diff(marks)
    even = len(gaps) + 1 >= _FEWEST_EVEN and float(np.ptp(gaps)) <= max(_EVEN * height, 1.5)
    return even and marks[-1] - marks[0] >= 0.6 * length
