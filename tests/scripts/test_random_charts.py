"""The generator draws the same charts for the same seed, and says what it cannot draw."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from random_charts import draw_gnuplot, make
from random_charts.model import Figure, MissingRendererError, Rendering
from random_charts.sample import random_figure
from random_charts.truth import iso, plain

SEED = 11


def test_a_seed_gives_the_same_files_again(tmp_path: Path) -> None:
    for folder in ("first", "again"):
        made = list(make.make_cases(tmp_path / folder, ["matplotlib"], SEED, 2))
        assert all(f.share >= 0.8 for m in made for f in m.findings)
    first = sorted((tmp_path / "first").iterdir())
    assert len(first) == 4
    for path in first:
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_cases_have_the_form_of_the_corpus(tmp_path: Path) -> None:
    (made,) = make.make_cases(tmp_path, ["matplotlib"], SEED, 1)
    truth = json.loads((tmp_path / f"{made.id}.json").read_text(encoding="utf-8"))
    assert truth["id"] == made.id
    assert truth["kind"] in ("line", "negative")
    for panel in truth["panels"]:
        left, top, right, bottom = panel["box"]
        assert 0 <= left < right <= made.size[0]
        assert 0 <= top < bottom <= made.size[1]
        for axis in (panel["x"], panel["y"]):
            assert axis["scale"] in ("linear", "log", "date", "category")
            assert len(axis["range"]) == 2
        for series in panel["series"]:
            assert len(series["x"]) == len(series["y"]) > 1


@pytest.mark.parametrize("seed", range(40))
def test_figures_are_what_their_renderer_can_draw(seed: int) -> None:
    rng = np.random.default_rng(seed)
    able = make.RENDERERS["pgfplots"].able
    figure = random_figure(rng, able)
    assert len(figure.charts) == figure.rows * figure.columns
    for chart in figure.charts:
        assert chart.y2 is None
        assert chart.x.scale != "date"
        assert chart.x.low < chart.x.high
        assert chart.y.low < chart.y.high
        assert all(np.isfinite(c.y).sum() > 1 for c in chart.curves)


def test_a_missing_renderer_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise MissingRendererError("the program x is not installed")

    renderer = make.RENDERERS["gnuplot"]
    absent = make.Renderer(able=renderer.able, require=missing, render=renderer.render)
    monkeypatch.setitem(make.RENDERERS, "gnuplot", absent)
    there, why = make.available(["matplotlib", "gnuplot"])
    assert there == ["matplotlib"]
    assert why == {"gnuplot": "the program x is not installed"}


def test_a_plot_area_without_extent_is_rejected_and_another_figure_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer = make.RENDERERS["matplotlib"]
    drawn: list[Rendering] = []

    def squeezed_first(figure: Figure, rng: np.random.Generator) -> Rendering:
        drawn.append(renderer.render(figure, rng))
        if len(drawn) > 1:
            return drawn[-1]
        flat = tuple(replace(p, box=(*p.box[:3], p.box[1])) for p in drawn[0].panels)
        return replace(drawn[0], panels=flat)

    monkeypatch.setitem(make.RENDERERS, "matplotlib", replace(renderer, render=squeezed_first))
    (made,) = make.make_cases(tmp_path, ["matplotlib"], SEED, 1)
    assert "too small" in made.rejected[0]


def test_values_are_written_as_the_corpus_has_them() -> None:
    assert [plain(v) for v in (1.0, 0.1, float("nan"), 1 / 3)] == [1, 0.1, None, 0.333333333]
    assert [iso(0.0), iso(3600.0), iso(0.25)] == ["1970-01-01", "1970-01-01T01:00:00Z", "1970-01-01T00:00:00.250Z"]


def test_vega_has_a_font_to_fall_back_to() -> None:
    from random_charts.draw_vega import ABLE, chart_spec

    figure = random_figure(np.random.default_rng(3), ABLE)
    spec = chart_spec(figure.charts[0], figure)
    assert spec["config"]["axis"]["labelFont"].endswith("serif")


@pytest.mark.parametrize(
    ("days", "start"),
    [(1, "1970-01-01T07:00:00Z"), (5, "1970-01-01T07:00:00Z"), (60, "1970-05-28"), (400, "2003-05-28")],
)
def test_what_a_picture_cannot_tell_of_its_dates_is_what_a_reading_assumes(days: int, start: str) -> None:
    from random_charts.topics import DAY, countable, timestamp

    moments = countable(timestamp(2003, 5, 28) + np.array([0.0, days * DAY]))
    assert iso(float(moments[0])) == start


def test_a_step_curve_of_gnuplot_changes_halfway_between_its_points_and_ends_with_them() -> None:
    drawn = draw_gnuplot.with_corners(np.array([[0.0, 1.0], [2.0, 3.0], [3.0, 5.0]]))
    assert drawn.tolist() == [[0, 1], [1, 1], [1, 3], [2.5, 3], [2.5, 5], [3, 5]]
