"""Where the curves of a plot area end: together, or each on its own.

Curves of one chart mostly begin and end together, so that one which vanishes beneath another goes on with it. Where one
is seen to end in the open before the others do, as in survival curves, any of them may.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from digitize.palette import Mask

#: A curve that ends before the others by less than this share of the plot area's width ends with them.
EARLY = 0.04
#: Nothing is drawn behind an end in the open within so many stroke widths; antialiasing reaches so far beyond it.
_BARE, _SOFT = 4.0, 1


class End(NamedTuple):
    """The first or last place that is seen of a curve, in pixels of the ink, and the width of its stroke."""

    x: float
    y: float
    width: float


def end_apart(ends: Sequence[End], ink: Mask, *, first: bool) -> bool:
    """Whether one of the curves is seen to end in the open before the others.

    Parameters
    ----------
    ends : one a curve.
    ink : (h, w), True where anything is drawn.
    first : whether the ends are those where the curves begin, on the left.
    """
    sign = -1.0 if first else 1.0
    furthest = max((sign * end.x for end in ends), default=0.0)
    early = [end for end in ends if furthest - sign * end.x > EARLY * ink.shape[1]]
    return any(_is_open(end, ink, first=first) for end in early)


def _is_open(end: End, ink: Mask, *, first: bool) -> bool:
    """Whether nothing is drawn around the way behind an end."""
    column, away = int(np.floor(end.x)), int(np.ceil(end.width / 2)) + _SOFT
    reach = int(np.ceil(_BARE * end.width))
    left = max(column - away - reach, 0) if first else column + away + 1
    top, bottom = max(int(end.y) - reach, 0), int(end.y) + reach + 1
    behind = ink[top:bottom, left : max(column - away if first else left + reach, 0)]
    return behind.size > 0 and not behind.any()
