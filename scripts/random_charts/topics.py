"""What a random chart is about: axes, and undressed curves, for one trade after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.random import Generator

from . import curves, words
from .looks import pick
from .model import AxisSpec, Curve, Draw, Form, Values

Able = frozenset[str]
HOUR = 3600.0
DAY = 86400.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Topic:
    """Axes and curves of one chart; the curves have no colours yet. `dense` curves bear no markers."""

    x: AxisSpec
    y: AxisSpec
    curves: tuple[Curve, ...]
    title: str | None
    tags: tuple[str, ...]
    dense: bool
    paper: bool = False


def curve(name: str, x: Values, y: Values, draw: Draw = "line", **more: object) -> Curve:
    return Curve(name=name, x=x, y=np.asarray(y, float), draw=draw, color="#000000", **more)  # type: ignore[arg-type]


def named(rng: Generator, pool: list[str], count: int) -> list[str]:
    """`count` different names, in the pool's order or not."""
    order = np.arange(len(pool)) if rng.random() < 0.5 else rng.permutation(len(pool))
    return [pool[k] for k in order[:count]]


def nice_step(span: float) -> float:
    """A step of 1, 2, 2.5 or 5 times a power of ten that divides the span into four to eight parts."""
    power = 10.0 ** np.floor(np.log10(span / 4))
    return float(next(power * m for m in (1, 2, 2.5, 5, 10) if span / (power * m) <= 8))


def nice_limits(low: float, high: float) -> tuple[float, float]:
    """Limits on round numbers around the data."""
    step = nice_step(high - low)
    return float(np.floor(low / step + 1e-9) * step), float(np.ceil(high / step - 1e-9) * step)


def log_limits(low: float, high: float, whole: bool) -> tuple[float, float]:
    """Limits on a logarithmic axis, padded or on whole decades: two decades' ticks show in any case."""
    a, b = np.log10(low), np.log10(high)
    pad = 0.05 * (b - a)
    a, b = a - pad, b + pad
    if whole or np.floor(b) - np.ceil(a) < 1:
        a, b = np.floor(a), np.ceil(b)
    return float(10**a), float(10**b)


def limits(rng: Generator, values: list[Values], *, logs: bool, positive: bool) -> tuple[float, float]:
    """Axis limits for data: padded, on round numbers, from zero, or cutting the tops."""
    known = np.concatenate([v[np.isfinite(v)] for v in values])
    low, high = float(known.min()), float(known.max())
    if logs:
        return log_limits(low, high, whole=bool(rng.random() < 0.4))
    span = high - low or abs(high) or 1.0
    kind = rng.random()
    if positive and kind < 0.25:
        return 0.0, nice_limits(0, high + 0.02 * span)[1]
    if kind < 0.6:
        return nice_limits(low - 0.02 * span, high + 0.02 * span)
    if kind < 0.64 and span:
        return low - 0.05 * span, float(np.quantile(known, 0.93) + 0.05 * span)
    return low - 0.05 * span, high + 0.05 * span


def magnitude(rng: Generator, able: Able, signed: bool) -> tuple[float, float, Form]:
    """Where the unit interval goes: least value, greatest value, and how such values are written."""
    kind = rng.random()
    if kind < 0.12 and not signed:
        return 0.0, float(rng.uniform(30, 100)), "percent"
    if kind < 0.24:
        top = float(10 ** rng.uniform(4, 8))
        return (-top / 2 if signed else top * float(rng.choice([0, 0.3]))), top, "si"
    if kind < 0.34:
        top = float(10 ** rng.uniform(3.6, 6))
        return top * float(rng.choice([0, 0.4])), top, "thousands"
    if kind < 0.4:
        return 0.0, float(rng.uniform(0.8, 9)), "comma"
    if kind < 0.52:
        small: Form = "offset" if "offset" in able else "scientific"
        tiny = kind < 0.47
        return 0.0, float(10 ** (rng.uniform(-5, -3) if tiny else rng.uniform(6, 12))), small if tiny else "scientific"
    top = float(pick(rng, [1.0, 1.0, rng.uniform(0.2, 1), rng.uniform(1, 20), rng.uniform(20, 900)]))
    bottom = -top * rng.uniform(0.2, 1.2) if signed else top * rng.choice([0, 0, 0.3, 0.8])
    return float(bottom), top, "plain"


def x_limits(rng: Generator, x: Values) -> tuple[float, float]:
    """Tight, padded or round limits."""
    low, high = float(x.min()), float(x.max())
    kind = rng.random()
    if kind < 0.4:
        return low, high
    pad = 0.05 * (high - low)
    return (low - pad, high + pad) if kind < 0.75 else nice_limits(low, high)


def y_axis(rng: Generator, values: list[Values], label: str | None, form: Form, logs: bool = False) -> AxisSpec:
    positive = all(np.nanmin(v) >= 0 for v in values)
    low, high = limits(rng, values, logs=logs, positive=positive)
    return AxisSpec(label=label, scale="log" if logs else "linear", low=low, high=high, form=form)


def series_count(rng: Generator, most: int = 6) -> int:
    return int(min(pick(rng, [1, 1, 2, 2, 2, 3, 3, 4, 5, 6]), most))


def training(rng: Generator, able: Able) -> Topic:
    """Runs of one metric over steps, with or without the raw values beneath."""
    kind = pick(rng, ["falling", "falling", "rising", "rising", "bumpy", "scheduled"])
    n = int(pick(rng, [31, 60, 150, 300, 800]))
    last = float(pick(rng, [n - 1, 30, 100, 1000, 12000, 250000, (n - 1) * 10]))
    x = np.linspace(0, last, n)
    logs = kind == "falling" and "log" in able and rng.random() < 0.25
    scale = float(pick(rng, [1, 1, 1, 0.1, 5])) * (1e-3 if kind == "scheduled" and rng.random() < 0.5 else 1)
    count = series_count(rng)
    made = []
    raw = kind in ("falling", "rising") and count <= 3 and n > 100 and "faint" in able and rng.random() < 0.3
    for name in named(rng, pick(rng, words.RUNS), count):
        y = scale * getattr(curves, kind)(rng, n)
        y = np.maximum(y, 1e-4 * scale) if logs else y
        if raw:
            noise = scale * rng.normal(0, 0.06, n)
            rough = np.maximum(y + noise, 1e-4 * scale) if logs else y + noise
            made.append(curve(name, x, rough, faint=True))
            y = curves.smoothed(rough, 0.93)
        made.append(curve(name, x, y))
    label = pick(rng, words.Y_LABELS["training"])
    axis = y_axis(rng, [c.y for c in made], label, "power" if logs else "plain", logs)
    low, high = x_limits(rng, x)
    form: Form = pick(rng, ["plain", "plain", "si"]) if last > 5000 else "plain"
    across = AxisSpec(label=pick(rng, words.X_LABELS["training"]), scale="linear", low=low, high=high, form=form)
    title = pick(rng, words.TRAINING[kind])
    tags = ("training", *(("faint-raw",) if raw else ()), *(("slash-title",) if "/" in title else ()))
    return Topic(x=across, y=axis, curves=tuple(made), title=title, tags=tags, dense=n > 60)


def timestamp(year: int, month: int = 1, day: int = 1) -> float:
    return datetime(year, month, day, tzinfo=UTC).timestamp()


def countable(x: Values) -> Values:
    """Moments moved to a day or a year that the picture can tell.

    Labels over some days often bear times or days alone, and those over some months no year. Nobody can read what is
    not written: what it is counts from 1 January 1970, as a reading documents. Times start in the morning, so that
    the first label stands on that day.
    """
    span, first = float(x[-1] - x[0]), datetime.fromtimestamp(float(x[0]), UTC)
    if span < 21 * DAY:
        return x - x[0] + (3 + first.day % 8) * HOUR
    if span < 150 * DAY:
        return x - (timestamp(first.year) - timestamp(1970))
    return x


def dates(rng: Generator, able: Able) -> Topic:
    """Values over hours to decades."""
    start = timestamp(int(rng.integers(1960, 2024)), int(rng.integers(1, 13)), int(rng.integers(1, 29)))
    step, n = pick(
        rng,
        [
            (DAY, 365),
            (DAY, 90),
            (7 * DAY, 200),
            (30.4375 * DAY, 120),
            (365.25 * DAY, 30),
            (900, 96),
            (3600, 72),
            (60, 180),
            (30.4375 * DAY, 36),
            (7 * DAY, 52),
        ],
    )
    x = start + step * np.arange(n)
    if step >= DAY:
        x = np.floor(x / DAY) * DAY
    x = countable(x)
    shape = pick(rng, [curves.walk, curves.walk, curves.seasonal, curves.growth, curves.spiky])
    bottom, top, form = magnitude(rng, able, signed=False)
    pool = words.SERIES[pick(rng, ["price", "place", "city", "product"])]
    made = []
    for name in named(rng, pool, series_count(rng)):
        share = rng.uniform(0.5, 1)
        y = bottom + (top - bottom) * share * shape(rng, n)
        if "gaps" in able and rng.random() < 0.1:
            first = int(rng.integers(n // 5, n // 2))
            y[first : first + n // 12] = np.nan
        made.append(curve(name, x, y))
    low, high = (x[0], x[-1]) if rng.random() < 0.5 else (x[0] - 0.04 * (x[-1] - x[0]), x[-1] + 0.04 * (x[-1] - x[0]))
    across = AxisSpec(label=pick(rng, words.X_LABELS["dates"]), scale="date", low=float(low), high=float(high))
    axis = y_axis(rng, [c.y for c in made], pick(rng, words.Y_LABELS["dates"]), form)
    gaps = any(np.isnan(c.y).any() for c in made)
    return Topic(
        x=across,
        y=axis,
        curves=tuple(made),
        title=pick(rng, words.TITLES["dates"]),
        dense=n > 40,
        tags=("date", *(("gaps",) if gaps else ())),
    )


def science(rng: Generator, able: Able) -> Topic:
    """Smooth laws: oscillations, spectra, convergence; linear, semi-log or log-log."""
    kind = pick(rng, ["waves", "waves", "peaks", "convergence", "loglog", "bode"])
    names = named(rng, words.SERIES[pick(rng, ["method", "case"])], series_count(rng, 5))
    n = int(pick(rng, [120, 250, 600]))
    logs_x = kind in ("loglog", "bode") and "log" in able
    logs_y = kind in ("loglog", "convergence") and "log" in able
    x = np.logspace(0, float(rng.uniform(2, 5)), n) if logs_x else np.linspace(0, float(10 ** rng.uniform(0, 3)), n)
    made = []
    for name in names:
        if kind in ("waves", "peaks"):
            bottom, top = (-1, 1) if kind == "waves" else (0, 1)
            y = bottom + (top - bottom) * getattr(curves, kind)(rng, n)
        elif kind == "bode":
            y = -20 * np.log10(np.sqrt(1 + (x / x[-1] * 10 ** rng.uniform(0.5, 2.5)) ** 2)) + rng.uniform(0, 10)
        else:
            decades = x / x[-1] * rng.uniform(2, 8) if not logs_x else np.log10(x) * rng.uniform(0.5, 2)
            y = rng.uniform(0.2, 1) * 10 ** (-decades) * (1 + 0.1 * np.sin(8 * decades))
            y = y if logs_y else y / y.max()
        made.append(curve(name, x, y))
    low, high = (float(x[0]), float(x[-1])) if logs_x else x_limits(rng, x)
    form: Form = "power" if logs_x else "plain"
    flipped = kind == "peaks" and "reversed" in able and rng.random() < 0.5
    across = AxisSpec(
        label=pick(rng, words.X_LABELS["science"]),
        scale="log" if logs_x else "linear",
        low=low,
        high=high,
        form=form,
        reversed=flipped,
    )
    axis = y_axis(
        rng, [c.y for c in made], pick(rng, words.Y_LABELS["science"]), "power" if logs_y else "plain", logs_y
    )
    tags = tuple(t for t, on in (("log-x", logs_x), ("log-y", logs_y), ("reversed-x", flipped), ("smooth", True)) if on)
    return Topic(
        x=across,
        y=axis,
        curves=tuple(made),
        title=pick(rng, words.TITLES["science"]),
        tags=tags,
        dense=True,
        paper=bool(rng.random() < 0.5),
    )


def few(rng: Generator, able: Able) -> Topic:
    """Five to forty measurements, over numbers, years, powers of two or names."""
    kind = pick(rng, ["numbers", "numbers", "years", "powers", "names", "names"])
    n = int(rng.integers(5, 25))
    labels, scale = None, "linear"
    x = np.arange(1, n + 1) * float(pick(rng, [1, 1, 5, 100, 0.1]))
    if kind == "years":
        x = np.arange(n) * float(pick(rng, [1, 1, 5])) + int(rng.integers(1940, 1990))
    elif kind == "powers" and "log" in able:
        n = int(rng.integers(8, 13))
        x, scale = 2.0 ** np.arange(n) * float(pick(rng, [1, 4, 16])), "log"
    elif kind == "names" and "category" in able:
        labels, scale = pick(rng, words.CATEGORIES), "category"
        n = len(labels)
        x = np.arange(n, dtype=float)
    bottom, top, form = magnitude(rng, able, signed=bool(rng.random() < 0.15))
    pool = words.SERIES[pick(rng, ["method", "place", "group", "product", "case"])]
    made = [
        curve(name, x, bottom + (top - bottom) * curves.measured(rng, n))
        for name in named(rng, pool, series_count(rng))
    ]
    spread = 0.06 * (top - bottom)
    if "band" in able and rng.random() < 0.15:
        made = [with_spread(c, rng.uniform(0.3, 1, n) * spread, "band") for c in made[:3]]
    elif "errors" in able and rng.random() < 0.15:
        made = [with_spread(c, rng.uniform(0.3, 1, n) * spread, "errors") for c in made[:4]]
    elif "points" in able and rng.random() < 0.15:
        made = [curve(c.name or "", c.x, c.y, "points", marker="o") for c in made[:4]]
    axis = y_axis(rng, [c.y for c in made], pick(rng, words.Y_LABELS["few"]), form)
    written: Form = "year" if kind == "years" else "plain"
    pad = 0.5 if scale == "category" else 0.05 * (x[-1] - x[0])
    ends = (float(x[0] - pad), float(x[-1] + pad)) if scale != "log" else (float(x[0] / 1.3), float(x[-1] * 1.3))
    across = AxisSpec(
        label=pick(rng, words.X_LABELS["few"]), scale=scale, low=ends[0], high=ends[1], form=written, labels=labels
    )  # type: ignore[arg-type]
    tags = tuple(
        t
        for t, on in (
            ("category", labels),
            ("log-x", scale == "log"),
            ("band", made[0].band is not None),
            ("errorbars", made[0].errors is not None),
            ("points", made[0].draw == "points"),
        )
        if on
    )
    return Topic(
        x=across,
        y=axis,
        curves=tuple(made),
        title=pick(rng, words.TITLES["few"]),
        tags=tags,
        dense=False,
        paper=bool(rng.random() < 0.3),
    )


def with_spread(base: Curve, spread: Values, what: str) -> Curve:
    return curve(base.name or "", base.x, base.y, **{what: spread})


def steps(rng: Generator, able: Able) -> Topic:
    """Queues, survival, cumulative shares: curves that jump."""
    kind: Callable[[Generator, int], Values] = pick(rng, [curves.queue, curves.survival, curves.climbing])
    n = int(rng.integers(15, 120))
    draws: list[Draw] = (
        ["step-post"] if kind is not curves.queue or "step-pre" not in able else ["step-post", "step-pre", "step-mid"]
    )
    draw: Draw = pick(rng, draws)
    made = []
    count = series_count(rng, 3)
    for name in named(rng, words.SERIES["group" if kind is curves.survival else "host"], count):
        x = np.cumsum(rng.exponential(1, n)) * float(60 / n)
        made.append(curve(name, x, kind(rng, n), draw))
    axis = y_axis(rng, [c.y for c in made], pick(rng, words.Y_LABELS["steps"]), "plain")
    low, high = x_limits(rng, np.concatenate([c.x for c in made]))
    across = AxisSpec(label=pick(rng, words.X_LABELS["steps"]), scale="linear", low=low, high=high)
    return Topic(
        x=across, y=axis, curves=tuple(made), title=pick(rng, words.TITLES["steps"]), tags=("step",), dense=True
    )


def metrics(rng: Generator, able: Able) -> Topic:  # noqa: ARG001 - topics are called alike
    """A server's hour: spikes and noise over clock time."""
    n = int(pick(rng, [60, 120, 240, 360]))
    start = timestamp(2024, int(rng.integers(1, 13)), int(rng.integers(1, 28))) + 3600 * float(rng.integers(0, 20))
    x = countable(start + float(pick(rng, [15, 60, 300])) * np.arange(n))
    top = float(pick(rng, [1, 100, 450, 8]))
    quantiles = rng.random() < 0.3
    names = words.SERIES["quantile"] if quantiles else words.SERIES["host"]
    shape = pick(rng, [curves.spiky, curves.spiky, curves.seasonal, curves.walk])
    count = series_count(rng, 4)
    made = [curve(name, x, top * (0.3 + 0.25 * k) * shape(rng, n)) for k, name in enumerate(named(rng, names, count))]
    axis = y_axis(rng, [c.y for c in made], pick(rng, words.Y_LABELS["metrics"]), "plain")
    across = AxisSpec(label=pick(rng, words.X_LABELS["metrics"]), scale="date", low=float(x[0]), high=float(x[-1]))
    return Topic(
        x=across,
        y=axis,
        curves=tuple(made),
        title=pick(rng, words.TITLES["metrics"]),
        tags=("date", "spiky"),
        dense=True,
    )


TOPICS: list[tuple[float, Callable[[Generator, Able], Topic]]] = [
    (0.27, training),
    (0.19, dates),
    (0.17, science),
    (0.2, few),
    (0.08, steps),
    (0.09, metrics),
]


def random_topic(rng: Generator, able: Able) -> Topic:
    barred = ([dates, metrics] if "no-dates" in able else []) + ([steps] if "no-steps" in able else [])
    topics = [t for t in TOPICS if t[1] not in barred]
    weights = np.array([w for w, _ in topics])
    chosen = topics[int(rng.choice(len(topics), p=weights / weights.sum()))][1]
    return chosen(rng, able)
