"""Sentences about what surrounds the curves: axes, legends, titles, gridlines, counts and looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from digitize.claims.entities import ENTITY, Entity, Masked
from digitize.claims.numbers import COUNT, NUMBER, TIME, to_count, to_number, to_time
from digitize.claims.predicates import NEGATION, has_predicate
from digitize.claims.records import EVERY, Claim, Kind, Number

_AXIS = re.compile(
    r"\b(?P<second>(?:second(?:ary)?|right(?:-hand)?)\s+)?(?P<name>[xy]|vertical|horizontal)(?:2)?"
    r"[- ]?(?:ax[ie]s|range|scale)\b",
    re.IGNORECASE,
)
_VALUE = rf"(?:{TIME}|{NUMBER})"
_TO = r"\s*(?:(?:up )?to|and|through|-|–|—)\s*(?:(?:about|around|roughly|approximately|~|≈)\s*)?"
_STEP = (
    r"(?:every|(?:in )?steps of|(?:(?:in|at) )?increments of|(?:(?:at|with) )?intervals of|spaced by)\s+"
    rf"(?P<step>{NUMBER})"
)
_TICKS = re.compile(
    rf"\b(?:major\s+)?ticks?(?:\s+(?:labels?|marks?))?\s*(?:are|run|go|going|running|at|from|:|\s)*\s*(?P<a>{_VALUE}){_TO}(?P<b>{_VALUE})"
    rf"(?:\s*,?\s*{_STEP})?(?:\s*each\s+(?P<factor>{NUMBER})\s+times the last)?",
    re.IGNORECASE,
)
_STEPS = re.compile(_STEP, re.IGNORECASE)
_RANGE = re.compile(rf"(?P<a>{_VALUE}){_TO}(?P<b>{_VALUE})", re.IGNORECASE)
_SCALES = (
    ("log", re.compile(r"\blog(?:arithmic)?\b|\blog[- ]?scale", re.IGNORECASE)),
    ("linear", re.compile(r"\blinear\b", re.IGNORECASE)),
    ("date", re.compile(r"\bdates\b|\bdate axis\b|\btime axis\b", re.IGNORECASE)),
    ("category", re.compile(r"\bcategor(?:y|ies|ical)\b", re.IGNORECASE)),
)
_LABEL = re.compile(
    rf"\b(?:label(?:l?ed)?|titled|represents|denotes|shows)\s+(?:as\s+)?(?P<label>{ENTITY}|[A-Za-z][\w /-]*)",
    re.IGNORECASE,
)
_LABEL_AFTER_COLON = re.compile(rf"^\s*:\s*(?P<label>{ENTITY}|[A-Za-z][\w /-]*?)\s*(?=[,(;.]|$)")
_UNIT = re.compile(r"\bin\s+(?P<unit>%|percent|per cent)|\((?P<bare>%)\)", re.IGNORECASE)
_NO_LABEL = re.compile(
    r"^(?:spans?|goes|runs|between|linear|log|dates?|time|range|ranges|from|categor|ticks?|in|label|no|none|not)",
    re.IGNORECASE,
)
_LEGEND = re.compile(r"\blegends?\b", re.IGNORECASE)
_LEGEND_PLACES = (
    ("at the ends of the lines", r"ends? of the (?:lines|curves)"),
    ("inside, upper right", r"\b(?:upper|top)[- ]right\b"),
    ("inside, upper left", r"\b(?:upper|top)[- ]left\b"),
    ("inside, lower right", r"\b(?:lower|bottom)[- ]right\b"),
    ("inside, lower left", r"\b(?:lower|bottom)[- ]left\b"),
    ("inside", r"\binside\b|\bwithin the (?:plot|chart)"),
    ("right", r"\bright\b"),
    ("left", r"\bleft\b"),
    ("above", r"\babove\b|\btop\b"),
    ("below", r"\bbelow\b|\bbottom\b|\b(?:be|under)neath\b|\bunder\b"),
    ("none", r"\bnone\b|\bno legends?\b|\bwithout\b"),
)
_NOT = re.compile(r"\bnot\b|n['’]t\b", re.IGNORECASE)
_GRID = re.compile(r"\bgrid(?:[- ]?lines?)?\b", re.IGNORECASE)
_TITLE = re.compile(
    rf"\btitles?d?\b[^.;]{{0,30}}?(?P<title>{ENTITY})|^\W*title\s*:\s*(?P<plain>[^\s].*?)\s*$", re.IGNORECASE
)
_CHARTS = re.compile(
    rf"\b(?<!first )(?<!last )(?<!other )(?<!these )(?<!those )(?P<count>{COUNT})\s+"
    r"(?:(?:separate|line|side-by-side|distinct|individual)\s+){0,2}"
    r"(?:charts?|panels?|subplots?|plots?|graphs?)\b",
    re.IGNORECASE,
)
_SERIES = re.compile(
    rf"\b(?:shows?|has|have|contains?|with|plots?|displays?|holds?|compares?|are|there is|features?)\s+(?:exactly\s+)?"
    rf"(?P<count>{COUNT})\s+(?:(?:data|coloured|colored|different)\s+)?(?:lines?|series|curves?)\b"
    r"(?!\s+(?:charts?|panels?|plots?|graphs?))"
    rf"|\b(?P<shown>{COUNT})\s+(?:lines|series|curves)\s+are\s+(?:shown|plotted|drawn|displayed)\b",
    re.IGNORECASE,
)
_LINE = r"(?:\s+(?:line|curve|series|trace))?"
_LOOKS = re.compile(
    rf"\s*(?P<mark>[(:]|[–—-](?=\s))\s*(?:the\s+)?"
    rf"|{_LINE}\s*,?\s*(?:(?:is|are)\s+)?(?P<verb>drawn|shown|plotted|rendered|depicted|colou?red)\s+(?:in|as)\s+"
    rf"|{_LINE}\s+(?P<being>is|are|in)\s+(?:a\s+|the\s+)?(?={ENTITY}|solid|dashed|dotted|dash-dotted)",
    re.IGNORECASE,
)
_HOLDS = re.compile(r"\b(?:shows?|plots?|contains?|compares?|displays?|has|have|holds?)\b", re.IGNORECASE)
_STYLES = re.compile(
    r"\b(?P<style>solid|dash-dotted|dashdotted|dashed|dotted|markers alone|markers only)\b", re.IGNORECASE
)


def read_frame(sentence: Masked, offset: int, base: Claim, series: str | None) -> tuple[list[Claim], bool]:
    """The claims of a sentence about what surrounds the curves, and whether it speaks of nothing else.

    Parameters
    ----------
    offset : where the sentence starts in the whole text.
    base : a claim with the source and the chart that the sentence speaks of.
    series : the series that the text around it speaks of.
    """
    axes = list(_AXIS.finditer(sentence.text))
    subject = next(
        (one.start() for one in (*axes, _LEGEND.search(sentence.text), _GRID.search(sentence.text)) if one),
        len(sentence.text),
    )
    named = [one.name for one in sentence.within(0, subject, "chart")]
    named += [
        one.name
        for one in sentence.within(subject, len(sentence.text), "chart")
        if re.search(r"\b(?:of|for|in)\s+$", sentence.text[: one.start])
    ]
    if named and not _TITLE.search(sentence.text):
        base = replace(base, panel=named[0])
    if base.panel is None:
        base = replace(base, panel=EVERY)
    looks = list(_looks(sentence, base, series))
    counted = list(_counts(sentence, offset, base))
    described = bool(looks and axes) and axes[0].start() > sentence.entities[0].start
    if axes and (described or axes[0].start() <= _leading(sentence)):
        claims = [*counted, *(looks if described else [])]
        for k, axis in enumerate(axes):
            end = axes[k + 1].start() if k + 1 < len(axes) else len(sentence.text)
            claims += _axis(sentence, offset, (axis.end(), end), replace(base, axis=_axis_name(axis)))
        return claims, True
    if (legend := _LEGEND.search(sentence.text)) and legend.start() <= _leading(sentence):
        return list(_legend(sentence, base)), True
    if (grid := _GRID.search(sentence.text)) and grid.start() <= _leading(sentence):
        return list(_gridlines(sentence.text, base)), True
    looks += _members(sentence, base)
    title = _TITLE.search(sentence.text)
    if title:
        names = [title["plain"]] if title["plain"] else []
        names += [one.name for one in sentence.within(title.start(), len(sentence.text), "chart", "other")]
        return [*counted, *(replace(base, kind=Kind.TITLE, word=name) for name in names if name)], True
    if counted and counted[0].kind is Kind.CHARTS:
        counted += [
            replace(base, kind=Kind.TITLE, panel=None, word=one.name)
            for one in sentence.entities
            if one.kind in ("chart", "other") and one.name != EVERY and _is_title(one)
        ]
    return [*counted, *looks], False


def named_axis(sentence: Masked) -> Literal["x", "y", "y2"] | None:
    """The axis that a sentence begins with, if it does."""
    axis = _AXIS.search(sentence.text)
    return _axis_name(axis) if axis and axis.start() <= 12 else None


def read_axis(sentence: Masked, offset: int, base: Claim) -> list[Claim]:
    """The claims of a sentence that goes on about the axis of `base`."""
    return list(_axis(sentence, offset, (0, len(sentence.text)), base))


def _axis_name(axis: re.Match[str]) -> Literal["x", "y", "y2"]:
    if axis["name"].lower() in ("x", "horizontal"):
        return "x"
    return "y2" if axis["second"] or "2" in axis[0] else "y"


def _is_title(entity: Entity) -> bool:
    """Whether a chart is called by its title, not by its number or its place."""
    return not re.fullmatch(
        r"(?:the\s+)?(?:\w+\s+)?(?:chart|panel|plot|subplot|graph)s?(?:\s+#?\d+)?", entity.name, re.IGNORECASE
    )


def _leading(sentence: Masked) -> int:
    """How far into a sentence its subject may stand: behind a chart's name and a few words."""
    return 40 + sum(one.stop - one.start for one in sentence.entities if one.kind == "chart")


def _value(text: str, start: int, before: str) -> Number | None:
    return to_time(text, start) if re.fullmatch(TIME, text, re.IGNORECASE) else to_number(text, start, before)


def _finest(low: Number | None, high: Number | None) -> tuple[Number | None, Number | None]:
    """Both ends of a range as exact as the one with more digits: "0 to 0.2" means 0.0."""
    if low is None or high is None:
        return low, high
    finest = min(low.precision, high.precision)
    return replace(low, precision=finest), replace(high, precision=finest)


def _axis(sentence: Masked, offset: int, part: tuple[int, int], base: Claim) -> Iterator[Claim]:
    """What is said of the axis of `base` in a part of a sentence."""
    begin, end = part
    text = sentence.text[begin:end]
    at = offset + begin
    if ticks := _TICKS.search(text):
        low, high = _finest(*(_value(ticks[k], at + ticks.start(k), "") for k in ("a", "b")))
        step = next((to_number(ticks[k], at + ticks.start(k)) for k in ("step", "factor") if ticks[k]), None)
        yield replace(
            base, kind=Kind.AXIS_TICKS, low=low, high=high, step=step, word="times" if ticks["factor"] else None
        )
        text = text[: ticks.start()] + " " * len(ticks[0]) + text[ticks.end() :]
    elif steps := _STEPS.search(text):
        yield replace(base, kind=Kind.AXIS_TICKS, step=to_number(steps["step"], at + steps.start("step")))
        text = text[: steps.start()] + " " * len(steps[0]) + text[steps.end() :]
    if extent := _RANGE.search(text):
        low, high = _finest(*(_value(extent[k], at + extent.start(k), text[: extent.start(k)]) for k in ("a", "b")))
        yield replace(base, kind=Kind.AXIS_RANGE, low=low, high=high)
    denied = NEGATION.search(text)
    for scale, pattern in _SCALES:
        if pattern.search(text) and not denied:
            yield replace(base, kind=Kind.AXIS_SCALE, word=scale)
            break
    if unit := _UNIT.search(text):
        yield replace(base, kind=Kind.AXIS_UNIT, word="%" if unit["unit"] or unit["bare"] else None)
    names = [one for one in sentence.within(begin, end) if one.kind != "chart" or one.name != EVERY]
    listed = re.search(r"\bcategories\b", text, re.IGNORECASE)
    if listed and (after := [one.name for one in names if one.start >= begin + listed.end()]):
        yield replace(base, kind=Kind.CATEGORIES, words=tuple(after))
    label = _LABEL.search(text) or _LABEL_AFTER_COLON.search(text)
    if label and not denied and not _NO_LABEL.match(label["label"]) and not re.search(r"\d", label["label"]):
        marked = re.fullmatch(ENTITY, label["label"])
        word = (
            next((one.name for one in names if sentence.text[one.start] == label["label"][0]), "")
            if marked
            else label["label"]
        )
        if word:
            yield replace(base, kind=Kind.AXIS_LABEL, word=word.strip())


def _legend(sentence: Masked, base: Claim) -> Iterator[Claim]:
    for word, pattern in _LEGEND_PLACES:
        if re.search(pattern, sentence.text, re.IGNORECASE) and not _NOT.search(sentence.text):
            yield replace(base, kind=Kind.LEGEND, word=word)
            break
    for one in sentence.entities:
        if one.kind in ("series", "other") and one.name != EVERY:
            yield replace(base, kind=Kind.SERIES, series=one.name)
    yield from _looks(sentence, base, None)


def _gridlines(text: str, base: Claim) -> Iterator[Claim]:
    words = [word for word in ("horizontal", "vertical") if re.search(word, text, re.IGNORECASE)]
    if re.search(r"\bno(?:ne|t)?\b|without", text, re.IGNORECASE):
        yield replace(base, kind=Kind.GRIDLINES, word="none")
    else:
        yield replace(base, kind=Kind.GRIDLINES, words=tuple(words))


def _counts(sentence: Masked, offset: int, base: Claim) -> Iterator[Claim]:
    """How many charts a figure holds, and how many series a chart."""
    if charts := _CHARTS.search(sentence.text):
        at = offset + charts.start("count")
        yield replace(base, kind=Kind.CHARTS, panel=None, low=to_count(charts["count"], at))
    if series := _SERIES.search(sentence.text):
        name = "count" if series["count"] else "shown"
        yield replace(base, kind=Kind.COUNT, low=to_count(series[name], offset + series.start(name)))


def _members(sentence: Masked, base: Claim) -> Iterator[Claim]:
    """Series that a chart is said to hold, in a sentence that says nothing of their course."""
    verb = _HOLDS.search(sentence.text)
    if verb and not has_predicate(sentence.text) and not re.search(r"\d", sentence.text):
        for one in sentence.within(verb.end(), len(sentence.text), "series"):
            if one.name != EVERY:
                yield replace(base, kind=Kind.SERIES, series=one.name)


def _looks(sentence: Masked, base: Claim, series: str | None) -> Iterator[Claim]:
    """Colours and line styles that stand in brackets, or behind a colon, after a series' name."""
    text = sentence.text
    for k, one in enumerate(sentence.entities):
        opening = _LOOKS.match(text, one.stop)
        if one.kind not in ("series", "other", "color") or not opening:
            continue
        begin = opening.end()
        end = text.find(")", begin) if opening["mark"] == "(" else len(text)
        inside = text[begin : end if end >= 0 else len(text)]
        following = sentence.entities[k + 1] if k + 1 < len(sentence.entities) else None
        if (
            following
            and following.start == begin
            and {one.kind, following.kind} in ({"series", "color"}, {"other", "color"})
        ):
            name, color = (one, following) if following.kind == "color" else (following, one)
            yield replace(base, kind=Kind.COLOR, series=name.name, word=color.name)
        if one.kind != "color" and (
            style := re.match(rf"(?:{ENTITY}[^,]*,\s*)?(?:\w+\s+)?{_STYLES.pattern}", inside, re.IGNORECASE)
        ):
            yield replace(base, kind=Kind.STYLE, series=one.name, word=style["style"].lower())
    if series and (alone := re.match(rf"^\s*(?:\w+\s+)?{_STYLES.pattern}\s*(?:line)?\W*$", text, re.IGNORECASE)):
        yield replace(base, kind=Kind.STYLE, series=series, word=alone["style"].lower())
