"""Places of markers, and those that a lattice of them lacks."""

from __future__ import annotations

import numpy as np
import pytest

from digitize.sampling import completed


def test_a_blot_between_markers_makes_no_narrower_lattice() -> None:
    places = 10.0 + 24.0 * np.arange(11)
    blot = 10.0 + 24.0 * 4.5
    found = completed(np.sort(np.append(np.delete(places, 6), blot)), 10.0, 250.0, 1.5)
    assert found == pytest.approx(np.sort(np.append(places, blot)), abs=0.3)


def test_markers_at_every_second_place_of_two_curves_keep_their_lattice() -> None:
    places = 10.0 + 12.0 * np.arange(21)
    assert completed(np.delete(places, 6), 10.0, 250.0, 1.5) == pytest.approx(places, abs=0.3)
