"""What a text names: charts and series, by titles, names, colours, numbers and places.

Names are masked in a statement by private characters of the same length, so that what is in them is not taken for
words or numbers and every position stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from rapidfuzz import fuzz

from digitize.claims.document import Block
from digitize.claims.records import EVERY
from digitize.outputs.colorwords import COLOR_WORDS

EntityKind = Literal["chart", "series", "color", "other"]

_FIRST_MARK = 0xE000
MARK = "[\ue000-\uf8ff]"  # a character of a masked name
ENTITY = f"{MARK}+"
ALIKE = 88.0  # rapidfuzz ratio from which two names are spellings of one

_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
_MARKED = re.compile(
    r"`+(?P<code>[^`]+)`+|\*\*(?P<bold>.+?)[:.]?\*\*|\"(?P<quote>[^\"]+)\"|“(?P<curly>[^”]+)”"
    r"|(?<!\w)'(?P<single>[^']+)'(?!\w)"
)
_COLOR = rf"(?:(?:light|dark|pale|faint|bright)[- ])?(?P<color>{'|'.join(COLOR_WORDS)})"
_CHARTS = r"(?:charts?|panels?|subplots?|plots?|graphs?|subfigures?)"
_CURVES = r"(?:lines?|curves?|series|traces?|models?|runs?)"
_MANY = r"(?:two|three|four|five|six|\d+)"
_PLACES = (
    "first|second|third|fourth|fifth|sixth|left(?:most)?|middle|cent(?:er|re|ral)|right(?:most)?|top|bottom|upper|lower|"
    "last"
)
_PLAIN = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "color",
            rf"\b(?:the\s+)?{_COLOR}(?:[- ]colou?red)?(?:\s+(?:dashed|dotted|solid))?"
            r"(?:\s+(?:line|curve|series|trace)s?)?\b",
        ),
        (
            "every series",
            rf"\b(?:both|all|each|every|the two|the three)(?:\s+of the)?(?:\s+{_MANY})?\s+{_CURVES}\b"
            r"|\bboth\b(?!\s+\w*(?:ax|chart|panel|plot))",
        ),
        ("every chart", rf"\b(?:both|all|each|every)(?:\s+of the)?(?:\s+{_MANY})?\s+(?:line\s+)?{_CHARTS}\b"),
        ("chart", rf"\b{_CHARTS}\s+#?\d+\b"),
        ("chart", rf"\b(?:the\s+)?(?:{_PLACES})\s+(?:line\s+)?{_CHARTS}\b"),
        ("series", r"\b(?:Series|Line|Curve|Model|Run|Method)\s+(?:(?-i:[A-Z])\b|\d+\b)"),
    )
)

#: Headings and labels that name a part of a description, not a chart or a series.
_SECTION = re.compile(
    r"^(?:the\s+)?(?:overview|components?|axes|axis|legends?|detailed|analysis|analyses|key|data|points?|values?|observations?|"
    r"interpretations?|anomal(?:y|ies)|doubts?|summary|conclusions?|trends?|charts?|graphs?|panels?|elements?|general|"
    r"description|notes?|comparisons?|statistics|takeaways?|insights?|content|details?|line|lines|series|title|titles|"
    r"x|y|labels?|grid|gridlines?|figure|image|structure|approximate|main|visual|of|and|the|in|per|by|for|"
    r"left|right|top|bottom|horizontal|vertical|primary|secondary|second|"
    r"peak|start|end|initial|final|shape|behaviou?r|course|across|within|[/&,:.\s\d-])+$",
    re.IGNORECASE,
)


_NO_NAME = re.compile(r"\baxis\b|legend|grid|title", re.IGNORECASE)
_PLACE = re.compile(r"[A-Za-z]+\s*[=≈~]?\s*[-−]?[\d.]+(?:\s*[-–—]\s*[\d.]+)?$|x\s*=")


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A name in a statement: what it names, how it is written there, and where it stands."""

    kind: EntityKind
    name: str
    start: int
    stop: int


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Names that a text may use: those `of_picture`, or else those that the text itself puts over its parts.

    `x_words` are what places along x are called besides the usual.
    """

    charts: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    x_words: tuple[str, ...] = ()
    of_picture: bool = False

    @cached_property
    def hints(self) -> dict[str, str]:
        """Words that stand in the title of one chart alone, in small letters, with that title."""
        words: dict[str, set[str]] = {}
        for title in self.charts:
            for word in re.split(r"[\W_]+", title.lower()):
                words.setdefault(word, set()).add(title)
        told = {word: titles for word, titles in words.items() if len(word) > 1 and not word.isdigit()}
        return {word: next(iter(titles)) for word, titles in told.items() if len(titles) == 1 and not is_section(word)}

    def hinted(self, text: str) -> str | None:
        """The title of the only chart that a word of a text hints at, one of some length or in capitals."""
        words = {word.lower() for word in re.split(r"[\W_]+", text) if len(word) > 3 or word.isupper()}
        told = {title for word, title in self.hints.items() if word in words}
        return told.pop() if len(told) == 1 else None

    def _is_part(self, name: str) -> bool:
        """Whether a name is a part, between signs, of the title of one chart alone."""
        whole = re.compile(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])")
        return len(name) > 2 and sum(bool(whole.search(normal(title))) for title in self.charts) == 1

    def kind_of(self, name: str) -> EntityKind:
        """What a name is likeliest to name; `other` where nothing known is spelt like it."""
        scores = {kind: _best(name, names) for kind, names in (("series", self.series), ("chart", self.charts))}
        if normal(name) in self.hints or self._is_part(normal(name)):
            return "chart"
        kind: EntityKind = "series" if scores["series"] >= scores["chart"] else "chart"
        return kind if scores[kind] >= ALIKE else "other"


@dataclass(frozen=True, kw_only=True)
class Masked:
    """A statement with its names masked."""

    text: str
    entities: tuple[Entity, ...] = field(default=())
    x_words: tuple[str, ...] = ()

    def within(self, start: int, stop: int, *kinds: EntityKind) -> list[Entity]:
        """The entities of these kinds that start in a part of the statement."""
        return [one for one in self.entities if start <= one.start < stop and (not kinds or one.kind in kinds)]


def normal(name: str) -> str:
    """A name as it is compared: small letters, one space between words, no marks around."""
    return re.sub(r"\s+", " ", name).strip(" \t:.,;*`\"'").casefold()


def _best(name: str, names: Iterable[str]) -> float:
    return max((fuzz.ratio(normal(name), normal(one)) for one in names), default=0.0)


def is_section(name: str) -> bool:
    """Whether a heading or a label names a part of a description only."""
    return bool(_SECTION.match(name.strip()))


def could_be_name(label: str) -> bool:
    """Whether a label is short enough for a name, and names no part of a description and no place."""
    return len(label.split()) <= 4 and not is_section(label) and not _PLACE.match(label.strip())


def mask(text: str, vocabulary: Vocabulary) -> Masked:
    """A statement with every name in it masked: names in marks, known names, colours, and counted charts."""
    found: list[Entity] = []
    taken = list(text)
    for one in _HEX.finditer(text):
        taken[one.start() : one.end()] = "\uf8ff" * len(one[0])
    for entity in [
        *_marked(text, vocabulary),
        *_known(text, vocabulary),
        *_plain_names(text),
        *_hinted(text, vocabulary),
    ]:
        if any(entity.start < other.stop and other.start < entity.stop for other in found):
            continue
        if any(MARK[1] <= taken[k] <= MARK[3] for k in range(entity.start, entity.stop)):
            continue
        found.append(entity)
    found.sort(key=lambda one: one.start)
    for k, entity in enumerate(found):
        taken[entity.start : entity.stop] = chr(_FIRST_MARK + k) * (entity.stop - entity.start)
    plain = "".join(taken)
    return Masked(text=re.sub(r"[*`_\\]", " ", plain), entities=tuple(found), x_words=vocabulary.x_words)


def _marked(text: str, vocabulary: Vocabulary) -> Iterator[Entity]:
    """Names in code marks, bold type or quotes; bold words that name a part of a description are plain text."""
    for one in _MARKED.finditer(text):
        group = str(one.lastgroup)
        name = re.sub(r"\\(.)", r"\1", one[group]).strip()
        kind = vocabulary.kind_of(name)
        if group == "bold" and kind == "other" and _only_emphasis(name, vocabulary):
            continue
        if group == "bold":
            yield Entity(kind=kind, name=name, start=one.start(group), stop=one.end(group))
        else:
            yield Entity(kind=kind, name=name, start=one.start(), stop=one.end())


def _only_emphasis(name: str, vocabulary: Vocabulary) -> bool:
    """Whether bold words are no name of their own: parts of a description, sentences, or names with words around."""
    if is_section(name) or re.search(r"\d|\s\w+\s\w+\s", name):
        return True
    return any(True for _ in _known(name, vocabulary)) or any(True for _ in _plain_names(name))


def _known(text: str, vocabulary: Vocabulary) -> Iterator[Entity]:
    """Known names that stand in the text without marks, the longest first; single small words are too common."""
    kinds: tuple[tuple[EntityKind, tuple[str, ...]], ...] = (
        ("chart", vocabulary.charts),
        ("series", vocabulary.series),
    )
    names = sorted(((len(name), name, kind) for kind, known in kinds for name in set(known)), reverse=True)
    for length, name, kind in names:
        if length < 2 or (name.isalpha() and name.islower() and kind == "chart"):
            continue
        flags = 0 if name.isalpha() and len(name) < 4 else re.IGNORECASE
        for one in re.finditer(rf"(?<![\w/]){re.escape(name)}(?![\w/])", text, flags):
            yield Entity(kind=kind, name=name, start=one.start(), stop=one.end())


def _hinted(text: str, vocabulary: Vocabulary) -> Iterator[Entity]:
    """Charts called by a part of their title: "the entropy panel", "kl_loss"."""
    hints = vocabulary.hints
    for one in re.finditer(rf"\b(?:the\s+)?(?P<word>[\w/-]+)(?:\s+(?:{_CHARTS}))\b", text, re.IGNORECASE):
        words = re.split(r"[\W_]+", one["word"].lower())
        if told := next((hints[word] for word in words if word in hints), None):
            yield Entity(kind="chart", name=told, start=one.start(), stop=one.end())
    for title in set(vocabulary.charts):
        for part in re.split(r"\s*/\s*", title):
            if "_" in part or "-" in part:
                for one in re.finditer(rf"(?<![\w/-]){re.escape(part)}(?![\w/-])", text, re.IGNORECASE):
                    yield Entity(kind="chart", name=title, start=one.start(), stop=one.end())


def _plain_names(text: str) -> Iterator[Entity]:
    for kind, pattern in _PLAIN:
        for one in pattern.finditer(text):
            of: EntityKind = "color" if kind == "color" else "chart" if kind.endswith("chart") else "series"
            name = one["color"].lower() if kind == "color" else EVERY if kind.startswith("every") else one[0]
            yield Entity(kind=of, name=name, start=one.start(), stop=one.end())


def own_vocabulary(blocks: Iterable[Block]) -> Vocabulary:
    """The names that a text uses for its own parts: headings name charts, labels of list items name series."""
    charts: list[str] = []
    series: list[str] = []
    for block in blocks:
        if block.kind == "heading":
            marked = [one[str(one.lastgroup)] for one in _MARKED.finditer(block.text)]
            title = marked[0] if marked else re.sub(rf"^{_CHARTS}?\s*#?\d*[.:)–-]*\s*", "", block.text, flags=re.I)
            if title and not is_section(title):
                charts.append(title)
        elif block.kind == "row":
            series += [cell.text for cell in block.head[1:] if not is_section(cell.text)]
        else:
            label = re.match(r"\**`?([A-Za-z][^:`*]{0,40}?)`?\**(?:\s*\([^)]*\))?\s*:", block.text)
            named = label and could_be_name(label[1]) and not _NO_NAME.search(label[1])
            if label and named and not any(entity.kind == "color" for entity in _plain_names(label[1])):
                series.append(label[1])
    titles = {normal(title) for title in charts}
    return Vocabulary(charts=tuple(charts), series=tuple(name for name in series if normal(name) not in titles))
