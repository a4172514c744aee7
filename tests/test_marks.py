import numpy as np
import pytest

from digitize.marks import find_marks, has_label_ink, mark_end, mark_reach
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


def test_labels_close_beneath_the_edge_are_no_marks_and_inward_marks_count() -> None:
    image, draw = canvas()
    framed(draw, BOX, [], [])
    for x in (100, 200, 300):
        draw.line((x, 225, x, 229), fill="black")
        for stem in (x - 6, x, x + 5):
            draw.line((stem, 233, stem, 240), fill="black")
    box = Box(60.5, 30.5, 360.5, 230.5)
    # the corners of the frame are among them
    marks = find_marks(np.array(image), box, "bottom", TEXT_HEIGHT, room_px=2.5)
    assert marks[1:-1] == pytest.approx((100.5, 200.5, 300.5), abs=0.1)


@pytest.mark.parametrize(("start", "reach"), [(56, 10.0), (0, 0.0)])
def test_the_inner_end_of_a_mark_beside_labels(start: int, reach: float) -> None:
    image, draw = canvas()
    if start:
        draw.line((start, 100, 59, 100), fill="black")
    box = Box(50, 30, 360, 230)
    assert mark_reach(np.array(image), box, "left", 100.5, 20) == pytest.approx(reach, abs=0.1)


@pytest.mark.parametrize(
    ("places", "seen"), [((50, 130, 210), True), ((120, 130, 140), False), ((), False)], ids=["labels", "title", "bare"]
)
def test_ink_beside_a_side_may_be_labels(places: tuple[int, ...], seen: bool) -> None:
    image, draw = canvas()
    framed(draw, BOX, [], [])
    for y in places:
        draw.rectangle((40, y - 4, 50, y + 4), fill="black")
    for y in range(40, 230, 40):
        draw.line((55, y, 60, y), fill="black")
    assert has_label_ink(np.array(image), Box(*BOX), "left", TEXT_HEIGHT) == seen
    assert not has_label_ink(np.array(image), Box(*BOX), "left", TEXT_HEIGHT, [Box(0, 0, 55, 300)])


def test_the_inner_end_of_a_mark_is_told_though_a_curve_begins_a_little_farther_in() -> None:
    image, draw = canvas()
    draw.line((56, 100, 59, 100), fill="black")
    draw.line((64, 90, 75, 110), fill="blue", width=3)
    assert mark_reach(np.array(image), Box(50, 30, 360, 230), "left", 100.5, 20) == pytest.approx(10.0, abs=0.1)


@pytest.mark.parametrize(("letters", "seen"), [(range(62, 350, 9), True), (range(150, 260, 9), False)])
def test_labels_that_run_into_each_other_are_ink_beside_a_side(letters: range, seen: bool) -> None:
    image, draw = canvas()
    framed(draw, BOX, [], [])
    for x in letters:
        draw.rectangle((x, BOX[3] + 12, x + 5, BOX[3] + 20), fill="black")
    assert has_label_ink(np.array(image), Box(*BOX), "bottom", TEXT_HEIGHT) == seen
