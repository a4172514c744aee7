"""Axes put right by exact data points and by what renderers do to strokes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitize.model import Axis, Box, Layout, PlotArea, Rule, Samples, Tick, TickLabel, TickLabels
from digitize.stages.settle import settle_axes
from tests.drawing import word

AREA = Box(50.0, 20.0, 450.0, 320.0)
#: The true axes: x from 0 to 10 and y from 0 to 5 over the box.
X_PER_PX, Y_PER_PX = 10 / 400, 5 / 300


def axis(name: str, off: float) -> Axis:
    """An axis read from strokes that all lie `off` pixels to the right of or below their places."""
    values = np.arange(0.0, 11.0) if name == "x" else np.arange(0.0, 5.5, 0.5)
    pixels = AREA.left + values / X_PER_PX if name == "x" else AREA.bottom - values / Y_PER_PX
    ticks = tuple(
        Tick(pixel=float(p + off), text=f"{v:g}", value=float(v), used=True, box=Box(p, 330, p + 10, 340))
        for p, v in zip(pixels, values, strict=True)
    )
    ends = (AREA.left, AREA.right) if name == "x" else (AREA.bottom, AREA.top)
    per_px = X_PER_PX if name == "x" else -Y_PER_PX
    start = -off * per_px
    return Axis(
        scale="linear",
        pixels=ends,
        values=(start, start + (ends[1] - ends[0]) * per_px),
        residual_px=0.1,
        ticks=ticks,
        covariance_px=((0.01, 0.0), (0.0, 0.01)),
    )


def layout(off: float) -> Layout:
    frame = Rule(orientation="vertical", position_px=50.5, start_px=20, end_px=320, width_px=1.0, color=(0, 0, 0))
    area = PlotArea(box=AREA, background=(255, 255, 255), frame=(frame,))
    return Layout(area=area, x_axis=axis("x", off), y_axis=axis("y", off))


def strokes(on: Layout) -> tuple[TickLabels, ...]:
    rows = []
    for name, one in (("x", on.x_axis), ("y", on.y_axis)):
        assert one is not None
        labels = tuple(TickLabel(word=word(t.text, t.pixel, 330), center_px=t.pixel) for t in one.ticks)
        side = "bottom" if name == "x" else "left"
        at = tuple(t.pixel for t in one.ticks)
        rows.append(TickLabels(axis=name, side=side, labels=labels, strokes_px=at))  # type: ignore[arg-type]
    return tuple(rows)


def exact() -> Samples:
    x = np.arange(0.0, 10.5, 0.5)
    error = np.full(len(x), 0.3)
    return Samples(x_px=AREA.left + x / X_PER_PX, y_px=np.full(len(x), 100.0), x_err_px=error, y_err_px=error, x=x)


def off_by(on: Layout) -> tuple[float, float]:
    """How far the axes lie off the true ones in the middle of the box, in pixels."""
    assert on.x_axis is not None
    assert on.y_axis is not None
    x, y = on.x_axis.to_pixel(np.array([5.0])), on.y_axis.to_pixel(np.array([2.5]))
    return float(x[0] - 250.0), float(y[0] - 170.0)


@pytest.mark.parametrize("off", [0.0, 0.05, 0.25, 0.5, 0.8])
def test_exact_data_points_tell_where_x_runs_and_how_strokes_were_moved(off: float) -> None:
    before = layout(off)
    (after,) = settle_axes((before,), (strokes(before),), ((exact(),),))
    x, y = off_by(after)
    assert abs(x) < 0.05
    assert abs(y) < max(0.12, 0.45 * abs(off))


def test_without_data_points_the_error_holds_either_way_of_rounding() -> None:
    for off in (0.0, 0.5):
        before = layout(off)
        (after,) = settle_axes((before,), (strokes(before),), ((Samples(why="smooth"),),))
        assert after.y_axis is not None
        assert abs(off_by(after)[1]) <= 1.96 * float(after.y_axis.pixel_error(np.array([170.0]))[0])


def test_data_points_far_from_the_axis_do_not_move_it() -> None:
    before = layout(0.0)
    wrong = exact()
    far = Samples(x_px=wrong.x_px + 6.0, y_px=wrong.y_px, x_err_px=wrong.x_err_px, y_err_px=wrong.y_err_px, x=wrong.x)
    (after,) = settle_axes((before,), (strokes(before),), ((far,),))
    assert abs(off_by(after)[0]) < 0.5


def test_labels_without_strokes_are_not_moved_but_less_certain() -> None:
    before = layout(0.0)
    bare = tuple(TickLabels(axis=r.axis, side=r.side, labels=r.labels) for r in strokes(before))
    (after,) = settle_axes((before,), (bare,), ((Samples(),),))
    assert before.y_axis is not None
    assert after.y_axis is not None
    assert off_by(after)[1] == pytest.approx(0.0, abs=1e-9)
    middle = np.array([170.0])
    assert after.y_axis.pixel_error(middle) > before.y_axis.pixel_error(middle)


def test_labels_that_lean_as_those_at_strokes_do_move_with_the_strokes() -> None:
    before = layout(0.5)
    leaning = tuple(TickLabels(axis=r.axis, side=r.side, labels=r.labels, lean_px=1.5) for r in strokes(before))
    (after,) = settle_axes((before,), (leaning,), ((Samples(),),))
    assert off_by(after) == pytest.approx((0.25, 0.25), abs=1e-9)


def test_in_a_picture_drawn_enlarged_strokes_may_lie_farther_off_their_places() -> None:
    plain = layout(0.0)
    (frame,) = plain.area.frame
    enlarged = replace(plain, area=replace(plain.area, frame=(replace(frame, width_px=2.2),)))
    (first,), (second,) = (settle_axes((one,), (strokes(one),), ((),)) for one in (plain, enlarged))
    assert off_by(second)[1] == pytest.approx(2 * off_by(first)[1], rel=1e-3)
    assert first.y_axis is not None
    assert second.y_axis is not None
    middle = np.array([170.0])
    assert second.y_axis.pixel_error(middle) > 1.3 * first.y_axis.pixel_error(middle)


@pytest.mark.parametrize(("near", "far"), [(0.9, 0.9), (1.0, -0.7), (-0.8, 0.9)])
def test_data_points_that_rounding_of_the_strokes_does_not_explain_do_not_move_the_axis(
    near: float, far: float
) -> None:
    before = layout(0.0)
    wrong = exact()
    bent = replace(wrong, x_px=wrong.x_px + np.linspace(near, far, len(wrong.x_px)))
    (after,) = settle_axes((before,), (strokes(before),), ((bent,),))
    assert after.x_axis is not None
    ends = after.x_axis.to_pixel(np.array([0.0, 10.0]))
    assert ends == pytest.approx([50.0, 450.0], abs=0.5)


@pytest.mark.parametrize(("step", "off"), [(0.93, 0.0), (1.0, 0.25)])
def test_strokes_anywhere_between_pixels_are_in_place_and_data_points_do_not_move_them(step: float, off: float) -> None:
    plain = layout(0.0)
    assert plain.x_axis is not None
    ticks = tuple(
        replace(t, pixel=AREA.left + step * k / X_PER_PX, value=step * k) for k, t in enumerate(plain.x_axis.ticks)
    )
    before = replace(plain, x_axis=replace(plain.x_axis, ticks=ticks))
    points = exact()
    (after,) = settle_axes((before,), (strokes(before),), ((replace(points, x_px=points.x_px + 0.25),),))
    assert off_by(after)[0] == pytest.approx(off, abs=0.05)
