"""What a long run shows of itself."""

import json

import pytest

from digitize import listeners
from digitize.batch.records import Entry, Outcome, failure
from digitize.listeners import Bar, Json, Lines, duration


def entry(number):
    return Entry(number=number, block=0, source=f"/shots/{number}", asked=str(number), image=str(number))


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass only when told to."""
    now = [100.0]
    monkeypatch.setattr(listeners.time, "monotonic", lambda: now[0])
    return now


def test_lines_come_every_few_seconds_with_rate_and_time_left(clock, capsys):
    with Lines() as lines:
        lines.start(10, 2)
        for number, outcome in enumerate([Outcome(status="ok"), Outcome(status="review"), failure("input", "bad")]):
            clock[0] += 4.0
            lines.picture(entry(number), outcome)
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "10 pictures, 2 of them read before"
    assert told[1:] == ["5 of 10  0.25 a second, 20 s left  1 ok, 1 for review, 0 refused, 1 failed"]


def test_json_tells_each_picture(capsys):
    with Json() as log:
        log.start(2, 0)
        log.picture(entry(1), failure("input", "bad"))
    start, picture = map(json.loads, capsys.readouterr().err.splitlines())
    assert (start["event"], start["total"]) == ("start", 2)
    assert picture["image"] == "1"
    assert picture["status"] == "failed"
    assert picture["reasons"] == [{"code": "input", "message": "bad"}]
    assert (picture["settled"], picture["total"]) == (1, 2)


def test_the_bar_shows_the_same(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    with Bar() as bar:
        bar.start(4, 1)
        bar.picture(entry(1), Outcome(status="review"))
    shown = capsys.readouterr().err
    assert "2/4" in shown
    assert "1 for review" in shown
    assert "a second" in shown


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59.6, "1 min"), (200, "3 min 20 s"), (3600, "1 h"), (93_600, "1 d 2 h")]
)
def test_spans_of_time_are_told_in_two_units(seconds, text):
    assert duration(seconds) == text
