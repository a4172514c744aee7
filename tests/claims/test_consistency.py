"""Statements that cannot both hold, and statements that can."""

import pytest

import digitize

HEAD = "### `a`\n\nCourses:\n- **Ada**: {0}\n- **Ada**: {1}\n"


def clashes(text):
    return [(one.first.source.line, one.second.source.line) for one in digitize.check(None, text).contradictions]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("fluctuates between 0.05 and 0.1", "x=20: 0.12"),
        ("stays within 0.05–0.20", "drops to 0.02"),
        ("x=20: 0.30", "x=20: 0.40"),
        ("peaks at 0.50", "x=3: 0.70"),
        ("peaks at 0.50", "peaks at 0.60"),
        ("the minimum is 0.20", "ends at 0.10"),
        ("stays above 0.40 after x=10", "x=12: 0.30"),
        ("starts at 0.20", "starts at 0.40"),
        ("the mean is 0.60", "peaks at 0.50"),
        ("rises from 0.2 at x=1 to 0.6 at x=5", "x=5: 0.30"),
        ("peaks at 0.50", "fluctuates between 0.20 and 0.80"),
    ],
)
def test_statements_that_cannot_both_hold_contradict_each_other(first, second):
    assert clashes(HEAD.format(first, second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("fluctuates between 0.05 and 0.1", "x=20: 0.08"),
        ("fluctuates between 0.05 and 0.1 until x=10", "x=20: 0.5"),
        ("x=20: 0.30", "x=21: 0.40"),
        ("x=20: 0.3", "x=20: 0.34"),
        ("peaks at 0.50", "x=3: 0.50"),
        ("peaks at 0.50 (x=4)", "a second peak of 0.40 at x=9"),
        ("starts at 0.20", "ends at 0.40"),
        ("stays above 0.40 after x=10", "x=5: 0.30"),
        ("stays around 0.5", "x=3: 0.52"),
        ("the maximum is 0.60", "after x=20 the maximum is 0.46"),
        ("starts above Bob", "ends below Bob"),
        ("ends above 0.30", "ends at 0.70"),
    ],
)
def test_statements_that_can_both_hold_do_not(first, second):
    assert clashes(HEAD.format(first, second)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("### `a`\n\n- y-axis: 0 to 1\n- Ada: x=4: 1.50\n", True),
        ("### `a`\n\nAda rises from 0.6 at x=1 to 0.2 at x=5.\n- Ada: x=1: 0.6\n", True),
        (
            "### `a`\n\n- Ada: x=5: 0.3\n- Bob: x=5: 0.5\n\nThe line Ada is above Bob from x=0 to x=9.\n",
            True,
        ),
        ("### `a`\n\n- Ada: x=5: 0.3\n- Bob: x=5: 0.5\n\nThe line Ada is below Bob from x=0 to x=9.\n", False),
        ("### `a`\n\n- Ada: x=5: 0.3\n- Bob: x=5: 0.5\n\nAda is above Bob. Bob is above Ada.\n", True),
        (
            "### `a`\n\n- Ada: x=5: 0.3\n- Bob: x=5: 0.5\n\nBob is above Ada after x=3. Ada and Bob cross at x=6.\n",
            True,
        ),
        ("There are three charts. The figure shows four panels.\n", True),
        ("### `a`\n\n- Ada: x=5: 0.3\n\n### `b`\n\n- Ada: x=5: 0.6\n", False),
    ],
)
def test_orders_counts_and_moves_are_held_against_each_other(text, found):
    assert bool(clashes(text)) == found


def test_a_colour_and_a_name_mean_one_series():
    text = "### `a`\n\n- **Ada** (red): x=5: 0.3\n- Red line: x=5: 0.9\n"
    assert clashes(text) == [(3, 4)]


def test_a_contradiction_says_what_cannot_be():
    (one,) = digitize.check(None, HEAD.format("fluctuates between 0.05 and 0.1", "x=20: 0.12")).contradictions
    assert "at x = 20" in one.why
    assert (one.first.source.line, one.second.source.line) == (4, 5)


def test_a_check_without_a_picture_passes_unless_something_contradicts():
    assert digitize.check(None, HEAD.format("x=1: 0.1", "x=2: 0.2")).passed()
    assert not digitize.check(None, HEAD.format("x=1: 0.1", "x=1: 0.4")).passed()
