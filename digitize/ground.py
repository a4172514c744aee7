"""The ground of a plot area: background, shaded bands, filled areas and gridlines, as a picture without its curves.

A ground is flat: pixels whose whole neighbourhood has one colour are ground, every other pixel takes the colour of
the nearest of them. Gridlines and frames are rows and columns of which most pixels differ from that by the same
colour; they are laid on the ground, so that a curve which runs along one shows where its colour differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32, to_lab
from digitize.model import Color, Rule

#: A row belongs to a line across the whole box when this share of its pixels differ from the ground alike.
_SPANNING = 0.55
#: Colours nearer than this (CIELAB) may be the same ink.
_SAME = 14.0
#: Where more than this share of the bare pixels beside strokes are not quite the ground, compression was lossy.
_EXACT = 0.4


@dataclass(frozen=True, kw_only=True, eq=False)
class Ground:
    """`image` (h, w, 3) is the picture without its curves, `noise` the usual deviation of flat pixels from it.

    `ruled` is True where a gridline or frame side was laid on the ground.
    """

    image: Float32
    noise: float
    ruled: NDArray[np.bool_]


def find_ground(
    rgb: Float32, masked: NDArray[np.bool_], background: Color, rules: Sequence[Rule], inks: Sequence[Color]
) -> Ground:
    """The ground of a piece of picture.

    Parameters
    ----------
    rgb : (h, w, 3), values from 0 to 255.
    masked : (h, w), True where text stands, which tells nothing.
    background : the commonest colour of the plot area.
    rules : gridlines and frame sides in pixels of the piece.
    inks : colours of the legend; a line in one of them is data, however straight.
    """
    image, flat = _flat_ground(rgb, masked, background)
    noise = _noise(rgb, image, flat)
    ruled = np.zeros(masked.shape, bool)
    for axis in (1, 0):
        _lay_spanning(rgb, image, ruled, masked, inks, axis)
    for rule in rules:
        _lay_rule(rgb, image, ruled, rule, inks)
    return Ground(image=image, noise=noise, ruled=ruled)


def _noise(rgb: Float32, image: Float32, flat: NDArray[np.bool_]) -> float:
    """How far bare pixels stray from their ground: between flat places and strokes, where lossy compression rings."""
    difference = np.abs(rgb - image).max(axis=2)
    near = ~flat & (difference < 25)
    if near.sum() < 50:
        return float(np.sqrt(np.mean(difference[flat] ** 2))) if flat.any() else 1.0
    stray = float(0.6 * np.quantile(difference[near], 0.85))
    # Without loss most bare pixels are exact, and what strays are the outskirts of strokes.
    return stray if np.mean(difference[near] > 0.5) > _EXACT else min(stray, 1.0)


def _flat_ground(rgb: Float32, masked: NDArray[np.bool_], background: Color) -> tuple[Float32, NDArray[np.bool_]]:
    height, width = masked.shape
    size = max(7, round(0.02 * min(height, width))) | 1
    kernel = np.ones((size, size), np.uint8)
    spread = (cv2.dilate(rgb, kernel) - cv2.erode(rgb, kernel)).max(axis=2)
    spread[masked] = 255
    quiet = float(np.quantile(spread, 0.15))
    flat = spread <= min(max(1.5 * quiet, 5.0), 24.0)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(flat.astype(np.uint8), connectivity=4)
    # The flat middle of a broad stroke or of a marker is small; a ground is not.
    large = stats[:, cv2.CC_STAT_AREA] >= (1.5 * size) ** 2
    large[0] = False
    flat = large[labels]
    image = np.empty(rgb.shape, np.float32)
    if flat.mean() < 0.02:
        image[:] = np.array(background, np.float32)
        return image, np.abs(rgb - image).max(axis=2) < 8
    _, nearest = cv2.distanceTransformWithLabels((~flat).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
    colors = np.zeros((int(nearest.max()) + 1, 3), np.float32)
    colors[nearest[flat]] = cv2.blur(rgb, (size, size))[flat]
    image = np.ascontiguousarray(colors[nearest])
    _settle_edges(rgb, image, flat, size)
    return image, flat


def _settle_edges(rgb: Float32, image: Float32, flat: NDArray[np.bool_], size: int) -> None:
    """Where two grounds meet, pixels of either or between them are ground, whichever happens to be nearer."""
    grounds = _distinct_grounds(image, flat)
    if len(grounds) < 2:
        return
    distance = [cv2.distanceTransform((~near).astype(np.uint8), cv2.DIST_L2, 3) for _, near in grounds]
    open_pixels = ~flat
    for i in range(len(grounds)):
        for j in range(i):
            both = open_pixels & (np.maximum(distance[i], distance[j]) <= 3 * size)
            if not both.any():
                continue
            start, step = grounds[i][0], grounds[j][0] - grounds[i][0]
            offset = rgb[both] - start
            share = np.clip(offset @ step / max(float(step @ step), 1e-6), -0.1, 1.1)
            between = np.abs(offset - share[:, None] * step).max(axis=1) < 6.0
            settled = image[both]
            settled[between] = rgb[both][between]
            image[both] = settled


def _distinct_grounds(image: Float32, flat: NDArray[np.bool_]) -> list[tuple[Float32, NDArray[np.bool_]]]:
    """The few colours of the flat regions, with where each lies."""
    codes = (image / 8).astype(np.int32) @ np.array([1024, 32, 1], np.int32)
    codes[~flat] = -1
    values, counts = np.unique(codes[flat], return_counts=True)
    found: list[tuple[Float32, NDArray[np.bool_]]] = []
    for value in values[np.argsort(-counts)][:24]:
        where = codes == value
        color = image[where].mean(axis=0)
        for k, (other, region) in enumerate(found):
            if np.abs(other - color).max() < 8:
                found[k] = (other, region | where)
                break
        else:
            if len(found) < 5 and where.sum() >= 0.001 * where.size:
                found.append((np.asarray(color, np.float32), where))
    return found


def _lay_spanning(
    rgb: Float32, image: Float32, ruled: NDArray[np.bool_], masked: NDArray[np.bool_], inks: Sequence[Color], axis: int
) -> None:
    """Lay rows (`axis` 1) or columns (`axis` 0) that mostly differ from the ground alike on the ground."""
    offset = rgb - image
    offset[masked] = 0
    middle = np.median(offset, axis=axis)
    for k in np.flatnonzero(np.abs(middle).max(axis=1) > 2.0):
        line = offset[k] if axis == 1 else offset[:, k]
        alike = np.abs(line - middle[k]).max(axis=1) <= max(6.0, 0.25 * float(np.abs(middle[k]).max()))
        ground = np.median(image[k] if axis == 1 else image[:, k], axis=0)
        if alike.mean() < _SPANNING or _is_ink(ground, middle[k], inks):
            continue
        under = image[k] if axis == 1 else image[:, k]
        # A translucent area over the line thins it; what is a lesser share of its colour is the line all the same.
        share = np.clip(line @ middle[k] / float(middle[k] @ middle[k]), 0.0, 1.1)
        thinned = np.abs(line - share[:, None] * middle[k]).max(axis=1) < 5
        under += np.where(thinned[:, None], line, middle[k])
        (ruled if axis == 1 else ruled.T)[k] = True
    np.clip(image, 0, 255, out=image)


def _is_ink(ground: NDArray[np.generic], offset: NDArray[np.generic], inks: Sequence[Color]) -> bool:
    """Whether an offset from the ground is a good share of one of the coloured inks."""
    for ink in inks:
        full = np.asarray(ink, float) - ground
        size = float(np.linalg.norm(full))
        share = float(full @ offset) / max(size**2, 1e-6)
        lab = to_lab(np.array([ink, ground]))
        coloured = float(np.linalg.norm(lab[0, 1:] - lab[1, 1:])) > 2 * _SAME
        if coloured and share > 0.45 and float(np.linalg.norm(offset - share * full)) < 0.15 * size:
            return True
    return False


def _lay_rule(rgb: Float32, image: Float32, ruled: NDArray[np.bool_], rule: Rule, inks: Sequence[Color]) -> None:
    """Take pixels along a known rule for ground where they are a mixture of the ground and the rule's colour.

    This is what removes dashed and dotted gridlines, of whose rows most pixels are bare.
    """
    flip = rule.orientation == "vertical"
    pixels, ground, marks = (a.swapaxes(0, 1) if flip else a for a in (rgb, image, ruled))
    reach = rule.width_px / 2 + 1.0
    first, last = max(int(rule.position_px - reach), 0), min(int(np.ceil(rule.position_px + reach)), len(pixels))
    start, end = max(int(rule.start_px) - 1, 0), min(int(np.ceil(rule.end_px)) + 1, pixels.shape[1])
    if first >= last or start >= end:
        return
    part = (slice(first, last), slice(start, end))
    full = np.asarray(rule.color, np.float32) - np.median(ground[part].reshape(-1, 3), axis=0)
    if _is_ink(np.median(ground[part].reshape(-1, 3), axis=0), full, inks):
        return
    offset = pixels[part] - ground[part]
    share = np.clip(offset @ full / max(float(full @ full), 1e-6), 0, 1.15)
    explained = np.abs(offset - share[..., None] * full).max(axis=2) < 10
    ground[part][explained] = pixels[part][explained]
    marks[part] |= explained
