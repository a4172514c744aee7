"""Sharpening: corners of traced curves put where the straight pieces beside them meet.

Within a stroke's reach of a corner the ink of both pieces runs together, and a trace, column by column, cuts it off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitize.model import FloatArray, Samples, Trace
from digitize.polyline import advancing

#: A corner bends the trace within this many pixels, or strokes.
_BENT, _BENT_STROKES = 0.75, 0.3
#: Corners that are known to this 95 % half-width are better than the trace.
_KNOWN = 1.0
#: The trace passes within so many pixels, plus the stroke's width, of a corner that is its own.
_OWN = 3.0
#: Between two data points this share of the trace stays within so many pixels, and strokes, of their join.
_MOSTLY, _NEAR, _NEAR_STROKES = 0.8, 0.35, 0.15


def sharpen(traces: Sequence[Trace], samples: Sequence[Samples]) -> tuple[Trace, ...]:
    """The traces with their data points among their points, in place of those that the corners bend.

    Those that do not turn back along x advance along it from point to point.

    Parameters
    ----------
    traces : the curves in pixels.
    samples : for each its data points in pixels.
    """
    return tuple(
        trace if trace.style == "points" or (np.diff(trace.x_px) < 0).any() else _advancing(_sharpened(trace, found))
        for trace, found in zip(traces, samples, strict=True)
    )


def _advancing(trace: Trace) -> Trace:
    return replace(trace, x_px=advancing(trace.x_px))


def _sharpened(trace: Trace, samples: Samples) -> Trace:
    if trace.step or len(samples.x_px) < 3:
        return trace
    bent = max(_BENT, _BENT_STROKES * trace.width_px)
    seen = np.flatnonzero(np.isfinite(trace.y_px))
    own = [int(k) for k in np.flatnonzero(samples.y_err_px <= _KNOWN) if _passes(trace, seen, samples, int(k), bent)]
    if not own:
        return trace
    return _with_corners(_straightened(trace, samples, np.array(own)), samples, own, bent)


def _straightened(trace: Trace, samples: Samples, own: NDArray[np.intp]) -> Trace:
    """The trace with its points on the joins of neighbouring data points that it keeps to, where these tell more.

    `own` are the numbers of the data points that the trace passes through.
    """
    x, y, error = samples.x_px, samples.y_px, samples.y_err_px
    left = np.searchsorted(x, trace.x_px) - 1
    known = np.isin(left, own) & np.isin(left + 1, own) & np.isfinite(trace.y_px)
    points, left = np.flatnonzero(known), left[known]
    if not len(points):
        return trace
    run, rise = x[left + 1] - x[left], y[left + 1] - y[left]
    share = (trace.x_px[points] - x[left]) / run
    join, told = y[left] + share * rise, np.hypot((1 - share) * error[left], share * error[left + 1])
    off = np.abs(trace.y_px[points] - join) * run / np.hypot(run, rise)
    near = off <= _NEAR + _NEAR_STROKES * trace.width_px
    kept = np.bincount(left, near)[left] >= _MOSTLY * np.bincount(left)[left]
    better = kept & (told < trace.y_err_px[points])
    y_px, y_err_px = trace.y_px.copy(), trace.y_err_px.copy()
    y_px[points[better]], y_err_px[points[better]] = join[better], told[better]
    return replace(trace, y_px=y_px, y_err_px=y_err_px)


def _with_corners(trace: Trace, samples: Samples, own: Sequence[int], bent: float) -> Trace:
    """The trace with the data points of these numbers in place of its points within `bent` pixels of them."""
    corners, seen = samples.x_px[own], np.flatnonzero(np.isfinite(trace.y_px))
    at = np.clip(np.searchsorted(corners, trace.x_px), 1, max(len(corners) - 1, 1))
    away = np.minimum(np.abs(trace.x_px - corners[at - 1]), np.abs(trace.x_px - corners[np.minimum(at, len(own) - 1)]))
    keep = (away > bent) | ~np.isfinite(trace.y_px)
    x = np.concatenate([trace.x_px[keep], corners])
    order = np.argsort(x, kind="stable")

    def merged(old: FloatArray, new: FloatArray) -> FloatArray:
        return np.concatenate([old[keep], new])[order]

    near = seen[np.abs(trace.x_px[seen][None] - corners[:, None]).argmin(axis=1)]
    return replace(
        trace,
        x_px=x[order],
        y_px=merged(trace.y_px, samples.y_px[own]),
        x_err_px=merged(trace.x_err_px, trace.x_err_px[near]),
        y_err_px=merged(trace.y_err_px, samples.y_err_px[own]),
        covered=np.concatenate([trace.covered[keep], trace.covered[near]])[order],
    )


def _passes(trace: Trace, seen: NDArray[np.intp], samples: Samples, k: int, bent: float) -> bool:
    """Whether the trace passes near a corner."""
    x, y = trace.x_px[seen], trace.y_px[seen]
    near = np.abs(x - samples.x_px[k]) <= bent + 1.0
    if not near.any():
        return False
    reach = _OWN + trace.width_px
    return bool(y[near].min() - reach <= samples.y_px[k] <= y[near].max() + reach)
