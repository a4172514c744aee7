"""Layers followed as curves: how many there are where no legend tells."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitize.model import FloatArray, Picture
from digitize.stages.segment import segment
from digitize.stages.trace import trace_series
from tests.test_patterns import BLUE, HEIGHT, WIDTH, Course, draw, falling, layout, rising, share_near, wave


def low(x: FloatArray) -> FloatArray:
    return np.asarray(300 + 20 * np.sin(x / 25))


@pytest.mark.parametrize("courses", [(rising, falling), (wave, low), (rising, falling, wave)])
def test_curves_of_one_ink_are_as_many_as_run_abreast(courses: tuple[Course, ...]) -> None:
    curves = [(course, "solid", BLUE) for course in courses]
    plan = replace(layout(curves), legend=None)  # type: ignore[arg-type]
    traces = trace_series(segment(draw(curves), plan), plan)  # type: ignore[arg-type]
    assert len(traces) == len(courses)
    for course in courses:
        assert max(share_near(trace, course) for trace in traces) > 0.95


def test_a_restless_curve_is_one() -> None:
    noise = np.random.default_rng(3).normal(0, 1, 120)

    def restless(x: FloatArray) -> FloatArray:
        return np.asarray(200 + 50 * np.interp(x, np.linspace(20, WIDTH - 20, 120), noise))

    plan = replace(layout([(restless, "solid", BLUE)]), legend=None)
    assert len(trace_series(segment(draw([(restless, "solid", BLUE)]), plan), plan)) == 1


def test_dots_in_steps_with_a_line_over_them_are_points() -> None:
    # as in a quantile plot with its diagonal
    number = np.arange(38)
    x, y = 60.0 + 12.0 * number, HEIGHT - 40.0 - 20.0 * (number // 3)
    large = np.full((HEIGHT * 4, WIDTH * 4, 3), 255, np.uint8)
    for place in np.round(np.column_stack([x, y]) * 4).astype(int).tolist():
        cv2.circle(large, place, 4 * 3, BLUE, -1)
    ends = np.round(np.column_stack([x, y])[[0, -1]] * 4).astype(int).tolist()
    cv2.line(large, ends[0], ends[1], (255, 0, 0), 8)
    rgb = np.asarray(cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    plan = replace(layout([(rising, "solid", BLUE)]), legend=None)
    traces = trace_series(segment(Picture(name="dots.png", rgb=rgb, sha256="0" * 64), plan), plan)
    (dots,) = (trace for trace in traces if trace.style == "points")
    away = np.hypot(dots.x_px[:, None] - x, dots.y_px[:, None] - y).min(axis=1)
    assert len(dots.x_px) >= 35
    assert np.quantile(away, 0.9) < 1.0


def test_tips_of_broad_strokes_are_told_by_the_width_of_their_sample() -> None:
    # spikes so narrow that their two sides merge, on a curve that never rests: no place is as thin as the stroke
    rng, broad = np.random.default_rng(1), 6
    x = np.arange(20.0, WIDTH - 20.0, 4.0)
    y = 280.0 + rng.uniform(-14, 14, len(x))
    spikes = np.arange(8, len(x) - 4, 9)
    y[spikes] = rng.uniform(60, 160, len(spikes))
    large = np.full((HEIGHT * 4, WIDTH * 4, 3), 255, np.uint8)
    points = np.round(np.column_stack([x, y]) * 4).astype(np.int32)
    cv2.polylines(large, [points[:, None]], False, BLUE, 4 * broad)
    rgb = np.asarray(cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    plan = layout([(rising, "solid", BLUE)])
    assert plan.legend is not None
    (entry,) = plan.legend.entries
    entry = replace(entry, swatch=replace(entry.swatch, width_px=float(broad)))
    plan = replace(plan, legend=replace(plan.legend, entries=(entry,)))
    (trace,) = trace_series(segment(Picture(name="spikes.png", rgb=rgb, sha256="0" * 64), plan), plan)
    assert trace.width_px == pytest.approx(broad, abs=0.5)
    tips = [float(np.nanmin(trace.y_px[np.abs(trace.x_px - at) <= 5])) for at in x[spikes]]
    assert np.abs(np.array(tips) - y[spikes]).max() < broad / 3


def test_a_chain_of_overlapping_rings_is_followed_through_their_middles() -> None:
    x = np.arange(60.0, WIDTH - 60.0, 6.0)
    y = 200 + 60 * np.sin(x / 50) + np.random.default_rng(2).normal(0, 3, len(x))
    large = np.full((HEIGHT * 4, WIDTH * 4, 3), 255, np.uint8)
    points = np.round(np.column_stack([x, y]) * 4).astype(np.int32)
    cv2.polylines(large, [points[:, None]], False, BLUE, 6)
    for place in points.tolist():
        cv2.circle(large, place, 16, (255, 255, 255), -1)
        cv2.circle(large, place, 16, BLUE, 6)
    rgb = np.asarray(cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    plan = layout([(rising, "solid", BLUE)])
    (trace,) = trace_series(segment(Picture(name="rings.png", rgb=rgb, sha256="0" * 64), plan), plan)
    assert (np.diff(trace.x_px) > 0).all()
    assert np.quantile(np.abs(trace.y_px - np.interp(trace.x_px, x, y)), 0.95) < 1.5
    assert len(trace.markers_px) >= 0.9 * len(x)
