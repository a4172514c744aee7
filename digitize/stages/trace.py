"""Tracing: the layers of a plot area followed as curves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitize.beneath import follow_beneath
from digitize.model import Layer, Layout, Segmentation, Style, Trace
from digitize.paths import Course, Net
from digitize.polyline import Polyline, to_polyline
from digitize.scatter import find_marks
from digitize.strokes import Runs, find_runs, join_across

#: A curve must explain this share of the plot area's columns, and this share of the columns that it spans.
_SHORTEST, _DENSEST = 0.08, 0.35


def trace_series(segmentation: Segmentation, layout: Layout) -> tuple[Trace, ...]:
    """The curves of a plot area in pixels of the picture, in the legend's order.

    Parameters
    ----------
    segmentation : the ink, separated by colour.
    layout : plot area and legend.
    """
    found: list[Trace] = []
    for layer in segmentation.layers:
        if _may_be_data(layer, layout):
            found += _trace_layer(layer, segmentation)
    found = _without_reference_lines(found, segmentation, layout)
    followed = follow_beneath(found, segmentation)
    return tuple(sorted(followed, key=lambda t: (t.entry is None, t.entry if t.entry is not None else 0, t.faint)))


def _may_be_data(layer: Layer, layout: Layout) -> bool:
    """With a legend its inks are the data, and faint curves of their hues; without one every ink may be."""
    return layer.entry is not None or bool(layer.entries) or layout.legend is None


def _trace_layer(layer: Layer, segmentation: Segmentation) -> list[Trace]:
    marks = find_marks(layer, segmentation.stroke_px)
    if marks is not None:
        return [marks]
    runs = find_runs(layer.coverage)
    if not len(runs):
        return []
    stroke = _stroke(runs)
    if len(layer.entries) < 2:
        runs = join_across(runs, layer.hidden)
    net = Net(runs, layer.hidden, stroke)
    width = layer.coverage.shape[1]
    expected = max(len(layer.entries), 1)
    courses = net.courses(expected, max(_SHORTEST * width, 4.0) if not layer.entries else 4.0)
    traces = []
    for n, course in enumerate(courses):
        if len(course.runs) < 2:
            continue
        entry = layer.entries[min(n, len(layer.entries) - 1)] if layer.entries else None
        traces.append(_to_trace(course, runs, stroke, layer, entry))
    return traces


def _stroke(runs: Runs) -> float:
    """Width of the line: the ink of its flattest runs."""
    return float(np.clip(np.quantile(runs.mass, 0.2), 0.7, 12.0))


def _to_trace(course: Course, runs: Runs, stroke: float, layer: Layer, entry: int | None) -> Trace:
    dash = _dash_gap(course, runs)
    line: Polyline = to_polyline(course, runs, stroke, max(dash, 2.0))
    style: Style = "dashed" if dash else "solid"
    return Trace(
        x_px=line.x + layer.box.left,
        y_px=line.y + layer.box.top,
        x_err_px=np.full(len(line.x), 0.3),
        y_err_px=line.error,
        covered=line.covered,
        color=layer.color,
        width_px=stroke,
        style=style,
        entry=entry,
        faint=layer.faint,
    )


def _dash_gap(course: Course, runs: Runs) -> float:
    """The widest gap of the dash pattern in columns, 0 for a solid line."""
    column = runs.column[course.runs]
    gaps = np.diff(column) - 1
    bare = gaps[(gaps >= 1) & (course.under[1:] < 0.5)]
    span = max(int(column[-1] - column[0]), 1)
    if len(bare) < 5 or len(bare) < span / 60:
        return 0.0
    return float(2.0 * np.median(bare) + 2)


def _without_reference_lines(traces: Sequence[Trace], segmentation: Segmentation, layout: Layout) -> list[Trace]:
    """Drop straight lines across the whole box that no legend names, where other curves remain."""
    kept = [t for t in traces if t.entry is not None or not _is_straight_across(t, segmentation)]
    return kept if kept else list(traces)


def _is_straight_across(trace: Trace, segmentation: Segmentation) -> bool:
    y = trace.y_px[np.isfinite(trace.y_px)]
    if not len(y):
        return True
    span = float(np.ptp(trace.x_px)) / max(segmentation.box.width, 1.0)
    return span > 0.9 and float(np.quantile(y, 0.95) - np.quantile(y, 0.05)) < 1.0
