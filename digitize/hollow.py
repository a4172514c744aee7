"""Hollow markers, however densely they stand: outlines laid over one another like coins.

Where hollow markers overlap hardly one shows whole, and their outlines make a band with holes of about one length.
What is left of each is told by a ring of their size; how large they are, and whether empty or filled with the ground,
is told by what accounts for most of the ink. They are believed where their holes and those of the ink are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32
from digitize.model import FloatArray
from digitize.palette import Mask
from digitize.periodic import find_lattice
from digitize.pieces import number_pieces
from digitize.rings import Pursuit, Ring, pursue

#: Fewest holes that tell of hollow markers, and fewest markers with one that are believed.
_FEWEST = 5
#: Coverage of the pixels around a hole: of thin outlines, which fade, and of others.
_FAINT, _SOLID = 0.35, 0.5
#: Holes are no larger than so many line widths and pixels across, and this many pixels high at least.
_HOLE, _HOLE_PX, _LEAST_HOLE = 10.0, 9.0, 2
#: This share of the holes is no longer than those of markers that stand free; so many are as long, to this share and
#: these pixels.
_FREE, _MOSTLY, _ALIKE, _ALIKE_PX = 0.8, 0.65, 0.2, 1.0
#: Widths of the outline that are tried, in those of the line, the usual one first; then radii, in pixels beside the
#: best. Radii within so many pixels are the same.
_USUAL_WIDTH, _WIDTHS, _BESIDE, _SAME = 1.3, (1.0, 1.7), (-0.3, 0.3), 0.4
#: Sizes are tried where so many of the holes, the last, are.
_TRIED = 24
#: This share of the markers has a hole of its own, and this share of the holes' area lies in markers.
_OWN, _HELD = 0.4, 0.75
#: Markers with a hole account for this share of the ink.
_ACCOUNTED = 0.25
#: At most this share stand above one another, so near along x in radii.
_STACKED, _ABOVE = 0.3, 0.75
#: Markers without a hole of their own stand this near to the spacing of the others, in pixels.
_SLACK = 1.0
#: A spacing is theirs where this share of those with a hole keeps to it.
_KEPT = 0.85


@dataclass(frozen=True, kw_only=True, eq=False)
class Hollow:
    """Hollow markers: their `centers` (m, 2), x and y in pixels, their outer `radius`, and where (h, w) they lie."""

    centers: FloatArray
    radius: float
    area: Mask


@dataclass(frozen=True, kw_only=True, eq=False)
class _Holes:
    """Enclosed pieces of ground in solid ink: places along x and lengths; which of the labelled pieces they are."""

    solid: Mask
    labels: NDArray[np.int32]
    small: Mask
    places: FloatArray
    lengths: NDArray[np.int32]

    def mask(self) -> Mask:
        """Where (h, w) they are."""
        return np.asarray(self.small[self.labels])


def find_hollow(ink: Float32, hidden: Mask, stroke: float, curves: int = 1) -> Hollow | None:
    """The hollow markers of a layer, None where it has none or where they are not plain.

    Parameters
    ----------
    ink : (h, w) coverage of one colour.
    hidden : (h, w), True where other ink lies on top.
    stroke : width of the line in pixels, no more than it is.
    curves : how many series share the ink.
    """
    found = [one for least in (_SOLID, _FAINT) if (one := _find_holes(ink >= least, stroke)) is not None]
    seen = max(found, key=lambda one: len(one.lengths), default=None)
    if seen is None:
        return None
    solid, holes, places, lengths = seen.solid, seen.mask(), seen.places, seen.lengths
    inner = float(np.sort(lengths)[int(_FREE * len(lengths))]) / 2
    alike = np.abs(lengths - 2 * inner) <= _ALIKE * 2 * inner + _ALIKE_PX
    markers = len(lengths) * np.pi * stroke * (2 * inner + stroke)
    if alike.mean() < _MOSTLY or markers < _ACCOUNTED * ink.sum():
        return None
    # the last marker lies on top of the others, of which something is hidden that must be known
    part = np.s_[:, max(int(np.sort(places)[-_TRIED:][0] - 4 * inner), 0) :]
    depth = cv2.distanceTransform((solid | holes)[part].view(np.uint8), cv2.DIST_L2, 5).max(axis=0)
    deep = float(np.quantile(depth[holes[part].any(axis=0)], _FREE)) - stroke
    radii = [inner, deep] if abs(deep - inner) > _SAME else [inner]
    ring = _best_ring(ink[part], hidden[part], holes[part], radii, stroke)
    laid = pursue(ink, hidden, holes, ring)
    if not _is_plain(laid) or (curves < 2 and _stacked_share(laid) > _STACKED):
        return None
    area = laid.matches.area(ring.disc, ink.shape)
    return Hollow(centers=_in_step(laid.matches.centers, laid.own, ring.radius), radius=ring.radius, area=area)


def _in_step(centers: FloatArray, own: Mask, radius: float) -> FloatArray:
    """The centres, best first, of the markers that have a hole of their `own` or stand where these lack one.

    At one place of the markers' spacing no two overlap. What agrees with an outline but has no hole may be a piece of
    the line: it is taken at such a place alone.
    """
    x = np.sort(centers[own, 0])
    lattice = find_lattice(x, _SLACK)
    if lattice is None or lattice.step < 2 * _SLACK or (lattice.off(x) <= _SLACK).mean() < _KEPT:
        return centers[own]
    number = lattice.number(centers[:, 0])
    taken: list[int] = []
    for k in [*np.flatnonzero(own), *np.flatnonzero(~own & (lattice.off(centers[:, 0]) <= _SLACK))]:
        there = [j for j in taken if number[j] == number[k]]
        if not there or (own[k] and np.abs(centers[there, 1] - centers[k, 1]).min() > 2 * radius):
            taken.append(int(k))
    return centers[taken]


def _find_holes(solid: Mask, stroke: float) -> _Holes | None:
    """The small enclosed pieces of ground in a layer's ink, None where these are too few."""
    # most layers hardly have a hole, which counting tells sooner than measuring
    if number_pieces(~solid, 4)[0] <= _FEWEST:
        return None
    _, numbers, stats, centers = cv2.connectedComponentsWithStats((~solid).view(np.uint8), connectivity=4)
    labels = np.asarray(numbers, np.int32)
    largest = max(_HOLE * stroke, _HOLE_PX)
    wide, tall = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    small = (np.maximum(wide, tall) <= largest) & (tall >= _LEAST_HOLE)
    # the ground around the ink, however little of it, is no hole
    small[[0, *labels[[0, 0, -1, -1], [0, -1, 0, -1]]]] = False
    if np.count_nonzero(small) < _FEWEST:
        return None
    return _Holes(
        solid=solid, labels=labels, small=small, places=centers[small, 0], lengths=np.maximum(wide, tall)[small]
    )


def _best_ring(ink: Float32, hidden: Mask, holes: Mask, inner: Sequence[float], stroke: float) -> Ring:
    """The ring that tells most of the ink: of inner radii, empty or not, then of several widths, then of near radii."""

    @cache
    def worth(ring: Ring) -> float:
        return pursue(ink, hidden, holes, ring).worth

    width = _USUAL_WIDTH * stroke
    first = [Ring(radius=one + width, width=width, empty=empty) for one in inner for empty in (False, True)]
    best = max(first, key=worth)
    inside = best.radius - best.width
    widths = [replace(best, radius=inside + factor * stroke, width=factor * stroke) for factor in _WIDTHS]
    best = max([best, *widths], key=worth)
    return max([best, *(replace(best, radius=best.radius + beside) for beside in _BESIDE)], key=worth)


def _is_plain(found: Pursuit) -> bool:
    """Whether markers and holes belong together, as those of a restless line do not."""
    return (
        int(found.own.sum()) >= _FEWEST
        and float(found.own.mean()) >= _OWN
        and found.held >= _HELD
        and found.accounted >= _ACCOUNTED
    )


def _stacked_share(found: Pursuit) -> float:
    """The share of the markers right above or below another: halves of holes that a line runs through are so."""
    x, y = found.matches.centers[found.own].T
    across, down = np.abs(x[:, None] - x), np.abs(y[:, None] - y)
    radius = found.ring.radius
    return float(((across < _ABOVE * radius) & (down > radius) & (down < 3 * radius)).any(axis=1).mean())
