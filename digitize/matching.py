"""Markers found where they cover one another: a template of theirs held against what is seen.

Masked template matching: the squared difference between template and ink over the pixels that nothing hides, which
correlations give for all places at once (Lewis, *Fast template matching*, 1995, here with weights); then places are
taken one by one, best first, as long as each accounts for ink of its own (matching pursuit: Mallat and Zhang, 1993).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32
from digitize.medians import quantile, row_median
from digitize.model import FloatArray
from digitize.palette import Mask

#: Outside a marker the line that enters it and its neighbours differ from the template: such pixels count less.
_OUTSIDE = 0.35
#: A place must agree with the template this well; this share of the marker must be seen, and of that this be inked.
_AGREES, _SEEN, _FILLED = 0.6, 0.3, 0.65
#: Markers agree with the template nearly as well as the better quarter of them do: broad places of the line do less.
_LIKE = 0.75
#: Of what is seen of a marker this share must be ink that no marker before it accounts for.
_OWN = 0.3
#: Whole and unhidden markers that a mean template takes.
_FEWEST = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Template:
    """Coverage (k, k) of a marker about its centre, k odd, and where its `inside` (k, k) is.

    `anchor`, where it is known, is how far from the middle of the array, x and y in pixels, the line goes through it.
    """

    coverage: Float32
    inside: Mask
    anchor: tuple[float, float] | None = None

    @property
    def radius(self) -> float:
        """That of the disc of the same area, in pixels."""
        return float(np.sqrt(self.inside.sum() / np.pi))

    @property
    def offset(self) -> tuple[float, float]:
        """How far, x and y in pixels, the place that it marks lies from the middle of the array."""
        if self.anchor is not None:
            return self.anchor
        middle = len(self.inside) // 2
        weight = np.where(self.inside, self.coverage, 0)
        across, down = weight.sum(axis=0), weight.sum(axis=1)
        place = np.arange(len(weight)) - middle
        return float((place * across).sum() / across.sum()), float((place * down).sum() / down.sum())


@dataclass(frozen=True, kw_only=True, eq=False)
class Matches:
    """Markers found: `centers` (m, 2), x and y in pixels, and the pixels at these `places` (m, 2), row and column.

    `agreement` says how well each agrees with the template, 1 at best, `seen` which share of it is seen.
    """

    centers: FloatArray
    places: NDArray[np.intp]
    agreement: FloatArray
    seen: FloatArray

    def only(self, chosen: Mask) -> Matches:
        """Those of the markers that a mask (m,) chooses."""
        return Matches(
            centers=self.centers[chosen],
            places=self.places[chosen],
            agreement=self.agreement[chosen],
            seen=self.seen[chosen],
        )

    def followed_by(self, other: Matches) -> Matches:
        """These markers and others."""
        return Matches(
            centers=np.concatenate([self.centers, other.centers]),
            places=np.concatenate([self.places, other.places]),
            agreement=np.concatenate([self.agreement, other.agreement]),
            seen=np.concatenate([self.seen, other.seen]),
        )

    def area(self, template: Template, shape: tuple[int, ...]) -> Mask:
        """Where (h, w) the markers and their soft edges lie."""
        reach = len(template.inside) // 2
        area = np.zeros((shape[0] + 2 * reach, shape[1] + 2 * reach), bool)
        for row, column in self.places.tolist():
            area[row : row + 2 * reach + 1, column : column + 2 * reach + 1] |= template.inside
        grown = cv2.dilate(area.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        return np.asarray(grown[reach : reach + shape[0], reach : reach + shape[1]])


def disc(radius: float) -> Template:
    """The template of a round marker."""
    reach = int(np.ceil(radius)) + 2
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    coverage = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1).astype(np.float32)
    return Template(coverage=coverage, inside=coverage >= 0.5)


def usual_marker(ink: Float32, hidden: Mask, places: NDArray[np.int64], radius: float) -> Template:
    """The median of the markers that stand whole and unhidden, a disc where those are too few.

    Parameters
    ----------
    ink : (h, w) coverage, hollow markers filled.
    hidden : (h, w), True where other ink lies on top.
    places : (m, 2) row and column of markers' middles.
    radius : of the largest disc within a marker, in pixels.
    """
    reach = int(np.ceil(radius)) + 2
    whole = [
        (slice(row - reach, row + reach + 1), slice(column - reach, column + reach + 1))
        for row, column in places.tolist()
        if reach <= row < len(ink) - reach and reach <= column < ink.shape[1] - reach
    ]
    patches = [ink[part] for part in whole if not hidden[part].any()]
    if len(patches) < _FEWEST:
        return disc(radius)
    coverage = row_median(np.array(patches)).astype(np.float32)
    # without the line that enters them, should it come from the same side everywhere
    core = cv2.morphologyEx((coverage >= 0.5).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels = cv2.connectedComponents(core)
    inside = labels == labels[reach, reach]
    if not labels[reach, reach]:
        return disc(radius)
    return Template(coverage=np.where(inside | (coverage < 0.5), coverage, 0).astype(np.float32), inside=inside)


def find_matches(ink: Float32, hidden: Mask, template: Template, broad: Mask) -> Matches:
    """The markers seen whole or in part, none that others account for.

    Parameters
    ----------
    ink, hidden : as in `usual_marker`.
    template : what a marker looks like.
    broad : (h, w), True where the middle of one may lie.
    """
    found = find_shapes(ink, hidden, [template], broad)[0]
    likely = found.agreement >= _LIKE * quantile(found.agreement, 0.75) if len(found.agreement) else found.seen > 0
    return found.only(likely)


def find_shapes(ink: Float32, hidden: Mask, templates: Sequence[Template], broad: Mask) -> list[Matches]:
    """The markers of several shapes, each place given to the shape that agrees best with what is seen there.

    Parameters
    ----------
    ink, hidden, broad : as in `find_matches`.
    templates : what the markers of each shape look like.
    """
    scores = [_scores(ink, hidden, template) for template in templates]
    peaks = [_peaks(*both, template, broad) for both, template in zip(scores, templates, strict=True)]
    places = np.concatenate(peaks)
    shape = np.repeat(np.arange(len(peaks)), [len(found) for found in peaks])
    worth = np.array(
        [scores[k][0][r, c] * np.sqrt(scores[k][1][r, c]) for k, (r, c) in zip(shape, places.tolist(), strict=True)]
    )
    order = np.argsort(-worth, kind="stable")
    places, shape = places[order], shape[order]
    own = _have_own_ink(places, [templates[k] for k in shape.tolist()], ink, hidden)
    return [
        _matches(places[own & (shape == k)], *both, template)
        for k, (both, template) in enumerate(zip(scores, templates, strict=True))
    ]


def agreements(ink: Float32, hidden: Mask, templates: Sequence[Template], places: NDArray[np.intp]) -> FloatArray:
    """How well what is seen within a pixel of each of the places (n, 2) agrees with each of the templates, (n, k).

    Parameters
    ----------
    ink, hidden : as in `find_matches`.
    templates : k of them.
    places : row and column.
    """
    near = np.ones((3, 3), np.uint8)
    scores = [cv2.dilate(_scores(ink, hidden, one)[0], near) for one in templates]
    return np.stack([score[tuple(places.T)] for score in scores], axis=1).astype(np.float64)


def _peaks(score: Float32, seen: Float32, template: Template, broad: Mask) -> NDArray[np.intp]:
    """The places (m, 2), row and column, where the template agrees better than around them."""
    size = 2 * max(int(0.5 * template.radius), 1) + 1
    peak = broad & (score >= _AGREES) & (seen >= _SEEN) & (score >= cv2.dilate(score, np.ones((size, size), np.uint8)))
    return np.argwhere(peak)


def _matches(places: NDArray[np.intp], score: Float32, seen: Float32, template: Template) -> Matches:
    at = tuple(places.T)
    return Matches(
        centers=np.array([refined(score, row, column) for row, column in places.tolist()]).reshape(-1, 2)
        + template.offset,
        places=places,
        agreement=score[at].astype(np.float64),
        seen=seen[at].astype(np.float64),
    )


def _have_own_ink(places: NDArray[np.intp], templates: Sequence[Template], ink: Float32, hidden: Mask) -> Mask:
    """Which of the places (n, 2), best first, with the templates of their markers hold ink that no earlier one does."""
    pad = max((len(one.inside) // 2 for one in templates), default=0)
    left, seen = (np.pad(a.astype(np.float32), pad) for a in (np.where(hidden, 0, ink), ~hidden))
    own = np.zeros(len(places), bool)
    for k, ((row, column), template) in enumerate(zip(places.tolist(), templates, strict=True)):
        reach = len(template.inside) // 2
        rows, columns = (slice(v + pad - reach, v + pad + reach + 1) for v in (row, column))
        ink_here, inside = left[rows, columns], template.inside
        if ink_here[inside].sum() >= _OWN * seen[rows, columns][inside].sum():
            ink_here[cv2.dilate(inside.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 0
            own[k] = True
    return own


def _scores(ink: Float32, hidden: Mask, template: Template) -> tuple[Float32, Float32]:
    """How well the template agrees at each place, 1 at best, and which share of a marker there is seen."""
    weight = (~hidden).astype(np.float32)
    cover = ink * weight
    kernel = np.where(template.inside, 1.0, _OUTSIDE).astype(np.float32)
    difference = (
        correlated(cover * ink, kernel)
        - 2 * correlated(cover, kernel * template.coverage)
        + correlated(weight, kernel * template.coverage**2)
    )
    inside = np.maximum(correlated(weight, template.inside.astype(np.float32)), 0)
    filled = correlated(cover, template.inside.astype(np.float32)) >= _FILLED * inside
    score = np.where((inside > 0.5) & filled, 1 - difference / np.maximum(inside, 0.5), -1)
    return score.astype(np.float32), (inside / template.inside.sum()).astype(np.float32)


def correlated(image: Float32, kernel: Float32) -> Float32:
    """The sum of an image (h, w) weighed by a kernel about each pixel (h, w); beyond its edges there is nothing."""
    return np.asarray(cv2.filter2D(image, cv2.CV_32F, kernel, borderType=cv2.BORDER_CONSTANT), dtype=np.float32)


def refined(score: Float32, row: int, column: int) -> tuple[float, float]:
    """The place of a peak to a fraction of a pixel: the summit of the parabola through it and its neighbours."""
    x = column + 0.5 + _summit(score[row, max(column - 1, 0) : column + 2])
    y = row + 0.5 + _summit(score[max(row - 1, 0) : row + 2, column])
    return x, y


def _summit(values: Float32) -> float:
    if len(values) < 3:
        return 0.0
    bend = float(values[0] - 2 * values[1] + values[2])
    return float(np.clip(0.5 * float(values[0] - values[2]) / bend, -0.5, 0.5)) if bend < -1e-6 else 0.0
