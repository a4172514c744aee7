"""Curves of which a second ink was found: mixtures at their rims, or the faded sample that the legend shows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digitize.color import color_distance
from digitize.identity import share_along
from digitize.model import Layer, Segmentation, Trace

#: A double runs for this share of its length where another curve does.
_ALONG = 0.8
#: It shows less than this share of the ink of the curve that it is taken for.
_LITTLE = 0.6
#: What no legend names is a double where more of it than this share is hidden, and its colour is as near (CIELAB) to
#: that of the curve that it runs along.
_HIDDEN, _SHADE = 0.4, 25.0


def without_doubles(segmentation: Segmentation, traces: Sequence[Trace]) -> tuple[Segmentation, tuple[Trace, ...]]:
    """The inks and curves without doubles.

    Parameters
    ----------
    segmentation : the ink, separated by colour.
    traces : the curves followed in it, in the legend's order.

    Notes
    -----
    Compression and scaling change the colours of thin lines, and those of a legend's small samples otherwise. Then the
    curve is found as one that no entry names, and the entry is put to the little ink of its colour that other curves
    have where they cross or end. Such an entry is that of the unnamed curve whose colour is nearest.
    """
    layers, kept = list(segmentation.layers), list(traces)
    for double in [trace for trace in traces if not trace.faint]:
        if double not in kept:  # it has taken the entry of another by now
            continue
        others = [trace for trace in kept if trace is not double and not trace.faint]
        own = _layer_of(double, layers)
        curve = _hidden_by(double, others) if double.entry is None else _unnamed(double, others)
        layer = None if curve is None else _layer_of(curve, layers)
        if curve is None or own is None or layer is None or not _is_little(own, layer):
            continue
        if double.entry is not None:
            kept[kept.index(double)] = replace(curve, entry=double.entry)
            layers[layers.index(layer)] = replace(layer, entry=own.entry, entries=own.entries)
        kept.remove(curve if double.entry is not None else double)
        layers.remove(own)
    if len(kept) == len(traces):
        return segmentation, tuple(traces)
    return replace(segmentation, layers=tuple(layers)), tuple(kept)


def _hidden_by(double: Trace, others: Sequence[Trace]) -> Trace | None:
    """The curve of which what no legend names, hidden beneath it, shows a shade."""
    near = [other for other in others if color_distance(double.color, other.color) <= _SHADE]
    hiding = [other for other in near if double.covered_share > _HIDDEN and share_along(double, [other]) >= _ALONG]
    return hiding[0] if hiding else None


def _unnamed(double: Trace, others: Sequence[Trace]) -> Trace | None:
    """The curve without an entry that is meant by that of a double: their colours are each other's nearest."""
    free = [other for other in others if other.entry is None]
    if not free or share_along(double, others) < _ALONG:
        return None
    curve = min(free, key=lambda other: color_distance(double.color, other.color))
    rivals = [other.color for other in others if other.entry is not None]
    apart = color_distance(double.color, curve.color)
    return curve if all(color_distance(color, curve.color) > apart for color in rivals) else None


def _layer_of(trace: Trace, layers: Sequence[Layer]) -> Layer | None:
    """The layer that holds a curve alone."""
    own = [layer for layer in layers if layer.holds(trace)]
    return own[0] if len(own) == 1 and len(own[0].entries) < 2 else None


def _is_little(own: Layer, other: Layer) -> bool:
    return float(own.coverage.sum()) < _LITTLE * float(other.coverage.sum())
