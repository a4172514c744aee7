"""Inks of one hue told apart by the strength of their strokes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import Float32
from digitize.medians import median, quantile
from digitize.palette import Family, Mask, inked_part
from digitize.pieces import label_pieces, number_pieces

#: Strengths nearer than this ratio cannot be told apart on thin strokes.
_APART = 0.8
#: A fainter curve must show itself in this share of the columns that its family covers, and so much of what shows of it
#: must be longer than dots: the first of a plot area clearly, those of further inks less, since raw curves beneath
#: smoothed ones are drawn for all or for none.
SHOWN, SHOWN_TOO = (0.35, 0.5), (0.08, 0.3)
#: A curve that no legend names is the raw one beneath a smoothed one where it is weaker than this share of it.
_FAINT = 0.45
#: One beneath a smoothed one that the legend names is weaker than this share of it, and about as thick: its usual
#: thickness lies between these shares of the stroke width.
_FAINTER, _THIN, _BROAD = 0.55, 0.2, 2.0
#: Pieces of a faint curve are longer than so many stroke widths.
_PIECE = 3.0
#: The edges of strong strokes are crisp where this share of what lies a pixel further on is bare.
_CRISP = 0.25
#: Coverage that hangs on to a stroke, and coverage that makes one.
_WEAK, _CERTAIN = 0.15, 0.5

#: Shading covers at least so many stroke widths in each column, is at most this share as strong as the strokes, strays
#: by this share from its tint over this part of it, and lies in broad pieces but for the rest.
_MUCH, _PALE, _EVEN, _FLAT, _UNBROKEN = 0.5, 0.6, 0.12, 0.6, 0.75


@dataclass(frozen=True, kw_only=True, eq=False)
class Level:
    """The strokes of one strength: coverage 1 at the full strength, `over` where stronger strokes lie on top."""

    coverage: Float32
    over: Mask
    strength: float
    entries: tuple[int, ...] = ()
    faint: bool = False


def without_specks(coverage: Float32, stroke: float, weakest: float = 1.0) -> Float32:
    """The coverage without pieces that are nowhere strong or hold less ink than a dot of the line's width.

    Compression leaves such pieces beside strokes; the weak tails of real strokes hang on to strong pixels. `weakest`
    is the strength of the weakest curve in the layer.
    """
    kept = np.zeros(coverage.shape, np.float32)
    area = inked_part(coverage >= _WEAK)
    part = coverage[area]
    if not part.size:
        return kept
    on = part >= _WEAK
    count, labels = number_pieces(on)
    label, cover = labels[on], part[on]
    strong = np.zeros(count, bool)
    strong[label[cover >= _CERTAIN * weakest]] = True
    good = strong & (np.bincount(label, cover, count) >= 0.4 * weakest * min(stroke, 4.0) ** 2)
    near = np.zeros(part.shape, np.uint8)
    near[on] = good[label]
    np.copyto(kept[area], part, where=cv2.dilate(near, np.ones((3, 3), np.uint8)) > 0)
    return kept


def split_levels(share: Float32, family: Family, stroke: float, shown: tuple[float, float] = SHOWN) -> list[Level]:
    """The strokes of a family by strength, strongest first.

    Parameters
    ----------
    share : (h, w) share of the family's full ink, 0 where other ink or none is.
    family : its entries tell which strengths to expect; without that, one much fainter curve beneath is looked for.
    stroke : usual stroke width in pixels.
    shown : share of the family's columns in which a fainter curve must show itself, and of its ink in pieces longer
        than dots.
    """
    share = without_shading(share, stroke)
    peak = _stroke_peak(share, stroke)
    ridge = (share >= 0.12) & (share >= 0.98 * _across_max(share))
    full = quantile(peak[ridge], 0.9) if ridge.any() else 1.0
    groups = _groups(family)
    if len(groups) > 1:
        return _by_entries(share, peak, groups)
    faint = None if family.joined else _faint_strength(share, peak, ridge, full, stroke, shown)
    entries = tuple(k for k, _ in family.entries)
    none = np.zeros(share.shape, bool)
    if faint is None:
        return [
            Level(coverage=np.clip(share / full, 0, 1).astype(np.float32), over=none, strength=full, entries=entries)
        ]
    strong = _strong(share, peak, (faint * full) ** 0.5)
    over = _with_edges(strong, share, faint)
    rest = np.where(over, 0, share)
    return [
        Level(coverage=_only(share / full, over), over=none, strength=full, entries=entries),
        Level(
            coverage=np.clip(rest / faint, 0, 1).astype(np.float32),
            over=over,
            strength=faint,
            entries=entries,
            faint=True,
        ),
    ]


def without_shading(share: Float32, stroke: float) -> Float32:
    """The share of full ink (h, w) in the strokes alone, where they are drawn over shading in a pale tint of their ink.

    Shading, a band or the area under a curve, is much broader than strokes, paler than they are, even, and has few
    broken edges, unlike the faint tangle of a restless curve. Its edges, half covered, go with it.

    Parameters
    ----------
    share : (h, w), 0 to 1.
    stroke : width of the lines in pixels.
    """
    size = int(np.ceil(2.5 * max(stroke, 1.5))) + 1
    broad = cv2.morphologyEx((share >= _WEAK / 2).astype(np.uint8), cv2.MORPH_OPEN, np.ones((size, size), np.uint8)) > 0
    if np.count_nonzero(broad) < _MUCH * share.shape[1] * max(stroke, 1.5):
        return share
    tint = median(share[broad])
    even = np.abs(share - tint) <= _EVEN * tint + 0.01
    bold = quantile(share[share > 1.5 * tint], 0.9) if (share > 1.5 * tint).any() else tint
    weak = (share >= 0.5 * tint) & (share <= 1.5 * tint)
    if (
        tint > _PALE * bold
        or even[broad].mean() < _FLAT
        or np.count_nonzero(weak & broad) < _UNBROKEN * np.count_nonzero(weak)
    ):
        return share
    near = _grown(broad, 1.5)
    left = np.clip((share - tint) / (1 - tint), 0, None)
    left[share <= 1.25 * tint] = 0
    return np.where(near, left, share).astype(np.float32)


def _groups(family: Family) -> list[tuple[float, tuple[int, ...]]]:
    """Strengths from strong to weak that can be told apart, each with its entries."""
    if family.shades:
        return [(shade, ()) for shade in family.shades]
    single = [(k, s) for k, s in family.entries if k not in family.joined]
    groups = [
        (strength, tuple(k for k, s in single if _APART < s / strength < 1 / _APART))
        for strength in _distinct([s for _, s in single])
    ]
    if family.joined:
        groups.append((max(s for k, s in family.entries if k in family.joined), family.joined))
    return sorted(groups, reverse=True)


def _by_entries(share: Float32, peak: Float32, groups: list[tuple[float, tuple[int, ...]]]) -> list[Level]:
    levels: list[Level] = []
    over = np.zeros(share.shape, bool)
    for k, (strength, entries) in enumerate(groups):
        lower = (strength * groups[k + 1][0]) ** 0.5 if k + 1 < len(groups) else 0.0
        strong = _strong(share, peak, lower) & ~over if lower else (share > 0) & ~over
        area = _grown(strong, 1.5) if lower else strong
        coverage = np.where(over, 0, np.where(area, share, 0)) / strength
        levels.append(
            Level(
                coverage=np.clip(coverage, 0, 1).astype(np.float32),
                over=over.copy(),
                strength=strength,
                entries=entries,
                faint=not entries and strength < _FAINT * groups[0][0],
            )
        )
        over |= area
    return levels


def _distinct(strengths: list[float]) -> list[float]:
    """Strengths from strong to weak, those that cannot be told apart taken once."""
    kept: list[float] = []
    for s in sorted(strengths, reverse=True):
        if not kept or s / kept[-1] <= _APART:
            kept.append(s)
    return kept


def _stroke_peak(share: Float32, stroke: float) -> Float32:
    """The greatest share within about a stroke's width: antialiasing dips between pixels, its peaks do not."""
    size = 2 * max(round(stroke), 2) + 1
    return np.asarray(cv2.dilate(share, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))), dtype=np.float32)


def _across_max(share: Float32) -> Float32:
    return np.asarray(cv2.dilate(share, np.ones((3, 1), np.uint8)), dtype=np.float32)


def _strong(share: Float32, peak: Float32, limit: float) -> Mask:
    return np.asarray((share >= limit) & (peak >= limit))


def _grown(mask: Mask, radius: float) -> Mask:
    size = 2 * int(np.ceil(radius)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0


def _with_edges(strong: Mask, share: Float32, faint: float) -> Mask:
    """The strong strokes with their soft edges: a pixel wide, two where the second is hardly anywhere bare."""
    near, far = _grown(strong, 1.0), _grown(strong, 1.5)
    second = share[far & ~near]
    return near if len(second) and quantile(second, _CRISP) < _WEAK * faint else far


def _only(coverage: NDArray[np.generic], area: Mask) -> Float32:
    return np.where(area, np.clip(coverage, 0, 1), 0).astype(np.float32)


def _faint_strength(
    share: Float32, peak: Float32, ridge: Mask, full: float, stroke: float, least: tuple[float, float]
) -> float | None:
    """The strength of a fainter curve in a family, None where there is none.

    It must have ridges of its own, away from the bold strokes, over a good part of the family's columns.
    """
    if full <= 0:
        return None
    bold = _strong(share, peak, 0.75 * full)
    near = _grown(bold, max(stroke, 2.0) + 1.0)
    alone = ridge & ~near & (peak < 0.75 * full) & (share > 0.08)
    columns = np.flatnonzero((share > 0.12).any(axis=0))
    if not len(columns) or not bold.any():
        return None
    bold_columns = bold.any(axis=0).sum()
    shown = alone.any(axis=0).sum()
    if shown < least[0] * len(columns) or bold_columns < 0.5 * len(columns):
        return None
    strength = quantile(peak[alone], 0.75)
    ink = share > 0.5 * strength
    faint = ink & ~near
    if strength >= _FAINTER * full or not _is_stroke(faint, ink, stroke) or not _is_drawn(faint, stroke, least[1]):
        return None
    return strength


def _is_drawn(mask: Mask, stroke: float, least: float) -> bool:
    """Whether this share of a mask lies in pieces longer than dots: what blur and mixtures leave are specks."""
    _, stats, _ = label_pieces(mask)
    extent = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1, initial=0)
    area = stats[1:, cv2.CC_STAT_AREA]
    return bool(area[extent >= _PIECE * min(max(stroke, 1.5), 4.0)].sum() > least * area.sum())


def _is_stroke(mask: Mask, ink: Mask, stroke: float) -> bool:
    """Whether a mask is mostly about as thick as strokes: neither shading around a line nor the edges of broad marks.

    The thickness at a pixel is the shorter of its runs along the column and along the row; shading goes on in the other
    ink beside it.
    """
    if not mask.any():
        return False
    thickness, whole = (median(_thickness(one)[mask]) for one in (mask, mask | ink))
    return thickness >= _THIN * stroke and whole <= _BROAD * max(stroke, 1.5)


def _thickness(mask: Mask) -> NDArray[np.int32]:
    return np.minimum(_run_lengths(np.ascontiguousarray(mask.T)).T, _run_lengths(mask))


def _run_lengths(mask: Mask) -> NDArray[np.int32]:
    """The length of the run along its row that each pixel of a mask lies in, 0 outside the mask."""
    padded = np.pad(mask, ((0, 0), (0, 1))).ravel()
    edges = np.flatnonzero(np.diff(np.concatenate([[False], padded])))
    lengths = np.zeros(padded.shape, np.int32)
    lengths[padded] = np.repeat(np.diff(edges)[::2], np.diff(edges)[::2])
    return lengths.reshape(len(mask), -1)[:, :-1]
