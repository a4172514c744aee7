"""Ink in the colours of curves beyond the plot area or beyond their ends, where something was cut off too early."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import lengths, to_lab
from digitize.medians import median
from digitize.model import Axis, Box, Color, FloatArray, Image, Layer, Layout, Trace
from digitize.palette import inked_part
from digitize.pieces import label_pieces, true_places

#: Beyond the plot area a curve is looked for over this share of the distance of its ticks, at least this share of its
#: extent and at most that one.
_STEPS, _LEAST, _MOST = 0.5, 0.03, 0.2
#: Colours of less chroma than this (CIELAB) are those of axes and text too.
_COLOURED = 25.0
#: A pixel shows a curve's colour within this share of its contrast to the ground, and within this distance (CIELAB).
_SHARE, _FARTHEST = 0.35, 20.0
#: The direction in which a curve arrives at its end is that of its last so many stroke widths; the line beyond is
#: followed over at most so many pixels.
_TAIL, _LONGEST = 3.0, 100
#: A piece narrower than so many gaps of a curve is a straight stroke.
_STRAIGHT = 2.0
#: A stroke's edge spreads by about this much, texts and boxes by that much, in pixels.
_EDGE, _BLUR = 0.75, 2.0


def shares_beyond(
    image: Image, layout: Layout, others: Sequence[Box], curves: Sequence[tuple[Trace, Layer]]
) -> list[float]:
    """The ink in the colour of each curve around the plot area, as a share of the curve's own.

    Texts, the legend and other plot areas are left out, and so are markers that hang over the edge; a colour as grey
    as axes and text are tells nothing.

    Parameters
    ----------
    image : (height, width, 3) array of the whole picture.
    layout : the panel.
    others : the plot areas of the other panels.
    curves : each with the layer that it was read from.

    Returns
    -------
    One share a curve.
    """
    box = layout.area.box
    across, down = _reach(layout.x_axis, box.width), _reach(layout.y_axis, box.height)
    rows, columns = Box(box.left - across, box.top - down, box.right + across, box.bottom + down).to_slices(image.shape)
    free = np.ones((rows.stop - rows.start, columns.stop - columns.start), bool)
    for taken in (box, *(one.grown(_BLUR) for one in (*_texts(layout), *others))):
        free[taken.moved(-columns.start, -rows.start).to_slices(free.shape)] = False
    part, ground = np.ascontiguousarray(image[rows, columns]), _one_lab(layout.area.background)
    # most of it is the page
    page = part[0, 0]
    if not any(_shows(to_lab(page[None]), one.color, ground).any() for one, _ in curves):
        free &= cv2.inRange(part, page.astype(float), page.astype(float)) == 0
    down_px, along_px = true_places(free)
    places = np.column_stack([along_px + columns.start, down_px + rows.start]) + 0.5
    lab = to_lab(part[down_px, along_px])
    return [_share_beyond(places[_shows(lab, one.color, ground)], box, one, layer) for one, layer in curves]


def reach_curves(image: Image, layout: Layout, others: Sequence[Box], curves: Sequence[Trace]) -> Box:
    """The box of a plot area, grown to where its curves end that go on beyond its edges without a break.

    Texts, the legend and other plot areas end it. In a colour as grey as axes and text are only pieces tell that hang
    together with what lies within and are no straight strokes.

    Parameters
    ----------
    image : (height, width, 3) array of the whole picture.
    layout : the panel.
    others : the plot areas of the other panels.
    curves : what was read in it.
    """
    box = layout.area.box
    across, down = float(image.shape[1]), float(image.shape[0])
    beyond = {
        "left": Box(0.0, box.top, box.left, box.bottom),
        "right": Box(box.right, box.top, across, box.bottom),
        "top": Box(box.left, 0.0, box.right, box.top),
        "bottom": Box(box.left, box.bottom, box.right, down),
    }
    lines = [curve for curve in curves if curve.style != "points"]
    if not lines:
        return box
    taken = [one.grown(_BLUR) for one in (*_texts(layout), *others)]
    gap = max(line.width_px for line in lines) + _BLUR
    least = max(_LEAST * min(box.width, box.height), _text_height(layout))
    colors = {line.color for line in lines}
    moved = {}
    for side, strip in beyond.items():
        length = 0
        # most curves end within: first it is asked whether there is any ink beside the edge
        near = _beside(box, side, gap)
        any_ = _shown_in(image, near, colors, layout.area.background, taken, 0.0)
        if not _unbroken(any_, side, gap):
            continue
        for chroma in (_COLOURED, 0.0):
            beside = _shown_in(image, near, colors, layout.area.background, taken, chroma) if chroma else any_
            if not _unbroken(beside, side, gap):
                continue
            shown = _shown_in(image, strip, colors, layout.area.background, taken, chroma)
            length = _unbroken(shown if chroma else _crooked_from(shown, side, gap), side, gap)
            if length:
                break
        if length >= least:
            moved[side] = getattr(box, side) + (-length if side in ("left", "top") else length)
    return box._replace(**moved)


def _beside(box: Box, side: str, gap: float) -> Box:
    """The pixels just beyond one side of a box, a little more than a gap wide."""
    far = gap + 1.0
    return {
        "left": Box(box.left - far, box.top, box.left, box.bottom),
        "right": Box(box.right, box.top, box.right + far, box.bottom),
        "top": Box(box.left, box.top - far, box.right, box.top),
        "bottom": Box(box.left, box.bottom, box.right, box.bottom + far),
    }[side]


def _crooked_from(shown: NDArray[np.bool_], side: str, gap: float) -> NDArray[np.bool_]:
    """The pieces of a mask beyond one side of a box that begin at it and are no straight strokes along or across."""
    labels, stats, _ = label_pieces(shown)
    edges = {"left": labels[:, ::-1], "right": labels, "top": labels[::-1].T, "bottom": labels.T}
    begin = np.isin(np.arange(len(stats)), edges[side][:, : math.ceil(gap)])
    begin &= stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].min(axis=1) > _STRAIGHT * gap
    begin[0] = False
    return np.asarray(begin[labels])


def _shown_in(
    image: Image,
    strip: Box,
    colors: Collection[Color],
    ground: Color,
    taken: Sequence[Box],
    coloured: float,
) -> NDArray[np.bool_]:
    """Which pixels of a strip show one of the colours of at least so much chroma, outside of boxes that are taken."""
    rows, columns = strip.to_slices(image.shape)
    part = np.ascontiguousarray(image[rows, columns])
    shown = np.zeros(part.shape[:2], bool)
    if not shown.size:
        return shown
    lab = to_lab(part.reshape(-1, 3))
    for color in colors:
        shown |= _shows(lab, color, _one_lab(ground), coloured).reshape(shown.shape)
    for one in taken:
        shown[one.moved(-columns.start, -rows.start).to_slices(shown.shape)] = False
    return shown


def _unbroken(shown: NDArray[np.bool_], side: str, gap: float) -> int:
    """How far ink goes on beyond one side of a box, in pixels, with no gap as wide as this."""
    along = np.asarray(shown.any(axis=0 if side in ("left", "right") else 1))
    places = np.flatnonzero(along[:: -1 if side in ("left", "top") else 1])
    if not len(places) or places[0] > gap:
        return 0
    wide = np.flatnonzero(np.diff(places) > gap)
    return int(places[wide[0] if len(wide) else -1]) + 1


def _text_height(layout: Layout) -> float:
    axes = [axis for axis in (layout.x_axis, layout.y_axis) if axis]
    heights = [tick.box.height for axis in axes for tick in axis.ticks if tick.box]
    return median(heights) if heights else 0.0


def share_beyond_ends(image: Image, ground: Color, trace: Trace, layer: Layer) -> float:
    """How far a line of a curve's colour goes on beyond one of its ends, as a share of the curve's length.

    It is followed from the end, in the direction in which the curve arrives there, for as long as it shows within a
    stroke's width; what a marker at the end covers is no line.

    Parameters
    ----------
    image : (height, width, 3) array of the whole picture.
    ground : the colour of the plot area.
    trace : a curve in pixels of the picture.
    layer : the layer that it was read from.
    """
    good = np.isfinite(trace.y_px)
    points = np.column_stack([trace.x_px[good], trace.y_px[good]])
    if trace.style == "points" or len(points) < 2:
        return 0.0
    ways = (points, points[::-1])
    beyond = max(_walk(image, ground, trace, way) for way in ways) - trace.width_px - 1.0
    if beyond > 0:
        beyond += trace.width_px - max(_radius(layer), trace.width_px)
    return max(beyond, 0.0) / max(_length(trace), 1.0)


def _length(trace: Trace) -> float:
    return float(np.nansum(np.hypot(np.diff(trace.x_px), np.diff(trace.y_px))))


def _walk(image: Image, ground: Color, trace: Trace, way: FloatArray) -> float:
    """How far the line goes on beyond the first point of a way (n, 2)."""
    back = np.hypot(*(way - way[0]).T)
    tail = way[min(int(np.argmax(back >= _TAIL * trace.width_px)) or len(way) - 1, len(way) - 1)]
    step = (way[0] - tail) / max(float(np.hypot(*(way[0] - tail))), 1e-6)
    reach = trace.width_px / 2 + _EDGE
    place, count = way[0].copy(), 0
    while count < _LONGEST:
        place = place + step
        window = Box(*(place - reach), *(place + reach))
        rows, columns = window.to_slices(image.shape)
        shown = _shows(to_lab(image[rows, columns]).reshape(-1, 3), trace.color, _one_lab(ground))
        if not shown.any():
            break
        down, along = np.unravel_index(np.flatnonzero(shown), (rows.stop - rows.start, columns.stop - columns.start))
        middle = np.array([along.mean() + columns.start, down.mean() + rows.start]) + 0.5
        # nearer to the middle of the stroke, across the direction only
        aside = middle - place
        place += 0.5 * (aside - (aside @ step) * step)
        count += 1
    return float(count)


def _shows(
    lab: NDArray[np.float32], color: Color, ground: FloatArray, coloured: float = _COLOURED
) -> NDArray[np.bool_]:
    """Which pixels show a colour that is told from those of axes and text, by at least so much chroma."""
    full = _one_lab(color)
    contrast = full - ground
    if np.hypot(contrast[1], contrast[2]) < coloured:
        return np.zeros(len(lab), bool)
    reach = min(_SHARE * float(np.linalg.norm(contrast)), _FARTHEST)
    return np.asarray(lengths(lab - full) <= reach)


def _share_beyond(places: FloatArray, box: Box, trace: Trace, layer: Layer) -> float:
    """The pixels (n, 2) that do not hang over the edge of the box, as a share of what the curve covers."""
    scattered = trace.style == "points"
    edge = box.grown(_EDGE + (_radius(layer) if scattered else trace.width_px / 2))
    x, y = places.T
    beyond = int(((x < edge.left) | (x > edge.right) | (y < edge.top) | (y > edge.bottom)).sum())
    own = float(layer.coverage.sum()) if scattered else _length(trace) * trace.width_px
    return beyond / max(own, 1.0)


def _reach(axis: Axis | None, extent: float) -> float:
    places = np.sort([tick.pixel for tick in axis.ticks if tick.used]) if axis else np.empty(0)
    step = median(np.diff(places)) if len(places) > 1 else 0.0
    return float(np.clip(_STEPS * step, _LEAST * extent, _MOST * extent))


def _texts(layout: Layout) -> list[Box]:
    axes = [axis for axis in (layout.x_axis, layout.y_axis, layout.y2_axis) if axis]
    boxes = [tick.box for axis in axes for tick in axis.ticks] + [axis.label_box for axis in axes]
    found = [box for box in (*boxes, layout.title_box, *layout.no_data) if box]
    if layout.legend:
        entries = layout.legend.entries
        found += [layout.legend.box, *(e.word_box for e in entries), *(e.swatch.box for e in entries)]
    return found


def _radius(layer: Layer) -> float:
    """The radius of a layer's largest markers in pixels."""
    on = layer.coverage >= 0.5
    solid = np.pad(on[inked_part(on)].view(np.uint8), 1)
    return float(cv2.distanceTransform(solid, cv2.DIST_L2, 3).max())


def _one_lab(color: Color) -> FloatArray:
    return np.asarray(to_lab(np.array([color], np.float32))[0], dtype=float)
