"""The fixtures: a training dashboard in three states, and charts of different make, each with its truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from PIL import Image, ImageDraw
from random_charts import curves as shapes
from random_charts import damage, draw_matplotlib
from random_charts.model import AxisSpec, Chart, Curve, Drawn, Figure, Look, RefLine, Rendering, Values, mixed
from random_charts.setting import font, shifted

DAY = 86400.0
KNOTS = np.arange(0, 31, 5)
PanelData = tuple[str, tuple[float, float], list[float], list[float]]
PANELS: list[PanelData] = [
    (
        "eval/math-eval/accuracy/mean",
        (0.18, 0.37),
        [0.24, 0.32, 0.33, 0.35, 0.35, 0.35, 0.32],
        [0.2, 0.33, 0.35, 0.34, 0.32, 0.32, 0.31],
    ),
    (
        "actor/entropy_loss",
        (0.0, 0.22),
        [0.2, 0.1, 0.05, 0.07, 0.12, 0.09, 0.06],
        [0.2, 0.15, 0.08, 0.09, 0.07, 0.05, 0.02],
    ),
    ("actor/kl_loss", (0.0, 1.05), [0.0, 0.3, 0.6, 0.45, 0.4, 0.42, 0.38], [0.0, 0.2, 0.5, 0.8, 1.0, 0.7, 0.55]),
]
PIN = [
    (-3, -9),
    (3, -9),
    (3, -7.6),
    (2, -7),
    (2, -2),
    (5, 1),
    (5, 2.4),
    (0.7, 2.4),
    (0, 9),
    (-0.7, 2.4),
    (-5, 2.4),
    (-5, 1),
    (-2, -2),
    (-2, -7),
    (-3, -7.6),
]
PIN_TURN = np.radians(35)
SUPERSAMPLING = 8
LIGHT = Look(
    page="#ffffff",
    ground="#ffffff",
    ink="#33373d",
    grid_color="#e3e5e8",
    font="DejaVu Sans",
    font_px=13,
    grid="both",
    frame="open",
    ticks="none",
)
DARK = replace(LIGHT, page="#1b1e24", ground="#1b1e24", ink="#c9ced8", grid_color="#343943")


def between_knots(knots: list[float], limits: tuple[float, float], seed: int) -> Values:
    """One value at every whole x through the knots, small noise between them."""
    x = np.arange(31.0)
    span = limits[1] - limits[0]
    noise = np.random.default_rng(seed).normal(0, 0.02 * span, 31)
    y = np.interp(x, KNOTS, knots) + np.where(x % 5 == 0, 0, noise)
    low = limits[0] if min(knots) == limits[0] else limits[0] + 0.01 * span
    return np.asarray(np.clip(y, low, limits[1] - 0.01 * span).round(4))


def pin(size: int, color: str) -> Image.Image:
    """A pin icon of `size` pixels, drawn large and reduced; a mask in its alpha."""
    large = size * SUPERSAMPLING
    mask = Image.new("L", (large, large), 0)
    turn = np.array([[np.cos(PIN_TURN), -np.sin(PIN_TURN)], [np.sin(PIN_TURN), np.cos(PIN_TURN)]])
    points = np.array(PIN) @ turn.T * large / 20 + large / 2
    ImageDraw.Draw(mask).polygon([tuple(p) for p in points], fill=255)
    icon = Image.new("RGBA", (size, size), color)
    icon.putalpha(mask.resize((size, size), Image.Resampling.BOX))
    return icon


def dashboard(look: Look, colors: tuple[str, str], data: list[PanelData] = PANELS) -> Rendering:
    """Three cards with a chart each, and beside each chart its names, marked by pins.

    `data` are for each chart its title, the limits of its y axis, and what its curves run through.
    """
    width, height, aside, pad, head, gap = 400, 285, 104, 12, 34, 14
    cell = width + aside + 2 * pad, height + head + 2 * pad
    image = Image.new("RGB", (3 * cell[0] + 4 * gap, cell[1] + 2 * gap + 36), mixed(look.ink, 0.05, look.ground))
    draw = ImageDraw.Draw(image)
    draw.text((gap + 4, gap - 2), "Charts", look.ink, font(look.font, 17, bold=True))
    panels: list[Drawn] = []
    name = ""
    for number, (title, limits, first, second) in enumerate(data):
        left, top = gap + number * (cell[0] + gap), gap + 36
        draw.rounded_rectangle(
            (left, top, left + cell[0], top + cell[1]), 8, look.ground, mixed(look.ink, 0.15, look.ground)
        )
        draw.text((left + cell[0] / 2, top + pad + 8), title, look.ink, font(look.font, 15, bold=True), anchor="mm")
        made = [
            Curve(
                name=f"Series {letter}",
                x=np.arange(31.0),
                y=between_knots(knots, limits, 10 * number + k),
                color=color,
                width=1.8,
            )
            for k, (letter, knots, color) in enumerate(zip("AB", (first, second), colors, strict=True))
        ]
        chart = Chart(
            x=AxisSpec(label="x", scale="linear", low=0, high=30),
            y=AxisSpec(label="y", scale="linear", low=limits[0], high=limits[1]),
            curves=tuple(made),
            look=look,
        )
        rendering = draw_matplotlib.render(
            Figure(charts=(chart,), width=width, height=height), np.random.default_rng(2)
        )
        name = rendering.renderer
        image.paste(rendering.image, (left + pad, top + pad + head))
        for k, curve in enumerate(made):
            place = left + pad + width + 6, top + pad + head + 14 + 26 * k
            icon = pin(15, curve.color)
            image.paste(icon, place, icon)
            draw.text((place[0] + 21, place[1] + 7), curve.name or "", look.ink, font(look.font, 13), anchor="lm")
        panels += [replace(shifted(p, left + pad, top + pad + head), title=title, named=True) for p in rendering.panels]
    tags = ("training", "slash-title", "row-3", "legend-right", "pin-legend", "page")
    return Rendering(image=image, renderer=name, panels=tuple(panels), tags=tags)


def single(chart: Chart, size: tuple[int, int], seed: int, *tags: str) -> Rendering:
    rendering = draw_matplotlib.render(
        Figure(charts=(chart,), width=size[0], height=size[1]), np.random.default_rng(seed)
    )
    return replace(rendering, tags=tags)


def log_axis() -> Rendering:
    """Residuals of three solvers on a logarithmic axis, in a paper's dress."""
    x = np.arange(0.0, 101)
    made = [
        Curve(name=name, x=x, y=10 ** (-rate * x + 0.15 * np.sin(x * wave)), color=color, width=1.4)
        for name, rate, wave, color in (
            ("Jacobi", 0.018, 0.3, "#1b9e77"),
            ("Steepest descent", 0.035, 1.1, "#d95f02"),
            ("Conjugate gradient", 0.075, 0.5, "#7570b3"),
        )
    ]
    look = Look(font="DejaVu Serif", font_px=13, grid="y", ticks="in", legend="inside", minor=True)
    chart = Chart(
        x=AxisSpec(label="iteration", scale="linear", low=0, high=100),
        y=AxisSpec(label="relative residual", scale="log", low=1e-8, high=10, form="power"),
        curves=tuple(made),
        look=look,
        title="Convergence",
    )
    return single(chart, (640, 460), 1, "log-y", "serif", "legend-inside")


def dates() -> Rendering:
    """Two prices over two years, one with a gap."""
    start = datetime(2022, 1, 3, tzinfo=UTC).timestamp()
    rng = np.random.default_rng(22)
    x = start + 7 * DAY * np.arange(105)
    prices = [40 + 30 * shapes.walk(rng, 105), 55 + 45 * shapes.walk(rng, 105)]
    prices[1][60:66] = np.nan
    made = [
        Curve(name=n, x=x, y=y, color=c, width=1.6)
        for n, y, c in zip(("ACME", "Globex"), prices, ("#0072b2", "#d55e00"), strict=True)
    ]
    look = Look(
        font="DejaVu Sans", font_px=13, grid="both", frame="open", legend="top", legend_columns=2, legend_frame=False
    )
    chart = Chart(
        x=AxisSpec(label=None, scale="date", low=float(x[0] - 20 * DAY), high=float(x[-1] + 20 * DAY)),
        y=AxisSpec(label="price (USD)", scale="linear", low=30, high=105),
        curves=tuple(made),
        look=look,
        title="Closing prices",
    )
    return single(chart, (760, 420), 2, "date", "gaps", "legend-top")


def grey() -> Rendering:
    """Three measurements told apart by their dashes alone."""
    x = np.linspace(0, 12, 121)
    made = [
        Curve(name=n, x=x, y=np.exp(-x / t) * np.cos(x * w) + s, color="#222222", dash=d, width=1.5)  # type: ignore[arg-type]
        for n, t, w, s, d in (
            ("undamped", 1e9, 0.7, 1.2, "solid"),
            ("light", 9.0, 0.9, 0.0, "dashed"),
            ("strong", 3.0, 1.2, -1.4, "dotted"),
        )
    ]
    look = Look(font="DejaVu Serif", font_px=13, frame="box", ticks="in", legend="right", legend_frame=False)
    chart = Chart(
        x=AxisSpec(label="time (s)", scale="linear", low=0, high=12),
        y=AxisSpec(label="deflection (mm)", scale="linear", low=-2.5, high=2.5),
        curves=tuple(made),
        look=look,
    )
    return single(chart, (680, 400), 3, "grey-only", "dashed", "legend-right", "serif")


def markers() -> Rendering:
    """A few measurements with markers over the months, decimal commas, a reference line."""
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    x = np.arange(12.0)
    warm = 12 - 9 * np.cos(2 * np.pi * (x - 0.5) / 12)
    made = [
        Curve(name="coast", x=x, y=(warm / 10).round(3), color="#e41a1c", marker="o", marker_size=7, width=2),
        Curve(
            name="mountain",
            x=x,
            y=(0.6 * warm / 10 - 0.4).round(3),
            color="#377eb8",
            marker="s",
            marker_size=7,
            width=2,
        ),
    ]
    look = Look(font="DejaVu Sans", font_px=13, grid="y", frame="bottom", legend="bottom", legend_columns=2)
    chart = Chart(
        x=AxisSpec(label=None, scale="category", low=-0.5, high=11.5, labels=months),
        y=AxisSpec(label="temperature (10 °C)", scale="linear", low=-0.5, high=2.5, form="comma"),
        curves=tuple(made),
        look=look,
        title="Monthly mean",
        refs=(RefLine(axis="y", value=1.0, color="#888888"),),
    )
    return single(chart, (700, 430), 4, "category", "markers", "decimal-comma", "refline", "legend-bottom")


def black_markers() -> Rendering:
    """Three black curves, told apart by their markers alone, that cross again and again."""
    rng = np.random.default_rng(4)
    x = np.arange(2008.0, 2022)
    made = [
        Curve(
            name=name,
            x=x,
            y=(level + np.cumsum(rng.normal(0, 3, len(x)))).round(2),
            color="#000000",
            marker=marker,
            marker_size=8,
            width=1.2,
        )
        for name, level, marker in (("control", 20.0, "o"), ("treated", 24.0, "s"), ("recovered", 22.0, "^"))
    ]
    look = Look(font="DejaVu Serif", font_px=13, frame="box", ticks="in", legend="right", legend_frame=False)
    chart = Chart(
        x=AxisSpec(label="Year", scale="linear", low=2007, high=2022),
        y=AxisSpec(label="Yield (t)", scale="linear", low=5, high=40),
        curves=tuple(made),
        look=look,
    )
    return single(chart, (680, 420), 3, "grey-only", "markers", "legend-right", "serif")


def two_axes() -> Rendering:
    """Two quantities with an axis each."""
    x = np.arange(0.0, 49) / 2
    made = [
        Curve(
            name="temperature", x=x, y=(14 - 6 * np.cos(2 * np.pi * (x - 3) / 24)).round(2), color="#d62728", width=1.8
        ),
        Curve(
            name="demand",
            x=x,
            y=(5200 + 1400 * np.sin(2 * np.pi * (x - 8) / 24) + 500 * np.sin(x)).round(0),
            color="#1f77b4",
            width=1.8,
            axis="y2",
        ),
    ]
    look = Look(font="DejaVu Sans", font_px=13, legend="inside")
    chart = Chart(
        x=AxisSpec(label="hour", scale="linear", low=0, high=24),
        y=AxisSpec(label="temperature (°C)", scale="linear", low=6, high=22),
        y2=AxisSpec(label="demand (MW)", scale="linear", low=3000, high=8000, form="thousands"),
        curves=tuple(made),
        look=look,
    )
    return single(chart, (680, 420), 5, "second-y", "thousands-separators", "legend-inside")


def steps() -> Rendering:
    """The length of a queue, a curve of steps, with no legend."""
    rng = np.random.default_rng(6)
    x = np.cumsum(rng.exponential(1, 60)).round(2)
    chart = Chart(
        x=AxisSpec(label="time (min)", scale="linear", low=0, high=float(np.ceil(x[-1]))),
        y=AxisSpec(label="customers", scale="linear", low=0, high=10),
        curves=(
            Curve(name=None, x=x, y=np.minimum(shapes.queue(rng, 60), 9), color="#7a3fa0", draw="step-post", width=1.8),
        ),
        look=Look(font="DejaVu Sans", font_px=13, grid="both", grid_dash="dotted"),
        title="Customers in system",
    )
    return single(chart, (640, 360), 6, "step", "single", "no-legend")


def faint_raw() -> Rendering:
    """A noisy reward with its smoothed course above it."""
    rng = np.random.default_rng(7)
    x = np.arange(0.0, 1000, 4)
    raw = 0.8 * (1 - np.exp(-x / 250)) + rng.normal(0, 0.06, len(x))
    made = [
        Curve(name="run-0412", x=x, y=raw.round(4), color="#2f6fed", opacity=0.3, faint=True, width=1.2),
        Curve(name="run-0412", x=x, y=shapes.smoothed(raw, 0.93).round(4), color="#2f6fed", width=2),
    ]
    chart = Chart(
        x=AxisSpec(label="Step", scale="linear", low=0, high=1000),
        y=AxisSpec(label=None, scale="linear", low=-0.2, high=1.1),
        curves=tuple(made),
        look=replace(LIGHT, legend="inside", grid="y"),
        title="critic/rewards/mean",
    )
    return single(chart, (600, 360), 7, "faint-raw", "noisy", "training", "slash-title", "legend-inside")


def bars() -> Rendering:
    """No line chart."""
    heights = np.array([12.0, 19, 7, 15, 22])
    chart = Chart(
        kind="bar",
        title="Orders per day",
        x=AxisSpec(label=None, scale="category", low=-0.6, high=4.6, labels=("Mon", "Tue", "Wed", "Thu", "Fri")),
        y=AxisSpec(label="orders", scale="linear", low=0, high=25),
        curves=(Curve(name=None, x=np.arange(5.0), y=heights, color="#4c72b0"),),
        look=Look(font="DejaVu Sans", font_px=13, grid="y"),
    )
    return single(chart, (560, 380), 8, "bars")


def light_dashboard() -> Rendering:
    return dashboard(LIGHT, ("#e03131", "#2f6fed"))


def dark_dashboard() -> Rendering:
    made = dashboard(DARK, ("#ff5c5c", "#5c9dff"))
    return replace(made, tags=(*made.tags, "dark"))


def small_dashboard() -> Rendering:
    return damage.scaled(light_dashboard(), 0.6, "bicubic")


FIXTURES: dict[str, tuple[Callable[[], Rendering], str, int]] = {
    "dashboard": (light_dashboard, "png", 0),
    "dashboard-dark": (dark_dashboard, "png", 0),
    "dashboard-small": (small_dashboard, "jpeg", 75),
    "log-axis": (log_axis, "png", 0),
    "dates": (dates, "png", 0),
    "grey-dashed": (grey, "png", 0),
    "markers": (markers, "png", 0),
    "black-markers": (black_markers, "png", 0),
    "two-axes": (two_axes, "png", 0),
    "steps": (steps, "png", 0),
    "faint-raw": (faint_raw, "png", 0),
    "bars": (bars, "png", 0),
}
"""Each fixture's drawer, file form and quality."""
