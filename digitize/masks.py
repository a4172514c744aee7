"""Where a plot area holds no data: text, the legend, the title, and what reaches in of a legend beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32, chroma, largest_step, lengths, to_color, to_lab
from digitize.medians import row_median
from digitize.model import Box, Color, Layout, LegendEntry
from digitize.pieces import number_pieces

Mask = NDArray[np.bool_]

#: A box no wider than so many of its heights holds a single sign.
_SIGN = 1.6
#: Ink runs on beyond a word where it has so many pixels there; a piece of curves is made up of such ink but for the
#: rest of this share, of colours seen beside it to so many levels of 255.
_RUNS_ON, _MOSTLY, _SAME = 4, 0.95, 24.0
#: Beside a word, as far as this share of its height, ink of the word's own colour runs into a row of markers.
_BESIDE = 0.5
#: Inks nearer to each other than this, and those further from grey than this (CIELAB), are one ink, and coloured.
_ONE_INK, _COLOURED = 15.0, 18.0
#: Fewest pixels that tell an ink.
_FEWEST = 3
#: The samples of a legend beside a plot area begin within this share of their length of its edge; what reaches in of
#: them differs by no more than this share.
_AT_EDGE, _ALIKE = 0.2, 0.15


def find_masked(layout: Layout, box: Box, rgb: Float32, ink: Mask) -> Mask:
    """True where ink within a box is that of text, the legend or the title.

    Parameters
    ----------
    layout : plot area, legend and words.
    box : the plot area, in whole pixels.
    rgb, ink : (h, w, 3) and (h, w), the pixels within the box, and those that differ from their ground.

    Returns
    -------
    (h, w) mask.
    """
    masked = text_mask(layout, box, ink.shape)
    masked &= ~_crossed_signs(layout, box, ink, rgb)
    masked &= ~_marker_rows(layout, box, rgb, ink)
    return masked | _remains_of_samples(layout, box, ink)


def text_mask(layout: Layout, box: Box, shape: tuple[int, ...]) -> Mask:
    """True where text, the legend or the title stand within a plot area of `shape` (h, w, ...), a mask (h, w)."""
    masked = np.zeros(shape[:2], bool)
    holes = list(layout.no_data)
    if layout.title_box:
        holes.append(layout.title_box)
    for hole in holes:
        masked[within(hole, box).grown(1.0).to_slices(shape)] = True
    return masked


def within(hole: Box, box: Box) -> Box:
    """A box in pixels of another."""
    return hole.moved(-box.left, -box.top)


def _words(layout: Layout) -> list[Box]:
    return [hole for hole in layout.no_data if layout.legend is None or hole != layout.legend.box]


def _crossed_signs(layout: Layout, box: Box, ink: Mask, rgb: Float32) -> Mask:
    """True where signs were read that ink runs through: corners, crossings and restless curves look like letters."""
    crossed = np.zeros(ink.shape, bool)
    for hole in _words(layout):
        moved = within(hole, box)
        inner, outer = moved.grown(1.0).to_slices(ink.shape), moved.grown(3.0).to_slices(ink.shape)
        if hole.width > _SIGN * hole.height:
            around = moved.grown(hole.height).to_slices(ink.shape)
            crossed[inner] |= _is_of_curves(ink[around], rgb[around], _within_slices(inner, around))
        elif ink[outer].sum() - ink[inner].sum() >= 4:
            crossed[inner] = True
    return crossed


def _within_slices(inner: tuple[slice, slice], outer: tuple[slice, slice]) -> tuple[slice, slice]:
    """Slices of an array as slices of a piece of it."""
    rows, columns = (slice(a.start - b.start, a.stop - b.start) for a, b in zip(inner, outer, strict=True))
    return rows, columns


def _is_of_curves(ink: Mask, rgb: Float32, place: tuple[slice, slice]) -> bool:
    """Whether what was read as a word is a piece of curves.

    Its ink hangs together with ink around it, on the left and on the right unless the plot area ends there, and is of
    the same colours. Letters stand by themselves, or are of another colour than the curve behind them.
    """
    own = np.zeros(ink.shape, bool)
    own[place] = ink[place]
    _, labels = number_pieces(ink)
    outside = np.bincount(labels[ink & ~own], minlength=int(labels.max()) + 1)
    around = ink & ~own & (outside[labels] >= _RUNS_ON)
    through = own & (outside[labels] >= _RUNS_ON)
    sides = [part for part in (slice(0, place[1].start), slice(place[1].stop, None)) if ink[:, part].size]
    beside = [np.isin(labels[through], labels[:, part][around[:, part]]).any() for part in sides]
    if not own.any() or through.sum() < _MOSTLY * own.sum() or not all(beside):
        return False
    inner, outer = (_some(rgb[mask]) for mask in (own, around))
    apart = largest_step(inner[:, None] - outer[None]).min(axis=1)
    return bool((apart <= _SAME).mean() >= _MOSTLY)


def _some(pixels: Float32) -> Float32:
    """A few hundred of the pixels (n, 3), evenly taken."""
    return pixels[:: max(len(pixels) // 400, 1)]


def _marker_rows(layout: Layout, box: Box, rgb: Float32, ink: Mask) -> Mask:
    """True where a word is a row of markers: in the ink of a line with markers, which runs into it from either side."""
    rows = np.zeros(ink.shape, bool)
    entries = layout.legend.entries if layout.legend else ()
    known = [e.swatch.color for e in entries if "marker" in e.swatch.kind and chroma(e.swatch.color) > _COLOURED]
    for hole in _words(layout) if known else ():
        moved = within(hole, box).grown(1.0)
        reach = _BESIDE * hole.height
        left = moved._replace(left=moved.left - reach, right=moved.left)
        right = moved._replace(left=moved.right, right=moved.right + reach)
        colors = [_ink_color(rgb, ink, part) for part in (left, moved, right)]
        if all(color is not None and _nearest(color, known) < _ONE_INK for color in colors):
            rows[moved.to_slices(ink.shape)] = True
    return rows


def _ink_color(rgb: Float32, ink: Mask, part: Box) -> Color | None:
    """The usual colour of the ink in a part of a plot area, None where there is hardly any."""
    where = part.to_slices(ink.shape)
    pixels = rgb[where][ink[where]]
    return to_color(row_median(pixels)) if len(pixels) >= _FEWEST else None


def _nearest(color: Color, known: Sequence[Color]) -> float:
    own, others = (to_lab(np.array(c, np.float32).reshape(-1, 3)) for c in (color, known))
    return float(lengths(others - own).min())


def _remains_of_samples(layout: Layout, box: Box, ink: Mask) -> Mask:
    """True where the samples of a legend beside the plot area reach into it, all equally far."""
    masked = np.zeros(ink.shape, bool)
    entries = [e for e in layout.legend.entries if "line" in e.swatch.kind] if layout.legend else []
    for mirrored in (False, True):
        shown = ink[:, ::-1] if mirrored else ink
        samples = [_at_right_edge(entry, box, mirrored) for entry in entries]
        reach = [0 if sample is None else _reach_inward(shown, sample) for sample in samples]
        if len(reach) < 2 or min(reach) == 0 or max(reach) - min(reach) > _ALIKE * max(reach) + 2:
            continue
        part = masked[:, ::-1] if mirrored else masked
        for sample, length in zip(samples, reach, strict=True):
            if sample is not None:
                rows, _ = sample.grown(2.0).to_slices(ink.shape)
                part[rows, ink.shape[1] - length - 1 :] = True
    return masked


def _at_right_edge(entry: LegendEntry, box: Box, mirrored: bool) -> Box | None:
    """A sample in pixels of the plot area where it begins at its right edge; `mirrored` it ends at the left one."""
    own = within(entry.swatch.box, box)
    if mirrored:
        own = own._replace(left=box.width - own.right, right=box.width - own.left)
    return own if abs(own.left - box.width) <= _AT_EDGE * own.width + 2 else None


def _reach_inward(ink: Mask, sample: Box) -> int:
    """How many columns a sample at the right edge goes on into the plot area, 0 where it is longer than the sample."""
    rows, _ = sample.grown(2.0).to_slices(ink.shape)
    columns = np.flatnonzero(np.asarray(ink[rows].any(axis=0))[::-1])
    gaps = np.diff(columns, prepend=-1) > max(_AT_EDGE * sample.width, 3.0) + 1
    own = columns[: int(np.argmax(gaps))] if gaps.any() else columns
    reach = int(own[-1]) + 1 if len(own) else 0
    return reach if reach <= sample.width else 0
