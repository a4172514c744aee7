"""Which colours of a plot area are inks that a legend names."""

from __future__ import annotations

import numpy as np
import pytest

from digitize.inks import InkTable
from digitize.model import Color
from digitize.swatches import to_lab

ORANGE, VIOLET, GREEN = (255, 178, 82), (198, 150, 240), (60, 180, 90)


def table_of(*colors: Color, ground: Color = (32, 32, 32)) -> InkTable:
    lab = to_lab(np.array([*colors, ground], dtype=np.uint8))
    return InkTable(lab=lab[:-1], counts=np.full(len(colors), 100), ground=lab[-1])


@pytest.mark.parametrize(("name", "share"), [((226, 182, 133), 1.0), (GREEN, 0.0), ((200, 200, 200), 0.0)])
def test_ink_whose_colour_was_smeared_is_known_by_its_hue(name: Color, share: float) -> None:
    """Of a thin sample the core has lost its colour, and beside a stroke colour is left without its lightness."""
    assert table_of(ORANGE, (254, 182, 74), (42, 26, 2)).explained([name]) == share


def test_what_is_of_no_named_hue_is_unexplained() -> None:
    assert table_of(ORANGE, VIOLET).explained([ORANGE]) == 0.5
    assert table_of(ORANGE, VIOLET).explained([ORANGE, VIOLET]) == 1.0


@pytest.mark.parametrize(("shown", "count"), [((233, 90, 92), 100), ((90, 60, 200), 0), ((255, 236, 236), 0)])
def test_a_thin_stroke_whose_colour_compression_muted_is_of_a_named_ink(shown: Color, count: int) -> None:
    assert table_of(shown, ground=(255, 255, 255)).muted((228, 4, 8)) == count
