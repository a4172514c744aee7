"""Names written at the ends of lines, in the lines' own colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitize.color import lengths
from digitize.inks import InkTable
from digitize.model import Box, Legend, LegendEntry, Picture, PlotArea, Swatch, Word
from digitize.swatches import to_lab
from digitize.textlines import bounding_box, plain_text

# How far the end of a line may lie from its name, in text heights: across the gap, and up or down where crowded
# names were pushed apart.
END_GAP = 4.0
END_SHIFT = 1.6
# Names flush with each other begin at one x to this, in text heights.
FLUSH = 0.4
# The least ink of its colour that a line has in the plot area, in pixels as a share of the text's height.
LEAST = 3.0
# A name within the plot is read with more confidence than this, pieces of curves with less.
SURE = 0.8
# So much ink of its colour, in pixels as a share of the text's height, tells that a line goes on beside a word.
GOES_ON = 3.0


def find_direct_labels(
    picture: Picture, area: PlotArea, table: InkTable, words: Sequence[Word], height: float
) -> Legend | None:
    """The names at the right ends of an area's lines as a legend, None where there are none.

    A name counts when text of its colour stands just right of the last ink of that colour, at its height. Colourless
    names count only beside others, since axes and captions are colourless too. Crowded names are pushed apart: one
    in a colour of its own that is flush with others counts wherever its line ends.
    """
    entries = []
    pushed = []
    sure = False
    for word in words:
        beside = word.angle == 0 and any(c.isalpha() for c in word.text)
        middle = area.box.left + 0.5 * area.box.width
        # Of an axis that ends at its last label no more may be known yet.
        above = area.box.top - END_GAP * height if word.box.left > area.box.right else area.box.top - height
        level = above < word.box.center[1] < area.box.bottom + height
        near = middle < word.box.left < area.box.right + 12 * height
        word_like = _is_sure(word) or word.box.left > area.box.right
        if not (beside and word_like and level and near):
            continue
        if _ends_at(picture, area, table, word, height):
            entries.append(_to_entry(word))
            sure |= _is_sure(word)
        elif _is_sure(word) and table.is_colored(word.color) and _is_drawn(table, word, height):
            pushed.append(_to_entry(word))
    for entry in pushed:
        if _is_flush(entry, entries, height) and _is_distinct([*entries, entry]):
            entries.append(entry)
    # names may be single letters where others are words; letters alone are pieces of curves
    if not sure or not _is_distinct(entries):
        return None
    entries.sort(key=lambda entry: entry.word_box.center[1])
    return Legend(entries=tuple(entries), box=bounding_box([entry.word_box for entry in entries]), direct=True)


def _is_drawn(table: InkTable, word: Word, height: float) -> bool:
    """Whether the area holds ink of a word's colour, or of its hue: compression leaves small text little else."""
    return max(table.matching(word.color), table.muted(word.color)) >= LEAST * height


def _to_entry(word: Word) -> LegendEntry:
    """A name as an entry whose sample is its own text."""
    swatch = Swatch(box=word.box, color=word.color, style=None, kind="text")
    return LegendEntry(name=plain_text([word]), swatch=swatch, word_box=word.box, confidence=word.confidence)


def _is_flush(entry: LegendEntry, others: Sequence[LegendEntry], height: float) -> bool:
    """Whether a name begins where several others begin, and is as tall."""
    starts = [abs(other.word_box.left - entry.word_box.left) < FLUSH * height for other in others]
    alike = [abs(other.word_box.height - entry.word_box.height) < 0.5 * height for other in others]
    return sum(a and b for a, b in zip(starts, alike, strict=True)) >= 2


def _is_sure(word: Word) -> bool:
    """Whether a word has more than one letter, and is well read."""
    return sum(c.isalnum() for c in word.text) > 1 and word.confidence > SURE


def _is_distinct(entries: Sequence[LegendEntry]) -> bool:
    """Whether the names' colours tell lines apart: no two alike, and coloured at least in part."""
    if not entries:
        return False
    lab = to_lab(np.array([entry.swatch.color for entry in entries], dtype=np.uint8))
    apart = lengths(lab[:, None] - lab[None]) + 1e3 * np.eye(len(lab))
    coloured = lengths(lab[:, 1:]) > 15
    return bool(coloured.sum() >= max(1, 0.5 * len(entries)) and apart.min() > 8)


def _ends_at(picture: Picture, area: PlotArea, table: InkTable, word: Word, height: float) -> bool:
    """Whether ink of the word's colour ends just left of it, at its height, and there is no more of it beyond."""
    if table.matching(word.color) < LEAST * height:
        return False
    middle, shift = word.box.center[1], END_SHIFT * height
    before = Box(word.box.left - END_GAP * height, middle - shift, word.box.left - 0.1 * height, middle + shift)
    behind = Box(word.box.left, area.box.top, area.box.right, area.box.bottom)
    beyond = _count_inked(picture, area, word, behind) - _count_inked(picture, area, word, word.box.grown(2.0))
    return _count_inked(picture, area, word, before) >= 2 and beyond < GOES_ON * height


def _count_inked(picture: Picture, area: PlotArea, word: Word, box: Box) -> int:
    """How many pixels of a box hold ink of a word's colour."""
    if box.right <= box.left:
        return 0
    part = to_lab(picture.rgb[box.to_slices(picture.rgb.shape)])
    if part.size == 0:
        return 0
    ground = to_lab(np.array(area.background, dtype=np.uint8))
    ray = to_lab(np.array(word.color, dtype=np.uint8)) - ground
    along = (part - ground) @ ray / max(float(ray @ ray), 1.0)
    across = lengths(part - ground - along[..., None] * ray)
    return int(((along > 0.6) & (along < 1.2) & (across < 12)).sum())
