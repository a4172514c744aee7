"""A reading in words: the Markdown of a good caption, with the values at the ticks."""

from __future__ import annotations

import math

import numpy as np

from digitize.model import Axis, Box, Panel, Reading, Series, to_hex
from digitize.outputs.rounding import to_text
from digitize.outputs.values import ChosenX, choose_x, label_series, values_at

MOST_ROWS = 40  # a caption's table stays readable


def to_markdown(reading: Reading, x: ChosenX = "ticks") -> str:
    """A reading as Markdown: figure, panels, axes with ranges, series, and their values at `x`."""
    picture = reading.picture
    count = len(reading.panels)
    lines = [f"# {_escape(picture.name)}", ""]
    panels = "1 panel" if count == 1 else f"{count} panels"
    lines += [f"A figure of {panels} in {picture.width} × {picture.height} pixels." if count else "No line chart."]
    lines += [f"- {_escape(note)}" for note in picture.notes]
    lines += [f"- {_escape(reason.message)} (`{reason.code}`)" for reason in reading.reasons]
    for panel in reading.panels:
        lines += ["", *_describe_panel(panel, x)]
    return "\n".join(lines) + "\n"


def describe_axis(name: str, axis: Axis | None, box: Box) -> str:
    """One axis in a phrase: label, unit, scale, and its values at the edges of the plot area `box`."""
    if axis is None:
        return f"{name}: not read"
    label = " ".join(filter(None, [axis.label, f"({axis.unit})" if axis.unit else None]))
    ends = axis.to_value(np.array((box.left, box.right) if name == "x" else (box.bottom, box.top)))
    if axis.scale == "category" and axis.labels:
        span = f"{axis.labels[0]} to {axis.labels[-1]}"
    else:
        span = " to ".join(to_text(float(end), error_per_pixel(axis, float(end)), axis.scale) for end in ends)
    return f"{name}: {label + ', ' if label else ''}{axis.scale}, {span}"


def error_per_pixel(axis: Axis, value: float) -> float:
    """What one pixel means at a value of an axis, in data units."""
    pixel = axis.to_pixel(np.array(value))
    low, high = axis.to_value(pixel + np.array([-0.5, 0.5]))
    return float(abs(high - low))


def _describe_panel(panel: Panel, x: ChosenX) -> list[str]:
    lines = [f"## Panel {panel.number}{': ' + _escape(panel.title) if panel.title else ''}", ""]
    axes = [describe_axis("x", panel.x_axis, panel.box), describe_axis("y", panel.y_axis, panel.box)]
    axes += [describe_axis("y2", panel.y2_axis, panel.box)] if panel.y2_axis else []
    lines += [f"- {_escape(axis)}" for axis in axes]
    lines += [f"- status: {panel.status}"]
    lines += [f"  - {_escape(reason.message)} (`{reason.code}`)" for reason in panel.reasons]
    if panel.status == "refused":
        return lines
    labels = label_series(panel)
    lines += [f"- {_describe_series(*pair, panel)}" for pair in zip(labels, panel.series, strict=True)]
    return lines + _values_table(panel, labels, x)


def _describe_series(label: str, series: Series, panel: Panel) -> str:
    """One series in a sentence: look, course from first to last, lowest and highest point."""
    look = f"{to_hex(series.color)}, {series.style}{', second y axis' if series.axis == 'y2' else ''}"
    drawn = np.flatnonzero(np.isfinite(series.points.y) & np.isfinite(series.points.x))
    if not len(drawn):
        return f"**{_escape(label)}** ({look}): no points"
    y = series.points.y[drawn]
    first, last, low, high = (drawn[index] for index in (0, -1, int(y.argmin()), int(y.argmax())))
    return (
        f"**{_escape(label)}** ({look}): from {_point(panel, series, first)} to {_point(panel, series, last)}; "
        f"lowest {_point(panel, series, low)}, highest {_point(panel, series, high)}"
    )


def _point(panel: Panel, series: Series, index: int) -> str:
    points = series.points
    y = to_text(float(points.y[index]), float(points.y_err[index]))
    return f"{y} at x = {x_text(panel, float(points.x[index]))}"


def x_text(panel: Panel, value: float) -> str:
    """An x value of a panel for people, to what one pixel can tell; the category's name on a category axis."""
    axis = panel.x_axis
    if axis is None or not math.isfinite(value):
        return to_text(value)
    if axis.labels is not None and 0 <= round(value) < len(axis.labels) and abs(value - round(value)) < 0.05:
        return axis.labels[round(value)]
    return to_text(value, error_per_pixel(axis, value), axis.scale)


def _values_table(panel: Panel, labels: tuple[str, ...], x: ChosenX) -> list[str]:
    at = choose_x(panel, x)
    if not len(at) or not labels:
        return []
    if len(at) > MOST_ROWS and x == "ticks":
        at = at[:: math.ceil(len(at) / MOST_ROWS)]
    name = panel.x_axis.label if panel.x_axis and panel.x_axis.label else "x"
    columns = [values_at(panel, series, at) for series in panel.series]
    lines = ["", _row([name, *labels]), _row(["---:"] * (1 + len(labels)))]
    for index, value in enumerate(at):
        cells = [to_text(float(column.y[index]), float(column.y_err[index])) for column in columns]
        lines.append(_row([x_text(panel, float(value)), *cells]))
    return lines


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell if cell == "---:" else _escape(cell) for cell in cells) + " |"


def _escape(text: str) -> str:
    """Text as Markdown shows it unchanged: names with underscores and asterisks stay what they are."""
    escaped = "".join("\\" + character if character in "\\`*_[]<>|#" else character for character in text)
    return escaped.replace("\n", " ")
