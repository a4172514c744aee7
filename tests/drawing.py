"""Small charts drawn with known geometry, and the words that a perfect recogniser would see in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from digitize.components import Components
from digitize.model import Box, Layer, Picture, Segmentation, Word

TEXT_HEIGHT = 10.0
Rectangle = tuple[float, float, float, float]


def canvas(width: int = 400, height: int = 300, color: str = "white") -> tuple[Image.Image, ImageDraw.ImageDraw]:
    picture = Image.new("RGB", (width, height), color)
    return picture, ImageDraw.Draw(picture)


def as_picture(image: Image.Image) -> Picture:
    return Picture(name="drawn.png", rgb=np.array(image.convert("RGB")), sha256="0" * 64)


def word(text: str, x: float, y: float, *, align: str = "center", angle: int = 0, **more: object) -> Word:
    """A word of the usual height centred at y, its centre, right edge or left edge at x."""
    width = 0.6 * TEXT_HEIGHT * len(text)
    left = {"center": x - width / 2, "right": x - width, "left": x}[align]
    box = Box(left, y - TEXT_HEIGHT / 2, left + width, y + TEXT_HEIGHT / 2)
    fields = {"box": box, "text": text, "number": text, "confidence": 0.99, "number_confidence": 0.99, "angle": angle,
              "height_px": TEXT_HEIGHT, **more}  # fmt: skip
    return Word(**fields)  # type: ignore[arg-type]


def framed(
    draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], x_ticks: Sequence[int], y_ticks: Sequence[int]
) -> None:
    """A black frame whose strokes are centred on the box' edges, with grey gridlines."""
    left, top, right, bottom = box
    for x in x_ticks:
        draw.line([(x, top), (x, bottom)], fill="#dddddd")
    for y in y_ticks:
        draw.line([(left, y), (right, y)], fill="#dddddd")
    draw.rectangle(box, outline="black")


def tick_words(box: tuple[int, int, int, int], x_ticks: dict[int, str], y_ticks: dict[int, str]) -> list[Word]:
    """Labels centred at the centres of one-pixel strokes drawn at integer positions."""
    left, _, _, bottom = box
    below = [word(text, x + 0.5, bottom + 14) for x, text in x_ticks.items()]
    beside = [word(text, left - 6, y + 0.5, align="right") for y, text in y_ticks.items()]
    return below + beside


def pieces(*boxes: Rectangle) -> Components:
    """Black pieces of these boxes (left, top, right, bottom) that look like glyphs."""
    left, top, right, bottom = np.array(boxes, float).T
    count = len(boxes)
    return Components(
        number=np.arange(1, count + 1), left=left, top=top, right=right, bottom=bottom,
        area=0.5 * (right - left) * (bottom - top), lab=np.zeros((count, 3)), rgb=np.zeros((count, 3)),
        slender=np.full(count, 0.6), tilt=np.zeros(count), attached=np.zeros(count, bool),
        contrast=np.full(count, 255.0), lighter=np.zeros(count, bool),
    )  # fmt: skip


def as_segmentation(ink: NDArray[np.bool_], *layers: Layer) -> Segmentation:
    """Ink (h, w) on white, all of it explained, of lines two pixels wide."""
    height, width = ink.shape
    return Segmentation(
        layers=layers,
        box=Box(0.0, 0.0, float(width), float(height)),
        background=(255, 255, 255),
        ink=ink,
        explained=ink,
        unexplained=0.0,
        stroke_px=2.0,
        noise=0.0,
    )
