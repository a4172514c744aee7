"""Plot areas drawn at random: curves over one another in many looks, with what surrounds them, then damaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.random import Generator
from PIL import Image
from random_charts.model import Values

from .areas import Curve, PlotArea
from .canvas import Canvas, Marker, Pen
from .clutter import draw_rules, draw_words
from .courses import random_courses
from .damage import damaged

PALETTES = (
    "1f77b4 ff7f0e 2ca02c d62728 9467bd 8c564b e377c2 7f7f7f bcbd22 17becf",
    "e69f00 56b4e9 009e73 f0e442 0072b2 d55e00 cc79a7 000000",
    "e41a1c 377eb8 4daf4a 984ea3 ff7f00 ffff33 a65628 f781bf 999999",
    "1b9e77 d95f02 7570b3 e7298a 66a61e e6ab02 a6761d 666666",
    "66c2a5 fc8d62 8da0cb e78ac3 a6d854 ffd92f e5c494 b3b3b3",
    "636efa ef553b 00cc96 ab63fa ffa15a 19d3f3 ff6692 b6e880 ff97ff fecb52",
    "f8766d 00ba38 619cff c77cff 00bfc4 7cae00",
    "5470c6 91cc75 fac858 ee6666 73c0de 3ba272 fc8452 9a60b4 ea7ccc",
    "440154 3b528b 21918c 5ec962 fde725",
    "0d0887 7e03a8 cc4778 f89540 f0f921",
    "003f5c 58508d bc5090 ff6361 ffa600",
    "000000 404040 707070 a0a0a0 c0c0c0",
    "08519c 3182bd 6baed6 9ecae1",
    "a50f15 de2d26 fb6a4a fc9272",
    "ff0000 0000ff 00ff00 ff00ff 00ffff 000000",
    "4285f4 db4437 f4b400 0f9d58 ab47bc 00acc1",
)
#: A colour that differs from the ground by no more than this in any channel draws no curve.
_LEAST_CONTRAST = 60
_COUNTS, _COUNT_ODDS = (1, 2, 3, 4, 5, 6, 8, 10), (0.1, 0.22, 0.22, 0.16, 0.12, 0.08, 0.06, 0.04)
_DASHES = (
    (1, 1.65),
    (3.7, 1.6),
    (6.4, 1.6, 1, 1.6),
    (5, 5),
    (1, 3),
    (8, 3),
    (6, 2, 1, 2, 1, 2),
    (2, 2),
    (4, 1),
)
#: Shapes as matplotlib names them; circles come twice as often.
_MARKERS = "osD^v<>s*pPXoo+x"
_JOINS: tuple[Literal["round", "miter", "bevel"], ...] = ("round", "miter", "bevel")
#: Those of SVG and of PDF, PostScript, Cairo and the canvas of browsers.
_MITER_LIMITS = (4, 10)


@dataclass(frozen=True, kw_only=True)
class Style:
    """What the curves of a plot area have in common; lengths in pixels."""

    stroke: float
    dashed: bool
    marked: bool
    steps: str | None
    opacity: float
    marker_size: float


@dataclass(frozen=True, kw_only=True)
class Additions:
    """What else its curves get: `raw` is a faint curve beneath its smoothed one, `broken` leaves a gap in the data."""

    join: Literal["round", "miter", "bevel"]
    miter_limit: float
    raw: bool
    band: bool
    filled: bool
    broken: bool
    error_bars: bool
    hollow: bool


def random_area(rng: Generator) -> PlotArea:
    """A plot area of random make, damaged at random."""
    canvas = Canvas(*random_size(rng))
    ground = random_ground(rng)
    draw_rules(rng, canvas, ground)
    inks = random_inks(rng, ground)
    style = random_style(rng, canvas.height)
    points = placed(rng, random_courses(rng, len(inks), canvas.width), canvas)
    painter = Painter(rng=rng, canvas=canvas, ground=ground, style=style, additions=random_additions(rng, style))
    courses = [stepped(own, style.steps) if style.steps else own for own in points]
    for course, ink in zip(courses, inks, strict=True):
        painter.shade(course, ink)
    curves: list[Curve] = []
    for course, own, ink in zip(courses, points, inks, strict=True):
        curves += painter.draw(course, own, ink)
    picture = Image.fromarray(canvas.over(ground))
    draw_words(rng, picture, inks, ground)
    return damaged(rng, PlotArea(rgb=np.asarray(picture), ground=ground, curves=tuple(curves)))


def random_size(rng: Generator) -> tuple[int, int]:
    """Width and height: of any plot area, or of one of many in a figure."""
    if rng.random() < 0.6:
        return int(rng.integers(220, 760)), int(rng.integers(150, 520))
    return int(rng.integers(100, 300)), int(rng.integers(80, 240))


def random_ground(rng: Generator) -> Values:
    """White, mostly; now and then a pale tint, a light grey or a dark colour."""
    lot = rng.random()
    if lot < 0.15:
        return 225 + 30 * rng.random(3)
    if lot < 0.2:
        return np.full(3, rng.uniform(200, 245))
    if lot < 0.38:
        return rng.uniform(0, 45) + 25 * rng.random(3)
    return np.full(3, 255.0)


def random_inks(rng: Generator, ground: Values) -> Values:
    """The colours (n, 3) of so many curves, from a palette or of any kind; now and then all the same."""
    count = int(rng.choice(_COUNTS, p=_COUNT_ODDS))
    if rng.random() < 0.25:
        colors = rng.random((count * 3, 3)) * 255
    else:
        palette = PALETTES[rng.integers(len(PALETTES))].split()
        colors = np.array([list(bytes.fromhex(name)) for name in palette], float)
        if rng.random() < 0.6:
            colors = rng.permutation(colors)
    seen = np.abs(colors - ground).max(1) > _LEAST_CONTRAST
    colors = colors[seen] if seen.any() else 255 - ground[None]
    inks = colors[np.arange(count) % len(colors)]
    if rng.random() < 0.04:
        inks[:] = inks[0]
    return inks


def random_style(rng: Generator, height: int) -> Style:
    """Lines as thin as the network is mostly shown them, or of any width up to a fiftieth of the height."""
    stroke = rng.uniform(0.6, 1.7)
    if rng.random() < 0.35:
        stroke = min(float(np.exp(rng.uniform(np.log(0.8), np.log(5)))), max(height / 50, 1.0))
    return Style(
        stroke=stroke,
        dashed=rng.random() < 0.35,
        marked=rng.random() < 0.3,
        steps=f"step-{rng.choice(['post', 'pre', 'mid'])}" if rng.random() < 0.08 else None,
        opacity=rng.uniform(0.3, 0.9) if rng.random() < 0.2 else 1.0,
        marker_size=rng.uniform(1.2, 3.5 if rng.random() < 0.75 else 7.0) * max(stroke, 1.5) + 2,
    )


def random_additions(rng: Generator, style: Style) -> Additions:
    return Additions(
        join=_JOINS[rng.integers(len(_JOINS))],
        miter_limit=float(rng.choice(_MITER_LIMITS)),
        raw=rng.random() < 0.14,
        band=rng.random() < 0.1,
        filled=rng.random() < 0.08,
        broken=rng.random() < 0.06,
        error_bars=style.marked and rng.random() < 0.15,
        hollow=rng.random() < 0.25,
    )


def placed(rng: Generator, courses: list[Values], canvas: Canvas) -> list[Values]:
    """Courses in pixels: all in one range of y that leaves some room or cuts them, or each in its own."""
    low, high = min(c[:, 1].min() for c in courses), max(c[:, 1].max() for c in courses)
    span = max(high - low, 1e-6)
    low -= span * rng.uniform(-0.08 * (rng.random() < 0.2), 0.2)
    high += span * rng.uniform(0, 0.25)
    apart = rng.random() < 0.15
    margin = rng.uniform(0, 0.06) * canvas.width
    points = []
    for x, y in (course.T for course in courses):
        if apart:
            low, high = y.min() - rng.random() * np.ptp(y), y.max() + rng.random() * np.ptp(y) + 1e-6
        down = canvas.height - (y - low) / (high - low) * canvas.height
        points.append(np.column_stack([margin + x * (canvas.width - 2 * margin), down]))
    return points


def stepped(points: Values, steps: str) -> Values:
    """The corners (m, 2) of a curve of steps through points (n, 2): step-post, step-pre or step-mid."""
    x, y = points.T
    if steps == "step-post":
        return np.column_stack([np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]])
    if steps == "step-pre":
        return np.column_stack([np.repeat(x, 2)[:-1], np.repeat(y, 2)[1:]])
    jumps = np.repeat((x[1:] + x[:-1]) / 2, 2)
    return np.column_stack([np.concatenate([x[:1], jumps, x[-1:]]), np.repeat(y, 2)])


@dataclass(frozen=True, kw_only=True)
class Painter:
    """Draws the curves of one plot area on its canvas, each after all that went before."""

    rng: Generator
    canvas: Canvas
    ground: Values
    style: Style
    additions: Additions

    def shade(self, course: Values, ink: Values) -> None:
        """A band about the curve, and a fill down to the lower side."""
        rng, height = self.rng, self.canvas.height
        if self.additions.band:
            half = rng.uniform(0.01, 0.12) * height * (1 + 0.3 * rng.normal(size=len(course)))
            offset = np.column_stack([np.zeros(len(half)), half])
            outline = np.vstack([course + offset, (course - offset)[::-1]])
            self.canvas.fill(outline, ink, rng.uniform(0.08, 0.35))
        if self.additions.filled:
            outline = np.vstack([course, [course[-1, 0], height], [course[0, 0], height]])
            self.canvas.fill(outline, ink, rng.uniform(0.08, 0.5))

    def draw(self, course: Values, points: Values, ink: Values) -> list[Curve]:
        """The line, with what belongs to it; `points` are where its markers stand."""
        curves = []
        if self.additions.raw and len(course) > 30:
            raw, course = self._draw_raw(course, ink)
            curves.append(raw)
        curves.append(self._draw_line(course, ink))
        if self.additions.error_bars:
            self._draw_error_bars(points, ink)
        if self.style.marked and len(points) < self.canvas.width / 5:
            self._draw_markers(points, ink)
        return curves

    def _draw_raw(self, course: Values, ink: Values) -> tuple[Curve, Values]:
        """A faint curve and the course of the smoothed one over it."""
        opacity = self.rng.uniform(0.15, 0.5)
        self.canvas.line(course, ink, self._pen(opacity=opacity))
        half = max(3, int(len(course) * self.rng.uniform(0.02, 0.12)))
        padded = np.pad(course[:, 1], (half, half), mode="edge")
        mean = np.convolve(padded, np.ones(2 * half + 1) / (2 * half + 1), "valid")
        return self._curve([course], ink, opacity), np.column_stack([course[:, 0], mean])

    def _draw_line(self, course: Values, ink: Values) -> Curve:
        dashes = self._random_dashes() if self.style.dashed and self.rng.random() < 0.7 else ()
        pieces = [course]
        if self.additions.broken and len(course) > 12:
            first, second = np.sort(self.rng.integers(2, len(course) - 2, 2))
            pieces = [course[:first], course[second:]]
        dotted = bool(dashes) and dashes[0] <= dashes[1]
        cap = "round" if dotted and self.rng.random() < 0.5 else "butt"
        pen = self._pen(opacity=self.style.opacity, dashes=dashes, cap=cap)
        for piece in pieces:
            self.canvas.line(piece, ink, pen)
        return self._curve(pieces, ink, self.style.opacity)

    def _pen(self, **how: Any) -> Pen:
        return Pen(width=self.style.stroke, join=self.additions.join, miter_limit=self.additions.miter_limit, **how)

    def _random_dashes(self) -> tuple[float, ...]:
        unit = max(self.style.stroke, 1.0) * self.rng.uniform(0.6, 1.6)
        return tuple(length * unit for length in _DASHES[self.rng.integers(len(_DASHES))])

    def _draw_error_bars(self, points: Values, ink: Values) -> None:
        pen = Pen(width=max(1, self.style.stroke * 0.7))
        for x, y in points[:: max(1, len(points) // 40)]:
            half = self.rng.uniform(0.01, 0.08) * self.canvas.height
            self.canvas.line(np.array([[x, y - half], [x, y + half]]), ink, pen)
            self.canvas.line(np.array([[x - 3, y - half], [x + 3, y - half]]), ink, pen)
            self.canvas.line(np.array([[x - 3, y + half], [x + 3, y + half]]), ink, pen)

    def _draw_markers(self, points: Values, ink: Values) -> None:
        marker = Marker(
            shape=_MARKERS[self.rng.integers(len(_MARKERS))],
            size=self.style.marker_size,
            edge=self.rng.uniform(0.5, 1.5),
            opacity=self.style.opacity,
            face=self.ground if self.additions.hollow else ink,
        )
        self.canvas.markers(points, ink, marker)

    def _curve(self, pieces: list[Values], ink: Values, opacity: float) -> Curve:
        return Curve(pieces=tuple(pieces), shown=self.ground + opacity * (ink - self.ground))
