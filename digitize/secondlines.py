"""Tick labels of two lines: months over years, times over days, figures over the decades that they lie between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digitize.anchors import anchor_places, turned
from digitize.datetext import dates
from digitize.model import Side, TickLabel, TickLabels, Word
from digitize.textlines import is_beside
from digitize.ticktext import is_decade

#: The second line of labels lies at most so far beneath the first, in text heights from half a height above its foot.
_SECOND_LINE = 2.5
#: What stands farther than this from the ends of the first line, in text heights, is no part of the second one.
_ASIDE = 3.0
#: Decades stand this near to their ticks, and all alike to within the second, in text heights.
_NEAR, _ALIKE = 0.75, 0.2
#: Most labels, where decades stand beneath them, are single figures.
_FIGURE, _MOSTLY = re.compile("[1-9]"), 0.8
_CALENDAR = re.compile(
    r"(1[5-9]|20|21)\d\d|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?( \d{4})?", re.IGNORECASE
)


def with_second_line(row: Sequence[Word], side: Side, words: Sequence[Word], height: float) -> tuple[Word, ...]:
    """Labels of two lines (month over year, time over day) as one word each.

    Parameters
    ----------
    row : the first line of labels along one side of a plot area.
    side : that side.
    words : everything that was recognised in the picture.
    height : usual height of text in pixels.
    """
    beneath = [w for w in _beneath(row, side, words, height) if _is_calendar(w.text)]
    # Labels of other panels may stand level with them.
    left, right = min(w.box.left for w in row) - _ASIDE * height, max(w.box.right for w in row) + _ASIDE * height
    beneath = [w for w in beneath if w.box.right >= left and w.box.left <= right]
    # Words that stand beneath no label are a legend's or a caption's, and so are those level with them.
    stray = [w for w in beneath if all(abs(w.box.center[0] - v.box.center[0]) > 0.8 * height for v in row)]
    beneath = [w for w in beneath if not any(is_beside(w, other) for other in stray)]
    joined = []
    for word in row:
        under = [w for w in beneath if abs(w.box.center[0] - word.box.center[0]) <= 0.8 * height]
        if under:
            both = f"{word.text} {under[0].text}"
            joined.append(replace(word, text=both, number="", number_confidence=0.0, box=word.box.union(under[0].box)))
        else:
            joined.append(word)
    return tuple(joined)


def with_decades(labels: TickLabels, words: Sequence[Word], height: float) -> TickLabels:
    """Labels that are single figures, as those between the decades of a logarithmic axis, with the decades beneath.

    Set larger than these, decades stand on a line of their own, and all equally far beside their ticks.

    Parameters
    ----------
    labels : the first line of labels and the strokes that they stand at.
    words, height : as in `with_second_line`.
    """
    row = [label.word for label in labels.labels]
    if sum(bool(_FIGURE.fullmatch(word.text)) for word in row) < _MOSTLY * len(row) or not labels.strokes_px:
        return labels
    beneath = [word for word in _beneath(row, labels.side, words, height) if is_decade(word)]
    if not beneath:
        return labels
    places = np.array([anchor_places(word, labels.side)[0] for word in beneath])
    apart = np.subtract.outer(np.array(labels.strokes_px), places)
    nearest = np.argmin(np.abs(apart), axis=0)
    lean = apart[nearest, np.arange(len(places))]
    if np.abs(lean).max() > _NEAR * height or np.ptp(lean) > _ALIKE * height:
        return labels
    at = [labels.strokes_px[k] for k in nearest.tolist()]
    decades = [TickLabel(word=w, center_px=place, stroke_px=place) for w, place in zip(beneath, at, strict=True)]
    return replace(labels, labels=tuple(sorted([*labels.labels, *decades], key=lambda label: label.center_px)))


def _beneath(row: Sequence[Word], side: Side, words: Sequence[Word], height: float) -> list[Word]:
    """The words on a second line, farther from the plot area than a row of labels."""
    foot = max(turned(word.box, side).bottom for word in row) - 0.5 * height
    return [w for w in words if w not in row and 0 <= turned(w.box, side).top - foot <= _SECOND_LINE * height]


def _is_calendar(text: str) -> bool:
    """Whether a text is a year, a month or a day, alone or together; a bare day is any number."""
    told = any(part.prior >= 0.5 and part.month and not part.given[3] for part in dates(text))
    return told or _CALENDAR.fullmatch(text.strip()) is not None
