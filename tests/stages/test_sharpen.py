"""Corners of traces put back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitize.model import Samples, Trace
from digitize.stages.sharpen import sharpen


def bent_trace() -> Trace:
    """A peak at (50.3, 20) whose tip the trace cuts off."""
    x = np.arange(10.0, 90.0) + 0.5
    y = np.maximum(20.0 + np.abs(x - 50.3) * 2, 21.5)
    return Trace(
        x_px=x,
        y_px=y,
        x_err_px=np.full(80, 0.1),
        y_err_px=np.full(80, 0.6),
        covered=np.zeros(80, bool),
        color=(0, 0, 200),
        width_px=2.0,
    )


def samples(error: float = 0.2, tip: float = 20.0) -> Samples:
    halves = np.full(3, error)
    return Samples(
        x_px=np.array([10.5, 50.3, 89.5]), y_px=np.array([99.6, tip, 98.4]), x_err_px=halves, y_err_px=halves
    )


def test_a_corner_stands_in_place_of_the_points_that_it_bends() -> None:
    (sharp,) = sharpen([bent_trace()], [samples()])
    at = int(np.argmin(np.abs(sharp.x_px - 50.3)))
    assert (sharp.x_px[at], sharp.y_px[at]) == pytest.approx((50.3, 20.0))
    assert (np.diff(sharp.x_px) > 0).all()
    assert np.abs(np.delete(sharp.x_px, at) - 50.3).min() > 0.7
    assert len(sharp.covered) == len(sharp.x_px) == len(sharp.x_err_px) == len(sharp.y_err_px)


@pytest.mark.parametrize("found", [samples(error=3.0), Samples(why="smooth")])
def test_uncertain_corners_leave_the_trace_alone(found: Samples) -> None:
    trace = bent_trace()
    (kept,) = sharpen([trace], [found])
    assert kept.y_px == pytest.approx(trace.y_px)


def test_a_corner_away_from_the_trace_is_not_its_own() -> None:
    (sharp,) = sharpen([bent_trace()], [samples(tip=70.0)])
    assert 70.0 not in sharp.y_px


def test_between_data_points_the_trace_lies_on_their_join() -> None:
    noise = np.random.default_rng(3).normal(0, 0.2, 80)
    trace = bent_trace()
    (straight,) = sharpen([replace(trace, y_px=trace.y_px + noise)], [samples()])
    inner = (straight.x_px > 12) & (straight.x_px < 88)
    expected = np.interp(straight.x_px, [10.5, 50.3, 89.5], [99.6, 20.0, 98.4])
    np.testing.assert_allclose(straight.y_px[inner], expected[inner], atol=1e-6)
    assert straight.y_err_px[inner].max() <= 0.2 + 1e-9


def test_a_stretch_that_leaves_the_join_of_its_data_points_stays_as_it_was_traced() -> None:
    trace = bent_trace()
    bowed = replace(trace, y_px=trace.y_px + np.where(trace.x_px < 50, 6.0 * np.sin((trace.x_px - 10) / 40 * np.pi), 0))
    (kept,) = sharpen([bowed], [samples()])
    inner = (kept.x_px > 15) & (kept.x_px < 45)
    np.testing.assert_allclose(kept.y_px[inner], np.interp(kept.x_px[inner], bowed.x_px, bowed.y_px))


def test_points_on_an_upright_stroke_advance_by_what_tells_them_apart() -> None:
    trace = bent_trace()
    x = trace.x_px.copy()
    x[20:24] = x[20] + 1e-6 * np.arange(4)
    (apart,) = sharpen([replace(trace, x_px=x)], [Samples(why="smooth")])
    assert np.diff(apart.x_px).min() >= 0.1 - 1e-9
    assert np.abs(apart.x_px - x).max() < 0.35


def test_a_curve_that_turns_back_keeps_its_places() -> None:
    trace = bent_trace()
    loop = replace(trace, x_px=np.concatenate([trace.x_px[:40], trace.x_px[39::-1]]))
    (kept,) = sharpen([loop], [Samples(why="the curve turns back along x")])
    assert (kept.x_px == loop.x_px).all()
