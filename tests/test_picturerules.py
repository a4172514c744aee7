"""Strokes of pictures that were restored, from the pixels before and after."""

import numpy as np

from digitize.model import Image, Picture, Rule
from digitize.picturerules import find_picture_rules

WHITE, HEIGHT = 255, 12.0


def page(*lines: tuple[int, int]) -> Image:
    """A page with level lines: the row of each and its level of grey."""
    rgb = np.full((200, 300, 3), WHITE, np.uint8)
    for row, level in lines:
        rgb[row, 20:280] = level
    return rgb


def rows(rgb: Image, given: Image | None) -> list[int]:
    picture = Picture(name="drawn.png", rgb=rgb, sha256="0" * 64, given=given)
    found: list[Rule] = [r for r in find_picture_rules(picture, HEIGHT) if r.orientation == "horizontal"]
    return sorted({int(rule.position_px) for rule in found})


def test_a_picture_that_was_not_restored_has_the_strokes_that_it_shows() -> None:
    assert rows(page((40, 0), (120, 200)), None) == [40, 120]


def test_a_faint_stroke_that_restoring_took_away_is_found() -> None:
    assert rows(page((40, 0)), page((40, 0), (120, 235))) == [40, 120]


def test_what_rings_beside_a_stroke_before_restoring_is_none() -> None:
    assert rows(page((40, 0)), page((40, 0), (45, 235))) == [40]


def test_a_stroke_that_shows_only_after_restoring_is_found() -> None:
    assert rows(page((40, 0), (120, 200)), page((40, 0))) == [40, 120]
