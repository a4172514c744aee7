"""Claims about axes, titles, legends, gridlines, looks and counts held against a reading."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz

from digitize.claims.entities import ALIKE, normal
from digitize.claims.findings import Finding, confirmed, decided, from_numbers, refuted, undecidable
from digitize.claims.grounds import EYE
from digitize.claims.match import MatchedSeries, NoMatchError, same_color, spelt_alike
from digitize.claims.numbers import year_span
from digitize.claims.records import Claim, Kind, Measured, Number
from digitize.model import Axis, Panel, Reading
from digitize.outputs.colorwords import color_word, distance_to_word
from digitize.outputs.curves import span_share
from digitize.outputs.facts import axis_facts, legend_place, tick_values
from digitize.outputs.wording import axis_ends, error_per_pixel

_NEAR_COLOR = 30.0  # CIELAB distance up to which a colour may be called by a word
_NEIGHBOUR_COLOR = 60.0  # and up to which by one that many would use for the same
_NEIGHBOURS = (
    {"teal", "green"},
    {"teal", "cyan"},
    {"cyan", "blue"},
    {"olive", "green"},
    {"olive", "yellow"},
    {"magenta", "pink"},
    {"magenta", "purple"},
    {"pink", "red"},
    {"orange", "yellow"},
    {"orange", "brown"},
)
_HALF_ALIKE = 60.0  # rapidfuzz ratio below which a printed text is another one
_STYLES = {"markers alone": "points", "markers only": "points", "dash-dotted": "dashdot", "dashdotted": "dashdot"}


def judge_charts(claim: Claim, reading: Reading) -> Finding:
    """How many charts there are, or that one has a title."""
    if claim.kind is Kind.CHARTS:
        count = float(len(reading.panels))
        if claim.low is None:
            return undecidable("it gives no number")
        return from_numbers([Measured("the number of charts", claim.low, count, count, 0.0, 0.0)])
    titles = [panel.title for panel in reading.panels if panel.title]
    best = max(titles, key=lambda title: fuzz.ratio(normal(claim.word or ""), normal(title)), default=None)
    score = fuzz.ratio(normal(claim.word or ""), normal(best)) if best else 0.0
    if score >= ALIKE:
        return confirmed(f"a chart is titled “{best}”")
    figure = {normal(reading.picture.name)}
    if normal(claim.word or "") in figure:
        return undecidable("it names the picture's file")
    return decided(
        False if score < _HALF_ALIKE else None, f"the nearest title is “{best}”" if best else "no chart has a title"
    )


def judge_panel(claim: Claim, panel: Panel) -> Finding:
    """What surrounds the curves of one chart.

    Raises
    ------
    NoMatchError
        The axis that the claim speaks of was not read.
    """
    judges = {
        Kind.AXIS_RANGE: _judge_range,
        Kind.AXIS_TICKS: _judge_ticks,
        Kind.AXIS_LABEL: _judge_label,
        Kind.AXIS_SCALE: _judge_scale,
        Kind.AXIS_UNIT: _judge_unit,
        Kind.CATEGORIES: _judge_categories,
        Kind.COUNT: _judge_count,
        Kind.LEGEND: _judge_legend,
        Kind.GRIDLINES: _judge_gridlines,
    }
    return judges[claim.kind](claim, panel)


def _axis(claim: Claim, panel: Panel) -> Axis:
    axis = {"x": panel.x_axis, "y": panel.y_axis, "y2": panel.y2_axis}[claim.axis]
    if axis is None:
        raise NoMatchError(f"the {claim.axis} axis was not read")
    return axis


def _number(axis: Axis, number: Number) -> Number:
    """A claimed value in the axis' own units: years as times, per cent as shares where it shows shares."""
    if axis.scale == "date" and not number.time and 1000 <= number.value < 3000:
        low, high = year_span(number)
        return replace(number, value=low, precision=(high - low) / 2)
    largest = max((abs(tick) for tick in tick_values(axis)), default=0.0)
    if number.percent and axis.unit != "%" and largest <= 2:
        return replace(number, value=number.value / 100, precision=number.precision / 100)
    return number


def _judge_range(claim: Claim, panel: Panel) -> Finding:
    """From where to where an axis goes: its labelled ticks or the edges of the plot area, or anything between."""
    axis = _axis(claim, panel)
    if claim.low is None or claim.high is None:
        return undecidable("it gives no range")
    size = panel.box.width if claim.axis == "x" else panel.box.height
    edges = sorted(axis_ends(axis, panel.box, claim.axis))
    ticks = tick_values(axis)
    numbers = sorted([_number(axis, claim.low), _number(axis, claim.high)], key=lambda one: one.value)
    measured = []
    for name, number, edge, tick in (
        ("the lower end", numbers[0], edges[0], ticks[0] if ticks else edges[0]),
        ("the upper end", numbers[1], edges[1], ticks[-1] if ticks else edges[1]),
    ):
        error = error_per_pixel(axis, edge)
        tolerance = number.precision + error + span_share(axis, size, edge, EYE)
        measured.append(Measured(name, number, min(edge, tick), max(edge, tick), error, tolerance))
    return from_numbers(measured)


def _judge_ticks(claim: Claim, panel: Panel) -> Finding:
    """The first and the last labelled tick, and the step or the factor between ticks."""
    axis = _axis(claim, panel)
    facts = next(one for one in axis_facts(panel) if one.name == claim.axis)
    if len(facts.ticks) < 2:
        return undecidable("fewer than two ticks were read")
    measured = []
    for name, number, value in (
        ("the first tick", claim.low, facts.ticks[0]),
        ("the last tick", claim.high, facts.ticks[-1]),
    ):
        if number is not None:
            number = _number(axis, number)
            measured.append(Measured(name, number, value, value, 0.0, number.precision + 1e-9 * abs(value)))
    step = facts.factor if claim.word == "times" else facts.step
    if claim.step is not None:
        if step is None:
            return undecidable("the ticks have no one step")
        number = _number(axis, claim.step)
        measured.append(Measured("the step", number, step, step, 0.0, number.precision + 1e-9 * step))
    return from_numbers(measured)


def _judge_label(claim: Claim, panel: Panel) -> Finding:
    axis = _axis(claim, panel)
    if not axis.label:
        return undecidable("no label of that axis was read")
    wanted, label = normal(claim.word or ""), normal(axis.label)
    score = max(fuzz.ratio(wanted, label), fuzz.token_set_ratio(wanted, label) if len(label) > 2 else 0.0)
    holds = True if score >= ALIKE else False if score < _HALF_ALIKE else None
    return decided(holds, f"the label reads “{axis.label}”")


def _judge_scale(claim: Claim, panel: Panel) -> Finding:
    axis = _axis(claim, panel)
    return decided(axis.scale == claim.word, f"the axis is {axis.scale}")


def _judge_unit(claim: Claim, panel: Panel) -> Finding:
    axis = _axis(claim, panel)
    return decided(axis.unit == claim.word, f"the unit is {axis.unit or 'not told'}")


def _judge_categories(claim: Claim, panel: Panel) -> Finding:
    labels = _axis(claim, panel).labels
    if labels is None:
        return refuted("the axis has no categories")
    missing = [word for word in claim.words if not any(spelt_alike(word, label) for label in labels)]
    return decided(not missing, f"not there: {', '.join(missing)}" if missing else f"{len(labels)} categories")


def _judge_count(claim: Claim, panel: Panel) -> Finding:
    if claim.low is None:
        return undecidable("it gives no number")
    own = sum(series.raw_of is None for series in panel.series)
    return from_numbers([Measured("the number of series", claim.low, float(own), float(len(panel.series)), 0.0, 0.0)])


def _judge_legend(claim: Claim, panel: Panel) -> Finding:
    if panel.legend is None:
        return decided(True if claim.word == "none" else None, "no legend was found")
    place = legend_place(panel.legend, panel.box)
    word = claim.word or "?"
    if word.startswith("inside, ") and not place.startswith("inside"):  # a corner of the whole chart
        return decided(word.rpartition(" ")[2] in place or None, f"the legend is {place}")
    return decided(place.startswith(word), f"the legend is {place}")


def _judge_gridlines(claim: Claim, panel: Panel) -> Finding:
    area = panel.layout.area
    found = [word for word, rules in (("horizontal", area.y_grid), ("vertical", area.x_grid)) if rules]
    why = f"gridlines: {' and '.join(found) or 'none'}"
    if claim.word == "none":
        return decided(not found, why)
    return decided(bool(found) and all(word in found for word in claim.words), why)


def judge_look(claim: Claim, matched: MatchedSeries) -> Finding:
    """That a series is there, and its colour or its style."""
    series = matched.series
    if claim.kind is Kind.SERIES:
        return confirmed(f"a series is called “{matched.match.label}”")
    if claim.kind is Kind.STYLE:
        style = _STYLES.get(claim.word or "", claim.word)
        return decided(series.style == style, f"it is {'markers alone' if series.style == 'points' else series.style}")
    word = color_word(series.color)
    apart = distance_to_word(series.color, claim.word or "")
    near = same_color(word, claim.word or "") or apart <= _NEAR_COLOR
    near = near or ({word, claim.word} in _NEIGHBOURS and apart <= _NEIGHBOUR_COLOR)
    return decided(near, f"it is {word}")
