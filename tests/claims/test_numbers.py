import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitize.claims.numbers import FIND_NUMBER, FIND_TIME, to_number, to_time
from digitize.outputs.wording import number_text


def numbers(text):
    return [
        to_number(found[0], found.start(), text[: found.start()]) for found in FIND_NUMBER.finditer(text) if found[0]
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.35", [0.35]),
        ("x=5: 0.32, -0.4", [5, 0.32, -0.4]),
        ("0.4–0.5", [0.4, 0.5]),
        ("0.4-0.5", [0.4, 0.5]),
        ("(−0.5)", [-0.5]),
        ("1,200 against 5,10", [1200, 5, 10]),
        ("1.2k and 3M", [1200, 3e6]),
        ("85 %", [85]),
        ("1e-3, 10^-3, 2×10^5", [1e-3, 1e-3, 2e5]),
        ("7.80e-05", [7.8e-05]),
        ("2 million", [2e6]),
        ("v2 loss1 3rd a_1 #e03131", []),
        ("ends at 5.", [5]),
    ],
)
def test_numbers_are_read_as_people_write_them(text, values):
    assert [number.value for number in numbers(text)] == pytest.approx(values)


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("0.35", 0.005),
        ("0.350", 0.0005),
        ("1200", 0.5),
        ("about 1200", 50),
        ("~0.3", 0.05),
        ("1.2k", 50),
        ("7.8e-05", 5e-7),
    ],
)
def test_precision_is_half_a_unit_of_the_last_digit_that_counts(text, precision):
    assert numbers(text)[0].precision == pytest.approx(precision)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e3))
def test_a_number_that_is_written_is_read_again(value, error):
    (read,) = numbers(number_text(value, error))
    assert read.value == pytest.approx(value, abs=2 * error + 1e-9)
    assert FIND_NUMBER.fullmatch(f" {number_text(value, error)}", 1)


@pytest.mark.parametrize(
    ("text", "begin", "days"),
    [
        ("2024-05-01", 1714521600, 1),
        ("2024-05", 1714521600, 31),
        ("May 2024", 1714521600, 31),
        ("1 May 2024", 1714521600, 1),
        ("May 1, 2024", 1714521600, 1),
        ("2024-05-01T12:30:00Z", 1714566600, 0),
    ],
)
def test_times_begin_where_they_say_and_last_as_long(text, begin, days):
    assert FIND_TIME.fullmatch(text)
    time = to_time(text, 0)
    assert (time.value, 2 * time.precision) == (begin, days * 86_400)


def test_what_looks_like_a_date_and_is_none_is_no_time():
    assert to_time("2024-13-01", 0) is None
