"""Labels in scientific notation whose factor and power of ten were found apart: ``5 · 10^-2``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitize.color import largest_step
from digitize.medians import row_median
from digitize.model import Box, Image, Word

_POWER = re.compile(r"10\^-?[0-9]+")
_FACTOR = re.compile(r"[-−]?[0-9](\.[0-9]+)?")
#: The gap between a factor and its ten, in heights of the factor.
_NEAREST, _FARTHEST = 0.5, 2.5
#: How far their feet may lie apart, likewise.
_LEVEL = 0.3
#: Least difference in grey levels between the sign of multiplication and its ground.
_CONTRAST = 24.0


def join_factors(rgb: Image, words: Sequence[Word]) -> tuple[Word, ...]:
    """The words with each power of ten joined to the factor before it, where a sign stands between them.

    Parameters
    ----------
    rgb : (height, width, 3) uint8
    words : as recognised; the sign of multiplication is too small to be a word.
    """
    factors = [word for word in words if word.angle == 0 and _FACTOR.fullmatch(word.text)]
    joined: dict[int, Word] = {}
    taken: set[int] = set()
    for power in words:
        if power.angle == 0 and _POWER.fullmatch(power.number):
            factor = next((word for word in factors if _is_factor_of(rgb, word, power)), None)
            if factor is not None:
                joined[id(power)] = joined_by("×", factor, power, like=power)
                taken.add(id(factor))
    return tuple(joined.get(id(word), word) for word in words if id(word) not in taken)


def _is_factor_of(rgb: Image, factor: Word, power: Word) -> bool:
    height, gap = factor.box.height, power.box.left - factor.box.right
    level = abs(factor.box.bottom - power.box.bottom) <= _LEVEL * height
    return level and _NEAREST * height <= gap <= _FARTHEST * height and _holds_sign(rgb, factor.box, power.box)


def _holds_sign(rgb: Image, factor: Box, power: Box) -> bool:
    """Whether ink stands between two words, about half as high as figures are, and off both."""
    middle, height = factor.center[1], factor.height
    gap = Box(factor.right + 1, middle - 0.4 * height, power.left - 1, middle + 0.4 * height)
    pixels = rgb[gap.to_slices(rgb.shape)].astype(np.int16)
    if pixels.size == 0:
        return False
    ground = row_median(pixels.reshape(-1, 3))
    return bool((largest_step(pixels - ground) > _CONTRAST).any())


def joined_by(sign: str, first: Word, second: Word, like: Word) -> Word:
    """Two words as one, with a sign between; what else a word tells, its height and colour, is that of `like`."""
    return replace(
        like,
        text=f"{first.text}{sign}{second.text}",
        number=f"{first.number}{sign}{second.number}",
        box=first.box.union(second.box),
        confidence=min(first.confidence, second.confidence),
        number_confidence=min(first.number_confidence, second.number_confidence),
    )
