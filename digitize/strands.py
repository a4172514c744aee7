"""Strands: the dashes of a curve joined end to end, so that a dashed curve can be followed as a solid one.

A dash ends where its curve goes on in the next one: two ends of dashes belong together when they lie about one gap of
the pattern apart and point at each other. The likeliest pairs are joined first, each end once (greedy matching, as
tracklets are linked in tracking), at any slope. Dots have no direction of their own: theirs is that of the two
neighbours that lie best on opposite sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32
from digitize.links import near_pairs
from digitize.medians import median, quantile
from digitize.model import FloatArray
from digitize.pieces import number_pieces
from digitize.strokes import FAINTEST

#: Pieces up to this many stroke widths long are dots.
DOT = 2.4
#: Gaps of a dash pattern are at most this many stroke widths long; ends are joined over so many usual gaps.
_WIDEST_GAP, _REACH = 9.0, 2.2
#: A piece is straight when it strays from its axis by no more than this many stroke widths.
_STRAIGHT = 0.75
#: The direction of an end is that of the ink within so many stroke widths.
_TAIL = 3.0
#: What it costs, in usual gaps, when an end points across the way to the next, and for a factor of e in strength.
_AWRY, _UNLIKE = 1.5, 3.0
#: Ends that cost more than this, in usual gaps, are not joined.
_DEAREST = 3.0
#: Neighbours on opposite sides of a dot see it under an angle whose cosine is less than this.
_BETWEEN = -0.7
#: The sharpest turn at an end, and the least angle between the two ways from a dot, as cosines.
_ASIDE, _OPPOSITE = -0.2, -0.2
#: So many pixels of a piece's length are edges that it hardly covers.
_FAINT = 0.6
#: Fewest gaps that tell how wide the gaps of a pattern are, and most pieces that are joined.
_FEWEST, _MOST = 4, 4000


@dataclass(frozen=True, kw_only=True, eq=False)
class Dashes:
    """Pieces of ink, each with two ends (n, 2, 2) as places x, y, at half a stroke's width from its outer edges.

    `outward` (n, 2, 2) are the unit directions in which the ends point, zero for dots; `length` (n,) in pixels along
    the piece, `strength` (n,) the cover of its ink; `labels` the number of the piece at each pixel, from 1 on.
    """

    ends: FloatArray
    outward: FloatArray
    length: FloatArray
    strength: FloatArray
    labels: NDArray[np.int32]


def find_dashes(coverage: Float32, stroke: float) -> Dashes:
    """The connected pieces of ink with their ends.

    Parameters
    ----------
    coverage : (h, w), the share of each pixel that the ink covers.
    stroke : width of the lines in pixels.
    """
    on = coverage >= FAINTEST
    count, labels = number_pieces(on)
    rows, columns = np.nonzero(on)
    order = np.argsort(labels[on], kind="stable")
    first = np.searchsorted(labels[on][order], np.arange(1, count + 1))
    points = np.column_stack([columns, rows])[order].astype(np.float64) + 0.5
    weight = coverage[on][order].astype(float)
    pieces = [_piece(points[a:b], weight[a:b], stroke) for a, b in pairwise(first)]
    return Dashes(
        ends=np.array([p[0] for p in pieces]).reshape(-1, 2, 2),
        outward=np.array([p[1] for p in pieces]).reshape(-1, 2, 2),
        length=np.array([p[2] for p in pieces]),
        strength=_strengths(coverage, labels, count - 1),
        labels=labels.astype(np.int32),
    )


def _piece(points: FloatArray, weight: FloatArray, stroke: float) -> tuple[FloatArray, FloatArray, float]:
    """Ends, outward directions and length of a piece."""
    middle = weight @ points / weight.sum()
    offset = points - middle
    spread = (offset * weight[:, None]).T @ offset
    axis = np.linalg.eigh(spread)[1][:, 1]
    axis = axis if axis[0] >= 0 else -axis
    along, across = offset @ axis, offset @ np.array([-axis[1], axis[0]])
    # the faint pixels at either end reach out of the stroke
    length = float(np.ptp(along)) + 1.0 - _FAINT
    if quantile(np.abs(across), 0.95) > _STRAIGHT * stroke + 0.5:
        return _bent(points, stroke)
    if length <= DOT * stroke:
        return np.array([middle, middle]), np.zeros((2, 2)), length
    reach = max(length - max(stroke, 1.0), 0.0) / 2
    centre = middle + axis * (along.max() + along.min()) / 2
    return np.array([centre - reach * axis, centre + reach * axis]), np.array([-axis, axis]), length


def _bent(points: FloatArray, stroke: float) -> tuple[FloatArray, FloatArray, float]:
    """Ends, outward directions and length of a piece that is no straight stroke: it runs from left to right."""
    ends, outward = np.empty((2, 2)), np.zeros((2, 2))
    for k, side in enumerate((-1.0, 1.0)):
        reach = side * points[:, 0]
        depth = reach.max() - reach
        edge, next_to = points[depth <= stroke / 2], points[(depth > stroke / 2) & (depth <= 2 * stroke)]
        y = float(edge[:, 1].mean())
        if np.ptp(edge[:, 1]) > 2 * stroke and len(next_to):
            # the curve leaves a steep edge at the end that lies away from the rest
            below = next_to[:, 1].mean() < y
            y = float(edge[:, 1].max() - stroke / 2 if below else edge[:, 1].min() + stroke / 2)
        ends[k] = float(edge[:, 0].mean()), y
        tail = points[np.hypot(*(points - ends[k]).T) <= _TAIL * stroke]
        way = ends[k] - tail.mean(axis=0)
        outward[k] = way / max(float(np.hypot(*way)), 1e-6)
    return ends, outward, float(np.hypot(*np.ptp(points, axis=0)))


def usual_gap(dashes: Dashes, stroke: float) -> float:
    """The usual way in pixels from the end of a dash to the nearest end of another, 0 where too few are near."""
    ends = dashes.ends.reshape(-1, 2)
    first, second, apart = _pairs(ends, _WIDEST_GAP * stroke)
    nearest = np.full(len(ends), np.inf)
    np.minimum.at(nearest, first, apart)
    np.minimum.at(nearest, second, apart)
    per_piece = nearest.reshape(-1, 2)
    known = per_piece[np.isfinite(per_piece)]
    return median(known) if len(known) >= 2 * _FEWEST else 0.0


def _pairs(ends: FloatArray, reach: float) -> tuple[NDArray[np.intp], NDArray[np.intp], FloatArray]:
    """Pairs of ends of different pieces within reach of each other, and how far apart they are."""
    first, second = near_pairs(ends, reach)
    other = first // 2 != second // 2
    first, second = first[other], second[other]
    return first, second, np.hypot(*(ends[second] - ends[first]).T)


def join_ends(dashes: Dashes, stroke: float) -> list[tuple[int, int]]:
    """The pairs of ends, numbered 2 * piece + end, that belong together, the likeliest first; `stroke` in pixels."""
    ends = dashes.ends.reshape(-1, 2)
    gap = usual_gap(dashes, stroke)
    if not gap or len(dashes.length) > _MOST:
        return []
    first, second, apart = _pairs(ends, min(_REACH * gap, _WIDEST_GAP * stroke))
    way = (ends[second] - ends[first]) / np.maximum(apart, 1e-6)[:, None]
    outward = _with_directions(dashes, first, second, way, apart / gap).reshape(-1, 2)
    facing = np.einsum("nk,nk->n", outward[first], way), -np.einsum("nk,nk->n", outward[second], way)
    strength = np.log(np.maximum(dashes.strength, 0.05))
    is_dot = dashes.length <= DOT * stroke
    alike = is_dot[first // 2] == is_dot[second // 2]
    cost = apart / gap + np.where(alike, _UNLIKE * np.abs(strength[first // 2] - strength[second // 2]), 0.0)
    good = np.ones(len(cost), bool)
    for end, cosine in zip((first, second), facing, strict=True):
        directed = outward[end].any(axis=1)
        cost += np.where(directed, _AWRY * (1 - cosine), 0.0)
        good &= ~directed | (cosine > _ASIDE)
    good &= cost <= _DEAREST
    order = np.argsort(np.where(good, cost, np.inf), kind="stable")[: int(good.sum())]
    return _matched(first[order], second[order], way[order], np.asarray(outward.any(axis=1)))


def _with_directions(
    dashes: Dashes, first: NDArray[np.intp], second: NDArray[np.intp], way: FloatArray, apart: FloatArray
) -> FloatArray:
    """The outward directions (n, 2, 2), with those of dots that lie between two neighbours on opposite sides.

    `first` and `second` are ends that are near each other, `way` the unit vectors between them and `apart` how many
    usual gaps they are apart.
    """
    outward = dashes.outward.copy()
    is_dot = np.asarray(~dashes.outward.any(axis=(1, 2)))
    dot = np.concatenate([first, second]) // 2
    step, far = np.concatenate([way, -way]), np.concatenate([apart, apart])
    chosen = np.flatnonzero(is_dot[dot])
    chosen = chosen[np.argsort(dot[chosen], kind="stable")]
    edges = np.searchsorted(dot[chosen], np.arange(len(is_dot) + 1))
    for k in np.flatnonzero(is_dot & (np.diff(edges) > 1)):
        near = chosen[edges[k] : edges[k + 1]]
        cosine = step[near] @ step[near].T
        cost = far[near][:, None] + far[near][None] + 2 * _AWRY * (1 + cosine)
        i, j = np.unravel_index(int(np.argmin(cost)), cost.shape)
        if cosine[i, j] < _BETWEEN:
            outward[k] = step[near[i]], step[near[j]]
    return outward


def _matched(
    first: NDArray[np.intp], second: NDArray[np.intp], way: FloatArray, directed: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Pairs taken in order, each end once, no pieces twice, and the two ways from a dot on opposite sides."""
    free = np.ones(len(directed), bool)
    strand = np.arange(len(directed) // 2)
    gone: dict[int, FloatArray] = {}
    joined: list[tuple[int, int]] = []
    for a, b, step in zip(first.tolist(), second.tolist(), way, strict=True):
        if not (free[a] and free[b]) or strand[a // 2] == strand[b // 2]:
            continue
        ways = [(end, vector) for end, vector in ((a, step), (b, -step)) if not directed[end]]
        if any(end // 2 in gone and float(gone[end // 2] @ vector) > _OPPOSITE for end, vector in ways):
            continue
        for end, vector in ways:
            gone[end // 2] = vector
        free[a] = free[b] = False
        strand[strand == strand[b // 2]] = strand[a // 2]
        joined.append((a, b))
    return joined


def with_gaps_filled(coverage: Float32, dashes: Dashes, stroke: float) -> Float32:
    """The ink (h, w) with straight strokes, `stroke` pixels wide, from end to end of dashes that belong together."""
    filled = coverage.copy()
    ends = dashes.ends.reshape(-1, 2)
    for a, b in join_ends(dashes, stroke):
        _draw(filled, ends[a], ends[b], stroke)
    return filled


def _draw(coverage: Float32, start: FloatArray, end: FloatArray, stroke: float) -> None:
    """Draw a straight stroke of round ends into the coverage, in place."""
    margin = stroke / 2 + 1.0
    low, high = np.minimum(start, end) - margin, np.maximum(start, end) + margin
    left, top = np.maximum(np.floor(low), 0).astype(int)
    right, bottom = np.minimum(np.ceil(high).astype(int), coverage.shape[::-1])
    x, y = np.arange(left, right) + 0.5 - start[0], np.arange(top, bottom)[:, None] + 0.5 - start[1]
    dx, dy = end - start
    share = np.clip((x * dx + y * dy) / max(float(dx * dx + dy * dy), 1e-6), 0.0, 1.0)
    away = np.hypot(x - share * dx, y - share * dy)
    part = coverage[top:bottom, left:right]
    np.maximum(part, np.clip(stroke / 2 + 0.5 - away, 0, 1), out=part)


def _strengths(coverage: Float32, labels: NDArray[Any], count: int) -> FloatArray:
    """The cover (count,) of the strokes of each label from 1 on: the upper third over their ridges."""
    upright, level = (cv2.dilate(coverage, np.ones(shape, np.uint8)) for shape in ((3, 1), (1, 3)))
    ridge = (labels > 0) & (coverage >= np.minimum(upright, level) - 1e-6)
    own, cover = labels[ridge], coverage[ridge]
    order = np.lexsort((cover, own))
    first = np.searchsorted(own[order], np.arange(1, count + 2))
    middle = np.minimum((first[:-1] + 2 * first[1:]) // 3, np.maximum(first[1:] - 1, 0))
    found = cover[order][middle].astype(float) if len(order) else np.zeros(count)
    return np.where(first[1:] > first[:-1], found, 0.0)
