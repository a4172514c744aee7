"""What a recogniser is shown of a line of text."""

import cv2
import numpy as np
import pytest

from digitize.components import find_ink
from digitize.crops import TextLine, crop_line
from digitize.model import Image

#: Ink too faint for a piece of its own, on white.
FAINT = 227


def letters() -> Image:
    """Two words of one line, a gap wider than a letter between them."""
    rgb = np.full((40, 120, 3), 255, np.uint8)
    for x, word in ((10, "VB"), (60, "16")):
        cv2.putText(rgb, word, (x, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (40, 40, 40), 1)
    return rgb


def darkest_between(rgb: Image) -> int:
    """The darkest pixel that is shown between the two words, less the margin at the crop's edge."""
    ink = find_ink(rgb)
    own = ink.components.take((ink.components.top < 30) & (ink.components.top > 5))
    crop = crop_line(rgb, ink, TextLine(pieces=own, box=own.bounds))
    left = round(own.left.min()) - 2
    return int(crop[2:-2, 36 - left : 54 - left].min())


def test_strokes_too_faint_for_pieces_are_shown_within_their_line() -> None:
    rgb = letters()
    cv2.line(rgb, (43, 26), (48, 12), (FAINT, FAINT, FAINT), 1)
    assert darkest_between(letters()) == 255
    assert darkest_between(rgb) < 240


@pytest.mark.parametrize("ink", [FAINT, 90])
def test_what_touches_other_pieces_is_not_shown(ink: int) -> None:
    rgb = letters()
    cv2.line(rgb, (45, 39), (45, 4), (ink, ink, ink), 1)
    cv2.line(rgb, (44, 4), (47, 4), (90, 90, 90), 1)
    assert darkest_between(rgb) == 255
