"""Courses of the curves of one plot area: alike or of any kind, near to each other or not, of few points or many."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from random_charts.model import Values

Course = Callable[[Generator, Values], Values]

#: In so many plot areas curves lie exactly upon others for a stretch.
_SHARED_ODDS = 0.15


def smooth(rng: Generator, x: Values) -> Values:
    """Sinusoids with a trend."""
    course = np.zeros(len(x))
    for rate in rng.uniform(0.2, 7, rng.integers(1, 7)):
        course += rng.normal() / (1 + rate) * np.sin(2 * np.pi * rate * x + rng.uniform(0, 6.3))
    return course + rng.normal() * x


def walk(rng: Generator, x: Values) -> Values:
    return np.cumsum(rng.normal(size=len(x))) / np.sqrt(len(x))


def noise(rng: Generator, x: Values) -> Values:
    """A trend and a wave beneath noise."""
    course = rng.normal() * x + 0.3 * np.sin(rng.uniform(0, 12) * x)
    return course + rng.uniform(0.02, 0.6) * rng.normal(size=len(x))


def spikes(rng: Generator, x: Values) -> Values:
    """A quiet line with a few peaks, all of them up or all down."""
    course = rng.normal() * 0.3 * x + 0.02 * rng.normal(size=len(x))
    at = rng.integers(0, len(x), max(1, int(len(x) * rng.uniform(0.005, 0.06))))
    course[at] += rng.exponential(1.0, len(at)) * rng.choice([-1, 1])
    return course


def learning(rng: Generator, x: Values) -> Values:
    """A loss that falls or a share that rises to its limit."""
    course = np.exp(-x * rng.uniform(1, 25)) if rng.random() < 0.6 else 1 - np.exp(-x * rng.uniform(1, 15))
    return course + rng.uniform(0, 0.12) * rng.normal(size=len(x))


def flat(rng: Generator, x: Values) -> Values:
    return rng.normal() + rng.uniform(0, 0.05) * rng.normal(size=len(x))


def jumps(rng: Generator, x: Values) -> Values:
    """Levels of five points each."""
    return np.repeat(rng.normal(size=len(x) // 5 + 1), 5)[: len(x)]


ODDS: dict[Course, float] = {
    smooth: 0.19,
    walk: 0.2,
    noise: 0.22,
    spikes: 0.13,
    learning: 0.16,
    flat: 0.04,
    jumps: 0.06,
}


def random_courses(rng: Generator, count: int, width: int) -> list[Values]:
    """Curves (n, 2) for a plot area so many pixels wide: x between 0 and 1, and y."""
    alike = rng.random() < 0.65
    course, n = _random_course(rng), _random_length(rng, width)
    common_x = np.linspace(0, 1, n)
    common = course(rng, common_x) if rng.random() < 0.45 else None
    curves = []
    for _ in range(count):
        if not alike:
            course = _random_course(rng)
            n = int(rng.integers(5, 200)) if rng.random() < 0.3 else n
        x = _random_places(rng, n)
        y = course(rng, x)
        if common is not None:
            y = np.interp(x, common_x, common) + rng.uniform(0.05, 0.6) * y + rng.choice([0, 0.3]) * rng.normal()
        curves.append(np.column_stack([x, y]))
    if rng.random() < _SHARED_ODDS:
        share_stretches(rng, curves)
    return curves


def share_stretches(rng: Generator, curves: list[Values]) -> None:
    """Let neighbours whose points have the same x run as one for a stretch."""
    for one, other in pairwise(curves):
        if np.array_equal(one[:, 0], other[:, 0]):
            count = int(len(one) * rng.uniform(0.1, 0.6))
            first = int(rng.integers(len(one) - count + 1))
            other[first : first + count, 1] = one[first : first + count, 1]


def _random_course(rng: Generator) -> Course:
    return list(ODDS)[rng.choice(len(ODDS), p=list(ODDS.values()))]


def _random_length(rng: Generator, width: int) -> int:
    """A few points, or up to three a pixel column."""
    if rng.random() < 0.45:
        return int(rng.integers(5, 45))
    return int(np.exp(rng.uniform(np.log(40), np.log(3 * width))))


def _random_places(rng: Generator, n: int) -> Values:
    """Where along x the points stand: evenly, mostly, and up to the end, mostly."""
    x = np.linspace(0, 1, n)
    if rng.random() < 0.1:
        x = np.sort(rng.random(n))
    if rng.random() < 0.12:
        x = x * rng.uniform(0.3, 1)
    return x
