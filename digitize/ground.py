"""The ground of a plot area: background, shaded bands, filled areas and gridlines, as a picture without its curves.

A ground is flat: pixels whose whole neighbourhood has one colour are ground, and so are smaller patches of the colours
found in this way. Every other pixel takes the colour of the nearest of them. Gridlines and frames are then laid on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import STRIPE, Float32, greatest, largest_step
from digitize.gridlines import lay_gridlines
from digitize.medians import quantile
from digitize.model import Color, FloatArray, Image, Rule
from digitize.nearest import fill_from_nearest
from digitize.pieces import number_pieces
from digitize.sheets import Mask, Sheet
from digitize.tickgrid import lay_at_ticks

#: Colours of two grounds differ by this much at least in a channel (of 255).
_APART = 8.0
#: Colours of curves differ from the background by this much at least in a channel where they can be told from shading;
#: of a curve's colour more than this share lies away from the places that it fills.
_STRONG, _ELSEWHERE = 60.0, 0.15
#: At most so many colours of ground are told apart.
_GROUNDS = 6


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """`image` (h, w, 3) is the picture without its curves, `noise` the usual deviation of bare pixels from it.

    `ruled` is True where a gridline or frame side was laid on the ground.
    """

    image: Float32
    noise: float
    ruled: Mask


def find_ground(
    rgb: Float32,
    masked: Mask,
    background: Color,
    rules: Sequence[Rule],
    inks: Sequence[Color],
    places: tuple[FloatArray, FloatArray],
) -> Ground:
    """The ground of a piece of picture.

    Parameters
    ----------
    rgb : (h, w, 3), values from 0 to 255.
    masked : (h, w), True where text stands, which tells nothing.
    background : the commonest colour of the plot area.
    rules : gridlines and frame sides in pixels of the piece.
    inks : colours of the legend; a line in one of them is data, however straight.
    places : rows and columns, in pixels of the piece, where ticks tell that gridlines may stand.
    """
    sheet, flat, deviation = _flat_ground(rgb, masked, background)
    lay_gridlines(sheet, background, rules, inks)
    rows, columns = places
    lay_at_ticks(sheet, background, rows, inks)
    lay_at_ticks(sheet.turned, background, columns, inks)
    return Ground(image=sheet.image, noise=_noise(deviation, flat, sheet.ruled), ruled=sheet.ruled)


def _noise(deviation: Float32, flat: Mask, ruled: Mask) -> float:
    """How far bare pixels stray from their ground: between flat places and strokes, where lossy compression rings.

    Pixels that touch a stroke are left out; in a clean picture the rest are exactly of the ground's colour.
    """
    bare = cv2.erode((deviation < 25).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    near = deviation[bare & ~flat & ~ruled]
    if len(near) < 50:
        return float(np.sqrt(np.mean(deviation[flat] ** 2))) if flat.any() else 1.0
    return 1.2 * quantile(near, 0.75)


def _flat_ground(rgb: Float32, masked: Mask, background: Color) -> tuple[Sheet, Mask, Float32]:
    """The picture and its ground, where that is flat, and how far each pixel is from the mean of its ground."""
    size = max(7, round(0.02 * min(masked.shape))) | 1
    kernel = np.ones((size, size), np.uint8)
    pixels = rgb.astype(np.uint8)
    spread = greatest(cv2.dilate(pixels, kernel) - cv2.erode(pixels, kernel))
    spread[masked] = 255
    quiet = quantile(spread, 0.15)
    flat = _large_parts(spread <= min(max(1.5 * quiet, 5.0), 24.0), (1.5 * size) ** 2)
    if np.count_nonzero(flat) < 0.02 * flat.size:
        sheet = Sheet.of(rgb, _filled(rgb.shape, background), masked)
        return sheet, sheet.apart < 8, sheet.apart.copy()
    image, grounds = _told_grounds(rgb, pixels, flat, background, size)
    patches = _patches(rgb, masked | flat, [color for color, _ in grounds], size, max(4.0, quiet))
    known = flat | patches
    if patches.any():
        _lay_means(image, pixels, patches, size)
    fill_from_nearest(image, known)
    sheet = Sheet.of(rgb, image, masked)
    deviation = sheet.apart.copy()
    cv2.copyTo(rgb, patches.view(np.uint8), dst=image)
    sheet.apart[patches] = 0
    _settle_edges(sheet, ~known, grounds, size)
    return sheet, flat, deviation


def _filled(shape: tuple[int, ...], color: Sequence[float] | FloatArray) -> Float32:
    """An image (h, w, 3) of one colour."""
    image = np.empty(shape, np.float32)
    image[:] = np.asarray(color, np.float32)
    return image


def _told_grounds(
    rgb: Float32, pixels: Image, flat: Mask, background: Color, size: int
) -> tuple[Float32, list[tuple[FloatArray, Mask]]]:
    """An image of the ground that is right where it is flat, and the ground's colours with where each lies.

    Flat regions that are no ground are taken out of the mask.
    """
    only = _only_color(pixels, flat)
    if only is not None:
        image, found = _filled(rgb.shape, only), [(only, flat.copy())]
    else:
        image = np.zeros(rgb.shape, np.float32)
        _lay_means(image, pixels, flat, size)
        found = _distinct_grounds(image, flat)
    grounds = []
    for color, region in found:
        if _is_scribble(rgb, color, region, background, size):
            flat &= ~region
        else:
            grounds.append((color, region))
    return image, grounds


def _only_color(pixels: Image, flat: Mask) -> FloatArray | None:
    """The colour of the flat regions where it is the same everywhere, as mostly in a picture without noise."""
    color = pixels.reshape(-1, 3)[int(flat.argmax())].astype(np.float64)
    other = cv2.inRange(pixels, color, color) == 0
    return None if (other & flat).any() else color


def _lay_means(image: Float32, pixels: Image, mask: Mask, size: int) -> None:
    """Give each pixel of a mask the mean of those in the square around it."""
    chosen = mask.astype(np.uint8)
    for top in range(0, len(image), STRIPE):
        rows = slice(top, min(top + STRIPE, len(image)))
        near = slice(max(rows.start - size, 0), rows.stop + size)
        own = cv2.bitwise_and(pixels[near], pixels[near], mask=chosen[near])
        inner = slice(rows.start - near.start, rows.stop - near.start)
        total = cv2.boxFilter(own, cv2.CV_32F, (size, size), normalize=False)[inner]
        count = np.maximum(cv2.boxFilter(chosen[near], cv2.CV_32F, (size, size), normalize=False)[inner], 1)
        cv2.copyTo(cv2.divide(total, cv2.merge([count] * 3)), chosen[rows], dst=image[rows])


def _large_parts(mask: Mask, least: float) -> Mask:
    """Connected parts of an area of at least `least` pixels: the flat middle of a broad stroke or marker is small."""
    _, labels = number_pieces(mask, connectivity=4)
    large = np.bincount(labels.ravel()) >= least
    large[0] = False
    return np.asarray(np.take(large, labels))


def _distinct_grounds(image: Float32, flat: Mask) -> list[tuple[FloatArray, Mask]]:
    """The few colours of the flat regions, with where each lies."""
    places = np.flatnonzero(flat)
    channels = [np.take(channel, places) for channel in cv2.split(image)]
    codes = np.zeros(len(places), np.int32)
    for channel in channels:
        codes = 32 * codes + (channel / _APART).astype(np.int32)
    counts = np.bincount(codes)
    sums = np.stack([np.bincount(codes, channel) for channel in channels], axis=1)
    means = sums / np.maximum(counts, 1)[:, None]
    groups: list[tuple[FloatArray, list[int]]] = []
    for k in np.argsort(-counts)[: int((counts > 0).sum())]:
        group = next((g for g in groups if np.abs(g[0] - means[k]).max() < _APART), None)
        if group is not None:
            group[1].append(int(k))
        elif len(groups) < _GROUNDS and counts[k] >= 0.0005 * flat.size:
            groups.append((means[k].astype(np.float64), [int(k)]))
    found = []
    for color, members in groups:
        chosen = np.zeros(len(counts), bool)
        chosen[members] = True
        region = np.zeros(flat.shape, bool)
        region.ravel()[places] = np.take(chosen, codes)
        found.append((color, region))
    return found


def _is_scribble(rgb: Float32, color: FloatArray, region: Mask, background: Color, size: int) -> bool:
    """Whether a flat region is where a curve of a strong colour goes to and fro so densely that it fills the place.

    Elsewhere that curve is thin, so much of its colour lies away from the region, which of fills and bars does not.
    """
    if float(np.abs(color - np.array(background)).max()) < _STRONG:
        return False
    alike = cv2.inRange(rgb, color - _APART, color + _APART) > 0
    near = cv2.dilate(region.astype(np.uint8), np.ones((2 * size + 1, 2 * size + 1), np.uint8)) > 0
    return bool((alike & ~near).sum() > _ELSEWHERE * alike.sum())


def _patches(rgb: Float32, closed: Mask, colors: Sequence[FloatArray], size: int, tolerance: float) -> Mask:
    """Smaller patches of the colours of the grounds, as gridlines and curves leave them, but broader than strokes."""
    kernel = np.ones((max(5, (2 * size // 3) | 1),) * 2, np.uint8)
    found: NDArray[Any] = np.zeros(closed.shape, np.uint8)
    for color in colors:
        alike = cv2.inRange(rgb, color - tolerance, color + tolerance)
        found = cv2.bitwise_or(found, cv2.morphologyEx(alike, cv2.MORPH_OPEN, kernel))
    return np.asarray((found > 0) & ~closed)


def _settle_edges(sheet: Sheet, unsettled: Mask, grounds: Sequence[tuple[FloatArray, Mask]], size: int) -> None:
    """Where two grounds meet, pixels of either or between them are ground, whichever happens to be nearer."""
    if len(grounds) < 2:
        return
    index = np.flatnonzero(unsettled)
    distance = [cv2.distanceTransform((~near).astype(np.uint8), cv2.DIST_L2, 3).ravel()[index] for _, near in grounds]
    pixels, out, apart = sheet.rgb.reshape(-1, 3)[index], sheet.image.reshape(-1, 3), sheet.apart.ravel()
    for i in range(len(grounds)):
        for j in range(i):
            both = np.flatnonzero(np.maximum(distance[i], distance[j]) <= 3 * size)
            start, step = grounds[i][0], grounds[j][0] - grounds[i][0]
            offset = pixels[both] - start
            share = np.clip(offset @ step / max(float(step @ step), 1e-6), -0.1, 1.1)
            # Compression rings at the edge of a strong fill.
            tolerance = max(6.0, 0.1 * float(np.abs(step).max()))
            between = largest_step(offset - share[:, None] * step) < tolerance
            out[index[both[between]]] = pixels[both[between]]
            apart[index[both[between]]] = 0
