"""`digitize describe` and `digitize check` on readings made by hand: printing, files and exit codes."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from PIL import Image
from typer.testing import CliRunner

from digitize.cli import app
from tests.readings import linear_panel, make_reading
from tests.test_cli import fake_read


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """Runs `digitize ARGS…` beside the picture metrics.png, its reading metrics.json, and claims."""
    monkeypatch.setitem(sys.modules, "digitize.pipeline", SimpleNamespace(read=fake_read))
    monkeypatch.chdir(tmp_path)
    for name in ("metrics", "none", "refused"):
        Image.new("RGB", (400, 240), "white").save(f"{name}.png")
    Path("metrics.json").write_text(make_reading(linear_panel()).to_json(), encoding="utf-8")
    Path("right.md").write_text("In actor/kl_loss, Series A ends at 0.7.\n", encoding="utf-8")
    Path("wrong.md").write_text("In actor/kl_loss, Series A ends at 0.5.\n", encoding="utf-8")
    Path("open.md").write_text("In actor/kl_loss, Series C ends at 0.5.\n", encoding="utf-8")
    Path("clash.md").write_text("- Ada: x=1: 0.1\n- Ada: x=1: 0.4\n", encoding="utf-8")

    def run(*arguments, **options):
        return CliRunner().invoke(app, list(arguments), **options)

    return run


def test_a_description_is_printed_as_markdown_or_as_data(cli):
    text = cli("describe", "metrics.png").stdout
    assert text.startswith("# metrics.png")
    assert "## Detailed analysis" in text
    told = json.loads(cli("describe", "metrics.png", "--format", "json").stdout)
    assert [chart["title"] for chart in told["charts"]] == ["actor/kl_loss", None]


def test_a_reading_that_was_written_is_described_without_its_picture(cli):
    result = cli("describe", "metrics.json", "--x", "8,24")
    assert result.exit_code == 0
    rows = [line for line in result.stdout.splitlines() if line.startswith("| ")]
    assert [row.split(" | ")[0] for row in rows[2:]] == ["| 8.0", "| 24.0"] or len(rows) == 4


def test_parts_of_a_picture_are_described_alone(cli):
    text = cli("describe", "metrics.png", "--panel", "actor/kl_loss", "--series", "Series A").stdout
    assert "Series A" in text
    assert "Series B" not in text


@pytest.mark.parametrize(("image", "code"), [("none.png", 1), ("refused.png", 1), ("gone.png", 3), ("gone.json", 3)])
def test_what_cannot_be_described_says_why(cli, image, code):
    result = cli("describe", image)
    assert result.exit_code == code
    assert image in result.stderr
    assert "Traceback" not in result.stderr


def test_a_json_that_is_no_reading_says_so(cli):
    Path("other.json").write_text("{}", encoding="utf-8")
    result = cli("describe", "other.json")
    assert result.exit_code == 3
    assert "other.json" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["metrics.png", "--claims", "right.md"], 0),
        (["metrics.json", "--claims", "right.md"], 0),
        (["metrics.png", "--claims", "wrong.md"], 1),
        (["metrics.png", "--claims", "wrong.md", "--tolerance", "50%"], 0),
        (["metrics.png", "--claims", "open.md"], 0),
        (["metrics.png", "--claims", "open.md", "--strict"], 1),
        (["--claims", "right.md"], 0),
        (["--claims", "clash.md"], 1),
        (["metrics.png", "--claims", "gone.md"], 3),
        (["metrics.png", "--claims", "right.md", "--tolerance", "much"], 2),
        (["metrics.json", "--claims", "right.md", "--overlay", "a.png"], 2),
        (["metrics.png", "--claims", "right.md", "--overlay", "metrics.png"], 5),
        (["-", "--claims", "-"], 2),
        (["metrics.png"], 2),
    ],
)
def test_the_exit_code_says_whether_the_claims_hold(cli, arguments, code):
    result = cli("check", *arguments)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output


def test_the_table_names_line_verdict_and_reason(cli):
    text = " ".join(cli("check", "metrics.png", "--claims", "wrong.md").stdout.split())
    assert "refuted" in text
    assert "the last value is" in text
    assert "1 claims: 0 confirmed, 1 refuted" in text


def test_other_forms_are_printed_alone(cli):
    assert cli("check", "metrics.png", "--claims", "wrong.md", "-f", "md").stdout.startswith("# Check")
    assert json.loads(cli("check", "metrics.png", "--claims", "wrong.md", "-f", "json").stdout)["passed"] is False
    suite = ElementTree.fromstring(cli("check", "metrics.png", "--claims", "wrong.md", "-f", "junit").stdout.encode())
    assert suite.get("failures") == "1"


def test_claims_come_from_standard_input(cli):
    result = cli("check", "metrics.png", "--claims", "-", input="In actor/kl_loss, Series A ends at 0.5.")
    assert result.exit_code == 1


def test_the_overlay_is_written_and_named(cli):
    result = cli("check", "metrics.png", "--claims", "wrong.md", "--overlay", "out/marks.png")
    assert "wrote out/marks.png" in result.stderr
    with Image.open("out/marks.png") as marks:
        assert marks.size == (800, 480)
