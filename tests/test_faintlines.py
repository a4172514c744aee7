"""Gridlines too faint to be seen one by one."""

from collections.abc import Sequence

import numpy as np
import pytest

from digitize.faintlines import find_faint_lines
from digitize.model import Box, Image, Side

AREA, SIZE = Box(60.0, 30.0, 360.0, 230.0), 12.0
TICKS = (90, 150, 210, 270, 330)


def page(lines: Sequence[int], contrast: int, *, across: bool, seed: int = 0) -> Image:
    """A noisy grey page with dotted lines at places and a bold curve over them."""
    noise = np.random.default_rng(seed).integers(-2, 3, (300, 400))
    grey = 235 + noise
    for place in lines:
        if across:
            grey[place, 60:360:3] += contrast
        else:
            grey[30:230:3, place] += contrast
    for x in range(60, 360):
        y = 130 + round(60 * np.sin(x / 15))
        grey[y - 2 : y + 3, x] = 40
    return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


@pytest.mark.parametrize("contrast", [-9, 15])
@pytest.mark.parametrize("side", ["bottom", "left"])
def test_faint_dotted_lines_are_found_beside_the_labels_that_they_belong_to(side: Side, contrast: int) -> None:
    ticks = [50, 90, 130, 170, 210] if side == "left" else list(TICKS)
    rgb = page(ticks, contrast, across=side == "left")
    # All labels stand aside.
    found = find_faint_lines(rgb, AREA, side, [tick + 4.5 for tick in ticks], SIZE)
    assert found == pytest.approx([tick + 0.5 for tick in ticks], abs=0.3)


@pytest.mark.parametrize("seed", range(5))
def test_noise_and_a_curve_are_no_lines(seed: int) -> None:
    rgb = page((), 0, across=False, seed=seed)
    assert find_faint_lines(rgb, AREA, "bottom", [tick + 0.5 for tick in TICKS], SIZE) == ()


def test_a_line_by_one_label_of_many_is_none_of_the_axis() -> None:
    rgb = page(TICKS[:1], -9, across=False)
    assert find_faint_lines(rgb, AREA, "bottom", [tick + 0.5 for tick in TICKS], SIZE) == ()
