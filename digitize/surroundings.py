"""A plot area with what belongs to its sides: tick labels and the legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitize.color import lengths
from digitize.medians import median
from digitize.model import Box, Color, Legend, TickLabels, Word
from digitize.swatches import to_lab
from digitize.textlines import bounding_box, text_height_of


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """A plot area with its tick labels, its legend, and the box around all three."""

    area: Box
    background: Color
    ticks: tuple[TickLabels, ...]
    legend: Legend | None
    height: float

    def edge(self, side: str) -> Box:
        """The area and the tick labels on one side of it."""
        return bounding_box([self.area, *label_boxes(self.ticks, side)])

    def edge_at(self, side: str, top: float, bottom: float) -> Box:
        """The area and those of the tick labels on one side of it that are level with a stretch along the y axis."""
        boxes = label_boxes(self.ticks, side)
        return bounding_box([self.area, *(box for box in boxes if box.bottom > top and box.top < bottom)])

    @property
    def roof(self) -> float:
        """Where what belongs to the panel begins above: its tick labels, or a legend over it."""
        top = self.edge("top").top
        box = self.legend.box if self.legend is not None else self.area
        over = min(box.right, self.area.right) > max(box.left, self.area.left)
        return min(top, box.top) if over and box.bottom < self.area.top + 0.5 * self.height else top

    def is_level_with(self, other: Surroundings) -> bool:
        """Whether two plot areas share a stretch of the y axis: itself, and those beside it."""
        return min(self.area.bottom, other.area.bottom) > max(self.area.top, other.area.top)

    def has_ticks(self, side: str) -> bool:
        """Whether there are tick labels on a side."""
        return any(row.side == side and row.labels for row in self.ticks)

    @property
    def tick_contrast(self) -> float:
        """How strongly the tick labels stand out from the ground."""
        return contrast_of([label.word for row in self.ticks for label in row.labels], self)

    @property
    def tick_height(self) -> float:
        """The height of the tick labels' text."""
        return text_height_of([label.word for row in self.ticks for label in row.labels]) if self.ticks else self.height


def label_boxes(rows: Sequence[TickLabels], side: str) -> list[Box]:
    """The boxes of the tick labels on one side of a plot area, less those borrowed from a neighbour."""
    return [label.word.box for row in rows if row.side == side and not row.borrowed for label in row.labels]


def contrast_of(words: Sequence[Word], panel: Surroundings) -> float:
    """The median distance, in CIELAB, of the words' ink from the panel's ground; 1 where there are none."""
    if not words:
        return 1.0
    inks = to_lab(np.array([word.color for word in words], dtype=np.uint8))
    ground = to_lab(np.array(panel.background, dtype=np.uint8))
    return max(median(lengths(inks - ground)), 1.0)
