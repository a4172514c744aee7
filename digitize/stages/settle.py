"""Settling: axes put right by what the curves tell of them.

Renderers move thin strokes on to whole pixels, often to one side, and leave curves where they belong. Data points that
stand at exact places along x show where x really runs, and so, as the middles of labels do, by how much the strokes of
the whole picture were moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitize.medians import median
from digitize.model import Axis, AxisName, Layout, Samples, TickLabels
from digitize.snapfit import find_snapped, fit_lattice, fit_snapped, moved, on_strokes
from digitize.strokeshift import find_shift

#: What labels without strokes, of unknown height, may lie off their ticks, as a standard error in pixels.
_UNTOLD = 0.2
#: Standard errors of the places of a data point, and of what is common to all of a curve, in pixels.
_PLACE, _COMMON = 0.3, 0.1
#: How unlike the strokes of two axes are treated, as a standard error in pixels: those of the picture and, as much
#: again, those of the renderer.
_UNLIKE = 0.1
#: Data points tell an axis where their places are known to this 95 % half-width in pixels.
_SHARP = 0.5
#: The middles of labels lie off their ticks by this share of the text's height, as a standard error: beneath an axis
#: for the room that glyphs leave at their sides, beside one also for what the renderer takes for the middle of a line.
_ASIDE: dict[AxisName, float] = {"x": 0.05, "y": 0.1, "y2": 0.1}
#: What strokes may lie off their places beyond what rounding moves them, all together and one from another, in pixels.
_TOGETHER, _APART = 0.35, 0.25
#: Strokes are where they belong, at least so many of them, that lie off one map by no more than this in pixels, where
#: their places between pixels are no more alike than this (the length of their mean on a circle).
_FEWEST, _EXACT, _ALIKE = 3, 0.06, 0.9
#: Axes are moved by no more than so many pixels.
_MOST = 1.6


def settle_axes(
    layouts: Sequence[Layout], ticks: Sequence[Sequence[TickLabels]], samples: Sequence[Sequence[Samples]]
) -> tuple[Layout, ...]:
    """The layouts of a picture's panels with their axes where the data points have them.

    An x axis whose data points are exact is fitted to them. How far its tick marks lie off them, or off the middles of
    their labels, moves the other axes of the picture, since a renderer treats all its strokes alike; what then remains
    untold of it joins their covariance. Where pictures were drawn enlarged, the renderer counted in pixels as wide as
    its hairlines.

    Parameters
    ----------
    layouts : one a panel.
    ticks : for each the tick labels of its axes, with their strokes.
    samples : for each the data points of its curves.
    """
    rows = [{row.axis: row for row in one} for one in ticks]
    unit = _hairline(layouts)
    told = [
        _x_axis(layout, one.get("x"), found, unit) for layout, one, found in zip(layouts, rows, samples, strict=True)
    ]
    at_labels = [
        (axis, one[name])
        for layout, one in zip(layouts, rows, strict=True)
        for name, axis in (("x", layout.x_axis), ("y", layout.y_axis), ("y2", layout.y2_axis))
        if axis is not None and name in one
    ]
    by_data = [(axis, one["x"]) for axis, one in zip(told, rows, strict=True) if axis is not None and "x" in one]
    found = find_shift(at_labels, by_data, unit)
    shift = (found.by, found.error)
    across = (shift[0], float(np.hypot(shift[1], _UNLIKE * (1 + unit))))
    return tuple(
        replace(
            layout,
            x_axis=x_axis or _shifted(layout.x_axis, one.get("x"), shift),
            y_axis=_shifted(layout.y_axis, one.get("y"), across),
            y2_axis=_shifted(layout.y2_axis, one.get("y2"), across),
        )
        for layout, one, x_axis in zip(layouts, rows, told, strict=True)
    )


def _x_axis(layout: Layout, row: TickLabels | None, samples: Sequence[Samples], unit: float) -> Axis | None:
    """The x axis through the exact data points of a panel, None where there are none or they or strokes disagree."""
    exact = [(found.x, found.x_px, found.x_err_px) for found in samples if found.x is not None]
    if layout.x_axis is None or not exact:
        return None
    if row is not None and _is_unmoved(layout.x_axis, row):
        return layout.x_axis
    x, x_px, half = (np.concatenate(column) for column in zip(*exact, strict=True))
    sharp = half <= _SHARP
    axis = fit_lattice(layout.x_axis, x[sharp], x_px[sharp], np.full(int(sharp.sum()), _PLACE))
    if axis is None:
        return None
    by = axis.to_pixel(np.array(layout.x_axis.values)) - np.array(layout.x_axis.pixels)
    if not np.isfinite(by).all() or np.abs(by).max() > _MOST or not _rounding_explains(axis, row, unit):
        return None
    return moved(axis, (0.0, 0.0), np.array(axis.covariance_px) + _COMMON**2)


def _is_unmoved(axis: Axis, row: TickLabels) -> bool:
    """Whether an axis' strokes stand at unlike places between pixels, just where one map has them: none was moved."""
    pixel, value = on_strokes(axis, row.strokes_px)
    if len(pixel) < _FEWEST:
        return False
    off = axis.to_pixel(value) - pixel
    stray = float(off.std()) * (len(off) / (len(off) - 2)) ** 0.5
    return stray <= _EXACT and bool(abs(np.exp(2j * np.pi * pixel).mean()) <= _ALIKE)


def _rounding_explains(axis: Axis, row: TickLabels | None, unit: float) -> bool:
    """Whether an axis' strokes lie no farther off their places, all together and one from another, than rounding moves.

    What was taken for the data points' exact places is wrong where they do.
    """
    pixel, value = on_strokes(axis, row.strokes_px if row else ())
    if len(pixel) < 2:
        return True
    off = axis.to_pixel(value) - pixel
    alike = bool(np.ptp(off) <= unit + _APART)
    return alike and -unit / 2 - _TOGETHER <= float(off.mean()) <= _TOGETHER


def _hairline(layouts: Sequence[Layout]) -> float:
    """The usual width in whole pixels, 1 at least, of the gridlines and frames of a picture."""
    areas = [layout.area for layout in layouts]
    widths = [rule.width_px for area in areas for rule in (*area.x_grid, *area.y_grid, *area.frame)]
    return max(round(median(widths)), 1) if widths else 1.0


def _shifted(axis: Axis | None, row: TickLabels | None, shift: tuple[float, float]) -> Axis | None:
    """An axis moved by a shift of its strokes, which is known to a standard error.

    An axis without strokes rests on its labels, whose middles lie off their ticks all to one side; where it was told by
    how much, strokes told it.
    """
    if axis is None or row is None:
        return axis
    at_strokes = 2 * len(on_strokes(axis, row.strokes_px)[0]) >= sum(tick.used for tick in axis.ticks)
    if not at_strokes and row.lean_px == 0:
        heights = [min(tick.box.width, tick.box.height) for tick in axis.ticks if tick.box]
        aside = _ASIDE[row.axis] * median(heights) if heights else _UNTOLD
        return moved(axis, (0.0, 0.0), np.array(axis.covariance_px) + aside**2)
    snapped = find_snapped(axis, row.strokes_px)
    fitted = fit_snapped(axis, snapped, *shift) if snapped is not None else None
    if fitted is not None:
        return fitted
    return moved(axis, (shift[0], shift[0]), np.array(axis.covariance_px) + shift[1] ** 2)
