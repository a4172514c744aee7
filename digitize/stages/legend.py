"""Legends: names with the samples that stand for them, and names written at the ends of the lines themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from digitize.color import lengths
from digitize.directlabels import find_direct_labels
from digitize.inks import InkTable, to_full_inks, to_ink_table
from digitize.legendentries import Candidate, as_own_swatch, find_groups, group_candidates
from digitize.legendframes import frame_around
from digitize.legendplaces import match, on_one_side, part_by_areas
from digitize.medians import median
from digitize.model import Box, Legend, LegendEntry, Picture, PlotArea, Word
from digitize.numberednames import with_figures
from digitize.swatches import to_lab
from digitize.textlines import bounding_box, cap_height, line_gap, plain_text, text_height_of

# The share of a legend's entries whose ink must be seen in the plot area: a curve may lie wholly beneath another.
SHARE_SEEN = 0.6
# Colours nearer to each other than this (CIELAB) are one.
ONE_COLOR = 12.0
# A legend that stands nearest to one area may be that of another, no more than so many times as far away.
_FARTHER = 1.6
# Another area's legend must name this share of the coloured ink of an area that it is to serve; and this one where the
# area lacks more of its inks, or other areas have other names.
_EXPLAINED, _ALL_EXPLAINED = 0.7, 0.9
# What may be no legend, as a list of links with dots, names at least this share of an area's coloured ink.
_LEAST_EXPLAINED = 0.6
# Numbers beside marks of which more than this share are of one colour are labels of an axis.
_MOST = 0.6
# No more than this share of the boxes of a legend have the colour of an earlier one: they name bands of curves.
_AGAIN = 0.4
# A legend that names all coloured ink of an area may stand so many text heights farther from it than one of none.
_NAMED = 10.0
# The sample of a lone entry is no wider than this, in text heights.
_WIDEST_LONE = 8.0
# Names of more words than this are sentences.
_WORDS = 12
# What single strokes are read as.
_STROKE = re.compile(r"^[1Iil|/\\]+$")
_NUMBER = re.compile(r"[-+]?[\d.,]+([eE][-+]?\d+|[a-zA-Z%])?")


def find_legends(
    picture: Picture, areas: Sequence[PlotArea], words: Sequence[Word], labels: Sequence[Word] = ()
) -> tuple[Legend | None, ...]:
    """The legend that serves each plot area, None where there is none.

    Parameters
    ----------
    picture : Picture
    areas : sequence of PlotArea
    words : sequence of Word
        What was read, less the tick labels.
    labels : sequence of Word
        The tick labels, which are no samples.

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
    boxes = [area.box for area in areas]
    groups = [
        part
        for group in find_groups(picture, areas, words, labels, height)
        for part in part_by_areas(group, boxes, height)
    ]
    tables = [_table(picture, area, height, groups) for area in areas]
    chosen = _assigned(groups, areas, tables, height)
    return tuple(
        _best(picture, area, table, group, words, height)
        for area, table, group in zip(areas, tables, chosen, strict=True)
    )


def _best(
    picture: Picture,
    area: PlotArea,
    table: InkTable,
    group: list[Candidate] | None,
    words: Sequence[Word],
    height: float,
) -> Legend | None:
    """An area's legend: a group of entries, else what has most names: a lone entry, labels or coloured names.

    A group that may be no legend gives way to names that tell of more of the coloured ink.
    """
    if group is not None and len(group) > 1 and _is_sure(group):
        return _to_legend(picture, group, table, words, height)
    direct = find_direct_labels(picture, area, table, words, height)
    colored = _colored_names(area, table, words, height)
    if group is not None and len(group) > 1:
        rivals = [entry.swatch.color for entry in direct.entries] if direct else []
        rivals += [candidate.swatch.color for candidate in colored or ()]
        if table.explained([candidate.swatch.color for candidate in group]) >= table.explained(rivals):
            return _to_legend(picture, group, table, words, height)
        group = None
    count = len(direct.entries) if direct else 0
    if colored is not None and len(colored) > count:
        return _to_legend(picture, colored, table, words, height)
    if group is not None and count < 2:
        return _to_legend(picture, group, table, words, height)
    return direct


def _colored_names(area: PlotArea, table: InkTable, words: Sequence[Word], height: float) -> list[Candidate] | None:
    """Names in line with each other that are themselves written in the colours of the lines, nearest to the area."""
    offers = []
    for group in group_candidates([as_own_swatch(word) for word in words if _is_colored(word)], height):
        box = bounding_box([candidate.box for candidate in group])
        near = _distance(box, area.box) < 0.5 * area.box.width
        names = {_STROKE.sub("|", plain_text(candidate.words)) for candidate in group}
        distinct = len(names) == len(group) > 1 and _have_own_colors(group)
        if distinct and near and _seen(group, table, height) == 1.0:
            offers.append((_distance(box, area.box), group))
    return min(offers, key=lambda offer: offer[0])[1] if offers else None


def _have_own_colors(group: Sequence[Candidate]) -> bool:
    """Whether no two samples are of one colour."""
    lab = to_lab(np.array([candidate.swatch.color for candidate in group], dtype=np.uint8))
    apart = lengths(lab[:, None] - lab[None])
    return bool((apart[~np.eye(len(lab), dtype=bool)] >= ONE_COLOR).all())


def _is_colored(word: Word) -> bool:
    chroma = float(np.linalg.norm(to_lab(np.array(word.color, dtype=np.uint8))[1:]))
    return word.angle == 0 and chroma > 20 and sum(c.isalnum() for c in word.text) > 1


def _table(picture: Picture, area: PlotArea, height: float, groups: Sequence[Sequence[Candidate]]) -> InkTable:
    """The inks of a plot area, without its frame and without what may be legends."""
    holes = [candidate.box for group in groups for candidate in group]
    return to_ink_table(picture, area.box.grown(-0.3 * height), area.background, holes)


def _seen(group: Sequence[Candidate], table: InkTable, height: float) -> float:
    """The share of the entries whose ink the plot area holds."""
    least = max(1.5 * height, 12.0)
    counts = []
    for candidate in group:
        # Compression and thinness mute curves; entries in line with each other are evidence enough to allow for it.
        # A muted ink without a colour may as well be text or a gridline.
        weakest = 0.35 if table.is_colored(candidate.swatch.color) else 0.5
        counts.append(table.matching(candidate.swatch.color, tolerance=16.0, weakest=weakest))
    return float(np.mean([count >= least for count in counts]))


def _assigned(
    groups: Sequence[list[Candidate]], areas: Sequence[PlotArea], tables: Sequence[InkTable], height: float
) -> list[list[Candidate] | None]:
    """The group that serves each area."""
    own: list[list[tuple[float, int]]] = [[] for _ in areas]
    beside: list[list[tuple[float, int]]] = [[] for _ in areas]
    homes: dict[int, int] = {}
    for index, group in enumerate(groups):
        box = bounding_box([candidate.box for candidate in group])
        nearest = sorted(range(len(areas)), key=lambda k: _distance(box, areas[k].box))
        # A legend may be that of a farther area where the nearest lacks its inks or has another.
        near = [k for k in (nearest if _is_sure(group) else nearest[:1]) if _is_legend(group, tables[k], height)]
        furthest = _FARTHER * _gap(box, areas[near[0]].box) + height if near else 0.0
        near = [k for k in near if k == near[0] or _gap(box, areas[k].box) < furthest]
        named = {k: tables[k].explained([candidate.swatch.color for candidate in group]) for k in near}
        costs = {k: _gap(box, areas[k].box) / height - _weight(group) - _NAMED * named[k] for k in near}
        if near:
            homes[index] = near[0]
            own[near[0]].append((costs[near[0]], index))
        for k in near if _is_sure(group) else ():
            beside[k].append((costs[k], index))
    aligned = _aligned(groups, areas, tables, height)
    if aligned is not None:
        homes |= {index: area for area, index in aligned.items()}
        rest = [[index for _, index in sorted(offers) if index not in aligned.values()] for offers in own]
        best = [aligned.get(k, rest[k][0] if rest[k] else None) for k in range(len(areas))]
    else:
        best = match(
            [min(offers)[1] if offers else None for offers in own],
            {k: [index for _, index in sorted(offers)] for k, offers in enumerate(beside)},
        )
    several = len({index for index in best if index is not None and len(groups[index]) > 1}) > 1
    serving = [
        index if index is not None else _shared(groups, homes, areas, tables, k, height, several)
        for k, index in enumerate(best)
    ]
    return [groups[index] if index is not None else None for index in serving]


def _aligned(
    groups: Sequence[list[Candidate]], areas: Sequence[PlotArea], tables: Sequence[InkTable], height: float
) -> dict[int, int] | None:
    """The group of each area where the legends of several areas all stand on the same side of theirs, else None."""
    boxes = [bounding_box([candidate.box for candidate in group]) for group in groups]
    outside = [not any(area.box.contains(*box.center) for area in areas) for box in boxes]
    legends = [
        index
        for index, group in enumerate(groups)
        if (_is_sure(group) or (len(group) == 1 and outside[index]))
        and any(_is_legend(group, table, height) for table in tables)
    ]
    homes = on_one_side(
        [boxes[index] for index in legends],
        [area.box for area in areas],
        lambda number, area: _is_legend(groups[legends[number]], tables[area], height),
    )
    return {area: legends[number] for number, area in homes.items()} if homes else None


def _weight(group: Sequence[Candidate]) -> float:
    """How much farther than others a group may stand and still be the legend, in text heights.

    Each entry counts, a lone one may be anything, dots stand before links and places too, and signs instead of words
    may be pieces of curves.
    """
    dots = all(candidate.swatch.kind in ("marker", "icon") for candidate in group)
    lone, doubtful = len(group) == 1, dots or not _is_worded(group)
    return 2.0 * len(group) - 10.0 * lone - 6.0 * doubtful


def _is_sure(group: Sequence[Candidate]) -> bool:
    """Whether a group is no lone entry nor anything else that may be no legend."""
    return len(group) > 1 and _weight(group) >= 2.0 * len(group)


def _gap(box: Box, area: Box) -> float:
    """How far a box lies from an area, 0 where they touch."""
    across = max(area.left - box.right, box.left - area.right, 0.0)
    down = max(area.top - box.bottom, box.top - area.bottom, 0.0)
    return float(np.hypot(across, down))


def _is_legend(group: Sequence[Candidate], table: InkTable, height: float) -> bool:
    """Whether a group is a legend of the area: its inks are seen there, its names differ, and they are words or their
    samples are drawn alike. What may be no legend must tell of most inks, and a lone entry must be beyond doubt.
    """
    if len(group) > 1:
        names = {_STROKE.sub("|", plain_text(candidate.words)) for candidate in group}
        sound = _is_worded(group) or _is_uniform(group, height)
        sound = sound and len(names) > 0.6 * len(group) and _tells_apart(group) and not _is_prose(group)
        sound = sound and _seen(group, table, height) >= SHARE_SEEN
        return sound and (_is_sure(group) or table.explained([one.swatch.color for one in group]) >= _LEAST_EXPLAINED)
    swatch, words = group[0].swatch, group[0].words
    name = plain_text(words)
    letters = sum(c.isalnum() for c in name) > 1 and any(c.isalpha() for c in name) and not _NUMBER.fullmatch(name)
    named = letters and min(word.confidence for word in words) > 0.8
    return (
        named
        and swatch.kind != "icon"
        and swatch.box.width < _WIDEST_LONE * height
        and table.stands_out(swatch.color)
        and max(table.matching(swatch.color), table.muted(swatch.color)) >= 6.0 * height
    )


def _is_worded(group: Sequence[Candidate]) -> bool:
    """Whether most names are longer than what pieces of curves and gridlines are read as."""
    return float(np.mean([sum(c.isalnum() for c in plain_text(candidate.words)) > 2 for candidate in group])) > 0.5


def _is_prose(group: Sequence[Candidate]) -> bool:
    """Whether the names are lines of a paragraph, whose letters were taken for samples."""
    return median([len(plain_text(candidate.words).split()) for candidate in group]) > _WORDS


def _is_uniform(group: Sequence[Candidate], height: float) -> bool:
    """Whether all samples are such, and most stand at one distance before their names and are equally wide."""
    if any(candidate.swatch.kind == "icon" for candidate in group):
        return False
    widths = np.array([candidate.swatch.box.width for candidate in group])
    gaps = np.array([candidate.name_box.left - candidate.swatch.box.left for candidate in group])
    alike = [np.abs(values - median(values)) < 0.4 * height for values in (widths, gaps)]
    return float(np.mean(alike[0] & alike[1])) > 0.6


def _tells_apart(group: Sequence[Candidate]) -> bool:
    """Whether the samples of a group tell lines apart.

    Dots and icons of a list of links repeat; labels of an axis are numbers beside marks of one colour. Samples of lines
    in one colour may differ in their dashes or markers.
    """
    lab = to_lab(np.array([candidate.swatch.color for candidate in group], dtype=np.uint8))
    same = lengths(lab[:, None] - lab[None]) < ONE_COLOR
    kinds = np.array([candidate.swatch.kind for candidate in group])
    if np.isin(kinds, ("line", "line+marker")).any():
        numbers = all(_NUMBER.fullmatch(plain_text(candidate.words)) for candidate in group)
        # Pieces of a gridline between what curves were read as are all alike.
        styles = {(candidate.swatch.kind, candidate.swatch.style) for candidate in group}
        pieces = bool(same.all()) and len(styles) == 1 and not _is_worded(group)
        return not (pieces or (numbers and float(same.mean(axis=1).max()) > _MOST))
    again = np.tril(same & (kinds[:, None] == kinds[None]), -1).any(axis=1)
    most = 0.0 if np.isin(kinds, ("marker", "icon")).all() else _AGAIN
    return float(np.mean(again)) <= most


def _shared(
    groups: Sequence[list[Candidate]],
    homes: dict[int, int],
    areas: Sequence[PlotArea],
    tables: Sequence[InkTable],
    target: int,
    height: float,
    several: bool,
) -> int | None:
    """The nearest legend of another area whose inks this area holds too.

    All of them where the legend stands in that area, or where `several` areas have legends of their own. One beyond all
    areas, with the only names there are, is that of the figure: an area may hold a few of its inks alone. So is a lone
    entry that stands in none of the areas.
    """
    offers = []
    whole = bounding_box([area.box for area in areas])
    sure = [groups[index] for index in homes if _is_sure(groups[index])]
    unlike = len({tuple(plain_text(candidate.words) for candidate in group) for group in sure}) > 1
    for index, home in homes.items():
        group = groups[index]
        box = bounding_box([candidate.box for candidate in group])
        inside = any(area.box.contains(*box.center) for area in areas)
        least = 1.0 if several or areas[home].box.contains(*box.center) else SHARE_SEEN
        own = len(group) == 1 and (inside or len(homes) > 1 or not _is_legend(group, tables[target], height))
        seen = _seen(group, tables[target], height)
        some = 0 < seen < least < 1.0 and not whole.contains(*box.center) and group in sure and not unlike
        if not own and (seen >= least or some):
            colors = [candidate.swatch.color for candidate in group]
            if tables[target].explained(colors) >= (_ALL_EXPLAINED if some or unlike else _EXPLAINED):
                offers.append((_distance(box, areas[target].box), index))
    return min(offers)[1] if offers else None


def _distance(box: Box, area: Box) -> float:
    """How far a box's centre lies from an area, 0 inside it."""
    x, y = box.center
    across = max(area.left - x, x - area.right, 0.0)
    down = max(area.top - y, y - area.bottom, 0.0)
    return float(np.hypot(across, down))


def _to_legend(
    picture: Picture, group: Sequence[Candidate], table: InkTable, words: Sequence[Word], height: float
) -> Legend:
    """The record of a group of entries."""
    swatches = to_full_inks([candidate.swatch for candidate in group], table, height)
    names = with_figures([plain_text(candidate.words) for candidate in group])
    entries = [
        LegendEntry(
            name=name,
            swatch=swatch,
            word_box=candidate.name_box,
            confidence=min(word.confidence for word in candidate.words),
        )
        for candidate, swatch, name in zip(group, swatches, names, strict=True)
    ]
    box = bounding_box([candidate.box for candidate in group])
    title = _title(group, words, height)
    if title is not None:
        box = box.union(title.box)
    return Legend(
        entries=tuple(entries),
        box=frame_around(picture.rgb, box, height),
        title=plain_text([title]) if title is not None else None,
    )


def _title(group: Sequence[Candidate], words: Sequence[Word], height: float) -> Word | None:
    """The heading of a legend in a column: a word right above the first entry, flush with its swatch or its name.

    What is larger than the names is the heading of more than the legend.
    """
    box = bounding_box([candidate.box for candidate in group])
    used = {word for candidate in group for word in candidate.words}
    rows = {round(candidate.name_box.center[1] / height) for candidate in group}
    if len(rows) < 2 and len(group) > 1:
        return None
    for word in words:
        near = -0.4 * height < line_gap(word.box, box) < 1.6 * height
        flush = min(abs(word.box.left - box.left), abs(word.box.left - group[0].name_box.left)) < 0.8 * height
        narrow = word.box.width < 1.3 * box.width + 2.0 * height
        small = cap_height(word) < 1.15 * text_height_of([w for candidate in group for w in candidate.words])
        if word not in used and word.angle == 0 and near and flush and narrow and small:
            return word
    return None
