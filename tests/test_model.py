"""Records as a console shows them."""

from __future__ import annotations

from tests.readings import linear_panel, make_reading


def test_a_reading_its_panels_and_its_series_are_one_short_line_each() -> None:
    reading = make_reading(linear_panel(title="loss"))
    panel = reading.panels[0]
    one = panel.series[0]
    assert repr(reading) == "<Reading of 'metrics.png': 1 panels>"
    assert repr(panel) == f"<Panel 'loss': {panel.status}, {len(panel.series)} series>"
    assert repr(one) == f"<Series {one.name!r}: {one.style}, {len(one.points)} points>"
