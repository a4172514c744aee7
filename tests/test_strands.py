"""Dashes joined end to end, drawn from known places."""

from __future__ import annotations

import numpy as np
import pytest

from digitize.color import Float32
from digitize.model import FloatArray
from digitize.strands import find_dashes, join_ends, usual_gap, with_gaps_filled

STROKE = 3.0


def drawn(pieces: list[tuple[FloatArray, FloatArray]], shape: tuple[int, int] = (200, 300)) -> Float32:
    """Straight strokes with round ends between pairs of places x, y."""
    x, y = np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5)
    cover = np.zeros(shape, np.float32)
    for start, end in pieces:
        dx, dy = end - start
        share = np.clip(((x - start[0]) * dx + (y - start[1]) * dy) / max(dx * dx + dy * dy, 1e-6), 0, 1)
        away = np.hypot(x - start[0] - share * dx, y - start[1] - share * dy)
        cover = np.maximum(cover, np.clip(STROKE / 2 + 0.5 - away, 0, 1).astype(np.float32))
    return cover


def dashed(
    start: tuple[float, float], angle: float, count: int, on: float, off: float
) -> list[tuple[FloatArray, FloatArray]]:
    """Dashes along a straight line at an angle in degrees."""
    way = np.array([np.cos(np.radians(angle)), -np.sin(np.radians(angle))])
    first = [np.array(start) + way * k * (on + off) for k in range(count)]
    return [(a, a + on * way) for a in first]


@pytest.mark.parametrize("angle", [-90, -80, -30, 0, 45, 85])
@pytest.mark.parametrize("on", [0.5, 12.0])
def test_dashes_are_joined_at_any_slope(angle: float, on: float) -> None:
    off = 9.0
    start = (60.0, 100.0 + 90.0 * np.sin(np.radians(angle)))
    count = int(170 / (on + off))
    dashes = find_dashes(drawn(dashed(start, angle, count, on, off)), STROKE)
    assert len(dashes.length) == count
    assert usual_gap(dashes, STROKE) == pytest.approx(off, abs=2.5)
    assert len(join_ends(dashes, STROKE)) == count - 1


def test_the_gaps_of_crossing_lines_are_filled_along_them() -> None:
    rising, falling = dashed((20.0, 180.0), 35, 12, 10.0, 8.0), dashed((20.0, 30.0), -30, 12, 10.0, 8.0)
    cover = drawn(rising + falling)
    whole = drawn([(line[0][0], line[-1][1]) for line in (rising, falling)])
    filled = with_gaps_filled(cover, find_dashes(cover, STROKE), STROKE)
    assert (filled > 0.5)[whole > 0.9].mean() > 0.97
    assert (filled > 0.5)[whole < 0.01].mean() < 0.002


def test_dots_on_either_flank_of_a_narrow_peak_are_joined_along_the_flanks() -> None:
    up, down = dashed((100.0, 190.0), 86, 18, 0.5, 9.0), dashed((124.0, 30.0), -86, 18, 0.5, 9.0)
    cover = drawn(up + down)
    dashes = find_dashes(cover, STROKE)
    ends = dashes.ends.reshape(-1, 2)
    across = [abs(ends[a, 0] - ends[b, 0]) > 3 for a, b in join_ends(dashes, STROKE)]
    assert len(across) >= 2 * 17
    assert sum(across) <= 1
