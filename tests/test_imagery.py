"""Heat maps and photographs are told from charts, however full the charts are."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitize.imagery import is_imagery

SHAPE = (180, 240)


def heat_map(cell: int) -> np.ndarray:
    """A field of many hues in square cells of one colour each."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]] // cell * cell
    hue = 127.5 + 127.5 * np.sin((rows + 1.7 * columns) / 60)
    return np.stack([hue, 255 - 0.7 * hue, 0.5 * (rows + columns / 2) % 256], axis=2).astype(np.uint8)


def chart(fills: int, noise: float) -> np.ndarray:
    """Curves over stacked areas that hide all but a part of the ground, with noise as a scan has it."""
    picture = Image.new("RGB", SHAPE[::-1], "white")
    draw = ImageDraw.Draw(picture)
    for k in range(fills):
        draw.rectangle((0, 60 + 20 * k, 240, 80 + 20 * k), (40 * k, 200 - 30 * k, 120))
    for k in range(8):
        draw.line([(x, 90 + 60 * np.sin(x / 30 + k)) for x in range(240)], (30 * k, 20, 255 - 30 * k), 2)
    rng = np.random.default_rng(1)
    return np.clip(np.asarray(picture) + rng.normal(0, noise, (*SHAPE, 1)), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("cell", [1, 12])
def test_heat_maps_are_imagery(cell: int) -> None:
    assert is_imagery(heat_map(cell))


@pytest.mark.parametrize("fills", [0, 3, 6])
@pytest.mark.parametrize("noise", [0.0, 6.0])
def test_charts_are_none(fills: int, noise: float) -> None:
    assert not is_imagery(chart(fills, noise))
