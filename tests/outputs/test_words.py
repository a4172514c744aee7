import io

import pytest
from rich.console import Console

from digitize.errors import UsageError
from digitize.outputs.description import to_markdown
from digitize.outputs.narrow import narrow
from digitize.outputs.notebook import to_html
from digitize.outputs.summary import to_summary
from tests.readings import linear_panel, make_reading


def as_text(reading, x=None):
    console = Console(file=io.StringIO(), width=120)
    console.print(to_summary(reading, x))
    return console.file.getvalue()


def test_the_description_says_what_a_good_caption_says(reading):
    text = to_markdown(reading)
    assert "A figure of 4 panels in 400 × 240 pixels." in text
    assert "## Panel 1: actor/kl\\_loss" in text
    assert "- x: step, linear, 0 to 32" in text
    assert "- y: loss, linear, 0 to 0.9" in text
    assert "**Series A** (#d62728, solid): from 0.1 at x = 0 to 0.7 at x = 32; lowest 0.1 at x = 0" in text
    assert "| step | Series A | Series B | Series B (raw) |" in text
    assert "| 32 | 0.7 | 0.3 | 0.2 |" in text
    assert "- y: (%), log, 0.001 to 1" in text
    assert "highest 40 at x = Feb" in text
    assert "status: refused" in text
    assert "only one tick of the y axis could be read (`few_ticks`)" in text


def test_titles_with_signs_stand_as_printed(reading):
    assert "## Panel 3: a \\| b\\_c\\*" in to_markdown(reading)


def test_without_a_chart_the_description_says_why():
    text = to_markdown(make_reading())
    assert "No line chart." in text
    assert "no axes with readable ticks were found" in text


def test_the_summary_names_panels_axes_series_and_reasons(reading):
    text = as_text(reading)
    for part in (
        "4 panels",
        "actor/kl_loss",
        "refused",
        "few_ticks",
        "2 of 3 ticks",
        "0.12 px",
        "Series B (raw)",
    ):
        assert part in text
    assert "first of 3 frames" in text


def test_the_summary_gives_values_at_chosen_x():
    text = as_text(make_reading(linear_panel()), ["0", "8"])
    assert "0.3" in text
    assert "0.6" in text


def test_names_that_look_like_markup_are_printed_as_they_are():
    assert "[red]loss[/]" in as_text(make_reading(linear_panel(title="[red]loss[/]")))


def test_the_notebook_view_stands_alone_and_escapes_names():
    html = to_html(make_reading(linear_panel(title="<script>")))
    assert "data:image/png;base64," in html
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "<table" in html


def test_narrowing_keeps_chosen_panels_and_series(reading):
    assert [panel.title for panel in narrow(reading, ["A | B_c*", "2"]).panels] == [None, "a | b_c*"]
    chosen = narrow(reading, ["1"], ["series b", "Series B (raw)"]).panels[0].series
    assert [series.raw_of for series in chosen] == [None, 0]
    assert narrow(reading, ["1"], ["3"]).panels[0].series[0].raw_of is None


def test_narrowing_to_nothing_names_what_there_is(reading):
    with pytest.raises(UsageError, match=r"no panel '9'; there are: 1 actor/kl_loss, 2, 3 a \| b_c"):
        narrow(reading, ["9"])
    with pytest.raises(UsageError, match="no series 'Z'; there are: Series A"):
        narrow(reading, ["1"], ["Z"])
