"""Things that belong together: groups of what is linked, and pairs of what lies near."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitize.model import FloatArray

Indices = NDArray[np.intp]


def linked_groups(count: int, first: NDArray[np.integer], second: NDArray[np.integer]) -> Indices:
    """The number of the group that each of `count` things belongs to, where pairs of them are linked.

    Groups are numbered by their first members. Each thing takes the least number among those it is linked with, and
    then the number that this one has, until nothing changes.
    """
    least = np.arange(count)
    while (least[first] != least[second]).any():
        low = np.minimum(least[first], least[second])
        np.minimum.at(least, least[first], low)
        np.minimum.at(least, least[second], low)
        while (least[least] != least).any():
            least = least[least]
    return np.asarray(np.unique(least, return_inverse=True)[1], dtype=np.intp)


def near_pairs(points: FloatArray, reach: float) -> tuple[Indices, Indices]:
    """All pairs (i, j) of points (n, 2) that lie no further than `reach` apart, each pair once."""
    order = np.argsort(points[:, 0], kind="stable")
    x, y = points[order].T
    count = np.searchsorted(x, x + reach, side="right") - np.arange(len(x)) - 1
    first = np.repeat(np.arange(len(x)), count)
    second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
    near = np.hypot(x[second] - x[first], y[second] - y[first]) <= reach
    return order[first[near]], order[second[near]]
