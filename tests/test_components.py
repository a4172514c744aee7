"""What the pieces of ink tell of the text."""

import cv2
import numpy as np
import pytest
from matplotlib.font_manager import findfont
from PIL import Image, ImageDraw, ImageFont

from digitize.components import find_ink


@pytest.mark.parametrize("blur", [0.3, 0.6, 1.0])
def test_the_usual_height_of_glyphs_is_that_of_the_many_and_not_of_a_heading(blur: float) -> None:
    picture = Image.new("RGB", (500, 240), "white")
    draw, font = ImageDraw.Draw(picture), findfont("DejaVu Sans")
    draw.text((20, 10), "A heading in large letters", "black", ImageFont.truetype(font, 30))
    for k in range(6):
        draw.text((20, 70 + 25 * k), "intercept.gdp 0.25 1969", "#222222", ImageFont.truetype(font, 9))
    ink = find_ink(cv2.GaussianBlur(np.asarray(picture), (0, 0), blur))
    # x-height and capitals of the small text are 5 and 7 pixels high, more by the blur; those of the heading 17 and 22
    assert 5 <= ink.unit <= 7 + 3 * blur + 1


def test_a_frame_that_was_turned_upright_is_attached_all_along() -> None:
    rgb = np.full((200, 300, 3), 255, np.uint8)
    # now on one column of pixels, now between two
    for start, columns in ((0, {100: 0}), (60, {100: 128, 101: 128}), (120, {101: 0}), (170, {101: 128, 102: 128})):
        for column, grey in columns.items():
            rgb[start : start + 60, column] = grey
    ink = find_ink(rgb)
    assert all(ink.components.attached)


def test_the_feet_of_bold_letters_are_no_rule_and_an_axis_with_tick_marks_is_one() -> None:
    grey = np.full((80, 200), 255, np.uint8)
    for x in range(20, 68, 6):  # eight stems of eight pixels on one foot
        grey[20:28, x : x + 4] = 0
    grey[27, 20:66] = 0
    grey[60, 20:66] = 0
    for x in range(22, 66, 8):
        grey[61:63, x] = 0
    ink = find_ink(np.repeat(grey[:, :, None], 3, axis=2))
    assert not ink.rules[27].any()
    assert ink.rules[60, 24:62].all()


def test_dots_of_lines_do_not_set_the_usual_height_of_glyphs() -> None:
    picture = Image.new("RGB", (600, 400), "white")
    draw, font = ImageDraw.Draw(picture), findfont("DejaVu Sans")
    for row in range(4):
        draw.text((20, 10 + 40 * row), "Scaling with cores 2500", "black", ImageFont.truetype(font, 24))
    for row in range(3):
        for k in range(20):
            x, y = 20 + 5 * k, 220 + 40 * row
            draw.polygon([(x, y + 4), (x + 2, y), (x + 3, y + 1), (x + 1, y + 5)], fill="#884499")
    # capitals of the text are 18 pixels high, small letters 14, the dots 6
    assert 13 <= find_ink(np.asarray(picture)).unit <= 19
