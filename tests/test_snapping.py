from collections.abc import Sequence
from dataclasses import replace

import pytest

from digitize.model import TickLabel, TickLabels
from digitize.snapping import without_snapping
from tests.drawing import word


def labels(axis: str, offset: float, phase: Sequence[float] = (0.5,) * 6) -> TickLabels:
    strokes = [100.0 * k + phase[k] for k in range(6)]
    row = tuple(
        TickLabel(word=word(str(k), s - offset, 200), center_px=s - offset, stroke_px=s) for k, s in enumerate(strokes)
    )
    side = "bottom" if axis == "x" else "left"
    return TickLabels(axis=axis, side=side, labels=row, strokes_px=tuple(strokes))  # type: ignore[arg-type]


def test_strokes_on_whole_pixels_are_moved_back_by_half_of_what_snapping_may_leave_on_both_axes() -> None:
    ((x, y),) = without_snapping([(labels("x", 0.1), labels("y", 2.0))])
    assert x.strokes_px == pytest.approx([100.0 * k + 0.25 for k in range(6)])
    assert y.strokes_px == pytest.approx([100.0 * k + 0.25 for k in range(6)])
    assert x.labels[2].stroke_px == pytest.approx(200.25)


def test_strokes_between_pixels_were_not_snapped() -> None:
    rows = (labels("x", 0.5, phase=(0.1, 0.35, 0.6, 0.85, 0.2, 0.45)),)
    assert without_snapping([rows]) == (rows,)


def test_few_strokes_tell_nothing() -> None:
    row = labels("x", 0.0)
    rows = (replace(row, labels=row.labels[:2], strokes_px=row.strokes_px[:2]),)
    assert without_snapping([rows]) == (rows,)
