"""Whether a picture shows the same layout as another, pixel by pixel: all but the curves.

Charts of one layout that are drawn by one program are the same to the pixel wherever no data stand: tick labels, titles
and legends that are unchanged need not be recognised again. Any pixel that is clearly another one counts, since a
decimal point or a minus sign is hardly more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import color_distance, to_color
from digitize.medians import median
from digitize.model import Axis, AxisName, Box, Color, FloatArray, Image, Layout, Picture, Rule

Mask = NDArray[np.bool_]

#: Pixels are the same that differ by no more than this in any channel, of 255, in clean pictures and in such as show
#: traces of compression: what rings about curves makes at most 26 in texts nearby down to quality 60.
_CLEAN, _COMPRESSED = 8, 24
#: Beside the texts it makes so many times as much, closer to the curves; a new sign there is of full contrast.
_BESIDE = 2
#: Nor by more than this share of the contrast of the palest text: another digit, sign or point differs from the one
#: before by a third of the contrast at least, by a fifth where pictures of such text are compressed at quality 75.
_OF_TEXT = 0.2
#: Texts of a panel stand within so many text heights of it and of each other.
AROUND = 2.0
#: Curves and markers hang over the edge of a plot area by no more than this, in text heights: text stands out further.
_OVERHANG = 0.5
#: A sign stands no further from its number than this, in text heights.
_SIGN = 0.8
#: A stroke's edge spreads by this much, in pixels.
_EDGE = 1.5
#: A pixel that a curve covers lies within so many levels of 255 of the mixtures of its ground and the curve's colour.
MIXED = 24.0
#: Colours of curves and of text that are nearer to each other than this (CIELAB) are not told apart.
_ONE_INK = 20.0
#: Of the pixels along a stroke that stayed this share may be covered by curves.
_COVERED = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """The pixels (height, width, 3) of a picture of a layout, and where others of that layout have the same.

    `limit` is by how much these may differ, in levels of 255, and `most` the same where the other picture shows traces
    of compression. `layouts` are those of its panels. `fixed` (height, width) is True where nothing but the layout is
    drawn, `lettered` where that is text or a legend's sample, `near` the number of a panel, from 1, where its curves
    may hang over the edge of the plot area or pass the legend; `inks` are for each panel the colours of its curves that
    no text has.
    """

    pixels: Image
    limit: int
    most: int
    layouts: tuple[Layout, ...]
    fixed: Mask
    lettered: Mask
    near: NDArray[np.uint8]
    inks: tuple[tuple[Color, ...], ...]


def to_reference(picture: Picture, layouts: Sequence[Layout], colors: Sequence[Sequence[Color]]) -> Reference:
    """A reference from a picture.

    Parameters
    ----------
    picture : the picture, whose pixels before any restoration count.
    layouts : one a panel.
    colors : for each panel the colours of its curves.

    Notes
    -----
    Pixels are fixed near the panels and their texts, and where the picture is bare, so that anything new is noticed.
    What else is drawn far from all panels (a clock, a tile with a figure, a chart of bars) is none of the layout.
    """
    pixels = picture.as_given
    fixed, lettered, near = _places(pixels, layouts)
    palest = min((_contrast(pixels, box) for layout in layouts for box in _written(layout)), default=255.0)
    most = round(min(_COMPRESSED, _OF_TEXT * palest))
    return Reference(
        pixels=pixels,
        limit=min(_CLEAN, most) if picture.given is None else most,
        most=most,
        layouts=tuple(layouts),
        fixed=fixed,
        lettered=lettered,
        near=near,
        inks=tuple(_apart(own, layout, pixels) for own, layout in zip(colors, layouts, strict=True)),
    )


def same_layouts(reference: Reference, picture: Picture) -> tuple[Layout, ...] | None:
    """The layouts of a reference as they are in a picture that has the same pixels wherever they are fixed, else None.

    Notes within a plot area that are not in the picture are none of its layout.

    Parameters
    ----------
    reference : another picture of the same size.
    picture : the picture, whose pixels before any restoration count.
    """
    pixels = picture.as_given
    changed = _changed(reference.pixels, pixels, reference.limit if picture.given is None else reference.most)
    odd = changed & reference.fixed
    if picture.given is not None:
        odd &= reference.lettered | _changed(reference.pixels, pixels, _BESIDE * reference.most)
    places = np.flatnonzero(odd)
    numbers = reference.near.ravel()[places]
    if not numbers.all():
        return None
    before, after = (image.reshape(-1, 3)[places].astype(float) for image in (reference.pixels, pixels))
    for number in np.unique(numbers):
        own = numbers == number
        ground = reference.layouts[number - 1].area.background
        if not _are_of_curves(before[own], after[own], reference.inks[number - 1], ground):
            return None
    for layout in reference.layouts:
        rules = (*layout.area.frame, *layout.area.x_grid, *layout.area.y_grid)
        strokes = (changed[_along(rule).to_slices(changed.shape)] for rule in rules)
        if any(np.count_nonzero(stroke) > _COVERED * stroke.size for stroke in strokes):
            return None
    return tuple(_with_notes(layout, changed) for layout in reference.layouts)


def changed_labels(reference: Reference, picture: Picture) -> tuple[tuple[int, AxisName, str], ...]:
    """The tick labels that a picture shows otherwise than a reference, though it shows most others to the pixel.

    For each the number of the panel, from 0, the axis and the text of the reference. Where compression left traces, or
    most labels are drawn otherwise, pixels tell nothing of a single one: there are none.
    """
    if picture.given is not None or reference.limit > _CLEAN:
        return ()
    changed = _changed(reference.pixels, picture.as_given, reference.limit) & reference.fixed & (reference.near == 0)
    reach = _SIGN * text_height(reference.layouts)
    labels = [
        ((number, name, tick.text), bool(changed[tick.box.grown(reach).to_slices(changed.shape)].any()))
        for number, layout in enumerate(reference.layouts)
        for name, axis in named_axes(layout)
        for tick in axis.ticks
        if tick.box
    ]
    odd = tuple(label for label, is_changed in labels if is_changed)
    return odd if 2 * len(odd) < len(labels) else ()


def off_mixtures(pixels: FloatArray, bare: FloatArray, full: FloatArray) -> FloatArray:
    """How far pixels (n, 3) are from the mixtures of what lies beneath (n, 3) and an ink (3,), in levels of 255."""
    way = full - bare
    share = ((pixels - bare) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-9)
    return np.asarray(np.linalg.norm(pixels - bare - np.clip(share, 0, 1)[:, None] * way, axis=1))


def text_height(layouts: Sequence[Layout]) -> float:
    """The usual height of the tick labels of a picture's panels, in pixels."""
    boxes = [tick.box for layout in layouts for axis in axes_of(layout) for tick in axis.ticks if tick.box]
    return median([min(box.width, box.height) for box in boxes]) if boxes else 10.0


def hull(layout: Layout) -> Box:
    """The box of a panel with all of its texts."""
    box = layout.area.box
    for other in texts(layout):
        box = box.union(other)
    return box


def texts(layout: Layout) -> list[Box]:
    """The boxes of a panel's tick labels, titles and legend."""
    boxes = [box for axis in axes_of(layout) for box in (axis.label_box, *(tick.box for tick in axis.ticks))]
    return [box for box in (*boxes, layout.title_box, layout.legend and layout.legend.box) if box]


def axes_of(layout: Layout) -> list[Axis]:
    """The axes that a panel has."""
    return [axis for _, axis in named_axes(layout)]


def named_axes(layout: Layout) -> list[tuple[AxisName, Axis]]:
    """The axes that a panel has, with their names."""
    every: tuple[tuple[AxisName, Axis | None], ...]
    every = (("x", layout.x_axis), ("y", layout.y_axis), ("y2", layout.y2_axis))
    return [(name, axis) for name, axis in every if axis]


def _places(pixels: Image, layouts: Sequence[Layout]) -> tuple[Mask, Mask, NDArray[np.uint8]]:
    """Where nothing but the layout is drawn, and text of it, and near which panel curves may be seen there, from 1."""
    height = text_height(layouts)
    fixed = _is_bare(pixels, AROUND * height)
    near = np.zeros(fixed.shape, np.uint8)
    for number, layout in enumerate(layouts, start=1):
        fixed[hull(layout).grown(AROUND * height).to_slices(fixed.shape)] = True
        near[layout.area.box.grown(_OVERHANG * height).to_slices(near.shape)] = number
    for layout in layouts:
        fixed[layout.area.box.grown(_edge(layout)).to_slices(fixed.shape)] = False
    for number, layout in enumerate(layouts, start=1):
        around = _around_legend(layout, height).to_slices(fixed.shape)
        fixed[around], near[around] = True, number
    lettered = np.zeros(fixed.shape, bool)
    for box in (box for layout in layouts for box in (*_written(layout), *_samples(layout))):
        lettered[box.grown(1.0).to_slices(fixed.shape)] = True
    near[lettered] = 0
    return fixed | lettered, lettered, near


def _changed(before: Image, after: Image, limit: int) -> Mask:
    """Which pixels of two pictures differ by more than so many levels."""
    return np.asarray(cv2.inRange(cv2.absdiff(before, after), (0, 0, 0), (limit, limit, limit)) == 0)


def _edge(layout: Layout) -> float:
    """How far the frame of a plot area, which curves touch, goes beyond its edges, in pixels."""
    return _EDGE + max((rule.width_px for rule in layout.area.frame), default=1.0) / 2


def _is_bare(pixels: Image, reach: float) -> Mask:
    """Where nothing is drawn within so many pixels."""
    step = np.ones((3, 3), np.uint8)
    spread = cv2.subtract(cv2.dilate(pixels, step), cv2.erode(pixels, step))
    drawn = cv2.bitwise_not(cv2.inRange(spread, (0, 0, 0), (_CLEAN, _CLEAN, _CLEAN)))
    size = 2 * int(np.ceil(reach)) + 1
    return np.asarray(cv2.dilate(drawn, np.ones((size, size), np.uint8)) == 0)


def _around_legend(layout: Layout, height: float) -> Box:
    """The legend and the room within the plot area in which one more entry would stand."""
    if layout.legend is None:
        return Box(0.0, 0.0, 0.0, 0.0)
    return layout.legend.box.grown(AROUND * height).intersection(layout.area.box.grown(-_edge(layout)))


def _apart(colors: Sequence[Color], layout: Layout, pixels: Image) -> tuple[Color, ...]:
    """The colours of curves in which nothing is written."""
    written = {_ink(pixels, box, layout.area.background) for box in _written(layout)}
    return tuple(color for color in colors if all(color_distance(color, ink) > _ONE_INK for ink in written))


def _written(layout: Layout) -> list[Box]:
    """The boxes of a panel's texts, of its legend those of the names."""
    names = [entry.word_box for entry in layout.legend.entries] if layout.legend else []
    legend = layout.legend.box if layout.legend else None
    return [box for box in texts(layout) if box != legend] + names


def _contrast(pixels: Image, box: Box) -> float:
    """How far the colours in a box are apart in a channel, in levels of 255."""
    part = pixels[box.to_slices(pixels.shape)].reshape(-1, 3)
    return float(np.ptp(part.astype(int), axis=0).max()) if len(part) else 255.0


def _samples(layout: Layout) -> list[Box]:
    """The boxes of the samples in a panel's legend; curves may pass between these and the names."""
    return [entry.swatch.box for entry in layout.legend.entries] if layout.legend else []


def _ink(pixels: Image, box: Box, ground: Color) -> Color:
    """The colour in a box that differs most from the ground."""
    part = pixels[box.to_slices(pixels.shape)].reshape(-1, 3).astype(float)
    if not len(part):
        return ground
    return to_color(part[np.abs(part - np.array(ground, float)).sum(axis=1).argmax()])


def _are_of_curves(before: FloatArray, after: FloatArray, inks: Sequence[Color], ground: Color) -> bool:
    """Whether pixels (n, 3) of two pictures differ by curves alone that cover them in either or both."""
    covered = np.zeros(len(before), bool)
    for ink in inks:
        full = np.array(ink, float)
        bare = np.broadcast_to(np.array(ground, float), before.shape)
        seen = (off_mixtures(before, bare, full) <= MIXED) & (off_mixtures(after, bare, full) <= MIXED)
        covered |= seen | (off_mixtures(after, before, full) <= MIXED) | (off_mixtures(before, after, full) <= MIXED)
    return bool(covered.all())


def _along(rule: Rule) -> Box:
    """The pixels in the middle of a stroke."""
    at = float(np.floor(rule.position_px))
    if rule.orientation == "horizontal":
        return Box(rule.start_px, at, rule.end_px, at + 1)
    return Box(at, rule.start_px, at + 1, rule.end_px)


def _with_notes(layout: Layout, changed: Mask) -> Layout:
    """The layout with those notes within its plot area that did not change."""
    legend = layout.legend.box if layout.legend else None
    kept = [box for box in layout.no_data if box == legend or not changed[box.to_slices(changed.shape)].any()]
    return replace(layout, no_data=tuple(kept))
