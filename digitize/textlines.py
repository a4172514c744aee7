"""Where words stand to each other: on one line, above and below, and joined in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from digitize.medians import median
from digitize.model import Box, Word

_DESCENDER = frozenset("gjpqyQ()[]{}|/_@$")
# Words of more characters than this tell no more about the height of text.
_MANY = 5
_NO_ASCENDER = frozenset("acegmnopqrsuvwxyz.,_-−–~+=<>: ")


def bounding_box(boxes: Sequence[Box]) -> Box:
    """The smallest box around one or more boxes."""
    return reduce(Box.union, boxes)


def plain_text(words: Sequence[Word]) -> str:
    """The words' text as one typed line: single spaces, and minus signs as hyphens."""
    return " ".join(" ".join(word.text for word in words).replace("\N{MINUS SIGN}", "-").split())


def cap_height(word: Word) -> float:
    """The height of the word's capitals in pixels, from the height of its ink and the letters that it holds."""
    over = 1.0 if any(c not in _NO_ASCENDER for c in word.text) else 0.72
    under = 0.27 if any(c in _DESCENDER for c in word.text) else 0.14 if any(c in ",;" for c in word.text) else 0.0
    return word.height_px / (over + under)


def text_height_of(words: Sequence[Word]) -> float:
    """The median height of the words' capitals in pixels, 10 where there is nothing to measure.

    Words count by their characters: specks and pieces of curves are read as one or two.
    """
    inked = [word for word in words if word.height_px > 0]
    heights = np.repeat([cap_height(word) for word in inked], [min(len(word.text), _MANY) for word in inked])
    return median(heights) if len(heights) else 10.0


def is_beside(first: Word, second: Word) -> bool:
    """Whether two upright words stand on one line."""
    apart = abs(first.box.center[1] - second.box.center[1])
    return first.angle == second.angle == 0 and apart < 0.45 * min(first.box.height, second.box.height)


def line_gap(upper: Box, lower: Box) -> float:
    """Pixels between the bottom of one box and the top of another."""
    return lower.top - upper.bottom


@dataclass(frozen=True, kw_only=True)
class Line:
    """Words that make one line of text, in reading order along its baseline."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return plain_text(self.words)

    @property
    def box(self) -> Box:
        return bounding_box([word.box for word in self.words])

    @property
    def height_px(self) -> float:
        """The height of its capitals."""
        return max(cap_height(word) for word in self.words)


def to_lines(words: Iterable[Word]) -> list[Line]:
    """Upright words joined where they follow each other at a space's width."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.box.left):
        home = next((line for line in lines if _follows(line[-1], word)), None)
        if home is None:
            lines.append([word])
        else:
            home.append(word)
    return [Line(words=tuple(line)) for line in lines]


def _follows(first: Word, second: Word) -> bool:
    gap = second.box.left - first.box.right
    height = min(first.box.height, second.box.height)
    return is_beside(first, second) and -0.5 * height < gap < 0.9 * height


def to_columns(words: Iterable[Word]) -> list[Line]:
    """Turned words joined along their baseline: upward for 90 degrees, downward for 270."""
    columns: list[list[Word]] = []
    for word in sorted(words, key=lambda word: -word.box.bottom if word.angle == 90 else word.box.top):
        home = next((column for column in columns if _runs_on(column[-1], word)), None)
        if home is None:
            columns.append([word])
        else:
            home.append(word)
    return [Line(words=tuple(column)) for column in columns]


def _runs_on(first: Word, second: Word) -> bool:
    apart = abs(first.box.center[0] - second.box.center[0])
    width = min(first.box.width, second.box.width)
    gap = first.box.top - second.box.bottom if first.angle == 90 else second.box.top - first.box.bottom
    return first.angle == second.angle and apart < 0.45 * width and -0.5 * width < gap < 1.5 * width
