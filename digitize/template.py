"""A reading whose axes, titles and legends serve other pictures of the same layout."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from digitize.errors import InputError
from digitize.model import Axis, AxisName, Box, Layout, Panel, Picture, Reading, Side, TickLabel, TickLabels, Word
from digitize.outputs.decode import from_json
from digitize.outputs.encode import to_json
from digitize.samelayout import axis_called, curve_colors, layout_differences
from digitize.samepixels import Reference, changed_labels, same_layouts, text_height, texts, to_reference

#: So many pictures are kept to compare others with: a legend may stand in any corner.
_MOST = 8
#: A legend stands elsewhere where an edge of it is off by more than this, in text heights.
_MOVED = 0.3
_SIDES: dict[AxisName, Side] = {"x": "bottom", "y": "left", "y2": "right"}


class Template:
    """What a reading says of its picture's layout, for other pictures that are laid out alike.

    It is what the reading's JSON says, so that a reading that comes from there serves as well. The pixels of pictures
    that are known to have the layout are kept: at first those of the reading's own, where it has them, later those
    of pictures that differed and were then read in full and found to say the same.

    Parameters
    ----------
    reading : the reading of one picture, as it was read or from its JSON.

    Raises
    ------
    InputError
        No panel of the reading is calibrated, or its picture was turned upright before it was read.
    """

    def __init__(self, reading: Reading) -> None:
        name = reading.picture.name
        if not any(panel.status != "refused" for panel in reading.panels):
            message = "none of its panels has axes that could be calibrated; take a picture that is read well"
            raise InputError(f"{name} cannot serve as a template: {message}")
        if reading.picture.tilt_deg:
            message = f"it stands askew by {abs(reading.picture.tilt_deg):.2f} degrees; straighten the pictures first"
            raise InputError(f"{name} cannot serve as a template: {message}")
        self.reading = from_json(to_json(reading, compact=True))
        self._references: deque[Reference] = deque(maxlen=_MOST)
        if _is_shown(reading.picture):
            self._keep(reading.picture, [panel.layout for panel in self.reading.panels])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its pictures in pixels."""
        return self.reading.picture.width, self.reading.picture.height

    @property
    def areas(self) -> tuple[Box, ...]:
        """The plot areas."""
        return tuple(panel.layout.area.box for panel in self.reading.panels)

    def match(self, picture: Picture) -> tuple[Layout, ...] | None:
        """The layouts of a picture's panels, None where its pixels do not tell that they are the template's.

        Parameters
        ----------
        picture : a picture of the template's size.
        """
        for reference in tuple(self._references):
            layouts = same_layouts(reference, picture)
            if layouts is not None:
                return layouts
        return None

    def differences(self, reading: Reading) -> tuple[str, ...]:
        """What a picture that was read in full has otherwise than the template, a sentence each."""
        said = layout_differences(reading, self.reading)
        if said or not self._references:
            return said
        most_alike = min((changed_labels(one, reading.picture) for one in tuple(self._references)), key=len)
        return tuple(
            f"a tick label of {axis_called(axis, number + 1)}, {text!r} in the template, looks otherwise"
            for number, axis, text in most_alike
        )

    def learn(self, reading: Reading) -> tuple[Layout, ...]:
        """The layouts of a picture that was read in full and does not differ, which others are then compared with.

        Legends and notes in the plot area, which give way to curves, are where that picture has them.
        """
        known = [panel.layout for panel in self.reading.panels]
        height = text_height(known)
        layouts = [_as_in(one, own.layout, height) for one, own in zip(known, reading.panels, strict=True)]
        self._keep(reading.picture, layouts)
        return tuple(layouts)

    def tick_labels(self, number: int) -> tuple[TickLabels, ...]:
        """The labels of a panel's axes with their words, `number` counting from 0."""
        layout = self.reading.panels[number].layout
        named: tuple[tuple[AxisName, Side, Axis | None], ...] = (
            ("x", "bottom", layout.x_axis),
            ("y", "left", layout.y_axis),
            ("y2", "right", layout.y2_axis),
        )
        return tuple(TickLabels(axis=name, side=side, labels=self._labels(axis)) for name, side, axis in named if axis)

    def words_beside_curves(self, layouts: Sequence[Layout]) -> tuple[Word, ...]:
        """The words that pictures of these layouts have too: all but those that were read among the curves."""
        areas = [layout.area.box for layout in layouts]
        kept = [box for layout in layouts for box in (*texts(layout), *layout.no_data)]
        return tuple(
            word
            for word in self.reading.words
            if any(box.contains(*word.box.center) for box in kept)
            or not any(area.contains(*word.box.center) for area in areas)
        )

    def _labels(self, axis: Axis) -> tuple[TickLabel, ...]:
        return tuple(
            TickLabel(word=word, center_px=tick.pixel)
            for tick in axis.ticks
            for word in self.reading.words
            if tick.box and tick.box.contains(*word.box.center)
        )

    def _keep(self, picture: Picture, layouts: list[Layout]) -> None:
        colors = [curve_colors(panel) for panel in self.reading.panels]
        self._references.append(to_reference(picture, layouts, colors))


def _as_in(layout: Layout, own: Layout, height: float) -> Layout:
    """A layout with the notes of a picture's own one, and with its legend where that stands elsewhere."""
    legend, place = layout.legend, own.legend
    if legend and place and max(abs(a - b) for a, b in zip(legend.box, place.box, strict=True)) > _MOVED * height:
        legend = place
    notes = [box for box in own.no_data if place is None or box != place.box]
    return replace(layout, legend=legend, no_data=(*((legend.box,) if legend else ()), *notes))


def _is_shown(picture: Picture) -> bool:
    """Whether a reading has its picture's pixels; one that comes from JSON has blank ones."""
    return bool((picture.rgb != picture.rgb[0, 0]).any())


def with_reasons_of(panel: Panel, template: Panel) -> Panel:
    """A panel that is no better than that of the template, whose reasons stand against it too."""
    codes = {(reason.code, reason.message) for reason in panel.reasons}
    added = [
        replace(reason, message=f"the template: {reason.message}")
        for reason in template.reasons
        if (reason.code, reason.message) not in codes
    ]
    if not added:
        return panel
    status = "review" if panel.status == "ok" else panel.status
    return replace(panel, status=status, reasons=(*panel.reasons, *added))
