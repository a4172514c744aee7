"""Layers that no legend entry explains: curves of their own, mixtures and ornaments."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitize.model import Box, Color, Layer
from digitize.unnamed import is_ornament, is_unnamed_curve

HEIGHT, WIDTH = 120, 200
BLUE, RED, GREY = (31, 119, 180), (214, 39, 40), (140, 140, 140)


def layer(row: int, color: Color, columns: slice = slice(None), beside: bool = False) -> Layer:
    coverage = np.zeros((HEIGHT, WIDTH), np.float32)
    coverage[row : row + 2, columns] = 1
    hidden = np.zeros(coverage.shape, bool)
    hidden[row + 2 : row + 4] = beside
    hidden[row - 2 : row] = beside
    return Layer(color=color, box=Box(0, 0, WIDTH, HEIGHT), coverage=coverage, hidden=hidden)


def rising(color: Color, columns: slice = slice(None)) -> Layer:
    coverage = np.zeros((HEIGHT, WIDTH), np.float32)
    for column in range(WIDTH)[columns]:
        coverage[30 + column // 4 : 32 + column // 4, column] = 1
    return Layer(color=color, box=Box(0, 0, WIDTH, HEIGHT), coverage=coverage, hidden=np.zeros(coverage.shape, bool))


@pytest.mark.parametrize(
    ("one", "curve"),
    [
        (layer(60, RED), True),
        (layer(60, RED, slice(0, 120)), True),
        (layer(60, GREY), False),
        (layer(60, RED, slice(0, 50)), False),
        (layer(60, RED, beside=True), False),
    ],
    ids=["of its own", "shorter", "grey", "a piece", "between others"],
)
def test_a_colour_of_its_own_is_a_curve(one: Layer, curve: bool) -> None:
    assert is_unnamed_curve(one, [layer(20, BLUE)]) is curve


@pytest.mark.parametrize(
    ("one", "ornament"),
    [
        (layer(60, GREY), False),
        (layer(60, GREY, slice(0, 30)), True),
        (layer(60, GREY, beside=True), True),
        (layer(60, RED, slice(0, 30)), False),
    ],
    ids=["a curve", "an arrow", "where others cross", "coloured"],
)
def test_what_is_grey_among_coloured_curves_and_hardly_seen_apart_is_an_ornament(one: Layer, ornament: bool) -> None:
    assert is_ornament(one, [one, layer(20, BLUE)]) is ornament


@pytest.mark.parametrize("color", [RED, GREY])
def test_what_rises_apart_from_other_ink_is_a_curve_however_grey_or_thin(color: Color) -> None:
    thick = layer(20, BLUE)
    thick.coverage[18:26] = 1
    assert is_unnamed_curve(rising(color), [thick])
    assert not is_unnamed_curve(rising(color, slice(0, 60)), [thick])


def test_a_faint_curve_is_no_ornament() -> None:
    one = layer(60, (250, 214, 214), slice(0, 30))
    assert is_ornament(one, [one, layer(20, BLUE)])
    assert not is_ornament(replace(one, faint=True), [one, layer(20, BLUE)])


def test_a_short_grey_curve_alone_is_no_ornament() -> None:
    one = layer(60, GREY, slice(0, 30))
    assert not is_ornament(one, [one])
