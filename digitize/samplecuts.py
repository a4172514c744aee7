"""Samples of lines and boxes that legends draw beside names, cut from the lines of text that they were chained into.

Lines run along x; their pieces are sorted along it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitize.components import Components
from digitize.glyphs import is_bar, is_solid
from digitize.medians import median
from digitize.spacing import SPACE, gaps_of, line_height, split_groups

#: Letters of a word stand no further apart than this, in glyph heights.
_LETTER_GAP = 0.16
#: Pieces lower than this are flat, in heights of a line's capitals; flat ones longer than the second are samples of
#: lines, and so are those longer than the third that stand further apart from letters than the fourth.
_FLAT, _SAMPLE, _SHORT_SAMPLE, _APART = 0.35, 1.8, 0.8, 0.55
#: A flat piece that a line begins with is one where it stands further from the next than this, in heights of capitals:
#: one longer than the first stands further off than the second, a shorter one further than the third.
_LONG_LEAD, _NEAR_LONG, _NEAR_SHORT = 1.2, 0.3, 0.45
#: An outlined box in the colour of the text stands at least this far from it, in heights of capitals.
_BOX_GAP = 0.25
#: Characters are read no further than this from where they stand, in heights of capitals.
_UNREAD = 0.3
#: A stroke with a marker fills no more of its box than this, is so many times as wide as any letter, and stands before
#: so many of them.
_SPARSE, _WIDER, _LETTERS = 0.5, 1.4, 3
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
    cuts = np.flatnonzero(sample)
    # each part but the first begins with the sample before it
    parts = [members[a:b] for a, b in zip([0, *(cuts + 1)], [*cuts, len(members)], strict=True)]
    return [part for part in parts if len(part)]


def without_sample(pieces: Components, members: NDArray[np.intp]) -> NDArray[np.intp]:
    """Take what a legend draws beside a name (dashes, a disc, a corner of a box) and tick marks from a line's ends.

    Parameters
    ----------
    pieces : the connected pieces of the picture's ink.
    members : (n,) indices of those of the line, from left to right.
    """
    height = line_height(pieces, members)
    flat = pieces.height[members] <= _FLAT * height
    leading = int(np.argmin(flat)) if not flat.all() else len(flat)
    if leading >= 2:
        members = members[leading:]
    elif _is_marked_line(pieces, members, height):
        members = members[1:]
    while len(members) > 1:
        gap, start = gaps_of(pieces, members)[0], pieces.take(members[:1])
        speck = max(start.height[0], start.width[0]) <= _FLAT * height and gap > SPACE * height
        sample = start.height[0] <= _FLAT * height or is_solid(start)[0] or is_bar(start)[0]
        foreign = _is_foreign(pieces, members, members[:1])
        # A heavy first letter outlined against thin ones stands as near to them as letters do.
        outline = foreign and gap > _LETTER_GAP * height and _is_outline(start, height)
        outline |= gap > _BOX_GAP * height and _is_outline(start, height) and _encloses(pieces, members)
        if not (speck or (gap > 0.5 * height and (sample or foreign)) or outline):
            break
        members = members[1:]
    groups = split_groups(pieces, members)
    while len(groups) > 1 and (_is_flat(pieces.take(groups[-1]), height) or _is_foreign(pieces, members, groups[-1])):
        groups.pop()
    return np.concatenate(groups)


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


def _is_marked_line(pieces: Components, members: NDArray[np.intp], height: float) -> bool:
    """Whether a line of letters begins with a stroke that goes through a marker: one piece, wider than any of them."""
    first, rest = pieces.take(members[:1]), pieces.take(members[1:])
    if len(rest) < _LETTERS or gaps_of(pieces, members)[0] <= _BOX_GAP * height:
        return False
    widest = max(_SAMPLE * height, _WIDER * float(rest.width.max()))
    stroke = float(first.tilt[0]) >= _ALONG and float(first.slender[0]) <= _SLENDER
    return stroke and float(first.width[0]) >= widest and float(first.fill[0]) <= _SPARSE


def _in_dashes(
    pieces: Components, members: NDArray[np.intp], flat: NDArray[np.bool_], height: float
) -> NDArray[np.bool_]:
    """Which pieces of a sorted line are dashes of one stroke: alike, evenly set, at half the height of the capitals."""
    result = np.zeros(len(members), bool)
    if np.count_nonzero(flat) < 3:
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
    return result


def _is_outline(piece: Components, height: float) -> bool:
    """Whether a piece of another colour than the line may be an outlined box: no lower, and as wide as high."""
    ratio = float(piece.width[0] / piece.height[0])
    return 0.8 < ratio < 1.25 and float(piece.height[0]) > 0.95 * height and float(piece.fill[0]) < 0.6


def _encloses(pieces: Components, members: NDArray[np.intp]) -> bool:
    """Whether a line's first piece reaches further up and down than its capitals and figures do."""
    rest = members[1:]
    tall = rest[pieces.height[rest] >= 0.85 * np.max(pieces.height[rest])]
    above = pieces.top[members[0]] < np.median(pieces.top[tall])
    return bool(above and pieces.bottom[members[0]] > np.median(pieces.bottom[tall]))


def _is_foreign(pieces: Components, members: NDArray[np.intp], group: NDArray[np.intp]) -> bool:
    """A group at an end of a line that belongs to a frame, or a single piece of another colour than the rest."""
    if pieces.attached[group].all():
        return True
    if len(group) > 1 or len(members) < len(group) + 3:
        return False
    rest = members[members != group[0]]
    # Blurred letters differ in lightness from each other: one alike is enough.
    apart = float(np.linalg.norm(pieces.lab[rest] - pieces.lab[group[0]], axis=1).min())
    thin = min(pieces.width[group[0]], pieces.height[group[0]]) <= 2
    usual = median(pieces.height[rest])
    large = float(pieces.height[group[0]]) > usual or float(pieces.width[group[0]]) >= _SAMPLE * usual
    # A stub of a sample that a marker hides at its middle stands out by its hue alone.
    wide = float(pieces.width[group[0]])
    hue = pieces.lab[rest, 1:] - pieces.lab[group[0], 1:]
    stub = wide >= max(_STUB[0] * float(pieces.height[group[0]]), _STUB[1] * usual)
    stub = stub and float(np.linalg.norm(hue, axis=1).min()) > _FOREIGN
    return (large or stub) and not thin and apart > _FOREIGN
