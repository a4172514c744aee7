"""Numbers derived from curves, with their errors.

A curve is the straight segments between its points. The errors of a curve's points are taken to be common to all of
them where they come from the calibration, as most of an error does: extremes, means and areas are off by the usual
error of a point, not by less for being made of many.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from digitize.model import FloatArray, Panel, Point, Points, Series
from digitize.outputs.values import label_series


class Measure(NamedTuple):
    """A value with the half-width of its 95 % interval."""

    value: float
    error: float


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A straight piece between two neighbouring data points: its ends in x and its slope in y per x."""

    start: float
    stop: float
    slope: Measure


@dataclass(frozen=True, kw_only=True)
class Crossing:
    """Where a curve crosses another, named by its label."""

    other: str
    x: Measure
    y: Measure


@dataclass(frozen=True, kw_only=True)
class SeriesStats:
    """What one series comes to; on a date axis x are seconds since 1970 and areas are y times days.

    `mean` is over x, the area under the curve by its length along x, where the curve is drawn; both take pieces between
    points as straight in x and y. `segments` are those between the data points, none where these cannot be told.
    Crossings of two series stand with both; markers without a line cross nothing.
    """

    label: str
    minimum: Point
    maximum: Point
    first: Point
    last: Point
    mean: Measure
    area: Measure
    segments: tuple[Segment, ...]
    crossings: tuple[Crossing, ...]


_DAY = 86_400.0


def panel_stats(panel: Panel) -> tuple[SeriesStats, ...]:
    """The statistics of each series of a panel that has points; of none where the panel was refused."""
    if panel.status == "refused":
        return ()
    labels = label_series(panel)
    return tuple(
        _series_stats(panel, k, labels) for k, series in enumerate(panel.series) if np.isfinite(series.points.y).any()
    )


def _series_stats(panel: Panel, k: int, labels: Sequence[str]) -> SeriesStats:
    series = panel.series[k]
    points = series.points
    drawn = np.flatnonzero(np.isfinite(points.y))
    # a polyline has its extremes and its ends at data points
    told = series.samples if series.samples is not None and len(series.samples) else points
    ends = np.flatnonzero(np.isfinite(told.y))
    area, length = _area(points)
    unit = _DAY if panel.x_axis is not None and panel.x_axis.scale == "date" else 1.0
    error = float(np.sqrt(np.mean(points.y_err[drawn] ** 2)))
    return SeriesStats(
        label=labels[k],
        minimum=_point(told, int(ends[np.argmin(told.y[ends])])),
        maximum=_point(told, int(ends[np.argmax(told.y[ends])])),
        first=_point(told, int(ends[0])),
        last=_point(told, int(ends[-1])),
        mean=Measure(area / length if length else float(np.mean(points.y[drawn])), error),
        area=Measure(area / unit, error * length / unit),
        segments=tuple(_segments(series)),
        crossings=tuple(
            crossing
            for j, other in enumerate(panel.series)
            if j != k and other.axis == series.axis and "points" not in (series.style, other.style)
            for crossing in find_crossings(points, other.points, labels[j])
        ),
    )


def _point(points: Points, k: int) -> Point:
    return Point(float(points.x[k]), float(points.y[k]), float(points.x_err[k]), float(points.y_err[k]))


def _area(points: Points) -> tuple[float, float]:
    """The area under a curve by the trapezoidal rule, which is exact for straight segments, and its length along x."""
    run = np.abs(np.diff(points.x))
    middle = (points.y[1:] + points.y[:-1]) / 2
    joined = np.isfinite(middle)
    return float(middle[joined] @ run[joined]), float(run[joined].sum())


def _segments(series: Series) -> Iterator[Segment]:
    """The straight pieces between data points; the errors of their ends count as independent."""
    points = series.samples
    if points is None or series.style == "points":
        return
    for k in np.flatnonzero(np.diff(points.x) > 0):
        run, rise = points.x[k + 1] - points.x[k], points.y[k + 1] - points.y[k]
        slope = rise / run
        across = math.hypot(points.y_err[k], points.y_err[k + 1])
        along = abs(slope) * math.hypot(points.x_err[k], points.x_err[k + 1])
        yield Segment(
            start=float(points.x[k]),
            stop=float(points.x[k + 1]),
            slope=Measure(float(slope), math.hypot(across, along) / float(run)),
        )


def find_crossings(one: Points, two: Points, name: str) -> list[Crossing]:
    """Where two curves cross: x and y with errors, those of x larger the flatter the curves cross.

    Parameters
    ----------
    one, two : curves; none are told of one that turns back along x, which has no one height there.
    name : what the second is called.
    """
    a, b = (np.isfinite(points.y) for points in (one, two))
    if a.sum() < 2 or b.sum() < 2 or (np.diff(one.x[a]) < 0).any() or (np.diff(two.x[b]) < 0).any():
        return []
    x = np.union1d(one.x[a], two.x[b])
    x = x[(x >= max(one.x[a][0], two.x[b][0])) & (x <= min(one.x[a][-1], two.x[b][-1]))]
    if len(x) < 2:
        return []
    first, second = np.interp(x, one.x[a], one.y[a]), np.interp(x, two.x[b], two.y[b])
    errors = np.hypot(np.interp(x, one.x[a], one.y_err[a]), np.interp(x, two.x[b], two.y_err[b]))
    return [_crossing(k, x, first, second - first, errors, name) for k in _changes(second - first)]


def _changes(gap: FloatArray) -> list[int]:
    """The intervals in which a gap changes its sign; a stretch without any gap counts once, where it begins."""
    found = []
    sign, since = 0.0, 0
    for k, value in enumerate(np.sign(gap)):
        if value == 0:
            continue
        if sign and value != sign:
            found.append(since)
        sign, since = value, k
    return found


def _crossing(k: int, x: FloatArray, y: FloatArray, gap: FloatArray, errors: FloatArray, name: str) -> Crossing:
    run, closing = float(x[k + 1] - x[k]), float(gap[k] - gap[k + 1])
    share = float(gap[k]) / closing if closing else 0.0
    rate = abs(closing) / run
    x_error = float(errors[k]) / rate if rate else math.inf
    rise = float(y[k + 1] - y[k])
    y_error = math.hypot(float(errors[k]) / math.sqrt(2), abs(rise / run) * x_error / 2)
    return Crossing(
        other=name,
        x=Measure(float(x[k]) + share * run, x_error),
        y=Measure(float(y[k]) + share * rise, y_error),
    )


def stats_text(panel: Panel) -> str:
    """The statistics of a panel for people, a line a number."""
    from digitize.outputs.rounding import to_text

    scale = panel.x_axis.scale if panel.x_axis else "linear"
    head = f"Panel {panel.number}  {panel.title or ''}".rstrip()
    lines = [f"{head}  {panel.status}"]

    def measure(one: Measure) -> str:
        return f"{to_text(one.value, one.error)} ± {to_text(one.error, one.error)}"

    def place(x: float, error: float) -> str:
        return to_text(x, error, scale)

    for one in panel_stats(panel):
        lines.append(f"  {one.label}")
        for name in ("minimum", "maximum", "first", "last"):
            point: Point = getattr(one, name)
            value = measure(Measure(point.y, point.y_err))
            lines.append(f"    {name:<9} {value} at {place(point.x, point.x_err)}")
        lines += [f"    mean      {measure(one.mean)}", f"    area      {measure(one.area)}"]
        for piece in one.segments:
            ends = f"{place(piece.start, 0.0)} to {place(piece.stop, 0.0)}"
            lines.append(f"    slope     {measure(piece.slope)} from {ends}")
        for crossing in one.crossings:
            where = f"{measure(crossing.y)} at {place(crossing.x.value, crossing.x.error)}"
            lines.append(f"    crosses   {crossing.other}: {where}")
    return "\n".join(lines)
