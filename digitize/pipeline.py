"""The order of the stages. No other module knows it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from digitize.doubles import without_doubles
from digitize.engines import Recognition, Recognizer, get_recognizer
from digitize.model import (
    Axis,
    AxisName,
    Box,
    Dropped,
    Image,
    Layout,
    Legend,
    Panel,
    PanelTexts,
    Picture,
    PlotArea,
    Reading,
    Reason,
    Samples,
    Segmentation,
    Series,
    Settings,
    TickLabels,
    Trace,
    Word,
)
from digitize.outside import reach_curves
from digitize.sources.raster import open_picture
from digitize.stages.axes import find_tick_labels
from digitize.stages.bind import bind_axes
from digitize.stages.calibrate import fit_axis, reach_ticks
from digitize.stages.data import to_series
from digitize.stages.labels import find_titles
from digitize.stages.legend import find_legends
from digitize.stages.missed import read_missed
from digitize.stages.naming import share_names
from digitize.stages.panels import find_panels, text_height
from digitize.stages.restore import restore
from digitize.stages.retrace import retrace
from digitize.stages.samples import find_samples
from digitize.stages.segment import segment
from digitize.stages.settle import settle_axes
from digitize.stages.sharpen import sharpen
from digitize.stages.straighten import straighten
from digitize.stages.text import read_text
from digitize.stages.trace import trace_series
from digitize.stages.verify import verify

_T = TypeVar("_T")


class _Clock:
    """CPU seconds of each stage of one reading, in order."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, stage: str, work: Callable[..., _T], *args: Any) -> _T:
        start = time.thread_time()
        try:
            return work(*args)
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.thread_time() - start


class _Metered:
    """A recogniser whose CPU time is booked under ``recognise``."""

    def __init__(self, recognizer: Recognizer, clock: _Clock) -> None:
        self._recognizer = recognizer
        self._clock = clock

    @property
    def name(self) -> str:
        return self._recognizer.name

    def read(self, crops: Sequence[Image]) -> list[Recognition]:
        return self._clock.time("recognise", self._recognizer.read, crops)


def prepare(settings: Settings = Settings()) -> None:
    """Load the models that every reading needs, which the first one would wait for.

    Raises
    ------
    EngineError
        The recogniser cannot run.
    """
    get_recognizer(settings.ocr)


def read(source: Any, settings: Settings = Settings()) -> Reading:
    """Read the line charts of a picture.

    Parameters
    ----------
    source : path, bytes, binary file object, PIL image, (height, width[, channels]) array or an opened `Picture`.
    settings : recogniser and limits.

    Raises
    ------
    InputError
        The picture cannot be opened or is too large.
    EngineError
        The recogniser cannot run.
    """
    clock = _Clock()
    picture = source if isinstance(source, Picture) else clock.time("open", open_picture, source, settings)
    picture = clock.time("restore", restore, picture)
    picture = clock.time("straighten", straighten, picture)
    recognizer = _Metered(get_recognizer(settings.ocr), clock)
    words = clock.time("text", read_text, picture, recognizer)
    return _read_words(picture, words, recognizer, settings, clock)


def _read_words(
    picture: Picture, words: tuple[Word, ...], recognizer: Recognizer, settings: Settings, clock: _Clock
) -> Reading:
    areas = clock.time("panels", find_panels, picture, words)
    height = text_height(words) if words else 0.0
    ticks = clock.time("axes", find_tick_labels, picture, areas, words, height)
    words += clock.time("missed", read_missed, picture, areas, ticks, words, recognizer)
    labels = [label.word for rows in ticks for row in rows for label in row.labels]
    free = tuple(w for w in words if not any(label.box.contains(*w.box.center) for label in labels))
    legends = clock.time("legend", find_legends, picture, areas, free, labels)
    texts = clock.time("labels", find_titles, picture, areas, ticks, legends, free)
    drafted: list[_Draft | str] = []
    for area, rows, legend, text in zip(areas, ticks, legends, texts, strict=True):
        others = [other.box for other in areas if other is not area]
        drafted.append(_draft_panel(picture, area, (rows, legend, text), others, clock))
    drafts = [draft for draft in drafted if isinstance(draft, _Draft)]
    skipped = [draft for draft in drafted if isinstance(draft, str)]
    found = [d.layout for d in drafts], [d.ticks for d in drafts], [d.samples for d in drafts]
    layouts = clock.time("settle", settle_axes, *found)
    whole = [d.layout.area if isinstance(d, _Draft) else area for d, area in zip(drafted, areas, strict=True)]
    if [area.box for area in whole] != [area.box for area in areas]:
        # What is above the middle of a plot area is known once all of that is.
        texts = clock.time("labels", find_titles, picture, whole, ticks, legends, free)
        own = [text for text, draft in zip(texts, drafted, strict=True) if isinstance(draft, _Draft)]
        layouts = tuple(_with_texts(layout, text) for layout, text in zip(layouts, own, strict=True))
    boxes = [layout.area.box for layout in layouts]
    series = clock.time("naming", share_names, [_to_series(*pair, clock) for pair in zip(drafts, layouts, strict=True)])
    panels = [
        _finish_panel(picture, k, *parts, [*boxes[: k - 1], *boxes[k:]], clock)
        for k, parts in enumerate(zip(drafts, layouts, series, strict=True), start=1)
    ]
    return Reading(
        picture=picture,
        panels=tuple(panels),
        reasons=_image_reasons(areas, skipped),
        words=words,
        settings=settings,
        timings=tuple(clock.seconds.items()),
    )


def _layout(area: PlotArea, rows: Sequence[TickLabels], legend: Legend | None, text: PanelTexts) -> Layout:
    axes: dict[AxisName, Axis | None] = {row.axis: fit_axis(row, area) for row in rows}
    found, area = area, reach_ticks(area, axes)
    if area != found:
        axes = {row.axis: fit_axis(row, area) for row in rows}
    no_data = [legend.box] if legend else []
    no_data += [word.box for word in text.annotations]
    layout = Layout(
        area=area,
        x_axis=axes.get("x"),
        y_axis=axes.get("y"),
        y2_axis=axes.get("y2"),
        legend=legend,
        no_data=tuple(no_data),
    )
    return _with_texts(layout, text)


def _with_texts(layout: Layout, text: PanelTexts) -> Layout:
    """The layout with its title and the names of its axes."""

    def named(axis: Axis | None, label: str | None, box: Box | None) -> Axis | None:
        return replace(axis, label=label, label_box=box) if axis else None

    return replace(
        layout,
        title=text.title,
        title_box=text.title_box,
        x_axis=named(layout.x_axis, text.x_label, text.x_label_box),
        y_axis=named(layout.y_axis, text.y_label, text.y_label_box),
        y2_axis=named(layout.y2_axis, text.y2_label, text.y2_label_box),
    )


@dataclass(frozen=True, kw_only=True)
class _Draft:
    """A panel whose curves are known in pixels, before its axes are settled."""

    layout: Layout
    ticks: tuple[TickLabels, ...]
    segmentation: Segmentation
    traces: tuple[Trace, ...]
    sides: tuple[Literal["y", "y2"], ...]
    samples: tuple[Samples, ...]
    doubts: tuple[Reason, ...]


def _draft_panel(
    picture: Picture,
    area: PlotArea,
    words: tuple[Sequence[TickLabels], Legend | None, PanelTexts],
    others: Sequence[Box],
    clock: _Clock,
) -> _Draft | str:
    """A panel in pixels, or what stands between its axes where nothing is drawn as a line or as markers.

    Where its curves go on beyond the plot area, that was cut off, and is read anew as far as they go.
    """
    rows, _, _ = words
    layout, segmentation, traces = _trace_panel(picture, area, words, clock)
    reached = clock.time("trace", reach_curves, picture.rgb, layout, others, traces)
    if reached != layout.area.box:
        area = replace(layout.area, box=reached)
        layout, segmentation, traces = _trace_panel(picture, area, words, clock)
    if not traces:
        return segmentation.no_chart or "neither a line nor markers"
    traces = clock.time("retrace", retrace, picture, segmentation, traces)
    segmentation, traces = clock.time("retrace", without_doubles, segmentation, traces)
    sides, doubts = bind_axes(traces, layout, rows)
    samples = clock.time("samples", find_samples, traces, layout)
    return _Draft(
        layout=layout,
        ticks=tuple(rows),
        segmentation=segmentation,
        traces=clock.time("sharpen", sharpen, traces, samples),
        sides=sides,
        samples=samples,
        doubts=doubts,
    )


def _trace_panel(
    picture: Picture,
    area: PlotArea,
    words: tuple[Sequence[TickLabels], Legend | None, PanelTexts],
    clock: _Clock,
) -> tuple[Layout, Segmentation, tuple[Trace, ...]]:
    """The layout of a plot area, its ink, and the curves that were followed in that."""
    layout = clock.time("calibrate", _layout, area, *words)
    segmentation = clock.time("segment", segment, picture, layout)
    return layout, segmentation, clock.time("trace", trace_series, segmentation, layout)


def _to_series(draft: _Draft, layout: Layout, clock: _Clock) -> tuple[Series, ...]:
    return clock.time("data", to_series, draft.traces, draft.sides, layout, draft.samples)


def _finish_panel(
    picture: Picture,
    number: int,
    draft: _Draft,
    layout: Layout,
    series: tuple[Series, ...],
    others: Sequence[Box],
    clock: _Clock,
) -> Panel:
    status, reasons = clock.time("verify", verify, picture, layout, draft.segmentation, series, draft.doubts, others)
    return Panel(
        number=number,
        box=layout.area.box,
        title=layout.title,
        x_axis=layout.x_axis,
        y_axis=layout.y_axis,
        y2_axis=layout.y2_axis,
        series=series,
        legend=layout.legend,
        status=status,
        reasons=reasons,
        layout=layout,
        dropped=tuple(_dropped_ticks(layout)),
    )


def _dropped_ticks(layout: Layout) -> list[Dropped]:
    axes = [axis for axis in (layout.x_axis, layout.y_axis, layout.y2_axis) if axis]
    return [
        Dropped(box=tick.box or Box(0, 0, 0, 0), why=f"tick label {tick.text!r} disagrees with the others")
        for axis in axes
        for tick in axis.ticks
        if not tick.used
    ]


def _image_reasons(areas: Sequence[PlotArea], skipped: Sequence[str]) -> tuple[Reason, ...]:
    """Why there are no panels, or fewer than plot areas: `skipped` says of each left out what stands in it."""
    if not areas:
        return (
            Reason(code="no-axes", message="no axes with tick labels were found: this does not look like a line chart"),
        )
    return tuple(
        Reason(
            code="no-lines",
            message=f"{'1 panel was' if count == 1 else f'{count} panels were'} skipped: between the axes is {what}",
        )
        for what, count in Counter(skipped).items()
    )
