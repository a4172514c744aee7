"""Gaps along a line of text: those inside words, between words, and between labels that stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from digitize.components import Components
from digitize.medians import median
from digitize.model import FloatArray

#: From this gap on, in glyph heights, two pieces belong to different words of a line.
SPACE = 0.33
#: Letters of one word stand no further apart than this, in glyph heights.
_BARELY = 0.42
#: Characters are found to this share of their usual distance.
_FOUND_TO = 0.25
#: A line's glyphs are no lower than this share of its tallest piece; an underscore is so many times as wide as high.
_GLYPH, _SCORE = 0.5, 2.5
#: A piece of a frame is so many times as tall as the pieces of a line usually are, and as wide as this share of it.
_BAR, _UPRIGHT = 1.9, 0.5
#: Glyphs of two lines side by side have this share of the line's height, stand level to a share of it, and by a step of
#: so much higher or lower; what lies so near to it is beside the step.
_TALL, _LEVEL, _STEP, _BESIDE = 0.75, 0.12, 0.55, 0.3


def line_height(pieces: Components, members: NDArray[np.intp]) -> float:
    """The height of the line's capitals and figures: of its tallest glyph, brackets and runs of small letters aside."""
    heights = np.sort(pieces.height[members])
    heights = heights[np.searchsorted(heights, 0.5 * heights[-1]) :]
    middle = len(heights) // 2
    median = (heights[middle] + heights[-1 - middle]) / 2
    # Capitals are about 1.4 times as tall as small letters without ascenders.
    return float(min(heights[-1], 1.45 * median))


def gaps_of(pieces: Components, members: NDArray[np.intp]) -> FloatArray:
    """Gaps before each piece but the first, from the furthest that the line has reached so far."""
    reached = np.maximum.accumulate(pieces.right[members])
    return pieces.left[members[1:]] - reached[:-1]


def split_groups(pieces: Components, members: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """A line's pieces, sorted along it, cut at every gap as wide as a space."""
    height = line_height(pieces, members)
    gaps = gaps_of(pieces, members)
    return np.split(members, np.flatnonzero(gaps >= SPACE * height) + 1)


def cut_between(
    pieces: Components, members: NDArray[np.intp], spans: Sequence[tuple[int, int]], places: Sequence[float]
) -> list[NDArray[np.intp]]:
    """A line's pieces, sorted along it, cut between parts of its text; empty where there is no room for a cut.

    Parameters
    ----------
    pieces, members : the pieces of the line, from left to right.
    spans : the first character of each part and the one after its last.
    places : where each character lies, as a share of the width of the line's ink.

    Notes
    -----
    Each cut is at the widest gap between the middles of two characters, which are found to a share of their width.
    """
    left, right = float(pieces.left[members].min()), float(pieces.right[members].max())
    at = left + np.asarray(places) * (right - left)
    gaps = gaps_of(pieces, members)
    middles = pieces.left[members[1:]] - gaps / 2
    advance = median(np.diff(at)) if len(at) > 1 else 0.0
    cuts: list[int] = []
    for (_, end), (start, _) in pairwise(spans):
        first, last = at[end - 1] - _FOUND_TO * advance, at[start] + _FOUND_TO * advance
        near = np.flatnonzero((middles > first) & (middles < last))
        if not len(near) or (cuts and near[-1] <= cuts[-1]):
            return []
        cuts.append(int(near[np.argmax(gaps[near])]))
    return np.split(members, np.array(cuts, dtype=np.intp) + 1)


def split_rows(pieces: Components, members: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """The lines above each other that specks and underscores between them joined to one; a single one as it is.

    All glyphs of one line share the height of its small letters. Where some lie wholly above the others there are two
    lines; what is low belongs to the nearest, and a flat stroke, as underscores are, to the one above it. Pieces of a
    frame beside the lines, much taller than their glyphs, belong to neither.
    """
    top, bottom, tall = pieces.top[members], pieces.bottom[members], pieces.height[members]
    upright = (tall > _BAR * median(tall)) & (pieces.width[members] <= _UPRIGHT * tall)
    glyph = np.flatnonzero(~upright & (tall >= _GLYPH * tall[~upright].max(initial=0)))
    glyph = glyph[np.argsort(top[glyph], kind="stable")]
    reached = np.maximum.accumulate(bottom[glyph])
    rows = np.split(glyph, np.flatnonzero(top[glyph[1:]] >= reached[:-1]) + 1)
    if len(rows) < 2 or min(map(len, rows)) < 2:
        return [members]
    above = np.array([top[row].min() for row in rows])
    below = np.array([median(bottom[row]) for row in rows])
    middle = (top + bottom)[:, None] / 2
    away = np.maximum(np.maximum(above - middle, middle - below), 0)
    flat = pieces.width[members] >= _SCORE * tall
    away[flat] = np.where(above >= middle[flat], np.inf, away[flat])
    nearest = away.argmin(axis=1)
    for number, row in enumerate(rows):
        nearest[row] = number
    nearest[upright] = len(rows)
    return [members[nearest == number] for number in range(len(rows) + 1) if (nearest == number).any()]


def split_levels(pieces: Components, members: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """The two lines of text side by side whose glyphs touch or overlap, on two levels; a single one as it is.

    At the corner of a plot area the last label of one axis and the first of the other stand so. Their glyphs are of one
    height, and those of the second line all stand higher or lower than those of the first by one step, which is larger
    than the descent of a letter and than an exponent, of small text as tall as its base, is raised by.
    """
    height = line_height(pieces, members)
    tall = members[pieces.height[members] >= _TALL * height]
    tall = tall[np.argsort(pieces.left[tall], kind="stable")]
    top, bottom = pieces.top[tall], pieces.bottom[tall]
    slack = _LEVEL * height + 0.6
    steps = np.flatnonzero(np.abs(np.diff(top + bottom)) / 2 >= _STEP * height)
    if len(tall) < 3 or len(steps) != 1:
        return [members]
    cut = int(steps[0]) + 1
    parts = [slice(None, cut), slice(cut, None)]
    if any(np.ptp(edge[part]) > slack for edge in (top, bottom) for part in parts):
        return [members]
    level = np.array([[median(top[part]), median(bottom[part])] for part in parts])
    if np.ptp(level[1] - level[0]) > slack:
        return [members]
    over = np.maximum(level[:, 0] - pieces.top[members, None], pieces.bottom[members, None] - level[:, 1])
    over = np.maximum(over, 0)
    edge = (pieces.left[tall[cut]] + pieces.right[tall[cut - 1]]) / 2
    beyond = (pieces.left + pieces.right)[members] / 2 - edge
    # Beside the step a small piece belongs where it reaches out least, elsewhere to the line that it stands in.
    beside = (np.abs(beyond) <= _BESIDE * height) & (over[:, 0] != over[:, 1])
    first = np.where(beside, over[:, 0] < over[:, 1], beyond <= 0)
    # What is tall tells its line by its level.
    first = np.where(np.isin(members, tall), np.isin(members, tall[:cut]), first)
    return [members[first], members[~first]]


def label_cuts(pieces: Components, members: NDArray[np.intp], height: float) -> NDArray[np.intp]:
    """The gaps that part a sorted line into at least four evenly set labels; empty where there are none.

    They are clearly wider than all others, those between the words of one label among these.
    """
    gaps = gaps_of(pieces, members)
    ordered = np.sort(gaps)
    for count in range(3, len(gaps)):
        least, most = ordered[-count], ordered[-count - 1]
        if least < SPACE * height:
            break
        if least >= max(1.5 * most, most + 1.5):
            cuts = np.flatnonzero(gaps >= least)
            if _stand_even(pieces, np.split(members, cuts + 1), height):
                return cuts
    return np.empty(0, np.intp)


def is_even(pieces: Components, groups: list[NDArray[np.intp]], height: float) -> bool:
    """At least three groups, well apart and evenly spaced by their centres, as tick labels are and words are not.

    Letters of one word may stand almost as far apart as words. Words have even gaps. Both are even where all groups are
    equally wide, and then they are taken for labels.
    """
    if len(groups) < 3:
        return False
    spaces = _spaces(pieces, groups)
    if spaces.max() < 0.6 * height or spaces.min() < _BARELY * height:
        return False
    return _stand_even(pieces, groups, height)


def _spaces(pieces: Components, groups: list[NDArray[np.intp]]) -> FloatArray:
    """Gaps between groups of a sorted line."""
    starts = np.array([pieces.left[group].min() for group in groups])
    ends = np.array([pieces.right[group].max() for group in groups])
    return np.asarray(starts[1:] - ends[:-1])


def _stand_even(pieces: Components, groups: list[NDArray[np.intp]], height: float) -> bool:
    """Groups evenly spaced by their centres, though of unlike widths or exactly of one."""
    starts = np.array([pieces.left[group].min() for group in groups])
    ends = np.array([pieces.right[group].max() for group in groups])
    steps = np.diff((starts + ends) / 2)
    if np.ptp(steps) > max(0.12 * height, 0.04 * float(np.mean(steps)), 1.6):
        return False
    return bool(np.ptp(ends - starts) <= 0.3 * height or np.ptp(_spaces(pieces, groups)) > 0.2 * height)
