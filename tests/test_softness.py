"""Small text of pictures that were made smaller: told from text as drawn, sharpened, and read twice."""

from dataclasses import replace

import cv2
import matplotlib as mpl
import numpy as np
from PIL import ImageDraw, ImageFont

from digitize.components import find_ink
from digitize.engines import get_recognizer
from digitize.model import Image
from digitize.softness import is_soft, joined_readings, sharpened
from digitize.stages.text import read_text
from tests.drawing import as_picture, canvas, word

NAMES = ("Fossil Fuels", "Nuclear Energy", "Renewables", "Wind and Solar")


def names(size: int, scale: float = 1.0) -> Image:
    """Names beneath each other as drawn in letters of this size, and made smaller."""
    image, _ = canvas(200 * size // 10, 160 * size // 10)
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(mpl.get_data_path() + "/fonts/ttf/DejaVuSans.ttf", size)
    for row, name in enumerate(NAMES):
        draw.text((2 * size, (2 + 3 * row) * size), name, "#333333", font)
    rgb = np.array(image)
    return np.asarray(cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR), np.uint8)


def test_only_small_text_of_resampled_pictures_is_soft() -> None:
    assert is_soft(find_ink(names(10, 0.7)))
    assert not is_soft(find_ink(names(10)))
    assert not is_soft(find_ink(names(30, 0.7)))
    assert not is_soft(find_ink(np.full((40, 60, 3), 255, np.uint8)))


def test_sharpening_parts_strokes_and_keeps_flat_colours() -> None:
    rgb = np.full((9, 15, 3), 220, np.uint8)
    rgb[:, [5, 8]], rgb[:, 6:8] = 90, 120
    sharp = sharpened(rgb)
    assert sharp[4, 6].mean() - sharp[4, 5].mean() > 60
    assert np.array_equal(sharp[:, [0, 14]], rgb[:, [0, 14]])


def test_names_in_small_text_of_a_resampled_picture_are_read_whole() -> None:
    picture = replace(as_picture(canvas()[0]), rgb=names(9, 0.7))
    assert [w.text for w in read_text(picture, get_recognizer("ppocr"))] == list(NAMES)


def test_of_two_readings_each_place_keeps_what_says_more() -> None:
    first = [word("Nuc", 20, 20), word("Fossil Fuels", 60, 60), word("2001", 200, 20)]
    second = [word("Nuclear", 32, 20), word("Fo il", 40, 60, confidence=0.7), word("200", 201, 20), word("7", 300, 90)]
    assert [w.text for w in joined_readings(first, second)] == ["Fossil Fuels", "2001", "Nuclear", "7"]
    assert joined_readings([], []) == []


def test_readings_alike_are_those_of_the_second() -> None:
    first, second = word("step", 50, 50, confidence=0.99), word("step", 50, 50, confidence=0.985)
    assert joined_readings([first], [second]) == [second]
