"""A check as Markdown, JSON, JUnit XML, lines for a terminal, and marks on the picture."""

import io
import json
from xml.etree import ElementTree

import numpy as np
import pytest
from rich.console import Console

import digitize
from digitize.claims.marks import draw_marks
from digitize.claims.report import to_json, to_junit, to_markdown, to_terminal
from digitize.model import Picture
from tests.readings import linear_panel, make_reading

TEXT = """Series A starts at 0.1.

Series A is 0.6 at x=8.

Series A is 0.6 at x=99.

Series A ends at 0.2 | or so.

Nice.
"""


@pytest.fixture
def check(one):
    return digitize.check(one, TEXT)


def test_markdown_quotes_each_line_with_its_verdict(check):
    text = to_markdown(check)
    assert "4 claims: 1 confirmed, 2 refuted, 1 undecidable, 0 contradictory; 1 statements not understood." in text
    assert "| 3 | Series A is 0.6 at x=8. | **refuted** | y at x = 8 is " in text
    assert "ends at 0.2 \\| or so." in text
    assert "- line 9: Nice." in text


def test_json_holds_claims_verdicts_and_numbers(check):
    told = json.loads(to_json(check))
    assert told["passed"] is False
    assert told["counts"] == {"confirmed": 1, "refuted": 2, "undecidable": 1}
    refuted = told["claims"][1]
    assert (refuted["line"], refuted["kind"], refuted["verdict"], refuted["y"]) == (3, "value", "refuted", [0.6, 0.6])
    assert refuted["measured"][0]["off"] == pytest.approx(0.3, abs=0.01)
    assert refuted["matched"]["series"] == [{"label": "Series A", "score": 1.0}]
    assert told["not_understood"] == [{"line": 9, "quote": "Nice."}]


def test_json_names_contradictory_claims_by_their_places():
    told = json.loads(to_json(digitize.check(None, "- Ada: x=1: 0.1\n- Ada: x=1: 0.4\n")))
    assert [one["claims"] for one in told["contradictions"]] == [[0, 1]]
    assert "verdict" not in told["claims"][0]


@pytest.mark.parametrize(("strict", "failures", "skipped"), [(False, 2, 1), (True, 3, 0)])
def test_junit_has_a_test_a_claim(check, strict, failures, skipped):
    suite = ElementTree.fromstring(to_junit(check, strict=strict))
    assert [suite.get(name) for name in ("tests", "failures", "skipped")] == ["4", str(failures), str(skipped)]
    assert len(suite.findall("testcase/failure")) == failures
    assert suite.find("testcase/failure").get("message").startswith("y at x = 8 is ")


def test_the_terminal_shows_all_of_it(check):
    console = Console(file=io.StringIO(), width=160)
    console.print(to_terminal(check))
    shown = console.file.getvalue()
    for part in ("refuted", "confirmed", "undecidable", "outside the axis", "not understood", "4 claims"):
        assert part in shown


def test_marks_stand_where_the_claims_put_the_curve(check):
    rgb = np.full((240, 400, 3), 255, dtype=np.uint8)
    reading = make_reading(linear_panel(), picture=Picture(name="a.png", rgb=rgb, sha256="0" * 64))
    marked = np.asarray(draw_marks(reading, digitize.check(reading, TEXT))).astype(int)
    assert marked.shape == (480, 800, 3)
    red = (marked[..., 0] > marked[..., 1] + 100) & (marked[..., 0] > marked[..., 2] + 100)
    green = (marked[..., 1] > marked[..., 0] + 80) & (marked[..., 1] > marked[..., 2] + 50)
    x, y = 2 * 140, 2 * (200 - 0.6 * 200)
    assert red[int(y) - 8 : int(y) + 8, x - 8 : x + 8].any()
    assert green[2 * 180 - 8 : 2 * 180 + 8, 2 * 60 - 8 : 2 * 60 + 8].any()
    assert not red[: int(y) - 20].any()


def test_a_check_passes_by_what_it_found(one):
    assert digitize.check(one, "Series A starts at 0.1.").passed()
    assert digitize.check(one, "Series A is 0.6 at x=99.").passed()
    assert not digitize.check(one, "Series A is 0.6 at x=99.").passed(strict=True)
    assert not digitize.check(one, "Series A starts at 0.5.").passed()


def test_ends_of_the_curve_and_control_characters_go_into_every_form(one):
    text = "The gap between Series A and Series B at the end is 0.4.\x01\n\nSeries A is 1e400 at x=8."
    check = digitize.check(one, text)
    assert json.loads(to_json(check))["claims"][0]["x"] == ["the end", "the end"]
    assert len(ElementTree.fromstring(to_junit(check))) == 2
