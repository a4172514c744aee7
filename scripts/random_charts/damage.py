"""What happens to pictures on their way: scaling, compression, palettes, scanning. The truth follows."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from .model import Bounds, Rendering

FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "area": Image.Resampling.BOX,
    "lanczos": Image.Resampling.LANCZOS,
}


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A picture as a file's bytes, with its suffix, and its panels in the stored pixels."""

    data: bytes
    suffix: str
    rendering: Rendering
    lossy: bool


def scaled(rendering: Rendering, factor: float, method: str) -> Rendering:
    """The picture resized; boxes follow the rounded size."""
    width, height = rendering.image.size
    size = (round(width * factor), round(height * factor))
    across, down = size[0] / width, size[1] / height
    image = rendering.image.convert("RGB").resize(size, FILTERS[method])
    panels = tuple(
        replace(p, box=stretched(p.box, across, down), stroke_scale=p.stroke_scale * factor) for p in rendering.panels
    )
    tag = "upscaled" if factor > 1 else "downscaled"
    return replace(rendering, image=image, panels=panels, tags=(*rendering.tags, tag))


def stretched(box: Bounds, across: float, down: float) -> Bounds:
    return box[0] * across, box[1] * down, box[2] * across, box[3] * down


def tilted(rendering: Rendering, degrees: float) -> Rendering:
    """The picture turned counter-clockwise about its centre, on paper of the page's own colour.

    A panel's box keeps its size and turns about its own centre with the picture; the stored box is the upright one
    of that size around the moved centre.
    """
    source = rendering.image.convert("RGB")
    paper = source.getpixel((1, 1))
    image = source.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=paper)  # type: ignore[arg-type]
    angle = np.radians(degrees)
    middle = np.array(source.size) / 2
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    panels = []
    for panel in rendering.panels:
        left, top, right, bottom = panel.box
        x, y = middle + turn @ (np.array([(left + right) / 2, (top + bottom) / 2]) - middle)
        half = (right - left) / 2, (bottom - top) / 2
        panels.append(replace(panel, box=(x - half[0], y - half[1], x + half[0], y + half[1]), tilt=degrees))
    return replace(rendering, image=image, panels=tuple(panels), tags=(*rendering.tags, "tilted"))


def noisy(rendering: Rendering, strength: float, rng: np.random.Generator) -> Rendering:
    """Grey noise of the given standard deviation over the whole picture."""
    pixels = np.asarray(rendering.image.convert("RGB"), float)
    noise = rng.normal(0, strength, pixels.shape[:2])[..., None]
    image = Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))
    return replace(rendering, image=image, tags=(*rendering.tags, "scan-noise"))


def gray(rendering: Rendering) -> Rendering:
    panels = tuple(replace(panel, gray=True) for panel in rendering.panels)
    return replace(rendering, image=rendering.image.convert("L"), panels=panels, tags=(*rendering.tags, "grayscale"))


def palette(rendering: Rendering, colors: int) -> Rendering:
    image = rendering.image.convert("RGB").quantize(colors, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return replace(rendering, image=image, tags=(*rendering.tags, "palette-png"))


def stored(rendering: Rendering, form: str, quality: int = 0) -> Stored:
    """The picture as a file: ``png``, ``jpeg`` or ``webp``, the latter two with a quality."""
    image, buffer = rendering.image, io.BytesIO()
    lossy = form != "png" or bool({"scan-noise", "palette-png", "tilted"} & set(rendering.tags))
    if form == "png":
        keeps_alpha = "alpha-png" in rendering.tags
        image = image.convert("RGB") if image.mode == "RGBA" and not keeps_alpha else image
        image.save(buffer, "PNG", optimize=True)
    else:
        image = image if image.mode == "L" else image.convert("RGB")
        image.save(buffer, form.upper(), quality=quality)
        rendering = replace(rendering, tags=(*rendering.tags, f"{form}{quality}"))
    suffix = {"png": ".png", "jpeg": ".jpg", "webp": ".webp"}[form]
    return Stored(data=buffer.getvalue(), suffix=suffix, rendering=rendering, lossy=lossy)


def random_damage(rendering: Rendering, rng: np.random.Generator) -> Stored:
    """Damage of a random kind; about half of the pictures stay whole."""
    mean_side = rendering.image.size[0] * rendering.image.size[1]
    tags = set(rendering.tags)
    if rng.random() < 0.17:
        small = mean_side < 480_000
        factor = rng.uniform(1.2, 1.9) if small else rng.uniform(0.6, 0.9)
        rendering = scaled(rendering, float(factor), str(rng.choice(list(FILTERS))))
    if "dark" not in tags and rng.random() < 0.07:
        rendering = tilted(rendering, float(rng.choice([-1, 1]) * rng.uniform(0.3, 2)))
        rendering = noisy(rendering, float(rng.uniform(2, 6)), rng)
        if "grey-only" in tags or rng.random() < 0.3:
            rendering = gray(rendering)
    elif "grey-only" in tags and rng.random() < 0.4:
        rendering = gray(rendering)
    elif rng.random() < 0.06:
        rendering = palette(rendering, int(rng.choice([32, 64, 128, 256])))
        return stored(rendering, "png")
    kind = rng.random()
    if kind < 0.2:
        return stored(rendering, "jpeg", int(rng.integers(40, 91)))
    if kind < 0.3:
        return stored(rendering, "webp", int(rng.integers(45, 90)))
    return stored(rendering, "png")
