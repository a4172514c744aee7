"""Names written at the ends of lines, in the lines' own colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitize.inks import InkTable
from digitize.model import Legend, LegendEntry, Picture, PlotArea, Swatch, Word
from digitize.swatches import to_lab
from digitize.textlines import bounding_box, plain_text

# How far the end of a line may lie from its name, in text heights: across the gap, and up or down where crowded
# names were pushed apart.
END_GAP = 4.0
END_SHIFT = 1.6


def find_direct_labels(
    picture: Picture, area: PlotArea, table: InkTable, words: Sequence[Word], height: float
) -> Legend | None:
    """The names at the right ends of an area's lines as a legend, None where there are none.

    A name counts when text of its colour stands just right of the last ink of that colour, at its height. Colourless
    names count only beside others, since axes and captions are colourless too.
    """
    entries = []
    for word in words:
        beside = word.angle == 0 and any(c.isalpha() for c in word.text)
        middle = area.box.left + 0.5 * area.box.width
        level = area.box.top - height < word.box.center[1] < area.box.bottom + height
        near = middle < word.box.left < area.box.right + 12 * height
        word_like = sum(c.isalnum() for c in word.text) > 1 or word.box.left > area.box.right
        if beside and word_like and level and near and _ends_at(picture, area, table, word, height):
            swatch = Swatch(box=word.box, color=word.color, style=None, kind="text")
            entries.append(
                LegendEntry(name=plain_text([word]), swatch=swatch, word_box=word.box, confidence=word.confidence)
            )
    if not _is_distinct(entries):
        return None
    entries.sort(key=lambda entry: entry.word_box.center[1])
    return Legend(entries=tuple(entries), box=bounding_box([entry.word_box for entry in entries]), direct=True)


def _is_distinct(entries: Sequence[LegendEntry]) -> bool:
    """Whether the names' colours tell lines apart: no two alike, and coloured at least in part."""
    if not entries:
        return False
    lab = to_lab(np.array([entry.swatch.color for entry in entries], dtype=np.uint8))
    apart = np.linalg.norm(lab[:, None] - lab[None], axis=2) + 1e3 * np.eye(len(lab))
    coloured = np.linalg.norm(lab[:, 1:], axis=1) > 15
    return bool(coloured.sum() >= max(1, 0.5 * len(entries)) and apart.min() > 8)


def _ends_at(picture: Picture, area: PlotArea, table: InkTable, word: Word, height: float) -> bool:
    """Whether ink of the word's colour ends just left of it, at its height."""
    if table.matching(word.color) < 3.0 * height:
        return False
    left = max(round(word.box.left - END_GAP * height), 0)
    right = round(word.box.left - 0.1 * height)
    middle = word.box.center[1]
    top, bottom = max(round(middle - END_SHIFT * height), 0), round(middle + END_SHIFT * height)
    part = to_lab(picture.rgb[top:bottom, left:right])
    if part.size == 0:
        return False
    ground = to_lab(np.array(area.background, dtype=np.uint8))
    ray = to_lab(np.array(word.color, dtype=np.uint8)) - ground
    along = (part - ground) @ ray / max(float(ray @ ray), 1.0)
    across = np.linalg.norm(part - ground - along[..., None] * ray, axis=2)
    return int(((along > 0.6) & (along < 1.2) & (across < 12)).sum()) >= 2
