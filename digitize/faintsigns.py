"""Signs between words too faint for glyphs: the strokes of an equals sign are thinner than those of letters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitize.components import Components, Ink
from digitize.crops import TextLine
from digitize.medians import median
from digitize.model import Box
from digitize.spacing import line_height

#: How far the words on either side of such a sign stand apart, in heights of their capitals.
_NEAREST, _FURTHEST = 0.6, 2.7
#: How unlike their baselines are, in the same measure, and their inks (CIELAB).
_ALIKE, _SAME_INK = 0.15, 38.0
#: Capitals and figures are up to so many times as tall as a word of small letters.
_CAPITALS = 1.8
#: The sign stands between these shares of the capitals' height, and is so tall at most and so wide at least.
_BAND, _TALLEST, _WIDE = (0.1, 0.95), 0.6, 0.4


def find_faint_signs(ink: Ink, lines: Sequence[TextLine]) -> list[tuple[int, int, Box]]:
    """The pairs of lines of text that go on each other on one baseline with no more than flat, faint ink between.

    Parameters
    ----------
    ink : what is drawn in the picture.
    lines : the lines of text.

    Returns
    -------
    list of (int, int, Box)
        The first and the second line, and where the sign stands; no line is in two of them.
    """
    plain = [index for index, line in enumerate(lines) if line.plain]
    plain.sort(key=lambda index: lines[index].box.left)
    starts = np.array([lines[index].box.left for index in plain])
    found: list[tuple[int, int, Box]] = []
    used: set[int] = set()
    for first in plain:
        line = lines[first]
        height = line_height(line.pieces, np.arange(len(line.pieces)))
        reach = np.array([_NEAREST, _FURTHEST * _CAPITALS]) * height
        begin, end = np.searchsorted(starts, line.box.right + reach)
        for second in plain[begin:end]:
            gap = _gap(line.pieces, lines[second].pieces, height)
            if gap is not None and not used & {first, second} and _holds_sign(ink, gap):
                found.append((first, second, gap))
                used |= {first, second}
    return found


def _gap(first: Components, second: Components, height: float) -> Box | None:
    """What lies between two lines of text that may be one, None where they are unlike."""
    other = line_height(second, np.arange(len(second)))
    feet = [median(part.bottom[part.height >= 0.6 * part.height.max()]) for part in (first, second)]
    inks = [np.average(part.lab, axis=0, weights=part.area) for part in (first, second)]
    apart = float(np.linalg.norm(inks[0] - inks[1]))
    tall = max(height, other)
    gap = Box(first.bounds.right, max(feet) - tall, second.bounds.left, max(feet))
    unlike = tall > _CAPITALS * min(height, other) or abs(feet[0] - feet[1]) > _ALIKE * tall + 0.5
    far = not _NEAREST * tall < gap.width < _FURTHEST * tall
    return None if unlike or far or apart > _SAME_INK else gap


def _holds_sign(ink: Ink, gap: Box) -> bool:
    """Whether all that is drawn in a gap is flat, away from the feet and the tops of the letters beside it."""
    area = gap.grown(round(0.25 * gap.height)).to_slices(ink.drawn.shape)
    rows, columns = area[0], gap.to_slices(ink.drawn.shape)[1]
    drawn = ink.drawn[rows, columns]
    inked = np.flatnonzero(_widest_run(drawn).any(axis=1))
    if not len(inked):
        return False
    top, bottom = (rows.start + inked[0] - gap.top) / gap.height, (rows.start + inked[-1] + 1 - gap.top) / gap.height
    wide = int(_widest_run(drawn).any(axis=0).sum())
    return bool(top > _BAND[0] and bottom < _BAND[1] and bottom - top < _TALLEST and wide >= _WIDE * gap.height)


def _widest_run(drawn: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The ink of the longest run of columns that follow each other with ink; the soft edges of letters are shorter."""
    columns = np.flatnonzero(drawn.any(axis=0))
    if not len(columns):
        return drawn
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    longest = max(runs, key=len)
    kept = np.zeros(drawn.shape[1], bool)
    kept[longest] = True
    return np.asarray(drawn & kept)


def adds_equals_sign(text: str, first: str, second: str) -> bool:
    """Whether two texts that were read at once say what each says alone, with an equals sign between them."""
    whole, parts = ("".join(one.split()) for one in (text, f"{first}={second}"))
    if whole.count("=") != parts.count("=") or abs(len(whole) - len(parts)) > 1:
        return False
    head, tail = whole.split("=")[first.count("=")], whole.split("=")[first.count("=") + 1]
    before, behind = "".join(first.split()), "".join(second.split())
    return head[-1:] == before[-1:] and tail[:1] == behind[:1]
