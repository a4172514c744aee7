"""Random figures: topics dressed in looks, set in grids, cards and pages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from . import curves as shapes
from . import looks, words
from .looks import pick
from .model import AxisSpec, Chart, Curve, Figure, Look, Note, RefLine
from .topics import Able, Topic, log_limits, nice_limits, random_topic, training
from .truth import share

SIZES = [
    (640, 480),
    (640, 400),
    (720, 450),
    (800, 500),
    (800, 600),
    (900, 480),
    (1000, 600),
    (1200, 640),
    (560, 420),
    (480, 360),
    (400, 300),
    (1400, 800),
    (1600, 900),
    (2000, 1200),
]
GRIDS = [(1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2), (1, 4), (3, 3), (3, 4)]
PLACES = ["inside"] * 6 + ["right"] * 5 + ["top"] * 3 + ["bottom"] * 3 + ["direct"] * 2 + ["left"]
LARGEST = (4000, 2000)
NO_LINES = 0.04
LEAST_PANEL = (330, 240)


def random_figure(rng: Generator, able: Able) -> Figure:
    """A figure of one chart or of a grid."""
    if "grid" in able and rng.random() < 0.3:
        return random_grid(rng, able)
    width, height = pick(rng, SIZES)
    if rng.random() < 0.02:
        width, height = LARGEST
    topic = random_topic(rng, able)
    if "page" in able and rng.random() < 0.12:
        setting = "page"
    else:
        setting = "cards" if "cards" in able and rng.random() < 0.15 else "plain"
    chart = dressed(rng, able, topic, look_for(rng, able, topic, (width, height)))
    figure_tags = tags_of(chart, topic)
    if "bars" in able and rng.random() < NO_LINES:
        chart, figure_tags = bar_chart(chart), ("bars",)
    return Figure(charts=(chart,), width=width, height=height, setting=setting, tags=figure_tags)  # type: ignore[arg-type]


def random_grid(rng: Generator, able: Able) -> Figure:
    """Several panels of one look; often the metrics of the same runs."""
    rows, columns = pick(rng, GRIDS)
    scale = float(rng.uniform(1.0, 1.4)) if rows * columns < 7 else 1.0
    size = int(LEAST_PANEL[0] * scale), int(LEAST_PANEL[1] * scale)
    same_runs = rng.random() < 0.6
    first = training(rng, able) if same_runs else random_topic(rng, able)
    look = look_for(rng, able, first, size)
    shared_x = bool("shared" in able and rows > 1 and rng.random() < 0.35)
    made, runs = [], [c.name for c in first.curves if not c.faint]
    for _ in range(rows * columns):
        topic = training(rng, able) if same_runs else random_topic(rng, able)
        if same_runs:
            topic = of_runs(topic, runs)
        made.append(topic)
    if shared_x:
        made = [replace(first, title=made[0].title)] + [sharing_x(rng, first) for _ in made[1:]]
    alike = same_runs or shared_x
    palette = looks.colors_for(rng, max(len(runs), 1), look.ground) if alike else None
    wardrobe = int(rng.integers(1 << 31))
    charts = [dressed(np.random.default_rng(wardrobe) if alike else rng, able, topic, look, palette) for topic in made]
    legend_for = "each"
    if alike and look.legend not in ("none", "direct"):
        legend_for = pick(rng, ["each", "first", "figure"] if "figure-legend" in able else ["each"])
    if "bars" in able and rng.random() < 0.08 and not shared_x:
        charts[-1] = bar_chart(charts[-1])
    tags = {tag for topic, chart in zip(made, charts, strict=True) for tag in tags_of(chart, topic)}
    return Figure(
        charts=tuple(charts),
        width=size[0] * columns,
        height=size[1] * rows,
        rows=rows,
        columns=columns,
        title=pick(rng, words.PAGE_TITLES) if "figure-title" in able and rng.random() < 0.25 else None,
        shared_x=shared_x,
        legend_for=legend_for,  # type: ignore[arg-type]
        setting="cards" if "cards" in able and rng.random() < 0.4 else "plain",
        tags=(*sorted(tags), f"grid-{rows}x{columns}", *(("shared-axis",) if shared_x else ())),
    )


def of_runs(topic: Topic, runs: list[str | None]) -> Topic:
    """The topic's curves under the names of the first panel's runs, as many as there are."""
    own = list(dict.fromkeys(c.name for c in topic.curves))[: len(runs)]
    renamed = dict(zip(own, runs, strict=False))
    return replace(topic, curves=tuple(replace(c, name=renamed[c.name]) for c in topic.curves if c.name in renamed))


def sharing_x(rng: Generator, first: Topic) -> Topic:
    """Another panel over the first one's x values."""
    made = []
    for curve in first.curves:
        low, high = float(np.nanmin(curve.y)), float(np.nanmax(curve.y))
        if first.y.scale == "log":
            made.append(replace(curve, y=curve.y ** float(rng.uniform(0.6, 1.2))))
            continue
        span = (high - low) or 1.0
        wave = shapes.waves(rng, len(curve.x)) if "step" not in curve.draw else shapes.queue(rng, len(curve.x))
        made.append(replace(curve, y=low + span * (0.6 * wave + 0.2)))
    known = np.concatenate([c.y[np.isfinite(c.y)] for c in made])
    low, high = float(known.min()), float(known.max())
    pad = 0.05 * (high - low or 1.0)
    if first.y.scale == "log":
        low, high = log_limits(low, high, whole=False)
        axis = replace(first.y, low=low, high=high)
    else:
        axis = replace(first.y, low=low - pad, high=high + pad)
    return replace(first, curves=tuple(made), y=axis, title=pick(rng, words.TITLES["science"]))


def look_for(rng: Generator, able: Able, topic: Topic, size: tuple[int, int]) -> Look:
    names = {c.name for c in topic.curves}
    places = [p for p in PLACES if p in able]
    if "log-y" in topic.tags or topic.x.scale == "category":
        places = [p for p in places if p != "direct"]
    legends = ["none"] if rng.random() < (0.6 if len(names) == 1 else 0.08) else places
    dark = bool(not topic.paper and rng.random() < 0.22)
    look = looks.random_look(rng, dark=dark, paper=topic.paper, size=size, legends=legends)
    if look.legend in ("top", "bottom") and "columns" in able:
        room = max(int(size[0] / (look.font_px * 11)), 1)
        look = replace(look, legend_columns=min(len(names), room))
    if look.legend in ("inside", "right") and "legend-title" in able and rng.random() < 0.12:
        look = replace(look, legend_title=pick(rng, ["series", "run", "group", "method"]))
    return look


def dressed(rng: Generator, able: Able, topic: Topic, look: Look, palette: list[str] | None = None) -> Chart:
    """The topic as a chart: colours, widths, dashes, markers, and what else is drawn into it."""
    names = list(dict.fromkeys(c.name for c in topic.curves))
    ink_px = look.font_px / 10
    width = round(float(rng.uniform(0.8, 2.2)) * max(ink_px, 0.9), 2)
    raw = any(c.faint for c in topic.curves)
    grey = (
        palette is None
        and not look.dark
        and not raw
        and 1 < len(names) < 5
        and rng.random() < (0.2 if topic.paper else 0.05)
    )
    colors = palette or (
        [pick(rng, looks.GREYS[:3])] * len(names)
        if grey and "dash-legend" in able and len(names) <= 4 and rng.random() < 0.4
        else None
    )
    if colors is None:
        colors = (
            looks.GREYS[: len(names)] if grey and len(names) <= 5 else looks.colors_for(rng, len(names), look.ground)
        )
    dashed = grey or (not raw and "spiky" not in topic.tags and rng.random() < 0.15)
    marked = bool("markers" in able and not topic.dense and rng.random() < 0.7)
    hollow = bool(marked and "hollow" in able and rng.random() < 0.2)
    same_marker = rng.random() < 0.6
    markers = looks.MARKERS if "all-markers" in able else looks.MARKERS[:4]
    made = []
    for curve in topic.curves:
        k = names.index(curve.name)
        marker = markers[0 if same_marker and not grey else k % len(markers)]
        bears = (marked or curve.draw == "points") and not curve.draw.startswith("step")
        made.append(
            replace(
                curve,
                color=colors[k % len(colors)],
                width=width * (0.8 if curve.faint else 1.15 if "faint-raw" in topic.tags else 1),
                opacity=0.3 if curve.faint else 1.0,
                dash=looks.DASHES[k % 4] if dashed and curve.draw != "points" else "solid",
                marker=marker if bears else None,
                marker_size=round(width + 3.2 * ink_px + 1, 1),
                hollow=hollow and marker not in ("x", "+"),
            )
        )
    made.sort(key=lambda c: not c.faint)
    chart = Chart(
        x=topic.x, y=topic.y, curves=tuple(made), look=look, title=topic.title if rng.random() < 0.8 else None
    )
    return with_extras(rng, able, chart, topic)


def with_quiet_corner(chart: Chart) -> Chart:
    """The chart with its inner legend at the corner that the fewest points come near; framed where none is free."""
    corners = [(up, side) for up in ("top", "bottom") for side in ("right", "left")]
    counts = dict.fromkeys(corners, 0)
    for curve in chart.curves:
        axis = chart.y2 if curve.axis == "y2" and chart.y2 else chart.y
        across = np.linspace(0, 1, 200)
        order = np.argsort(curve.x)
        u, v = share(curve.x, chart.x.scale, chart.x.ends)[order], share(curve.y, axis.scale, axis.ends)[order]
        heights = np.interp(across, u, v, left=np.nan, right=np.nan)
        for up, side in corners:
            beside = across < 0.36 if side == "left" else across > 0.64
            near = heights < 0.36 if up == "bottom" else heights > 0.64
            counts[up, side] += int((beside & near).sum())
    best = min(corners, key=lambda corner: counts[corner])
    frame = chart.look.legend_frame or counts[best] > 0
    return replace(chart, look=replace(chart.look, corner=best, legend_frame=frame))  # type: ignore[arg-type]


def with_extras(rng: Generator, able: Able, chart: Chart, topic: Topic) -> Chart:
    """A second y axis, a filled area, a reference line or a note, now and then."""
    count = len(chart.curves)
    if (
        count == 2
        and "y2" in able
        and chart.y.scale == "linear"
        and "faint-raw" not in topic.tags
        and rng.random() < 0.3
    ):
        chart = with_second_axis(rng, chart)
    elif (
        count == 1
        and "filled" in able
        and chart.y.scale == "linear"
        and chart.curves[0].draw == "line"
        and rng.random() < 0.2
    ):
        axis = replace(chart.y, low=min(chart.y.low, 0.0))
        chart = replace(chart, y=axis, curves=(replace(chart.curves[0], filled=True),))
    if "refs" in able and rng.random() < 0.12:
        chart = replace(chart, refs=(reference(rng, chart),))
    if "notes" in able and chart.y2 is None and chart.y.scale != "log" and rng.random() < 0.1:
        chart = replace(chart, notes=(note(rng, chart),))
    return with_quiet_corner(chart)


def with_second_axis(rng: Generator, chart: Chart) -> Chart:
    first, second = chart.curves
    factor = float(pick(rng, [0.01, 7.0, 60.0, 1000.0]))
    span = float(np.nanmax(second.y) - np.nanmin(second.y))
    moved = replace(second, y=(second.y + float(rng.uniform(0, 2)) * span) * factor, axis="y2")
    if moved.band is not None or moved.errors is not None:
        moved = replace(moved, band=None, errors=None)
    known = moved.y[np.isfinite(moved.y)]
    pad = 0.08 * (known.max() - known.min() or 1)
    low, high = nice_limits(float(known.min() - pad), float(known.max() + pad))
    label = pick(rng, [second.name, "wind (m/s)", "volume", "load (%)", "rate"])
    return replace(
        chart,
        curves=(first, moved),
        y2=AxisSpec(label=label, scale="linear", low=low, high=high),
        look=replace(chart.look, legend="inside" if chart.look.legend == "direct" else chart.look.legend),
    )


def reference(rng: Generator, chart: Chart) -> RefLine:
    axis = "y" if rng.random() < 0.7 or chart.x.scale == "category" else "x"
    spec = chart.y if axis == "y" else chart.x
    part = float(rng.uniform(0.2, 0.8))
    if spec.scale == "log":
        value = float(10 ** (np.log10(spec.low) * (1 - part) + np.log10(spec.high) * part))
    else:
        value = spec.low * (1 - part) + spec.high * part
    return RefLine(axis=axis, value=value, color=looks.mixed(chart.look.ink, 0.5, chart.look.ground))  # type: ignore[arg-type]


def note(rng: Generator, chart: Chart) -> Note:
    curve = chart.curves[-1]
    inner = np.flatnonzero(np.isfinite(curve.y) & (curve.y > chart.y.low) & (curve.y < chart.y.high))
    k = int(inner[len(inner) // 4 + int(rng.integers(0, max(len(inner) // 2, 1)))]) if len(inner) > 4 else int(inner[0])
    return Note(x=float(curve.x[k]), y=float(curve.y[k]), text=pick(rng, words.NOTES), arrow=bool(rng.random() < 0.6))


def bar_chart(chart: Chart) -> Chart:
    """A panel of bars where a line chart could stand."""
    source = chart.curves[-1]
    height = np.abs(source.y[np.isfinite(source.y)])[:: max(len(source.y) // 7, 1)][:7]
    bars: Curve = replace(source, name=None, x=np.arange(len(height), dtype=float), y=height, draw="line", marker=None)
    top = float(height.max() or 1.0) * 1.1
    return replace(
        chart,
        kind="bar",
        curves=(bars,),
        x=AxisSpec(label=None, scale="category", low=-0.6, high=len(height) - 0.4, labels=words.MONTHS[: len(height)]),
        y=AxisSpec(label=None, scale="linear", low=0, high=top),
        y2=None,
        refs=(),
        notes=(),
        look=replace(chart.look, legend="none"),
    )


def tags_of(chart: Chart, topic: Topic) -> tuple[str, ...]:
    look, made = chart.look, chart.curves
    colors = {c.color for c in made}
    grey = all(max(looks.rgb(c)) - min(looks.rgb(c)) < 12 for c in colors)
    found = {
        "dark": look.dark,
        "second-y": chart.y2 is not None,
        "dashed": any(c.dash != "solid" for c in made),
        "markers": any(c.marker for c in made),
        "area-fill": any(c.filled for c in made),
        "refline": bool(chart.refs),
        "annotation": bool(chart.notes),
        "grey-only": grey,
        "single": len(made) == 1,
        "many-series": len(made) > 5,
        "serif": look.font in looks.SERIF,
        "no-axis-lines": look.frame == "none",
        "open-spines": look.frame in ("open", "bottom"),
        "direct-labels": look.legend == "direct",
        {"none": "no-legend", "direct": "no-legend"}.get(look.legend, f"legend-{look.legend}"): True,
        {"plain": "", "power": ""}.get(chart.y.form, f"{chart.y.form}-y"): True,
    }
    return tuple(sorted({*topic.tags, *(tag for tag, on in found.items() if on and tag)}))
