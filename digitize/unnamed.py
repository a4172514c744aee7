"""Curves that a legend does not name: an entry may be missed, while a strong colour of its own is a curve."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from digitize.color import chroma
from digitize.medians import median, quantile
from digitize.model import Layer
from digitize.palette import Mask

#: Greys are gridlines, reference lines and marks; a curve's colour is further from grey than this (CIELAB).
_COLOURED = 18.0
#: Least share of the columns in which a curve is seen, and of the ink that the curves with names usually have.
_SEEN, _INK = 0.35, 0.4
#: Beside coloured curves a grey one is seen in this share of the columns, away from other ink.
_SEEN_APART = 0.3
#: What is seen away from other ink in this share of the columns, and goes up or down by this share of the plot area's
#: height, is a curve of whatever colour and ink.
_PLAIN, _RISES = 0.5, 0.03
#: Most of a curve's pixels that lie beside other ink; mixtures of two inks lie nowhere else.
_BESIDE = 0.9


def is_unnamed_curve(layer: Layer, named: Sequence[Layer]) -> bool:
    """Whether a layer that no entry of the legend explains is a curve rather than a mixture or an ornament.

    Parameters
    ----------
    layer : the layer.
    named : the layers of the legend's entries.
    """
    if layer.faint:
        return False
    on, apart = _seen(layer, 3)
    if apart.any(axis=0).mean() >= _PLAIN and _rise(apart) >= _RISES:
        return True
    if chroma(layer.color) < _COLOURED or on.any(axis=0).mean() < _SEEN:
        return False
    usual = median([one.coverage.sum() for one in named]) if named else 0.0
    if float(layer.coverage.sum()) < _INK * usual:
        return False
    return bool((on & ~apart).sum() < _BESIDE * on.sum())


def _rise(on: Mask) -> float:
    """How far the middle of a mask's columns goes up and down, as a share of its height."""
    columns = on[:, on.any(axis=0)]
    middle = np.arange(len(on)) @ columns / columns.sum(axis=0)
    return (quantile(middle, 0.95) - quantile(middle, 0.05)) / len(on)


def is_ornament(layer: Layer, layers: Sequence[Layer]) -> bool:
    """Whether a grey layer among coloured ones is but arrows, letters, ticks and dark places where those cross.

    Parameters
    ----------
    layer : the layer.
    layers : all layers of a plot area that has no legend.
    """
    if layer.faint or chroma(layer.color) >= _COLOURED or all(chroma(one.color) < _COLOURED for one in layers):
        return False
    on, apart = _seen(layer, 3)
    if on.any(axis=0).mean() >= _PLAIN and (on & ~apart).sum() < _BESIDE * on.sum():
        return False
    return bool(_seen(layer, 5)[1].any(axis=0).mean() < _SEEN_APART)


def _seen(layer: Layer, around: int) -> tuple[Mask, Mask]:
    """Where a layer's ink is seen, and where no other ink lies in a square of so many pixels around it."""
    on = layer.coverage > 0.3
    return on, on & (cv2.dilate(layer.hidden.astype(np.uint8), np.ones((around, around), np.uint8)) == 0)
