"""Segmentation: the ink of a plot area, separated by colour into layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32, differences, lengths, pixels_at, to_color, to_lab, to_opponent
from digitize.errorbars import error_bar_columns, without_error_bars
from digitize.ground import Ground, find_ground
from digitize.imagery import is_imagery
from digitize.masks import find_masked, text_mask, within
from digitize.medians import quantile
from digitize.model import Box, Color, FloatArray, Layer, Layout, Picture, Rule, Segmentation
from digitize.palette import Family, Mask, Unmixed, claim_inks, claim_washed, find_inks, group_entries, unmix
from digitize.shades import find_shades
from digitize.strengths import SHOWN_TOO, Level, split_levels, without_specks
from digitize.tickgrid import grid_places

#: A curve less than this share as strong as another is told from it by strength alone.
_STRONGER = 0.7
#: CIELAB distance is at most so many times the greatest difference of a channel (at most 2.1 in 8-bit colours).
_STEEPEST = 2.5
#: Pixels nearer to their ground than this (CIELAB) are bare.
_BARE = 5.0
#: So many words that hold this share of the ink besides the legend leave no room for a chart.
_MANY_WORDS, _WRITTEN = 12, 0.8
#: Where compression was taken out bare pixels are clean again, but inks stray as if those did by so many levels of 255.
_RESTORED_NOISE = 1.2


def segment(picture: Picture, layout: Layout) -> Segmentation:
    """Separate the ink of a plot area by colour.

    Parameters
    ----------
    picture : the picture.
    layout : plot area with its gridlines, legend, and boxes that hold no data.

    Returns
    -------
    Segmentation
        A layer for each ink. Inks come from the legend's swatches; what they leave unexplained is searched for more.
        A heat map or a photograph has none.
    """
    box = _whole(layout.area.box, picture)
    if is_imagery(picture.rgb[box.to_slices(picture.rgb.shape)]):
        return _without_layers(layout, box, "a picture instead of a chart, of many colours and without a ground")
    unmixed, families, ink, masked, noise = _separate(picture, layout, box)
    if _is_written(layout, box, ink, masked):
        return _without_layers(layout, box, "rows of text instead of a chart, hardly any ink besides")
    ink &= ~masked
    stroke = _stroke_width(unmixed)
    if layout.legend is None:
        ground = layout.area.background
        families = [_with_shades(unmixed, ink, k, family, ground, noise) for k, family in enumerate(families)]
    layers = _layers(unmixed, families, (ink, masked), box, stroke, layout.area.background)
    explained = np.zeros(ink.shape, bool)
    for layer in layers:
        explained |= layer.coverage > 0
    count = np.count_nonzero(ink)
    curves = _without_error_bars(layers, stroke)
    return Segmentation(
        layers=tuple(curves),
        box=box,
        background=layout.area.background,
        ink=ink,
        explained=explained & ink,
        unexplained=float(np.count_nonzero(ink & ~explained) / count) if count else 0.0,
        stroke_px=stroke,
        noise=noise,
    )


def _is_written(layout: Layout, box: Box, ink: Mask, masked: Mask) -> bool:
    """Whether nearly all ink is that of many words, as in a table."""
    if len(layout.no_data) - (layout.legend is not None) < _MANY_WORDS:
        return False
    free = ink.copy()
    if layout.legend:
        free[within(layout.legend.box, box).to_slices(ink.shape)] = False
    return bool(np.count_nonzero(free & masked) > _WRITTEN * np.count_nonzero(free))


def _without_layers(layout: Layout, box: Box, why: str) -> Segmentation:
    """What a plot area comes to that holds no chart."""
    nowhere = np.zeros((round(box.height), round(box.width)), bool)
    return Segmentation(
        layers=(),
        box=box,
        background=layout.area.background,
        ink=nowhere,
        explained=nowhere,
        unexplained=0.0,
        stroke_px=1.0,
        noise=0.0,
        no_chart=why,
    )


def _without_error_bars(layers: Sequence[Layer], stroke: float) -> list[Layer]:
    """The layers without error bars, which are told by those of all layers together."""
    own = [error_bar_columns(one.coverage, one.hidden, stroke) for one in layers]
    columns = [x for found in own for x in found]
    return [
        replace(one, coverage=without_error_bars(one.coverage, one.hidden, stroke, columns, bars))
        for one, bars in zip(layers, own, strict=True)
    ]


def _separate(picture: Picture, layout: Layout, box: Box) -> tuple[Unmixed, list[Family], Mask, Mask, float]:
    """Which ink each pixel shows: the unmixed pixels, the inks, where any ink and where masks are, and the noise.

    The ground and the picture in floating point, the largest arrays of a reading, are gone when this returns.
    """
    rows, columns = box.to_slices(picture.rgb.shape)
    rgb = picture.rgb[rows, columns].astype(np.float32)
    colors = [entry.swatch.color for entry in layout.legend.entries] if layout.legend else []
    rules = [_moved(rule, box) for rule in (*layout.area.frame, *layout.area.x_grid, *layout.area.y_grid)]
    places = _grid_places(layout, box)
    ground = find_ground(rgb, text_mask(layout, box, rgb.shape), layout.area.background, rules, colors, places)
    if picture.given is not None:
        ground = replace(ground, noise=max(ground.noise, _RESTORED_NOISE))
    ink = _ink(rgb, ground)
    masked = find_masked(layout, box, rgb, ink)
    shown = ink & ~masked
    families = group_entries(colors, layout.area.background)
    found = find_inks(rgb, ground.image, shown, families, ground.noise)
    families = claim_inks(families, found, colors)
    unmixed = unmix(rgb, ground.image, shown, families, ground.noise)
    claimed = claim_washed(families, unmixed, layout.area.background, ground.noise)
    if len(claimed) < len(families):
        families, unmixed = claimed, unmix(rgb, ground.image, shown, claimed, ground.noise)
    return unmixed, _with_patterns(families, layout), ink, masked, ground.noise


def _grid_places(layout: Layout, box: Box) -> tuple[FloatArray, FloatArray]:
    """The rows and the columns of the box where gridlines may stand."""
    rows = grid_places((layout.y_axis, layout.y2_axis), box.top, box.bottom) - box.top
    return rows, grid_places((layout.x_axis,), box.left, box.right) - box.left


def _with_patterns(families: list[Family], layout: Layout) -> list[Family]:
    """The families, with the entries joined that the legend draws in different dash patterns.

    Markers without a line have no pattern. A solid curve much stronger than the others stays apart: where dashes touch
    it only its strength tells it.
    """
    styles = [entry.swatch.style or "solid" for entry in layout.legend.entries] if layout.legend else []
    done = []
    for family in families:
        rest = sorted(family.entries, key=lambda entry: -entry[1])
        while len(rest) > 1 and styles[rest[0][0]] == "solid" and rest[1][1] < _STRONGER * rest[0][1]:
            rest = rest[1:]
        patterns = {styles[k] for k, _ in rest}
        joined = tuple(k for k, _ in rest) if len(patterns) > 1 and "points" not in patterns else ()
        done.append(replace(family, joined=joined))
    return done


def _whole(box: Box, picture: Picture) -> Box:
    """The box widened to whole pixels and cut off at the picture's edge."""
    rows, columns = box.to_slices(picture.rgb.shape)
    return Box(float(columns.start), float(rows.start), float(columns.stop), float(rows.stop))


def _moved(rule: Rule, box: Box) -> Rule:
    """A rule in pixels of the box."""
    along, across = (box.left, box.top) if rule.orientation == "horizontal" else (box.top, box.left)
    return replace(
        rule,
        position_px=rule.position_px - across,
        start_px=rule.start_px - along,
        end_px=rule.end_px - along,
    )


def _ink(rgb: Float32, ground: Ground) -> Mask:
    """Pixels that differ from their ground by more than noise in CIELAB, into which few have to be turned."""
    limit = max(_BARE, 2.5 * ground.noise)
    ink: Mask = differences(rgb, ground.image) > limit / _STEEPEST
    places = np.flatnonzero(ink)
    ink.ravel()[places] = lengths(to_lab(pixels_at(rgb, places)) - to_lab(pixels_at(ground.image, places))) > limit
    return ink


def _stroke_width(unmixed: Unmixed) -> float:
    """The usual vertical extent of flat strokes: the lower quartile of the ink in a run of a column."""
    on = (unmixed.family >= 0) & (unmixed.share > 0.2)
    # down the columns, one behind the other
    place = np.flatnonzero(on.T)
    starts = np.flatnonzero((np.diff(place, prepend=-2) > 1) | (place % len(on) == 0))
    sums = np.add.reduceat(np.minimum(unmixed.share.T[on.T], 1).astype(float), starts)
    runs = sums[sums > 0.5]
    return float(np.clip(quantile(runs, 0.3), 1.0, 12.0)) if len(runs) else 1.0


def _thinned(color: Color, background: Color, strength: float) -> Color:
    """The colour that an ink of less than full strength shows on the background."""
    full, ground = np.array(color, float), np.array(background, float)
    return to_color(ground + min(strength, 1.0) * (full - ground))


def _with_shades(unmixed: Unmixed, ink: Mask, k: int, family: Family, ground: Color, noise: float) -> Family:
    """The family with the shades of its hue in which curves are drawn."""
    full = to_opponent(np.array(family.color, np.float32) - np.array(ground, np.float32))
    own = unmixed.family == k
    share = np.where(own, unmixed.share, 0).astype(np.float32)
    shades = find_shades(share, ink & ~own, noise / max(float(np.linalg.norm(full)), 1.0))
    return replace(family, shades=shades) if len(shades) > 1 else family


def _levels(unmixed: Unmixed, k: int, family: Family, stroke: float, *shown: tuple[float, float]) -> list[Level]:
    """The strokes of one family by strength."""
    share = np.where(unmixed.family == k, unmixed.share, 0).astype(np.float32)
    return split_levels(share, family, stroke, *shown)


def _layers(
    unmixed: Unmixed, families: list[Family], masks: tuple[Mask, Mask], box: Box, stroke: float, background: Color
) -> list[Layer]:
    """Each family's layers, each hidden where other ink or a masked box lies."""
    ink, masked = masks
    layers: list[Layer] = []
    split = [_levels(unmixed, k, family, stroke) for k, family in enumerate(families)]
    if any(level.faint for levels in split for level in levels):
        split = [_levels(unmixed, k, family, stroke, SHOWN_TOO) for k, family in enumerate(families)]
    for k, family in enumerate(families):
        levels, split[k] = split[k], []  # large pictures: what has become layers is not kept twice
        own = unmixed.family == k
        others = ink & ~own
        for level in levels if own.any() else ():
            strengths = [s for k, s in family.entries if k in level.entries]
            weakest = min(strengths) / max(strengths) if strengths else 1.0
            hidden: NDArray[np.bool_] = others | masked | level.over
            layers.append(
                Layer(
                    color=_thinned(family.color, background, level.strength),
                    box=box,
                    coverage=without_specks(level.coverage, stroke, weakest),
                    hidden=hidden,
                    entry=level.entries[0] if len(level.entries) == 1 else None,
                    entries=level.entries,
                    faint=level.faint,
                )
            )
    return layers
