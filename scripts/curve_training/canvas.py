"""Lines, fills and markers below the pixel, drawn with Agg straight onto a plot area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from random_charts.model import Values

from digitize.engines.curves import DRAWN_WIDTH

from .areas import Pixels

#: Shapes of markers that have no face.
_OPEN_SHAPES = "+x"
#: Two pieces whose directions differ by less than this make no corner.
_STRAIGHT = 1e-3


@dataclass(frozen=True, kw_only=True)
class Pen:
    """How a line is drawn: widths and dashes (on, off, …) in pixels; `snap` moves it onto whole pixels.

    A mitred corner whose tip would stand out further than `miter_limit` times the width is cut off.
    """

    width: float = 1.0
    opacity: float = 1.0
    dashes: tuple[float, ...] = ()
    cap: Literal["butt", "round"] = "butt"
    join: Literal["round", "miter", "bevel"] = "round"
    miter_limit: float = 4.0
    snap: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Marker:
    """How a marker is drawn: its shape as matplotlib names it, size and width of its edge in pixels, and its face."""

    shape: str
    size: float
    edge: float
    opacity: float
    face: Values


class Canvas:
    """A transparent sheet; points are x and y in pixels, y downwards, colours (3,) in 0 to 255."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._renderer = RendererAgg(width, height, 72)
        self._downwards = Affine2D().scale(1, -1).translate(0, height)

    def line(self, points: Values, color: Values, pen: Pen) -> None:
        context = self._context(color, pen.width, pen.opacity)
        context.set_capstyle(pen.cap)
        # which corners Agg mitres depends on the width; drawn on top, a translucent tip would show
        mitred = pen.join == "miter" and pen.opacity == 1 and not pen.dashes
        context.set_joinstyle("bevel" if mitred else pen.join)
        context.set_snap(pen.snap)
        if pen.dashes:
            context.set_dashes(0, pen.dashes)
        self._renderer.draw_path(context, Path(points), self._downwards, None)
        if mitred:
            self._fill_tips(miter_tips(points, pen.width, pen.miter_limit), color)

    def _fill_tips(self, tips: Values, color: Values) -> None:
        """Quadrangles (n, 4, 2), all of one colour."""
        closed = Path.make_compound_path_from_polys(tips)
        self._renderer.draw_path(self._context(color, 0, 1.0), closed, self._downwards, tuple(color / 255))

    def fill(self, outline: Values, color: Values, opacity: float) -> None:
        context = self._context(color, 0, opacity)
        context.set_snap(False)
        self._renderer.draw_path(context, Path(outline), self._downwards, tuple(color / 255))

    def markers(self, points: Values, color: Values, marker: Marker) -> None:
        context = self._context(color, marker.edge, marker.opacity)
        context.set_snap(False)
        style = MarkerStyle(marker.shape)
        shape = style.get_transform().frozen().scale(marker.size)
        face = None if marker.shape in _OPEN_SHAPES else tuple(marker.face / 255)
        self._renderer.draw_markers(context, style.get_path(), shape, Path(points), self._downwards, face)

    def over(self, ground: Values) -> Pixels:
        """What is drawn, over a ground: (h, w, 3)."""
        drawn = np.asarray(self._renderer.buffer_rgba()).astype(np.float32)
        share = drawn[..., 3:] / 255
        mixed = drawn[..., :3] * share + (1 - share) * ground.astype(np.float32)
        return np.clip(mixed, 0, 255).round().astype(np.uint8)

    def coverage(self) -> Pixels:
        """How far each pixel is drawn over: (h, w), 255 where it is all covered."""
        return np.asarray(self._renderer.buffer_rgba())[..., 3].copy()

    def _context(self, color: Values, width: float, opacity: float) -> GraphicsContextBase:
        context = self._renderer.new_gc()
        context.set_linewidth(width)
        context.set_foreground(tuple(color / 255))
        context.set_alpha(opacity)
        return context


def miter_tips(points: Values, width: float, limit: float) -> Values:
    """The quadrangles (m, 4, 2) that mitred corners of a polyline (n, 2) add to its pieces, in pixels.

    Of a corner of the angle a the tip stands out 1 / sin(a / 2) times the width (PDF 32000-1, 8.4.3.5); where that is
    more than the limit there is none.
    """
    steps = np.diff(points[np.r_[True, np.any(np.diff(points, axis=0), axis=1)]], axis=0)
    corners = points[:1] + np.cumsum(steps, axis=0)[:-1]
    along = steps / np.hypot(*steps.T)[:, None]
    before, after = along[:-1], along[1:]
    outward = before - after
    half_sine = np.sqrt(np.clip((1 + (before * after).sum(1)) / 2, 0, 1))
    tipped = (half_sine * limit >= 1) & (np.hypot(*outward.T) > _STRAIGHT)
    corners, before, after, outward = corners[tipped], before[tipped], after[tipped], outward[tipped]
    tip = outward / np.hypot(*outward.T)[:, None] / half_sine[tipped, None]
    sides = [
        side * np.sign((side * outward).sum(1))[:, None]
        for side in (before[:, ::-1] * (-1, 1), after[:, ::-1] * (-1, 1))
    ]
    return np.stack([corners, *(corners + width / 2 * way for way in (sides[0], tip, sides[1]))], axis=1)


def drawn_alone(pieces: Iterable[Values], width: int, height: int) -> Pixels:
    """A curve by itself, thin, without gaps but those between its pieces: its coverage (h, w) in 0 to 255."""
    canvas = Canvas(width, height)
    for piece in pieces:
        canvas.line(piece, np.zeros(3), Pen(width=DRAWN_WIDTH, cap="round"))
    return canvas.coverage()
