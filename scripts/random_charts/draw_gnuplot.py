"""Figures drawn by gnuplot. Margins are set to fixed shares of the screen, so that the plot area is known."""

from __future__ import annotations

import functools
import math
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from .model import AxisSpec, Bounds, Chart, Curve, Figure, MissingRendererError, Rendering, abilities, drawn
from .topics import nice_step

ABLE = abilities(
    "grid native-grid page log category reversed y2 band errors filled points markers all-markers hollow gaps "
    "step-pre refs notes inside right top bottom dash-legend"
)
POINT_TYPES = {"+": 1, "x": 2, "s": 5, "o": 7, "^": 9, "v": 11, "D": 13}
DASH_TYPES = {"solid": "1", "dashed": "2", "dotted": "3", "dashdot": "4"}
FORMATS = {
    "percent": "%g%%",
    "scientific": "%.1e",
    "offset": "%.0e",
    "si": "%.1s%c",
    "thousands": "%'.0f",
    "power": "10^{%L}",
}
# "histeps" would go down to zero at both ends
STYLES = {"line": "lines", "step-post": "steps", "step-pre": "fsteps", "step-mid": "lines", "points": "points"}
KEYS = {
    "inside": "inside {} {}",
    "right": "outside right top",
    "top": "outside top center horizontal",
    "bottom": "outside bottom center horizontal",
}


@functools.cache
def require() -> None:
    """Raise MissingRendererError where gnuplot is not installed."""
    if not shutil.which("gnuplot"):
        raise MissingRendererError("the program gnuplot is not installed (Debian: gnuplot-nox)")


@functools.cache
def version() -> str:
    return subprocess.run(["gnuplot", "--version"], capture_output=True, text=True, check=True).stdout.split(" patch")[
        0
    ]


def render(figure: Figure, rng: Generator) -> Rendering:  # noqa: ARG001 - renderers are called alike
    """Draw a figure as one multiplot."""
    require()
    look = figure.charts[0].look
    width, height = figure.width, figure.height
    commands = [
        "set encoding utf8",
        f"set multiplot title '{quoted(figure.title or '')}'" if figure.title else "set multiplot",
    ]
    panels = []
    with tempfile.TemporaryDirectory() as folder:
        for number, chart in enumerate(figure.charts):
            row, column = divmod(number, figure.columns)
            cell = (column / figure.columns, 1 - (row + 1) / figure.rows, 1 / figure.columns, 1 / figure.rows)
            area = area_of(chart, cell, (width, height))
            commands += ["reset", f"set encoding utf8\nset font '{look.font},{look.font_px * 0.75:.1f}'"]
            commands += chart_commands(chart, area, Path(folder), number, (area[2] - area[0]) * width / look.font_px)
            # gnuplot's cairo terminal counts the screen from the lower left corner of the picture
            left, bottom, right, top = area
            box: Bounds = (left * width, (1 - top) * height, right * width, (1 - bottom) * height)
            panels.append(drawn(chart, box))
        out = Path(folder) / "out.png"
        terminal = (
            f"set terminal pngcairo size {width},{height} background '{look.ground}' "
            f"font '{look.font},{look.font_px * 0.75:.1f}' dashlength 1.6\nset output '{out}'\n"
        )
        script = terminal + "\n".join(commands) + "\nunset multiplot\n"
        done = subprocess.run(["gnuplot"], input=script, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"gnuplot failed: {done.stderr}")
        image = Image.open(out).convert("RGB")
    return Rendering(image=image, renderer=version(), panels=tuple(panels))


def quoted(text: str) -> str:
    """A text within single quotes, shown as it is (no enhanced markup)."""
    return text.replace("'", "''")


def area_of(chart: Chart, cell: Bounds, size: tuple[int, int]) -> Bounds:
    """The plot area within a cell as shares of the screen (left, bottom, right, top), leaving room for the texts."""
    em_x, em_y = chart.look.font_px / size[0], chart.look.font_px / size[1]
    longest = max(len(c.name or "") for c in chart.curves)
    left = cell[0] + em_x * (6.5 if chart.y.label else 5)
    right = cell[0] + cell[2] - em_x * (7 if chart.y2 else 2)
    bottom = cell[1] + em_y * ((4.6 if chart.x.label else 2.6) + (1.3 if chart.x.scale == "date" else 0))
    top = cell[1] + cell[3] - em_y * (2.8 if chart.title else 1.2)
    if chart.look.legend == "right":
        right -= em_x * (longest * 0.62 + 5)
    rows = math.ceil(sum(len(c.name or "") * 0.62 + 6 for c in chart.curves) * em_x / max(right - left, 0.05))
    if chart.look.legend == "top":
        top -= em_y * 1.5 * rows
    if chart.look.legend == "bottom":
        bottom += em_y * (1.5 * rows + 1)
    return left, bottom, right, top


def axis_commands(axis: AxisSpec, name: str, look_grid: bool) -> list[str]:
    first, last = axis.ends
    out = []
    if axis.scale == "date":
        out += [f"set {name}data time", "set timefmt '%s'", f'set format {name} "{date_format(axis)}"']
        out += [
            f"set {name}range ['{first:.0f}':'{last:.0f}'] noextend",
            f"set {name}tics {date_step(axis):.0f} nomirror",
        ]
    else:
        out.append(f"set {name}range [{first!r}:{last!r}] noextend")
    if axis.scale == "log":
        out.append(f"set logscale {name}")
    if axis.labels is not None:
        places = ", ".join(f"'{quoted(text)}' {k}" for k, text in enumerate(axis.labels))
        out.append(f"set {name}tics ({places})")
    elif axis.form in FORMATS:
        out.append(f'set format {name} "{FORMATS[axis.form]}"')
    elif axis.form == "comma":
        out.append("set decimalsign ','")
    if axis.label:
        out.append(f"set {name}label '{quoted(axis.label)}' noenhanced")
    if look_grid:
        out.append(f"set grid {name}tics")
    return out


def date_format(axis: AxisSpec) -> str:
    days = (axis.high - axis.low) / 86400
    if days > 1500:
        return "%Y"
    if days > 60:
        return "%b\\n%Y" if days > 300 else "%d %b"
    return "%d %b" if days > 3 else "%H:%M"


def date_step(axis: AxisSpec) -> float:
    """A step between date ticks that gives five to eight of them."""
    span = axis.high - axis.low
    steps = [
        60,
        300,
        600,
        1800,
        3600,
        7200,
        4 * 3600,
        86400,
        7 * 86400,
        14 * 86400,
        30.4375 * 86400,
        91.3125 * 86400,
        182.625 * 86400,
        365.25 * 86400,
        730.5 * 86400,
        5 * 365.25 * 86400,
        10 * 365.25 * 86400,
    ]
    return next((s for s in steps if span / s <= 8), steps[-1])


def chart_commands(chart: Chart, area: Bounds, folder: Path, number: int, room: float) -> list[str]:
    """Everything that one panel takes; `room` is the plot area's width in font sizes."""
    look = chart.look
    _left, _bottom, _right, _top = area
    border = {"box": 31, "open": 3, "bottom": 1, "none": 0}[look.frame] | (
        8 if chart.y2 and look.frame != "none" else 0
    )
    out = [f"set {side}margin at screen {v:.6f}" for side, v in zip("lbrt", area, strict=True)]
    out += [
        f"set border {border} lc rgb '{look.ink}'",
        f"set tics textcolor rgb '{look.ink}'",
        f"set xlabel textcolor rgb '{look.ink}'",
        f"set ylabel textcolor rgb '{look.ink}'",
        f"set grid {'x' if look.grid == 'x' else 'y'}tics lc rgb '{look.grid_color}' lw 1 "
        f"dt {DASH_TYPES[look.grid_dash]}",
    ]
    if look.grid == "none":
        out.append("unset grid")
    mirror = "mirror" if look.frame == "box" and not chart.y2 else "nomirror"
    scale = {"in": "in", "out": "out", "none": "scale 0"}[look.ticks]
    out += [f"set xtics {scale} {mirror}", f"set ytics {scale} {mirror}"]
    out += axis_commands(chart.x, "x", look.grid in ("x", "both"))
    if chart.x.scale == "linear" and room < 30:  # fewer than thirty letters' room: half as many ticks
        out.append(f"set xtics {2 * nice_step(chart.x.high - chart.x.low)!r}")
    out += axis_commands(chart.y, "y", look.grid in ("y", "both"))
    if chart.y2:
        out += [f"set y2tics {scale}", f"set y2label textcolor rgb '{look.ink}'", *axis_commands(chart.y2, "y2", False)]
    if chart.title:
        out.append(
            f"set title '{quoted(chart.title)}' noenhanced textcolor rgb '{look.ink}' "
            f"font ',{look.title_px * 0.75:.1f}'"
        )
    key = (
        "unset key"
        if look.legend == "none"
        else (
            f"set key {KEYS[look.legend].format(*look.corner)} "
            f"{'box' if look.legend_frame and look.legend == 'inside' else 'nobox'} "
            f"opaque width 1.5 noenhanced textcolor rgb '{look.ink}'"
        )
    )
    out.append(key)
    out += [mark for k, ref in enumerate(chart.refs) for mark in ref_commands(chart, ref.axis, ref.value, ref.color, k)]
    for n in chart.notes:
        place = f"'{n.x:.0f}'" if chart.x.scale == "date" else repr(n.x)
        out.append(f"set label '{n.text}' at {place},{n.y!r} center offset 0,1.2 textcolor rgb '{look.ink}'")
    plots = [part for k, c in enumerate(chart.curves) for part in curve_parts(chart, c, folder / f"{number}-{k}.txt")]
    return [*out, "plot " + ", ".join(plots)]


def ref_commands(chart: Chart, axis: str, value: float, color: str, number: int) -> list[str]:
    dressed = f"nohead lc rgb '{color}' dt 2 lw 1 back"
    if axis == "y":
        return [f"set arrow {number + 1} from graph 0, first {value!r} to graph 1, first {value!r} {dressed}"]
    place = f"'{value:.0f}'" if chart.x.scale == "date" else repr(value)
    return [f"set arrow {number + 1} from first {place}, graph 0 to first {place}, graph 1 {dressed}"]


def with_corners(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """The rows of a step curve, x first, each as the two ends of its level, halfway to its neighbours."""
    x = table[:, 0]
    halfway = (x[1:] + x[:-1]) / 2
    ends = np.column_stack([np.append(x[:1], halfway), np.append(halfway, x[-1:])])
    return np.column_stack([ends.ravel(), np.repeat(table[:, 1:], 2, axis=0)])


def curve_parts(chart: Chart, curve: Curve, path: Path) -> list[str]:
    """The plot elements of one curve: band, fill, error bars, the line, its markers."""
    spread = (
        curve.band if curve.band is not None else curve.errors if curve.errors is not None else np.zeros(len(curve.x))
    )
    digits = "%.0f" if chart.x.scale == "date" else "%.12g"
    table = np.column_stack([curve.x, curve.y, curve.y - spread, curve.y + spread])
    if curve.draw == "step-mid":
        table = with_corners(table)
    rows = [f"{digits % row[0]} " + " ".join(f"{v:.12g}" for v in row[1:]) for row in table]
    path.write_text("\n".join("" if math.isnan(v[1]) else r for r, v in zip(rows, table, strict=True)) + "\n")
    data = f"'{path}'"
    axes = " axes x1y2" if curve.axis == "y2" else ""
    faint = curve.color.replace("#", "#cc")
    parts = []
    if curve.band is not None:
        parts.append(f"{data} using 1:3:4{axes} with filledcurves fc rgb '{faint}' notitle")
    if curve.filled:
        parts.append(f"{data} using 1:2{axes} with filledcurves y1={chart.y.low!r} fc rgb '{faint}' notitle")
    if curve.errors is not None:
        parts.append(f"{data} using 1:2:3:4{axes} with yerrorbars pt 0 lc rgb '{curve.color}' lw 1 notitle")
    title = f"title '{quoted(curve.name or '')}'" if chart.look.legend != "none" else "notitle"
    kind = POINT_TYPES.get(curve.marker or "o", 7) - (1 if curve.hollow and curve.marker not in ("x", "+") else 0)
    marks = f"pt {kind} ps {curve.marker_size / 8.5:.2f}" if curve.marker else ""
    style = STYLES[curve.draw] if not (curve.marker and curve.draw == "line") else "linespoints"
    dash = "" if curve.draw == "points" else f"dt {DASH_TYPES[curve.dash]}"
    parts.append(
        f"{data} using 1:2{axes} with {style} lc rgb '{curve.color}' lw {curve.width:.2f} {dash} {marks} {title}"
    )
    return parts
