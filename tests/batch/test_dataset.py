"""The tables of a run, as their readers see them."""

from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from digitize.batch import dataset as module
from digitize.batch.dataset import Dataset
from digitize.batch.points import SCHEMA, from_stream, points_table, renamed, to_stream
from digitize.batch.records import Entry, Outcome
from digitize.batch.store import Store
from digitize.model import Reason
from digitize.outputs.tables import long_table


@pytest.fixture
def dataset(tmp_path):
    return Dataset(Store(str(tmp_path)), csv=True)


def entry(image, **more):
    return Entry(number=0, block=0, source=f"/shots/{image}", asked=image, image=image, **more)


def test_points_are_those_of_every_other_table(reading):
    table = points_table(reading, "a.png").to_pandas()
    other = long_table(reading)
    for name in ("panel", "panel_title", "series", "color", "y", "x_err", "y_err"):
        assert table[name].astype(object).where(table[name].notna(), None).tolist() == (
            other[name].astype(object).where(other[name].notna(), None).tolist()
        )
    dates = table["x_time"].notna()
    assert table["x_time"][dates].tolist() == [x for x in other["x"] if isinstance(x, pd.Timestamp)]
    assert table["x"][~dates].tolist() == [x for x in other["x"] if not isinstance(x, pd.Timestamp)]
    assert (table["x"][dates] == table["x_time"][dates].map(lambda stamp: stamp.timestamp())).all()
    assert table["x_label"].dropna().tolist() == ["Jan", "Feb", "Mar"]
    assert set(table["image"]) == {"a.png"}
    assert set(table["status"]) == {"ok"}
    assert "refused" not in set(table["panel_title"])


def test_points_come_back_from_their_stream(reading):
    table = points_table(reading, "a.png")
    assert from_stream(to_stream(table)).equals(table)
    assert set(renamed(table, "b.png")["image"].to_pylist()) == {"b.png"}


def test_a_part_holds_its_pictures_in_order_and_in_groups(dataset, tmp_path, reading, monkeypatch):
    monkeypatch.setattr(module, "ROW_GROUP", 20)
    tables = [points_table(reading, name) for name in ("b.png", "a.png", "c.png")]
    dataset.write_points(0, map(to_stream, tables))
    file = pq.ParquetFile(tmp_path / "points" / "part-00000.parquet")
    assert file.metadata.num_row_groups > 1
    assert file.read().equals(_joined(tables))
    assert dataset.count_points(0) == sum(map(len, tables))
    assert from_stream(dataset.points_of(entry("a.png"))).equals(tables[1])
    frame = pd.read_csv(tmp_path / "points-csv" / "part-00000.csv")
    assert list(frame.columns) == SCHEMA.names
    assert frame["y"].dropna().tolist() == _joined(tables)["y"].drop_null().to_pylist()
    assert frame["x_time"].dropna().iloc[0] == "2024-01-01T00:00:00.000Z"


def _joined(tables):
    return pa.concat_tables(tables).combine_chunks()


def test_a_part_without_points_is_a_table_all_the_same(dataset, tmp_path):
    dataset.write_points(0, [])
    assert pd.read_parquet(tmp_path / "points").empty
    assert dataset.count_points(0) == 0
    assert dataset.count_points(1) == 0


def test_the_table_of_pictures_tells_all_and_comes_back(dataset, tmp_path):
    rows = [
        (
            entry("a.png", metadata={"run": "7", "status": "mine"}),
            Outcome(
                status="review",
                reasons=(Reason(code="few-ticks", message="two; only"), Reason(code="crowded", message="many")),
                panels=("ok", "review"),
                doubt=2.1,
                series=3,
                points_count=40,
                width=400,
                height=240,
                digest="d",
                seconds=1.25,
                timings={"text": 0.5},
                duplicate_of="b.png",
            ),
        ),
        (replace(entry("a.png"), number=1, image="a.png (2)"), Outcome(status="ok")),
    ]
    dataset.write_images(0, rows, ["run", "status"])
    assert list(dataset.read_images(0)) == rows
    frame = pd.read_parquet(tmp_path / "images")
    assert frame["status"].tolist() == ["review", "ok"]
    assert frame["status (list)"].dropna().tolist() == ["mine"]
    assert list(frame["reasons"][0]) == ["few-ticks", "crowded"]
    assert pd.read_csv(tmp_path / "images-csv" / "part-00000.csv")["reasons"][0] == "few-ticks; crowded"


def test_parts_are_listed_and_removed(dataset):
    for block in (2, 0):
        dataset.write_points(block, [])
        dataset.write_images(block, [], [])
    assert dataset.blocks() == [0, 2]
    dataset.remove(0)
    assert dataset.blocks() == dataset.blocks("points") == [2]
