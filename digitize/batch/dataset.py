"""The tables of a run, in parts: all points, and what became of each picture.

A part holds the pictures of one block in the order of their sources, whatever order they were read in, so that a run
that was killed and went on gives the same files as one that was not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from digitize.batch.points import SCHEMA, from_stream, to_stream
from digitize.batch.records import Entry, Outcome
from digitize.batch.store import Store
from digitize.model import Reason

POINTS, IMAGES = "points", "images"
ROW_GROUP = 32_000  # rows that are held at once while a part is written
#: A row a picture. `id` is what its source calls it; `image` differs where another was called so before. `panels` are
#: the statuses of its charts, `reasons` codes and `why` their sentences; `seconds` are of the clock, `timings` CPU
#: seconds by stage as JSON. Columns of lists that named the pictures stand behind these.
IMAGE_SCHEMA = pa.schema(
    [
        ("image", pa.string()),
        ("id", pa.string()),
        ("source", pa.string()),
        ("status", pa.string()),
        ("reasons", pa.list_(pa.string())),
        ("why", pa.list_(pa.string())),
        ("panels", pa.list_(pa.string())),
        ("doubt", pa.float64()),
        ("series", pa.int32()),
        ("points", pa.int64()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("digest", pa.string()),
        ("duplicate_of", pa.string()),
        ("attempts", pa.int32()),
        ("seconds", pa.float64()),
        ("timings", pa.string()),
    ]
)
_APART = " (list)"  # behind the name of a list's column that would hide one of these
_GIVEN = b"given"  # among the metadata of such a column: what the list calls it
_ALIKE = ("status", "doubt", "series", "width", "height", "digest", "duplicate_of", "attempts", "seconds")


class Dataset:
    """The parts of both tables beneath a store; with `csv`, each part as CSV besides."""

    def __init__(self, store: Store, *, csv: bool = False) -> None:
        self._store = store
        self._csv = csv

    def write_points(self, block: int, streams: Iterable[bytes]) -> None:
        """Write a part of the points; one that is there is replaced."""
        with self._store.replacing(_part(POINTS, block, "parquet")) as path:
            with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
                for table in _grouped(from_stream(stream) for stream in streams):
                    writer.write_table(table, row_group_size=ROW_GROUP)
            if self._csv:
                self._write_csv(_part(POINTS, block, "csv"), path, SCHEMA)

    def write_images(self, block: int, rows: Iterable[tuple[Entry, Outcome]], columns: Sequence[str]) -> None:
        """Write a part of the table of pictures, with the metadata of those `columns`."""
        names = column_names(columns)
        schema = IMAGE_SCHEMA
        for given, name in names.items():
            schema = schema.append(pa.field(name, pa.string(), metadata={_GIVEN: given}))
        table = pa.Table.from_pylist([_row(entry, outcome, names) for entry, outcome in rows], schema)
        with self._store.replacing(_part(IMAGES, block, "parquet")) as path:
            pq.write_table(table, path, compression="zstd")
            if self._csv:
                self._write_csv(_part(IMAGES, block, "csv"), path, schema)

    def refresh(self, block: int, rows: Sequence[tuple[Entry, Outcome]], columns: Sequence[str]) -> None:
        """Make a part hold these pictures alone, with the metadata of those `columns`."""
        if not rows:
            self.remove(block)
            return
        if self.count_points(block) != sum(outcome.points_count for _, outcome in rows):
            self.write_points(block, [to_stream(self._points(block, [entry.image for entry, _ in rows]))])
        self.write_images(block, rows, columns)

    def points_of(self, entry: Entry) -> bytes:
        """The points of one picture, from the part that holds them."""
        return to_stream(self._points(entry.block, [entry.image]))

    def _points(self, block: int, images: Sequence[str]) -> pa.Table:
        with self._store.open(_part(POINTS, block, "parquet")) as file:
            return pq.read_table(file, schema=SCHEMA, filters=pc.field("image").isin(images))

    def blocks(self, table: str = IMAGES) -> list[int]:
        """The parts of a table that are there, in order."""
        names = self._store.names(table)
        return [int(name[5:-8]) for name in names if name.startswith("part-") and name.endswith(".parquet")]

    def count_points(self, block: int) -> int:
        """The rows of a part of the points."""
        if block not in self.blocks(POINTS):
            return 0
        with self._store.open(_part(POINTS, block, "parquet")) as file:
            return int(pq.read_metadata(file).num_rows)

    def remove(self, block: int) -> None:
        """Remove a part of both tables."""
        for table in (POINTS, IMAGES):
            for suffix in ("parquet", "csv"):
                self._store.remove(_part(table, block, suffix))

    def read_images(self, block: int) -> Iterator[tuple[Entry, Outcome]]:
        """The pictures of a part as they were written; `number` counts within the part."""
        with self._store.open(_part(IMAGES, block, "parquet")) as file:
            table = pq.read_table(file)
        given = {field.name: field.metadata[_GIVEN].decode() for field in table.schema if field.metadata}
        names = {name: given[name] for name in table.schema.names if name not in IMAGE_SCHEMA.names}
        for number, row in enumerate(table.to_pylist()):
            yield _from_row(row, names, number, block)

    def _write_csv(self, name: str, parquet: str, schema: pa.Schema) -> None:
        """The same part as CSV: lists joined by semicolons, times in ISO 8601."""
        flat = pa.schema([pa.field(f.name, pa.string() if _is_nested(f.type) else f.type) for f in schema])
        with self._store.replacing(name) as path, pa_csv.CSVWriter(path, flat) as writer:
            for batch in pq.ParquetFile(parquet).iter_batches(ROW_GROUP):
                writer.write_batch(_flat(batch, flat))


def column_names(columns: Sequence[str]) -> dict[str, str]:
    """What the columns of lists are called in the table of pictures: the same, unless it has such a column itself."""
    names: dict[str, str] = {}
    for column in columns:
        name = column
        while name in IMAGE_SCHEMA.names or name in names.values() or (name != column and name in columns):
            name += _APART
        names[column] = name
    return names


def _part(table: str, block: int, suffix: str) -> str:
    folder = table if suffix == "parquet" else f"{table}-{suffix}"  # so that each folder is one dataset to its readers
    return f"{folder}/part-{block:05d}.{suffix}"


def _grouped(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Tables joined to `ROW_GROUP` rows or a little more."""
    held: list[pa.Table] = []
    count = 0
    for table in tables:
        held.append(table)
        count += len(table)
        if count >= ROW_GROUP:
            yield pa.concat_tables(held).combine_chunks()
            held, count = [], 0
    if held:
        yield pa.concat_tables(held).combine_chunks()


def _is_nested(kind: pa.DataType) -> bool:
    """Whether a column's values need words of their own in CSV."""
    return bool(pa.types.is_list(kind) or pa.types.is_timestamp(kind))


def _flat(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for column in batch.columns:
        if pa.types.is_list(column.type):
            column = pc.binary_join(column, "; ")
        elif pa.types.is_timestamp(column.type):
            column = pc.strftime(column, format="%Y-%m-%dT%H:%M:%SZ")
        columns.append(column)
    return pa.record_batch(columns, schema=schema)


def _row(entry: Entry, outcome: Outcome, names: Mapping[str, str]) -> dict[str, Any]:
    own: dict[str, Any] = {
        "image": entry.image,
        "id": entry.asked,
        "source": entry.source,
        "reasons": [reason.code for reason in outcome.reasons],
        "why": [reason.message for reason in outcome.reasons],
        "panels": list(outcome.panels),
        "points": outcome.points_count,
        "timings": json.dumps({stage: round(seconds, 3) for stage, seconds in outcome.timings.items()}),
    }
    own |= {name: getattr(outcome, name) for name in _ALIKE}
    return own | {name: entry.metadata.get(given) for given, name in names.items()}


def _from_row(row: dict[str, Any], names: Mapping[str, str], number: int, block: int) -> tuple[Entry, Outcome]:
    entry = Entry(
        number=number,
        block=block,
        source=row["source"],
        asked=row["id"],
        image=row["image"],
        metadata={given: row[name] for name, given in names.items() if row[name] is not None},
    )
    reasons = zip(row["reasons"], row["why"], strict=True)
    outcome = Outcome(
        reasons=tuple(Reason(code=code, message=message) for code, message in reasons),
        panels=tuple(row["panels"]),
        points_count=row["points"],
        timings=json.loads(row["timings"]),
        **{name: row[name] for name in _ALIKE},
    )
    return entry, outcome
