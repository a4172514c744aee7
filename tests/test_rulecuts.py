"""Lines of text drawn as boxes, with strokes between them."""

import numpy as np
import pytest

from digitize.chains import find_chains
from digitize.components import find_ink
from digitize.model import Image
from digitize.rulecuts import cut_at_rules


def drawn(stroke: int, top: int = 5) -> Image:
    """Three letters and two more behind a stroke of some grey from `top` down, and a page of text around them."""
    grey = np.full((120, 200), 255, np.uint8)
    for x in (20, 28, 36, 49, 57):
        grey[50:60, x : x + 6] = 0
        grey[52:58, x + 2 : x + 4] = 255
    grey[top:115, 45] = stroke
    return np.repeat(grey[:, :, None], 3, axis=2)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("stroke", "lengths"), [(0, [2, 3]), (150, [5])])
def test_text_is_cut_at_a_strong_stroke_alone(stroke: int, lengths: list[int], turned: bool) -> None:
    rgb = drawn(stroke)
    ink = find_ink(np.ascontiguousarray(rgb.transpose(1, 0, 2)) if turned else rgb)
    chains = find_chains(ink.components, ink.unit)
    assert sorted(len(chain.members) for chain in cut_at_rules(ink.components, chains, ink)) == lengths
