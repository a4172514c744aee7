"""Straight axis-parallel strokes: frames, axis lines, gridlines.

Thin strokes are what a morphological top-hat across them keeps (Serra, *Image Analysis and Mathematical Morphology*,
1982, ch. 12); long ones are what an opening along them keeps. Everything is written for horizontal strokes; vertical
ones are found on the transposed picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import largest_step
from digitize.medians import row_median
from digitize.model import Box, Color, Image, Orientation, Rule

#: Widest stroke that counts as a line, as a share of the text height; frames and gridlines are thinner than letters.
_WIDEST = 0.6
#: A stroke must differ from what lies on both its sides by this many grey levels (of 255) along their length.
_CONTRAST = 3.0
#: Shortest stroke, in text heights, and shortest one with gaps of up to the text height (dashes).
_SHORTEST, _SHORTEST_DASHED = 2.0, 6.0
#: Longest piece of a stroke that a word may hide, in text heights, and how far its colour may vary, in its contrast.
_HIDDEN, _OWN = 8.0, 0.4
#: Most runs of pixels that are looked at, the longest first; charts have a few hundred, photographs any number.
_MOST_RUNS = 3000
#: Most pixels along a stroke that its colour and place are measured at.
_SAMPLES = 100
#: Levels of a grey level in `_thinness`.
_FINE = 128

_Runs = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]


def find_rules(rgb: Image, text_height: float, hide: Sequence[Box] = ()) -> tuple[Rule, ...]:
    """Horizontal and vertical strokes of a picture, sorted by position.

    Parameters
    ----------
    rgb : (height, width, 3) uint8
    text_height : height of the picture's text in pixels, the unit of every tolerance.
    hide : boxes whose ink is no stroke (words).
    """
    found: list[Rule] = []
    orientations: tuple[Orientation, Orientation] = ("horizontal", "vertical")
    for orientation in orientations:
        flip = orientation == "vertical"
        pixels = np.asarray(cv2.transpose(rgb), np.uint8) if flip else rgb
        hidden = [Box(b.top, b.left, b.bottom, b.right) if flip else b for b in hide]
        found += _horizontal_rules(pixels, hidden, text_height, orientation)
    return tuple(sorted(found, key=lambda r: (r.orientation, r.position_px, r.start_px)))


def _horizontal_rules(rgb: Image, hide: Sequence[Box], text_height: float, orientation: Orientation) -> list[Rule]:
    rules = []
    gaps = ((5, _SHORTEST * text_height), (max(round(text_height), 5) | 1, _SHORTEST_DASHED * text_height))
    for strength in _thinness(rgb, text_height):
        for box in hide:
            strength[box.to_slices(strength.shape)] = 0
        seen = strength > _CONTRAST * _FINE
        for gap, shortest in gaps:
            long = _long_runs(seen, gap, max(int(shortest), 5))
            for rows, start, end in _bundles(long, max(_WIDEST * text_height, 4)):
                rules.append(_rule(strength, rgb, rows, (start, end), orientation))
            # what was found solid is not looked for again with wider gaps
            for row, start, end in zip(*(part.tolist() for part in long), strict=True):
                seen[max(row - 1, 0) : row + 2, start:end] = False
    return _join_collinear(_without_echoes(rules), rgb, text_height)


def _without_echoes(rules: list[Rule]) -> list[Rule]:
    """Strokes without the pale overshoot that compression and resampling leave beside a stronger one."""
    if not rules:
        return []
    at, width, contrast, start, end = np.array(
        [(r.position_px, r.width_px, r.contrast, r.start_px, r.end_px) for r in rules]
    ).T
    kept = []
    for k, rule in enumerate(rules):
        overlap = np.minimum(end, end[k]) - np.maximum(start, start[k])
        stronger = (contrast[k] <= 0.5 * contrast) & (overlap > 0.5 * rule.length_px)
        if not (stronger & (np.abs(at - at[k]) <= width + 2.5)).any():
            kept.append(rule)
    return kept


def _thinness(rgb: Image, text_height: float) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """How much each pixel is darker, and how much lighter, than both its sides vertically: the most of any channel.

    In shares `_FINE` of a grey level. Averaging along the stroke first lifts pale lines out of compression noise and
    thins out what runs aslant.
    """
    along = max(round(0.6 * text_height), 3) | 1
    kernel = np.ones((2 * max(round(_WIDEST * text_height / 2), 2) + 1, 1), np.uint8)
    darker, lighter = np.zeros(rgb.shape[:2], np.uint16), np.zeros(rgb.shape[:2], np.uint16)
    for channel in _distinct_channels(rgb):
        smooth = cv2.blur(channel.astype(np.uint16) * _FINE, (along, 1))
        cv2.max(darker, cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, kernel), dst=darker)
        cv2.max(lighter, cv2.morphologyEx(smooth, cv2.MORPH_TOPHAT, kernel), dst=lighter)
    return darker, lighter


def _distinct_channels(rgb: Image) -> list[NDArray[np.uint8]]:
    """The channels of a picture, only one of those that are alike."""
    channels = [np.asarray(channel, np.uint8) for channel in cv2.split(rgb)]
    return [c for k, c in enumerate(channels) if not any(np.array_equal(c, other) for other in channels[:k])]


def _long_runs(mask: NDArray[np.bool_], gap: int, shortest: int) -> _Runs:
    """Runs along the rows of a mask, shorter gaps than `gap` closed: their rows, starts and ends, sorted by row."""
    width = mask.shape[1] + 1
    flat = np.zeros(mask.size + len(mask) + 1, bool)
    flat[1:].reshape(len(mask), width)[:, :-1] = mask
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    starts, ends = edges[::2], edges[1::2]
    row = starts // width
    apart = (starts[1:] - ends[:-1] >= gap) | (row[1:] != row[:-1])
    starts, ends = starts[np.r_[True, apart]] if len(row) else starts, ends[np.r_[apart, True]] if len(row) else ends
    lengths = ends - starts
    long = np.flatnonzero(lengths >= shortest)
    if len(long) > _MOST_RUNS:
        long = np.sort(long[np.argpartition(-lengths[long], _MOST_RUNS)[:_MOST_RUNS]])
    starts, ends = starts[long], ends[long]
    return starts // width, starts % width, ends - starts // width * width


def _bundles(runs: _Runs, thickest: float) -> list[tuple[tuple[int, int], int, int]]:
    """Runs of neighbouring rows that lie side by side, longest first: ((first row, last row), start, end).

    Runs rather than connected components, so that a line that crosses a stroke does not drag it along.
    """
    rows, starts, ends = runs
    lengths = ends - starts
    free = np.ones(len(rows), bool)
    low, high = np.searchsorted(rows, rows - thickest, "left"), np.searchsorted(rows, rows + thickest, "right")
    found = []
    for k in np.argsort(-lengths, kind="stable").tolist():
        if not free[k]:
            continue
        near = slice(low[k], high[k])
        overlap = np.minimum(ends[near], ends[k]) - np.maximum(starts[near], starts[k])
        beside = free[near] & (overlap >= 0.6 * lengths[near])
        # Of a thick bundle only rows about as long as the longest belong to a stroke: the rest is what crosses it.
        full = set(rows[near][beside & (overlap >= 0.5 * lengths[k])].tolist())
        first, last = _side_by_side(int(rows[k]), set(rows[near][beside].tolist()))
        free[near] &= ~(beside & (rows[near] >= first) & (rows[near] <= last))
        first, last = min(r for r in full if r >= first), max(r for r in full if r <= last)
        if last - first + 1 <= thickest:
            found.append(((first, last), int(starts[k]), int(ends[k])))
    return found


def _side_by_side(row: int, rows: set[int]) -> tuple[int, int]:
    """The first and the last of the rows that follow each other without a gap around one of them."""
    first = last = row
    while first - 1 in rows:
        first -= 1
    while last + 1 in rows:
        last += 1
    return first, last


def _middle(values: NDArray[Any], axis: int) -> NDArray[Any]:
    """The median along an axis, the lower one of two: far faster than `np.median` on small arrays."""
    place = (values.shape[axis] - 1) // 2
    sorted_ = np.partition(values, place, axis=axis)
    return np.asarray(sorted_[place] if axis == 0 else sorted_[:, place])


def _rule(
    strength: NDArray[np.uint16], rgb: Image, rows: tuple[int, int], span: tuple[int, int], orientation: Orientation
) -> Rule:
    """A stroke from its rows, of which the strongest is surely in it."""
    along = slice(span[0], span[1], max((span[1] - span[0]) // _SAMPLES, 1))
    strengths = _middle(strength[rows[0] : rows[1] + 1, along], 1)
    peak = rows[0] + int(np.argmax(strengths))
    first, last = max(rows[0] - 2, 0), min(rows[1] + 3, len(rgb))
    profile = _middle(rgb[first:last, along], 1).astype(float)
    color = profile[peak - first]
    start, end = _true_ends(rgb[peak, span[0] : span[1]], color)
    position, width = _across(profile, peak - first)
    return Rule(
        orientation=orientation,
        position_px=first + position,
        start_px=span[0] + start,
        end_px=span[0] + end,
        width_px=width,
        color=_as_color(color),
        contrast=float(strengths.max()) / _FINE,
    )


def _across(profile: NDArray[np.float64], peak: int) -> tuple[float, float]:
    """Centre and width of a stroke from the colours (n, 3) of the rows across it.

    Rows count by how far they go from the ground towards the stroke's colour; overshoot to the other side, as lossy
    compression leaves it beside a line, counts nothing.
    """
    ground = (profile[0] + profile[-1]) / 2
    towards = profile[peak] - ground
    shares = np.minimum(
        np.maximum((profile - ground) @ towards / max(float(towards @ towards), 1e-9), 0.0), 1.0
    ).tolist()
    low = high = peak
    while low > 0 and shares[low - 1] >= 0.12:
        low -= 1
    while high < len(shares) - 1 and shares[high + 1] >= 0.12:
        high += 1
    own = shares[low : high + 1]
    total = sum(own) if shares[peak] >= 0.12 else 0.0
    if total <= 0:
        return peak + 0.5, 1.0
    return sum(share * (low + k + 0.5) for k, share in enumerate(own)) / total, total


def _true_ends(line: NDArray[np.uint8], color: NDArray[np.float64]) -> tuple[float, float]:
    """The ends of a stroke without the smear of averaging: the outermost pixels of about the stroke's own colour."""
    apart = largest_step(line.astype(np.int16) - color.astype(np.int16))
    own = np.flatnonzero(apart <= max(3.0 * float(_middle(apart, 0)), 6.0))
    if not len(own):
        return 0.0, float(len(line))
    return float(own[0]), float(own[-1] + 1)


def _as_color(values: NDArray[np.float64]) -> Color:
    red, green, blue = (round(float(v)) for v in values)
    return red, green, blue


def _join_collinear(rules: list[Rule], rgb: Image, text_height: float) -> list[Rule]:
    """Pieces of one stroke, broken by what crosses it, as one; a gap that shows bare ground stays one."""
    lines: dict[int, list[Rule]] = {}
    for rule in sorted(rules, key=lambda r: (r.start_px, r.position_px)):
        level = round(rule.position_px)
        for key in (level, level - 1, level + 1):
            if lines.get(key) and _continues(lines[key][-1], rule, rgb, text_height):
                lines[key][-1] = _merged(lines[key][-1], rule)
                break
        else:
            lines.setdefault(level, []).append(rule)
    return [rule for line in lines.values() for rule in line]


def _continues(before: Rule, after: Rule, rgb: Image, text_height: float) -> bool:
    if abs(after.position_px - before.position_px) > 0.75 or not _alike(after.color, before.color):
        return False
    gap = after.start_px - before.end_px
    if gap <= 0.5 * text_height or (gap <= 3 * text_height and _covered(rgb, before, after)):
        return True
    return gap <= _HIDDEN * text_height and _goes_on(rgb, before, after)


def _goes_on(rgb: Image, before: Rule, after: Rule) -> bool:
    """Whether the gap between two pieces shows the stroke itself: a word that touches it hides it."""
    line = rgb[int(before.position_px), int(before.end_px) : int(np.ceil(after.start_px))].astype(int)
    if not len(line):
        return True
    own = largest_step(line - np.array(before.color)) <= _OWN * min(before.contrast, after.contrast)
    return bool(own.mean() > 0.8)


def _covered(rgb: Image, before: Rule, after: Rule) -> bool:
    """Whether something lies over the whole gap between two pieces: its pixels differ from those beside it."""
    row = int(before.position_px)
    start, end = int(before.end_px), int(np.ceil(after.start_px))
    reach = round(2 * before.width_px) + 2
    if end <= start or row - reach < 0 or row + reach >= rgb.shape[0]:
        return end <= start
    line = rgb[row, start:end].astype(int)
    ground = row_median(rgb[[row - reach, row + reach], start:end].reshape(-1, 3))
    return bool((largest_step(line - ground) > 2 * _CONTRAST).mean() > 0.8)


def _alike(a: Color, b: Color) -> bool:
    return max(abs(p - q) for p, q in zip(a, b, strict=True)) <= 40


def _merged(a: Rule, b: Rule) -> Rule:
    weight = a.length_px / max(a.length_px + b.length_px, 1e-9)
    longer = a if a.length_px >= b.length_px else b
    return Rule(
        orientation=a.orientation,
        position_px=weight * a.position_px + (1 - weight) * b.position_px,
        start_px=min(a.start_px, b.start_px),
        end_px=max(a.end_px, b.end_px),
        width_px=longer.width_px,
        color=longer.color,
        contrast=longer.contrast,
    )
