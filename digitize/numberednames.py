"""Names that number their series, and figures of them that were read as the letters that look like them."""

from __future__ import annotations

from collections.abc import Sequence

#: Letters that look like figures.
_LOOKALIKES = str.maketrans("oOIl|", "00111")


def with_figures(names: Sequence[str]) -> list[str]:
    """The names of a legend, with the figure for a letter like it where one that is else the same has a figure.

    So "seedo" beside "seed1" is "seed0"; "Run I" beside "Run II" stays.
    """
    return [_with_figure(name, names) for name in names]


def _with_figure(name: str, names: Sequence[str]) -> str:
    for other in names:
        unlike = [k for k, pair in enumerate(zip(name, other, strict=False)) if pair[0] != pair[1]]
        if len(name) != len(other) or len(unlike) != 1:
            continue
        (k,) = unlike
        figure = name[k].translate(_LOOKALIKES)
        if other[k].isdecimal() and figure.isdecimal() and figure != other[k]:
            return f"{name[:k]}{figure}{name[k + 1 :]}"
    return name
