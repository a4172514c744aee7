"""Sentences as claims: what is said, of whom, where, and where its numbers stand in the text."""

import pytest

from digitize.claims.document import read_blocks
from digitize.claims.entities import Vocabulary
from digitize.claims.prose import numbers_of, read_prose

KNOWN = Vocabulary(charts=("eval/accuracy", "actor/kl_loss"), series=("Series A", "Series B"))


def shown(number):
    return None if number is None else number.name or number.text


def told(text, known=KNOWN):
    """Each claim as (kind, series, start, stop, low, high), with what it says besides."""
    return [
        (
            claim.kind.value,
            claim.series,
            *(shown(one) for one in (claim.start, claim.stop, claim.low, claim.high)),
            *filter(None, [claim.word, claim.other, shown(claim.before), shown(claim.step), claim.words]),
        )
        for claim in read_prose(text, known)[0]
    ]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        (
            "Series A starts at 0.24 (x=0), peaks at 0.35 (x=15), then declines to 0.32 (x=30).",
            [
                ("first", "Series A", "0", "0", "0.24", "0.24"),
                ("maximum", "Series A", "15", "15", "0.35", "0.35"),
                ("move", "Series A", "15", "30", "0.32", "0.32", "falls"),
            ],
        ),
        (
            "Series A drops from 0.5 at x=5 to 0.02 at x=20 with minor fluctuations.",
            [("move", "Series A", "5", "20", "0.02", "0.02", "falls", "0.5")],
        ),
        ("Series B fluctuates between 0.4–0.5.", [("extent", "Series B", None, None, "0.4", "0.5")]),
        (
            "Series B stays between 0.4 and 0.5 from x = 3 to x = 9.",
            [("within", "Series B", "3", "9", "0.4", "0.5")],
        ),
        ("Series B stays above 0.3 after x=5.", [("within", "Series B", "5", None, "0.3", None)]),
        ("Series B never drops below 0.3.", [("within", "Series B", None, None, "0.3", None)]),
        ("Both lines peak around x=10–15.", [("maximum", "*", "10", "15", None, None)]),
        ("Red line stays above blue after x=15", [("above", "red", "15", None, None, None, "blue")]),
        ("Series A is below Series B until x=4.", [("above", "Series B", None, "4", None, None, "Series A")]),
        (
            "The two lines cross at x = 3.7 and x = 13.6.",
            [("crossing", None, "3.7", "3.7", None, None), ("crossing", None, "13.6", "13.6", None, None)],
        ),
        (
            "They cross once, at around x=11.",
            [("crossing", None, "11", "11", None, None), ("crossings", None, None, None, "once", None)],
        ),
        ("They cross twice.", [("crossings", None, None, None, "twice", None)]),
        ("Series A and Series B never cross.", [("crossings", "Series A", None, None, "0", None, "Series B")]),
        ("The largest gap is 0.6 at x=20.", [("farthest", None, "20", "20", "0.6", None)]),
        (
            "At x=15, Series A is 0.45 and Series B is 0.80.",
            [
                ("value", "Series A", "15", "15", "0.45", "0.45"),
                ("value", "Series B", "15", "15", "0.80", "0.80"),
            ],
        ),
        ("Series A tops out at (10, 0.35).", [("maximum", "Series A", "10", "10", "0.35", "0.35")]),
        ("Over the last 10 steps Series A ranges from 0.1 to 0.2.", [("extent", "Series A", "10", None, "0.1", "0.2")]),
        ("The average of Series A is 0.09.", [("mean", "Series A", None, None, "0.09", "0.09")]),
        ("Series A gains 0.08 from x=0 to x=30.", [("move", "Series A", "0", "30", None, None, "rises", "0.08")]),
        ("The y-axis ranges from 0 to 0.2 with ticks every 0.05.",
         [("axis ticks", None, None, None, None, None, "0.05"), ("axis range", None, None, None, "0", "0.2")]),
        ("Y-axis: 0.2 to 0.35", [("axis range", None, None, None, "0.2", "0.35")]),
        ("X-axis: labelled \"step\", logarithmic",
         [("axis scale", None, None, None, None, None, "log"), ("axis label", None, None, None, None, None, "step")]),
        ("Three charts are shown.", [("charts", None, None, None, "Three", None)]),
        ("The chart shows two lines.", [("count", None, None, None, "two", None)]),
        ("The legend is on the right.", [("legend", None, None, None, None, None, "right")]),
        ("No gridlines are visible.", [("gridlines", None, None, None, None, None, "none")]),
        ("Series A is more volatile than Series B.", [("restless", "Series A", None, None, None, None, "Series B")]),
        ("In Jan 2020 Series A is at 5.1.", [("value", "Series A", "Jan 2020", "Jan 2020", "5.1", "5.1")]),
        ("Series A rises to 7 in 2015.", [("move", "Series A", None, "2015", "7", "7", "rises")]),
    ],
)  # fmt: skip
def test_a_sentence_says(text, claims):
    found = told(text)
    for wanted in claims:
        assert wanted in found, found
    assert len(found) <= len(claims) + 1


def test_headings_bullets_and_labels_say_who_is_meant():
    text = """
## 1. `eval/accuracy`

- **Series A**: starts at 0.2
  - x=5: 0.32
- Blue line (Series B): ends at 0.5

### Right chart: actor/kl_loss

Series A peaks at 0.6. It ends at 0.4.
"""
    claims, missed = read_prose(text, KNOWN)
    curves = [(one.panel, one.series, one.kind.value) for one in claims if one.kind.value not in ("title", "color")]
    assert curves == [
        ("eval/accuracy", "Series A", "first"),
        ("eval/accuracy", "Series A", "value"),
        ("eval/accuracy", "Series B", "last"),
        ("actor/kl_loss", "Series A", "maximum"),
        ("actor/kl_loss", "Series A", "last"),
    ]
    assert missed == []


def test_tables_have_x_in_front_or_at_the_heads():
    upright = "| x | Series A | Series B |\n|---|---|---|\n| 5 | 0.1 | – |\n| 10 | 0.2 | 0.3 |\n"
    assert told(upright) == [
        ("value", "Series A", "5", "5", "0.1", "0.1"),
        ("value", "Series A", "10", "10", "0.2", "0.2"),
        ("value", "Series B", "10", "10", "0.3", "0.3"),
    ]
    turned = "| Panel | Line | x = 3 | x = 12 |\n|---|---|---|---|\n| kl_loss | Series B | 0.27 | 0.34 |\n"
    claims, _ = read_prose(turned, KNOWN)
    assert [(one.panel, one.series, shown(one.start), shown(one.low)) for one in claims] == [
        ("kl_loss", "Series B", "3", "0.27"),
        ("kl_loss", "Series B", "12", "0.34"),
    ]


def test_tables_have_statistics_or_a_value_a_row():
    statistics = "| Series | Start | Peak | End |\n|---|---|---|---|\n| Series A | 0.24 | 0.35 (x=15) | 0.32 |\n"
    assert told(statistics) == [
        ("first", "Series A", None, None, "0.24", "0.24"),
        ("maximum", "Series A", "15", "15", "0.35", "0.35"),
        ("last", "Series A", None, None, "0.32", "0.32"),
    ]
    single = "| chart | series | x | y |\n|---|---|---|---|\n| kl_loss | Series B | 5 | 0.2 |\n"
    (claim,), _ = read_prose(single, KNOWN)
    assert (claim.panel, claim.series, shown(claim.start), shown(claim.low)) == ("kl_loss", "Series B", "5", "0.2")


def test_a_heading_says_where_a_table_of_charts_is_read():
    text = "### Values at x=20\n\n| Chart | Series A | Series B |\n|---|---|---|\n| `actor/kl_loss` | 0.4 | 1.0 |\n"
    claims, _ = read_prose(text, KNOWN)
    assert [(one.panel, one.series, shown(one.start), shown(one.low)) for one in claims] == [
        ("actor/kl_loss", "Series A", "20", "0.4"),
        ("actor/kl_loss", "Series B", "20", "1.0"),
    ]


def test_an_outline_without_places_is_no_claim():
    claims, missed = read_prose("Series A climbs quickly, plateaus, and declines toward the finish.", KNOWN)
    assert (claims, len(missed)) == ([], 1)


def test_rows_that_say_nothing_of_curves_are_listed():
    claims, missed = read_prose("| Series | Notes |\n|---|---|\n| Series A | looks good |\n", KNOWN)
    assert claims == []
    assert [source.quote for source in missed] == ["Series A | looks good"]


def test_without_a_picture_a_text_names_its_own_parts():
    text = "### Throughput\n\n- Baseline: starts at 10, rises to 20 (x=5)\n- Improved (green): x=5: 30\n"
    claims, _ = read_prose(text)
    assert [(one.panel, one.series) for one in claims if one.kind.value in ("first", "move", "value")] == [
        ("Throughput", "Baseline"),
        ("Throughput", "Baseline"),
        ("Throughput", "Improved"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The training looks healthy.",
        "Series A does not rise to 0.5.",
        "Further work is needed.",
        "After the crossing, Series A remains above Series B.",
    ],
)
def test_what_is_no_claim_or_not_understood_is_listed(text):
    claims, missed = read_prose(text, KNOWN)
    assert claims == []
    assert [source.quote for source in missed] == [text]


def test_a_number_that_belongs_to_no_claim_is_listed():
    claims, (missed,) = read_prose("Series A peaks at 0.35 (x=15), 4 times what was planned.", KNOWN)
    assert [claim.kind.value for claim in claims] == ["maximum"]
    assert missed.quote.startswith("4 in")


def test_what_a_description_says_of_itself_is_no_claim():
    claims, missed = read_prose("## Doubts\n\n- Chart 1 says `review`: Series A falls to 0.3 at x=4.\n", KNOWN)
    assert claims == []
    assert len(missed) == 1


def test_every_number_knows_where_it_stands():
    text = (
        "# All\n\n> intro\n\n- **Series A**: starts at 0.24\n  (x=0), peaks at 0.35\n  - x=5: 0.32\n\n"
        "| x | Series B |\n|---|---|\n| 5 | 0.1 |\n"
    )
    claims, _ = read_prose(text, KNOWN)
    numbers = [number for claim in claims for number in numbers_of(claim) if number.name is None]
    assert len(numbers) >= 6
    for number in numbers:
        assert text[number.start : number.stop] == number.text
    assert [claim.source.line for claim in claims] == [5, 5, 7, 11]


def test_statements_end_at_full_stops_but_not_within_names():
    (block,) = read_blocks("`conc. (mg/l)` rises, e.g. to 0.5 at x=3")
    assert block.text == "`conc. (mg/l)` rises, e.g. to 0.5 at x=3"
    assert len(read_blocks("It rises. It falls.")) == 2
