"""Which of several legends serves which plot area."""

from __future__ import annotations

from digitize.legendentries import Candidate
from digitize.legendplaces import match, on_one_side, part_by_areas
from digitize.model import Box, Swatch, Word

HEIGHT = 10.0
AREAS = [Box(40, 20, 340, 220), Box(400, 20, 700, 220)]


def row(*places: float, y: float = 250.0) -> list[Candidate]:
    """Entries 60 pixels wide that begin at these places along x."""
    return [
        Candidate(
            words=(
                Word(
                    box=Box(x + 25, y - 5, x + 60, y + 5),
                    text=f"at {x:.0f}",
                    number="",
                    confidence=1.0,
                    number_confidence=0.0,
                ),
            ),
            swatch=Swatch(box=Box(x, y - 1, x + 20, y + 1), color=(200, 30, 30), kind="line"),
            side="left",
        )
        for x in places
    ]


def starts(parts: list[list[Candidate]]) -> list[list[float]]:
    return [[entry.box.left for entry in part] for part in parts]


def test_legends_below_plot_areas_side_by_side_are_two() -> None:
    parts = part_by_areas(row(90, 170, 250, 490, 570), AREAS, HEIGHT)
    assert starts(parts) == [[90, 170, 250], [490, 570]]


def test_a_wrapped_row_stays_with_its_own_legend() -> None:
    group = row(90, 170, 250, 450, 530, 610) + row(450, y=267)
    assert starts(part_by_areas(group, AREAS, HEIGHT)) == [[90, 170, 250], [450, 530, 610, 450]]


def test_one_evenly_set_legend_serves_both() -> None:
    assert len(part_by_areas(row(190, 270, 350, 430, 510), AREAS, HEIGHT)) == 1


def test_entries_within_two_plot_areas_are_two_legends() -> None:
    parts = part_by_areas(row(275, 415, y=40) + row(275, y=57), AREAS, HEIGHT)
    assert starts(parts) == [[275, 275], [415]]


def test_areas_beneath_each_other_part_nothing() -> None:
    areas = [Box(40, 20, 340, 120), Box(40, 150, 340, 220)]
    assert len(part_by_areas(row(90, 250), areas, HEIGHT)) == 1


def test_an_area_takes_a_legend_whose_holder_has_another() -> None:
    assert match([0, 2, None], {0: [0, 1], 1: [1, 2], 2: [2]}) == [0, 1, 2]


def test_no_area_is_left_without_the_legend_that_it_had() -> None:
    assert match([0, None], {0: [0], 1: [0]}) == [0, None]


def test_legends_beside_a_grid_stand_on_one_side_of_their_areas() -> None:
    areas = [Box(150, 0, 300, 100), Box(450, 0, 600, 100)]
    legends = [Box(20, 40, 80, 60), Box(310, 40, 370, 60)]  # the second is nearer to the first area
    assert on_one_side(legends, areas, lambda legend, area: True) == {0: 0, 1: 1}
    assert on_one_side(legends, areas, lambda legend, area: area == 0) is None
    assert on_one_side(legends[:1], areas, lambda legend, area: True) is None


def test_an_entry_beside_a_plot_area_is_not_of_the_legend_within_it() -> None:
    assert starts(part_by_areas(row(-70, 60, y=40) + row(60, y=57), AREAS, HEIGHT)) == [[-70], [60, 60]]
