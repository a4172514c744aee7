"""Claims held against a reading whose numbers are known: what is confirmed, refuted, and cannot be told."""

import math

import pytest

import digitize
from digitize.claims.match import NoMatchError, find_panels, find_series
from digitize.errors import UsageError
from tests.readings import date_panel, linear_panel, make_reading


def outcome(reading, text, **options):
    """The verdicts of a text's claims, looks and names left out."""
    check = digitize.check(reading, text, **options)
    return [one.outcome for one in check.verdicts]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Series A is 0.3 at x=8.", "confirmed"),
        ("Series A is 0.305 at x=8.", "confirmed"),
        ("Series A is 0.34 at x=8.", "refuted"),
        ("Series A is about 0.31 at x=8.", "confirmed"),
        ("Series A is 0.7 at x=50.", "undecidable"),
        ("Series B is 0.4 at x=18.", "undecidable"),
        ("Series C is 0.4 at x=8.", "undecidable"),
        ("Series A starts at 0.1.", "confirmed"),
        ("Series A starts at 0.2.", "refuted"),
        ("Series A starts at 0.1 (x=10).", "refuted"),
        ("Series A ends at 0.70 (x=32).", "confirmed"),
        ("Series A peaks at 0.70.", "confirmed"),
        ("Series A peaks at 0.70 at x=32.", "confirmed"),
        ("Series A peaks at 0.70 at x=20.", "refuted"),
        ("Series A peaks at 0.60.", "refuted"),
        ("The minimum of Series A is 0.10 at x=0.", "confirmed"),
        ("The mean of Series A is 0.45.", "confirmed"),
        ("The mean of Series A is 0.50.", "refuted"),
        ("Series A rises to 0.50 by x=16.", "confirmed"),
        ("Series A falls to 0.50 by x=16.", "refuted"),
        ("Series A rises from 0.10 at x=0 to 0.60 at x=16.", "refuted"),
        ("Series A gains 0.40 from x=0 to x=16.", "confirmed"),
        ("Series A gains 0.20 from x=0 to x=16.", "refuted"),
        ("Series A stays between 0.05 and 0.75.", "confirmed"),
        ("Series A stays between 0.05 and 0.60.", "refuted"),
        ("Series A stays between 0.05 and 0.60 until x=20.", "confirmed"),
        ("Series A stays above 0.25 after x=8.", "confirmed"),
        ("Series A never exceeds 0.50.", "refuted"),
        ("Series A fluctuates between 0.10 and 0.70.", "confirmed"),
        ("Series A fluctuates between 0.00 and 0.90.", "refuted"),
        ("Series A stays flat.", "refuted"),
        ("Series A is above Series B after x=20.", "confirmed"),
        ("Series A is above Series B from x=0 to x=8.", "refuted"),
        ("Series B is above Series A until x=8.", "confirmed"),
        ("Series A and Series B cross.", "confirmed"),
        ("Series A and Series B never cross.", "refuted"),
        ("The largest gap is 0.70 at x=0.", "confirmed"),
        ("The largest gap is 0.40.", "refuted"),
        ("The difference between Series A and Series B is 0.30 at x=8.", "confirmed"),
        ("Series B has a gap from x=8 to x=24.", "confirmed"),
        ("Series A has a gap.", "refuted"),
        ("Series A spikes to 0.5 at x=16.", "refuted"),
        ("Series A is red.", "confirmed"),
        ("Series A is green.", "refuted"),
        ("Series A is dashed.", "refuted"),
        ("Series A isn't below 0.2 at x=8.", "confirmed"),
        ("Series A cannot exceed 0.75.", "confirmed"),
        ("Series A ends below 0.75.", "confirmed"),
        ("Series A ends below 0.60.", "refuted"),
        ("Series A starts above Series B.", "refuted"),
        ("Series A finishes higher than Series B.", "confirmed"),
        ("The maximum of Series A is more than 0.60.", "confirmed"),
        ("The mean of Series A is less than 0.40.", "refuted"),
        ("The lowest value of Series A after x=8 is 0.30.", "confirmed"),
        ("The lowest value of Series A after x=8 is 0.10.", "refuted"),
        ("The maximum of Series A between x=0 and x=16 is 0.50.", "confirmed"),
        ("Series A rises by 600%.", "confirmed"),
        ("Series A rises by 300%.", "refuted"),
        ("Series A rises monotonically.", "confirmed"),
        ("Series A overtakes Series B between x=8 and x=24.", "confirmed"),
        ("Series B overtakes Series A between x=8 and x=24.", "refuted"),
        ("Unlike Series A, Series B starts at 0.80.", "confirmed"),
        ("The y-axis ranges from 0 to 0.9.", "confirmed"),
        ("The y-axis ranges from 0 to 1.2.", "refuted"),
        ("X-axis: from 0 to 32", "confirmed"),
        ("The y-axis is logarithmic.", "refuted"),
        ('X-axis: labelled "step"', "confirmed"),
        ('X-axis: labelled "epoch"', "refuted"),
        ("The figure holds one chart.", "confirmed"),
        ("The figure holds two charts.", "refuted"),
        ("The legend is on the right.", "refuted"),
        ("The legend is inside.", "confirmed"),
        ("There are no gridlines.", None),
    ],
)
def test_a_claim_gets_the_verdict_that_the_numbers_give(one, text, verdict):
    found = outcome(one, text)
    if verdict is not None:
        assert found == [verdict]


def test_a_refuted_claim_says_what_was_measured_and_by_how_much_it_is_off(one):
    (verdict,) = digitize.check(one, "Series A is 0.34 at x=8.").verdicts
    (number,) = verdict.measured
    assert (number.low, number.off) == (pytest.approx(0.3, abs=2e-3), pytest.approx(0.04, abs=2e-3))
    assert number.error > 0
    assert "0.3" in verdict.why
    assert "off by 0.0" in verdict.why
    assert (verdict.panel.label, [match.label for match in verdict.series]) == ("actor/kl_loss", ["Series A"])
    assert verdict.at == (pytest.approx(140), pytest.approx(200 - 0.34 * 200))


def test_a_value_read_by_eye_is_not_refuted_for_a_hundredth_of_the_axis(one):
    assert outcome(one, "Series A is 0.3125 at x=8.") == ["refuted"]
    assert outcome(one, "Series A is 0.309 at x=8.") == ["confirmed"]


@pytest.mark.parametrize(("tolerance", "verdict"), [("0.05", "confirmed"), ("0.01", "refuted"), ("10%", "confirmed")])
def test_a_given_tolerance_takes_the_place_of_the_usual_one(one, tolerance, verdict):
    assert outcome(one, "Series A is 0.34 at x=8.", tolerance=tolerance) == [verdict]


def test_a_tolerance_that_is_none_is_told(one):
    with pytest.raises(UsageError, match="neither a number"):
        digitize.check(one, "x", tolerance="much")


def test_few_digits_leave_it_open_and_whole_numbers_do_not(one):
    assert outcome(one, "Series A ends at 0.") == ["refuted"]
    (verdict,) = digitize.check(make_reading(date_panel(title="t")), "It ends at 0.").verdicts
    assert verdict.outcome in ("confirmed", "refuted")


@pytest.mark.parametrize(
    "text",
    [
        "Series A's peak isn’t 0.9.",
        "Does Series A end at 0.9?",
        "If Series A had ended at 0.9, it would stand out.",
        "The y-axis is not logarithmic.",
        "It took Series A 20 steps to get there.",
    ],
)
def test_what_is_denied_asked_or_supposed_is_no_claim(one, text):
    check = digitize.check(one, text)
    assert (check.verdicts, len(check.not_understood)) == ((), 1)


def test_values_told_apart_by_names_belong_to_each(one):
    assert outcome(one, "Series A and Series B end at 0.70 and 0.30, respectively.") == ["confirmed", "confirmed"]
    assert outcome(one, "The final values are 0.70 (Series A) and 0.30 (Series B).") == ["confirmed", "confirmed"]
    assert outcome(one, "Series A and Series B end at 0.30 and 0.70, respectively.") == ["refuted", "refuted"]


def test_a_chart_may_be_named_behind_its_axis(four):
    assert outcome(four, "The y-axis of a | b_c* ranges from 0 to 90.") == ["confirmed"]
    assert outcome(four, "The y-axis of a | b_c* ranges from 0 to 50.") == ["refuted"]


def test_what_holds_of_all_must_hold_of_each(one):
    assert outcome(one, "Both lines start at 0.8.") == ["refuted"]
    assert outcome(one, "Both lines stay below 0.95.") == ["confirmed"]


def test_charts_are_found_by_title_part_number_and_place(four):
    names = ("kl_loss", "chart 2", "the third chart", "Load")
    assert [find_panels(four, name)[0].panel.number for name in names] == [1, 2, 3, 2]
    with pytest.raises(NoMatchError, match="no chart is called"):
        find_panels(four, "throughput")
    with pytest.raises(NoMatchError, match="which of the 4"):
        find_panels(four, None)


def test_series_are_found_by_name_spelling_and_colour(one):
    panel = one.panels[0]
    found = [find_series(panel, name)[0].match.label for name in ("Series A", "series a", "Serie B", "red", "blue")]
    assert found == ["Series A", "Series A", "Series B", "Series A", "Series B"]
    with pytest.raises(NoMatchError, match="there are: Series A, Series B"):
        find_series(panel, "baseline")


def test_times_and_categories_are_places(four):
    text = "In Load, the line is 1.0 at x = 2024-01-06 and 0.010 at x = 2024-01-11."
    assert outcome(four, text) == ["confirmed", "confirmed"]
    assert outcome(four, "In chart 3, sales is 40 at x = Feb.") == ["confirmed"]
    assert outcome(four, "In chart 3, sales is 10 at x = Feb.") == ["refuted"]
    assert outcome(four, "In chart 3, sales is 10 at x = Dec.") == ["undecidable"]


def test_nothing_is_said_of_a_refused_chart(four):
    assert outcome(four, "In broken, Series A ends at 0.7.") == ["undecidable"]


def test_a_doubtful_chart_is_marked(one):
    doubtful = make_reading(linear_panel(status="review"))
    assert [one.doubtful for one in digitize.check(doubtful, "Series A ends at 0.7.").verdicts] == [True]
    assert [one.doubtful for one in digitize.check(one, "Series A ends at 0.7.").verdicts] == [False]


def test_a_check_is_a_table(one):
    frame = digitize.check(one, "Series A ends at 0.7. Series A starts at 0.5.").to_frame()
    assert list(frame.verdict) == ["confirmed", "refuted"]
    assert list(frame.series) == ["Series A", "Series A"]
    assert frame.claimed[1] == 0.5
    assert math.isclose(frame.low[1], 0.1, abs_tol=1e-3)
