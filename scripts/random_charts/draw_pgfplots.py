"""Figures set by pgfplots in LaTeX. The plot area is put at a fixed place of a page of fixed size."""

from __future__ import annotations

import functools
import math
import shutil
import subprocess
import tempfile
from pathlib import Path

from numpy.random import Generator
from PIL import Image

from .model import AxisSpec, Bounds, Chart, Curve, Figure, MissingRendererError, Rendering, abilities, drawn

ABLE = abilities(
    "grid cards page log category reversed errors points markers all-markers hollow gaps step-pre refs filled "
    "inside right top bottom dash-legend no-dates"
)
DASHES = {
    "solid": "solid",
    "dashed": "dashed",
    "dotted": "dotted",
    "dashdot": "dash pattern=on 4pt off 2pt on 1pt off 2pt",
}
MARKS = {"o": "*", "s": "square*", "^": "triangle*", "D": "diamond*", "x": "x", "+": "+", "v": "pentagon*"}
STEPS = {"step-post": "const plot", "step-pre": "const plot mark right", "step-mid": "const plot mark mid"}
TYPE_SIZE = 10.0
PREAMBLE = r"""\documentclass[10pt]{article}
\usepackage[T1]{fontenc}
\usepackage{pgfplots}
\pgfplotsset{compat=1.16}
"""


@functools.cache
def require() -> None:
    """Raise MissingRendererError where LaTeX, pgfplots or the rasteriser is not installed."""
    for program, package in (
        ("pdflatex", "texlive-latex-base"),
        ("kpsewhich", "texlive-binaries"),
        ("pdftoppm", "poppler-utils"),
    ):
        if not shutil.which(program):
            raise MissingRendererError(f"the program {program} is not installed (Debian: {package})")
    if not subprocess.run(["kpsewhich", "pgfplots.sty"], capture_output=True, text=True, check=False).stdout.strip():
        raise MissingRendererError("the LaTeX package pgfplots is not installed (Debian: texlive-pictures)")


def render(figure: Figure, rng: Generator) -> Rendering:  # noqa: ARG001 - renderers are called alike
    """Draw a figure of one chart; text is 10 points and a point as large as the look's font asks."""
    require()
    chart = figure.charts[0]
    scale = chart.look.font_px / TYPE_SIZE
    width, height = round(figure.width / scale), round(figure.height / scale)
    left, bottom, right, top = area_of(chart, width, height)
    body = axis_source(chart, (left, bottom, right, top))
    source = PREAMBLE + "\n".join(
        [
            *colors_source(chart),
            r"\begin{document}",
            rf"\pdfpagewidth={width}bp \pdfpageheight={height}bp \pdfhorigin=0pt \pdfvorigin=0pt",
            r"\setbox0=\hbox{\begin{tikzpicture}[x=1bp,y=1bp]",
            rf"\useasboundingbox (0,0) rectangle ({width},{height});",
            rf"\fill[ground] (0,0) rectangle ({width},{height});",
            body,
            r"\end{tikzpicture}}\shipout\box0",
            r"\end{document}",
        ]
    )
    image = typeset(source, 72 * scale).crop((0, 0, int(width * scale), int(height * scale)))
    box: Bounds = (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
    return Rendering(image=image, renderer="pgfplots (pdfTeX)", panels=(drawn(chart, box),))


def typeset(source: str, dpi: float) -> Image.Image:
    """The only page of a LaTeX source as a picture."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "chart.tex").write_text(source, encoding="utf-8")
        command = ["pdflatex", "-interaction=batchmode", "-halt-on-error", "chart.tex"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            log = (Path(folder) / "chart.log").read_text(errors="replace")
            raise RuntimeError("LaTeX failed: " + "; ".join(row for row in log.splitlines() if row.startswith("!")))
        subprocess.run(["pdftoppm", "-r", f"{dpi:.3f}", "-png", "chart.pdf", "page"], cwd=folder, check=True)
        return Image.open(next(Path(folder).glob("page*.png"))).convert("RGB")


def area_of(chart: Chart, width: int, height: int) -> tuple[float, float, float, float]:
    """The plot area on the page in points: left, bottom, right, top."""
    look = chart.look
    longest = max(len(c.name or "") for c in chart.curves)
    aside = 4.9 * longest + 45 if look.legend in ("right", "direct") else 18
    below = (40 if chart.x.label else 26) + (22 if look.legend == "bottom" else 0)
    above = (26 if chart.title else 16) + (20 if look.legend == "top" else 0) + lifted(chart)
    return 62 if chart.y.label else 46, below, width - aside, height - above


def lifted(chart: Chart) -> int:
    """By how many points what stands over the upper end of the axis is lifted, so as not to hide a multiplier there."""
    look = chart.look
    return 12 if look.legend == "top" or (chart.title and look.title_left) else 0


def escaped(text: str) -> str:
    """A text as LaTeX prints it literally."""
    special = {"%": r"\%", "_": r"\_", "&": r"\&", "#": r"\#", "$": r"\$", "^": r"\^{}", "~": r"\textasciitilde{}"}
    return "".join(special.get(c, c) for c in text).replace("°", r"\textdegree{}")


def colors_source(chart: Chart) -> list[str]:
    look = chart.look
    named = {"ground": look.ground, "ink": look.ink, "gridline": look.grid_color}
    named |= {f"curve{k}": c.color for k, c in enumerate(chart.curves)}
    return [rf"\definecolor{{{name}}}{{HTML}}{{{color[1:].upper()}}}" for name, color in named.items()]


def axis_source(chart: Chart, area: tuple[float, float, float, float]) -> str:
    """The whole axis environment."""
    look = chart.look
    left, bottom, right, top = area
    lines = {"box": "box", "open": "left", "bottom": "left", "none": "left"}[look.frame]
    grid = {"none": "none", "x": "none", "y": "none", "both": "major"}[look.grid]
    options = [
        f"at={{({left}bp,{bottom}bp)}}",
        "anchor=south west",
        "scale only axis",
        f"width={right - left}bp",
        f"height={top - bottom}bp",
        f"grid={grid}",
        f"grid style={{gridline,{DASHES[look.grid_dash]}}}",
        "color=ink",
        "every axis label/.append style={ink}",
        "tick label style={ink}",
        "axis line style={ink}",
        f"axis x line*={'box' if lines == 'box' else 'bottom'}",
        f"axis y line*={lines}",
        "unbounded coords=jump",
        f"tick align={'outside' if look.ticks == 'out' else 'inside'}",
        "legend cell align=left",
        "clip=true",
    ]
    options += [f"{name}majorgrids" for name in ("x", "y") if look.grid == name]
    if look.ticks == "none":
        options.append("major tick length=0pt")
    if look.frame == "none":
        options.append("axis line style={draw=none}")
    if chart.title:
        place = "at={(0,1)},anchor=south west" if look.title_left else "at={(0.5,1)},anchor=south"
        shift = (22 if look.legend == "top" else 3) + lifted(chart)
        options += [f"title={{{escaped(chart.title)}}}", f"title style={{ink,{place},yshift={shift}bp}}"]
    options += axis_options(chart.x, "x") + axis_options(chart.y, "y") + legend_options(chart)
    kind = {
        (False, False): "axis",
        (True, False): "semilogxaxis",
        (False, True): "semilogyaxis",
        (True, True): "loglogaxis",
    }
    name = kind[chart.x.scale == "log", chart.y.scale == "log"]
    plots = [ref_source(chart, r.axis, r.value) for r in chart.refs]
    plots += [plot for k, c in enumerate(chart.curves) for plot in curve_source(chart, c, k)]
    return "\n".join([rf"\begin{{{name}}}[{','.join(options)}]", *plots, rf"\end{{{name}}}"])


def axis_options(axis: AxisSpec, name: str) -> list[str]:
    out = [f"{name}min={axis.low:.9g}", f"{name}max={axis.high:.9g}"]
    if axis.label:
        out.append(f"{name}label={{{escaped(axis.label)}}}")
    if axis.reversed:
        out.append(f"{name} dir=reverse")
    if axis.labels is not None:
        out.append(f"{name}tick={{{','.join(str(k) for k in range(len(axis.labels)))}}}")
        out.append(f"{name}ticklabels={{{','.join(escaped(text) for text in axis.labels)}}}")
    if axis.form == "year":
        out.append(f"{name}ticklabel style={{/pgf/number format/1000 sep=}}")
    if axis.form == "percent":
        out.append(name + r"ticklabel={\pgfmathprintnumber{\tick}\,\%}")
    if axis.form == "comma":
        out.append(f"{name}ticklabel style={{/pgf/number format/use comma}}")
    if axis.form == "thousands":
        out += [f"scaled {name} ticks=false", f"{name}ticklabel style={{/pgf/number format/fixed}}"]
    return out


def legend_options(chart: Chart) -> list[str]:
    look = chart.look
    columns = "legend columns=-1"
    up, side = look.corner
    place = {
        "inside": [f"legend pos={'north' if up == 'top' else 'south'} {'west' if side == 'left' else 'east'}"],
        "right": ["legend style={at={(1.02,1)},anchor=north west}"],
        "top": [f"legend style={{at={{(0.5,1)}},anchor=south,yshift={3 + lifted(chart)}bp}}", columns],
        "bottom": [f"legend style={{at={{(0.5,0)}},anchor=north,yshift=-{36 if chart.x.label else 22}bp}}", columns],
    }.get(look.legend, [])
    frame = "draw=ink" if look.legend_frame else "draw=none"
    return [*place, f"legend style={{fill=ground,text=ink,{frame},font=\\small}}"]


def ref_source(chart: Chart, axis: str, value: float) -> str:
    low, high = (chart.x.low, chart.x.high) if axis == "y" else (chart.y.low, chart.y.high)
    ends = (
        f"({low:.9g},{value:.9g}) ({high:.9g},{value:.9g})"
        if axis == "y"
        else f"({value:.9g},{low:.9g}) ({value:.9g},{high:.9g})"
    )
    return rf"\addplot[ink!50!ground,dashed,forget plot] coordinates {{{ends}}};"


def curve_source(chart: Chart, curve: Curve, number: int) -> list[str]:
    """The plot of one curve, the area beneath it before, its direct label after."""
    point = 72.27 / 72 * TYPE_SIZE / chart.look.font_px
    style = [f"color=curve{number}", f"line width={curve.width * point:.2f}pt", DASHES[curve.dash]]
    if curve.draw == "points":
        style.append("only marks")
    elif curve.draw in STEPS:
        style.append(STEPS[curve.draw])
    fill = "ground" if curve.hollow else f"curve{number}"
    mark = (
        f"mark={MARKS[curve.marker]},mark size={curve.marker_size / 2 * point:.2f}pt" if curve.marker else "mark=none"
    )
    style += [mark, f"mark options={{solid,draw=curve{number},fill={fill}}}"]
    spread = curve.errors
    if spread is not None:
        style.append("error bars/.cd,y dir=both,y explicit")
    rows = " ".join(
        f"({x:.9g},{y:.9g})" + (f" +- (0,{spread[k]:.6g})" if spread is not None else "")
        if math.isfinite(y)
        else f"({x:.9g},nan)"
        for k, (x, y) in enumerate(zip(curve.x, curve.y, strict=True))
    )
    out = []
    if curve.filled:
        out.append(
            rf"\addplot[draw=none,fill=curve{number},fill opacity=0.2,forget plot] coordinates {{{rows}}} \closedcycle;"
        )
    out.append(rf"\addplot[{','.join(style)}] coordinates {{{rows}}};")
    if chart.look.legend not in ("none", "direct"):
        out.append(rf"\addlegendentry{{{escaped(curve.name or '')}}}")
    elif chart.look.legend == "direct":
        x, y = float(curve.x[-1]), float(curve.y[-1])
        out.append(
            rf"\node[anchor=west,text=curve{number},xshift=2pt] "
            rf"at (axis cs:{x:.9g},{y:.9g}) {{{escaped(curve.name or '')}}};"
        )
    return out
