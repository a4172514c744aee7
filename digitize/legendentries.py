"""Entries of legends: words with a sample of ink beside them, and how they stand in rows and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from digitize.links import linked_groups
from digitize.medians import median
from digitize.model import Box, Picture, PlotArea, Swatch, Word
from digitize.samplewords import without_stroke
from digitize.swatches import TEXT_SLACK, find_swatch, swatch_between, to_lab
from digitize.textlines import bounding_box, is_beside, text_height_of

# How far entries stand beneath each other, in text heights: at most, and where their samples have one extent.
PITCH = 4.0
ALIKE_PITCH = 8.0
# How far the lines of a legend lie apart where only one of them is known.
USUAL_PITCH = 2.6
# The widest gap between two entries of a row, in text heights.
ROW_GAP = 9.0
# The widest space between two words of a name, in text heights.
SPACE = 1.1

# No more than this share of what the dashes of a gridline are read as are letters or figures.
_LETTERS = 0.4

# What the side of a box is read as.
_BOX_SIDES = "[(|{"

Side = Literal["left", "right"]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Words with a swatch beside them."""

    words: tuple[Word, ...]
    swatch: Swatch
    side: Side

    @property
    def name_box(self) -> Box:
        return bounding_box([word.box for word in self.words])

    @property
    def box(self) -> Box:
        return self.name_box.union(self.swatch.box)


def find_groups(
    picture: Picture, areas: Sequence[PlotArea], words: Sequence[Word], labels: Sequence[Word], height: float
) -> list[list[Candidate]]:
    """Candidates in rows and columns with each other, each group in reading order.

    Swatches stand before the names, or behind them: in groups, or one as a piece of line. Neither the `words` that may
    be names nor the tick `labels` are such. `height` is the height of the words' capitals in pixels.
    """
    words = [without_stroke(picture.rgb, word, height) for word in words]
    sides: tuple[Side, Side] = "left", "right"
    offers = [
        group for side in sides for group in group_candidates(_candidates(picture, areas, words, labels, side), height)
    ]
    used: set[Word] = set()
    groups = []
    for offer in sorted(offers, key=lambda group: -_rank(group, height)):
        group = [candidate for candidate in offer if not used.intersection(candidate.words)]
        group = [candidate for candidate in group if not _is_odd(candidate, group, height)]
        if group and (len(group) > 1 or group[0].side == "left" or _is_line(group[0], height)):
            groups.append(group)
            used.update(word for candidate in group for word in candidate.words)
    groups = [_with_missed(picture, _with_absorbed(picture, group, words, height), words, height) for group in groups]
    taken = [word for group in groups for candidate in group for word in candidate.words]
    free = [word for word in words if word not in taken]
    return [_with_missed_in_row(picture, group, words, free, height) for group in groups]


def _is_odd(candidate: Candidate, group: Sequence[Candidate], height: float) -> bool:
    """Whether a name of one sign has a sample unlike those of all others, which are alike: pieces of a frame."""
    widths = [other.swatch.box.width for other in group if other is not candidate]
    alike = len(widths) > 1 and max(widths) - min(widths) < 0.3 * height
    return (
        alike
        and sum(len(word.text) for word in candidate.words) == 1
        and abs(candidate.swatch.box.width - median(widths)) > 0.4 * height
    )


def _rank(group: Sequence[Candidate], height: float) -> float:
    """How many entries speak for a group; samples stand before names rather than behind them.

    In a row most samples stand before one name and behind another, the first or the last beside one alone.
    """
    row = len(group) > 1 and float(np.ptp([candidate.name_box.center[1] for candidate in group])) < height
    return len(group) + (0.5 if row and group[0].side == "left" else 0.0)


def as_own_swatch(word: Word) -> Candidate:
    """A name written in the colour of its line: its text is its swatch."""
    return Candidate(words=(word,), swatch=Swatch(box=word.box, color=word.color, kind="text"), side="left")


def has_extent_of(first: Swatch, second: Swatch, height: float) -> bool:
    """Whether two swatches begin and end at the same x."""
    one, two = first.box, second.box
    return max(abs(one.left - two.left), abs(one.right - two.right)) < 0.4 * height


def group_candidates(candidates: Sequence[Candidate], height: float) -> list[list[Candidate]]:
    """Candidates in rows and columns with each other, each group in reading order."""
    if not candidates:
        return []
    pairs = [
        (i, j)
        for i, first in enumerate(candidates)
        for j, second in enumerate(candidates)
        if i < j and any(stands(first, second, height) for stands in (_in_column, _in_row, _in_wrapped_row))
    ]
    links = np.array(pairs, dtype=int).reshape(-1, 2)
    labels = linked_groups(len(candidates), links[:, 0], links[:, 1])
    groups: dict[int, list[Candidate]] = {}
    for label, candidate in zip(labels, candidates, strict=True):
        groups.setdefault(int(label), []).append(candidate)
    return [_in_reading_order(group, height) for group in groups.values()]


def _is_line(candidate: Candidate, height: float) -> bool:
    swatch = candidate.swatch
    return swatch.kind in ("line", "line+marker") and swatch.box.width > 2.0 * height


def _candidates(
    picture: Picture, areas: Sequence[PlotArea], words: Sequence[Word], labels: Sequence[Word], side: Side
) -> list[Candidate]:
    """The words that have a swatch on one side; following words without one complete a name."""
    upright = [word for word in words if word.angle == 0 and _is_written(word.text)]
    height = text_height_of(upright) if upright else 0.0
    found: list[Candidate] = []
    for word in upright:
        own = min(max(word.height_px, 0.75 * height), 1.6 * height) if word.height_px < 1.6 * height else word.height_px
        swatch = find_swatch(picture.rgb, word.box, own, side, *_limit(word, areas, upright, labels, side))
        if swatch is not None:
            found.append(Candidate(words=(word,), swatch=swatch, side=side))
    found = [candidate for candidate in found if not _is_followed(candidate, found)]
    found = [candidate for candidate in found if not _is_in_sample(candidate, found)]
    named = {candidate.words[0] for candidate in found}
    loose = sorted((word for word in upright if word not in named), key=lambda word: word.box.left)
    return [_completed(_without_edge(candidate, found), loose) for candidate in found]


def _is_written(text: str) -> bool:
    """Whether a text has enough letters and figures to be a name."""
    return sum(map(str.isalnum, text)) > _LETTERS * len("".join(text.split()))


def _without_edge(candidate: Candidate, others: Sequence[Candidate]) -> Candidate:
    """The candidate without the side of the next one's box that was read as the end of its name."""
    (word,) = candidate.words
    text = word.text.rstrip(_BOX_SIDES + " ")
    edges = [
        other.swatch.box.left
        for other in others
        if other.swatch.box.left < word.box.right <= other.swatch.box.right
        and abs(other.name_box.center[1] - word.box.center[1]) < 0.5 * word.box.height
    ]
    if not edges or not text or text == word.text:
        return candidate
    return replace(candidate, words=(replace(word, text=text, box=word.box._replace(right=min(edges))),))


def _limit(
    word: Word, areas: Sequence[PlotArea], words: Sequence[Word], labels: Sequence[Word], side: Side
) -> tuple[float | None, bool]:
    """Where other text on the same line or the edge of a plot area lies beside the word, and whether it is text."""
    beside = [w.box for w in words if w is not word and is_beside(w, word) and _is_text_like(w, word)]
    # A lone sign among the labels may be a ring.
    beside += [label.box for label in labels if is_beside(label, word) and sum(c.isalnum() for c in label.text) > 1]
    slack = TEXT_SLACK * word.height_px
    crossed = [area.box for area in areas if area.box.top < word.box.center[1] < area.box.bottom]
    sides = [edge for box in crossed for edge in (box.left, box.right)]
    if side == "left":
        text = max((box.right - slack for box in beside if box.center[0] < word.box.left), default=-np.inf)
        limit = max([text, *(edge + 2.0 for edge in sides if edge < word.box.left)])
    else:
        text = min((box.left + slack for box in beside if box.center[0] > word.box.right), default=np.inf)
        limit = min([text, *(edge - 2.0 for edge in sides if edge > word.box.right)])
    return (float(limit) if np.isfinite(limit) else None), limit == text


def _is_text_like(other: Word, word: Word) -> bool:
    """Whether another word is surely text and no swatch read as a letter or two: long, or in the word's own ink."""
    letters = sum(c.isalnum() for c in other.text)
    apart = np.linalg.norm(np.subtract(*to_lab(np.array([other.color, word.color], dtype=np.uint8))))
    return letters > 3 or (letters > 1 and float(apart) < 30.0)


def _is_followed(candidate: Candidate, others: Sequence[Candidate]) -> bool:
    """Whether what was taken for a candidate's swatch is a word with a swatch of its own: the end of one name."""
    line = candidate.swatch.kind.startswith("line")
    return any(
        other is not candidate
        and other.swatch.kind != "icon"
        and other.name_box.shares_with(candidate.swatch.box) > 0.6
        and (not line or _is_surely_text(other.words[0]))
        for other in others
    )


def _is_in_sample(candidate: Candidate, others: Sequence[Candidate]) -> bool:
    """Whether a candidate's name is a piece of another's swatch that was read as a letter or two."""
    return not _is_surely_text(candidate.words[0]) and any(
        other is not candidate and candidate.name_box.shares_with(other.swatch.box) > 0.6 for other in others
    )


def _is_surely_text(word: Word) -> bool:
    """Whether a word is too long and too well read to be the sample of a line."""
    return sum(c.isalnum() for c in word.text) > 2 and word.confidence > 0.9


def _completed(candidate: Candidate, loose: Sequence[Word]) -> Candidate:
    """The candidate with the words that go on with its name, away from its swatch, at a space's width.

    The words `loose` come from left to right.
    """
    words = list(candidate.words)
    for word in loose if candidate.side == "left" else reversed(loose):
        near = words[-1] if candidate.side == "left" else words[0]
        first, second = (near, word) if candidate.side == "left" else (word, near)
        gap = second.box.left - first.box.right
        widest = SPACE * max(word.height_px, near.height_px)
        if is_beside(word, near) and -0.3 * word.height_px < gap < widest:
            words = [*words, word] if candidate.side == "left" else [word, *words]
    return replace(candidate, words=tuple(words))


def _with_absorbed(picture: Picture, group: list[Candidate], words: Sequence[Word], height: float) -> list[Candidate]:
    """Entries with those in column or row with them whose swatch was read as the beginning of the name."""
    if group[0].side == "right":
        return group
    used = {word for candidate in group for word in candidate.words}
    found = list(group)
    for word in words:
        if word in used or word.angle != 0:
            continue
        name, shift = _absorbing(word, group, found, height)
        if name is None:
            continue
        swatch = find_swatch(picture.rgb, name.box, height, "left")
        if swatch is not None and any(_is_alike(swatch, candidate.swatch, shift, height) for candidate in group):
            found.append(Candidate(words=(name,), swatch=swatch, side="left"))
    return _in_reading_order(found, height)


def _absorbing(
    word: Word, group: Sequence[Candidate], found: Sequence[Candidate], height: float
) -> tuple[Word | None, float]:
    """The name that a word holds behind a swatch placed as those of a group, and how far right of theirs that stands.

    None where the word neither begins where the group's swatches do nor stands on a line with one of its names.
    """
    first = min(candidate.swatch.box.left for candidate in group)
    start = median([candidate.name_box.left for candidate in group])
    middle = word.box.center[1]
    apart = min(abs(middle - candidate.name_box.center[1]) for candidate in found)
    if first - 0.6 * height < word.box.left < start - 0.6 * height and height < apart < PITCH * height:
        shift = 0.0
    elif apart < 0.5 * height:
        shift = word.box.left - first
    else:
        return None, 0.0
    start += shift
    if word.box.right <= start + height:
        return None, shift
    head, _, tail = word.text.strip().partition(" ")
    return replace(word, box=word.box._replace(left=start), text=tail if tail and len(head) < 3 else word.text), shift


def _is_alike(first: Swatch, second: Swatch, shift: float, height: float) -> bool:
    """Whether two swatches have the same extent, the first so far to the right."""
    one, two = first.box, second.box.moved(shift, 0.0)
    right = one.right - two.right
    if first.style != second.style and (first if right < 0 else second).style != "solid":
        # A dashed sample may end in a gap.
        right *= 0.25
    differences = one.left - two.left, right, one.height - two.height
    return first.kind == second.kind and max(abs(difference) for difference in differences) < 0.25 * height


def _with_missed(picture: Picture, group: list[Candidate], words: Sequence[Word], height: float) -> list[Candidate]:
    """A column of entries with those next to them whose line sample hangs together with other ink."""
    lines = all(candidate.swatch.kind in ("line", "line+marker") for candidate in group)
    steps = np.diff([candidate.name_box.center[1] for candidate in group])
    steps = steps[steps > 0.6 * height]
    if not lines or group[0].side == "right" or (len(group) > 1 and not len(steps)):
        return group
    least, most = (0.75 * median(steps), 1.3 * median(steps)) if len(steps) else (height, USUAL_PITCH * height)
    used = {word for candidate in group for word in candidate.words}
    loose = [word for word in words if word not in used and word.angle == 0 and any(c.isalnum() for c in word.text)]
    found = list(group)
    # From the nearest word outward, so that each one found leads to the next.
    for word in sorted(loose, key=lambda word: abs(word.box.center[1] - group[0].name_box.center[1])):
        middle = word.box.center[1]
        near = min(found, key=lambda candidate: abs(candidate.name_box.center[1] - middle))
        flush = abs(word.box.left - near.name_box.left) < 0.6 * height
        if not flush or not least < abs(near.name_box.center[1] - middle) < most:
            continue
        place = Box(near.swatch.box.left, middle - 0.5 * height, near.swatch.box.right, middle + 0.5 * height)
        swatch = swatch_between(picture.rgb, place, height)
        if swatch is not None:
            found.append(Candidate(words=(word,), swatch=swatch, side="left"))
    return _in_reading_order(found, height)


def _with_missed_in_row(
    picture: Picture, group: list[Candidate], words: Sequence[Word], free: Sequence[Word], height: float
) -> list[Candidate]:
    """A row of entries with those of the `free` words beside them whose dashed sample ends far before the name.

    There it has ink of one colour where the sample of the entry before stands.
    """
    if group[0].side == "right" or any(candidate.swatch.kind not in ("line", "line+marker") for candidate in group):
        return group
    found = list(group)
    for word in sorted(free, key=lambda word: word.box.left):
        before = [entry for entry in found if _goes_before(entry, word, height)]
        if word.angle or not before or sum(c.isalnum() for c in word.text) < 2:
            continue
        last = max(before, key=lambda entry: entry.name_box.right)
        shift = word.box.left - last.name_box.left
        place = Box(last.swatch.box.left, word.box.top, last.swatch.box.right, word.box.bottom).moved(shift, 0.0)
        gap = place.left - last.name_box.right
        clear = not any(other.box.shares_with(place) > 0 for other in words)
        swatch = swatch_between(picture.rgb, place, height) if clear and 0 < gap < ROW_GAP * height else None
        if swatch is not None:
            found.append(Candidate(words=(word,), swatch=swatch, side="left"))
    return _in_reading_order(found, height)


def _goes_before(entry: Candidate, word: Word, height: float) -> bool:
    """Whether an entry stands on the line of a word, before it, in letters of its height."""
    level = abs(entry.name_box.center[1] - word.box.center[1]) < 0.4 * height
    alike = 0.75 < entry.words[0].height_px / word.height_px < 1.33
    return level and alike and entry.name_box.right < word.box.left


def _in_reading_order(group: list[Candidate], height: float) -> list[Candidate]:
    """Row by row, each from left to right."""
    by_top = sorted(group, key=lambda c: c.name_box.center[1])
    rows: list[list[Candidate]] = []
    for candidate in by_top:
        if rows and abs(candidate.name_box.center[1] - rows[-1][0].name_box.center[1]) < 0.6 * height:
            rows[-1].append(candidate)
        else:
            rows.append([candidate])
    return [candidate for row in rows for candidate in sorted(row, key=lambda c: c.name_box.left)]


def _in_column(first: Candidate, second: Candidate, height: float) -> bool:
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
    alike = names < 0.4 * height and has_extent_of(first.swatch, second.swatch, height)
    widest = ALIKE_PITCH if alike and first.swatch.kind != "text" else PITCH
    return 0.7 * height < apart < widest * height and swatches < 0.5 * height and names < 0.8 * height


def _in_row(first: Candidate, second: Candidate, height: float) -> bool:
    """Whether two entries stand on one line, not farther apart than legends space them.

    Entries set out in columns of one width stand farther apart; there the samples are alike.
    """
    if abs(first.name_box.center[1] - second.name_box.center[1]) > 0.5 * height:
        return False
    gap = max(second.box.left - first.box.right, first.box.left - second.box.right)
    one, two = (c.name_box.left - c.swatch.box.left for c in (first, second))
    alike = abs(one - two) < 0.3 * height and abs(first.swatch.box.width - second.swatch.box.width) < 0.3 * height
    # A piece of anything is no sample of the same legend as lines and boxes, unless it is as wide and as far off.
    unlike = (first.swatch.kind == "icon") != (second.swatch.kind == "icon") and not alike
    return -0.3 * height < gap < (0.0 if unlike else 20.0 if alike else ROW_GAP) * height


def _in_wrapped_row(first: Candidate, second: Candidate, height: float) -> bool:
    """Whether two entries stand in rows that follow each other, centred and in no columns: their samples are alike."""
    apart = abs(first.name_box.center[1] - second.name_box.center[1])
    one, two = first.swatch.box, second.swatch.box
    sizes = max(abs(one.width - two.width), abs(one.height - two.height))
    offsets = abs((first.name_box.left - one.left) - (second.name_box.left - two.left))
    gap = max(second.box.left - first.box.right, first.box.left - second.box.right)
    alike = sizes < 0.25 * height and offsets < 0.25 * height and one.width > 1.3 * one.height
    return alike and 0.7 * height < apart < USUAL_PITCH * height and gap < 2.0 * height
