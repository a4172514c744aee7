"""What the curve network learns from is true: each curve runs where it is drawn, whatever hides it there."""

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from curve_training import damage
from curve_training.areas import Curve, PlotArea, measured_ink, scaled, spread_along
from curve_training.canvas import Canvas, Marker, Pen, drawn_alone, miter_tips
from curve_training.cases import areas_in, areas_of, clipped, number, pieces_of
from curve_training.courses import share_stretches
from curve_training.examples import SIDE, batches, examples
from curve_training.panels import random_area, stepped
from PIL import Image
from random_charts.model import Values

from digitize.engines.curves import MOST_OTHERS

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
WHITE, RED, BLUE = np.full(3, 255.0), np.array([200.0, 30, 30]), np.array([30.0, 60, 200])


def line(*corners: tuple[float, float]) -> Values:
    return np.array(corners, float)


def crossed() -> PlotArea:
    """A dashed red curve, a marker in its middle, and a thick blue curve over it."""
    red, blue = line((10, 150), (290, 150)), line((200, 20), (200, 280))
    canvas = Canvas(300, 300)
    canvas.line(red, RED, Pen(width=2, dashes=(20, 20)))
    marker = Marker(shape="s", size=20, edge=2, opacity=1, face=WHITE)
    canvas.markers(line((100, 150)), RED, marker)
    canvas.line(blue, BLUE, Pen(width=12))
    curves = tuple(Curve(pieces=(course,), shown=ink) for course, ink in ((red, RED), (blue, BLUE)))
    return PlotArea(rgb=canvas.over(WHITE), ground=WHITE, curves=curves)


def colors_along(area: PlotArea, curve: Curve, reach: int = 1) -> tuple[Values, Values]:
    """Pixels along a curve and the least distance, by channel, of the colours about each from the curve's."""
    height, width = area.rgb.shape[:2]
    points = np.vstack([spread_along(piece) for piece in curve.pieces])
    inside = ((points > reach) & (points < np.array([width, height]) - reach - 1)).all(1)
    columns, rows = points[inside].astype(int).T
    around = [
        np.abs(area.rgb[rows + down, columns + across] - curve.shown).max(1)
        for down in range(-reach, reach + 1)
        for across in range(-reach, reach + 1)
    ]
    return points[inside], np.min(around, axis=0)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_seed_draws_the_same_plot_area_again(seed: int) -> None:
    first, again = (random_area(np.random.default_rng(seed)) for _ in range(2))
    assert np.array_equal(first.rgb, again.rgb)
    assert all(np.array_equal(a.shown, b.shown) for a, b in zip(first.curves, again.curves, strict=True))
    other = random_area(np.random.default_rng(seed + 100))
    assert first.rgb.shape != other.rgb.shape or not np.array_equal(first.rgb, other.rgb)


def test_a_curve_alone_is_whole_and_bare_of_all_else() -> None:
    area = crossed()
    alone = drawn_alone(area.curves[0].pieces, 300, 300)
    gap, beneath_marker, beneath_other = 40, 100, 200
    assert np.array_equal(area.rgb[150, gap], [255, 255, 255])
    assert np.array_equal(area.rgb[150, beneath_other], BLUE)
    assert (alone[149:151, [gap, beneath_marker, beneath_other]] > 150).all()
    rim = area.rgb[140, 100]
    assert np.abs(rim - RED).max() < 60
    assert not alone[138:143, 90:110].any()
    assert not alone[20:140, 195:205].any()
    assert not alone[:, 294:].any()


def test_a_gap_in_the_data_stays_open() -> None:
    alone = drawn_alone([line((10, 50), (40, 50)), line((60, 50), (90, 50))], 100, 100)
    assert (alone[49:51, [20, 80]] > 150).all()
    assert not alone[:, 45:55].any()


@pytest.mark.parametrize(("limit", "tip"), [(4, False), (10, True)])
def test_a_sharp_corner_is_mitred_up_to_the_limit(limit: float, tip: bool) -> None:
    """The corner of 20 degrees, at (100, 60) in a line 6 wide, would stand out 6 / 2 / sin(10 deg) = 17.3 pixels."""
    half = 150 * np.tan(np.deg2rad(10))
    corner = line((100 - half, 210), (100, 60), (100 + half, 210))
    canvas = Canvas(200, 240)
    canvas.line(corner, RED, Pen(width=6, join="miter", miter_limit=limit))
    first = int(np.flatnonzero(canvas.coverage().max(1) > 40)[0])
    assert (42 <= first <= 47) if tip else (first >= 54)
    assert len(miter_tips(corner, 6, limit)) == tip
    assert not len(miter_tips(line((0, 0), (10, 5), (10, 5), (30, 15)), 6, limit))


def test_tips_stand_out_on_the_outer_side() -> None:
    (quadrangle,) = miter_tips(line((0, 0), (10, 0), (10, 10)), 4, 4)
    assert np.allclose(quadrangle, line((10, 0), (10, -2), (12, -2), (12, 0)))


def test_curves_that_run_as_one_part_again() -> None:
    rng = np.random.default_rng(5)
    x = np.linspace(0, 1, 50)
    first, second = (np.column_stack([x, level + 0 * x]) for level in (1.0, 2.0))
    share_stretches(rng, [first, second])
    as_one = first[:, 1] == second[:, 1]
    assert 5 <= as_one.sum() <= 30
    assert np.ptp(np.flatnonzero(as_one)) == as_one.sum() - 1


def test_some_crops_do_not_show_their_curve() -> None:
    """A short curve in a corner of a large plot area."""
    curve = Curve(pieces=(line((5, 5), (60, 40)),), shown=RED)
    canvas = Canvas(1500, 1500)
    canvas.line(curve.pieces[0], RED, Pen(width=2))
    area = PlotArea(rgb=canvas.over(WHITE), ground=WHITE, curves=(curve,))
    rng = np.random.default_rng(8)
    shown = [example.target.any() for _ in range(60) for example in examples(rng, area, 1)]
    assert 0.75 < np.mean(shown) < 1


@pytest.mark.parametrize("seed", range(8))
def test_drawn_curves_lie_on_their_ink(seed: int) -> None:
    """Where a plot area is whole, what is drawn last cannot lie beneath another curve."""
    area = undamaged(seed)
    points, off = colors_along(area, area.curves[-1])
    assert len(points) > 20
    assert np.mean(off < 90) > 0.5


def undamaged(seed: int) -> PlotArea:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("curve_training.panels.damaged", lambda rng, area: area)
        return random_area(np.random.default_rng(seed))


@pytest.mark.parametrize("factor", [0.5, 0.77, 1.6])
def test_curves_follow_the_picture_in_another_size(factor: float) -> None:
    area = scaled(crossed(), factor, Image.Resampling.BOX)
    assert area.rgb.shape[:2] == (round(300 * factor),) * 2
    blue = area.curves[1]
    _, off = colors_along(area, blue, reach=0)
    assert (off[2:-2] < 5).all()
    assert np.allclose(blue.pieces[0] / area.rgb.shape[0], crossed().curves[1].pieces[0] / 300)


@pytest.mark.parametrize("seed", range(12))
def test_damage_leaves_curves_on_their_ink(seed: int) -> None:
    area = damage.damaged(np.random.default_rng(seed), crossed(), 3.0)
    assert area.rgb.dtype == np.uint8
    blue = area.curves[1]
    assert np.abs(measured_ink(area, blue) - blue.shown).max() < 45
    points, off = colors_along(area, blue, reach=0)
    assert np.ptp(points[:, 1]) > 0.8 * 260 / 300 * area.rgb.shape[0]
    assert np.median(off) < 45


def test_a_grey_plot_area_has_grey_inks() -> None:
    area = damage.grey(crossed())
    assert len({*area.curves[0].shown}) == 1
    assert np.abs(measured_ink(area, area.curves[1]) - area.curves[1].shown).max() < 3


def test_examples_hold_pixels_inks_and_the_curve() -> None:
    found = list(examples(np.random.default_rng(3), crossed(), 4))
    assert len(found) == 2
    for example in found:
        assert (example.rgb.shape, example.target.shape) == ((SIDE, SIDE, 3), (SIDE, SIDE))
        assert (example.ink.shape, example.ground.shape, example.others.shape) == ((3,), (3,), (MOST_OTHERS, 3))
        assert np.array_equal(example.ground, WHITE)
        own, other = (RED, BLUE) if np.abs(example.ink - RED).max() < 60 else (BLUE, RED)
        assert np.abs(example.ink - own).max() < 60
        assert all(np.array_equal(told, other) for told in example.others if told[0] >= 0)
        assert (example.others[1:] == -1).all()
        # the line can be seen somewhere, and is wanted where it cannot: on the ground in its gaps, beneath the other
        on_line = example.rgb[example.target > 150].astype(float)
        assert np.abs(on_line - own).max(1).min() < 10
        if own is RED:
            assert np.abs(on_line - WHITE).max(1).min() < 10
            assert np.abs(on_line - BLUE).max(1).min() < 10


def test_small_plot_areas_are_filled_up_with_ground() -> None:
    whole = crossed()
    curve = Curve(pieces=(line((5, 30), (75, 30)),), shown=RED)
    area = replace(whole, rgb=np.full((60, 80, 3), (240, 240, 200), np.uint8), curves=(curve,))
    area = replace(area, ground=np.array([240.0, 240, 200]))
    (example,) = examples(np.random.default_rng(0), area, 1)
    assert (example.rgb == (240, 240, 200)).all()
    assert example.target[:60, :80].any()
    assert not example.target[60:].any()
    assert not example.target[:, 80:].any()


def test_curves_of_one_ink_are_drawn_together_and_faint_ones_not_asked_for() -> None:
    courses = [line((20, y), (280, y)) for y in (60, 120, 180)]
    inks = (RED, RED + 10, WHITE - 10)
    curves = tuple(Curve(pieces=(c,), shown=ink) for c, ink in zip(courses, inks, strict=True))
    found = list(examples(np.random.default_rng(0), replace(crossed(), curves=curves), 3))
    assert len(found) == 2
    for example in found:
        rows = np.flatnonzero((example.target > 150).sum(1) > 100)
        assert np.ptp(rows) in (60, 61)


def test_batches_come_again_for_the_same_seed() -> None:
    first, again = (list(islice(batches(np.random.default_rng(9), [crossed()], 4), 2)) for _ in range(2))
    for one, two in zip(first, again, strict=True):
        assert one.rgb.shape == (4, SIDE, SIDE, 3)
        assert all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


@pytest.mark.parametrize("name", ["dashboard", "dates", "faint-raw", "log-axis", "markers", "steps", "two-axes"])
def test_curves_cut_out_of_pictures_lie_on_their_ink(name: str) -> None:
    areas = list(areas_of(FIXTURES / f"{name}.json"))
    truth = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    assert [len(a.curves) for a in areas] == [len(p["series"]) for p in truth["panels"]]
    for area, panel in zip(areas, truth["panels"], strict=True):
        assert (area.ground > 240).all()
        for curve, series in zip(area.curves, panel["series"], strict=True):
            told = list(bytes.fromhex(series["color"][1:]))
            assert np.abs(curve.shown - told).max() < 40
            _, off = colors_along(area, curve)
            assert np.mean(off < 60) > 0.85


def test_all_pictures_of_a_folder_are_cut(tmp_path: Path) -> None:
    assert len(areas_in([FIXTURES])) == sum(
        len(json.loads(p.read_text(encoding="utf-8"))["panels"]) for p in FIXTURES.glob("*.json")
    )
    truth = json.loads((FIXTURES / "steps.json").read_text(encoding="utf-8"))
    (tmp_path / "steps.json").write_text(json.dumps(truth | {"tags": ["tilted"]}), encoding="utf-8")
    (tmp_path / "steps.png").write_bytes((FIXTURES / "steps.png").read_bytes())
    assert areas_in([tmp_path]) == []


def series_of(draw: str, y: list[float | None]) -> tuple[dict[str, object], dict[str, object]]:
    axis = {"scale": "linear", "range": [0, 10]}
    return {"draw": draw, "x": [0, 5, 10], "y": y}, {"box": [100, 50, 200, 150], "x": axis, "y": axis}


def test_true_curves_are_cut_at_the_sides_of_the_plot_area_and_at_gaps() -> None:
    (only,) = pieces_of(*series_of("line", [5, 15, 5]), (90, 40))[:1]
    assert np.allclose(only, [[10, 60], [35, 10]])
    two = pieces_of(*series_of("line", [5, 15, 5]), (90, 40))
    assert np.allclose(two[1], [[85, 10], [110, 60]])
    assert pieces_of(*series_of("line", [5, None, 5]), (0, 0)) == []
    assert pieces_of(*series_of("points", [5, 6, 5]), (0, 0)) == []
    (step,) = pieces_of(*series_of("step-post", [2, 4, 8]), (100, 50))
    assert np.allclose(step, [[0, 80], [50, 80], [50, 60], [100, 60], [100, 20]])


def test_straight_pieces_along_the_sides_are_kept_and_those_beyond_are_not() -> None:
    assert len(clipped(line((0, 1), (1, 1)))) == 1
    assert len(clipped(line((0, 1.01), (1, 1.01)))) == 0
    assert len(clipped(line((-1, 0.5), (2, 0.5), (2, 2), (0.5, 2), (0.5, -1)))) == 2


@pytest.mark.parametrize("steps", ["step-post", "step-pre", "step-mid"])
def test_steps_run_level_and_upright_through_their_points(steps: str) -> None:
    points = line((0, 3), (2, 1), (4, 5))
    corners = stepped(points, steps)
    assert (np.diff(corners, axis=0) == 0).any(1).all()
    jumps = {"step-post": [2, 4], "step-pre": [0, 2], "step-mid": [1, 3]}[steps]
    upright = np.diff(corners[:, 1]) != 0
    assert list(corners[:-1, 0][upright]) == jumps
    assert np.array_equal(corners[[0, -1]], points[[0, -1]])


def test_dates_of_a_truth_count_from_1970_in_utc() -> None:
    assert number("1970-01-02") == number("1970-01-02T00:00:00Z") == 86400
    assert np.isnan(number(None))


def test_where_no_pixel_shows_a_curve_its_colour_is_as_told() -> None:
    area = crossed()
    blank = replace(area, rgb=np.full_like(area.rgb, 255))
    assert np.array_equal(measured_ink(blank, area.curves[0]), RED)
    beyond = Curve(pieces=(line((-50, -50), (-10, -10)),), shown=RED)
    assert np.array_equal(measured_ink(area, beyond), RED)
