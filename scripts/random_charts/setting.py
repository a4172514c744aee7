"""What stands around charts: cards of a dashboard, bars with buttons, a page of text. Drawn with Pillow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from . import words
from .looks import pick
from .model import Bounds, Chart, Drawn, Figure, Look, Rendering, mixed

Render = Callable[[Figure, Generator], Rendering]


@cache
def font(family: str, size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The installed font of a family."""
    from matplotlib.font_manager import FontProperties, findfont

    return ImageFont.truetype(findfont(FontProperties(family=family, weight="bold" if bold else "normal")), size)


def in_setting(figure: Figure, render: Render, rng: Generator, whole: bool) -> Rendering:
    """Draw a figure within the setting that it asks for; `whole` says that the renderer draws grids by itself."""
    if figure.setting == "cards":
        return on_cards(figure, render, rng)
    rendering = render(figure, rng) if whole or len(figure.charts) == 1 else side_by_side(figure, render, rng)
    if figure.setting == "page":
        return on_page(figure, rendering, rng)
    return rendering


def shifted(panel: Drawn, dx: float, dy: float) -> Drawn:
    left, top, right, bottom = panel.box
    box: Bounds = (left + dx, top + dy, right + dx, bottom + dy)
    return replace(panel, box=box)


def card_chart(chart: Chart, title_on_card: bool) -> Chart:
    """The chart as it is drawn inside a card: on the card's own colour, without the title that the card bears."""
    look = replace(chart.look, page=chart.look.ground)
    return replace(chart, look=look, title=None if title_on_card else chart.title)


def on_cards(figure: Figure, render: Render, rng: Generator) -> Rendering:
    """Every chart on a card of its own, beneath a bar with a heading and buttons, sometimes beside a list."""
    look = figure.charts[0].look
    width, height = figure.width // figure.columns, figure.height // figure.rows
    size = int(look.font_px * 1.1)
    gap, pad, head = int(size * 1.1), int(size * 0.6), int(size * 2.2)
    title_on_card = bool(rng.random() < 0.7)
    side = int(size * 11) if rng.random() < 0.3 else 0
    bar = int(size * 3.2) if rng.random() < 0.7 else 0
    cell = width + 2 * pad, height + 2 * pad + (head if title_on_card else 0)
    total = side + gap + figure.columns * (cell[0] + gap), bar + gap + figure.rows * (cell[1] + gap)
    behind = mixed(look.ink, 0.05, look.ground)
    image = Image.new("RGB", total, behind)
    draw = ImageDraw.Draw(image)
    if bar:
        draw_bar(draw, look, (side, 0, total[0], bar), size, rng)
    if side:
        draw_list(draw, look, (0, 0, side, total[1]), size, rng)
    panels: list[Drawn] = []
    name = ""
    for number, chart in enumerate(figure.charts):
        row, column = divmod(number, figure.columns)
        left, top = side + gap + column * (cell[0] + gap), bar + gap + row * (cell[1] + gap)
        outline = mixed(look.ink, 0.16, look.ground)
        draw.rounded_rectangle((left, top, left + cell[0], top + cell[1]), size // 2, look.ground, outline)
        if title_on_card and chart.title:
            draw.text(
                (left + size, top + size * 0.6), chart.title, look.ink, font(look.font, int(size * 1.15), bold=True)
            )
        single = Figure(charts=(card_chart(chart, title_on_card),), width=width, height=height, legend_for="each")
        rendering = render(single, rng)
        name = rendering.renderer
        place = left + pad, top + pad + (head if title_on_card else 0)
        image.paste(rendering.image.convert("RGB"), place)
        panels += [replace(shifted(p, *place), title=chart.title) for p in rendering.panels]
    return Rendering(image=image, renderer=name, panels=tuple(panels), tags=("page", "cards"))


def side_by_side(figure: Figure, render: Render, rng: Generator) -> Rendering:
    """Every chart drawn for itself and laid in its cell of the grid."""
    width, height = figure.width // figure.columns, figure.height // figure.rows
    drawn = [
        render(Figure(charts=(chart,), width=width, height=height), np.random.default_rng(seed))
        for chart, seed in zip(figure.charts, [int(rng.integers(1 << 31))] * len(figure.charts), strict=True)
    ]
    cell = max(r.image.width for r in drawn), max(r.image.height for r in drawn)
    image = Image.new("RGB", (cell[0] * figure.columns, cell[1] * figure.rows), figure.charts[0].look.page)
    panels: list[Drawn] = []
    for number, rendering in enumerate(drawn):
        row, column = divmod(number, figure.columns)
        place = column * cell[0], row * cell[1]
        image.paste(rendering.image, place)
        panels += [shifted(p, *place) for p in rendering.panels]
    return Rendering(image=image, renderer=drawn[0].renderer, panels=tuple(panels), tags=drawn[0].tags)


def draw_bar(draw: ImageDraw.ImageDraw, look: Look, box: tuple[int, int, int, int], size: int, rng: Generator) -> None:
    """A heading and one to three buttons."""
    left, top, right, bottom = box
    draw.rectangle(box, mixed(look.ink, 0.02, look.ground))
    middle = (top + bottom) / 2
    heading = font(look.font, int(size * 1.3), bold=True)
    draw.text((left + size, middle), pick(rng, words.PAGE_TITLES), look.ink, heading, anchor="lm")
    place = right - size
    for label in rng.permutation(words.BUTTONS)[: int(rng.integers(1, 4))]:
        wide = int(draw.textlength(str(label), font(look.font, size))) + size
        if place - wide < left + (right - left) / 2:
            break
        fill = "#2da44e" if rng.random() < 0.3 else None
        draw.rounded_rectangle(
            (place - wide, middle - size, place, middle + size), size // 3, fill, mixed(look.ink, 0.3, look.ground)
        )
        ink = "#ffffff" if fill else look.ink
        draw.text((place - wide / 2, middle), str(label), ink, font(look.font, size), anchor="mm")
        place -= wide + size // 2


def draw_list(draw: ImageDraw.ImageDraw, look: Look, box: tuple[int, int, int, int], size: int, rng: Generator) -> None:
    """A side bar with entries, some with a coloured dot."""
    draw.rectangle(box, mixed(look.ink, 0.02, look.ground))
    entries = [*pick(rng, words.RUNS), "Settings", "Help"]
    for k, entry in enumerate(entries):
        y = box[1] + size * (2 + 2 * k)
        if y > box[3] - 2 * size:
            break
        if rng.random() < 0.5:
            color = pick(rng, ["#3fb950", "#d29922", "#8b949e"])
            draw.ellipse((box[0] + size * 0.6, y, box[0] + size * 1.2, y + size * 0.6), color)
        label = entry if len(entry) < 15 else entry[:13] + "…"
        draw.text(
            (box[0] + size * 1.7, y - size * 0.2), label, mixed(look.ink, 0.8, look.ground), font(look.font, size)
        )


def on_page(figure: Figure, rendering: Rendering, rng: Generator) -> Rendering:
    """The picture between paragraphs, with a caption beneath."""
    look = figure.charts[0].look
    size = int(np.clip(look.font_px * 1.1, 12, 22))
    margin, line = size * 4, int(size * 1.6)
    paper = look.page
    width = rendering.image.width + 2 * margin
    above, below = int(rng.integers(2, 6)), int(rng.integers(1, 5))
    top = margin + line * above + line
    height = top + rendering.image.height + line * (below + 3)
    image = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(image)
    face = font(pick(rng, ["Liberation Serif", "Open Sans", "DejaVu Serif", look.font]), size)

    def paragraph(y: float, count: int) -> None:
        text = " ".join(str(t) for t in rng.permutation(words.PAGE_LINES)).split()
        for _ in range(count):
            row = ""
            while text and draw.textlength(f"{row} {text[0]}", face) < width - 2 * margin:
                row = f"{row} {text.pop(0)}".strip()
            draw.text((margin, y), row, look.ink, face)
            y += line

    paragraph(margin, above)
    image.paste(rendering.image.convert("RGB"), (margin, top))
    caption = f"Figure {int(rng.integers(1, 9))}. {pick(rng, words.TITLES['science'])} for the cases named in the text."
    draw.text((margin, top + rendering.image.height + line * 0.6), caption, look.ink, face)
    paragraph(top + rendering.image.height + line * 2.2, below)
    panels = tuple(shifted(p, margin, top) for p in rendering.panels)
    return replace(rendering, image=image, panels=panels, tags=(*rendering.tags, "page"))
