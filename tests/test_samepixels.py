"""Which pixels of two pictures must be the same for one layout, and which may differ."""

from dataclasses import replace

import numpy as np
import pytest

from digitize.model import Box, Image, Layout, Picture, Rule
from digitize.samepixels import changed_labels, same_layouts, to_reference
from tests.readings import BLUE, RED, linear_panel

#: Where the parts of the panel are: its plot area spans 60 to 380 and 20 to 200, its first tick label of the x axis
#: 55 to 65 and 205 to 215, its legend 296 to 374 and 24 to 40.
LABEL, LEGEND, CORNER, INSIDE = (58, 208), (330, 30), (398, 238), (200, 120)


def page() -> Image:
    """A panel on white, with black figures at its ticks and names in its legend."""
    rgb = np.full((240, 400, 3), 255, np.uint8)
    rgb[20:200, 60:380] = 250
    for left, top in ((55, 205), (375, 205), (195, 205), (15, 205), (324, 26), (150, 4)):
        rgb[top : top + 10, left : left + 10 : 3] = 40
    return rgb


def picture(rgb: Image, given: Image | None = None) -> Picture:
    return Picture(name="a.png", rgb=rgb, sha256="0" * 64, given=given)


def layout(**more: object) -> Layout:
    return replace(linear_panel().layout, **more)


def with_spot(place: tuple[int, int], color: object, size: int = 1) -> Image:
    rgb = page()
    rgb[place[1] : place[1] + size, place[0] : place[0] + size] = color
    return rgb


def matches(rgb: Image, own: Layout | None = None) -> bool:
    reference = to_reference(picture(page()), [own or layout()], [(RED, BLUE)])
    return same_layouts(reference, picture(rgb)) is not None


def test_the_same_picture_has_the_layout() -> None:
    assert matches(page())


@pytest.mark.parametrize("place", [LABEL, LEGEND, CORNER, (20, 100), (60, 230)])
def test_a_single_pixel_beside_the_curves_tells_of_another_layout(place: tuple[int, int]) -> None:
    assert not matches(with_spot(place, 120))
    assert matches(with_spot(place, page()[place[1], place[0]].astype(int) - 5))


def test_curves_may_be_anywhere_in_the_plot_area() -> None:
    assert matches(with_spot(INSIDE, RED, 30))
    assert matches(with_spot((376, 100), BLUE, 4))


def test_curves_hang_over_the_edge_of_the_plot_area_and_text_does_not() -> None:
    assert matches(with_spot((100, 16), BLUE, 5))
    assert not matches(with_spot((100, 16), (20, 20, 20), 5))
    assert not matches(with_spot((100, 6), BLUE, 8))


def test_what_is_written_in_the_colour_of_a_curve_is_no_curve() -> None:
    rgb = page()
    rgb[(rgb == 40).all(axis=2)] = BLUE
    reference = to_reference(picture(rgb), [layout()], [(RED, BLUE)])
    other = rgb.copy()
    other[16:18, 100:105] = BLUE
    assert same_layouts(reference, picture(other)) is None


def test_curves_pass_a_legend_and_new_names_beside_it_are_noticed() -> None:
    assert matches(with_spot((310, 45), RED, 6))
    assert matches(with_spot((297, 36), (229, 105, 105), 3))
    assert not matches(with_spot((297, 36), (40, 40, 40), 3))
    assert not matches(with_spot((305, 31), BLUE, 2))
    assert not matches(with_spot((330, 45), (40, 40, 40), 2))


def test_what_was_drawn_far_from_all_panels_may_be_drawn_otherwise() -> None:
    rgb = np.pad(page(), ((0, 200), (0, 0), (0, 0)), constant_values=255)
    rgb[360:372, 100:160:3] = 0
    reference = to_reference(picture(rgb), [layout()], [(RED, BLUE)])
    clock, news = rgb.copy(), rgb.copy()
    clock[360:372, 101:160:3] = 0
    news[330, 300] = 0
    assert same_layouts(reference, picture(clock)) is not None
    assert same_layouts(reference, picture(news)) is None


def test_a_gridline_that_is_gone_is_noticed_and_one_that_is_crossed_is_not() -> None:
    rule = Rule(
        orientation="horizontal", position_px=110.5, start_px=60.0, end_px=380.0, width_px=1.0, color=(200,) * 3
    )
    own = layout(area=replace(layout().area, y_grid=(rule,)))
    ruled = page()
    ruled[110, 60:380] = 200
    reference = to_reference(picture(ruled), [own], [(RED, BLUE)])
    crossed = ruled.copy()
    crossed[100:120, 150:200] = RED
    assert same_layouts(reference, picture(crossed)) is not None
    assert same_layouts(reference, picture(page())) is None


def test_notes_among_the_curves_are_kept_where_they_are_the_same() -> None:
    note = Box(100.0, 60.0, 140.0, 72.0)
    own = layout(no_data=(layout().legend.box, note))
    reference = to_reference(picture(page()), [own], [(RED, BLUE)])
    (same,), (other,) = (same_layouts(reference, picture(rgb)) for rgb in (page(), with_spot((110, 65), RED)))
    assert note in same.no_data
    assert other.no_data == (layout().legend.box,)


@pytest.mark.parametrize(("place", "most"), [(LABEL, 24), (CORNER, 48)])
def test_compressed_pictures_may_differ_by_more_and_still_more_beside_text(place: tuple[int, int], most: int) -> None:
    reference = to_reference(picture(page()), [layout()], [(RED, BLUE)])
    ground = page()[place[1], place[0]].astype(int)
    ringing, other = (with_spot(place, ground + by) for by in (np.sign(128 - ground) * (most - 2), (128 - ground) // 2))
    assert same_layouts(reference, picture(ringing)) is None
    assert same_layouts(reference, picture(ringing, given=ringing)) is not None
    assert same_layouts(reference, picture(other, given=other)) is None


def test_pale_text_narrows_what_compressed_pictures_may_differ_by() -> None:
    pale = page()
    pale[(pale == 40).all(axis=2)] = 205
    reference = to_reference(picture(pale), [layout()], [(RED, BLUE)])
    other = pale.copy()
    other[206, 57] = 240
    assert same_layouts(reference, picture(other, given=other)) is None


def test_a_label_that_changed_is_named_where_most_did_not() -> None:
    reference = to_reference(picture(page()), [layout()], [(RED, BLUE)])
    assert changed_labels(reference, picture(page())) == ()
    assert changed_labels(reference, picture(with_spot(LABEL, 120))) == ((0, "x", "0.0"),)
    assert changed_labels(reference, picture(np.maximum(page(), 90))) == ()
