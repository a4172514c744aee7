"""The dash pattern of a stroke or of a curve, told from the cover along it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitize.medians import median, quantile
from digitize.model import FloatArray, Layer, Style
from digitize.strands import DOT


def dash_style(along: NDArray[np.float64], width: float) -> Style:
    """The dash pattern of a stroke.

    Parameters
    ----------
    along : array (n,)
        Cover (0-1) along the stroke; NaN where it cannot be seen.
    width : float
        The stroke's width in pixels.

    Notes
    -----
    Dashes are judged by their lengths in stroke widths: dots are about as long as wide, a dash-dot pattern has whole
    short pieces between long ones. The first and last piece, and those beside unseen columns, may be cut off and
    are used only where no whole one is left.
    """
    seen = np.nan_to_num(along, nan=np.nanmax(along) if np.isfinite(along).any() else 1.0)
    low, high = float(seen.min()), float(seen.max())
    if high - low < 0.35:
        return "solid"
    on = seen > (high + low) / 2
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    starts, ends = edges[::2], edges[1::2]
    if len(starts) < 2:
        return "solid"
    hidden = np.isnan(along)
    visible = np.array([not hidden[a:b].any() for a, b in zip(starts, ends, strict=True)])
    whole = visible.copy()
    whole[[0, -1]] = False
    lengths = _lengths(seen, starts, ends)
    longest = float(lengths[visible].max(initial=0.0))
    gaps = starts[1:] - ends[:-1]
    if longest <= 1.7 * width + 0.3 or (longest <= 2.3 * width and median(gaps) >= 0.9 * longest):
        return "dotted"
    if (lengths[whole] < 0.55 * longest).any():
        return "dashdot"
    return "dashed"


def _lengths(seen: NDArray[np.float64], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.float64]:
    """Lengths of runs in pixels: the cover between the middles of the gaps on either side."""
    middles = np.concatenate([[0], (ends[:-1] + starts[1:]) // 2, [len(seen)]])
    total = np.concatenate([[0.0], np.cumsum(seen)])
    return np.asarray(total[middles[1:]] - total[middles[:-1]])


def cover_along(x: FloatArray, y: FloatArray, layer: Layer) -> FloatArray:
    """Cover (0-1) of a layer's ink at points a pixel apart along a curve in pixels of the layer.

    It is NaN where other ink hides the curve, and it leaves out the gaps of the curve (NaN in `y`).
    """
    good = np.isfinite(y)
    x, y = x[good], y[good]
    if len(x) < 2:
        return np.empty(0)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    at = np.arange(0.0, along[-1], 1.0)
    columns = np.clip(np.interp(at, along, x).astype(int), 0, layer.coverage.shape[1] - 1)
    rows = np.clip(np.interp(at, along, y).astype(int), 1, layer.coverage.shape[0] - 2)
    shown: FloatArray = np.max([layer.coverage[rows + d, columns] for d in (-1, 0, 1)], axis=0).astype(float)
    shown /= max(quantile(shown, 0.9), 0.1)
    shown[layer.hidden[rows, columns] & (shown < 0.5)] = np.nan
    return shown


def measured_style(shown: NDArray[np.float64], stroke: float) -> Style:
    """The pattern of a curve from the cover along it.

    Parameters
    ----------
    shown : array (n,)
        Cover (0-1) at points a pixel apart along the curve; NaN where other ink hides it.
    stroke : width of the line in pixels.

    Notes
    -----
    Only whole pieces between two bare gaps count, and the gaps of a pattern are all alike. Dots are up to 2.4 stroke
    widths long; a dash-dot line has pieces less than 0.55 times as long as its long ones between them.
    """
    if not len(shown):
        return "solid"
    state = np.where(np.isnan(shown), 2, np.where(np.nan_to_num(shown) > 0.4, 1, 0))
    edges = np.flatnonzero(np.diff(state)) + 1
    starts, stops = np.concatenate([[0], edges]), np.concatenate([edges, [len(state)]])
    kind, length = state[starts], (stops - starts).astype(float)
    before, after = np.concatenate([[2], kind[:-1]]), np.concatenate([kind[1:], [2]])
    whole = length[(kind == 1) & (before == 0) & (after == 0)]
    gaps = length[(kind == 0) & (before == 1) & (after == 1)]
    if len(whole) < 4 or len(gaps) < 4 or gaps.sum() < 0.12 * (state != 2).sum():
        return "solid"
    if quantile(gaps, 0.8) > 2 * quantile(gaps, 0.2) + 2 or median(gaps) < max(0.8 * stroke, 1.5):
        return "solid"
    long = quantile(whole, 0.8)
    if long <= DOT * stroke:
        return "dotted"
    short = float((whole < 0.55 * long).mean())
    return "dashdot" if 0.25 <= short <= 0.75 else "dashed"
