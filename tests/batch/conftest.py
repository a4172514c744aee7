from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitize.batch.convert import Options, Result, convert
from digitize.listeners import Quiet
from tests.batch.readers import LOG, READER


def draw(path: Path, seed: int) -> Path:
    """A small picture whose bytes no other seed has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def pictures(tmp_path) -> Path:
    """A folder of six pictures, one of them in a folder of its own, and a file that is none."""
    folder = tmp_path / "pictures"
    for seed, name in enumerate(["a.png", "b.png", "c-review.png", "d-refused.png", "e.png", "inner/f.png"]):
        draw(folder / name, seed)
    (folder / "notes.md").write_text("no picture")
    return folder


@pytest.fixture
def log(tmp_path, monkeypatch) -> Callable[[], list[str]]:
    """The names of all pictures that were read, each time they were."""
    path = tmp_path / "log"
    monkeypatch.setenv(LOG, str(path))
    return lambda: sorted(path.read_text().split()) if path.exists() else []


@pytest.fixture
def run(tmp_path) -> Callable[..., Result]:
    """Converts sources into a folder with the quick reader and two workers."""

    def run(*sources: Path | str, out: Path | str | None = None, **options: object) -> Result:
        chosen = Options(**{"reader": READER, "workers": 2, **options})
        return convert([str(source) for source in sources], str(out or tmp_path / "out"), chosen, Quiet())

    return run
