"""Straight axis-parallel strokes: frames, axis lines, gridlines.

Thin strokes are what a morphological top-hat across them keeps (Serra, *Image Analysis and Mathematical Morphology*,
1982, ch. 12); long ones are what an opening along them keeps. Everything is written for horizontal strokes; vertical
ones are found on the transposed picture.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.model import Box, Color, Image, Orientation, Rule

#: Widest stroke that counts as a line, as a share of the text height; frames and gridlines are thinner than letters.
_WIDEST = 0.6
#: A stroke must differ from what lies on both its sides by this many grey levels (of 255) along their length.
_CONTRAST = 3.0


def find_rules(
    rgb: Image,
    text_height: float,
    hide: Sequence[Box] = (),
    min_length: float | None = None,
) -> tuple[Rule, ...]:
    """Horizontal and vertical strokes of a picture, sorted by position.

    Parameters
    ----------
    rgb : (height, width, 3) uint8
    text_height : height of the picture's text in pixels, the unit of every tolerance.
    hide : boxes whose ink is no stroke (words).
    min_length : shortest stroke in pixels; two text heights by default.
    """
    length = 2.0 * text_height if min_length is None else min_length
    masked = np.zeros(rgb.shape[:2], np.uint8)
    for box in hide:
        masked[box.to_slices(masked.shape)] = 1
    found: list[Rule] = []
    orientations: tuple[Orientation, Orientation] = ("horizontal", "vertical")
    for orientation in orientations:
        flip = orientation == "vertical"
        pixels = np.ascontiguousarray(rgb.transpose(1, 0, 2)) if flip else rgb
        hidden = np.ascontiguousarray(masked.T) if flip else masked
        found += _horizontal_rules(pixels, hidden, text_height, length, orientation)
    return tuple(sorted(found, key=lambda r: (r.orientation, r.position_px, r.start_px)))


def _horizontal_rules(
    rgb: Image, hidden: NDArray[np.uint8], text_height: float, length: float, orientation: Orientation
) -> list[Rule]:
    rules = []
    for strength in _thinness(rgb, text_height):
        strength[hidden > 0] = 0
        seen = (strength > _CONTRAST).astype(np.uint8)
        for gap, shortest in ((5, length), (max(round(text_height), 5) | 1, 6 * text_height)):
            bridged = cv2.morphologyEx(seen, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
            long = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, max(int(shortest), 5)), np.uint8))
            for rows, start, end in _bundles(long, max(_WIDEST * text_height, 4)):
                rules.append(_rule(strength, rgb, rows, (start, end), orientation))
            # what was found solid is not looked for again with wider gaps
            seen[cv2.dilate(long, np.ones((3, 1), np.uint8)) > 0] = 0
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


def _thinness(rgb: Image, text_height: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How much each pixel is darker, and how much lighter, than both its sides vertically: the most of any channel.

    In grey levels. Averaging along the stroke first lifts pale lines out of compression noise and thins out what
    runs aslant.
    """
    along = max(round(0.6 * text_height), 3) | 1
    smooth = cv2.blur(rgb.astype(np.uint16) * 128, (along, 1))
    kernel = np.ones((2 * max(round(_WIDEST * text_height / 2), 2) + 1, 1), np.uint8)
    darker = cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, kernel).max(axis=2)
    lighter = cv2.morphologyEx(smooth, cv2.MORPH_TOPHAT, kernel).max(axis=2)
    return np.asarray(darker / np.float32(128), np.float32), np.asarray(lighter / np.float32(128), np.float32)


def _bundles(mask: NDArray[np.uint8], thickest: float) -> list[tuple[tuple[int, int], int, int]]:
    """Runs of neighbouring rows that lie side by side, longest first: ((first row, last row), start, end).

    Runs rather than connected components, so that a line that crosses a stroke does not drag it along.
    """
    edges = np.diff(np.pad(mask.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]
    lengths = ends - starts
    free = np.ones(len(rows), bool)
    found = []
    for k in np.argsort(-lengths, kind="stable"):
        if not free[k]:
            continue
        overlap = np.minimum(ends, ends[k]) - np.maximum(starts, starts[k])
        beside = free & (np.abs(rows - rows[k]) <= thickest) & (overlap >= 0.6 * lengths)
        first = last = int(rows[k])
        near = set(rows[beside].tolist())
        while first - 1 in near:
            first -= 1
        while last + 1 in near:
            last += 1
        free[beside & (rows >= first) & (rows <= last)] = False
        # Of a thick bundle only rows about as long as the longest belong to a stroke: the rest is what crosses it.
        full = {int(r) for r in rows[beside & (overlap >= 0.5 * lengths[k])]}
        first, last = min(full & set(range(first, last + 1))), max(full & set(range(first, last + 1)))
        if last - first + 1 <= thickest:
            found.append(((first, last), int(starts[k]), int(ends[k])))
    return found


def _rule(
    strength: NDArray[np.float32], rgb: Image, rows: tuple[int, int], span: tuple[int, int], orientation: Orientation
) -> Rule:
    """A stroke from its rows, of which the strongest is surely in it."""
    band = strength[rows[0] : rows[1] + 1, span[0] : span[1]]
    peak = rows[0] + int(np.argmax(np.median(band, axis=1)))
    color = np.median(rgb[peak, span[0] : span[1]], axis=0)
    start, end = _true_ends(rgb[peak].astype(float), span, color)
    first, last = max(rows[0] - 2, 0), min(rows[1] + 3, len(rgb))
    position, width = _across(np.median(rgb[first:last, span[0] : span[1]], axis=1), peak - first)
    return Rule(
        orientation=orientation,
        position_px=first + position,
        start_px=start,
        end_px=end,
        width_px=width,
        color=_as_color(color),
        contrast=float(np.median(band, axis=1).max()),
    )


def _across(profile: NDArray[np.float64], peak: int) -> tuple[float, float]:
    """Centre and width of a stroke from the colours (n, 3) of the rows across it.

    Rows count by how far they go from the ground towards the stroke's colour; overshoot to the other side, as lossy
    compression leaves it beside a line, counts nothing.
    """
    ground = (profile[0] + profile[-1]) / 2
    towards = profile[peak] - ground
    share = np.clip((profile - ground) @ towards / max(float(towards @ towards), 1e-9), 0.0, 1.0)
    share[share < 0.12] = 0.0
    gaps = np.flatnonzero(share == 0)
    low, high = gaps[gaps < peak].max(initial=-1), gaps[gaps > peak].min(initial=len(share))
    share[: low + 1] = share[high:] = 0.0
    total = float(share.sum())
    if total <= 0:
        return peak + 0.5, 1.0
    return float((share * (np.arange(len(share)) + 0.5)).sum() / total), total


def _true_ends(line: NDArray[np.float64], span: tuple[int, int], color: NDArray[np.float64]) -> tuple[float, float]:
    """The ends of a stroke without the smear of averaging: the outermost pixels of about the stroke's own colour."""
    inside = np.abs(line[span[0] : span[1]] - color).max(axis=1)
    own = np.flatnonzero(inside <= max(3.0 * float(np.median(inside)), 6.0))
    if not len(own):
        return float(span[0]), float(span[1])
    return float(span[0] + own[0]), float(span[0] + own[-1] + 1)


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
    return gap <= 0.5 * text_height or (gap <= 3 * text_height and _covered(rgb, before, after))


def _covered(rgb: Image, before: Rule, after: Rule) -> bool:
    """Whether something lies over the whole gap between two pieces: its pixels differ from those beside it."""
    row = int(before.position_px)
    start, end = int(before.end_px), int(np.ceil(after.start_px))
    reach = round(2 * before.width_px) + 2
    if end <= start or row - reach < 0 or row + reach >= rgb.shape[0]:
        return end <= start
    line = rgb[row, start:end].astype(int)
    ground = np.median(rgb[[row - reach, row + reach], start:end].reshape(-1, 3), axis=0)
    return bool((np.abs(line - ground).max(axis=1) > 2 * _CONTRAST).mean() > 0.8)


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
