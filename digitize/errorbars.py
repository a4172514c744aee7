"""Error bars: upright strokes through the points of a curve, with or without caps, taken out of its ink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32
from digitize.markers import with_holes_filled
from digitize.palette import inked_part
from digitize.pieces import label_pieces
from digitize.strengths import without_specks

Mask = NDArray[np.bool_]

#: Coverage of pixels that belong to a stroke.
_INK = 0.3
#: A bar is at least so many strokes high, and reaches past the curve by at least so many at both ends.
_HIGH, _PAST = 4.0, 1.0
#: Pieces of bars whose places are known are at least so many strokes high, and lie this near to them in pixels.
_PIECE, _BESIDE = 2.0, 1.5
#: Fewest bars of a series, and the share of the upright strokes that they are where they have no caps.
_FEWEST, _MOSTLY = 3, 0.6


@dataclass(frozen=True, kw_only=True)
class _Bar:
    """Edges of an upright stroke in pixels; the curve passes it between the rows `high` and `low`."""

    left: int
    right: int
    top: int
    bottom: int
    high: int
    low: int
    capped: bool


def error_bar_columns(coverage: Float32, hidden: Mask, stroke: float) -> list[float]:
    """Where the error bars of a layer stand, in pixels from its left; none where it has none.

    Parameters
    ----------
    coverage : (h, w) share of each pixel that the ink covers.
    hidden : (h, w), True where other ink may lie on top.
    stroke : width of the lines in pixels.
    """
    area = inked_part(coverage >= _INK, margin=int(4 * stroke) + 4)
    if not area[0].stop:
        return []
    inked = coverage[area] >= _INK
    # the sides of a hollow marker are upright strokes too
    if len(_upright_strokes(_joined(inked, hidden[area], stroke), stroke, _HIGH)) < _FEWEST:
        return []
    on = _joined(with_holes_filled(inked, stroke), hidden[area], stroke)
    strokes = _upright_strokes(on, stroke, _HIGH)
    bars = [bar for box in strokes if (bar := _to_bar(on, box, stroke)) is not None]
    capped = sum(bar.capped for bar in bars)
    if len(bars) < _FEWEST or (capped < 0.5 * len(bars) and len(bars) < _MOSTLY * len(strokes)):
        return []
    found = {(bar.left, bar.top) for bar in bars}
    bars += [bar for box in strokes if box[:2] not in found and (bar := _to_half(on, box, stroke)) is not None]
    return [area[1].start + (bar.left + bar.right) / 2 for bar in bars]


def without_error_bars(
    coverage: Float32, hidden: Mask, stroke: float, columns: Sequence[float], own: Sequence[float]
) -> Float32:
    """The coverage of a layer without its error bars.

    Parameters
    ----------
    coverage, hidden, stroke : as above.
    columns : where the error bars of all layers stand; curves of one plot area share them, and of some bars only
        pieces are seen beneath others.
    own : those of this layer.

    Returns
    -------
    (h, w)
        Where a bar crosses the curve or its marker, that much of it is kept.
    """
    if not columns:
        return coverage
    on = _joined(with_holes_filled(coverage >= _INK, stroke), hidden, stroke)
    kept = coverage.copy()
    for box in _upright_strokes(on, stroke, _HIGH):
        bar = _to_bar(on, box, stroke) or _to_half(on, box, stroke)
        if bar is not None and _is_near((bar.left + bar.right) / 2, own):
            _erase(kept, on, bar, stroke)
    on = _joined(with_holes_filled(kept >= _INK, stroke), hidden, stroke)
    for box in (*_upright_strokes(on, stroke, _HIGH), *_upright_strokes(on, stroke, _PIECE)):
        if _is_near((box[0] + box[2]) / 2, columns):
            _erase_piece(kept, on, box, stroke)
    return without_specks(kept, stroke)


def _is_near(x: float, columns: Sequence[float]) -> bool:
    return any(abs(x - column) <= _BESIDE for column in columns)


def _joined(on: Mask, hidden: Mask, stroke: float) -> Mask:
    """The ink with short gaps in its columns filled where other ink crosses it."""
    kernel = np.ones((2 * int(np.ceil(2 * stroke)) + 1, 1), np.uint8)
    return on | (hidden & (cv2.morphologyEx(on.astype(np.uint8), cv2.MORPH_CLOSE, kernel) > 0))


def _upright_strokes(on: Mask, stroke: float, least: float) -> list[tuple[int, int, int, int]]:
    """Boxes (left, top, right, bottom) of straight vertical strokes about as wide as lines are, `least` widths high.

    What is wider - caps, markers, the curve itself - is left out first; a stroke is then what runs on through it.
    """
    ink = on.astype(np.uint8)
    length, width = int(np.ceil(least * max(stroke, 1.5))), int(np.ceil(1.6 * stroke + 1.5)) + 1
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    wide = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, width), np.uint8))
    narrow = cv2.subtract(upright, wide)
    if not cv2.countNonZero(narrow):
        return []
    labels, stats, _ = label_pieces(narrow)
    found: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    for k, (first, top, across, high, _) in enumerate(stats[1:], start=1):
        # What rises or falls has no column for itself; a few pixels beside an upright stroke do not matter.
        filled = (labels[top : top + high, first : first + across] == k).sum(axis=0)
        if across >= width or high < stroke or filled.max() < 0.7 * high:
            continue
        own = np.flatnonzero(filled >= 0.5 * high)
        left, across = int(first + own[0]), int(np.ptp(own)) + 1
        column = int(left + across // 2)
        run = next((r for r in _runs(on[:, column], 0) if r[0] <= top + high // 2 < r[1]), (0, 0))
        if run[1] - run[0] >= length and (column, run[0]) not in found and (column - 1, run[0]) not in found:
            found[column, run[0]] = left, run[0], left + across, run[1]
    return list(found.values())


def _to_bar(on: Mask, box: tuple[int, int, int, int], stroke: float) -> _Bar | None:
    """A stroke as an error bar: the curve leaves it on either side well between its ends. None where it does not."""
    left, top, right, bottom = box
    margin = _PAST * stroke
    passes: list[tuple[int, int]] = []
    caps = 0
    sides = _beside(on, box, stroke)
    if _is_step(sides, box):
        return None
    for ends, rest in sides:
        caps += len(ends)
        if any(start <= top + margin or stop >= bottom - margin for start, stop in rest):
            return None
        if rest:
            passes.append(min(rest, key=lambda run: abs(run[0] + run[1] - top - bottom)))
    if not passes or max(stop for _, stop in passes) - min(start for start, _ in passes) > 0.6 * (bottom - top):
        return None
    high, low = min(start for start, _ in passes), max(stop for _, stop in passes)
    return _Bar(left=left, right=right, top=top, bottom=bottom, high=high, low=low, capped=caps >= 2)


def _is_step(sides: Sequence[tuple[Sequence[tuple[int, int]], object]], box: tuple[int, int, int, int]) -> bool:
    """Whether a line comes to one end of a stroke from one side and leaves its other end to the other side."""
    middle = (box[1] + box[3]) / 2
    left, right = ({start + stop > 2 * middle for start, stop in ends} for ends, _ in sides)
    return len(left) == 1 and len(right) == 1 and left != right


def _to_half(on: Mask, box: tuple[int, int, int, int], stroke: float) -> _Bar | None:
    """A stroke with a cap at one end, the rest of which other ink hides; None where it has none.

    It is taken for a bar only among others that are seen whole.
    """
    left, top, right, bottom = box
    middle = (top + bottom) / 2
    ends, passes = ([run for runs in side for run in runs] for side in zip(*_beside(on, box, stroke), strict=True))
    if not ends:
        return None
    low_end = sum((start + stop) / 2 > middle for start, stop in ends) * 2 >= len(ends)
    edge = max((stop for _, stop in passes), default=top) if low_end else min((s for s, _ in passes), default=bottom)
    high, low = (top, edge) if low_end else (edge, bottom)
    return _Bar(left=left, right=right, top=top, bottom=bottom, high=high, low=low, capped=True)


def _beside(
    on: Mask, box: tuple[int, int, int, int], stroke: float
) -> list[tuple[list[tuple[int, int]], list[tuple[int, int]]]]:
    """The runs of ink in the columns beside a stroke, left and right: caps at its ends, and the others."""
    left, top, right, bottom = box
    first = max(top - 2, 0)
    sides = []
    for column in (left - 2, right + 1):
        runs = _runs(on[first : bottom + 2, column], first) if 0 <= column < on.shape[1] else []
        thin = [r for r in runs if r[1] - r[0] <= 2.0 * stroke + 1 and min(abs(r[0] - top), abs(r[1] - bottom)) <= 1.5]
        sides.append((thin, [r for r in runs if r not in thin]))
    return sides


def _runs(column: Mask, offset: int) -> list[tuple[int, int]]:
    """Starts and stops of the inked runs of a piece of a column."""
    edges = np.flatnonzero(np.diff(np.pad(column, 1).astype(np.int8)))
    return [(int(a) + offset, int(b) + offset) for a, b in edges.reshape(-1, 2)]


def _erase(coverage: Float32, on: Mask, bar: _Bar, stroke: float) -> None:
    """Take a bar and its caps out, down to the rows in which the curve passes."""
    edge = int(np.ceil(stroke / 2)) + 1
    left, right = max(bar.left - 1, 0), bar.right + 1
    coverage[max(bar.top - edge, 0) : bar.high, left:right] = 0
    coverage[bar.low : bar.bottom + edge, left:right] = 0
    for end, rows in ((bar.top, (bar.top - edge, bar.high)), (bar.bottom - 1, (bar.low, bar.bottom + edge))):
        reach = _reach(on[end], (bar.left + bar.right) // 2)
        across = slice(max(reach[0] - 1, 0), reach[1] + 1)
        first, last = max(end - edge, rows[0], 0), min(end + edge + 1, rows[1])
        coverage[first:last, across] = 0


def _erase_piece(coverage: Float32, on: Mask, box: tuple[int, int, int, int], stroke: float) -> None:
    """Take what is seen of a bar out, but for the rows in which the curve leaves it to the sides."""
    left, top, right, bottom = box
    passes = [run for _, runs in _beside(on, box, stroke) for run in runs]
    high, low = min((s for s, _ in passes), default=bottom), max((s for _, s in passes), default=bottom)
    for first, last in ((top, high), (low, bottom)):
        if last - first > stroke:
            coverage[first:last, max(left - 1, 0) : right + 1] = 0


def _reach(row: Mask, column: int) -> tuple[int, int]:
    """The inked run of a row around a column."""
    bare = np.flatnonzero(~row)
    k = int(np.searchsorted(bare, column))
    return (int(bare[k - 1]) + 1 if k else 0), (int(bare[k]) if k < len(bare) else len(row))
