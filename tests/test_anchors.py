"""Where labels are fixed to their ticks."""

from dataclasses import replace

import pytest

from digitize.anchors import above_tails
from digitize.model import Word
from tests.drawing import TEXT_HEIGHT, word


def tailed(text: str, y: float) -> Word:
    """A label whose figures are centred at y and whose comma hangs below them."""
    plain = word(text, 54, y, align="right")
    return replace(plain, box=plain.box._replace(bottom=plain.box.bottom + 0.2 * TEXT_HEIGHT))


def test_the_middle_of_a_label_is_that_of_its_figures_though_a_comma_hangs_below() -> None:
    words = [tailed("1,000", 50.0), tailed("1,500", 100.0), word("500", 54, 150.0, align="right")]
    assert above_tails(words, [w.box.center[1] for w in words]) == pytest.approx([50.0, 100.0, 150.0])


def test_where_all_labels_have_commas_the_usual_one_tells() -> None:
    words = [tailed("1,000", 50.0), tailed("1,500", 100.0)]
    assert above_tails(words, [w.box.center[1] for w in words]) == pytest.approx([50.0, 100.0], abs=0.2)
