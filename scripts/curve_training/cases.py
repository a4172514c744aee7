"""Plot areas cut out of pictures with known truth, as `make_fixtures.py` writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from math import nan, sqrt
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from random_charts.model import Bounds, Values
from random_charts.truth import share

from .areas import Curve, Pixels, PlotArea, measured_ink, scaled
from .panels import stepped

#: A plot area is cut out with so many pixels around it, since strokes on its sides reach beyond.
_MARGIN = 4
_LEAST_SIDE = 40
#: Larger plot areas are scaled down to this many pixels, as the network is shown them.
_MOST_PIXELS = 400_000
_MOST_SERIES = 12
#: Ends of straight pieces nearer than this, in pixels, are one point.
_JOINED = 1e-6


def areas_in(folders: Iterable[Path]) -> list[PlotArea]:
    """All usable plot areas of the pictures in folders, in the order of their names."""
    truths = [path for folder in folders for path in sorted(folder.glob("*.json"))]
    with ProcessPoolExecutor() as pool:
        return [area for areas in pool.map(_listed_areas, truths, chunksize=4) for area in areas]


def _listed_areas(truth: Path) -> list[PlotArea]:
    return list(areas_of(truth))


def areas_of(truth: Path) -> Iterator[PlotArea]:
    """The plot areas of the picture beside its truth: none of a tilted one, nor such as are small or overfull."""
    record = json.loads(truth.read_text(encoding="utf-8"))
    if "tilted" in record["tags"]:
        return
    with Image.open(next(path for path in truth.parent.glob(f"{truth.stem}.*") if path != truth)) as picture:
        rgb = np.asarray(picture.convert("RGB"))
    for panel in record["panels"]:
        left, top, right, bottom = surrounding(panel["box"], rgb)
        cut = rgb[top:bottom, left:right]
        if min(cut.shape[:2]) >= _LEAST_SIDE and 0 < len(panel["series"]) <= _MOST_SERIES:
            yield of_usual_size(cut_area(cut, panel, (left, top)))


def surrounding(box: Bounds, rgb: Pixels) -> tuple[int, int, int, int]:
    """The whole pixels within a plot area and its margin: left, top, right, bottom."""
    left, top, right, bottom = box
    height, width = rgb.shape[:2]
    return (
        int(max(left - _MARGIN, 0)),
        int(max(top - _MARGIN, 0)),
        int(min(right + _MARGIN + 1, width)),
        int(min(bottom + _MARGIN + 1, height)),
    )


def cut_area(rgb: Pixels, panel: dict[str, Any], origin: tuple[int, int]) -> PlotArea:
    """The plot area of one panel of a truth, from its pixels and the place of the first of them in the picture."""
    curves = tuple(
        Curve(
            pieces=tuple(pieces_of(series, panel, origin)),
            shown=np.array(list(bytes.fromhex(series["color"].removeprefix("#"))), float),
        )
        for series in panel["series"]
    )
    area = PlotArea(rgb=rgb, ground=commonest_color(rgb), curves=curves)
    seen = (replace(c, shown=measured_ink(area, c)) if c.pieces else c for c in curves)
    return replace(area, curves=tuple(seen))


def of_usual_size(area: PlotArea) -> PlotArea:
    height, width = area.rgb.shape[:2]
    if height * width <= _MOST_PIXELS:
        return area
    return scaled(area, sqrt(_MOST_PIXELS / (height * width)), Image.Resampling.BOX)


def commonest_color(rgb: Pixels) -> Values:
    """The middle (3,) of the colours in the fullest of 32 x 32 x 32 bins."""
    pixels = rgb.reshape(-1, 3)
    bins = (pixels >> 3).astype(int) @ (1024, 32, 1)
    return np.asarray(np.median(pixels[bins == np.bincount(bins).argmax()], axis=0))


def pieces_of(series: dict[str, Any], panel: dict[str, Any], origin: tuple[int, int]) -> list[Values]:
    """The polylines (n, 2) of a series within its plot area, in pixels from an origin; dots have none."""
    if series["draw"] == "points":
        return []
    y_axis = panel["y2"] if series.get("axis") == "y2" else panel["y"]
    points = np.column_stack([shares(series["x"], panel["x"]), shares(series["y"], y_axis)])
    if series["draw"].startswith("step"):
        points = stepped(points, series["draw"])
    left, top, right, bottom = panel["box"]
    scale, corner = np.array([right - left, top - bottom]), np.array([left, bottom]) - origin
    return chained(corner + clipped(points) * scale)


def shares(values: list[Any], axis: dict[str, Any]) -> Values:
    """Values as a truth holds them, as shares of the way along an axis: 0 at its start, 1 at its end."""
    low, high = (number(value) for value in axis["range"])
    return share(np.array([number(value) for value in values]), axis["scale"], (low, high))


def number(value: float | str | None) -> float:
    """A value of a truth: dates as seconds since 1970 (UTC), nothing as NaN."""
    if isinstance(value, str):
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return nan if value is None else float(value)


def clipped(points: Values) -> Values:
    """The straight pieces (m, 2, 2) of a polyline (n, 2) within the unit square; NaN parts it.

    Each side pair is a slab that a piece enters and leaves; within the square it is from the last entry to the first
    exit (Kay and Kajiya 1986).
    """
    starts, steps = points[:-1], np.diff(points, axis=0)
    known = np.isfinite(starts).all(1) & np.isfinite(steps).all(1)
    starts, steps = starts[known], steps[known]
    with np.errstate(divide="ignore", invalid="ignore"):
        to_sides = np.stack([-starts / steps, (1 - starts) / steps])
    still = steps == 0
    within = (starts >= 0) & (starts <= 1)
    entry = np.where(still, np.where(within, -np.inf, np.inf), to_sides.min(0)).max(1).clip(min=0)
    leave = np.where(still, np.inf, to_sides.max(0)).min(1).clip(max=1)
    crossing = entry < leave
    starts, steps, entry, leave = starts[crossing], steps[crossing], entry[crossing, None], leave[crossing, None]
    return np.stack([starts + entry * steps, starts + leave * steps], axis=1)


def chained(pieces: Values) -> list[Values]:
    """Polylines from straight pieces (m, 2, 2), each joined to the one before where that ends at its start."""
    if not len(pieces):
        return []
    parted = np.abs(pieces[1:, 0] - pieces[:-1, 1]).max(1) >= _JOINED
    chains = np.split(pieces, np.flatnonzero(parted) + 1)
    return [np.vstack([chain[:1, 0], chain[:, 1]]) for chain in chains]
