"""How far ticks lie from the centres of their labels, where no strokes stand at these.

Labels beside an axis are lines of text, and renderers differ in what they take for the middle of a line: all labels of
an axis lie off their ticks by one distance, and so do those of the other axes of a picture.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitize.medians import median
from digitize.model import FloatArray, PlotArea, TickLabel

#: A label stands at a stroke, or at an end of its axis, within this share of its text's height.
ON_STROKE = 0.35
#: Ticks beside an axis lie so far below the middle of their labels' figures where nothing tells it, in text heights:
#: renderers that centre the figures have them there, others centre the line of text, which reaches lower.
USUAL_LEAN = 0.03
#: A few labels tell a distance where theirs are alike to this share of the text's height or this many pixels, as
#: strokes on whole ones allow.
_SAME_FEW, _SAME_FEW_PX = 0.08, 0.6
#: A line runs to an end of the plot area that it ends this near to, in pixels.
_AT_END_PX = 1.5
#: What was pushed inward ends beyond the edge by no more than this share of what it may end before it.
_OVER = 0.4
#: Labels beside a lone stroke tell how far all lie from theirs: so many that stand as evenly, by no more than the last,
#: the latter two in text heights.
_FEWEST_EVEN, _EVEN, _LARGEST_LEAN = 4, 0.06, 0.15


def told_lean(labels: Sequence[TickLabel], strokes_px: Sequence[float], area: PlotArea, *, horizontal: bool) -> float:
    """How far ticks lie from the centres of their labels, in pixels, as ends or a lone stroke tell; else 0."""
    if len(labels) < 2:
        return 0.0
    height = text_height_of(labels)
    edges = (area.box.left, area.box.right) if horizontal else (area.box.top, area.box.bottom)
    if pushed_inward(spans_of(labels, horizontal), edges, ON_STROKE * height).any():
        return 0.0
    centers = np.array([label.center_px for label in labels])
    lean = _lean_at_ends(edges, centers, height) if _has_drawn_ends(area, edges, horizontal) else 0.0
    return lean if lean or horizontal else _lone_lean(np.array(strokes_px, dtype=float), centers, height)


def text_height_of(labels: Sequence[TickLabel]) -> float:
    """The median height of the labels' text in pixels, across the baseline."""
    boxes = [(label.word.box.width if label.word.angle in (90, 270) else label.word.box.height) for label in labels]
    inked = [label.word.height_px for label in labels if label.word.height_px > 0]
    return float(max(median(inked or boxes), 1.0))


def spans_of(labels: Sequence[TickLabel], horizontal: bool) -> FloatArray:
    """Where labels begin and end along their axis, (n, 2)."""
    boxes = [label.word.box for label in labels]
    return np.array([(box.left, box.right) if horizontal else (box.top, box.bottom) for box in boxes])


def pushed_inward(spans: FloatArray, edges: tuple[float, float], margin: float) -> NDArray[np.bool_]:
    """Which of the outermost labels end where the plot area or the picture ends, as if pushed inward.

    Their end lies nearer to the edge than their middle does, and not all labels stand evenly.
    """
    low, high = edges
    middle = spans.mean(axis=1)
    inward = np.stack([spans[:, 0] - low, high - spans[:, 1]])
    nearer = np.abs(inward) <= np.abs(np.stack([middle - low, high - middle]))
    flush = (nearer & (inward >= -_OVER * margin) & (inward <= margin)).any(axis=0)
    flush |= spans[:, 0] <= margin
    outer = (spans[:, 0] == spans[:, 0].min()) | (spans[:, 1] == spans[:, 1].max())
    gaps = np.diff(np.sort(middle))
    even = len(gaps) >= 3 and np.ptp(gaps) <= 0.6 * margin
    return np.asarray(flush & outer & (not even))


def alike_px(height: float) -> float:
    """How far apart the distances of a few labels to their strokes lie, where these keep one, in pixels."""
    return max(_SAME_FEW * height, _SAME_FEW_PX)


def _has_drawn_ends(area: PlotArea, edges: tuple[float, float], horizontal: bool) -> bool:
    """Whether a line of the frame is drawn along an axis from end to end of the plot area."""
    along = [rule for rule in area.frame if (rule.orientation == "horizontal") == horizontal]
    return any(max(abs(r.start_px - edges[0]), abs(r.end_px - edges[1])) <= _AT_END_PX for r in along)


def _lean_at_ends(edges: tuple[float, float], centers: FloatArray, height: float) -> float:
    """How far both ends of the plot area lie from the labels beside them; 0 where no labels are there, or not alike.

    An axis that is labelled at both ends has ticks there, even where none is drawn. They tell of leans alone that are
    larger than the errors of ends and centres.
    """
    apart = np.array(edges)[:, None] - centers
    nearest = np.take_along_axis(apart, np.abs(apart).argmin(axis=1)[:, None], axis=1)[:, 0]
    lean = float(nearest.mean())
    beside = np.abs(nearest).max() <= ON_STROKE * height and np.ptp(nearest) <= alike_px(height)
    return lean if beside and abs(lean) > alike_px(height) else 0.0


def _lone_lean(strokes: FloatArray, centers: FloatArray, height: float) -> float:
    """How far the only label at a stroke lies from it where all stand evenly, and so lie alike; else 0."""
    apart = strokes[None, :] - centers[:, None]
    near = apart[np.abs(apart) <= ON_STROKE * height]
    places = np.sort(centers)
    if len(near) != 1 or len(places) < _FEWEST_EVEN or not alike_px(height) < abs(near[0]) <= _LARGEST_LEAN * height:
        return 0.0
    # The ends of an axis may be labelled wherever they lie.
    inner = places[1:-1] if len(places) > _FEWEST_EVEN else places
    return float(near[0]) if min(_unevenness(places), _unevenness(inner)) <= _EVEN * height else 0.0


def _unevenness(places: FloatArray) -> float:
    """How far sorted places stray from even steps at the most."""
    steps = np.arange(len(places))
    return float(np.abs(places - np.polyval(np.polyfit(steps, places, 1), steps)).max())
