"""Binding: which series stands on which of two y axes."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal

import numpy as np

from digitize.color import color_distance, to_color
from digitize.medians import row_median
from digitize.model import Axis, Layout, Reason, TickLabels, Trace

AxisSide = Literal["y", "y2"]

#: Colours nearer than this (CIELAB) are the same to a reader.
_SAME_COLOR = 20.0
#: A name and an axis label share this much of the shorter one's letters when one names the other.
_SAME_NAME = 0.8
#: Fewer letters in common than this say nothing: many names hold a y.
_FEWEST_LETTERS = 3


def bind_axes(
    traces: Sequence[Trace], layout: Layout, ticks: Sequence[TickLabels]
) -> tuple[tuple[AxisSide, ...], tuple[Reason, ...]]:
    """The y axis of each trace, and what is doubtful about it.

    Without a second axis all stand on the first. With one, colour decides where an axis' labels have the colour of a
    series, else the words of its label where they name a series; what is left over goes to the axis without a series,
    and otherwise by pattern and order (first left, last right), which is a guess and said to be one.
    """
    if layout.y2_axis is None or not traces:
        return tuple("y" for _ in traces), ()
    sides: list[AxisSide | None] = [_by_color(trace, ticks) for trace in traces]
    by_name = _by_name(traces, layout)
    sides = [side or name for side, name in zip(sides, by_name, strict=True)]
    if len(traces) == 2 and sides.count(None) == 1:
        known = next(side for side in sides if side)
        sides = [side or ("y2" if known == "y" else "y") for side in sides]
    if None not in sides:
        return tuple(side for side in sides if side), ()
    guess: list[AxisSide] = ["y"] * len(traces)
    if len(traces) > 1:
        guess[max(range(len(traces)), key=lambda k: (_is_odd(k, traces), traces[k].entry is None, k))] = "y2"
    doubt = Reason(
        code="axis-binding",
        message="there are two y axes, and nothing in the picture tells which series stands on which",
    )
    return tuple(side or guess[k] for k, side in enumerate(sides)), (doubt,)


def _is_odd(k: int, traces: Sequence[Trace]) -> bool:
    """Whether all traces but this one are solid lines: what stands on an axis of its own is often drawn otherwise."""
    return [n for n, trace in enumerate(traces) if trace.style != "solid"] == [k]


def _by_color(trace: Trace, ticks: Sequence[TickLabels]) -> AxisSide | None:
    for row in ticks:
        if row.axis != "x" and row.labels:
            color = row_median(np.array([label.word.color for label in row.labels]))
            if np.ptp(color) > 40 and color_distance(to_color(color), trace.color) <= _SAME_COLOR:
                return "y2" if row.axis == "y2" else "y"
    return None


def _by_name(traces: Sequence[Trace], layout: Layout) -> list[AxisSide | None]:
    """For each trace the axis whose label names it, and no other trace better."""
    entries = layout.legend.entries if layout.legend else ()
    names = [entries[trace.entry].name if trace.entry is not None and entries else "" for trace in traces]
    likeness = np.array([[_likeness(name, axis) for axis in (layout.y_axis, layout.y2_axis)] for name in names])
    scores = likeness[..., 0]
    # one name may be the beginning of another
    both = likeness.sum(axis=2)
    meant = (scores >= _SAME_NAME) & (both == both.max(axis=0)) & (scores > scores[:, ::-1])
    return ["y" if first else "y2" if second else None for first, second in meant]


def _likeness(name: str, axis: Axis | None) -> tuple[float, float]:
    """The longest text that a name and an axis label have in common, as shares of the shorter and the longer one."""
    if axis is None or not axis.label or not name:
        return 0.0, 0.0
    a, b = name.casefold(), axis.label.casefold()
    longest = SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size
    if longest < _FEWEST_LETTERS:
        return 0.0, 0.0
    return longest / min(len(a), len(b)), longest / max(len(a), len(b))
