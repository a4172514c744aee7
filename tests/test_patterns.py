"""Curves of one ink told apart by their dashes, and curves that run beneath others; drawn from known courses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from digitize.dashes import measured_style
from digitize.model import (
    Axis,
    Box,
    Color,
    FloatArray,
    Layer,
    Layout,
    Legend,
    LegendEntry,
    Picture,
    PlotArea,
    Style,
    Swatch,
    Trace,
)
from digitize.patterns import Expected, find_curves
from digitize.stages.segment import segment
from digitize.stages.trace import trace_series

WIDTH, HEIGHT, STROKE = 600, 360, 2.5
#: Lengths of pieces and gaps in stroke widths.
PATTERNS: dict[Style, tuple[float, ...]] = {
    "solid": (1e9,), "dashed": (5, 3), "dotted": (1.2, 2), "dashdot": (7, 2.5, 1.2, 2.5),
}  # fmt: skip
#: A curve is right where it lies within this many pixels, about a stroke's width, of the drawn course.
NEAR = 3.0
Course = Callable[[FloatArray], FloatArray]


def draw(curves: Sequence[tuple[Course, Style, Color]]) -> Picture:
    """A white plot area with the curves over it, the later ones on top, antialiased by drawing four times as large."""
    large = np.full((HEIGHT * 4, WIDTH * 4, 3), 255, np.uint8)
    for course, style, color in curves:
        x = np.arange(20.0, WIDTH - 20.0, 0.25)
        y = course(x)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))]) / STROKE
        edges = np.cumsum(PATTERNS[style])
        on = np.searchsorted(edges, along % edges[-1], side="right") % 2 == 0
        for k in np.flatnonzero(on[1:] & on[:-1]):
            ends = np.round(np.array([[x[k], y[k]], [x[k + 1], y[k + 1]]]) * 4).astype(int)
            cv2.line(large, tuple(ends[0]), tuple(ends[1]), color, round(4 * STROKE))
    rgb = np.asarray(cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
    return Picture(name="drawn.png", rgb=rgb, sha256="0" * 64)


def layout(curves: Sequence[tuple[Course, Style, Color]]) -> Layout:
    box = Box(0.0, 0.0, float(WIDTH), float(HEIGHT))
    beside = Box(WIDTH + 10.0, 10.0, WIDTH + 40.0, 20.0)
    entries = tuple(
        LegendEntry(name=f"curve {k}", swatch=Swatch(box=beside, color=color, style=style), word_box=beside)
        for k, (_, style, color) in enumerate(curves)
    )
    axis = Axis(scale="linear", pixels=(0.0, 100.0), values=(0.0, 1.0), residual_px=0.0)
    legend = Legend(entries=entries, box=beside)
    return Layout(area=PlotArea(box=box, background=(255, 255, 255)), x_axis=axis, y_axis=axis, legend=legend)


def traced(curves: Sequence[tuple[Course, Style, Color]]) -> tuple[Trace, ...]:
    plan = layout(curves)
    return trace_series(segment(draw(curves), plan), plan)


def share_near(trace: Trace, course: Course) -> float:
    """The share of the drawn columns at which a trace lies near its course."""
    x = np.arange(24.0, WIDTH - 24.0)
    good = np.isfinite(trace.y_px)
    read = np.interp(x, trace.x_px[good], trace.y_px[good], left=np.nan, right=np.nan)
    slope = np.gradient(course(x))
    return float(np.mean(np.abs(read - course(x)) <= NEAR * np.hypot(1, slope)))


def rising(x: FloatArray) -> FloatArray:
    return np.asarray(320 - 0.45 * x)


def falling(x: FloatArray) -> FloatArray:
    return np.asarray(60 + 0.4 * x)


def wave(x: FloatArray) -> FloatArray:
    return np.asarray(180 + 90 * np.sin(x / 70))


def zigzag(x: FloatArray) -> FloatArray:
    return np.asarray(np.interp(x, np.arange(20.0, WIDTH, 50.0), np.tile([60.0, 280.0], 6)))


def farthest(trace: Trace, course: Course, share: float = 1.0) -> float:
    """How far that share of the drawn course lies from the trace at most, in pixels."""
    x = np.arange(24.0, WIDTH - 24.0, 0.25)
    places = np.column_stack([x, course(x)])
    good = np.isfinite(trace.y_px)
    at = np.linspace(0, good.sum() - 1, 20 * int(good.sum()))
    read = np.column_stack([np.interp(at, np.arange(good.sum()), v[good]) for v in (trace.x_px, trace.y_px)])
    return float(np.quantile([np.hypot(*(read - place).T).min() for place in places[::4]], share))


BLACK, BLUE, RED = (20, 20, 20), (31, 90, 180), (214, 39, 40)


@pytest.mark.parametrize(
    "styles", [("solid", "dashed"), ("solid", "dotted"), ("dashed", "dotted"), ("solid", "dashdot")]
)
def test_two_black_curves_that_cross(styles: tuple[Style, Style]) -> None:
    curves = [(rising, styles[0], BLACK), (wave, styles[1], BLACK)]
    traces = traced(curves)
    assert [(t.entry, t.style) for t in traces] == [(0, styles[0]), (1, styles[1])]
    for trace, (course, _, _) in zip(traces, curves, strict=True):
        assert share_near(trace, course) > 0.93


def test_three_greys_that_cross() -> None:
    curves: list[tuple[Course, Style, Color]] = [
        (rising, "solid", (34, 34, 34)), (falling, "dashed", (85, 85, 85)), (wave, "dotted", (130, 130, 130)),
    ]  # fmt: skip
    traces = traced(curves)
    assert [t.entry for t in traces] == [0, 1, 2]
    for trace, (course, _, _) in zip(traces, curves, strict=True):
        assert share_near(trace, course) > 0.9


def peaks(x: FloatArray) -> FloatArray:
    return np.asarray(320 - 270 * np.exp(-(((x - 150) / 18) ** 2)) - 200 * np.exp(-(((x - 420) / 25) ** 2)))


@pytest.mark.parametrize("style", ["dashed", "dotted", "dashdot"])
def test_steep_peaks_in_dashes_are_followed_to_their_tips(style: Style) -> None:
    (trace,) = traced([(peaks, style, BLUE)])
    assert farthest(trace, peaks, 0.98) < NEAR
    assert float(np.nanmin(trace.y_px)) < float(peaks(np.array([150.0]))[0]) + 4 * STROKE


def test_a_sample_too_short_to_show_a_pattern_is_no_word_on_it() -> None:
    told = layout([(rising, "solid", BLACK), (wave, "dashed", BLACK), (falling, "solid", BLACK)])
    drawn = draw([(rising, "solid", BLACK), (wave, "dotted", BLACK), (falling, "dashed", BLACK)])
    assert told.legend is not None
    told_styles = [
        replace(e, swatch=replace(e.swatch, style=s))
        for e, s in zip(told.legend.entries, ("solid", "dotted", "solid"), strict=True)
    ]
    plan = replace(told, legend=replace(told.legend, entries=tuple(told_styles)))
    traces = trace_series(segment(drawn, plan), plan)
    for trace, course in zip(traces, (rising, wave, falling), strict=True):
        assert share_near(trace, course) > 0.9


@pytest.mark.parametrize("styles", [("solid", "dashed"), ("dashed", "dotted")])
def test_patterns_of_one_ink_are_curves_without_a_legend(styles: tuple[Style, Style]) -> None:
    curves = [(rising, styles[0], BLACK), (wave, styles[1], BLACK)]
    plan = replace(layout(curves), legend=None)
    traces = trace_series(segment(draw(curves), plan), plan)
    assert sorted(t.style for t in traces) == sorted(styles)
    for course, style, _ in curves:
        assert share_near(next(t for t in traces if t.style == style), course) > 0.9


@pytest.mark.parametrize("style", ["dashed", "dotted", "dashdot"])
def test_a_dashed_curve_with_a_solid_stretch_is_one_curve(style: Style) -> None:
    curves: list[tuple[Course, Style, Color]] = [(wave, style, BLACK)]
    drawn = draw(curves)
    rgb = drawn.rgb.copy()
    rgb[:, 200:290] = draw([(wave, "solid", BLACK)]).rgb[:, 200:290]
    plan = replace(layout(curves), legend=None)
    (trace,) = trace_series(segment(replace(drawn, rgb=rgb), plan), plan)
    assert share_near(trace, wave) > 0.9


@pytest.mark.parametrize("named", [0, 1])
def test_a_pattern_that_a_legend_of_one_entry_lacks_is_a_curve_without_a_name(named: int) -> None:
    curves: list[tuple[Course, Style, Color]] = [(rising, "solid", BLACK), (wave, "dotted", BLACK)]
    plan = layout([curves[named]])
    traces = trace_series(segment(draw(curves), plan), plan)
    assert [t.entry for t in traces] == [0, None]
    for trace, (course, style, _) in zip(traces, (curves[named], curves[1 - named]), strict=True):
        assert trace.style == style
        assert share_near(trace, course) > 0.9


def test_a_dash_dot_line_whose_sample_shows_dashes_is_told_by_its_strength() -> None:
    curves: list[tuple[Course, Style, Color]] = [
        (rising, "solid", (20, 20, 20)), (wave, "dashdot", (60, 60, 60)), (falling, "dashed", (120, 120, 120)),
    ]  # fmt: skip
    drawn = draw(curves)
    plan = layout([curves[0], (wave, "dashed", curves[1][2]), curves[2]])
    traces = trace_series(segment(drawn, plan), plan)
    for trace, (course, _, _) in zip(traces, curves, strict=True):
        assert share_near(trace, course) > 0.9


@pytest.mark.parametrize("style", ["dashed", "dotted", "dashdot"])
def test_gaps_of_a_pattern_are_no_gaps(style: Style) -> None:
    (trace,) = traced([(wave, style, BLUE)])
    assert trace.style == style
    assert np.isfinite(trace.y_px).all()
    assert not trace.covered.any()


@pytest.mark.parametrize("style", ["dashed", "dotted", "dashdot"])
def test_a_steep_zigzag_in_dashes_is_one_curve_without_gaps(style: Style) -> None:
    (trace,) = traced([(zigzag, style, BLUE)])
    assert np.isfinite(trace.y_px).all()
    assert share_near(trace, zigzag) > 0.95
    assert farthest(trace, zigzag) < 3 * NEAR  # a corner may lie in a gap of the pattern


def test_a_restless_curve_keeps_its_height_where_it_fills_a_band() -> None:
    noise = np.random.default_rng(5).normal(0, 1, 500)

    def restless(x: FloatArray) -> FloatArray:
        return np.asarray(250 - 0.2 * x + 25 * np.interp(x, np.linspace(20, WIDTH - 20, 500), noise))

    (trace,) = traced([(restless, "solid", BLUE)])
    assert trace.width_px == pytest.approx(STROKE, rel=0.3)
    assert farthest(trace, restless, 0.95) < NEAR


@pytest.mark.parametrize("slope", [0.1, 0.4])
def test_a_restless_curve_beneath_another_is_not_followed_from_the_top_down(slope: float) -> None:
    noise = np.random.default_rng(0).normal(0, 1, (2, 560))

    def restless(x: FloatArray, own: FloatArray, lift: float) -> FloatArray:
        return np.asarray(lift - slope * x + 8 * np.interp(x, np.linspace(20, WIDTH - 20, 560), own))

    curves: list[tuple[Course, Style, Color]] = [
        (lambda x: restless(x, noise[0], 330), "solid", BLUE), (lambda x: restless(x, noise[1], 325), "solid", RED),
    ]  # fmt: skip
    for trace in traced(curves):
        assert float(np.diff(trace.x_px).min()) > -WIDTH / 50


def test_a_dashed_line_runs_through_the_centres_of_its_markers() -> None:
    corners = np.arange(20.0, WIDTH, 50.0)
    drawn = draw([(zigzag, "dashed", BLUE)])
    rgb = drawn.rgb.copy()
    for x in corners[:-1]:
        cv2.circle(rgb, (round(x), round(float(zigzag(np.array([x]))[0]))), 8, BLUE, -1, cv2.LINE_AA)
    plan = layout([(zigzag, "dashed", BLUE)])
    (trace,) = trace_series(segment(Picture(name="drawn.png", rgb=rgb, sha256="0" * 64), plan), plan)
    assert farthest(trace, zigzag) < NEAR


def test_a_hidden_stretch_follows_the_curve_on_top() -> None:
    def parting(x: FloatArray) -> FloatArray:
        return np.asarray(wave(x) - 60 * np.exp(-(((x - 80) / 40) ** 2)) + 60 * np.exp(-(((x - 520) / 40) ** 2)))

    traces = traced([(parting, "solid", RED), (wave, "solid", BLUE)])
    assert [t.entry for t in traces] == [0, 1]
    assert share_near(traces[0], parting) > 0.95
    middle = (traces[0].x_px > 220) & (traces[0].x_px < 380)
    assert traces[0].covered[middle].mean() > 0.9
    assert not traces[1].covered.any()


def test_a_curve_that_ends_beneath_another_is_carried_on_and_doubted() -> None:
    def merging(x: FloatArray) -> FloatArray:
        return np.asarray(wave(x) + 120 * np.exp(-(((x - 20) / 60) ** 2)))

    traces = traced([(merging, "solid", RED), (wave, "solid", BLUE)])
    assert share_near(traces[0], merging) > 0.95
    assert [doubt.code for doubt in traces[0].doubts] == ["end-hidden"]


def test_a_curve_that_ends_in_the_open_is_left_there() -> None:
    def short(x: FloatArray) -> FloatArray:
        return np.asarray(np.where(x < 300, 60.0, np.nan))

    picture = draw([(wave, "solid", BLUE)])
    rgb = picture.rgb.copy()
    rgb[58:61, 20:300] = RED
    plan = layout([(short, "solid", RED), (wave, "solid", BLUE)])
    traces = trace_series(segment(Picture(name="drawn.png", rgb=rgb, sha256="0" * 64), plan), plan)
    assert float(np.nanmax(traces[0].x_px)) == pytest.approx(300, abs=2)


@pytest.mark.parametrize("style", ["solid", "dashed", "dotted", "dashdot"])
def test_a_pattern_is_measured_in_stroke_widths(style: Style) -> None:
    edges = np.cumsum(np.minimum(PATTERNS[style], 400.0)) * STROKE
    shown = (np.searchsorted(edges, np.arange(400.0) % edges[-1], side="right") % 2 == 0).astype(float)
    shown[100:130] = np.nan
    assert measured_style(shown, STROKE) == style


def test_the_rows_of_an_upright_profile_are_no_ends_of_another_curve() -> None:
    def flat(x: FloatArray) -> FloatArray:
        return np.asarray(150 + 0.02 * x)

    drawn = draw([(flat, "solid", BLUE)])
    rgb = drawn.rgb.copy()
    y = np.arange(20, HEIGHT - 12)
    x = 200 + 60 * np.sin(y / 9) + 40 * np.sin(y / 31)
    cv2.polylines(rgb, [np.round(np.column_stack([x, y])).astype(np.int32)[:, None]], False, RED, 2, cv2.LINE_AA)
    plan = layout([(flat, "solid", BLUE), (flat, "solid", RED)])
    traces = trace_series(segment(Picture(name="drawn.png", rgb=rgb, sha256="0" * 64), plan), plan)
    assert share_near(traces[0], flat) > 0.95


def test_ink_of_which_nothing_is_left_holds_no_further_curve() -> None:
    bare = np.zeros((40, 120), np.float32)
    layer = Layer(color=(0, 0, 0), box=Box(0, 0, 120, 40), coverage=bare, hidden=bare > 0)
    expected = [Expected(entry=k, style=style, strength=1.0) for k, style in enumerate(("solid", "dashed"))]
    assert find_curves(layer, 2.0, expected) == []
