"""Contact sheets: many cases on one picture, with the truth drawn over them where asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

SUFFIXES = {".png", ".jpg", ".webp"}


def draw_truth(image: Image.Image, truth: dict[str, Any]) -> Image.Image:
    """The picture with each plot area outlined."""
    draw = ImageDraw.Draw(image)
    for panel in truth["panels"]:
        draw.rectangle([round(v - 0.5) for v in panel["box"]], outline="#ff00ff")
    return image


def make_sheets(
    folder: Path, out: Path, *, columns: int = 4, rows: int = 4, cell: tuple[int, int] = (480, 350)
) -> list[Path]:
    """Write sheets of the folder's cases as OUT-0.png, OUT-1.png …; returns their paths."""
    files = [p for p in sorted(folder.iterdir()) if p.suffix in SUFFIXES]
    written = []
    for first in range(0, len(files), columns * rows):
        sheet = Image.new("RGB", (cell[0] * columns, cell[1] * rows), "#808080")
        for k, path in enumerate(files[first : first + columns * rows]):
            image = Image.open(path).convert("RGB")
            truth = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            image = draw_truth(image, truth)
            image.thumbnail((cell[0] - 6, cell[1] - 20), Image.Resampling.LANCZOS)
            place = np.array([k % columns * cell[0], k // columns * cell[1]])
            sheet.paste(image, (int(place[0]) + 3, int(place[1]) + 17))
            ImageDraw.Draw(sheet).text((int(place[0]) + 4, int(place[1]) + 3), path.name, fill="white")
        written.append(out.with_name(f"{out.name}-{first // (columns * rows)}.png"))
        sheet.save(written[-1])
    return written
