"""Naming: series without a name that other panels of the picture name.

The panels of a figure draw one thing in one ink, and may say only once what it is: in the legend of a few panels, or in
one of the figure that lists no more than some of its lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from digitize.color import color_distance
from digitize.model import Color, Series

#: Colours nearer to each other than this (CIELAB) may be one ink, thin samples being paler than their lines; others are
#: so many times as far from it.
_ONE_INK, _FARTHER = 12.0, 1.5
#: So many panels give an ink the same name where it is one of the figure.
_FEWEST_PANELS = 2


@dataclass(frozen=True, kw_only=True)
class _Named:
    """A name, the colours in which panels draw what bears it, and the panels."""

    name: str
    colors: tuple[Color, ...]
    panels: frozenset[int]

    def away(self, color: Color) -> float:
        return min(color_distance(color, own) for own in self.colors)


def share_names(panels: Sequence[Sequence[Series]]) -> tuple[tuple[Series, ...], ...]:
    """The series of a picture's panels, those without a name with the one that other panels give to their ink.

    Parameters
    ----------
    panels : the series of each panel, in data coordinates or not.

    Notes
    -----
    Charts of different things may be drawn with the same palette. A name is one of the figure where several panels give
    it to one ink, none another to that ink nor that name to another ink, and in a panel without it one line alone is
    drawn so.
    """
    names = _names_of_figure(panels)
    return tuple(tuple(_with_name(one, own, names) for one in own) for own in panels)


def _names_of_figure(panels: Sequence[Sequence[Series]]) -> list[_Named]:
    """The names that several panels give to one ink, and no panel to another."""
    found: dict[str, list[tuple[int, Color]]] = {}
    for number, own in enumerate(panels):
        for one in own:
            if one.name is not None and not one.trace.faint:
                found.setdefault(one.name, []).append((number, one.color))
    named = [
        _Named(name=name, colors=tuple(color for _, color in uses), panels=frozenset(number for number, _ in uses))
        for name, uses in found.items()
    ]
    return [one for one in named if len(one.panels) >= _FEWEST_PANELS and _is_of_one_ink(one) and _is_alone(one, named)]


def _is_of_one_ink(named: _Named) -> bool:
    """Whether all panels draw what bears a name in one colour."""
    return all(color_distance(first, second) < _ONE_INK for first in named.colors for second in named.colors)


def _is_alone(named: _Named, others: Sequence[_Named]) -> bool:
    """Whether no other name is given to the ink of this one."""
    return all(other is named or min(map(named.away, other.colors)) > _FARTHER * _ONE_INK for other in others)


def _with_name(one: Series, own: Sequence[Series], names: Sequence[_Named]) -> Series:
    """The series with its name of the figure, itself where it has a name, or none is sure."""
    if one.name is not None or one.trace.faint:
        return one
    taken = {other.name for other in own}
    for named in names:
        away = named.away(one.color)
        near = [named.away(other.color) < max(_FARTHER * away, _ONE_INK) for other in own if not other.trace.faint]
        if named.name not in taken and away < _ONE_INK and sum(near) == 1:
            return replace(one, name=named.name)
    return one
