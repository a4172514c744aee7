"""Markers of series that share their places along x: one that shows its markers tells where those of others are.

Series of one chart are mostly drawn alike, with markers of one size at the same places along x. Where others lie on top
of a series too little of its markers shows for them to be found by what they look like; at a known place along x what
shows tells how high a marker stands. Of all ways through such places the one is taken whose markers hold most ink and
least bare ground, and whose joins are drawn (dynamic programming from left to right: Bellman).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from digitize.color import Float32
from digitize.markers import Markers, drawn_share, with_holes_filled
from digitize.matching import Matches, disc
from digitize.model import FloatArray, Layer
from digitize.palette import Mask
from digitize.periodic import Lattice, find_lattice

#: Fewest markers that tell of common places, of which this share keep to them, and this share of the places have one.
_FEWEST, _KEPT, _FILLED = 8, 0.9, 0.85
#: Markers stray from their places by these pixels and this share of their radius.
_SLACK_PX, _SLACK = 1.0, 0.25
#: Markers of one chart have at least this share of one another's radius.
_SMALLER = 0.75
#: Bare ground within a marker weighs so many times as much as ink; of a marker at least this share shows.
_BARE, _SHOWN = 2.0, 0.12
#: Heights that explain what shows nearly alike, as a share of the marker's area; so many are weighed at a place.
_EQUAL, _HEIGHTS = 0.02, 4
#: Joins may pass over so many places; what one costs of which nothing is drawn, in markers.
_PASSED, _UNDRAWN = 3, 1.0
#: A marker found by what it looks like is the one at a place when it lies this near to it, in radii.
_SAME = 0.4
#: A way has a marker at this share of its places, and this share of its markers have no ink above and below.
_WAY, _FREE = 0.6, 0.7


@dataclass(frozen=True, kw_only=True)
class Places:
    """Places of markers along x: a `lattice` from its place number `first` to `last`, and the markers' radius."""

    lattice: Lattice
    first: int
    last: int
    radius: float

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def slack(self) -> float:
        return _SLACK_PX + _SLACK * self.radius

    def has(self, x: FloatArray) -> Mask:
        """Which of the markers at these x keep to the places."""
        return np.asarray(self.lattice.off(x) <= self.slack)


def find_places(found: Sequence[Markers]) -> Places | None:
    """The places that the series with most markers keeps to, None where none has enough at a regular step.

    Parameters
    ----------
    found : the markers of each series, in pixels of its layer; the layers of a chart have one corner.
    """
    told = [places for markers in found if (places := _places_of(markers)) is not None]
    return max(told, key=lambda places: places.last - places.first, default=None)


def _places_of(markers: Markers) -> Places | None:
    x = np.sort(markers.centers[:, 0])
    slack = _SLACK_PX + _SLACK * markers.radius
    lattice = find_lattice(x, slack) if len(x) >= _FEWEST else None
    if lattice is None or lattice.step < 2 * slack:
        return None
    number = lattice.number(x)
    first, last = int(number.min()), int(number.max())
    places = Places(lattice=lattice, first=first, last=last, radius=markers.radius)
    full = len(np.unique(number)) >= _FILLED * (last - first + 1)
    return places if full and places.has(x).mean() >= _KEPT else None


def markers_at(places: Places, layer: Layer, own: Markers | None, stroke: float) -> Markers | None:
    """The markers of a layer at known places, None where what it shows there is no more than its own or no markers.

    Parameters
    ----------
    places : where other series of the chart have markers.
    layer : the ink of one series.
    own : those of its markers that were found by what they look like.
    stroke : width of its line in pixels.
    """
    if own is not None and own.radius < _SMALLER * places.radius:
        own = None  # crescents that show of markers look like small ones
    if own is not None and (places.has(own.centers[:, 0]).mean() < _KEPT or len(own.centers) >= places.count):
        return None
    solid = with_holes_filled(layer.coverage >= 0.5, stroke)
    bare = ~solid & ~layer.hidden
    way = _best_way(_offers(places, solid & ~layer.hidden, bare), ~bare)
    if len(way) < _FEWEST or len(way) <= (len(own.centers) if own is not None else 0):
        return None
    span = round(float(np.ptp(way[:, 0])) / places.lattice.step) + 1
    if len(way) < _WAY * span or (own is None and _free(way, solid, places.radius) < _FREE):
        return None
    if own is not None:
        way = _moved_to(own.centers, way, _SAME * places.radius)
    pixels = np.floor(way[:, ::-1]).astype(np.intp)
    matches = Matches(centers=way, places=pixels, agreement=np.ones(len(way)), seen=np.ones(len(way)))
    return Markers(centers=way, radius=places.radius, area=matches.area(disc(places.radius), solid.shape))


def _moved_to(known: FloatArray, way: FloatArray, reach: float) -> FloatArray:
    """The centres (n, 2) of a way, those near to a known one (m, 2) put there."""
    apart = np.hypot(*(way[:, None] - known).T)
    return np.where((apart.min(axis=0) <= reach)[:, None], known[apart.argmin(axis=0)], way)


def _offers(places: Places, ink: Mask, bare: Mask) -> list[FloatArray]:
    """For each place the markers (m, 3) that may stand there: x, y, and how well each explains what shows."""
    kernel = disc(places.radius).coverage
    size = float(kernel.sum())
    inked, empty = (
        cv2.filter2D(mask.astype(np.float32), -1, kernel, borderType=cv2.BORDER_CONSTANT) / size for mask in (ink, bare)
    )
    worth = np.where(inked >= _SHOWN, inked - _BARE * empty, -1).astype(np.float32)
    offers = []
    # one more at either end, where the frame may cut markers off
    for number in range(places.first - 1, places.last + 2):
        x = places.lattice.start + places.lattice.step * number
        if -places.slack <= x < ink.shape[1] + places.slack:
            x = min(max(x, 0.0), ink.shape[1] - 0.5)
            offers.append(np.array([(x, y, value) for y, value in _heights(worth[:, int(x)])]).reshape(-1, 3))
    return offers


def _heights(worth: Float32) -> list[tuple[float, float]]:
    """The heights in a column at which a marker explains most, with how much, the best first."""
    left = worth.copy()
    found: list[tuple[float, float]] = []
    while len(found) < _HEIGHTS and left.max() > 0:
        top = int(left.argmax())
        alike = np.flatnonzero(worth < worth[top] - _EQUAL)
        first, last = int(alike[alike < top].max(initial=-1)) + 1, int(alike[alike > top].min(initial=len(worth)))
        found.append(((first + last) / 2, float(worth[top])))
        below = np.flatnonzero(worth <= 0)
        left[int(below[below < top].max(initial=0)) : int(below[below > top].min(initial=len(worth)))] = -1
    return found


def _best_way(offers: Sequence[FloatArray], drawn: Mask) -> FloatArray:
    """The centres (n, 2) of the way from left to right that explains most."""
    nodes = [(place, marker) for place, markers in enumerate(offers) for marker in markers]
    gain = np.zeros(len(nodes))
    before = np.full(len(nodes), -1)
    for k, (place, marker) in enumerate(nodes):
        gain[k] = marker[2]
        for j in range(k - 1, -1, -1):
            if nodes[j][0] < place:
                near = place - nodes[j][0] <= _PASSED
                cost = _UNDRAWN * (1 - drawn_share(nodes[j][1][:2], marker[:2], 0.0, drawn) if near else 1.0)
                if gain[j] - cost + marker[2] > gain[k]:
                    gain[k], before[k] = gain[j] - cost + marker[2], j
    way = []
    k = int(gain.argmax()) if nodes else -1
    while k >= 0:
        way.append(nodes[k][1][:2])
        k = int(before[k])
    return np.array(way[::-1]).reshape(-1, 2)


def _free(way: FloatArray, solid: Mask, radius: float) -> float:
    """The share of the markers right above and below which there is no ink: a restless line goes on there."""
    columns = way[:, 0].astype(int)
    free = np.ones(len(way), bool)
    for side in (-1, 1):
        rows = np.floor(way[:, 1] + side * (radius + 2)).astype(int)
        free &= ~solid[np.clip(rows, 0, len(solid) - 1), columns]
    return float(free.mean())
