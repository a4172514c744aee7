import numpy as np
import pytest
from PIL import Image

from digitize.model import Box
from digitize.stages.straighten import straighten
from tests.drawing import as_picture, canvas, framed

BOX = (60, 40, 360, 240)
TICKS = [60, 135, 210, 285, 360], [240, 190, 140, 90, 40]


@pytest.mark.parametrize("tilt", [-2.0, -0.7, 0.3, 1.5])
def test_a_tilted_chart_is_turned_back(tilt: float) -> None:
    image, draw = canvas(420, 300)
    framed(draw, BOX, *TICKS)
    tilted = image.rotate(tilt, Image.Resampling.BICUBIC, fillcolor="white")
    upright = straighten(as_picture(tilted))
    assert upright.tilt_deg == pytest.approx(-tilt, abs=0.1)
    rows = np.asarray(upright.rgb)[:, 100:320].mean(axis=(1, 2))
    assert rows[[40, 240]].max() < 190


@pytest.mark.parametrize("tilt", [-0.73, 0.37, 0.62])
def test_the_tilt_is_told_to_a_fraction_of_the_step_of_the_search(tilt: float) -> None:
    image, draw = canvas(840, 600)
    framed(draw, (60, 40, 800, 540), [60, 245, 430, 615, 800], [540, 415, 290, 165, 40])
    tilted = image.rotate(tilt, Image.Resampling.BICUBIC, fillcolor="white")
    assert straighten(as_picture(tilted)).tilt_deg == pytest.approx(-tilt, abs=0.01)


def _gridlines_behind_leaning_curves() -> Image.Image:
    """Level gridlines, and curves that are as steep as upright strokes nearly."""
    image, draw = canvas(500, 400)
    for y in range(40, 361, 40):
        draw.line([(50, y), (450, y)], fill="#dddddd")
    for x in range(60, 381, 40):
        draw.line([(x, 360), (x + 7, 200), (x + 16, 40)], fill="#0077cc", width=2)
    return image


def test_gridlines_tell_the_tilt_where_steep_curves_lean_another_way() -> None:
    tilted = _gridlines_behind_leaning_curves().rotate(1.2, Image.Resampling.BICUBIC, fillcolor="white")
    assert straighten(as_picture(tilted)).tilt_deg == pytest.approx(-1.2, abs=0.1)


def test_steep_curves_do_not_turn_upright_gridlines() -> None:
    picture = as_picture(_gridlines_behind_leaning_curves())
    assert straighten(picture) is picture


@pytest.mark.parametrize("tilt", [-1.25, 0.9, 1.25])
def test_steep_curves_do_not_shift_the_tilt_that_gridlines_tell(tilt: float) -> None:
    tilted = _gridlines_behind_leaning_curves().rotate(tilt, Image.Resampling.BICUBIC, fillcolor="white")
    assert straighten(as_picture(tilted)).tilt_deg == pytest.approx(-tilt, abs=0.02)


def test_curves_that_lean_further_than_scans_do_turn_no_picture() -> None:
    tilted = as_picture(_gridlines_behind_leaning_curves().rotate(-0.6, Image.Resampling.BICUBIC, fillcolor="white"))
    assert straighten(tilted) is tilted


def test_an_upright_chart_with_a_gently_sloping_line_stays_as_it_is() -> None:
    image, draw = canvas(420, 300)
    framed(draw, BOX, [], [])
    draw.line([(60, 150), (360, 145)], fill="red", width=2)
    picture = as_picture(image)
    assert straighten(picture) is picture


def test_level_gridlines_alone_tell_the_tilt_of_a_noisy_scan() -> None:
    image, draw = canvas(420, 300)
    for k, y in enumerate(range(40, 280, 30)):
        draw.line([(60, y), (360, y)], fill="#888888")
        draw.text((20, y - 6), f"{8 - k}.0", fill="black")
    tilted = image.rotate(-1.0, Image.Resampling.BICUBIC, fillcolor="white")
    noise = np.random.default_rng(3).normal(0, 12, (300, 420, 1))
    noisy = Image.fromarray(np.clip(np.asarray(tilted) + noise - 20, 0, 255).astype(np.uint8))
    assert straighten(as_picture(noisy)).tilt_deg == pytest.approx(1.0, abs=0.15)


def test_boxes_are_taken_back_to_the_given_picture() -> None:
    image, draw = canvas(420, 300)
    framed(draw, BOX, *TICKS)
    mark = Box(340, 60, 350, 70)
    draw.rectangle(mark, fill="red")
    tilted = as_picture(image.rotate(1.5, Image.Resampling.BICUBIC, fillcolor="white"))
    red = np.argwhere((tilted.rgb[:, :, 0] > 200) & (tilted.rgb[:, :, 1] < 80))
    upright = straighten(tilted)
    x, y = upright.given_box(mark).center
    assert (y, x) == pytest.approx(red.mean(axis=0) + 0.5, abs=1.0)


def test_strokes_of_panels_that_come_in_line_askew_do_not_tell_the_tilt() -> None:
    image, draw = canvas(2100, 320)
    for k in range(4):
        top, left = 60 + 6 * k, 60 + 500 * k
        framed(draw, (left, top, left + 400, top + 170), [], [])
    tilted = image.rotate(1.5, Image.Resampling.BICUBIC, fillcolor="white")
    assert straighten(as_picture(tilted)).tilt_deg == pytest.approx(-1.5, abs=0.1)
