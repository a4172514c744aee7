import numpy as np
import pytest

from digitize.marks import find_marks, mark_end
from digitize.model import Box, Side
from tests.drawing import TEXT_HEIGHT, canvas, framed

BOX = (60, 30, 360, 230)


@pytest.mark.parametrize(
    ("side", "line"),
    [
        ("bottom", (150, 231, 150, 236)),
        ("top", (150, 24, 150, 29)),
        ("left", (54, 100, 59, 100)),
        ("right", (361, 100, 366, 100)),
    ],
)
def test_the_reach_of_a_tick_mark_is_measured_on_every_side(side: Side, line: tuple[int, int, int, int]) -> None:
    image, draw = canvas()
    framed(draw, BOX, [], [])
    draw.line(line, fill="black")
    box = Box(60.5, 30.5, 360.5, 230.5)
    at = 150.5 if side in ("bottom", "top") else 100.5
    assert find_marks(np.array(image), box, side, TEXT_HEIGHT) == pytest.approx((at,), abs=0.1)
    assert mark_end(np.array(image), box, side, at) == pytest.approx(6.5, abs=1.0)
    assert mark_end(np.array(image), box, side, at + 20) == 0.0
