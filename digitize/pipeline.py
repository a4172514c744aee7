"""The order of the stages. No other module knows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from digitize.doubles import without_doubles
from digitize.engines import Recognizer, get_recognizer
from digitize.metering import Clock, Metered
from digitize.model import (
    Axis,
    AxisName,
    Box,
    Dropped,
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
from digitize.samelayout import strange_inks
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
from digitize.template import Template, with_reasons_of

#: What stands between the axes of a panel without curves.
_NOTHING = "neither a line nor markers"


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
    clock = Clock()
    picture = source if isinstance(source, Picture) else clock.time("open", open_picture, source, settings)
    return _read_restored(clock.time("restore", restore, picture), settings, clock)


def read_like(source: Any, template: Template, settings: Settings = Settings()) -> Reading:
    """Read a picture of the same layout as another, whose axes, titles and legends are taken as they were read there.

    Nothing is recognised where all but the curves is the same to the pixel as in a picture that is known to have the
    template's layout. Other pictures are read in full, as `read` does, and compared with the template in what they
    say: those that say the same are known from then on, the others keep what was read, and each of their panels is
    at best in `review`, for the reason ``layout-differs``.

    Parameters
    ----------
    source : path, bytes, binary file object, PIL image, (height, width[, channels]) array or an opened `Picture`.
    template : the layout; one for all pictures of a process, since it comes to know more of them.
    settings : recogniser and limits.

    Raises
    ------
    InputError
        The picture cannot be opened or is too large.
    EngineError
        The recogniser cannot run.
    """
    clock = Clock()
    opened = source if isinstance(source, Picture) else clock.time("open", open_picture, source, settings)

    def in_full() -> Reading:
        return _read_restored(clock.time("restore", restore, opened), settings, clock)

    width, height = template.size
    if (opened.width, opened.height) != (width, height):
        text = f"the picture is {opened.width} × {opened.height}, the template {width} × {height}"
        return _differing(in_full(), (text,))
    picture, full = clock.time("restore", restore, opened, template.areas), None
    layouts = clock.time("match", template.match, picture)
    if layouts is None:
        full = in_full()
        differences = clock.time("match", template.differences, full)
        if differences:
            return _differing(full, differences)
        layouts = clock.time("match", template.learn, full)
    reading = _read_curves(picture, template, layouts, settings, clock)
    strange = strange_inks(reading, template.reading)
    return _differing(full or in_full(), strange) if strange else reading


def _read_restored(picture: Picture, settings: Settings, clock: Clock) -> Reading:
    picture = clock.time("straighten", straighten, picture)
    recognizer = Metered(get_recognizer(settings.ocr), clock)
    words = clock.time("text", read_text, picture, recognizer)
    return _read_words(picture, words, recognizer, settings, clock)


def _differing(reading: Reading, differences: Sequence[str]) -> Reading:
    """A reading whose layout is none of the template, and says so for each of its panels."""
    reasons = tuple(Reason(code="layout-differs", message=text) for text in differences)
    panels = tuple(
        replace(panel, status="review" if panel.status == "ok" else panel.status, reasons=(*panel.reasons, *reasons))
        for panel in reading.panels
    )
    return replace(reading, panels=panels, reasons=reading.reasons if panels else (*reading.reasons, *reasons))


def _read_curves(
    picture: Picture, template: Template, layouts: Sequence[Layout], settings: Settings, clock: Clock
) -> Reading:
    """The reading of a picture whose layouts are known."""
    boxes = [layout.area.box for layout in layouts]
    drafts = [
        _draft_like(picture, layout, template.tick_labels(k), [*boxes[:k], *boxes[k + 1 :]], clock)
        for k, layout in enumerate(layouts)
    ]
    boxes = [draft.layout.area.box for draft in drafts]
    series = clock.time("naming", share_names, [_to_series(draft, draft.layout, clock) for draft in drafts])
    panels = [
        with_reasons_of(
            _finish_panel(picture, known.number, draft, draft.layout, own, [*boxes[:k], *boxes[k + 1 :]], clock), known
        )
        for k, (draft, own, known) in enumerate(zip(drafts, series, template.reading.panels, strict=True))
    ]
    note = f"axes, titles and legends are those of {template.reading.picture.name}"
    return Reading(
        picture=replace(picture, notes=(*picture.notes, note)),
        panels=tuple(panels),
        reasons=template.reading.reasons,
        words=template.words_beside_curves(layouts),
        settings=settings,
        timings=tuple(clock.seconds.items()),
    )


def _read_words(
    picture: Picture, words: tuple[Word, ...], recognizer: Recognizer, settings: Settings, clock: Clock
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
    clock: Clock,
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
        return segmentation.no_chart or _NOTHING
    return _to_draft(picture, layout, rows, segmentation, traces, clock)


def _draft_like(
    picture: Picture, layout: Layout, rows: Sequence[TickLabels], others: Sequence[Box], clock: Clock
) -> _Draft:
    """A panel in pixels whose layout is known, but for how far its curves go on beyond the plot area."""
    segmentation = clock.time("segment", segment, picture, layout)
    traces = clock.time("trace", trace_series, segmentation, layout)
    reached = clock.time("trace", reach_curves, picture.rgb, layout, others, traces)
    if reached != layout.area.box:
        layout = replace(layout, area=replace(layout.area, box=reached))
        segmentation = clock.time("segment", segment, picture, layout)
        traces = clock.time("trace", trace_series, segmentation, layout)
    draft = _to_draft(picture, layout, rows, segmentation, traces, clock)
    if traces:
        return draft
    what = segmentation.no_chart or _NOTHING
    return replace(draft, doubts=(*draft.doubts, Reason(code="no-lines", message=f"between the axes is {what}")))


def _to_draft(
    picture: Picture,
    layout: Layout,
    rows: Sequence[TickLabels],
    segmentation: Segmentation,
    traces: tuple[Trace, ...],
    clock: Clock,
) -> _Draft:
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
    clock: Clock,
) -> tuple[Layout, Segmentation, tuple[Trace, ...]]:
    """The layout of a plot area, its ink, and the curves that were followed in that."""
    layout = clock.time("calibrate", _layout, area, *words)
    segmentation = clock.time("segment", segment, picture, layout)
    return layout, segmentation, clock.time("trace", trace_series, segmentation, layout)


def _to_series(draft: _Draft, layout: Layout, clock: Clock) -> tuple[Series, ...]:
    return clock.time("data", to_series, draft.traces, draft.sides, layout, draft.samples)


def _finish_panel(
    picture: Picture,
    number: int,
    draft: _Draft,
    layout: Layout,
    series: tuple[Series, ...],
    others: Sequence[Box],
    clock: Clock,
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
