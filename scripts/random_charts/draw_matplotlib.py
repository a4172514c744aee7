"""Figures drawn by matplotlib. Boxes come from the axes' window extents, ranges from the axes' own limits."""

from __future__ import annotations

import functools
import itertools
import operator
from typing import Any

import numpy as np
from numpy.random import Generator
from PIL import Image

from .looks import SERIF, pick
from .model import AxisSpec, Chart, Curve, Drawn, Figure, Look, MissingRendererError, Rendering, abilities, drawn

ABLE = abilities(
    "grid native-grid cards page shared figure-legend figure-title log category reversed y2 band errors filled "
    "points markers all-markers hollow faint gaps step-pre refs notes bars offset inside right top bottom left "
    "direct columns legend-title dash-legend"
)
DPI = 100
POINT = 72 / DPI
DAY = 86400.0
LINE_STYLES = {"solid": "-", "dashed": "--", "dotted": ":", "dashdot": "-."}
DRAW_STYLES = {"line": "default", "step-post": "steps-post", "step-pre": "steps-pre", "step-mid": "steps-mid"}


def require() -> None:
    """Raise MissingRendererError where matplotlib is not installed."""
    try:
        import matplotlib
    except ImportError as error:
        raise MissingRendererError("matplotlib is not installed (pip install matplotlib)") from error
    matplotlib.use("Agg")


def render(figure: Figure, rng: Generator) -> Rendering:
    """Draw a figure; `rng` decides what only matplotlib can do (date formats, minor ticks, mathtext fonts)."""
    require()
    import matplotlib
    import matplotlib.pyplot as plt

    look = figure.charts[0].look
    with plt.rc_context(settings(look, rng)):
        canvas, axes = plt.subplots(
            figure.rows,
            figure.columns,
            figsize=(figure.width / DPI, figure.height / DPI),
            dpi=DPI,
            layout="constrained",
            facecolor=look.page,
            sharex=figure.shared_x,
            squeeze=False,
        )
        canvas.get_layout_engine().set(w_pad=0.08, h_pad=0.08)  # type: ignore[call-arg, union-attr]
        twins = []
        dates = pick(rng, ["auto", "auto", "concise", "stacked", "iso"])
        for number, (ax, chart) in enumerate(zip(axes.flat, figure.charts, strict=True)):
            twins.append(draw_chart(ax, chart, dates))
            if legend_wanted(figure, number):
                add_legend(ax, twins[-1], chart, single=len(figure.charts) == 1)
        if figure.shared_x:
            for ax in axes[:-1].flat:
                ax.set_xlabel("")
        if figure.legend_for == "figure":
            figure_legend(canvas, axes.flat[0], look)
        if figure.title:
            canvas.suptitle(figure.title, fontsize=look.title_px * 1.15 * POINT)
        settle(canvas, axes)
        image = Image.fromarray(np.asarray(canvas.canvas.buffer_rgba()).copy())  # type: ignore[attr-defined]
        panels = tuple(
            measured(ax, twin, chart)
            for ax, twin, chart in zip(axes.flat, twins, figure.charts, strict=True)
            if chart.kind == "line"
        )
        plt.close(canvas)
    return Rendering(image=image.convert("RGB"), renderer=f"matplotlib {matplotlib.__version__}", panels=panels)


def settings(look: Look, rng: Generator) -> dict[str, Any]:
    """Matplotlib's settings for a look."""
    size = look.font_px * POINT
    inward = look.ticks == "in"
    length = 0 if look.ticks == "none" else 0.28 * size
    serif = look.font in SERIF
    chosen: dict[str, Any] = {
        "font.family": look.font,
        "font.size": size,
        "mathtext.fontset": pick(rng, ["cm", "stix"]) if serif else "dejavusans",
        "axes.unicode_minus": bool(rng.random() < 0.7),
        "axes.formatter.useoffset": False,
        "axes.titlesize": look.title_px * POINT,
        "axes.titlelocation": "left" if look.title_left else "center",
        "axes.titleweight": pick(rng, ["normal", "normal", "bold"]),
        "axes.titlecolor": look.ink,
        "axes.labelcolor": look.ink,
        "axes.edgecolor": look.ink,
        "axes.facecolor": look.ground,
        "axes.linewidth": max(0.055 * size, 0.5),
        "text.color": look.ink,
        "xtick.color": look.ink,
        "ytick.color": look.ink,
        "xtick.labelsize": size * float(rng.uniform(0.85, 1)),
        "ytick.labelsize": size * float(rng.uniform(0.85, 1)),
        "legend.fontsize": size * float(rng.uniform(0.85, 1)),
        "legend.frameon": look.legend_frame,
        "legend.facecolor": look.ground,
        "legend.edgecolor": look.grid_color,
        "legend.framealpha": float(pick(rng, [0.8, 1.0, 0.6])),
        "legend.handlelength": float(rng.uniform(1.3, 2.6)),
        "grid.color": look.grid_color,
        "grid.linestyle": LINE_STYLES[look.grid_dash],
        "grid.linewidth": max(0.06 * size, 0.5),
        "axes.axisbelow": True,
        "figure.facecolor": look.page,
    }
    for axis in ("x", "y"):
        chosen[f"{axis}tick.direction"] = "in" if inward else "out"
        chosen[f"{axis}tick.major.size"] = length
        chosen[f"{axis}tick.minor.size"] = length * 0.55
        chosen[f"{axis}tick.minor.visible"] = look.minor
        chosen[f"{axis}tick.{'top' if axis == 'x' else 'right'}"] = inward and look.frame == "box"
    return chosen


def draw_chart(ax: Any, chart: Chart, dates: str) -> Any:
    """Draw one chart into an axes; returns the axes of the second y axis, None where there is none."""
    look = chart.look
    if chart.kind == "bar":
        bars = chart.curves[0]
        ax.bar(bars.x, bars.y, color=bars.color, width=0.7)
    twin = ax.twinx() if chart.y2 else None
    if chart.kind == "line":
        for curve in chart.curves:
            draw_curve(twin if curve.axis == "y2" else ax, chart, curve)
    for ref in chart.refs:
        line = ax.axhline if ref.axis == "y" else ax.axvline
        place = on_axis(chart.x, np.array([ref.value]))[0] if ref.axis == "x" else ref.value
        line(place, color=ref.color, ls=LINE_STYLES[ref.dash], lw=0.09 * look.font_px, zorder=1.5)
    set_axis(ax.xaxis, chart.x, dates)
    set_axis(ax.yaxis, chart.y, dates)
    if twin is not None and chart.y2:
        set_axis(twin.yaxis, chart.y2, dates)
        twin.set_ylabel(chart.y2.label or "")
        twin.tick_params(axis="y", which="both", left=False, right=look.ticks != "none")
        twin.spines[["top", "left"]].set_visible(False)
        twin.spines["right"].set_color(look.ink)
        ax.tick_params(axis="y", which="both", right=False)
    ax.set_xlabel(chart.x.label or "")
    ax.set_ylabel(chart.y.label or "")
    ax.set_title(chart.title or "")
    set_frame(ax, twin, look)
    for text in chart.notes:
        add_note(ax, chart, text.x, text.y, text.text, text.arrow)
    if look.legend == "direct" and chart.kind == "line":
        direct_labels(ax, chart)
    return twin


def on_axis(spec: AxisSpec, values: np.ndarray) -> np.ndarray:
    """Values as matplotlib counts them: days since 1970 on a date axis."""
    return values / DAY if spec.scale == "date" else values


def draw_curve(ax: Any, chart: Chart, curve: Curve) -> None:
    x = on_axis(chart.x, curve.x)
    label = "_raw" if curve.faint or curve.name is None else curve.name
    face = chart.look.ground if curve.hollow else curve.color
    style: dict[str, Any] = {"marker": curve.marker, "ms": curve.marker_size * POINT, "mfc": face, "mec": curve.color}
    if curve.draw == "points":
        ax.plot(x, curve.y, ls="", color=curve.color, label=label, **style)
    else:
        ax.plot(
            x,
            curve.y,
            ls=LINE_STYLES[curve.dash],
            drawstyle=DRAW_STYLES[curve.draw],
            lw=curve.width * POINT,
            color=curve.color,
            alpha=curve.opacity,
            label=label,
            **style,
        )
    if curve.band is not None:
        ax.fill_between(x, curve.y - curve.band, curve.y + curve.band, color=curve.color, alpha=0.2, lw=0)
    if curve.errors is not None:
        ax.errorbar(
            x,
            curve.y,
            curve.errors,
            fmt="none",
            ecolor=curve.color,
            elinewidth=0.7 * curve.width * POINT,
            capsize=0.7 * curve.marker_size * POINT,
        )
    if curve.filled:
        ax.fill_between(x, curve.y, chart.y.low, color=curve.color, alpha=0.2, lw=0)


def set_axis(axis: Any, spec: AxisSpec, dates: str) -> None:
    """Scale, limits and tick format of one axis."""
    import matplotlib.dates as mdates
    import matplotlib.ticker as mt

    which = axis.axis_name
    getattr(axis.axes, f"set_{which}scale")("log" if spec.scale == "log" else "linear")
    low, high = on_axis(spec, np.array(spec.ends))
    getattr(axis.axes, f"set_{which}lim")(low, high)
    if spec.labels is not None:
        axis.set_ticks(range(len(spec.labels)), spec.labels)
        axis.set_minor_locator(mt.NullLocator())
    elif spec.scale == "date":
        locator = mdates.AutoDateLocator(minticks=3, maxticks=7)
        axis.set_major_locator(locator)
        axis.set_major_formatter(date_format(locator, spec, dates))
        axis.set_minor_locator(mt.NullLocator())
    elif spec.scale == "linear":
        axis.set_major_formatter(number_format(spec.form))
        if spec.form == "year":
            axis.set_major_locator(mt.MaxNLocator("auto", integer=True))
        if spec.form == "offset":
            axis.get_major_formatter().set_powerlimits((-2, 4))
    elif spec.form == "plain":
        axis.set_major_locator(mt.LogLocator(2, numticks=14))
        axis.set_major_formatter(mt.StrMethodFormatter("{x:g}"))
        axis.set_minor_locator(mt.NullLocator())


def date_format(locator: Any, spec: AxisSpec, dates: str) -> Any:
    import matplotlib.dates as mdates

    days = (spec.high - spec.low) / DAY
    if dates == "concise":
        return mdates.ConciseDateFormatter(locator, show_offset=days > 2)
    if dates == "stacked" and 100 < days < 1500:
        return mdates.DateFormatter("%b\n%Y")
    if dates == "iso" and 10 < days < 3000:
        return mdates.DateFormatter("%Y-%m-%d" if days < 100 else "%Y-%m")
    if days < 2:
        return mdates.DateFormatter("%H:%M")
    return mdates.AutoDateFormatter(locator)


def number_format(form: str) -> Any:
    import matplotlib.ticker as mt

    if form == "percent":
        return mt.FuncFormatter(lambda v, _: f"{v:g}%")
    if form == "si":
        return mt.EngFormatter(sep="")
    if form == "thousands":
        return mt.StrMethodFormatter("{x:,.0f}")
    if form == "comma":
        return mt.FuncFormatter(lambda v, _: f"{v:g}".replace(".", ","))
    if form == "scientific":
        return mt.FuncFormatter(lambda v, _: "0" if v == 0 else f"{v:.1e}")
    formatter = mt.ScalarFormatter(useOffset=False)
    formatter.set_scientific(form == "offset")
    return formatter


def set_frame(ax: Any, twin: Any, look: Look) -> None:
    for each in (a for a in (ax, twin) if a is not None):
        shown = {"box": "top right left bottom", "open": "left bottom", "bottom": "bottom", "none": ""}[look.frame]
        for side in ("top", "right", "left", "bottom"):
            each.spines[side].set_visible(side in shown.split() and not (each is twin and side in ("left", "top")))
    if twin is not None and look.frame in ("box", "open"):
        twin.spines["right"].set_visible(True)
        ax.spines["right"].set_visible(False)
    if look.grid != "none":
        ax.grid(True, axis=look.grid)


def add_note(ax: Any, chart: Chart, x: float, y: float, text: str, arrow: bool) -> None:
    place = on_axis(chart.x, np.array([x]))[0]
    above = y < (chart.y.low + chart.y.high) / 2
    ax.annotate(
        text,
        (place, y),
        xytext=(chart.look.font_px, chart.look.font_px * (2 if above else -2.5)),
        textcoords="offset points",
        ha="center",
        arrowprops={"arrowstyle": "->", "color": chart.look.ink, "lw": 0.8} if arrow else None,
        color=chart.look.ink,
    )


def direct_labels(ax: Any, chart: Chart) -> None:
    """Names at the curves' right ends, pushed apart where they would touch."""
    look = chart.look
    height = look.font_px * 1.25 / (ax.figure.bbox.height / ax.get_gridspec().nrows * 0.72)
    at_right = [c for c in chart.curves if not c.faint]
    span = chart.y.ends[1] - chart.y.ends[0]
    places = [(c.y[np.isfinite(c.y)][-1] - chart.y.ends[0]) / span for c in at_right]
    order = np.argsort(places)
    free = -1.0
    for k in order:
        free = max(min(max(places[k], 0), 1), free + height)
        ax.annotate(
            at_right[k].name,
            (1, free),
            xycoords="axes fraction",
            xytext=(4, 0),
            textcoords="offset points",
            color=at_right[k].color,
            va="center",
            annotation_clip=False,
        )


def legend_wanted(figure: Figure, number: int) -> bool:
    chart = figure.charts[number]
    if chart.look.legend in ("none", "direct") or chart.kind != "line":
        return False
    return figure.legend_for == "each" or (figure.legend_for == "first" and number == 0)


def add_legend(ax: Any, twin: Any, chart: Chart, single: bool) -> None:
    """The legend of one panel: inside, or at one of its sides."""
    look = chart.look
    pairs = [a.get_legend_handles_labels() for a in (ax, twin) if a is not None]
    handles, names = [functools.reduce(operator.iadd, (list(p[k]) for p in pairs), []) for k in (0, 1)]
    outside = {"right": "right upper", "left": "left upper", "top": "upper center", "bottom": "lower center"}
    if single and look.legend in outside:
        columns = look.legend_columns if look.legend in ("top", "bottom") else 1
        ax.figure.legend(handles, names, loc=f"outside {outside[look.legend]}", ncols=columns, title=look.legend_title)
        return
    if look.legend == "right" and twin is None:
        ax.legend(handles, names, loc="upper left", bbox_to_anchor=(1.01, 1), borderaxespad=0, title=look.legend_title)
    elif look.legend == "bottom":
        ax.legend(handles, names, loc="upper center", bbox_to_anchor=(0.5, -0.24), ncols=look.legend_columns)
    else:
        owner = twin if twin is not None else ax  # a legend of the axes below would lie beneath the second axes' lines
        owner.legend(handles, names, loc="best", title=look.legend_title)


def figure_legend(canvas: Any, ax: Any, look: Look) -> None:
    places = {"right": "outside right upper", "left": "outside left upper", "bottom": "outside lower center"}
    handles, names = ax.get_legend_handles_labels()
    beside = look.legend in ("right", "left")
    canvas.legend(
        handles, names, loc=places.get(look.legend, "outside upper center"), ncols=1 if beside else len(names)
    )


def settle(canvas: Any, axes: Any) -> None:
    """Draw until the layout rests, and thin out x tick labels that touch one another."""
    canvas.canvas.draw()
    for ax in axes.flat:
        for _ in range(3):
            if not touching(ax):
                break
            thin_out(ax)
            canvas.canvas.draw()
    canvas.canvas.draw()


def touching(ax: Any) -> bool:
    boxes = [t.get_window_extent() for t in ax.get_xticklabels() if t.get_visible() and t.get_text()]
    boxes.sort(key=lambda b: b.x0)
    return any(a.x1 + 4 > b.x0 for a, b in itertools.pairwise(boxes))


def thin_out(ax: Any) -> None:
    import matplotlib.ticker as mt

    places, texts = list(ax.get_xticks()), [t.get_text() for t in ax.get_xticklabels()]
    ax.xaxis.set_major_locator(mt.FixedLocator(places[::2]))
    formatter = ax.xaxis.get_major_formatter()
    if isinstance(formatter, mt.FixedFormatter) or len(texts) == len(places):
        ax.xaxis.set_major_formatter(mt.FixedFormatter(texts[::2]))
    ax.xaxis.set_minor_locator(mt.NullLocator())


def measured(ax: Any, twin: Any, chart: Chart) -> Drawn:
    """Where the axes came to lie, and its limits as they are."""
    height = ax.figure.canvas.get_width_height()[1]
    extent = ax.get_window_extent()
    unit = DAY if chart.x.scale == "date" else 1.0
    left, right = ax.get_xlim()
    return drawn(
        chart,
        (extent.x0, height - extent.y1, extent.x1, height - extent.y0),
        x_range=(left * unit, right * unit),
        y_range=tuple(float(v) for v in ax.get_ylim()),
        y2_range=tuple(float(v) for v in twin.get_ylim()) if twin is not None else None,
        x_label=ax.get_xlabel() or None,
        title=chart.title,
    )
