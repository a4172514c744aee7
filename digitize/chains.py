"""Connected pieces of ink chained into lines of text, upright and turned.

Everything is written for text that runs from left to right; turned text is found on the transposed pieces. Two pieces
belong together when they stand on one line, near each other by the height of the glyphs, in one ink colour.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitize.color import lengths
from digitize.components import Components
from digitize.glyphs import (
    glyphs_around,
    is_bar,
    is_in_row,
    is_level_with,
    is_solid,
    is_text,
    may_be_glyph,
    may_be_nought,
)
from digitize.links import linked_groups
from digitize.medians import median, quantile
from digitize.model import FloatArray
from digitize.samplecuts import split_at_samples, without_sample
from digitize.spacing import SPACE, gaps_of, is_even, label_cuts, line_height, split_groups, split_levels, split_rows

#: Widest gap inside a line, in glyph heights: a space between words, not the gap between two tick labels.
_WIDEST_GAP = 1.2
#: An equals sign may stand as far from its neighbours as a glyph so tall would, in usual glyph heights.
_EQUALS_SIGN = 1.7
#: Pieces no further apart than this, in usual glyph heights, may be those of one broken glyph.
_ONE_GLYPH, _ONE_LARGE_GLYPH = 1.25, 1.7
#: Letters of equal advance stand no further apart than this, in glyph heights.
_LETTER_GAP = 0.5
#: No letter of turned text is so many times as tall as the next tallest.
_WIDER = 2.5
#: Figures that lie on their side are so many times as wide as tall at least, and differ in width from the usual glyph
#: height by no more than the next, a share of it; so many of them are a column, whose edges differ by no more than the
#: last, in glyph heights.
_LYING, _LIKE_UNIT, _FEWEST_LYING, _LIKE_EDGES = 1.25, 0.3, 3, 0.1
#: Pieces of one ink differ by no more than this (CIELAB).
_ONE_INK = 25.0
#: Colour distances (CIELAB) within a line: in the hue plane, and in lightness, which thin strokes blur.
_HUE_DISTANCE = 22.0
_LIGHT_DISTANCE = 38.0
#: Glyphs have at least this share of the contrast of others on their line.
_CLEAR = 0.35
#: Height in pixels of glyphs whose strokes are thinner than a pixel.
_TINY = 7.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Chain:
    """One line of text: the indices of its pieces along the line, and whether it runs along y."""

    members: NDArray[np.intp]
    turned: bool


def find_chains(pieces: Components, unit: float) -> tuple[Chain, ...]:
    """Lines of text among the pieces; `unit` is the usual height of glyphs in pixels.

    Pieces that cannot be glyphs (curves, bars alone, discs) are in no chain.
    """
    index = np.flatnonzero(may_be_glyph(pieces, unit))
    if not len(index):
        return ()
    glyphs = pieces.take(index)
    # the dot in a nought stands above nothing and beside nothing
    holder = glyphs_around(glyphs, unit)
    free = np.flatnonzero(holder == np.arange(len(glyphs)))
    is_turned = np.zeros(len(glyphs), bool)
    is_turned[free] = _find_turned(glyphs.take(free), unit)
    is_turned = is_turned[holder]
    lines: list[Chain] = []
    for direction in (False, True):
        chosen = np.flatnonzero(is_turned == direction)
        if not len(chosen):
            continue
        part = glyphs.take(chosen)
        along = part.transposed() if direction else part
        lines += [Chain(members=index[chosen[line]], turned=direction) for line in find_lines(along, unit)]
    return tuple(lines)


def find_lines(pieces: Components, unit: float) -> list[NDArray[np.intp]]:
    """The lines of text along x that glyphs make: the indices of the pieces of each, sorted along it."""
    lines = []
    rows = (row for chain in _groups(_chain(pieces, unit)) for row in split_rows(pieces, chain))
    for members in (level for row in rows for level in split_levels(pieces, row)):
        parts = [members]
        if len(members) > 1:
            order = members[np.argsort(pieces.left[members], kind="stable")]
            parts = [line for part in split_at_samples(pieces, order) for line in _split_line(pieces, part)]
        lines += [line for line in parts if len(line)]
    said = [is_text(pieces.take(line), unit) for line in lines]
    sure = [line for line, told in zip(lines, said, strict=True) if told]
    rest = [line for line, told in zip(lines, said, strict=True) if not told]
    attached = [line for line in rest if pieces.attached[line].any()]
    noughts = [line for line in rest if is_solid(pieces)[line].any() and may_be_nought(pieces.take(line), unit)]
    beside = [pieces.take(line) for line in sure] if attached or noughts else []
    sure += [line for line in attached if is_level_with(pieces.take(line), beside)]
    return sure + [line for line in noughts if is_in_row(pieces.take(line), beside)]


def level(line: Components) -> float:
    """The share of the glyphs of a line along x that stand on its baseline; 0 for fewer than three glyphs."""
    tall = line.height >= 0.5 * line.height.max()
    if np.count_nonzero(tall) < 3:
        return 0.0
    slack = 0.12 * line.height.max() + 0.6
    top, bottom = line.top[tall], line.bottom[tall]
    # Letters along y may read either way.
    return float(max(np.mean(np.abs(edge - median(edge)) <= slack) for edge in (top, bottom)))


def _words(pieces: Components) -> NDArray[np.intp]:
    """The number of the word that each piece belongs to, for text along x; what stands above a glyph is left out."""
    first, second = _near_pairs(pieces)
    linked = _alike(pieces, first, second) & _follows(pieces, pieces.height, first, second, SPACE)
    return _connected(len(pieces), first, second, linked)


def _chain(pieces: Components, unit: float) -> NDArray[np.intp]:
    """The number of the line that each piece belongs to, for text along x.

    First pieces chain into words, then words into lines: the height of a word tells how wide a space may be, where a
    single small letter does not.
    """
    first, second = _near_pairs(pieces)
    alike = _alike(pieces, first, second)
    first, second = first[alike], second[alike]
    close = _stacked(pieces, first, second)
    heights = pieces.height
    word = _connected(len(pieces), first, second, close | _follows(pieces, heights, first, second, SPACE))
    tallest = np.zeros(len(pieces))
    np.maximum.at(tallest, word, heights)
    heights = np.minimum(tallest[word], 2.2 * np.maximum(heights, 1))
    heights = np.where(pieces.height < 0.42 * tallest[word], pieces.height, heights)
    # Formulae set their equals signs wider apart than words, the widest where all signs have one advance.
    twins = _twins(pieces)
    heights[twins] = np.maximum(pieces.width[twins], np.minimum(2 * pieces.width[twins], _EQUALS_SIGN * unit))
    return _connected(len(pieces), first, second, close | _follows(pieces, heights, first, second, _WIDEST_GAP))


def _twins(pieces: Components) -> NDArray[np.intp]:
    """The strokes of equals signs: two flat pieces of one width, one close above the other."""
    flat = np.flatnonzero(pieces.height <= 0.35 * pieces.width)
    flat = flat[np.lexsort((pieces.top[flat], pieces.left[flat]))]
    first, second = flat[:-1], flat[1:]
    left, right = pieces.left[first] - pieces.left[second], pieces.right[first] - pieces.right[second]
    level = np.maximum(np.abs(left), np.abs(right)) <= 1
    twin = level & (np.abs(pieces.top[first] - pieces.top[second]) <= 0.6 * pieces.width[first])
    return np.unique(np.concatenate([first[twin], second[twin]]))


def _connected(
    count: int, first: NDArray[np.intp], second: NDArray[np.intp], linked: NDArray[np.bool_]
) -> NDArray[np.intp]:
    return linked_groups(count, first[linked], second[linked])


def _near_pairs(pieces: Components) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs whose second piece starts right of the first, no further than the widest gap allows."""
    order = np.argsort(pieces.left, kind="stable")
    left = pieces.left[order]
    # The taller piece of a pair sets the unit; a small first piece may precede one up to six times its height.
    height = pieces.height[order]
    reach = np.maximum(np.maximum(6 * np.minimum(height, 12), height), 1.5 * pieces.width[order])
    reach = pieces.right[order] + _WIDEST_GAP * reach
    count = np.searchsorted(left, reach, side="right") - np.arange(len(order)) - 1
    count = np.maximum(count, 0)
    first = np.repeat(np.arange(len(order)), count)
    second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(count) - count, count)
    first, second = order[first], order[second]
    near = np.minimum(pieces.bottom[first], pieces.bottom[second]) - np.maximum(pieces.top[first], pieces.top[second])
    kept = near > -0.5 * np.maximum(pieces.height[first], pieces.height[second])
    return first[kept], second[kept]


def _alike(pieces: Components, first: NDArray[np.intp], second: NDArray[np.intp]) -> NDArray[np.bool_]:
    step = np.abs(pieces.lab[first] - pieces.lab[second])
    # A point or a thin stroke between two rows of pixels shows its colour only in part: mixed with a grey ground.
    thin = (np.minimum(pieces.width, pieces.height) <= 2) | (pieces.area < 8)
    # So does a small equals sign whose strokes run together.
    thin |= (pieces.height <= 4) & (pieces.width >= 1.5 * pieces.height)
    paler = pieces.contrast[first] / pieces.contrast[second]
    pale_first, pale_second = thin[first] & (paler <= 1.15), thin[second] & (paler >= 1 / 1.15)
    a, b = pieces.lab[first, 1:], pieces.lab[second, 1:]
    hue = np.hypot(step[:, 1], step[:, 2])
    hue = np.where(pale_first, np.minimum(hue, 1.6 * _beside(a, b)), hue)
    hue = np.where(pale_second, np.minimum(hue, 1.6 * _beside(b, a)), hue)
    # Of the smallest text no pixel may show the full ink.
    tiny = np.maximum(pieces.height[first], pieces.height[second]) <= _TINY
    slack = np.where(pale_first | pale_second | tiny, 2.0, 1.0)
    side = pieces.lighter[first] == pieces.lighter[second]
    return np.asarray(side & (hue <= _HUE_DISTANCE) & (step[:, 0] <= _LIGHT_DISTANCE * slack))


def _beside(mixed: FloatArray, pure: FloatArray) -> FloatArray:
    """Distance of each hue (n, 2) from the way between a pure hue (n, 2) and almost grey."""
    share = np.clip((mixed * pure).sum(axis=1) / np.maximum((pure * pure).sum(axis=1), 1e-9), 0.4, 1)
    return np.asarray(lengths(mixed - share[:, None] * pure))


def _follows(
    pieces: Components, heights: FloatArray, first: NDArray[np.intp], second: NDArray[np.intp], widest: float
) -> NDArray[np.bool_]:
    """The second piece comes next on the first one's line, no further than `widest` times its glyphs' `heights`."""
    a, b = pieces.height[first], pieces.height[second]
    tall, low = np.maximum(a, b), np.minimum(a, b)
    shared = np.minimum(pieces.bottom[first], pieces.bottom[second]) - np.maximum(pieces.top[first], pieces.top[second])
    gap = pieces.left[second] - pieces.right[first]
    narrow = np.minimum(pieces.width[first], pieces.width[second])
    small = low < 0.42 * tall
    fits = np.where(small, shared >= 0.3 * low, shared >= 0.5 * low)
    # A bracket is less than twice as tall as a small letter: a much taller neighbour sets no measure.
    measure, other = np.maximum(heights[first], heights[second]), np.minimum(heights[first], heights[second])
    # Points, dashes and equals signs stand nearer than words may.
    reach = np.where(small, min(widest, 0.95) * measure, widest * np.minimum(measure, 1.5 * other))
    # A dash before a point is measured by its length.
    reach = np.maximum(reach, np.where(tall < 4, widest * np.minimum(narrow, 3 * tall), 0))
    # An underscore lies below its line, close to the next letters.
    lower = np.where(pieces.top[first] > pieces.top[second], first, second)
    score = small & (pieces.width[lower] >= 2.5 * pieces.height[lower]) & (pieces.height[lower] <= low)
    # A tick mark beside turned text is as low, but thicker.
    thin = pieces.width[lower] >= 4 * pieces.height[lower]
    score &= (shared >= -0.5 * tall) & (gap <= np.where(thin, 0.5, 0.25) * tall)
    # An exponent stands close by, its foot above its base's; its minus sign may lie above the base's top.
    raised = (pieces.bottom[second] < pieces.bottom[first] - 0.2 * a) & (b < 0.85 * a) & (gap <= 0.35 * a)
    raised &= np.where(b >= 0.35 * a, shared >= 0.15 * low, (shared >= -0.15 * a) & (pieces.width[second] >= 2 * b))
    return np.asarray((fits & (gap <= reach) | score | raised) & (gap >= -0.7 * narrow - 1))


def _stacked(pieces: Components, first: NDArray[np.intp], second: NDArray[np.intp]) -> NDArray[np.bool_]:
    """The pieces stand one above the other within one glyph: i, j, %, =, :, accents, a broken stroke."""
    shared = np.minimum(pieces.right[first], pieces.right[second]) - np.maximum(pieces.left[first], pieces.left[second])
    narrow = np.minimum(pieces.width[first], pieces.width[second])
    gap = np.maximum(pieces.top[first], pieces.top[second]) - np.minimum(pieces.bottom[first], pieces.bottom[second])
    tall = np.maximum(pieces.height[first], pieces.height[second])
    low = np.minimum(pieces.height[first], pieces.height[second])
    mark = (low <= 0.45 * tall) & (gap <= np.maximum(0.35 * tall, 2))
    bars = (tall <= 0.5 * narrow) & (gap <= 2.5 * tall)
    # A stroke above a glyph is a tick mark.
    upper = np.where(pieces.top[first] < pieces.top[second], first, second)
    tick = pieces.height[upper] >= 1.5 * pieces.width[upper]
    return np.asarray((shared >= 0.5 * narrow) & ((gap <= 0) | ((mark | bars) & ~tick)))


def _find_turned(pieces: Components, unit: float) -> NDArray[np.bool_]:
    """Which pieces belong to text along y: their words are longer that way, or they stand in a line of such words."""
    upright = _words(pieces)
    turned, turned_line = _words(pieces.transposed()), _chain(pieces.transposed(), unit)
    across = np.bincount(upright)[upright]
    upright_line = _chain(pieces, unit)
    alone = np.bincount(upright_line)[upright_line] == 1
    nearest = _nearest(pieces, upright)
    upright_bar = is_bar(pieces) & (pieces.height > pieces.width)
    result = np.zeros(len(pieces), bool)
    for members in _groups(turned):
        # Dots and accents above a run of letters are no column, nor are faint specks that compression left.
        size = np.maximum(pieces.width[members], pieces.height[members])
        clear = pieces.contrast[members] >= _CLEAR * pieces.contrast[members].max()
        # Nor is a tick mark above a figure or two.
        clear &= ~upright_bar[members]
        if np.count_nonzero(clear & (size >= 0.35 * size.max())) < 2:
            continue
        # Nor is a sample of a line above a letter.
        widest = np.sort(pieces.width[members])[-2:]
        if widest[1] > _WIDER * widest[0]:
            continue
        # Nor are the pieces that one thin glyph falls into.
        if _is_broken(pieces.take(members), unit):
            continue
        usual, count = median(across[members[clear]]), np.count_nonzero(clear)
        if usual > 2 and median(nearest[members]) < _usual_gap(pieces.transposed(), members):
            continue  # letters stand nearer to each other than lines do
        column = _is_column(pieces, members)
        if count >= 3 and (len(members) > 2 * usual or (len(members) > usual and column)):
            result[members] = True
        if len(members) == 2 and column and across[members].max() == 1 and _is_pair(pieces.take(members)):
            result[members] = True
    for members in _groups(turned_line):
        if len(members) >= 3 and alone[members].all() and _are_close(pieces, members):
            result[members] = True
        if 2 * np.count_nonzero(result[members]) >= len(members):
            result[members] |= across[members] <= 2
    lone = (across == 1) & ~_end_words(pieces, upright_line, across)
    tall = _in_turned_columns(pieces, turned, result, np.flatnonzero(lone))
    result[tall] = True
    # What is left of a label whose figures run together.
    beside = np.isin(turned, turned[tall]) & (across <= 2)
    return np.asarray(result | beside | _lie_in_columns(pieces, np.flatnonzero(alone & (across == 1)), unit))


def _is_broken(pieces: Components, unit: float) -> bool:
    """Pieces above each other that may be those of one glyph: together no taller than one, or reaching past others."""
    along = pieces.transposed()
    order = np.argsort(along.left, kind="stable")
    interlocked = bool(np.all(gaps_of(along, order) < 0))
    return along.bounds.width <= (_ONE_LARGE_GLYPH if interlocked else _ONE_GLYPH) * unit


def _in_turned_columns(
    pieces: Components, word: NDArray[np.intp], turned: NDArray[np.bool_], alone: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Those of the lone pieces that stand on end, as figures run together do, level with turned words: axis labels."""
    words = [pieces.take(members).bounds for members in _groups(word) if turned[members].all()]
    tall = alone[(pieces.height >= 2 * pieces.width)[alone] & ~is_bar(pieces)[alone]]
    if not words:
        return tall[:0]
    left, right = np.array([(box.left, box.right) for box in words]).T
    apart = np.maximum(np.abs(pieces.left[tall, None] - left), np.abs(pieces.right[tall, None] - right))
    level = apart.min(axis=1) <= 0.15 * pieces.width[tall] + 0.5
    return np.asarray(tall[level], dtype=np.intp)


def _lie_in_columns(pieces: Components, lone: NDArray[np.intp], unit: float) -> NDArray[np.bool_]:
    """Which pieces lie on their side as the figures of turned labels do: lone ones, wider than tall, in a column.

    Those above each other begin and end at one place and are of one ink; no figure that stands upright is so wide.
    """
    lying = (pieces.width >= _LYING * pieces.height) & (np.abs(pieces.width / unit - 1) <= _LIKE_UNIT)
    lone = lone[(lying & ~is_solid(pieces) & ~pieces.attached)[lone]]
    result = np.zeros(len(pieces), bool)
    figures = lone[~is_bar(pieces)[lone]]
    edges = np.stack([pieces.left, pieces.right], axis=1)
    apart = np.abs(edges[lone, None] - edges[figures]).max(axis=2)
    alike = lengths(pieces.lab[lone, None] - pieces.lab[figures]) <= _ONE_INK
    mates = (apart <= _LIKE_EDGES * unit + 0.5) & alike
    result[lone] = mates.sum(axis=1) >= _FEWEST_LYING
    return result


def _end_words(pieces: Components, line: NDArray[np.intp], across: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which pieces stand little further than a letter from several that are a word along x, on its line."""
    result = np.zeros(len(pieces), bool)
    for members in _groups(line):
        order = members[np.argsort(pieces.left[members], kind="stable")]
        near = gaps_of(pieces, order) <= _LETTER_GAP * np.maximum(pieces.height[order[1:]], pieces.height[order[:-1]])
        word = across[order] > 1
        result[order[1:]] |= near & word[:-1]
        result[order[:-1]] |= near & word[1:]
    return result


def _nearest(pieces: Components, word: NDArray[np.intp]) -> FloatArray:
    """The gap between each piece and the nearest other one of its word along x; infinite where it is alone."""
    nearest = np.full(len(pieces), np.inf)
    for members in _groups(word):
        order = members[np.argsort(pieces.left[members], kind="stable")]
        gaps = gaps_of(pieces, order)
        gaps = np.where(gaps > 0, gaps, np.inf)
        nearest[order] = np.minimum(np.append(gaps, np.inf), np.append(np.inf, gaps))
    return nearest


def _usual_gap(pieces: Components, members: NDArray[np.intp]) -> float:
    """The median gap between pieces that follow each other along x; 0 where none are apart."""
    gaps = gaps_of(pieces, members[np.argsort(pieces.left[members], kind="stable")])
    return median(gaps[gaps > 0]) if (gaps > 0).any() else 0.0


def _is_pair(pieces: Components) -> bool:
    """Two pieces that may be two letters, not a letter and its accent or dot."""
    return bool(pieces.width.min() >= 0.4 * pieces.width.max() and not is_bar(pieces).any())


def _is_column(pieces: Components, members: NDArray[np.intp]) -> bool:
    """Pieces of like width close above each other, as the letters of turned text and unlike lines of upright text."""
    if len(members) < 2:
        return False
    along = pieces.transposed()
    members = members[np.argsort(along.left[members], kind="stable")]
    return bool(median(gaps_of(along, members)) <= 0.25 * line_height(along, members))


def _are_close(pieces: Components, members: NDArray[np.intp]) -> bool:
    """Lone pieces above each other, nearer than lines of text are, as letters of equal advance in turned text."""
    along = pieces.transposed()
    members = members[np.argsort(along.left[members], kind="stable")]
    near = gaps_of(along, members).max() <= _LETTER_GAP * line_height(along, members)
    return bool(near and not is_bar(pieces)[members].all())


def _groups(chain: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    order = np.argsort(chain, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(chain[order])) + 1)


def _split_line(pieces: Components, members: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Cut a sorted line where a gap is no space between words: wider than the others, or between evenly set labels."""
    members = without_sample(pieces, members)
    if not len(members):
        return []
    height = line_height(pieces, members)
    gaps = gaps_of(pieces, members)
    # Letters of equal advance may stand nearly as far apart as words do elsewhere.
    spaces = gaps[gaps >= 1.3 * SPACE * height]
    if not len(spaces):
        return [members]
    # The spaces of a line are alike; one clearly wider than the others parts two lines that stand side by side.
    cuts = np.flatnonzero(gaps > max(1.6 * quantile(spaces, 0.4), 0.75 * height))
    if not len(cuts) and len(_twins(pieces.take(members))):
        return [members]  # the words around an equals sign are no labels, however evenly they are set
    if not len(cuts) and is_even(pieces, split_groups(pieces, members), height):
        cuts = np.flatnonzero(gaps >= SPACE * height)
    return np.split(members, (cuts if len(cuts) else label_cuts(pieces, members, height)) + 1)
