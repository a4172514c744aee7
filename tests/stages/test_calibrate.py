"""Axes drawn from known maps are fitted back, from clean labels, misread labels, strokes or centres alone.

Tolerances are shares of the axis span: 0.002 where strokes are given (they are drawn exactly; half a pixel in 600 is
less than 0.001), 0.005 from centres alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize.model import Axis, AxisName, Box, PlotArea, Side, TickLabel, TickLabels, Word
from digitize.stages.calibrate import fit_axis, reach_ticks

AREA = PlotArea(box=Box(50, 20, 650, 420), background=(255, 255, 255))
HEIGHT = 12.0


def make_word(text: str, box: Box) -> Word:
    return Word(box=box, text=text, number=text, confidence=0.9, number_confidence=0.9, height_px=9.0)


def label_at(text: str, place: float, axis: AxisName, shift: float, below: float = 0.0) -> TickLabel:
    width = 0.6 * HEIGHT * len(text)
    center = place + shift
    box = (
        Box(center - width / 2, 425 + below, center + width / 2, 425 + below + HEIGHT)
        if axis == "x"
        else Box(45 - width, center - HEIGHT / 2, 45, center + HEIGHT / 2)
    )
    return TickLabel(word=make_word(text, box), center_px=center)


def fit(  # noqa: PLR0913
    texts: Sequence[str],
    places: Sequence[float],
    *,
    axis: AxisName = "x",
    strokes: bool = True,
    extra: Sequence[float] = (),
    offset: str | None = None,
    shift: float = 0.4,
    beneath: Sequence[TickLabel] = (),
    side: Side | None = None,
) -> Axis | None:
    """Fits labels whose centres lie `shift` pixels off their ticks."""
    labels = [label_at(t, p, axis, shift) for t, p in zip(texts, places, strict=True)]
    tick_labels = TickLabels(
        axis=axis,
        side=side or ("bottom" if axis == "x" else "left"),
        labels=tuple(sorted([*labels, *beneath], key=lambda label: label.center_px)),
        strokes_px=tuple(sorted([*(places if strokes else ()), *extra])),
        offset_word=make_word(offset, Box(600, 440, 640, 452)) if offset else None,
    )
    return fit_axis(tick_labels, AREA)


def even(count: int, first: float = 70.0, last: float = 630.0) -> list[float]:
    return [float(p) for p in np.linspace(first, last, count)]


def assert_map(axis: Axis | None, places: Sequence[float], values: Sequence[float], share: float = 0.002) -> None:
    assert axis is not None
    fitted = axis.to_pixel(np.array(values, dtype=float))
    assert np.max(np.abs(fitted - places)) < share * 600


def seconds(iso: str) -> float:
    return datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp()


def places_of(moments: Sequence[str]) -> list[float]:
    times = np.array([seconds(m) for m in moments])
    return [float(p) for p in 70 + 560 * (times - times[0]) / (times[-1] - times[0])]


@pytest.mark.parametrize("strokes", [True, False])
@pytest.mark.parametrize("axis", ["x", "y"])
@pytest.mark.parametrize("reverse", [False, True])
def test_linear_axis(axis: AxisName, strokes: bool, reverse: bool) -> None:
    places = even(5, 80, 400)[:: -1 if reverse else 1]
    found = fit(["0", "5", "10", "15", "20"], places, axis=axis, strokes=strokes)
    assert_map(found, places, [0, 5, 10, 15, 20], 0.002 if strokes else 0.005)
    assert found is not None
    assert found.scale == "linear"
    assert found.doubts == ()
    assert found.confidence > 0.9


def test_anchors_are_the_edges_of_the_plot_area() -> None:
    across, up = fit(["0", "1", "2"], even(3)), fit(["2", "1", "0"], even(3, 40, 400), axis="y")
    assert across is not None
    assert up is not None
    assert across.pixels == (50.0, 650.0)
    assert up.pixels == (420.0, 20.0)


def test_a_multiplier_that_only_its_figures_tell_is_a_doubt() -> None:
    labels = [label_at(text, place, "x", 0.0) for text, place in zip(("0", "1", "2"), even(3), strict=True)]
    word = replace(make_word("·10b", Box(600, 440, 640, 452)), number=".10^6")
    found = fit_axis(TickLabels(axis="x", side="bottom", labels=tuple(labels), offset_word=word), AREA)
    assert_map(found, even(3), [0, 1e6, 2e6])
    assert found is not None
    assert "offset-unread" in [doubt.code for doubt in found.doubts]


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["0%", "25%", "50%", "75%", "100%"], [0, 25, 50, 75, 100]),
        (["$0", "$50k", "$100k"], [0, 50000, 100000]),
        (["0", "200m", "400m", "600m"], [0, 0.2, 0.4, 0.6]),
        (["0 s", "500 ms", "1 s", "1.5 s"], [0, 0.5, 1, 1.5]),
        (["0 ms", "500 ms", "1000 ms"], [0, 500, 1000]),
        (["0,0", "0,5", "1,0", "1,5"], [0, 0.5, 1, 1.5]),
        (["0,500", "1,000", "1,500", "2,000", "2,500"], [0.5, 1, 1.5, 2, 2.5]),
        (["500", "1,000", "1,500", "2,000"], [500, 1000, 1500, 2000]),
        (["500", "1.000", "1.500", "2.000"], [500, 1000, 1500, 2000]),
        (["2260", "2200", "2140", "2080"], [2260, 2200, 2140, 2080]),
        (["1952", "1962", "1972"], [1952, 1962, 1972]),
    ],
)
def test_number_formats(texts: list[str], values: list[float]) -> None:
    found = fit(texts, even(len(texts)))
    assert_map(found, even(len(texts)), values)
    assert found is not None
    assert found.scale == "linear"


def test_percent_keeps_its_value_and_says_its_unit() -> None:
    found = fit(["0%", "50%", "100%"], even(3))
    assert found is not None
    assert found.unit == "%"
    assert [tick.value for tick in found.ticks] == [0.0, 50.0, 100.0]


@pytest.mark.parametrize(
    ("offset", "factor", "summand"),
    [("1e-3", 1e-3, 0), ("le-5", 1e-5, 0), ("×10⁶", 1e6, 0), ("+1.2e2", 1, 120), ("1e-5+3e1", 1e-5, 30)],
)
def test_multiplier_at_the_end(offset: str, factor: float, summand: float) -> None:
    found = fit(["0.0", "0.5", "1.0", "1.5"], even(4), offset=offset)
    assert_map(found, even(4), [v * factor + summand for v in (0, 0.5, 1, 1.5)])


def test_an_unreadable_multiplier_is_a_doubt() -> None:
    found = fit(["0.0", "0.5", "1.0", "1.5"], even(4), offset="1e?")
    assert found is not None
    assert [doubt.code for doubt in found.doubts] == ["offset-unread"]


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["10^-3", "10^-2", "10^-1", "10^0"], [1e-3, 1e-2, 1e-1, 1]),
        (["10-3", "10-2", "10-1", "100"], [1e-3, 1e-2, 1e-1, 1]),
        (["1e-8", "1e-6", "1e-4", "0.01", "1"], [1e-8, 1e-6, 1e-4, 1e-2, 1]),
        (["0.001", "0.01", "0.1", "1"], [1e-3, 1e-2, 1e-1, 1]),
        (["1", "2", "4", "8", "16", "32"], [1, 2, 4, 8, 16, 32]),
        (["100", "1k", "10k", "100k"], [100, 1e3, 1e4, 1e5]),
        (["10°", "10¹", "10²", "10³"], [1, 10, 100, 1000]),
    ],
)
def test_log_axis(texts: list[str], values: list[float]) -> None:
    found = fit(texts, even(len(texts)))
    assert_map(found, even(len(texts)), values)
    assert found is not None
    assert found.scale == "log"


def test_arithmetic_labels_at_logarithmic_spacing_are_a_log_axis() -> None:
    values = np.array([0.3, 0.375, 0.45, 0.525, 0.6])
    places = [float(p) for p in 70 + 500 * np.log2(values / 0.3)]
    found = fit([f"{v:g}" for v in values], places, strokes=False)
    assert_map(found, places, list(values), 0.005)
    assert found is not None
    assert found.scale == "log"


def test_digits_between_decades() -> None:
    values = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0]
    places = [float(p) for p in 70 + 200 * np.log10(np.array(values) / 0.01)]
    found = fit(["0.01", "2", "5", "0.1", "2", "5", "1", "2", "5"], places)
    assert_map(found, places, values)
    assert found is not None
    assert all(tick.used for tick in found.ticks)


def test_tick_marks_of_a_log_axis_settle_two_labels() -> None:
    marks = [float(70 + 280 * np.log10(d * 10**k)) for k in (0, 1) for d in range(1, 10)]
    found = fit(["1", "10"], [70, 350], extra=marks)
    assert found is not None
    assert found.scale == "log"
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("texts", "room", "values"),
    [
        (["10^0", "10^1", "10^2", "10^3"], 3.0, [1, 0.1, 0.01, 0.001]),
        (["100", "10^1"], 3.0, [1, 0.1]),
        (["10^1", "10^2", "10-3", "10^4"], 0.0, [0.1, 0.01, 0.001, 0.0001]),
        # the pressure of the air grows downward
        (["10^0", "10^1", "10^2", "10^3"], 0.0, [1, 10, 100, 1000]),
    ],
)
def test_exponents_that_fall_have_lost_their_signs_where_there_is_room_for_them(
    texts: list[str], room: float, values: list[float]
) -> None:
    places = even(len(texts), 40, 400)
    labels = [label_at(text, place, "y", 0.0) for text, place in zip(texts, places, strict=True)]
    boxes = [label.word.box._replace(left=22 - (0.0 if label.word.text.endswith("0") else room)) for label in labels]
    labels = [replace(lb, word=replace(lb.word, box=box)) for lb, box in zip(labels, boxes, strict=True)]
    found = fit_axis(TickLabels(axis="y", side="left", labels=tuple(labels), strokes_px=tuple(places)), AREA)
    assert_map(found, places, values)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["2.5", "5.0", "75", "10.0"], [2.5, 5, 7.5, 10]),
        (["-3", "2", "-1", "0", "1"], [-3, -2, -1, 0, 1]),
        (["0", "1OO", "2O0", "300"], [0, 100, 200, 300]),
        (["0.0", "0.1", "-0.2", "-0.3", "0.4", "-0.5"], [0, -0.1, -0.2, -0.3, -0.4, -0.5]),
        (["10,000", "8,000", "6,000+", "4,000-", "2,000"], [10000, 8000, 6000, 4000, 2000]),
        (["2013", "2014", "2O15", "2016"], [2013, 2014, 2015, 2016]),
        (["0.2", "0.15", "0.1", "0.052"], [0.2, 0.15, 0.1, 0.05]),
        (["2000", "2002", "2004", "20062", "20082", "20102"], [2000, 2002, 2004, 2006, 2008, 2010]),
    ],
)
def test_slips_are_mended_by_the_other_labels(texts: list[str], values: list[float]) -> None:
    found = fit(texts, even(len(texts)))
    assert_map(found, even(len(texts)), values)
    assert found is not None
    assert all(tick.used for tick in found.ticks)


def test_a_misread_label_is_kept_and_not_used() -> None:
    found = fit(["0", "10", "71", "30", "40"], even(5))
    assert_map(found, even(5), [0, 10, 20, 30, 40])
    assert found is not None
    assert [(t.text, t.used, t.value) for t in found.ticks][2] == ("71", False, None)


def test_rounded_labels() -> None:
    exact = [4.0, 4.8333, 5.6667, 6.5]
    assert_map(fit([f"{v:.2f}" for v in exact], even(4)), even(4), exact)
    assert_map(fit(["0", "0", "1", "2", "2"], even(5)), even(5), [0, 0.5, 1, 1.5, 2])


def test_strokes_make_the_fit_exact_where_centres_lie_off() -> None:
    found = fit(["0", "5", "10", "15", "20"], even(5, 40, 400)[::-1], axis="y", shift=2.5)
    assert_map(found, even(5, 40, 400)[::-1], [0, 5, 10, 15, 20], 0.0005)


def test_labels_pushed_inward_at_the_ends() -> None:
    labels = ["2000", "2002", "2004", "2006", "2008"]
    places = even(5, 50, 650)
    moved = [places[0] + 14.4, *places[1:4], places[4] - 14.4]
    found = fit(labels, moved, strokes=False, extra=places, shift=0.0)
    assert_map(found, places, [2000, 2002, 2004, 2006, 2008])


def test_labels_pushed_inward_may_end_a_little_before_the_edge() -> None:
    places = even(4, 50, 650)
    moved = [places[0] + 6.0, *places[1:3], places[3] - 13.0]
    found = fit(["0", "100", "200", "300"], moved, strokes=False, extra=places, shift=0.0)
    assert_map(found, places, [0, 100, 200, 300])
    assert [tick.pixel for tick in found.ticks] == places  # type: ignore[union-attr]


def test_two_labels_are_a_doubt_and_one_is_no_axis() -> None:
    two = fit(["0", "10"], even(2))
    assert two is not None
    assert "few-ticks" in [doubt.code for doubt in two.doubts]
    assert two.confidence < 0.5
    assert fit(["0"], [100]) is None
    assert fit([], []) is None


def test_two_labels_that_fit_either_scale_are_a_doubt() -> None:
    found = fit(["1", "10"], even(2))
    assert found is not None
    assert "scale-unsure" in [doubt.code for doubt in found.doubts]


def test_covariance_grows_away_from_the_ticks() -> None:
    found = fit(["0", "1", "2", "3"], even(4, 300, 400), strokes=False)
    assert found is not None
    near, far = found.pixel_error(np.array([350.0, 50.0]))
    assert 0 < near < far


MONTHS = [f"2019-{m:02d}-01" for m in range(1, 13)]
NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@pytest.mark.parametrize(
    ("texts", "moments"),
    [
        ([m[:7] for m in MONTHS], MONTHS),
        (MONTHS[:6], MONTHS[:6]),
        ([f"{n} 2019" for n in NAMES[:5]], MONTHS[:5]),
        (["2019", *NAMES[1:7]], MONTHS[:7]),
        (["Oct", "2020", "Apr", "Jul"], ["2019-10-01", "2020-01-01", "2020-04-01", "2020-07-01"]),
        (["2020-01", "2020.04", "2020-07", "2020-10"], ["2020-01-01", "2020-04-01", "2020-07-01", "2020-10-01"]),
        (["Jan 20", "Jul 20", "Jan 21", "Jul 21"], ["2020-01-01", "2020-07-01", "2021-01-01", "2021-07-01"]),
        (["2020 Q1", "2020 Q2", "2020 Q3", "Q4 2020"], ["2020-01-01", "2020-04-01", "2020-07-01", "2020-10-01"]),
        (["14.03.2020", "15.03.2020", "16.03.2020"], ["2020-03-14", "2020-03-15", "2020-03-16"]),
        (["Jan 5 2020", "Jan 12", "Jan 19", "Jan 26"], ["2020-01-05", "2020-01-12", "2020-01-19", "2020-01-26"]),
        (["00:00 Jan 5, 2020", "12:00", "00:00 Jan 6, 2020"], ["2020-01-05", "2020-01-05T12:00", "2020-01-06"]),
    ],
)
def test_date_axis(texts: list[str], moments: list[str]) -> None:
    found = fit(texts, places_of(moments))
    assert found is not None
    assert found.scale == "date"
    assert_map(found, places_of(moments), [seconds(m) for m in moments])
    assert found.doubts == ()


def test_date_parts_at_the_axis_end() -> None:
    moments = ["2020-01-01", "2020-01-08", "2020-01-15", "2020-01-22", "2020-02-01"]
    found = fit(["Jan", "08", "15", "22", "Feb"], places_of(moments), offset="2020-Feb")
    assert_map(found, places_of(moments), [seconds(m) for m in moments])


def test_years_on_a_second_row() -> None:
    moments = ["2019-07-01", "2019-10-01", "2020-01-01", "2020-04-01", "2020-07-01"]
    places = places_of(moments)
    years = [label_at("2019", places[0], "x", 0.4, below=16), label_at("2020", places[2], "x", 0.4, below=16)]
    found = fit(["Jul", "Oct", "Jan", "Apr", "Jul"], places, beneath=years)
    assert found is not None
    assert found.scale == "date"
    assert_map(found, places, [seconds(m) for m in moments])


def test_years_in_the_middle_of_their_span() -> None:
    starts = [f"{y}-01-01" for y in range(2015, 2021)]
    bounds = places_of(starts)
    middles = [(a + b) / 2 for a, b in pairwise(bounds)]
    found = fit(["Jan 2015", "Jan 2016", "Jan 2017", "Jan 2018", "Jan 2019"], middles, strokes=False, extra=bounds)
    assert_map(found, bounds, [seconds(m) for m in starts])


@pytest.mark.parametrize(("first", "day"), [(200.0, 2), (130.0, 1)])
def test_days_count_from_the_first_that_is_shown_for_the_most_part(first: float, day: int) -> None:
    found = fit(["00:00", "12:00", "00:00", "12:00"], [first, first + 90, first + 180, first + 270])
    assert found is not None
    assert found.to_value(np.array([first]))[0] == pytest.approx((day - 1) * 86_400, abs=200)
    assert [doubt.code for doubt in found.doubts] == ["no-date"]


def test_no_year_is_invented() -> None:
    moments = ["2020-03-14", "2020-03-21", "2020-03-28", "2020-04-04"]
    found = fit(["03/14", "03/21", "03/28", "04/04"], places_of(moments))
    assert found is not None
    assert [doubt.code for doubt in found.doubts] == ["no-year"]
    clock = fit(["12:00", "12:30", "13:00"], even(3))
    assert clock is not None
    assert [doubt.code for doubt in clock.doubts] == ["no-date"]


def test_evenly_spaced_month_names_are_categories_and_true_spacing_is_a_date() -> None:
    category = fit(NAMES, even(12))
    assert category is not None
    assert (category.scale, category.labels) == ("category", tuple(NAMES))
    assert_map(category, even(12), list(range(12)))
    dated = fit(NAMES, places_of(MONTHS))
    assert dated is not None
    assert dated.scale == "date"


def test_names_are_categories() -> None:
    found = fit(["A1", "baseline", "ours", "ours+"], even(4), strokes=False)
    assert found is not None
    assert found.labels == ("A1", "baseline", "ours", "ours+")
    assert_map(found, even(4), [0, 1, 2, 3], 0.005)


@pytest.mark.parametrize("head", ["Q", "T", "run "])
def test_names_with_a_running_number_are_categories_not_numbers_nor_quarters(head: str) -> None:
    names = [f"{head}{count}" for count in range(1, 7)]
    found = fit(names, even(6))
    assert found is not None
    assert (found.scale, found.labels) == ("category", tuple(names))
    assert found.doubts == ()


def test_days_after_their_month_are_dates() -> None:
    found = fit(["May 1", "May 2", "May 3", "May 4"], even(4))
    assert found is not None
    assert found.scale == "date"


def test_irregular_numbers_at_even_spacing_are_categories() -> None:
    found = fit(["1", "2", "5", "10", "20"], even(5))
    assert found is not None
    assert found.scale == "category"


def test_categories_count_from_the_first_though_its_label_is_unread() -> None:
    # One step more is free before the first name than after the last.
    found = fit(["S", "M", "L", "XL"], [170.0, 290.0, 410.0, 530.0 + 60], strokes=False)
    assert found is None or "unnamed-categories" not in [doubt.code for doubt in found.doubts]
    found = fit(["S", "M", "L", "XL"], [200.0, 350.0, 500.0, 650.0], strokes=False, shift=0.0)
    assert found is not None
    assert found.labels == ("", "S", "M", "L", "XL")
    assert "unnamed-categories" in [doubt.code for doubt in found.doubts]
    found = fit(["S", "M", "L", "XL"], [125.0, 275.0, 425.0, 575.0], strokes=False, shift=0.0)
    assert found is not None
    assert found.labels == ("S", "M", "L", "XL")


def test_unevenly_spaced_names_are_no_axis() -> None:
    assert fit(["alpha", "beta", "gamma"], [100, 210, 600], strokes=False) is None


def spoilt(texts: list[str], which: Sequence[int], digit: Callable[[int], str]) -> list[str]:
    return [digit(i) + text if i in which else text for i, text in enumerate(texts)]


@given(
    start=st.integers(-50, 50), step=st.sampled_from([1, 2, 5, 10, 25, 100]), count=st.integers(5, 10),
    decimals=st.integers(0, 2), data=st.data(),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_three_in_ten_labels_may_be_misread(
    start: int, step: int, count: int, decimals: int, data: st.DataObject
) -> None:
    values = [(start + i) * step / 10**decimals for i in range(count)]
    texts = [f"{v:.{decimals}f}" for v in values]
    wrong = data.draw(st.sets(st.integers(0, count - 1), max_size=int(0.3 * count)))
    misread = spoilt(texts, sorted(wrong), lambda i: str(3 + 2 * (i % 4)))
    reverse = data.draw(st.booleans())
    places = even(count)[:: -1 if reverse else 1]
    assert_map(fit(misread, places, shift=data.draw(st.floats(-0.5, 0.5))), places, values)


@given(
    first=st.integers(-8, 3), count=st.integers(4, 8), style=st.sampled_from(["10^{}", "1e{}", "10{}"]), data=st.data()
)
@settings(max_examples=40, deadline=None)
def test_log_axes_return(first: int, count: int, style: str, data: st.DataObject) -> None:
    exponents = list(range(first, first + count))
    texts = [style.format(e) for e in exponents] if style != "10{}" else [f"{10.0**e:g}" for e in exponents]
    wrong = data.draw(st.sets(st.integers(0, count - 1), max_size=int(0.3 * count)))
    texts = ["x!" if i in wrong else text for i, text in enumerate(texts)]
    found = fit(texts, even(count))
    assert found is not None
    assert found.scale == "log"
    assert_map(found, even(count), [10.0**e for e in exponents])


@given(st.floats(0.6, 2.5), st.floats(-200, 200))
@settings(max_examples=30, deadline=None)
def test_scaling_the_picture_scales_the_reading(scale: float, shift: float) -> None:
    places = [100.0, 200.0, 300.0, 400.0]
    base = fit(["0", "1", "2", "3"], places, strokes=False, shift=0.0)
    elsewhere = [300 + scale * (p - 250) / 2 + shift / 4 for p in places]
    moved = fit(["0", "1", "2", "3"], elsewhere, strokes=False, shift=0.0)
    assert base is not None
    assert moved is not None
    assert moved.value_per_px * scale / 2 == pytest.approx(base.value_per_px, rel=1e-6)


@pytest.mark.parametrize(
    ("texts", "moments"),
    [
        # a fortnight apart, so that two months share their days
        (["15 Jan", "29 Jan", "12 Feb", "26 Feb", "12 Mar", "26 Mar"],
         ["1970-01-15", "1970-01-29", "1970-02-12", "1970-02-26", "1970-03-12", "1970-03-26"]),
        (["2/2 1970", "2/12", "2/22", "3/4", "3/14", "3/24", "4/3", "4/13", "4/23", "5/3"],
         ["1970-02-02", "1970-02-12", "1970-02-22", "1970-03-04", "1970-03-14", "1970-03-24", "1970-04-03",
          "1970-04-13", "1970-04-23", "1970-05-03"]),
        (["01-01 12", "01-02 00", "01-02 12", "01-03 00"],
         ["1970-01-01 12:00", "1970-01-02", "1970-01-02 12:00", "1970-01-03"]),
        (["01 23:30", "02 00:00", "02 00:30", "02 01:00"],
         ["1970-01-01 23:30", "1970-01-02", "1970-01-02 00:30", "1970-01-02 01:00"]),
    ],
)  # fmt: skip
def test_days_of_two_months_and_days_with_their_hour_are_dates(texts: list[str], moments: list[str]) -> None:
    places = places_of(moments)
    found = fit(texts, places)
    assert found is not None
    assert found.scale == "date"
    assert_map(found, places, [seconds(m) for m in moments])


def test_bare_days_with_their_month_at_the_axis_end() -> None:
    moments = ["2003-02-12", "2003-02-13", "2003-02-14", "2003-02-15"]
    found = fit(["12", "13", "14", "15"], places_of(moments), offset="2003-Feb")
    assert found is not None
    assert found.scale == "date"
    assert_map(found, places_of(moments), [seconds(m) for m in moments])


def test_times_after_a_bare_day() -> None:
    places = even(5)
    found = fit(["28", "00:20", "00:40", "01:00", "01:20"], places)
    assert found is not None
    assert found.scale == "date"
    assert np.ptp(found.to_value(np.array(places))) == pytest.approx(4800, rel=0.01)
    assert [doubt.code for doubt in found.doubts] == ["no-year"]


def test_times_that_the_second_decoding_takes_for_figures_stay_times() -> None:
    texts = ["08:00", "12:00", "16:00", "20:00"]
    labels = [label_at(t, p, "x", 0.0) for t, p in zip(texts, even(4), strict=True)]
    labels = [replace(lb, word=replace(lb.word, number=lb.word.text.replace(":", ""))) for lb in labels]
    found = fit_axis(TickLabels(axis="x", side="bottom", labels=tuple(labels), strokes_px=tuple(even(4))), AREA)
    assert found is not None
    assert found.scale == "date"


def test_a_misread_hyphen_leaves_a_date() -> None:
    moments = ["2019-07-01", "2019-07-15", "2019-08-01", "2019-08-15"]
    found = fit(["2019-0701", "2019-07-15", "201908-01", "2019-08-15"], places_of(moments))
    assert_map(found, places_of(moments), [seconds(m) for m in moments])


def test_evenly_standing_labels_keep_one_distance_from_the_two_strokes_that_are_drawn() -> None:
    places = even(7, 50.0, 650.0)
    labels = tuple(label_at(str(5 * k), p, "x", 5.4) for k, p in enumerate(places))
    found = fit_axis(TickLabels(axis="x", side="bottom", labels=labels, strokes_px=(50.0, 650.0)), AREA)
    assert_map(found, places, [5.0 * k for k in range(7)])


def test_labels_without_strokes_lean_as_told() -> None:
    places = even(5, 40, 400)
    labels = tuple(label_at(t, p, "y", -2.0) for t, p in zip(["4", "3", "2", "1", "0"], places, strict=True))
    found = fit_axis(TickLabels(axis="y", side="right", labels=labels, lean_px=2.0), AREA)
    assert_map(found, places, [4, 3, 2, 1, 0])


@pytest.mark.parametrize(
    "texts",
    [["0", "4.000", "8,000", "12,000"], ["0", "4.000", "8.000", "12.000"], ["2,500", "5.000", "7,500", "10,000"]],
)
def test_a_comma_of_thousands_blurred_into_a_point_parts_thousands(texts: list[str]) -> None:
    found = fit(texts, [100, 250, 400, 550])
    assert found is not None
    assert [tick.value for tick in found.ticks] == [float(text.replace(",", "").replace(".", "")) for text in texts]


def test_three_noughts_throughout_are_no_decimals_whatever_the_ends_of_the_axis_say() -> None:
    places = [160.5, 142.5, 114.6, 87.2, 59.6, 32.5]
    found = fit(["33.458", "40.000", "50.000", "60.000", "70.000", "80.000"], places, axis="y", strokes=False, shift=0)
    assert_map(found, places[1:], [40e3, 50e3, 60e3, 70e3, 80e3])


def test_decimals_stay_decimals() -> None:
    found = fit(["1.000", "1.250", "1.500", "1.750"], [100, 250, 400, 550])
    assert found is not None
    assert [tick.value for tick in found.ticks] == [1.0, 1.25, 1.5, 1.75]


def test_a_year_among_times_is_the_midnight_at_which_it_begins() -> None:
    found = fit(["1970", "06 AM", "12 PM", "06 PM"], [100, 250, 400, 550])
    assert found is not None
    assert found.scale == "date"
    assert [tick.value for tick in found.ticks] == [0.0, 21600.0, 43200.0, 64800.0]


def test_days_with_their_weekdays_are_dates_of_the_first_month() -> None:
    found = fit(["Tue 11", "Wed 12", "Thu 13", "Fri 14"], [100, 250, 400, 550])
    assert found is not None
    assert found.scale == "date"
    assert [doubt.code for doubt in found.doubts] == ["no-year"]
    first = datetime(1970, 1, 11, tzinfo=UTC).timestamp()
    assert [tick.value for tick in found.ticks] == [first + 86400 * k for k in range(4)]


@pytest.mark.parametrize("july", ["Jul", "Ju"])
def test_every_second_month_named_leaves_a_category_between(july: str) -> None:
    found = fit(["Jan", "Mar", "May", july, "Sep", "Nov"], [100, 190, 280, 370, 460, 550])
    assert found is not None
    assert found.scale == "category"
    assert [tick.value for tick in found.ticks] == [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    assert found.labels[:3] == ("Jan", "", "Mar")


def test_a_leap_day_is_one_of_a_leap_year() -> None:
    found = fit(["Feb 27", "Feb 28", "Feb 29", "Mar 1"], [100, 250, 400, 550])
    assert found is not None
    assert found.ticks[2].value == datetime(1972, 2, 29, tzinfo=UTC).timestamp()


def test_times_of_the_day_go_forward() -> None:
    found = fit(["12am", "12pm", "12am", "12pm", "12am"], [100, 200, 300, 400, 500])
    assert found is not None
    assert [tick.value for tick in found.ticks] == [43200.0 * k for k in range(5)]


def test_names_that_are_numbers_and_alike_are_a_doubt() -> None:
    found = fit(["10^-2", "10^-2", "10^-2", "0.1"], [350, 250, 150, 50], axis="y")
    assert found is None or found.doubts


def test_borrowed_labels_where_own_ones_may_be_unread_are_a_doubt() -> None:
    labels = tuple(label_at(text, place, "x", 0.0) for text, place in zip("0123", (100, 250, 400, 550), strict=True))
    row = TickLabels(
        axis="x", side="bottom", labels=labels, strokes_px=(100, 250, 400, 550), borrowed=True, unread=True
    )
    found = fit_axis(row, AREA)
    assert found is not None
    assert [doubt.code for doubt in found.doubts] == ["unread-labels"]


def test_names_made_of_figures_are_a_doubt() -> None:
    found = fit(["+0 5.000e+4", "+5 1.500e+5 2", "+5"], [100, 250, 400])
    assert found is None or found.doubts


def test_a_label_that_lost_its_first_figure_does_not_make_the_comma_a_decimal_point() -> None:
    texts, places = ["4,000", ",000", "2,000", "1,000", "0"], [50.0, 120.0, 190.0, 260.0, 330.0]
    assert_map(fit(texts, places, axis="y"), places, [4000, 3000, 2000, 1000, 0])


def test_a_misread_exponent_is_put_right_by_its_neighbours() -> None:
    places = even(3)
    assert_map(fit(["10^1", "10^1", "10^2"], places), places, [1, 10, 100])


def test_exponents_that_were_not_seen_are_guessed_and_doubted() -> None:
    places = [50.0, 140.0, 230.0, 320.0]
    found = fit(["10", "10^-3", "10^4", "10"], places, axis="y")
    assert_map(found, places, [1e-2, 1e-3, 1e-4, 1e-5])
    assert found is not None
    assert "few-ticks" in [doubt.code for doubt in found.doubts]


def test_a_hundred_beside_a_raised_exponent_is_a_one() -> None:
    assert_map(fit(["100", "10-1"], [50, 350], axis="y"), [50, 350], [1.0, 0.1])


def test_ones_with_exponents_are_powers_of_ten() -> None:
    found = fit(["1e1", "1e0"], [50, 350], axis="y")
    assert found is not None
    assert found.scale == "log"


def test_hours_beside_those_of_the_afternoon_are_hours_of_the_afternoon() -> None:
    places = even(3)
    found = fit(["03 PM", "03:30", "04 PM"], places)
    assert_map(found, places, [seconds(f"1970-01-01T{time}") for time in ("15:00", "15:30", "16:00")])


def test_times_without_a_day_are_sooner_of_one_day_though_their_first_label_was_pushed_inward() -> None:
    labels = [label_at(t, p, "x", 0.0) for t, p in (("05 AM", 69.0), ("05:05", 150.0), ("05:10", 250.0))]
    row = TickLabels(axis="x", side="bottom", labels=tuple(labels), strokes_px=(150.0, 250.0))
    assert_map(fit_axis(row, AREA), [150.0, 250.0], [18300.0, 18600.0])


def test_noon_and_midnight_are_told_apart_by_the_other_labels() -> None:
    places = even(5)
    found = fit(["12:00 a.m.", "1", "12:52", "1:18 a.m.", "1:44 a.m."], places)
    assert_map(found, places[2:], [seconds(f"1970-01-01T{time}") for time in ("00:52", "01:18", "01:44")])


def test_a_time_that_lost_its_colon_is_still_one() -> None:
    places = even(4)
    labels = [label_at(t, p, "x", 0.4) for t, p in zip(["00:00", "01:00", "0200", "03:00"], places, strict=True)]
    # As a number a time may have lost its colon too.
    seen = [replace(lb, word=replace(lb.word, number=lb.word.text.replace(":", ""))) for lb in labels]
    found = fit_axis(TickLabels(axis="x", side="bottom", labels=tuple(seen), strokes_px=tuple(places)), AREA)
    assert found is not None
    assert found.scale == "date"
    assert_map(found, places, [seconds(f"1970-01-01T0{hour}:00") for hour in range(4)])


def test_ends_of_an_axis_that_are_labelled_wherever_they_lie_are_rounded() -> None:
    places = [52.1, 99.2, 136.3, 173.4, 210.4, 260.2]
    texts = ["0.0011", "0.0008", "0.0006", "0.0004", "0.0002", "-0.0001"]
    found = fit(texts, places, axis="y", strokes=False, extra=[260.2], shift=0.0)
    assert_map(found, places[1:-1], [0.0008, 0.0006, 0.0004, 0.0002])


def test_a_label_that_its_stroke_turns_away_stands_where_its_neighbours_do() -> None:
    places = [50.0 + 34 * k for k in range(6)]
    # All labels lie 1.5 pixels above their gridlines, the last one near the frame, too.
    found = fit(
        ["1.0", "0.8", "0.6", "0.4", "0.2", "0"], places, axis="y", strokes=False,
        extra=[*places[:-1], places[-1] + 2.4], shift=-1.5,
    )  # fmt: skip
    assert found is not None
    assert all(tick.used for tick in found.ticks)
    assert_map(found, places, [1.0, 0.8, 0.6, 0.4, 0.2, 0.0], share=0.001)


def test_a_power_that_lost_its_one_and_a_ten_whose_exponent_is_a_smear_are_powers() -> None:
    places = [99.0, 200.0, 301.0]
    assert_map(fit(["1e-01", "e-03", "1e-05"], places, axis="y"), places, [0.1, 1e-3, 1e-5])
    found = fit(["10^0", "10^1", "10="], [60.0, 124.0, 188.0])
    assert_map(found, [60.0, 124.0, 188.0], [1, 10, 100])
    assert found is not None
    assert all(tick.used for tick in found.ticks)


def test_labels_beside_an_axis_without_strokes_stand_a_little_above_their_ticks() -> None:
    places = [400.0, 310.0, 220.0, 130.0, 40.0]
    beside = fit(["0", "1", "2", "3", "4"], places, axis="y", strokes=False, shift=0.0)
    beneath = fit(["0", "1", "2", "3", "4"], even(5), strokes=False, shift=0.0)
    assert beside is not None
    assert beneath is not None
    assert 0.1 < float(beside.to_pixel(np.array(2.0))) - 220.0 < 0.6
    assert float(beneath.to_pixel(np.array(2.0))) == pytest.approx(even(5)[2], abs=0.01)


def test_a_pair_of_powers_of_ten_is_sooner_logarithmic() -> None:
    for texts, scale in ((["10", "1"], "log"), (["20", "10"], "linear")):
        found = fit(texts, [50, 350], axis="y")
        assert found is not None
        assert found.scale == scale
        assert "few-ticks" in [doubt.code for doubt in found.doubts]


def test_a_chance_stroke_beside_one_label_does_not_bend_the_axis() -> None:
    places = even(7)
    found = fit([str(10 * k) for k in range(7)], places, strokes=False, extra=[places[-1] - 3.1], shift=0.0)
    assert_map(found, places, [10.0 * k for k in range(7)], share=0.0005)


def test_the_frame_beside_a_label_is_no_stroke_where_the_other_labels_keep_even_steps() -> None:
    places = [417.0, 371.0, 325.0, 278.0, 232.0, 185.0]
    found = fit([str(k) for k in range(6)], places, axis="y", strokes=False, extra=[places[0] + 2.9], shift=-0.3)
    assert_map(found, places, [0, 1, 2, 3, 4, 5], share=0.001)


def test_the_frame_beside_one_of_three_labels_that_stand_evenly_is_no_stroke() -> None:
    places = [417.5, 353.5, 289.5]
    found = fit(["0", "0.5", "1"], places, axis="y", strokes=False, extra=[420.0, 354.0], shift=0.0)
    assert_map(found, places, [0, 0.5, 1], share=0.001)


def test_the_frame_beside_one_of_a_pair_is_no_stroke_where_the_other_stands_at_its_own() -> None:
    found = fit(["0.1", "1"], [417.0, 117.0], axis="y", strokes=False, extra=[420.0, 117.4], shift=0.0)
    assert_map(found, [417.4, 117.4], [0.1, 1], share=0.001)


def test_a_stroke_beside_one_of_four_labels_that_stand_evenly_is_chance() -> None:
    places = [50.4, 233.6, 416.8, 600.0]
    found = fit(["0", "2", "4", "6"], places, strokes=False, extra=[50.5, 603.0], shift=0.0)
    assert_map(found, places, [0, 2, 4, 6], share=0.001)


def test_two_strokes_at_unlike_distances_do_not_tell_how_far_labels_lie_from_theirs() -> None:
    places = [398.0, 326.5, 253.0, 181.5, 109.0, 36.5]
    found = fit([f"{k}%" for k in range(6)], places, axis="y", strokes=False, extra=[399.8, 327.3], shift=0.0)
    assert_map(found, places, [0, 1, 2, 3, 4, 5], share=0.0015)


def test_minor_tick_marks_do_not_move_labels_to_the_next_but_one() -> None:
    places = [50.0 + 36 * k for k in range(10)]
    minor = [place + 7.2 * k + (1.6, -1.9, 0.7, -1.2, 2.0)[k] for place in places for k in range(5)]
    found = fit([f"{k / 10:.1f}" for k in range(10)], places, axis="y", strokes=False, extra=minor, shift=0.0)
    assert_map(found, places, [k / 10 for k in range(10)], share=0.006)


def test_labels_rounded_until_neighbours_read_alike_are_multiples_of_a_round_step_and_a_doubt() -> None:
    places = [400.0 - 60 * k for k in range(6)]
    found = fit(["0", "0", "0", "0.001", "0.001", "0.001"], places, axis="y")
    assert_map(found, places, [0, 0.0002, 0.0004, 0.0006, 0.0008, 0.001])
    assert found is not None
    assert "ambiguous-label" in [doubt.code for doubt in found.doubts]


def test_strokes_beside_half_of_the_labels_may_be_chance() -> None:
    places = [70.0, 138.0, 206.0, 274.0]
    found = fit(["0", "2", "4", "6"], places, strokes=False, extra=[70.0, 277.0], shift=0.0)
    assert_map(found, places, [0, 2, 4, 6], share=0.0015)


@pytest.mark.parametrize(("confidence", "scale"), [(0.95, "category"), (0.7, "linear")])
def test_figures_that_were_hardly_read_are_no_names(confidence: float, scale: str) -> None:
    texts = ["20", "40", "68", "88", "100"]
    labels = [label_at(text, place, "x", 0.0) for text, place in zip(texts, even(5), strict=True)]
    labels[2] = replace(labels[2], word=replace(labels[2].word, confidence=confidence))
    found = fit_axis(TickLabels(axis="x", side="bottom", labels=tuple(labels)), AREA)
    assert found is not None
    assert found.scale == scale


def test_figures_that_are_all_alike_are_no_axis() -> None:
    assert fit(["7", "7", "7"], [120.0, 240.0, 390.0], axis="y") is None


def test_of_two_figures_that_are_alike_one_has_lost_its_sign() -> None:
    found = fit(["0.5", "0.5"], [120.0, 320.0], axis="y")
    assert_map(found, [120.0, 320.0], [0.5, -0.5])
    assert found is not None
    assert "few-ticks" in [doubt.code for doubt in found.doubts]


def test_a_frame_that_was_found_a_little_aside_does_not_bend_labels_in_even_steps() -> None:
    places = [70.0, 207.5, 345.0, 482.5, 620.0]
    found = fit([str(k) for k in range(5)], places, strokes=False, extra=[67.8, 620.0], shift=0.0)
    assert_map(found, places, [0, 1, 2, 3, 4], share=0.001)


def test_a_tick_beside_the_frame_is_not_at_it() -> None:
    places = [418.2, 379.0, 340.0, 301.0, 262.0, 223.0, 184.0]
    found = fit([str(k) for k in range(7)], places, axis="y", strokes=False, extra=[420.0, *places[1:]], shift=-0.3)
    assert_map(found, [418.0, 184.0], [0, 6], share=0.0007)


def test_what_spans_a_few_hundredths_is_no_logarithmic_scale_though_it_fits_a_little_better() -> None:
    values = np.array([100.0, 101.0, 102.0, 103.0, 104.0])
    places = 70 + 560 * np.log(values / 100) / np.log(1.04)
    found = fit([f"{v:g}" for v in values], [float(round(p)) for p in places])
    assert found is not None
    assert found.scale == "linear"


def test_labels_at_both_ends_of_the_plot_area_may_be_rounded() -> None:
    # 0.05 and 1.18 are labelled like the ticks between them
    places = [float(p) for p in np.interp([0.05, 0.4, 0.8, 1.18], [0.05, 1.18], [420, 20])]
    found = fit(["0.0", "0.4", "0.8", "1.2"], places, axis="y", strokes=True)
    assert_map(found, places, [0.05, 0.4, 0.8, 1.18], 0.005)


def test_figures_between_decades_without_any_are_a_doubt() -> None:
    values = [0.2, 0.5, 2.0, 5.0, 20.0, 50.0]
    places = [float(p) for p in 70 + 200 * np.log10(np.array(values) / 0.2)]
    found = fit(["2", "5", "2", "5", "2", "5"], places)
    assert found is not None
    assert "ambiguous-label" in [doubt.code for doubt in found.doubts]


def test_powers_whose_figures_were_taken_for_letters_are_powers() -> None:
    found = fit(["lel", "le2", "1e3"], even(3), strokes=False)
    assert_map(found, even(3), [10, 100, 1000], 0.005)
    assert found is not None
    assert found.scale == "log"


@pytest.mark.parametrize(
    "texts", [["-160", "150", "-140", "-130", "-120", "110"], ["-160", "-150", "-140", "130", "120"]]
)
def test_tick_marks_taken_for_signs_are_none(texts: list[str]) -> None:
    places = even(len(texts), 40, 400)
    found = fit(texts, places, axis="y", side="right")
    assert_map(found, places, [abs(float(text)) for text in texts])


def test_signs_that_change_at_nought_are_signs() -> None:
    found = fit(["2", "1", "0", "-1", "-2"], even(5, 40, 400), axis="y")
    assert_map(found, even(5, 40, 400), [2, 1, 0, -1, -2])


def test_names_among_which_a_number_stands_are_a_doubt() -> None:
    found = fit(["Lyon", "Oslo", "40", "Rome"], even(4), strokes=False)
    assert found is not None
    assert found.scale == "category"
    assert [doubt.code for doubt in found.doubts] == ["ambiguous-label"]


def test_a_stroke_at_every_label_speaks_for_the_map_that_meets_all_of_them() -> None:
    # 30, 31 and 31 days at 2.5 pixels, moved on to whole pixels
    found = fit(["June", "July", "August", "September"], [62.5, 137.5, 215.5, 292.5], shift=0.2)
    assert found is not None
    assert found.scale == "date"


def test_a_plot_area_that_was_cut_short_reaches_the_outermost_ticks() -> None:
    # the ticks of the true area stand at its ends, which no frame bounds: it was found from its second column on
    x = fit(["0", "10", "20", "30"], [36.0, 236.0, 436.0, 636.0])
    y = fit(["3", "2", "1", "0"], even(4, 30.0, 426.5), axis="y")
    box = reach_ticks(AREA, {"x": x, "y": y}).box
    assert box.left == pytest.approx(36, abs=0.5)
    assert box.bottom == pytest.approx(426.5, abs=0.5)
    assert (box.right, box.top) == (AREA.box.right, AREA.box.top)


def test_a_plot_area_does_not_reach_for_ticks_far_away_or_for_its_own() -> None:
    far = fit(["0", "10", "20", "30"], [-70.0, 170.0, 410.0, 650.9])
    assert reach_ticks(AREA, {"x": far, "y": None}) == AREA
