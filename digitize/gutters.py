"""Cards of a page, and gutters between them: what stands beyond one is a heading of the page, not of the card's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.color import lengths
from digitize.medians import row_median
from digitize.model import Box, Image
from digitize.swatches import to_lab

#: Grounds of a page differ by at least so much (CIELAB); those that compression leaves uneven by less.
_STEP = 1.5
#: A gutter is at least so wide, in text heights; lines and frames are thinner than half of it.
_WIDTH = 0.5
#: No title stands further above its plot area than this, in text heights.
_REACH = 20.0
#: The head of a card stands nearer to the page's ground above it than this, in text heights.
_HEAD = 3.0
#: So many columns tell what the ground is in a row.
_COLUMNS = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class GroundAbove:
    """The ground above a plot area, row by row: `lab` (n, 3), the first row at `top`, without lines.

    `below` (3,) is the ground beneath the plot area.
    """

    lab: NDArray[np.floating]
    below: NDArray[np.floating]
    top: int
    height: float

    def has_gutter(self, box: Box, bottom: float) -> bool:
        """Whether a gutter lies between a text and what begins at `bottom`: the plot area with what belongs to it.

        Its ground is neither that of the text nor that around the plot area.
        """
        start, stop = round(box.bottom) - self.top, round(bottom - _WIDTH * self.height) - self.top
        if not 0 <= start < stop < len(self.lab):
            return False
        between = self.lab[start : stop + 1]
        own = self.lab[max(round(box.center[1]) - self.top, 0)]
        apart = [lengths(between - ground) > _STEP for ground in (own, between[-1], self.below)]
        return int(np.all(apart, axis=0).sum()) >= _WIDTH * self.height

    def is_head_of_card(self, box: Box) -> bool:
        """Whether a text stands close beneath the upper edge of a card, above which is the ground of the page."""
        start, stop = round(box.top - _HEAD * self.height) - self.top, round(box.top) - self.top
        above = self.lab[max(start, 0) : max(stop, 0)]
        own = self.lab[max(round(box.center[1]) - self.top, 0) :][:1]
        rows = max(round(_WIDTH * self.height), 1)
        if not len(own) or len(above) < rows:
            return False
        # Lines of text are uneven.
        page = lengths(above - own) > _STEP
        page[1:] &= lengths(np.diff(above, axis=0)) <= _STEP
        return bool(np.lib.stride_tricks.sliding_window_view(page, rows).all(axis=1).any())


def find_ground(rgb: Image, area: Box, height: float) -> GroundAbove:
    """The ground above and beneath a plot area, over most of its width.

    Parameters
    ----------
    rgb : array (height, width, 3)
    area : Box
        The plot area.
    height : float
        Height of text in pixels.
    """
    columns = np.linspace(area.left, area.right - 1, _COLUMNS).round().astype(int).clip(0, rgb.shape[1] - 1)

    def ground(top: float, bottom: float) -> NDArray[np.floating]:
        part = to_lab(rgb[max(round(top), 0) : max(round(bottom), 0), columns])
        return np.asarray(np.partition(part, _COLUMNS // 2, axis=1)[:, _COLUMNS // 2])

    above = ground(area.top - _REACH * height, area.top)
    half = max(round(_WIDTH * height / 2), 1)
    if len(above) > 2 * half:
        windows = np.lib.stride_tricks.sliding_window_view(above, 2 * half + 1, axis=0)
        above[half:-half] = np.partition(windows, half, axis=2)[:, :, half]
    beneath = ground(area.bottom + height / 2, area.bottom + 2 * height)
    below = row_median(beneath) if len(beneath) else np.zeros(3)
    return GroundAbove(lab=above, below=below, top=max(round(area.top - _REACH * height), 0), height=height)
