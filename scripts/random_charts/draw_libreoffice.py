"""Figures drawn by LibreOffice Calc. The plot area is set through the office's own interface."""

from __future__ import annotations

import functools
import json
import math
import shutil
import subprocess
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from numpy.random import Generator
from PIL import Image

from .model import AxisSpec, Bounds, Chart, Figure, MissingRendererError, Rendering, abilities, drawn, plain_json
from .topics import nice_limits, nice_step

ABLE = abilities("grid cards page log points markers all-markers gaps right dash-legend no-dates no-steps")
SYSTEM_PYTHON = "/usr/bin/python3"
HELPER = Path(__file__).resolve().parent / "soffice_chart.py"


@functools.cache
def require() -> None:
    """Raise MissingRendererError where LibreOffice or its Python bridge is not installed."""
    if not shutil.which("soffice"):
        raise MissingRendererError("the program soffice is not installed (Debian: libreoffice-calc)")
    if subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode:
        raise MissingRendererError("LibreOffice's Python bridge is not installed (Debian: python3-uno)")


@functools.cache
def version() -> str:
    answer = subprocess.run(["soffice", "--version"], capture_output=True, text=True, check=True).stdout
    return " ".join(answer.split()[:2])


def render(figure: Figure, rng: Generator) -> Rendering:  # noqa: ARG001 - renderers are called alike
    """Draw a figure of one chart."""
    require()
    chart = on_round_limits(figure.charts[0])
    size = figure.width, figure.height
    box = area_of(chart, size)
    request: dict[str, Any] = plain_json(asdict(chart)) | {"size": size, "box": box}
    for name, axis in (("x", chart.x), ("y", chart.y)):
        request[name]["step"] = nice_step(axis.high - axis.low) if axis.scale == "linear" else None
    with tempfile.TemporaryDirectory() as folder:
        charts = Path(folder) / "charts.json"
        charts.write_text(json.dumps([request]))
        command = [SYSTEM_PYTHON, str(HELPER), str(charts), folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        if done.returncode:
            raise RuntimeError(f"LibreOffice failed: {done.stderr}")
        # the outermost pixels are mixed with what lies behind the exported shape
        image = Image.open(Path(folder) / "0.png").convert("RGB").crop((0, 0, size[0] - 2, size[1] - 2))
    # Strokes and curves are drawn half a pixel up and to the left of where they were asked for.
    left, top, right, bottom = (v - 0.5 for v in box)
    return Rendering(image=image, renderer=version(), panels=(drawn(chart, (left, top, right, bottom)),))


def on_round_limits(chart: Chart) -> Chart:
    """The chart with limits as a spreadsheet sets them: on round numbers, on whole decades."""

    def rounded(axis: AxisSpec) -> AxisSpec:
        if axis.scale == "log":
            low, high = math.floor(math.log10(axis.low) + 1e-9), math.ceil(math.log10(axis.high) - 1e-9)
            return replace(axis, low=10.0**low, high=10.0**high)
        low, high = nice_limits(axis.low, axis.high)
        return replace(axis, low=low, high=high)

    return replace(chart, x=rounded(chart.x), y=rounded(chart.y))


def area_of(chart: Chart, size: tuple[int, int]) -> Bounds:
    """The plot area in pixels, leaving room for the texts."""
    look = chart.look
    em = look.font_px
    longest = max(len(c.name or "") for c in chart.curves)
    aside = em * (longest * 0.6 + 5) if look.legend == "right" else 0
    above = look.title_px * 3 if chart.title else em * 1.4
    below = em * (4.6 if chart.x.label else 2.8)
    left = em * (6 if chart.y.label else 4.4)
    return round(left), round(above), round(size[0] - em * 1.6 - aside), round(size[1] - below)
