"""Labels that are rounded until neighbours read alike: what their ticks are, which are multiples of a round step.

A dashboard that writes three decimals labels the ticks 0, 0.0002 … 0.001 with ``0 0 0 0.001 0.001 0.001``. Each label
gives bounds only, but few rows of multiples of 1, 2, 2.5 or 5 times a power of ten keep within all of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitize.labelvalues import Value
from digitize.medians import median
from digitize.model import FloatArray

#: Mantissas of round steps, and what the rarer one costs.
_MANTISSAS = {1.0: 0.0, 2.0: 0.0, 2.5: 0.5, 5.0: 0.0}
#: What it costs that a tick lies just between two of the printed values, and that a nought without a sign is negative.
_BETWEEN, _UNSIGNED = 1.0, 1.0
#: Steps down to this share of the largest possible are tried, and how near to a bound is at it.
_SMALLEST, _AT_BOUND = 0.01, 1e-6
#: Fewest labels that tell, and by what share of a step they stray from even steps.
_FEWEST, _STRAY = 4, 0.2


def unrounded(values: Sequence[Value], places: FloatArray, texts: Sequence[str]) -> list[Value]:
    """What labels say whose neighbours read alike, where a round step tells; otherwise nothing.

    Parameters
    ----------
    values : what each label may say; the likeliest counts.
    places : where the labels stand, (n,) in pixels.
    texts : the labels as they are written.
    """
    likeliest = {v.index: v for v in sorted(values, key=lambda v: v.prior)}
    count = len(places)
    if count < _FEWEST or len(likeliest) < count:
        return []
    order = np.argsort(places)
    printed = np.array([likeliest[int(k)].u for k in order])
    # Noughts at the end of decimals may be left out: all labels are rounded to the finest decimal of any.
    slack = min(likeliest[int(k)].slack for k in order)
    number = _numbers(places[order])
    if number is None or not _neighbours_alike(printed) or slack <= 0:
        return []
    signed = np.array([texts[k].lstrip()[:1] in ("-", "−") for k in order])
    rows = _rows(printed, slack, number, signed)
    if not rows:
        return []
    # Of rows as good as each other the one of the largest step.
    best = min(rows, key=lambda row: (row[0], -abs(row[1][-1] - row[1][0])))
    return [Value(index=int(k), u=float(u), prior=1.0) for k, u in zip(order, best[1], strict=True)]


def _numbers(places: FloatArray) -> FloatArray | None:
    """The numbers of ticks at sorted places that stand evenly, None where they do not."""
    gaps = np.diff(places)
    step = median(gaps)
    if step <= 0:
        return None
    number = np.rint((places - places[0]) / step)
    stray = np.abs((places - places[0]) / step - number)
    return number if stray.max() <= _STRAY and np.diff(number).min() >= 1 else None


def _neighbours_alike(printed: FloatArray) -> bool:
    """Whether some neighbours read alike, and all rise or all fall otherwise."""
    steps = np.diff(printed)
    return bool((steps == 0).any() and (steps != 0).any() and ((steps >= 0).all() or (steps <= 0).all()))


def _rows(
    printed: FloatArray, slack: float, number: FloatArray, signed: NDArray[np.bool_]
) -> list[tuple[float, FloatArray]]:
    """All rows of multiples of a round step that are printed so, each with its cost."""
    rise = float(printed[-1] - printed[0])
    most = (abs(rise) + 2 * slack) / float(number[-1])
    found = []
    for power in range(math.floor(math.log10(most * _SMALLEST)), math.floor(math.log10(most)) + 1):
        for mantissa, cost in _MANTISSAS.items():
            step = math.copysign(mantissa * 10.0**power, rise)
            low, high = sorted([(printed[0] - slack) / step, (printed[0] + slack) / step])
            for first in range(math.ceil(low - _AT_BOUND), math.floor(high + _AT_BOUND) + 1):
                values = np.array([float(f"{v:.12g}") + 0.0 for v in (first + number) * step])
                apart = np.abs(values - printed) / slack
                if apart.max() <= 1 + _AT_BOUND and not (signed & (values >= 0) & (printed == 0)).any():
                    between = _BETWEEN * (apart.max() >= 1 - _AT_BOUND)
                    unsigned = _UNSIGNED * (~signed & (values < 0) & (printed == 0)).any()
                    found.append((cost + between + unsigned, values))
    return found
