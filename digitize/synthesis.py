"""Traces drawn again and held against the ink they were read from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.medians import median, quantile
from digitize.model import Box, FloatArray, Layer, Legend, Rule, Segmentation, Trace
from digitize.palette import Mask, inked_part
from digitize.pieces import label_pieces
from digitize.polyline import drawn_length
from digitize.strokes import find_runs

IntArray = NDArray[np.int64]

#: Antialiasing and blur spread a stroke by about this much beyond its half-width, in pixels.
_SPREAD = 1.5
#: Ink this near to a trace, as a share of the plot area's shorter side, leaves its course in no doubt.
_NEAR = 0.012
#: A piece of ink this long, as a share of the plot area's longer side, may be a piece of a curve.
_PIECE = 0.04
#: Small pieces are dashes from so many stroke widths on; they follow each other within so many of these, or this share
#: of the plot area's width, and a row of them is no shorter than the last share of it.
_BEAD, _GAPS, _GAP_SHARE, _ROW = 2.0, 8.0, 0.045, 0.3
#: Coverage of ink that a curve may lie beneath, and of its own ink.
_PASSABLE, _INK = 0.15, 0.3
#: A course that may lie so far off, as a share of the plot area's height, matters.
_MATTERS = 0.01
#: A stroke so many times as tall as it is wide runs up or down.
_TALL = 2.0
#: The frame of a legend lies within so many text heights of it, and all of it but this share in its sides.
_FRAME, _WITHIN = 2.0, 0.05
#: How often a curve lies elsewhere than beneath the one line that hides it.
_SELDOM = 0.3
#: Radius of markers that account for ink beside their line, in widths of the line.
_BROADER = 1.3
#: OpenCV draws with this many binary digits of subpixel position.
_SHIFT = 4


def missed_share(layer: Layer, traces: Sequence[Trace]) -> float:
    """The share of a layer's ink that lies beside every one of the traces drawn with their widths.

    Parameters
    ----------
    layer : the ink of one colour.
    traces : the curves read from it.
    """
    total = float(layer.coverage.sum())
    if total <= 0:
        return 0.0
    drawn = np.zeros(layer.coverage.shape, np.uint8)
    broad = any(_thickness(trace, layer.box) > _least_thickness(layer.box) for trace in traces)
    breadth = _breadth(layer) if broad else np.inf
    for trace in traces:
        _draw(drawn, trace, layer.box, breadth)
    return float(layer.coverage[drawn == 0].sum()) / total


def _breadth(layer: Layer) -> float:
    """The breadth of a layer's narrow strokes in any direction, in pixels.

    Where a curve goes to and fro densely its ink runs together, and what is measured down the columns is too wide.
    """
    on = layer.coverage >= 0.5
    solid = np.pad(on[inked_part(on)].view(np.uint8), 1)
    depth = cv2.distanceTransform(solid, cv2.DIST_L2, 3)
    middle = (depth > 0) & (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8)))
    return 2.0 * quantile(depth[middle], 0.25) if middle.any() else np.inf


def left_over_share(
    segmentation: Segmentation, traces: Sequence[Trace], rules: Sequence[Rule], legend: Legend | None = None
) -> float:
    """The ink that neither the traces drawn again nor gridlines and frame account for, as a share of the traces' own.

    Only coherent pieces count, which a curve could hide in, and rows of small ones, as dashes are: specks, halos of
    compression and the legend's frame do not.

    Parameters
    ----------
    segmentation : the ink of the plot area.
    traces : the curves that were read.
    rules : gridlines and frame, in pixels of the picture.
    legend : the legend that lies in the plot area.
    """
    drawn = np.zeros(segmentation.ink.shape, np.uint8)
    for trace in traces:
        _draw(drawn, trace, segmentation.box)
    own = int(np.count_nonzero(segmentation.ink & (drawn > 0)))
    for rule in rules:
        reach = rule.width_px / 2 + _SPREAD
        across = (rule.position_px - reach, rule.position_px + reach)
        if rule.orientation == "horizontal":
            stripe = Box(rule.start_px, across[0], rule.end_px, across[1])
        else:
            stripe = Box(across[0], rule.start_px, across[1], rule.end_px)
        drawn[stripe.moved(-segmentation.box.left, -segmentation.box.top).to_slices(drawn.shape)] = 1
    numbers, stats, _ = label_pieces(segmentation.ink & (drawn == 0))
    extent = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1, initial=0)
    extent[0] = 0
    long = extent >= _PIECE * max(segmentation.box.width, segmentation.box.height)
    dashes = ~long & (np.minimum(extent, stats[:, cv2.CC_STAT_AREA]) >= _BEAD * segmentation.stroke_px)
    count = _in_rows(dashes[numbers].astype(np.uint8), segmentation) if dashes.any() else 0
    for k in np.flatnonzero(long):
        left, top, width, height, area = (int(v) for v in stats[k])
        place = Box(left, top, left + width, top + height).moved(segmentation.box.left, segmentation.box.top)
        shape = numbers[top : top + height, left : left + width] == k
        if legend is None or not _frames(shape, place, legend, math.ceil(segmentation.stroke_px + _SPREAD)):
            count += area
    return count / max(own, 1)


def _in_rows(ink: NDArray[np.uint8], segmentation: Segmentation) -> int:
    """The pixels of small pieces (h, w) that follow each other over much of the width, as the dashes of a curve do."""
    gap = round(max(_GAPS * segmentation.stroke_px, _GAP_SHARE * segmentation.box.width))
    joined = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap, gap)))
    rows, boxes, _ = label_pieces(joined)
    wide = boxes[:, cv2.CC_STAT_WIDTH] >= _ROW * segmentation.box.width
    wide[0] = False
    return int(np.count_nonzero(ink & wide[rows]))


def _frames(shape: NDArray[np.bool_], place: Box, legend: Legend, side: int) -> bool:
    """Whether a piece of ink in its place is the frame around a legend, its sides so broad, or a part of that."""
    high = median([entry.word_box.height for entry in legend.entries])
    if place.shares_with(legend.box.grown(_FRAME * high)) == 1:
        return True
    inner = shape[side:-side, side:-side]
    hollow = min(shape.shape) > 2 * high and inner.sum() <= _WITHIN * shape.sum()
    return bool(hollow and place.contains(*legend.box.center))


def uncertain_share(segmentation: Segmentation, layer: Layer, trace: Trace) -> float:
    """The share of a trace's columns in which its course may well lie elsewhere, unseen.

    That is where it was bridged through other ink or a box of text much higher than its stroke, and where a box of
    text cuts its ink off.
    """
    columns, rows, covered = _places(trace, layer)
    if not len(columns):
        return 0.0
    covered &= ~_within_markers(trace)
    room = _room(layer, columns[covered], rows[covered])
    open_ = columns[covered][room - trace.width_px > 2 * _MATTERS * layer.box.height]
    boxes = layer.hidden & ~segmentation.ink
    around = inked_part(boxes)
    boxes, ink = boxes[around], layer.coverage[around] >= _INK
    cut = np.zeros(layer.hidden.shape[1], bool)
    cut[around[1]] = ((ink[1:] & boxes[:-1]) | (ink[:-1] & boxes[1:])).any(axis=0)
    return float(len(np.union1d(open_, columns[cut[columns]])) / len(np.unique(columns)))


def cut_share(layer: Layer, stroke: float) -> float:
    """The share of a layer's columns in which a stroke that runs up or down ends beneath other ink, unseen.

    Where a curve goes to and fro beneath others its peaks are hidden while its middle shows, and nothing tells how far
    it goes.

    Parameters
    ----------
    layer : the ink of one colour.
    stroke : width of its lines in pixels.
    """
    runs = find_runs(layer.coverage)
    if not len(runs):
        return 0.0
    tall = runs.take(np.flatnonzero(runs.bottom - runs.top >= _TALL * stroke))
    # most end in the open: only the others are looked at closely
    beside = np.pad(layer.hidden, ((3, 3), (0, 0)))
    upper, lower = tall.top.astype(np.int64) + 3, np.ceil(tall.bottom).astype(np.int64) + 3
    ends = [beside[row, tall.column] for row in (upper - 2, upper - 1, lower, lower + 1)]
    tall = tall.take(np.flatnonzero(np.logical_or.reduce(ends)))
    taken, place = np.unique(tall.column, return_inverse=True)
    above, below = _bare_rows(layer.hidden[:, taken])
    last = len(layer.hidden) - 1
    most = 2 * _MATTERS * layer.box.height
    cut = np.zeros(len(tall), bool)
    # a pixel that both share may stand between them
    for step in (1, 2):
        row = np.clip(tall.top.astype(np.int64) - step, 0, last)
        cut |= row - above[row, place] > most
        row = np.clip(np.ceil(tall.bottom).astype(np.int64) + step - 1, 0, last)
        cut |= below[row, place] - row > most
    return len(np.unique(tall.column[cut])) / len(np.unique(runs.column))


class CourseDoubt(NamedTuple):
    """Shares of a curve: whose course is open, that has no ink of its colour near, and of its ink that is missed."""

    open: float
    bare: float
    missed: float

    @property
    def share(self) -> float:
        """The share of the curve that may be expected to lie elsewhere.

        Missed ink counts twice: what should follow it is not there, and what was followed instead is too much.
        """
        return max(self.open, self.bare) + 2 * self.missed


def weigh_course(segmentation: Segmentation, layer: Layer, trace: Trace, missed: float) -> CourseDoubt:
    """What speaks against the course of a trace; `missed` is the share of the layer's ink that no trace follows."""
    return CourseDoubt(uncertain_share(segmentation, layer, trace), astray_share(layer, trace), missed)


def _places(trace: Trace, layer: Layer) -> tuple[IntArray, IntArray, NDArray[np.bool_]]:
    """The pixels (columns and rows of the layer) that the points of a trace lie in, and whether they are covered."""
    good = np.isfinite(trace.y_px)
    height, width = layer.coverage.shape
    columns = np.clip((trace.x_px[good] - layer.box.left).astype(np.int64), 0, width - 1)
    rows = np.clip((trace.y_px[good] - layer.box.top).astype(np.int64), 0, height - 1)
    return columns, rows, trace.covered[good]


def _within_markers(trace: Trace) -> NDArray[np.bool_]:
    """Which of a trace's points, gaps left out, lie in one of its markers, through whose middle it passes."""
    good = np.isfinite(trace.y_px)
    apart = np.abs(trace.x_px[good][:, None] - trace.markers_px[:, 0])
    return np.asarray(apart.min(axis=1, initial=np.inf) <= trace.marker_radius_px + _SPREAD)


def _room(layer: Layer, columns: IntArray, rows: IntArray) -> NDArray[np.float64]:
    """The heights in pixels of what a curve could pass beneath, in their columns around places."""
    taken, place = np.unique(columns, return_inverse=True)
    above, below = _bare_rows(layer.hidden[:, taken] | (layer.coverage[:, taken] > _PASSABLE))
    return np.asarray(np.maximum(below[rows, place] - above[rows, place] - 1, 0), dtype=float)


def _bare_rows(mask: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The nearest rows outside a mask (h, w) at or above each pixel and at or below it; -1 and h beyond its ends."""
    index = np.arange(len(mask), dtype=np.int32)[:, None]
    above = np.maximum.accumulate(np.where(mask, np.int32(-1), index), axis=0)
    below = np.minimum.accumulate(np.where(mask, np.int32(len(mask)), index)[::-1], axis=0)[::-1]
    return above, below


def astray_share(layer: Layer, trace: Trace) -> float:
    """The share of a trace's length, or of its markers, that has no ink of its own colour near.

    There it was bridged beneath other ink or over bare ground, and only guessed. What is hidden by no more than one
    line, between places where the curve is seen, seldom lies elsewhere and counts less. The gaps of a dashed line are
    no such places.
    """
    x, y, covered = _along(trace, layer.box)
    if not len(x):
        return 0.0
    bare = layer.coverage <= _PASSABLE
    rows = np.clip(y.astype(np.int64), 0, bare.shape[0] - 1)
    columns = np.clip(x.astype(np.int64), 0, bare.shape[1] - 1)
    far = _far_off(bare, rows, columns, _MATTERS * min(layer.box.width, layer.box.height))
    if not far.any():
        return 0.0
    told = covered | (trace.style in ("solid", "points"))
    seen = np.flatnonzero(~far)
    between = np.zeros(len(far), bool)
    if len(seen):
        between[seen[0] : seen[-1]] = True
    narrow = far & between & covered
    narrow[narrow] = _room(layer, columns[narrow], rows[narrow]) - trace.width_px <= 2 * _MATTERS * layer.box.height
    return float(((far & told) * np.where(narrow, _SELDOM, 1.0)).mean())


def _far_off(bare: Mask, rows: IntArray, columns: IntArray, reach: float) -> NDArray[np.bool_]:
    """Which of some pixels lie further than `reach` from all that is not bare."""
    far = bare[rows, columns]
    if not far.any():
        return far
    # nothing further off matters
    margin = int(reach) + 2
    area = tuple(slice(max(int(k[far].min()) - margin, 0), int(k[far].max()) + margin + 1) for k in (rows, columns))
    away = cv2.distanceTransform(bare[area].astype(np.uint8), cv2.DIST_L2, 5)
    far[far] = away[rows[far] - area[0].start, columns[far] - area[1].start] > reach
    return far


def _along(trace: Trace, box: Box) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Places along a trace about a pixel apart, or its markers, in pixels of the box, and whether they are covered."""
    x, y = trace.x_px - box.left, trace.y_px - box.top
    good = np.isfinite(y)
    if trace.style == "points" or good.sum() < 2:
        return x[good], y[good], trace.covered[good]
    along = drawn_length(x, y)[good]
    x, y, covered = x[good], y[good], trace.covered[good]
    at = np.arange(0.0, along[-1], 1.0)
    after = np.clip(np.searchsorted(along, at, side="right"), 1, len(along) - 1)
    return np.interp(at, along, x), np.interp(at, along, y), covered[after] & covered[after - 1]


def _thickness(trace: Trace, box: Box, widest: float = np.inf) -> int:
    """How thick a trace is drawn: as it is wide, `widest` at most, with the spread of its edges, and wide enough."""
    return max(round(min(trace.width_px, widest) + 2 * _SPREAD), _least_thickness(box))


def _least_thickness(box: Box) -> int:
    return round(2 * _NEAR * min(box.width, box.height)) + 1


def _draw(target: NDArray[np.uint8], trace: Trace, box: Box, widest: float = np.inf) -> None:
    """Draw a trace with its width, `widest` at most, and the spread of its edges; markers as discs."""
    thickness = _thickness(trace, box, widest)
    # OpenCV puts pixel centres at whole numbers.
    x, y = trace.x_px - box.left - 0.5, trace.y_px - box.top - 0.5
    broken = np.flatnonzero(~np.isfinite(y))
    for piece in np.split(np.arange(len(y)), broken):
        piece = piece[np.isfinite(y[piece])]
        points = np.round(np.column_stack([x[piece], y[piece]]) * 2**_SHIFT).astype(np.int32)
        if len(points) and trace.style != "points":
            cv2.polylines(target, [points[:, None]], False, 1, thickness, cv2.LINE_8, _SHIFT)
    # what is left of a marker without a line may lie a size off, where others overlap it
    radius = trace.width_px if trace.style == "points" else trace.marker_radius_px
    # the broad places of a restless curve pass for markers, though hardly broader than it
    trusted = trace.style == "points" or radius >= _BROADER * trace.width_px
    for center in np.round(trace.markers_px - (box.left + 0.5, box.top + 0.5)).astype(int) if trusted else ():
        cv2.circle(target, (int(center[0]), int(center[1])), round(radius + _SPREAD), 1, -1)
