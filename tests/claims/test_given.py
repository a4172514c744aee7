"""Claims in files: prose, CSV and JSON, and what is wrong with them."""

import json
from pathlib import Path

import jsonschema
import pytest

import digitize
from digitize.claims.given import load_claims
from digitize.claims.records import Kind
from digitize.errors import InputError

SCHEMA = json.loads((Path(digitize.__file__).parent / "claims" / "claims.schema.json").read_text(encoding="utf-8"))
CLAIMS = {
    "format": "digitize-claims/1",
    "claims": [
        {"series": "Series A", "x": 8, "y": 0.30},
        {"series": "Series A", "x": 8, "y": 0.34, "tolerance": 0.05},
        {"kind": "maximum", "series": "Series A", "y": 0.5, "quote": "it peaks at 0.5"},
        {"kind": "within", "series": "Series A", "x": [0, 16], "y": [None, 0.6]},
        {"kind": "above", "series": "Series B", "other": "Series A", "x": [None, 8]},
        {"kind": "axis scale", "axis": "x", "word": "linear"},
    ],
}


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


def test_csv_rows_are_values_with_their_own_tolerance(write, one):
    table = "panel,series,x,y,tolerance\nactor/kl_loss,Series A,8,0.30,\n,Series A,8,0.34,0.05\n,Series A,8,0.34,\n"
    check = digitize.check(one, write("claims.csv", table))
    assert [verdict.outcome for verdict in check.verdicts] == ["confirmed", "confirmed", "refuted"]
    assert [verdict.claim.source.line for verdict in check.verdicts] == [2, 3, 4]


def test_csv_takes_times_and_names_as_x(write, four):
    table = "panel,series,x,y\nLoad,,2024-01-06,1.0\na | b_c*,sales,Feb,40\na | b_c*,sales,Feb,10\n"
    check = digitize.check(four, write("claims.csv", table))
    assert [verdict.outcome for verdict in check.verdicts] == ["confirmed", "confirmed", "refuted"]


def test_json_claims_are_of_any_kind_and_as_exact_as_written(write, one):
    jsonschema.validate(CLAIMS, SCHEMA)
    check = digitize.check(one, write("claims.json", json.dumps(CLAIMS).replace("0.3}", "0.30}")))
    assert [verdict.outcome for verdict in check.verdicts] == ["confirmed"] * 2 + ["refuted"] + ["confirmed"] * 3
    assert check.claims[0].low.precision == pytest.approx(0.005)
    assert check.claims[2].source.quote == "it peaks at 0.5"


def test_the_schema_knows_every_kind():
    assert SCHEMA["$defs"]["claim"]["properties"]["kind"]["enum"] == [kind.value for kind in Kind]


def test_any_other_file_is_prose(write, one):
    assert load_claims(write("claims.md", "Series A ends at 0.7.")) == "Series A ends at 0.7."
    (verdict,) = digitize.check(one, write("claims.txt", "Series A ends at 0.7.")).verdicts
    assert verdict.outcome == "confirmed"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "series,value\nA,3\n", "columns panel, series, x, y"),
        ("a.csv", "series,x,y\nA,3,much\n", "line 2: y and tolerance must be numbers"),
        ("a.csv", "x,x,y\n1,2,3\n", "columns panel, series, x, y"),
        ("a.csv", f"x,y\n1,{'2' * 200_000}\n", "no CSV table"),
        ("a.json", "[" * 100_000, "no JSON"),
        ("a.json", '{"format": "digitize-claims/1", "claims": [{"words": 3}]}', "words is a list"),
        ("a.json", "[1]", "JSON claims are"),
        ("a.json", "{", "no JSON"),
        ("a.json", '{"format": "digitize-claims/1", "claims": [3]}', "claim 1: a claim is an object"),
        ("a.json", '{"format": "digitize-claims/1", "claims": [{"kind": "song"}]}', "no kind 'song'"),
        ("a.json", '{"format": "digitize-claims/1", "claims": [{"colour": 1}]}', "unknown colour"),
        ("a.json", '{"format": "digitize-claims/1", "claims": [{"y": "much"}]}', "is no number"),
        ("a.json", '{"format": "digitize-claims/1", "claims": [{"y": [1, 2, 3]}]}', "two ends"),
        ("a.json", '{"format": "digitize-claims/1", "claims": [{"axis": "z"}]}', "axis is x, y or y2"),
    ],
)
def test_files_that_are_wrong_say_how(write, name, content, message):
    with pytest.raises(InputError, match=message):
        load_claims(write(name, content))


def test_files_that_cannot_be_read_say_so(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        load_claims(tmp_path / "none.md")
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        load_claims(tmp_path / "binary.md")
