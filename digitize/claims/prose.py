"""Markdown and plain prose read as claims: who speaks of what follows from headings, lists and labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from digitize.claims.document import Block, read_blocks
from digitize.claims.entities import ENTITY, Entity, Masked, Vocabulary, could_be_name, is_section, mask, own_vocabulary
from digitize.claims.frames import named_axis, read_axis, read_frame
from digitize.claims.numbers import FIND_NUMBER
from digitize.claims.places import find_places
from digitize.claims.predicates import has_predicate
from digitize.claims.records import EVERY, Claim, Kind, Number, Source
from digitize.claims.rows import read_row
from digitize.claims.statements import read_sentence

_LEAD = r"[^\w\ue000-\uf8ff]*"
_LABEL = re.compile(rf"^{_LEAD}(?P<name>{ENTITY})\s*(?:\((?P<look>[^)]*)\))?\s*(?::|\s[–—-]\s|$)")
_PLAIN_LABEL = re.compile(rf"^{_LEAD}(?P<name>[A-Za-z][\w /+.-]{{0,40}}?)\s*(?:\([^)]*\))?:(?=\s|$)")
_TITLE_LIKE = re.compile(r"[/_]|\b(?:chart|panel|plot|graph)s?\b", re.IGNORECASE)
_GOES_ON = re.compile(r"\b(?:then|afterwards?|subsequently|thereafter|next|from there)\b", re.IGNORECASE)
_OF_AXIS = re.compile(
    r"\W*(?:it|its|the scale|the range|label|tick|major|with|rang|span|from|cover|running|runs|goes|linear|log)",
    re.IGNORECASE,
)
_ASSIGNS = re.compile(rf"{_LEAD}{ENTITY}\s*[=≈:]")
_ASIDE = re.compile(r"(?:doubts|caveats|disclaimers?|method(?:s|ology)?)\b", re.IGNORECASE)
_FRAME_LABEL = re.compile(
    r"\b(?:ax[ie]s|legends?|grid|gridlines?|titles?|layout|correlation)\b|^\W*[xy]\W*$", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class _Scope:
    """What the text speaks of at a depth: of headings negative, of list items their depth.

    `place` is the x that was spoken of last, `axis` the axis that the paragraph is about. An `aside` is about the
    description, not about the picture.
    """

    depth: int
    panel: str | None = None
    series: str | None = None
    place: Number | None = None
    axis: Literal["x", "y", "y2"] | None = None
    aside: bool = False


def read_prose(text: str, vocabulary: Vocabulary | None = None) -> tuple[list[Claim], list[Source]]:
    """The claims of a text in its order, and the statements in it that are none or were not understood.

    Parameters
    ----------
    vocabulary : names of charts and series that the text may use; those it gives its own parts, unless given.
    """
    blocks = read_blocks(text)
    known = vocabulary or own_vocabulary(blocks)
    claims: list[Claim] = []
    missed: list[Source] = []
    scopes: list[_Scope] = []
    place: Number | None = None
    name_of_all = _name_of_all(blocks, known)
    for block in blocks:
        if block is name_of_all:
            continue
        depth = block.depth - 10 if block.kind == "heading" else block.depth
        scopes = [scope for scope in scopes if scope.depth < depth or (scope.depth == depth and not block.opens)]
        scope = scopes[-1] if scopes else _Scope(depth=-20)
        if block.kind == "row":
            found = list(read_row(block, (scope.panel, scope.series), text, known, place))
            claims += found
            if not found and any(cell.text for cell in block.cells):
                quote = " | ".join(cell.text for cell in block.cells)
                missed.append(Source(line=block.line, quote=quote))
            continue
        sentence = mask(block.text, known)
        source = Source(line=block.line, quote=block.text.strip())
        if block.kind == "heading":
            scope, found = _heading(block, sentence, scope, source, known)
            places, _ = find_places(sentence.text, block.start, sentence)
            place = places[0].start if len(places) == 1 and places[0].is_point else None
            scopes.append(replace(scope, depth=depth))
            claims += found
            continue
        if scope.aside:
            missed.append(source)
            continue
        labelled, begin = _labelled(sentence, scope)
        meant = replace(labelled, panel=labelled.panel or known.hinted(block.text), place=place)
        found = _statement(sentence, block, meant, begin, source)
        claims += found
        spoken = next((claim.series for claim in reversed(found) if claim.series), labelled.series)
        said = [at for claim in found if (at := claim.stop or claim.start) is not None]
        place = said[-1] if said else place
        charts = {one.name for one in sentence.entities if one.kind == "chart" and one.name != EVERY}
        panel = charts.pop() if len(charts) == 1 else labelled.panel
        axis = named_axis(sentence) or (None if block.opens else labelled.axis)
        scopes.append(replace(labelled, depth=depth, panel=panel, series=spoken, axis=axis))
        missed += _left_over(block, sentence, found, source, begin)
    return claims, missed


def _name_of_all(blocks: Sequence[Block], vocabulary: Vocabulary) -> Block | None:
    """The first heading, where it stands over all others and names no chart: the name of the whole text."""
    headings = [block for block in blocks if block.kind == "heading"]
    if not headings or any(block.depth <= headings[0].depth for block in headings[1:]) or len(headings) == 1:
        return None
    charts = [one for one in mask(headings[0].text, vocabulary).entities if one.kind == "chart"]
    return None if charts else headings[0]


def _heading(
    block: Block, sentence: Masked, scope: _Scope, source: Source, vocabulary: Vocabulary
) -> tuple[_Scope, list[Claim]]:
    """The scope below a heading, and the claim that a chart of its title is there.

    A title tells more than a number beside it, unless several charts have it.
    """
    named = [one for one in sentence.entities if one.kind in ("chart", "series", "other")]
    charts = [one for one in named if one.kind == "chart"]
    titled = [one for one in named if one.kind != "series" and block.text[one.start] in "`\"“'*"] or [
        one for one in charts if not re.search(r"\d|chart|panel|plot|graph", one.name, re.IGNORECASE)
    ]
    if titled or charts:
        name = (titled or charts)[-1].name
        found = [Claim(kind=Kind.TITLE, source=source, word=name)] if titled and titled[-1].kind == "chart" else []
        shared = vocabulary.charts.count(name) > 1
        return _Scope(depth=scope.depth, panel=charts[0].name if shared else name), found
    if named:
        return replace(scope, series=named[0].name), []
    plain = re.sub(r"^\W*(?:\d+[.)]\s*)?", "", sentence.text).strip(" :*")
    if _ASIDE.match(plain):
        return replace(scope, aside=True), []
    if is_section(plain) or not plain or (vocabulary.of_picture and not _TITLE_LIKE.search(plain)):
        return scope, []
    return _Scope(depth=scope.depth, panel=plain), []


def _labelled(sentence: Masked, scope: _Scope) -> tuple[_Scope, int]:
    """The scope of a statement that begins with the name of a chart or a series, and where its own words begin."""
    label = _LABEL.match(sentence.text)
    if label:
        entity = next(one for one in sentence.entities if one.start >= label.start("name"))
        begin = 0 if label["look"] or _describes_look(sentence, entity) else label.end()
        if entity.kind == "chart":
            return replace(scope, panel=entity.name, series=None), begin
        if entity.kind == "color" and label["look"]:
            inner = sentence.within(label.start("look"), label.end("look"), "series", "other")
            return replace(scope, series=inner[0].name if inner else entity.name), begin
        return replace(scope, series=entity.name), begin
    plain = _PLAIN_LABEL.match(sentence.text)
    if plain is None or _FRAME_LABEL.search(plain["name"]) or has_predicate(plain["name"]):
        return scope, 0
    if could_be_name(plain["name"]):
        return replace(scope, series=plain["name"]), plain.end()
    return scope, plain.end() if is_section(plain["name"]) else 0


def _describes_look(sentence: Masked, entity: Entity) -> bool:
    """Whether a name is followed by its colour: "`Series A`: red, solid"."""
    behind = re.match(r"\s*:\s*", sentence.text[entity.stop :])
    return behind is not None and bool(sentence.within(entity.stop, entity.stop + behind.end() + 1, "color"))


def _statement(sentence: Masked, block: Block, scope: _Scope, begin: int, source: Source) -> list[Claim]:
    """The claims of one statement; its label, up to `begin`, is no part of what it says."""
    part = Masked(
        text=" " * begin + sentence.text[begin:],
        x_words=sentence.x_words,
        entities=tuple(one for one in sentence.entities if one.start >= begin),
    )
    base = Claim(kind=Kind.VALUE, source=source, panel=scope.panel)
    if scope.axis and not block.opens and _OF_AXIS.match(part.text):
        return read_axis(part, block.start, replace(base, axis=scope.axis, panel=base.panel or EVERY))
    frame, whole = read_frame(part, block.start, base, scope.series)
    if whole:
        return frame
    counted = {number.start for claim in frame for number in numbers_of(claim)}
    goes_on = _GOES_ON.search(part.text) or (not block.opens and _ASSIGNS.match(part.text))
    previous = scope.place if goes_on else None
    curves = read_sentence(part, block.start, source, (scope.panel, scope.series), previous)
    kept = [claim for claim in curves if not counted & {number.start for number in numbers_of(claim)}]
    return frame + kept


def numbers_of(claim: Claim) -> list[Number]:
    """The numbers of a claim that stand in the text."""
    named = (claim.start, claim.stop, claim.low, claim.high, claim.before, claim.step)
    return [number for number in named if number is not None and number.start >= 0]


def _left_over(block: Block, sentence: Masked, found: list[Claim], source: Source, begin: int) -> Iterator[Source]:
    """The statement itself where nothing of it was understood, else its numbers that belong to no claim."""
    if not found:
        if re.search(r"\w", sentence.text[begin:]) or any(one.start >= begin for one in sentence.entities):
            yield source
        return
    used = [(number.start, number.stop) for claim in found for number in numbers_of(claim)]
    for one in FIND_NUMBER.finditer(sentence.text, begin):
        at = block.start + one.start()
        if one[0] and not any(start <= at < stop for start, stop in used):
            around = block.text[max(one.start() - 20, 0) : one.end() + 20].strip()
            yield Source(line=source.line, quote=f"{one[0]} in “… {around} …”")
