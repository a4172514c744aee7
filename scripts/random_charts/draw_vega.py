"""Figures drawn by Vega-Lite through vl-convert. Boxes come from the scenegraph's group marks."""

from __future__ import annotations

import io
import math
import re
from typing import Any

from numpy.random import Generator
from PIL import Image

from .looks import SERIF, pick
from .model import AxisSpec, Chart, Curve, Figure, MissingRendererError, Rendering, abilities, drawn
from .truth import iso

ABLE = abilities(
    "grid cards page log category reversed y2 band errors filled points markers hollow faint gaps step-pre "
    "refs right top bottom left inside columns dash-legend legend-title"
)
DASHES = {"solid": [], "dashed": [6, 4], "dotted": [1.5, 3], "dashdot": [8, 4, 2, 4]}
SHAPES = {"o": "circle", "s": "square", "^": "triangle-up", "D": "diamond", "v": "triangle-down", "+": "cross"}
FORMATS = {"si": "~s", "thousands": ",.0f", "scientific": "~e", "offset": "~e", "year": "d"}
PLACES = {"right": "right", "left": "left", "top": "top", "bottom": "bottom", "inside": ""}


def require() -> None:
    """Raise MissingRendererError where vl-convert is not installed."""
    try:
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise MissingRendererError("vl-convert is not installed (pip install vl-convert-python)") from error


def render(figure: Figure, rng: Generator) -> Rendering:
    """Draw a figure of one chart."""
    require()
    import vl_convert

    chart = figure.charts[0]
    ratio = float(pick(rng, [1, 1, 1.5, 2])) if figure.width * figure.height < 900_000 else 1.0
    spec = chart_spec(chart, figure)
    image = Image.open(io.BytesIO(vl_convert.vegalite_to_png(spec, scale=ratio, ppi=72)))
    left, top = plot_origin(vl_convert.vegalite_to_svg(spec))
    wide, high = spec["width"], spec["height"]
    box = tuple(ratio * v for v in (left, top, left + wide, top + high))
    ends = chart.x.ends
    if chart.x.labels is not None:
        ends = (-0.5, len(chart.x.labels) - 0.5)
    panel = drawn(chart, box, x_range=ends, stroke_scale=ratio)  # type: ignore[arg-type]
    return Rendering(
        image=image.convert("RGB"), renderer=f"Vega-Lite (vl-convert {vl_convert.__version__})", panels=(panel,)
    )


def plot_origin(svg: str) -> tuple[float, float]:
    """Where the plot area starts in the picture: the translation of the root, whose origin is the plot area's."""
    found = re.search(r'<g[^>]*transform="translate\(([-\d.]+),([-\d.]+)\)"', svg)
    if not found:
        raise ValueError("the picture has no root group")
    return float(found[1]), float(found[2])


def rows_of(chart: Chart, curve: Curve) -> list[dict[str, Any]]:
    """The data of a curve as Vega reads them; NaN becomes null, which breaks a line."""
    rows = []
    for k, (x, y) in enumerate(zip(curve.x, curve.y, strict=True)):
        row: dict[str, Any] = {"y": float(y) if math.isfinite(y) else None, "name": curve.name or ""}
        row["x"] = iso(float(x)) if chart.x.scale == "date" else float(x)
        if chart.x.labels is not None:
            row["x"] = chart.x.labels[int(x)]
        spread = curve.band if curve.band is not None else curve.errors
        if spread is not None and math.isfinite(y):
            row["low"], row["high"] = float(y - spread[k]), float(y + spread[k])
        rows.append(row)
    return rows


def encoding(axis: AxisSpec, which: str, chart: Chart) -> dict[str, Any]:
    look = chart.look
    shown: dict[str, Any] = {
        "title": axis.label,
        "grid": look.grid in (which, "both"),
        "ticks": look.ticks != "none",
        "tickCount": 6 if which == "x" else 7,
        "domain": look.frame in ("box", "open") or (look.frame == "bottom" and which == "x"),
    }
    if axis.scale != "date" and axis.form in FORMATS:
        shown["format"] = FORMATS[axis.form]
    if axis.form in ("percent", "comma"):
        texts = {"percent": "datum.value + '%'", "comma": "replace(format(datum.value, '~g'), '.', ',')"}
        shown["labelExpr"] = texts[axis.form]
    if axis.labels is not None:
        return {"field": which, "type": "ordinal", "sort": list(axis.labels), "axis": shown | {"labelAngle": 0}}
    domain = [iso(v) if axis.scale == "date" else v for v in (axis.low, axis.high)]
    scale: dict[str, Any] = {"domain": domain, "nice": False, "zero": False, "clamp": False, "reverse": axis.reversed}
    scale["type"] = {"date": "utc", "log": "log"}.get(axis.scale, "linear")
    kind = "temporal" if axis.scale == "date" else "quantitative"
    return {"field": which, "type": kind, "scale": scale, "axis": shown}


def layers_of(chart: Chart, curve: Curve) -> list[dict[str, Any]]:
    """The marks of one curve: band, error bars, area, line, points."""
    axis = chart.y2 if curve.axis == "y2" and chart.y2 else chart.y
    y = encoding(axis, "y", chart)
    if curve.axis == "y2":
        y["axis"] |= {"orient": "right", "grid": False}
    base = {"x": encoding(chart.x, "x", chart), "y": y}
    data = {"values": rows_of(chart, curve)}
    interpolate = {"step-post": "step-after", "step-pre": "step-before", "step-mid": "step"}.get(curve.draw, "linear")
    marks: list[dict[str, Any]] = []
    if curve.band is not None or curve.errors is not None:
        kind = {"type": "area", "opacity": 0.2} if curve.band is not None else {"type": "rule", "strokeWidth": 1}
        spread = {**base, "y": {**y, "field": "low"}, "y2": {"field": "high"}}
        marks.append({"mark": {**kind, "color": curve.color, "clip": True}, "encoding": spread})
    if curve.filled:
        marks.append({"mark": {"type": "area", "color": curve.color, "opacity": 0.2, "clip": True}, "encoding": base})
    named = chart.look.legend != "none" and not curve.faint
    color = name_encoding(chart) if named else {}
    fixed = {} if named else {"color": curve.color}
    if curve.draw != "points":
        line_color = {key: value for key, value in color.items() if key != "shape"}
        line = {
            "type": "line",
            "strokeWidth": curve.width,
            "strokeDash": DASHES[curve.dash],
            "opacity": curve.opacity,
            "interpolate": interpolate,
            "clip": True,
        }
        marks.append({"mark": line | fixed, "encoding": base | line_color})
    if curve.marker:
        point = {
            "type": "point",
            "shape": SHAPES.get(curve.marker, "circle"),
            "size": curve.marker_size**2 * 0.8,
            "filled": not curve.hollow,
            "opacity": 1,
            "clip": True,
        }
        if curve.hollow:
            point["fill"] = chart.look.ground
        point_color = {key: value for key, value in color.items() if key != "strokeDash"}
        if "shape" in point_color:
            del point["shape"]
        marks.append({"mark": point | fixed, "encoding": base | point_color})
    return [{"data": data, **mark} for mark in marks]


def name_encoding(chart: Chart) -> dict[str, Any]:
    """Colour by name, and dash and marker too where they tell curves apart, so that the legend shows them."""
    curves = [c for c in chart.curves if not c.faint]
    names = [c.name for c in curves]
    ranges: dict[str, list[Any]] = {"color": [c.color for c in curves]}
    if any(c.dash != "solid" for c in curves):
        ranges["strokeDash"] = [DASHES[c.dash] for c in curves]
    if len({c.marker for c in curves}) > 1:
        ranges["shape"] = [SHAPES.get(c.marker or "o", "circle") for c in curves]
    return {
        channel: {
            "field": "name",
            "type": "nominal",
            "title": chart.look.legend_title,
            "scale": {"domain": names, "range": values},
        }
        for channel, values in ranges.items()
    }


def chart_spec(chart: Chart, figure: Figure) -> dict[str, Any]:
    """The Vega-Lite specification of a chart."""
    look = chart.look
    sides = {side: [la for c in chart.curves if c.axis == side for la in layers_of(chart, c)] for side in ("y", "y2")}
    layers: list[dict[str, Any]] = [{"layer": own} for own in sides.values() if own] if chart.y2 else sides["y"]
    for ref in chart.refs:
        value: Any = iso(ref.value) if ref.axis == "x" and chart.x.scale == "date" else ref.value
        spec = encoding(chart.x if ref.axis == "x" else chart.y, ref.axis, chart) | {"field": "v"}
        rule = {"type": "rule", "color": ref.color, "strokeDash": [5, 4]}
        layers.insert(0, {"data": {"values": [{"v": value}]}, "mark": rule, "encoding": {ref.axis: spec}})
    # Text in a font that is not installed is left out without a word.
    font = f"{look.font}, {'serif' if look.font in SERIF else 'sans-serif'}"
    text = {
        "labelFont": font,
        "titleFont": font,
        "labelFontSize": look.font_px,
        "titleFontSize": look.font_px,
        "labelColor": look.ink,
        "titleColor": look.ink,
        "titleFontWeight": "normal",
    }
    room = look.font_px * 6
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": round(max(figure.width - room * (3 if look.legend == "right" else 2), 240)),
        "height": round(max(figure.height - room * 1.3, 160)),
        "padding": round(look.font_px),
        "background": look.page,
        "title": {"text": chart.title, "anchor": "start" if look.title_left else "middle"} if chart.title else None,
        "layer": layers,
        "resolve": {"scale": {"y": "independent" if chart.y2 else "shared"}},
        "config": {
            "view": {"fill": look.ground, "stroke": look.ink if look.frame == "box" else None},
            "axis": text
            | {
                "gridColor": look.grid_color,
                "gridDash": DASHES[look.grid_dash],
                "domainColor": look.ink,
                "tickColor": look.ink,
                "labelOverlap": True,
                "labelSeparation": look.font_px,
            },
            "legend": text
            | {
                "orient": PLACES.get(look.legend, "right") or "-".join(look.corner),
                "symbolType": "circle" if any(c.draw == "points" for c in chart.curves) else "stroke",
                "symbolStrokeWidth": max(chart.curves[0].width, 2),
                "columns": look.legend_columns,
                "padding": 6,
                "fillColor": look.ground if look.legend == "inside" else None,
            },
            "title": {"font": font, "fontSize": look.title_px, "color": look.ink},
            "font": font,
        },
    }
