"""Curves of one ink told by the shapes of their markers, as their legend draws them.

What the legend shows of each marker is held against the ink of all; every place goes to the shape that agrees best.
The markers of one shape and the joins between them are one curve, whatever it crosses.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from digitize.color import Float32
from digitize.markerpaths import along_paths, left_over, near_ink
from digitize.markers import drawn_share
from digitize.matching import Matches, Template, agreements, find_shapes
from digitize.medians import median
from digitize.model import Box, FloatArray, Layer, LegendEntry, Style, Trace
from digitize.palette import Mask, inked_part
from digitize.polyline import ALONG, Polyline, joined
from digitize.scatter import to_marks
from digitize.strokes import find_runs, find_stroke

#: A marker makes its sample higher than the line by this factor, and by so many pixels.
_HIGHER, _HIGHER_PX = 1.6, 1.5
#: Markers of a plot are so many times as large as those of its legend.
_SCALES = (1.0, 0.8, 1.25)
#: Coverage of the pixels of a marker.
_SOLID = 0.5
#: A box no longer than this is a square.
_SQUARE = 0.75
#: A marker that shows so much narrower than high is an upright cross.
_THIN = 0.6
#: Smallest marker whose shape shows, in pixels across.
_LEAST = 5
#: Fewest markers of each shape, and how well those agree that speak for a scale.
_FEWEST, _AGREEING = 3, 0.6
#: A marker that agrees so well is no other.
_SURE = 0.75
#: Markers and joins account for all but this share of the ink; without joins markers do for all but this.
_LEFT_OVER, _NO_LINE = 0.25, 0.1
#: Two shapes that agree with each other so well are one.
_SAME = 0.9
#: A shape that agrees so much better than another is clear.
_CLEARLY = 0.1
#: A join spans so many usual steps.
_LEAST_STEP, _MOST_STEPS = 0.3, 2.6
#: Of a join this share is ink, of a dashed one this; a step without any costs so much, and a gap in a curve so much.
_DRAWN, _DRAWN_DASHED, _WORST, _BREAK = 0.85, 0.35, -2.0, 3.0
#: A frame is up to so many pixels wide.
_FRAME = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class _Shape:
    """What the markers of a legend entry look like, and whether a line joins them and of which style."""

    entry: int
    template: Template
    style: Style


def find_shaped(layer: Layer, entries: Sequence[LegendEntry]) -> list[Trace]:
    """The curves of a layer that several entries name, each told by its markers.

    Parameters
    ----------
    layer : the ink that the curves share.
    entries : the legend's, with the samples that it draws.

    Returns
    -------
    list
        One curve an entry of the layer, in pixels of the picture; none at all where an entry shows no marker, where two
        cannot be told from each other, or where markers and the joins between them leave much of the ink over.
    """
    shapes = [_shape_of(k, entries[k]) for k in layer.entries]
    told = [shape for shape in shapes if shape is not None]
    rows, columns = inked_part(layer.coverage >= _SOLID, 2)
    if len(told) < 2 or len(told) < len(shapes) or not rows.stop:
        return []
    corner = layer.box.left + columns.start, layer.box.top + rows.start
    part = replace(
        layer,
        coverage=layer.coverage[rows, columns],
        hidden=layer.hidden[rows, columns],
        box=Box(*corner, layer.box.left + columns.stop, layer.box.top + rows.stop),
    )
    found = _best_scale(part, told)
    if found is None or any(len(one.centers) < _FEWEST for one in found[1]):
        return []
    return _curves(part, told, *found)


def _shape_of(entry: int, named: LegendEntry) -> _Shape | None:
    """The marker in the middle of an entry's sample, None where it has none."""
    cover = named.swatch.coverage
    if cover is None or named.swatch.kind not in ("marker", "line+marker", "box"):
        return None
    if named.swatch.kind == "box" and not _SQUARE <= cover.shape[1] / cover.shape[0] <= 1 / _SQUARE:
        return None
    style = named.swatch.style or "solid"
    marked = named.swatch.kind == "line+marker"
    first, last, line = _extent(cover) if marked else (0, cover.shape[1], None)
    rows, columns = inked_part(cover[:, first:last] >= _SOLID)
    if min(rows.stop - rows.start, columns.stop - columns.start) < _LEAST:
        return None
    part = cover[:, first:last][rows, columns]
    level = None if line is None else line - rows.start - 0.5 * part.shape[0]
    return _Shape(entry=entry, template=_template(part, level), style=style)


def _extent(cover: Float32) -> tuple[int, int, float | None]:
    """From which column to which the marker lies on the line that an array (h, w) shows, and the height of that line.

    A cross is no narrower than it is high.
    """
    height = (cover >= _SOLID).sum(axis=0)
    quarter = max(len(height) // 4, 1)
    outer = np.concatenate([cover[:, :quarter], cover[:, -quarter:]], axis=1)
    usual = height[np.r_[:quarter, -quarter:0]]
    line = median(usual[usual > 0]) if (usual > 0).any() else 0.0
    higher = np.flatnonzero(height >= max(_HIGHER * line, line + _HIGHER_PX))
    if not len(higher) or not line:
        return 0, 0, None
    rows = np.flatnonzero((cover[:, higher] >= _SOLID).any(axis=1))
    # the arms of a cross lie in the line
    lacking = (int(np.ptp(rows) - np.ptp(higher)) + 1) // 2 if np.ptp(higher) < _THIN * np.ptp(rows) else 0
    level = float((outer.sum(axis=1) * (np.arange(len(cover)) + 0.5)).sum() / outer.sum())
    return max(int(higher[0]) - lacking, 0), int(higher[-1]) + 1 + lacking, level


def _template(cover: Float32, level: float | None) -> Template:
    """The template of a marker that fills an array, with a margin of bare ground; `level` is below its middle."""
    high, wide = cover.shape
    size = max(high, wide) // 2 * 2 + 5
    top, left = (size - high) // 2, (size - wide) // 2
    padded = np.zeros((size, size), np.float32)
    padded[top : top + high, left : left + wide] = cover
    middle = left + 0.5 * wide - 0.5 * size, top + 0.5 * high - 0.5 * size
    anchor = None if level is None else (middle[0], middle[1] + level)
    return Template(coverage=padded, inside=padded >= _SOLID, anchor=anchor)


def _scaled(template: Template, scale: float) -> Template:
    rows, columns = inked_part(template.inside)
    cover = template.coverage[rows, columns]
    high, wide = (max(round(side * scale), 1) for side in cover.shape)
    size = len(template.inside)
    level = None if template.anchor is None else template.anchor[1] - 0.5 * (rows.start + rows.stop - size)
    resized = np.asarray(cv2.resize(cover, (wide, high), interpolation=cv2.INTER_AREA), np.float32)
    return _template(resized, None if level is None else level * scale)


def _best_scale(layer: Layer, shapes: Sequence[_Shape]) -> tuple[list[Template], list[Matches]] | None:
    """The templates at the scale at which most ink agrees with them, and the markers that they find.

    Most plots draw markers as large as their legend does: that scale is taken where it tells all shapes for sure.
    """
    best, most = None, 0.0
    for scale in _SCALES:
        templates = [_scaled(shape.template, scale) for shape in shapes]
        if _alike(templates):
            continue
        matches = _matches(layer, templates)
        if scale == 1 and all((one.agreement >= _SURE).sum() >= _FEWEST for one in matches):
            return templates, matches
        agreement = np.concatenate([one.agreement for one in matches])
        worth = float((agreement - _AGREEING).sum())
        if worth > most:
            best, most = (templates, matches), worth
    return best


def _matches(layer: Layer, templates: Sequence[Template]) -> list[Matches]:
    """The markers of each shape: first those seen whole, then those that these hide in part."""
    anywhere = np.ones(layer.coverage.shape, bool)
    whole = find_shapes(layer.coverage, layer.hidden, templates, anywhere)
    whole = [one.only(one.agreement >= _SURE) for one in whole]
    taken = _taken(whole, templates, layer.coverage.shape)
    rest = find_shapes(np.where(taken, 0, layer.coverage), layer.hidden | taken, templates, anywhere)
    return [one.followed_by(other) for one, other in zip(whole, rest, strict=True)]


def _taken(matches: Sequence[Matches], templates: Sequence[Template], shape: tuple[int, ...]) -> Mask:
    """Where (h, w) markers lie."""
    areas = [one.area(template, shape) for one, template in zip(matches, templates, strict=True)]
    return np.asarray(np.logical_or.reduce(areas))


def _alike(templates: Sequence[Template]) -> bool:
    """Whether two of the templates cannot be told from each other."""
    size = max(len(one.inside) for one in templates)
    covers = [np.pad(one.coverage, (size - len(one.inside)) // 2) for one in templates]
    for k, one in enumerate(covers):
        for other in covers[:k]:
            if ((one - other) ** 2).sum() < (1 - _SAME) * max((one**2).sum(), (other**2).sum()):
                return True
    return False


def _curves(
    layer: Layer, shapes: Sequence[_Shape], templates: Sequence[Template], matches: Sequence[Matches]
) -> list[Trace]:
    """The markers of each shape as a curve, none where they and the joins between them leave ink over."""
    taken = _taken(matches, templates, layer.coverage.shape)
    line = np.where(taken, 0, layer.coverage).astype(np.float32)
    if line.sum() <= _NO_LINE * layer.coverage.sum():
        return [
            replace(to_marks(layer, one.centers[np.argsort(one.centers[:, 0])], 2 * template.radius), entry=shape.entry)
            for shape, one, template in zip(shapes, matches, templates, strict=True)
        ]
    hidden = layer.hidden | taken
    places = np.concatenate([one.places for one in matches])
    centers = np.concatenate([one.centers for one in matches])
    radius = median([template.radius for template in templates])
    stroke = find_stroke(line).width
    vertices = np.concatenate([centers, _ends(line)])
    likings = np.zeros((len(vertices), len(shapes)))
    likings[: len(centers)] = _likings(agreements(layer.coverage, layer.hidden, templates, places))
    step = _usual_step(matches)
    joins = _joins(vertices, step, radius, near_ink(line) | hidden) if step >= 1 else [()] * len(vertices)
    ways = _find_ways(vertices, likings, joins, [shape.style != "solid" for shape in shapes])
    paths = [vertices[piece] for way in ways for piece in way]
    if not all(ways) or left_over(paths, centers, radius, layer.coverage, layer.hidden, stroke) > _LEFT_OVER:
        return []
    return [
        replace(
            _to_trace(layer, [vertices[piece] for piece in way], radius, line, hidden),
            width_px=stroke,
            style=shape.style,
            entry=shape.entry,
            markers_px=_in_picture(layer, vertices[[k for piece in way for k in piece if k < len(centers)]]),
        )
        for shape, way in zip(shapes, ways, strict=True)
    ]


def _ends(line: Float32) -> FloatArray:
    """Where (m, 2), x and y, the ink of lines comes in at the sides of its array, just within the frame."""
    found = []
    for column in (_FRAME, line.shape[1] - 1 - _FRAME):
        runs = find_runs(line[:, column : column + 1])
        found += [(column + 0.5, center) for center in runs.center.tolist()]
    return np.array(found, dtype=float).reshape(-1, 2)


def _likings(agreement: FloatArray) -> FloatArray:
    """How much more than any other (n, k) each shape agrees with each place, -1 to 1."""
    best = np.sort(agreement, axis=1)
    others = np.where(agreement == best[:, -1:], best[:, -2:-1], best[:, -1:])
    return np.clip((agreement - others) / _CLEARLY, -1, 1)


def _usual_step(matches: Sequence[Matches]) -> float:
    """How far along x the markers of one shape usually stand from each other."""
    return median(np.concatenate([np.diff(np.sort(one.centers[:, 0])) for one in matches]))


@dataclass(frozen=True, kw_only=True)
class _Join:
    """A join that may be drawn from one vertex to another: over how many usual steps, and which share of it is."""

    start: int
    steps: float
    drawn: float


def _joins(vertices: FloatArray, step: float, radius: float, drawn: Mask) -> list[Sequence[_Join]]:
    """For each of the vertices (n, 2) the joins that may lead to it from the left."""
    x = vertices[:, 0]
    found: list[Sequence[_Join]] = []
    for end in vertices:
        away = (end[0] - x) / step
        found.append(
            [
                _Join(start=k, steps=float(away[k]), drawn=drawn_share(vertices[k], end, radius, drawn))
                for k in np.flatnonzero((away > _LEAST_STEP) & (away <= _MOST_STEPS)).tolist()
            ]
        )
    return found


def _find_ways(
    vertices: FloatArray, likings: FloatArray, joins: Sequence[Sequence[_Join]], dashed: Sequence[bool]
) -> list[list[list[int]]]:
    """For each shape the pieces of its curve, as vertices from left to right.

    Solid lines are told most surely and come first; a join that is one curve's speaks for no other.
    """
    ways: dict[int, list[list[int]]] = {}
    taken: set[tuple[int, int]] = set()
    for k in sorted(range(len(dashed)), key=lambda k: (dashed[k], -likings[:, k].sum())):
        ways[k] = _best_way(vertices[:, 0], likings[:, k], joins, taken, _DRAWN_DASHED if dashed[k] else _DRAWN)
        taken |= {pair for piece in ways[k] for pair in pairwise(piece)}
    return [ways[k] for k in range(len(dashed))]


def _best_way(
    x: FloatArray, liking: FloatArray, joins: Sequence[Sequence[_Join]], taken: Set[tuple[int, int]], least: float
) -> list[list[int]]:
    """The pieces of the curve that takes in most of the markers it likes, along joins of which enough is drawn.

    Longest path in a directed acyclic graph, from left to right.
    """
    worth, before, broken = liking.copy(), np.full(len(x), -1), np.zeros(len(x), bool)
    for k in np.argsort(x, kind="stable").tolist():
        options = []
        for one in joins[k]:
            gain = 0.0 if (one.start, k) in taken else float(np.interp(one.drawn, (0, least, 1), (_WORST, 0, 1)))
            options.append((worth[one.start] + one.steps * gain, one.start, False))
        earlier = np.flatnonzero(x < x[k] - 1)
        if len(earlier):
            last = int(earlier[np.argmax(worth[earlier])])
            options.append((worth[last] - _BREAK, last, True))
        value, start, is_break = max(options, default=(0.0, -1, False))
        if value > 0:
            worth[k], before[k], broken[k] = worth[k] + value, start, is_break
    pieces: list[list[int]] = [[]]
    at = int(np.argmax(worth))
    while at >= 0:
        pieces[-1].append(at)
        if broken[at]:
            pieces.append([])
        at = int(before[at])
    return [piece[::-1] for piece in pieces[::-1] if len(piece) > 1]


def _in_picture(layer: Layer, places: FloatArray) -> FloatArray:
    """Places (n, 2) of a layer as places of the picture."""
    return np.asarray(places + np.array([layer.box.left, layer.box.top]))


def _to_trace(layer: Layer, paths: Sequence[FloatArray], radius: float, line: Float32, hidden: Mask) -> Trace:
    """The curve along its pieces, with a gap from one to the next."""
    nothing = Polyline(x=np.empty(0), y=np.empty(0), error=np.empty(0), covered=np.empty(0, bool))
    lines: list[Polyline] = []
    for path in paths:
        if lines:
            gap = np.array([0.5 * (lines[-1].x[-1] + path[0, 0])])
            lines.append(Polyline(x=gap, y=np.full(1, np.nan), error=np.zeros(1), covered=np.zeros(1, bool)))
        lines.append(along_paths(nothing, [path], radius, line, hidden))
    curve = joined(lines)
    return Trace(
        x_px=curve.x + layer.box.left,
        y_px=curve.y + layer.box.top,
        x_err_px=np.full(len(curve.x), ALONG),
        y_err_px=curve.error,
        covered=curve.covered,
        color=layer.color,
        width_px=1.0,
        style="solid",
        entry=None,
        marker_radius_px=radius,
        faint=layer.faint,
    )
