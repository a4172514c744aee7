"""A plot area and the ground beneath it, on which gridlines are laid row by row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32, differences, largest_step

Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """The picture `rgb` (h, w, 3) and the ground under it, `image` (h, w, 3), with what tells of them (h, w) each.

    `apart` is the greatest difference of a channel between the two, `ruled` where a line was laid on the ground,
    `masked` where text stands. All but `rgb` and `masked` change as lines are laid.
    """

    rgb: Float32
    image: Float32
    apart: Float32
    ruled: Mask
    masked: Mask

    @classmethod
    def of(cls, rgb: Float32, image: Float32, masked: Mask) -> Sheet:
        """The picture over a ground without a line."""
        return cls(
            rgb=rgb, image=image, apart=differences(rgb, image), ruled=np.zeros(masked.shape, bool), masked=masked
        )

    @property
    def turned(self) -> Sheet:
        """The same with its columns as rows; what changes in one changes in the other."""
        return Sheet(
            rgb=self.rgb.swapaxes(0, 1),
            image=self.image.swapaxes(0, 1),
            apart=self.apart.T,
            ruled=self.ruled.T,
            masked=self.masked.T,
        )

    def part(self, rows: slice, columns: slice) -> Sheet:
        """A piece of it; what changes in one changes in the other."""
        at = rows, columns
        return Sheet(
            rgb=self.rgb[at], image=self.image[at], apart=self.apart[at], ruled=self.ruled[at], masked=self.masked[at]
        )

    def take(self, own: Mask) -> None:
        """Take the pixels of a mask (h, w) for those of a line on the ground."""
        self.image[own] = self.rgb[own]
        self.apart[own] = 0
        self.ruled[own] = True

    def lay_row(self, row: int, colors: Float32) -> None:
        """Lay a line of these colours (w, 3) along a row of the ground."""
        self.image[row] = colors
        self.apart[row] = largest_step(self.rgb[row] - colors)
        self.ruled[row] = True
