"""What counts as a difference between two layouts, and how it is said."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from digitize.model import Axis, Box, Panel, Picture, Reading, Reason, Word
from digitize.samelayout import curve_colors, layout_differences, strange_inks
from tests.readings import BLUE, RED, linear_panel, make_reading

GREEN = (44, 160, 44)


def changed(make: Callable[[Panel], Panel]) -> Reading:
    """A reading whose panel was made another one."""
    return make_reading(make(linear_panel()))


def with_y(panel: Panel, **more: object) -> Panel:
    return replace(panel, y_axis=replace(panel.y_axis, **more))


def with_tick(panel: Panel, **more: object) -> Panel:
    axis: Axis = panel.y_axis
    return with_y(panel, ticks=(replace(axis.ticks[0], **more), *axis.ticks[1:]))


def with_entry(panel: Panel, **more: object) -> Panel:
    entry = replace(panel.legend.entries[0], **more)
    return replace(panel, legend=replace(panel.legend, entries=(entry,)))


SWATCH = linear_panel().legend.entries[0].swatch
LABEL = linear_panel().y_axis.ticks[0].box
DIFFERENT = [
    (lambda p: with_tick(p, text="0.8", value=0.8), "tick label of the y axis of panel 1 reads '0.8', .* says '0.0'"),
    (lambda p: with_tick(p, text="-0.0"), "reads '-0.0', the template says '0.0'"),
    (lambda p: with_tick(p, text="8.0", value=8.0, used=False), "reads '8.0', the template says '0.0'"),
    (lambda p: with_tick(p, value=1e6), r"stands for 1e\+06, in the template for 0"),
    (lambda p: with_tick(p, box=LABEL.moved(0.0, 1.0)), "the label '0.0' of the y axis of panel 1 stands 1.0 px from"),
    (lambda p: with_tick(p, pixel=199.0, box=None), "the label '0.0' of the y axis of panel 1 stands 1.0 px from"),
    (lambda p: with_tick(p, pixel=160.0), "reads '0.0', where the template has none"),
    (lambda p: with_y(p, pixels=(196.0, 20.0)), "the y axis of panel 1 runs otherwise .* by 4.0 px"),
    (lambda p: with_y(p, scale="log", values=(0.1, 0.9)), "is logarithmic, the template's linear"),
    (lambda p: with_y(p, label="gain"), "the name of the y axis of panel 1 reads 'gain', the template says 'loss'"),
    (lambda p: with_y(p, doubts=(Reason(code="offset-unread", message="odd"),)), "the y axis of panel 1: odd"),
    (lambda p: replace(p, y_axis=None), "the y axis of panel 1 could not be read"),
    (lambda p: replace(p, y2_axis=p.y_axis), "the second y axis of panel 1 is none of the template"),
    (lambda p: replace(p, title=None), "the title of panel 1 is missing, the template says 'actor/kl_loss'"),
    (lambda p: replace(p, legend=None), "there is no legend of panel 1"),
    (lambda p: with_entry(p, name="Series C"), "a name in the legend of panel 1 reads 'Series C'"),
    (lambda p: with_entry(p, swatch=replace(SWATCH, color=BLUE)), "shows 'Series A' in #1f77b4"),
    (lambda p: replace(p, legend=replace(p.legend, entries=2 * p.legend.entries)), "has 2 entries, the template's 1"),
]


@pytest.mark.parametrize(("make", "said"), DIFFERENT)
def test_each_difference_is_told(make: Callable[[Panel], Panel], said: str) -> None:
    found = layout_differences(changed(make), make_reading(linear_panel()))
    assert found
    assert any(re.search(said, text) for text in found), found


@pytest.mark.parametrize(
    "make",
    [
        lambda p: p,
        lambda p: replace(p, series=p.series[:1], status="review"),
        lambda p: with_tick(p, pixel=201.2, box=LABEL.moved(0.3, 0.0)),
        lambda p: with_y(p, pixels=(200.4, 20.4)),
        lambda p: with_y(p, label=" lo ss"),
        lambda p: replace(p, legend=replace(p.legend, box=p.legend.box.moved(-200.0, 100.0))),
    ],
)
def test_what_is_no_difference_of_layout(make: Callable[[Panel], Panel]) -> None:
    assert layout_differences(changed(make), make_reading(linear_panel())) == ()


def test_the_number_of_panels_and_a_tilt_are_told_first() -> None:
    template = make_reading(linear_panel())
    assert layout_differences(make_reading(), template) == ("the picture has 0 panels, the template 1",)
    upright = template.picture
    askew = replace(template, picture=Picture(name="a", rgb=upright.rgb, sha256=upright.sha256, tilt_deg=-1.25))
    assert layout_differences(askew, template) == ("the picture stands askew, by 1.25 degrees",)


@pytest.mark.parametrize(
    ("place", "told"), [((64.0, 10.0), True), ((200.0, 100.0), False), ((20.0, 236.0), False), ((60.0, 210.0), False)]
)
def test_words_near_the_panels_are_told_where_the_template_has_none(place: tuple[float, float], told: bool) -> None:
    box = Box(place[0] - 6, place[1] - 3, place[0] + 6, place[1] + 3)
    word = Word(box=box, text="1e6", number="1e6", confidence=0.9, number_confidence=0.9)
    template = make_reading(linear_panel())
    found = layout_differences(replace(template, words=(*template.words, word)), template)
    assert any("'1e6'" in text for text in found) == told


def test_names_of_a_legend_that_stands_elsewhere_are_no_new_words() -> None:
    template = make_reading(linear_panel())
    box = Box(384.0, 50.0, 398.0, 60.0)
    word = Word(box=box, text="Series A", number="", confidence=0.9, number_confidence=0.0)
    moved = replace(make_reading(with_entry(linear_panel(), word_box=box)), words=(*template.words, word))
    assert layout_differences(moved, template) == ()


def test_lines_in_colours_that_the_template_lacks_are_strange() -> None:
    template = make_reading(linear_panel())
    assert curve_colors(template.panels[0])[:2] == (RED, BLUE)
    assert strange_inks(template, template) == ()
    panel = linear_panel()
    other = make_reading(replace(panel, series=(replace(panel.series[0], color=GREEN), *panel.series[1:])))
    assert strange_inks(other, template) == ("panel 1 has a line in #2ca02c, a colour that the template's has not",)


def test_a_paler_line_beside_one_of_its_ink_is_no_strange_one() -> None:
    template, panel = make_reading(linear_panel()), linear_panel()
    pale = replace(panel.series[0], color=(224, 92, 92))
    assert strange_inks(make_reading(replace(panel, series=(*panel.series, pale))), template) == ()
    assert strange_inks(make_reading(replace(panel, series=(pale,))), template)
