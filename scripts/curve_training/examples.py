"""What the network learns from: crops of plot areas, each with the curve that it shall draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image
from random_charts.model import Values

from digitize.engines.curves import ALIKE, MOST_OTHERS

from .areas import Pixels, PlotArea, measured_ink, scaled
from .canvas import drawn_alone
from .damage import damaged
from .panels import random_area

#: Side in pixels of a crop.
SIDE = 256
#: A curve that differs from the ground by less than this in every channel is nothing to learn from.
_LEAST_CONTRAST = 18
#: So many crops are about any point, so that the network also learns where a curve is not.
_ANYWHERE = 0.12
#: Of all plot areas this share is cut out of pictures; the rest is drawn.
_CUT_SHARE = 0.4
#: Of those cut out this share is made smaller, to so many pixels a side at least.
_SHRUNK_SHARE, _LEAST_SHRUNK = 0.5, 100

Floats = NDArray[np.float32]


class Example(NamedTuple):
    """One crop, or a batch of them with a leading axis; colours are in 0 to 255.

    `rgb` (S, S, 3) are the pixels, `ink` (3,) and `ground` (3,) the colours told to the network, `others` (9, 3) those
    of other curves, -1 where there is none, and `target` (S, S) the coverage of the curve drawn alone.
    """

    rgb: Pixels
    ink: Floats
    ground: Floats
    others: Floats
    target: Pixels


def examples(rng: Generator, area: PlotArea, most: int) -> Iterator[Example]:
    """One example each of some curves of a plot area, about a random point of the curve or of all the area."""
    height, width = area.rgb.shape[:2]
    shown = np.array([curve.shown for curve in area.curves])
    for k in rng.permutation(len(area.curves))[:most]:
        curve = area.curves[k]
        if not curve.pieces or np.abs(curve.shown - area.ground).max() < _LEAST_CONTRAST:
            continue
        alike = np.abs(shown - curve.shown).max(1) < ALIKE
        own = [piece for c, same in zip(area.curves, alike, strict=True) if same for piece in c.pieces]
        points = np.vstack(curve.pieces)
        middle = points[rng.integers(len(points))] + rng.uniform(-90, 90, 2)
        if rng.random() < _ANYWHERE:
            middle = rng.uniform(0, (width, height))
        window = _window_about(middle, (width, height))
        ink = measured_ink(area, curve) if rng.random() < 0.6 else curve.shown
        yield Example(
            rgb=_filled_up(area.rgb[window], area.ground.round().astype(np.uint8)),
            ink=(ink + rng.normal(size=3) * 4).astype(np.float32),
            ground=area.ground.astype(np.float32),
            others=_told_others(rng, shown[~alike]),
            target=_filled_up(drawn_alone(own, width, height)[window], np.uint8(0)),
        )


def batches(rng: Generator, cut: Sequence[PlotArea], size: int) -> Iterator[Example]:
    """Batches of examples without end, mixed out of three times as many; `cut` are the plot areas of pictures."""
    pool: list[Example] = []
    while True:
        pool += _more_examples(rng, cut)
        while len(pool) >= 3 * size:
            pool = [pool[k] for k in rng.permutation(len(pool))]
            yield stacked(pool[:size])
            pool = pool[size:]


def stacked(chosen: Sequence[Example]) -> Example:
    """Examples as one batch."""
    return Example(*(np.stack(parts) for parts in zip(*chosen, strict=True)))


def _more_examples(rng: Generator, cut: Sequence[PlotArea]) -> list[Example]:
    if rng.random() >= _CUT_SHARE:
        return list(examples(rng, random_area(rng), 4))
    area = cut[rng.integers(len(cut))]
    if rng.random() < _SHRUNK_SHARE:
        area = _shrunk(rng, area)
    if rng.random() < 0.4:
        area = damaged(rng, area, 0.8)
    return list(examples(rng, area, 3))


def _shrunk(rng: Generator, area: PlotArea) -> PlotArea:
    """The plot area made smaller, as the reader does where lines are broad."""
    least = min(_LEAST_SHRUNK / min(area.rgb.shape[:2]), 1)
    return scaled(area, max(rng.uniform(0.4, 0.9), least), Image.Resampling.BOX)


def _window_about(middle: Values, size: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns of a crop about a point, moved into a plot area of a width and height."""
    left, top = np.clip(middle - SIDE / 2, 0, np.maximum(np.array(size) - SIDE, 0)).astype(int)
    return slice(top, top + SIDE), slice(left, left + SIDE)


def _told_others(rng: Generator, shown: Values) -> Floats:
    """Some of the other curves' colours, mostly not all, in any order."""
    colors = rng.permutation(np.unique(shown.round(), axis=0))[:MOST_OTHERS]
    if rng.random() < 0.7:
        colors = colors[rng.random(len(colors)) > 0.12]
    told = np.full((MOST_OTHERS, 3), -1, np.float32)
    told[: len(colors)] = colors
    return told


def _filled_up(window: Pixels, beyond: NDArray[np.uint8] | np.uint8) -> Pixels:
    """A window as it is or, where it is smaller than a crop, with a colour beyond its right and lower sides."""
    whole = np.empty((SIDE, SIDE, *window.shape[2:]), np.uint8)
    whole[:] = beyond
    whole[: window.shape[0], : window.shape[1]] = window
    return whole
