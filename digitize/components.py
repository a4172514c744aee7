"""Ink on its ground, and the connected pieces of it that may be glyphs.

A chart is drawn on flat grounds: the page, a card, a tinted plot area, a button. The ground at a pixel is the colour of
the nearest flat patch, so ink of either polarity stands out wherever it is drawn. Long straight strokes (frames,
gridlines) are taken away, and what is left falls into connected components.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import largest_step
from digitize.medians import median, row_median
from digitize.model import Box, FloatArray, Image
from digitize.nearest import fill_from_nearest
from digitize.pieces import label_pieces, number_pieces, true_places
from digitize.stubs import without_stubs
from digitize.touching import part_touching

#: Side of the smallest patch that counts as ground, in pixels: wider than the strokes of ordinary text; and in glyph
#: heights where these are larger: wider than the bold strokes of a title.
_PATCH = 7
_PATCH_SHARE = 0.55
#: Grey levels by which a flat patch may vary, and by which ink must differ from its ground, in a picture without noise.
_FLAT = 16.0
_WEAK = 20.0
_STRONG = 36.0
#: Longer than any glyph but brackets, in usual glyph heights.
_LONGER_THAN_GLYPHS = 1.3
#: Of a row of feet of letters this share is below their stems, which come and go so many times at least; it is no
#: longer than this, in lengths of the shortest straight runs.
_STEMS, _FEWEST_TURNS, _LONGEST_WORD = (0.35, 0.9), 6, 2.5
#: Pieces that fill more of their box than this are dots and dashes of lines rather than glyphs.
_SOLID = 0.8
#: Glyphs are so many times as tall as the dots that outnumber them.
_FAR_TALLER = 1.6
#: A component keeps its pixels of at least this share of its own strongest contrast.
_CORE = 0.35


@dataclass(frozen=True, kw_only=True, eq=False)
class Ink:
    """The ink of a picture.

    `ground` (height, width, 3) is the colour beneath each pixel, `strength` (height, width) the largest difference of a
    channel from it, `labels` (height, width) the number of the component that a pixel belongs to, 0 for none, `drawn`
    where there is any ink at all, components or not, `rules` where a long straight stroke runs, `unit` the usual height
    of the picture's glyphs.
    """

    ground: Image
    strength: NDArray[np.float32]
    labels: NDArray[np.int32]
    drawn: NDArray[np.bool_]
    rules: NDArray[np.bool_]
    unit: float
    components: Components

    def pixels_of(self, pieces: Components, area: tuple[slice, slice]) -> NDArray[np.bool_]:
        """Where in an area of the picture the pixels of some of its pieces are."""
        own = np.zeros(len(self.components) + 1, bool)
        own[pieces.number] = True
        return np.asarray(own[self.labels[area]])


@dataclass(frozen=True, kw_only=True, eq=False)
class Components:
    """Connected pieces of ink, as arrays of shape (n,) and `lab` (n, 3).

    `number` is the piece's value in `Ink.labels`; the box is in pixel edges; `area` counts pixels; `lab` is the colour
    of its strongest pixels in CIELAB, `rgb` the same in RGB. `slender` is the ratio of the standard deviations of the
    pixels across and along the piece's main direction: near 0 for a straight stroke in any direction; `tilt` is that
    direction's angle from the vertical in degrees, 0 to 90. `attached` is true where the piece touches a long straight
    stroke of its own colour: corners of frames, steps of curves. `contrast` is its greatest strength,
    `lighter` whether it is lighter than its ground.
    """

    number: NDArray[np.intp]
    left: FloatArray
    top: FloatArray
    right: FloatArray
    bottom: FloatArray
    area: FloatArray
    lab: FloatArray
    rgb: FloatArray
    slender: FloatArray
    tilt: FloatArray
    attached: NDArray[np.bool_]
    contrast: FloatArray
    lighter: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.number)

    @property
    def width(self) -> FloatArray:
        return self.right - self.left

    @property
    def height(self) -> FloatArray:
        return self.bottom - self.top

    @property
    def fill(self) -> FloatArray:
        """Share of its box that a piece covers."""
        return self.area / np.maximum(self.width * self.height, 1.0)

    @property
    def bounds(self) -> Box:
        """The box around all pieces."""
        left, top = float(self.left.min()), float(self.top.min())
        return Box(left, top, float(self.right.max()), float(self.bottom.max()))

    def transposed(self) -> Components:
        """The same pieces in the picture turned by exchanging x and y."""
        return Components(
            number=self.number, left=self.top, top=self.left, right=self.bottom, bottom=self.right,
            area=self.area, lab=self.lab, rgb=self.rgb, slender=self.slender, tilt=90 - self.tilt,
            attached=self.attached, contrast=self.contrast, lighter=self.lighter,
        )  # fmt: skip

    def take(self, chosen: NDArray[Any]) -> Components:
        """The pieces at these indices, or where this mask is true."""
        return Components(**{name: getattr(self, name)[chosen] for name in self.__dataclass_fields__})

    def joined(self, others: Components) -> Components:
        """These pieces and others."""
        fields = self.__dataclass_fields__
        return Components(**{name: np.concatenate([getattr(self, name), getattr(others, name)]) for name in fields})


def find_ink(rgb: Image) -> Ink:
    """Ground, ink and components of a picture of shape (height, width, 3)."""
    noise = _noise(rgb)
    strength, ground, mask, unit = _on_ground(rgb, noise, _PATCH)
    patch = int(_PATCH_SHARE * unit) // 2 * 2 + 1
    if patch > _PATCH:
        strength, ground, mask, unit = _on_ground(rgb, noise, patch)
    rules = _straight_runs(rgb, strength, mask, round(4 * unit))
    labels, boxes = _label(strength, mask & ~rules, _STRONG + 4 * noise)
    labels = part_touching(without_stubs(labels, boxes, rules, unit), boxes, unit)
    components = _measure(rgb, ground, strength, labels, rules, unit)
    return Ink(
        ground=ground, strength=strength, labels=labels, drawn=mask, rules=rules, unit=unit, components=components
    )


def _on_ground(rgb: Image, noise: float, patch: int) -> tuple[NDArray[np.float32], Image, NDArray[np.bool_], float]:
    """Strength, ground and mask of the ink where patches of this side are ground, and the usual height of glyphs."""
    ground = _ground(rgb, noise, patch)
    strength = _largest_channel(cv2.absdiff(rgb, ground)).astype(np.float32)
    mask = strength >= _WEAK + 4 * noise
    # Blur runs the letters of small text together, all but their cores; headings alone would count.
    return strength, ground, mask, _glyph_height(_core(strength, mask, _STRONG + 4 * noise))


def _noise(rgb: Image) -> float:
    """Standard deviation of the noise of a channel: median of a second difference (Immerkaer 1996), 0 where flat."""
    if min(rgb.shape[:2]) < 3:
        return 0.0
    kernel = np.array([[1, -2, 1]], np.float32)
    second = np.asarray(cv2.filter2D(cv2.extractChannel(rgb, 1), cv2.CV_16S, kernel))[:, 1:-1]
    if 2 * cv2.countNonZero(second) < second.size:  # the median of a clean picture needs no sorting
        return 0.0
    return float(median(np.abs(second)) / (0.6745 * np.sqrt(6.0)))


def _ground(rgb: Image, noise: float, patch: int) -> Image:
    kernel = np.ones((patch, patch), np.uint8)
    flat = _largest_channel(cv2.subtract(cv2.dilate(rgb, kernel), cv2.erode(rgb, kernel))) <= _FLAT + 5 * noise
    if not flat.any():
        return np.broadcast_to(row_median(rgb.reshape(-1, 3)).astype(np.uint8), rgb.shape).copy()
    ground: Image = np.asarray(cv2.medianBlur(rgb, 5), dtype=np.uint8)
    fill_from_nearest(ground, flat, mask_size=5)
    return ground


def _largest_channel(rgb: NDArray[Any]) -> Image:
    first, second, third = cv2.split(rgb)
    return np.asarray(cv2.max(cv2.max(first, second), third), dtype=np.uint8)


def _glyph_height(mask: NDArray[np.bool_]) -> float:
    """The usual height of glyphs: the median of pieces that have a neighbour of like height close to their right.

    Dots and dashes of lines may be more than the glyphs, but they are small: where the pieces that hold most of the
    height are far taller than the median, they are the glyphs.
    """
    stats = label_pieces(mask)[1][1:]
    tall = stats[(stats[:, 3] >= 4) & (stats[:, 3] <= 60) & (stats[:, 2] <= 3 * stats[:, 3]) & (stats[:, 2] >= 2)]
    tall = tall[tall[:, 4] <= _SOLID * tall[:, 2] * tall[:, 3]]
    tall = tall[np.lexsort((tall[:, 0], (tall[:, 1] + tall[:, 3]) // 3))]
    if len(tall) < 2:
        return 10.0
    first, second = tall[:-1], tall[1:]
    gap = second[:, 0] - first[:, 0] - first[:, 2]
    height = np.maximum(first[:, 3], second[:, 3])
    alike = (np.abs(first[:, 3] - second[:, 3]) <= 0.2 * height + 1) & (gap >= 0) & (gap <= 0.5 * height)
    alike &= np.abs(first[:, 1] + first[:, 3] - second[:, 1] - second[:, 3]) <= 2
    if not alike.any():
        return 10.0
    ordered = np.sort(height[alike])
    total = np.cumsum(ordered, dtype=float)
    usual, most = median(ordered), float(ordered[np.searchsorted(total, 0.5 * total[-1])])
    return most if most > _FAR_TALLER * usual else usual


def _straight_runs(
    rgb: Image, strength: NDArray[np.float32], mask: NDArray[np.bool_], length: int
) -> NDArray[np.bool_]:
    """Pixels of straight axis-parallel runs of one colour, at least `length` long."""
    across = _row_runs(rgb, strength, mask, length)
    down = _row_runs(rgb.transpose(1, 0, 2), strength.T, mask.T, length)
    return across | down.T


def _row_runs(rgb: Image, strength: NDArray[np.float32], mask: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    kernel = np.ones((1, max(length, 3)), np.uint8)
    runs = cv2.morphologyEx(np.ascontiguousarray(mask, dtype=np.uint8), cv2.MORPH_OPEN, kernel).astype(bool)
    rows, columns = true_places(runs)
    result = np.zeros(mask.shape, bool)
    if not len(rows):
        return result
    starts = np.concatenate([[True], (np.diff(rows) != 0) | (np.diff(columns) != 1)])
    run = np.cumsum(starts) - 1
    colors = rgb[rows, columns].astype(np.float64)
    tolerance = np.maximum(14.0, 0.25 * strength[rows, columns])
    chosen = np.ones(len(rows), bool)
    for _ in range(2):  # the second mean is free of what crosses the run
        count = np.maximum(np.bincount(run[chosen], minlength=run[-1] + 1), 1)
        mean = np.stack([np.bincount(run[chosen], c[chosen], run[-1] + 1) / count for c in colors.T], axis=1)
        chosen = largest_step(colors - mean[run]) <= tolerance
    share = np.bincount(run, chosen) / np.bincount(run)
    # Blurred small text may touch all along a line, but its colour varies; so may the feet of bold letters.
    share[_carries_letters(mask, rows, columns, run, length)] = 0
    kept = chosen & (share >= 0.6)[run]
    result[rows[kept], columns[kept]] = True
    # The soft edge of a stroke is as dark as its core where a mark sets out from it.
    beside = np.zeros(len(rows), np.float32)
    for step in (-1, 1):
        near = (rows + step) % len(mask), columns
        np.maximum(beside, np.where(result[near], strength[near], 0), out=beside)
    edge = (share >= 0.6)[run] & (beside >= 0.85 * strength[rows, columns])
    result[rows[edge], columns[edge]] = True
    return result


def _carries_letters(
    mask: NDArray[np.bool_], rows: NDArray[np.intp], columns: NDArray[np.intp], run: NDArray[np.intp], length: int
) -> NDArray[np.bool_]:
    """Which runs of pixels, no longer than words are, have many strokes and gaps by turns along one side."""
    count = np.bincount(run)
    result = np.zeros(len(count), bool)
    for step in (-1, 1):
        beside = mask[np.clip(rows + step, 0, len(mask) - 1), columns]
        turns = np.bincount(run[1:], (beside[1:] != beside[:-1]) & (run[1:] == run[:-1]), len(count))
        share = np.bincount(run, beside) / count
        result |= (share >= _STEMS[0]) & (share <= _STEMS[1]) & (turns >= _FEWEST_TURNS)
    return np.asarray(result & (count <= _LONGEST_WORD * length))


def _label(
    strength: NDArray[np.float32], mask: NDArray[np.bool_], strong: float
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Number the pieces of `mask`, each cut at a share of its own contrast so that faint bridges break.

    Besides the labels, 0 for none, the box of each: left, top, width, height (n, 4).
    """
    core = _core(strength, mask, strong)
    core |= _overshadowed(strength, mask & ~cv2.dilate(core.astype(np.uint8), np.ones((3, 3))).astype(bool), strong)
    labels, stats, _ = label_pieces(core)
    return labels, stats[:, :4]


def _measure(
    rgb: Image,
    ground: Image,
    strength: NDArray[np.float32],
    labels: NDArray[np.int32],
    rules: NDArray[np.bool_],
    unit: float,
) -> Components:
    count = int(labels.max()) + 1
    rows, columns = true_places(labels > 0)
    number, pixels = labels[rows, columns], rgb[rows, columns]
    left, top, right, bottom = _boxes(number, rows, columns, count)
    colors, contrast = _colors(pixels, strength[rows, columns], number, count)
    slender, tilt = _main_direction(number, rows, columns, count)
    lab = cv2.cvtColor((colors / 255).astype(np.float32)[None], cv2.COLOR_RGB2LAB)[0] if count > 1 else colors
    long = np.maximum(right - left, bottom - top)[1:] >= _LONGER_THAN_GLYPHS * unit
    rise = pixels.sum(axis=1, dtype=np.int64) - ground[rows, columns].sum(axis=1, dtype=np.int64)
    return Components(
        number=np.arange(1, count), left=left[1:], top=top[1:], right=right[1:], bottom=bottom[1:],
        area=np.bincount(number, minlength=count)[1:].astype(np.float64), lab=lab.astype(np.float64), rgb=colors,
        slender=slender, tilt=tilt, contrast=contrast,
        attached=_attached(rgb, labels, rules, colors, long & (slender < 0.15)),
        lighter=np.bincount(number, rise, count)[1:] > 0,
    )  # fmt: skip


def _core(strength: NDArray[np.float32], mask: NDArray[np.bool_], strong: float) -> NDArray[np.bool_]:
    """The pixels of each piece of a mask that reach a share of its greatest strength, if that is strong."""
    places, number, peak = _peaks(strength, mask)
    own = peak[number]
    core = np.zeros(mask.shape, bool)
    core.ravel()[places] = (strength.ravel()[places] >= _CORE * own) & (own >= strong)
    return core


def _overshadowed(strength: NDArray[np.float32], rest: NDArray[np.bool_], strong: float) -> NDArray[np.bool_]:
    """Pieces lost beside a darker neighbour that stand out for themselves: points next to figures."""
    places, number, peak = _peaks(strength, rest)
    others = strength.copy()
    others[rest] = 0
    around = cv2.dilate(others, np.ones((3, 3))).ravel()[places]
    ring = np.zeros(len(peak), np.float32)
    np.maximum.at(ring, number, around)
    apart = (peak >= strong) & (peak >= 1.2 * ring)
    found = np.zeros(rest.shape, bool)
    found.ravel()[places] = apart[number] & (strength.ravel()[places] >= 0.6 * peak[number])
    return found


def _peaks(
    strength: NDArray[np.float32], mask: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.float32]]:
    """Where a mask is true, in the flattened picture, the piece of it there, and each piece's greatest strength."""
    count, labels = number_pieces(mask)
    places = np.flatnonzero(mask)
    number = labels.ravel()[places]
    peak = np.zeros(count, np.float32)
    np.maximum.at(peak, number, strength.ravel()[places])
    return places, number, peak


def _boxes(
    number: NDArray[np.int32], rows: NDArray[np.intp], columns: NDArray[np.intp], count: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Left, top, right and bottom edge of each component from its pixels, which come row by row."""
    left, top, right, bottom = np.full(count, np.inf), np.full(count, np.inf), np.zeros(count), np.zeros(count)
    top[number[::-1]], bottom[number] = rows[::-1], rows + 1  # the last one stays
    by_column = np.argsort(columns, kind="stable")
    left[number[by_column[::-1]]], right[number[by_column]] = columns[by_column[::-1]], columns[by_column] + 1
    return left, top, right, bottom


def _colors(
    pixels: Image, strength: NDArray[np.float32], number: NDArray[np.int32], count: int
) -> tuple[FloatArray, FloatArray]:
    """The mean RGB of each component's strongest pixels, shape (count - 1, 3), and its greatest strength."""
    peak = np.zeros(count, np.float32)
    np.maximum.at(peak, number, strength)
    top = strength >= 0.8 * peak[number].astype(np.float64)
    weight = np.maximum(np.bincount(number[top], minlength=count), 1)
    strongest = pixels[top].astype(np.float64)
    colors = np.stack([np.bincount(number[top], channel, count) / weight for channel in strongest.T], axis=1)
    return colors[1:], peak[1:].astype(np.float64)


def _main_direction(
    number: NDArray[np.int32], rows: NDArray[np.intp], columns: NDArray[np.intp], count: int
) -> tuple[FloatArray, FloatArray]:
    """Slenderness and tilt of each component, from the second moments of its pixels."""
    size = np.maximum(np.bincount(number, minlength=count), 1)

    def mean(values: NDArray[np.intp]) -> FloatArray:
        return np.bincount(number, values, count) / size

    x, y = mean(columns), mean(rows)
    # A pixel is a square: its own variance is 1/12.
    xx = mean(columns * columns) - x * x + 1 / 12
    yy = mean(rows * rows) - y * y + 1 / 12
    xy = mean(columns * rows) - x * y
    half, root = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    tilt = 90 - np.degrees(np.abs(np.arctan2(2 * xy, xx - yy))) / 2
    return np.sqrt(np.maximum(half - root, 0) / (half + root))[1:], tilt[1:]


def _attached(
    rgb: Image,
    labels: NDArray[np.int32],
    rules: NDArray[np.bool_],
    colors: FloatArray,
    strokes: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Which components touch a rule of their own colour, or are long straight strokes and touch any.

    A rule that was turned upright shows its colour by pieces: here on one row of pixels, there between two.
    """
    result = np.zeros(len(colors) + 1, bool)
    rows, columns = true_places(rules)
    height, width = rules.shape
    for down, across in ((-1, 0), (1, 0), (0, -1), (0, 1), (-2, 0), (2, 0), (0, -2), (0, 2)):
        y, x = np.clip(rows + down, 0, height - 1), np.clip(columns + across, 0, width - 1)
        number = labels[y, x]
        near = number > 0
        step = largest_step(rgb[rows[near], columns[near]].astype(np.float64) - colors[number[near] - 1])
        result[number[near][(step <= 40) | strokes[number[near] - 1]]] = True
    return result[1:]
