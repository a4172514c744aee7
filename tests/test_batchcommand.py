"""`digitize batch` on the command line."""

import json
import sys

import pandas as pd
import pytest
from typer.testing import CliRunner

from digitize.batch import convert as convert_module
from digitize.batchcommand import parse_size
from digitize.cli import app
from digitize.errors import UsageError
from tests.batch.conftest import draw
from tests.batch.readers import READER


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """Runs `digitize batch ARGS…` with the quick reader in a folder with the folder `shots`."""
    options = convert_module.Options
    monkeypatch.setattr(convert_module, "Options", lambda **fields: options(**fields, reader=READER))
    monkeypatch.chdir(tmp_path)
    for seed, name in enumerate(["a.png", "b-review.png"]):
        draw(tmp_path / "shots" / name, seed)

    def run(*arguments, **options):
        return CliRunner().invoke(app, ["batch", *arguments], **options)

    return run


def test_a_folder_is_converted_and_summed_up(cli, tmp_path):
    (tmp_path / "shots" / "x.txt").touch()
    result = cli("shots", "-o", "out", "-w", "1")
    assert result.exit_code == 0, result.stderr
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines[:4] == ["1 ok", "1 for review", "0 refused", "0 failed"]
    assert lines[4].startswith("2 pictures in")
    assert lines[-1].endswith("out/index.html")
    assert any(".txt 1" in line for line in lines)
    assert result.stderr == "2 pictures\n"
    assert len(pd.read_parquet("out/points")) == 24


def test_forms_are_written_on_request(cli, tmp_path):
    assert cli("shots", "-o", "out", "-f", "csv", "-f", "overlay", "-f", "json", "-f", "md").exit_code == 0
    folders = {path.name for path in (tmp_path / "out").iterdir() if path.is_dir()}
    assert folders == {
        "points", "images", "points-csv", "images-csv", "overlays", "readings", "descriptions", "thumbnails"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "code"), [("refused.png", 1), ("raises.png", 70), ("crashes.png", 70), ("slow.png", 3)]
)
def test_the_exit_code_is_that_of_the_worst_picture(cli, tmp_path, name, code):
    draw(tmp_path / "shots" / name, 9)
    assert cli("shots", "-o", "out", "--time-limit", "2").exit_code == code


def test_a_picture_that_cannot_be_opened_gives_its_code_and_reason(cli, tmp_path):
    (tmp_path / "shots" / "bad.png").write_text("text")
    result = cli("shots", "-o", "out")
    assert result.exit_code == 3
    assert "input 1" in result.stdout


def test_json_lines_tell_start_pictures_and_end(cli):
    result = cli("shots", "-o", "out", "--json-log")
    events = [json.loads(line) for line in result.stderr.splitlines()]
    assert [event["event"] for event in events] == ["start", "picture", "picture", "end"]
    assert events[-1]["statuses"] == {"failed": 0, "refused": 0, "review": 1, "ok": 1}


def test_an_interrupted_run_says_so(cli, monkeypatch):
    result = convert_module.Result(
        statuses=dict.fromkeys(("failed", "refused", "review", "ok"), 0),
        reasons=[],
        pending=7,
        read=0,
        seconds=1.0,
        interrupted=True,
    )
    monkeypatch.setattr(convert_module, "convert", lambda *_: result)
    shown = cli("shots", "-o", "out")
    assert shown.exit_code == 130
    assert "7 pictures to go; the same command goes on" in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere", "-o", "out"], "no such file or folder"),
        (["-o", "out"], "there are no pictures"),
        (["shots", "-o", "out", "--memory-limit", "many"], "is no size"),
        (["shots", "-o", "shots/a.png"], "this is a file"),
        (["shots", "-o", "out", "--scheduler", "tcp://x:1", "-w", "2"], "leave --workers out"),
    ],
)
def test_what_makes_no_sense_is_one_line(cli, arguments, words):
    result = cli(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_cluster_without_dask_names_its_extra(cli, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = cli("shots", "-o", "out", "--scheduler", "tcp://127.0.0.1:1")
    assert result.exit_code == 4
    assert "pip install 'digitize[cluster]'" in result.stderr


def test_sizes_count_by_1024():
    assert [parse_size(text) for text in ("800M", "2G", "1.5GiB", "4096", "1kb")] == [
        800 << 20, 2 << 30, 3 << 29, 4096, 1024
    ]  # fmt: skip
    for text in ("", "0", "-1G", "2X", "G"):
        with pytest.raises(UsageError, match="is no size"):
            parse_size(text)


def test_help_names_every_exit_code(cli):
    shown = cli("--help", env={"COLUMNS": "200"}).stdout
    assert "130 interrupted" in shown
