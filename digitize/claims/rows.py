"""Rows of tables as claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digitize.claims.document import Block, Cell
from digitize.claims.entities import Vocabulary, mask, normal
from digitize.claims.numbers import FIND_NUMBER, FIND_TIME, to_number, to_time
from digitize.claims.places import X, find_places
from digitize.claims.predicates import find_predicates
from digitize.claims.records import Claim, Kind, Number, Source

_X_HEAD = re.compile(rf"(?:{X}|date|x[- ]value)s?\b.*", re.IGNORECASE)
_Y_HEAD = re.compile(r"(?:y|values?|readings?)\b.*", re.IGNORECASE)
_CHART_HEAD = re.compile(r"(?:charts?|panels?|plots?|graphs?|figures?|titles?)\b.*", re.IGNORECASE)
_SERIES_HEAD = re.compile(r"(?:series|lines?|curves?|models?|runs?|names?)\b.*", re.IGNORECASE)
_STATISTICS = (Kind.FIRST, Kind.LAST, Kind.MAXIMUM, Kind.MINIMUM, Kind.MEAN)


def read_row(
    block: Block,
    scope: tuple[str | None, str | None],
    text: str,
    vocabulary: Vocabulary,
    at: Number | None = None,
) -> Iterator[Claim]:
    """The claims of a row, by what stands at the heads of its columns.

    Places ("x = 3") over values; "x" and "y" over one value a row; "start", "peak" … over statistics; else x in the
    column that says so, or the first, and the names of series over their values.

    Parameters
    ----------
    scope : the chart and the series that the text around the table speaks of.
    at : the x that it speaks of; rows that begin with a chart's name have the values of series there.
    """
    heads = [_head_place(cell, text) for cell in block.head]
    told = [_statistic(cell, vocabulary) for cell in block.head]
    x, y = _column(block, _X_HEAD), _column(block, _Y_HEAD)
    if any(heads):
        panel, series = _named(block, scope, vocabulary, [k for k, head in enumerate(heads) if head is None])
        for place, cell in zip(heads, block.cells, strict=False):
            yield from _value(block, (panel, series), place, cell, text)
    elif x is not None and y is not None and len(block.cells) > max(x, y):
        names = _named(block, scope, vocabulary, [k for k in range(len(block.head)) if k not in (x, y)])
        yield from _value(block, names, _place(block.cells[x], text), block.cells[y], text)
    elif any(told):
        names = _named(block, scope, vocabulary, [k for k, kind in enumerate(told) if kind is None])
        for kind, cell in zip(told, block.cells, strict=False):
            yield from _statistics(block, names, kind, cell, text)
    elif not _has_names(block, vocabulary):
        own = _place(block.cells[x or 0], text)
        for k, (head, cell) in enumerate(zip(block.head, block.cells, strict=False)):
            if k != (x or 0):
                yield from _value(block, (scope[0], head.text), own, cell, text)
    elif at is not None and _CHART_HEAD.fullmatch(block.head[0].text.strip()):
        for head, cell in zip(block.head[1:], block.cells[1:], strict=False):
            yield from _value(block, (block.cells[0].text, head.text), at, cell, text)


def _column(block: Block, head: re.Pattern[str]) -> int | None:
    return next((k for k, cell in enumerate(block.head) if head.fullmatch(cell.text.strip())), None)


def _head_place(cell: Cell, text: str) -> Number | None:
    """The place that a column's head names, as "x = 3"."""
    said = re.fullmatch(rf"(?:{X})\s*=?\s*(.+)", cell.text, re.IGNORECASE)
    return _number(said[1], cell.start, text) if said else None


def _statistic(cell: Cell, vocabulary: Vocabulary) -> Kind | None:
    """What a column's head says of a series, as "peak"."""
    found = find_predicates(f"{cell.text} at")
    known = normal(cell.text) in {normal(name) for name in vocabulary.series}
    return found[0].kind if len(found) == 1 and found[0].kind in _STATISTICS and not known else None


def _named(
    block: Block, scope: tuple[str | None, str | None], vocabulary: Vocabulary, columns: Sequence[int]
) -> tuple[str | None, str | None]:
    """The chart and the series that cells of a row name, else those of the text around."""
    panel, series = scope
    for k in columns:
        if k >= len(block.cells) or not block.cells[k].text:
            continue
        name, head = block.cells[k].text, block.head[k].text.strip()
        charts = mask(name, vocabulary).within(0, len(name), "chart")
        is_chart = vocabulary.kind_of(name) == "chart" or bool(charts)
        if _SERIES_HEAD.fullmatch(head) or (not is_chart and not _CHART_HEAD.fullmatch(head)):
            series = name
        else:
            panel = name
    return panel, series


def _has_names(block: Block, vocabulary: Vocabulary) -> bool:
    """Whether the first cell names a chart or a series, so that a row is no place with its values."""
    if not block.cells:
        return True
    return bool(
        _SERIES_HEAD.fullmatch(block.head[0].text.strip()) or _CHART_HEAD.fullmatch(block.head[0].text.strip())
    ) or (vocabulary.kind_of(block.cells[0].text) != "other")


def _place(cell: Cell, text: str) -> Number | None:
    """The number, the time or the name that a cell gives as a place."""
    found = _number(cell.text, cell.start, text)
    at = text.find(cell.text, cell.start)
    if found is None and cell.text:
        return Number(text=cell.text, name=cell.text, start=at, stop=at + len(cell.text))
    return found


def _number(cell: str, start: int, text: str) -> Number | None:
    """The number or the time that a cell is."""
    content = re.sub(r"^(?:x\s*=|[~≈])\s*", "", cell.strip())
    at = text.find(content, start)
    if FIND_TIME.fullmatch(content):
        return to_time(content, at)
    return to_number(content, at, cell) if FIND_NUMBER.fullmatch(f" {content}", 1) else None


def _value(
    block: Block, names: tuple[str | None, str | None], place: Number | None, cell: Cell, text: str
) -> Iterator[Claim]:
    """A value at a place, where a cell holds one."""
    value = _number(cell.text, cell.start, text)
    if place is not None and value is not None:
        source = Source(line=block.line, quote=f"{names[1] or ''} at {place.text}: {cell.text}".strip())
        yield Claim(
            kind=Kind.VALUE,
            source=source,
            panel=names[0],
            series=names[1],
            start=place,
            stop=place,
            low=value,
            high=value,
        )


def _statistics(
    block: Block, names: tuple[str | None, str | None], kind: Kind | None, cell: Cell, text: str
) -> Iterator[Claim]:
    """A statistic, with its place where the cell says that too: "0.35 (x=15)"."""
    at = text.find(cell.text, cell.start)
    if kind is None or at < 0:
        return
    places, rest = find_places(cell.text, at, mask(cell.text, Vocabulary()))
    value = next((one for one in FIND_NUMBER.finditer(rest) if one[0]), None)
    if value is not None:
        number = to_number(value[0], at + value.start(), rest[: value.start()])
        place = places[0] if places else None
        yield Claim(
            kind=kind,
            source=Source(line=block.line, quote=f"{names[1] or ''} {kind.value}: {cell.text}".strip()),
            panel=names[0],
            series=names[1],
            start=place.start if place else None,
            stop=place.stop if place else None,
            low=number,
            high=number,
        )
