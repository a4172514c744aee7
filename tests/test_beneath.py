"""Curves carried on beneath others, and where they are not."""

from __future__ import annotations

import numpy as np

from digitize.beneath import follow_beneath
from digitize.model import Segmentation, Trace
from tests.drawing import as_segmentation

WIDTH, HEIGHT = 300, 200


def trace_of(points: list[tuple[float, float]]) -> Trace:
    """A polyline with a point every half a pixel along it."""
    corners = np.array(points)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    at = np.arange(0.0, along[-1], 0.5)
    x, y = (np.interp(at, along, corners[:, k]) for k in (0, 1))
    error = np.full(len(at), 0.5)
    covered = np.zeros(len(at), bool)
    return Trace(x_px=x, y_px=y, x_err_px=error, y_err_px=error, covered=covered, color=(0, 0, 0), width_px=2.0)


def inked(traces: list[Trace]) -> Segmentation:
    """The ink of traces drawn with their width."""
    ink = np.zeros((HEIGHT, WIDTH), bool)
    for trace in traces:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                ink[np.floor(trace.y_px + dy).astype(int), np.floor(trace.x_px + dx).astype(int)] = True
    return as_segmentation(ink)


def test_a_slanting_curve_begins_where_the_others_do_however_high_one_beside_it_begins() -> None:
    upright = trace_of([(20.0, 20.0), (24.0, 120.0), (280.0, 180.0)])
    slanting = trace_of([(20.0, 100.0), (120.0, 160.0), (280.0, 170.0)])
    followed = follow_beneath([upright, slanting], inked([upright, slanting]))[1]
    assert float(followed.y_px.min()) > 95.0


def test_a_curve_that_comes_up_from_beneath_an_upright_one_is_carried_on_with_it() -> None:
    upright = trace_of([(20.0, 180.0), (21.0, 30.0), (280.0, 20.0)])
    hidden = trace_of([(21.0, 110.0), (22.0, 80.0), (60.0, 60.0), (280.0, 50.0)])
    followed = follow_beneath([upright, hidden], inked([upright, hidden]))[1]
    assert float(followed.y_px.max()) > 170.0
