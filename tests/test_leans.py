"""Labels beside an axis that all stand a little above or below their ticks, without strokes at these."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from digitize.leans import told_lean
from digitize.model import Box, PlotArea, Rule, TickLabel
from tests.drawing import word

EDGES = (30.0, 230.0)


def labels(centers: Sequence[float]) -> list[TickLabel]:
    words = [word(f"{k}%", 54, center, align="right") for k, center in enumerate(centers)]
    return [TickLabel(word=w, center_px=w.box.center[1]) for w in words]


def area(*, line: tuple[float, float] | None) -> PlotArea:
    """A plot area with a y axis line from one place to another, or none."""
    bare = PlotArea(box=Box(60.0, EDGES[0], 360.0, EDGES[1]), background=(255, 255, 255))
    if line is None:
        return bare
    start, end = line
    rule = Rule(orientation="vertical", position_px=60.5, start_px=start, end_px=end, width_px=1, color=(0, 0, 0))
    return replace(bare, frame=(rule,))


def test_labels_at_both_ends_of_an_axis_line_tell_how_far_all_lie_from_their_ticks() -> None:
    found = labels([28.5, 71.0, 120.0, 169.0, 228.6])
    assert told_lean(found, (), area(line=EDGES), horizontal=False) == pytest.approx(1.45, abs=0.01)


@pytest.mark.parametrize(
    ("centers", "line"),
    [
        ([28.5, 71.0, 120.0, 169.0, 228.6], None),  # the ends may be those of the labels themselves
        ([28.5, 71.0, 120.0, 169.0, 231.5], EDGES),  # the labels lean apart
        ([29.6, 71.0, 120.0, 169.0, 229.6], EDGES),  # no farther than ends are known
        ([40.0, 71.0, 120.0, 169.0, 228.6], EDGES),  # one end has no label
    ],
)
def test_ends_tell_nothing_that_are_not_drawn_or_lie_unlike(
    centers: list[float], line: tuple[float, float] | None
) -> None:
    assert told_lean(labels(centers), (), area(line=line), horizontal=False) == 0.0


def test_a_lone_stroke_tells_it_though_the_ends_are_labelled_wherever_they_lie() -> None:
    found = labels([51.0, 70.0, 110.0, 150.0, 190.0, 229.0])
    assert told_lean(found, (230.0,), area(line=None), horizontal=False) == pytest.approx(1.0)
    uneven = labels([51.0, 70.0, 117.0, 150.0, 190.0, 229.0])
    assert told_lean(uneven, (230.0,), area(line=None), horizontal=False) == 0.0


def test_a_lone_stroke_tells_nothing_that_it_may_lie_off_by_rounding() -> None:
    found = labels([70.0, 110.0, 150.0, 190.0, 229.5])
    assert told_lean(found, (230.0,), area(line=None), horizontal=False) == 0.0
