"""The dash pattern of a stroke, told from the cover along it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitize.medians import median
from digitize.model import Style


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
