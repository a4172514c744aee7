"""Groups of linked things and pairs of near ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digitize.links import linked_groups, near_pairs

_pairs = st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=40)


@given(_pairs)
def test_things_share_a_group_exactly_when_links_lead_from_one_to_the_other(pairs: list[tuple[int, int]]) -> None:
    first, second = np.array(pairs, int).reshape(-1, 2).T
    group = linked_groups(30, first, second)
    reachable = np.eye(30, dtype=bool)
    reachable[first, second] = reachable[second, first] = True
    for _ in range(5):
        reachable = reachable @ reachable
    assert ((group[:, None] == group) == reachable).all()


@given(_pairs)
def test_groups_are_numbered_by_their_first_members(pairs: list[tuple[int, int]]) -> None:
    first, second = np.array(pairs, int).reshape(-1, 2).T
    group = linked_groups(30, first, second)
    numbers, members = np.unique(group, return_index=True)
    assert (numbers == np.arange(len(numbers))).all()
    assert (np.diff(members) > 0).all()


def test_near_pairs_are_those_within_reach_once_each() -> None:
    points = np.random.default_rng(3).uniform(0, 20, (60, 2))
    away = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    expected = {(i, j) for i, j in zip(*np.nonzero(away <= 2.5), strict=True) if i < j}
    first, second = near_pairs(points, 2.5)
    assert len(first) == len(expected)
    assert {(min(i, j), max(i, j)) for i, j in zip(first, second, strict=True)} == expected
