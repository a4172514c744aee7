"""Whole readings of the shipped pictures, held against the numbers that they were drawn from."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageOps

import digitize
from digitize.model import Panel, Reading, Series

FIXTURES = Path(__file__).parent.parent / "fixtures"
#: Largest error of a value as a share of its axis' span: half of what the narrowest line of the fixtures covers.
TOLERANCE = 0.01


def truth_of(name: str) -> dict:
    return json.loads((FIXTURES / f"{name}.json").read_text())


def picture_of(name: str) -> Path:
    (path,) = (p for p in FIXTURES.glob(f"{name}.*") if p.suffix != ".json")
    return path


def errors(true: dict, read: Series, y_range: list[float]) -> np.ndarray:
    """Distance of the read curve from the true points, as a share of the axis' span."""
    seen = np.isfinite(read.points.y)
    order = np.argsort(read.points.x[seen], kind="stable")
    x, y = read.points.x[seen][order], read.points.y[seen][order]
    span = abs(y_range[1] - y_range[0])
    at, value = (np.array([np.nan if v is None else v for v in true[key]], float) for key in ("x", "y"))
    inside = (at >= x[0]) & (at <= x[-1]) & np.isfinite(value)
    return np.abs(np.interp(at[inside], x, y) - value[inside]) / span


def assert_read(panel: Panel, truth: dict) -> None:
    assert panel.title == truth["title"]
    assert [s.name for s in panel.series] == [s["name"] for s in truth["series"]]
    for true, read in zip(truth["series"], panel.series, strict=True):
        assert np.median(errors(true, read, truth["y"]["range"])) < TOLERANCE
        assert np.quantile(errors(true, read, truth["y"]["range"]), 0.9) < 2 * TOLERANCE


@pytest.fixture(scope="module")
def dashboard() -> Reading:
    return digitize.read(picture_of("dashboard"))


@pytest.mark.parametrize("name", ["dashboard", "dashboard-dark", "dashboard-small"])
def test_the_dashboard_is_read_right_in_each_of_its_states(name: str) -> None:
    reading = digitize.read(picture_of(name))
    panels = truth_of(name)["panels"]
    assert len(reading.panels) == len(panels) == 3
    for panel, truth in zip(reading.panels, panels, strict=True):
        assert_read(panel, truth)
        assert panel.status == "ok", panel.reasons


@pytest.mark.parametrize("name", ["markers", "black-markers"])
def test_other_charts_are_read_right(name: str) -> None:
    reading = digitize.read(picture_of(name))
    (truth,) = truth_of(name)["panels"]
    (panel,) = reading.panels
    assert_read(panel, truth)


def test_bars_are_no_line_chart() -> None:
    reading = digitize.read(picture_of("bars"))
    assert reading.panels == ()
    assert reading.reasons


def drawn(draw: Callable[[Any], None], dpi: int = 100) -> Image.Image:
    """A chart of 480 x 360 pixels at 100 dots an inch, drawn by matplotlib."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.8, 3.6), dpi=dpi)
    draw(figure.add_subplot())
    buffer = io.BytesIO()
    figure.savefig(buffer)
    return Image.open(buffer).convert("RGB")


def test_a_constant_curve_is_no_gridline() -> None:
    def draw(axes: Any) -> None:
        axes.plot([0, 2, 8], [0.111, 0.111, 0.111])
        axes.grid(visible=True)

    (panel,) = digitize.read(drawn(draw)).panels
    (series,) = panel.series
    assert series.points.y == pytest.approx(0.111, abs=1e-4)
    assert [series.points.x[0], series.points.x[-1]] == pytest.approx([0, 8], abs=0.05)


def test_black_curves_are_told_by_crosses_and_discs() -> None:
    x = np.arange(12.0)
    courses = {"first": 5 + 3 * np.cos(2.0 * x), "second": 5 + 3 * np.cos(2.0 * x + 2), "third": 5 - 0.4 * (x - 5)}

    def draw(axes: Any) -> None:
        for (name, y), marker in zip(courses.items(), "xos", strict=True):
            axes.plot(x, y, color="black", marker=marker, linewidth=1, label=name)
        axes.set_ylim(0, 16)
        axes.legend(loc="upper right")

    (panel,) = digitize.read(drawn(draw, dpi=130)).panels
    assert [s.name for s in panel.series] == list(courses)
    for series, y in zip(panel.series, courses.values(), strict=True):
        seen = np.isfinite(series.points.y)
        off = np.abs(np.interp(x, series.points.x[seen], series.points.y[seen]) - y)
        assert np.quantile(off, 0.8) < 0.08


def test_a_heat_map_between_axes_is_no_line_chart() -> None:
    def draw(axes: Any) -> None:
        axes.imshow(np.add.outer(np.arange(40.0), np.arange(50.0)), cmap="turbo")

    reading = digitize.read(drawn(draw))
    assert reading.panels == ()
    (reason,) = reading.reasons
    assert reason.code == "no-lines"
    assert "a picture" in reason.message


def test_moving_the_picture_moves_the_boxes_and_nothing_else(dashboard: Reading) -> None:
    given = Image.open(picture_of("dashboard")).convert("RGB")
    corner = given.getpixel((0, 0))
    moved = digitize.read(ImageOps.expand(given, (37, 21, 0, 0), corner))
    assert len(moved.panels) == len(dashboard.panels)
    for before, after in zip(dashboard.panels, moved.panels, strict=True):
        assert after.box == pytest.approx([before.box[k] + (37, 21, 37, 21)[k] for k in range(4)], abs=0.2)
        assert [s.name for s in after.series] == [s.name for s in before.series]
        for one, other in zip(before.series, after.series, strict=True):
            step = np.interp(5.0, one.points.x, one.points.y) - np.interp(5.0, other.points.x, other.points.y)
            assert abs(step) < 0.005 * np.ptp(one.points.y)


def test_every_finding_stays_in_the_reading(dashboard: Reading) -> None:
    assert {word.text for word in dashboard.words} >= {"Series A", "Series B"}
    axis = dashboard.panels[0].x_axis
    assert axis is not None
    assert [t.value for t in axis.ticks] == [0, 5, 10, 15, 20, 25, 30]
    assert dict(dashboard.timings)["recognise"] > 0


@pytest.mark.parametrize("size", [(16, 200), (400, 300)])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P"])
def test_blank_pictures_hold_no_chart_and_say_so(size: tuple[int, int], mode: str) -> None:
    reading = digitize.read(Image.new(mode, size))
    assert reading.panels == ()
    assert reading.reasons
