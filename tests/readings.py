"""Small readings made by hand, for tests of what becomes of a reading."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from digitize.model import (
    Axis,
    Box,
    Dropped,
    Layout,
    Legend,
    LegendEntry,
    Panel,
    Picture,
    PlotArea,
    Points,
    Reading,
    Reason,
    Series,
    Swatch,
    Tick,
    Trace,
    Word,
)

RED, BLUE = (214, 39, 40), (31, 119, 180)
DAY = 86_400.0


def make_picture(name: str = "metrics.png") -> Picture:
    rgb = np.full((240, 400, 3), 255, dtype=np.uint8)
    rgb[20:200, 60:380] = 250
    return Picture(name=name, rgb=rgb, sha256="0" * 64, notes=("first of 3 frames",))


def make_axis(scale: str, pixels: tuple[float, float], values: tuple[float, float], **more: object) -> Axis:
    """An axis whose ticks stand at its two anchors, with a third label that was misread."""
    texts = [str(value) for value in values]
    ticks = [
        Tick(pixel=pixel, text=text, value=value, used=True, box=Box(pixel - 5, 205.0, pixel + 5, 215.0))
        for pixel, text, value in zip(pixels, texts, values, strict=True)
    ]
    ticks.append(Tick(pixel=sum(pixels) / 2, text="25", value=25.0, used=False))
    return Axis(
        scale=scale,
        pixels=pixels,
        values=values,
        residual_px=0.125,
        ticks=tuple(ticks),
        covariance_px=((0.01, 0.0), (0.0, 0.02)),
        **more,
    )


def make_series(name: str | None, x: list[float], y: list[float], x_axis: Axis, y_axis: Axis, **more: object) -> Series:
    """A series through given values whose errors are 0.3 pixels."""
    x_px, y_px = x_axis.to_pixel(np.array(x, dtype=float)), y_axis.to_pixel(np.array(y, dtype=float))
    count = len(x_px)
    covered = np.zeros(count, dtype=np.bool_)
    covered[1:2] = True
    color = more.pop("color", RED)
    style = more.pop("style", "solid")
    trace = Trace(
        x_px=x_px,
        y_px=y_px,
        x_err_px=np.full(count, 0.3),
        y_err_px=np.full(count, 0.3),
        covered=covered,
        color=color,
        width_px=2.0,
        style=style,
    )
    points = Points(
        x=np.array(x, dtype=float),
        y=np.array(y, dtype=float),
        x_err=np.abs(x_axis.to_value(x_px + 0.3) - x_axis.to_value(x_px)),
        y_err=np.abs(y_axis.to_value(y_px + 0.3) - y_axis.to_value(y_px)),
    )
    return Series(name=name, color=color, style=style, axis="y", points=points, trace=trace, **more)


def make_panel(x_axis: Axis, y_axis: Axis, series: tuple[Series, ...], **more: object) -> Panel:
    box = Box(60.0, 20.0, 380.0, 200.0)
    title = more.pop("title", "actor/kl_loss")
    legend = more.pop("legend", None)
    layout = Layout(
        area=PlotArea(box=box, background=(250, 250, 250)),
        x_axis=x_axis,
        y_axis=y_axis,
        title=title,
        title_box=Box(150.0, 4.0, 250.0, 16.0),
        legend=legend,
    )
    settled = {"y2_axis": None, "status": "ok", "reasons": (), **more}
    return Panel(
        box=box, title=title, x_axis=x_axis, y_axis=y_axis, series=series, legend=legend, layout=layout, **settled
    )


def linear_panel(**more: object) -> Panel:
    """Two crossing series on linear axes; the second has a gap, samples and a raw companion of the same name."""
    x_axis = make_axis("linear", (60.0, 380.0), (0.0, 32.0), label="step")
    y_axis = make_axis("linear", (200.0, 20.0), (0.0, 0.9), label="loss")
    first = make_series("Series A", [0, 8, 16, 32], [0.1, 0.3, 0.5, 0.7], x_axis, y_axis)
    second = make_series("Series B", [0, 8, 16, 24, 32], [0.8, 0.6, np.nan, 0.2, 0.3], x_axis, y_axis, color=BLUE)
    raw = make_series("Series B", [0, 16, 32], [0.7, 0.4, 0.2], x_axis, y_axis, color=(150, 190, 220), raw_of=1)
    swatch = Swatch(box=Box(300.0, 30.0, 320.0, 34.0), color=RED, style="solid")
    entry = LegendEntry(name="Series A", swatch=swatch, word_box=Box(324.0, 26.0, 370.0, 38.0), confidence=0.99)
    legend = Legend(entries=(entry,), box=Box(296.0, 24.0, 374.0, 40.0))
    return make_panel(x_axis, y_axis, (first, second, raw), legend=legend, **more)


def date_panel(**more: object) -> Panel:
    """One series over ten days of 2024 on a log axis."""
    start = 1_704_067_200.0
    x_axis = make_axis("date", (60.0, 380.0), (start, start + 10 * DAY), label="day")
    y_axis = make_axis("log", (200.0, 20.0), (0.001, 1.0), unit="%")
    series = make_series(None, [start, start + 5 * DAY, start + 10 * DAY], [0.001, 1.0, 0.01], x_axis, y_axis)
    return make_panel(x_axis, y_axis, (series,), **{"title": None, **more})


def category_panel() -> Panel:
    """One series of markers over names."""
    x_axis = make_axis("category", (100.0, 340.0), (0.0, 2.0), labels=("Jan", "Feb", "Mar"))
    y_axis = make_axis("linear", (200.0, 20.0), (0.0, 90.0))
    series = make_series("sales", [0, 1, 2], [10, 40, 20], x_axis, y_axis, style="points")
    return make_panel(x_axis, y_axis, (series,), title="a | b_c*")


def refused_panel(title: str | None = None) -> Panel:
    """A panel whose y axis could not be read."""
    panel = linear_panel()
    empty = Points(**{name: np.empty(0) for name in ("x", "y", "x_err", "y_err")})
    bare = Series(name=None, color=RED, style="solid", axis="y", points=empty, trace=panel.series[0].trace)
    reason = Reason(code="few_ticks", message="only one tick of the y axis could be read")
    dropped = Dropped(box=Box(30.0, 100.0, 50.0, 112.0), why="the label '25' does not fit the others")
    return Panel(
        box=panel.box,
        title=title or panel.title,
        x_axis=panel.x_axis,
        y_axis=None,
        y2_axis=None,
        series=(bare,),
        legend=None,
        status="refused",
        reasons=(reason,),
        layout=Layout(area=panel.layout.area, x_axis=panel.x_axis, y_axis=None),
        dropped=(dropped,),
    )


def make_reading(*panels: Panel, picture: Picture | None = None) -> Reading:
    word = Word(
        box=Box(55.0, 205.0, 65.0, 215.0),
        text="0",
        number="0",
        confidence=0.98,
        number_confidence=0.99,
        height_px=7.5,
        color=(60, 60, 60),
    )
    reasons = () if panels else (Reason(code="no_axes", message="no axes with readable ticks were found"),)
    numbered = tuple(replace(panel, number=number) for number, panel in enumerate(panels, start=1))
    return Reading(picture=picture or make_picture(), panels=numbered, reasons=reasons, words=(word,))


PANELS: dict[str, Callable[[], Panel]] = {
    "linear": linear_panel,
    "date": date_panel,
    "category": category_panel,
    "refused": refused_panel,
}
