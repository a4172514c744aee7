"""The key beneath an overlay: what was read in words, status with reasons, and why things were dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image as PILImage
from PIL import ImageDraw, ImageFont

from digitize.model import Color, Panel, Reading, Status
from digitize.outputs.values import label_series
from digitize.outputs.wording import describe_axis

STATUS_COLORS: dict[Status, Color] = {"ok": (22, 140, 60), "review": (200, 120, 0), "refused": (205, 30, 40)}
DROPPED_COLOR: Color = (215, 25, 45)
GROUND: Color = (246, 246, 248)
INK: Color = (30, 30, 36)
QUIET: Color = (95, 95, 105)
COLUMN_EMS = 32  # the width of a column: about sixty letters
MOST_DROPPED = 6  # a panel


@dataclass(frozen=True)
class _Line:
    """One line of the key; `sample` is a series' own colour with the colour that its trace is drawn in."""

    text: str
    ink: Color = INK
    ground: Color | None = None
    sample: tuple[Color, Color] | None = None


def add_key(image: PILImage.Image, reading: Reading, colors: Sequence[Sequence[Color]], *, zoom: int) -> PILImage.Image:
    """The image with the key beneath it.

    Parameters
    ----------
    colors : for each panel the colours that its series' traces are drawn in.
    zoom : how many times the picture's size the image has.
    """
    size = max(10 * zoom, 12, image.width // 150)
    row = round(size * 1.5)
    columns = max(image.width // (COLUMN_EMS * size), 1)
    width = image.width // columns
    blocks = _blocks(reading, colors)
    shelves = [blocks[start : start + columns] for start in range(0, len(blocks), columns)]
    heights = [row * (max(len(block) for block in shelf) + 1) for shelf in shelves]
    out = PILImage.new("RGB", (image.width, image.height + sum(heights) + row // 2), GROUND)
    out.paste(image, (0, 0))
    draw = ImageDraw.Draw(out)
    top = image.height + row // 2
    for shelf, height in zip(shelves, heights, strict=True):
        for column, block in enumerate(shelf):
            for index, line in enumerate(block):
                _write_line(draw, line, (column * width + row // 2, top + index * row), width - row, size)
        top += height
    return out


def _blocks(reading: Reading, colors: Sequence[Sequence[Color]]) -> list[list[_Line]]:
    """The lines of the whole picture, where there is something to say, and of each panel."""
    general = [_Line(reason.message, DROPPED_COLOR) for reason in reading.reasons]
    general += [_Line(note, QUIET) for note in reading.picture.notes]
    if not reading.panels:
        general.insert(0, _Line(" no line chart ", (255, 255, 255), STATUS_COLORS["refused"]))
    blocks = [general] if general else []
    dropped = 0
    for panel, own in zip(reading.panels, colors, strict=True):
        blocks.append(_panel_lines(panel, own, dropped))
        dropped += len(panel.dropped)
    return blocks


def _panel_lines(panel: Panel, colors: Sequence[Color], dropped: int) -> list[_Line]:
    status = STATUS_COLORS[panel.status]
    lines = [_Line(f" {panel.number} {panel.status}  {panel.title or '(no title)'} ", (255, 255, 255), status)]
    lines += [_Line(reason.message, status) for reason in panel.reasons]
    for name, axis in (("x", panel.x_axis), ("y", panel.y_axis), ("y2", panel.y2_axis)):
        if axis is not None or name != "y2":
            lines.append(_Line(describe_axis(name, axis, panel.box), QUIET))
    for label, series, color in zip(label_series(panel), panel.series, colors, strict=True):
        y = series.trace.y_px if panel.status == "refused" else series.points.y
        count = f"{int(np.isfinite(y).sum())} points"
        samples = "" if series.samples is None else f", {len(series.samples)} samples"
        lines.append(_Line(f"{label}  ({count}{samples})", sample=(series.color, color)))
    for index, one in enumerate(panel.dropped[:MOST_DROPPED], start=dropped + 1):
        lines.append(_Line(f"{index} dropped: {one.why}", DROPPED_COLOR))
    if len(panel.dropped) > MOST_DROPPED:
        lines.append(_Line(f"and {len(panel.dropped) - MOST_DROPPED} more dropped", DROPPED_COLOR))
    return lines


def _write_line(draw: ImageDraw.ImageDraw, line: _Line, at: tuple[int, int], width: int, size: int) -> None:
    """One line in letters of `size` pixels, cut to `width` pixels, with its sample or its ground."""
    x, y = at
    font = ImageFont.load_default(float(size))
    if line.sample is not None:
        own, trace = line.sample
        middle = y + round(0.6 * size)
        draw.rectangle((x, middle - size // 3, x + 2 * size, middle + size // 3), fill=own)
        draw.line((x, middle, x + 2 * size, middle), fill=trace, width=max(size // 6, 1))
        x, width = x + round(2.6 * size), width - round(2.6 * size)
    text = line.text
    while len(text) > 1 and draw.textlength(text, font=font) > width:
        text = text[:-2].rstrip() + "…"
    if line.ground is not None:
        end = x + draw.textlength(text, font=font)
        draw.rectangle((x, y - size // 8, end, y + round(1.25 * size)), fill=line.ground)
    draw.text((x, y), text, fill=line.ink, font=font)
