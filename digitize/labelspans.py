"""Tick labels that stand so close that they were read as one line, told apart by what they say.

Labels of one axis are written alike and follow each other in even steps: a line that repeats one form, or that is
numbers in even steps, is several labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from digitize.datetext import dates
from digitize.numbertext import numbers

Span = tuple[int, int]

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+|[^\w\s]")
_NUMBER = re.compile(r"[-+−]?[0-9]+(?:[.,][0-9]+)*")
#: A power of ten with its decimals, which may begin with what the one before ends with; and several in a row.
_SCIENTIFIC = re.compile(r"(?=([0-9]\.[0-9]+e[-+−][0-9]))")
_SHARED = re.compile(r"(?:[0-9]\.[0-9]+e[-+−]){3,}[0-9]")
_FIGURES_OF_POWERS = re.compile(r"[-+−0-9.e\s]+")
_PLAIN = re.compile(r"[-+−0-9.,\s]+")
#: What is certainly a number, or a date, as it is written.
_SURE_NUMBER, _SURE_DATE = 0.9, 0.5
#: A label is made of no more tokens (letters, figures, signs) than this.
_MOST_TOKENS = 8
#: Fewest labels in even steps, and fewest of one form among pieces of others; these make up so much of the text.
_FEWEST, _MOSTLY = 3, 0.5
#: Fewest figures of numbers that stand without any space between them.
_FEWEST_FIGURES = 8


def label_spans(text: str) -> tuple[Span, ...]:
    """Start and end of each label in the text of a line; empty where it is one label or anything else.

    Examples
    --------
    >>> text = "9:30 AM10:00 AM10:30 AM"
    >>> [text[a:b] for a, b in label_spans(text)]
    ['9:30 AM', '10:00 AM', '10:30 AM']
    >>> text = "800 10001200"
    >>> [text[a:b] for a, b in label_spans(text)]
    ['800', '1000', '1200']
    >>> text = "0.00e+5.00e+4.00e+5.50e+5"
    >>> [text[a:b] for a, b in label_spans(text)]
    ['0.00e+5', '5.00e+4', '4.00e+5', '5.50e+5']
    >>> label_spans("12 May 2019")
    ()
    """
    return tuple(
        _repeats(text) or _even_steps(text) or _run_together(text) or _sharing_ends(text) or _among_pieces(text)
    )


def _repeats(text: str) -> list[Span]:
    """The labels of a text that is one form over and over, sign by sign or token by token."""
    signs = [match.span() for match in re.finditer(r"\S", text)]
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    for units in (signs, tokens):
        form = [_form(text[a:b]) for a, b in units]
        for length in range(1, len(units) // 2 + 1):
            if len(units) % length == 0 and form == form[:length] * (len(units) // length):
                spans = [(units[k][0], units[k + length - 1][1]) for k in range(0, len(units), length)]
                if set(form[:length]) != {"0"} and all(_is_label(text[a:b]) for a, b in spans):
                    return spans
    return []


def _form(token: str) -> str:
    # In small text a comma is easily taken for a point.
    token = "." if token == "," else token
    return "0" if token[0].isdigit() else "a" if token[0].isalpha() else token


def _is_label(text: str) -> bool:
    """Whether a text is a number or a date for certain."""
    if any(number.prior >= _SURE_NUMBER for number in numbers(text)[:1]):
        return True
    return any(date.prior >= _SURE_DATE for date in dates(text)[:1])


def _even_steps(text: str) -> list[Span]:
    """The labels of a text that is numbers in even steps, some of them apart: figures alone may be cut anywhere."""
    if not _PLAIN.fullmatch(text) or len(text.split()) < 2:
        return []
    return next((spans for spans in _progressions(text, []) if len(spans) >= _FEWEST), [])


def _run_together(text: str) -> list[Span]:
    """The labels of a text that is figures alone, where these are numbers of one length in even steps."""
    if not text.isdecimal() or len(text) < _FEWEST_FIGURES:
        return []
    for length in range(2, len(text) // _FEWEST + 1):
        spans = [(k, k + length) for k in range(0, len(text) - length + 1, length)]
        steps = {int(text[c:d]) - int(text[a:b]) for (a, b), (c, d) in pairwise(spans)}
        whole = len(text) % length == 0 and all(text[a] != "0" for a, _ in spans)
        if whole and len(steps) == 1 and steps != {0}:
            return spans
    return []


def _sharing_ends(text: str) -> list[Span]:
    """The labels of a text that is powers of ten of one form, where the last figure of each lies on the next one's.

    The figure that is read there is of either.
    """
    if not _SHARED.fullmatch(text):
        return []
    spans = [match.span(1) for match in _SCIENTIFIC.finditer(text)]
    decimals = {len(text[a:b].partition("e")[0].partition(".")[2]) for a, b in spans}
    return spans if len(spans) >= _FEWEST and len(decimals) == 1 else []


def _progressions(text: str, before: list[tuple[Span, float]]) -> Iterator[list[Span]]:
    """Every way to go on to the end of a text with numbers that keep the step of those before."""
    start = before[-1][0][1] if before else 0
    start += len(text[start:]) - len(text[start:].lstrip())
    if start == len(text):
        yield [span for span, _ in before]
        return
    stop = start + len(text[start:].split(maxsplit=1)[0])
    for end in range(stop, start, -1):
        value = _value(text[start:end])
        # Single figures of one run are those of one number.
        whole = end - start > 1 or (end == stop and (not start or text[start - 1].isspace()))
        if value is not None and whole and _keeps_step([v for _, v in before], value):
            yield from _progressions(text, [*before, ((start, end), value)])


def _value(text: str) -> float | None:
    found = numbers(text)[:1] if _NUMBER.fullmatch(text) else ()
    return found[0].value if found and found[0].prior >= _SURE_NUMBER else None


def _keeps_step(values: Sequence[float], value: float) -> bool:
    if not values:
        return True
    step = value - values[-1]
    return step != 0 and (len(values) < 2 or abs(step - (values[1] - values[0])) <= 1e-6 * abs(step))


def _among_pieces(text: str) -> list[Span]:
    """The labels that overlap so that some are whole and others lost a letter, and what is between.

    They are dates or powers of ten of one form. Only the whole ones can be read; the others keep their places.
    """
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    if sum(text[a].isdigit() for a, _ in tokens) < _FEWEST:
        return []
    best: list[Span] = []
    for whole in (_powers(text), *(_dates(text, tokens, length) for length in range(2, _MOST_TOKENS + 1))):
        forms = sorted(whole, key=lambda span: _forms(text, span))
        for _, alike in groupby(forms, key=lambda span: _forms(text, span)):
            apart = _without_overlap(sorted(alike))
            best = max(best, apart, key=lambda found: sum(b - a for a, b in found))
    if len(best) < _FEWEST or sum(b - a for a, b in best) < _MOSTLY * len(text):
        return []
    edges = [0, *(edge for span in best for edge in span), len(text)]
    pieces = pairwise(edges)
    return [(a, b) for a, b in pieces if text[a:b].strip()]


def _powers(text: str) -> list[Span]:
    """The powers of ten with decimals in a text of such and of their pieces alone."""
    return [match.span(1) for match in _SCIENTIFIC.finditer(text)] if _FIGURES_OF_POWERS.fullmatch(text) else []


def _dates(text: str, tokens: Sequence[Span], length: int) -> list[Span]:
    """The dates in a text that are made of so many tokens."""
    spans = [(tokens[k][0], tokens[k + length - 1][1]) for k in range(len(tokens) - length + 1)]
    return [(a, b) for a, b in spans if any(d.prior >= _SURE_DATE for d in dates(text[a:b])[:1])]


def _forms(text: str, span: Span) -> str:
    return "".join(_form(match[0]) for match in _TOKEN.finditer(text[slice(*span)]))


def _without_overlap(spans: Sequence[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept
