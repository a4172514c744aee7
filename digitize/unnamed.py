"""Curves that a legend does not name: an entry may be missed, while a strong colour of its own is a curve."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from digitize.color import chroma
from digitize.medians import median
from digitize.model import Layer

#: Greys are gridlines, reference lines and marks; a curve's colour is further from grey than this (CIELAB).
_COLOURED = 18.0
#: Least share of the columns in which a curve is seen, and of the ink that the curves with names usually have.
_SEEN, _INK = 0.35, 0.4
#: Beside coloured curves a grey one is seen in this share of the columns, away from other ink.
_SEEN_APART = 0.3
#: Most of a curve's pixels that lie beside other ink; mixtures of two inks lie nowhere else.
_BESIDE = 0.9


def is_unnamed_curve(layer: Layer, named: Sequence[Layer]) -> bool:
    """Whether a layer that no entry of the legend explains is a curve rather than a mixture or an ornament.

    Parameters
    ----------
    layer : the layer.
    named : the layers of the legend's entries.
    """
    on = layer.coverage > 0.3
    if layer.faint or chroma(layer.color) < _COLOURED or on.any(axis=0).mean() < _SEEN:
        return False
    usual = median([one.coverage.sum() for one in named]) if named else 0.0
    if float(layer.coverage.sum()) < _INK * usual:
        return False
    beside = cv2.dilate(layer.hidden.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return bool((on & beside).sum() < _BESIDE * on.sum())


def is_ornament(layer: Layer, layers: Sequence[Layer]) -> bool:
    """Whether a grey layer among coloured ones is but arrows, letters, ticks and dark places where those cross.

    Parameters
    ----------
    layer : the layer.
    layers : all layers of a plot area that has no legend.
    """
    if chroma(layer.color) >= _COLOURED or all(chroma(one.color) < _COLOURED for one in layers):
        return False
    beside = cv2.dilate(layer.hidden.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return bool(((layer.coverage > 0.3) & ~beside).any(axis=0).mean() < _SEEN_APART)
