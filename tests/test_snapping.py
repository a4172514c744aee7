from collections.abc import Sequence

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


def test_strokes_snapped_to_one_side_are_moved_back_on_both_axes() -> None:
    ((x, y),) = without_snapping([(labels("x", 0.5), labels("y", 0.0))])
    assert x.strokes_px == pytest.approx([100.0 * k for k in range(6)])
    assert y.strokes_px == pytest.approx([100.0 * k for k in range(6)])
    assert x.labels[2].stroke_px == pytest.approx(200.0)


def test_strokes_that_stand_at_their_labels_stay() -> None:
    rows = (labels("x", 0.1), labels("y", 2.0))
    assert without_snapping([rows]) == (rows,)


def test_strokes_between_pixels_were_not_snapped() -> None:
    rows = (labels("x", 0.5, phase=(0.1, 0.35, 0.6, 0.85, 0.2, 0.45)),)
    assert without_snapping([rows]) == (rows,)


def test_labels_beside_their_ticks_tell_nothing() -> None:
    rows = (labels("x", 6.0),)
    assert without_snapping([rows]) == (rows,)
