"""Labels to numbers and dates: every way of writing a number gives it back, slips stay possible, words are no ticks."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitize.datetext import dates, month_of
from digitize.model import Box, Word
from digitize.numbertext import normalise, numbers
from digitize.ticktext import multiplier_and_offset, readings, reads_as_tick


def word(text: str, number: str | None = None, number_confidence: float = 0.9) -> Word:
    return Word(
        box=Box(0, 0, 30, 10), text=text, number=text if number is None else number, confidence=0.9,
        number_confidence=number_confidence,
    )  # fmt: skip


def values(text: str) -> dict[float, float]:
    """The numbers that a word may mean and their priors."""
    found: dict[float, float] = {}
    for reading in readings(word(text)):
        if reading.date is None:
            found[round(reading.value, 12)] = max(found.get(round(reading.value, 12), 0.0), reading.prior)
    return found


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("−0.5", -0.5, None),
        ("–3", -3.0, None),
        ("0,5", 0.5, None),
        ("1,200", 1200.0, None),
        ("1.234.567,8", 1234567.8, None),
        ("1 000", 1000.0, None),
        ("10 000", 10000.0, None),
        ("1'000", 1000.0, None),
        ("1,00,000", 100000.0, None),
        ("85 %", 85.0, "%"),
        ("$50k", 50000.0, "$"),
        ("-$1.5M", -1500000.0, "$"),
        ("5 k€", 5000.0, "€"),
        ("30°C", 30.0, "°C"),
        ("60°S", -60.0, "°"),
        ("200m", 0.2, None),
        ("1.2k", 1200.0, None),
        ("50 µ", 5e-5, None),
        ("3 Mil", 3e6, None),
        ("2 G", 2e9, None),
        ("1e-3", 0.001, None),
        ("1E+03", 1000.0, None),
        ("10^-3", 0.001, None),
        ("10⁻³", 0.001, None),
        ("10-⁵", 1e-5, None),
        ("2×10^4", 20000.0, None),
        ("2 × 10⁴", 20000.0, None),
        ("2^10", 1024.0, None),
        ("5 ms", 5.0, "ms"),
        ("1.5 GiB", 1.5, "GiB"),
        ("4.4771e+17", 4.4771e17, None),
        ("0.0007999", 0.0007999, None),
        ("π/2", math.pi / 2, None),
        ("(5)", -5.0, None),
    ],
)
def test_likeliest_number(text: str, value: float, unit: str | None) -> None:
    first = numbers(text)[0]
    assert first.value == pytest.approx(value, rel=1e-12)
    assert first.unit == unit


@given(
    value=st.integers(-(10**9), 10**9),
    decimals=st.integers(0, 6),
    style=st.sampled_from(["plain", "minus", "thousands", "e"]),
)
def test_number_to_label_to_number(value: int, decimals: int, style: str) -> None:
    number = value / 10**decimals
    text = f"{number:,.{decimals}f}" if style == "thousands" else f"{number:.{decimals}f}"
    text = f"{number:.12e}" if style == "e" else text.replace("-", "−") if style == "minus" else text
    # A thousands comma and a decimal comma may look alike, so the number is among the readings, not always the first.
    assert any(n.value == pytest.approx(number, rel=1e-11, abs=1e-300) for n in numbers(text))


@given(st.integers(-40, 40), st.sampled_from(["10^{}", "1e{}"]))
def test_powers_return(exponent: int, style: str) -> None:
    assert numbers(style.format(exponent))[0].value == pytest.approx(10.0**exponent, rel=1e-12)


@given(st.text(max_size=12))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for reading in readings(word(text)):
        assert 0 < reading.prior <= 1
        assert reading.date is not None or math.isfinite(reading.value)
    reads_as_tick(word(text))
    multiplier_and_offset(text)


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("25", 2.5),
        ("05", 0.5),
        ("0.5", -0.5),
        ("1O0", 100.0),
        ("l.5", 1.5),
        ("S0", 50.0),
        ("10-3", 1e-3),
        ("103", 1e3),
        ("10°", 1.0),
        ("1O^-3", 1e-3),
        ("2×103", 2e3),
        ("16,000 +", 16000.0),
        ("4,000-", 4000.0),
        ("10-7-", 1e-7),
        ("20062", 2006.0),
        ("1.200", 1200.0),
    ],
)
def test_slips_stay_possible(seen: str, meant: float) -> None:
    assert values(seen).get(round(meant, 12), 0.0) > 0


def test_both_decodings_are_read() -> None:
    found = {r.value for r in readings(word("IOO", number="100"))}
    assert 100.0 in found


def test_a_clean_number_is_surer_than_any_slip() -> None:
    found = values("2.5")
    assert found[2.5] == 1.0
    assert max(prior for value, prior in found.items() if value != 2.5) < 0.2


@pytest.mark.parametrize("text", ["0.5", "−3", "1,200", "$50k", "Jan", "2020-01", "12:30", "Q3", "10⁻³", "1O", "85%"])
def test_ticks_read_as_ticks(text: str) -> None:
    assert reads_as_tick(word(text))


@pytest.mark.parametrize("text", ["Loss", "Step", "Wind (mph)", "train/loss", "Series A", "", "…"])
def test_words_do_not_read_as_ticks(text: str) -> None:
    # The second decoding makes figures of any word.
    assert not reads_as_tick(word(text, number="1055", number_confidence=0.3))


def test_names_set_to_a_value_do_not_read_as_ticks() -> None:
    assert not reads_as_tick(word("lr=0.01", number="0.01"))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Jan 2020", (2020, 1, None)),
        ("2020 Jan", (2020, 1, None)),
        ("Jan '20", (2020, 1, None)),
        ("2020-01", (2020, 1, None)),
        ("2020-01-05", (2020, 1, 5)),
        ("14.03.2020", (2020, 3, 14)),
        ("03/14/2020", (2020, 3, 14)),
        ("03-14", (None, 3, 14)),
        ("Jan 5", (None, 1, 5)),
        ("5 Jan", (None, 1, 5)),
        ("Jan 5, 2020", (2020, 1, 5)),
        ("Sun Jan 5", (None, 1, 5)),
        ("2020 Q2", (2020, 4, None)),
        ("Q4'19", (2019, 10, None)),
        ("0ct 2019", (2019, 10, None)),
        ("Dez", (None, 12, None)),
        ("2020.04", (2020, 4, None)),
        ("01/2020", (2020, 1, None)),
    ],
)
def test_likeliest_date(text: str, parts: tuple[int | None, int | None, int | None]) -> None:
    first = dates(text)[0]
    assert (first.year, first.month, first.day) == parts


@pytest.mark.parametrize(
    ("text", "time"), [("12:30", (12, 30)), ("9 PM", (21, 0)), ("12:05 am", (0, 5)), ("23:59:10", (23, 59))]
)
def test_times(text: str, time: tuple[int, int]) -> None:
    assert (dates(text)[0].hour, dates(text)[0].minute) == time


def test_date_and_time_on_two_lines() -> None:
    first = dates("12:00\nJan 5, 2020")[0]
    assert first.to_seconds() == 1578225600.0


@pytest.mark.parametrize("text", ["Loss", "2020-13", "Step 5", "31.02.2020 x", "May be"])
def test_no_dates(text: str) -> None:
    assert dates(text) == ()


def test_a_misread_month_is_trusted_less() -> None:
    assert month_of("Jau") == (1, 0.3)
    assert month_of("Jxn") is None  # Jan or Jun


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("1e-3", (1e-3, 0.0)),
        ("1e−3", (1e-3, 0.0)),
        ("×10^-3", (1e-3, 0.0)),
        ("×10⁻³", (1e-3, 0.0)),
        ("x103", (1e3, 0.0)),
        ("+1.2e2", (1.0, 120.0)),
        ("1e-5+1.2e2", (1e-5, 120.0)),
        ("−3.5e-2", (1.0, -0.035)),
        ("-10", None),
        ("·10", None),
        ("loss", None),
        ("", None),
    ],
)
def test_multiplier_and_offset(text: str, change: tuple[float, float] | None) -> None:
    assert multiplier_and_offset(text) == (None if change is None else pytest.approx(change))


def test_normalise_keeps_units_with_a_raised_digit() -> None:
    assert normalise("5 m²") == "5 m²"


@pytest.mark.parametrize("text", ["-10^5", ".10^5", "·10^5", "×10^5"])
def test_a_raised_dot_before_a_power_is_no_minus_sign(text: str) -> None:
    assert multiplier_and_offset(text) == (1e5, 0.0)


def test_a_raised_dot_within_a_label_may_be_taken_for_a_hyphen() -> None:
    assert values("8 - 10^-2")[0.08] >= 0.5


def test_one_mark_of_a_date_or_a_figure_of_a_time_may_be_lost() -> None:
    assert [(d.year, d.month, d.day) for d in dates("2019-0701")] == [(2019, 7, 1)]
    assert [(d.year, d.month, d.day) for d in dates("201907/01")] == [(2019, 7, 1)]
    assert [(d.hour, d.minute) for d in dates("19:3")] == [(19, 30)]


@pytest.mark.parametrize("name", ["p50", "p95", "max", "node 3", "run12", "v2", "H2"])
def test_names_that_end_in_figures_are_no_ticks(name: str) -> None:
    certain = replace(
        word(name, number="".join(c for c in name if c.isdigit()), number_confidence=1.0), confidence=0.99
    )
    assert not reads_as_tick(certain)


@pytest.mark.parametrize("text", ["S50", "E20", "l5", "o.5", "C1.2"])
def test_figures_after_what_a_currency_or_a_figure_was_read_as_may_be_ticks(text: str) -> None:
    certain = replace(word(text, number=text[1:], number_confidence=1.0), confidence=0.99)
    assert reads_as_tick(certain)


def test_of_the_figures_before_a_power_of_ten_one_stands_before_the_point() -> None:
    word = Word(
        box=Box(0, 0, 40, 10), text="1500e+5", number="1500e+5", confidence=0.9, number_confidence=0.9, height_px=9
    )
    assert [round(r.value) for r in readings(word)][:2] == [150_000_000, 150_000]
