"""Which way on is whose: courses of one ink, built from known curves, that touch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from digitize.crossings import open_crossings, untangled
from digitize.model import FloatArray
from digitize.paths import Course
from digitize.strokes import Runs

STROKE = 2.5
X = np.arange(20, 420)
Curve = Callable[[FloatArray], FloatArray]


def course(y: FloatArray) -> Course:
    runs = Runs(column=X, top=y - STROKE / 2, bottom=y + STROKE / 2, center=y, mass=np.full(len(X), STROKE))
    none = np.zeros(len(X), bool)
    return Course(runs=runs, broken=none, under=np.ones(len(X)), covered=none, gain=float(len(X)))


def drawn(one: Curve, other: Curve) -> tuple[FloatArray, FloatArray]:
    """The centres of two curves, of which only one run is seen where they touch."""
    a, b = one(X.astype(float)), other(X.astype(float))
    both = np.where(np.abs(a - b) <= STROKE, (a + b) / 2, np.nan)
    return np.where(np.isnan(both), a, both), np.where(np.isnan(both), b, both)


def rising(x: FloatArray) -> FloatArray:
    return np.asarray(150 - 0.3 * (x - 220))


def falling(x: FloatArray) -> FloatArray:
    return np.asarray(150 + 0.5 * (x - 220))


def bowed(x: FloatArray) -> FloatArray:
    return np.asarray(rising(x) - 1.0 - 60 * ((x - 220) / 200) ** 2)


@pytest.mark.parametrize("other", [falling, bowed])
@pytest.mark.parametrize("mixed", [False, True])
def test_curves_go_on_behind_a_common_stretch_as_they_came(other: Curve, mixed: bool) -> None:
    a, b = drawn(rising, other)
    given = (np.where(X < 220, a, b), np.where(X < 220, b, a)) if mixed else (a, b)
    found = untangled([course(y) for y in given], STROKE)
    for one, y in zip(found, (a, b), strict=True):
        assert one.runs.center == pytest.approx(y)
        assert (one.runs.column == X).all()


def test_only_a_crossing_where_both_ways_bend_alike_is_open() -> None:
    clear = [course(y) for y in drawn(rising, falling)]
    assert open_crossings(clear, STROKE) == [False, False]

    def turning(x: FloatArray) -> FloatArray:
        return np.asarray((x - 220) * np.where(x < 220, 0.1, 1.0))

    either = drawn(lambda x: 150 + turning(x), lambda x: 150 - turning(x))
    assert open_crossings([course(y) for y in either], STROKE) == [True, True]


def test_a_course_that_begins_anew_beside_another_is_open() -> None:
    level = course(np.full(len(X), 100.0))
    leap = course(np.where(X < 200, 150.0, 250.0))
    broken = X == 200
    assert open_crossings([level, replace(leap, broken=broken)], STROKE) == [True, True]
    assert open_crossings([level, course(np.where(X < 200, 150.0, 152.0))], STROKE) == [False, False]
    assert open_crossings([replace(leap, broken=broken)], STROKE) == [False]
