import numpy as np

from digitize.fills import find_fills
from tests.drawing import TEXT_HEIGHT, canvas


def test_a_filled_rectangle_is_found_to_the_pixel_beneath_gridlines_and_a_curve() -> None:
    image, draw = canvas()
    draw.rectangle((60, 30, 359, 229), fill="#ebebeb")
    for x in range(80, 360, 50):
        draw.line([(x, 30), (x, 229)], fill="white", width=2)
    draw.line([(60, 200), (200, 60), (359, 180)], fill="#cc0000", width=4)
    assert find_fills(np.array(image), TEXT_HEIGHT, 40.0) == [(60, 30, 360, 230)]


def test_the_page_and_ragged_areas_are_no_fills() -> None:
    image, draw = canvas()
    draw.polygon([(60, 230), (150, 60), (300, 180), (360, 230)], fill="#aaccee")
    assert find_fills(np.array(image), TEXT_HEIGHT, 40.0) == []


def test_pixels_that_lossy_compression_smeared_along_the_sides_are_of_the_fill() -> None:
    image, draw = canvas()
    draw.rectangle((60, 30, 359, 229), fill="#fdf6e4")
    draw.rectangle((60, 30, 359, 229), outline="#f7efda", width=2)
    # Noise sticks out of a side.
    draw.rectangle((200, 24, 203, 29), fill="#fdf6e4")
    assert find_fills(np.array(image), TEXT_HEIGHT, 40.0) == [(60, 30, 360, 230)]
