"""Numbers that stand in a row so close that they were read as one line of text, told apart at its spaces."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from digitize.model import Box

_NUMBER = re.compile(r"[-−+$€£]?(?!0\d)\d(?:[\d.,:/-]*[%kKMBGTm]?|\.?\d*[eE][-+]?\d{1,2})")
#: Two numbers that run into each other; most of a row of labels, and no fewer than so many, must stand apart.
_GLUED, _FEWEST_APART = re.compile(r"[-−+]?\d[\d.,eE+−-]*"), 3
_WHOLE_NUMBERS = re.compile(r"\d+( \d+)*")
#: So many steps between labels are even though one more is not.
_FEWEST_EVEN = 2
#: One number whose thousands are set apart by spaces.
GROUPED = re.compile(r"[-−+]?\d{1,3}( \d{3})+([.,]\d+)?")


def numbers_apart(boxes: Sequence[Box], said: Sequence[str], index: int) -> tuple[tuple[int, int], ...]:
    """Where in the text of a line its numbers start and end, empty where it is one number or any other text.

    Parameters
    ----------
    boxes, said : of each line of a picture where it stands and what it says.
    index : the line in question.
    """
    spans = [match.span() for match in re.finditer(r"\S+", said[index])]
    tokens = said[index].split()
    glued = [token for token in tokens if not _NUMBER.fullmatch(token)]
    apart = len(tokens) - len(glued)
    if len(tokens) < 2 or not all(_GLUED.fullmatch(token) for token in glued):
        return ()
    if glued and (apart < _FEWEST_APART or apart < 2 * len(glued)):
        return ()
    if GROUPED.fullmatch(said[index]) and not _goes_on(boxes, said, index):
        return ()
    return tuple(spans)


def _goes_on(boxes: Sequence[Box], said: Sequence[str], index: int) -> bool:
    """Whether a line that could be one number with its thousands apart goes on a row of numbers in even steps."""
    box = boxes[index]
    mates = []
    for other, text in zip(boxes, said, strict=True):
        level = max(abs(other.top - box.top), abs(other.bottom - box.bottom)) <= 0.2 * box.height
        near = max(other.left - box.right, box.left - other.right) <= 4 * box.width
        if other is not box and level and near and _WHOLE_NUMBERS.fullmatch(text):
            mates.append((other.left, text))
    own = (box.left, said[index])
    rows = [sorted([own, *some]) for some in ([mates] if len(mates) > 1 else []) + [[mate] for mate in mates]]
    return any(_is_even_row([float(token) for _, text in row for token in text.split()]) for row in rows)


def _is_even_row(values: Sequence[float]) -> bool:
    """Whether numbers ascend in even steps; the last of several may be the end of an axis, wherever this lies."""
    steps = np.diff(values)
    even = steps[:-1] if len(steps) > _FEWEST_EVEN else steps
    return bool(steps.min() > 0 and np.ptp(even) <= 0.01 * steps[0])
