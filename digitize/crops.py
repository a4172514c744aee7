"""Lines of text before they are read: where their ink lies exactly, and what a recogniser is shown of them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.components import Components, Ink
from digitize.medians import quantile, row_median
from digitize.model import Box, Image
from digitize.slants import SlantedLine

#: Margin around the ink of a crop, as a share of its height.
MARGIN = 0.2
#: Height in pixels to which the crops of slanted text are enlarged.
_SLANTED_HEIGHT = 48


@dataclass(frozen=True, kw_only=True, eq=False)
class TextLine:
    """A line of text before it is read: its pieces along the line and the box of its ink.

    The pieces of slanted text stand as in the picture turned by its angle.
    """

    pieces: Components
    box: Box
    turned: bool = False
    slanted: SlantedLine | None = None

    @property
    def plain(self) -> bool:
        """Whether the text runs along x."""
        return not self.turned and self.slanted is None

    @property
    def height(self) -> float:
        """Height of the ink across the baseline in pixels."""
        if self.slanted:
            return self.slanted.frame.height
        return self.box.width if self.turned else self.box.height


def crop_line(rgb: Image, ink: Ink, line: TextLine, downward: bool = False, shown: Box | None = None) -> Image:
    """The line upright with a margin, everything that is not its own ink painted over with the ground.

    Parameters
    ----------
    rgb : (height, width, 3) array of the picture.
    ink : what is drawn in it.
    line : the line of text.
    downward : whether turned text reads downward.
    shown : where all ink is shown.

    Returns
    -------
    (h, w, 3) array, black on white.
    """
    margin = max(round(MARGIN * line.height), 1)
    area = line.box.grown(margin).to_slices(rgb.shape)
    own = ink.pixels_of(line.pieces, area).view(np.uint8)
    # Soft edges of the glyphs lie outside their cores.
    near = cv2.dilate(own, np.ones((3, 3), np.uint8)) > 0
    near &= (own > 0) | (ink.labels[area] == 0)
    near |= _faint_strokes(ink, area, own)
    if shown is not None:
        near[shown.moved(-area[1].start, -area[0].start).to_slices(near.shape)] = True
    cover = _cover(rgb, ink, line, area)
    cover[~near & ink.drawn[area]] = 0
    grey = _as_grey(cover)
    if line.slanted:
        grey = _turned_upright(grey, area, line.slanted, margin)
    crop = np.repeat(grey[:, :, None], 3, axis=2)
    return np.ascontiguousarray(np.rot90(crop, 1 if downward else -1) if line.turned else crop)


def _faint_strokes(ink: Ink, area: tuple[slice, slice], own: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Ink in an area that is too faint for a piece of its own and touches none but those of the line."""
    labels, kernel = ink.labels[area], np.ones((3, 3), np.uint8)
    others = ((labels > 0) & (own == 0)) | ink.rules[area]
    return np.asarray(ink.drawn[area] & (labels == 0) & (cv2.dilate(others.view(np.uint8), kernel) == 0))


def crop_beside(rgb: Image, ink: Ink, line: TextLine, box: Box) -> Image:
    """All that a box beside a line holds, (h, w, 3), black on white if it has the line's ink."""
    return np.repeat(_as_grey(_cover(rgb, ink, line, box.to_slices(rgb.shape)))[:, :, None], 3, axis=2)


def fine_box(ink: Ink, line: TextLine) -> Box:
    """The box of the line's ink in pixels, each edge moved by the coverage of the pixels that it cuts."""
    area = line.box.grown(1).to_slices(ink.strength.shape)
    own = cv2.dilate(ink.pixels_of(line.pieces, area).view(np.uint8), np.ones((3, 3), np.uint8))
    cover = np.where(own > 0, ink.strength[area], 0)
    cover = np.minimum(cover / max(quantile(cover[cover > 0], 0.9), 1.0), 1.0)
    left, right = _edges(cover.max(axis=0))
    top, bottom = _edges(cover.max(axis=1))
    return Box(area[1].start + left, area[0].start + top, area[1].start + right, area[0].start + bottom)


def _cover(rgb: Image, ink: Ink, line: TextLine, area: tuple[slice, slice]) -> NDArray[np.float32]:
    """How far each pixel is on its way from the ground to the ink of a line, whatever the colours."""
    ground = ink.ground[area].astype(np.float32)
    step = line.pieces.rgb[int(np.argmax(line.pieces.area))].astype(np.float32) - row_median(ground.reshape(-1, 3))
    return np.asarray(((rgb[area] - ground) @ step) / max(float(step @ step), 1.0), dtype=np.float32)


def _as_grey(cover: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.round(255 * (1 - np.clip(cover, 0, 1))).astype(np.uint8)


def _turned_upright(grey: NDArray[np.uint8], area: tuple[slice, slice], line: SlantedLine, margin: int) -> Image:
    """A piece of a picture with slanted text, turned and enlarged once to what recognisers like."""
    frame = line.frame.grown(margin)
    zoom = max(1.0, _SLANTED_HEIGHT / frame.height)
    size = (round(frame.width * zoom), round(frame.height * zoom))
    turn = np.radians(line.angle)
    back = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    # From the centre of a pixel of the crop to that of a pixel of the area.
    offset = back @ (np.array([frame.left, frame.top]) + 0.5 / zoom) - (area[1].start + 0.5, area[0].start + 0.5)
    matrix = np.column_stack([back / zoom, offset])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(grey, matrix, size, flags=flags, borderValue=(255.0,)), dtype=np.uint8)


def _edges(profile: NDArray[np.float32]) -> tuple[float, float]:
    """Start and end of a coverage profile; a pixel covered by half moves its edge by half a pixel."""
    inked = np.flatnonzero(profile >= 0.5)
    first, last = int(inked[0]), int(inked[-1])
    before = float(profile[first - 1]) if first else 0.0
    after = float(profile[last + 1]) if last + 1 < len(profile) else 0.0
    start = first - before if profile[first] >= 0.95 else first + 1 - float(profile[first])
    end = last + 1 + after if profile[last] >= 0.95 else last + float(profile[last])
    return start, end
