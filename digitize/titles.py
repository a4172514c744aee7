"""Titles of panels: which of the lines of text above plot areas say what is drawn in them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from digitize.model import Box, PanelTexts
from digitize.surroundings import Surroundings
from digitize.textlines import Line, bounding_box

# How far a title stands from what is beneath it, in text heights, and one clearly larger than the tick labels.
TITLE_GAP = 4.5
LARGE_TITLE_GAP = 6.0
# How much taller than the tick labels is clearly larger.
LARGE = 1.2
# How unlike the titles of a grid may stand above their plot areas, in text heights.
LIKE_RISE = 0.75
# The tops of titles on one line differ by no more than this, in text heights.
LEVEL = 0.3


def find_heads(
    panels: Sequence[Surroundings], lines: Sequence[Line], feet: Sequence[Line | None], page_width: int
) -> set[Line]:
    """The lines between panels above each other that stand over the lower one as titles stand over the topmost.

    They are clearly larger than the tick labels, as names of axes may not be. Nearness does not tell whose they are: a
    title may stand nearer to the tick labels above than to its own panel. `feet` has the line beneath each panel: what
    stands beneath a panel as these do beneath the lowest ones, and nearer to it than to the lower one, names its axis.
    """
    topmost = {id(panel) for panel in panels if not any(_is_under(panel, other) for other in panels)}
    rises, drops = [], []
    for panel, foot in zip(panels, feet, strict=True):
        box = with_title(PanelTexts(), panel, panels, lines, page_width).title_box if id(panel) in topmost else None
        rises += [(panel.area.top - line.box.top, line) for line in lines if box and line.box.bottom == box.bottom]
        if foot is not None and not any(_is_under(other, panel) for other in panels):
            drops.append((foot.box.top - panel.edge("bottom").bottom, foot))
    return {
        line
        for line in lines
        for panel in panels
        if id(panel) not in topmost and line.height_px > LARGE * panel.tick_height
        if is_over(line, panel, PanelTexts(), page_width)
        if any(_is_alike(panel.area.top - line.box.top - rise, line, title, panel) for rise, title in rises)
        if not _is_foot(line, panel, panels, drops)
    }


def _is_foot(
    line: Line, lower: Surroundings, panels: Sequence[Surroundings], drops: Sequence[tuple[float, Line]]
) -> bool:
    """Whether a line stands beneath a panel as names of axes do, and nearer to it than to the `lower` one."""
    room = lower.edge("top").top - line.box.bottom
    gaps = [line.box.top - panel.edge("bottom").bottom for panel in panels if _is_under(lower, panel)]
    return any(
        -0.5 * lower.height < gap < room and _is_alike(gap - drop, line, foot, lower)
        for gap in gaps
        for drop, foot in drops
    )


def _is_alike(shift: float, line: Line, other: Line, panel: Surroundings) -> bool:
    """Whether two lines are of one height and stand alike but for a `shift` in pixels."""
    return abs(shift) < LIKE_RISE * panel.height and 0.88 < line.height_px / other.height_px < 1.14


def _is_under(panel: Surroundings, other: Surroundings) -> bool:
    """Whether a panel stands beneath another one."""
    one, two = panel.area, other.area
    return two.bottom < one.top and min(one.right, two.right) - max(one.left, two.left) > 0.3 * one.width


def with_title(
    text: PanelTexts,
    panel: Surroundings,
    panels: Sequence[Surroundings],
    lines: Sequence[Line],
    page_width: int,
    heads: Collection[Line] = (),
    cards: Collection[Line] = (),
) -> PanelTexts:
    """The panel's texts with its title: the nearest line above the plot area and what stands on top of it.

    The `heads` are known to be titles of panels beneath them; those of `cards` head the panel's card, however far up.
    """
    top = panel.edge("top").top
    above = [box for box in (text.y_label_box,) if box is not None and box.bottom < panel.area.top + panel.height]
    if panel.legend is not None and _is_above(panel.legend.box, panel):
        above.append(panel.legend.box)
    offers = []
    for line in lines:
        roofs = [top, *(box.top for box in above if box.top > line.box.bottom - 0.6 * panel.height)]
        gap = min(roofs) - line.box.bottom
        large = line.height_px > LARGE * panel.tick_height
        limit = (LARGE_TITLE_GAP if large else TITLE_GAP) * max(panel.height, line.height_px)
        near = -0.6 * panel.height < gap < limit or line in cards
        own = line in heads or not _nearer_above(line, gap, panel, panels)
        if near and own and is_over(line, panel, text, page_width):
            offers.append((gap, line))
    if not offers:
        return text
    gap, line = min(offers, key=lambda offer: offer[0])
    title, box = _with_first_line(line, lines)
    return replace(text, title=title, title_box=box)


def _is_above(box: Box, panel: Surroundings) -> bool:
    """Whether a box stands above a plot area, or at its top, and not beside it."""
    beside = max(panel.area.left - box.right, box.left - panel.area.right) > 0
    return box.bottom < panel.area.top + 0.5 * panel.height and not beside


def is_over(line: Line, panel: Surroundings, text: PanelTexts, page_width: int) -> bool:
    """Whether a line stands over a panel: centred on it, or begun near its left end."""
    area, height = panel.area, panel.height
    if sum(c.isalpha() for c in line.text) < 2:
        return False
    center = line.box.center[0]
    centred = abs(center - area.center[0]) < 0.06 * area.width + height
    axes, whole = panel.edge("left").union(panel.edge("right")), _all_of(panel, text)
    centred_whole = any(abs(center - box.center[0]) < 0.04 * area.width + height for box in (axes, whole))
    centred_page = abs(center - page_width / 2) < 0.02 * page_width + height and area.left < center < area.right
    left = whole.left - max(6 * height, 0.1 * area.width) < line.box.left < area.left + 0.25 * area.width
    return centred or centred_whole or centred_page or left


def _all_of(panel: Surroundings, text: PanelTexts) -> Box:
    """The plot area with its tick labels, the names of its y axes, and the legend beside it."""
    names = [box for box in (text.y_label_box, text.y2_label_box) if box is not None]
    whole = bounding_box([panel.edge("left"), panel.edge("right"), *names])
    legend = panel.legend.box if panel.legend is not None else whole
    level = legend.top < panel.area.bottom and legend.bottom > panel.area.top
    near = max(legend.left - whole.right, whole.left - legend.right) < 0.5 * panel.area.width
    return whole.union(legend) if level and near else whole


def _nearer_above(line: Line, gap: float, panel: Surroundings, panels: Sequence[Surroundings]) -> bool:
    """Whether a line stands nearer to the bottom of a panel above, or to the top of another one."""
    for other in panels:
        if other is panel:
            continue
        overlap = min(line.box.right, other.area.right) - max(line.box.left, other.area.left)
        distance = line.box.top - other.edge("bottom").bottom
        if overlap > 0.3 * line.box.width and -0.5 * panel.height < distance < 0.6 * gap:
            return True
    return False


def _with_first_line(line: Line, lines: Sequence[Line]) -> tuple[str, Box]:
    """A title with the line above it where the two are one text: alike in height, close and aligned."""
    for other in lines:
        gap = line.box.top - other.box.bottom
        alike = 0.85 < other.height_px / max(line.height_px, 1.0) < 1.18
        offsets = other.box.left - line.box.left, other.box.center[0] - line.box.center[0]
        aligned = min(abs(offset) for offset in offsets) < line.height_px
        if other is not line and alike and aligned and -0.5 * line.height_px < gap < 0.5 * line.height_px:
            return f"{other.text} {line.text}", other.box.union(line.box)
    return line.text, line.box


def with_like_titles(
    texts: Sequence[PanelTexts], panels: Sequence[Surroundings], lines: Sequence[Line], page_width: int
) -> list[PanelTexts]:
    """The texts of the panels, those without a title with the line that stands as the titles of other panels stand.

    It is level with those of panels beside it, or in one column with those of panels above or beneath it and as far
    above the plot area. It may stand too far above the plot area to be near it, or within it, where that was not found
    as tall as it is, and then may have been taken for the name of the x axis of the panel above.
    """
    found = list(texts)
    for k, panel in enumerate(panels):
        if found[k].title is not None:
            continue
        taken = [text.title_box for text in found if text.title_box is not None]
        mates = [(other, text.title_box) for other, text in zip(panels, found, strict=True) if text.title_box]
        # Nearness tells what is beneath a panel, but what is in line with titles beside it.
        beneath = [text.x_label_box for text in found]
        like = [
            line
            for line in lines
            if is_over(line, panel, found[k], page_width)
            and panel.area.left < line.box.center[0] < panel.area.right
            and any(
                _stands_like(line.box, panel, box, other)
                for other, box in mates
                if line.box not in beneath or panel.is_level_with(other)
            )
            and not any(line.box.shares_with(box) > 0 for box in taken)
            and not _is_among_names(line.box, found, panel.height)
        ]
        if len(like) == 1:
            found = [_without_x_label(text, like[0].box) for text in found]
            found[k] = replace(found[k], title=like[0].text, title_box=like[0].box)
    return found


def _stands_like(box: Box, panel: Surroundings, title: Box, other: Surroundings) -> bool:
    """Whether a text stands over a panel as the title of another panel stands over that."""
    if panel.is_level_with(other):
        return _is_level(box, title, LEVEL * panel.height)
    rise, own = other.area.top - title.bottom, panel.area.top - box.bottom
    return (
        abs(panel.area.left - other.area.left) < panel.height
        and min(abs(box.left - title.left), abs(box.center[0] - title.center[0])) < LEVEL * panel.height
        and abs(own - rise) < LIKE_RISE * panel.height
        and box.bottom < panel.area.top
    )


def _is_among_names(box: Box, texts: Sequence[PanelTexts], height: float) -> bool:
    """Whether a text names the y axis of a panel, or is level with as many names of x axes as with titles."""
    if box in [text.y_label_box for text in texts] + [text.y2_label_box for text in texts]:
        return True

    def count(boxes: Iterable[Box | None]) -> int:
        return sum(other != box and _is_level(box, other, LEVEL * height) for other in boxes if other)

    names = count(text.x_label_box for text in texts)
    return names > 0 and names >= count(text.title_box for text in texts)


def _without_x_label(text: PanelTexts, box: Box) -> PanelTexts:
    """The texts without what names the x axis where that is a certain box."""
    return replace(text, x_label=None, x_label_box=None) if text.x_label_box == box else text


def _is_level(box: Box, other: Box, slack: float) -> bool:
    """Whether two texts stand on one line; descenders may make one of them the taller."""
    return abs(box.top - other.top) < slack and abs(box.bottom - other.bottom) < slack + 0.35 * other.height


def without_heading(text: PanelTexts, panels: Sequence[Surroundings], texts: Sequence[PanelTexts]) -> PanelTexts:
    """The texts without a title that is the heading of the grid: centred over it, above the titles beside it."""
    box, height = text.title_box, panels[0].height
    if box is None or len(panels) < 2:
        return text
    grid = bounding_box([panel.area for panel in panels])
    centred = abs(box.center[0] - grid.center[0]) < 0.04 * grid.width + height
    rivals = [other.title_box for other in texts if other is not text and other.title_box is not None]
    lower = any(height < rival.top - box.top < 6 * height and rival.left > box.right for rival in rivals)
    lower = lower and any(height < rival.top - box.top < 6 * height and rival.right < box.left for rival in rivals)
    return replace(text, title=None, title_box=None) if centred and lower else text


def find_figure_title(panels: Sequence[Surroundings], lines: Sequence[Line]) -> str | None:
    """A heading centred over a whole grid of panels."""
    if len(panels) < 2:
        return None
    grid = bounding_box([panel.edge("left").union(panel.edge("right")) for panel in panels])
    height = panels[0].height
    for line in sorted(lines, key=lambda line: -line.box.bottom):
        centred = abs(line.box.center[0] - grid.center[0]) < 0.04 * grid.width + height
        if centred and line.box.bottom < grid.top and line.height_px >= 0.95 * height:
            return line.text
    return None
