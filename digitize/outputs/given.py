"""A panel's pixels as those of the given picture, where that was turned upright before it was read."""

from __future__ import annotations

from dataclasses import replace

from digitize.model import Axis, Box, Panel, Picture


def in_given_pixels(panel: Panel, picture: Picture) -> Panel:
    """The panel moved to where it stands in the given picture; the panel itself where that was upright.

    A turned box is no box any more: its centre is turned back and its width and height are kept, and its axes move
    with it, so that they give the same values at its edges.
    """
    if picture.tilt_deg == 0.0:
        return panel
    box = picture.given_box(panel.box)
    dx, dy = box.left - panel.box.left, box.top - panel.box.top
    return replace(
        panel,
        box=box,
        x_axis=_moved(panel.x_axis, dx, picture),
        y_axis=_moved(panel.y_axis, dy, picture),
        y2_axis=_moved(panel.y2_axis, dy, picture),
    )


def _moved(axis: Axis | None, by: float, picture: Picture) -> Axis | None:
    if axis is None:
        return None

    def back(box: Box | None) -> Box | None:
        return None if box is None else picture.given_box(box)

    ticks = tuple(replace(tick, pixel=tick.pixel + by, box=back(tick.box)) for tick in axis.ticks)
    pixels = (axis.pixels[0] + by, axis.pixels[1] + by)
    return replace(axis, pixels=pixels, ticks=ticks, label_box=back(axis.label_box))
