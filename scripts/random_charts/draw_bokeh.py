"""Figures drawn by Bokeh in Chromium. Boxes come from the frames of its views, ranges from its models."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.random import Generator

from .browser import require_browser, shot
from .model import AxisSpec, Chart, Curve, Figure, MissingRendererError, Rendering, Values, abilities, drawn

ABLE = abilities(
    "grid native-grid cards page log reversed y2 band filled points markers all-markers hollow faint gaps "
    "step-pre refs notes inside right top bottom dash-legend legend-title"
)
DASHES = {"solid": "solid", "dashed": "dashed", "dotted": "dotted", "dashdot": "dotdash"}
MARKERS = {
    "o": "circle",
    "s": "square",
    "^": "triangle",
    "D": "diamond",
    "v": "inverted_triangle",
    "x": "x",
    "+": "cross",
}
ASK = """(() => { const out = [];
const visit = (view) => { if (view.frame && view.model.x_range) {
  const f = view.frame.bbox, r = view.el.getBoundingClientRect();
  // the canvas draws everything half a pixel down and to the right
  out.push([view.model.name, r.left + f.left + 0.5, r.top + f.top + 0.5, r.left + f.right + 0.5, r.top + f.bottom + 0.5,
    [view.model.x_range.start, view.model.x_range.end], [view.model.y_range.start, view.model.y_range.end]]); }
  for (const child of view.child_views || []) visit(child); };
for (const view of Object.values(Bokeh.index).concat(Bokeh.index.roots || [])) if (view) visit(view);
return out; })()"""


def require() -> None:
    """Raise MissingRendererError where Bokeh or Chromium is not installed."""
    require_browser()
    try:
        import bokeh  # noqa: F401
    except ImportError as error:
        raise MissingRendererError("bokeh is not installed (pip install bokeh)") from error


def render(figure: Figure, rng: Generator) -> Rendering:  # noqa: ARG001 - renderers are called alike
    """Draw a figure as a grid of Bokeh plots on one page."""
    require()
    import bokeh
    from bokeh.layouts import gridplot
    from bokeh.resources import INLINE

    size = figure.width // figure.columns, figure.height // figure.rows
    plots = [plot_of(chart, size, str(k)) for k, chart in enumerate(figure.charts)]
    rows = [plots[k : k + figure.columns] for k in range(0, len(plots), figure.columns)]
    html = page_of(gridplot(rows, toolbar_location=None), figure.charts[0].look.page, INLINE)
    image, answer = shot(html, (figure.width, figure.height), ASK)
    found = {a[0]: a for a in answer}
    panels = []
    for k, chart in enumerate(figure.charts):
        _, left, top, right, bottom, x, y = found[str(k)]
        unit = 1000.0 if chart.x.scale == "date" else 1.0
        panels.append(drawn(chart, (left, top, right, bottom), x_range=(x[0] / unit, x[1] / unit), y_range=tuple(y)))
    return Rendering(image=image, renderer=f"Bokeh {bokeh.__version__} in Chromium", panels=tuple(panels))


def page_of(layout: Any, color: str, resources: Any) -> str:
    from bokeh.embed import components

    script, place = components(layout)
    ready = "<script>setTimeout(() => { window.done = true; }, 900);</script>"
    return (
        f"<!doctype html><html><head><meta charset=utf-8>{resources.render()}</head>"
        f"<body style='margin:0;background:{color}'>{place}{script}{ready}</body></html>"
    )


def times(axis: AxisSpec, values: Values | list[float]) -> list[float]:
    """Values as Bokeh counts them: milliseconds on a date axis."""
    unit = 1000.0 if axis.scale == "date" else 1.0
    return [float(v) * unit for v in values]


def plot_of(chart: Chart, size: tuple[int, int], name: str) -> Any:
    from bokeh.core.properties import value
    from bokeh.models import LinearAxis, Range1d, Span
    from bokeh.plotting import figure as new_figure

    look = chart.look
    kinds = {"linear": "linear", "log": "log", "date": "datetime"}
    plot = new_figure(
        width=size[0],
        height=size[1],
        name=name,
        toolbar_location=None,
        title=chart.title or "",
        x_axis_type=kinds[chart.x.scale],
        y_axis_type=kinds[chart.y.scale],  # type: ignore[arg-type]
        x_range=Range1d(*times(chart.x, list(chart.x.ends))),
        y_range=Range1d(*chart.y.ends),
        x_axis_label=chart.x.label,
        y_axis_label=chart.y.label,
    )
    if chart.y2:
        plot.extra_y_ranges = {"y2": Range1d(*chart.y2.ends)}
        plot.add_layout(LinearAxis(y_range_name="y2", axis_label=chart.y2.label), "right")
    legends: list[tuple[str, list[Any]]] = []
    for curve in chart.curves:
        glyphs = draw_curve(plot, chart, curve)
        if not curve.faint:
            legends.append((curve.name or "", glyphs))
    for ref in chart.refs:
        place = times(chart.x, [ref.value])[0] if ref.axis == "x" else ref.value
        plot.add_layout(
            Span(
                location=place,
                dimension="width" if ref.axis == "y" else "height",
                line_color=ref.color,
                line_dash="dashed",
                level="underlay",
            )
        )
    for note in chart.notes:
        plot.text(
            [times(chart.x, [note.x])[0]],
            [note.y],
            [note.text],
            y_offset=-look.font_px,
            text_align="center",
            text_color=look.ink,
            text_font_size=f"{look.font_px}px",
            text_font=value(look.font),
        )
    if look.legend != "none":
        add_legend(plot, chart, legends)
    dress(plot, chart)
    return plot


def draw_curve(plot: Any, chart: Chart, curve: Curve) -> list[Any]:
    """The glyphs of one curve that its legend entry shows."""
    x, y = times(chart.x, curve.x), [v if math.isfinite(v) else math.nan for v in curve.y.tolist()]
    on: dict[str, Any] = {"y_range_name": "y2"} if curve.axis == "y2" else {}
    if curve.band is not None:
        plot.varea(x, curve.y - curve.band, curve.y + curve.band, color=curve.color, alpha=0.2, **on)
    if curve.filled:
        plot.varea(x, np.full(len(x), chart.y.low), curve.y, color=curve.color, alpha=0.2, **on)
    line: dict[str, Any] = {
        "line_color": curve.color,
        "line_width": curve.width,
        "line_dash": DASHES[curve.dash],
        "line_alpha": curve.opacity,
        "line_join": "round",
    }
    glyphs = []
    if curve.draw == "line":
        glyphs.append(plot.line(x, y, **line, **on))
    elif curve.draw != "points":
        mode = {"step-post": "after", "step-pre": "before", "step-mid": "center"}[curve.draw]
        glyphs.append(plot.step(x, y, mode=mode, **line, **on))
    if curve.marker:
        glyphs.append(
            plot.scatter(
                x,
                y,
                marker=MARKERS[curve.marker],
                size=curve.marker_size,
                line_color=curve.color,
                fill_color=chart.look.ground if curve.hollow else curve.color,
                **on,
            )
        )
    return glyphs


def add_legend(plot: Any, chart: Chart, entries: list[tuple[str, list[Any]]]) -> None:
    from bokeh.models import Legend

    look = chart.look
    legend = Legend(
        items=entries,
        title=look.legend_title,
        label_text_font=look.font,
        label_text_font_size=f"{look.font_px}px",
        label_text_color=look.ink,
        background_fill_color=look.ground,
        border_line_color=look.grid_color,
        border_line_alpha=1.0 if look.legend_frame else 0.0,
        location="_".join(look.corner) if look.legend == "inside" else "center",
        orientation="horizontal" if look.legend in ("top", "bottom") else "vertical",
        title_text_color=look.ink,
    )
    plot.add_layout(legend, {"inside": "center", "right": "right", "top": "above", "bottom": "below"}[look.legend])


def dress(plot: Any, chart: Chart) -> None:
    """Colours, fonts, frame, grid and tick formats."""
    from bokeh.models import CustomJSTickFormatter, NumeralTickFormatter

    look = chart.look
    plot.background_fill_color, plot.border_fill_color = look.ground, look.page
    plot.outline_line_color = look.ink if look.frame == "box" else None
    plot.title.text_color, plot.title.text_font_size = look.ink, f"{look.title_px}px"
    plot.title.text_font, plot.title.align = look.font, "left" if look.title_left else "center"
    size = f"{look.font_px}px"
    plot.axis.major_label_text_font_size = plot.axis.axis_label_text_font_size = size
    plot.axis.major_label_text_font = plot.axis.axis_label_text_font = look.font
    plot.axis.major_label_text_color = plot.axis.axis_label_text_color = look.ink
    plot.axis.axis_line_color = look.ink if look.frame in ("box", "open") else None
    plot.axis.major_tick_line_color = look.ink if look.ticks != "none" else None
    plot.axis.minor_tick_line_color = look.ink if look.minor else None
    if look.ticks == "in":
        plot.axis.major_tick_in, plot.axis.major_tick_out = 6, 0
    plot.grid.grid_line_color, plot.grid.grid_line_dash = look.grid_color, DASHES[look.grid_dash]
    if look.grid in ("none", "y"):
        plot.xgrid.grid_line_color = None
    if look.grid in ("none", "x"):
        plot.ygrid.grid_line_color = None
    formats = {"si": "0.[0]a", "thousands": "0,0", "percent": None, "comma": None}
    if formats.get(chart.y.form):
        plot.yaxis[0].formatter = NumeralTickFormatter(format=formats[chart.y.form])
    elif chart.y.form == "percent":
        plot.yaxis[0].formatter = CustomJSTickFormatter(code="return String(+tick.toPrecision(6)) + '%'")
    elif chart.y.form == "comma":
        plot.yaxis[0].formatter = CustomJSTickFormatter(code="return String(+tick.toPrecision(6)).replace('.', ',')")
