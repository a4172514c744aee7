"""Figures drawn by R: its own graphics, and ggplot2. Boxes are what R answers for the plot region."""

from __future__ import annotations

import functools
import math
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.random import Generator
from PIL import Image

from .looks import pick
from .model import AxisSpec, Bounds, Chart, Curve, Figure, MissingRendererError, Rendering, Values, drawn
from .truth import share

COMMON = "grid cards page log category errors band points markers all-markers hollow gaps refs notes dash-legend "
ABLE_BASE = frozenset((COMMON + "reversed filled inside right direct step-pre").split())
ABLE_GGPLOT = frozenset((COMMON + "faint inside right top bottom legend-title").split())
LINE_TYPES = {"solid": "solid", "dashed": "dashed", "dotted": "dotted", "dashdot": "dotdash"}
SHAPES = {"o": 16, "s": 15, "^": 17, "D": 18, "v": 25, "x": 4, "+": 3}
HOLLOW = {"o": 1, "s": 0, "^": 2, "D": 5, "v": 6}
LABELS = {
    "percent": "function(v) paste0(v, '%')",
    "thousands": "function(v) format(v, big.mark=',', scientific=FALSE, trim=TRUE)",
    "si": "function(v) ifelse(abs(v) >= 1e6, paste0(v / 1e6, 'M'), ifelse(abs(v) >= 1e3, paste0(v / 1e3, 'k'), v))",
    "comma": "function(v) format(v, decimal.mark=',', trim=TRUE)",
    "scientific": "function(v) format(v, scientific=TRUE)",
}
THEMES = {"gray": "#ebebeb", "bw": None, "minimal": None, "classic": None, "light": None}


def require_base() -> None:
    """Raise MissingRendererError where R is not installed."""
    if not shutil.which("Rscript"):
        raise MissingRendererError("the program Rscript is not installed (Debian: r-base-core)")


@functools.cache
def require_ggplot() -> None:
    """Raise MissingRendererError where R or its package ggplot2 is not installed."""
    require_base()
    if subprocess.run(["Rscript", "-e", "library(ggplot2)"], capture_output=True, check=False).returncode:
        raise MissingRendererError("R's package ggplot2 is not installed (Debian: r-cran-ggplot2)")


def quoted(text: str | None) -> str:
    return "'" + (text or "").replace("\\", "\\\\").replace("'", "\\'") + "'"


def vector(values: Values) -> str:
    return "c(" + ",".join("NA" if not math.isfinite(v) else f"{v:.12g}" for v in values.tolist()) + ")"


def times(axis: AxisSpec, values: str) -> str:
    return f"as.POSIXct({values}, origin='1970-01-01', tz='UTC')" if axis.scale == "date" else values


def run(lines: list[str], figure: Figure, look_font: str, ground: str) -> tuple[Image.Image, Bounds, str]:
    """Run a script that ends with `box <- c(left, top, right, bottom)`; returns picture, box, version."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.png"
        device = (
            f"png({quoted(str(out))}, width={figure.width}, height={figure.height}, res=96, type='cairo', "
            f"family={quoted(look_font)}, bg={quoted(ground)})"
        )
        end = ["invisible(dev.off())", "cat(sprintf('%.4f', box), '\\n', version)"]
        script = Path(folder) / "chart.R"
        script.write_text("\n".join([device, *lines, *end]), encoding="utf-8")
        done = subprocess.run(["Rscript", "--vanilla", str(script)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"R failed: {done.stderr}")
        numbers, version = done.stdout.strip().split("\n")[-2:]
        left, top, right, bottom = (float(v) for v in numbers.split())
        return Image.open(out).convert("RGB"), (left, top, right, bottom), version.strip()


def shape_of(curve: Curve) -> int:
    return (HOLLOW if curve.hollow else SHAPES).get(curve.marker or "o", 16)


def date_format(axis: AxisSpec) -> str:
    days = (axis.high - axis.low) / 86400
    return "%Y" if days > 1500 else "%b %Y" if days > 200 else "%b %d" if days > 3 else "%H:%M"


# --- R's own graphics ----------------------------------------------------------------------


def render_base(figure: Figure, rng: Generator) -> Rendering:
    """Draw a figure of one chart with R's own graphics."""
    require_base()
    chart = figure.charts[0]
    look = replace(chart.look, page=chart.look.ground)
    chart = replace(chart, look=look)
    size = look.font_px / 16  # R's text is 12 points, 16 pixels at this resolution
    longest = max(len(c.name or "") for c in chart.curves)
    aside = look.font_px * (0.62 * longest + 5) / (16 * 1.2) if look.legend in ("right", "direct") else 0
    margins = f"c({3.6 if chart.x.label else 2.4}, {4.6 if chart.y.label else 3.4}, {2.6 if chart.title else 1.0}, "
    margins += f"{1.2 + aside / size:.2f})"
    logs = ("x" if chart.x.scale == "log" else "") + ("y" if chart.y.scale == "log" else "")
    ticks = {"out": -0.4, "in": 0.4, "none": 0}[look.ticks]
    lines = [
        f"par(mar={margins}, cex={size:.3f}, fg={quoted(look.ink)}, col.axis={quoted(look.ink)}, tcl={ticks}, "
        f"col.lab={quoted(look.ink)}, col.main={quoted(look.ink)}, mgp=c(2.4, 0.7, 0), xpd=FALSE)",
        f"plot(NA, xlim={times(chart.x, vector(np.array(chart.x.ends)))}, ylim={vector(np.array(chart.y.ends))}, "
        f"xaxs='i', yaxs='i', axes=FALSE, xlab={quoted(chart.x.label)}, ylab={quoted(chart.y.label)}, log='{logs}')",
        f"title(main={quoted(chart.title)}, adj={0 if look.title_left else 0.5}, font.main={int(pick(rng, [1, 2]))})",
        "box <- c(grconvertX(0, 'npc', 'device'), grconvertY(1, 'npc', 'device'), "
        "grconvertX(1, 'npc', 'device'), grconvertY(0, 'npc', 'device'))",
    ]
    lines += base_axes(chart, upright=bool(rng.random() < 0.7))
    for curve in chart.curves:
        lines += base_curve(chart, curve)
    lines += base_legend(chart)
    lines.append("version <- paste('R', getRversion())")
    image, box, version = run(lines, figure, look.font, look.page)
    return Rendering(image=image, renderer=version, panels=(drawn(chart, box),))


def base_axes(chart: Chart, upright: bool) -> list[str]:
    look = chart.look
    out = []
    line = {"solid": 1, "dashed": 2, "dotted": 3, "dashdot": 4}[look.grid_dash]
    if look.grid in ("y", "both"):
        out.append(f"abline(h=axTicks(2), col={quoted(look.grid_color)}, lty={line})")
    if look.grid in ("x", "both") and chart.x.scale != "date":
        out.append(f"abline(v=axTicks(1), col={quoted(look.grid_color)}, lty={line})")
    ink = f"col={'NA' if look.frame == 'none' else quoted(look.ink)}, col.ticks={quoted(look.ink)}"
    if chart.x.scale == "date":
        out.append(f"at <- pretty({times(chart.x, vector(np.array(chart.x.ends)))}, 6)")
        out.append(f"axis(1, at=as.numeric(at), labels=format(at, '{date_format(chart.x)}'), {ink})")
    elif chart.x.labels is not None:
        names = ",".join(quoted(text) for text in chart.x.labels)
        out.append(f"axis(1, at=0:{len(chart.x.labels) - 1}, labels=c({names}), {ink})")
    else:
        out.append(f"axis(1, {ink})")
    label = LABELS.get(chart.y.form)
    texts = f"at=axTicks(2), labels=({label})(axTicks(2)), " if label else ""
    out.append(f"axis(2, las={1 if upright or label else 0}, {texts}{ink})")
    if look.frame in ("box", "open"):
        out.append(f"box(bty='{'o' if look.frame == 'box' else 'l'}', col={quoted(look.ink)})")
    refs = [f"abline({'h' if r.axis == 'y' else 'v'}={r.value!r}, col={quoted(r.color)}, lty=2)" for r in chart.refs]
    notes = [f"text({n.x!r}, {n.y!r}, {quoted(n.text)}, pos=3, col={quoted(look.ink)})" for n in chart.notes]
    return out + refs + notes


def base_curve(chart: Chart, curve: Curve) -> list[str]:
    x, y = vector(curve.x), vector(curve.y)
    faint = quoted(curve.color + "33")
    out = []
    if curve.band is not None:
        low, high = vector(curve.y - curve.band), vector(curve.y + curve.band)
        out.append(f"polygon(c({x}, rev({x})), c({low}, rev({high})), col={faint}, border=NA)")
    if curve.filled:
        out.append(f"polygon(c({x}, rev({x})), c({y}, rep({chart.y.low!r}, {len(curve.x)})), col={faint}, border=NA)")
    if curve.errors is not None:
        low, high = vector(curve.y - curve.errors), vector(curve.y + curve.errors)
        out.append(f"arrows({x}, {low}, {x}, {high}, length=0.03, angle=90, code=3, col={quoted(curve.color)})")
    kind = {"points": "n", "step-post": "s", "step-pre": "S"}.get(curve.draw, "l")
    out.append(
        f"lines({x}, {y}, type='{kind}', col={quoted(curve.color)}, lwd={curve.width:.2f}, "
        f"lty='{LINE_TYPES[curve.dash]}')"
    )
    if curve.marker:
        fill = chart.look.ground if curve.hollow else curve.color
        out.append(
            f"points({x}, {y}, pch={shape_of(curve)}, col={quoted(curve.color)}, bg={quoted(fill)}, "
            f"cex={curve.marker_size / (0.6 * chart.look.font_px):.2f})"
        )
    return out


def direct_labels(chart: Chart) -> list[str]:
    """Names right of the curves' ends, pushed apart where they would touch."""
    ends = {c: share(c.y[np.isfinite(c.y)][-1:], chart.y.scale, chart.y.ends)[0] for c in chart.curves}
    out, free = [], -1.0
    for curve, place in sorted(ends.items(), key=lambda item: item[1]):
        free = max(min(max(float(place), 0.0), 1.0), free + 0.075)
        at = chart.y.ends[0] + free * (chart.y.ends[1] - chart.y.ends[0])
        out.append(
            f"mtext({quoted(curve.name)}, side=4, at={at!r}, las=1, line=0.3, "
            f"col={quoted(curve.color)}, cex=par('cex'))"
        )
    return out


def base_legend(chart: Chart) -> list[str]:
    look = chart.look
    if look.legend == "none":
        return []
    if look.legend == "direct":
        return direct_labels(chart)
    names = ",".join(quoted(c.name) for c in chart.curves)
    colors = ",".join(quoted(c.color) for c in chart.curves)
    types = ",".join("NA" if c.draw == "points" else quoted(LINE_TYPES[c.dash]) for c in chart.curves)
    marks = ",".join(str(shape_of(c)) if c.marker else "NA" for c in chart.curves)
    place = quoted("".join(look.corner))
    if look.legend == "right":
        place = "grconvertX(1.02, 'npc', 'user'), grconvertY(1, 'npc', 'user'), xpd=NA"
    return [
        f"legend({place}, legend=c({names}), col=c({colors}), lty=c({types}), pch=c({marks}), "
        f"lwd={chart.curves[0].width:.2f}, "
        f"bty='{'o' if look.legend_frame else 'n'}', bg={quoted(look.ground)}, text.col={quoted(look.ink)})"
    ]


# --- ggplot2 -------------------------------------------------------------------------------


def render_ggplot(figure: Figure, rng: Generator) -> Rendering:
    """Draw a figure of one chart with ggplot2."""
    require_ggplot()
    chart = figure.charts[0]
    look = chart.look
    theme = "gray" if rng.random() < 0.4 and not look.dark else str(pick(rng, ["bw", "minimal", "classic", "light"]))
    if theme == "gray":
        look = replace(look, ground="#ebebeb", page="#ffffff", ink="#000000")
        chart = replace(chart, look=look)
    lines = ["suppressPackageStartupMessages({library(ggplot2); library(grid)})", *gg_data(chart)]
    lines.append("p <- ggplot(d, aes(x, y, colour=name, linetype=name, shape=name))")
    lines += [f"p <- p + {part}" for part in gg_layers(chart) + gg_scales(chart) + gg_theme(chart, theme)]
    lines += [
        "print(p)",
        "tree <- paste(capture.output(current.vpTree()), collapse='')",
        "seekViewport(regmatches(tree, regexpr('panel\\\\.[0-9]+-[0-9]+-[0-9]+-[0-9]+', tree)))",
        "a <- deviceLoc(unit(0, 'npc'), unit(0, 'npc')); b <- deviceLoc(unit(1, 'npc'), unit(1, 'npc'))",
        "inch <- function(u) convertUnit(u, 'inches', valueOnly=TRUE) * 96",
        f"box <- c(inch(a$x), {figure.height} - inch(b$y), inch(b$x), {figure.height} - inch(a$y))",
        "version <- paste('ggplot2', packageVersion('ggplot2'))",
    ]
    image, box, version = run(lines, figure, look.font, look.page)
    return Rendering(image=image, renderer=version, panels=(drawn(chart, box),))


def gg_data(chart: Chart) -> list[str]:
    """One data frame for all curves, a factor for their names."""
    rows = []
    for k, c in enumerate(chart.curves):
        spread = c.band if c.band is not None else c.errors if c.errors is not None else np.zeros(len(c.x))
        rows.append(
            f"data.frame(x={times(chart.x, vector(c.x))}, y={vector(c.y)}, s={vector(spread)}, "
            f"k={k}, name={quoted(c.name)})"
        )
    names = ",".join(dict.fromkeys(quoted(c.name) for c in chart.curves))
    return [f"d <- rbind({', '.join(rows)})", f"d$name <- factor(d$name, levels=c({names}))"]


def gg_layers(chart: Chart) -> list[str]:
    out = []
    for ref in chart.refs:
        shape = "geom_hline(yintercept" if ref.axis == "y" else "geom_vline(xintercept"
        place = times(chart.x, repr(ref.value)) if ref.axis == "x" else repr(ref.value)
        out.append(f"{shape}={place}, colour={quoted(ref.color)}, linetype='dashed')")
    for k, c in enumerate(chart.curves):
        own = f"data=d[d$k == {k}, ]"
        if c.band is not None:
            out.append(
                f"geom_ribbon(aes(ymin=y - s, ymax=y + s), {own}, fill={quoted(c.color)}, "
                "alpha=0.2, colour=NA, show.legend=FALSE)"
            )
        if c.errors is not None:
            width = 0.012 * (chart.x.high - chart.x.low) if chart.x.scale != "log" else 0.03
            out.append(
                f"geom_errorbar(aes(ymin=y - s, ymax=y + s), {own}, width={width!r}, "
                "linetype='solid', show.legend=FALSE)"
            )
        shape = "geom_step" if c.draw == "step-post" else "geom_line"
        if c.draw != "points":
            shown = "FALSE" if c.faint else "TRUE"
            out.append(
                f"{shape}({own}, linewidth={c.width / 2.845:.3f}, alpha={c.opacity}, na.rm=TRUE, show.legend={shown})"
            )
        if c.marker:
            out.append(f"geom_point({own}, size={c.marker_size / 3.6:.2f}, na.rm=TRUE)")
    for note in chart.notes:
        place = times(chart.x, repr(note.x))
        out.append(
            f"annotate('text', x={place}, y={note.y!r}, label={quoted(note.text)}, vjust=-1, "
            f"colour={quoted(chart.look.ink)}, "
            f"size={chart.look.font_px / 3.78:.2f}, family={quoted(chart.look.font)})"
        )
    return out


def by_name(curves: list[Curve], values: list[str]) -> str:
    return ",".join(f"{quoted(c.name)}={value}" for c, value in zip(curves, values, strict=True))


def gg_scales(chart: Chart) -> list[str]:
    curves = [c for c in chart.curves if not c.faint]
    types = by_name(curves, [quoted(LINE_TYPES[c.dash]) for c in curves])
    shapes = by_name(curves, [str(shape_of(c)) for c in curves])
    order = f"breaks=c({','.join(dict.fromkeys(quoted(c.name) for c in curves))})"
    name = quoted(chart.look.legend_title) if chart.look.legend_title else "NULL"
    out = [
        f"scale_colour_manual({name}, {order}, values=c({by_name(curves, [quoted(c.color) for c in curves])}))",
        f"scale_linetype_manual({name}, {order}, values=c({types}))",
        f"scale_shape_manual({name}, {order}, values=c({shapes}))",
        f"labs(x={quoted(chart.x.label) if chart.x.label else 'NULL'}, "
        f"y={quoted(chart.y.label) if chart.y.label else 'NULL'}, "
        f"title={quoted(chart.title) if chart.title else 'NULL'})",
    ]
    x_ends, y_ends = vector(np.array(chart.x.ends)), vector(np.array(chart.y.ends))
    if chart.x.scale == "date":
        out.append(f"scale_x_datetime(date_labels='{date_format(chart.x)}')")
    elif chart.x.scale == "log":
        out.append("scale_x_log10()")
    elif chart.x.labels is not None:
        texts = ",".join(quoted(text) for text in chart.x.labels)
        out.append(f"scale_x_continuous(breaks=0:{len(chart.x.labels) - 1}, labels=c({texts}))")
    label = LABELS.get(chart.y.form)
    if chart.y.scale == "log":
        out.append("scale_y_log10()")
    elif label:
        out.append(f"scale_y_continuous(labels={label})")
    out.append(f"coord_cartesian(xlim={times(chart.x, x_ends)}, ylim={y_ends}, expand=FALSE)")
    return out


def gg_theme(chart: Chart, theme: str) -> list[str]:
    look = chart.look
    up, side = look.corner
    place = {
        "inside": f"c({0.86 if side == 'right' else 0.14}, {0.82 if up == 'top' else 0.18})",
        "none": "'none'",
    }.get(look.legend, quoted(look.legend))
    grid = "element_line(colour='white')" if theme == "gray" else f"element_line(colour={quoted(look.grid_color)})"
    if look.grid == "none" and theme != "gray":
        grid = "element_blank()"
    ink, size = quoted(look.ink), look.font_px * 0.75
    return [
        f"theme_{theme}(base_size={size:.1f}, base_family={quoted(look.font)})",
        f"theme(legend.position={place}, panel.grid={grid}, panel.background=element_rect(fill={quoted(look.ground)}), "
        f"plot.background=element_rect(fill={quoted(look.page)}, colour=NA), text=element_text(colour={ink}), "
        f"axis.text=element_text(colour={ink}), legend.background=element_rect(fill={quoted(look.ground)}), "
        f"legend.key=element_rect(fill={quoted(look.ground)}, colour=NA), "
        f"plot.title=element_text(hjust={0 if look.title_left else 0.5}, "
        f"size={look.title_px * 0.75:.1f}), plot.margin=margin(8, 16, 8, 8))",
    ]
