import io
import math
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitize.errors import OutputError, UsageError
from digitize.outputs import tables
from digitize.outputs.values import choose_x, common_x, label_series, values_at
from tests.readings import (
    PANELS,
    category_panel,
    date_panel,
    linear_panel,
    make_axis,
    make_panel,
    make_reading,
    make_series,
)


def test_one_series_as_a_frame():
    frame = linear_panel().series[1].to_frame()
    assert list(frame.columns) == ["x", "y", "x_err", "y_err"]
    assert frame["x"].tolist() == [0, 8, 16, 24, 32]
    assert frame["y"][1] == pytest.approx(0.6)
    assert frame.loc[2, ["y", "y_err"]].isna().all()


def test_times_are_utc_in_frames():
    frame = date_panel().series[0].to_frame()
    assert frame["x"].dtype == "datetime64[ms, UTC]"
    assert frame["x"][1] == pd.Timestamp("2024-01-06", tz="UTC")


def test_the_long_table_holds_every_series_but_those_of_refused_panels(reading):
    frame = reading.to_frame()
    assert tuple(frame.columns) == tables.LONG_COLUMNS
    assert frame.groupby("panel")["series"].unique().map(list).to_dict() == {
        1: ["Series A", "Series B", "Series B (raw)"],
        2: ["series 1"],
        3: ["sales"],
    }
    assert frame["color"].iloc[0] == "#d62728"
    assert frame["panel_title"].iloc[0] == "actor/kl_loss"


@pytest.mark.parametrize("names", [(), ("refused",)])
def test_without_data_the_long_table_has_its_columns_all_the_same(names):
    frame = make_reading(*(PANELS[name]() for name in names)).to_frame()
    assert tuple(frame.columns) == tables.LONG_COLUMNS
    assert frame.empty
    assert tables.to_csv(frame) == "panel,panel_title,series,color,x,y,x_err,y_err\n"


def test_csv_has_dates_and_plain_numbers(reading):
    lines = tables.to_csv(reading.to_frame()).splitlines()
    assert lines[1].startswith("1,actor/kl_loss,Series A,#d62728,0.0,0.1,")
    assert any(line.startswith("2,,series 1,") and ",2024-01-06," in line for line in lines)
    assert not any("00000000" in line for line in lines)


def test_parquet_comes_back_with_its_times_and_mixed_x_as_text(reading):
    dates = make_reading(date_panel()).to_frame()
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(tables.to_parquet(dates))), dates)
    mixed = pd.read_parquet(io.BytesIO(tables.to_parquet(reading.to_frame())))
    assert {"0.0", "2024-01-06"} <= set(mixed["x"])


def test_excel_has_a_sheet_each_and_no_formulas():
    panel = linear_panel(title="=HYPERLINK(1)")
    content = tables.to_excel({"long": make_reading(panel, date_panel()).to_frame(), "a/b": panel.to_frame()})
    sheets = pd.read_excel(io.BytesIO(content), sheet_name=None)
    assert list(sheets) == ["long", "a_b"]
    assert sheets["long"]["panel_title"][0] == "=HYPERLINK(1)"
    assert sheets["long"]["x"].iloc[-1] == pd.Timestamp("2024-01-11")


def test_a_missing_package_is_named_with_its_extra(monkeypatch, reading):
    monkeypatch.setitem(sys.modules, "openpyxl.workbook", None)
    with pytest.raises(OutputError, match="pip install 'digitize"):
        tables.to_excel({"long": reading.to_frame()})


def test_the_wide_table_has_all_series_on_one_x():
    frame = linear_panel().to_frame([0, 4, 16, 40])
    assert list(frame.columns) == ["x", "Series A", "Series B", "Series B (raw)"]
    assert frame["Series A"].tolist() == pytest.approx([0.1, 0.2, 0.5, math.nan], nan_ok=True, abs=1e-3)
    assert frame["Series B"].tolist() == pytest.approx([0.8, 0.7, math.nan, math.nan], nan_ok=True, abs=1e-3)


def test_the_wide_table_takes_ticks_dates_and_names():
    assert linear_panel().to_frame("ticks")["x"].tolist() == [0, 32]
    assert date_panel().to_frame(["2024-01-06", "2024"])["series 1"].tolist() == pytest.approx([1.0, 0.001], rel=1e-2)
    assert category_panel().to_frame(["Feb"])["sales"].tolist() == [40]
    with pytest.raises(UsageError, match="'soon' is not a date"):
        date_panel().to_frame(["soon"])
    with pytest.raises(UsageError, match="'many' is not a number"):
        linear_panel().to_frame(["many"])


def test_a_category_axis_gives_its_names():
    frame = category_panel().to_frame()
    assert frame["x_label"].tolist() == ["Jan", "Feb", "Mar"]
    assert frame["sales"].tolist() == [10, 40, 20]


def test_the_common_x_is_every_pixel_column_or_the_data_points():
    panel = linear_panel()
    assert len(common_x(panel)) == 320
    axes = panel.x_axis, panel.y_axis
    sampled = [make_series("a", x, [0.1] * len(x), *axes) for x in ([0, 10, 20], [0.01, 10, 30])]
    sampled = [make_series("a", s.points.x, s.points.y, *axes, samples=s.points) for s in sampled]
    assert common_x(make_panel(*axes, tuple(sampled))) == pytest.approx([0, 10, 20, 30], abs=0.02)


def test_between_points_a_log_axis_is_straight_in_the_picture():
    panel = date_panel()
    halfway = panel.series[0].points.x[:2].mean()
    assert values_at(panel, panel.series[0], np.array([halfway])).y[0] == pytest.approx(math.sqrt(0.001), rel=1e-6)


def test_a_vertical_stroke_is_read_in_its_middle_with_its_length_as_error():
    panel = linear_panel()
    series = make_series("step", [0, 16, 16, 32], [0.2, 0.2, 0.6, 0.6], panel.x_axis, panel.y_axis)
    at = values_at(panel, series, np.array([16.0]))
    assert at.y[0] == pytest.approx(0.4)
    assert at.y_err[0] >= 0.2


def test_a_value_is_read_at_the_end_of_a_stroke_but_not_far_beyond_it():
    panel = linear_panel()
    series = make_series("short", [0.1, 16], [0.2, 0.6], panel.x_axis, panel.y_axis)
    assert values_at(panel, series, np.array([0.0, 20.0])).y.tolist() == pytest.approx([0.2, math.nan], nan_ok=True)


@given(st.lists(st.floats(-1, 33), min_size=1, max_size=6))
def test_values_lie_within_what_the_curve_spans(x):
    panel = linear_panel()
    for series in panel.series:
        y = values_at(panel, series, np.array(x)).y
        assert ((y > np.nanmin(series.points.y) - 1e-9) & (y < np.nanmax(series.points.y) + 1e-9) | np.isnan(y)).all()


@given(st.lists(st.none() | st.sampled_from(["a", "a (2)", "series 2", "x"]), max_size=5))
def test_labels_of_series_are_never_shared(names):
    x_axis = make_axis("linear", (60.0, 380.0), (0.0, 32.0))
    y_axis = make_axis("linear", (200.0, 20.0), (0.0, 0.9))
    panel = make_panel(x_axis, y_axis, tuple(make_series(name, [0, 1], [0, 1], x_axis, y_axis) for name in names))
    labels = label_series(panel)
    assert len(set(labels)) == len(labels)
    assert len(panel.to_frame().columns) == len(names) + 1


def test_ticks_are_the_used_ones_in_order():
    assert choose_x(linear_panel(), "ticks").tolist() == [0, 32]


def test_data_points_of_several_series_are_one_x():
    x_axis = make_axis("linear", (60.0, 380.0), (0.0, 32.0))
    y_axis = make_axis("linear", (200.0, 20.0), (0.0, 0.9))
    one, two = (make_series("a", x, [0.1] * len(x), x_axis, y_axis).points for x in ([0, 8, 16], [8, 16.02, 24]))
    series = tuple(make_series("a", p.x, p.y, x_axis, y_axis, samples=p) for p in (one, two))
    panel = make_panel(x_axis, y_axis, series)
    assert choose_x(panel, "samples") == pytest.approx([0, 8, 16.01, 24], abs=0.01)


def test_steps_and_counts():
    assert choose_x(linear_panel(), "1:2:0.25").tolist() == [1, 1.25, 1.5, 1.75, 2]
    assert choose_x(linear_panel(), 5) == pytest.approx([0, 8, 16, 24, 32])
    days = choose_x(date_panel(), "2024-01-01:2024-01-03:1")
    assert np.diff(days).tolist() == [86400, 86400]


@pytest.mark.parametrize("chosen", ["1:2:0", "2:1:1", "a:b:c", "0:1:1e-9", 1])
def test_places_that_lead_nowhere_are_refused(chosen):
    with pytest.raises(UsageError):
        choose_x(linear_panel(), chosen)


def test_errors_stand_beside_the_values():
    frame = linear_panel().to_frame([0, 8], errors=True)
    assert (frame["Series A_err"] > 0).all()
