"""A reading from the JSON that `encode` writes.

The picture itself is not in the JSON: a reading that comes back holds a white picture of the same size unless the
picture is given with it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from digitize.errors import InputError
from digitize.model import (
    FORMAT,
    Axis,
    Box,
    Dropped,
    FloatArray,
    Layout,
    Legend,
    LegendEntry,
    Orientation,
    Panel,
    Picture,
    PlotArea,
    Points,
    Reading,
    Reason,
    Rule,
    Series,
    Settings,
    Swatch,
    Tick,
    Trace,
    Word,
)

Json = dict[str, Any]


def from_json(text: str | bytes, picture: Picture | None = None) -> Reading:
    """The reading that `to_json` wrote.

    Traces come back as the points' pixels. `picture` is the picture that was read; the overlay needs it.

    Raises
    ------
    InputError
        The text is no reading, or `picture` is not the one that it was read from.
    """
    try:
        content = json.loads(text)
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise InputError(f"this JSON is no reading: its format is not {FORMAT!r}")
        if picture is not None and picture.sha256 != content["source"]["sha256"]:
            raise InputError(f"{picture.name}: this is not the picture that the reading was made from")
        return _to_reading(content, picture or _blank(content["source"]))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise InputError(f"this JSON is no whole reading ({type(error).__name__}: {error})") from error


def _blank(source: Json) -> Picture:
    """A white picture of the right size that takes no memory."""
    rgb = np.broadcast_to(np.uint8(255), (source["height"], source["width"], 3))
    return Picture(name=source["name"], rgb=rgb, sha256=source["sha256"], notes=tuple(source.get("notes", ())))


def _to_reading(content: Json, picture: Picture) -> Reading:
    return Reading(
        picture=picture,
        panels=tuple(_to_panel(panel, number) for number, panel in enumerate(content["panels"], start=1)),
        reasons=_to_reasons(content["reasons"]),
        words=tuple(_to_word(word) for word in content.get("words", ())),
        settings=Settings(**content.get("settings", {})),
    )


def _to_float(value: float | str | None) -> float:
    if isinstance(value, str):
        stamp = datetime.fromisoformat(value)
        return (stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).timestamp()
    return math.nan if value is None else float(value)


def _to_box(edges: list[float] | None) -> Box | None:
    return None if edges is None else Box(*(float(edge) for edge in edges))


def _to_reasons(reasons: Iterable[Mapping[str, str]]) -> tuple[Reason, ...]:
    return tuple(Reason(code=reason["code"], message=reason["message"]) for reason in reasons)


def _to_color(text: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def _to_word(word: Json) -> Word:
    return Word(**{**word, "box": Box(*word["box"]), "color": _to_color(word["color"])})


def _to_axis(axis: Json | None) -> Axis | None:
    if axis is None:
        return None
    first, second = axis.get("covariance_px", ((0.0, 0.0), (0.0, 0.0)))
    return Axis(
        scale=axis["scale"],
        pixels=(float(axis["pixels"][0]), float(axis["pixels"][1])),
        values=(_to_float(axis["values"][0]), _to_float(axis["values"][1])),
        residual_px=axis["residual_px"],
        ticks=tuple(_to_tick(tick) for tick in axis["ticks"]),
        label=axis["label"],
        label_box=_to_box(axis.get("label_box")),
        unit=axis.get("unit"),
        labels=None if axis.get("labels") is None else tuple(axis["labels"]),
        confidence=axis.get("confidence", 1.0),
        covariance_px=((first[0], first[1]), (second[0], second[1])),
        doubts=_to_reasons(axis.get("doubts", ())),
    )


def _to_tick(tick: Json) -> Tick:
    value = None if tick["value"] is None else _to_float(tick["value"])
    return Tick(pixel=tick["pixel"], text=tick["text"], value=value, used=tick["used"], box=_to_box(tick.get("box")))


def _to_panel(panel: Json, number: int) -> Panel:
    box = Box(*(float(edge) for edge in panel["box"]))
    x_axis, y_axis, y2_axis = (_to_axis(panel[name]) for name in ("x_axis", "y_axis", "y2_axis"))
    legend = _to_legend(panel["legend"]) if panel.get("legend") else None
    layout = Layout(
        area=_to_area(panel, box),
        x_axis=x_axis,
        y_axis=y_axis,
        y2_axis=y2_axis,
        title=panel["title"],
        title_box=_to_box(panel.get("title_box")),
        legend=legend,
        no_data=tuple(Box(*edges) for edges in panel.get("no_data", ())),
    )
    return Panel(
        number=panel.get("number", number),
        box=box,
        title=panel["title"],
        x_axis=x_axis,
        y_axis=y_axis,
        y2_axis=y2_axis,
        series=tuple(
            _to_series(series, panel["status"], x_axis, y2_axis if series["axis"] == "y2" else y_axis)
            for series in panel["series"]
        ),
        legend=legend,
        status=panel["status"],
        reasons=_to_reasons(panel["reasons"]),
        layout=layout,
        dropped=tuple(Dropped(box=Box(*drop["box"]), why=drop["why"]) for drop in panel.get("dropped", ())),
    )


def _to_area(panel: Json, box: Box) -> PlotArea:
    """A plot area with its strokes; JSON of old knows gridlines by their positions alone."""
    background = _to_color(panel.get("background", "#ffffff"))
    if "rules" in panel:
        frame, x_grid, y_grid = (
            tuple(_to_rule(rule) for rule in panel["rules"][name]) for name in ("frame", "x_grid", "y_grid")
        )
        return PlotArea(box=box, background=background, frame=frame, x_grid=x_grid, y_grid=y_grid)
    gridlines = panel.get("gridlines", {})
    return PlotArea(
        box=box,
        background=background,
        x_grid=_to_gridlines(gridlines.get("x", ()), "vertical", box.top, box.bottom),
        y_grid=_to_gridlines(gridlines.get("y", ()), "horizontal", box.left, box.right),
    )


def _to_rule(rule: Json) -> Rule:
    start, end = rule["span"]
    return Rule(
        orientation=rule["orientation"],
        position_px=rule["position"],
        start_px=start,
        end_px=end,
        width_px=rule["width_px"],
        color=_to_color(rule["color"]),
    )


def _to_gridlines(
    positions: Iterable[float], orientation: Orientation, start_px: float, end_px: float
) -> tuple[Rule, ...]:
    """Gridlines across a plot area at the positions that were kept of them."""
    return tuple(
        Rule(
            orientation=orientation,
            position_px=position,
            start_px=start_px,
            end_px=end_px,
            width_px=1.0,
            color=(128, 128, 128),
        )
        for position in positions
    )


def _to_legend(legend: Json) -> Legend:
    entries = tuple(
        LegendEntry(
            name=entry["name"],
            word_box=Box(*entry["box"]),
            confidence=entry["confidence"],
            swatch=_to_swatch(entry["swatch"]),
        )
        for entry in legend["entries"]
    )
    return Legend(entries=entries, box=Box(*legend["box"]), title=legend["title"], direct=legend["direct"])


def _to_swatch(swatch: Json) -> Swatch:
    coverage = None
    if swatch.get("coverage"):
        levels = np.array([list(bytes.fromhex(row)) for row in swatch["coverage"]], np.float32)
        coverage = np.asarray(levels / 255, np.float32)
    return Swatch(
        box=Box(*swatch["box"]),
        color=_to_color(swatch["color"]),
        style=swatch["style"],
        kind=swatch["kind"],
        width_px=swatch.get("width_px"),
        coverage=coverage,
    )


def _to_series(series: Json, status: str, x_axis: Axis | None, y_axis: Axis | None) -> Series:
    if status == "refused":
        points = _to_points([])
        x_px, y_px = (_column(series["points"], name) for name in ("x_px", "y_px"))
    else:
        points = _to_points(series["points"])
        x_px = _to_pixels(points.x, x_axis)
        y_px = _to_pixels(points.y, y_axis)
    covered = np.zeros(len(x_px), dtype=np.bool_)
    for start, end in series.get("covered", ()):
        covered[start:end] = True
    trace = Trace(
        x_px=x_px,
        y_px=y_px,
        x_err_px=np.full(len(x_px), math.nan),
        y_err_px=np.full(len(x_px), math.nan),
        covered=covered,
        color=_to_color(series["color"]),
        width_px=series.get("width_px", 1.0),
        style=series["style"],
        entry=series.get("entry"),
        faint=series.get("faint", False),
        step=series.get("step", False),
        doubts=_to_reasons(series.get("doubts", ())),
    )
    return Series(
        name=series["name"],
        color=trace.color,
        style=series["style"],
        axis=series["axis"],
        points=points,
        trace=trace,
        samples=None if series["samples"] is None else _to_points(series["samples"]),
        samples_why=series.get("samples_why"),
        raw_of=series.get("raw_of"),
        confidence=series.get("confidence", 1.0),
    )


def _to_points(points: list[Json]) -> Points:
    x, y, x_err, y_err = (_column(points, name) for name in ("x", "y", "x_err", "y_err"))
    return Points(x=x, y=y, x_err=x_err, y_err=y_err)


def _column(points: list[Json], name: str) -> FloatArray:
    return np.array([_to_float(point[name]) for point in points], dtype=float)


def _to_pixels(values: FloatArray, axis: Axis | None) -> FloatArray:
    return np.full(len(values), math.nan) if axis is None else axis.to_pixel(values)
