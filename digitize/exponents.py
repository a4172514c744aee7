"""Powers of ten whose raised exponents were found apart from their tens."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digitize.factors import joined_by
from digitize.model import Word

_EXPONENT = re.compile(r"[-−+]?[0-9]{1,3}")
#: The gap between a ten and its exponent, in heights of the ten.
_NEAREST, _FARTHEST = -0.2, 0.4
#: An exponent is lower than this share of its ten, or its middle stands no deeper than this below the top of it.
_SMALL, _RAISED = 0.75, 0.25


def join_exponents(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with each raised exponent joined to the ten that it stands beside.

    Parameters
    ----------
    words : as recognised, in any order.
    """
    tens = [word for word in words if word.angle == 0 and word.text.endswith("10")]
    exponents = [word for word in words if word.angle == 0 and _EXPONENT.fullmatch(word.text)] if tens else []
    joined: dict[int, Word] = {}
    taken: set[int] = set()
    for ten in tens:
        exponent = next((word for word in exponents if _is_exponent_of(word, ten)), None)
        if exponent is not None:
            joined[id(ten)] = joined_by("^", ten, exponent, like=ten)
            taken.add(id(exponent))
    return tuple(joined.get(id(word), word) for word in words if id(word) not in taken)


def _is_exponent_of(word: Word, ten: Word) -> bool:
    small, base = word.box, ten.box
    beside = _NEAREST * base.height <= small.left - base.right <= _FARTHEST * base.height
    deepest = base.center[1] if small.height < _SMALL * base.height else base.top + _RAISED * base.height
    lower = small.height <= base.height and small.bottom < base.bottom
    return beside and lower and base.top - base.height < small.center[1] < deepest
