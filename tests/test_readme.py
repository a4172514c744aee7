"""README.md says what is true: its commands, its Python, its pictures."""

import re
import shlex
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from digitize.cli import app

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_file_that_is_named_exists():
    names = set(re.findall(r"\]\(([^)#]+)\)", TEXT)) | set(re.findall(r"\b(?:fixtures|scripts|docs)/[\w./-]*\w", TEXT))
    assert names
    assert [name for name in sorted(names) if not (ROOT / name).exists()] == []


def without_figures(text: str) -> list[str]:
    """Lines with their figures blotted out: the last digits, and with them the widths of columns, differ by machine."""
    return [" ".join(re.sub(r"-?\d[\d.]*", "#", line).split()) for line in text.splitlines()]


def test_the_shown_output_is_the_commands_own(monkeypatch):
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"<!-- run: (digitize .+?) -->\n\n```console\n\$ .+?\n(.*?)```", TEXT, re.DOTALL)
    assert blocks
    for command, shown in blocks:
        result = CliRunner().invoke(app, shlex.split(command)[1:])
        assert without_figures(result.stdout) == without_figures(shown)


def test_the_python_example_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(Image.Image, "show", lambda self: None)
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)
    assert list(names["frame"].columns) == ["x", "y", "x_err", "y_err"]


@pytest.mark.parametrize("command", ["pip install . && digitize read", "pip install '.[test]' && pytest"])
def test_the_two_commands_stand_first(command):
    assert TEXT.index(command) < TEXT.index("## One command")
