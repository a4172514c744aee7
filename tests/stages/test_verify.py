from dataclasses import replace

import numpy as np
import pytest

from digitize.model import (
    Axis,
    Box,
    Layer,
    Layout,
    Legend,
    LegendEntry,
    Picture,
    PlotArea,
    Reason,
    Rule,
    Samples,
    Segmentation,
    Series,
    Swatch,
    Tick,
    Trace,
)
from digitize.stages.bind import bind_axes
from digitize.stages.data import to_points, to_series
from digitize.stages.verify import verify

BOX = Box(0, 0, 100, 80)
RED = (200, 30, 30)
PICTURE = Picture(name="blank", rgb=np.full((100, 120, 3), 255, np.uint8), sha256="")


def axis(pixels: tuple[float, float] = (0.0, 100.0), values: tuple[float, float] = (0.0, 10.0), **more: object) -> Axis:
    ticks = tuple(Tick(pixel=p, text=str(v), value=v, used=True) for p, v in ((0, 0.0), (50, 5.0), (100, 10.0)))
    fields = {"scale": "linear", "pixels": pixels, "values": values, "residual_px": 0.1, "ticks": ticks, **more}
    return Axis(**fields)  # type: ignore[arg-type]


def layout(**more: object) -> Layout:
    entry = LegendEntry(name="loss", swatch=Swatch(box=Box(0, 0, 1, 1), color=RED), word_box=Box(1, 0, 5, 1))
    fields = {
        "area": PlotArea(box=BOX, background=(255, 255, 255)),
        "x_axis": axis(),
        "y_axis": axis(pixels=(80.0, 0.0)),
        "legend": Legend(entries=(entry,), box=Box(0, 0, 5, 1)),
        **more,
    }
    return Layout(**fields)  # type: ignore[arg-type]


def trace(start: int = 0, end: int = 100, row: float = 40.5, **more: object) -> Trace:
    x = np.arange(start, end) + 0.5
    fields = {
        "x_px": x,
        "y_px": np.full(len(x), row),
        "x_err_px": np.full(len(x), 0.2),
        "y_err_px": np.full(len(x), 0.3),
        "covered": np.zeros(len(x), bool),
        "color": RED,
        "width_px": 1.5,
        "entry": 0,
        **more,
    }
    return Trace(**fields)  # type: ignore[arg-type]


def segmentation(rows: tuple[int, ...] = (40,), other: slice = slice(0)) -> Segmentation:
    """One red layer with ink in whole rows, and ink of no layer in some rows."""
    coverage = np.zeros((80, 100), np.float32)
    for row in rows:
        coverage[row] = 1
    ink = coverage > 0
    ink[other] = True
    layer = Layer(color=RED, box=BOX, coverage=coverage, hidden=np.zeros((80, 100), bool), entry=0, entries=(0,))
    return Segmentation(layers=(layer,), box=BOX, background=(255, 255, 255), ink=ink, explained=coverage > 0,
                        unexplained=0.0, stroke_px=1.0, noise=0.0)  # fmt: skip


def series(*traces: Trace, on: Layout | None = None) -> tuple[Series, ...]:
    return to_series(traces, ("y",) * len(traces), on or layout(), (Samples(),) * len(traces))


def codes(on: Layout, ink: Segmentation, read: tuple[Series, ...], doubts: tuple[Reason, ...] = ()) -> list[str]:
    status, reasons = verify(PICTURE, on, ink, read, doubts)
    assert status == ("ok" if not reasons else status)
    assert status != "ok" or not reasons
    return [reason.code for reason in reasons]


def test_a_panel_that_passes_every_check_is_ok() -> None:
    assert verify(PICTURE, layout(), segmentation(), series(trace()), ()) == ("ok", ())


def test_a_missing_axis_refuses_the_panel() -> None:
    status, reasons = verify(PICTURE, layout(y_axis=None), segmentation(), series(trace(), on=layout(y_axis=None)), ())
    assert status == "refused"
    assert [r.code for r in reasons] == ["no-y-axis"]


def test_each_doubt_stands_as_a_reason() -> None:
    doubt = Reason(code="ambiguous-label", message="'25' may be 2.5")
    assert codes(layout(x_axis=axis(doubts=(doubt,))), segmentation(), series(trace())) == ["ambiguous-label"]
    assert codes(layout(x_axis=axis(residual_px=3.0)), segmentation(), series(trace())) == ["residual"]
    assert codes(layout(x_axis=axis(ticks=axis().ticks[:2])), segmentation(), series(trace())) == ["few-ticks"]
    assert codes(layout(), segmentation(other=slice(10, 12)), series(trace())) == ["unexplained-ink"]
    assert codes(layout(), segmentation(), series(trace()), (doubt,)) == ["ambiguous-label"]


def test_names_and_lines_must_match_one_to_one() -> None:
    assert "entry-without-series" in codes(layout(), segmentation(), series(trace(entry=None)))
    assert "series-without-entry" in codes(layout(), segmentation(), series(trace(entry=None)))
    assert "entry-shared" in codes(layout(), segmentation(), series(trace(), trace()))


def test_ink_that_no_curve_follows_is_noticed() -> None:
    assert "missed-ink" in codes(layout(), segmentation(), series(trace(end=60)))
    assert "missed-ink" in codes(layout(), segmentation(rows=(40, 70)), series(trace()))


def test_gridlines_and_specks_are_no_unexplained_ink() -> None:
    rule = Rule(orientation="horizontal", position_px=10.5, start_px=0, end_px=100, width_px=1, color=(0, 0, 0))
    ruled = layout(area=PlotArea(box=BOX, background=(255, 255, 255), y_grid=(rule,)))
    assert codes(ruled, segmentation(other=slice(10, 11)), series(trace())) == []


def test_a_curve_where_there_is_no_ink_is_noticed() -> None:
    assert "no-ink" in codes(layout(), segmentation(), series(trace(), trace(row=60.5)))


@pytest.mark.parametrize(("seen", "expected"), [(60, ["no-ink"]), (97, [])])
def test_a_curve_carried_on_without_ink_of_its_colour_is_noticed(seen: int, expected: list[str]) -> None:
    found = segmentation()
    (layer,) = found.layers
    layer.coverage[:, seen:] = 0
    layer.hidden[40, seen:] = True
    assert codes(layout(), found, series(trace(covered=np.arange(100) >= seen))) == expected


def test_gaps_between_dashes_are_seen_though_they_hold_no_ink() -> None:
    found = segmentation()
    found.layers[0].coverage[:, np.arange(100) % 10 < 5] = 0
    assert codes(layout(), found, series(trace(style="dashed"))) == []
    assert codes(layout(), found, series(trace())) == ["no-ink"]


@pytest.mark.parametrize(("error", "expected"), [(0.2, []), (0.6, ["coarse-axis"])])
def test_an_axis_that_is_known_coarsely_is_doubted(error: float, expected: list[str]) -> None:
    known = axis(covariance_px=((error**2, 0.0), (0.0, error**2)))
    assert codes(layout(x_axis=known), segmentation(), series(trace(), on=layout(x_axis=known))) == expected


@pytest.mark.parametrize(
    ("texts", "values", "expected"),
    [
        (("Q1", "Q2", "Q3"), (0.1, 0.2, 0.3), ["ambiguous-label"]),
        (("00:00", "01:00", "0200"), (0.0, 100.0, 200.0), ["ambiguous-label"]),
        (("0.2", "0.4", "0.6"), (2e4, 4e4, 6e4), []),
        (("-10", "0-", "10"), (-10.0, 0.0, 10.0), []),
        (("1k", "l.5k", "2k"), (1000.0, 1500.0, 2000.0), []),
    ],
)
def test_labels_that_are_no_numbers_as_read_are_doubted(
    texts: tuple[str, ...], values: tuple[float, ...], expected: list[str]
) -> None:
    ticks = tuple(
        Tick(pixel=50.0 * k, text=t, value=v, used=True) for k, (t, v) in enumerate(zip(texts, values, strict=True))
    )
    assert codes(layout(x_axis=axis(ticks=ticks)), segmentation(), series(trace())) == expected


def test_ink_of_a_curve_beyond_the_plot_area_is_noticed() -> None:
    rgb = np.full((100, 120, 3), 255, np.uint8)
    rgb[40:42, :] = RED
    status, reasons = verify(Picture(name="cut", rgb=rgb, sha256=""), layout(), segmentation(), series(trace()), ())
    assert (status, {r.code for r in reasons}) == ("review", {"cut-off"})


def test_a_hidden_stretch_counts_less_where_the_curve_is_seen_behind_it() -> None:
    found = segmentation()
    (layer,) = found.layers
    layer.coverage[:, 40:52] = 0
    layer.hidden[40, 40:52] = True
    covered = (np.arange(100) >= 40) & (np.arange(100) < 52)
    assert codes(layout(), found, series(trace(covered=covered))) == []
    layer.hidden[20:60, 40:52] = True
    assert codes(layout(), found, series(trace(covered=covered))) != []


@pytest.mark.parametrize(
    ("width", "each", "expected"), [(1.5, 1, ["broad-line"]), (0.6, 1, []), (1.5, 5, [])], ids=["", "thin", "calm"]
)
def test_a_broad_line_whose_peaks_run_together_is_doubted(width: float, each: int, expected: list[str]) -> None:
    """It turns at every or at every fifth column of a plot area 80 pixels high."""
    swing = 0.4 * (-1.0) ** (np.arange(100) // each)
    assert codes(layout(), segmentation(), series(trace(y_px=40.5 + swing, width_px=width))) == expected


def test_the_frame_of_a_legend_is_no_unexplained_ink() -> None:
    found = segmentation()
    found.ink[[5, 25], 10:60] = True
    found.ink[5:26, [10, 59]] = True
    entry = LegendEntry(name="loss", swatch=Swatch(box=Box(13, 10, 20, 15), color=RED), word_box=Box(22, 10, 50, 15))
    assert codes(layout(), found, series(trace())) == ["unexplained-ink"]
    framed = layout(legend=Legend(entries=(entry,), box=Box(13, 10, 50, 15)))
    assert codes(framed, found, series(trace(), on=framed)) == []


@pytest.mark.parametrize(("height", "expected"), [(1, []), (30, ["open-course"])])
def test_a_bridge_is_doubted_where_what_hides_it_leaves_room(height: int, expected: list[str]) -> None:
    found = segmentation()
    (layer,) = found.layers
    layer.hidden[40 - height // 2 : 41 + height // 2, 50:60] = True
    found.ink[layer.hidden] = True
    covered = (np.arange(100) >= 50) & (np.arange(100) < 60)
    assert [c for c in codes(layout(), found, series(trace(covered=covered))) if c == "open-course"] == expected


def test_a_curve_that_a_box_of_text_cuts_off_is_doubted() -> None:
    found = segmentation()
    found.layers[0].hidden[20:40, 30:50] = True
    assert codes(layout(), found, series(trace())) == ["open-course"]
    # unless a second look at all ink together found the same course
    assert codes(layout(), found, series(replace(trace(), settled=True))) == []


def test_errors_join_trace_and_calibration() -> None:
    exact = to_points(trace(), axis(), axis(pixels=(80.0, 0.0)))
    assert exact.y_err == pytest.approx(np.full(100, 0.3 / 8))
    loose = to_points(trace(), axis(), axis(pixels=(80.0, 0.0), covariance_px=((0.04, 0.0), (0.0, 0.04))))
    assert (loose.y_err > exact.y_err).all()
    assert exact.x == pytest.approx((np.arange(100) + 0.5) / 10)


def legend_of(*names: str) -> Legend:
    entries = tuple(
        LegendEntry(name=name, swatch=Swatch(box=Box(0, 0, 1, 1), color=RED), word_box=Box(1, 0, 5, 1))
        for name in names
    )
    return Legend(entries=entries, box=Box(0, 0, 5, 1))


@pytest.mark.parametrize("first_label", [None, "y", "d"])
def test_of_names_alike_the_one_on_the_label_stands_on_its_axis(first_label: str | None) -> None:
    first, second = axis(pixels=(80.0, 0.0), label=first_label), axis(pixels=(80.0, 0.0), label="seed_2")
    two = layout(legend=legend_of("seed_1", "seed_2"), y_axis=first, y2_axis=second)
    assert bind_axes((trace(entry=0), trace(entry=1, row=20.5)), two, ()) == (("y", "y2"), ())


@pytest.mark.parametrize(("names", "label"), [(("n = 10", "n = 100"), "n = 100"), (("run 12", "run 1"), "run 1 (m)")])
def test_of_two_names_of_which_one_is_in_the_other_the_label_means_the_nearer(
    names: tuple[str, str], label: str
) -> None:
    two = layout(legend=legend_of(*names), y2_axis=axis(pixels=(80.0, 0.0), label=label))
    assert bind_axes((trace(entry=0), trace(entry=1, row=20.5)), two, ()) == (("y", "y2"), ())


def test_second_axis_by_name_by_exclusion_and_by_guess() -> None:
    legend = legend_of("precipitation", "other")
    two = layout(legend=legend, y2_axis=axis(pixels=(80.0, 0.0), label="precipitation (mm)"))
    both = (trace(entry=0), trace(entry=1, row=20.5))
    assert bind_axes(both, two, ()) == (("y2", "y"), ())
    unlabelled = replace(two, y2_axis=axis(pixels=(80.0, 0.0)))
    sides, doubts = bind_axes(both, unlabelled, ())
    assert sides == ("y", "y2")
    assert [d.code for d in doubts] == ["axis-binding"]
    assert bind_axes(both, layout(), ()) == (("y", "y"), ())


def test_a_dashed_line_and_one_that_no_legend_names_are_guessed_to_stand_on_the_second_axis() -> None:
    two = layout(legend=legend_of("one", "other"), y2_axis=axis(pixels=(80.0, 0.0)))
    dashed, solid = trace(entry=0, style="dashed"), trace(entry=1, row=20.5)
    assert bind_axes((dashed, solid), two, ())[0] == ("y2", "y")
    assert bind_axes((dashed, replace(solid, style="dotted")), two, ())[0] == ("y", "y2")
    assert bind_axes((trace(entry=0), replace(solid, entry=None)), two, ())[0] == ("y", "y2")
