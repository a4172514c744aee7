"""Layers followed as curves: how many there are where no legend tells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitize.model import FloatArray
from digitize.stages.segment import segment
from digitize.stages.trace import trace_series
from tests.test_patterns import BLUE, WIDTH, Course, draw, falling, layout, rising, share_near, wave


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
