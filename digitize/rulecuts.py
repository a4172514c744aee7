"""Lines of text cut where a frame or an axis line runs between their pieces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitize.chains import Chain
from digitize.components import Components, Ink
from digitize.glyphs import is_text
from digitize.medians import median

#: A stroke parts text where it has at least this share of the text's contrast; fainter ones are gridlines beneath it.
_AS_STRONG = 0.6


def cut_at_rules(pieces: Components, chains: Sequence[Chain], ink: Ink) -> list[Chain]:
    """The chains, cut where a long straight stroke across the line of text stands between two of their pieces.

    Parameters
    ----------
    pieces : the pieces that the chains' members count.
    chains : lines of text.
    ink : what is drawn in the picture, and where long straight strokes run.
    """
    found: list[Chain] = []
    for chain in chains:
        turned = chain.turned
        along = pieces.transposed() if turned else pieces
        order = chain.members[np.argsort(along.left[chain.members], kind="stable")]
        rules, strength = (ink.rules.T, ink.strength.T) if turned else (ink.rules, ink.strength)
        parts = np.split(order, _crossed(along.take(order), rules, strength) + 1)
        if len(parts) > 1:
            kept = [part for part in parts if is_text(along.take(part), ink.unit)]
            found += [Chain(members=part, turned=turned) for part in kept]
        else:
            found.append(chain)
    return found


def _crossed(line: Components, rules: NDArray[np.bool_], strength: NDArray[np.float32]) -> NDArray[np.intp]:
    """The gaps along a sorted line of text, numbered from 0, in which a stroke runs from its top to its bottom."""
    box, reached = line.bounds, np.maximum.accumulate(line.right)
    rows, least = slice(int(box.top), int(box.bottom)), _AS_STRONG * median(line.contrast)
    found: list[int] = []
    if not rules[rows, int(box.left) : int(box.right)].any():
        return np.array(found, dtype=np.intp)
    for index, (start, end) in enumerate(zip(reached[:-1], line.left[1:], strict=True)):
        gap = (rows, slice(int(start), int(end)))
        if end > start and bool((rules[gap] & (strength[gap] >= least)).all(axis=0).any()):
            found.append(index)
    return np.array(found, dtype=np.intp)
