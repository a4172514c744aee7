"""A reading as a few lines on a terminal."""

from __future__ import annotations

import numpy as np
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from digitize.model import Axis, FloatArray, Panel, Reading, Series, Status, to_hex
from digitize.outputs.rounding import to_text
from digitize.outputs.values import ChosenX, choose_x, label_series, values_at
from digitize.outputs.wording import describe_axis, error_per_pixel, x_text

STATUS_STYLES: dict[Status, str] = {"ok": "bold green", "review": "bold yellow", "refused": "bold red"}


def to_summary(reading: Reading, x: ChosenX | None = None) -> Group:
    """A reading for `rich` to print: panels, axes, series with counts, status with reasons, and values at `x`."""
    count = len(reading.panels)
    head = Text(reading.picture.name, style="bold")
    head.append(f"  {count} panel{'' if count == 1 else 's'}" if count else "  no line chart", style="not bold")
    lines: list[RenderableType] = [head]
    lines += [Text(f"  {note}", style="dim") for note in reading.picture.notes]
    lines += [Text(f"  {reason.message} ({reason.code})") for reason in reading.reasons]
    for panel in reading.panels:
        lines += ["", *_panel(panel, x)]
    return Group(*lines)


def _panel(panel: Panel, x: ChosenX | None) -> list[RenderableType]:
    head = Text(f"Panel {panel.number}  ")
    head.append(f"{panel.title}  " if panel.title else "", style="bold")
    head.append(panel.status, style=STATUS_STYLES[panel.status])
    lines: list[RenderableType] = [head]
    lines += [Text(f"  {reason.message} ({reason.code})") for reason in panel.reasons]
    named = [("x", panel.x_axis), ("y", panel.y_axis)] + ([("y2", panel.y2_axis)] if panel.y2_axis else [])
    lines += [Text(f"  {describe_axis(name, axis, panel.box)}{_fit(axis)}") for name, axis in named]
    if panel.series:
        lines.append(_series_table(panel) if x is None else _values_table(panel, x))
    return lines


def _fit(axis: Axis | None) -> str:
    """How many tick labels the calibration stands on, and how well."""
    if axis is None or not axis.ticks:
        return ""
    used = sum(tick.used for tick in axis.ticks)
    return f"  ({used} of {len(axis.ticks)} ticks, residual {axis.residual_px:.2f} px)"


def _table() -> Table:
    return Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")


def _swatch(label: str, series: Series) -> Text:
    return Text.assemble(("  ■ ", to_hex(series.color)), label)


def _series_table(panel: Panel) -> Table:
    table = _table()
    for title in ("  series", "style", "points", "x", "y"):
        table.add_column(title, justify="right" if title == "points" else "left")
    for label, series in zip(label_series(panel), panel.series, strict=True):
        y = series.trace.y_px if panel.status == "refused" else series.points.y
        count = int(np.isfinite(y).sum())
        spans = [_span(panel.x_axis, series.points.x), _span(panel.y_axis_of(series), series.points.y)]
        style = f"{series.style}{' (y2)' if series.axis == 'y2' else ''}"
        table.add_row(_swatch(label, series), style, f"{count:,}", *spans)
    return table


def _span(axis: Axis | None, values: FloatArray) -> str:
    known = values[np.isfinite(values)]
    if axis is None or not len(known):
        return ""
    ends = [to_text(float(end), error_per_pixel(axis, float(end)), axis.scale) for end in (known.min(), known.max())]
    return " … ".join(ends)


def _values_table(panel: Panel, x: ChosenX) -> Table:
    """The series' values at chosen x, a column a series."""
    table = _table()
    at = choose_x(panel, x)
    table.add_column(f"  {escape(panel.x_axis.label or 'x') if panel.x_axis else 'x'}")
    columns = [values_at(panel, series, at) for series in panel.series]
    for label, series in zip(label_series(panel), panel.series, strict=True):
        table.add_column(_swatch(label, series), justify="right")
    for index, value in enumerate(at):
        cells = [to_text(float(column.y[index]), float(column.y_err[index])) for column in columns]
        table.add_row(f"  {escape(x_text(panel, float(value)))}", *cells)
    return table
