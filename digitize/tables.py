"""Tables: rows of words that a rectangle's own labels are part of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitize.model import Box, Word

#: Words in line with labels stand no farther off their middle than this share of a text height.
_IN_LINE = 0.35
#: Fewer words make no table; of those of a table this share stand in line with its labels …
_FEWEST, _IN_LINES = 4, 0.75
#: … and this share of its labels have a word in line.
_FOLLOWED = 0.6


def is_table(box: Box, labels: Sequence[Word], words: Sequence[Word], height: float) -> bool:
    """Whether what stands in a rectangle are words in line with the labels at its side, as the cells of a table are.

    Values and names written beside curves stand at any height.

    Parameters
    ----------
    box : the rectangle in pixels.
    labels : the words in line with each other along its left or its right side.
    words : everything read, those labels included.
    height : usual height of text in pixels.
    """
    own = {id(label) for label in labels}
    inside = [word for word in words if id(word) not in own and _reaches_into(word.box, box)]
    if len(inside) < _FEWEST or len(labels) < 2:
        return False
    rows = np.array([label.box.center[1] for label in labels])
    off = np.abs(np.array([word.box.center[1] for word in inside])[:, None] - rows)
    in_line = off <= _IN_LINE * height
    return bool(in_line.any(axis=1).mean() >= _IN_LINES and in_line.any(axis=0).mean() >= _FOLLOWED)


def _reaches_into(word: Box, box: Box) -> bool:
    """Whether much of a word, or of a line of several, lies in a rectangle, and its middle at a height of it."""
    across = min(word.right, box.right) - max(word.left, box.left)
    return across > 0.4 * min(word.width, box.width) and box.top <= word.center[1] <= box.bottom
