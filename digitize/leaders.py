"""Leaders and arrows: straight strokes that join a note in the plot area to what it speaks of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitize.medians import quantile
from digitize.model import Box, Trace

#: A leader is shorter than this share of the plot area's width.
_LONGEST = 0.6


def is_leader(trace: Trace, notes: Sequence[Box], width: float) -> bool:
    """Whether a curve that no legend names is a straight stroke which begins or ends at a note.

    Parameters
    ----------
    trace : a curve in pixels of the picture.
    notes : boxes of the words in the plot area.
    width : width of the plot area in pixels.
    """
    seen = np.isfinite(trace.y_px)
    if trace.entry is not None or seen.sum() < 2:
        return False
    points = np.column_stack([trace.x_px, trace.y_px])[seen]
    first, last = points[0], points[-1]
    length = float(np.hypot(*(last - first)))
    if length < 1.0 or last[0] - first[0] > _LONGEST * width:
        return False
    dx, dy = (last - first) / length
    off = np.abs((points[:, 0] - first[0]) * dy - (points[:, 1] - first[1]) * dx)
    # An arrow's head bends what is followed of it at its tip.
    if quantile(off, 0.9) > 0.75 * trace.width_px + 0.5:
        return False
    return any(note.grown(note.height).contains(*end) for note in notes for end in (first, last))
