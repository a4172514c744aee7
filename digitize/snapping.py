"""How far strokes stand from the places that they mark.

Many renderers move thin horizontal and vertical strokes on to whole pixels, while curves stay where they belong. Some
round a place to the nearest pixel centre and leave no error on average; others count pixels from their edges, and the
strokes stand half a pixel below and to the right of their places on average. The picture does not tell which: labels
are set on whole pixels by rules of their own. Halfway between, the error is a quarter of a pixel at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitize.model import FloatArray, TickLabels

#: Fewest strokes that tell a phase.
_FEWEST = 3
#: Strokes of one phase to within this many pixels were snapped.
_PHASE = 0.08
#: Half of what a stroke may stand beside its place on average, in pixels.
_OFFSET = 0.25


def without_snapping(found: Sequence[tuple[TickLabels, ...]]) -> tuple[tuple[TickLabels, ...], ...]:
    """The tick labels of all panels with their strokes moved back by the offset that snapping left, if any."""
    strokes = np.array([s for rows in found for row in rows if not row.borrowed for s in row.strokes_px])
    if len(strokes) < _FEWEST or not _is_snapped(strokes):
        return tuple(found)
    return tuple(tuple(_moved(row, -_OFFSET) for row in rows) for rows in found)


def _is_snapped(strokes: FloatArray) -> bool:
    """Whether most strokes stand at one fraction of a pixel."""
    angles = np.exp(2j * np.pi * strokes)
    middle = np.angle(np.median(angles.real) + 1j * np.median(angles.imag)) / (2 * np.pi)
    off = np.abs((strokes - middle + 0.5) % 1.0 - 0.5)
    return bool((off <= _PHASE).mean() > 0.6)


def _moved(row: TickLabels, by: float) -> TickLabels:
    labels = tuple(
        replace(label, stroke_px=label.stroke_px + by) if label.stroke_px is not None else label for label in row.labels
    )
    return replace(row, labels=labels, strokes_px=tuple(s + by for s in row.strokes_px))
