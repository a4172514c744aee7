import io
import json

import pytest
from rich.console import Console

from digitize.errors import UsageError
from digitize.outputs.description import to_markdown
from digitize.outputs.facts import find_facts
from digitize.outputs.factsjson import facts_to_dict
from digitize.outputs.narrow import narrow
from digitize.outputs.notebook import to_html
from digitize.outputs.summary import to_summary
from tests.readings import date_panel, linear_panel, make_reading


def as_text(reading, x=None):
    console = Console(file=io.StringIO(), width=120)
    console.print(to_summary(reading, x))
    return console.file.getvalue()


def test_the_description_goes_from_the_whole_to_the_parts(reading):
    text = to_markdown(reading)
    heads = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert heads == [
        "Overview",
        "Components",
        "Detailed analysis",
        "Key observations",
        "Interpretation",
        "Anomalies",
        "Doubts",
    ]


def test_the_description_says_what_the_numbers_say(reading):
    text = to_markdown(reading)
    assert "The figure holds 4 line charts: `actor/kl_loss`, `a | b_c*` and `actor/kl_loss`." in text
    assert "- x-axis: label `step`, linear, range 0.0 to 32.0, ticks 0 to 32" in text
    assert "- legend: inside, upper right, with `Series A`" in text
    assert "- `Series A`: red (#d62728), solid" in text
    assert "- **Series A**: starts at 0.100 (x = 0) and rises to 0.700 (x = 32)." in text
    assert "Highest 0.700 at x = 32; lowest 0.100 at x = 0" in text
    assert "| 32.0 | 0.700 | 0.300 | 0.200 |" in text or "| 32 | 0.700 | 0.300 | 0.200 |" in text
    assert "`Series A` rises from 0.100 (x = 0) to 0.700 (x = 32): a worsening, as lower is better for loss." in text
    assert "in %, logarithmic, range 0.001" in text
    assert "Highest 40.0 at x = `Feb`" in text
    assert "- Chart 4 says `refused`: only one tick of the y axis could be read (`few_ticks`)." in text


def test_every_sentence_of_the_analysis_has_a_number_or_two_names():
    text = to_markdown(make_reading(linear_panel(), date_panel()))
    analysis = text[text.index("## Detailed analysis") : text.index("## Interpretation")]
    sentences = [line for line in analysis.splitlines() if line.lstrip().startswith("- ") and not line.endswith(":")]
    assert len(sentences) >= 5
    for line in sentences:
        for sentence in line.removesuffix(".").split(". "):
            assert any(character.isdigit() for character in sentence) or sentence.count("`") >= 4


def test_the_same_reading_gives_the_same_words(reading):
    assert to_markdown(reading) == to_markdown(reading)


def test_facts_as_data_have_iso_times_and_no_gaps_in_their_json(reading):
    told = facts_to_dict(find_facts(reading))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    linear, date, _, refused = told["charts"]
    assert linear["series"][0]["maximum"]["y"] == pytest.approx(0.7)
    assert linear["better"] == ["lower", "loss"]
    assert date["series"][0]["phases"][0]["start"]["x"] == "2024-01-01"
    assert refused["series"] == []


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
