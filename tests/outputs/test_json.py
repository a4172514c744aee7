import json
import math
from dataclasses import replace
from importlib.resources import files

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import digitize
from digitize.errors import InputError
from digitize.model import Box, Panel, Points, Rule
from digitize.outputs.decode import from_json
from digitize.outputs.encode import to_dict, to_json
from digitize.outputs.rounding import round_points, to_text
from tests.readings import PANELS, linear_panel, make_picture, make_reading

SCHEMA = json.loads((files("digitize") / "outputs" / "reading.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("x", [None, "ticks"])
@pytest.mark.parametrize("names", [(), *((name,) for name in PANELS), tuple(PANELS)])
def test_every_reading_follows_the_published_schema(names, x):
    reading = make_reading(*(PANELS[name]() for name in names))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(to_dict(reading, x), SCHEMA)
    jsonschema.validate(json.loads(to_json(reading, x=x)), SCHEMA)


BROKEN = [{"status": "fine"}, {"box": [1, 2, 3]}, {"series": [{"points": []}]}, {"x_axis": None}]


@pytest.mark.parametrize("broken", BROKEN)
def test_the_schema_refuses_what_is_no_reading(broken):
    content = to_dict(make_reading(linear_panel()))
    content["panels"][0] |= broken
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, SCHEMA)


def test_the_schema_wants_pixels_in_a_refused_panel_and_data_in_others(reading):
    content = to_dict(reading)
    content["panels"][0]["status"], content["panels"][3]["status"] = "refused", "ok"
    broken = list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(content))
    assert {error.absolute_path[1] for error in broken} == {0, 3}


def test_the_form_is_the_published_one():
    content = to_dict(make_reading(linear_panel()))
    assert content["format"] == "digitize-reading/1"
    assert (content["source"]["width"], content["source"]["height"]) == (400, 240)
    panel = content["panels"][0]
    assert panel["box"] == [60, 20, 380, 200]
    assert panel["x_axis"]["values"] == [0, 32]
    assert panel["x_axis"]["ticks"][2] == {"pixel": 220, "text": "25", "value": 25, "used": False, "box": None}
    second = panel["series"][1]
    expected = {"name": "Series B", "color": "#1f77b4", "style": "solid", "axis": "y", "samples": None}
    assert second.items() >= expected.items()
    assert second["points"][2]["y"] is None
    assert second["points"][2]["y_err"] is None
    assert second["points"][1]["y"] == 0.6


def test_dates_are_iso_and_errors_on_them_seconds():
    series = to_dict(make_reading(PANELS["date"]()))["panels"][0]
    assert series["x_axis"]["values"] == ["2024-01-01", "2024-01-11"]
    points = series["series"][0]["points"]
    assert [point["x"] for point in points] == ["2024-01-01", "2024-01-06", "2024-01-11"]
    assert points[0]["x_err"] == pytest.approx(0.3 * 10 * 86_400 / 320, rel=1e-2)


def test_a_refused_panel_holds_pixels_only():
    panel = to_dict(make_reading(PANELS["refused"]()))["panels"][0]
    assert panel["y_axis"] is None
    assert all(set(point) == {"x_px", "y_px"} for point in panel["series"][0]["points"])


def test_a_reading_returns_from_its_json_as_it_was(reading):
    text = reading.to_json()
    again = from_json(text, reading.picture)
    assert again.to_json() == text
    assert again.picture is reading.picture
    assert again.words == reading.words
    for before, after in zip(reading.panels[:3], again.panels, strict=False):
        assert after.legend == before.legend
        for old, new in zip(before.series, after.series, strict=True):
            assert new.x_scale == old.x_scale
            np.testing.assert_allclose(new.points.y, old.points.y, rtol=1e-4)
            np.testing.assert_allclose(new.trace.y_px, old.trace.y_px, atol=0.02)
            np.testing.assert_array_equal(new.trace.covered, old.trace.covered)


def ruled_panel() -> Panel:
    """A panel with a frame, gridlines, a note, and a legend whose sample was measured."""
    panel = linear_panel()
    rule = Rule(orientation="vertical", position_px=60.25, start_px=20.0, end_px=200.0, width_px=1.5, color=(9, 8, 7))
    level = replace(rule, orientation="horizontal", position_px=110.0, start_px=60.0, end_px=380.0)
    area = replace(panel.layout.area, frame=(rule,), x_grid=(replace(rule, position_px=220.0),), y_grid=(level,))
    entry = panel.legend.entries[0]
    swatch = replace(entry.swatch, coverage=np.array([[0.0, 0.2, 1.0], [1.0, 0.6, 0.0]], np.float32))
    legend = replace(panel.legend, entries=(replace(entry, swatch=swatch),))
    layout = replace(panel.layout, area=area, legend=legend, no_data=(legend.box, Box(100.0, 40.0, 140.5, 52.0)))
    return replace(panel, layout=layout, legend=legend)


def test_the_strokes_of_a_plot_area_and_what_holds_no_data_return_from_json():
    panel = ruled_panel()
    text = make_reading(panel).to_json()
    jsonschema.validate(json.loads(text), SCHEMA)
    (again,) = from_json(text).panels
    assert again.layout.area == panel.layout.area
    assert again.layout.no_data == panel.layout.no_data
    before, after = (one.legend.entries[0].swatch.coverage for one in (panel, again))
    np.testing.assert_allclose(after, before, atol=0.5 / 255)
    assert after.dtype == np.float32


def test_json_without_strokes_is_still_a_reading():
    content = to_dict(make_reading(ruled_panel()))
    for name in ("rules", "no_data"):
        del content["panels"][0][name]
    del content["panels"][0]["legend"]["entries"][0]["swatch"]["coverage"]
    (panel,) = from_json(json.dumps(content)).panels
    assert [rule.position_px for rule in panel.layout.area.x_grid] == [220.0]
    assert panel.layout.area.frame == panel.layout.no_data == ()


def test_without_its_picture_a_reading_has_a_white_one_of_the_same_size(reading):
    picture = digitize.from_json(digitize.to_json(reading, compact=True)).picture
    assert picture.rgb.shape == reading.picture.rgb.shape
    assert picture.rgb.min() == 255


def test_compact_json_is_one_line(reading):
    text = to_json(reading, compact=True)
    assert "\n" not in text
    assert json.loads(text) == json.loads(to_json(reading))


@pytest.mark.parametrize("title", ["a {b} [c", "],[ x", '"quoted"\n  broken', "√ 10⁻³ \\"])
def test_titles_stand_in_json_exactly_as_read(title):
    content = json.loads(make_reading(linear_panel(title=title)).to_json())
    assert content["panels"][0]["title"] == title


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "other"}', '{"format": "digitize-reading/1"}', "\x00"])
def test_what_is_no_reading_is_refused(text):
    with pytest.raises(InputError, match="reading"):
        from_json(text)


def test_another_picture_is_refused(reading):
    other = make_picture("other.png")
    object.__setattr__(other, "sha256", "1" * 64)
    with pytest.raises(InputError, match=r"other\.png"):
        from_json(reading.to_json(), other)


numbers = st.floats(min_value=-1e12, max_value=1e12) | st.just(math.nan)
errors = st.floats(min_value=1e-9, max_value=1e9) | st.sampled_from([0.0, math.nan])


@given(st.lists(st.tuples(numbers, numbers, errors, errors), max_size=8))
def test_rounding_stays_within_a_hundredth_of_the_error_and_settles(rows):
    columns = np.array(rows, dtype=float).reshape(-1, 4).T
    points = Points(x=columns[0], y=columns[1], x_err=columns[2], y_err=columns[3])
    once = round_points(points)
    twice = round_points(once)
    for name in ("x", "y"):
        before, after, error = getattr(points, name), getattr(once, name), getattr(points, f"{name}_err")
        np.testing.assert_array_equal(after, getattr(twice, name))
        room = np.where(np.isfinite(error) & (error > 0), 0.0101 * error, 0.0) + 1e-9 * np.abs(before) + 1e-280
        off = np.abs(after - before)
        assert ((off <= room) | np.isnan(before)).all()


@pytest.mark.parametrize(
    ("value", "error", "scale", "text"),
    [
        (0.123456, 0.004, "linear", "0.123"),
        (30.02, 0.1, "linear", "30"),
        (0.0003, 0.1, "linear", "0"),
        (-0.0003, 0.1, "linear", "0"),
        (1200.0, math.nan, "linear", "1200"),
        (1e-7, 1e-9, "log", "1e-07"),
        (123456.0, 1000.0, "linear", "123000"),
        (math.nan, 0.1, "linear", "–"),
        (1_577_880_000.0, 50_000.0, "date", "2020-01-01"),
        (1_577_880_000.0, 60.0, "date", "2020-01-01T12:00:00Z"),
        (1e20, 1.0, "date", "–"),
    ],
)
def test_values_for_people_have_the_digits_that_their_errors_leave(value, error, scale, text):
    assert to_text(value, error, scale) == text
