"""The benchmarks of runs measure what they say."""

import benchmark_batch
import pytest
from PIL import Image


def test_entries_are_settled_in_two_runs_and_not_again(tmp_path, capsys):
    benchmark_batch.million(600, tmp_path)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("600 entries")
    assert [line[:18].strip() for line in lines[1:]] == ["half of them", "the rest", "nothing left"]
    assert (tmp_path / "out" / "index.html").exists()
    table = benchmark_batch.pd.read_parquet(tmp_path / "out" / "images")
    assert len(table) == 600
    assert table["image"].is_unique
    assert len(benchmark_batch.pd.read_parquet(tmp_path / "out" / "points")) == 600 * 100


def test_small_pictures_differ_in_their_bytes_alone(tmp_path):
    benchmark_batch.small_pictures(tmp_path / "small", 3)
    paths = sorted((tmp_path / "small").iterdir())
    assert len({path.read_bytes() for path in paths}) == 3
    assert len({Image.open(path).tobytes() for path in paths}) == 1


def test_pictures_are_chosen_from_the_whole_folder(tmp_path):
    for number in range(10):
        (tmp_path / f"{number}.png").touch()
    assert [path.name for path in benchmark_batch.choose(tmp_path, 4)] == ["0.png", "3.png", "6.png", "9.png"]
    with pytest.raises(SystemExit, match="holds 10 pictures, not 11"):
        benchmark_batch.choose(tmp_path, 11)
