"""Titles and labels told apart by where words stand; areas, tick labels and legends are given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from digitize.model import Box, Legend, LegendEntry, Picture, PlotArea, Swatch, TickLabel, TickLabels, Word
from digitize.stages.labels import find_titles

HEIGHT = 10.0
PICTURE = Picture(name="chart.png", rgb=np.full((700, 1000, 3), 255, dtype=np.uint8), sha256="")
AREA = Box(100, 100, 500, 300)


def word(text: str, x: float, y: float, angle: int = 0, height: float = HEIGHT, color: int = 60) -> Word:
    """A word of capitals and ascenders centred at (x, y)."""
    length = 0.6 * height * len(text)
    wide, high = (length, height) if angle == 0 else (height, length)
    box = Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    return Word(
        box=box, text=text, number="", confidence=1, number_confidence=0, angle=angle,
        height_px=height * (1.27 if set(text) & set("gjpqy()/_@") else 1.0), color=(color, color, color),
    )  # fmt: skip


def ticks_of(area: Box, right: bool = False) -> tuple[TickLabels, ...]:
    below = [word(str(k), x, area.bottom + 12) for k, x in enumerate(np.linspace(area.left, area.right, 5))]
    beside = [word(f"{k}.5", area.left - 16, y) for k, y in enumerate(np.linspace(area.bottom, area.top, 5))]
    rows = [
        TickLabels(axis="x", side="bottom", labels=tuple(TickLabel(word=w, center_px=w.box.center[0]) for w in below)),
        TickLabels(axis="y", side="left", labels=tuple(TickLabel(word=w, center_px=w.box.center[1]) for w in beside)),
    ]
    if right:
        beyond = [replace(w, box=Box(area.right + 8, w.box.top, area.right + 26, w.box.bottom)) for w in beside]
        labels = tuple(TickLabel(word=w, center_px=w.box.center[1]) for w in beyond)
        rows.append(TickLabels(axis="y2", side="right", labels=labels))
    return tuple(rows)


def read(  # type: ignore[no-untyped-def]
    words: list[Word],
    areas: tuple[Box, ...] = (AREA,),
    legend: Legend | None = None,
    right: bool = False,
    picture: Picture = PICTURE,
):
    panels = [PlotArea(box=box, background=(255, 255, 255)) for box in areas]
    ticks = [ticks_of(box, right) for box in areas]
    spoken = [label.word for rows in ticks for row in rows for label in row.labels]
    return find_titles(picture, panels, ticks, [legend] * len(areas), [*words, *spoken])


def test_title_and_three_axis_labels() -> None:
    (found,) = read(
        [
            word("eval/math-eval/accuracy/mean", 300, 85),
            word("step", 300, 335),
            word("loss (nats)", 60, 200, angle=90),
            word("rate", 545, 200, angle=270),
        ],
        right=True,
    )
    assert (found.title, found.x_label) == ("eval/math-eval/accuracy/mean", "step")
    assert (found.y_label, found.y2_label) == ("loss (nats)", "rate")
    assert found.figure_title is None


def test_nothing_there_is_none() -> None:
    (found,) = read([])
    assert (found.title, found.x_label, found.y_label, found.y2_label) == (None, None, None, None)


def test_split_words_are_joined_in_reading_order() -> None:
    (found,) = read(
        [
            word("tion", 357, 85), word("Valida", 322, 85), word("Loss:", 283, 85),
            word("(g)", 60, 170, angle=90), word("weight", 60, 203, angle=90),
        ]
    )  # fmt: skip
    assert found.title == "Loss: Valida tion"
    assert found.y_label == "weight (g)"


def test_title_of_two_lines() -> None:
    (found,) = read([word("A first line", 300, 68), word("and one more", 300, 82)])
    assert found.title == "A first line and one more"


@pytest.mark.parametrize("text", ["2021", "Jan 2020", "3.5", "2020-05-01"])
def test_a_second_row_of_dates_is_no_axis_label(text: str) -> None:
    (found,) = read([word(text, 300, 328)])
    assert found.x_label is None


def test_a_caption_is_no_axis_label() -> None:
    caption = word("Figure 4. Training accuracy is omitted for clarity, see the table for all seeds.", 330, 340)
    (found,) = read([caption])
    assert found.x_label is None


def test_plain_text_over_the_axis_end_is_its_label_and_bold_text_is_a_title() -> None:
    (plain,) = read([word("count", 105, 85)])
    (bold,) = read([word("count", 105, 85, height=14, color=0)])
    assert (plain.title, plain.y_label) == (None, "count")
    assert (bold.title, bold.y_label) == ("count", None)


def test_title_above_a_legend() -> None:
    entry = LegendEntry(
        name="run", swatch=Swatch(box=Box(250, 80, 280, 90), color=(200, 0, 0)), word_box=Box(285, 80, 340, 90)
    )
    legend = Legend(entries=(entry,), box=Box(250, 80, 340, 90))
    (found,) = read([word("Title", 300, 60), word("run", 312, 85)], legend=legend)
    assert found.title == "Title"


def test_stacked_panels_share_out_the_lines_between_them() -> None:
    areas = (Box(100, 100, 500, 250), Box(100, 350, 500, 500))
    upper, lower = read([word("time", 300, 280), word("Lower", 300, 335), word("Upper", 300, 85)], areas)
    assert (upper.title, upper.x_label) == ("Upper", "time")
    assert (lower.title, lower.x_label) == ("Lower", None)


def test_panels_in_a_row_have_their_own_titles_and_one_heading() -> None:
    areas = (Box(100, 100, 400, 300), Box(500, 100, 800, 300))
    words = [word("left/a", 250, 85), word("right/b", 650, 85), word("Both of them", 435, 40, height=14)]
    words += [word("value", 455, 200, angle=90)]
    first, second = read(words, areas)
    assert (first.title, second.title) == ("left/a", "right/b")
    assert (first.y2_label, second.y_label) == (None, "value")
    assert first.figure_title == second.figure_title == "Both of them"


def test_words_inside_are_annotations() -> None:
    (found,) = read([word("warmest year", 300, 150)])
    assert [w.text for w in found.annotations] == ["warmest year"]


def test_what_is_hardly_read_inside_is_a_piece_of_a_curve_and_no_annotation() -> None:
    (found,) = read([word("warmest year", 300, 150), replace(word("*HHIHHi", 200, 100), confidence=0.58)])
    assert [w.text for w in found.annotations] == ["warmest year"]


def test_lone_letters_inside_are_markers_and_no_annotations() -> None:
    words = [word(sign, x, 150) for sign, x in (("O", 200), ("x", 300), ("--V--", 400))] + [word("7", 450, 150)]
    (found,) = read(words)
    assert [w.text for w in found.annotations] == ["7"]


def test_moving_everything_changes_nothing() -> None:
    words = [word("Title", 300, 85), word("step", 300, 335), word("loss", 60, 200, angle=90)]
    moved = [replace(w, box=Box(w.box.left + 200, w.box.top + 90, w.box.right + 200, w.box.bottom + 90)) for w in words]
    (here,) = read(words)
    (there,) = read(moved, areas=(Box(300, 190, 700, 390),))
    assert (here.title, here.x_label, here.y_label) == (there.title, there.x_label, there.y_label)


def test_a_turned_text_centred_along_the_axis_is_its_label_from_afar() -> None:
    (found,) = read([word("residual", 5, 200, angle=90)])
    assert found.y_label == "residual"
    (found,) = read([word("residual", 5, 120, angle=90)])
    assert found.y_label is None


def test_a_lone_letter_centred_along_the_axis_is_its_label_from_afar() -> None:
    (found,) = read([word("y", 15, 200)])
    assert found.y_label == "y"
    for text, y in (("y", 120), ("max", 200)):
        (found,) = read([word(text, 15, y)])
        assert found.y_label is None


def test_a_label_between_figures_that_reach_beyond_it() -> None:
    panel = PlotArea(box=AREA, background=(255, 255, 255))
    x, y = ticks_of(AREA)
    last = y.labels[0]
    long = replace(last, word=replace(last.word, box=last.word.box._replace(left=30.0), text="0.000000001"))
    words = [word("mV", 50, 225, angle=90), *(label.word for label in (*x.labels, long, *y.labels[1:]))]
    (found,) = find_titles(PICTURE, [panel], [(x, replace(y, labels=(long, *y.labels[1:])))], [None], words)
    assert found.y_label == "mV"


def test_a_large_title_may_stand_higher_than_a_small_one() -> None:
    (found,) = read([word("New registrations", 300, 20, height=13)])
    assert found.title == "New registrations"
    (found,) = read([word("New registrations", 300, 35)])
    assert found.title is None


def test_a_title_over_a_legend_at_the_left_of_the_axis() -> None:
    area = Box(400, 100, 800, 300)
    swatch = Swatch(box=Box(180, 120, 200, 124), color=(0, 0, 200), kind="line")
    entries = tuple(
        LegendEntry(name=f"run {k}", swatch=swatch, word_box=Box(210, y, 270, y + 10), confidence=1.0)
        for k, y in enumerate((120, 140))
    )
    legend = Legend(entries=entries, box=Box(180, 118, 270, 152))
    title = word("Yield per hectare", 240, 80)
    (found,) = read([title], areas=(area,), legend=legend)
    assert found.title == "Yield per hectare"
    (found,) = read([title], areas=(area,))
    assert found.title is None


def test_titles_of_a_grid_stand_alike_however_near_to_the_panel_above() -> None:
    areas = Box(100, 100, 400, 300), Box(100, 352, 400, 552)
    first, second = read([word("train", 250, 76, height=13), word("validation", 250, 328, height=13)], areas=areas)
    assert (first.title, first.x_label, second.title) == ("train", None, "validation")
    # In the size of the tick labels it is the name of the axis above.
    first, second = read([word("train", 250, 76), word("validation", 250, 328)], areas=areas)
    assert (first.x_label, second.title) == ("validation", None)
    # So it is where the name of the lower axis stands likewise.
    words = [word("train", 250, 74, height=13), word("step", 250, 326, height=13), word("step", 250, 578, height=13)]
    first, second = read(words, areas=areas)
    assert (first.x_label, second.title, second.x_label) == ("step", None, "step")


@pytest.mark.parametrize(
    "lower",
    [(Box(100, 460, 400, 580), Box(500, 400, 800, 580)), (Box(100, 400, 400, 580), Box(500, 330, 800, 580))],
    ids=["found too low", "found too tall"],
)
def test_a_text_in_line_with_the_title_beside_it_is_a_title_however_tall_its_panel_was_found(
    lower: tuple[Box, Box],
) -> None:
    areas = Box(100, 100, 400, 300), Box(500, 100, 800, 300), *lower
    words = [word(text, x, y) for text, x, y in (("a1", 250, 76), ("b1", 650, 76), ("a2", 250, 360), ("b2", 650, 360))]
    words = [replace(one, text=f"title {one.text}") for one in words]
    found = read(words, areas)
    assert [text.title for text in found] == ["title a1", "title b1", "title a2", "title b2"]
    assert [text.x_label for text in found] == [None] * 4


def test_a_text_as_far_above_its_panel_as_the_titles_above_and_beneath_is_a_title() -> None:
    areas = Box(100, 100, 400, 250), Box(100, 400, 400, 550), Box(100, 700, 400, 900)
    words = [word("first", 250, 54), word("second", 250, 349), word("third", 250, 654)]
    assert [text.title for text in read(words, areas)] == ["first", "second", "third"]


def test_a_lone_text_that_starts_with_the_plot_area_is_its_title() -> None:
    (found,) = read([word("queue wait", 130, 85)])
    assert (found.title, found.y_label) == ("queue wait", None)
    (found,) = read([word("queue wait", 130, 85), word("Servers", 300, 60, height=14, color=0)])
    assert (found.title, found.y_label) == ("Servers", "queue wait")
    # What is centred over the axis is its name.
    (found,) = read([word("rate of", 100, 85)])
    assert (found.title, found.y_label) == (None, "rate of")


def test_text_beside_a_panel_without_a_second_axis_is_the_label_of_the_next() -> None:
    left, right = Box(100, 100, 400, 300), Box(490, 100, 800, 300)
    first, second = read([word("loss", 425, 200, angle=90)], areas=(left, right))
    assert (first.y2_label, second.y_label) == (None, "loss")


def test_figures_on_end_are_no_axis_label() -> None:
    (found,) = read([word("customers", 45, 200, angle=90), word("0", 68, 180, angle=90)])
    assert found.y_label == "customers"


def test_text_in_line_with_the_axis_and_a_little_larger_than_its_labels_is_a_title() -> None:
    text, length = "val/acc", 0.6 * 12 * 7
    (found,) = read([word(text, AREA.left + length / 2, 82, height=12)])
    assert (found.title, found.y_label) == (text, None)
    (found,) = read([word(text, AREA.left - 12 + length / 2, 82, height=12)])
    assert (found.title, found.y_label) == (None, text)


def test_a_title_may_be_centred_over_the_panel_and_its_legend() -> None:
    swatch = Swatch(box=Box(570, 120, 590, 124), color=(0, 0, 200), kind="line")
    entry = LegendEntry(name="run", swatch=swatch, word_box=Box(600, 120, 720, 130), confidence=1.0)
    legend = Legend(entries=(entry,), box=Box(570, 118, 720, 132))
    (found,) = read([word("Yield", 400, 82), word("kg", 60, 200, angle=90)], legend=legend)
    assert found.title == "Yield"


def test_specks_read_as_letters_do_not_tell_how_large_text_is() -> None:
    specks = [word("I", 120 + 15 * k, 200, height=4) for k in range(20)]
    (found,) = read([word("wavenumber (1/cm)", 300, 342), *specks])
    assert found.x_label == "wavenumber (1/cm)"


def test_a_legend_beside_the_plot_area_stands_under_no_title() -> None:
    entry = LegendEntry(
        name="run", swatch=Swatch(box=Box(5, 40, 12, 50), color=(200, 0, 0)), word_box=Box(15, 40, 45, 50)
    )
    legend = Legend(entries=(entry,), box=Box(5, 40, 45, 90))
    (found,) = read([word("Results", 110, 34, height=12), word("Absorption", 300, 80, height=12)], legend=legend)
    assert found.title == "Absorption"


@pytest.mark.parametrize(
    ("x", "y", "found"), [(218, 334, True), (190, 334, False), (270, 352, True), (218, 352, False)]
)
def test_a_label_centred_under_all_of_the_panel_or_exactly_but_farther_off(x: float, y: float, found: bool) -> None:
    (texts,) = read([word("step", x, y), word("loss", 100, 200, angle=90)], (Box(200, 100, 340, 300),))
    assert texts.x_label == ("step" if found else None)


def card(panels: int = 1) -> Picture:
    """A page with one card for each panel, high above whose plot area the card's head stands."""
    rgb = np.full((700, 1000, 3), 210, dtype=np.uint8)
    for k in range(panels):
        rgb[20:360, 40 + 480 * k : 500 + 480 * k] = 255
    return replace(PICTURE, rgb=rgb)


@pytest.mark.parametrize(("cards", "title"), [(2, "Replicas"), (0, None)])
def test_the_head_of_a_card_is_the_title_of_its_panel_however_far_up(cards: int, title: str | None) -> None:
    areas = (Box(100, 160, 480, 300), Box(580, 160, 960, 300))
    words = [word("Replicas", 96, 42, height=12), word("Nodes", 576, 42, height=12)]
    found = read(words, areas, picture=card(cards))
    assert [texts.title for texts in found] == [title, title and "Nodes"]
    first = read(words[:1], areas, picture=card(cards))
    assert first[0].title is None


def test_the_box_of_a_legend_over_the_plot_area_is_no_gutter() -> None:
    rgb = PICTURE.rgb.copy()
    rgb[62:94, 90:510] = 225
    swatch = Swatch(box=Box(200, 76, 220, 80), color=(0, 0, 200), kind="line")
    entry = LegendEntry(name="run", swatch=swatch, word_box=Box(230, 73, 260, 83), confidence=1.0)
    legend = Legend(entries=(entry,), box=Box(90, 62, 510, 94))
    (found,) = read([word("Growth", 300, 40, height=14)], legend=legend, picture=replace(PICTURE, rgb=rgb))
    assert found.title == "Growth"
