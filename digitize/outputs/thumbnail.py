"""The picture of a reading made small, with the curves that were read drawn over it, for looking through many."""

from __future__ import annotations

from io import BytesIO

import cv2
import numpy as np
from PIL import Image as PILImage

from digitize.model import Color, FloatArray, Panel, Picture, Reading
from digitize.outputs.contrast import contrasting_colors
from digitize.outputs.overlay_key import STATUS_COLORS

WIDEST, TALLEST = 720, 540  # pixels: three side by side on a usual screen
QUALITY = 72
FADE = 0.35  # how far the picture recedes into its own ground, so that the traces stand out
SHIFT = 4  # binary digits of subpixel positions in OpenCV's drawing


def draw_thumbnail(reading: Reading) -> PILImage.Image:
    """The picture, no larger than `WIDEST` x `TALLEST`, with plot areas framed in the colour of their status."""
    small, scale = _shrink(reading.picture)
    for panel in reading.panels:
        box = panel.box
        corners = np.array([(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)])
        _line(small, corners[[0, 1, 2, 3, 0]] * scale, STATUS_COLORS[panel.status], 2)
        _draw_curves(small, panel, scale)
    return PILImage.fromarray(small)


def to_webp(image: PILImage.Image) -> bytes:
    """A thumbnail as the content of a WebP file."""
    out = BytesIO()
    image.save(out, format="WEBP", quality=QUALITY, method=2)
    return out.getvalue()


def _shrink(picture: Picture) -> tuple[np.ndarray, float]:
    """The picture as given, at most so large, faded, and by how much it was made smaller."""
    scale = min(1.0, WIDEST / picture.width, TALLEST / picture.height)
    size = max(round(picture.width * scale), 1), max(round(picture.height * scale), 1)
    small = cv2.resize(picture.as_given, size, interpolation=cv2.INTER_AREA)
    ground = np.median(small[::4, ::4].reshape(-1, 3), axis=0)
    faded = small * np.float32(1 - FADE) + ground.astype(np.float32) * np.float32(FADE)
    return faded.astype(np.uint8), scale


def _draw_curves(small: np.ndarray, panel: Panel, scale: float) -> None:
    colors = contrasting_colors([series.color for series in panel.series], panel.layout.area.background)
    for series, color in zip(panel.series, colors, strict=True):
        course = np.column_stack([series.trace.x_px, series.trace.y_px]) * scale
        seen = np.isfinite(course).all(axis=1)
        if series.style == "points":
            for center in course[seen]:
                x, y = _fixed(center)
                cv2.circle(small, (int(x), int(y)), 3 << SHIFT, color, 1, cv2.LINE_AA, SHIFT)
            continue
        edges = np.flatnonzero(np.diff(np.concatenate([[0], seen.astype(np.int8), [0]])))
        for start, end in edges.reshape(-1, 2):
            _line(small, course[start:end], color, 1)


def _line(small: np.ndarray, course: FloatArray, color: Color, width: int) -> None:
    cv2.polylines(small, [_fixed(course)], False, color, width, cv2.LINE_AA, SHIFT)


def _fixed(points: FloatArray) -> np.ndarray:
    """Positions in OpenCV's fixed-point pixels, whose centres are whole numbers."""
    return np.rint((points - 0.5) * (1 << SHIFT)).astype(np.int32)
