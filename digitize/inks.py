"""What colours a plot area holds, and whether a given ink is among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import lengths
from digitize.model import Box, Color, Picture, Swatch
from digitize.swatches import to_lab

# How far from the ground an ink is that nobody overlooks (CIELAB).
DISTINCT = 15.0
# Hues less than this apart, in degrees, are one hue that compression has smeared.
_ONE_HUE = 20.0
# Thin strokes keep so much of their chroma at least.
_MUTED = 0.4
# How much compression changes the lightness of an ink (CIELAB).
_LIGHTER = 8.0


@dataclass(frozen=True, kw_only=True, eq=False)
class InkTable:
    """The colours of a plot area, to a 64th of each channel's range, without its ground.

    `lab` (n, 3) and `counts` (n,) are the colours and how many pixels have them, `ground` (3,) the ground in CIELAB.
    """

    lab: NDArray[np.float32]
    counts: NDArray[np.int64]
    ground: NDArray[np.float32]

    def matching(self, color: Color, tolerance: float = 9.0, weakest: float = 0.6) -> int:
        """How many pixels hold this ink, full or thinned by the ground down to the share `weakest`.

        An antialiased edge lies on the straight line from the ground to the full ink, so a colour counts when its
        distance across that line is small and its place along it is beyond `weakest`.
        """
        return int(self.counts[self._on_ray(color, tolerance, weakest, 1.15)].sum())

    def muted(self, color: Color) -> int:
        """How many pixels are of the hue of this colour, and hold a good part of its chroma."""
        own = to_lab(np.array(color, dtype=np.uint8)) - self.ground
        full = lengths((self.lab - self.ground)[:, 1:]) >= _MUTED * float(np.linalg.norm(own[1:]))
        return int(self.counts[self._of_hue(color) & full].sum())

    def stands_out(self, color: Color) -> bool:
        """Whether a colour is clearly not the ground's."""
        return float(np.linalg.norm(to_lab(np.array(color, dtype=np.uint8)) - self.ground)) > DISTINCT

    def is_colored(self, color: Color) -> bool:
        """Whether a colour differs from the ground in more than lightness."""
        return float(np.linalg.norm((to_lab(np.array(color, dtype=np.uint8)) - self.ground)[1:])) > DISTINCT

    def explained(self, colors: Sequence[Color]) -> float:
        """The share of the coloured ink that is of these colours, full or thinned by the ground; 1 where none is.

        Lossy compression stores colour more coarsely than lightness and leaves of an ink its hue alone.
        """
        colored = lengths((self.lab - self.ground)[:, 1:]) > DISTINCT
        named = np.zeros(len(self.counts), bool)
        for color in colors:
            named |= self._on_ray(color, 16.0, 0.2, 1.3) | self._of_hue(color)
        total = int(self.counts[colored].sum())
        return float(self.counts[colored & named].sum() / total) if total else 1.0

    def strengthened(self, color: Color, furthest: float, least: int) -> NDArray[np.float32] | None:
        """The strongest ink (CIELAB) of the hue of `color`, up to `furthest` times as far from the ground.

        None where fewer than `least` pixels are clearly stronger than `color`. Thinned ink and ink whose colour was
        subsampled by compression are both paler, in lightness or in chroma alone.
        """
        own = to_lab(np.array(color, dtype=np.uint8))
        chroma = lengths(self.lab[:, 1:])
        hue = np.arctan2(self.lab[:, 2], self.lab[:, 1]) - np.arctan2(own[2], own[1])
        same_hue = np.cos(hue) > np.cos(np.radians(15))
        richer = (chroma > 1.1 * np.linalg.norm(own[1:])) & self._on_ray(color, 15.0, 0.95, furthest)
        chosen = same_hue & (richer | self._on_ray(color, 9.0, 1.15, furthest))
        if self.counts[chosen].sum() < least:
            return None
        order = np.argsort(-lengths(self.lab[chosen] - self.ground))
        total = np.cumsum(self.counts[chosen][order])
        # A quarter of them, not the few strongest, which are noise.
        best = order[: int(np.searchsorted(total, max(least, 0.25 * total[-1]))) + 1]
        weights = self.counts[chosen][best].astype(np.float64)
        return np.asarray(np.average(self.lab[chosen][best], axis=0, weights=weights), dtype=np.float32)

    def _of_hue(self, color: Color) -> NDArray[np.bool_]:
        """Which colours are of one hue with a colour and of a lightness between its own and the ground's."""
        own = to_lab(np.array(color, dtype=np.uint8)) - self.ground
        if not self.is_colored(color):
            return np.zeros(len(self.counts), dtype=bool)
        offset = self.lab - self.ground
        along = offset[:, 1:] @ own[1:] / np.linalg.norm(own[1:])
        alike = along > np.cos(np.radians(_ONE_HUE)) * lengths(offset[:, 1:])
        least, most = min(own[0], 0.0) - _LIGHTER, max(own[0], 0.0) + _LIGHTER
        return np.asarray(alike & (offset[:, 0] >= least) & (offset[:, 0] <= most))

    def _on_ray(self, color: Color, tolerance: float, weakest: float, furthest: float) -> NDArray[np.bool_]:
        ray = to_lab(np.array(color, dtype=np.uint8)) - self.ground
        length = float(np.linalg.norm(ray))
        if length < 1.0:
            return np.zeros(len(self.counts), dtype=bool)
        offset = self.lab - self.ground
        along = offset @ ray / length**2
        across = lengths(offset - along[:, None] * ray)
        return np.asarray((along >= weakest) & (along <= furthest) & (across <= tolerance * np.clip(along, 1.0, 1.5)))


def to_ink_table(picture: Picture, box: Box, ground: Color, without: Sequence[Box] = ()) -> InkTable:
    """The inks within a box of the picture, less the pixels of the boxes `without`."""
    rows, columns = box.to_slices(picture.rgb.shape)
    part = picture.rgb[rows, columns]
    keep = np.ones(part.shape[:2], dtype=bool)
    for hole in without:
        moved = Box(
            hole.left - columns.start, hole.top - rows.start, hole.right - columns.start, hole.bottom - rows.start
        )
        keep[moved.to_slices(part.shape)] = False
    red, green, blue = (channel.astype(np.int32) >> 2 for channel in cv2.split(part))
    counts = np.bincount((red << 12 | green << 6 | blue)[keep], minlength=1)
    present = np.flatnonzero(counts)
    colors = np.stack([present >> 12, (present >> 6) & 63, present & 63], axis=1) * 4 + 2
    lab = to_lab(np.minimum(colors, 255).astype(np.uint8))
    ground_lab = to_lab(np.array(ground, dtype=np.uint8))
    ink = lengths(lab - ground_lab) > 8
    return InkTable(lab=lab[ink], counts=counts[present][ink], ground=ground_lab)


def to_full_inks(swatches: Sequence[Swatch], table: InkTable, text_height: float) -> list[Swatch]:
    """The swatches of a legend in the strongest inks of their hues that the plot area holds.

    Legends show translucent marks and lines thinner than their antialiasing paler than the curve itself. The ink
    must lie on the line from the ground through the swatch's colour and be unlike the other entries' colours, as they
    are shown and as strong as these are found.
    """
    shown = to_lab(np.array([swatch.color for swatch in swatches], dtype=np.uint8))
    full = shown.copy()
    for index, swatch in enumerate(swatches):
        furthest = 1.5 if swatch.kind in ("line", "line+marker", "text") else 5.0
        ink = table.strengthened(swatch.color, furthest, max(round(3.0 * text_height), 20))
        if ink is not None and float(np.linalg.norm(shown[index, 1:])) >= 6:
            full[index] = ink
    result = []
    for index, swatch in enumerate(swatches):
        others = [k for k, other in enumerate(swatches) if other.color != swatch.color]
        rivals = np.concatenate([shown[others], full[others]])
        alone = not len(rivals) or float(lengths(rivals - full[index]).min()) >= 15
        strengthened = alone and not np.array_equal(full[index], shown[index])
        result.append(replace(swatch, color=to_rgb(full[index])) if strengthened else swatch)
    return result


def to_rgb(lab: NDArray[np.float32]) -> Color:
    """The 8-bit RGB colour of one CIELAB value."""
    rgb = cv2.cvtColor(lab.reshape(1, 1, 3).astype(np.float32), cv2.COLOR_LAB2RGB).reshape(3)
    red, green, blue = (int(v) for v in np.clip(np.round(rgb * 255), 0, 255))
    return red, green, blue
