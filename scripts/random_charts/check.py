"""Is the truth where the ink is? Every case is held against its own pixels before it is kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy.ndimage import map_coordinates

from .model import Curve, Drawn, Values, rgb
from .truth import pixel_points, seen_color

REACH_PX = 1.5
SPACING_PX = 0.75
GROUND_STEP = 4
LEAST_COVERAGE = 0.28


@dataclass(frozen=True, kw_only=True)
class Finding:
    """How one curve's truth fits the picture.

    `share`: of its visible points, those with its colour within 1.5 px; points beneath other curves are not asked.
    `visible`: the share of all points inside the plot area that is not beneath other curves or other ink.
    `shift_px`: median distance of the ink's centre from the truth, across and down; NaN where it cannot be told.
    """

    panel: int
    name: str | None
    share: float
    visible: float
    shift_px: tuple[float, float]


def corners(curve: Curve) -> tuple[Values, Values]:
    """The points between which a curve runs straight."""
    x, y = curve.x, curve.y
    if not curve.draw.startswith("step") or len(x) < 2:
        return x, y
    middle = {"step-pre": x[:-1], "step-post": x[1:], "step-mid": (x[:-1] + x[1:]) / 2}[curve.draw]
    across = np.stack([x[:-1], middle, middle], axis=1).ravel()
    up = np.stack([y[:-1], y[:-1], y[1:]], axis=1).ravel()
    return np.append(across, x[-1]), np.append(up, y[-1])


def visible_points(curve: Curve, panel: Drawn) -> tuple[Values, Values]:
    """Points along a curve inside the plot area, evenly spaced, with the curve's direction at each, shape (n, 2)."""
    points = pixel_points(*corners(curve), panel, curve.axis == "y2")
    if curve.draw == "points":
        inside = is_inside(points, panel)
        return points[inside], np.tile([1.0, 0.0], (int(inside.sum()), 1))
    starts, steps = points[:-1], np.diff(points, axis=0)
    known = np.isfinite(starts).all(1) & np.isfinite(steps).all(1)
    starts, steps = starts[known], steps[known]
    lengths = np.linalg.norm(steps, axis=1)
    total = float(lengths.sum())
    if total == 0:
        return np.empty((0, 2)), np.empty((0, 2))
    where = np.linspace(0, total, int(min(max(total / SPACING_PX, 200), 60000)))
    ends = np.cumsum(lengths)
    index = np.minimum(np.searchsorted(ends, where), len(starts) - 1)
    along = 1 - (ends[index] - where) / np.maximum(lengths[index], 1e-12)
    spread = starts[index] + along[:, None] * steps[index]
    inside = is_inside(spread, panel)
    return spread[inside], (steps[index] / np.maximum(lengths[index], 1e-12)[:, None])[inside]


def is_inside(points: Values, panel: Drawn) -> np.ndarray:
    left, top, right, bottom = panel.box
    with np.errstate(invalid="ignore"):
        return (points[:, 0] >= left) & (points[:, 0] <= right) & (points[:, 1] >= top) & (points[:, 1] <= bottom)


def flat(image: Image.Image) -> Values:
    """The picture as seen on white, shape (height, width, 3)."""
    layered = image.convert("RGBA")
    return np.asarray(Image.alpha_composite(Image.new("RGBA", image.size, "white"), layered).convert("RGB"), float)


def ground_color(pixels: Values, panel: Drawn) -> Values:
    """The commonest colour of the plot area."""
    left, top, right, bottom = (int(v) for v in panel.box)
    inner = pixels[max(top, 0) + 2 : bottom - 1, max(left, 0) + 2 : right - 1].reshape(-1, 3)
    values, counts = np.unique((inner // GROUND_STEP).astype(int), axis=0, return_counts=True)
    return np.asarray(values[counts.argmax()] * GROUND_STEP + GROUND_STEP / 2)


def colored(pixels: Values, points: Values, target: Values, ground: Values, tolerance: float) -> np.ndarray:
    """Whether each point has, within reach, a pixel on the line from the ground's colour to the target's."""
    height, width = pixels.shape[:2]
    norm = max(float((target**2).sum()), 1.0)
    near = min(tolerance, 0.22 * norm**0.5)
    hit = np.zeros(len(points), bool)
    steps = np.arange(-REACH_PX, REACH_PX + 0.1, 0.5)
    for dx, dy in ((a, b) for a in steps for b in steps if a * a + b * b <= REACH_PX**2 + 0.01):
        column = np.clip(np.floor(points[:, 0] + dx).astype(int), 0, width - 1)
        row = np.clip(np.floor(points[:, 1] + dy).astype(int), 0, height - 1)
        off = pixels[row, column] - ground
        covered = np.clip(off @ target / norm, LEAST_COVERAGE, 1)
        hit |= np.linalg.norm(off - covered[:, None] * target, axis=1) <= near
    return hit


def ink_shift(pixels: Values, points: Values, direction: Values, target: Values, ground: Values) -> tuple[float, float]:
    """Median offset of the ink's centre from the truth across and down, from steep and from flat stretches."""
    norm = max(float((target**2).sum()), 1.0)
    ink = np.clip((pixels - ground) @ target / norm, 0, 1)
    ink[np.linalg.norm(pixels - ground - ink[..., None] * target, axis=2) > 60] = 0
    offsets = np.arange(-4, 4.01, 0.25)

    def median(chosen: np.ndarray, unit: tuple[float, float]) -> float:
        some = points[chosen][:: max(int(chosen.sum()) // 600, 1)]
        if len(some) < 20:
            return float("nan")
        where = some[:, None, :] + offsets[None, :, None] * np.array(unit)
        found = map_coordinates(ink, [where[..., 1] - 0.5, where[..., 0] - 0.5], order=1)
        mass = found.sum(1)
        good = (mass > 2) & (found[:, [0, -1]].max(1) < 0.1)
        if good.sum() < 10:
            return float("nan")
        return float(np.median((found[good] * offsets).sum(1) / mass[good]))

    steep = np.abs(direction[:, 1]) > 0.8
    level = np.abs(direction[:, 0]) > 0.8
    return median(steep, (1.0, 0.0)), median(level, (0.0, 1.0))


def check(image: Image.Image, panels: tuple[Drawn, ...], lossy: bool = False) -> list[Finding]:
    """Hold every curve of every panel against the picture's pixels."""
    pixels = flat(image)
    findings = []
    for number, panel in enumerate(panels):
        ground = ground_color(pixels, panel)
        drawn = [visible_points(curve, panel) for curve in panel.chart.curves]
        taken = [
            occupied(pixels.shape, points, curve, panel)
            for (points, _), curve in zip(drawn, panel.chart.curves, strict=True)
        ]
        for k, curve in enumerate(panel.chart.curves):
            points, direction = drawn[k]
            if not len(points):
                findings.append(Finding(panel=number, name=curve.name, share=0.0, visible=0.0, shift_px=(np.nan,) * 2))
                continue
            target = np.array(rgb(seen_color(curve, panel)), float) - ground
            hit = colored(pixels, points, target, ground, 60 if lossy else 32)
            if curve.dash != "solid" and curve.draw != "points":
                reach = int(9 * max(curve.width * panel.stroke_scale, 1) / SPACING_PX)
                hit = np.convolve(hit, np.ones(2 * reach + 1), "same")[: len(hit)] > 0
            hidden = ~hit & np.any([at(t, points) for j, t in enumerate(taken) if j != k] or [hit], axis=0)
            findings.append(
                Finding(
                    panel=number,
                    name=curve.name,
                    share=float(hit[~hidden].mean()) if (~hidden).any() else 0.0,
                    visible=float(hit.mean()),
                    shift_px=ink_shift(pixels, points[hit], direction[hit], target, ground)
                    if curve.draw != "points" and curve.dash == "solid"
                    else (float("nan"), float("nan")),
                )
            )
    return findings


def occupied(shape: tuple[int, ...], points: Values, curve: Curve, panel: Drawn) -> np.ndarray:
    """The pixels that a curve and its markers cover, one pixel of margin included."""
    mask = np.zeros(shape[:2], bool)
    size = curve.marker_size if curve.marker else curve.width
    reach = int(np.ceil(size * panel.stroke_scale / 2 + 1))
    for dx in range(-reach, reach + 1):
        for dy in range(-reach, reach + 1):
            column = np.clip((points[:, 0] + dx).astype(int), 0, shape[1] - 1)
            row = np.clip((points[:, 1] + dy).astype(int), 0, shape[0] - 1)
            mask[row, column] = True
    return mask


def at(mask: np.ndarray, points: Values) -> np.ndarray:
    column = np.clip(points[:, 0].astype(int), 0, mask.shape[1] - 1)
    row = np.clip(points[:, 1].astype(int), 0, mask.shape[0] - 1)
    return np.asarray(mask[row, column])
