"""A reading in words, made from its numbers alone.

Every sentence about the data says a number or names what it compares, in words that `digitize.claims` reads back: a
description held against the picture it came from is confirmed claim by claim.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from digitize.model import Panel, Reading, Scale
from digitize.outputs.anomalies import JUMP_COLUMNS, LEAST_SHARE, SPIKE_DEVIATIONS, Anomaly
from digitize.outputs.courses import Phase
from digitize.outputs.facts import (
    AxisFacts,
    ChartFacts,
    FigureFacts,
    KeyPoints,
    PairFacts,
    SeriesFacts,
    find_facts,
)
from digitize.outputs.rounding import to_text
from digitize.outputs.stats import Measure
from digitize.outputs.values import ChosenX
from digitize.outputs.wording import chart_name, code, escape, listing, number_text, place_text, x_text

MOST_ROWS = 40  # a description's table stays readable
_MOST_SWAPS = 3  # places that are named one by one
_STYLES = {"dashdot": "dash-dotted", "points": "markers alone"}


def to_markdown(reading: Reading, x: ChosenX = "ticks") -> str:
    """A reading as Markdown: overview, components, each series' course and key points, comparisons, what the metrics'
    names make of it, anomalies, and doubts.

    Parameters
    ----------
    x : where the key data points stand.
    """
    facts = find_facts(reading, x)
    parts = [f"# {escape(reading.picture.name)}", "", "## Overview", "", *_overview(reading, facts)]
    if facts.charts:
        parts += ["", "## Components", "", *_components(facts)]
        parts += ["", "## Detailed analysis"]
        for panel, chart in zip(reading.panels, facts.charts, strict=True):
            parts += ["", _heading(chart), "", *_detail(panel, chart, every_row=x != "ticks")]
        for title, lines in (
            ("Key observations", _observations(reading, facts)),
            ("Interpretation", _interpretation(reading, facts)),
            ("Anomalies", _anomalies(reading, facts)),
            ("Doubts", _doubts(facts)),
        ):
            parts += ["", f"## {title}", "", *lines]
    return "\n".join(parts) + "\n"


def _heading(chart: ChartFacts) -> str:
    return f"### Chart {chart.number}{': ' + code(chart.title) if chart.title else ''}"


def _overview(reading: Reading, facts: FigureFacts) -> Iterator[str]:
    count = len(facts.charts)
    if not count:
        yield "No line chart."
        yield from (f"- {escape(reason.message)} (`{reason.code}`)" for reason in facts.reasons)
        return
    titled = [code(chart.title) for chart in facts.charts if chart.title]
    names = f": {listing(titled)}" if titled else ""
    yield f"The figure holds {count} line chart{'' if count == 1 else 's'}{names}."
    for panel, chart in zip(reading.panels, facts.charts, strict=True):
        yield f"- {_subject(reading, panel)}{_shows(chart)}"


def _subject(reading: Reading, panel: Panel) -> str:
    name = chart_name(reading, panel)
    return name[0].upper() + name[1:]


def _shows(chart: ChartFacts) -> str:
    """What one chart shows: how many series of what over what."""
    count = len(chart.series)
    if not count:
        return " could not be read."
    y_label = next((axis.label for axis in chart.axes if axis.name == "y"), None)
    x_label = next((axis.label for axis in chart.axes if axis.name == "x"), None)
    what = f" of {code(y_label)}" if y_label else ""
    over = f" over {code(x_label)}" if x_label else ""
    return f" shows {count} series{what}{over}."


def _components(facts: FigureFacts) -> Iterator[str]:
    shared = list(_shared(facts)) if len(facts.charts) > 1 else []
    yield from shared
    for chart in facts.charts:
        yield from ["", _heading(chart), ""] if shared or chart is not facts.charts[0] else [_heading(chart), ""]
        for axis in chart.axes:
            yield f"- {_axis(axis)}"
        if chart.legend is None:
            yield "- legend: none"
        else:
            names = ", ".join(code(name) for name in chart.legend.names)
            yield f"- legend: {chart.legend.place}, with {names}"
        yield f"- gridlines: {' and '.join(chart.gridlines) or 'none'}"
        for one in chart.series:
            second = ", on the second y-axis" if one.axis == "y2" else ""
            yield f"- {code(one.label)}: {one.color_word} ({one.color}), {_STYLES.get(one.style, one.style)}{second}"


def _shared(facts: FigureFacts) -> Iterator[str]:
    """What all charts have alike."""
    labels = [tuple(one.label for one in chart.series) for chart in facts.charts]
    if len(set(labels)) == 1 and labels[0]:
        yield f"- All charts show {listing([code(label) for label in labels[0]])}."
    axes = [next((_axis(axis, ends=False) for axis in chart.axes if axis.name == "x"), None) for chart in facts.charts]
    if len(set(axes)) == 1 and axes[0]:
        yield f"- All charts have the same {axes[0]}."


def _axis(axis: AxisFacts, *, ends: bool = True) -> str:
    """One axis in a phrase."""
    name = {"x": "x-axis", "y": "y-axis", "y2": "second y-axis"}[axis.name]
    parts = [f"label {code(axis.label)}"] if axis.label else []
    parts += [f"in {axis.unit}"] if axis.unit else []
    parts.append({"log": "logarithmic", "date": "dates", "category": "categories"}.get(axis.scale, axis.scale))
    if axis.categories:
        return f"{name}: {', '.join(parts)} {', '.join(code(one) for one in axis.categories)}"
    if ends:
        low, high = (_axis_value(end, axis.scale) for end in (axis.low, axis.high))
        parts.append(f"range {low} to {high}")
    if len(axis.ticks) >= 2:
        first, last = (_axis_value(Measure(tick, 0.0), axis.scale) for tick in (axis.ticks[0], axis.ticks[-1]))
        step = f" every {_exact(axis.step)}" if axis.step else ""
        step += f" each {_exact(axis.factor)} times the last" if axis.factor else ""
        parts.append(f"ticks {first} to {last}{step}")
    return f"{name}: {', '.join(parts)}"


def _axis_value(end: Measure, scale: Scale) -> str:
    if scale == "date":
        return to_text(end.value, end.error, scale)
    return number_text(end.value, end.error) if end.error else _exact(end.value)


def _exact(value: float) -> str:
    return f"{value:.10g}"


def _detail(panel: Panel, chart: ChartFacts, *, every_row: bool) -> Iterator[str]:
    """The course of each series in a sentence, its extremes in another, and the table of key points."""
    if not chart.series:
        yield f"No data: the chart is {chart.status}."
        return
    for one in chart.series:
        yield f"- **{escape(one.label)}**: {_course(panel, one)}. {_extremes(panel, one)}."
    if chart.key_points.x:
        yield ""
        yield from _table(panel, [one.label for one in chart.series], chart.key_points, every_row=every_row)


def _course(panel: Panel, one: SeriesFacts) -> str:
    start, last = one.phases[0].start, one.phases[-1]
    parts = [f"starts at {number_text(start.y, start.y_err)} ({place_text(panel, start.x)})"]
    parts += [_phase(panel, phase) for phase in one.phases]
    if last.direction == "fluctuates":
        parts.append(f"ends at {number_text(last.stop.y, last.stop.y_err)} ({place_text(panel, last.stop.x)})")
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]


def _phase(panel: Panel, phase: Phase) -> str:
    if phase.direction == "fluctuates":
        low, high = number_text(phase.low, phase.error), number_text(phase.high, phase.error)
        how = f"stays near {low}" if low == high else f"fluctuates between {low} and {high}"
        return f"{how} until {place_text(panel, phase.stop.x)}"
    verb = phase.direction
    return f"{verb} to {number_text(phase.stop.y, phase.stop.y_err)} ({place_text(panel, phase.stop.x)})"


def _extremes(panel: Panel, one: SeriesFacts) -> str:
    low, high = (
        f"{number_text(point.y, point.y_err)} at {place_text(panel, point.x)}" for point in (one.minimum, one.maximum)
    )
    return f"Highest {high}; lowest {low}; mean {number_text(*one.mean)}"


def _table(panel: Panel, labels: Sequence[str], points: KeyPoints, *, every_row: bool) -> Iterator[str]:
    """Key points, thinned to a readable number where nobody asked for each of them."""
    thinned = 1 if every_row else math.ceil(len(points.x) / MOST_ROWS)
    yield _row(["x", *(escape(label) for label in labels)])
    yield _row(["---:"] * (1 + len(labels)))
    for x, values in list(zip(points.x, points.values, strict=True))[::thinned]:
        yield _row([escape(x_text(panel, x)), *(number_text(*value) for value in values)])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _observations(reading: Reading, facts: FigureFacts) -> Iterator[str]:
    """Comparisons within each chart, then across charts."""
    found = False
    for panel, chart in zip(reading.panels, facts.charts, strict=True):
        lines = list(_compared(panel, chart))
        found = found or bool(lines)
        if lines:
            yield f"- {_subject(reading, panel)}:"
            yield from (f"  - {line}" for line in lines)
    names = {panel.number: chart_name(reading, panel) for panel in reading.panels}
    for link in facts.links:
        found = True
        how = "alike" if link.r > 0 else "in opposite directions"
        yield (
            f"- {code(link.label)} moves {how} in {names[link.first]} and {names[link.second]} "
            f"(correlation {link.r:.2f})."
        )
    if not found:
        yield "Nothing to compare."


def _compared(panel: Panel, chart: ChartFacts) -> Iterator[str]:
    for pair in chart.pairs:
        yield from _pair(panel, pair)
    gap = chart.largest_gap
    if gap:
        size = number_text(*gap.size)
        between = listing([code(gap.first), code(gap.second)])
        yield f"The largest gap, between {between}, is {size} at {place_text(panel, gap.x)}."
    restless = chart.restless
    if restless:
        more, less = (number_text(*stray) for stray in restless.strays)
        yield f"{code(restless.more)} is more volatile than {code(restless.less)} ({more} against {less})."


def _pair(panel: Panel, pair: PairFacts) -> Iterator[str]:
    first, second = code(pair.first), code(pair.second)
    for lead in pair.leads:
        upper, lower = (first, second) if lead.side > 0 else (second, first)
        yield f"{upper} is above {lower} from {place_text(panel, lead.start)} to {place_text(panel, lead.stop)}."
    middles = [place_text(panel, (start + stop) / 2) for start, stop in pair.swaps]
    if 0 < len(middles) <= _MOST_SWAPS:
        yield f"{first} and {second} cross at {listing(middles)}."
    elif middles:
        yield f"{first} and {second} cross {len(middles)} times."
    if pair.gaps:
        (start, one), (stop, two) = pair.gaps
        verb = "narrows" if two.value < one.value else "widens"
        yield (
            f"The gap between {first} and {second} {verb} from {number_text(*one)} ({place_text(panel, start)}) "
            f"to {number_text(*two)} ({place_text(panel, stop)})."
        )


def _interpretation(reading: Reading, facts: FigureFacts) -> Iterator[str]:
    """What the numbers mean where a chart's names tell which way is better."""
    found = False
    for panel, chart in zip(reading.panels, facts.charts, strict=True):
        for outcome in chart.outcomes if chart.better else ():
            found = True
            way, word = chart.better or ("lower", "")
            ends = " to ".join(
                f"{number_text(point.y, point.y_err)} ({place_text(panel, point.x)})"
                for point in (outcome.start, outcome.stop)
            )
            sense = "an improvement" if outcome.improved else "a worsening"
            yield (
                f"- In {chart_name(reading, panel)}, {code(outcome.label)} {outcome.direction} from {ends}: {sense}, "
                f"as {way} is better for {word}."
            )
    if not found:
        yield "No name in the picture tells which way is better."


def _anomalies(reading: Reading, facts: FigureFacts) -> Iterator[str]:
    yield (
        f"Counted as anomalies: single points {SPIKE_DEVIATIONS:g} usual deviations or farther off their "
        f"surroundings, steps within {JUMP_COLUMNS} pixel columns, either making up {LEAST_SHARE:.0%} of what the "
        "curve covers, an edge that cuts a curve off, and missing stretches."
    )
    yield ""
    lines = []
    for panel, chart in zip(reading.panels, facts.charts, strict=True):
        for one in chart.series:
            lines += [f"- In {chart_name(reading, panel)}, {_anomaly(panel, one, it)}." for it in one.anomalies]
    yield from lines or ["None was found."]


def _anomaly(panel: Panel, one: SeriesFacts, it: Anomaly) -> str:
    start, stop = place_text(panel, it.start), place_text(panel, it.stop)
    name = code(one.label)
    if it.kind == "spike":
        return f"{name} spikes to {number_text(it.value, it.error)} at {start}"
    if it.kind == "jump":
        before, after = number_text(it.before, it.error), number_text(it.value, it.error)
        start, stop = (place_text(panel, x, share_px=0.1) for x in (it.start, it.stop))
        return f"{name} jumps from {before} ({start}) to {after} ({stop})"
    if it.kind == "clipped":
        return f"{name} is cut off at the {it.edge} edge from {start} to {stop}"
    return f"{name} has a gap from {start} to {stop}"


def _doubts(facts: FigureFacts) -> Iterator[str]:
    lines = [
        f"- Chart {chart.number} says `{chart.status}`: {escape(reason.message)} (`{reason.code}`)."
        for chart in facts.charts
        for reason in chart.reasons
    ]
    lines += [f"- {escape(reason.message)} (`{reason.code}`)." for reason in facts.reasons]
    yield from lines or ["None."]
