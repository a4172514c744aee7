"""A reading as JSON.

The form is the one that ``reading.schema.json`` beside this module describes. Data values are written in full, so that
they come back as they were; their errors to three digits.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from digitize.model import (
    FORMAT,
    Axis,
    Box,
    Legend,
    Panel,
    Points,
    Reading,
    Reason,
    Rule,
    Scale,
    Series,
    Swatch,
    Tick,
    Trace,
    Word,
    to_hex,
    to_iso,
)
from digitize.outputs.given import in_given_pixels
from digitize.outputs.rounding import with_rounded_errors
from digitize.outputs.values import ChosenX, choose_x, values_at

Json = dict[str, Any]

_INNERMOST = re.compile(r"[\[{][^\[\]{}]*[\]}]")


def to_json(reading: Reading, *, compact: bool = False, x: ChosenX | None = None) -> str:
    """A reading as JSON text: one line if `compact`, otherwise indented with one line a point.

    With `x` each series has its `values` there besides.
    """
    content = to_dict(reading, x)
    if compact:
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    # Line breaks stand only between tokens (inside strings they are escaped), so joining lines changes no value.
    return _INNERMOST.sub(lambda match: re.sub(r"\n\s*", "", re.sub(r",\n\s*", ", ", match[0])), text)


def to_dict(reading: Reading, x: ChosenX | None = None) -> Json:
    """A reading as the object that `to_json` writes: dictionaries, lists, text, finite numbers and None."""
    picture = reading.picture
    return {
        "format": FORMAT,
        "source": {
            "name": picture.name,
            "width": picture.width,
            "height": picture.height,
            "sha256": picture.sha256,
            "notes": list(picture.notes),
        },
        "panels": [_panel(in_given_pixels(panel, picture), x) for panel in reading.panels],
        "reasons": _reasons(reading.reasons),
        "words": [_word(word) for word in reading.words],
        "settings": {"ocr": reading.settings.ocr, "max_pixels": reading.settings.max_pixels},
    }


def _number(value: float) -> float | int | None:
    """A finite number, whole numbers without a fraction; None for anything else."""
    if not math.isfinite(value):
        return None
    return int(value) if value == int(value) and abs(value) < 1e15 else float(value)


def _value(value: float, scale: Scale | None) -> float | int | str | None:
    """A data value: ISO 8601 on a date axis, as far as the calendar goes."""
    if scale != "date" or not math.isfinite(value):
        return _number(value)
    try:
        return to_iso(value)
    except (OverflowError, ValueError, OSError):
        return None


def _pixels(values: Iterable[float]) -> list[float | int | None]:
    """Pixels to a hundredth."""
    return [_number(round(float(value), 2)) for value in values]


def _box(box: Box | None) -> list[float | int | None] | None:
    return None if box is None else _pixels(box)


def _reasons(reasons: Iterable[Reason]) -> list[Json]:
    return [{"code": reason.code, "message": reason.message} for reason in reasons]


def _word(word: Word) -> Json:
    return {
        "box": _box(word.box),
        "text": word.text,
        "number": word.number,
        "confidence": round(word.confidence, 3),
        "number_confidence": round(word.number_confidence, 3),
        "angle": word.angle,
        "height_px": round(word.height_px, 2),
        "color": to_hex(word.color),
    }


def _axis(axis: Axis | None) -> Json | None:
    if axis is None:
        return None
    return {
        "label": axis.label,
        "scale": axis.scale,
        "pixels": [round(float(pixel), 4) for pixel in axis.pixels],
        "values": [_value(value, axis.scale) for value in axis.values],
        "residual_px": round(axis.residual_px, 4),
        "unit": axis.unit,
        "labels": None if axis.labels is None else list(axis.labels),
        "confidence": round(axis.confidence, 3),
        "covariance_px": [[float(f"{value:.3g}") for value in row] for row in axis.covariance_px],
        "label_box": _box(axis.label_box),
        "doubts": _reasons(axis.doubts),
        "ticks": [_tick(tick, axis.scale) for tick in axis.ticks],
    }


def _tick(tick: Tick, scale: Scale) -> Json:
    value = None if tick.value is None else _value(tick.value, scale)
    return {
        "pixel": round(tick.pixel, 3),
        "text": tick.text,
        "value": value,
        "used": tick.used,
        "box": _box(tick.box),
    }


def _panel(panel: Panel, x: ChosenX | None) -> Json:
    return {
        "number": panel.number,
        "title": panel.title,
        "box": _box(panel.box),
        "status": panel.status,
        "reasons": _reasons(panel.reasons),
        "x_axis": _axis(panel.x_axis),
        "y_axis": _axis(panel.y_axis),
        "y2_axis": _axis(panel.y2_axis),
        "title_box": _box(panel.layout.title_box),
        "background": to_hex(panel.layout.area.background),
        "gridlines": {
            "x": [round(rule.position_px, 2) for rule in panel.layout.area.x_grid],
            "y": [round(rule.position_px, 2) for rule in panel.layout.area.y_grid],
        },
        "rules": {
            "frame": [_rule(rule) for rule in panel.layout.area.frame],
            "x_grid": [_rule(rule) for rule in panel.layout.area.x_grid],
            "y_grid": [_rule(rule) for rule in panel.layout.area.y_grid],
        },
        "no_data": [_box(box) for box in panel.layout.no_data],
        "legend": None if panel.legend is None else _legend(panel.legend),
        "dropped": [{"box": _box(dropped.box), "why": dropped.why} for dropped in panel.dropped],
        "series": [{**_series(series, panel), **_values(series, panel, x)} for series in panel.series],
    }


def _rule(rule: Rule) -> Json:
    return {
        "orientation": rule.orientation,
        "position": round(rule.position_px, 2),
        "span": _pixels((rule.start_px, rule.end_px)),
        "width_px": round(rule.width_px, 2),
        "color": to_hex(rule.color),
    }


def _legend(legend: Legend) -> Json:
    return {
        "title": legend.title,
        "box": _box(legend.box),
        "direct": legend.direct,
        "entries": [
            {
                "name": entry.name,
                "box": _box(entry.word_box),
                "confidence": round(entry.confidence, 3),
                "swatch": _swatch(entry.swatch),
            }
            for entry in legend.entries
        ],
    }


def _swatch(swatch: Swatch) -> Json:
    content = {
        "box": _box(swatch.box),
        "color": to_hex(swatch.color),
        "style": swatch.style,
        "kind": swatch.kind,
        "width_px": swatch.width_px,
    }
    if swatch.coverage is not None:
        levels = np.rint(255 * np.clip(swatch.coverage, 0, 1)).astype(np.uint8)
        content["coverage"] = [row.tobytes().hex() for row in levels]
    return content


def _series(series: Series, panel: Panel) -> Json:
    trace = series.trace
    return {
        "name": series.name,
        "color": to_hex(series.color),
        "style": series.style,
        "axis": series.axis,
        "faint": trace.faint,
        "step": trace.step,
        "raw_of": series.raw_of,
        "entry": trace.entry,
        "confidence": round(series.confidence, 3),
        "width_px": round(trace.width_px, 2),
        "covered": _runs(trace.covered) if panel.status != "refused" else [],
        "doubts": _reasons(trace.doubts),
        "points": _trace_points(trace) if panel.status == "refused" else _points(series.points, series, panel),
        "samples": None if series.samples is None else _points(series.samples, series, panel),
        "samples_why": series.samples_why,
    }


def _values(series: Series, panel: Panel, x: ChosenX | None) -> Json:
    if x is None or panel.status == "refused":
        return {}
    return {"values": _points(values_at(panel, series, choose_x(panel, x)), series, panel)}


def _runs(flags: Any) -> list[list[int]]:
    """The runs of True as [first, past the last]."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(flags, dtype=np.int8), [0]])))
    return [[int(start), int(end)] for start, end in edges.reshape(-1, 2)]


def _points(points: Points, series: Series, panel: Panel) -> list[Json]:
    x_scale, y_scale = _scales(panel.x_axis, panel.y2_axis if series.axis == "y2" else panel.y_axis)
    return [
        {
            "x": _value(point.x, x_scale),
            "y": _value(point.y, y_scale),
            "x_err": _number(point.x_err),
            "y_err": _number(point.y_err) if math.isfinite(point.y) else None,
        }
        for point in with_rounded_errors(points)
    ]


def _trace_points(trace: Trace) -> list[Json]:
    pairs = zip(_pixels(trace.x_px), _pixels(trace.y_px), strict=True)
    return [{"x_px": x_px, "y_px": y_px} for x_px, y_px in pairs]


def _scales(x_axis: Axis | None, y_axis: Axis | None) -> tuple[Scale | None, Scale | None]:
    return (x_axis.scale if x_axis else None), (y_axis.scale if y_axis else None)
