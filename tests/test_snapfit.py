"""Axes through strokes on whole pixels, against maps that are known."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize.model import Axis, Tick
from digitize.snapfit import find_snapped, fit_snapped


def snapped_axis(start: float, step: float, count: int) -> tuple[Axis, np.ndarray]:
    """An axis whose ticks were moved to the nearest pixel centres, read by least squares; and the true places."""
    true = start + step * np.arange(count)
    seen = np.floor(true) + 0.5
    slope, first = np.polyfit(np.arange(count), seen, 1)
    ticks = tuple(Tick(pixel=float(p), text=str(k), value=float(k), used=True) for k, p in enumerate(seen))
    pixels = (float(first), float(first + slope * (count - 1)))
    return Axis(scale="linear", pixels=pixels, values=(0.0, count - 1.0), residual_px=0.3, ticks=ticks), true


@settings(max_examples=60, deadline=None)
@given(start=st.floats(40, 60), step=st.floats(25, 60), count=st.integers(4, 9))
def test_the_fit_lies_within_its_error_of_the_true_axis(start: float, step: float, count: int) -> None:
    """Three standard errors and what the soft edges of the pixels leave."""
    axis, true = snapped_axis(start, step, count)
    ticks = find_snapped(axis, [tick.pixel for tick in axis.ticks])
    assert ticks is not None
    fitted = fit_snapped(axis, ticks, 0.0, 0.0)
    assert fitted is not None
    ends = true[[0, -1]]
    off = np.abs(fitted.to_pixel(np.array([0.0, count - 1.0])) - ends)
    assert (off <= 3 * fitted.pixel_error(ends) + 0.1).all()


def test_strokes_between_pixels_are_not_snapped() -> None:
    axis, _ = snapped_axis(50.0, 30.0, 6)
    ticks = tuple(
        Tick(pixel=tick.pixel + 0.17 * k, text=tick.text, value=tick.value, used=True)
        for k, tick in enumerate(axis.ticks)
    )
    loose = Axis(scale="linear", pixels=axis.pixels, values=axis.values, residual_px=0.1, ticks=ticks)
    assert find_snapped(loose, [tick.pixel for tick in ticks]) is None


def test_labels_beside_the_strokes_do_not_count() -> None:
    axis, _ = snapped_axis(50.0, 30.0, 6)
    assert find_snapped(axis, [tick.pixel + 3.0 for tick in axis.ticks]) is None
