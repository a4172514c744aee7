"""What differs between the layouts of two readings, in words: panels, axes, labels, titles and legends."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from digitize.color import color_distance
from digitize.medians import median
from digitize.model import Axis, AxisName, Color, FloatArray, Layout, Legend, Panel, Reading, Tick, Word, to_hex
from digitize.samepixels import AROUND, MIXED, hull, off_mixtures, text_height

#: Colours nearer than this (CIELAB) are one ink, thin strokes being paler than broad ones.
_ONE_INK = 20.0
#: Strokes stand in the same place to this share of their width.
_PLACE = 0.5
#: Half of a 95 % interval, in standard errors.
_HALF_WIDTH = 1.96
#: Words of less confidence say nothing.
_SURE = 0.6

_NAMES: dict[AxisName, str] = {"x": "x axis", "y": "y axis", "y2": "second y axis"}
_SCALES = {"linear": "linear", "log": "logarithmic", "date": "one of dates", "category": "one of names"}


def layout_differences(reading: Reading, template: Reading) -> tuple[str, ...]:
    """What a picture that was read in full has otherwise than a template, a sentence each; none where nothing differs.

    Texts are compared to the letter, places of labels to half a stroke's width, axes to that and the errors of both.
    Words near the panels count too where the template has none.

    Parameters
    ----------
    reading : the picture's.
    template : that of another picture, of the same size.
    """
    if reading.picture.tilt_deg:
        return (f"the picture stands askew, by {abs(reading.picture.tilt_deg):.2f} degrees",)
    count, expected = len(reading.panels), len(template.panels)
    if count != expected:
        return (f"the picture has {count} panel{'s' if count != 1 else ''}, the template {expected}",)
    found = []
    for own, other in zip(reading.panels, template.panels, strict=True):
        found += _panel_differences(own, other)
    return tuple(dict.fromkeys([*found, *_word_differences(reading, template)]))


def strange_inks(reading: Reading, template: Reading) -> tuple[str, ...]:
    """The series whose colour no series of the template has, nor a paler one of theirs beside it, a sentence each."""
    found = []
    for panel in reading.panels:
        known = next((curve_colors(other) for other in template.panels if other.number == panel.number), ())
        drawn = [color for color in known if any(_is_near(one.color, color) for one in panel.series)]
        for one in panel.series:
            paler = any(_is_paler(one.color, color, panel.layout.area.background) for color in drawn)
            if not paler and not any(_is_near(one.color, color) for color in known):
                text = f"panel {panel.number} has a line in {to_hex(one.color)}, a colour that the template's has not"
                found.append(text)
    return tuple(dict.fromkeys(found))


def _is_near(color: Color, other: Color) -> bool:
    return color_distance(color, other) <= _ONE_INK


def _is_paler(color: Color, full: Color, ground: Color) -> bool:
    """Whether a colour is one that covers its ground in part."""
    shown, bare = np.array([color], float), np.array([ground], float)
    return bool(off_mixtures(shown, bare, np.array(full, float))[0] <= MIXED)


def curve_colors(panel: Panel) -> tuple[Color, ...]:
    """The colours of a panel's curves and of their samples in its legend."""
    samples = [entry.swatch.color for entry in panel.legend.entries] if panel.legend else []
    return tuple(dict.fromkeys([*(one.color for one in panel.series), *samples]))


def axis_called(name: AxisName, number: int) -> str:
    """An axis of a panel in words."""
    return f"the {_NAMES[name]} of panel {number}"


def _panel_differences(own: Panel, other: Panel) -> list[str]:
    of = f"of panel {other.number}"
    found = _text_difference(f"the title {of}", own.title, other.title)
    stroke = _stroke(other.layout)
    pairs: tuple[tuple[AxisName, Axis | None, Axis | None], ...] = (
        ("x", own.x_axis, other.x_axis),
        ("y", own.y_axis, other.y_axis),
        ("y2", own.y2_axis, other.y2_axis),
    )
    for name, axis, known in pairs:
        called = axis_called(name, other.number)
        if axis is None or known is None:
            if axis is not known:
                found.append(f"{called} {'could not be read' if axis is None else 'is none of the template'}")
            continue
        found += _axis_differences(called, axis, known, stroke)
    return found + _legend_differences(of, own.legend, other.legend)


def _stroke(layout: Layout) -> float:
    """The usual width of a panel's strokes in pixels, 1 at least."""
    rules = (*layout.area.frame, *layout.area.x_grid, *layout.area.y_grid)
    return max(median([rule.width_px for rule in rules]), 1.0) if rules else 1.0


def _axis_differences(called: str, axis: Axis, known: Axis, stroke: float) -> list[str]:
    if axis.scale != known.scale:
        return [f"{called} is {_SCALES[axis.scale]}, the template's {_SCALES[known.scale]}"]
    found = _text_difference(f"the name of {called}", axis.label, known.label)
    found += _tick_differences(called, axis, known, stroke)[:1]
    off = axis.to_pixel(np.array(known.values)) - np.array(known.pixels)
    room = _room(axis, known, np.array(known.pixels)) + _PLACE * stroke
    if not found and not (np.abs(off) <= room).all():
        found.append(f"{called} runs otherwise than the template's, by {np.nanmax(np.abs(off)):.1f} px at an end")
    doubted = {doubt.code for doubt in known.doubts}
    return found + [f"{called}: {doubt.message}" for doubt in axis.doubts if doubt.code not in doubted]


def _tick_differences(called: str, axis: Axis, known: Axis, stroke: float) -> list[str]:
    """Labels that read otherwise, stand elsewhere, or have none of the template at their place."""
    found = []
    for tick in axis.ticks:
        beside = min(known.ticks, key=lambda other: abs(other.pixel - tick.pixel), default=None)
        off = np.inf if beside is None else abs(beside.pixel - tick.pixel)
        extent = max(min(tick.box.width, tick.box.height), stroke) if tick.box else stroke
        if beside is None or off > extent:
            found.append(f"a tick label of {called} reads {tick.text!r}, where the template has none")
        elif not _say_the_same(tick, beside):
            found.append(f"a tick label of {called} {_reads(tick, beside)}")
        elif (moved := _moved(tick, beside)) > _PLACE * stroke:
            found.append(f"the label {tick.text!r} of {called} stands {moved:.1f} px from where the template has it")
    return found


def _moved(tick: Tick, other: Tick) -> float:
    """How far the labels of two ticks stand apart; where ticks are is told less exactly where they have no strokes."""
    if tick.box is None or other.box is None:
        return abs(tick.pixel - other.pixel)
    return max(abs(a - b) for a, b in zip(tick.box.center, other.box.center, strict=True))


def _room(axis: Axis, known: Axis, places: FloatArray) -> FloatArray:
    """How far two axes that are the same may lie apart at some places, in pixels, by the errors of both."""
    return np.asarray(_HALF_WIDTH * np.hypot(axis.pixel_error(places), known.pixel_error(places)))


def _reads(tick: Tick, other: Tick) -> str:
    """What a label says and what another one does."""
    if tick.text != other.text or tick.value is None or other.value is None:
        return f"reads {tick.text!r}, the template says {other.text!r}"
    return f"stands for {tick.value:g}, in the template for {other.value:g}"


def _say_the_same(tick: Tick, other: Tick) -> bool:
    """Whether two labels have the same text and, where both were believed, the same value."""
    if _plain(tick.text) != _plain(other.text):
        return False
    if tick.value is None or other.value is None or not (tick.used and other.used):
        return True
    return bool(np.isclose(tick.value, other.value, rtol=1e-9, atol=0.0))


def _legend_differences(of: str, own: Legend | None, other: Legend | None) -> list[str]:
    if own is None or other is None:
        if own is other:
            return []
        return [f"there is no legend {of}" if own is None else f"the legend {of} is none of the template"]
    if len(own.entries) != len(other.entries):
        return [f"the legend {of} has {len(own.entries)} entries, the template's {len(other.entries)}"]
    found = []
    for entry, known in zip(own.entries, other.entries, strict=True):
        found += _text_difference(f"a name in the legend {of}", entry.name, known.name)
        if not _is_near(entry.swatch.color, known.swatch.color):
            colors = to_hex(entry.swatch.color), to_hex(known.swatch.color)
            found.append(f"the legend {of} shows {entry.name!r} in {colors[0]}, the template's in {colors[1]}")
    return found


def _text_difference(called: str, own: str | None, known: str | None) -> list[str]:
    if _plain(own) == _plain(known):
        return []
    says = f"reads {own!r}" if own else "is missing"
    return [f"{called} {says}, the template {f'says {known!r}' if known else 'has none'}"]


def _plain(text: str | None) -> str:
    """A text without its blanks, which recognisers leave out or put in, and with one kind of minus sign."""
    return "".join((text or "").split()).replace("−", "-").replace("–", "-")


def _word_differences(reading: Reading, template: Reading) -> list[str]:
    """Words near the panels, beside plot areas and legends, that stand where the template has none."""
    layouts = [panel.layout for panel in template.panels]
    reach = AROUND * text_height(layouts)
    around = [hull(layout).grown(reach) for layout in layouts]
    names = [entry.word_box for panel in reading.panels if panel.legend for entry in panel.legend.entries]
    elsewhere = [*names, *(layout.area.box for layout in layouts)]
    return [
        f"the picture says {word.text!r} at ({word.box.center[0]:.0f}, {word.box.center[1]:.0f}), the template nothing"
        for word in reading.words
        if word.confidence >= _SURE
        and any(box.contains(*word.box.center) for box in around)
        and not any(box.contains(*word.box.center) for box in elsewhere)
        and not _has_counterpart(word, template.words)
    ]


def _has_counterpart(word: Word, known: Iterable[Word]) -> bool:
    return any(word.box.shares_with(other.box) > 0 for other in known)
