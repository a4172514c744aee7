"""Rows of labels that were rounded until neighbours read alike, and the ticks that they stand for."""

import numpy as np
import pytest

from digitize.labelvalues import Value
from digitize.roundsteps import unrounded


def ticks(texts: list[str], places: list[float] | None = None) -> list[float]:
    """What labels of equal decimals stand for, from the first to the last."""
    decimals = max(len(text.partition(".")[2]) for text in texts)
    values = [Value(index=k, u=float(t), prior=1.0, slack=0.5 * 10.0**-decimals) for k, t in enumerate(texts)]
    at = np.array(places or [50.0 * k for k in range(len(texts))])
    return [v.u for v in sorted(unrounded(values, at, texts), key=lambda v: v.index)]


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        ("0 0 0 0.001 0.001 0.001", [0, 0.0002, 0.0004, 0.0006, 0.0008, 0.001]),
        ("-0 0 0 0 0.001 0.001 0.001 0.001", [-0.0002, 0, 0.0002, 0.0004, 0.0006, 0.0008, 0.001, 0.0012]),
        ("0.001 0.001 0.001 0 0", [0.001, 0.0008, 0.0006, 0.0004, 0.0002]),
        ("1.0 1.1 1.1 1.2 1.2 1.3", [1.0, 1.05, 1.1, 1.15, 1.2, 1.25]),
    ],
)
def test_labels_that_read_alike_are_multiples_of_a_round_step(texts: str, values: list[float]) -> None:
    assert ticks(texts.split()) == pytest.approx(values)


def test_a_label_between_that_was_not_read_leaves_a_step_out() -> None:
    assert ticks(["0", "0", "0.001", "0.001", "0.001"], [0, 50, 150, 200, 250]) == pytest.approx(
        [0, 0.0002, 0.0006, 0.0008, 0.001]
    )


def test_labels_that_do_not_read_alike_or_do_not_stand_evenly_tell_nothing() -> None:
    assert not ticks(["0", "0.1", "0.2", "0.3"])
    assert not ticks(["0", "0", "0.001", "0.001"], [0, 20, 90, 130])
    assert not ticks(["0.001", "0", "0", "0.001"])
