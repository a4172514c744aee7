"""Rings laid over ink one by one: where hollow markers lie that cover one another.

Matching pursuit (Mallat and Zhang, *Matching pursuits with time-frequency dictionaries*, 1993) with the occlusion that
painting one over the other brings: the ring that agrees best with what is seen is taken, what it covers is known to be
hidden by it, and the next is looked for in the rest. A ring that is empty hides no more than its outline does.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from digitize.color import Float32
from digitize.matching import Matches, Template, correlated, refined
from digitize.medians import median
from digitize.palette import Mask

#: Coverage of an outline's pixels.
_SOLID = 0.5
#: A marker agrees with what is seen of it at least so well, and so much of its outline is seen.
_AGREES, _SEEN = 0.5, 0.35


@dataclass(frozen=True, kw_only=True)
class Ring:
    """A ring of an outer `radius` and the `width` of its outline, in pixels, `empty` or filled with the ground."""

    radius: float
    width: float
    empty: bool = False

    @property
    def template(self) -> Template:
        """Its coverage, and where it hides what lies beneath: within its outline too unless it is empty."""
        disc = self._disc_of(self.radius)
        coverage = disc - self._disc_of(self.radius - self.width)
        hides = disc >= _SOLID
        if self.empty:
            hides &= cv2.dilate((coverage >= _SOLID).view(np.uint8), np.ones((3, 3), np.uint8)) > 0
        return Template(coverage=coverage, inside=hides)

    @property
    def disc(self) -> Template:
        """All that its outline encloses, as a template of the same size."""
        disc = self._disc_of(self.radius)
        return Template(coverage=disc, inside=disc >= _SOLID)

    def _disc_of(self, radius: float) -> Float32:
        """The coverage of a disc about the ring's centre, over all that the ring covers."""
        reach = int(np.ceil(self.radius)) + 1
        y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
        return np.asarray(np.clip(radius + 0.5 - np.hypot(x, y), 0, 1), np.float32)


@dataclass(frozen=True, kw_only=True, eq=False)
class Pursuit:
    """Rings laid over the ink: which have a hole of their `own`, the share of all holes that is `held` by them, and the
    share of the ink that those with a hole account for.
    """

    ring: Ring
    matches: Matches
    own: Mask
    held: float
    accounted: float

    @property
    def worth(self) -> float:
        """The share of the ink that they account for, as well as they agree with it."""
        return self.accounted * median(self.matches.agreement[self.own]) if self.own.any() else 0.0


def pursue(ink: Float32, hidden: Mask, holes: Mask, ring: Ring) -> Pursuit:
    """Markers laid over the ink one by one, the best first, each hiding what lies beneath it.

    Parameters
    ----------
    ink, hidden : as in `find_hollow`.
    holes : (h, w), where small enclosed pieces of ground are.
    ring : what a marker looks like.
    """
    table = _Table(ink, hidden, holes, ring)
    found: list[tuple[int, int]] = []
    told: list[tuple[float, ...]] = []
    while (place := table.best()) is not None:
        told.append(table.told(*place))
        found.append(place)
        table.cover(*place)
    x, y, agreement, seen, gain, bare = (np.array([one[k] for one in told], dtype=float) for k in range(6))
    matches = Matches(
        centers=np.column_stack([x, y]),
        places=np.array(found, dtype=np.intp).reshape(-1, 2),
        agreement=agreement,
        seen=seen,
    )
    return Pursuit(
        ring=ring,
        matches=matches,
        own=bare > 0,
        held=1 - table.bare / max(int(holes.sum()), 1),
        accounted=float(gain[bare > 0].sum() / max((ink[~hidden] ** 2).sum(), 1e-6)),
    )


class _Table:
    """How well a marker agrees with the ink at each place, kept up while markers are laid over it."""

    def __init__(self, ink: Float32, hidden: Mask, holes: Mask, ring: Ring) -> None:
        self._ink, self._template = ink, ring.template
        self._open, self._holes = (~hidden).astype(np.float32), holes.copy()
        self._disc = ring.disc.inside
        self._bare = self._disc & (self._template.coverage < _SOLID)
        self._reach = len(self._bare) // 2
        self._whole = float((self._template.coverage**2)[self._template.inside].sum())
        self._gain = np.zeros_like(ink)
        self._seen, self._common, self._worth = (np.zeros_like(ink) for _ in range(3))
        self._renew(0, 0, *ink.shape)

    @property
    def bare(self) -> int:
        """How many pixels of holes lie in no marker."""
        return int(self._holes.sum())

    def best(self) -> tuple[int, int] | None:
        """The place, row and column, where a marker accounts best for what is left, None where none does."""
        row, column = divmod(int(self._worth.argmax()), self._worth.shape[1])
        return (row, column) if self._worth[row, column] > 0 else None

    def told(self, row: int, column: int) -> tuple[float, ...]:
        """Of a marker at a place: its centre x, y, how well it agrees, the share that is seen, ink and holes in it."""
        seen = float(self._seen[row, column])
        own = seen * self._whole
        part, inside = self._part(row, column, self._bare)
        bare = float(np.count_nonzero(self._holes[part] & inside))
        x, y = refined(self._gain, row, column)
        agreement = float(self._gain[row, column]) / own
        return x, y, agreement, seen, 2 * float(self._common[row, column]) - own, bare

    def cover(self, row: int, column: int) -> None:
        """Lay a marker over a place."""
        part, hides = self._part(row, column, self._template.inside)
        self._open[part][hides] = 0
        self._holes[part][self._part(row, column, self._disc)[1]] = False
        reach = 2 * self._reach
        self._renew(row - reach, column - reach, row + reach + 1, column + reach + 1)
        self._worth[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = 0

    def _part(self, row: int, column: int, mask: Mask) -> tuple[tuple[slice, slice], Mask]:
        """The part of the ink about a place, and what of a marker's mask lies in it."""
        top, left, reach = row - self._reach, column - self._reach, len(mask)
        high, wide = self._ink.shape
        part = slice(max(top, 0), min(top + reach, high)), slice(max(left, 0), min(left + reach, wide))
        return part, mask[part[0].start - top : part[0].stop - top, part[1].start - left : part[1].stop - left]

    def _renew(self, top: int, left: int, bottom: int, right: int) -> None:
        """Weigh the places of a part again."""
        high, wide = self._ink.shape
        place = slice(max(top, 0), min(bottom, high)), slice(max(left, 0), min(right, wide))
        around = tuple(slice(max(p.start - self._reach, 0), p.stop + self._reach) for p in place)
        within = tuple(slice(p.start - a.start, p.stop - a.start) for p, a in zip(place, around, strict=True))
        cover, inside = self._template.coverage, self._template.inside.astype(np.float32)
        left_open = self._open[around]
        ink = self._ink[around] * left_open
        common = correlated(ink, cover * inside)[within]
        gain = 2 * common - correlated(ink * self._ink[around], inside)[within]
        seen = correlated(left_open, cover**2 * inside)[within] / self._whole
        agreement = gain / np.maximum(seen * self._whole, 1e-6)
        good = (seen >= _SEEN) & (agreement >= _AGREES)
        self._gain[place], self._seen[place], self._common[place] = gain, seen, common
        self._worth[place] = np.where(good, agreement * np.sqrt(np.maximum(seen, 0)), 0)
