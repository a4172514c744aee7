"""Verification: the checks that a panel must pass to be `ok`.

A check that cannot be evaluated is a reason, never a pass.
"""

from __future__ import annotations

from collections.abc import Sequence

from digitize.identity import ends_beside_another, has_bars, shared_share
from digitize.model import Axis, Layer, Layout, Reason, Segmentation, Series, Status, to_hex
from digitize.synthesis import left_over_share, missed_share, uncertain_share, unsupported_share

#: Ticks may lie this far from the fitted axis (root mean square, pixels) before the axis is doubted.
_RESIDUAL = 1.5
#: Least number of agreeing ticks that an axis is believed with.
_TICKS = 3
#: Coherent ink besides the series, as a share of theirs, that may stay unexplained.
_UNEXPLAINED = 0.05
#: Share of one colour's ink that its curves, drawn again, may leave over.
_MISSED = 0.03
#: Share of a curve that may be claimed where there is no ink.
_UNSUPPORTED = 0.03
#: Share of a curve's length over which another of the same ink may run with it; crossings take some.
_SHARED = 0.08
#: Share of a curve's width over which its course may be open.
_UNSURE = 0.04
#: Share of a series that may be bridged beneath other ink.
_COVERED = 0.25


def verify(
    layout: Layout, segmentation: Segmentation, series: Sequence[Series], doubts: Sequence[Reason]
) -> tuple[Status, tuple[Reason, ...]]:
    """The status of a panel, with every reason that stands against `ok`.

    Parameters
    ----------
    layout : plot area, axes and legend.
    segmentation : what ink was found and how much of it stayed unexplained.
    series : what was read.
    doubts : what other stages found doubtful.
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
        *_end_reasons(segmentation, series),
    ]
    rules = (*layout.area.frame, *layout.area.x_grid, *layout.area.y_grid)
    over = left_over_share(segmentation, [one.trace for one in series], rules)
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
        if axis.residual_px > _RESIDUAL:
            found.append(
                Reason(
                    code="residual", message=f"{name} axis: the ticks lie {axis.residual_px:.1f} px off a common scale"
                )
            )
        if axis.scale != "category" and _used(axis) < _TICKS:
            found.append(Reason(code="few-ticks", message=f"{name} axis: only {_used(axis)} tick labels agree"))
    return found


def _used(axis: Axis) -> int:
    return sum(tick.used for tick in axis.ticks)


def _series_reasons(layout: Layout, series: Sequence[Series]) -> list[Reason]:
    found: list[Reason] = []
    for number, one in enumerate(series, start=1):
        called = one.name or f"series {number}"
        found += [Reason(code=d.code, message=f"{called}: {d.message}") for d in one.trace.doubts]
        covered = one.trace.covered_share
        if covered > _COVERED:
            text = f"{called}: {covered:.0%} of it is hidden beneath other lines and was bridged"
            found.append(Reason(code="covered", message=text))
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


def _synthesis_reasons(segmentation: Segmentation, series: Sequence[Series]) -> list[Reason]:
    """Draws the series again: they must cover their colour's ink, and there must be ink where they run."""
    found: list[Reason] = []
    for layer in segmentation.layers:
        own = [one for one in series if _is_of(one, layer)]
        called = " and ".join(one.name or to_hex(one.color) for one in own)
        if not own:
            continue
        missed = missed_share(layer, [one.trace for one in own])
        if missed > _MISSED:
            text = f"{called}: {missed:.0%} of the ink of this colour is not followed by any curve"
            found.append(Reason(code="missed-ink", message=text))
        for one in own:
            shared = shared_share(one.trace, [other.trace for other in own if other is not one])
            if shared > _SHARED:
                text = f"{one.name or called}: it runs in the same ink as another over {shared:.0%} of its length"
                found.append(Reason(code="shared-ink", message=text))
            unsure = uncertain_share(segmentation, layer, one.trace)
            if unsure > _UNSURE:
                text = f"{called}: over {unsure:.0%} of its width other lines or text leave its course open"
                found.append(Reason(code="open-course", message=text))
            bare = unsupported_share(layer, one.trace)
            if bare > _UNSUPPORTED:
                text = f"{called}: {bare:.0%} of the curve runs where there is no ink of its colour"
                found.append(Reason(code="no-ink", message=text))
    return found


def _end_reasons(segmentation: Segmentation, series: Sequence[Series]) -> list[Reason]:
    """Where a curve may go on unseen, and where strokes that are no part of it may have been followed."""
    found: list[Reason] = []
    for number, one in enumerate(series, start=1):
        others = [other.trace for other in series if other is not one and other.trace.faint == one.trace.faint]
        if ends_beside_another(one.trace, others, segmentation.box):
            text = f"{one.name or f'series {number}'}: it ends beside another line that goes on, and may go on with it"
            found.append(Reason(code="end-beside", message=text))
        if has_bars(one.trace):
            text = f"{one.name or f'series {number}'}: it has upright strokes that look like error bars"
            found.append(Reason(code="error-bars", message=text))
    return found


def _is_of(one: Series, layer: Layer) -> bool:
    """Whether a series was read from a layer."""
    same = one.trace.entry in layer.entries if one.trace.entry is not None else one.trace.color == layer.color
    return same and one.trace.faint == layer.faint
