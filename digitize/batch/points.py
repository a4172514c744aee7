"""The table of all points of a run: its columns, and the points of a reading in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from digitize.model import Panel, Reading, Series, to_hex
from digitize.outputs.rounding import round_points
from digitize.outputs.values import label_series

#: A row a point. On a date axis x counts seconds since 1970 UTC, and `x_time` is the same as a time; on an axis of
#: names `x_label` is the name. `status` is that of the panel. Refused panels have no points.
SCHEMA = pa.schema(
    [
        ("image", pa.string()),
        ("panel", pa.int32()),
        ("panel_title", pa.string()),
        ("status", pa.string()),
        ("series", pa.string()),
        ("color", pa.string()),
        ("x", pa.float64()),
        ("x_time", pa.timestamp("ms", tz="UTC")),
        ("x_label", pa.string()),
        ("y", pa.float64()),
        ("x_err", pa.float64()),
        ("y_err", pa.float64()),
    ]
)


def points_table(reading: Reading, image: str) -> pa.Table:
    """The points of a reading, rounded as in every table, in the columns of `SCHEMA`."""
    batches = [
        _series(panel, label, series, image)
        for panel in reading.panels
        if panel.status != "refused"
        for label, series in zip(label_series(panel), panel.series, strict=True)
    ]
    return pa.Table.from_batches(batches, SCHEMA)


def _series(panel: Panel, label: str, series: Series, image: str) -> pa.RecordBatch:
    points = round_points(series.points)
    count = len(points)
    axis = panel.x_axis
    dates = axis is not None and axis.scale == "date"
    names = axis.labels if axis else None
    known = dates & np.isfinite(points.x)
    times = np.rint(np.where(known, points.x, 0.0) * 1000).astype("int64")
    columns = {
        "image": _repeat(image, count),
        "panel": pa.array(np.full(count, panel.number, dtype=np.int32)),
        "panel_title": _repeat(panel.title, count),
        "status": _repeat(panel.status, count),
        "series": _repeat(label, count),
        "color": _repeat(to_hex(series.color), count),
        "x": _numbers(points.x),
        "x_time": pa.array(times, mask=~np.broadcast_to(known, count)).cast(SCHEMA.field("x_time").type),
        "x_label": _names(names, points.x),
        "y": _numbers(points.y),
        "x_err": _numbers(points.x_err),
        "y_err": _numbers(np.where(np.isfinite(points.y), points.y_err, np.nan)),
    }
    return pa.record_batch([columns[name] for name in SCHEMA.names], schema=SCHEMA)


def _repeat(value: str | None, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, pa.string()), count)


def _numbers(values: np.ndarray) -> pa.Array:
    """Numbers, with gaps and unknown errors as nulls."""
    return pa.array(values, mask=~np.isfinite(values))


def _names(names: Sequence[str] | None, x: np.ndarray) -> pa.Array:
    if names is None:
        return pa.nulls(len(x), pa.string())
    places = np.rint(np.where(np.isfinite(x), x, -1)).astype(int)
    exact = np.abs(places - np.where(np.isfinite(x), x, -2)) < 0.25
    return pa.array(
        [names[at] if fits and 0 <= at < len(names) else None for at, fits in zip(places, exact, strict=True)]
    )


def to_stream(table: pa.Table) -> bytes:
    """A table as a compressed Arrow stream."""
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)  # so little is done sooner in one thread
    with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def from_stream(content: bytes) -> pa.Table:
    """The table that `to_stream` wrote."""
    with pa.ipc.open_stream(content, options=pa.ipc.IpcReadOptions(use_threads=False)) as reader:
        return reader.read_all()


def renamed(table: pa.Table, image: str) -> pa.Table:
    """The points of one picture as those of another."""
    return table.set_column(0, SCHEMA.field("image"), _repeat(image, len(table)))
