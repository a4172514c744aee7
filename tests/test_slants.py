"""Rows of slanted labels: drawn at a known angle and place, found and read there."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from digitize.anchors import anchor_places, label_place
from digitize.engines import Recognition, get_recognizer
from digitize.model import Box, Picture, Word
from digitize.slants import to_upright
from digitize.stages.text import read_text

DATES = ("2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22")
NAMES = ("baseline", "no augment", "dropout 0.5", "deep ensemble")
#: The labels' ends stand in one row at these x, at this y.
PLACES, ROW = (130, 190, 250, 310), 60.0


def slanted(
    texts: Sequence[str],
    angle: int,
    size: int = 12,
    closer: float = 0.0,
    places: Sequence[int] = PLACES,
    title: tuple[str, int] = ("", 12),
) -> Picture:
    """Labels at an angle, the end that points up at its place; 4 x 4 samples a pixel, above a level line of text.

    Their glyphs stand by so much `closer`, in pixels. A `title`, of its own size, stands above them.
    """
    zoom = 4
    page = Image.new("L", (440 * zoom, 220 * zoom), 255)
    font = ImageFont.load_default(size * zoom)
    turn = math.radians(angle)
    for text, x in zip(texts, places, strict=True):
        left, top, right, bottom = font.getbbox(text)
        width, height = math.ceil(right - left), math.ceil(bottom - top)
        patch = Image.new("L", (width, height), 0)
        for k, glyph in enumerate(text):
            ahead = font.getlength(text[:k]) - k * closer * zoom
            ImageDraw.Draw(patch).text((ahead - left, -top), glyph, fill=255, font=font)
        patch = patch.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
        # From the end's middle to the centre of the text.
        reach = -width / 2 if angle > 0 else width / 2
        center = (x * zoom + reach * math.cos(turn), ROW * zoom - reach * math.sin(turn))
        corner = (round(center[0] - patch.width / 2), round(center[1] - patch.height / 2))
        page.paste(0, corner, patch)
    ImageDraw.Draw(page).text((120 * zoom, 185 * zoom), "a level line of text", fill=0, font=font)
    above, tall = title
    ImageDraw.Draw(page).text((100 * zoom, 30 * zoom), above, fill=0, font=ImageFont.load_default(tall * zoom))
    grey = np.asarray(page.resize((440, 220), Image.Resampling.BOX))
    return Picture(name="drawn", rgb=np.repeat(grey[:, :, None], 3, axis=2), sha256="")


@pytest.mark.parametrize("texts", [DATES, NAMES], ids=["dates", "names"])
@pytest.mark.parametrize("angle", [45, 30, 60, -45, -30])
def test_slanted_labels_are_read_with_their_angle_and_ends(texts: Sequence[str], angle: int) -> None:
    words = read_text(slanted(texts, angle), get_recognizer("ppocr"))
    assert "a level line of text" in {word.text for word in words}
    found = {word.text: word for word in words if word.angle % 90}
    assert set(found) == set(texts)
    for text, place in zip(texts, PLACES, strict=True):
        word = found[text]
        assert (word.angle - angle + 180) % 360 - 180 == pytest.approx(0, abs=2)
        assert word.ends is not None
        upper = min(word.ends, key=lambda end: end[1])
        # Letters without ascenders or descenders shift the middle of a text by a fifth of its height.
        assert upper == pytest.approx((place, ROW), abs=3)
        assert word.box.contains(*word.box.center)
        assert word.box.height > word.height_px


@pytest.mark.parametrize("places", [PLACES, range(130, 210, 23)], ids=["far apart", "as near as letters of a word"])
def test_labels_whose_figures_run_together_are_found_by_how_their_pieces_lie(places: Sequence[int]) -> None:
    picture = slanted(("2000", "4000", "6000", "8000"), 45, closer=1.2, places=places)
    words = read_text(picture, get_recognizer("ppocr"))
    assert {word.text for word in words if word.angle % 90} == {"2000", "4000", "6000", "8000"}


@pytest.mark.parametrize(("angle", "size"), [(20, 10), (-30, 12)])
def test_letters_of_a_level_line_are_no_slanted_label_beside_others(angle: int, size: int) -> None:
    words = read_text(slanted(DATES, angle, title=("Concentration over time", size)), get_recognizer("ppocr"))
    assert {word.text for word in words} == {*DATES, "Concentration over time", "a level line of text"}


def test_words_in_a_paragraph_are_not_slanted() -> None:
    page = Image.new("RGB", (300, 160), "white")
    font = ImageFont.load_default(12)
    for row in range(6):
        ImageDraw.Draw(page).text((20 + 7 * row, 10 + 18 * row), "We go up to it as it is", fill="black", font=font)
    words = read_text(Picture(name="drawn", rgb=np.array(page), sha256=""), get_recognizer("ppocr"))
    assert all(word.angle == 0 for word in words)


def test_upright_coordinates_turn_with_the_text() -> None:
    along, across = to_upright(np.array([10.0]), np.array([-10.0]), 45)
    assert along[0] == pytest.approx(math.hypot(10, 10))
    assert across[0] == pytest.approx(0)


def test_a_slanted_label_is_fixed_at_the_end_that_points_to_the_plot() -> None:
    word = Word(box=Box(10, 100, 60, 150), text="a", number="", confidence=1, number_confidence=0, angle=45,
                height_px=10, ends=((14, 146), (56, 104)))  # fmt: skip
    end, before, after, center = anchor_places(word, "bottom")
    assert (end, center) == (56, 35)
    assert (after - end, end - before) == pytest.approx((5 * math.sin(math.pi / 4),) * 2)
    assert anchor_places(word, "top")[0] == 14
    assert label_place(word, "bottom") == Box(51, 100, 61, 150)


class OnesAlone:
    """A recogniser that takes everything for a figure 1."""

    name = "ones"

    def read(self, crops: Sequence[np.ndarray]) -> list[Recognition]:
        return [Recognition("1", "1", 0.9, 0.9)] * len(crops)


def test_long_slanted_pieces_that_read_as_one_figure_are_no_text() -> None:
    # Rings that overlap, as small figures do.
    page = Image.new("RGB", (300, 120), "white")
    for x in (60, 120, 180, 240):
        for k in (0, 6, 12):
            ImageDraw.Draw(page).ellipse([x + k, 60 - k, x + k + 9, 69 - k], outline="black", width=2)
    ImageDraw.Draw(page).text((60, 90), "a level line of text", fill="black", font=ImageFont.load_default(12))
    words = read_text(Picture(name="drawn", rgb=np.array(page), sha256=""), OnesAlone())
    assert all(word.angle % 90 == 0 for word in words)


def test_pairs_of_glyphs_of_unlike_height_are_level_though_dashes_of_a_curve_slope_beside_them() -> None:
    page = Image.new("L", (440, 220), 255)
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(14)
    for k in range(8):
        x, y = 60 + 40 * k, 100 + 10.7 * k
        draw.line([(x, y), (x + 24, y + 6.4)], fill=0, width=3)
    for k in range(5):
        draw.text((80 + 70 * k, 190), f"{2 * k + 2}k", fill=0, font=font, anchor="mt")
    words = read_text(Picture(name="drawn", rgb=np.repeat(np.asarray(page)[:, :, None], 3, axis=2), sha256=""),
                      get_recognizer("ppocr"))  # fmt: skip
    assert {(word.text, word.angle) for word in words} >= {(f"{2 * k + 2}k", 0) for k in range(4)}
