"""The fixtures' truth is where their ink is, and the drawers still draw what is stored."""

import functools
import io
import json
from pathlib import Path

import numpy as np
import pytest
from fixture_charts import FIXTURES
from PIL import Image
from random_charts import make
from random_charts.check import check
from random_charts.damage import Stored, stored, tilted
from random_charts.model import Rendering
from random_charts.truth import Story, case_record, pixel_points, write_truth

FOLDER = Path(__file__).resolve().parents[2] / "fixtures"
# a fixture of a few hundred kilobytes would weigh on every clone
MOST_BYTES = 150_000


def picture_of(name: str) -> Path:
    return next(p for p in FOLDER.glob(f"{name}.*") if p.suffix != ".json")


@functools.cache
def redrawn(name: str) -> Stored:
    drawer, form, quality = FIXTURES[name]
    return stored(drawer(), form, quality)


def test_every_fixture_is_stored_and_none_besides() -> None:
    assert {p.stem for p in FOLDER.glob("*.json")} == set(FIXTURES)
    assert all(picture_of(name).stat().st_size < MOST_BYTES for name in FIXTURES)


@pytest.mark.parametrize("name", FIXTURES)
def test_truth_lies_on_the_stored_ink(name: str) -> None:
    case = redrawn(name)
    findings = check(Image.open(picture_of(name)), case.rendering.panels, case.lossy)
    assert make.fault_of(findings) is None
    assert len(findings) == sum(len(p.chart.curves) for p in case.rendering.panels)


@pytest.mark.parametrize("name", FIXTURES)
def test_stored_truth_is_what_the_drawer_tells(name: str, tmp_path: Path) -> None:
    case = redrawn(name)
    story = Story(id=name, source="computed", figure_title=None, tags=())
    write_truth(tmp_path / "truth.json", case_record(story, case.rendering))
    told = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    kept = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    # another version of matplotlib may lay out a fraction of a pixel differently; the data may not change
    assert [p["series"] for p in told["panels"]] == [p["series"] for p in kept["panels"]]
    for mine, theirs in zip(told["panels"], kept["panels"], strict=True):
        assert mine["title"] == theirs["title"]
        assert (mine["x"], mine["y"]) == (theirs["x"], theirs["y"])
        assert np.abs(np.subtract(mine["box"], theirs["box"])).max() < 15


def test_the_dashboard_has_three_panels_of_two_series() -> None:
    for name in ("dashboard", "dashboard-dark", "dashboard-small"):
        panels = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["panels"]
        assert [p["title"] for p in panels] == ["eval/math-eval/accuracy/mean", "actor/entropy_loss", "actor/kl_loss"]
        assert all(p["x"]["range"] == [0, 30] for p in panels)
        assert all([s["name"] for s in p["series"]] == ["Series A", "Series B"] for p in panels)


def test_the_check_finds_a_wrong_truth() -> None:
    drawing = FIXTURES["log-axis"][0]()
    left, top, right, bottom = drawing.panels[0].box
    moved = Rendering(
        image=drawing.image,
        renderer="",
        panels=(type(drawing.panels[0])(**{**vars(drawing.panels[0]), "box": (left, top + 4, right, bottom + 4)}),),
    )
    assert make.fault_of(check(moved.image, moved.panels)) is not None


def test_tilting_moves_the_truth_with_the_ink() -> None:
    turned = tilted(FIXTURES["log-axis"][0](), 1.5)
    assert make.fault_of(check(turned.image, turned.panels, lossy=True)) is None
    panel = turned.panels[0]
    middle = pixel_points(np.array([50.0]), np.array([10**-3.5]), panel, on_y2=False)[0]
    left, top, right, bottom = panel.box
    assert np.allclose(middle, [(left + right) / 2, (top + bottom) / 2])


def test_damage_keeps_the_picture_readable() -> None:
    case = stored(FIXTURES["markers"][0](), "jpeg", 60)
    image = Image.open(io.BytesIO(case.data))
    assert (case.suffix, image.format) == (".jpg", "JPEG")
    assert make.fault_of(check(image, case.rendering.panels, case.lossy), least=0.8) is None
