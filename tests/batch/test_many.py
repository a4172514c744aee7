"""Many pictures read from Python."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

import digitize
from digitize.batch import many as module
from digitize.errors import UsageError
from tests.batch.conftest import draw
from tests.batch.readers import READER

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def quick(monkeypatch):
    """The quick reader in place of the real one."""
    task = module.Task
    monkeypatch.setattr(module, "Task", lambda **fields: task(**fields, reader=READER))


def test_readings_come_with_what_names_them(pictures, quick, log):
    (pictures / "list.csv").write_text("id,path,run\nfirst,a.png,7\nlost,lost.png,8\n")
    items = {item.image: item for item in digitize.read_many(pictures / "list.csv", workers=1)}
    assert items["first"].reading.panels[0].title == "actor/kl_loss"
    assert items["first"].metadata == {"run": "7"}
    assert items["first"].source == str(pictures / "a.png")
    assert items["lost"].reading is None
    assert items["lost"].reason.code == "input"
    assert "no such file" in items["lost"].reason.message


def test_order_is_kept_on_request(tmp_path, quick, log):
    names = ["slow.png"] + [f"{number:02d}.png" for number in range(20)]
    paths = [draw(tmp_path / name, number) for number, name in enumerate(names)]
    items = list(digitize.read_many(paths, workers=2, time_limit=3, ordered=True))
    assert [item.source for item in items] == [str(path) for path in paths]
    assert items[0].reason.code == "time-limit"
    assert len(log()) == 21


def test_little_is_begun_ahead(tmp_path, quick, log):
    paths = [draw(tmp_path / f"{number:02d}.png", number) for number in range(40)]
    items = digitize.read_many(paths, workers=2)
    for _ in range(3):
        next(items)
    items.close()
    begun = log()
    assert len(begun) < 10
    time.sleep(0.5)
    assert log() == begun
    assert not [child for child in psutil.Process().children() if "batch.child" in str(child.cmdline())]


def test_a_reading_is_whole(tmp_path):
    (item,) = digitize.read_many(ROOT / "fixtures" / "dashboard.png", workers=1)
    assert [panel.title for panel in item.reading.panels][1] == "actor/entropy_loss"
    assert item.reading.overlay().width > 1000
    own = digitize.read(ROOT / "fixtures" / "dashboard.png")
    assert item.reading.to_json() == own.to_json()
    assert np.array_equal(item.reading.picture.rgb, own.picture.rgb)


def test_a_script_needs_no_guard(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import digitize, sys\n"
        "print([item.reading is not None for item in digitize.read_many(sys.argv[1:], workers=2)])\n"
    )
    command = [sys.executable, str(script), str(ROOT / "fixtures" / "steps.png"), str(ROOT / "fixtures" / "bars.png")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment())
    assert done.stdout == "[True, True]\n"


def environment():
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def test_a_source_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UsageError, match="0 workers read nothing"):
        next(digitize.read_many(tmp_path, workers=0))
    with pytest.raises(UsageError, match="no such file"):
        next(digitize.read_many(tmp_path / "lost.png"))
