"""Names of axes and panels that are too short or too broken to be told from other ink without knowing where they stand.

A lone letter, or a word whose letters run together, looks like any mark. Centred along an axis beside its tick labels,
with nothing else near it, it is the axis' name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import largest_step
from digitize.engines import Recognition, Recognizer
from digitize.medians import median, row_median
from digitize.mending import mend_letters
from digitize.model import Box, Image, Picture, PlotArea, TickLabels, Word
from digitize.surroundings import label_boxes
from digitize.swatches import common_color
from digitize.textlines import bounding_box, text_height_of

#: How far names stand from the tick labels, or a title from the plot area, in heights of the tick labels' text: at
#: least, and where the look for them ends.
_NEAREST, _FURTHEST = 0.15, 3.5
#: A name's middle lies no further from the axis' than this share of its length and one text height.
_OFF_CENTRE = 0.04
#: Ink has at least this share of the tick labels' contrast.
_INK = 0.35
#: Gaps along a line of text, and between lines, in text heights: wider ones part it from other ink.
_GAP, _LEADING = 1.2, 0.5
#: Straight strokes longer than this, in text heights, are no letters: along the line of text, and across it.
_LONG, _TALL = 4.0, 2.5
#: How tall a name is in text heights, and how wide at least.
_LEAST, _MOST, _NARROWEST = 0.3, 2.0, 0.2
#: A name is read with more confidence than this.
_SURE = 0.7
#: Letters that a mere stroke is read as.
_STROKES = frozenset("Iil")


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A strip of the picture where a name may stand, centred on `center_px` along the axis.

    `angles` are the directions in which it may read; text at 90 or 270 degrees runs along y.
    """

    strip: Box
    center_px: float
    angles: tuple[int, ...] = (0,)

    @property
    def turned(self) -> bool:
        return self.angles[0] != 0


@dataclass(frozen=True, kw_only=True)
class _Find:
    """A piece of ink where a name may stand: its box, and (h, w, 3) black on white as it reads from left to right."""

    box: Box
    crop: Image
    angle: int
    color: tuple[int, int, int]


def read_missed(
    picture: Picture,
    areas: Sequence[PlotArea],
    ticks: Sequence[Sequence[TickLabels]],
    words: Sequence[Word],
    recognizer: Recognizer,
) -> tuple[Word, ...]:
    """The names of axes and panels that stand where names do, and that are in none of the words.

    Parameters
    ----------
    picture : Picture
    areas, ticks
        The plot areas, and the rows of tick labels of each.
    words : sequence of Word
        Everything read so far.
    recognizer : Recognizer

    Notes
    -----
    Looked at is one piece of ink a side, where no word stands along the middle of it: beneath the tick labels, beside
    them, and above the plot area.
    """
    finds: list[_Find] = []
    for area, rows in zip(areas, ticks, strict=True):
        labels = [label.word for row in rows for label in row.labels]
        if labels:
            height, contrast = text_height_of(labels), _contrast(labels, area)
            for place in _places(area.box, rows, height, picture):
                if not any(_stands_in(word, place) for word in words):
                    finds += _look(picture.rgb, place, [word.box for word in words], height, contrast)
    read = recognizer.read([find.crop for find in finds]) if finds else []
    best: dict[Box, Word] = {}
    for find, seen in zip(finds, read, strict=True):
        word = _to_word(find, seen)
        known = best.get(find.box)
        if word is not None and (known is None or word.confidence > known.confidence):
            best[find.box] = word
    return tuple(best.values())


def _contrast(labels: Sequence[Word], area: PlotArea) -> float:
    """The usual difference of the labels' ink from the ground, in the channel where it is largest."""
    inks = np.array([word.color for word in labels], dtype=np.int64)
    return median(largest_step(inks - np.array(area.background)))


def _places(area: Box, rows: Sequence[TickLabels], height: float, picture: Picture) -> list[_Place]:
    """Where the names of a plot area's axes may stand, and its title."""

    def edge(side: str) -> Box:
        return bounding_box([area, *label_boxes(rows, side)])

    near, far = _NEAREST * height, _FURTHEST * height
    below, left, right, top = edge("bottom").bottom, edge("left").left, edge("right").right, edge("top").top
    x, y = area.center
    places = [
        _Place(strip=Box(area.left, below + near, area.right, below + far), center_px=x),
        _Place(strip=Box(left - far, area.top, left - near, area.bottom), center_px=y, angles=(90,)),
        _Place(strip=Box(area.left, top - far, area.right, top - near), center_px=x),
    ]
    if right > area.right:
        strip = Box(right + near, area.top, right + far, area.bottom)
        places.append(_Place(strip=strip, center_px=y, angles=(90, 270)))
    inside = [_Place(strip=p.strip.intersection(picture.box), center_px=p.center_px, angles=p.angles) for p in places]
    return [place for place in inside if min(place.strip.width, place.strip.height) > height]


def _stands_in(word: Word, place: _Place) -> bool:
    """Whether a word that runs along a place stands at the middle half of it."""
    along = 1 if place.turned else 0
    length = place.strip.height if place.turned else place.strip.width
    level = (word.angle in (90, 270)) == place.turned and word.box.shares_with(place.strip) > 0.3
    return level and abs(word.box.center[along] - place.center_px) < 0.25 * length


def _look(rgb: Image, place: _Place, taken: Sequence[Box], height: float, contrast: float) -> list[_Find]:
    """What stands at the middle of a place, once for each direction it may read in; empty where nothing does."""
    rows, columns = place.strip.to_slices(rgb.shape)
    part = rgb[rows, columns]
    ground = np.array(common_color(part), dtype=np.int64)
    ink = largest_step(part - ground) >= _INK * contrast
    for box in taken:
        ink[box.grown(0.15 * height).moved(-columns.start, -rows.start).to_slices(ink.shape)] = False
    upright = np.rot90(ink, -1) if place.turned else ink
    center = rows.stop - place.center_px if place.turned else place.center_px - columns.start
    found = _centred(_without_strokes(upright, height), center, height, from_below=place.turned)
    if found is None:
        return []
    left, top, right, bottom = found
    box = Box(columns.start + left, rows.start + top, columns.start + right, rows.start + bottom)
    if place.turned:
        box = Box(columns.start + top, rows.stop - right, columns.start + bottom, rows.stop - left)
    grey, color = _as_grey(rgb, box, ground)
    turns = {0: 0, 90: -1, 270: 1}
    return [_Find(box=box, crop=np.rot90(grey, turns[angle]), angle=angle, color=color) for angle in place.angles]


def _without_strokes(ink: NDArray[np.bool_], height: float) -> NDArray[np.bool_]:
    """The ink less straight strokes that are longer than those of letters."""
    solid = np.ascontiguousarray(ink, dtype=np.uint8)
    along = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((1, round(_LONG * height)), np.uint8))
    across = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((round(_TALL * height), 1), np.uint8))
    return np.asarray(ink & (along == 0) & (across == 0))


def _centred(
    ink: NDArray[np.bool_], center: float, height: float, from_below: bool
) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of the line of text that is centred on a column, None where there is none.

    Of several lines it is the first one from above, or from below.
    """
    slack = _OFF_CENTRE * ink.shape[1] + height
    columns = _run_at(_inked(ink, 0), center, _GAP * height)
    if columns is None or abs((columns[0] + columns[1]) / 2 - center) > slack:
        return None
    inked = _inked(ink[:, slice(*columns)], 1)
    band = _run_at(inked, len(inked) if from_below else 0.0, _LEADING * height)
    if band is None:
        return None
    columns = _run_at(_inked(ink[slice(*band)], 0), center, _GAP * height)
    if columns is None or abs((columns[0] + columns[1]) / 2 - center) > slack:
        return None
    tall, wide = band[1] - band[0], columns[1] - columns[0]
    fits = _LEAST * height <= tall <= _MOST * height and wide >= _NARROWEST * height
    return (columns[0], band[0], columns[1], band[1]) if fits else None


def _inked(ink: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    """Where there is any ink along an axis."""
    return np.asarray(ink.any(axis=axis))


def _run_at(inked: NDArray[np.bool_], position: float, gap: float) -> tuple[int, int] | None:
    """Start and end of the run of ink, gaps no wider than `gap` within it, whose middle is nearest to a position."""
    places = np.flatnonzero(inked)
    if not len(places):
        return None
    runs = np.split(places, np.flatnonzero(np.diff(places) > gap + 1) + 1)
    nearest = min(runs, key=lambda run: abs((run[0] + run[-1] + 1) / 2 - position))
    return int(nearest[0]), int(nearest[-1]) + 1


def _as_grey(rgb: Image, box: Box, ground: NDArray[np.int64]) -> tuple[Image, tuple[int, int, int]]:
    """What a box holds and a margin, black on white whatever its colours, and the colour of its ink."""
    part = rgb[box.to_slices(rgb.shape)].astype(np.int64)
    strength = largest_step(part - ground)
    color = row_median(part[strength >= 0.8 * strength.max()])
    step = color - ground
    wide = rgb[box.grown(max(round(0.25 * min(box.width, box.height)), 1)).to_slices(rgb.shape)]
    cover = np.clip(((wide - ground) @ step) / max(float(step @ step), 1.0), 0.0, 1.0)
    red, green, blue = (round(float(channel)) for channel in color)
    return np.repeat(np.round(255 * (1 - cover)).astype(np.uint8)[:, :, None], 3, axis=2), (red, green, blue)


def _to_word(find: _Find, seen: Recognition) -> Word | None:
    """What was read as a word, None where it says nothing for sure or may be a mere stroke."""
    speaks = any(character.isalpha() for character in seen.text) and seen.text not in _STROKES
    if seen.confidence <= _SURE or not speaks:
        return None
    return Word(
        box=find.box, text=mend_letters(seen.text), number=seen.number, confidence=seen.confidence,
        number_confidence=seen.number_confidence, angle=find.angle,
        height_px=find.box.width if find.angle else find.box.height, color=find.color,
    )  # fmt: skip
