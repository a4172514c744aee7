"""Shades of one hue: curves whose inks lie on one line from the ground, told apart where no legend tells of them.

Antialiasing thins a stroke's edges by any share, but the middle of a stroke is of its full ink. The shares of the
pixels in the middle of strokes therefore pile up at the shades that were drawn, and lie spread out in between.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32
from digitize.medians import median, quantile

Mask = NDArray[np.bool_]

#: A shade is at most this share as strong as the next stronger one.
APART = 0.82
#: A shade's pixels agree within this share of it, and within this many deviations of noise.
_ALIKE, _NOISY = 0.05, 2.0
#: Weakest shade, as a share of the strongest.
_WEAKEST = 0.2
#: A shade is seen in this share of the plot area's columns.
_SEEN = 0.12
#: A shade's pixels are this many times as dense as those of the shares around it.
_DENSER = 2.5
#: Most of a shade's pixels that lie beside stronger ones, as a share of them.
_TOUCHING = 0.2
#: Strokes narrower than this share of the stronger ones' width are what shows of those beside other ink.
_SLIVER = 0.6
#: The ink across a thin line is measured up to so many pixels beside its middle.
_BESIDE = 3
#: Where strokes touch, a cut runs through both; so many of the cuts, the shortest, run through one alone.
_LONE = 0.25
#: Shares that differ by no more than this are level.
_LEVEL = 0.02
#: Lines wider than this many pixels show their full ink, wherever they lie on the grid of pixels.
_BROAD = 2.4


def middles(strength: Float32, ink: Mask) -> Mask:
    """Pixels in the middle of strokes: no pixel beside them is clearly stronger."""
    top = cv2.dilate(strength, np.ones((3, 3), np.uint8))
    return np.asarray(ink & (strength >= 0.97 * top))


def find_shades(share: Float32, alien: Mask, noise: float) -> tuple[float, ...]:
    """The shades of a hue, strongest first; fewer than two where it has only one.

    Parameters
    ----------
    share : (h, w) share of the hue's full ink, 0 where other ink or none is.
    alien : (h, w), True where other ink is; beside it pixels are mixtures and tell nothing.
    noise : usual deviation of bare pixels from the ground, as a share of the full ink.
    """
    middle = middles(share, share >= _WEAKEST) & (cv2.dilate(alien.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
    rows, columns = np.nonzero(middle)
    if not len(rows):
        return ()
    values = share[rows, columns]
    found: list[float] = []
    left = np.ones(len(values), bool)
    while left.any():
        shade = _commonest(values[left], noise)
        own = left & (np.abs(values - shade) <= _reach(shade, noise))
        left &= ~own
        if len(np.unique(columns[own])) < _SEEN * share.shape[1]:
            break
        if _stands_out(values[left | own], shade, noise) and all(_apart(shade, other) for other in found):
            found.append(shade)
    return _drawn(share, middle, sorted(found, reverse=True), noise)


def _reach(shade: float, noise: float) -> float:
    return _ALIKE * shade + _NOISY * noise


def _apart(one: float, other: float) -> bool:
    return min(one, other) < APART * max(one, other)


def _commonest(values: Float32, noise: float) -> float:
    """The share around which most others lie."""
    ordered = np.sort(values)
    tries = ordered[np.linspace(0, len(ordered) - 1, min(len(ordered), 300)).astype(int)]
    reach = _ALIKE * tries + _NOISY * noise
    count = np.searchsorted(ordered, tries + reach, "right") - np.searchsorted(ordered, tries - reach, "left")
    best = float(tries[int(np.argmax(count))])
    return median(ordered[np.abs(ordered - best) <= _reach(best, noise)])


def _stands_out(values: Float32, shade: float, noise: float) -> bool:
    """Whether the shares at a shade lie much denser than those around it."""
    reach = _reach(shade, noise)
    low, high = (1 - 4 * _ALIKE) * shade - reach, (1 + 4 * _ALIKE) * shade + reach
    at = np.abs(values - shade) <= reach
    around = ((values >= low) & (values <= high) & ~at).sum()
    return bool(at.sum() / (2 * reach) >= _DENSER * around / max(high - low - 2 * reach, 1e-6))


def _drawn(share: Float32, middle: Mask, shades: list[float], noise: float) -> tuple[float, ...]:
    """The shades that are no strokes of a stronger one lying between pixels, nor slivers of one.

    The former spread the same ink over more pixels, and run on into pixels of the stronger shade.
    """
    if len(shades) < 2:
        return tuple(shades)
    kept: list[tuple[float, float]] = []
    for shade in shades:
        own = middle & (np.abs(share - shade) <= _reach(shade, noise))
        ink = quantile(_across(share, own), _LONE)
        stronger = (share > shade / APART).astype(np.uint8)
        touching = (cv2.dilate(stronger, np.ones((5, 5), np.uint8)) > 0)[own].mean()
        wider = ink < _BROAD * shade and any(ink > 0.5 * (shade / other + 1) * full for other, full in kept)
        sliver = any(ink / shade < _SLIVER * full / other for other, full in kept)
        if touching < _TOUCHING and not wider and not sliver:
            kept.append((shade, ink))
    return tuple(shade for shade, _ in kept)


def _across(share: Float32, at: Mask) -> Float32:
    """The ink (n,) of a cut through the stroke at each of n pixels, upright or level, whichever holds less.

    The cut ends where the share rises again: another stroke begins there.
    """
    rows, columns = np.nonzero(at)
    padded = np.pad(share, _BESIDE)
    upright, level = (
        sum(_falling(padded, rows + _BESIDE, columns + _BESIDE, step) for step in (way, (-way[0], -way[1])))
        for way in ((1, 0), (0, 1))
    )
    return np.asarray(share[at] + np.minimum(upright, level), dtype=np.float32)


def _falling(share: Float32, rows: NDArray[np.intp], columns: NDArray[np.intp], step: tuple[int, int]) -> Float32:
    """The ink (n,) beside n pixels one way, as far as it gets less from pixel to pixel."""
    beside = np.stack([share[rows + k * step[0], columns + k * step[1]] for k in range(_BESIDE + 1)])
    falls = np.logical_and.accumulate(beside[1:] <= beside[:-1] + _LEVEL, axis=0)
    return np.asarray((beside[1:] * falls).sum(axis=0))
