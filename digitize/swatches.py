"""Measuring the samples that legends draw beside names: extent, full ink colour, kind and dash pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from digitize.color import lengths
from digitize.dashes import dash_style
from digitize.medians import median, quantile, row_median
from digitize.model import Box, Color, Image, Style, Swatch
from digitize.pieces import label_pieces

LabArray = NDArray[np.float32]
Kind = Literal["line", "marker", "line+marker", "box", "icon", "text"]

# How far a swatch may reach from its name and how far apart its pieces may lie, in text heights: handles are 2-4 em
# long, a gap in a dash pattern is shorter than the handle's half.
REACH = 14.0
# How wide a sample may be, in text heights: boxes and markers, and lines.
WIDEST = 7.5
WIDEST_LINE = 13.0
NAME_GAP = 2.6
# How much narrower than this no gap between a sample and its name is, in text heights.
GAP = 0.3
PIECE_GAP = 1.1
# How far a name's box may reach over its swatch, in text heights.
OVERLAP = 0.5
# How much of other text, whose box may reach too far, the place where a swatch may be takes in, in text heights.
TEXT_SLACK = 0.4
# Shares of the strongest ink beside the name that count as ink, tried in this order: the first keeps clear of what
# compression smears and of curves that shine through a legend, the last finds pale samples beside dark frames.
INK_LEVELS = (0.4, 0.65, 0.2, 0.1)
FAINTEST = 10.0
# Where a level is more than this share of a sample's strength the sample is measured at half its strength.
HARDLY = 0.7
SAME_COLOR = 22.0


def to_lab(rgb: NDArray[np.uint8]) -> LabArray:
    """CIELAB values of 8-bit RGB, shape (..., 3) kept."""
    if rgb.size == 0:
        return np.empty(rgb.shape, dtype=np.float32)
    flat = np.ascontiguousarray(rgb.reshape(1, -1, 3), dtype=np.float32) / np.float32(255.0)
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2LAB), dtype=np.float32).reshape(rgb.shape)


def common_color(rgb: NDArray[np.uint8]) -> Color:
    """The colour that most pixels of a piece of picture have, to a sixteenth of the range, averaged within."""
    pixels = rgb.reshape(-1, 3)
    codes = (pixels >> 4).astype(np.int32) @ np.array([256, 16, 1], dtype=np.int32)
    chosen = pixels[codes == np.bincount(codes).argmax()]
    red, green, blue = (int(v) for v in row_median(chosen))
    return red, green, blue


@dataclass(frozen=True, kw_only=True)
class _Window:
    """A piece of the picture beside a name; mirrored where the swatch is looked for on the right of it.

    Where it is `limited` it begins with the end of other text, where it is `at_edge` with a side of a plot area.
    """

    rgb: Image
    left: int
    top: int
    mirrored: bool
    text_height: float
    center_row: float
    limited: bool
    at_edge: bool

    def box_of(self, left: int, top: int, right: int, bottom: int) -> Box:
        width = self.rgb.shape[1]
        if self.mirrored:
            left, right = width - right, width - left
        return Box(self.left + left, self.top + top, self.left + right, self.top + bottom)


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """A connected piece of ink in a window."""

    index: int
    box: tuple[int, int, int, int]
    color: LabArray


def find_swatch(
    rgb: Image,
    name: Box,
    text_height: float,
    side: Literal["left", "right"],
    limit: float | None = None,
    by_text: bool = False,
) -> Swatch | None:
    """The sample drawn beside a name on its line, None where none stands.

    Parameters
    ----------
    rgb : array (height, width, 3)
    name : Box
        Where the name is written.
    text_height : float
        Height of the text's ink in pixels; every tolerance is a multiple of it.
    side : {"left", "right"}
        Where to look: before the name or behind it.
    limit : float, optional
        The x beyond which no swatch of this name can stand.
    by_text : bool
        Whether it is text that stands there.

    Notes
    -----
    Ink is what differs from the commonest colour beside the name, by a share of what differs most. Pieces that
    leave the line of text (frames, gridlines, curves underneath) are left out.
    """
    window = _cut(rgb, name, text_height, side, limit, by_text)
    if window is None:
        return None
    ground = to_lab(np.array(common_color(window.rgb), dtype=np.uint8))
    lab = to_lab(window.rgb)
    distance = lengths(lab - ground)
    distance = _without_rules(lab, distance, GAP * text_height)
    peak = float(distance.max())
    levels = dict.fromkeys(max(share * peak, FAINTEST) for share in INK_LEVELS)
    for level in levels:
        chosen = _swatch_mask(window, lab, ground, distance, level)
        if chosen is not None:
            own = quantile(distance[chosen], 0.9)
            # Of a sample hardly stronger than the level only the strongest pixels are in it.
            whole = _swatch_mask(window, lab, ground, distance, 0.5 * own) if level > HARDLY * own else None
            return _measured(window, lab, distance, chosen if whole is None else whole)
    return None


def swatch_between(rgb: Image, box: Box, text_height: float) -> Swatch | None:
    """The sample of a line in a box where other entries of a legend have theirs, whatever crosses it there.

    None where the rows at the middle of the box do not hold ink of one colour along at least a third of it.
    """
    rows, columns = box.to_slices(rgb.shape)
    part = rgb[rows, columns]
    if min(part.shape[:2]) < 2:
        return None
    wide = rgb[rows, max(columns.start - round(text_height), 0) : columns.stop + round(text_height)]
    distance = lengths(to_lab(part) - to_lab(np.array(common_color(wide), dtype=np.uint8)))
    strength = np.median(distance, axis=1)
    row = int(strength.argmax())
    ink = distance[row] > max(0.5 * quantile(distance[row], 0.9), FAINTEST)
    color = row_median(part[row][ink]) if ink.any() else np.zeros(3)
    lab = to_lab(part[row][ink])
    if ink.mean() < 0.33 or median(lengths(lab - row_median(lab))) > SAME_COLOR:
        return None
    red, green, blue = (round(float(v)) for v in color)
    return Swatch(box=box, color=(red, green, blue), style=dash_style(ink.astype(np.float64), 2.0), kind="line")


def _cut(
    rgb: Image, name: Box, text_height: float, side: Literal["left", "right"], limit: float | None, by_text: bool
) -> _Window | None:
    """The part of the picture beside the name, with the first half letter of the name itself."""
    center = name.center[1]
    top, bottom = max(round(center - 1.4 * text_height), 0), min(round(center + 1.4 * text_height), rgb.shape[0])
    if side == "left":
        right = min(round(name.left + OVERLAP * text_height), rgb.shape[1])
        left = max(round(max(name.left - REACH * text_height, limit if limit is not None else 0.0)), 0)
    else:
        left = max(round(name.right - OVERLAP * text_height), 0)
        right = round(min(name.right + REACH * text_height, limit if limit is not None else float(rgb.shape[1])))
        right = min(right, rgb.shape[1])
    if right - left < 3 or bottom - top < 3:
        return None
    near = limit is not None and name.left - REACH * text_height < limit < name.right + REACH * text_height
    part = rgb[top:bottom, left:right]
    part = part[:, ::-1] if side == "right" else part
    return _Window(
        rgb=part, left=left, top=top, mirrored=side == "right", text_height=text_height, center_row=center - top,
        limited=by_text and limit is not None, at_edge=near and not by_text,
    )  # fmt: skip


def _without_rules(lab: LabArray, distance: NDArray[np.floating], gap: float) -> NDArray[np.floating]:
    """The distances with gridlines and frame sides, which cross the whole window in one colour, set to nothing.

    A sample that fills a window otherwise ends at least `gap` pixels before the name.
    """
    ink = distance > 4.0
    cleared = distance.copy()
    for row in np.flatnonzero((ink.mean(1) > 0.9) & ink[:, 0]):
        inked = np.flatnonzero(ink[row])
        if np.diff(inked, append=ink.shape[1]).max() > gap:
            continue
        colour = row_median(lab[row][ink[row]])
        cleared[row][lengths(lab[row] - colour) < 8.0] = 0.0
    for column in np.flatnonzero(ink.all(0)):
        colour = row_median(lab[:, column])
        cleared[:, column][lengths(lab[:, column] - colour) < 8.0] = 0.0
    return cleared


def _pieces(
    window: _Window, lab: LabArray, distance: NDArray[np.floating], level: float
) -> tuple[list[_Piece], NDArray[np.int32]]:
    """Pieces of ink that keep to the line of text, from the name outward."""
    labels, stats, _ = label_pieces(distance > level)
    height = window.text_height
    found = []
    for index in range(1, len(stats)):
        left, top, wide, high, _ = (int(v) for v in stats[index])
        off_line = abs(top + high / 2 - window.center_row)
        if high > 1.75 * height or off_line > 0.8 * height or top == 0 or top + high == window.rgb.shape[0]:
            continue
        inside = labels[top : top + high, left : left + wide] == index
        strengths = distance[top : top + high, left : left + wide][inside]
        colors = lab[top : top + high, left : left + wide][inside]
        strongest = colors[strengths >= 0.85 * strengths.max()]
        found.append(_Piece(index=index, box=(left, top, left + wide, top + high), color=row_median(strongest)))
    return sorted(found, key=lambda piece: -piece.box[2]), labels


def _swatch_mask(
    window: _Window, lab: LabArray, ground: LabArray, distance: NDArray[np.floating], level: float
) -> NDArray[np.bool_] | None:
    """The pixels of the swatch nearest to the name, None where nothing there is like one."""
    height, width = window.text_height, window.rgb.shape[1]
    pieces, labels = _pieces(window, lab, distance, level)
    # What begins within the name's box, or runs out of the window there, is its first letter.
    start = width - OVERLAP * height
    pieces = [piece for piece in pieces if piece.box[2] < width and piece.box[0] < start - 0.25 * height]
    if not pieces or start - pieces[0].box[2] > NAME_GAP * height:
        return None
    chosen = [pieces[0]]
    left = pieces[0].box[0]
    for piece in pieces[1:]:
        reach = 2.0 if _is_next_dash(piece, chosen[-1]) else 1.0
        if left - piece.box[2] > reach * PIECE_GAP * height or (window.limited and _is_last_letter(piece, height)):
            break
        same = np.linalg.norm(piece.color - pieces[0].color) < SAME_COLOR
        if same or _inside(piece, chosen) or _are_stub_and_marker(piece, chosen[-1], ground, height):
            chosen.append(piece)
            left = min(left, piece.box[0])
    right, bottom = (max(piece.box[k] for piece in chosen) for k in (2, 3))
    top = min(piece.box[1] for piece in chosen)
    off_line = abs((top + bottom) / 2 - window.center_row)
    wide, high = right - left, bottom - top
    widest = WIDEST_LINE if high < 0.6 * height else WIDEST
    # A legend in the corner of a plot area may begin with its samples.
    open_end = left == 0 and not (window.at_edge and high < 0.35 * height and wide >= 1.5 * height)
    if open_end or off_line > 0.5 * height or not 0.3 * height <= wide <= widest * height or high > 1.75 * height:
        return None
    if wide < 0.6 * high and high > 1.1 * height:
        return None
    mask: NDArray[np.bool_] = np.isin(labels, [piece.index for piece in chosen])
    return mask


def _is_last_letter(piece: _Piece, height: float) -> bool:
    """Whether a piece at the beginning of a window is the end of the text that limits it."""
    return piece.box[0] == 0 or piece.box[2] <= TEXT_SLACK * height


def _is_next_dash(piece: _Piece, last: _Piece) -> bool:
    """Whether two pieces have the same rows and one colour, as the dashes of one line have."""
    shift = max(abs(piece.box[1] - last.box[1]), abs(piece.box[3] - last.box[3]))
    return shift <= 1 and float(np.linalg.norm(piece.color - last.color)) < 0.5 * SAME_COLOR


def _are_stub_and_marker(first: _Piece, second: _Piece, ground: LabArray, height: float) -> bool:
    """Whether a thin piece goes on from the middle of a tall one, in its hue, which compression has muted."""
    thin, tall = sorted((first, second), key=lambda piece: piece.box[3] - piece.box[1])
    high = tall.box[3] - tall.box[1]
    level = abs(sum(thin.box[1::2]) - sum(tall.box[1::2])) <= 0.3 * high
    if thin.box[3] - thin.box[1] > 0.5 * high or high < 0.6 * height or not level:
        return False
    muted, full = thin.color - ground, tall.color - ground
    chroma = float(np.linalg.norm(full[1:]))
    along = float(muted[1:] @ full[1:]) / max(chroma, 1.0)
    across = float(np.linalg.norm(muted[1:] - along * full[1:] / max(chroma, 1.0)))
    lighter = float(muted[0]) / float(full[0]) if abs(full[0]) > 1.0 else 1.0
    return chroma > SAME_COLOR and 0 < along <= chroma and across < 0.5 * along and 0.2 < lighter < 1.2


def _inside(piece: _Piece, chosen: list[_Piece]) -> bool:
    """Whether a piece lies within one already chosen: the kernel of a ring, the filling of an outline."""
    left, top, right, bottom = piece.box
    return any(
        left >= other.box[0] and right <= other.box[2] and top >= other.box[1] and bottom <= other.box[3]
        for other in chosen
    )


def _measured(window: _Window, lab: LabArray, distance: NDArray[np.floating], mask: NDArray[np.bool_]) -> Swatch:
    """Colour, kind and style of the masked pixels."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    grain = median(distance[~mask]) if not mask.all() else 0.0
    core = _core_pixels(lab[part], distance[part], mask[part], grain)
    color = row_median(window.rgb[part][core])
    strength = median(distance[part][core])
    cover = np.clip(np.where(mask[part], distance[part], 0.0) / max(strength, 1.0), 0.0, 1.0)
    kind, stroke_rows = _kind_of(cover, window.text_height)
    style: Style | None = None
    width: float | None = None
    if stroke_rows is not None:
        along, stroke = _profile(cover, stroke_rows, kind)
        style = dash_style(along, stroke)
        width = stroke if "line" in kind else None
    elif kind == "marker":
        style = "points"
    red, green, blue = (round(float(v)) for v in color)
    box = window.box_of(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    # where the sample stands on the right of its name the window is mirrored
    seen = cover[:, ::-1] if window.mirrored else cover
    return Swatch(
        box=box,
        color=(red, green, blue),
        style=style,
        kind=kind,
        width_px=width,
        coverage=np.ascontiguousarray(seen, np.float32),
    )


def _core_pixels(
    lab: LabArray, distance: NDArray[np.floating], mask: NDArray[np.bool_], grain: float
) -> NDArray[np.bool_]:
    """The pixels of full ink: the strongest, or the coloured filling within a colourless outline.

    Where the ground is grainy, more of them count: their median is the ink, the few strongest are noise.
    """
    peak = quantile(distance[mask], 0.95) if mask.sum() > 20 else distance[mask].max()
    strongest: NDArray[np.bool_] = mask & (distance >= (0.9 - 0.03 * min(grain, 5.0)) * peak)
    eroded = cv2.erode(mask.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=(0.0,))
    inner: NDArray[np.bool_] = np.asarray(eroded).astype(bool)
    if inner.sum() < 4:
        return strongest
    chroma = lengths(lab[..., 1:])
    if median(chroma[inner]) > median(chroma[strongest]) + 15:
        return inner
    return strongest


def _kind_of(cover: NDArray[np.floating], text_height: float) -> tuple[Kind, slice | None]:
    """What a swatch is, and the rows of its stroke where it is drawn with one."""
    high, wide = cover.shape
    thickness = cover.sum(0)
    rim = max(round(0.15 * high), 1)
    hollow = high >= 5 and wide >= 5 and cover[high // 3 : -(high // 3), wide // 4 : -(wide // 4)].mean() < 0.35
    if hollow and min(cover[:rim].max(0).mean(), cover[-rim:].max(0).mean()) > 0.3 and high > 0.5 * text_height:
        return ("box", slice(0, rim)) if wide > 1.5 * high else ("marker" if _is_round(cover) else "box", None)
    inked = thickness[thickness > 0.3]
    ends = np.concatenate([thickness[: wide // 4], thickness[-(wide // 4) :]]) if wide >= 4 else thickness
    ends = ends[ends > 0.3]
    stroke = median(ends) if len(ends) else median(inked) if len(inked) else 1.0
    if wide >= 1.4 * high and thickness.max() > 1.7 * stroke and stroke < 0.55 * high:
        return "line+marker", _stroke_rows(cover)
    if wide >= 1.6 * high and high <= 0.5 * text_height:
        return "line", _stroke_rows(cover)
    if cover.mean() > 0.88:
        return "box", None
    lopsided = max(np.abs(cover - cover[:, ::-1]).mean(), np.abs(cover - cover[::-1]).mean())
    if 0.75 <= wide / high <= 1.34 and lopsided < 0.2:
        return "marker", None
    return ("line", _stroke_rows(cover)) if wide >= 2.5 * high else ("icon", None)


def _is_round(cover: NDArray[np.floating]) -> bool:
    """Whether the corners of a mark are empty."""
    corner = max(round(0.12 * min(cover.shape)), 1)
    corners = [cover[:corner, :corner], cover[:corner, -corner:], cover[-corner:, :corner], cover[-corner:, -corner:]]
    return float(np.mean([part.mean() for part in corners])) < 0.45


def _stroke_rows(cover: NDArray[np.floating]) -> slice:
    """The rows of a horizontal stroke, judged by its two outer quarters, where no marker sits."""
    quarter = max(cover.shape[1] // 4, 1)
    weight = cover[:, :quarter].sum(1) + cover[:, -quarter:].sum(1)
    rows = np.flatnonzero(weight >= 0.5 * weight.max())
    return slice(int(rows[0]), int(rows[-1]) + 1)


def _profile(cover: NDArray[np.floating], rows: slice, kind: Kind) -> tuple[NDArray[np.float64], float]:
    """Cover along the stroke (NaN where a marker sits on it) and the stroke's width."""
    along = cover[rows].max(0).astype(np.float64)
    thickness = cover.sum(0) if kind != "box" else cover[: max(cover.shape[0] // 3, 1)].sum(0)
    width = median(thickness[along > 0.5]) if (along > 0.5).any() else 1.0
    if kind == "line+marker":
        quarter = max(len(along) // 4, 1)
        outer = np.concatenate([thickness[:quarter], thickness[-quarter:]])
        width = median(outer[outer > 0.3]) if (outer > 0.3).any() else 1.0
        # a hollow marker is no thicker than two strokes, above and below that of the line
        beside = cover.copy()
        beside[max(rows.start - 1, 0) : rows.stop + 1] = 0
        marker = ((thickness > 1.6 * width) | (beside.max(axis=0) > 0.4)).astype(np.uint8)
        marker = np.pad(marker, len(cover))
        kernel = np.ones((1, 2 * (len(cover) // 4) + 1), np.uint8)
        along[cv2.morphologyEx(marker[None], cv2.MORPH_CLOSE, kernel)[0, len(cover) : -len(cover)] > 0] = np.nan
    if kind == "box":
        # The upright sides of an outlined box are no dashes of its upper edge.
        width = min(width, float(rows.stop - rows.start))
    return along, max(width, 0.5)
