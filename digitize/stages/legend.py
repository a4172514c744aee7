"""Legends: names with the samples that stand for them, and names written at the ends of the lines themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from digitize.directlabels import find_direct_labels
from digitize.inks import InkTable, to_full_ink, to_ink_table
from digitize.links import linked_groups
from digitize.model import Box, Legend, LegendEntry, Picture, PlotArea, Swatch, Word
from digitize.swatches import find_swatch, frame_around, swatch_between, to_lab
from digitize.textlines import bounding_box, is_beside, line_gap, plain_text, text_height_of

# The share of a legend's entries whose ink must be seen in the plot area: a curve may lie wholly beneath another.
SHARE_SEEN = 0.6


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """A word with a swatch beside it."""

    words: tuple[Word, ...]
    swatch: Swatch
    side: Literal["left", "right"]

    @property
    def name_box(self) -> Box:
        return bounding_box([word.box for word in self.words])

    @property
    def box(self) -> Box:
        return self.name_box.union(self.swatch.box)


def find_legends(picture: Picture, areas: Sequence[PlotArea], words: Sequence[Word]) -> tuple[Legend | None, ...]:
    """The legend that serves each plot area, None where there is none.

    Parameters
    ----------
    picture : Picture
    areas : sequence of PlotArea
    words : sequence of Word
        What was read, less the tick labels.

    Returns
    -------
    tuple of Legend or None
        One an area. A legend that serves several areas is given to each.

    Notes
    -----
    An entry is a word with a sample of ink beside it; entries in line with each other are a legend when the ink of
    most of them is seen in the plot area they serve. Legends go to the area they stand in, or to the nearest; an
    area without one of its own is served by the nearest other legend whose colours it holds. Where there is none,
    words at the ends of lines, in the lines' own colours, make a legend with ``direct=True``.
    """
    if not areas or not words:
        return (None,) * len(areas)
    height = text_height_of(words)
    groups = _groups(_candidates(picture, areas, words, "left"), height)
    taken = {word for group in groups if len(group) > 1 for candidate in group for word in candidate.words}
    rest = [word for word in words if word not in taken]
    groups += [group for group in _groups(_candidates(picture, areas, rest, "right"), height) if len(group) > 1]
    groups = [_with_missed(picture, _with_absorbed(picture, group, words, height), words, height) for group in groups]
    tables = [_table(picture, area, height, groups) for area in areas]
    chosen = _assigned(groups, areas, tables, height)
    found: list[Legend | None] = []
    for area, table, group in zip(areas, tables, chosen, strict=True):
        if group is not None:
            found.append(_to_legend(picture, group, table, words, height))
            continue
        direct = find_direct_labels(picture, area, table, words, height)
        colored = _colored_names(area, table, words, height)
        if colored is not None and len(colored) > (len(direct.entries) if direct else 0):
            found.append(_to_legend(picture, colored, table, words, height))
        else:
            found.append(direct)
    return tuple(found)


def _colored_names(area: PlotArea, table: InkTable, words: Sequence[Word], height: float) -> list[_Candidate] | None:
    """Names in line with each other that are themselves written in the colours of the lines, nearest to the area."""
    offers = []
    for group in _groups([_as_own_swatch(word) for word in words if _is_colored(word)], height):
        box = bounding_box([candidate.box for candidate in group])
        colors = {candidate.swatch.color for candidate in group}
        near = _distance(box, area.box) < 0.5 * area.box.width
        if 1 < len(group) == len(colors) and near and _seen(group, table, height) == 1.0:
            offers.append((_distance(box, area.box), group))
    return min(offers, key=lambda offer: offer[0])[1] if offers else None


def _is_colored(word: Word) -> bool:
    chroma = float(np.linalg.norm(to_lab(np.array(word.color, dtype=np.uint8))[1:]))
    return word.angle == 0 and chroma > 20 and sum(c.isalnum() for c in word.text) > 1


def _as_own_swatch(word: Word) -> _Candidate:
    return _Candidate(words=(word,), swatch=Swatch(box=word.box, color=word.color, kind="text"), side="left")


def _table(picture: Picture, area: PlotArea, height: float, groups: Sequence[Sequence[_Candidate]]) -> InkTable:
    """The inks of a plot area, without its frame and without what may be legends."""
    holes = [candidate.box for group in groups for candidate in group]
    return to_ink_table(picture, area.box.grown(-0.3 * height), area.background, holes)


def _candidates(
    picture: Picture, areas: Sequence[PlotArea], words: Sequence[Word], side: Literal["left", "right"]
) -> list[_Candidate]:
    """The words that have a swatch on one side; following words without one complete a name."""
    upright = [word for word in words if word.angle == 0 and any(c.isalnum() for c in word.text)]
    height = text_height_of(upright) if upright else 0.0
    found: list[_Candidate] = []
    for word in upright:
        own = min(max(word.height_px, 0.75 * height), 1.6 * height) if word.height_px < 1.6 * height else word.height_px
        swatch = find_swatch(picture.rgb, word.box, own, side, _limit(word, areas, upright, side))
        if swatch is not None:
            found.append(_Candidate(words=(word,), swatch=swatch, side=side))
    if side == "left":
        named = {candidate.words[0] for candidate in found}
        loose = sorted((word for word in upright if word not in named), key=lambda word: word.box.left)
        found = [_completed(candidate, loose) for candidate in found]
    return found


def _with_absorbed(picture: Picture, group: list[_Candidate], words: Sequence[Word], height: float) -> list[_Candidate]:
    """A column of entries with those whose swatch was read as the beginning of the name."""
    if group[0].side == "right":
        return group
    start = float(np.median([candidate.name_box.left for candidate in group]))
    first = min(candidate.swatch.box.left for candidate in group)
    used = {word for candidate in group for word in candidate.words}
    found = list(group)
    for word in words:
        apart = min(abs(word.box.center[1] - candidate.name_box.center[1]) for candidate in found)
        within = first - 0.6 * height < word.box.left < start - 0.6 * height and word.box.right > start + height
        if word in used or word.angle != 0 or not within or not height < apart < 4.0 * height:
            continue
        head, _, tail = word.text.strip().partition(" ")
        name = replace(word, box=word.box._replace(left=start), text=tail if tail and len(head) < 3 else word.text)
        swatch = find_swatch(picture.rgb, name.box, height, "left")
        if swatch is not None and any(_is_alike(swatch, candidate.swatch, height) for candidate in group):
            found.append(_Candidate(words=(name,), swatch=swatch, side="left"))
    return _in_reading_order(found, height)


def _is_alike(first: Swatch, second: Swatch, height: float) -> bool:
    """Whether two swatches have the same extent, one beneath the other."""
    one, two = first.box, second.box
    differences = one.left - two.left, one.right - two.right, one.height - two.height
    return first.kind == second.kind and max(abs(difference) for difference in differences) < 0.25 * height


def _with_missed(picture: Picture, group: list[_Candidate], words: Sequence[Word], height: float) -> list[_Candidate]:
    """A column of entries with the one next to them whose line sample hangs together with other ink."""
    first, last = group[0], group[-1]
    pitch = (last.name_box.center[1] - first.name_box.center[1]) / max(len(group) - 1, 1)
    lines = all(candidate.swatch.kind in ("line", "line+marker") for candidate in group)
    if len(group) < 2 or pitch < height or not lines or first.side == "right":
        return group
    used = {word for candidate in group for word in candidate.words}
    found = list(group)
    for word in words:
        steps = (word.box.center[1] - first.name_box.center[1]) / pitch
        next_to = abs(steps - round(steps)) < 0.25 and -1.5 < steps < len(group) + 0.5
        flush = abs(word.box.left - first.name_box.left) < 0.6 * height
        if word in used or word.angle != 0 or not next_to or not flush or not any(c.isalnum() for c in word.text):
            continue
        middle = word.box.center[1]
        place = Box(first.swatch.box.left, middle - 0.5 * height, first.swatch.box.right, middle + 0.5 * height)
        swatch = swatch_between(picture.rgb, place, height)
        if swatch is not None:
            found.append(_Candidate(words=(word,), swatch=swatch, side="left"))
    return _in_reading_order(found, height)


def _limit(
    word: Word, areas: Sequence[PlotArea], words: Sequence[Word], side: Literal["left", "right"]
) -> float | None:
    """Where the nearest other text on the same line, or the nearest edge of a plot area, lies beside the word."""
    beside = [w.box for w in words if w is not word and is_beside(w, word) and _is_text_like(w, word)]
    slack = 0.4 * word.height_px
    crossed = [area.box for area in areas if area.box.top < word.box.center[1] < area.box.bottom]
    if side == "left":
        ends = [box.right - slack for box in beside if box.center[0] < word.box.left]
        ends += [edge + 2.0 for box in crossed for edge in (box.left, box.right) if edge < word.box.left]
        return max(ends, default=None)
    ends = [box.left + slack for box in beside if box.center[0] > word.box.right]
    ends += [edge - 2.0 for box in crossed for edge in (box.left, box.right) if edge > word.box.right]
    return min(ends, default=None)


def _is_text_like(other: Word, word: Word) -> bool:
    """Whether another word is surely text and no swatch read as a letter or two: long, or in the word's own ink."""
    letters = sum(c.isalnum() for c in other.text)
    apart = np.linalg.norm(np.subtract(*to_lab(np.array([other.color, word.color], dtype=np.uint8))))
    return letters > 3 or (letters > 1 and float(apart) < 30.0)


def _completed(candidate: _Candidate, loose: Sequence[Word]) -> _Candidate:
    """The candidate with the words that follow on its line at a space's width."""
    words = list(candidate.words)
    for word in loose:
        gap = word.box.left - words[-1].box.right
        if is_beside(word, words[-1]) and -0.3 * word.height_px < gap < 0.8 * max(word.height_px, words[-1].height_px):
            words.append(word)
    return replace(candidate, words=tuple(words))


def _groups(candidates: Sequence[_Candidate], height: float) -> list[list[_Candidate]]:
    """Candidates in rows and columns with each other, each group in reading order."""
    if not candidates:
        return []
    pairs = [
        (i, j)
        for i, first in enumerate(candidates)
        for j, second in enumerate(candidates)
        if i < j and (_in_column(first, second, height) or _in_row(first, second, height))
    ]
    links = np.array(pairs, dtype=int).reshape(-1, 2)
    labels = linked_groups(len(candidates), links[:, 0], links[:, 1])
    groups: dict[int, list[_Candidate]] = {}
    for label, candidate in zip(labels, candidates, strict=True):
        groups.setdefault(int(label), []).append(candidate)
    return [_in_reading_order(group, height) for group in groups.values()]


def _in_reading_order(group: list[_Candidate], height: float) -> list[_Candidate]:
    """Column by column where the group has more rows than columns, otherwise row by row."""
    by_top = sorted(group, key=lambda c: c.name_box.center[1])
    rows: list[list[_Candidate]] = []
    for candidate in by_top:
        if rows and abs(candidate.name_box.center[1] - rows[-1][0].name_box.center[1]) < 0.6 * height:
            rows[-1].append(candidate)
        else:
            rows.append([candidate])
    return [candidate for row in rows for candidate in sorted(row, key=lambda c: c.name_box.left)]


def _in_column(first: _Candidate, second: _Candidate, height: float) -> bool:
    """Whether two entries stand beneath each other, swatch below swatch and name below name."""
    apart = abs(first.name_box.center[1] - second.name_box.center[1])
    one, two = first.swatch.box, second.swatch.box
    swatches = min(abs(one.left - two.left), abs(one.center[0] - two.center[0]), abs(one.right - two.right))
    starts = abs(first.name_box.left - second.name_box.left)
    ends = abs(first.name_box.right - second.name_box.right)
    names = starts if first.side == "left" else ends
    if first.swatch.kind == second.swatch.kind == "text":
        # An icon in the name's own colour may have been taken for its first letter.
        names = min(starts, ends)
    return 0.7 * height < apart < 4.0 * height and swatches < 0.5 * height and names < 0.8 * height


def _in_row(first: _Candidate, second: _Candidate, height: float) -> bool:
    """Whether two entries stand on one line, not farther apart than legends space them.

    Entries set out in columns of one width stand farther apart; there the samples are alike.
    """
    if abs(first.name_box.center[1] - second.name_box.center[1]) > 0.5 * height:
        return False
    gap = max(second.box.left - first.box.right, first.box.left - second.box.right)
    one, two = (c.name_box.left - c.swatch.box.left for c in (first, second))
    alike = abs(one - two) < 0.3 * height and abs(first.swatch.box.width - second.swatch.box.width) < 0.3 * height
    return -0.3 * height < gap < (20.0 if alike else 9.0) * height


def _seen(group: Sequence[_Candidate], table: InkTable, height: float) -> float:
    """The share of the entries whose ink the plot area holds."""
    least = max(1.5 * height, 12.0)
    # Compression mutes thin curves; entries in line with each other are evidence enough to allow for it.
    counts = [table.matching(candidate.swatch.color, tolerance=16.0, weakest=0.5) for candidate in group]
    return float(np.mean([count >= least for count in counts]))


def _assigned(
    groups: Sequence[list[_Candidate]], areas: Sequence[PlotArea], tables: Sequence[InkTable], height: float
) -> list[list[_Candidate] | None]:
    """The group that serves each area."""
    own: list[list[tuple[bool, float, int]]] = [[] for _ in areas]
    homes: dict[int, int] = {}
    for index, group in enumerate(groups):
        box = bounding_box([candidate.box for candidate in group])
        near = sorted(range(len(areas)), key=lambda k: _distance(box, areas[k].box))
        home = near[0]
        if not _is_legend(group, tables[home], height):
            continue
        homes[index] = home
        own[home].append((len(group) == 1, _distance(box, areas[home].box) - 2.0 * height * (len(group) - 1), index))
    best = [min(offers)[2] if offers else None for offers in own]
    serving = [
        index if index is not None else _shared(groups, homes, areas, tables, k, height) for k, index in enumerate(best)
    ]
    return [groups[index] if index is not None else None for index in serving]


def _is_legend(group: Sequence[_Candidate], table: InkTable, height: float) -> bool:
    """Whether a group is a legend of the area: its inks are seen there and its names differ; a lone entry must be
    beyond doubt.
    """
    if len(group) > 1:
        names = {plain_text(candidate.words) for candidate in group}
        return len(names) > 0.6 * len(group) and _seen(group, table, height) >= SHARE_SEEN
    swatch, words = group[0].swatch, group[0].words
    named = sum(c.isalpha() for word in words for c in word.text) > 1 and min(w.confidence for w in words) > 0.8
    return named and swatch.kind != "icon" and table.matching(swatch.color) >= 6.0 * height


def _shared(
    groups: Sequence[list[_Candidate]],
    homes: dict[int, int],
    areas: Sequence[PlotArea],
    tables: Sequence[InkTable],
    target: int,
    height: float,
) -> int | None:
    """The nearest legend of another area whose inks this area holds too."""
    offers = []
    for index, home in homes.items():
        box = bounding_box([candidate.box for candidate in groups[index]])
        inside = areas[home].box.contains(*box.center)
        if len(groups[index]) > 1 and _seen(groups[index], tables[target], height) >= (1.0 if inside else SHARE_SEEN):
            offers.append((_distance(box, areas[target].box), index))
    return min(offers)[1] if offers else None


def _distance(box: Box, area: Box) -> float:
    """How far a box's centre lies from an area, 0 inside it."""
    x, y = box.center
    across = max(area.left - x, x - area.right, 0.0)
    down = max(area.top - y, y - area.bottom, 0.0)
    return float(np.hypot(across, down))


def _to_legend(
    picture: Picture, group: Sequence[_Candidate], table: InkTable, words: Sequence[Word], height: float
) -> Legend:
    """The record of a group of entries."""
    colors = [candidate.swatch.color for candidate in group]
    entries = []
    for candidate in group:
        others = [color for color in colors if color != candidate.swatch.color]
        entries.append(
            LegendEntry(
                name=plain_text(candidate.words),
                swatch=to_full_ink(candidate.swatch, table, others, height),
                word_box=candidate.name_box,
                confidence=min(word.confidence for word in candidate.words),
            )
        )
    box = bounding_box([candidate.box for candidate in group])
    title = _title(group, words, height)
    if title is not None:
        box = box.union(title.box)
    return Legend(
        entries=tuple(entries),
        box=frame_around(picture.rgb, box, height),
        title=plain_text([title]) if title is not None else None,
    )


def _title(group: Sequence[_Candidate], words: Sequence[Word], height: float) -> Word | None:
    """The heading of a legend in a column: a word right above the first entry, flush with its swatch or its name."""
    box = bounding_box([candidate.box for candidate in group])
    used = {word for candidate in group for word in candidate.words}
    rows = {round(candidate.name_box.center[1] / height) for candidate in group}
    if len(rows) < 2 and len(group) > 1:
        return None
    for word in words:
        near = -0.4 * height < line_gap(word.box, box) < 1.6 * height
        flush = min(abs(word.box.left - box.left), abs(word.box.left - group[0].name_box.left)) < 0.8 * height
        narrow = word.box.width < 1.3 * box.width + 2.0 * height
        if word not in used and word.angle == 0 and near and flush and narrow:
            return word
    return None
