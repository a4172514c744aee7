"""A reading as data frames, and data frames as CSV, Parquet and Excel files."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd

from digitize.errors import OutputError
from digitize.model import Axis, FloatArray, Panel, Points, Reading, Scale, Series, to_hex, to_iso
from digitize.outputs.rounding import round_points, round_values
from digitize.outputs.values import ChosenX, choose_x, common_x, label_series, values_at

LONG_COLUMNS = ("panel", "panel_title", "series", "color", "x", "y", "x_err", "y_err")
SHEET_NAME_LENGTH = 31  # what Excel allows


def series_table(series: Series) -> pd.DataFrame:
    """The points of one series: x, y, x_err, y_err; x are UTC times on a date axis and x_err then seconds."""
    return pd.DataFrame(_columns(series.points, series.x_scale))


def long_table(reading: Reading, x: ChosenX | None = None) -> pd.DataFrame:
    """All series of all panels below each other, in the columns `LONG_COLUMNS`; panels have their numbers.

    Parameters
    ----------
    x : sequence or "ticks", optional
        Read the curves at these x only, instead of giving all traced points.
    """
    parts = []
    for panel in reading.panels:
        if panel.status == "refused":
            continue  # its traces are pixels, no data
        chosen = None if x is None else choose_x(panel, x)
        for label, series in zip(label_series(panel), panel.series, strict=True):
            points = series.points if chosen is None else values_at(panel, series, chosen)
            head = {"panel": panel.number, "panel_title": panel.title, "series": label, "color": to_hex(series.color)}
            parts.append(pd.DataFrame({**head, **_columns(points, series.x_scale)}))
    return stack(parts) if parts else pd.DataFrame(columns=list(LONG_COLUMNS))


def stack(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables below each other; where times stand beside numbers in x, each keeps its own kind."""
    filled = [table for table in tables if len(table)] or list(tables[:1])
    if len({str(table["x"].dtype) for table in filled}) > 1:
        filled = [table.astype({"x": object}) for table in filled]
    return pd.concat(filled, ignore_index=True)


def wide_table(panel: Panel, x: ChosenX | None = None, *, errors: bool = False) -> pd.DataFrame:
    """All series of one panel on one common x, a column each; on a category axis `x_label` names the position.

    Parameters
    ----------
    x : sequence or "ticks", optional
        Where to read the curves; without it, where `common_x` says.
    errors : with a column NAME_err beside each series' own.
    """
    axis = panel.x_axis
    if axis is None or panel.status == "refused":
        return pd.DataFrame(columns=["x"])
    at = common_x(panel) if x is None else choose_x(panel, x)
    columns: dict[str, Any] = {"x": _x_column(round_values(at, _resolution(axis, at)), axis.scale)}
    if axis.labels is not None:
        columns["x_label"] = [_category(axis.labels, value) for value in at]
    for label, series in zip(label_series(panel), panel.series, strict=True):
        name = f"{label} (series)" if label in ("x", "x_label") else label
        values = round_points(values_at(panel, series, at))
        columns[name] = values.y
        if errors:
            columns[f"{name}_err"] = values.y_err
    return pd.DataFrame(columns)


def _columns(points: Points, x_scale: Scale) -> dict[str, Any]:
    rounded = round_points(points)
    y_err = np.where(np.isfinite(rounded.y), rounded.y_err, math.nan)
    return {"x": _x_column(rounded.x, x_scale), "y": rounded.y, "x_err": rounded.x_err, "y_err": y_err}


def _x_column(values: FloatArray, scale: Scale) -> Any:
    """Numbers as they are; seconds since 1970 as UTC times to the millisecond."""
    if scale != "date":
        return values
    known = np.isfinite(values)
    stamps = np.where(known, np.rint(np.where(known, values, 0.0) * 1000), 0).astype("int64").astype("datetime64[ms]")
    stamps[~known] = np.datetime64("NaT")
    return pd.Series(stamps).dt.tz_localize("UTC")


def _resolution(axis: Axis, values: FloatArray) -> FloatArray:
    """What one pixel means at each value: the digits beyond it say nothing."""
    pixels = axis.to_pixel(values)
    return np.abs(axis.to_value(pixels + 0.5) - axis.to_value(pixels - 0.5))


def _category(labels: tuple[str, ...], position: float) -> str | None:
    index = round(position)
    return labels[index] if 0 <= index < len(labels) and abs(index - position) < 0.25 else None


def to_csv(table: pd.DataFrame) -> str:
    """A table as CSV text; times in ISO 8601."""
    return str(_with_iso(table).to_csv(index=False, lineterminator="\n"))


def to_parquet(table: pd.DataFrame) -> bytes:
    """A table as a Parquet file's content; an x of mixed kinds becomes text."""
    out = BytesIO()
    mixed = "x" in table and table["x"].dtype == object
    (_with_iso(table).astype({"x": str}) if mixed else table).to_parquet(out, engine="pyarrow", index=False)
    return out.getvalue()


def to_excel(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Tables as the sheets of an Excel file's content; times without their zone (UTC), as Excel knows none.

    Raises
    ------
    OutputError
        openpyxl is not installed.
    """
    out = BytesIO()
    try:
        with pd.ExcelWriter(out, engine="openpyxl") as writer:
            for name, table in tables.items():
                _without_zone(table).to_excel(writer, sheet_name=_sheet_name(name), index=False)
            for sheet in writer.book.worksheets:
                _keep_text(sheet)
    except ImportError as error:
        raise OutputError("Excel needs openpyxl; install it with: pip install 'digitize[excel]'") from error
    return out.getvalue()


def _keep_text(sheet: Any) -> None:
    """Text that a picture shows is never a formula."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"


def _sheet_name(name: str) -> str:
    return "".join("_" if character in "[]:*?/\\'" else character for character in name)[:SHEET_NAME_LENGTH] or "_"


def _with_iso(table: pd.DataFrame) -> pd.DataFrame:
    return _map_times(table, lambda stamp: to_iso(stamp.timestamp()))


def _without_zone(table: pd.DataFrame) -> pd.DataFrame:
    return _map_times(table, lambda stamp: stamp.tz_localize(None))


def _map_times(table: pd.DataFrame, change: Any) -> pd.DataFrame:
    """The table with its times, which stand only in the column x, changed; other values stay."""
    if "x" not in table or table["x"].dtype.kind in "fi":
        return table
    changed = [change(value) if isinstance(value, pd.Timestamp) else value for value in table["x"]]
    return table.assign(x=pd.Series(changed, index=table.index, dtype=object))
