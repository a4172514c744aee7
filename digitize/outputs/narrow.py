"""A part of a reading: chosen panels and chosen series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digitize.errors import UsageError
from digitize.model import Panel, Reading
from digitize.outputs.values import label_series


def narrow(reading: Reading, panels: Sequence[str] = (), series: Sequence[str] = ()) -> Reading:
    """The reading with the chosen panels and, in them, the chosen series only; nothing chosen keeps all.

    Parameters
    ----------
    panels, series : sequences of titles or names in any case, or numbers from 1
        A title or name that looks like a number is meant before the number.

    Raises
    ------
    UsageError
        A panel, or a series in all panels, that is not there.
    """
    titles = [panel.title or "" for panel in reading.panels]
    kept = [reading.panels[index] for index in _choose(panels, titles, "panel")] if panels else list(reading.panels)
    if not series:
        return replace(reading, panels=tuple(kept))
    labels = [label_series(panel) for panel in kept]
    for wanted in series:
        if not any(_matches(wanted, names) for names in labels):
            known = sorted({name for names in labels for name in names})
            raise UsageError(f"no series {wanted!r}; there are: {', '.join(known) or 'none'}")
    return replace(reading, panels=tuple(_keep_series(*pair, series) for pair in zip(kept, labels, strict=True)))


def _matches(wanted: str, names: Sequence[str]) -> list[int]:
    """The indices that a title, a name or a number from 1 means."""
    named = [index for index, name in enumerate(names) if name.casefold() == wanted.strip().casefold()]
    if not named and wanted.strip().isdecimal() and 1 <= int(wanted) <= len(names):
        return [int(wanted) - 1]
    return named


def _choose(wanted: Sequence[str], names: Sequence[str], what: str) -> list[int]:
    chosen: set[int] = set()
    for one in wanted:
        found = _matches(one, names)
        if not found:
            known = ", ".join(f"{number} {name}".strip() for number, name in enumerate(names, start=1))
            raise UsageError(f"no {what} {one!r}; there are: {known or 'none'}")
        chosen.update(found)
    return sorted(chosen)


def _keep_series(panel: Panel, names: Sequence[str], wanted: Sequence[str]) -> Panel:
    kept = sorted({index for one in wanted for index in _matches(one, names)})
    moved = {old: new for new, old in enumerate(kept)}
    chosen = []
    for index in kept:
        series = panel.series[index]
        chosen.append(series if series.raw_of is None else replace(series, raw_of=moved.get(series.raw_of)))
    return replace(panel, series=tuple(chosen))
