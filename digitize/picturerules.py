"""The straight strokes of a picture that may have been restored."""

from __future__ import annotations

from collections.abc import Sequence

from digitize.model import Box, Picture, Rule
from digitize.rules import find_rules

#: Strokes nearer than this, in pixels, are one; compression rings so far beside one.
_ONE_STROKE, _RINGING = 2.5, 8.0


def find_picture_rules(picture: Picture, text_height: float, hide: Sequence[Box] = ()) -> tuple[Rule, ...]:
    """Horizontal and vertical strokes, sorted by position: of a restored picture as given, and what shows only then.

    Restoring brings out what compression hid, and takes the faintest strokes away. What stood close beside a stroke
    only before was ringing. Of a stroke whose ends are others then both are kept.

    Parameters
    ----------
    picture : the picture.
    text_height, hide : as in `find_rules`.
    """
    rules = find_rules(picture.rgb, text_height, hide)
    if picture.given is None:
        return rules
    given = [r for r in find_rules(picture.given, text_height, hide) if _is_told(r, rules)]
    shown = [rule for rule in rules if not any(_is_one(rule, other, text_height) for other in given)]
    return tuple(sorted([*given, *shown], key=lambda r: (r.orientation, r.position_px, r.start_px)))


def _is_told(rule: Rule, rules: Sequence[Rule]) -> bool:
    """Whether a stroke is among others, or stands where none of them does and none rings."""
    beside = [one for one in rules if _runs_along(one, rule) and _between(one, rule) <= _RINGING]
    return not beside or any(_between(rule, one) <= _ONE_STROKE for one in beside)


def _runs_along(rule: Rule, other: Rule) -> bool:
    """Whether one stroke is parallel to most of another."""
    shared = min(rule.end_px, other.end_px) - max(rule.start_px, other.start_px)
    return rule.orientation == other.orientation and shared >= 0.5 * other.length_px


def _is_one(rule: Rule, other: Rule, height: float) -> bool:
    """Whether two strokes are one: they run at one place, between the same ends."""
    ends = max(abs(rule.start_px - other.start_px), abs(rule.end_px - other.end_px))
    return rule.orientation == other.orientation and _between(rule, other) <= _ONE_STROKE and ends <= height


def _between(rule: Rule, other: Rule) -> float:
    return abs(rule.position_px - other.position_px)
