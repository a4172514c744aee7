"""Tracing: the layers of a plot area followed as curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from digitize.beneath import follow_beneath
from digitize.bridges import Terrain
from digitize.color import Float32
from digitize.commonplaces import find_places
from digitize.crossings import open_crossings, untangled
from digitize.dashes import cover_along, measured_style
from digitize.ends import EARLY, End, end_apart
from digitize.loops import Leg, find_legs, is_closed
from digitize.markerpaths import MarkedLine, along_paths, find_marked, with_common_markers
from digitize.markers import Markers, on_curve, with_centers
from digitize.markershapes import find_shaped
from digitize.medians import median
from digitize.model import Box, FloatArray, Layer, Layout, Reason, Segmentation, Style, Trace
from digitize.paths import Course, Net
from digitize.patterns import (
    expected_curves,
    find_curves,
    guessed_curves,
    is_dashed,
    joined_dashes,
    with_unnamed,
)
from digitize.polyline import ALONG, Polyline, joined, through_centers, to_polyline
from digitize.references import without_reference_lines
from digitize.scatter import find_hidden_marks, find_marks, to_marks
from digitize.strokes import ABREAST, FAINTEST, count_abreast, find_runs, join_across
from digitize.unnamed import is_ornament, is_unnamed_curve

#: A curve that no legend names must be at least this long, as a share of the plot area's width.
_SHORTEST = 0.08
#: Besides markers without a line no more than this share of the ink is left.
_LINE = 0.06
#: A way from left to right that takes in this share of a curve's markers is its course: it does not turn back.
_MOST_MARKERS = 0.8
#: Gaps up to so many columns are none of a dash pattern.
_DASH_GAP = 2.0
#: A curve may be hidden for this share of the width before its first or behind its last visible column.
_HIDDEN_END = 0.12
#: What no legend names and is hidden for more than this share is a mixture of other curves' colours.
_HIDDEN_UNNAMED = 0.5
#: A curve followed from left to right has left something out below this share of its layer's ink; one that is followed
#: from the top down must have all.
_PART, _WHOLE = 0.95, 0.96
#: It must not run through ink broader than this, in stroke widths: that is a restless curve cut across.
_BROAD = 2.0
#: The sample of a line in the legend is no thinner than this share of the thinnest places of the line.
_THINNEST = 0.9

_OPEN_CROSSING = Reason(
    code="open-crossing", message="behind a place where it touches another line of its ink it may be that one"
)


def trace_series(segmentation: Segmentation, layout: Layout) -> tuple[Trace, ...]:
    """The curves of a plot area in pixels of the picture, in the legend's order.

    Parameters
    ----------
    segmentation : the ink, separated by colour.
    layout : plot area and legend.
    """
    layers = _curve_layers(segmentation.layers, layout)
    shaped = _find_shaped(layers, layout)
    layers = [layer for layer, found in zip(layers, shaped, strict=True) if not found]
    marks = _find_marks(layers)
    marked = _find_marked(layers, marks)
    found = [
        [] if own is None else _follow_either_way(layer, own, layout) for layer, own in zip(layers, marked, strict=True)
    ]
    # what has no line to be followed may be markers that touch
    marks = [
        points or (None if followed or own is None else _touching_marks(layer, own))
        for layer, points, own, followed in zip(layers, marks, marked, found, strict=True)
    ]
    traces = [
        *(trace for found in shaped for trace in found),
        *(points for points in marks if points is not None),
        *(_to_trace(one, layout) for one in _with_common_ends([one for followed in found for one in followed])),
    ]
    traces = without_reference_lines(traces, segmentation, layout)
    followed = [
        trace
        for trace in follow_beneath(traces, segmentation)
        if layout.legend is None or trace.entry is not None or trace.faint or trace.covered_share <= _HIDDEN_UNNAMED
    ]
    return tuple(sorted(followed, key=lambda t: (t.entry is None, t.entry if t.entry is not None else 0, t.faint)))


def _curve_layers(layers: Sequence[Layer], layout: Layout) -> list[Layer]:
    """The layers that hold curves: the legend's, and others that are no mixtures or ornaments."""
    if layout.legend is None:
        return [layer for layer in layers if not is_ornament(layer, layers)]
    named = [layer for layer in layers if layer.entries and not layer.faint]
    return [layer for layer in layers if layer.entries or is_unnamed_curve(layer, named)]


def _find_shaped(layers: Sequence[Layer], layout: Layout) -> list[list[Trace]]:
    """For each layer the curves that the shapes of their markers tell apart, none where they do not."""
    told = layout.legend.entries if layout.legend else ()
    return [find_shaped(layer, told) if len(layer.entries) > 1 else [] for layer in layers]


def _find_marks(layers: Sequence[Layer]) -> list[Trace | None]:
    """The layers that are markers without a line, None for the others.

    Series of one chart are drawn alike: where one is markers, another may be though few of its markers show whole.
    """
    marks = [find_marks(layer) for layer in layers]
    sizes = [points.width_px for points in marks if points is not None]
    if not sizes:
        return marks
    size = median(sizes)
    return [
        points or (None if layer.faint else find_hidden_marks(layer, size))
        for layer, points in zip(layers, marks, strict=True)
    ]


def _find_marked(layers: Sequence[Layer], marks: Sequence[Trace | None]) -> list[MarkedLine | None]:
    """The lines and markers of the layers, None for those that are markers without a line.

    Where one shows that its markers stand at regular places along x, those of the others are looked for there too.
    """
    marked = [None if points else find_marked(layer) for layer, points in zip(layers, marks, strict=True)]
    places = find_places([one.markers for one in marked if one is not None and one.markers is not None])
    if places is None:
        return marked
    return [
        None if one is None else with_common_markers(layer, one, places)
        for layer, one in zip(layers, marked, strict=True)
    ]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Found:
    """A curve's legs, more than one where it turns back along x, with the layer and the net it was found in.

    `ink` is the coverage that was followed: the layer's, in which the gaps between dashes are filled. `style` is the
    pattern by which the curve was told from others of its ink that no legend tells of.
    With `upright` x and y are exchanged in all of it: the curve was followed from the top down.
    """

    legs: tuple[Leg, ...]
    layer: Layer
    ink: Float32
    net: Net
    stroke: float
    entry: int | None
    style: Style | None = None
    markers: Markers | None = None
    paths: Sequence[FloatArray] = ()
    upright: bool = False
    doubts: tuple[Reason, ...] = ()


def _touching_marks(layer: Layer, marked: MarkedLine) -> Trace | None:
    """The layer as a series of markers some of which touch, None where it has none or more ink than theirs."""
    markers = marked.markers
    if markers is None or layer.faint or marked.line.coverage.sum() > _LINE * layer.coverage.sum():
        return None
    places = markers.centers[np.argsort(markers.centers[:, 0], kind="stable")]
    return to_marks(layer, places, 2 * markers.radius)


def _follow_either_way(layer: Layer, marked: MarkedLine, layout: Layout) -> list[_Found]:
    """The courses from left to right or, where only that leaves no ink over, from the top down, as profiles run."""
    found = _follow(layer, marked, layout)
    if not found or len(layer.entries) > 1 or _followed_share(found, layer) >= _PART:
        return found
    if marked.markers is not None and _takes_most(marked.paths, marked.markers):
        return found
    across = _turned(layer)
    turned = _follow(across, find_marked(across), layout)
    if not turned or _followed_share(turned, layer) < _WHOLE or _breadth(turned) > _BROAD:
        return found
    return [replace(one, upright=True) for one in turned]


def _turned(layer: Layer) -> Layer:
    """The layer with x and y exchanged."""
    box = Box(layer.box.top, layer.box.left, layer.box.bottom, layer.box.right)
    coverage, hidden = np.ascontiguousarray(layer.coverage.T), np.ascontiguousarray(layer.hidden.T)
    return replace(layer, coverage=coverage, hidden=hidden, box=box)


def _followed_share(found: Sequence[_Found], layer: Layer) -> float:
    """The share of a layer's ink, and of the gaps filled in it, that the courses found in it run through.

    Markers, which courses pass through as well, are left out.
    """
    courses = [leg.course for one in found for leg in one.legs]
    ink = sum(float(course.runs.mass[~course.covered].sum()) for course in courses)
    markers = found[0].markers
    if markers is not None:
        own = [on_curve(markers, np.asarray(c.runs.column + 0.5), c.runs.center) for c in courses]
        ink -= 2 * markers.radius * sum(map(len, own))
        layer = found[0].layer
    filled = sum(float((one.ink - one.layer.coverage).sum()) for one in found[:1])
    return ink / max(float(layer.coverage.sum()) + filled, 1e-6)


def _breadth(found: Sequence[_Found]) -> float:
    """How broad the ink is that courses run through, in stroke widths: a course that cuts across a curve has much."""
    runs = [(one.stroke, leg.course.runs) for one in found for leg in one.legs]
    length = sum(float(np.hypot(np.diff(own.column), np.diff(own.center)).sum()) for _, own in runs)
    return sum(float(own.mass.sum()) / stroke for stroke, own in runs) / max(length, 1.0)


def _follow(layer: Layer, marked: MarkedLine, layout: Layout) -> list[_Found]:
    """The courses of a layer's curves, whose markers were told apart from its line."""
    if not (layer.coverage >= FAINTEST).any():
        return []
    layer, stroke, markers = marked.line, _width_of(marked, layout), marked.markers
    dashed = is_dashed(layer, stroke)
    ink = joined_dashes(layer, stroke) if dashed else layer.coverage
    runs = find_runs(ink)
    if markers is not None:
        runs = with_centers(runs, markers, stroke)
    if len(layer.entries) < 2:
        runs = join_across(runs, layer.hidden)
    told = layout.legend if layer.entries else None
    # a legend of one entry may lack others
    curves = guessed_curves(layer, stroke) if told is None or len(told.entries) == 1 else []
    if told:
        curves = with_unnamed(expected_curves(layer, told.entries, layout.area.background), curves)
    parted = find_curves(layer, stroke, curves) if len({one.style for one in curves}) > 1 else []
    if len(parted) > 1 or (parted and told):
        return [
            _Found(
                legs=(Leg(course=one.course),),
                layer=layer,
                ink=one.ink,
                net=one.net,
                stroke=stroke,
                entry=one.expected.entry,
                style=one.expected.style if one.expected.entry is None else None,
                markers=markers,
            )
            for one in parted
        ]
    terrain = Terrain(layer.hidden, ink)
    net = Net(runs, layer.hidden, stroke, terrain, dashed=dashed)
    courses = _find_courses(net, layer, stroke)
    open_ = open_crossings([legs[0].course for legs, _ in courses], stroke)
    return [
        _Found(
            legs=legs,
            layer=layer,
            ink=ink,
            net=net,
            stroke=stroke,
            entry=entry,
            markers=markers,
            paths=marked.paths if len(courses) == 1 else (),
            doubts=(_OPEN_CROSSING,) if doubtful else (),
        )
        for (legs, entry), doubtful in zip(courses, open_, strict=True)
        if len(legs[0].course.runs) >= 2
    ]


def _width_of(marked: MarkedLine, layout: Layout) -> float:
    """The width of a line: what its ink tells or, where that may be less, what its sample in the legend shows."""
    entries = marked.line.entries
    sample = layout.legend.entries[entries[0]].swatch if layout.legend and len(entries) == 1 else None
    if sample is None or sample.kind != "line" or sample.width_px is None:
        return marked.width
    return min(marked.width, sample.width_px) if sample.width_px >= _THINNEST * marked.thinnest else marked.width


def _find_courses(net: Net, layer: Layer, stroke: float) -> list[tuple[tuple[Leg, ...], int | None]]:
    """The curves of a layer in one pattern and the entries that name them.

    As many as the legend names; where it tells of none, one that may turn back, or as many as run abreast.
    """
    width = layer.coverage.shape[1]
    courses = net.courses(max(len(layer.entries), 1), 4.0 if layer.entries else max(_SHORTEST * width, 4.0))
    entries: tuple[int | None, ...] = layer.entries or (None,)
    if len(layer.entries) < 2:
        turning = [find_legs(net, course, stroke) for course in courses]
        abreast = count_abreast(net.runs, stroke, width)
        if layer.entries or abreast == 1 or any(len(legs) > 1 for legs in turning):
            return list(zip(turning, entries, strict=False))
        courses = net.courses(abreast, ABREAST * width)
        entries = (None,) * len(courses)
    return [((Leg(course=one),), entry) for one, entry in zip(untangled(courses, stroke), entries, strict=False)]


def _with_common_ends(found: Sequence[_Found]) -> list[_Found]:
    """Curves carried on beneath others to where those begin and end, where they can have run hidden so far."""
    done = []
    straight = [one for one in found if not one.upright]
    apart = [_end_apart(straight, first=first) for first in (True, False)]
    for one in found:
        if len(one.legs) > 1 or one.upright:
            done.append(one)
            continue
        course = one.legs[0].course
        width = one.layer.coverage.shape[1]
        begun, ended = ((EARLY if alone else _HIDDEN_END) * width for alone in apart)
        first, last = int(course.runs.column[0]), int(course.runs.column[-1])
        others = [leg.course for o in straight if o is not one for leg in o.legs]
        starts = [int(other.runs.column[0]) for other in others]
        ends = [int(other.runs.column[-1]) for other in others]
        earlier = [s for s in starts if first - begun <= s < first - 1]
        later = [e for e in ends if last + 1 < e <= last + ended]
        if earlier:
            course = one.net.extended(course, min(earlier))
        if later:
            course = one.net.extended(course, max(later))
        done.append(replace(one, legs=(Leg(course=course),)))
    return done


def _end_apart(found: Sequence[_Found], *, first: bool) -> bool:
    """Whether one of the curves is seen to begin, or to end, on its own."""
    if not found:
        return False
    at = 0 if first else -1
    runs = [(leg.course.runs, one.stroke) for one in found for leg in one.legs]
    ends = [End(float(own.column[at]), float(own.center[at]), stroke) for own, stroke in runs]
    layer = found[0].layer
    return end_apart(ends, layer.hidden | (layer.coverage >= FAINTEST), first=first)


def _to_trace(found: _Found, layout: Layout) -> Trace:
    layer, stroke = found.layer, found.stroke
    line = _line_of(found, max(_dash_gap(found.legs[0].course), _DASH_GAP))
    told = layout.legend.entries[found.entry].swatch if layout.legend and found.entry is not None else None
    style = found.style or measured_style(cover_along(line.x, line.y, layer), stroke)
    if told is not None and told.style is not None and told.style != "points":
        style = told.style
    trace = Trace(
        x_px=line.x + layer.box.left,
        y_px=line.y + layer.box.top,
        x_err_px=np.full(len(line.x), ALONG),
        y_err_px=line.error,
        covered=line.covered,
        color=told.color if told and len(layer.entries) > 1 else layer.color,
        width_px=stroke,
        style=style,
        entry=found.entry,
        markers_px=on_curve(found.markers, line.x, line.y) + np.array([layer.box.left, layer.box.top]),
        marker_radius_px=found.markers.radius if found.markers is not None else 0.0,
        faint=layer.faint,
        doubts=found.doubts,
    )
    return _exchanged(trace) if found.upright else trace


def _exchanged(trace: Trace) -> Trace:
    """The trace with x and y exchanged; a gap stays a point whose y is NaN."""
    gap = np.isnan(trace.y_px)
    known = np.maximum.accumulate(np.where(gap, 0, np.arange(len(gap))))
    return replace(
        trace,
        x_px=trace.y_px[known],
        y_px=np.where(gap, np.nan, trace.x_px),
        x_err_px=trace.y_err_px,
        y_err_px=trace.x_err_px,
        markers_px=trace.markers_px[:, ::-1],
    )


def _line_of(found: _Found, gap: float) -> Polyline:
    """The points of a curve in drawing order; `gap` is the widest of its dash pattern."""
    markers = found.markers
    others = found.layer.hidden & ~markers.area if markers is not None else found.layer.hidden
    lines = [to_polyline(leg.course, found.ink, others, found.stroke, gap) for leg in found.legs]
    if markers is not None and found.paths and (len(lines) == 1 or _takes_most(found.paths, markers)):
        # the only curve of an ink has all its markers, even where what is seen beside one does not point to its centre
        return along_paths(lines[0], found.paths, markers.radius, found.ink, others)
    if len(lines) > 1:
        pieces = [line.turned_back() if leg.backward else line for leg, line in zip(found.legs, lines, strict=True)]
        return joined([*pieces, pieces[0].start()] if is_closed(found.legs, found.stroke) else pieces)
    if markers is None:
        return lines[0]
    return through_centers(lines[0], on_curve(markers, lines[0].x, lines[0].y), markers.radius)


def _takes_most(paths: Sequence[FloatArray], markers: Markers) -> bool:
    return sum(map(len, paths)) >= _MOST_MARKERS * len(markers.centers)


def _dash_gap(course: Course) -> float:
    """The widest gap of the dash pattern in columns, 0 for a solid line."""
    column = course.runs.column
    gaps = np.diff(column) - 1
    bare = gaps[(gaps >= 1) & (course.under[1:] < 0.5)]
    span = max(int(column[-1] - column[0]), 1)
    if len(bare) < 5 or len(bare) < span / 60:
        return 0.0
    return float(2.0 * median(bare) + 2)
