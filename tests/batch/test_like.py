"""Many pictures with the axes of one: each is checked, and where it differs it says so."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import digitize
from digitize.cli import app
from digitize.errors import InputError
from tests.readings import make_reading, refused_panel
from tests.test_template import X, chart, course


@pytest.fixture
def shots(tmp_path, monkeypatch):
    """Three pictures of one layout, one whose y axis reaches further, and the JSON of the first one's reading."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "shots"
    folder.mkdir()
    for seed in range(3):
        chart(seed).save(folder / f"{seed}.png")
    chart(3, lambda axes: axes.set(ylim=(0, 2))).save(folder / "other.png")
    (tmp_path / "like.json").write_text(digitize.read(folder / "0.png").to_json())
    return folder


@pytest.mark.parametrize("like", ["like.json", "shots/0.png"])
def test_a_known_layout_serves_all_pictures_that_have_it(shots, like):
    result = CliRunner().invoke(app, ["batch", "shots", "-o", "out", "--like", like, "-w", "1"])
    assert result.exit_code == 0, result.stderr
    table = pd.read_parquet("out/images").set_index("image")
    assert table["status"].to_dict() == {"0.png": "ok", "1.png": "ok", "2.png": "ok", "other.png": "review"}
    assert set(table.loc["other.png", "reasons"]) == {"layout-differs"}
    assert '"text"' not in table.loc["2.png", "timings"]  # nothing was recognised
    points = pd.read_parquet("out/points")
    assert set(points["series"]) == {"train", "valid"}
    for seed, name in enumerate(["0.png", "1.png", "2.png", "other.png"]):
        one = points[(points["image"] == name) & (points["series"] == "train")].dropna(subset="y")
        off = np.abs(one["y"] - np.interp(one["x"], X, course(2 * seed)))
        assert np.median(off) < 0.005  # of an axis that spans 1, or 2: a pixel is 0.0036


def test_other_templates_are_other_runs(shots):
    assert CliRunner().invoke(app, ["batch", "shots/0.png", "-o", "out", "-w", "1"]).exit_code == 0
    result = CliRunner().invoke(app, ["batch", "shots", "-o", "out", "--like", "like.json"])
    assert result.exit_code == 2
    assert "--like none" in result.stderr


def test_a_reading_that_cannot_serve_is_told_before_anything_is_begun(shots, tmp_path):
    (tmp_path / "bad.json").write_text(make_reading(refused_panel()).to_json())
    for like in ("bad.json", "lost.json", "like.txt"):
        result = CliRunner().invoke(app, ["batch", "shots", "-o", "out", "--like", like])
        assert result.exit_code == 3
        assert len(result.stderr.splitlines()) == 1
        assert not (tmp_path / "out").exists()
    with pytest.raises(InputError, match="cannot serve as a template"):
        next(digitize.read_many("shots", like=make_reading(refused_panel())))


def test_read_many_takes_a_template_too(shots):
    first = digitize.read(shots / "0.png")
    items = list(digitize.read_many([shots / "1.png", shots / "other.png"], like=first, ordered=True, workers=1))
    assert [item.reading.panels[0].status for item in items] == ["ok", "review"]
