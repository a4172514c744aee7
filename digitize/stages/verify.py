"""Verification: the checks that a panel must pass to be `ok`.

A check that cannot be evaluated is a reason, never a pass.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from digitize.identity import ends_at, ends_beside_another, has_bars, lacks_a_marker, shared_share, turns_back
from digitize.model import (
    Axis,
    Box,
    Layer,
    Layout,
    Legend,
    Picture,
    Reason,
    Segmentation,
    Series,
    Status,
    Trace,
    to_hex,
)
from digitize.numbertext import numbers
from digitize.outside import share_beyond_ends, shares_beyond
from digitize.synthesis import cut_share, left_over_share, missed_share, weigh_course

#: Ticks may lie this far from the fitted axis (root mean square, pixels) before the axis is doubted.
_RESIDUAL = 1.5
#: The standard error that the ends of an axis may have, as a share of its length.
_COARSE = 0.0034
#: A text is a number as read where it is one with this prior; signs that stand beside numbers without meaning anything.
_SURE, _BESIDE = 0.9, " -_.,|'`\"~:;=*^°+"
#: Least number of agreeing ticks that an axis is believed with.
_TICKS = 3
#: Coherent ink besides the series, as a share of theirs, that may stay unexplained.
_UNEXPLAINED = 0.05
#: Share of a curve's length over which another of the same ink may run with it; crossings take some.
_SHARED = 0.08
#: Ink in a curve's colour beyond the plot area, as a share of its own, that no curve leaves there.
_BEYOND = 0.05
#: A line that goes on beyond the end of its curve over more than this share of its length was not followed to its end.
_GOES_ON = 0.04
#: Share of a curve that may be expected to lie elsewhere.
_DOUBTFUL = 0.06
#: Share of a curve's columns in which others may hide its peaks.
_CUT = 0.2
#: A line that turns more often than this a pixel, by more than so many pixels each time, goes to and fro densely; where
#: its width is more than this share of the plot area's height, how far it goes is told no better than charts are read.
_TURNS, _TURN, _BROAD = 0.3, 0.5, 0.008


def verify(
    picture: Picture,
    layout: Layout,
    segmentation: Segmentation,
    series: Sequence[Series],
    doubts: Sequence[Reason],
    others: Sequence[Box] = (),
) -> tuple[Status, tuple[Reason, ...]]:
    """The status of a panel, with every reason that stands against `ok`.

    Parameters
    ----------
    picture : the picture.
    layout : plot area, axes and legend.
    segmentation : what ink was found and how much of it stayed unexplained.
    series : what was read.
    doubts : what other stages found doubtful.
    others : the plot areas of the other panels.
    """
    missing = [name for name, axis in (("x", layout.x_axis), ("y", layout.y_axis)) if axis is None]
    if missing:
        return "refused", tuple(
            Reason(
                code=f"no-{name}-axis", message=f"the {name} axis could not be calibrated: too few tick labels agree"
            )
            for name in missing
        )
    reasons = [
        *doubts,
        *_axis_reasons(layout),
        *_series_reasons(layout, series),
        *_synthesis_reasons(segmentation, series),
        *_end_reasons(segmentation, series, layout.legend),
        *_edge_reasons(picture, layout, segmentation, series, others),
    ]
    rules = (*layout.area.frame, *layout.area.x_grid, *layout.area.y_grid)
    over = left_over_share(segmentation, [one.trace for one in series], rules, layout.legend)
    if over > _UNEXPLAINED:
        text = f"besides the series that were read there is {over:.0%} as much other ink in the plot area"
        reasons.append(Reason(code="unexplained-ink", message=text))
    unique = tuple(dict.fromkeys(reasons))
    return ("review" if unique else "ok"), unique


def _axis_reasons(layout: Layout) -> list[Reason]:
    found: list[Reason] = []
    for name, axis in (("x", layout.x_axis), ("y", layout.y_axis), ("second y", layout.y2_axis)):
        if axis is None:
            continue
        found += [Reason(code=d.code, message=f"{name} axis: {d.message}") for d in axis.doubts]
        if axis.scale in ("linear", "log") and not _told_by_figures(axis):
            text = f"{name} axis: most of its labels are no numbers as they were read"
            found.append(Reason(code="ambiguous-label", message=text))
        off = _likely_error(axis)
        if axis.scale != "category" and off > _COARSE:
            text = f"{name} axis: its ticks and labels tell its ends only to {off:.1%} of its length"
            found.append(Reason(code="coarse-axis", message=text))
        if axis.residual_px > _RESIDUAL:
            found.append(
                Reason(
                    code="residual", message=f"{name} axis: the ticks lie {axis.residual_px:.1f} px off a common scale"
                )
            )
        if axis.scale != "category" and _used(axis) < _TICKS:
            found.append(Reason(code="few-ticks", message=f"{name} axis: only {_used(axis)} tick labels agree"))
    return found


def _told_by_figures(axis: Axis) -> bool:
    """Whether at least half of the used labels, as they were read, are numbers with the figures of their values.

    A factor at the axis' end moves the point only. What stands for a number only if it was misread tells little.
    """
    used = [tick for tick in axis.ticks if tick.used and tick.value is not None]
    return 2 * sum(_says(tick.text, tick.value or 0.0) for tick in used) >= len(used)


def _says(text: str, value: float) -> bool:
    """Whether a text, the remains of tick marks at its ends left off, is a number of the figures of a value."""
    plain = text if numbers(text) else text.strip(_BESIDE)
    return any(_has_figures_of(one.value, value) for one in numbers(plain) if one.prior >= _SURE)


def _has_figures_of(read: float, value: float) -> bool:
    """Whether two numbers are alike but for the place of their point."""
    if read * value <= 0:
        return read == value
    places = math.log10(read / value)
    return math.isclose(places, round(places), abs_tol=1e-6)


def _likely_error(axis: Axis) -> float:
    """The standard error of an axis at the worse of its anchors, as a share of their distance."""
    ends = np.array(axis.pixels, dtype=float)
    return float(axis.pixel_error(ends).max() / abs(np.diff(ends)[0]))


def _used(axis: Axis) -> int:
    return sum(tick.used for tick in axis.ticks)


def _series_reasons(layout: Layout, series: Sequence[Series]) -> list[Reason]:
    found: list[Reason] = []
    for number, one in enumerate(series, start=1):
        called = one.name or f"series {number}"
        found += [Reason(code=d.code, message=f"{called}: {d.message}") for d in one.trace.doubts]
        broad = one.trace.width_px / layout.area.box.height
        if one.style != "points" and broad > _BROAD and _turns_a_pixel(one.trace) > _TURNS:
            text = (
                f"{called}: its peaks run together, {broad:.1%} of the plot area's height broad and close to each other"
            )
            found.append(Reason(code="broad-line", message=text))
    entries = layout.legend.entries if layout.legend else ()
    bound = [one.trace.entry for one in series if one.trace.entry is not None and not one.trace.faint]
    for k, entry in enumerate(entries):
        if bound.count(k) == 0:
            text = f"the legend names {entry.name!r}, but no such line was found"
            found.append(Reason(code="entry-without-series", message=text))
        elif bound.count(k) > 1:
            text = f"{bound.count(k)} lines are bound to the legend's {entry.name!r}"
            found.append(Reason(code="entry-shared", message=text))
    if entries and any(one.trace.entry is None and not one.trace.faint for one in series):
        found.append(Reason(code="series-without-entry", message="there is a line that the legend does not name"))
    return found


def _turns_a_pixel(trace: Trace) -> float:
    """How often a curve turns between up and down, a pixel along x."""
    known = np.isfinite(trace.y_px)
    if np.count_nonzero(known) < 3:
        return 0.0
    steps = np.diff(trace.y_px[known])
    turns = (steps[1:] * steps[:-1] < 0) & (np.minimum(np.abs(steps[1:]), np.abs(steps[:-1])) > _TURN)
    return float(np.count_nonzero(turns)) / max(float(np.ptp(trace.x_px[known])), 1.0)


def _synthesis_reasons(segmentation: Segmentation, series: Sequence[Series]) -> list[Reason]:
    """Draws the series again: they must cover their colour's ink, and there must be ink where they run."""
    found: list[Reason] = []
    for layer in segmentation.layers:
        own = [one for one in series if layer.holds(one.trace)]
        if not own:
            continue
        open_ = [one for one in own if not one.trace.settled]
        missed = missed_share(layer, [one.trace for one in own]) if open_ else 0.0
        for one in own:
            shared = shared_share(one.trace, [other.trace for other in own if other is not one])
            if shared > _SHARED:
                called = one.name or to_hex(one.color)
                text = f"{called}: it runs in the same ink as another over {shared:.0%} of its length"
                found.append(Reason(code="shared-ink", message=text))
            doubt = None if one.trace.settled else _doubtful_course(segmentation, layer, one, missed)
            found += [doubt] if doubt else []
        if not open_ or own[0].trace.style == "points":
            continue
        cut = cut_share(layer, own[0].trace.width_px)
        if cut > _CUT:
            called = own[0].name or to_hex(own[0].color)
            text = f"{called}: over {cut:.0%} of its width its strokes end beneath other lines and may go on there"
            found.append(Reason(code="peaks-hidden", message=text))
    return found


def _edge_reasons(
    picture: Picture, layout: Layout, segmentation: Segmentation, series: Sequence[Series], others: Sequence[Box]
) -> list[Reason]:
    """Whether curves go on beyond the plot area, which was then cut off, or beyond their ends."""
    found: list[Reason] = []
    bold = [one for one in series if not one.trace.faint]
    pairs = [(one.trace, layer) for one in bold for layer in segmentation.layers if layer.holds(one.trace)]
    beyond = max(shares_beyond(picture.rgb, layout, others, pairs), default=0.0)
    if beyond > _BEYOND:
        text = f"beyond the plot area there is {beyond:.0%} as much ink in the colour of a curve as in it"
        found.append(Reason(code="cut-off", message=text))
    for one, layer in pairs:
        share = share_beyond_ends(picture.rgb, layout.area.background, one, layer)
        if share > _GOES_ON:
            name = next((s.name for s in series if s.trace is one and s.name), to_hex(one.color))
            found.append(
                Reason(code="cut-off", message=f"{name}: its line goes on beyond its end for {share:.0%} of it")
            )
    return found


def _doubtful_course(segmentation: Segmentation, layer: Layer, one: Series, missed: float) -> Reason | None:
    """The chief reason why much of a curve may be expected to lie elsewhere: its course is open, or was guessed."""
    called = one.name or to_hex(one.color)
    doubt = weigh_course(segmentation, layer, one.trace, missed)
    if doubt.share <= _DOUBTFUL:
        return None
    if 2 * missed >= max(doubt.open, doubt.bare):
        return Reason(code="missed-ink", message=f"{called}: {missed:.0%} of its ink is not followed by any curve")
    if doubt.open >= doubt.bare:
        text = f"{called}: over {doubt.open:.0%} of its width other lines or text leave its course open"
        return Reason(code="open-course", message=text)
    return Reason(code="no-ink", message=f"{called}: over {doubt.bare:.0%} of its length no ink of its colour is seen")


def _end_reasons(segmentation: Segmentation, series: Sequence[Series], legend: Legend | None) -> list[Reason]:
    """Where a curve may go on unseen, and where strokes that are no part of it may have been followed."""
    found: list[Reason] = []
    for number, one in enumerate(series, start=1):
        others = [other.trace for other in series if other is not one and other.trace.faint == one.trace.faint]
        if ends_beside_another(one.trace, others, segmentation.box):
            text = f"{one.name or f'series {number}'}: it ends beside another line that goes on, and may go on with it"
            found.append(Reason(code="end-beside", message=text))
        if legend and not legend.direct and ends_at(one.trace, legend.box, others, segmentation.box):
            text = f"{one.name or f'series {number}'}: it ends at the legend, and may go on beneath it"
            found.append(Reason(code="end-beside", message=text))
        if lacks_a_marker(one.trace, others):
            text = f"{one.name or f'series {number}'}: it has no marker at a place where others have one"
            found.append(Reason(code="marker-hidden", message=text))
        if turns_back(one.trace):
            text = f"{one.name or f'series {number}'}: it comes back along x, and may be two lines with common ends"
            found.append(Reason(code="turns-back", message=text))
        if has_bars(one.trace):
            text = f"{one.name or f'series {number}'}: it has upright strokes that look like error bars"
            found.append(Reason(code="error-bars", message=text))
    return found
