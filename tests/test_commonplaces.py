"""Markers of series that share their places along x, drawn one upon the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitize.commonplaces import find_places, markers_at
from digitize.markerpaths import find_marked, with_common_markers
from digitize.markers import Markers
from digitize.model import FloatArray, Layer
from tests.test_markers import STROKE, layer_of

X = np.arange(20.0, 380.0, 14.0)
RADIUS = 6.0


def beneath(layer: Layer, top: Layer) -> Layer:
    """The layer with what the other hides."""
    hidden = top.coverage > 0
    return replace(layer, hidden=hidden, coverage=np.where(hidden, 0, layer.coverage).astype(np.float32))


def upper(x: FloatArray) -> FloatArray:
    return np.asarray(100 + 40 * np.sin(x / 60))


def farthest(markers: Markers, drawn: FloatArray) -> float:
    """How far the drawn markers (m, 2) lie from the found ones and these from them at most, in pixels."""
    apart = np.hypot(*(markers.centers[:, None] - drawn).T)
    return float(max(apart.min(axis=0).max(), apart.min(axis=1).max()))


@pytest.mark.parametrize("off", [(3.0, -2.5, 4.0, 2.5, -3.5), (4.0, -3.5, 5.0, 3.0, -5.0), (5.0, -4.0, 6.0, 3.5, -6.0)])
def test_markers_of_which_crescents_show_stand_where_those_of_another_series_do(off: tuple[float, ...]) -> None:
    top = layer_of(X, upper(X), radius=RADIUS)
    # most of each lies beneath one of the upper series
    y = upper(X) + np.resize(off, len(X))
    lower = beneath(layer_of(X, y, radius=RADIUS), top)
    told, alone = find_marked(top), find_marked(lower)
    assert told.markers is not None
    drawn = np.column_stack([X, y])
    assert alone.markers is None or farthest(alone.markers, drawn) > 1.5
    places = find_places([told.markers])
    assert places is not None
    found = with_common_markers(lower, alone, places).markers
    assert found is not None
    assert farthest(found, drawn) <= 1.5


def test_a_line_beneath_the_markers_of_another_has_none() -> None:
    top = layer_of(X, upper(X), radius=RADIUS)
    lower = beneath(layer_of(X, upper(X) + 8.0 * np.cos(X / 20)), top)
    told = find_marked(top).markers
    assert told is not None
    places = find_places([told])
    assert places is not None
    assert markers_at(places, lower, None, STROKE) is None


def test_a_restless_line_has_no_markers_at_the_places_of_another() -> None:
    told = find_marked(layer_of(X, upper(X), radius=RADIUS)).markers
    assert told is not None
    places = find_places([told])
    assert places is not None
    for seed in range(4):
        x = np.arange(5.0, 395.0, 2.5)
        y = 100 + 12 * np.random.default_rng(seed).standard_normal(len(x))
        layer = layer_of(x, y)
        assert markers_at(places, layer, None, STROKE) is None


def test_markers_at_no_regular_step_tell_of_no_places() -> None:
    x = np.cumsum(np.random.default_rng(3).uniform(14, 40, 13))
    found = find_marked(layer_of(x, upper(x), radius=RADIUS)).markers
    assert found is not None
    assert find_places([found]) is None


def test_markers_that_the_frame_cuts_off_are_found_too() -> None:
    x = np.arange(0.0, 401.0, 16.0)
    told = find_marked(layer_of(x[1:-1], upper(x[1:-1]), radius=RADIUS)).markers
    assert told is not None
    places = find_places([told])
    assert places is not None
    found = markers_at(places, layer_of(x, upper(x), radius=RADIUS), None, STROKE)
    assert found is not None
    assert farthest(found, np.column_stack([x, upper(x)])) <= 1.5
