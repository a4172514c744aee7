"""The records that flow through a reading, and the pixel convention.

The pixel convention
--------------------
Arrays are ``[row, column]``; points are ``(x, y)``. The centre of the top-left pixel is (0.5, 0.5), so a picture
spans ``[0, width] x [0, height]`` and a box ``(left, top, right, bottom)`` measures edges. y grows downward.
A bare ``x`` or ``y`` is a data value; pixel quantities end in ``_px`` or say *pixel*.

Records are frozen. A stage returns new records and never fills another stage's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike
    from pathlib import Path

    from pandas import DataFrame
    from PIL.Image import Image as PILImage

    from digitize.outputs.stats import SeriesStats

FloatArray = NDArray[np.float64]
Image = NDArray[np.uint8]
Color = tuple[int, int, int]
Scale = Literal["linear", "log", "date", "category"]
Style = Literal["solid", "dashed", "dotted", "dashdot", "points"]
Status = Literal["ok", "review", "refused"]
AxisName = Literal["x", "y", "y2"]
Side = Literal["left", "top", "right", "bottom"]
Orientation = Literal["horizontal", "vertical"]

FORMAT = "digitize-reading/1"


class Box(NamedTuple):
    """Edges of an axis-parallel rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def center(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)

    def contains(self, x_px: float, y_px: float) -> bool:
        return self.left <= x_px <= self.right and self.top <= y_px <= self.bottom

    def intersection(self, other: Box) -> Box:
        """The common rectangle; its `area` is 0 where there is none."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def union(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def grown(self, margin: float) -> Box:
        return Box(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)

    def shares_with(self, other: Box) -> float:
        """The share of this box's own area that lies inside `other`."""
        return self.intersection(other).area / self.area if self.area else 0.0

    def moved(self, dx: float, dy: float) -> Box:
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def to_slices(self, shape: tuple[int, ...]) -> tuple[slice, slice]:
        """Rows and columns of the pixels that the box touches, clipped to an array's `shape`."""
        top, bottom = max(math.floor(self.top), 0), min(math.ceil(self.bottom), shape[0])
        left, right = max(math.floor(self.left), 0), min(math.ceil(self.right), shape[1])
        return slice(top, max(bottom, top)), slice(left, max(right, left))


def to_hex(color: Color) -> str:
    """A colour as ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*color)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a reading depends on besides the picture."""

    ocr: str = "ppocr"
    max_pixels: int = 100_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """An opened picture: 8-bit RGB as a person sees it, transparency laid on a ground, EXIF orientation applied.

    `rgb` has the shape (height, width, 3) and is read-only. `notes` say what was decided on opening
    ("first of 12 frames", "transparency on white"). `tilt_deg` is by how much the given picture was turned
    counter-clockwise about its centre to stand upright; all pixel positions of a reading are those of the upright one,
    and `given_box` takes them back. `given` are the pixels as they came, turned likewise, where `rgb` is without the
    damage that they show.
    """

    name: str
    rgb: Image
    sha256: str
    notes: tuple[str, ...] = ()
    tilt_deg: float = 0.0
    given: Image | None = None

    def __post_init__(self) -> None:
        if self.rgb.ndim != 3 or self.rgb.shape[2] != 3 or self.rgb.dtype != np.uint8:
            raise ValueError(f"a picture is (height, width, 3) uint8, not {self.rgb.shape} {self.rgb.dtype}")
        self.rgb.setflags(write=False)

    @property
    def width(self) -> int:
        return int(self.rgb.shape[1])

    @property
    def height(self) -> int:
        return int(self.rgb.shape[0])

    @property
    def box(self) -> Box:
        return Box(0.0, 0.0, float(self.width), float(self.height))

    @property
    def as_given(self) -> Image:
        """The pixels with what compression left in them; taking it out takes the faintest lines along."""
        return self.rgb if self.given is None else self.given

    def given_box(self, box: Box) -> Box:
        """A box of the upright picture in the given one: its centre turned back, its width and height kept."""
        turn = math.radians(self.tilt_deg)
        x, y = box.center[0] - self.width / 2, box.center[1] - self.height / 2
        dx = x * math.cos(turn) - y * math.sin(turn) - x
        dy = x * math.sin(turn) + y * math.cos(turn) - y
        return Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy)


@dataclass(frozen=True, kw_only=True)
class Word:
    """One line of text as recognised.

    `angle` is the direction of the text's baseline in degrees counter-clockwise: 0 for upright text, 90 for text
    that reads upward (the usual y label), 270 for text that reads downward, others for text at a slant, whose `ends`
    are the points (x, y) at half its height where it starts and ends. `text` was decoded over all printable
    characters, `number` from the same logits over the characters of numbers only, a raised exponent written as
    ``10^-3``. `height_px` is the measured height of the ink across the baseline.
    """

    box: Box
    text: str
    number: str
    confidence: float
    number_confidence: float
    angle: int = 0
    height_px: float = 0.0
    color: Color = (0, 0, 0)
    ends: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A straight axis-parallel stroke: frame side, axis line, gridline or tick mark.

    `position_px` is the subpixel centre across the stroke, `start_px` and `end_px` its edges along it. `contrast` is
    how much it stands out from its sides, in grey levels.
    """

    orientation: Orientation
    position_px: float
    start_px: float
    end_px: float
    width_px: float
    color: Color
    contrast: float = 0.0

    @property
    def length_px(self) -> float:
        return self.end_px - self.start_px


@dataclass(frozen=True, kw_only=True)
class PlotArea:
    """Where a panel's data are drawn, and the straight strokes that belong to it.

    `x_grid` are vertical gridlines (they mark x values), `y_grid` horizontal ones. `x_marks` are the tick marks of
    the x axis (short vertical strokes at the top or bottom edge), `y_marks` those at the left or right edge.
    `frame` are the drawn sides of the box and axis lines.
    """

    box: Box
    background: Color
    frame: tuple[Rule, ...] = ()
    x_grid: tuple[Rule, ...] = ()
    y_grid: tuple[Rule, ...] = ()
    x_marks: tuple[Rule, ...] = ()
    y_marks: tuple[Rule, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, kw_only=True)
class TickLabel:
    """A word that labels a tick: where its centre lies along the axis, and the stroke that it stands at.

    `stroke_px` is the subpixel position of the tick mark or gridline nearest to the label, None where none is drawn.
    """

    word: Word
    center_px: float
    stroke_px: float | None = None


@dataclass(frozen=True, kw_only=True)
class TickLabels:
    """The labels along one side of a plot area, sorted along the axis, and the text of a multiplier at its end.

    `strokes_px` are all tick marks and gridlines of the axis, labelled or not. `lean_px` is how far ticks lie from the
    centres of their labels throughout, as the other side of the plot area or the other labels of the picture show; 0
    where they show nothing. `borrowed` labels are those of another plot area; `unread` is True where ink stands that
    may be labels of the area's own, `offset_unread` where ink stands at its end that may be such a text.
    """

    axis: AxisName
    side: Side
    labels: tuple[TickLabel, ...]
    strokes_px: tuple[float, ...] = ()
    offset_word: Word | None = None
    borrowed: bool = False
    unread: bool = False
    offset_unread: bool = False
    lean_px: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A labelled tick as read: `used` is False where the label was dropped as misread."""

    pixel: float
    text: str
    value: float | None
    used: bool
    box: Box | None = None


@dataclass(frozen=True, kw_only=True)
class Axis:
    """The map between pixels and data values along one axis.

    `pixels` and `values` are two anchors; between and beyond them the map is linear in the scaled value:
    the value itself (linear, category: positions 0, 1, 2 …), its log10 (log), seconds since 1970 UTC (date).
    `residual_px` is the root mean square distance of the used ticks from the fit. `covariance_px` is the 2x2
    covariance of the fitted pixel position at the two anchors.
    """

    scale: Scale
    pixels: tuple[float, float]
    values: tuple[float, float]
    residual_px: float
    ticks: tuple[Tick, ...] = ()
    label: str | None = None
    label_box: Box | None = None
    unit: str | None = None
    labels: tuple[str, ...] | None = None
    confidence: float = 1.0
    covariance_px: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 0.0), (0.0, 0.0))
    doubts: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        if self.pixels[0] == self.pixels[1]:
            raise ValueError("an axis needs two different anchors")

    def _scaled(self, values: FloatArray) -> FloatArray:
        if self.scale != "log":
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(values > 0, np.log10(np.where(values > 0, values, 1.0)), np.nan)

    @property
    def value_per_px(self) -> float:
        """Scaled value per pixel, signed."""
        first, second = self._scaled(np.array(self.values, dtype=float))
        return float((second - first) / (self.pixels[1] - self.pixels[0]))

    def to_value(self, pixel: FloatArray) -> FloatArray:
        """Data values at pixel positions, of any shape."""
        first = self._scaled(np.array(self.values, dtype=float))[0]
        scaled = first + (np.asarray(pixel, dtype=float) - self.pixels[0]) * self.value_per_px
        return np.asarray(10.0**scaled if self.scale == "log" else scaled)

    def to_pixel(self, value: FloatArray) -> FloatArray:
        """Pixel positions of data values, of any shape; NaN where a log axis has no such value."""
        scaled = self._scaled(np.asarray(value, dtype=float))
        first = self._scaled(np.array(self.values, dtype=float))[0]
        return np.asarray(self.pixels[0] + (scaled - first) / self.value_per_px)

    def pixel_error(self, pixel: FloatArray) -> FloatArray:
        """Standard error of the fitted tick position at pixel positions, in pixels."""
        t = (np.asarray(pixel, dtype=float) - self.pixels[0]) / (self.pixels[1] - self.pixels[0])
        (a, c), (_, b) = self.covariance_px
        return np.sqrt(np.maximum((1 - t) ** 2 * a + 2 * t * (1 - t) * c + t**2 * b, 0.0))


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a panel is not `ok`, or an image has no panels: a stable code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Swatch:
    """The sample that a legend draws before a name: a piece of line, a marker, a filled box or an icon.

    `width_px` is the width of its line, None where it has none or it was not measured; `coverage` (h, w), where it was
    measured, is that of its pixels by its ink.
    """

    box: Box
    color: Color
    style: Style | None = None
    kind: Literal["line", "marker", "line+marker", "box", "icon", "text"] = "line"
    width_px: float | None = None
    coverage: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class LegendEntry:
    """A name with its swatch; a direct label at a line's end is an entry whose swatch is its own text."""

    name: str
    swatch: Swatch
    word_box: Box
    confidence: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Legend:
    """The legend that serves a panel: its entries in reading order and everything it covers, frame included."""

    entries: tuple[LegendEntry, ...]
    box: Box
    title: str | None = None
    direct: bool = False


@dataclass(frozen=True, kw_only=True)
class PanelTexts:
    """The texts around one plot area, None where there is none.

    `annotations` are the words within the plot area that are neither tick labels nor a legend. `figure_title` is the
    heading above a whole grid of panels, the same for each of them.
    """

    title: str | None = None
    title_box: Box | None = None
    x_label: str | None = None
    x_label_box: Box | None = None
    y_label: str | None = None
    y_label_box: Box | None = None
    y2_label: str | None = None
    y2_label_box: Box | None = None
    figure_title: str | None = None
    annotations: tuple[Word, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One panel before its data are read: plot area, axes, title, legend, and the boxes that hold no data ink."""

    area: PlotArea
    x_axis: Axis | None
    y_axis: Axis | None
    y2_axis: Axis | None = None
    title: str | None = None
    title_box: Box | None = None
    legend: Legend | None = None
    no_data: tuple[Box, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """The ink of one colour in one plot area.

    `coverage` is a float32 array (rows, columns) over the pixels of `box` (integer edges): 1 where a pixel is wholly
    covered by this colour, 0 where it is not. `hidden` is True where other ink lies on top, so that this layer may
    run on beneath. `entry` is the index of the legend entry that it belongs to; `entries` are all entries of that
    colour, where several curves share it and only their dashes or markers tell them apart.
    """

    color: Color
    box: Box
    coverage: NDArray[np.float32]
    hidden: NDArray[np.bool_]
    entry: int | None = None
    faint: bool = False
    entries: tuple[int, ...] = ()

    def holds(self, trace: Trace) -> bool:
        """Whether a curve was read from this layer."""
        same = trace.entry in self.entries if trace.entry is not None else trace.color == self.color
        return same and trace.faint == self.faint


@dataclass(frozen=True, kw_only=True, eq=False)
class Segmentation:
    """The ink of a plot area, separated by colour.

    All arrays cover the pixels of `box` (integer edges). `ink` is True where a pixel differs from its ground,
    `explained` where a layer accounts for that; `unexplained` is the share of the ink that none does. `stroke_px` is
    the usual width of the lines, `noise` the usual deviation of bare ground, in levels of 255. `no_chart` says
    what stands in the plot area, and leaves no layers, where that is no chart.
    """

    layers: tuple[Layer, ...]
    box: Box
    background: Color
    ink: NDArray[np.bool_]
    explained: NDArray[np.bool_]
    unexplained: float
    stroke_px: float
    noise: float
    no_chart: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Trace:
    """A curve in pixels, in drawing order.

    `x_px`, `y_px`, `x_err_px`, `y_err_px` have the shape (n,); errors are 95 % half-widths; a gap is a point whose
    `y_px` is NaN. `covered` is True where the course was bridged beneath other ink. `markers_px` (m, 2) are the
    subpixel centres of markers of radius `marker_radius_px`. For markers without a line the style is ``points`` and
    the points are the markers. `settled` is True where its ink tells the course plainly, or a second
    look at all ink together found the same one and was nowhere unsure of it.
    """

    x_px: FloatArray
    y_px: FloatArray
    x_err_px: FloatArray
    y_err_px: FloatArray
    covered: NDArray[np.bool_]
    color: Color
    width_px: float
    style: Style = "solid"
    entry: int | None = None
    markers_px: FloatArray = field(default_factory=lambda: np.empty((0, 2)))
    marker_radius_px: float = 0.0
    faint: bool = False
    step: bool = False
    confidence: float = 1.0
    settled: bool = False
    doubts: tuple[Reason, ...] = ()

    @property
    def covered_share(self) -> float:
        """The share of its width between points that were both bridged; where a bridge sets out the curve is seen."""
        along = np.abs(np.diff(self.x_px))
        return float(along[self.covered[1:] & self.covered[:-1]].sum() / max(float(along.sum()), 1e-9))


@dataclass(frozen=True, kw_only=True, eq=False)
class Samples:
    """The data points that a curve was drawn through, in pixels, or `why` they cannot be told.

    `x_px`, `y_px` (n,) with 95 % half-widths. `x` (n,) are their exact data values where they fall on a grid.
    """

    x_px: FloatArray = field(default_factory=lambda: np.empty(0))
    y_px: FloatArray = field(default_factory=lambda: np.empty(0))
    x_err_px: FloatArray = field(default_factory=lambda: np.empty(0))
    y_err_px: FloatArray = field(default_factory=lambda: np.empty(0))
    x: FloatArray | None = None
    why: str | None = None


class Point(NamedTuple):
    """A data point; on a date axis values are seconds since 1970 UTC and errors seconds."""

    x: float
    y: float
    x_err: float
    y_err: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Points:
    """Data points as four read-only arrays of shape (n,); errors are 95 % half-widths; a gap has y NaN."""

    x: FloatArray
    y: FloatArray
    x_err: FloatArray
    y_err: FloatArray

    def __post_init__(self) -> None:
        if not len(self.x) == len(self.y) == len(self.x_err) == len(self.y_err):
            raise ValueError("the arrays of points differ in length")
        for array in (self.x, self.y, self.x_err, self.y_err):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.x)

    def __iter__(self) -> Iterator[Point]:
        for row in zip(self.x, self.y, self.x_err, self.y_err, strict=True):
            yield Point(*(float(v) for v in row))


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """One curve of a panel in data coordinates, with its trace in pixels.

    `name` is None where the picture names it nowhere. `samples` are the data points it was drawn through, None where
    they cannot be told, and `samples_why` then says why. `raw_of` is the index, in the panel, of the smoothed series
    that this faint one lies beneath. `x_scale` is the scale of the x axis; the panel of the series sets it.
    """

    name: str | None
    color: Color
    style: Style
    axis: Literal["y", "y2"]
    points: Points
    trace: Trace
    samples: Points | None = None
    samples_why: str | None = None
    raw_of: int | None = None
    confidence: float = 1.0
    x_scale: Scale = "linear"

    def __repr__(self) -> str:
        return f"<Series {self.name!r}: {self.style}, {len(self.points)} points>"

    def to_frame(self) -> DataFrame:
        """The points as a data frame with the columns x, y, x_err, y_err; x are UTC times on a date axis."""
        from digitize.outputs.tables import series_table

        return series_table(self)


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """One chart. When `status` is ``refused`` its series hold traces in pixels and no data points.

    `number` counts the charts of the picture from 1, row by row; in a part of a reading they keep their numbers.
    """

    number: int = 1
    box: Box
    title: str | None
    x_axis: Axis | None
    y_axis: Axis | None
    y2_axis: Axis | None
    series: tuple[Series, ...]
    legend: Legend | None
    status: Status
    reasons: tuple[Reason, ...]
    layout: Layout
    dropped: tuple[Dropped, ...] = ()

    def __post_init__(self) -> None:
        scale = self.x_axis.scale if self.x_axis else "linear"
        series = tuple(one if one.x_scale == scale else replace(one, x_scale=scale) for one in self.series)
        object.__setattr__(self, "series", series)

    def __repr__(self) -> str:
        return f"<Panel {self.title!r}: {self.status}, {len(self.series)} series>"

    def y_axis_of(self, series: Series) -> Axis | None:
        """The y axis that a series is drawn on."""
        return self.y2_axis if series.axis == "y2" else self.y_axis

    def to_frame(
        self, x: Sequence[float | str] | Literal["ticks", "samples"] | int | str | None = None, *, errors: bool = False
    ) -> DataFrame:
        """All series on one common x, a column each, read along the lines as drawn.

        Parameters
        ----------
        x : sequence of numbers or ISO 8601 dates, "ticks", "samples", a count or "start:stop:step", optional
            Where to read the curves; without it, at the common data points, else at every pixel column.
        errors : with a further column NAME_err a series, the half-widths of 95 % intervals.
        """
        from digitize.outputs.tables import wide_table

        return wide_table(self, x, errors=errors)

    def stats(self) -> tuple[SeriesStats, ...]:
        """Minimum, maximum, mean, area, slopes and crossings of each series, with errors."""
        from digitize.outputs.stats import panel_stats

        return panel_stats(self)


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """Something that was seen and not used, and why: a misread tick label, ink that is no series, an annotation."""

    box: Box
    why: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """Everything that was found in one picture."""

    picture: Picture
    panels: tuple[Panel, ...]
    reasons: tuple[Reason, ...] = ()
    words: tuple[Word, ...] = ()
    settings: Settings = Settings()
    timings: tuple[tuple[str, float], ...] = ()

    def __repr__(self) -> str:
        return f"<Reading of {self.picture.name!r}: {len(self.panels)} panels>"

    def to_frame(self) -> DataFrame:
        """All points of all panels: panel (from 1), panel_title, series, color, x, y, x_err, y_err."""
        from digitize.outputs.tables import long_table

        return long_table(self)

    def to_json(self) -> str:
        """The reading as JSON text in the form of the published schema."""
        from digitize.outputs.encode import to_json

        return to_json(self)

    def to_markdown(self) -> str:
        """The reading in words, as in a good caption, with the values at the ticks."""
        from digitize.outputs.description import to_markdown

        return to_markdown(self)

    def overlay(self) -> PILImage:
        """The picture with everything that was found drawn over it."""
        from digitize.outputs.overlay import draw_overlay

        return draw_overlay(self)

    def save(self, folder: str | PathLike[str]) -> tuple[Path, ...]:
        """Write NAME.json, NAME.csv, NAME.md and NAME.overlay.png into a folder, NAME being the picture's.

        Raises
        ------
        OutputError
            A file cannot be written.
        """
        from digitize.outputs.files import save

        return save(self, folder)

    def _repr_html_(self) -> str:
        from digitize.outputs.notebook import to_html

        return to_html(self)


def to_iso(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 in UTC: a bare date at midnight, otherwise with milliseconds where needed."""
    stamp = datetime.fromtimestamp(round(seconds, 3), UTC)
    if (stamp.hour, stamp.minute, stamp.second, stamp.microsecond) == (0, 0, 0, 0):
        return stamp.date().isoformat()
    precision: Any = "milliseconds" if stamp.microsecond else "seconds"
    return stamp.isoformat(timespec=precision).replace("+00:00", "Z")
