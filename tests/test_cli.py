"""The command line, on readings made by hand: parsing, printing, files and exit codes."""

import csv
import io
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from typer.main import get_command
from typer.testing import CliRunner

from digitize.cli import EXIT_CODES, app, main
from digitize.errors import EngineError
from digitize.process import THREAD_SETTINGS
from digitize.sources.raster import open_picture
from tests.readings import date_panel, linear_panel, make_reading, refused_panel

ROOT = Path(__file__).resolve().parents[1]


def fake_read(source, settings):
    """Opens the picture for real; what it holds is told by the picture's name."""
    picture = open_picture(source, settings)
    if "tesseract" in settings.ocr:
        raise EngineError("tesseract is not installed; install its program or leave --ocr out")
    if "bug" in picture.name:
        raise KeyError("surprise")
    panels = {"none": (), "refused": (refused_panel(),), "date": (date_panel(),)}
    found = next((found for part, found in panels.items() if part in picture.name), (linear_panel(), date_panel()))
    return make_reading(*found, picture=picture)


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """Runs `digitize ARGS…` in a folder with the pictures metrics.png, none.png, refused.png, date.png and bug.png."""
    monkeypatch.setitem(sys.modules, "digitize.pipeline", SimpleNamespace(read=fake_read))
    monkeypatch.chdir(tmp_path)
    for name in ("metrics", "none", "refused", "date", "bug"):
        Image.new("RGB", (400, 240), "white").save(f"{name}.png")
    Path("text.png").write_text("no picture")
    Path("other").mkdir()
    Path("other/metrics.png").write_bytes(Path("metrics.png").read_bytes())

    def run(*arguments, **options):
        return CliRunner().invoke(app, ["read", *arguments], **options)

    return run


def test_without_options_a_summary_is_printed(cli):
    result = cli("metrics.png")
    assert result.exit_code == 0
    assert "actor/kl_loss" in result.stdout
    assert "Series A" in result.stdout
    assert result.stderr == ""


def test_json_alone_goes_to_standard_output(cli):
    result = cli("metrics.png", "--format", "json")
    assert json.loads(result.stdout)["source"]["name"] == "metrics.png"
    assert result.stderr == ""


def test_several_readings_as_json_are_one_line_each(cli):
    result = cli("metrics.png", "date.png", "-f", "json")
    assert [json.loads(line)["source"]["name"] for line in result.stdout.splitlines()] == ["metrics.png", "date.png"]
    assert "[2/2] date.png" in result.stderr


def test_csv_and_markdown_go_to_standard_output(cli):
    rows = list(csv.DictReader(io.StringIO(cli("metrics.png", "-f", "csv").stdout)))
    assert set(rows[0]) == {"panel", "panel_title", "series", "color", "x", "y", "x_err", "y_err"}
    both = list(csv.DictReader(io.StringIO(cli("metrics.png", "date.png", "-f", "csv").stdout)))
    assert {row["image"] for row in both} == {"metrics.png", "date.png"}
    assert cli("metrics.png", "-f", "md").stdout.startswith("# metrics.png")


def test_a_folder_gets_the_four_files(cli):
    result = cli("metrics.png", "-o", "out")
    assert result.exit_code == 0
    assert result.stdout == ""
    names = {"metrics.json", "metrics.csv", "metrics.md", "metrics.overlay.png"}
    assert {path.name for path in Path("out").iterdir()} == names
    assert Image.open("out/metrics.overlay.png").width == 800


def test_the_reading_saves_itself_the_same(cli, tmp_path):
    cli("metrics.png", "-o", "out")
    paths = make_reading(linear_panel(), date_panel(), picture=open_picture("metrics.png")).save(tmp_path / "saved")
    for path in paths:
        assert path.read_bytes() == (Path("out") / path.name).read_bytes()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_wide_tables_are_a_file_a_panel(cli, form):
    cli("metrics.png", "-o", "out", "-f", form, "--wide")
    names = {f"metrics.{form}", f"metrics.panel-1.{form}", f"metrics.panel-2.{form}"}
    assert {path.name for path in Path("out").iterdir()} == names


def test_the_suffix_chooses_the_form(cli):
    for name in ("a.json", "a.csv", "a.md", "a.png", "a.parquet", "a.xlsx"):
        assert cli("metrics.png", "-o", f"new/{name}").exit_code == 0
        assert Path("new", name).stat().st_size > 100
    assert cli("metrics.png", "date.png", "-o", "both.csv").exit_code == 0
    assert {row["image"] for row in csv.DictReader(io.StringIO(Path("both.csv").read_text()))} == {
        "metrics.png",
        "date.png",
    }
    assert cli("metrics.png", "--wide", "-o", "wide.xlsx").exit_code == 0


def test_chosen_x_panels_and_series(cli):
    result = cli("metrics.png", "-f", "csv", "--x", "0, 8", "--panel", "1", "--series", "series a")
    assert [row["y"] for row in csv.DictReader(io.StringIO(result.stdout))] == ["0.1", "0.3"]
    result = cli("metrics.png", "-f", "json", "--x", "ticks", "--panel", "actor/kl_loss")
    assert [value["x"] for value in json.loads(result.stdout)["panels"][0]["series"][0]["values"]] == [0, 32]
    wide = cli("metrics.png", "-f", "csv", "--wide", "--panel", "1", "--x", "0").stdout
    assert wide.splitlines()[0] == "x,Series A,Series B,Series B (raw)"
    assert "2024-01-06" in cli("date.png", "--x", "2024-01-06").stdout


def test_a_chosen_panel_keeps_its_number(cli):
    rows = csv.DictReader(io.StringIO(cli("metrics.png", "-f", "csv", "--panel", "2").stdout))
    assert {row["panel"] for row in rows} == {"2"}
    assert cli("metrics.png", "-f", "md", "--panel", "2").stdout.count("### Chart 2") == 2
    assert json.loads(cli("metrics.png", "-f", "json", "--panel", "2").stdout)["panels"][0]["number"] == 2
    assert CliRunner().invoke(app, ["stats", "metrics.png", "--panel", "2"]).stdout.startswith("Panel 2")


def test_one_x_for_all_series(cli):
    def x_of(chosen):
        table = cli("metrics.png", "-f", "csv", "--wide", "--panel", "1", "--x", chosen).stdout
        return [float(row["x"]) for row in csv.DictReader(io.StringIO(table))]

    assert x_of("0:8:2") == [0, 2, 4, 6, 8]
    assert x_of("5") == [0, 8, 16, 24, 32]
    assert x_of("5,") == [5]
    assert cli("metrics.png", "--x", "0:8:0").exit_code == 2


def test_statistics_are_printed(cli):
    shown = CliRunner().invoke(app, ["stats", "metrics.png", "--panel", "1"])
    assert shown.exit_code == 0
    assert "Series A\n    minimum   0.1" in shown.stdout
    assert "crosses   Series B" in shown.stdout
    assert CliRunner().invoke(app, ["stats", "none.png"]).exit_code == 1


def test_standard_input_is_a_picture(cli):
    result = cli("-", "-o", "out", input=Path("metrics.png").read_bytes())
    assert result.exit_code == 0
    assert Path("out/stdin.json").exists()


def test_inputs_that_share_a_name_keep_their_results_apart(cli):
    result = cli("metrics.png", "other/metrics.png", "-o", "out", "-f", "json")
    assert result.exit_code == 0
    assert {path.name for path in Path("out").iterdir()} == {"metrics.json", "metrics-2.json"}
    assert "metrics-2.json" in result.stderr


def test_an_input_is_never_overwritten_and_a_replaced_file_is_mentioned(cli):
    before = Path("metrics.png").read_bytes()
    result = cli("metrics.png", "-o", "metrics.png")
    assert result.exit_code == 5
    assert "would overwrite an input" in result.stderr
    assert Path("metrics.png").read_bytes() == before
    cli("metrics.png", "-o", "out.json")
    assert "out.json (replaced)" in cli("metrics.png", "-o", "out.json").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["none.png"], 1, "no line chart; no axes"),
        (["refused.png"], 1, "1 refused"),
        (["metrics.png", "--format", "nonsense"], 2, "nonsense"),
        ([], 2, "IMAGE"),
        (["metrics.png", "-f", "json", "-f", "csv"], 2, "one --format"),
        (["metrics.png", "-f", "parquet"], 2, "not written to standard output"),
        (["metrics.png", "--wide"], 2, "--wide"),
        (["metrics.png", "-f", "csv", "--wide"], 2, "choose it with --panel"),
        (["metrics.png", "-f", "csv", "-o", "a.csv"], 2, "leave --format out"),
        (["metrics.png", "date.png", "-o", "a.md"], 2, "one picture's"),
        (["metrics.png", "date.png", "-o", "a.xlsx", "--wide"], 2, "one picture"),
        (["metrics.png", "--panel", "9"], 2, "no panel '9'"),
        (["metrics.png", "--x", "many", "-f", "csv"], 2, "'many' is not a number"),
        (["text.png"], 3, "text.png: this is text"),
        (["missing.png"], 3, "missing.png: no such file"),
        (["other"], 3, "folder"),
        (["metrics.png", "date.png", "--ocr", "tesseract"], 4, "tesseract"),
        (["metrics.png", "-o", "text.png/out"], 5, "cannot be written"),
        (["bug.png"], 70, "bug.png"),
    ],
)
def test_each_failure_is_a_clear_line_and_its_exit_code(cli, arguments, code, says):
    result = cli(*arguments)
    assert result.exit_code == code
    assert says in result.stderr
    assert "Traceback" not in result.output


def test_the_good_ones_among_several_are_still_read(cli):
    result = cli("text.png", "metrics.png", "bug.png", "none.png", "-o", "out")
    assert result.exit_code == 70
    assert Path("out/metrics.json").exists()
    assert Path("out/none.json").exists()
    assert cli("text.png", "metrics.png", "none.png").exit_code == 3


def test_an_engine_that_cannot_run_is_reported_once(cli):
    assert cli("metrics.png", "date.png", "--ocr", "tesseract").stderr.count("error:") == 1


def test_a_fault_shows_its_traceback_on_request(cli, monkeypatch):
    monkeypatch.setenv("DIGITIZE_TRACEBACK", "1")
    assert "Traceback" in cli("bug.png").output


def test_version_and_help():
    runner = CliRunner()
    assert runner.invoke(app, ["--version"]).stdout.startswith("digitize 0.")
    for arguments in (["--help"], ["read", "--help"]):
        text = " ".join(runner.invoke(app, arguments, env={"COLUMNS": "200"}).stdout.split())
        for line in EXIT_CODES.split("\n\n"):
            assert " ".join(line.split()) in text


def test_every_option_and_exit_code_is_documented_in_the_readme():
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    for command in get_command(app).commands.values():
        for parameter in command.params:
            names = [name for name in parameter.opts if name.startswith("--") and name != "--help"]
            assert all(f"`{name}" in text for name in names), names
    for line in EXIT_CODES.split("\n\n")[1:-1]:
        code, _, meaning = line.partition(" ")
        assert f"| {code} | {meaning.strip()} |" in text


def test_the_program_runs_in_one_thread_unless_told_otherwise(monkeypatch):
    first, *others = THREAD_SETTINGS
    for name in THREAD_SETTINGS:
        monkeypatch.setenv(name, "")  # so that whatever the program sets is undone
        monkeypatch.delenv(name)
    monkeypatch.setenv(first, "3")
    monkeypatch.setattr(sys, "argv", ["digitize", "--help"])
    with pytest.raises(SystemExit):
        main()
    assert os.environ[first] == "3"
    assert [os.environ[name] for name in others] == ["1"] * len(others)
