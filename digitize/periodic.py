"""Places along an axis that stand at whole multiples of one step, some of them missing.

Rayleigh's statistic of each step that places may share, which is Lomb's periodogram of events (*Least-squares frequency
analysis of unequally spaced data*, 1976).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digitize.model import FloatArray

#: Least step that is tried, in pixels.
_NEAREST = 2.0
#: Of steps that explain places about as well as the best one does, the largest is theirs: its parts do so, too.
_AS_GOOD = 0.75
#: A lattice is fitted so often, each time to the places within so many times the slack of it.
_ROUNDS, _MUCH = 3, 2.0


@dataclass(frozen=True, kw_only=True)
class Lattice:
    """Places at whole multiples of a `step` from a `start`, both in pixels."""

    start: float
    step: float

    def number(self, places: FloatArray) -> FloatArray:
        """The whole number of steps from the start to the lattice's place nearest to each of the places (m,)."""
        return np.asarray(np.rint((places - self.start) / self.step))

    def off(self, places: FloatArray) -> FloatArray:
        """How far each of the places (m,) lies from the lattice's nearest, in pixels."""
        return np.asarray(np.abs(self.start + self.step * self.number(places) - places))


def regularity(places: FloatArray) -> float:
    """How much more regularly places lie than by chance, whichever of them are missing: 3 is about once in 20 times.

    Parameters
    ----------
    places : (m,) in pixels.
    """
    per_pixel, power = _periodogram(places)
    if not len(power):
        return 0.0
    # places spread evenly keep to wide steps by themselves where these do not divide their span
    power = power - np.sinc(per_pixel * np.ptp(places)) ** 2
    # each step had its chance: one in so many for a wide one, of which there are few, less for a narrow one; twice as
    # many, since few places are not quite as random as the law of many has it
    rank = np.arange(1, len(power) + 1)
    chances = 2 * rank * (1 / rank).sum()
    return float((len(places) * power - np.log(chances)).max())


def find_lattice(places: FloatArray, slack: float) -> Lattice | None:
    """The lattice on which most places lie, None where there is no step.

    Parameters
    ----------
    places : (m,) in pixels, sorted.
    slack : how far from a lattice's place most of them lie at most, in pixels; those much farther do not count.
    """
    per_pixel, power = _periodogram(places)
    if len(places) < 3 or not len(power):
        return None
    step = 1 / float(per_pixel[int(np.argmax(power >= _AS_GOOD * power.max()))])
    phase = np.angle(np.exp(2j * np.pi * (places - places[0]) / step).mean()) / (2 * np.pi)
    lattice = Lattice(start=float(places[0] + phase * step), step=step)
    for _ in range(_ROUNDS):
        near = places[lattice.off(places) <= _MUCH * slack]
        number = lattice.number(near)
        if len(near) < 3 or np.ptp(number) < 2:
            return None
        step, start = np.polyfit(number, near, 1)
        lattice = Lattice(start=float(start), step=float(step))
    return lattice


def _periodogram(places: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Steps a pixel, from two over all the places on, and how well the places keep to each: 1 at best."""
    span = float(np.ptp(places)) if len(places) else 0.0
    per_pixel = np.arange(4, int(2 * span / _NEAREST)) / (2 * span) if span else np.empty(0)
    if not len(per_pixel):
        return per_pixel, per_pixel
    power = np.abs(np.exp(2j * np.pi * per_pixel[:, None] * places).mean(axis=1)) ** 2
    return per_pixel, power
