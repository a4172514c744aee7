"""Lines that tell of no data: reference lines, gridlines, arrows and leaders of notes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitize.leaders import is_leader
from digitize.medians import quantile
from digitize.model import Layout, Segmentation, Trace


def without_reference_lines(traces: Sequence[Trace], segmentation: Segmentation, layout: Layout) -> list[Trace]:
    """Drop straight lines across the whole box that no legend names, where other curves remain.

    A grey one at a tick is a gridline, which bars or areas hide in part: it is dropped even where it is alone. Arrows
    and leaders of notes are dropped too.

    Parameters
    ----------
    traces : the curves of a plot area in pixels of the picture.
    segmentation : its ink.
    layout : its axes, legend and notes.
    """
    notes = [box for box in layout.no_data if layout.legend is None or box != layout.legend.box]
    strange = [t for t in traces if is_leader(t, notes, segmentation.box.width)]
    flat = [t for t in traces if (t.entry is None or t.faint) and _is_straight_across(t, segmentation)] + strange
    if len(flat) < len(traces):
        return [t for t in traces if t not in flat]
    return [t for t in traces if not _is_gridline(t, layout)]


def _is_gridline(trace: Trace, layout: Layout) -> bool:
    """Whether a flat curve is as grey as gridlines are and lies at a tick of the y axis."""
    ticks = [tick.pixel for axis in (layout.y_axis, layout.y2_axis) if axis for tick in axis.ticks]
    level = float(np.nanmedian(trace.y_px))
    grey = max(trace.color) - min(trace.color) <= 24
    return grey and trace.entry is None and any(abs(level - tick) <= trace.width_px + 1.0 for tick in ticks)


def _is_straight_across(trace: Trace, segmentation: Segmentation) -> bool:
    y = trace.y_px[np.isfinite(trace.y_px)]
    if not len(y):
        return True
    span = float(np.ptp(trace.x_px)) / max(segmentation.box.width, 1.0)
    return span > 0.9 and quantile(y, 0.95) - quantile(y, 0.05) < 1.0
