"""Courses of curves: how training metrics, prices, temperatures, queues … run. All lie roughly in [0, 1]."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from .model import Values


def unit(values: Values) -> Values:
    """Stretched to [0, 1]; a constant becomes one half."""
    low, high = np.nanmin(values), np.nanmax(values)
    return (values - low) / (high - low) if high > low else np.full_like(values, 0.5)


def smoothed(values: Values, weight: float) -> Values:
    """Exponential moving average with the weight of the past, as training dashboards draw it."""
    out = np.empty_like(values)
    state, mass = 0.0, 0.0
    for k, value in enumerate(values):
        state, mass = weight * state + (1 - weight) * value, weight * mass + 1 - weight
        out[k] = state / mass
    return out


def jitter(rng: Generator, n: int, strength: float) -> Values:
    """Noise with some memory, as minibatches have it."""
    return smoothed(rng.normal(0, strength, n), float(rng.uniform(0, 0.6)))


def falling(rng: Generator, n: int) -> Values:
    """A loss: fast then slow decay, noise on top."""
    t = np.linspace(0, 1, n)
    course = 0.75 * np.exp(-t / rng.uniform(0.02, 0.15)) + 0.25 * np.exp(-t / rng.uniform(0.3, 2))
    return np.asarray(course + rng.uniform(0.01, 0.2) + jitter(rng, n, rng.choice([0.003, 0.015, 0.04])))


def rising(rng: Generator, n: int) -> Values:
    """An accuracy or a reward: saturating, with noise and sometimes a setback."""
    t = np.linspace(0, 1, n)
    course = rng.uniform(0.6, 0.95) * (1 - np.exp(-t / rng.uniform(0.08, 0.4))) + rng.uniform(0, 0.1)
    if rng.random() < 0.25:
        course -= 0.3 * np.exp(-(((t - rng.uniform(0.4, 0.8)) / 0.05) ** 2))
    return np.asarray(course + jitter(rng, n, rng.choice([0.004, 0.02, 0.05])))


def bumpy(rng: Generator, n: int) -> Values:
    """A divergence: rises, wavers, comes back."""
    t = np.linspace(0, 1, n)
    course = 0.7 * t ** rng.uniform(0.4, 1.2) * np.exp(-t * rng.uniform(0, 1.2))
    return np.asarray(course + smoothed(np.abs(rng.normal(0, 0.15, n)), 0.5) * t + 0.02)


def scheduled(rng: Generator, n: int) -> Values:
    """A learning rate: warm-up, then cosine, linear or stepwise decay."""
    t = np.linspace(0, 1, n)
    warm = rng.uniform(0.03, 0.2)
    rest = np.clip((t - warm) / (1 - warm), 0, 1)
    decay = [0.5 + 0.5 * np.cos(np.pi * rest), 1 - rest, 0.5 ** np.floor(rest * 4)][rng.integers(3)]
    return np.asarray(np.where(t < warm, t / warm, decay))


def walk(rng: Generator, n: int) -> Values:
    """Prices."""
    return 0.05 + 0.9 * unit(np.cumsum(rng.normal(rng.uniform(-0.05, 0.08), 1, n)))


def waves(rng: Generator, n: int) -> Values:
    """One to three sinusoids, sometimes damped."""
    t = np.linspace(0, 1, n)
    course = np.zeros(n)
    for _ in range(rng.integers(1, 4)):
        course += rng.uniform(0.3, 1) * np.sin(2 * np.pi * (rng.uniform(0.5, 6) * t + rng.random()))
    return 0.05 + 0.9 * unit(course * np.exp(-t * rng.choice([0, 0, 2])))


def seasonal(rng: Generator, n: int) -> Values:
    """A yearly or daily cycle with noise and a trend."""
    t = np.linspace(0, 1, n)
    cycle = np.sin(2 * np.pi * (rng.integers(2, 9) * t + rng.random()))
    return 0.05 + 0.9 * unit(cycle + rng.uniform(-1, 2) * t + rng.normal(0, rng.uniform(0.05, 0.3), n))


def growth(rng: Generator, n: int) -> Values:
    """Exponential or logistic."""
    t = np.linspace(0, 1, n)
    rate = rng.uniform(2, 6)
    if rng.random() < 0.5:
        return np.asarray(np.exp(rate * (t - 1)) * rng.uniform(0.5, 1))
    return np.asarray(rng.uniform(0.5, 1) / (1 + np.exp(-rate * 2.5 * (t - rng.uniform(0.3, 0.7)))))


def spiky(rng: Generator, n: int) -> Values:
    """A quiet base with rare high peaks."""
    base = smoothed(np.abs(rng.normal(0.12, 0.05, n)), 0.5)
    peaks = (rng.random(n) < 0.04) * rng.uniform(0.2, 0.85, n)
    return np.asarray(base + peaks)


def peaks(rng: Generator, n: int) -> Values:
    """A spectrum: narrow lines on a flat base."""
    t = np.linspace(0, 1, n)
    course = np.zeros(n)
    for _ in range(rng.integers(3, 12)):
        width = rng.uniform(0.004, 0.03)
        course += rng.uniform(0.1, 1) / (1 + ((t - rng.uniform(0.03, 0.97)) / width) ** 2)
    return 0.02 + 0.9 * unit(course)


def queue(rng: Generator, n: int) -> Values:
    """Counts that go up and down by one and never below zero."""
    level, out = int(rng.integers(0, 4)), np.empty(n)
    for k in range(n):
        out[k] = level
        level = max(level + (1 if rng.random() < 0.5 else -1), 0)
    return out


def survival(rng: Generator, n: int) -> Values:
    """A share that falls by uneven drops."""
    drops = rng.exponential(1, n) * (rng.random(n) < 0.7)
    return np.asarray(1 - np.cumsum(drops) / drops.sum() * rng.uniform(0.4, 0.95))


def climbing(rng: Generator, n: int) -> Values:
    """A cumulative distribution."""
    steps = rng.gamma(rng.uniform(0.5, 3), 1, n)
    return np.asarray(np.cumsum(steps) / steps.sum())


def measured(rng: Generator, n: int) -> Values:
    """A few measurements along a smooth law."""
    t = np.linspace(0, 1, n)
    law: Callable[[Values], Values] = [
        lambda s: s ** rng.uniform(0.4, 1.6),
        lambda s: 1 - 0.8 * s ** rng.uniform(0.5, 1.5),
        lambda s: 1 - (2 * s - rng.uniform(0.6, 1.4)) ** 2 * 0.5,
        lambda s: 0.5 + 0 * s,
    ][rng.integers(4)]
    return 0.15 + 0.7 * law(t) + rng.normal(0, rng.uniform(0.01, 0.1), n)
