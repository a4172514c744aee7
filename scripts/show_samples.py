#!/usr/bin/env python3
"""Enlarge a part of a picture and draw over it what was read: points, samples and intervals.

show_samples.py IMAGE OUT [--panel N] [--x START STOP]
"""

from __future__ import annotations

import argparse

import matplotlib.pyplot as plt
import numpy as np

import digitize


def draw(axes: plt.Axes, reading: digitize.Reading, panel: digitize.Panel) -> None:
    """The picture with each series' points, their intervals and rings around the samples, in the picture's pixels."""
    axes.imshow(
        reading.picture.rgb, extent=(0, reading.picture.width, reading.picture.height, 0), interpolation="nearest"
    )
    for series in panel.series:
        y_axis = panel.y_axis_of(series)
        if panel.x_axis is None or y_axis is None:
            continue
        points = series.points
        x, y = panel.x_axis.to_pixel(points.x), y_axis.to_pixel(points.y)
        low, high = (y_axis.to_pixel(points.y + sign * points.y_err) for sign in (-1, 1))
        axes.fill_between(x, low, high, color="black", alpha=0.25, linewidth=0)
        axes.plot(x, y, color="black", linewidth=0.8, marker=".", markersize=2.5)
        if series.samples is not None:
            x, y = panel.x_axis.to_pixel(series.samples.x), y_axis.to_pixel(series.samples.y)
            axes.plot(x, y, "o", markersize=11, markerfacecolor="none", markeredgecolor="black")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image")
    parser.add_argument("out")
    parser.add_argument("--panel", type=int, default=1)
    parser.add_argument("--x", type=float, nargs=2, default=None)
    options = parser.parse_args()
    reading = digitize.read(options.image)
    panel = reading.panels[options.panel - 1]
    left, right = (panel.box.left, panel.box.right)
    if options.x is not None and panel.x_axis is not None:
        left, right = panel.x_axis.to_pixel(np.array(options.x))
    seen = [s.trace.y_px[(s.trace.x_px >= left) & (s.trace.x_px <= right)] for s in panel.series]
    rows = np.concatenate(seen)
    top, bottom = np.nanmin(rows) - 6, np.nanmax(rows) + 6
    figure = plt.figure(figsize=(10.0, 10.0 * (bottom - top) / (right - left)))
    axes = figure.add_axes((0, 0, 1, 1))
    draw(axes, reading, panel)
    axes.set(xlim=(left, right), ylim=(bottom, top))
    axes.set_axis_off()
    figure.savefig(options.out, dpi=100)


if __name__ == "__main__":
    main()
