"""Pieces of pictures as drawn and as damage leaves them, of the same size."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Pixels = NDArray[np.uint8]

#: Side of a piece in pixels, and what is drawn around it, so that its place among the blocks of a code is any.
SIDE, _AROUND = 96, 32
#: Tags of pictures that are not as they were drawn.
_DAMAGED = ("jpeg", "webp", "scan-noise", "palette-png", "tilted", "downscaled", "upscaled")
_METHODS = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.LANCZOS, Image.Resampling.BOX)
#: Pieces without strokes teach little: of so many tries the first is taken that has steep edges, in levels of 255, at
#: such a share of its pixels.
_TRIES, _BUSY, _STEEP = 5, 0.02, 30


def whole_pictures(folders: Sequence[Path]) -> list[Pixels]:
    """The undamaged pictures (h, w, 3) of folders that `make_fixtures.py random` wrote."""
    pictures = []
    for truth in sorted(path for folder in folders for path in folder.glob("*.json")):
        content = json.loads(truth.read_text(encoding="utf-8"))
        picture = truth.with_suffix(".png")
        if "panels" in content and picture.exists() and not any(t.startswith(_DAMAGED) for t in content["tags"]):
            pictures.append(_on_white(Image.open(picture)))
    return pictures


def _on_white(image: Image.Image) -> Pixels:
    layer = image.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    ground.alpha_composite(layer)
    return np.asarray(ground.convert("RGB"))


def pairs(rng: Generator, pictures: Sequence[Pixels]) -> Iterator[tuple[Pixels, Pixels]]:
    """Pieces without end: each (SIDE, SIDE, 3), damaged and whole."""
    weights = np.sqrt([picture.shape[0] * picture.shape[1] for picture in pictures])
    while True:
        picture = pictures[rng.choice(len(pictures), p=weights / weights.sum())]
        whole = _recolored(rng, _piece(rng, picture))
        top, left = rng.integers(0, _AROUND + 1, 2)
        inside = np.s_[top : top + SIDE, left : left + SIDE]
        yield damaged(rng, whole)[inside], whole[inside]


def _piece(rng: Generator, picture: Pixels) -> Pixels:
    """A busy piece of a picture, SIDE + _AROUND pixels a side, at its own scale or another."""
    lot = rng.random()
    scale = rng.uniform(0.5, 0.95) if lot < 0.3 else rng.uniform(1.1, 2.0) if lot < 0.45 else 1.0
    side = round((SIDE + _AROUND) / scale)
    height, width = (max(length, side) for length in picture.shape[:2])
    picture = np.pad(picture, [(0, height - picture.shape[0]), (0, width - picture.shape[1]), (0, 0)], "edge")
    for _ in range(_TRIES):
        top, left = rng.integers(0, height - side + 1), rng.integers(0, width - side + 1)
        piece = picture[top : top + side, left : left + side]
        if (np.abs(np.diff(piece.astype(np.int16), axis=0)).max(axis=2) > _STEEP).mean() > _BUSY:
            break
    if scale != 1:
        size = SIDE + _AROUND, SIDE + _AROUND
        piece = np.asarray(Image.fromarray(piece).resize(size, Image.Resampling(rng.choice(_METHODS))))
    return piece


def _recolored(rng: Generator, piece: Pixels) -> Pixels:
    """The piece with its channels in another order, inverted or turned now and then."""
    if rng.random() < 0.4:
        piece = piece[..., rng.permutation(3)]
    if rng.random() < 0.2:
        piece = 255 - piece
    if rng.random() < 0.08:
        piece = np.asarray(Image.fromarray(piece).convert("L").convert("RGB"))
    if rng.random() < 0.06:
        piece = np.asarray(Image.fromarray(piece).filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 0.9))))
    return np.rot90(piece, rng.integers(4))


def damaged(rng: Generator, whole: Pixels) -> Pixels:
    """A picture after noise, a loss of colours or compression; one of twelve stays whole."""
    lot = rng.random()
    if lot < 0.08:
        return whole
    if lot < 0.28:
        noisy = _noisy(rng, whole)
        return noisy if rng.random() < 0.6 else compressed(rng, noisy)
    if lot < 0.32:
        dither = Image.Dither.FLOYDSTEINBERG if rng.random() < 0.5 else Image.Dither.NONE
        return np.asarray(Image.fromarray(whole).quantize(int(rng.choice([16, 32, 64])), dither=dither).convert("RGB"))
    if lot < 0.42:
        return _compressed_twice(rng, whole)
    return compressed(rng, whole)


def _noisy(rng: Generator, piece: Pixels) -> Pixels:
    """Noise of each pixel, or of each of its channels."""
    noise = rng.normal(size=(*piece.shape[:2], 3 if rng.random() < 0.5 else 1)) * rng.uniform(1, 12)
    return np.clip(piece + noise + 0.5, 0, 255).astype(np.uint8)


def _compressed_twice(rng: Generator, piece: Pixels) -> Pixels:
    """The piece compressed with its blocks at two places."""
    way = tuple(rng.integers(0, 16, 2))
    first = np.roll(compressed(rng, piece), way, (0, 1))
    return np.roll(compressed(rng, first), (-way[0], -way[1]), (0, 1))


def compressed(rng: Generator, piece: Pixels) -> Pixels:
    """The piece as JPEG or WebP leaves it."""
    stream, picture = io.BytesIO(), Image.fromarray(piece)
    if rng.random() < 0.7:
        picture.save(stream, "JPEG", quality=int(rng.integers(25, 96)), subsampling=int(rng.choice([0, 1, 2, 2, 2])))
    else:
        picture.save(stream, "WEBP", quality=int(rng.integers(25, 95)), method=0)
    return np.asarray(Image.open(stream).convert("RGB"))
