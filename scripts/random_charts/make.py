"""Making cases: sample, draw, damage, check, write; a case whose truth is not where its ink is, is never kept."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.random import Generator
from PIL import Image

from . import (
    draw_bokeh,
    draw_browser,
    draw_gnuplot,
    draw_libreoffice,
    draw_matplotlib,
    draw_pgfplots,
    draw_r,
    draw_vega,
)
from .check import Finding, check
from .damage import Stored, random_damage
from .model import Figure, MissingRendererError, Rendering
from .sample import random_figure
from .setting import in_setting
from .truth import Story, case_record, write_truth

LEAST_SHARE = 0.9
LEAST_VISIBLE = 0.35
TRIES = 40


@dataclass(frozen=True, kw_only=True)
class Renderer:
    """A way to draw figures: what it can do, how to find out whether it is there, and how it draws."""

    able: frozenset[str]
    require: Callable[[], None]
    render: Callable[[Figure, Generator], Rendering]


RENDERERS: dict[str, Renderer] = {
    "matplotlib": Renderer(able=draw_matplotlib.ABLE, require=draw_matplotlib.require, render=draw_matplotlib.render),
    "vega": Renderer(able=draw_vega.ABLE, require=draw_vega.require, render=draw_vega.render),
    "gnuplot": Renderer(able=draw_gnuplot.ABLE, require=draw_gnuplot.require, render=draw_gnuplot.render),
    "bokeh": Renderer(able=draw_bokeh.ABLE, require=draw_bokeh.require, render=draw_bokeh.render),
    "libreoffice": Renderer(
        able=draw_libreoffice.ABLE, require=draw_libreoffice.require, render=draw_libreoffice.render
    ),
    "pgfplots": Renderer(able=draw_pgfplots.ABLE, require=draw_pgfplots.require, render=draw_pgfplots.render),
    "r": Renderer(able=draw_r.ABLE_BASE, require=draw_r.require_base, render=draw_r.render_base),
    "ggplot2": Renderer(able=draw_r.ABLE_GGPLOT, require=draw_r.require_ggplot, render=draw_r.render_ggplot),
    **{
        name: Renderer(
            able=library.able, require=partial(draw_browser.require, name), render=draw_browser.renderer(name)
        )
        for name, library in draw_browser.LIBRARIES.items()
    },
}


@dataclass(frozen=True, kw_only=True)
class Made:
    """What became of one case: its findings, and how many attempts were thrown away before."""

    id: str
    size: tuple[int, int]
    kilobytes: int
    findings: tuple[Finding, ...]
    rejected: tuple[str, ...]


def available(names: list[str]) -> tuple[list[str], dict[str, str]]:
    """Those of the renderers that this machine has, and for the others why not."""
    there, missing = [], {}
    for name in names:
        try:
            RENDERERS[name].require()
            there.append(name)
        except MissingRendererError as error:
            missing[name] = str(error)
    return there, missing


def make_cases(folder: Path, names: list[str], seed: int, count: int) -> Iterator[Made]:
    """Write `count` cases, renderers in turn; case k depends on the seed, k and its renderer alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for k in range(count):
        name = names[k % len(names)]
        yield make_case(
            folder, f"{name}-{seed:03d}{k:04d}", name, np.random.default_rng([seed, k, crc32(name.encode())])
        )


def make_case(folder: Path, case_id: str, name: str, rng: Generator) -> Made:
    """Draw until a figure passes its check, then write it."""
    renderer = RENDERERS[name]
    rejected: list[str] = []
    for _ in range(TRIES):
        figure = random_figure(rng, renderer.able)
        rendering = in_setting(figure, renderer.render, rng, whole="native-grid" in renderer.able)
        fault = bounds_fault(rendering) or fault_of(check(rendering.image, rendering.panels))
        if fault:
            rejected.append(fault)
            continue
        stored = random_damage(rendering, rng)
        image, findings = checked(stored)
        if fault := fault_of(findings, LEAST_SHARE - 0.1 if stored.lossy else LEAST_SHARE):
            rejected.append(f"after damage: {fault}")
            continue
        write_case(folder, Story(id=case_id, source="random", figure_title=figure.title, tags=figure.tags), stored)
        return Made(
            id=case_id,
            size=image.size,
            kilobytes=len(stored.data) // 1024,
            findings=tuple(findings),
            rejected=tuple(rejected),
        )
    raise RuntimeError(f"{case_id}: {TRIES} figures failed their check: {rejected}")


def checked(stored: Stored) -> tuple[Image.Image, list[Finding]]:
    """The stored picture, and how its truth fits it."""
    image = Image.open(io.BytesIO(stored.data))
    return image, check(image, stored.rendering.panels, stored.lossy)


def write_case(folder: Path, story: Story, stored: Stored) -> None:
    """Write the picture and its truth in place of whatever bore the name before."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(story.id + ".*"):
        old.unlink()
    (folder / (story.id + stored.suffix)).write_bytes(stored.data)
    write_truth(folder / (story.id + ".json"), case_record(story, stored.rendering))


def fault_of(findings: list[Finding], least: float = LEAST_SHARE) -> str | None:
    """The first curve that a person could not read where its truth says it is."""
    for f in findings:
        if f.share < least or f.visible < LEAST_VISIBLE:
            return f"panel {f.panel} {f.name}: share {f.share:.2f}, visible {f.visible:.2f}"
        if np.nanmax(np.abs([0, *f.shift_px])) > 0.75:
            return f"panel {f.panel} {f.name}: shifted by {f.shift_px}"
    return None


def bounds_fault(rendering: Rendering) -> str | None:
    """A plot area that is too small to be read, or leaves the picture."""
    width, height = rendering.image.size
    for panel in rendering.panels:
        left, top, right, bottom = panel.box
        if left < -1 or top < -1 or right > width + 1 or bottom > height + 1:
            return f"plot area {panel.box} outside of {width} x {height}"
        if right - left < 90 or bottom - top < 60:
            return f"plot area {panel.box} too small"
    return None
