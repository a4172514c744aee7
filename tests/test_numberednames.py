"""Numbers at the end of names are figures in all names of a legend, and letters stay letters."""

import pytest

from digitize.numberednames import with_figures


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        (["run_seedo", "run_seed1"], ["run_seed0", "run_seed1"]),
        (["seed2", "seedl", "seedO"], ["seed2", "seed1", "seed0"]),
        (["lr=2e-3", "lr=2e-I"], ["lr=2e-3", "lr=2e-1"]),
    ],
)
def test_a_letter_where_others_have_a_figure_is_one(read: list[str], meant: list[str]) -> None:
    assert with_figures(read) == meant


@pytest.mark.parametrize(
    "names",
    [["Run I", "Run II"], ["model o", "model a"], ["seed1", "seedl"], ["x1", "no"], ["seedo", "seed12"], ["AdamO"], []],
)
def test_other_names_stay(names: list[str]) -> None:
    assert with_figures(names) == names
