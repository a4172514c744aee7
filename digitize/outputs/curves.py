"""Curves read at every pixel column: what courses, comparisons and checks are worked out from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from digitize.model import Axis, FloatArray, Panel, Point, Points, Series
from digitize.outputs.values import values_at

_SAME_PX = 0.25  # a data point that is nearer than this is meant


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """A series at the pixel columns where it is drawn, sorted along x: arrays of shape (n,), errors 95 % half-widths.

    `scaled` is y as its axis spaces it (log10 on a logarithmic one). Markers without a line stand at their own x.
    """

    x: FloatArray
    y: FloatArray
    y_err: FloatArray
    scaled: FloatArray

    def __len__(self) -> int:
        return len(self.x)

    def within(self, start: float = -math.inf, stop: float = math.inf) -> Curve:
        """The part from one x to another, both included."""
        part = (self.x >= start) & (self.x <= stop)
        return Curve(x=self.x[part], y=self.y[part], y_err=self.y_err[part], scaled=self.scaled[part])

    def point(self, index: int) -> Point:
        return Point(float(self.x[index]), float(self.y[index]), 0.0, float(self.y_err[index]))


@lru_cache(maxsize=64)
def read_curve(panel: Panel, series: Series) -> Curve:
    """A series of a panel at every pixel column, at its points as traced, and at its data points.

    Columns where it has a gap are left out, and so are the ends of the stroke beyond the first and the last data point,
    where those are told. A curve that passes a column more than once has there the middle of what it spans, with an
    error that covers it (`values_at`).
    """
    x_axis, y_axis = panel.x_axis, panel.y_axis_of(series)
    drawn = series.points.x[np.isfinite(series.points.y) & np.isfinite(series.points.x)]
    if x_axis is None or y_axis is None or not len(drawn):
        empty = np.empty(0)
        return Curve(x=empty, y=empty, y_err=empty, scaled=empty)
    own = _data_points(series)
    x = drawn if series.style == "points" else np.concatenate([_columns(x_axis, drawn), drawn])
    if own is not None:
        x = np.concatenate([x[(x >= own.x[0]) & (x <= own.x[-1])], own.x])
    read = read_at(panel, series, np.unique(x))
    known = np.isfinite(read.y)
    y, y_err = read.y[known], np.nan_to_num(read.y_err[known])
    return Curve(x=read.x[known], y=y, y_err=y_err, scaled=to_scaled(y_axis, y))


def _data_points(series: Series) -> Points | None:
    """The data points of a series, where they are told and run from left to right."""
    own = series.samples
    return (
        own if own is not None and len(own) >= 2 and (np.diff(own.x) > 0).all() and np.isfinite(own.y).all() else None
    )


def read_at(panel: Panel, series: Series, x: FloatArray) -> Points:
    """A series at x (n,): along its line, and at its data points, where these are told, what they are.

    A stroke reaches a little beyond the first and the last data point; there it has their values.
    """
    read = values_at(panel, series, x)
    own = _data_points(series)
    if own is None or panel.x_axis is None:
        return read
    own_px, x_px = panel.x_axis.to_pixel(own.x), panel.x_axis.to_pixel(np.asarray(x, dtype=float))
    nearest = np.abs(x_px[:, None] - own_px[None, :]).argmin(axis=1)
    met = np.abs(x_px - own_px[nearest]) <= _SAME_PX
    met |= ((read.x < own.x[0]) | (read.x > own.x[-1])) & np.isfinite(read.y)
    y, y_err = np.where(met, own.y[nearest], read.y), np.where(met, own.y_err[nearest], read.y_err)
    return Points(x=read.x, y=y, x_err=read.x_err, y_err=y_err)


def _columns(axis: Axis, drawn: FloatArray) -> FloatArray:
    """The x of the middles of the pixel columns between the first and the last drawn."""
    ends = axis.to_pixel(np.array([drawn.min(), drawn.max()]))
    return axis.to_value(np.arange(math.ceil(ends.min() - 0.5), math.floor(ends.max() - 0.5) + 1) + 0.5)


def to_scaled(axis: Axis, values: FloatArray) -> FloatArray:
    """Values as an axis spaces them: their log10 on a logarithmic axis, else themselves."""
    if axis.scale != "log":
        return np.asarray(values, dtype=float)
    return np.asarray(np.log10(np.maximum(np.asarray(values, dtype=float), 1e-300)))


def span_share(axis: Axis, extent_px: float, value: float, share: float) -> float:
    """What a share of an axis' drawn extent of `extent_px` pixels means at a value of it, in data units.

    On a logarithmic axis that is less downward than upward, and the lesser is meant.
    """
    pixel = axis.to_pixel(np.array(value))
    ends = axis.to_value(pixel + np.array([-share, share]) * extent_px)
    return float(np.abs(ends - value).min())
