"""What a random chart is before it is drawn, and what is known about it after.

A `Figure` holds `Chart`s; a renderer draws it and answers with a picture and one `Drawn` a chart. Values on date axes
are seconds since 1970 (UTC), on category axes positions 0, 1, 2 …; pixels are edges, the first pixel's centre is 0.5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Values = NDArray[np.float64]
Scale = Literal["linear", "log", "date", "category"]
Form = Literal["plain", "percent", "si", "thousands", "comma", "scientific", "offset", "power", "year"]
Dash = Literal["solid", "dashed", "dotted", "dashdot"]
Draw = Literal["line", "step-post", "step-pre", "step-mid", "points"]
Place = Literal["none", "inside", "right", "left", "top", "bottom", "direct"]
Bounds = tuple[float, float, float, float]
Range = tuple[float, float]


class MissingRendererError(Exception):
    """A renderer whose program or package this machine does not have."""


@dataclass(frozen=True, kw_only=True)
class AxisSpec:
    """One axis as it shall be drawn: `low` and `high` are its limits, `form` how its ticks are written."""

    label: str | None
    scale: Scale
    low: float
    high: float
    form: Form = "plain"
    reversed: bool = False
    labels: tuple[str, ...] | None = None

    @property
    def ends(self) -> Range:
        """The values at the axis' start and end as drawn."""
        return (self.high, self.low) if self.reversed else (self.low, self.high)


@dataclass(frozen=True, kw_only=True, eq=False)
class Curve:
    """One series: `width` and `marker_size` are pixels, `band` and `errors` are drawn around it."""

    name: str | None
    x: Values
    y: Values
    color: str
    width: float = 1.5
    dash: Dash = "solid"
    marker: str | None = None
    marker_size: float = 5.0
    hollow: bool = False
    draw: Draw = "line"
    axis: Literal["y", "y2"] = "y"
    opacity: float = 1.0
    faint: bool = False
    band: Values | None = None
    errors: Values | None = None
    filled: bool = False


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a chart is dressed; sizes are pixels."""

    page: str = "#ffffff"
    ground: str = "#ffffff"
    ink: str = "#000000"
    grid_color: str = "#cccccc"
    font: str = "DejaVu Sans"
    font_px: float = 13.0
    title_px: float = 16.0
    title_left: bool = False
    grid: Literal["none", "x", "y", "both"] = "none"
    grid_dash: Dash = "solid"
    frame: Literal["box", "open", "bottom", "none"] = "box"
    ticks: Literal["out", "in", "none"] = "out"
    minor: bool = False
    legend: Place = "none"
    legend_title: str | None = None
    legend_columns: int = 1
    legend_frame: bool = True
    corner: tuple[Literal["top", "bottom"], Literal["left", "right"]] = ("top", "right")

    @property
    def dark(self) -> bool:
        return sum(rgb(self.ground)) < 384


@dataclass(frozen=True, kw_only=True)
class RefLine:
    """A straight line across the plot that is no series."""

    axis: Literal["x", "y"]
    value: float
    color: str
    dash: Dash = "dashed"


@dataclass(frozen=True, kw_only=True)
class Note:
    """A word written at a data point, with an arrow or without."""

    x: float
    y: float
    text: str
    arrow: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart:
    """One panel. `kind` other than line makes it a panel that no line reader may read."""

    x: AxisSpec
    y: AxisSpec
    curves: tuple[Curve, ...]
    look: Look
    title: str | None = None
    y2: AxisSpec | None = None
    refs: tuple[RefLine, ...] = ()
    notes: tuple[Note, ...] = ()
    kind: Literal["line", "bar"] = "line"


@dataclass(frozen=True, kw_only=True, eq=False)
class Figure:
    """A picture to be drawn: charts in a grid, row by row.

    `legend_for` says whether each chart, only the first, or the figure as a whole carries the legend.
    """

    charts: tuple[Chart, ...]
    width: int
    height: int
    rows: int = 1
    columns: int = 1
    title: str | None = None
    shared_x: bool = False
    shared_y: bool = False
    legend_for: Literal["each", "first", "figure"] = "each"
    setting: Literal["plain", "cards", "page"] = "plain"
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """Where a chart came to lie: its plot area, and the values at the area's edges (left, right; bottom, top).

    `tilt` is the angle in degrees, counter-clockwise as seen, by which the picture was turned about the box's centre;
    `stroke_scale` the factor by which it was enlarged. `x_label` and `y_label` hold what stands beside this very panel.
    """

    chart: Chart
    box: Bounds
    x_range: Range
    y_range: Range
    y2_range: Range | None = None
    x_label: str | None = None
    y_label: str | None = None
    y2_label: str | None = None
    title: str | None = None
    named: bool = True
    tilt: float = 0.0
    stroke_scale: float = 1.0
    gray: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Rendering:
    """A drawn figure: the picture and its panels (charts that are no line charts left out)."""

    image: Image.Image
    renderer: str
    panels: tuple[Drawn, ...]
    tags: tuple[str, ...] = field(default=())


def drawn(chart: Chart, box: Bounds, **more: object) -> Drawn:
    """A chart drawn just as described: limits, labels and title are its own unless told otherwise."""
    known: dict[str, object] = {
        "x_range": chart.x.ends,
        "y_range": chart.y.ends,
        "y2_range": chart.y2.ends if chart.y2 else None,
        "x_label": chart.x.label,
        "y_label": chart.y.label,
        "y2_label": chart.y2.label if chart.y2 else None,
        "title": chart.title,
        "named": chart.look.legend != "none",
    }
    return Drawn(chart=chart, box=box, **(known | more))  # type: ignore[arg-type]


def rgb(color: str) -> tuple[int, int, int]:
    """The three channels of ``#rrggbb``."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def mixed(color: str, opacity: float, ground: str) -> str:
    """The colour seen where `color` is laid with `opacity` over `ground`."""
    channels = (round(opacity * a + (1 - opacity) * b) for a, b in zip(rgb(color), rgb(ground), strict=True))
    return "#{:02x}{:02x}{:02x}".format(*channels)


def abilities(words: str) -> frozenset[str]:
    """What a renderer can draw, from words between spaces."""
    return frozenset(words.split())


def plain_json(value: Any) -> Any:
    """Records as JSON: arrays as lists, NaN as null."""
    if isinstance(value, dict):
        return {key: plain_json(v) for key, v in value.items()}
    if isinstance(value, np.ndarray):
        return [v if math.isfinite(v) else None for v in value.tolist()]
    return [plain_json(v) for v in value] if isinstance(value, (list, tuple)) else value
