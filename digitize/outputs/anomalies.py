"""What is out of the ordinary on a curve: spikes, jumps, stretches that the plot area cuts off, and gaps."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np

from digitize.model import FloatArray, Panel, Series
from digitize.outputs.curves import Curve, read_curve
from digitize.outputs.wording import error_per_pixel

AnomalyKind = Literal["spike", "jump", "clipped", "gap"]

#: A spike stands off the median of its surroundings by this many times the usual distance from it ...
SPIKE_DEVIATIONS = 10.0
#: ... and a spike or a jump makes up at least this share of all that the curve spans.
LEAST_SHARE = 0.2
#: A jump passes its share within this many pixel columns.
JUMP_COLUMNS = 2
_SURROUNDINGS = 0.12  # of the curve's columns: what a spike is held against
_SPIKE_WIDTH = 0.03  # of the curve's columns: what is broader is a hill
_MOST = 3  # of a kind a curve: more are its habit
_LEAST_GAP = 0.01  # of what the curve is drawn over
_LEVEL_PX = 0.5  # along an edge a line is level
_EDGE_PX = 1.0  # a curve that is cut off runs along the edge at no more than this


@dataclass(frozen=True, kw_only=True)
class Anomaly:
    """Where one begins and ends along x, and the values there (of a spike, its tip and its surroundings)."""

    kind: AnomalyKind
    start: float
    stop: float
    before: float = float("nan")
    value: float = float("nan")
    error: float = 0.0
    edge: Literal["top", "bottom"] | None = None


def find_anomalies(panel: Panel, series: Series) -> tuple[Anomaly, ...]:
    """The anomalies of a series of a panel along x; none of markers without a line."""
    curve = read_curve(panel, series)
    if series.style == "points" or len(curve) < 20:
        return ()
    found = [
        *_find_spikes(curve),
        *_find_jumps(curve, panel),
        *_find_clipped(panel, series),
        *_find_gaps(panel, series),
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.kind)))


def _find_spikes(curve: Curve) -> list[Anomaly]:
    reach = max(round(_SURROUNDINGS * len(curve) / 2), 5)
    padded = np.pad(curve.y, reach, mode="edge")
    usual = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1), axis=1)
    off = np.abs(curve.y - usual)
    limit = max(
        SPIKE_DEVIATIONS * float(np.median(off)),
        LEAST_SHARE * float(np.ptp(curve.y)),
        2 * float(np.median(curve.y_err)),
    )
    spikes = []
    for run in _runs(off > limit):
        tip = int(run[off[run].argmax()])
        inside = run[0] > 0 and run[-1] < len(curve) - 1
        if inside and len(run) <= max(_SPIKE_WIDTH * len(curve), 3):
            at = float(curve.x[tip])
            spikes.append(
                Anomaly(
                    kind="spike",
                    start=at,
                    stop=at,
                    before=float(usual[tip]),
                    value=float(curve.y[tip]),
                    error=float(curve.y_err[tip]),
                )
            )
    return spikes if len(spikes) <= _MOST else []


def _find_jumps(curve: Curve, panel: Panel) -> list[Anomaly]:
    """Steep steps between levels that hold for a while; those of a spike, of a staircase or over a gap are none."""
    spacing = float(np.median(np.diff(curve.x)))
    column = error_per_pixel(panel.x_axis, float(np.median(curve.x))) if panel.x_axis else spacing
    step = max(round(JUMP_COLUMNS * column / spacing), 1)
    if step >= len(curve):
        return []
    run = curve.x[step:] - curve.x[:-step]
    rise = np.where(run <= 2 * JUMP_COLUMNS * column, np.abs(curve.y[step:] - curve.y[:-step]), 0.0)
    least = LEAST_SHARE * float(np.ptp(curve.y))
    jumps = []
    for steep in _runs(rise > max(least, SPIKE_DEVIATIONS * float(np.median(rise)))):
        start, stop = int(steep[0]), int(steep[-1]) + step
        reach = max(round(_SURROUNDINGS * len(curve) / 2), 5)
        left, right = curve.y[max(start - reach, 0) : start + 1], curve.y[stop : stop + reach + 1]
        if abs(float(np.median(right) - np.median(left))) < least or len(left) <= 3 or len(right) <= 3:
            continue
        jumps.append(
            Anomaly(
                kind="jump",
                start=float(curve.x[start]),
                stop=float(curve.x[stop]),
                before=float(curve.y[start]),
                value=float(curve.y[stop]),
                error=float(max(curve.y_err[start], curve.y_err[stop])),
            )
        )
    return jumps if len(jumps) <= _MOST else []


def _find_clipped(panel: Panel, series: Series) -> list[Anomaly]:
    """Stretches on which the curve runs along the top or the bottom edge of the plot area."""
    trace, box = series.trace, panel.box
    axis = panel.x_axis
    if axis is None:
        return []
    clipped = []
    half = max(trace.width_px, 1.0) / 2 + _EDGE_PX
    edges: tuple[tuple[Literal["top", "bottom"], float], ...] = (("top", box.top), ("bottom", box.bottom))
    for edge, at in edges:
        for run in _runs(np.abs(trace.y_px - at) <= half):
            outermost = trace.y_px[run][np.abs(trace.y_px[run] - at).argmin()]
            level = run[np.abs(trace.y_px[run] - outermost) <= _LEVEL_PX]
            ends = axis.to_value(trace.x_px[level[[0, -1]]])
            turned = run[0] > 0 and run[-1] < len(trace.y_px) - 1
            if turned and np.ptp(trace.x_px[level]) >= 2 * half:
                clipped.append(Anomaly(kind="clipped", start=float(ends.min()), stop=float(ends.max()), edge=edge))
    return clipped if len(clipped) <= _MOST else []


def _find_gaps(panel: Panel, series: Series) -> list[Anomaly]:
    """Stretches without the curve between its first and its last point."""
    points, axis = series.points, panel.x_axis
    drawn = np.flatnonzero(np.isfinite(points.y))
    if axis is None or len(drawn) < 2:
        return []
    whole = float(np.ptp(points.x[drawn]))
    gaps = []
    for one, two in itertools.pairwise(drawn):
        start, stop = float(points.x[one]), float(points.x[two])
        if two > one + 1 and stop - start > _LEAST_GAP * whole:
            gaps.append(Anomaly(kind="gap", start=start, stop=stop))
    return gaps if len(gaps) <= _MOST else []


def _runs(chosen: np.ndarray) -> list[FloatArray]:
    """The indices of each run of True values."""
    indices = np.flatnonzero(chosen)
    return np.split(indices, np.flatnonzero(np.diff(indices) > 1) + 1) if len(indices) else []
