"""Inks told from mixtures of inks."""

from __future__ import annotations

import numpy as np
import pytest

from digitize.color import Float32
from digitize.palette import Family, Unmixed, claim_inks, claim_washed, find_inks, group_entries

BLUE, ORANGE = (31, 119, 180), (255, 127, 14)
WHITE, RED, WASHED_RED, WASHED_BLUE = (255, 255, 255), (207, 57, 59), (161, 110, 110), (96, 115, 150)
#: How much the bare pixels of a compressed picture stray, in levels of 255.
LOSSY = 4.0
WIDTH, MEETING = 300, 150
HUE = {"blue": BLUE, "orange": ORANGE, "both": (143, 123, 97)}


def picture(**strokes: tuple[int, int, int]) -> tuple[Float32, np.ndarray]:
    """Level strokes three pixels wide, each given by its row and where it begins and ends, with a little noise."""
    rgb = np.full((100, WIDTH, 3), 255, np.float32)
    for name, (row, start, stop) in strokes.items():
        rgb[row : row + 3, start:stop] = HUE[name]
    ink = (rgb != 255).any(axis=2)
    rgb += np.random.default_rng(0).normal(0, 3, rgb.shape).astype(np.float32)
    return rgb, ink


def found(rgb: Float32, ink: np.ndarray) -> int:
    families = [Family(color=BLUE, entries=((0, 1.0),)), Family(color=ORANGE, entries=((1, 1.0),))]
    return len(find_inks(rgb, np.full_like(rgb, 255), ink, families, 3.0))


def test_where_translucent_curves_run_as_one_their_mixture_is_no_ink() -> None:
    apart = {"blue": (30, 0, MEETING), "orange": (60, 0, MEETING)}
    assert found(*picture(**apart, both=(45, MEETING, WIDTH))) == 0


def test_a_third_ink_beside_the_two_that_it_could_be_mixed_of_is_one() -> None:
    assert found(*picture(blue=(20, 0, WIDTH), orange=(80, 0, WIDTH), both=(50, MEETING, WIDTH))) == 1


def inks_of(rgb: Float32, noise: float = 0.5) -> int:
    """How many inks are found in a picture that has no legend."""
    return len(find_inks(rgb, np.full_like(rgb, 255), (rgb != 255).any(axis=2), [], noise))


DARK, LIGHT = (168, 78, 40), (238, 103, 77)


def ground() -> Float32:
    return np.full((100, WIDTH, 3), 255, np.float32)


def test_core_and_rim_of_a_stroke_are_one_ink() -> None:
    rgb = ground()
    rgb[40:50], rgb[42:48] = DARK, LIGHT
    assert inks_of(rgb) == 1


def test_dashes_of_like_hue_that_take_turns_are_one_ink() -> None:
    rgb = ground()
    columns = np.arange(WIDTH)
    rgb[40:43, columns % 20 < 14], rgb[40:43, columns % 20 >= 14] = DARK, LIGHT
    assert inks_of(rgb) == 1


def test_curves_of_like_hue_side_by_side_are_two_inks() -> None:
    rgb = ground()
    rgb[40:43], rgb[60:63] = DARK, LIGHT
    assert inks_of(rgb) == 2


def test_curves_of_like_hue_near_each_other_in_a_tangle_are_two_inks() -> None:
    rgb = ground()
    # what is broad here and there beside them makes neither broad
    for first in range(0, WIDTH, 15):
        rgb[36:60, first : first + 6] = (230, 230, 230)
    rgb[44:46], rgb[50:52] = (29, 61, 75), (30, 153, 138)
    assert inks_of(rgb, 0.1) == 2


def test_a_curve_of_like_hue_that_goes_on_where_another_ends_is_an_ink() -> None:
    rgb = ground()
    rgb[40:43, :180], rgb[40:43, 180:] = DARK, LIGHT
    assert inks_of(rgb) == 2


def test_an_ink_like_one_that_is_named_is_another_only_where_both_are_seen() -> None:
    named = [Family(color=(246, 163, 98), entries=((0, 1.0),))]
    beside, instead = ground(), ground()
    beside[40:43], beside[60:63] = (246, 163, 98), LIGHT
    instead[60:63] = LIGHT
    for rgb, count in ((beside, 1), (instead, 0)):
        assert len(find_inks(rgb, ground(), (rgb != 255).any(axis=2), named, 0.5)) == count


def test_pale_inks_on_a_dark_ground_are_not_alike_because_both_are_light() -> None:
    dark = np.full((100, WIDTH, 3), (27, 30, 36), np.float32)
    rgb = dark.copy()
    rgb[40:42, :60], rgb[42:45] = (151, 229, 215), (255, 255, 182)
    named = [Family(color=(151, 229, 215), entries=((0, 1.0),))]
    assert len(find_inks(rgb, dark, (rgb != dark).any(axis=2), named, 0.8)) == 1


def test_what_compression_mixes_of_a_named_ink_and_its_neighbour_is_of_its_hue() -> None:
    rgb = ground()
    orange = (244, 130, 30)
    rgb[40:43, :150], rgb[60:63, 150:] = orange, (189, 136, 78)
    named = [Family(color=orange, entries=((0, 1.0),))]
    assert find_inks(rgb, ground(), (rgb != 255).any(axis=2), named, 1.6) == []


def test_an_ink_of_the_very_colour_of_an_entry_is_its_own_though_it_was_put_with_another() -> None:
    pale = (90, 162, 216)
    families = group_entries([BLUE, pale], (233, 235, 243))
    assert [len(family.entries) for family in families] == [2]
    found = claim_inks(families, [Family(color=ORANGE), Family(color=pale)], [BLUE, pale])
    assert [family.entries for family in found] == [((0, 1.0),), (), ((1, 1.0),)]
    assert claim_inks(families, [Family(color=(86, 150, 197))], [BLUE, pale])[0] == families[0]


def _unmixed(*counts: int) -> Unmixed:
    """Pixels of which each family explains so many."""
    family = np.repeat(np.arange(len(counts)), counts).astype(np.int16)[None]
    return Unmixed(family=family, share=np.ones(family.shape, np.float32), mixed=np.zeros(family.shape, bool))


def test_samples_whose_colour_compression_washed_out_name_the_full_inks_of_their_hues() -> None:
    families = [
        Family(color=WASHED_RED, entries=((0, 1.0),)),
        Family(color=WASHED_BLUE, entries=((1, 1.0),)),
        Family(color=(37, 83, 206)),
        Family(color=RED),
    ]
    claimed = claim_washed(families, _unmixed(300, 280, 1900, 2000), WHITE, LOSSY)
    assert {one.color: one.entries for one in claimed} == {RED: ((0, 1.0),), (37, 83, 206): ((1, 1.0),)}


@pytest.mark.parametrize(
    ("pale", "counts", "noise"),
    [
        (WASHED_RED, (300, 2000), 0.3),  # nothing was compressed
        (WASHED_RED, (1500, 2000), LOSSY),  # a curve of its own
        (WASHED_BLUE, (300, 2000), LOSSY),  # another hue
        ((250, 238, 238), (300, 2000), LOSSY),  # hardly any ink
    ],
)
def test_samples_that_were_not_washed_out_keep_their_ink(
    pale: tuple[int, int, int], counts: tuple[int, int], noise: float
) -> None:
    families = [Family(color=pale, entries=((0, 1.0),)), Family(color=RED)]
    assert claim_washed(families, _unmixed(*counts), WHITE, noise) == families


def test_of_two_samples_washed_out_alike_one_names_the_ink() -> None:
    families = [Family(color=WASHED_RED, entries=((k, 1.0),)) for k in range(2)] + [Family(color=RED)]
    claimed = claim_washed(families, _unmixed(300, 280, 2000), WHITE, LOSSY)
    assert sorted(one.entries for one in claimed) == [((0, 1.0),), ((1, 1.0),)]
    assert sorted(one.color for one in claimed) == [WASHED_RED, RED]
