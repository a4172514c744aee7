"""How charts are dressed: grounds, inks, palettes, fonts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator

from .model import Dash, Look, Values, mixed, rgb

PALETTES = [
    ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#17becf", "#bcbd22"],
    ["#4c72b0", "#dd8452", "#55a868", "#c44e52", "#8172b3", "#937860", "#da8bc3", "#64b5cd"],
    ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"],
    ["#e41a1c", "#377eb8", "#4daf4a", "#984ea3", "#ff7f00", "#a65628", "#f781bf"],
    ["#003f5c", "#7a5195", "#ef5675", "#ffa600", "#2f9e8f"],
    ["#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51"],
    ["#ff0000", "#0000ff", "#00a000", "#ff00ff", "#00a0a0"],
    ["#5470c6", "#91cc75", "#fac858", "#ee6666", "#73c0de", "#3ba272", "#fc8452", "#9a60b4"],
    ["#1b9e77", "#d95f02", "#7570b3", "#e7298a", "#66a61e", "#a6761d"],
    ["#00468b", "#ed0000", "#42b540", "#0099b4", "#925e9f"],
    ["#f8766d", "#00ba38", "#619cff", "#b79f00", "#f564e3"],
    ["#e05252", "#4c78dd", "#3aa57a", "#b06fd8", "#d9a032"],
]
DARK_PALETTES = [
    ["#ff5c5c", "#5c9dff", "#5fd38d", "#ffb74d", "#c792ea", "#4dd0e1"],
    ["#73bf69", "#f2cc0c", "#5794f2", "#ff9830", "#b877d9", "#f2495c"],
    ["#8dd3c7", "#feffb3", "#bfbbd9", "#fa8174", "#81b1d2", "#fdb462"],
    ["#e6194b", "#3cb44b", "#ffe119", "#4363d8", "#f58231", "#42d4f4"],
]
NEAR_HUES = [["#1f77b4", "#5aa2d8", "#174a70"], ["#d62728", "#ee7b5c"], ["#2ca02c", "#7fc97f", "#14601c"]]
GREYS = ["#000000", "#555555", "#888888", "#333333", "#707070"]
SANS = ["DejaVu Sans", "Liberation Sans", "Roboto", "Open Sans", "Lato", "Inter", "Roboto Condensed", "Nimbus Sans"]
SERIF = ["DejaVu Serif", "Liberation Serif", "Nimbus Roman", "C059", "P052"]
MONO = ["DejaVu Sans Mono", "Liberation Mono"]
DASHES: list[Dash] = ["solid", "dashed", "dotted", "dashdot"]
MARKERS = ["o", "s", "^", "D", "v", "x", "+"]
LIGHT_GROUNDS = ["#ffffff", "#ffffff", "#ffffff", "#ffffff", "#fafafa", "#f7f7f2", "#fdf6e3", "#eaeaf2", "#ebebeb"]
DARK_GROUNDS = ["#181b1f", "#111318", "#1e1e1e", "#0d1117", "#000000", "#1b1e24", "#20232a"]
LEAST_CONTRAST = 0.16


def pick(rng: Generator, options: list[Any] | tuple[Any, ...]) -> Any:
    """One of the options, as it is."""
    return options[int(rng.integers(len(options)))]


def random_look(rng: Generator, *, dark: bool, paper: bool, size: tuple[int, int], legends: list[str]) -> Look:
    """A dress for charts of about `size` pixels; `paper` means serif and white."""
    ground = pick(rng, DARK_GROUNDS if dark else ["#ffffff"] if paper else LIGHT_GROUNDS)
    ink = pick(rng, ["#c9ced8", "#ffffff", "#b8bcc8"] if dark else ["#000000", "#000000", "#333333", "#4a4f57"])
    page = ground if rng.random() < 0.65 else mixed(ink, 0.03, ground) if dark else "#ffffff"
    short_side = min(size)
    font_px = float(np.clip(rng.normal(0.034, 0.006) * short_side, 10, 13 + short_side / 90))
    fonts = SERIF if paper else SANS + (MONO if rng.random() < 0.2 else []) + (SERIF if rng.random() < 0.2 else [])
    return Look(
        page=page,
        ground=ground,
        ink=ink,
        grid_color=mixed(ink, float(rng.uniform(0.09, 0.28)), ground),
        font=pick(rng, fonts),
        font_px=round(font_px, 1),
        title_px=round(font_px * float(rng.uniform(1.05, 1.4)), 1),
        title_left=bool(rng.random() < 0.25),
        grid=pick(rng, ["none", "none", "y", "both", "both", "both"]),
        grid_dash=pick(rng, ["solid", "solid", "solid", "dashed", "dotted"]),
        frame=pick(rng, ["box", "box", "box", "open", "open", "bottom", "none"]),
        ticks=pick(rng, ["out", "out", "in", "none"]),
        minor=bool(rng.random() < 0.15),
        legend=pick(rng, legends),
        legend_frame=bool(rng.random() < 0.6),
    )


def usable(palette: list[str], ground: str) -> list[str]:
    """The colours of a palette that can be seen on the ground."""
    base = luminance(ground)
    return [c for c in palette if abs(luminance(c) - base) > LEAST_CONTRAST]


def luminance(color: str) -> float:
    red, green, blue = (v / 255 for v in rgb(color))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def colors_for(rng: Generator, count: int, ground: str) -> list[str]:
    """Different colours for `count` curves on the ground: from one palette, or of nearly one hue."""
    dark = luminance(ground) < 0.5
    if not dark and count <= 3 and rng.random() < 0.07:
        near: list[str] = pick(rng, [p for p in NEAR_HUES if len(p) >= count])
        return near[:count]
    palettes = [usable(p, ground) for p in (DARK_PALETTES if dark else PALETTES)]
    fitting = [p for p in palettes if len(p) >= count]
    if fitting:
        palette = list(pick(rng, fitting))
        if rng.random() < 0.5:
            rng.shuffle(palette)
        return palette[:count]
    return [hue(k / count, dark) for k in range(count)]


def hue(turn: float, dark: bool) -> str:
    """A colour at a turn of the wheel."""
    wheel: Values = np.array([0.0, 1 / 3, 2 / 3])
    channels = 0.5 + 0.5 * np.cos(2 * np.pi * (turn - wheel))
    level = 70 + 170 * channels if dark else 20 + 170 * channels
    return "#{:02x}{:02x}{:02x}".format(*(int(v) for v in level))
