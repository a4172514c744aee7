"""A picture with each claim marked where it says that the curve should be."""

from __future__ import annotations

import numpy as np
from PIL import Image as PILImage
from PIL import ImageDraw, ImageFont

from digitize.claims.records import Check, Outcome
from digitize.model import Color, Reading

_COLORS: dict[Outcome, Color] = {"confirmed": (0, 150, 60), "refuted": (220, 30, 30), "undecidable": (120, 120, 120)}
_ENLARGED_BELOW = 2_000_000  # pixels: smaller pictures are drawn at twice their size, so that the marks are legible
_RADIUS = 5.0  # pixels of the given picture, and half the height of a line's number
_FADE = 0.35  # how far the picture recedes, so that the marks stand out


def draw_marks(reading: Reading, check: Check) -> PILImage.Image:
    """The picture with a ring at each claimed value: green, grey, or red, struck through, with its line's number.

    Returns
    -------
    PIL image in RGB, once or twice as wide as the picture.
    """
    shown = reading.picture.as_given
    zoom = 2 if shown.shape[0] * shown.shape[1] <= _ENLARGED_BELOW else 1
    faded = shown.repeat(zoom, axis=0).repeat(zoom, axis=1) * np.float32(1 - _FADE) + np.float32(255 * _FADE)
    image = PILImage.fromarray(faded.astype(np.uint8))
    draw = ImageDraw.Draw(image)
    radius = _RADIUS * zoom
    font = ImageFont.load_default(2 * radius)
    placed = [one for one in check.verdicts if one.at is not None and np.isfinite(one.at).all()]
    for one in sorted(placed, key=lambda one: one.outcome == "refuted"):
        x, y = (float(np.clip(value * zoom, 0, size - 1)) for value, size in zip(one.at or (), image.size, strict=True))
        color = _COLORS[one.outcome]
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=color, width=zoom + 1)
        if one.outcome == "refuted":
            draw.line((x - radius, y - radius, x + radius, y + radius), fill=color, width=zoom + 1)
            label = str(one.claim.source.line)
            box = draw.textbbox((x + radius + 2, y), label, font=font, anchor="lm")
            draw.rectangle(box, fill=(255, 255, 255))
            draw.text((x + radius + 2, y), label, fill=color, font=font, anchor="lm")
    return image
