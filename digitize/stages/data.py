"""Data: traces in pixels as series in data coordinates, with errors from trace and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from digitize.model import Axis, FloatArray, Layout, Points, Samples, Series, Trace

#: A 95 % half-width in standard errors of a normal distribution.
_HALF_WIDTH = 1.96
#: A bridge beneath other ink is off by so many pixels, and by so many times the root of the way to its nearer end more,
#: as a random walk that is held at both ends strays.
_ASTRAY, _STRAYING = 2.0, 0.5
#: A line is looked at for so many of its widths, no less than so many pixels each, to both sides; it is off by this
#: share of its width times the root of its detour, which fits how far restless curves were found to be off.
_AROUND, _THINNEST, _BLURRING = 3.0, 1.5, 0.06


def to_series(
    traces: Sequence[Trace], sides: Sequence[Literal["y", "y2"]], layout: Layout, samples: Sequence[Samples]
) -> tuple[Series, ...]:
    """The traced curves of a panel in data coordinates.

    Parameters
    ----------
    traces : curves in pixels, in the order of the result.
    sides : for each the y axis that it stands on.
    layout : the panel's axes and legend. Without both axes the points stay empty and the traces tell in pixels.
    samples : for each its data points in pixels.
    """
    names = [e.name for e in layout.legend.entries] if layout.legend else []
    return tuple(
        Series(
            name=names[trace.entry] if trace.entry is not None else None,
            color=trace.color,
            style=trace.style,
            axis=side,
            points=to_points(trace, layout.x_axis, layout.y2_axis if side == "y2" else layout.y_axis),
            trace=trace,
            samples=to_sample_points(found, layout.x_axis, layout.y2_axis if side == "y2" else layout.y_axis),
            samples_why=found.why,
            raw_of=_smoothed(trace, traces) if trace.faint else None,
            confidence=trace.confidence,
        )
        for trace, side, found in zip(traces, sides, samples, strict=True)
    )


def to_points(trace: Trace, x_axis: Axis | None, y_axis: Axis | None) -> Points:
    """A trace in data coordinates; no points where an axis is missing.

    The error of a point joins, as independent, that of the trace and that of the calibration at its place; both are
    carried over by the local slope of the axis.
    """
    if x_axis is None or y_axis is None:
        empty = np.empty(0)
        return Points(x=empty, y=empty.copy(), x_err=empty.copy(), y_err=empty.copy())
    return Points(
        x=x_axis.to_value(trace.x_px),
        y=y_axis.to_value(trace.y_px),
        x_err=_value_error(x_axis, trace.x_px, trace.x_err_px),
        y_err=_value_error(y_axis, trace.y_px, trace.y_err_px + _astray(trace) + _blurred(trace)),
    )


def _astray(trace: Trace) -> FloatArray:
    """By how much a bridged course may be off, (n,) in pixels: more, the farther the ends of the bridge are."""
    seen = ~trace.covered & np.isfinite(trace.y_px)
    if not seen.any() or not trace.covered.any():
        return np.zeros(len(trace.x_px))
    left = np.maximum.accumulate(np.where(seen, trace.x_px, -np.inf))
    right = np.minimum.accumulate(np.where(seen, trace.x_px, np.inf)[::-1])[::-1]
    away = np.minimum(trace.x_px - left, right - trace.x_px)
    return np.where(trace.covered, _ASTRAY + _STRAYING * np.sqrt(np.clip(away, 0, trace.x_px.max())), 0.0)


def _blurred(trace: Trace) -> FloatArray:
    """By how much the course may be off where the line goes to and fro within its own width, (n,) in pixels.

    Told by how much farther it goes up and down within a few strokes than from the first to the last of these.
    """
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    error = np.zeros(len(seen))
    if len(x) < 3 or trace.step or (np.diff(x) <= 0).any():
        return error
    half = _AROUND * max(trace.width_px, _THINNEST)
    ways = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(y)))])
    up_and_down, net = (np.interp(x + half, x, v) - np.interp(x - half, x, v) for v in (ways, y))
    detour = np.maximum(up_and_down - np.abs(net), 0.0) / (2 * half)
    error[seen] = _BLURRING * trace.width_px * np.sqrt(detour)
    return error


def to_sample_points(found: Samples, x_axis: Axis | None, y_axis: Axis | None) -> Points | None:
    """Data points in data coordinates, on their grid exactly; None where they or an axis are missing."""
    if x_axis is None or y_axis is None or not len(found.x_px):
        return None
    exact = found.x is not None
    return Points(
        x=found.x.copy() if found.x is not None else x_axis.to_value(found.x_px),
        y=y_axis.to_value(found.y_px),
        x_err=np.zeros(len(found.x_px)) if exact else _value_error(x_axis, found.x_px, found.x_err_px),
        y_err=_value_error(y_axis, found.y_px, found.y_err_px),
    )


def _value_error(axis: Axis, pixel: FloatArray, error_px: FloatArray) -> FloatArray:
    total = np.hypot(error_px, _HALF_WIDTH * axis.pixel_error(pixel))
    slope = abs(axis.value_per_px)
    if axis.scale == "log":
        return np.asarray(total * slope * np.log(10.0) * axis.to_value(pixel))
    return np.asarray(total * slope)


def _smoothed(faint: Trace, traces: Sequence[Trace]) -> int | None:
    """The bold curve that a faint one lies beneath: the nearest in colour."""
    bold = [k for k, trace in enumerate(traces) if not trace.faint]
    if not bold:
        return None

    def away(k: int) -> float:
        hue = np.array(traces[k].color, float) - np.mean(traces[k].color)
        own = np.array(faint.color, float) - np.mean(faint.color)
        scale = max(float(np.linalg.norm(hue)) * float(np.linalg.norm(own)), 1e-9)
        return -float(hue @ own) / scale

    return min(bold, key=away)
