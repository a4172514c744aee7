"""Tick labels read as one line are told apart by what they say, and other texts are left whole."""

import pytest

from digitize.labelspans import label_spans


@pytest.mark.parametrize(
    "labels",
    [
        ["3:00 a.m.", "3:20 a.m.", "10:40 a.m."],
        ["18 Jun", "2 Jul"],
        ["Jan", "Feb", "March"],
        ["2020-05-01", "2020-06-01"],
        ["7.000", "8.000"],
        ["5.000", "6,000"],  # a comma taken for a point
        ["100k", "200k", "300k"],
    ],
)
@pytest.mark.parametrize("between", [" ", ""])
def test_labels_of_one_form_are_told_apart(labels: list[str], between: str) -> None:
    text = between.join(labels)
    if between or labels[0] not in ("18 Jun", "Jan"):
        assert [text[a:b] for a, b in label_spans(text)] == labels


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("200 400 600", ["200", "400", "600"]),
        ("800 10001200", ["800", "1000", "1200"]),
        ("0 0.5 1 1.5", ["0", "0.5", "1", "1.5"]),
    ],
)
def test_numbers_in_even_steps_are_told_apart(text: str, labels: list[str]) -> None:
    assert [text[a:b] for a, b in label_spans(text)] == labels


def test_figures_run_together_are_numbers_in_even_steps() -> None:
    for text, length in (("202020252030203520402045", 4), ("100200300", 3), ("10203040", 2)):
        assert [text[a:b] for a, b in label_spans(text)] == [text[k : k + length] for k in range(0, len(text), length)]


def test_powers_of_ten_that_overlap_by_a_figure_share_it() -> None:
    text = "0.000e+5.000e+4.000e+5.500e+5"
    assert [text[a:b] for a, b in label_spans(text)] == ["0.000e+5", "5.000e+4", "4.000e+5", "5.500e+5"]


def test_dates_that_overlap_leave_pieces_between() -> None:
    text = "May 1998ul 1998Sep 1998ov 1998an 199Mar 1999"
    assert [text[a:b] for a, b in label_spans(text)] == ["May 1998", "ul 1998", "Sep 1998", "ov 1998an 199", "Mar 1999"]


def test_powers_of_ten_that_overlap_leave_pieces_between() -> None:
    text = "0.000e+05.000e+4 1.000e+5 1.500e+5 2.000e2500e+5"
    labels = ["0.000e+0", "5.000e+4", "1.000e+5", "1.500e+5", "2.000e2500e+5"]
    assert [text[a:b].strip() for a, b in label_spans(text)] == labels


@pytest.mark.parametrize(
    "text",
    ["1 234 567", "1,234,567", "12 May 2019", "Jan 2019 - Dec 2020", "1111", "22.22", "10^-3", "ResNet-18 ResNet-50",
     "12:30", "1500000000", "20250401", "1.5e+3",
     "Values 10, 20, 30", "2019", "5 of 10", "1e-3", "95 % confidence", "",
     "1.5e-3 and 2.5e-4 or 3.5e-2"],
)  # fmt: skip
def test_one_label_or_another_text_is_left_whole(text: str) -> None:
    assert label_spans(text) == ()
