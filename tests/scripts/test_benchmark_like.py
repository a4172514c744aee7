"""What the benchmark of reading with a template measures, and that its changed pictures are changed."""

from dataclasses import replace

import benchmark_like
import numpy as np
import pytest
from benchmark_like import PAINTED, agreement, compare, draw_frameless, painted, with_other_digit, with_other_point
from numpy.random import default_rng

from digitize.model import Panel, Points
from digitize.pipeline import read
from tests.readings import linear_panel


def moved(panel: Panel, errors: float) -> Panel:
    """A panel whose values are off by so many times the errors of their readings."""
    series = []
    for one in panel.series:
        own = one.points
        points = Points(x=own.x.copy(), y=own.y + errors * own.y_err, x_err=own.x_err.copy(), y_err=own.y_err.copy())
        series.append(replace(one, points=points))
    return replace(panel, series=tuple(series))


@pytest.mark.parametrize(("errors", "share"), [(0.0, 1.0), (1.3, 1.0), (8.0, 0.0)])
def test_values_agree_that_are_no_farther_apart_than_their_errors(errors: float, share: float) -> None:
    within, count = agreement(linear_panel(), moved(linear_panel(), errors))
    assert count > 8
    assert within == share * count


def test_what_is_painted_on_a_picture_shows() -> None:
    image = draw_frameless(default_rng(0))
    (panel,) = read(image).panels
    for change in PAINTED:
        other = painted(image, change, default_rng(1), panel)
        assert other.size != image.size or (np.array(other) != np.array(image)).any()


def test_other_figures_and_points_make_other_texts() -> None:
    texts = {with_other_digit("0.25", default_rng(seed)) for seed in range(20)}
    assert "0.25" not in texts
    assert all(len(text) == 4 and text[1] == "." for text in texts)
    assert [with_other_point(text) for text in ("0.25", "40", "7")] == ["025", "4.0", ".7"]


def test_both_kinds_of_template_are_compared_with_full_readings(capsys: pytest.CaptureFixture[str]) -> None:
    compare("frameless", benchmark_like.LOOKS["frameless"], 2, 0)
    told = capsys.readouterr().out
    assert told.count("within 100.0000%") == 2
    assert told.count("0 called different") == 2
    assert "the same series in 1 of 1 panels" in told
