"""A text cut into blocks: headings, statements with their depth in lists, and rows of tables.

Markdown is read by markdown-it; plain prose is Markdown without marks. Every block knows where it stands in the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from markdown_it.token import Token

#: Where a paragraph's line ends a statement, though no full stop does.
_LINE_END = re.compile(r"[.:;]\s*\n|\n(?=\s*(?:[•·–—]|\d+[.)]|[xX]\s*=))")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=\S)")


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Text of a table's cell, without the marks of Markdown, and where its source starts in the whole text."""

    text: str
    start: int


@dataclass(frozen=True, kw_only=True)
class Block:
    """A heading (`depth` 1 to 6), a statement (`depth` counts the lists around it) or a table's row below its `head`.

    `text` is the source from `start` on, character by character, with line breaks as spaces. `opens` is True for the
    first statement of a paragraph or of a list item.
    """

    kind: Literal["heading", "statement", "row"]
    depth: int
    line: int
    start: int
    text: str
    opens: bool = True
    cells: tuple[Cell, ...] = ()
    head: tuple[Cell, ...] = ()


def read_blocks(text: str) -> list[Block]:
    """The blocks of a text in their order."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    return list(_walk(tokens, text, starts))


def _walk(tokens: list[Token], text: str, starts: list[int]) -> Iterator[Block]:
    depth, heading = 0, 0
    head: tuple[Cell, ...] = ()
    row: list[Cell] | None = None
    for token in tokens:
        if token.type in ("list_item_open", "list_item_close"):
            depth += token.nesting
        elif token.type in ("heading_open", "heading_close"):
            heading = int(token.tag[1]) if token.nesting > 0 else 0
        elif token.type == "tr_open" and token.map:
            row, at, line = [], starts[token.map[0]], token.map[0] + 1
        elif token.type == "inline" and row is not None:
            found = max(text.find(token.content, at), at)
            row.append(Cell(text=_plain(token.content), start=found))
            at = found + len(token.content)
        elif token.type == "tr_close" and row:
            if head:
                yield Block(
                    kind="row",
                    depth=depth,
                    line=line,
                    start=row[0].start if row else at,
                    text="",
                    cells=tuple(row),
                    head=head,
                )
            head, row = head or tuple(row), None
        elif token.type == "table_close":
            head = ()
        elif token.type in ("inline", "fence", "code_block") and token.map:
            first, last = token.map
            begin, end = starts[first], starts[last] if last < len(starts) else len(text)
            begin += max(text[begin:end].find(token.content.split("\n")[0]), 0)
            yield from _statements(text[begin:end].rstrip(), begin, heading, depth, text)


def _statements(source: str, begin: int, heading: int, depth: int, text: str) -> Iterator[Block]:
    if heading:
        line = text.count("\n", 0, begin) + 1
        yield Block(kind="heading", depth=heading, line=line, start=begin, text=source.replace("\n", " "))
        return
    for k, (start, stop) in enumerate(_pieces(source)):
        line = text.count("\n", 0, begin + start) + 1
        piece = source[start:stop].replace("\n", " ")
        yield Block(kind="statement", depth=depth, line=line, start=begin + start, text=piece, opens=k == 0)


def _pieces(source: str) -> Iterator[tuple[int, int]]:
    """Where a paragraph's statements start and stop: lines that stand for themselves, else sentences."""
    cuts = {found.end() for found in _LINE_END.finditer(source)}
    ends = _SENTENCE_END.finditer(source)
    cuts |= {found.end() for found in ends if not _abbreviated(source[max(found.start() - 10, 0) : found.start()])}
    within = accumulate(character == "`" for character in source)
    cuts -= {k + 1 for k, marks in enumerate(within) if marks % 2}  # names are not cut
    edges = [0, *sorted(cuts), len(source)]
    for start, stop in itertools.pairwise(edges):
        lead = len(source[start:stop]) - len(source[start:stop].lstrip())
        if source[start:stop].strip():
            yield start + lead, start + len(source[start:stop].rstrip())


def _abbreviated(before: str) -> bool:
    return bool(re.search(r"\b(?:e\.g|i\.e|approx|ca|vs|cf|max|min|no|fig)\.$", before, re.IGNORECASE))


def _plain(content: str) -> str:
    """A cell without the marks of Markdown."""
    return re.sub(r"\\([\\`*_\[\]<>|#])", r"\1", content).replace("**", "").replace("`", "").strip()
