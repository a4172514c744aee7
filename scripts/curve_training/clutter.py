"""What stands in a plot area besides its curves: gridlines, frames and reference lines beneath, words over them."""

from __future__ import annotations

import numpy as np
from matplotlib.font_manager import findfont
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont
from random_charts.model import Values

from .canvas import Canvas, Pen

#: A legend names so many curves at most.
_MOST_ENTRIES = 6
_GRID_DASHES = ((2.0, 2.0), (1.0, 3.0), (4.0, 2.0))

Paint = tuple[int, ...]


def is_dark(ground: Values) -> bool:
    return bool(ground.mean() < 128)


def draw_rules(rng: Generator, canvas: Canvas, ground: Values) -> None:
    """Gridlines, a frame, a straight line of reference and a shaded range of x, each now and then."""
    light = _grid_color(rng, ground)
    width, snap = rng.choice([0.5, 0.8, 1, 1, 1, 2]), bool(rng.random() < 0.7)
    dashes = _GRID_DASHES[rng.integers(len(_GRID_DASHES))] if rng.random() < 0.25 else ()
    _draw_grid(rng, canvas, light, Pen(width=width, dashes=dashes, snap=snap))
    _draw_frame(rng, canvas, ground, snap)
    if rng.random() < 0.15:
        _draw_reference(rng, canvas)
    if rng.random() < 0.05:
        left, right = np.sort(rng.uniform(0, canvas.width, 2))
        range_of_x = [[left, 0], [right, 0], [right, canvas.height], [left, canvas.height]]
        canvas.fill(np.array(range_of_x), light, opacity=0.4)


def _grid_color(rng: Generator, ground: Values) -> Values:
    if ground.mean() < 250:
        far = 255.0 if is_dark(ground) else 0.0
        color = ground + (far - ground) * rng.uniform(0.05, 0.35)
    else:
        color = np.full(3, rng.uniform(150, 240))
    if not is_dark(ground) and rng.random() < 0.1:
        color = np.full(3, 255.0)
    return color


def _draw_grid(rng: Generator, canvas: Canvas, color: Values, pen: Pen) -> None:
    if rng.random() < 0.7:
        step, first = rng.uniform(25, 110), rng.uniform(0, 60)
        for y in np.arange(first, canvas.height, step):
            canvas.line(_level(canvas, y), color, pen)
    if rng.random() < 0.5:
        step, first = rng.uniform(30, 140), rng.uniform(0, 60)
        for x in np.arange(first, canvas.width, step):
            canvas.line(_upright(canvas, x), color, pen)


def _draw_frame(rng: Generator, canvas: Canvas, ground: Values, snap: bool) -> None:
    """The sides on the left and below, those on the right and above, or none."""
    width, height = canvas.width, canvas.height
    color = 255 - ground if rng.random() < 0.5 else np.full(3, rng.uniform(60, 160))
    if rng.random() < 0.6:
        sides = np.array([[0.5, 0], [0.5, height - 0.5], [width, height - 0.5]])
        canvas.line(sides, color, Pen(width=rng.choice([0.8, 1, 1, 2]), snap=snap))
    if rng.random() < 0.3:
        sides = np.array([[0, 0.5], [width - 0.5, 0.5], [width - 0.5, height]])
        canvas.line(sides, color, Pen(snap=snap))


def _draw_reference(rng: Generator, canvas: Canvas) -> None:
    color = rng.random(3) * 255
    dashes = (4.0, 3.0) if rng.random() < 0.7 else ()
    if rng.random() < 0.5:
        points = _level(canvas, rng.uniform(0.1, 0.9) * canvas.height)
    else:
        points = _upright(canvas, rng.uniform(0.1, 0.9) * canvas.width)
    canvas.line(points, color, Pen(width=rng.uniform(1, 2.5), dashes=dashes))


def _level(canvas: Canvas, y: float) -> Values:
    return np.array([[0, y], [canvas.width, y]])


def _upright(canvas: Canvas, x: float) -> Values:
    return np.array([[x, 0], [x, canvas.height]])


def draw_words(rng: Generator, picture: Image.Image, inks: Values, ground: Values) -> None:
    """A legend over the data, words, or the bare places where such were cut out, each now and then."""
    pen = ImageDraw.Draw(picture)
    front = _paint(255 - ground if rng.random() < 0.7 else np.full(3, 110))
    font = ImageFont.truetype(findfont("DejaVu Sans"), int(rng.integers(8, 15)))
    if rng.random() < 0.25:
        _draw_legend(rng, pen, inks, ground, (font, front))
    for _ in range(int(rng.integers(1, 5)) if rng.random() < 0.2 else 0):
        _draw_word(rng, pen, inks, ground, (font, front))


def _draw_legend(
    rng: Generator,
    pen: ImageDraw.ImageDraw,
    inks: Values,
    ground: Values,
    lettering: tuple[ImageFont.FreeTypeFont, Paint],
) -> None:
    """A box or none, with samples and names or bare."""
    font, front = lettering
    row_height = font.size + 5
    width, height = rng.uniform(60, 150), row_height * min(len(inks), _MOST_ENTRIES) + 6
    left = rng.uniform(0, max(pen.im.size[0] - width, 1))
    top = rng.uniform(0, max(pen.im.size[1] - height, 1))
    if rng.random() < 0.75:
        edge = _paint(ground * 0.8 + 25) if rng.random() < 0.6 else None
        pen.rectangle([left, top, left + width, top + height], fill=_paint(ground), outline=edge)
    if rng.random() < 0.5:
        for k, ink in enumerate(inks[:_MOST_ENTRIES]):
            middle = top + 4 + k * row_height + font.size / 2
            pen.line([left + 5, middle, left + 27, middle], fill=_paint(ink), width=int(rng.integers(1, 4)))
            name = _letters(rng, "a", "z", int(rng.integers(3, 10)))
            pen.text((left + 32, middle - font.size * 0.6), name, fill=front, font=font)


def _draw_word(
    rng: Generator,
    pen: ImageDraw.ImageDraw,
    inks: Values,
    ground: Values,
    lettering: tuple[ImageFont.FreeTypeFont, Paint],
) -> None:
    """A word in black or in a curve's ink, or the bare place of one."""
    font, front = lettering
    word = _letters(rng, "0", "z", int(rng.integers(2, 12)))
    left, top = rng.uniform(0, pen.im.size[0] * 0.9), rng.uniform(0, pen.im.size[1] * 0.95)
    color = _paint(inks[rng.integers(len(inks))]) if rng.random() < 0.4 else front
    if rng.random() < 0.5:
        pen.text((left, top), word, fill=color, font=font)
    else:
        pen.rectangle([left, top, left + 7 * len(word), top + font.size + 2], fill=_paint(ground))


def _letters(rng: Generator, first: str, last: str, count: int) -> str:
    return "".join(chr(code) for code in rng.integers(ord(first), ord(last) + 1, count))


def _paint(color: Values) -> Paint:
    return tuple(int(value) for value in color)
