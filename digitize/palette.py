"""The inks of a plot area: families of colours on one line from the ground, and which pixels each explains.

Antialiasing, translucency and thin strokes all thin an ink along the straight line from its ground. Inks that share
such a line - black and grey curves, a faint raw curve beneath a bold one - make one *family*; within it the strength
of a stroke, not of a pixel, tells them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32, mixtures, to_color, to_opponent
from digitize.model import Color

Mask = NDArray[np.bool_]

#: Inks whose lines from the ground part by less than this (opponent units, of 255) cannot be told by hue.
_SAME_LINE = 11.0
#: Ink found without a legend must be seen in this share of the columns.
_SEEN = 0.12
#: At most so many inks are looked for.
_MOST = 14
#: Pixels looked at when searching for a new ink.
_SAMPLE = 1500
#: Bare pixels stray by more than this (levels of 255) in pictures that were compressed with loss.
_LOSSY = 1.0
#: A pixel belongs to an ink when no more than this share of its offset from the ground points elsewhere: in clean
#: pictures, and in lossy ones.
_TIGHT, _LOOSE = 0.3, 0.4


@dataclass(frozen=True, kw_only=True, eq=False)
class Family:
    """Inks on one line from the ground.

    `color` is the strongest of them. `entries` are the legend's entries with the strength of each, 1 for `color`.
    `joined` are entries that stay in one layer because their dash patterns differ, which tells curves apart better
    than strength does.
    """

    color: Color
    entries: tuple[tuple[int, float], ...] = ()
    joined: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Unmixed:
    """For each pixel the family that explains it, -1 where none does, and its share of that family's full ink."""

    family: NDArray[np.int16]
    share: Float32
    mixed: Mask


def group_entries(colors: Sequence[Color], ground: Color) -> list[Family]:
    """Families of the legend's colours; entries drawn in the ground's own colour are left out."""
    offsets = to_opponent(np.array(colors, np.float32).reshape(-1, 3) - np.array(ground, np.float32))
    sizes = np.linalg.norm(offsets, axis=1)
    families: list[tuple[int, list[int]]] = []
    for k in np.argsort(-sizes):
        if sizes[k] < 8:
            continue
        for strongest, members in families:
            share, rest = mixtures(offsets[k : k + 1], offsets[strongest : strongest + 1])
            if rest[0, 0] < _SAME_LINE * min(1.0, 0.35 + float(share[0, 0])):
                members.append(int(k))
                break
        else:
            families.append((int(k), [int(k)]))
    return [
        Family(color=colors[top], entries=tuple((k, float(sizes[k] / sizes[top])) for k in members))
        for top, members in families
    ]


def unmix(rgb: Float32, ground: Float32, ink: Mask, families: Sequence[Family], noise: float) -> Unmixed:
    """Give each ink pixel to the family that explains it best."""
    family = np.full(ink.shape, -1, np.int16)
    share = np.zeros(ink.shape, np.float32)
    mixed = np.zeros(ink.shape, bool)
    if not families or not ink.any():
        return Unmixed(family=family, share=share, mixed=mixed)
    under = ground[ink]
    sharp, offsets = _offsets(rgb, ground, ink, noise)
    shares = np.empty((len(under), len(families)), np.float32)
    rests = np.empty_like(shares)
    for k, one in enumerate(families):
        full = to_opponent(np.asarray(one.color, np.float32) - under)
        square = np.maximum((full**2).sum(1), 25.0)
        along = np.maximum((offsets * full).sum(1) / square, 0)
        rests[:, k] = np.linalg.norm(offsets - np.minimum(along, 1.25)[:, None] * full, axis=1)
        shares[:, k] = np.maximum((sharp * full).sum(1) / square, 0)
    best = rests.argmin(axis=1)
    at = np.arange(len(best))
    rest, strength = rests[at, best], np.linalg.norm(offsets, axis=1)
    good = rest <= np.maximum(4.0 + 3 * noise, (_LOOSE if noise > _LOSSY else _TIGHT) * strength)
    family[ink] = np.where(good, best, -1)
    share[ink] = np.where(good, np.minimum(shares[at, best], 1.25), 0)
    mixed[ink] = ~good
    return Unmixed(family=family, share=share, mixed=mixed)


def _offsets(rgb: Float32, ground: Float32, ink: Mask, noise: float) -> tuple[Float32, Float32]:
    """Opponent offsets of the ink pixels from their ground: as they are, and as they tell the hue.

    Lossy compression stores colour at half the resolution of light: within a thin stroke light is right and colour
    washed out, beside it the other way round. Summed over a few pixels the two agree again.
    """
    if noise <= _LOSSY:
        sharp = to_opponent(rgb[ink] - ground[ink])
        return sharp, sharp
    offset = to_opponent(rgb - ground)
    return offset[ink], np.asarray(cv2.GaussianBlur(offset, (5, 5), 1.0)[ink], np.float32)


def find_inks(rgb: Float32, ground: Float32, ink: Mask, families: Sequence[Family], noise: float) -> list[Family]:
    """Further inks, strongest support first: lines through the ground along which ridge pixels gather.

    Pixels that a known family explains, and those between two known inks, which are their mixtures, tell nothing.
    """
    found: list[Family] = []
    known = list(families)
    offset = to_opponent(rgb - ground)
    strength = np.linalg.norm(offset, axis=2)
    # Beside strong strokes lossy compression leaves pale ones; where the picture is clean, pale ink is meant.
    floor = 10 + 3 * noise + (0.15 * float(np.quantile(strength[ink], 0.98)) if noise > 1 and ink.any() else 0.0)
    ridge = ink & _is_ridge(strength) & (strength > floor)
    while len(known) < _MOST:
        unmixed = unmix(rgb, ground, ridge, known, noise)
        free = ridge & (unmixed.family < 0) & ~_between(unmixed)
        color = _gathered(offset, strength, free, rgb.shape[1])
        if color is None:
            break
        rows, columns = color
        direction = offset[rows, columns]
        alike = free & (offset @ (direction / np.linalg.norm(direction)) > np.cos(np.radians(9.0)) * strength)
        if _is_blend(direction, alike, ground, known, unmixed):
            ridge &= ~alike
            continue
        full = _full_color(rgb, offset, strength, free, direction)
        one = Family(color=full)
        known.append(one)
        found.append(one)
    return found


def _is_blend(direction: Float32, where: Mask, ground: Float32, known: Sequence[Family], unmixed: Unmixed) -> bool:
    """Whether a new ink is only two known ones run together: between them in colour, and beside them in place."""
    if len(known) < 2 or not where.any():
        return False
    under = ground[where].mean(axis=0)
    inks = to_opponent(np.array([one.color for one in known], np.float32) - under)
    for i in range(len(inks)):
        for j in range(i):
            pair = inks[[i, j]].T
            share, *_ = np.linalg.lstsq(pair, direction, rcond=None)
            rest = float(np.linalg.norm(pair @ share - direction))
            if share.min() > 0.12 and rest < 0.2 * float(np.linalg.norm(direction)):
                near = _near(unmixed.family == i) | _near(unmixed.family == j)
                if near[where].mean() > 0.6:
                    return True
    return False


def _near(mask: Mask) -> Mask:
    return cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0


def _is_ridge(strength: Float32) -> Mask:
    """Whether a pixel is at least as strong as its neighbours to both sides, across or along the columns."""
    up = np.maximum(np.roll(strength, 1, 0), np.roll(strength, -1, 0))
    side = np.maximum(np.roll(strength, 1, 1), np.roll(strength, -1, 1))
    return np.asarray((strength >= up) | (strength >= side))


def _between(unmixed: Unmixed) -> Mask:
    """Pixels near two families at once."""
    kernel = np.ones((5, 5), np.uint8)
    count = np.zeros(unmixed.family.shape, np.uint8)
    for k in np.unique(unmixed.family[unmixed.family >= 0]):
        count += np.asarray(cv2.dilate((unmixed.family == k).astype(np.uint8), kernel), np.uint8)
    return count >= 2


def _gathered(offset: Float32, strength: Float32, free: Mask, width: int) -> tuple[int, int] | None:
    """The pixel whose line from the ground passes most of the free ridge pixels, weighted by their strength."""
    rows, columns = np.nonzero(free)
    if len(np.unique(columns)) < _SEEN * width:
        return None
    pick = np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLE)).astype(int)
    rows, columns = rows[pick], columns[pick]
    size = strength[rows, columns]
    direction = offset[rows, columns] / size[:, None]
    alike = direction @ direction.T > np.cos(np.radians(9.0))
    support = alike @ np.minimum(size, 60.0)
    best = int(np.argmax(support))
    if len(np.unique(columns[alike[best]])) < _SEEN * min(width, len(np.unique(columns)) * 4):
        return None
    # the strongest of those alike lies nearest to the true direction
    members = np.flatnonzero(alike[best])
    top = members[np.argsort(-size[members])[: max(len(members) // 5, 1)]]
    mean = direction[top].mean(axis=0)
    chosen = int(members[np.argmax(direction[members] @ mean)])
    return int(rows[chosen]), int(columns[chosen])


def _full_color(rgb: Float32, offset: Float32, strength: Float32, free: Mask, direction: Float32) -> Color:
    """The colour of the strongest tenth of the free pixels in a direction from the ground."""
    unit = direction / max(float(np.linalg.norm(direction)), 1e-6)
    along = offset @ unit
    alike = free & (along > np.cos(np.radians(9.0)) * strength)
    limit = np.quantile(strength[alike], 0.9)
    return to_color(np.median(rgb[alike & (strength >= limit)], axis=0))
