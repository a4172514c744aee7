"""Colours that stand out against others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from skimage.color import deltaE_ciede2000, rgb2lab

from digitize.model import Color, FloatArray

CANDIDATES: tuple[Color, ...] = (
    (0, 0, 0),
    (255, 255, 255),
    (255, 0, 200),
    (0, 205, 255),
    (255, 220, 0),
    (0, 220, 60),
    (255, 70, 0),
    (40, 40, 255),
    (150, 0, 255),
)


def contrasting_colors(colors: Sequence[Color], background: Color) -> list[Color]:
    """A colour for each of `colors`, far from them all and from the background, and where possible used only once.

    Distances are CIEDE2000. The colours are given out in order, each time the candidate whose nearest neighbour among
    the series' own colours, the background and the candidates already given out is farthest; so a red curve is not
    traced in blue where another curve is blue.
    """
    candidates = _to_lab(CANDIDATES)
    near = deltaE_ciede2000(candidates[:, None], _to_lab([*colors, background])[None]).min(axis=1)
    uses = np.zeros(len(CANDIDATES), dtype=int)
    chosen: list[Color] = []
    for color in colors:
        own = deltaE_ciede2000(candidates, _to_lab([color]))
        score = np.minimum(near, own) + 0.2 * own
        if chosen:
            score = np.minimum(score, deltaE_ciede2000(candidates[:, None], _to_lab(chosen)[None]).min(axis=1) + 5)
        fresh = uses == uses.min()
        index = int(np.argmax(np.where(fresh, score, -1.0)))
        uses[index] += 1
        chosen.append(CANDIDATES[index])
    return chosen


def is_dark(color: Color) -> bool:
    """Whether white is better seen on a colour than black."""
    return bool(_to_lab([color])[0, 0] < 50)


def _to_lab(colors: Sequence[Color]) -> FloatArray:
    return np.asarray(rgb2lab(np.array(colors, dtype=np.uint8)[None])[0], dtype=float)
