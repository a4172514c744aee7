"""How values, places, axes and names are put into words, the same in every text about a reading."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from digitize.model import Axis, Box, Panel, Reading
from digitize.outputs.rounding import to_text

_PLAIN = (-4, 9)  # powers of ten between which numbers are written out


def describe_axis(name: str, axis: Axis | None, box: Box) -> str:
    """One axis in a phrase: label, unit, scale, and its values at the edges of the plot area `box`."""
    if axis is None:
        return f"{name}: not read"
    label = " ".join(filter(None, [axis.label, f"({axis.unit})" if axis.unit else None]))
    if axis.scale == "category" and axis.labels:
        span = f"{axis.labels[0]} to {axis.labels[-1]}"
    else:
        ends = axis_ends(axis, box, "x" if name == "x" else "y")
        span = " to ".join(to_text(end, error_per_pixel(axis, end), axis.scale) for end in ends)
    return f"{name}: {label + ', ' if label else ''}{axis.scale}, {span}"


def axis_ends(axis: Axis, box: Box, name: str) -> tuple[float, float]:
    """The values of an axis at the edges of a plot area: left and right of the x axis, bottom and top of another."""
    first, last = axis.to_value(np.array((box.left, box.right) if name == "x" else (box.bottom, box.top)))
    return float(first), float(last)


def error_per_pixel(axis: Axis, value: float) -> float:
    """What one pixel means at a value of an axis, in data units."""
    pixel = axis.to_pixel(np.array(value))
    low, high = axis.to_value(pixel + np.array([-0.5, 0.5]))
    return float(abs(high - low))


def x_text(panel: Panel, value: float) -> str:
    """An x value of a panel for people, to what one pixel can tell; the category's name on a category axis."""
    axis = panel.x_axis
    if axis is None or not math.isfinite(value):
        return to_text(value)
    name = category_at(axis, value)
    return to_text(value, error_per_pixel(axis, value), axis.scale) if name is None else name


def category_at(axis: Axis, value: float) -> str | None:
    """The name that stands at a value of a category axis; None elsewhere, and where it is empty or not the only one."""
    if axis.labels is None or not 0 <= round(value) < len(axis.labels) or abs(value - round(value)) >= 0.05:
        return None
    name = axis.labels[round(value)]
    return name if name and axis.labels.count(name) == 1 else None


def place_text(panel: Panel, value: float, *, share_px: float = 1.0) -> str:
    """Where on the x axis, as ``x = 5``, to a pixel or to a share of one.

    Names of categories, at them to the pixel, stand in code marks.
    """
    axis = panel.x_axis
    if axis is None:
        return f"x = {x_text(panel, value)}"
    error = error_per_pixel(axis, value) * share_px
    if axis.scale != "category":
        return f"x = {to_text(value, error, axis.scale)}"
    name = category_at(axis, value) if abs(value - round(value)) <= error else None
    return f"x = {to_text(value, error) if name is None else code(name)}"


def number_text(value: float, error: float) -> str:
    """A number to the digits that its error leaves, noughts at its end kept: they say how exact it is.

    >>> number_text(0.3, 0.004), number_text(1234.5, 20.0), number_text(0.000012, 0.0000004)
    ('0.300', '1230', '1.20e-05')
    """
    if not math.isfinite(value):
        return "–"
    if not (math.isfinite(error) and error > 0):
        return to_text(value)
    decimals = -math.floor(math.log10(error))
    rounded = round(value, decimals) + 0.0
    exponent = math.floor(math.log10(max(abs(rounded), error)))
    if _PLAIN[0] <= exponent <= _PLAIN[1]:
        return f"{rounded:.{max(decimals, 0)}f}"
    return f"{rounded:.{max(decimals + exponent, 0)}e}"


def code(name: str) -> str:
    """A name in code marks, in which Markdown changes nothing."""
    return "`" + name.replace("`", "'").replace("\n", " ") + "`"


def escape(text: str) -> str:
    """Text as Markdown shows it unchanged: names with underscores and asterisks stay what they are."""
    escaped = "".join("\\" + character if character in "\\`*_[]<>|#" else character for character in text)
    return escaped.replace("\n", " ")


def chart_name(reading: Reading, panel: Panel) -> str:
    """What a chart is called in a sentence: its title in code marks where no other chart has it, else its number."""
    titles = [one.title for one in reading.panels]
    if panel.title and titles.count(panel.title) == 1:
        return code(panel.title)
    return f"chart {panel.number}"


def listing(items: Sequence[str]) -> str:
    """Items as a sentence lists them.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(items[:-1]), items[-1] if items else ""]))
