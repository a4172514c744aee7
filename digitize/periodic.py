"""Places along an axis that stand at whole multiples of one step, some of them missing.

Rayleigh's statistic of each step that places may share, which is Lomb's periodogram of events (*Least-squares frequency
analysis of unequally spaced data*, 1976).
"""

from __future__ import annotations

import numpy as np

from digitize.model import FloatArray

#: Least step that is tried, in pixels.
_NEAREST = 2.0
#: Of steps that explain places about as well as the best one does, the largest is theirs: its parts do so, too.
_AS_GOOD = 0.75


def regularity(places: FloatArray) -> float:
    """How much more regularly places lie than chance has it, whichever of them are missing: 3 is once in 20 times.

    Parameters
    ----------
    places : (m,) in pixels.
    """
    power = _periodogram(places)[1]
    return float(len(places) * power.max() - np.log(len(power))) if len(power) else 0.0


def lattice_of(places: FloatArray, slack: float) -> tuple[float, float, FloatArray] | None:
    """The lattice on which most places lie: one of its points, its step, and each place's number on it.

    Parameters
    ----------
    places : (m,) in pixels, sorted.
    slack : how far from a lattice point a place may lie, in pixels.

    Returns
    -------
    tuple or None
        None where there is no step. Places beyond the slack do not count for the lattice, but have a number, too.
    """
    per_pixel, power = _periodogram(places)
    if len(places) < 3 or not len(power):
        return None
    step = 1 / float(per_pixel[int(np.argmax(power >= _AS_GOOD * power.max()))])
    start = float(places[0])
    phase = np.angle(np.exp(2j * np.pi * (places - start) / step).mean()) / (2 * np.pi)
    start += float(phase * step)
    for _ in range(3):
        number = np.rint((places - start) / step)
        near = np.abs(start + step * number - places) <= 2 * slack
        if near.sum() < 3 or np.ptp(number[near]) < 2:
            return None
        step, start = (float(v) for v in np.polyfit(number[near], places[near], 1))
    return start, step, np.rint((places - start) / step)


def _periodogram(places: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Steps a pixel, from few to many, and how well the places keep to each: 1 at best."""
    span = float(np.ptp(places)) if len(places) else 0.0
    per_pixel = np.arange(2, int(2 * span / _NEAREST)) / (2 * span) if span else np.empty(0)
    if not len(per_pixel):
        return per_pixel, per_pixel
    power = np.abs(np.exp(2j * np.pi * per_pixel[:, None] * places).mean(axis=1)) ** 2
    return per_pixel, power
