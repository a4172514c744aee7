#!/usr/bin/env python3
"""Draw a picture of line charts above its data as they were read.

redraw.py IMAGE OUT
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

import matplotlib.pyplot as plt
import numpy as np

import digitize


def draw_panel(axes: plt.Axes, panel: digitize.Panel) -> None:
    """One panel's series in their own colours on the ranges that its plot area spans."""
    axes.set_title(panel.title or "", fontsize=9)
    if panel.x_axis is None or panel.y_axis is None:
        axes.text(0.5, 0.5, panel.status, ha="center", transform=axes.transAxes)
        return
    is_date = panel.x_axis.scale == "date"
    to_x = (lambda values: [datetime.fromtimestamp(value, UTC) for value in values]) if is_date else np.asarray
    for series in panel.series:
        color = "#{:02x}{:02x}{:02x}".format(*series.color)
        look = {"marker": "o", "linestyle": "none", "markersize": 2} if series.style == "points" else {"linewidth": 1.2}
        axes.plot(to_x(series.points.x), series.points.y, color=color, label=series.name, **look)
    axes.set_xscale("log" if panel.x_axis.scale == "log" else "linear")
    axes.set_yscale("log" if panel.y_axis.scale == "log" else "linear")
    axes.set_xlim(*to_x(panel.x_axis.to_value(np.array([panel.box.left, panel.box.right]))))
    axes.set_ylim(*panel.y_axis.to_value(np.array([panel.box.bottom, panel.box.top])))
    axes.set_xlabel(panel.x_axis.label or "", fontsize=8)
    axes.set_ylabel(panel.y_axis.label or "", fontsize=8)
    axes.tick_params(labelsize=7)
    axes.grid(alpha=0.3)
    if any(series.name for series in panel.series):
        axes.legend(fontsize=7)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image")
    parser.add_argument("out")
    options = parser.parse_args()
    reading = digitize.read(options.image)
    count = max(len(reading.panels), 1)
    height = 12.0 * reading.picture.height / reading.picture.width
    figure = plt.figure(figsize=(12.0, height + 3.2), layout="constrained")
    upper, lower = figure.subfigures(2, 1, height_ratios=[height, 3.2])
    shown = upper.subplots()
    shown.imshow(reading.picture.rgb, interpolation="lanczos")
    shown.set_axis_off()
    for axes, panel in zip(np.atleast_1d(lower.subplots(1, count)), reading.panels, strict=False):
        draw_panel(axes, panel)
    figure.savefig(options.out, dpi=100)


if __name__ == "__main__":
    main()
