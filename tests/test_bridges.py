"""Bridges beneath other ink."""

from __future__ import annotations

import numpy as np

from digitize.bridges import Terrain


def test_a_bridge_ends_at_the_edge_of_the_plot_area() -> None:
    hidden = np.ones((40, 60), bool)
    terrain = Terrain(hidden, np.zeros(hidden.shape, np.float32))
    for start, end in ((50.0, 62), (8.0, -3)):
        bridge = terrain.bridge((start, 20.0), (end, None))
        assert bridge is not None
        assert bridge.first >= 0
        assert bridge.first + len(bridge.rows) <= 60
