"""The picture with everything that was found drawn over it, and a key beneath.

A person sees in a few seconds whether a reading is right: each plot area in the colour of its status, each used tick
with the value that was read there, each series traced in a thin line whose colour is far from the series' own, and
what was dropped in crossed red boxes whose reasons stand in the key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from PIL import Image as PILImage
from PIL import ImageDraw, ImageFont

from digitize.model import Axis, Box, Color, FloatArray, Image, Panel, Reading, Series
from digitize.outputs.contrast import contrasting_colors, is_dark
from digitize.outputs.overlay_key import DROPPED_COLOR, STATUS_COLORS, add_key
from digitize.outputs.rounding import to_text
from digitize.outputs.wording import error_per_pixel

TEXT_BOX_COLOR: Color = (60, 120, 215)
ENLARGED_BELOW = 2_000_000  # pixels: smaller pictures are drawn at twice their size, so that the marks are legible
FADE = 0.25  # how far the picture recedes into its own ground, so that the traces stand out
SHIFT = 4  # binary digits of subpixel positions in OpenCV's drawing


@dataclass(frozen=True)
class _Canvas:
    """A picture being drawn on; positions are given in pixels of the original picture."""

    image: Image
    zoom: int
    dark: bool

    @property
    def chip(self) -> Color:
        """What stands behind written values, near the picture's own ground."""
        return (20, 20, 24) if self.dark else (255, 255, 255)

    @property
    def ink(self) -> Color:
        """Written values."""
        return (140, 190, 255) if self.dark else (20, 70, 190)

    def to_points(self, points: FloatArray) -> np.ndarray:
        """Positions of shape (n, 2) in OpenCV's fixed-point pixels, whose centres are whole numbers."""
        return np.rint((points * self.zoom - 0.5) * (1 << SHIFT)).astype(np.int32)

    def lines(self, courses: list[FloatArray], color: Color, width: int) -> None:
        points = [self.to_points(course) for course in courses if len(course)]
        cv2.polylines(self.image, points, False, color, width, cv2.LINE_AA, SHIFT)

    def rectangle(self, box: Box, color: Color, width: int) -> None:
        corners = np.array([(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)])
        self.lines([np.vstack([corners, corners[:1]])], color, width)

    def circles(self, centers: FloatArray, radius_px: float, color: Color) -> None:
        for x, y in self.to_points(centers):
            radius = round(radius_px * self.zoom * (1 << SHIFT))
            cv2.circle(self.image, (int(x), int(y)), radius, color, 1, cv2.LINE_AA, SHIFT)


@dataclass(frozen=True)
class _Label:
    """Text to be written when all lines are drawn; (x, y) is its anchor in the original picture."""

    text: str
    x: float
    y: float
    anchor: Literal["lm", "rm", "mb", "mt", "rb"]
    ink: Color
    ground: Color


def draw_overlay(reading: Reading) -> PILImage.Image:
    """The picture of a reading with what was found drawn over it, and a key beneath it.

    Returns
    -------
    PIL image in RGB, `zoom` times the picture's width wide (zoom is 1 or 2).
    """
    picture = reading.picture
    zoom = 2 if picture.width * picture.height <= ENLARGED_BELOW else 1
    shown = picture.rgb if picture.given is None else picture.given
    ground = tuple(int(value) for value in np.median(shown[::4, ::4].reshape(-1, 3), axis=0))
    enlarged = shown.repeat(zoom, axis=0).repeat(zoom, axis=1)
    faded = enlarged * np.float32(1 - FADE) + np.array(ground, dtype=np.float32) * np.float32(FADE)
    canvas = _Canvas(faded.astype(np.uint8), zoom, is_dark((ground[0], ground[1], ground[2])))
    badges: list[_Label] = []
    labels: list[_Label] = []
    colors = []
    dropped = 0
    for panel in reading.panels:
        colors.append(contrasting_colors([series.color for series in panel.series], panel.layout.area.background))
        badges.append(_draw_panel(canvas, panel, colors[-1]))
        labels += _draw_ticks(canvas, panel)
        labels += _draw_dropped(canvas, panel, dropped)
        dropped += len(panel.dropped)
    drawn = _write(PILImage.fromarray(canvas.image), badges + labels, zoom)
    return add_key(drawn, reading, colors, zoom=zoom)


def _draw_panel(canvas: _Canvas, panel: Panel, colors: list[Color]) -> _Label:
    """Plot area, texts and traces of one panel; returns the badge that says its status."""
    status = STATUS_COLORS[panel.status]
    canvas.rectangle(panel.box, status, canvas.zoom)
    found = [panel.layout.title_box, *(axis.label_box for axis in (panel.x_axis, panel.y_axis, panel.y2_axis) if axis)]
    for box in (*found, panel.legend.box if panel.legend else None):
        if box is not None:
            canvas.rectangle(box.grown(1.5), TEXT_BOX_COLOR, 1)
    for series, color in zip(panel.series, colors, strict=True):
        _draw_series(canvas, panel, series, color)
    return _Label(f" {panel.number} {panel.status} ", panel.box.right, panel.box.top - 1, "rb", (255, 255, 255), status)


def _draw_series(canvas: _Canvas, panel: Panel, series: Series, color: Color) -> None:
    """The trace as a thin line, dashed where it was bridged beneath other ink, and rings around samples."""
    trace = series.trace
    course = np.column_stack([trace.x_px, trace.y_px])
    radius = max(1.5 * trace.width_px, 2.5)
    if series.style == "points":
        canvas.circles(course[np.isfinite(course).all(axis=1)], radius, color)
        return
    width = max(min(round(0.5 * trace.width_px), 1) * canvas.zoom, 1)  # its own colour stays visible on either side
    canvas.lines(_runs(course, trace.covered, 4 * trace.width_px), color, width)
    y_axis = panel.y_axis_of(series)
    if series.samples is not None and panel.x_axis and y_axis:
        samples = np.column_stack([panel.x_axis.to_pixel(series.samples.x), y_axis.to_pixel(series.samples.y)])
        canvas.circles(samples[np.isfinite(samples).all(axis=1)], radius, color)


def _runs(course: FloatArray, covered: np.ndarray, dash: float) -> list[FloatArray]:
    """A course of shape (n, 2) cut at its gaps and, every other `dash` along, where it is `covered`."""
    if len(course) < 2:
        return [course] if np.isfinite(course).all() else []
    steps = np.nan_to_num(np.hypot(*np.diff(course, axis=0).T))
    along = np.cumsum(steps) - steps / 2
    shown = np.isfinite(course[:-1]).all(axis=1) & np.isfinite(course[1:]).all(axis=1)
    shown &= ~(covered[:-1] & covered[1:] & (np.floor(along / dash) % 2 == 1))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], shown.astype(np.int8), [0]])))
    return [course[start : end + 1] for start, end in edges.reshape(-1, 2)]


def _draw_ticks(canvas: _Canvas, panel: Panel) -> list[_Label]:
    """A stroke across the axis at each tick that the calibration stands on, and the value read there."""
    labels = []
    for name, axis in (("x", panel.x_axis), ("y", panel.y_axis), ("y2", panel.y2_axis)):
        if axis is None:
            continue
        edge, inward = _axis_edge(panel, axis, name)
        ticks = [tick for tick in axis.ticks if tick.used and tick.value is not None]
        for tick in ticks:
            value = tick.value if tick.value is not None else 0.0
            ends = np.array([(tick.pixel, edge - 4 * inward), (tick.pixel, edge + 4 * inward)])
            canvas.lines([ends if name == "x" else ends[:, ::-1]], canvas.ink, canvas.zoom)
            text = to_text(value, error_per_pixel(axis, value), axis.scale)
            if axis.labels is not None and 0 <= round(value) < len(axis.labels):
                text = axis.labels[round(value)]
            at = edge + 5 * inward
            if name == "x":
                labels.append(_Label(text, tick.pixel, at, "mb" if inward < 0 else "mt", canvas.ink, canvas.chip))
            else:
                labels.append(_Label(text, at, tick.pixel, "lm" if inward > 0 else "rm", canvas.ink, canvas.chip))
    return labels


def _axis_edge(panel: Panel, axis: Axis, name: str) -> tuple[float, int]:
    """The edge of the plot area that an axis' labels stand at, and the direction inward from it (-1 or 1)."""
    box = panel.box
    first, last = (box.bottom, box.top) if name == "x" else (box.left, box.right)
    if name == "y2":
        first, last = last, first
    boxes = [tick.box for tick in axis.ticks if tick.box is not None]
    if boxes:
        middle = float(np.median([one.center[1 if name == "x" else 0] for one in boxes]))
        if abs(middle - last) < abs(middle - first):
            first, last = last, first
    return first, 1 if last > first else -1


def _draw_dropped(canvas: _Canvas, panel: Panel, count: int) -> list[_Label]:
    """Crossed boxes around what was seen and not used, numbered on from `count` as in the key."""
    labels = []
    for number, dropped in enumerate(panel.dropped, start=count + 1):
        box = dropped.box
        canvas.rectangle(box, DROPPED_COLOR, canvas.zoom)
        canvas.lines([np.array([(box.left, box.top), (box.right, box.bottom)])], DROPPED_COLOR, 1)
        labels.append(_Label(f"{number}", box.right + 1, box.top, "lm", (255, 255, 255), DROPPED_COLOR))
    return labels


def _write(image: PILImage.Image, labels: list[_Label], zoom: int) -> PILImage.Image:
    """Write the labels on chips, leaving out values that would cover one already written."""
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(9.0 * zoom if zoom > 1 else 11.0)
    taken: list[Box] = []
    for label in labels:
        x, y = label.x * zoom, label.y * zoom
        box = Box(*draw.textbbox((x, y), label.text, font=font, anchor=label.anchor)).grown(1)
        moved_x = max(-box.left, 0.0) - max(box.right - image.width, 0.0)
        moved_y = max(-box.top, 0.0) - max(box.bottom - image.height, 0.0)
        box = Box(box.left + moved_x, box.top + moved_y, box.right + moved_x, box.bottom + moved_y)
        if any(box.intersection(other).area > 0 for other in taken):
            continue
        taken.append(box)
        draw.rectangle(box, fill=label.ground)
        draw.text((x + moved_x, y + moved_y), label.text, fill=label.ink, font=font, anchor=label.anchor)
    return image
