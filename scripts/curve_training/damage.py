"""What happens to pictures on their way: scaling, blur, loss of colours, noise, compression. The curves follow."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageFilter

from .areas import PlotArea, scaled

_METHODS = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS, Image.Resampling.BOX)
#: Shares of red, green and blue in the grey of a picture (ITU-R BT.601), as pillow has them.
_GREY_SHARES = np.array([0.299, 0.587, 0.114])


def damaged(rng: Generator, area: PlotArea, strength: float = 1.0) -> PlotArea:
    """The plot area after damage of a random kind; `strength` times the usual odds decide what befalls it."""
    if rng.random() < 0.3 * strength:
        factor = rng.uniform(0.45, 0.95) if rng.random() < 0.55 else rng.uniform(1.1, 2.0)
        area = scaled(area, factor, Image.Resampling(rng.choice(_METHODS)))
    if rng.random() < 0.08 * strength:
        area = _filtered(area, ImageFilter.GaussianBlur(rng.uniform(0.4, 1.2)))
    if rng.random() < 0.08 * strength:
        area = grey(area)
    if rng.random() < 0.06 * strength:
        area = _of_few_colors(area, int(rng.choice([16, 32, 64, 128])))
    if rng.random() < 0.12 * strength:
        area = _noisy(rng, area)
    return _compressed(rng, area, strength)


def grey(area: PlotArea) -> PlotArea:
    """The plot area without colour; ground and curves show the greys of theirs."""
    curves = tuple(replace(curve, shown=np.full(3, curve.shown @ _GREY_SHARES)) for curve in area.curves)
    picture = Image.fromarray(area.rgb).convert("L").convert("RGB")
    return PlotArea(rgb=np.asarray(picture), ground=np.full(3, area.ground @ _GREY_SHARES), curves=curves)


def _filtered(area: PlotArea, how: ImageFilter.Filter) -> PlotArea:
    return replace(area, rgb=np.asarray(Image.fromarray(area.rgb).filter(how)))


def _of_few_colors(area: PlotArea, count: int) -> PlotArea:
    return replace(area, rgb=np.asarray(Image.fromarray(area.rgb).quantize(count).convert("RGB")))


def _noisy(rng: Generator, area: PlotArea) -> PlotArea:
    """Noise of each pixel, or of each of its channels."""
    noise = rng.normal(size=(*area.rgb.shape[:2], 3 if rng.random() < 0.5 else 1)) * rng.uniform(2, 14)
    return replace(area, rgb=np.clip(area.rgb + noise, 0, 255).astype(np.uint8))


def _compressed(rng: Generator, area: PlotArea, strength: float) -> PlotArea:
    """The plot area as JPEG or WebP left it; most stay whole."""
    lot, stream, picture = rng.random(), io.BytesIO(), Image.fromarray(area.rgb)
    if lot < 0.33 * strength:
        quality = int(rng.integers(30, 96))
        picture.save(stream, "JPEG", quality=quality, subsampling=int(rng.choice([0, 2, 2])))
    elif lot < 0.45 * strength:
        picture.save(stream, "WEBP", quality=int(rng.integers(30, 95)), method=0)
    else:
        return area
    return replace(area, rgb=np.asarray(Image.open(stream).convert("RGB")))
