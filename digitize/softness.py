"""Soft pictures: small text whose letters run together since the picture was made smaller, and its sharpening."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from digitize.components import Ink
from digitize.links import linked_groups
from digitize.medians import median
from digitize.model import Image, Word
from digitize.pieces import true_places

#: Somewhere the strength of a glyph as drawn changes from a pixel to the next by more than this share of its contrast;
#: in a picture that was resampled it changes less.
_STEEP = 0.87
#: The letters of text larger than this, in pixels, stand too far apart for such a blur to join them.
_SMALL = 11.0
#: Pieces between these heights are glyphs, in usual glyph heights.
_LOWEST, _HIGHEST = 0.5, 1.6
#: Standard deviation in pixels of the blur that is undone, and how many times the difference to it is added.
_BLUR, _AMOUNT = 0.7, 2.0
#: Words that share so much of the smaller one are two readings of it.
_SHARED = 0.3
#: By so many characters, surely read, the first of two readings must say more than the second to be kept.
_CLEARLY_MORE = 0.1


def is_soft(ink: Ink) -> bool:
    """Whether the text of a picture is so small, and the edges of its glyphs so soft, that letters run together."""
    pieces = ink.components
    glyph = (pieces.height >= _LOWEST * ink.unit) & (pieces.height <= _HIGHEST * ink.unit)
    glyph &= ~pieces.attached & (pieces.width >= 2)
    if ink.unit > _SMALL or not glyph.any():
        return False
    rows, columns = true_places(ink.labels > 0)
    number, strength = ink.labels[rows, columns], ink.strength[rows, columns]
    steepest = np.zeros(len(pieces) + 1, np.float32)
    for step in (-1, 1):
        beside = np.clip(columns + step, 0, ink.labels.shape[1] - 1)
        np.maximum.at(steepest, number, np.abs(strength - ink.strength[rows, beside]))
    return median(steepest[pieces.number[glyph]] / pieces.contrast[glyph]) < _STEEP


def sharpened(rgb: Image) -> Image:
    """A picture (height, width, 3) with steeper edges: an unsharp mask, which takes a blur of its own from it."""
    blurred = cv2.GaussianBlur(rgb, (0, 0), _BLUR)
    return np.asarray(cv2.addWeighted(rgb, 1 + _AMOUNT, blurred, -_AMOUNT, 0.0), np.uint8)


def joined_readings(first: Sequence[Word], second: Sequence[Word]) -> list[Word]:
    """Two readings of one picture as one: where their words overlap, those that say more, the second where in doubt."""
    words = [*first, *second]
    boxes = np.array([word.box for word in words]).reshape(-1, 4)
    size = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:]) - np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    pairs = np.nonzero(size.clip(0).prod(axis=2) > _SHARED * np.minimum(area[:, None], area[None]))
    group = linked_groups(len(words), *pairs)
    is_second = np.arange(len(words)) >= len(first)
    said = np.array([_said(word) for word in words])
    gain = np.bincount(group, np.where(is_second, said, -said))
    kept = is_second == (gain[group] > -_CLEARLY_MORE)
    return [word for word, is_kept in zip(words, kept, strict=True) if is_kept]


def _said(word: Word) -> float:
    """How much a word says: its characters, each by how surely they were read."""
    return sum(not c.isspace() for c in word.text) * max(word.confidence, word.number_confidence) ** 2
