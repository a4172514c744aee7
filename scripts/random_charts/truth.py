"""Truth in the corpus form: what is written beside each picture."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from .model import AxisSpec, Curve, Drawn, Range, Rendering, Scale, Values, mixed, rgb

DIGITS = 9


def iso(seconds: float) -> str:
    """Seconds since 1970 (UTC) as ISO 8601, a bare date at midnight."""
    stamp = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=round(seconds * 1000))
    text = stamp.replace(tzinfo=None).isoformat(timespec="milliseconds")
    if text.endswith("T00:00:00.000"):
        return text[:10]
    return text.removesuffix(".000") + "Z"


def plain(value: float, scale: Scale = "linear") -> float | int | str | None:
    """A value as JSON holds it: nine digits, whole numbers as such, NaN as null, dates as text."""
    if not math.isfinite(value):
        return None
    if scale == "date":
        return iso(value)
    value = float(f"{value:.{DIGITS}g}")
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def column(values: Values, scale: Scale) -> list[float | int | str | None]:
    return [plain(float(v), scale) for v in values]


def axis_record(axis: AxisSpec, ends: Range, label: str | None) -> dict[str, Any]:
    record: dict[str, Any] = {
        "label": label,
        "scale": axis.scale,
        "range": [plain(v, axis.scale) for v in ends],
    }
    if axis.labels is not None:
        record["labels"] = list(axis.labels)
    return record


def seen_color(curve: Curve, panel: Drawn) -> str:
    """The colour that a curve shows where nothing lies over it."""
    color = mixed(curve.color, curve.opacity, panel.chart.look.ground)
    if panel.gray:
        red, green, blue = rgb(color)
        level = round(0.299 * red + 0.587 * green + 0.114 * blue)
        return f"#{level:02x}{level:02x}{level:02x}"
    return color


def series_record(curve: Curve, panel: Drawn) -> dict[str, Any]:
    chart = panel.chart
    axis = chart.y2 if curve.axis == "y2" and chart.y2 else chart.y
    record: dict[str, Any] = {
        "name": curve.name if panel.named and not curve.faint else None,
        "color": seen_color(curve, panel),
        "draw": curve.draw,
        "x": column(curve.x, chart.x.scale),
        "y": column(curve.y, axis.scale),
    }
    if curve.axis == "y2":
        record["axis"] = "y2"
    if curve.faint:
        record["faint"] = True
    if curve.band is not None:
        record["band"] = {
            "low": column(curve.y - curve.band, axis.scale),
            "high": column(curve.y + curve.band, axis.scale),
        }
    return record


def panel_record(panel: Drawn) -> dict[str, Any]:
    chart = panel.chart
    record: dict[str, Any] = {
        "title": panel.title,
        "box": [round(v, 2) for v in panel.box],
        "x": axis_record(chart.x, panel.x_range, panel.x_label),
        "y": axis_record(chart.y, panel.y_range, panel.y_label),
    }
    if chart.y2 and panel.y2_range:
        record["y2"] = axis_record(chart.y2, panel.y2_range, panel.y2_label)
    record["series"] = [series_record(curve, panel) for curve in chart.curves]
    return record


@dataclass(frozen=True, kw_only=True)
class Story:
    """What is told about a case besides its panels."""

    id: str
    source: str
    figure_title: str | None
    tags: tuple[str, ...]


def case_record(story: Story, rendering: Rendering) -> dict[str, Any]:
    """The whole truth of a picture; one without line charts is a negative."""
    record: dict[str, Any] = {
        "id": story.id,
        "renderer": rendering.renderer,
        "data_source": story.source,
        "kind": "line" if rendering.panels else "negative",
        "tags": sorted({*story.tags, *rendering.tags}),
        "figure_title": story.figure_title,
        "panels": [panel_record(panel) for panel in rendering.panels],
    }
    tilt = next((panel.tilt for panel in rendering.panels if panel.tilt), 0.0)
    if tilt:
        record["tilt"] = round(tilt, 3)
    return record


def write_truth(path: Path, record: dict[str, Any]) -> None:
    """Write the record with one series a line."""
    text = json.dumps(record, ensure_ascii=False)
    for key in ('"panels": [', '{"title"', '"series": [', '{"name"'):
        text = text.replace(" " + key, "\n" + key).replace("[" + key, "[\n" + key)
    path.write_text(text + "\n", encoding="utf-8")


def pixel_points(x: Values, y: Values, panel: Drawn, on_y2: bool) -> Values:
    """Data values as pixel positions, shape (n, 2); NaN where a log axis has none."""
    chart = panel.chart
    y_axis, y_ends = (chart.y2, panel.y2_range) if on_y2 and chart.y2 and panel.y2_range else (chart.y, panel.y_range)
    left, top, right, bottom = panel.box
    across = left + share(x, chart.x.scale, panel.x_range) * (right - left)
    down = bottom + share(y, y_axis.scale, y_ends) * (top - bottom)
    return turned(np.column_stack([across, down]), panel)


def turned(points: Values, panel: Drawn) -> Values:
    """Points of the upright picture in the tilted one."""
    if not panel.tilt:
        return points
    angle = math.radians(panel.tilt)
    left, top, right, bottom = panel.box
    center = np.array([(left + right) / 2, (top + bottom) / 2])
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return np.asarray(center + (points - center) @ turn.T)


def share(values: Values, scale: Scale, ends: Range) -> Values:
    """Values as the share of the way from the axis' first end to its last."""
    if scale == "log":
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.where(values > 0, np.log10(np.where(values > 0, values, 1.0)), np.nan)
        low, high = math.log10(ends[0]), math.log10(ends[1])
        return np.asarray((logs - low) / (high - low))
    return np.asarray((values - ends[0]) / (ends[1] - ends[0]))
