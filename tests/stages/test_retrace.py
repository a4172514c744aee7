"""The second look at curves whose visible ink leaves their course open."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from digitize.engines.curves import curve_network
from digitize.model import Box, FloatArray, Picture, Segmentation, Trace
from digitize.stages import retrace as retracing
from digitize.stages.retrace import retrace
from digitize.stages.segment import segment
from digitize.stages.trace import trace_series
from tests import test_patterns
from tests.test_patterns import BLUE, NEAR, RED, WIDTH, draw, falling, layout, rising, share_near, wave

GREEN = (44, 160, 44)


def restless(seed: int, height: float) -> FloatArray:
    return height + 25 * np.random.default_rng(seed).normal(size=150)


def through(values: FloatArray):
    return lambda x: np.interp(x, np.linspace(20, WIDTH - 20, len(values)), values)


def compressed(picture: Picture, quality: int) -> Picture:
    stream = io.BytesIO()
    Image.fromarray(picture.rgb).save(stream, "JPEG", quality=quality)
    return replace(picture, rgb=np.asarray(Image.open(stream).convert("RGB")))


def looked_at_twice(curves, quality: int | None = None) -> tuple[tuple[Trace, ...], tuple[Trace, ...]]:
    plan = layout(curves)
    picture = draw(curves) if quality is None else compressed(draw(curves), quality)
    found = segment(picture, plan)
    traces = trace_series(found, plan)
    return traces, retrace(picture, found, traces)


def wave_beside_falling() -> tuple[Picture, Segmentation, tuple[Trace, ...]]:
    """A blue wave and a red line over it: the picture, its ink and both curves as their ink tells them."""
    curves = [(wave, "solid", BLUE), (falling, "solid", RED)]
    plan = layout(curves)  # type: ignore[arg-type]
    picture = draw(curves)  # type: ignore[arg-type]
    found = segment(picture, plan)
    return picture, found, trace_series(found, plan)


def test_restless_curves_over_one_another_are_told_apart() -> None:
    courses = [through(restless(seed, height)) for seed, height in ((1, 170), (2, 180), (3, 190))]
    once, twice = looked_at_twice([(c, "solid", ink) for c, ink in zip(courses, (BLUE, RED, GREEN), strict=True)], 60)
    before = [share_near(trace, course) for trace, course in zip(once, courses, strict=True)]
    after = [share_near(trace, course) for trace, course in zip(twice, courses, strict=True)]
    assert min(after) > min(before) + 0.05
    assert np.mean(after) > np.mean(before) + 0.05


def test_a_curve_that_its_ink_tells_plainly_is_not_looked_at_again() -> None:
    once, twice = looked_at_twice([(rising, "solid", BLUE)])
    assert twice[0].x_px is once[0].x_px
    assert twice[0].settled


def test_curves_that_share_their_ink_stay_as_they_are() -> None:
    once, twice = looked_at_twice([(rising, "dashed", BLUE), (falling, "dotted", BLUE), (wave, "solid", RED)])
    assert all(new is old for new, old in zip(twice[:2], once[:2], strict=True))


def test_a_course_that_the_network_does_not_see_is_doubted() -> None:
    picture, found, (blue, red) = wave_beside_falling()
    # as if it had been taken for the other beyond the middle
    late = blue.x_px > WIDTH / 2
    wrong = replace(blue, y_px=np.where(late, falling(blue.x_px), blue.y_px))
    again, _ = retrace(picture, found, (wrong, red))
    assert [doubt.code for doubt in again.doubts] == ["two-courses"]
    assert not again.settled
    assert share_near(again, wave) > 0.97


def test_a_course_that_both_find_is_confirmed_and_the_line_is_as_long() -> None:
    def beneath(x: FloatArray) -> FloatArray:
        return np.asarray(falling(x) + 2.5 * np.sin(x / 60))

    (old, _), (new, _) = looked_at_twice([(beneath, "solid", BLUE), (falling, "solid", RED)])
    assert new.x_px is not old.x_px
    assert new.settled
    assert not new.doubts
    assert share_near(new, beneath) > 0.98
    assert abs(new.x_px.min() - old.x_px.min()) < NEAR
    assert abs(new.x_px.max() - old.x_px.max()) < NEAR


@pytest.mark.parametrize(("shape", "shrinks"), [((220, 130), False), ((600, 360), True)])
def test_broad_lines_are_made_thinner_where_there_are_pixels_to_spare(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int], shrinks: bool
) -> None:
    width, height = shape
    for name, value in (("WIDTH", width), ("HEIGHT", height)):
        monkeypatch.setattr(test_patterns, name, value)
    seen = []
    network = curve_network()

    def draw_alone(rgb: np.ndarray, *inks: object) -> np.ndarray:
        seen.append(rgb.shape[1])
        return network.draw_alone(rgb, *inks)  # type: ignore[arg-type]

    monkeypatch.setattr(retracing, "curve_network", lambda: SimpleNamespace(draw_alone=draw_alone))
    rng = np.random.default_rng(1)
    xs = np.linspace(20, width - 20, 60)
    courses = [partial(np.interp, xp=xs, fp=rng.normal(height / 2, height / 9, 60)) for _ in range(2)]
    looked_at_twice([(course, "solid", ink) for course, ink in zip(courses, (BLUE, RED), strict=True)])
    assert seen
    assert all((across < 0.8 * (width - 40)) == shrinks for across in seen)


def test_samples_of_a_legend_that_reach_into_the_plot_area_are_no_part_of_a_curve() -> None:
    courses = [through(restless(seed, height)) for seed, height in ((1, 170), (2, 180), (3, 190))]
    curves = [(c, "solid", ink) for c, ink in zip(courses, (BLUE, RED, GREEN), strict=True)]
    plan, picture = layout(curves), draw(curves)
    assert plan.legend is not None
    rgb, entries = picture.rgb.copy(), []
    for k, (entry, ink) in enumerate(zip(plan.legend.entries, (BLUE, RED, GREEN), strict=True)):
        row = 40 + 20 * k
        rgb[row : row + 3, WIDTH - 14 :] = ink
        sample = Box(float(WIDTH), row, WIDTH + 40.0, row + 3.0)
        entries.append(replace(entry, swatch=replace(entry.swatch, box=sample)))
    plan = replace(plan, legend=replace(plan.legend, entries=tuple(entries)))
    picture = replace(picture, rgb=rgb)
    found = segment(picture, plan)
    traces = retrace(picture, found, trace_series(found, plan))
    assert max(trace.x_px[np.isfinite(trace.y_px)].max() for trace in traces) < WIDTH - 15


@pytest.mark.parametrize("unsure", [True, False])
def test_where_the_network_is_unsure_it_looks_closer(monkeypatch: pytest.MonkeyPatch, unsure: bool) -> None:
    """A network that from afar sees another course too, and from near only the true one."""
    picture, found, (blue, red) = wave_beside_falling()
    late = blue.x_px > WIDTH / 2
    wrong = replace(blue, y_px=np.where(late, falling(blue.x_px), blue.y_px))
    network, seen = curve_network(), []

    def draw_alone(rgb: np.ndarray, *inks: object) -> np.ndarray:
        likely = network.draw_alone(rgb, *inks)  # type: ignore[arg-type]
        seen.append(rgb.shape[1])
        if unsure and rgb.shape[1] == seen[0]:
            likely = np.maximum(np.roll(likely, rgb.shape[0] // 5, axis=0), 0.6 * likely)
        return np.asarray(likely, np.float32)

    monkeypatch.setattr(retracing, "curve_network", lambda: SimpleNamespace(draw_alone=draw_alone))
    again, _ = retrace(picture, found, (wrong, red))
    assert share_near(again, wave) > 0.97
    assert [round(3 * across / seen[0]) for across in seen] == ([3, 4] if unsure else [3])


def test_a_course_that_ends_early_goes_on_as_far_as_its_ink_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two meet on a slope, up to a stroke's breadth beside each other."""
    picture, found, (blue, red) = wave_beside_falling()
    network = curve_network()

    def draw_alone(rgb: np.ndarray, *inks: object) -> np.ndarray:
        likely = network.draw_alone(rgb, *inks).copy()  # type: ignore[arg-type]
        likely[:, rgb.shape[1] - 60 :] = 0
        return np.asarray(likely)

    monkeypatch.setattr(retracing, "curve_network", lambda: SimpleNamespace(draw_alone=draw_alone))
    monkeypatch.setattr(retracing, "_expected_wrong", lambda trace, *rest: 0.3 if trace is blue else None)
    again, _ = retrace(picture, found, (blue, red))
    assert again.x_px is not blue.x_px
    assert again.x_px[-1] == blue.x_px[-1]
    assert share_near(again, wave) > 0.97
