"""Samples of lines and boxes that legends draw beside names, cut from the lines of text that they were chained into.

Lines run along x; their pieces are sorted along it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitize.color import lengths
from digitize.components import Components
from digitize.glyphs import is_bar, is_solid
from digitize.links import linked_groups
from digitize.medians import median, row_median
from digitize.model import FloatArray
from digitize.spacing import SPACE, gaps_of, line_height, split_groups

#: Letters of a word stand no further apart than this, in glyph heights.
_LETTER_GAP = 0.16
#: Pieces lower than this are flat, in heights of a line's capitals; flat ones longer than the second are samples of
#: lines, and so are those longer than the third that stand further apart from letters than the fourth.
_FLAT, _SAMPLE, _SHORT_SAMPLE, _APART = 0.35, 1.8, 0.8, 0.55
#: A flat piece that a line begins with is one where it stands further from the next than this, in heights of capitals:
#: one longer than the first stands further off than the second, a shorter one further than the third.
_LONG_LEAD, _NEAR_LONG, _NEAR_SHORT = 1.2, 0.3, 0.45
#: What else may be a sample stands further from the next than this.
_NEAR_LETTER = 0.5
#: A disc or square fills more of its box than this, a bold letter no more; small letters are no taller than this share
#: of capitals.
_BOLD, _SMALL_LETTER = 0.76, 0.85
#: An outlined box in the colour of the text stands at least this far from it, in heights of capitals.
_BOX_GAP = 0.25
#: A speck is no larger than this, in heights of capitals, and has less than this share of the usual contrast.
_SPECK, _PALE = 0.25, 0.5
#: Characters are read no further than this from where they stand, in heights of capitals.
_UNREAD = 0.3
#: A stroke with a marker fills no more of its box than this, is so many times as wide as any letter, and stands before
#: so many of them.
_SPARSE, _WIDER, _LETTERS = 0.5, 1.4, 3
#: A piece of a curve is so many times as high and as wide as the letters beside it.
_FAR_LARGER = 1.8
#: Hyphens are shorter than this, in heights of capitals.
_LONG_DASH = 0.6
#: How large letters are at least, in heights of capitals.
_LETTER = 0.45
#: Colour distance (CIELAB) from which a piece in the hue of the text is of a paler ink.
_PALE_INK = 30.0
#: A blurred letter shows no less than this share of its ink's hue.
_PALEST = 0.3
#: Of letters no taller than this, in pixels, hardly any shows its full ink.
_TINY = 7.0
#: It runs along the line: its angle from the vertical in degrees, and its breadth as a share of its length.
_ALONG, _SLENDER = 80.0, 0.6
#: Colour distance (CIELAB) from which a piece that stands apart at the end of a line is no part of it.
_FOREIGN = 14.0
#: How wide the stub of a sample is at least, in its own height and in the usual height of the line's pieces.
_STUB = 1.3, 0.6


def split_at_samples(pieces: Components, members: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Cut a line at the samples of lines that a legend draws between its names.

    Parameters
    ----------
    pieces : the connected pieces of the picture's ink.
    members : (n,) indices of those of the line, from left to right.
    """
    height = line_height(pieces, members)
    # Blurred strokes reach into the pixels beside them.
    flat = pieces.height[members] <= _FLAT * height + 1
    sample = flat & (pieces.width[members] >= _SAMPLE * height)
    # A dash between words stands no further from them than words from each other.
    gaps = np.concatenate([[np.inf], gaps_of(pieces, members), [np.inf]])
    apart = np.minimum(gaps[:-1], gaps[1:]) > _APART * height
    sample |= flat & apart & (pieces.width[members] >= _SHORT_SAMPLE * height)
    # What a line begins with is no dash; minus signs stand close to their numbers.
    length = float(pieces.width[members[0]]) / height
    near = _NEAR_LONG if length >= _LONG_LEAD else _NEAR_SHORT
    sample[0] |= bool(flat[0]) and length >= _SHORT_SAMPLE and float(gaps[1]) > near * height
    sample |= _in_dashes(pieces, members, flat, height)
    foreign = _of_other_ink(pieces, members, height)
    turns = np.flatnonzero(foreign[1:] != foreign[:-1]) + 1 if foreign.any() else np.empty(0, np.intp)
    cuts = np.union1d(np.flatnonzero(sample), turns)
    # each part but the first begins at the cut before it, or behind the sample that is there
    parts = [members[a + int(sample[a]) : b] for a, b in zip([0, *cuts], [*cuts, len(members)], strict=True)]
    return [part for part in parts if len(part)]


def _of_other_ink(pieces: Components, members: NDArray[np.intp], height: float) -> NDArray[np.bool_]:
    """Which pieces inside a sorted line are not in the ink of most of it, as samples and markers between names are.

    Inks are told by pieces as large as letters, between whose colours there is a step: those of blurred letters run
    into each other. A step in lightness alone counts where the pieces stand apart as words do. Smaller pieces go with
    the large ones beside them that they are most like.
    """
    lab, result = pieces.lab[members], np.zeros(len(members), bool)
    if height <= _TINY or len(members) < _LETTERS or float(np.ptp(lab, axis=0).max()) <= _FOREIGN / 2:
        return result
    size = np.maximum(pieces.width[members], pieces.height[members])
    thin = np.minimum(pieces.width[members], pieces.height[members]) <= 2
    large = np.flatnonzero((size >= _LETTER * height) & (pieces.height[members] > _FLAT * height) & ~thin)
    if len(large) < _LETTERS:
        return result
    apart = lengths(lab[large, None] - lab[None, large])
    first, second = np.nonzero(apart <= _FOREIGN)
    ink = linked_groups(len(large), first, second)
    main = np.bincount(ink, pieces.area[members[large]]).argmax()
    own = large[ink == main]
    if len(own) < _LETTERS:
        return result
    like = _likest(lab, large)
    strange = np.isin(like, large[ink != main])
    hue = _off_hue(pieces, members, members[own])
    off = lengths(lab - row_median(lab[own]))
    left, right = pieces.left[members], pieces.right[members]
    room = np.maximum(left[:, None] - right[~strange], left[~strange] - right[:, None]).min(axis=1)
    for number in set(ink[ink != main].tolist()):
        alike = large[ink == number]
        pale = median(off[alike]) > _PALE_INK and float(room[alike].min()) >= SPACE * height
        if pale or median(hue[alike]) > _FOREIGN:
            result |= np.isin(like, alike)
    first, last = np.flatnonzero(~result)[[0, -1]]
    result[:first] = result[last:] = False
    return result


def _likest(lab: FloatArray, large: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each piece of a sorted line the one of the `large` pieces beside it whose colour is most like its own."""
    index = np.arange(len(lab))
    at = np.searchsorted(large, index)
    before, behind = large[np.maximum(at - 1, 0)], large[np.minimum(at, len(large) - 1)]
    nearer = lengths(lab[before] - lab) < lengths(lab[behind] - lab)
    return np.where(np.isin(index, large), index, np.where(nearer, before, behind))


def _off_hue(pieces: Components, others: NDArray[np.intp], own: NDArray[np.intp]) -> FloatArray:
    """How far the hue of each of the other pieces is from the nearest of an ink's own, paler or fuller ones alike."""
    hues, contrast = pieces.lab[:, 1:], pieces.contrast
    paler = (contrast[others, None] < contrast[own])[:, :, None]
    first, second = np.broadcast_arrays(hues[others, None], hues[own][None])
    mixed, pure = np.where(paler, first, second), np.where(paler, second, first)
    square = np.maximum((pure * pure).sum(axis=2), 1e-9)
    share = np.clip((mixed * pure).sum(axis=2) / square, _PALEST, 1)
    return np.asarray(lengths(mixed - share[:, :, None] * pure).min(axis=1))


def without_sample(pieces: Components, members: NDArray[np.intp]) -> NDArray[np.intp]:
    """Take what a legend draws beside a name (dashes, a disc, a corner of a box) and tick marks from a line's ends.

    Parameters
    ----------
    pieces : the connected pieces of the picture's ink.
    members : (n,) indices of those of the line, from left to right.
    """
    members = _without_curves(pieces, members)
    height = line_height(pieces, members)
    flat = pieces.height[members] <= _FLAT * height
    leading = int(np.argmin(flat)) if not flat.all() else len(flat)
    if leading >= 2:
        members = members[leading:]
    elif _is_marked_line(pieces, members, height):
        members = _without_specks(pieces, members, height)[1:]
    while len(members) > 1:
        gap, start = gaps_of(pieces, members)[0], pieces.take(members[:1])
        speck = max(start.height[0], start.width[0]) <= _FLAT * height and gap > SPACE * height
        low = start.height[0] <= _FLAT * height
        sample = low or (is_solid(start)[0] and not _is_bold(pieces, members, height)) or is_bar(start)[0]
        foreign = _is_foreign(pieces, members, members[:1])
        # A heavy first letter outlined against thin ones stands as near to them as letters do.
        outline = foreign and gap > _LETTER_GAP * height and _is_outline(start, height)
        outline |= gap > _BOX_GAP * height and _is_outline(start, height) and _encloses(pieces, members)
        near = _NEAR_SHORT if low else _LETTER_GAP if foreign and _is_colored(pieces, members, height) else _NEAR_LETTER
        if not (speck or (gap > near * height and (sample or foreign)) or outline):
            break
        members = members[1:]
    groups = split_groups(pieces, members)
    while len(groups) > 1 and (_is_flat(pieces.take(groups[-1]), height) or _is_foreign(pieces, members, groups[-1])):
        groups.pop()
    return np.concatenate(groups)


def _without_curves(pieces: Components, members: NDArray[np.intp]) -> NDArray[np.intp]:
    """The line without what a name is written beside: a piece of a curve, and the lesser part of the line beyond it.

    It is far higher than anything else in the line, and far wider than the letters.
    """
    high = int(np.argmax(pieces.height[members]))
    rest = max(members[:high], members[high + 1 :], key=len)
    if len(rest) < _LETTERS:
        return members
    others = np.delete(members, high)
    letters = max(float(pieces.height[rest].max()), float(pieces.width[rest].max()))
    curve = members[high]
    higher = pieces.height[curve] > _FAR_LARGER * pieces.height[others].max()
    return rest if higher and pieces.width[curve] > _FAR_LARGER * letters else members


def _is_flat(group: Components, height: float) -> bool:
    """Whether most of the ink of some pieces is in flat ones: dashes, and no figures with dots in or between them."""
    return bool(2 * group.area[group.height <= _FLAT * height].sum() > group.area.sum())


def read_members(pieces: Components, places: Sequence[float]) -> NDArray[np.intp]:
    """The pieces of a line of text, from left to right, less what stands beyond its characters as they were read.

    That is the sample of a line in the colour of the text, which a recogniser passes over. Signs and points stay: these
    may be lost.

    Parameters
    ----------
    pieces : those of the line.
    places : where each character lies, as a share of the width of the line's ink.
    """
    order = np.argsort(pieces.left, kind="stable")
    groups = split_groups(pieces, order)
    if len(groups) < 2 or len(places) < 2:
        return order
    height, start = line_height(pieces, order), float(pieces.left.min())
    first, last = (start + place * (float(pieces.right.max()) - start) for place in (places[0], places[-1]))

    def is_sample(group: NDArray[np.intp], room: float) -> bool:
        return room > _UNREAD * height and float(pieces.height[group].max()) > _FLAT * height

    if is_sample(groups[0], first - float(pieces.right[groups[0]].max())):
        groups = groups[1:]
    if len(groups) > 1 and is_sample(groups[-1], float(pieces.left[groups[-1]].min()) - last):
        groups = groups[:-1]
    return np.concatenate(groups)


def _without_specks(pieces: Components, members: NDArray[np.intp], height: float) -> NDArray[np.intp]:
    """The line less the specks, paler than its ink, that lossy compression leaves behind its first piece."""
    rest = members[1:]
    size = np.maximum(pieces.width[rest], pieces.height[rest])
    pale = pieces.contrast[rest] < _PALE * median(pieces.contrast[members])
    solid = np.flatnonzero(~((size <= _SPECK * height) & pale))
    return np.concatenate([members[:1], rest[solid[0] :]]) if len(solid) else members


def _is_bold(pieces: Components, members: NDArray[np.intp], height: float) -> bool:
    """Whether a line's first piece may be a bold small letter: in the line's ink, with its foot on the baseline."""
    first, rest = members[0], members[1:]
    tall = rest[pieces.height[rest] >= 0.7 * height]
    small = float(pieces.height[first]) <= _SMALL_LETTER * height and float(pieces.fill[first]) <= _BOLD
    if not small or not len(tall) or float(lengths(pieces.lab[tall] - pieces.lab[first]).min()) > _FOREIGN:
        return False
    return bool(abs(pieces.bottom[first] - median(pieces.bottom[tall])) <= 0.1 * height)


def _is_marked_line(pieces: Components, members: NDArray[np.intp], height: float) -> bool:
    """Whether a line of letters begins with a stroke that goes through a marker: one piece, wider than any of them."""
    members = _without_specks(pieces, members, height)
    first, rest = pieces.take(members[:1]), pieces.take(members[1:])
    if len(rest) < _LETTERS or gaps_of(pieces, members)[0] <= _BOX_GAP * height:
        return False
    widest = max(_SAMPLE * height, _WIDER * float(rest.width.max()))
    stroke = float(first.tilt[0]) >= _ALONG and float(first.slender[0]) <= _SLENDER
    return stroke and float(first.width[0]) >= widest and float(first.fill[0]) <= _SPARSE


def _in_dashes(
    pieces: Components, members: NDArray[np.intp], flat: NDArray[np.bool_], height: float
) -> NDArray[np.bool_]:
    """Which pieces of a sorted line are dashes of one stroke: alike, evenly set, at half the height of the capitals.

    Of dashes longer than hyphens two are enough.
    """
    result = np.zeros(len(members), bool)
    if np.count_nonzero(flat) < 2:
        return result
    middle = (pieces.top[members] + pieces.bottom[members]) / 2
    level = np.abs(middle - median(middle[pieces.height[members] >= 0.7 * height])) <= 0.3 * height
    dash = flat & level & (pieces.width[members] <= _SAMPLE * height)
    gaps = gaps_of(pieces, members)
    slack = max(0.1 * height, 1.0)
    width = pieces.width[members]
    pair = dash[1:] & dash[:-1] & (np.abs(np.diff(middle)) <= slack / 2) & (np.abs(np.diff(width)) <= slack)
    pair &= (gaps > 0) & (gaps <= 1.5 * np.maximum(width[1:], slack))
    follows = pair[1:] & pair[:-1] & (np.abs(np.diff(gaps)) <= slack)
    for k in range(3):
        result[k : len(members) - 2 + k] |= follows
    long = pair & (np.minimum(width[1:], width[:-1]) >= _LONG_DASH * height) & (gaps >= _APART * width[1:])
    result[1:] |= long
    result[:-1] |= long
    return result


def _is_outline(piece: Components, height: float) -> bool:
    """Whether a piece of another colour than the line may be an outlined box: no lower, and as wide as high."""
    ratio = float(piece.width[0] / piece.height[0])
    return 0.8 < ratio < 1.25 and float(piece.height[0]) > 0.95 * height and float(piece.fill[0]) < 0.6


def _encloses(pieces: Components, members: NDArray[np.intp]) -> bool:
    """Whether a line's first piece reaches further up and down than its capitals and figures do."""
    rest = members[1:]
    tall = rest[pieces.height[rest] >= 0.85 * np.max(pieces.height[rest])]
    above = pieces.top[members[0]] < median(pieces.top[tall])
    return bool(above and pieces.bottom[members[0]] > median(pieces.bottom[tall]))


def _is_colored(pieces: Components, members: NDArray[np.intp], height: float) -> bool:
    """Whether the first piece of a line is wide, and of a hue far from those of all others, as letters are not."""
    first, rest = members[0], members[1:]
    hue = float(np.linalg.norm(pieces.lab[rest, 1:] - pieces.lab[first, 1:], axis=1).min())
    return float(pieces.width[first]) >= height and hue > 2 * _FOREIGN


def _is_foreign(pieces: Components, members: NDArray[np.intp], group: NDArray[np.intp]) -> bool:
    """A group at an end of a line that belongs to a frame, or a single piece of another colour than the rest."""
    if pieces.attached[group].all():
        return True
    if len(group) > 1 or len(members) < len(group) + 3:
        return False
    rest = members[members != group[0]]
    # Blurred letters differ in lightness from each other: one alike is enough.
    apart = float(lengths(pieces.lab[rest] - pieces.lab[group[0]]).min())
    thin = min(pieces.width[group[0]], pieces.height[group[0]]) <= 2
    usual = median(pieces.height[rest])
    large = float(pieces.height[group[0]]) > usual or float(pieces.width[group[0]]) >= _SAMPLE * usual
    # A stub of a sample that a marker hides at its middle stands out by its hue alone.
    wide = float(pieces.width[group[0]])
    hue = pieces.lab[rest, 1:] - pieces.lab[group[0], 1:]
    stub = wide >= max(_STUB[0] * float(pieces.height[group[0]]), _STUB[1] * usual)
    stub = stub and float(lengths(hue).min()) > _FOREIGN
    return (large or stub) and not thin and apart > _FOREIGN
