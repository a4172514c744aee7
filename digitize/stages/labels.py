"""Titles and axis labels: which of the words around a plot area say what is drawn in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from digitize.gutters import GroundAbove, find_ground
from digitize.model import Legend, PanelTexts, Picture, PlotArea, TickLabels, Word
from digitize.surroundings import Surroundings, contrast_of
from digitize.textlines import Line, bounding_box, text_height_of, to_columns, to_lines
from digitize.titles import find_figure_title, find_heads, is_over, with_like_titles, with_title, without_heading

# How far an axis label stands from the tick labels, in text heights.
LABEL_GAP = 3.0
# The same for a short one centred exactly under the plot area.
EXACT_GAP = 4.5
# How far from the tick labels a turned text may stand that is centred along the axis.
CENTRED_GAP = 9.0
# How much taller times stronger than the tick labels a text over the y axis is to be its panel's title: where there
# is one panel, and in a row or grid, whose panels rather have titles.
EMPHASIS = (1.35, 1.2)
# The same for what begins where the plot area does, as titles rather do.
FLUSH_EMPHASIS = 1.1
_NUMBERS_ONLY = re.compile(r"[\d\s.,:;/%()+\-−–—'$€£°eEkKMG×x^*]*")
#: Signs that single strokes, dashes and dots are read as.
#: A ring is no narrower than this share of its height, unlike the figure 0.
_ROUND = 0.85
_STROKES = set("1Iil|!:;.,'\"`-–—_~=·•/\\T")
#: Notes in a plot area are read with this confidence at least; pieces of curves seldom are.
_SURE = 0.8
_CALENDAR = re.compile(
    r"(\d{1,4}|q[1-4]|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?|[\s,./:-])+", re.IGNORECASE
)


def find_titles(
    picture: Picture,
    areas: Sequence[PlotArea],
    ticks: Sequence[Sequence[TickLabels]],
    legends: Sequence[Legend | None],
    words: Sequence[Word],
) -> tuple[PanelTexts, ...]:
    """The title, the axis labels and the annotations of each plot area.

    Parameters
    ----------
    picture : Picture
    areas, ticks, legends
        One of each a panel.
    words : sequence of Word
        Everything read; words that are tick labels or stand in a legend are passed over.

    Returns
    -------
    tuple of PanelTexts
        One an area; what is not there is None. `figure_title` is the same for all panels.

    Notes
    -----
    Each line of text goes to the nearest panel that it stands beside. A label stands along its axis, next to the
    tick labels; a title stands above everything else of its panel. A heading of the page stands above something
    else first, or over no panel.
    """
    if not areas:
        return ()
    height = text_height_of(words)
    panels = [
        Surroundings(area=area.box, background=area.background, ticks=tuple(rows), legend=legend, height=height)
        for area, rows, legend in zip(areas, ticks, legends, strict=True)
    ]
    free = _free_words(words, panels)
    lines = to_lines(word for word in free if word.angle in (0, 180))
    columns = to_columns(word for word in free if word.angle in (90, 270))
    first = [_axis_labels(panel, panels, lines, columns)[0].y_label_box for panel in panels]
    feet = [_x_label(panel, panels, lines) for panel in panels]
    heads = find_heads(panels, [line for line in lines if line.box not in first], feet, picture.width)
    named = [line for line in lines if line not in heads]
    found = [_axis_labels(panel, panels, named, columns) for panel in panels]
    used = {line for _, own in found for line in own}
    rest = [line for line in lines if line not in used]
    grounds = [find_ground(picture.rgb, panel.area, height) for panel in panels]
    cards = [_heads_of_card(panel, ground, rest, picture.width) for panel, ground in zip(panels, grounds, strict=True)]
    texts = []
    for panel, ground, (text, _) in zip(panels, grounds, found, strict=True):
        own = [line for line in rest if not ground.has_gutter(line.box, panel.roof)]
        # The heading of a card with several panels is the title of none.
        level = [card for other, card in zip(panels, cards, strict=True) if other.is_level_with(panel)]
        far = cards[panels.index(panel)] if all(level) else []
        texts.append(_with_lone_title(with_title(text, panel, panels, own, picture.width, heads, far), panel))
    texts = [without_heading(text, panels, texts) for text in texts]
    texts = with_like_titles(texts, panels, lines, picture.width)
    taken = [text.title_box for text in texts if text.title_box is not None]
    figure_title = find_figure_title(panels, [line for line in rest if line.box not in taken])
    return tuple(
        replace(text, figure_title=figure_title, annotations=_annotations(panel, free, text))
        for panel, text in zip(panels, texts, strict=True)
    )


def _heads_of_card(panel: Surroundings, ground: GroundAbove, lines: Sequence[Line], width: int) -> list[Line]:
    """The lines over a panel that head the card it stands in."""
    lines = [line for line in lines if line.box.bottom < panel.roof and line.box.width < panel.area.width]
    over = [line for line in lines if is_over(line, panel, PanelTexts(), width)]
    return [line for line in over if ground.is_head_of_card(line.box) and not ground.has_gutter(line.box, panel.roof)]


def _free_words(words: Sequence[Word], panels: Sequence[Surroundings]) -> list[Word]:
    """The words that are neither tick labels nor in a legend."""
    boxes = [label.word.box for panel in panels for row in panel.ticks for label in row.labels]
    boxes += [row.offset_word.box for panel in panels for row in panel.ticks if row.offset_word is not None]
    for panel in panels:
        if panel.legend is not None and panel.legend.direct:
            boxes += [entry.word_box for entry in panel.legend.entries]
        elif panel.legend is not None:
            boxes.append(panel.legend.box)
    return [word for word in words if word.text.strip() and not any(word.box.shares_with(box) > 0.6 for box in boxes)]


def _axis_labels(
    panel: Surroundings, panels: Sequence[Surroundings], lines: Sequence[Line], columns: Sequence[Line]
) -> tuple[PanelTexts, list[Line]]:
    """The axis labels of a panel and the lines of text they are made of."""
    left = _side_label(panel, panels, columns, "left")
    right = _side_label(panel, panels, columns, "right") if panel.has_ticks("right") else None
    if left is None:
        left = _letter_beside(panel, panels, lines) or _above_axis(panel, panels, lines)
    below = _x_label(panel, panels, lines, left)
    found = PanelTexts(
        x_label=below.text if below else None,
        x_label_box=below.box if below else None,
        y_label=left.text if left else None,
        y_label_box=left.box if left else None,
        y2_label=right.text if right else None,
        y2_label_box=right.box if right else None,
    )
    return found, [line for line in (below, left, right) if line is not None]


def _x_label(
    panel: Surroundings, panels: Sequence[Surroundings], lines: Sequence[Line], left: Line | None = None
) -> Line | None:
    """The nearest line beneath the tick labels, centred under the axis or flush with its right end.

    It may as well be centred under all of the panel, to the name of its y axis on the `left`, and short ones that are
    centred with more care may stand further off.
    """
    edge, area, height = panel.edge("bottom"), panel.area, panel.height
    names = [left.box] if left is not None else []
    whole = bounding_box([panel.edge("left"), panel.edge("right"), *names])
    offers = []
    for line in lines:
        gap = line.box.top - edge.bottom
        center = line.box.center[0]
        exact = abs(center - area.center[0]) < 0.01 * area.width + 0.3 * height and line.box.width < 0.5 * area.width
        furthest = (EXACT_GAP if exact else LABEL_GAP) * height
        if not -0.5 * height < gap < furthest or _is_reading(line.text) or line.box.width > area.width:
            continue
        middle = abs(center - area.center[0]) < 0.08 * area.width + height
        middle = middle or abs(center - whole.center[0]) < 0.02 * whole.width + 0.5 * height
        at_end = abs(line.box.right - area.right) < 2 * height or abs(line.box.left - area.right) < 2 * height
        if (middle or (at_end and gap < 1.5 * height)) and not _nearer_below(line, gap, panel, panels):
            offers.append((gap, line))
    return min(offers, key=lambda offer: offer[0])[1] if offers else None


def _nearer_below(line: Line, gap: float, panel: Surroundings, panels: Sequence[Surroundings]) -> bool:
    """Whether a line stands nearer to the top of a panel beneath than to this one: that panel's title."""
    beneath = [
        other.edge("top").top - line.box.bottom
        for other in panels
        if other is not panel and other.area.left < line.box.center[0] < other.area.right
    ]
    return any(-0.5 * panel.height < other < gap for other in beneath)


def _side_label(panel: Surroundings, panels: Sequence[Surroundings], columns: Sequence[Line], side: str) -> Line | None:
    """The nearest column of turned text beside the tick labels, along the axis."""
    edge, area, height = panel.edge(side), panel.area, panel.height
    offers = []
    for column in columns:
        box = column.box
        # Labels of many figures may reach beyond a name that stands between two of them.
        beside = panel.edge_at(side, box.top - 0.3 * height, box.bottom + 0.3 * height)
        gap, clear = (
            (edge.left - box.right, beside.left - box.right)
            if side == "left"
            else (box.left - edge.right, box.left - beside.right)
        )
        middle = abs(box.center[1] - area.center[1])
        within = middle < 0.5 * area.height + 2 * height
        centred = middle < 0.04 * area.height + 0.5 * height
        near = clear > -0.6 * height and gap < (CENTRED_GAP if centred else LABEL_GAP + 2.0) * height
        if within and near and not _is_reading(column.text) and not _nearer_beside(column, gap, panel, panels):
            offers.append((gap, column))
    return min(offers, key=lambda offer: offer[0])[1] if offers else None


def _nearer_beside(column: Line, gap: float, panel: Surroundings, panels: Sequence[Surroundings]) -> bool:
    """Whether a column of text stands nearer to the other side of a neighbouring panel, and an axis is there."""
    y = column.box.center[1]
    for other in panels:
        if other is panel or not other.area.top < y < other.area.bottom:
            continue
        left, right = other.edge("left").left - column.box.right, column.box.left - other.edge("right").right
        if -0.6 * panel.height < left < gap or (other.has_ticks("right") and -0.6 * panel.height < right < gap):
            return True
    return False


def _letter_beside(panel: Surroundings, panels: Sequence[Surroundings], lines: Sequence[Line]) -> Line | None:
    """A short upright label left of the tick labels, at the middle of the axis: a letter, or a unit.

    The nearest one; a lone letter of turned text may be taken for upright, and turned text may stand further off.
    """
    edge, area, height = panel.edge("left"), panel.area, panel.height
    offers = []
    for line in lines:
        gap = edge.left - line.box.right
        off = abs(line.box.center[1] - area.center[1])
        furthest = CENTRED_GAP if off < 0.04 * area.height + 0.5 * height and len(line.text) == 1 else LABEL_GAP
        near = -0.5 * height < gap < furthest * height and off < 0.12 * area.height + 0.5 * height
        short = len(line.text) <= 6 and not _is_reading(line.text)
        if near and short and not _nearer_beside(line, gap, panel, panels):
            offers.append((gap, line))
    return min(offers, key=lambda offer: offer[0])[1] if offers else None


def _above_axis(panel: Surroundings, panels: Sequence[Surroundings], lines: Sequence[Line]) -> Line | None:
    """An upright label over the upper end of the y axis: plain text that starts over the tick labels.

    A title there is larger than the tick labels or in stronger ink.
    """
    edge, area = panel.edge("left"), panel.area
    top = panel.edge("top").top
    for line in lines:
        gap = top - line.box.bottom
        starts = edge.left - 1.0 * panel.height < line.box.left < area.left + 0.5 * panel.height
        ends = line.box.right < area.left + 0.4 * area.width
        near = -0.3 * panel.height < gap < 1.5 * panel.height
        emphasis = line.height_px / panel.tick_height * contrast_of(line.words, panel) / panel.tick_contrast
        flush = abs(line.box.left - area.left) < 0.4 * panel.height
        most = FLUSH_EMPHASIS if flush else EMPHASIS[len(panels) > 1]
        plain = emphasis < most and not _is_reading(line.text)
        if near and starts and ends and plain:
            return line
    return None


def _with_lone_title(text: PanelTexts, panel: Surroundings) -> PanelTexts:
    """The texts with what stands over the y axis as the title where there is none and it starts as titles do.

    That is with the plot area or with the tick labels; the name of an axis is rather centred over it, and has a title
    above it.
    """
    box, area = text.y_label_box, panel.area
    if (
        text.title is not None
        or box is None
        or box.bottom > area.top
        or sum(c.isalpha() for c in text.y_label or "") < 2
    ):
        return text
    starts = min(abs(box.left - left) for left in (area.left, panel.edge("left").left))
    if starts >= 0.5 * panel.height or abs(box.center[0] - area.left) < 0.25 * panel.height:
        return text
    return replace(text, title=text.y_label, title_box=box, y_label=None, y_label_box=None)


def _is_reading(text: str) -> bool:
    """Whether a text is a number or a date, as a second row of tick labels would be."""
    text = text.strip()
    return any(c.isdigit() for c in text) and bool(_NUMBERS_ONLY.fullmatch(text) or _CALENDAR.fullmatch(text))


def _annotations(panel: Surroundings, words: Iterable[Word], text: PanelTexts) -> tuple[Word, ...]:
    """The free words inside a plot area that are none of its texts; what is read with less confidence are curves."""
    boxes = [box for box in (text.title_box, text.x_label_box, text.y_label_box, text.y2_label_box) if box is not None]
    return tuple(
        word
        for word in words
        if word.box.shares_with(panel.area) > 0.6
        and not any(word.box.shares_with(box) > 0.6 for box in boxes)
        and word.confidence >= _SURE
        and not _is_dashes(word, panel.tick_height)
        and not _is_marker(word)
    )


def _is_marker(word: Word) -> bool:
    """Whether a word may as well be a marker with pieces of its line: it has no more than a lone letter."""
    signs = [sign for sign in word.text if sign.isalnum()]
    ring = signs == ["0"] and word.box.width >= _ROUND * word.box.height
    return not signs or ring or (len(signs) == 1 and signs[0].isalpha())


def _is_dashes(word: Word, height: float) -> bool:
    """Whether a word may as well be dashes, dots or a corner of a curve: strokes alone, or one small sign."""
    signs = word.text.replace(" ", "")
    return set(signs) <= _STROKES or (len(signs) == 1 and word.height_px < 0.75 * height)
