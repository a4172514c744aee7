"""What a reading comes to: the facts that a description puts into words, each with its numbers.

Everything here follows from the reading alone, in the same way each time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Literal, NamedTuple

import numpy as np

from digitize.model import Axis, Box, Legend, Panel, Point, Reading, Reason, Scale, Status, Style, to_hex
from digitize.outputs.anomalies import Anomaly, find_anomalies
from digitize.outputs.colorwords import color_word
from digitize.outputs.comparisons import (
    Lead,
    correlation,
    difference,
    find_leads,
    find_swaps,
    restlessness,
)
from digitize.outputs.courses import Phase, change_between, find_phases
from digitize.outputs.curves import read_at, read_curve
from digitize.outputs.metrics import Better, better_direction
from digitize.outputs.stats import Measure, panel_stats
from digitize.outputs.values import ChosenX, choose_x, label_series
from digitize.outputs.wording import axis_ends, error_per_pixel

_MOST_LEADS = 4  # stretches of a pair that are told one by one
_MOSTLY = 0.6  # of a stretch: what must lie clearly above, more than a check asks for
_NARROWED = 0.5  # of the first gap: what the last one must have come to, or the other way round
_RESTLESS = 1.5  # times as restless: what is worth a sentence
_ALIKE = 0.8  # correlation from which two curves move together
_MOST_LINKS = 5


@dataclass(frozen=True, kw_only=True)
class AxisFacts:
    """An axis: its values at the edges of the plot area, and its labelled ticks.

    `step` is the distance of neighbouring ticks, `factor` their ratio where it is that which stays the same.
    """

    name: Literal["x", "y", "y2"]
    label: str | None
    unit: str | None
    scale: Scale
    low: Measure
    high: Measure
    ticks: tuple[float, ...]
    step: float | None
    factor: float | None
    categories: tuple[str, ...] | None


@dataclass(frozen=True, kw_only=True)
class LegendFacts:
    """Where a legend stands relative to its plot area, and the names in it."""

    place: str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SeriesFacts:
    """A series: its look, its course and its extremes."""

    label: str
    color: str
    color_word: str
    style: Style
    axis: Literal["y", "y2"]
    phases: tuple[Phase, ...]
    minimum: Point
    maximum: Point
    mean: Measure
    anomalies: tuple[Anomaly, ...]


@dataclass(frozen=True, kw_only=True)
class KeyPoints:
    """All series of a chart at chosen x: `values` has a row a place and a pair (value, error) a series."""

    x: tuple[float, ...]
    values: tuple[tuple[Measure, ...], ...]


@dataclass(frozen=True, kw_only=True)
class PairFacts:
    """Two series of a chart held against each other, called by their labels."""

    first: str
    second: str
    leads: tuple[Lead, ...]
    swaps: tuple[tuple[float, float], ...]
    gaps: tuple[tuple[float, Measure], ...]


@dataclass(frozen=True, kw_only=True)
class GapFacts:
    """The largest difference between any two series of a chart, and where."""

    first: str
    second: str
    x: float
    size: Measure


@dataclass(frozen=True, kw_only=True)
class RestlessFacts:
    """The most and the least restless series of a chart, and how far each strays from its own course."""

    more: str
    less: str
    strays: tuple[Measure, Measure]


class Outcome(NamedTuple):
    """A net change of a series whose better direction its chart's names tell."""

    label: str
    start: Point
    stop: Point
    direction: Literal["rises", "falls", "goes"]
    improved: bool


@dataclass(frozen=True, kw_only=True)
class ChartFacts:
    """Everything about one chart; a refused one has no series."""

    number: int
    title: str | None
    status: Status
    reasons: tuple[Reason, ...]
    axes: tuple[AxisFacts, ...]
    legend: LegendFacts | None
    gridlines: tuple[Literal["horizontal", "vertical"], ...]
    series: tuple[SeriesFacts, ...]
    key_points: KeyPoints
    pairs: tuple[PairFacts, ...]
    largest_gap: GapFacts | None
    restless: RestlessFacts | None
    better: tuple[Better, str] | None
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, kw_only=True)
class Link:
    """A series name of two charts whose curves move alike (r > 0) or against each other."""

    label: str
    first: int
    second: int
    r: float


@dataclass(frozen=True, kw_only=True)
class FigureFacts:
    """Everything about a picture, chart by chart and across charts."""

    charts: tuple[ChartFacts, ...]
    links: tuple[Link, ...]
    reasons: tuple[Reason, ...]


def find_facts(reading: Reading, x: ChosenX = "ticks") -> FigureFacts:
    """The facts of a reading; key points stand at `x` (`choose_x`)."""
    return FigureFacts(
        charts=tuple(_chart(panel, x) for panel in reading.panels),
        links=tuple(_find_links(reading)),
        reasons=reading.reasons,
    )


def _chart(panel: Panel, x: ChosenX) -> ChartFacts:
    read = panel if panel.status != "refused" else None
    labels = label_series(panel)
    better = better_direction(panel.title, panel.y_axis.label if panel.y_axis else None)
    area = panel.layout.area
    return ChartFacts(
        number=panel.number,
        title=panel.title,
        status=panel.status,
        reasons=panel.reasons,
        axes=tuple(axis_facts(panel)),
        legend=None if panel.legend is None else _legend(panel.legend, panel.box),
        gridlines=(*(("horizontal",) if area.y_grid else ()), *(("vertical",) if area.x_grid else ())),
        series=tuple(_series(panel)) if read else (),
        key_points=_key_points(panel, x) if read else KeyPoints(x=(), values=()),
        pairs=tuple(_pair(panel, labels, i, j) for i, j in neighbours(panel)) if read else (),
        largest_gap=find_largest_gap(panel) if read else None,
        restless=_restless(panel, labels) if read else None,
        better=better,
        outcomes=tuple(_outcomes(panel, labels, better[0])) if read and better else (),
    )


def axis_facts(panel: Panel) -> Iterator[AxisFacts]:
    """The axes of a panel that were read."""
    named: tuple[tuple[Literal["x", "y", "y2"], Axis | None], ...] = (
        ("x", panel.x_axis),
        ("y", panel.y_axis),
        ("y2", panel.y2_axis),
    )
    for name, axis in named:
        if axis is None:
            continue
        ticks = tick_values(axis)
        low, high = axis_ends(axis, panel.box, name)
        yield AxisFacts(
            name=name,
            label=axis.label,
            unit=axis.unit,
            scale=axis.scale,
            low=Measure(low, error_per_pixel(axis, low)),
            high=Measure(high, error_per_pixel(axis, high)),
            ticks=ticks,
            step=_common(np.diff(ticks)) if axis.scale == "linear" else None,
            factor=_common(np.divide(ticks[1:], ticks[:-1])) if axis.scale == "log" else None,
            categories=axis.labels if axis.scale == "category" else None,
        )


def tick_values(axis: Axis) -> tuple[float, ...]:
    """The values of the ticks that an axis was read by, sorted."""
    return tuple(sorted({tick.value for tick in axis.ticks if tick.used and tick.value is not None}))


def _common(steps: Any) -> float | None:
    """The value that all steps have to within rounding; None where they differ or are fewer than two."""
    steps = np.asarray(steps, dtype=float)
    if len(steps) < 2 or not np.allclose(steps, steps[0], rtol=1e-6, atol=0):
        return None
    return float(f"{steps.mean():.10g}")


def _legend(legend: Legend, box: Box) -> LegendFacts:
    return LegendFacts(place=legend_place(legend, box), names=tuple(entry.name for entry in legend.entries))


def legend_place(legend: Legend, box: Box) -> str:
    """Where a legend stands: at the ends of the lines, or right of, left of, above, below or inside the plot area."""
    if legend.direct:
        return "at the ends of the lines"
    x, y = legend.box.center
    if box.contains(x, y):
        return f"inside, {'upper' if y < box.center[1] else 'lower'} {'left' if x < box.center[0] else 'right'}"
    off = {
        "right of the plot area": x - box.right,
        "left of the plot area": box.left - x,
        "below the plot area": y - box.bottom,
        "above the plot area": box.top - y,
    }
    return max(off, key=lambda side: off[side])


def _series(panel: Panel) -> Iterator[SeriesFacts]:
    told = {one.label: one for one in panel_stats(panel)}
    for label, series in zip(label_series(panel), panel.series, strict=True):
        curve = read_curve(panel, series)
        if label in told and len(curve):
            yield SeriesFacts(
                label=label,
                color=to_hex(series.color),
                color_word=color_word(series.color),
                style=series.style,
                axis=series.axis,
                phases=find_phases(panel, series),
                minimum=curve.point(int(curve.y.argmin())),
                maximum=curve.point(int(curve.y.argmax())),
                mean=told[label].mean,
                anomalies=find_anomalies(panel, series),
            )


def _key_points(panel: Panel, x: ChosenX) -> KeyPoints:
    at = choose_x(panel, x)
    columns = [read_at(panel, series, at) for series in panel.series]
    rows = [
        tuple(Measure(float(column.y[k]), float(column.y_err[k])) for column in columns)
        for k in range(len(at))
        if any(math.isfinite(column.y[k]) for column in columns)
    ]
    kept = [float(at[k]) for k in range(len(at)) if any(math.isfinite(column.y[k]) for column in columns)]
    return KeyPoints(x=tuple(kept), values=tuple(rows))


def neighbours(panel: Panel) -> list[tuple[int, int]]:
    """Pairs of series that stand next to each other in the order of their means, the higher one first.

    Raw curves beneath their smoothed ones stand out; series of different axes make no pair.
    """
    pairs = []
    for axis in ("y", "y2"):
        found = [
            (float(np.mean(curve.scaled)), k)
            for k, series in enumerate(panel.series)
            if series.axis == axis and series.raw_of is None and len(curve := read_curve(panel, series))
        ]
        order = [k for _, k in sorted(found, key=lambda pair: (-pair[0], pair[1]))]
        pairs += list(pairwise(order))
    return pairs


def _pair(panel: Panel, labels: Sequence[str], i: int, j: int) -> PairFacts:
    apart = difference(panel, i, j)
    leads = find_leads(apart)
    sure = tuple(
        lead
        for lead in leads
        if (apart if lead.side > 0 else apart.turned).holds_above(lead.start, lead.stop, brief=0.0, mostly=_MOSTLY)
    )
    ends: tuple[tuple[float, Measure], ...] = ()
    if len(apart) >= 2:
        ends = tuple(
            (float(apart.x[k]), Measure(abs(float(apart.y[k])), float(apart.error[k]))) for k in (0, len(apart) - 1)
        )
    return PairFacts(
        first=labels[i],
        second=labels[j],
        leads=sure if len(leads) <= _MOST_LEADS else (),
        swaps=find_swaps(apart),
        gaps=ends if _narrows_or_widens(ends) else (),
    )


def _narrows_or_widens(ends: tuple[tuple[float, Measure], ...]) -> bool:
    if len(ends) < 2:
        return False
    (_, first), (_, last) = ends
    small, large = sorted([first.value, last.value])
    return large - small > first.error + last.error and small <= _NARROWED * large


def find_largest_gap(panel: Panel) -> GapFacts | None:
    """The largest difference between two series of a panel on one axis that their errors cannot explain."""
    labels = label_series(panel)
    best: GapFacts | None = None
    kept = [k for k, series in enumerate(panel.series) if series.raw_of is None]
    for i, j in combinations(kept, 2):
        apart = difference(panel, i, j)
        if not len(apart):
            continue
        k = int(np.abs(apart.y).argmax())
        size = Measure(abs(float(apart.y[k])), float(apart.error[k]))
        if size.value > size.error and (best is None or size.value > best.size.value):
            best = GapFacts(first=labels[i], second=labels[j], x=float(apart.x[k]), size=size)
    return best


def _restless(panel: Panel, labels: Sequence[str]) -> RestlessFacts | None:
    """The most and the least restless series of one axis, where they differ by more than their errors explain."""
    found = []
    for k, series in enumerate(panel.series):
        stray = restlessness(panel, k) if series.axis == "y" and series.raw_of is None else None
        if stray is not None:
            found.append((Measure(*stray), labels[k]))
    if len(found) < 2:
        return None
    (less, lower), (more, upper) = min(found), max(found)
    if more.value < _RESTLESS * less.value or more.value - less.value <= max(more.error, less.error):
        return None
    return RestlessFacts(more=upper, less=lower, strays=(more, less))


def _outcomes(panel: Panel, labels: Sequence[str], better: Better) -> Iterator[Outcome]:
    for label, series in zip(labels, panel.series, strict=True):
        curve = read_curve(panel, series)
        if series.axis != "y" or series.raw_of is not None or len(curve) < 2:
            continue
        change = change_between(curve, float(curve.x[0]), float(curve.x[-1]))
        if change is None or abs(change.net) <= change.error:
            continue
        direction: Literal["rises", "falls", "goes"] = "goes"
        if change.clear_direction != "fluctuates":
            direction = change.clear_direction
        yield Outcome(label, curve.point(0), curve.point(-1), direction, (change.net > 0) == (better == "higher"))


def _find_links(reading: Reading) -> list[Link]:
    """Series of one name in two charts that move together or against each other, the closest first."""
    links = []
    read = [panel for panel in reading.panels if panel.status != "refused"]
    for one, two in combinations(read, 2):
        for i, series in enumerate(one.series):
            j = next((k for k, other in enumerate(two.series) if other.name and other.name == series.name), None)
            if j is None or series.raw_of is not None or two.series[j].raw_of is not None:
                continue
            r = correlation((one, i), (two, j))
            if r is not None and abs(r) >= _ALIKE:
                links.append(Link(label=label_series(one)[i], first=one.number, second=two.number, r=r))
    return sorted(links, key=lambda link: -abs(link.r))[:_MOST_LINKS]
