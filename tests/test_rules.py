import numpy as np
import pytest

from digitize.model import Box
from digitize.rules import find_rules
from tests.drawing import TEXT_HEIGHT, canvas


def test_strokes_are_found_at_their_centres_with_their_ends() -> None:
    image, draw = canvas()
    draw.line([(50, 100), (349, 100)], fill="#cccccc")
    draw.line([(120, 40), (120, 259)], fill="black", width=2)
    rules = find_rules(np.array(image), TEXT_HEIGHT)
    horizontal, vertical = rules
    assert (horizontal.orientation, vertical.orientation) == ("horizontal", "vertical")
    assert horizontal.position_px == pytest.approx(100.5, abs=0.05)
    assert (horizontal.start_px, horizontal.end_px) == pytest.approx((50, 350), abs=1)
    inked = np.flatnonzero(np.array(image)[150].max(axis=1) < 128)
    assert vertical.position_px == pytest.approx(inked.mean() + 0.5, abs=0.05)
    assert (vertical.start_px, vertical.end_px) == pytest.approx((40, 260), abs=1)
    assert horizontal.color == (204, 204, 204)


def test_transposing_the_picture_transposes_the_strokes() -> None:
    image, draw = canvas()
    draw.line([(30, 77), (300, 77)], fill="#888888")
    draw.line([(200, 20), (200, 280)], fill="#aaaaaa")
    pixels = np.array(image)
    straight = find_rules(pixels, TEXT_HEIGHT)
    turned = find_rules(np.ascontiguousarray(pixels.transpose(1, 0, 2)), TEXT_HEIGHT)
    swap = {"horizontal": "vertical", "vertical": "horizontal"}
    expected = sorted((swap[r.orientation], r.position_px, r.start_px, r.end_px) for r in straight)
    assert sorted((r.orientation, r.position_px, r.start_px, r.end_px) for r in turned) == expected


def test_a_pale_line_in_compression_noise_is_found_and_a_slanted_one_is_not() -> None:
    image, draw = canvas()
    draw.line([(50, 100), (349, 100)], fill="#eeeeee")
    draw.line([(50, 280), (349, 120)], fill="#cc0000", width=2)
    noisy = np.array(image).astype(float) + np.random.default_rng(3).normal(0, 2, (300, 400, 1))
    rules = find_rules(np.clip(noisy, 0, 255).astype(np.uint8), TEXT_HEIGHT)
    long = [r for r in rules if r.length_px > 100]
    assert [round(r.position_px) for r in long] == [100] or [round(r.position_px) for r in long] == [101]


def test_a_dashed_gridline_is_one_stroke() -> None:
    image, draw = canvas()
    for x in range(50, 350, 8):
        draw.line([(x, 100), (x + 4, 100)], fill="#999999")
    rules = find_rules(np.array(image), TEXT_HEIGHT)
    assert len(rules) == 1
    assert rules[0].position_px == pytest.approx(100.5, abs=0.1)
    assert rules[0].length_px == pytest.approx(297, abs=6)


def test_ink_in_hidden_boxes_is_no_stroke() -> None:
    image, draw = canvas()
    draw.line([(50, 100), (120, 100)], fill="black")
    assert find_rules(np.array(image), TEXT_HEIGHT, hide=[Box(45, 95, 125, 105)]) == ()


def test_a_stroke_that_a_word_touches_goes_on_beneath_its_box_and_two_strokes_stay_two() -> None:
    image, draw = canvas()
    draw.line([(50, 200), (349, 200)], fill="black")
    (whole,) = find_rules(np.array(image), TEXT_HEIGHT, hide=[Box(150, 198, 220, 214)])
    assert (whole.start_px, whole.end_px) == pytest.approx((50, 350), abs=1)
    draw.line([(150, 200), (219, 200)], fill="white")
    assert len(find_rules(np.array(image), TEXT_HEIGHT)) == 2


def test_noise_gives_few_strokes_and_grey_and_coloured_pictures_the_same() -> None:
    noise = np.random.default_rng(5).integers(0, 256, (300, 400, 3)).astype(np.uint8)
    assert len(find_rules(noise, TEXT_HEIGHT)) < 400
    image, draw = canvas()
    draw.line([(50, 100), (349, 100)], fill="#888888")
    grey = np.array(image)
    tinted = grey.copy()
    tinted[..., 2] = np.where(grey[..., 2] == 255, 254, grey[..., 2])
    (first,), (second,) = find_rules(grey, TEXT_HEIGHT), find_rules(tinted, TEXT_HEIGHT)
    assert first.position_px == pytest.approx(second.position_px, abs=0.02)
