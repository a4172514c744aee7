"""Pictures read with the axes of another: what is known is not recognised again, what differs is noticed."""

import io
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw

import digitize
from digitize.errors import InputError
from digitize.model import Picture, Reading, Reason
from digitize.pipeline import read, read_like
from digitize.template import Template, with_reasons_of
from tests.readings import linear_panel, make_reading, refused_panel

X = np.linspace(0, 20, 41)
FIXTURES = Path(__file__).parent.parent / "fixtures"


def course(seed: int) -> np.ndarray:
    """Values between 0.1 and 0.7."""
    walk = np.cumsum(np.random.default_rng(seed).normal(0, 1, len(X)))
    return 0.1 + 0.6 * (walk - walk.min()) / np.ptp(walk)


def chart(seed: int, change: Callable[[Any], None] | None = None, **looks: Any) -> Image.Image:
    """Two curves under one legend, 480 x 360 pixels."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.8, 3.6), dpi=100)
    axes: Any = figure.add_subplot()
    for number, name in enumerate(("train", "valid")):
        axes.plot(X, course(2 * seed + number), label=name, color=looks.get("colors", ("C0", "C1"))[number])
    axes.set(xlim=(0, 20), ylim=(0, 1), xlabel="epoch", ylabel="loss", title="run")
    if change:
        change(axes)
    if looks.get("legend", True):
        axes.legend(loc=looks.get("loc", "upper right"))
    content = io.BytesIO()
    figure.savefig(content)
    return Image.open(content).convert("RGB")


@pytest.fixture(scope="module")
def first() -> Reading:
    return read(chart(0))


def assert_courses(reading: Reading, seed: int) -> None:
    """A line is 1.4 pixels wide; the axis spans 277."""
    (panel,) = reading.panels
    assert [one.name for one in panel.series] == ["train", "valid"]
    for number, one in enumerate(panel.series):
        seen = np.isfinite(one.points.y)
        off = np.abs(np.interp(X, one.points.x[seen], one.points.y[seen]) - course(2 * seed + number))
        assert np.quantile(off, 0.9) < 1.4 / 277


@pytest.mark.parametrize("kind", ["as read", "from JSON with its picture"])
def test_a_picture_of_the_same_layout_is_read_without_recognition(first: Reading, kind: str) -> None:
    template = Template(first if kind == "as read" else digitize.from_json(first.to_json(), first.picture))
    reading = read_like(chart(1), template)
    assert_courses(reading, 1)
    assert "recognise" not in dict(reading.timings)
    assert reading.panels[0].status == read(chart(1)).panels[0].status == "ok"
    assert reading.panels[0].title == "run"
    assert reading.panels[0].y_axis.label == "loss"
    assert any(first.picture.name in note for note in reading.picture.notes)
    assert {word.text for word in reading.words} == {word.text for word in first.words}


def test_a_template_from_json_gives_the_same_and_knows_the_layout_after_one_picture(first: Reading) -> None:
    direct, decoded = Template(first), Template(digitize.from_json(first.to_json()))
    readings = [(read_like(chart(seed), direct), read_like(chart(seed), decoded)) for seed in (1, 2)]
    for one, other in readings:
        assert one.to_json() == other.to_json()
    assert ["recognise" in dict(other.timings) for _, other in readings] == [True, False]


def with_text(place: tuple[int, int], text: str) -> Callable[[Image.Image], Image.Image]:
    def write(image: Image.Image) -> Image.Image:
        ImageDraw.Draw(image).text(place, text, "black", font_size=11)
        return image

    return write


def ticks(*texts: str) -> Callable[[Any], None]:
    return lambda axes: axes.set_yticks(np.arange(6) / 5, texts)


#: Pictures that differ from the first in one thing, what is said of it, and the value at the top of their y axis.
DIFFERENT: dict[str, tuple[Callable[[], Image.Image], str, float]] = {
    "size": (lambda: chart(1).crop((0, 0, 476, 360)), "the picture is 476 × 360, the template 480 × 360", 1),
    "range": (lambda: chart(1, lambda axes: axes.set_ylim(0, 2)), "y axis of panel 1", 2),
    "labels": (lambda: chart(1, ticks("0", "20", "40", "60", "80", "100")), "y axis of panel 1 reads", 100),
    "digit": (lambda: chart(1, ticks("0.0", "0.2", "0.9", "0.6", "0.8", "1.0")), "reads '0.9', .* says '0.4'", 1),
    "moved axis": (lambda: ImageChops.offset(chart(1), 2, 0), "px from where the template has it", 1),
    "entry": (lambda: chart(1, lambda axes: axes.plot(X, 0.9 + 0 * X, label="test")), "3 entries", 1),
    "colour": (lambda: chart(1, colors=("C0", "C4")), "in #9467bd", 1),
    "title": (lambda: chart(1, lambda axes: axes.set_title("ran")), "the title of panel 1 reads 'ran'", 1),
    "multiplier": (lambda: with_text((60, 28), "1e6")(chart(1)), "stands for .*, in the template", 1e6),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_picture_that_differs_in_one_thing_is_read_by_itself_and_says_so(first: Reading, name: str) -> None:
    make, said, top = DIFFERENT[name]
    (panel,) = read_like(make(), Template(first)).panels
    assert panel.status == "review"
    told = " | ".join(reason.message for reason in panel.reasons if reason.code == "layout-differs")
    assert re.search(said, told), told
    assert panel.y_axis.to_value(np.array(panel.box.top)) == pytest.approx(top, rel=0.01)


def test_another_curve_colour_is_noticed_where_no_legend_shows_it() -> None:
    template = Template(read(chart(0, legend=False)))
    assert read_like(chart(1, legend=False), template).panels[0].status == "ok"
    panel = read_like(chart(1, legend=False, colors=("C0", "C2")), template).panels[0]
    assert panel.status == "review"
    assert any(reason.code == "layout-differs" and "#2ca02c" in reason.message for reason in panel.reasons)


def test_a_legend_that_gives_way_to_the_curves_is_followed_and_then_known(first: Reading) -> None:
    template = Template(first)
    readings = [read_like(chart(seed, loc="upper left"), template) for seed in (1, 2)]
    assert ["recognise" in dict(one.timings) for one in readings] == [True, False]
    for seed, reading in enumerate(readings, start=1):
        assert_courses(reading, seed)
        assert reading.panels[0].status == "ok"
        assert reading.panels[0].legend.box.left < 150


def test_a_chart_without_curves_keeps_its_panel_and_says_so() -> None:
    template = Template(read(chart(0, legend=False)))
    (panel,) = read_like(chart(0, lambda axes: [line.remove() for line in axes.lines], legend=False), template).panels
    assert panel.series == ()
    assert (panel.status, [reason.code for reason in panel.reasons]) == ("review", ["no-lines"])


def test_a_compressed_picture_is_known_by_its_pixels_too() -> None:
    def as_jpeg(image: Image.Image) -> Image.Image:
        content = io.BytesIO()
        image.save(content, "jpeg", quality=90)
        return Image.open(content).convert("RGB")

    template = Template(read(as_jpeg(chart(0))))
    reading = read_like(as_jpeg(chart(1)), template)
    assert_courses(reading, 1)
    assert "recognise" not in dict(reading.timings)
    other = read_like(as_jpeg(chart(1, lambda axes: axes.set_title("ran"))), template)
    assert other.panels[0].status == "review"


def test_doubts_of_the_template_stand_against_what_is_read_with_it(first: Reading) -> None:
    doubt = Reason(code="few-ticks", message="y axis: only 2 tick labels agree")
    panel = replace(first.panels[0], status="review", reasons=(doubt,))
    reading = read_like(chart(1), Template(replace(first, panels=(panel,))))
    assert reading.panels[0].status == "review"
    assert [reason.code for reason in reading.panels[0].reasons] == ["few-ticks"]
    assert "template" in reading.panels[0].reasons[0].message


def test_what_cannot_be_a_template_is_refused_and_what_to_do_said() -> None:
    with pytest.raises(InputError, match=r"metrics\.png cannot .* none of its panels .* take a picture"):
        Template(make_reading(refused_panel()))
    with pytest.raises(InputError, match="take a picture"):
        Template(make_reading())
    whole = make_reading(linear_panel())
    picture = whole.picture
    askew = Picture(name="askew.png", rgb=picture.rgb, sha256=picture.sha256, tilt_deg=1.2)
    with pytest.raises(InputError, match=r"askew by 1\.20 degrees; straighten"):
        Template(replace(whole, picture=askew))


def test_series_of_two_axes_are_bound_as_in_a_full_reading() -> None:
    """The colours of tick labels, or names of axes, tell that; both come from the template."""
    path = FIXTURES / "two-axes.png"
    full = read(path)
    like = read_like(path, Template(digitize.from_json(full.to_json(), full.picture)))
    assert [one.axis for one in like.panels[0].series] == [one.axis for one in full.panels[0].series] == ["y", "y2"]


@pytest.mark.parametrize("name", ["black-markers", "log-axis"])
def test_charts_of_other_make_are_read_as_in_full(name: str) -> None:
    path = FIXTURES / f"{name}.png"
    full = read(path)
    like = read_like(path, Template(digitize.from_json(full.to_json(), full.picture)))
    assert "recognise" not in dict(like.timings)
    for one, other in zip(full.panels[0].series, like.panels[0].series, strict=True):
        assert other.name == one.name
        seen = np.isfinite(one.points.y) & np.isfinite(np.interp(one.points.x, other.points.x, other.points.y))
        off = np.abs(np.interp(one.points.x[seen], other.points.x, other.points.y) - one.points.y[seen])
        assert (off <= 2 * one.points.y_err[seen]).mean() > 0.95


def test_a_refused_panel_of_the_template_stays_refused() -> None:
    known = refused_panel()
    assert with_reasons_of(known, known) is known
    panel = with_reasons_of(replace(linear_panel(), reasons=()), known)
    assert panel.status == "review"
    assert panel.reasons[0].code == known.reasons[0].code
    assert with_reasons_of(replace(known, reasons=()), known).status == "refused"


def test_what_becomes_of_readings_works_for_such_a_reading(first: Reading) -> None:
    reading = read_like(chart(1), pickle.loads(pickle.dumps(Template(first))))
    assert "train" in reading.to_markdown()
    assert reading.overlay().width >= 480
    assert len(reading.to_frame()) > 100
    assert digitize.from_json(reading.to_json()).to_json() == reading.to_json()
