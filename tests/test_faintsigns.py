"""Equals signs too faint for glyphs."""

import pytest

from digitize.faintsigns import adds_equals_sign


@pytest.mark.parametrize(
    ("text", "first", "second", "adds"),
    [
        ("T = 350 K", "T", "350 K", True),
        ("lr=0.01", "1r", "0.01", True),
        ("n = 5000 pH 5.5", "n = 5000", "pH 5.5", False),
        ("n = 5 m = 3", "n = 5", "m = 3", False),
        ("a=b=c", "a=b", "c", True),
        ("T - 350 K", "T", "350 K", False),
    ],
)
def test_an_equals_sign_between_two_texts(text: str, first: str, second: str, adds: bool) -> None:
    assert adds_equals_sign(text, first, second) == adds
