"""The inks of a plot area: families of colours on one line from the ground, and which pixels each explains.

Antialiasing, translucency and thin strokes all thin an ink along the straight line from its ground. Inks that share
such a line - black and grey curves, a faint raw curve beneath a bold one - make one *family*; within it the strength
of a stroke, not of a pixel, tells them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32, color_distance, largest_step, lengths, mixtures, pixels_at, to_color, to_opponent
from digitize.medians import quantile, row_median
from digitize.model import Color
from digitize.shades import middles

Mask = NDArray[np.bool_]

#: Inks whose lines from the ground part by less than this (opponent units, of 255) cannot be told by hue.
_SAME_LINE = 11.0
#: Colours nearer than this (CIELAB) are the very same.
_VERY = 4.0
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
#: A pixel tells of no further ink when no more than this share of its offset points away from the known ones.
_KNOWN, _KNOWN_LOOSE = 0.12, 0.25
#: Pixels of one ink agree within so many levels of 255 in a picture compressed without loss.
_PLAIN = 4.0
#: Least share of an ink's pixels that agree in colour, where lines show their full ink.
_PURE = 0.3
#: The mixture of two inks holds so much of either, as much as one full ink within the second share, and strays from it
#: by no more than the third; both are seen beside it in less than the fourth share of the columns.
_EVEN, _WHOLE, _EXACT, _APART = 0.25, 0.3, 0.1, 0.2
#: The core and the rim of a curve point the same way from the ground, and so does what is coloured of that (cosines);
#: so much of one lies beside the other.
_LIKE_WAY, _LIKE_HUE, _RIM = 0.85, 0.85, 0.9
#: Half the width of strokes is so high a quantile of the depth of their ink; where lossy compression blurs it, so high.
_USUAL, _BROADEST = 0.5, 0.9
#: An ink like one that a legend names is another where both are seen in this share of the columns, or so near them.
_BOTH, _BETWEEN_DASHES = 0.35, 5
#: Two inks of one curve's dashes are seen in no more than this share of the columns together, no further apart than so
#: many times their half width.
_TOGETHER, _DASH = 0.3, 4.0
#: A sample whose colour is washed out strays from its ink's hue by no more than this share of its own chroma. That is
#: no more than the second share of the ink's, while it keeps the third share of its light. Ink as pale as it shows in
#: less than the fourth share of the ink's pixels.
_WASHED_HUE, _WASHED, _LIGHT, _RARE = 0.3, 0.85, 0.4, 0.75
#: Ridge pixels that point within this angle (degrees) of a direction show the same ink: in clean pictures, in lossy.
_NARROW, _WIDE = 5.0, 9.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Family:
    """Inks on one line from the ground.

    `color` is the strongest of them. `entries` are the legend's entries with the strength of each, 1 for `color`.
    `joined` are entries that stay in one layer because their dash patterns differ, which tells curves apart better
    than strength does. `shades` are the strengths of curves that no legend names, where there are several.
    """

    color: Color
    entries: tuple[tuple[int, float], ...] = ()
    joined: tuple[int, ...] = ()
    shades: tuple[float, ...] = ()


def inked_part(on: Mask, margin: int = 1) -> tuple[slice, slice]:
    """The rows and columns around all that is true, and a margin; nothing where nothing is."""
    left, top, width, height = cv2.boundingRect(on.view(np.uint8))
    if not width:
        return slice(0, 0), slice(0, 0)
    return (
        slice(max(top - margin, 0), min(top + height + margin, on.shape[0])),
        slice(max(left - margin, 0), min(left + width + margin, on.shape[1])),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Unmixed:
    """For each pixel the family that explains it, -1 where none does, and its share of that family's full ink."""

    family: NDArray[np.int16]
    share: Float32
    mixed: Mask


def group_entries(colors: Sequence[Color], ground: Color) -> list[Family]:
    """Families of the legend's colours; entries drawn in the ground's own colour are left out."""
    offsets = to_opponent(np.array(colors, np.float32).reshape(-1, 3) - np.array(ground, np.float32))
    sizes = lengths(offsets)
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


def claim_inks(families: Sequence[Family], found: Sequence[Family], colors: Sequence[Color]) -> list[Family]:
    """All families, those found without the legend with the entry whose very colour they are.

    An entry may have been put with another of almost its hue, while its curve shows that their lines part.

    Parameters
    ----------
    families : of the legend's entries.
    found : further inks.
    colors : the entries' colours.
    """
    kept, claimed = list(families), list(found)
    for index, one in enumerate(claimed):
        for k, family in enumerate(kept):
            weaker = [entry for entry, strength in family.entries if strength < 1]
            own = [entry for entry in weaker if color_distance(colors[entry], one.color) < _VERY]
            if len(own) == 1 and not one.entries:
                rest = tuple(pair for pair in family.entries if pair[0] != own[0])
                kept[k] = replace(family, entries=rest)
                claimed[index] = replace(one, entries=((own[0], 1.0),))
    return kept + claimed


def claim_washed(families: Sequence[Family], unmixed: Unmixed, ground: Color, noise: float) -> list[Family]:
    """The families, in lossy pictures, with entries put to the full ink of their hue that no other entry claims.

    Compression washes the colour out of a legend's thin samples more than out of the curve itself, which then is found
    beside the little ink that is as pale as its sample.

    Parameters
    ----------
    families : of the legend's entries and further inks.
    unmixed : the pixels that each of them explains.
    ground : the plot area's.
    noise : how much bare pixels stray, in levels of 255.
    """
    if noise <= _LOSSY:
        return list(families)
    inks = [to_opponent(np.array(one.color, np.float32) - np.array(ground, np.float32)) for one in families]
    seen = np.bincount(unmixed.family[unmixed.family >= 0], minlength=len(families))
    pale = [k for k, one in enumerate(families) if len(one.entries) == 1]
    full = [k for k, one in enumerate(families) if not one.entries]
    off = {
        (k, j): across
        for k in pale
        for j in full
        if seen[k] < _RARE * seen[j]
        and (across := _washed_off(inks[k], inks[j]))
        <= max(2 * noise, _WASHED_HUE * float(np.linalg.norm(inks[k][1:])))
    }
    kept = dict(enumerate(families))
    for (k, j), across in off.items():
        nearest = across == min(other for (one, ink), other in off.items() if one == k or ink == j)
        if nearest and j in kept:
            kept[k] = replace(families[k], color=families[j].color, entries=((families[k].entries[0][0], 1.0),))
            del kept[j]
    return list(kept.values())


def _washed_off(pale: Float32, full: Float32) -> float:
    """How far an ink lies off those that another is when its colour is washed out, in opponent units."""
    size = float(np.linalg.norm(full[1:]))
    along = float(pale[1:] @ full[1:]) / max(size, 1e-6)
    if not 0 < along < _WASHED * size or pale[0] * full[0] < _LIGHT * full[0] ** 2:
        return np.inf
    return float(np.linalg.norm(pale[1:] - along * full[1:] / size))


def unmix(
    rgb: Float32, ground: Float32, ink: Mask, families: Sequence[Family], noise: float, most: float | None = None
) -> Unmixed:
    """Give each ink pixel to the family that explains it best, if that leaves no more than the share `most` over."""
    family = np.full(ink.shape, -1, np.int16)
    share = np.zeros(ink.shape, np.float32)
    mixed = np.zeros(ink.shape, bool)
    places = np.flatnonzero(ink)
    if not families or not len(places):
        return Unmixed(family=family, share=share, mixed=mixed)
    under = pixels_at(ground, places)
    sharp, offsets = _offsets(rgb, ground, places, noise)
    shares = np.empty((len(under), len(families)), np.float32)
    rests = np.empty_like(shares)
    for k, one in enumerate(families):
        full = to_opponent(np.asarray(one.color, np.float32) - under)
        square = np.maximum(np.einsum("nk,nk->n", full, full), 25.0)
        along = np.maximum(np.einsum("nk,nk->n", offsets, full) / square, 0)
        rests[:, k] = lengths(offsets - np.minimum(along, 1.25)[:, None] * full)
        shares[:, k] = np.maximum(np.einsum("nk,nk->n", sharp, full) / square, 0)
    best = rests.argmin(axis=1)
    at = np.arange(len(best))
    rest, strength = rests[at, best], lengths(offsets)
    most = most if most is not None else _LOOSE if noise > _LOSSY else _TIGHT
    good = rest <= np.maximum(4.0 + 3 * noise, most * strength)
    family.ravel()[places] = np.where(good, best, -1)
    share.ravel()[places] = np.where(good, np.minimum(shares[at, best], 1.25), 0)
    mixed.ravel()[places] = ~good
    return Unmixed(family=family, share=share, mixed=mixed)


def _offsets(rgb: Float32, ground: Float32, places: NDArray[np.intp], noise: float) -> tuple[Float32, Float32]:
    """Opponent offsets of the ink pixels from their ground: as they are, and as they tell the hue.

    Lossy compression stores colour at half the resolution of light: within a thin stroke light is right and colour
    washed out, beside it the other way round. Summed over a few pixels the two agree again.
    """
    if noise <= _LOSSY:
        sharp = to_opponent(pixels_at(rgb, places) - pixels_at(ground, places))
        return sharp, sharp
    offset = to_opponent(rgb - ground)
    return pixels_at(offset, places), pixels_at(np.asarray(cv2.GaussianBlur(offset, (5, 5), 1.0), np.float32), places)


def find_inks(rgb: Float32, ground: Float32, ink: Mask, families: Sequence[Family], noise: float) -> list[Family]:
    """Further inks, strongest support first: lines through the ground along which ridge pixels gather.

    Pixels that a known family explains, and those between two known inks, which are their mixtures, tell nothing.
    """
    found: list[Family] = []
    known = list(families)
    lossy = noise > _LOSSY
    most = _KNOWN_LOOSE if lossy else _KNOWN
    turn = float(np.cos(np.radians(_WIDE if lossy else _NARROW)))
    offset, strength = np.zeros(rgb.shape, np.float32), np.zeros(ink.shape, np.float32)
    places = np.flatnonzero(ink)
    own, hue = _offsets(rgb, ground, places, noise)
    size = strength.ravel()[places] = lengths(own)
    offset.reshape(-1, 3)[places] = hue * (size / np.maximum(lengths(hue), 1e-3))[:, None]
    # Beside strong strokes lossy compression leaves pale ones; where the picture is clean, pale ink is meant.
    floor = 10 + 3 * noise + (0.15 * quantile(size, 0.98) if noise > 1 and len(size) else 0.0)
    ridge = middles(strength, ink & (strength > floor))
    while len(known) < _MOST:
        unmixed = unmix(rgb, ground, ridge, known, noise, most)
        free = ridge & (unmixed.family < 0) & ~_between(unmixed)
        pick = _gathered(offset, strength, free, turn)
        if pick is None:
            break
        direction = offset[pick]
        places = np.flatnonzero(free)
        along, size = pixels_at(offset, places) @ (direction / np.linalg.norm(direction)), strength.ravel()[places]
        alike, hue = places[along > turn * size], places[along > np.cos(np.radians(_WIDE)) * size]
        if (lossy or not _is_pure(pixels_at(rgb, alike))) and _is_blend(direction, alike, ground, known, unmixed):
            ridge.ravel()[alike] = False
            continue
        one = Family(color=_full_color(pixels_at(rgb, hue), strength.ravel()[hue]))
        known.append(one)
        found.append(one)
    breadth = _BROADEST if lossy else _USUAL
    return (
        _without_rims(found, known, unmix(rgb, ground, ridge, known, noise), ground, ink, breadth) if found else found
    )


def _is_pure(pixels: Float32) -> bool:
    """Whether many pixels of a clean picture are of one and the same colour, as inks are and mixtures are not."""
    sample = pixels[np.linspace(0, len(pixels) - 1, min(len(pixels), 400)).astype(int)]
    apart = largest_step(sample[:, None] - sample[None])
    return bool((apart <= _PLAIN).mean(axis=1).max() >= _PURE)


def _is_blend(
    direction: Float32, places: NDArray[np.intp], ground: Float32, known: Sequence[Family], unmixed: Unmixed
) -> bool:
    """Whether a new ink is only two known ones run together: between them in colour, and beside them in place.

    Translucent curves that run as one for a while show their mixture all along it, and neither ink beside it.
    """
    if len(known) < 2 or not len(places):
        return False
    under = pixels_at(ground, places).mean(axis=0)
    inks = to_opponent(np.array([one.color for one in known], np.float32) - under)
    for i in range(len(inks)):
        for j in range(i):
            pair = inks[[i, j]].T
            share, *_ = np.linalg.lstsq(pair, direction, rcond=None)
            rest = float(np.linalg.norm(pair @ share - direction)) / float(np.linalg.norm(direction))
            if share.min() <= 0.12 or rest >= 0.2:
                continue
            one, other = unmixed.family == i, unmixed.family == j
            if (_near(one) | _near(other)).ravel()[places].mean() > 0.6:
                return True
            even = share.min() >= _EVEN and abs(float(share.sum()) - 1) <= _WHOLE and rest <= _EXACT
            columns = np.unique(places % one.shape[1])
            if even and (one.any(axis=0) & other.any(axis=0))[columns].mean() < _APART:
                return True
    return False


def _without_rims(
    found: Sequence[Family], known: Sequence[Family], unmixed: Unmixed, ground: Float32, ink: Mask, breadth: float
) -> list[Family]:
    """The inks found but those that make up one curve with another that shows more or is named.

    The rims of broad strokes and markers are of another hue than their cores where they are drawn so, or where lossy
    compression washes colour out, and so are dashes; either is seen beside the other alone, which two curves are not.
    Half the width of strokes is so high a quantile, `breadth`, of the depth of their ink.
    """
    masks = {id(one): unmixed.family == k for k, one in enumerate(known)}
    kept = list(known)
    for one in sorted(found, key=lambda one: int(masks[id(one)].sum())):
        own = masks[id(one)]
        like = [other for other in kept if other is not one and _is_like_hue(one, other, own, ground)]
        if not own.any() or any(_is_of_one(own, masks[id(other)], ink, bool(other.entries), breadth) for other in like):
            kept.remove(one)
    return [one for one in found if one in kept]


def _is_like_hue(one: Family, other: Family, own: Mask, ground: Float32) -> bool:
    under = ground[own].mean(axis=0) if own.any() else ground.reshape(-1, 3).mean(axis=0)
    way, beside = (to_opponent(np.asarray(f.color, np.float32) - under) for f in (one, other))
    return _cosine(way, beside) > _LIKE_WAY and _cosine(way[1:], beside[1:]) > _LIKE_HUE


def _cosine(one: Float32, other: Float32) -> float:
    return float(one @ other) / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-6)


def _is_of_one(own: Mask, other: Mask, ink: Mask, named: bool, breadth: float) -> bool:
    """Whether two inks are seen as rim and core or by turns, as those of one curve are.

    What strays a little from an ink that a legend names is that ink unless both are seen in the same columns.
    """
    if named and _common_columns(own, other) < _BOTH:
        return True
    beside = max(_beside_share(own, other, ink, breadth), _beside_share(other, own, ink, breadth)) >= _RIM
    return bool(named or other.sum() >= own.sum()) and (beside or _takes_turns(own, other, ink, breadth))


def _common_columns(own: Mask, other: Mask) -> float:
    """The share of the columns in which two inks are seen, or little beside those, as between dashes."""
    near = np.ones(2 * _BETWEEN_DASHES + 1)
    first, second = (np.convolve(mask.any(axis=0), near, "same") > 0 for mask in (own, other))
    return float((first & second).mean())


def _takes_turns(own: Mask, other: Mask, ink: Mask, breadth: float) -> bool:
    """Whether an ink is seen near another where that pauses, and hardly in its columns: one curve's dashes."""
    columns, others = np.flatnonzero(own.any(axis=0)), np.flatnonzero(other.any(axis=0))
    within = (columns > others[0]) & (columns < others[-1])
    apart = within.mean() >= _RIM and np.isin(columns, others).mean() <= _TOGETHER
    return bool(apart) and _beside_share(own, other, ink, breadth, _DASH) >= _RIM


def _beside_share(own: Mask, other: Mask, ink: Mask, breadth: float, times: float = 1.0) -> float:
    """Which share of the pixels of an ink lies within so many times their own strokes' half width of another ink."""
    part = inked_part(own, 40)
    depth = cv2.distanceTransform(ink[part].astype(np.uint8), cv2.DIST_L2, 3)
    apart = cv2.distanceTransform((~other[part]).astype(np.uint8), cv2.DIST_L2, 3)
    reach = float(np.clip(quantile(depth[own[part]], breadth), 1.0, 8.0)) + 2.0
    return float((apart[own[part]] <= times * reach).mean())


def _near(mask: Mask) -> Mask:
    return cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0


def _between(unmixed: Unmixed) -> Mask:
    """Pixels near two families at once."""
    kernel = np.ones((5, 5), np.uint8)
    count = np.zeros(unmixed.family.shape, np.uint8)
    for k in np.unique(unmixed.family[unmixed.family >= 0]):
        count += np.asarray(cv2.dilate((unmixed.family == k).astype(np.uint8), kernel), np.uint8)
    return count >= 2


def _gathered(offset: Float32, strength: Float32, free: Mask, turn: float) -> tuple[int, int] | None:
    """The pixel whose line from the ground passes most of the free ridge pixels, weighted by their strength.

    `turn` is the cosine of the angle within which lines are alike. None where they are seen in too few columns.
    """
    width = free.shape[1]
    places = np.flatnonzero(free)
    every_row, every_column = np.divmod(places, width)
    crossed = np.count_nonzero(free.any(axis=0))
    if crossed < _SEEN * width:
        return None
    pick = np.linspace(0, len(every_row) - 1, min(len(every_row), _SAMPLE)).astype(int)
    rows, columns = every_row[pick], every_column[pick]
    size = strength[rows, columns]
    direction = offset[rows, columns] / size[:, None]
    alike = direction @ direction.T > turn
    support = alike @ np.minimum(size, 60.0)
    best = int(np.argmax(support))
    # In a wide picture a sample of the pixels leaves columns out.
    own = pixels_at(offset, places) @ direction[best] > turn * strength.ravel()[places]
    if len(np.unique(every_column[own])) < _SEEN * min(width, crossed * 4):
        return None
    # the strongest of those alike lies nearest to the true direction
    members = np.flatnonzero(alike[best])
    top = members[np.argsort(-size[members])[: max(len(members) // 5, 1)]]
    mean = direction[top].mean(axis=0)
    chosen = int(members[np.argmax(direction[members] @ mean)])
    return int(rows[chosen]), int(columns[chosen])


def _full_color(pixels: Float32, strength: Float32) -> Color:
    """The colour of the strongest tenth of the pixels of an ink."""
    return to_color(row_median(pixels[strength >= quantile(strength, 0.9)]))
