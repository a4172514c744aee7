"""Names of a legend that were read in one line with the end of the sample before them, as a dash or a dot."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from digitize.color import lengths
from digitize.model import Image, Word
from digitize.swatches import GAP, common_color, find_swatch, to_lab

#: What strokes and markers are read as, before a name.
_STROKES = re.compile(r"^[-\u2010-\u2015\u2212=_~*.:\u00b0\u00b7\u2022\u25a0\u25aa\u25cb\u25cf]+\s*(?=\w\w)")
#: A letter takes up no more than this much of a line, in text heights.
_LETTER = 1.0
#: Ink differs from its ground by this share of what differs most.
_INK = 0.4


def without_stroke(rgb: Image, word: Word, text_height: float) -> Word:
    """The word without the piece of a sample at its beginning, as it is where there is none.

    Parameters
    ----------
    rgb : array (height, width, 3)
    word : Word
    text_height : float
        Height of capitals in pixels.

    Notes
    -----
    A sign before a name is part of a sample where a gap parts them and a sample that ends there is seen to the left
    of the gap, while none stands before the sign: "-5 dB" behind a sample of its own stays what it is.
    """
    sign = _STROKES.match(word.text)
    if sign is None or word.angle != 0 or find_swatch(rgb, word.box, text_height, "left") is not None:
        return word
    text = word.text[sign.end() :]
    for start in _starts(rgb, word, text_height):
        name = replace(word, box=word.box._replace(left=start), text=text)
        if name.box.width <= _LETTER * text_height * len(text):
            found = find_swatch(rgb, name.box, text_height, "left")
            return name if found is not None and found.box.right > word.box.left else word
    return word


def _starts(rgb: Image, word: Word, text_height: float) -> list[float]:
    """Where ink begins behind the gaps in a word's line, from left to right."""
    rows, columns = word.box.to_slices(rgb.shape)
    part = rgb[rows, columns]
    if not part.size:
        return []
    away = lengths(to_lab(part) - to_lab(np.array(common_color(part), dtype=np.uint8)))
    inked = np.flatnonzero((away > _INK * away.max()).any(axis=0))
    wide = np.flatnonzero(np.diff(inked) > GAP * text_height)
    return [float(columns.start + inked[k + 1]) for k in wide]
