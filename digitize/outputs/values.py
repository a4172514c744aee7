"""Curves read at chosen x, and the names by which outputs call series.

A curve is the straight segments between neighbouring points *in the picture*; so values are read in pixels, where that
holds on every scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from digitize.errors import UsageError
from digitize.model import Axis, FloatArray, Panel, Points, Series

#: Numbers or dates; the ticks; the data points; so many evenly spaced; ``start:stop:step``.
ChosenX = Sequence[float | str] | Literal["ticks", "samples"] | int | str

#: More places than this were surely not meant.
_MOST = 1_000_000


def label_series(panel: Panel) -> tuple[str, ...]:
    """A label for each series that no other of the panel has: its name, else its number."""
    labels: list[str] = []
    for number, series in enumerate(panel.series, start=1):
        name = series.name or f"series {number}"
        if series.raw_of is not None and name == panel.series[series.raw_of].name:
            name = f"{name} (raw)"
        label, copy = name, 1
        while label in labels:
            copy += 1
            label = f"{name} ({copy})"
        labels.append(label)
    return tuple(labels)


def choose_x(panel: Panel, chosen: ChosenX) -> FloatArray:
    """The x values asked for, shape (n,).

    The used ticks, sorted; the data points of all series that show theirs, sorted; a number of places evenly spaced on
    the axis over what the series cover; ``start:stop:step`` in values, stop included, on a date axis with a step in
    days; or the given numbers or ISO dates in their order.

    Raises
    ------
    UsageError
        A text that is no value on this panel's x axis, or no such places.
    """
    axis = panel.x_axis
    if axis is None:
        return np.empty(0)
    if isinstance(chosen, int):
        return _evenly(panel, axis, chosen)
    if chosen == "ticks":
        return np.unique([tick.value for tick in axis.ticks if tick.used and tick.value is not None])
    if chosen == "samples":
        return _at_samples(panel, axis)
    if isinstance(chosen, str):
        return _in_steps(chosen, axis)
    return np.array([_to_value(item, axis) for item in chosen], dtype=float)


def read_x(text: str) -> ChosenX:
    """What is meant by ``ticks``, ``samples``, ``50``, ``0:10:0.5`` or ``0,5,10`` on a command line.

    A single whole number above 1 is a count of places; such a value is written with a comma behind it.
    """
    text = text.strip()
    if text in ("ticks", "samples") or (text.count(":") == 2 and "," not in text and "T" not in text):
        return text
    if text.isdecimal() and int(text) > 1:
        return int(text)
    return [item for item in text.split(",") if item.strip()]


def _evenly(panel: Panel, axis: Axis, count: int) -> FloatArray:
    """So many places from the first to the last that any series covers, evenly spaced in the picture."""
    drawn = [axis.to_pixel(series.points.x) for series in panel.series if len(series.points)]
    if count < 2 or count > _MOST:
        raise UsageError(f"x = {count}: ask for 2 to {_MOST} places")
    if not drawn:
        return np.empty(0)
    ends = np.concatenate(drawn)
    return np.asarray(axis.to_value(np.linspace(np.nanmin(ends), np.nanmax(ends), count)))


def _at_samples(panel: Panel, axis: Axis) -> FloatArray:
    """The data points of all series that show theirs; the same place in several series counts once."""
    told = [series.samples for series in panel.series if series.samples is not None]
    if not told:
        return np.empty(0)
    exact = np.unique(np.concatenate([points.x[points.x_err == 0] for points in told]))
    read = np.concatenate([points.x[points.x_err > 0] for points in told])
    if len(exact) and len(read):
        near = np.abs(axis.to_pixel(read)[:, None] - axis.to_pixel(exact)).min(axis=1)
        read = read[near > 1.0]
    merged = axis.to_value(_merge(axis.to_pixel(read))) if len(read) else read
    return np.sort(np.concatenate([exact, merged]))


def _in_steps(text: str, axis: Axis) -> FloatArray:
    """The values from start to stop in steps, stop included."""
    parts = text.split(":")
    try:
        start, stop = _to_value(parts[0], axis), _to_value(parts[1], axis)
        step = float(parts[2]) * (86_400.0 if axis.scale == "date" else 1.0)
        steps = (stop - start) / step
    except (IndexError, ValueError, ZeroDivisionError) as error:
        raise UsageError(f"x = {text!r} is not start:stop:step") from error
    if not 0 <= steps < _MOST:
        raise UsageError(f"x = {text!r}: the step must lead from start to stop in at most {_MOST} steps")
    return np.asarray(start + step * np.arange(int(steps * (1 + 1e-12) + 1e-9) + 1), dtype=np.float64)


def _to_value(item: float | str, axis: Axis) -> float:
    if not isinstance(item, str):
        return float(item)
    text = item.strip()
    if axis.labels is not None and text in axis.labels:
        return float(axis.labels.index(text))
    try:
        if axis.scale != "date":
            return float(text)
        stamp = datetime.fromisoformat(f"{text}-01-01" if len(text) == 4 else text)
    except ValueError as error:
        kind = "a date such as 2024-05-01" if axis.scale == "date" else "a number"
        raise UsageError(f"x = {text!r} is not {kind}, as this panel's x axis needs") from error
    return (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).timestamp()


def values_at(panel: Panel, series: Series, x: FloatArray) -> Points:
    """A series of a panel read at x values of shape (n,); y is NaN beyond the curve's ends and in its gaps.

    Where the curve passes an x more than once, y is the middle of what it spans there and y_err covers all of it.
    Markers without a line have values only at the markers.
    """
    y_axis = panel.y_axis_of(series)
    x = np.array(x, dtype=float)
    y, y_err = np.full(len(x), math.nan), np.full(len(x), math.nan)
    if panel.x_axis is not None and y_axis is not None and len(series.points):
        course = np.column_stack([panel.x_axis.to_pixel(series.points.x), y_axis.to_pixel(series.points.y)])
        reach = max(series.trace.width_px, 1.0)
        top, bottom, error = _cross(
            course, series.points.y_err, panel.x_axis.to_pixel(x), reach, joined=series.style != "points"
        )
        y = y_axis.to_value((top + bottom) / 2)
        y_err = np.abs(y_axis.to_value(bottom) - y_axis.to_value(top)) / 2 + error
    return Points(x=x, y=y, x_err=np.zeros(len(x)), y_err=y_err)


def _cross(
    course: FloatArray, errors: FloatArray, targets: FloatArray, reach: float, *, joined: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Least and greatest y pixel at which a course of shape (n, 2) passes each of the x pixels `targets` of shape (m,).

    The third array has the greatest of the `errors` of the points nearby. A target that lies past an end by no more
    than `reach` (the stroke's own width) is read at that end. NaN where the course does not pass.
    """
    found = np.full((3, len(targets)), math.nan)
    x_px, y_px = course.T
    drawn = np.isfinite(x_px) & np.isfinite(y_px)
    if not drawn.any():
        return found[0], found[1], found[2]
    shown = np.flatnonzero(drawn)
    starts = np.flatnonzero(drawn[:-1] & drawn[1:]) if joined else np.empty(0, dtype=int)
    low = np.minimum(x_px[starts], x_px[starts + 1])
    high = np.maximum(x_px[starts], x_px[starts + 1])
    for index, target in enumerate(targets):
        hit = starts[(low <= target) & (target <= high)]
        if len(hit):
            run = x_px[hit + 1] - x_px[hit]
            upright = run == 0
            share = np.where(upright, 0.0, (target - x_px[hit]) / np.where(upright, 1.0, run))
            passed = np.concatenate([y_px[hit] + share * (y_px[hit + 1] - y_px[hit]), y_px[hit[upright] + 1]])
            near = np.concatenate([hit, hit + 1])
        else:
            near = shown[[np.argmin(np.abs(x_px[shown] - target))]]
            if not abs(x_px[near[0]] - target) <= reach:
                continue
            passed = y_px[near]
        found[:, index] = passed.min(), passed.max(), np.fmax.reduce(errors[near])
    return found[0], found[1], found[2]


def common_x(panel: Panel) -> FloatArray:
    """One x for all series of a panel, shape (n,), sorted along the axis.

    The categories of a category axis; else the data points, where all series show theirs; else every pixel column
    that a series passes.
    """
    axis = panel.x_axis
    drawn = [series for series in panel.series if len(series.points)]
    if axis is None or not drawn:
        return np.empty(0)
    if axis.scale == "category":
        return np.arange(len(axis.labels or ()), dtype=float)
    if all(series.samples is not None for series in drawn):
        pixels = _merge(np.concatenate([axis.to_pixel(series.samples.x) for series in drawn if series.samples]))
    else:
        ends = np.concatenate([axis.to_pixel(series.points.x) for series in drawn])
        first, last = math.floor(np.nanmin(ends)), math.ceil(np.nanmax(ends))
        pixels = np.arange(first, last) + 0.5
    return np.sort(axis.to_value(pixels))


def _merge(pixels: FloatArray) -> FloatArray:
    """The centres of the groups that positions less than one pixel apart form: the same datum in several series."""
    ordered = np.sort(pixels[np.isfinite(pixels)])
    if not len(ordered):
        return ordered
    groups = np.split(ordered, np.flatnonzero(np.diff(ordered) > 1.0) + 1)
    return np.array([group.mean() for group in groups])
