"""Colours in everyday words: what a person calls a curve by."""

from __future__ import annotations

import numpy as np

from digitize.color import to_lab
from digitize.model import Color

#: Examples of what the basic colour terms of English (Berlin & Kay, *Basic Color Terms*, 1969) and the usual names of
#: chart colours stand for, in sRGB.
_EXAMPLES: dict[str, tuple[Color, ...]] = {
    "red": ((214, 39, 40), (255, 0, 0), (224, 49, 49), (165, 20, 25), (240, 90, 90)),
    "blue": ((31, 119, 180), (0, 0, 255), (47, 111, 237), (25, 50, 130), (110, 160, 235), (85, 185, 235)),
    "green": ((44, 160, 44), (0, 128, 0), (0, 200, 80), (120, 190, 90), (20, 85, 40)),
    "orange": ((255, 127, 14), (255, 165, 0), (230, 110, 30)),
    "yellow": ((255, 225, 25), (250, 215, 60), (240, 228, 66)),
    "purple": ((148, 103, 189), (128, 0, 128), (110, 60, 180), (170, 110, 220)),
    "pink": ((227, 119, 194), (255, 150, 190), (240, 90, 160)),
    "magenta": ((255, 0, 255), (204, 0, 153)),
    "brown": ((140, 86, 75), (139, 69, 19), (160, 110, 60)),
    "grey": ((127, 127, 127), (80, 80, 80), (180, 180, 180)),
    "black": ((0, 0, 0), (30, 30, 34)),
    "white": ((255, 255, 255), (240, 240, 240)),
    "cyan": ((23, 190, 207), (0, 255, 255)),
    "teal": ((0, 128, 128), (38, 166, 154), (0, 158, 115)),
    "olive": ((188, 189, 34), (128, 128, 0)),
}

#: Words that mean the same.
_SYNONYMS = {
    "gray": "grey",
    "violet": "purple",
    "turquoise": "teal",
    "lime": "green",
    "navy": "blue",
    "crimson": "red",
    "maroon": "red",
    "gold": "yellow",
}

COLOR_WORDS = (*_EXAMPLES, *_SYNONYMS)

_NAMES = tuple(name for name, examples in _EXAMPLES.items() for _ in examples)
_LABS = to_lab(np.array([example for examples in _EXAMPLES.values() for example in examples]))


def color_word(color: Color) -> str:
    """The everyday word for a colour: that of the nearest example in CIELAB.

    >>> color_word((214, 39, 40)), color_word((120, 120, 126))
    ('red', 'grey')
    """
    apart = np.linalg.norm(_LABS - to_lab(np.array([color])), axis=1)
    return _NAMES[int(apart.argmin())]


def distance_to_word(color: Color, word: str) -> float:
    """How far a colour lies, in CIELAB, from the nearest example of a word; infinite where it names none."""
    name = _SYNONYMS.get(word, word)
    if name not in _EXAMPLES:
        return float("inf")
    own = to_lab(np.array(_EXAMPLES[name]))
    return float(np.linalg.norm(own - to_lab(np.array([color])), axis=1).min())
