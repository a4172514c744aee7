"""The curve network: what it draws of one curve of a plot area."""

from __future__ import annotations

import numpy as np
import pytest

from digitize.engines.curves import DRAWN_WIDTH, curve_network
from digitize.model import FloatArray
from tests.test_patterns import BLUE, HEIGHT, RED, WIDTH, Course, draw, falling, rising, wave

WHITE = (255, 255, 255)


def near(course: Course, drawn: FloatArray, x: FloatArray) -> FloatArray:
    """The greatest probability within two rows of a course, at places along x."""
    rows, columns = np.clip(course(x), 2, HEIGHT - 3).astype(int), x.astype(int)
    return np.asarray(np.max([drawn[rows + d, columns] for d in range(-2, 3)], axis=0))


INSIDE = np.arange(40.0, WIDTH - 40.0)


@pytest.mark.parametrize("style", ["solid", "dashed", "dotted", "dashdot"])
def test_a_curve_is_drawn_without_gaps_whatever_its_pattern(style: str) -> None:
    drawn = curve_network().draw_alone(draw([(wave, style, BLUE)]).rgb, BLUE, WHITE, [])  # type: ignore[list-item]
    assert (near(wave, drawn, INSIDE) > 0.5).mean() > 0.97


def test_of_two_curves_the_one_asked_for_is_drawn_and_not_the_other() -> None:
    rgb = draw([(rising, "solid", BLUE), (falling, "solid", RED)]).rgb
    apart = INSIDE[np.abs(rising(INSIDE) - falling(INSIDE)) > 20]
    for ink, other, own, rest in ((BLUE, RED, rising, falling), (RED, BLUE, falling, rising)):
        drawn = curve_network().draw_alone(rgb, ink, WHITE, [other])
        assert (near(own, drawn, INSIDE) > 0.5).all()
        assert (near(rest, drawn, apart) < 0.5).all()


def test_what_another_curve_hides_is_drawn() -> None:
    def across(x: FloatArray) -> FloatArray:
        return np.asarray(falling(x) + 0.05 * (x - WIDTH / 2))

    rgb = draw([(across, "solid", BLUE), (falling, "solid", RED)]).rgb
    hidden = INSIDE[np.abs(across(INSIDE) - falling(INSIDE)) < 0.8]
    assert len(hidden) > 25
    assert (np.abs(rgb[falling(hidden).astype(int), hidden.astype(int)].astype(int) - BLUE).max(axis=1) > 60).all()
    drawn = curve_network().draw_alone(rgb, BLUE, WHITE, [RED])
    assert (near(across, drawn, hidden) > 0.5).mean() > 0.9


def test_the_drawn_line_is_thin_and_lies_on_the_middle_of_the_curve() -> None:
    drawn = curve_network().draw_alone(draw([(falling, "solid", BLUE)]).rgb, BLUE, WHITE, [])
    columns = np.where(drawn > 0.05, drawn, 0)[:, INSIDE.astype(int)]
    middle = (columns * (np.arange(HEIGHT)[:, None] + 0.5)).sum(axis=0) / columns.sum(axis=0)
    assert np.abs(middle - falling(INSIDE + 0.5)).max() < 0.6
    assert columns.sum(axis=0).mean() == pytest.approx(DRAWN_WIDTH, rel=0.25)


@pytest.mark.parametrize("size", [(33, 65), (50, 31), (96, 128)])
def test_any_size_will_do(size: tuple[int, int]) -> None:
    drawn = curve_network().draw_alone(np.full((*size, 3), 255, np.uint8), BLUE, WHITE, [RED])
    assert drawn.shape == size
    assert drawn.max() < 0.2
