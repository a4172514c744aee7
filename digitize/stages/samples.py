"""Samples: the data points that a curve was drawn through, from its markers and its corners."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitize.corners import find_corners
from digitize.exact import with_exact_x
from digitize.medians import median, quantile
from digitize.model import Axis, FloatArray, Layout, Samples, Trace
from digitize.sampling import (
    ADEQUATE,
    HALF_WIDTH,
    NEAREST,
    axis_lattices,
    coarsest_lattice,
    common_places,
    completed,
    idle_share,
    on_lattice,
    own_lattice,
    places_lattice,
    shared_lattice,
    sharpness,
)
from digitize.splines import Curve, Spline, fit_spline, to_curve, with_errors

#: Fewest markers from which places are taken.
_FEWEST_MARKERS = 3
#: They spread over this share of their curve.
_ALONG = 0.4
#: 95 % half-widths in pixels: of a marker's centre, since renderers move markers on to whole pixels too, and of the
#: place of a lattice's knot.
_MARKER_ERROR, _KNOT_ERROR = 0.8, 0.3
#: Markers within so many pixels, stroke widths or radii of each other along x stand at one place.
_ONE_PLACE, _ONE_PLACE_STROKES, _ONE_PLACE_RADII = 1.5, 0.75, 0.4
#: Markers nearer to one another than so many radii overlap much.
_OVERLAPPING = 1.6
#: Between its markers, which disturb the trace, a curve stays within so many squared standard errors on average.
_BETWEEN_MARKERS = 5.0
#: And mostly within a stroke: this share of its points. That alone is asked where it shows a marker at this share of
#: the places.
_MOSTLY, _SHOWN = 0.9, 0.75
#: A lattice is certain when others tell the curves worse by this, a point, in squared standard errors.
_CERTAIN = 0.2
#: And by this where the data points stand nearer than so many pixels: noise bends a line as closely.
_CERTAIN_CLOSE, _CLOSE = 0.4, 5.0
#: So many curves propose a division of their length before none is taken to be certain.
_PROPOSERS = 2
#: A straight line stays within so many standard errors, root mean square, of its ends' join.
_STRAIGHT = 1.5
#: Corners nearer than this, and than twice this in the median, cannot be told from noise; pieces bent by more standard
#: errors were smooth.
_DENSE, _BENT = 6.0, 4.0
#: A curve whose points are known to no better than this standard error in pixels, mostly, shows no corners.
_NOISY = 0.5
#: Share of pieces shorter than that which a polyline may have.
_MUCH = 0.25
#: Corners by which a smooth curve is cut up turn mostly by less than so many degrees; they are told from so many on.
_SLIGHT, _FEWEST_TURNS = 10.0, 4
#: Steps of whole pixels turn mostly by less than so many degrees, to and fro this often, by one angle to this share.
_LOW, _TO_AND_FRO, _ONE_ANGLE = 30.0, 0.8, 0.85
#: What no fit tells of a data point's place: blur and the stroke's uneven edges, in pixels.
_LEAST_ERROR = 0.08
#: Knots of a lattice with standard errors beyond this many pixels lie where the curve was not seen.
_TOLD = 3.0
#: More of a lattice's inner knots than this are no corners: the data points may stand on no lattice. One that several
#: curves share may have more.
_IDLE, _IDLE_SHARED = 0.5, 0.65
#: Runs of a level this share of a curve's width long make it a step curve.
_LEVEL = 0.85

#: Why a curve has no samples where its corners cannot be told.
_TOO_CLOSE = "the data points stand too close to be told"


def find_samples(traces: Sequence[Trace], layout: Layout) -> tuple[Samples, ...]:
    """The data points of each curve of a panel in pixels, or why they cannot be told.

    Markers tell them by their centres. Without markers the corners of the polylines do: those of all curves of a panel
    together where they fall on one lattice, else the corners of each curve by itself.

    Parameters
    ----------
    traces : the curves in pixels.
    layout : the panel's axes, which propose lattices; without an x axis the curves alone do.
    """
    curves = [to_curve(trace) for trace in traces]
    found: dict[int, Samples] = {}
    for k, (trace, curve) in enumerate(zip(traces, curves, strict=True)):
        early = _without_fitting(trace, curve)
        if early is not None:
            found[k] = early
    marked = [k for k in range(len(traces)) if k not in found and _is_marked(traces[k], curves[k])]
    if marked:
        found |= _at_markers(traces, curves, marked, [k for k in range(len(traces)) if k not in found])
    rest = [k for k in range(len(traces)) if k not in found]
    lattices = _lattices([curves[k] for k in rest], layout.x_axis)
    for k, lattice in zip(rest, lattices, strict=True):
        shared = sum(other is lattice for other in lattices) > 1
        found[k] = _at_corners(curves[k], lattice, shared=shared, dashed=traces[k].style != "solid")
    return tuple(with_exact_x(found[k], layout.x_axis) for k in range(len(traces)))


def _is_marked(trace: Trace, curve: Curve) -> bool:
    """Whether a curve has markers all along, not just a few blots."""
    x = trace.markers_px[:, 0]
    return len(x) >= _FEWEST_MARKERS and bool(np.ptp(x) >= _ALONG * (curve.x[-1] - curve.x[0]))


def _without_fitting(trace: Trace, curve: Curve) -> Samples | None:
    """Samples of what is no polyline, or a straight one."""
    if trace.style == "points":
        error = np.full(len(trace.x_px), _MARKER_ERROR)
        return Samples(x_px=trace.x_px, y_px=trace.y_px, x_err_px=error, y_err_px=error)
    if (np.diff(trace.x_px) < -1.0).sum() > 2:
        return Samples(why="the curve turns back along x")
    if trace.faint or len(curve) < 8 or curve.x[-1] - curve.x[0] < 2 * NEAREST:
        return Samples(why=f"the curve is too {'faint' if trace.faint else 'short'} to tell its data points")
    steps = _steps(trace)
    if steps is None and not _is_marked(trace, curve):
        line = fit_spline(curve, curve.x[[0, -1]])
        straight = line.mean_misfit <= _STRAIGHT and median(curve.sigma) <= _NOISY
        return _to_samples(curve, line) if straight else None
    return steps


def _at_markers(
    traces: Sequence[Trace], curves: Sequence[Curve], marked: Sequence[int], asked: Sequence[int]
) -> dict[int, Samples]:
    """Samples at the places where any of the `marked` curves has a marker, and at those that a lattice of them lacks.

    Given are those of the curves `asked` for that are straight between these places: where one is not, its markers were
    blots, or not one a data point. A curve without markers has its data points there, too, where it turns at them.
    Of markers that overlap hardly one shows whole, and those at no regular step may each be part of two.
    """
    usual, radius = (
        median(own) for own in zip(*((traces[k].width_px, traces[k].marker_radius_px) for k in marked), strict=True)
    )
    near = max(_ONE_PLACE, _ONE_PLACE_STROKES * usual, _ONE_PLACE_RADII * radius)
    places = common_places([traces[k].markers_px[:, 0] for k in marked], near)
    if median(np.diff(places)) < _OVERLAPPING * radius and places_lattice(places, near) is None:
        return {}
    found = {k: samples for k in marked if (samples := _at_places(traces[k], curves[k], places, near)) is not None}
    for k in asked if found else ():
        if k not in marked and (samples := _at_places(traces[k], curves[k], places, near)) is not None:
            found[k] = samples
    return found


def _at_places(trace: Trace, curve: Curve, places: FloatArray, near: float) -> Samples | None:
    """Samples of a curve at known places along x, None where it is not straight between them or hardly turns there."""
    own = places[(places >= curve.x[0] - near) & (places <= curve.x[-1] + near)]
    if len(own) < _FEWEST_MARKERS:
        return None
    fit = fit_spline(curve, completed(own, float(curve.x[0]), float(curve.x[-1]), near))
    marks = trace.markers_px[:, 0]
    shown = len(marks) > 0 and float((np.abs(fit.knots[:, None] - marks).min(axis=1) <= near).mean()) >= _SHOWN
    if _mostly_off(curve, fit) > max(2.0, curve.width) or not (shown or fit.mean_misfit <= _BETWEEN_MARKERS):
        return None
    samples = _to_samples(curve, fit)
    if not len(marks) and idle_share(samples) > _IDLE:
        return None
    return _with_markers(samples, trace.markers_px, near)


def _mostly_off(curve: Curve, fit: Spline) -> float:
    """How far, across the line and in pixels, most of a curve's points lie from a polyline at the farthest."""
    piece = np.clip(np.searchsorted(fit.knots, curve.x, side="right") - 1, 0, len(fit.knots) - 2)
    slope = (np.diff(fit.values) / np.diff(fit.knots))[piece]
    return quantile(np.abs(fit.residuals * curve.sigma) / np.hypot(1, slope), _MOSTLY)


def _with_markers(samples: Samples, markers: FloatArray, near: float) -> Samples:
    """The samples moved to the centres of the markers at their places."""
    x, y, x_err, y_err = (a.copy() for a in (samples.x_px, samples.y_px, samples.x_err_px, samples.y_err_px))
    for mark_x, mark_y in markers:
        k = int(np.argmin(np.abs(x - mark_x)))
        if abs(x[k] - mark_x) <= near:
            x[k], y[k] = mark_x, mark_y
            x_err[k] = y_err[k] = _MARKER_ERROR
    return Samples(x_px=x, y_px=y, x_err_px=x_err, y_err_px=y_err)


def _lattices(curves: Sequence[Curve], axis: Axis | None) -> list[FloatArray | None]:
    """For each curve the lattice that its corners fall on, None where no spacing is certain.

    The clearest curves propose; what is certain of one is given to all others that it tells. Divisions of the curves'
    own length, which are many, come after all spacings of the axis.
    """
    found: list[FloatArray | None] = [None] * len(curves)
    clearest = sorted(range(len(curves)), key=lambda k: float(curves[k].sigma.min() / len(curves[k])))[:_PROPOSERS]
    counted: dict[int, FloatArray | None] = {}
    for k in clearest:
        if found[k] is None:
            counted[k] = lattice = _counted(curves[k], axis)
            if lattice is not None and _is_certain([curves[k]], lattice):
                _share(lattice, curves, found, certain=True)
    for k in clearest:
        if found[k] is None:
            others = [curves[j] for j in clearest if j != k and found[j] is None]
            lattice = _divided(curves[k], counted.get(k), others)
            if lattice is not None:
                _share(lattice, curves, found, certain=_is_certain([curves[k]], lattice))
    return found


def _share(lattice: FloatArray, curves: Sequence[Curve], found: list[FloatArray | None], *, certain: bool) -> None:
    """Give a lattice to the curves without one that it tells, where one of them or they together make it certain."""
    together = [j for j, curve in enumerate(curves) if found[j] is None and _tells(curve, lattice)]
    told = [curves[j] for j in together]
    if told and (certain or _is_certain(told, lattice)):
        lattice = coarsest_lattice(told, lattice)
        for j in together:
            found[j] = lattice


def _counted(curve: Curve, axis: Axis | None) -> FloatArray | None:
    """The spacing of the axis that tells a curve best."""
    if axis is None:
        return None
    return shared_lattice([curve], axis_lattices(axis, float(curve.x[0]), float(curve.x[-1])))


def _divided(curve: Curve, best: FloatArray | None, others: Sequence[Curve]) -> FloatArray | None:
    """A division of a curve's length where that tells it better than the `best` lattice yet, else that.

    `others` that begin and end where the curve does have a say.
    """
    own = own_lattice(curve, others)
    if own is None:
        return best
    return shared_lattice([curve], [own.knots] if best is None else [best, own.knots])


def _is_certain(curves: Sequence[Curve], lattice: FloatArray) -> bool:
    """Whether curves tell a lattice from those with a few knots more or fewer."""
    close = median(np.diff(lattice)) < _CLOSE
    return sharpness(curves, lattice) >= (_CERTAIN_CLOSE if close else _CERTAIN)


def _tells(curve: Curve, lattice: FloatArray) -> bool:
    fit = on_lattice(curve, lattice)
    return fit is not None and fit.mean_misfit <= ADEQUATE


def _at_corners(curve: Curve, lattice: FloatArray | None, *, shared: bool, dashed: bool) -> Samples:
    """Samples at the knots of a lattice, or at corners of no lattice where few of its knots are corners.

    A lattice of a dashed curve of which few knots are corners may be that of its dashes.
    """
    fit = on_lattice(curve, lattice) if lattice is not None else None
    if fit is None or fit.mean_misfit > ADEQUATE:
        return _at_own_corners(curve)
    samples = _to_samples(curve, fit)
    if idle_share(samples) > (_IDLE_SHARED if shared else _IDLE):
        apart = _at_own_corners(curve)
        # a corner off a lattice has a place to be told besides its height
        if dashed or 0 < 2 * len(apart.x_px) < len(samples.x_px):
            return apart
    return samples


def _at_own_corners(curve: Curve) -> Samples:
    """Samples at the corners of a polyline, or why the curve has none that can be told."""
    if median(curve.sigma) > _NOISY:
        return Samples(why=_TOO_CLOSE)
    corners = find_corners(curve)
    if corners is None or corners.mean_misfit > ADEQUATE:
        return Samples(why="the curve is not drawn in straight pieces")
    if corners.bow > _BENT or _is_cut_up(corners.turns):
        return Samples(why="the curve is smooth")
    apart = np.diff(corners.x)
    if median(apart) < 2 * _DENSE or (apart < _DENSE).mean() > _MUCH:
        return Samples(why=_TOO_CLOSE)
    return Samples(
        x_px=corners.x,
        y_px=corners.y,
        x_err_px=HALF_WIDTH * np.hypot(corners.x_error, _LEAST_ERROR),
        y_err_px=HALF_WIDTH * np.hypot(corners.y_error, _LEAST_ERROR),
    )


def _is_cut_up(turns: FloatArray) -> bool:
    """Whether corners come of how a smooth curve is drawn: slight ones all along, or steps of whole pixels.

    Such steps turn by one angle to and fro, as no data do.
    """
    size = np.abs(turns)
    if len(size) < _FEWEST_TURNS:
        return False
    usual = median(size)
    to_and_fro = float((turns[1:] * turns[:-1] < 0).mean())
    stairs = usual < _LOW and to_and_fro >= _TO_AND_FRO and quantile(size, 0.25) >= _ONE_ANGLE * usual
    return stairs or usual < _SLIGHT


def _to_samples(curve: Curve, fit: Spline) -> Samples:
    """The knots of a fitted polyline that its points tell."""
    again, error = with_errors(curve, fit)
    told = error < _TOLD
    if not told.any():
        return Samples(why=_TOO_CLOSE)
    error = np.hypot(error, _LEAST_ERROR)[told]
    half = np.full(int(told.sum()), _KNOT_ERROR)
    return Samples(x_px=again.knots[told], y_px=again.values[told], x_err_px=half, y_err_px=HALF_WIDTH * error)


def _steps(trace: Trace) -> Samples | None:
    """The levels of a step curve, each at the jump where it begins, and its end; None for other curves."""
    seen = np.isfinite(trace.y_px)
    x, y = trace.x_px[seen], trace.y_px[seen]
    run, rise = np.diff(x), np.abs(np.diff(y))
    level = rise <= 0.15 * np.maximum(run, 0.5)
    upright = rise > np.maximum(2.0 * trace.width_px, 4.0 * run)
    if run[level].sum() < _LEVEL * (x[-1] - x[0]) or upright.sum() < 2:
        return None
    jumps = np.flatnonzero(upright)
    joined = np.split(jumps, np.flatnonzero(np.diff(jumps) > 3) + 1)
    starts = np.array([0, *(int(group[-1]) + 1 for group in joined)])
    stops = np.array([*(int(group[0]) + 1 for group in joined), len(x)])
    if rise[level].sum() > 0.1 * rise.sum() or (stops - starts).min() < 1:
        return None
    levels = np.array([median(y[a:b]) for a, b in zip(starts, stops, strict=True)])
    places = np.array([x[0], *((x[group[0]] + x[group[-1] + 1]) / 2 for group in joined), x[-1]])
    error = np.full(len(places), _MARKER_ERROR)
    return Samples(x_px=places, y_px=np.append(levels, levels[-1]), x_err_px=error, y_err_px=error)
