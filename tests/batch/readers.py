"""A reader for tests of runs: quick, and as bad as the picture's name asks."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from digitize.errors import EngineError
from digitize.model import Points, Reading
from digitize.sources.raster import open_picture
from tests.readings import linear_panel, make_reading, refused_panel

READER = "tests.batch.readers:read"
_leaked: list[np.ndarray] = []
LOG = "READERS_LOG"  # names a file that gets a line for each reading


def read(source, settings) -> Reading:
    """Opens the picture for real; its points are made from its bytes."""
    picture = open_picture(source, settings)
    name = picture.name
    if log := os.environ.get(LOG):
        with Path(log).open("a") as file:
            file.write(f"{name}\n")
    time.sleep(0.02)
    if "raises" in name:
        raise KeyError("a stage")
    if "crashes" in name:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "crash-once" in name and not (mark := Path(os.environ[LOG]).with_suffix(".crashed")).exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if "flaky" in name and not Path(os.environ[LOG]).with_suffix(".up").exists():
        raise OSError("what it needs is down")
    if "slow" in name:
        time.sleep(60)
    if "eats" in name:
        held = np.ones(1 << 30, dtype=np.uint8)
        time.sleep(60)
        del held
    if "leaks" in name:
        _leaked.append(np.ones(120 << 20, dtype=np.uint8))
    if "no-engine" in name:
        raise EngineError("the engine is missing")
    if "refused" in name:
        return make_reading(refused_panel(), picture=picture)
    panel = linear_panel(status="review" if "review" in name else "ok")
    generator = np.random.default_rng(int(picture.sha256[:8], 16))
    series = []
    for one in panel.series:
        y = np.round(generator.random(len(one.points)), 3)
        points = Points(x=one.points.x, y=y, x_err=one.points.x_err, y_err=one.points.y_err)
        series.append(replace(one, points=points))
    return make_reading(replace(panel, series=tuple(series)), picture=picture)
