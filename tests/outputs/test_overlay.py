import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from digitize.model import Picture
from digitize.outputs.contrast import CANDIDATES, contrasting_colors, is_dark
from digitize.outputs.overlay import ENLARGED_BELOW, draw_overlay
from digitize.outputs.overlay_key import DROPPED_COLOR, STATUS_COLORS
from tests.readings import BLUE, PANELS, RED, linear_panel, make_reading


def near(image, color, tolerance=60):
    return np.abs(np.asarray(image, dtype=int) - np.array(color)).sum(axis=-1) < tolerance


def test_small_pictures_are_drawn_at_twice_their_size_above_a_key(reading):
    image = draw_overlay(reading)
    assert image.mode == "RGB"
    assert image.width == 2 * reading.picture.width
    assert image.height > 2 * reading.picture.height


def test_large_pictures_keep_their_size():
    side = int(ENLARGED_BELOW**0.5) + 1
    picture = Picture(name="big.png", rgb=np.full((side, side, 3), 255, np.uint8), sha256="0" * 64)
    assert draw_overlay(make_reading(picture=picture)).width == side


def test_what_was_given_is_shown_where_the_picture_was_restored_before_it_was_read():
    side = int(ENLARGED_BELOW**0.5) + 1
    white, grey = (np.full((side, side, 3), level, np.uint8) for level in (255, 128))
    picture = Picture(name="big.png", rgb=white, given=grey, sha256="0" * 64)
    assert np.asarray(draw_overlay(make_reading(picture=picture)))[side - 3, side - 3].max() < 200


@pytest.mark.parametrize("name", list(PANELS))
def test_the_plot_area_has_the_colour_of_its_status(name):
    panel = PANELS[name]()
    image = np.asarray(draw_overlay(make_reading(panel)))
    right, middle = round(2 * panel.box.right), round(2 * panel.box.center[1])
    assert near(image[middle - 20 : middle + 20, right - 2 : right + 2], STATUS_COLORS[panel.status]).any()


def test_a_trace_lies_on_the_points_that_were_read():
    panel = linear_panel()
    image = np.asarray(draw_overlay(make_reading(panel)))
    colors = contrasting_colors([series.color for series in panel.series], (250, 250, 250))
    for series, color in zip(panel.series, colors, strict=True):
        x, y = (2 * series.trace.x_px[:2].mean() - 0.5, 2 * series.trace.y_px[:2].mean() - 0.5)
        window = image[round(y) - 2 : round(y) + 3, round(x) - 2 : round(x) + 3]
        assert near(window, color, 200).any()


def test_what_was_dropped_is_crossed_in_red():
    panel = PANELS["refused"]()
    box = panel.dropped[0].box
    image = np.asarray(draw_overlay(make_reading(panel)))
    left, top, right, bottom = (round(2 * edge) for edge in box.grown(1))
    inside = image[top:bottom, left:right]
    assert near(inside, DROPPED_COLOR).sum() > 50


def test_a_picture_without_a_chart_says_so():
    image = np.asarray(draw_overlay(make_reading()))
    assert near(image[480:], STATUS_COLORS["refused"]).any()


@pytest.mark.parametrize("background", [(255, 255, 255), (17, 18, 23), (128, 128, 128)])
def test_traces_are_drawn_far_from_every_series_colour_and_the_ground(background):
    own = [RED, BLUE, (44, 160, 44)]
    chosen = contrasting_colors(own, background)
    assert len(set(chosen)) == 3
    lab = rgb2lab(np.array([[*own, background]], dtype=np.uint8))[0]
    for color in chosen:
        # Colours 20 apart in CIEDE2000 are told apart at a glance; a just noticeable difference is about 1.
        assert deltaE_ciede2000(lab, rgb2lab(np.array([[color]], dtype=np.uint8))[0]).min() > 20


def test_more_series_than_colours_share_them_evenly():
    chosen = contrasting_colors([RED] * (2 * len(CANDIDATES)), (255, 255, 255))
    assert {chosen.count(color) for color in CANDIDATES} == {2}


def test_dark_and_light():
    assert is_dark((17, 18, 23))
    assert not is_dark((250, 250, 250))
