"""Colour: CIELAB for distances, and a linear opponent space in which antialiased pixels are mixtures.

Renderers blend strokes in the encoded values of the picture (Porter & Duff, *Compositing Digital Images*, 1984, done
on sRGB numbers by browsers, Agg and Cairo alike), so a pixel that a stroke covers by a share a is exactly
``ground + a * (ink - ground)`` there. Unmixing is done in a linear turn of those values; judgements of likeness are
made in CIELAB.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.model import Color

Float32 = NDArray[np.float32]

#: Rows that are worked on at once where whole pictures in floating point would take much memory.
STRIPE = 256

#: Luma weighs less than chroma: what tells two inks apart is their hue, while luma also varies with coverage.
_OPPONENT = np.array(
    [
        [0.6 * 0.299, 0.6 * 0.587, 0.6 * 0.114],
        [-0.168736, -0.331264, 0.5],
        [0.5, -0.418688, -0.081312],
    ],
    dtype=np.float32,
)


def to_lab(rgb: NDArray[np.generic]) -> Float32:
    """CIELAB (D65) of RGB values from 0 to 255, any shape (..., 3)."""
    values = np.asarray(rgb, dtype=np.float32)
    if values.size == 0:
        return values
    flat = np.ascontiguousarray(values.reshape(1, -1, 3)) / np.float32(255)
    return np.asarray(cv2.cvtColor(np.clip(flat, 0, 1), cv2.COLOR_RGB2LAB), dtype=np.float32).reshape(values.shape)


def greatest(channels: NDArray[Any]) -> NDArray[Any]:
    """The greatest of the three channels of each pixel, (h, w) from (h, w, 3)."""
    first, second, third = cv2.split(channels)
    return np.asarray(cv2.max(cv2.max(first, second), third))


def differences(a: Float32, b: Float32) -> Float32:
    """The greatest difference of a channel of each pixel, (h, w) from two (h, w, 3); in stripes, to save memory."""
    apart = np.empty(a.shape[:2], np.float32)
    for top in range(0, len(a), STRIPE):
        rows = slice(top, top + STRIPE)
        apart[rows] = greatest(cv2.absdiff(a[rows], b[rows]))
    return apart


def pixels_at(image: Float32, places: NDArray[np.intp]) -> Float32:
    """The pixels (n, 3) of an image (h, w, 3) at places in it, counted row by row."""
    return np.take(image.reshape(-1, 3), places, axis=0)


def lengths(vectors: NDArray[Any]) -> NDArray[Any]:
    """The Euclidean length of each vector along the last axis, which is short: far faster than `np.linalg.norm`."""
    squares = vectors * vectors
    total = squares[..., 0]
    for k in range(1, vectors.shape[-1]):
        total = total + squares[..., k]
    return np.asarray(np.sqrt(total))


def largest_step(offsets: NDArray[Any]) -> NDArray[Any]:
    """The largest part (...) of each offset (..., 3), whatever its sign: far faster than `np.max` along an axis."""
    sizes = np.abs(offsets)
    return np.asarray(np.maximum(np.maximum(sizes[..., 0], sizes[..., 1]), sizes[..., 2]))


def color_distance(a: Color, b: Color) -> float:
    """Euclidean distance of two colours in CIELAB."""
    first, second = to_lab(np.array([a, b]))
    return float(np.linalg.norm(first - second))


def chroma(color: Color) -> float:
    """How far a colour is from grey, in CIELAB."""
    return float(np.linalg.norm(to_lab(np.array(color))[1:]))


def to_opponent(difference: Float32) -> Float32:
    """Differences of RGB values, shape (..., 3), as weighted luma and two chroma differences: a linear map."""
    values = np.ascontiguousarray(difference, dtype=np.float32)
    if values.ndim == 1 or not values.size:
        return np.asarray(values @ _OPPONENT.T)
    image = values.reshape(-1, *values.shape[-2:])
    return np.asarray(cv2.transform(image, _OPPONENT), dtype=np.float32).reshape(values.shape)


def mixtures(offsets: Float32, inks: Float32) -> tuple[Float32, Float32]:
    """How much of each ink would explain each pixel, and what stays unexplained.

    Parameters
    ----------
    offsets : (n, 3) pixels less their ground, opponent values.
    inks : (k, 3) full inks less the ground.

    Returns
    -------
    shares, residuals : (n, k)
        The least-squares share of the ink, not clipped above, and the length of what is left.
    """
    squares = np.maximum((inks**2).sum(1), 1e-6)
    shares = np.maximum(offsets @ inks.T / squares, 0)
    square = (offsets**2).sum(1)[:, None] - 2 * shares * (offsets @ inks.T) + shares**2 * squares
    return shares.astype(np.float32), np.sqrt(np.maximum(square, 0)).astype(np.float32)


def to_color(values: Sequence[float] | NDArray[np.generic]) -> Color:
    """Three numbers as an 8-bit colour."""
    red, green, blue = (int(v) for v in np.clip(np.round(np.asarray(values, dtype=float)), 0, 255))
    return red, green, blue
