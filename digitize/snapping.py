"""How far strokes stand from the places that they mark.

Many renderers move thin horizontal and vertical strokes on to whole pixels, by up to a pixel and often to one side on
average, while text and curves stay where they belong. Labels centred under their ticks tell by how much: the median
offset of strokes from label centres over all labels of the picture's x axes. Along y label centres tell nothing,
since letters are set on a baseline, but a renderer treats both directions alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitize.model import TickLabels

#: Fewest labels with strokes that tell an offset.
_FEWEST = 3
#: Offsets that snapping explains, in pixels; smaller ones are within the error of label centres.
_SMALLEST, _LARGEST = 0.2, 0.8
#: Strokes of one phase to within this many pixels were snapped.
_PHASE = 0.08


def without_snapping(found: Sequence[tuple[TickLabels, ...]]) -> tuple[tuple[TickLabels, ...], ...]:
    """The tick labels of all panels with their strokes moved back by the offset that snapping left, if any."""
    offset = _offset(found)
    if offset == 0.0:
        return tuple(found)
    return tuple(tuple(_moved(row, -offset) for row in rows) for rows in found)


def _offset(found: Sequence[tuple[TickLabels, ...]]) -> float:
    rows = [row for rows in found for row in rows if not row.borrowed]
    strokes = np.array([s for row in rows for s in row.strokes_px])
    # The first and the last label are often moved inward, to stay inside the picture.
    labels = [label for row in rows if row.axis == "x" for label in row.labels[1:-1]]
    offsets = [label.stroke_px - label.center_px for label in labels if label.stroke_px is not None]
    if len(offsets) < _FEWEST or not _is_snapped(strokes):
        return 0.0
    offset = float(np.median(offsets))
    return offset if _SMALLEST <= abs(offset) <= _LARGEST else 0.0


def _is_snapped(strokes: np.ndarray) -> bool:
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
