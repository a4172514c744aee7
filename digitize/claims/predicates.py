"""What sentences say of curves: verbs and phrases, each with the kind of claim that it makes."""

from __future__ import annotations

import re
from typing import NamedTuple

from digitize.claims.entities import ENTITY
from digitize.claims.numbers import NUMBER
from digitize.claims.records import Kind


class Predicate(NamedTuple):
    """A predicate found in a sentence: its kind, its word (a direction, a side), and where it stands."""

    kind: Kind
    word: str
    start: int
    stop: int


def _any(words: str) -> str:
    """A pattern for any of several words or phrases; underscores stand for spaces within a phrase."""
    return "(?:" + "|".join(word.replace("_", r"\s+") for word in words.split()) + ")"


_STAY = _any("is are stays? remains? lies? keeps? runs? sits? stands? holds? hovers?")
_HOW = _any("consistently always clearly slightly well mostly just generally steadily then now strictly entirely")
_BEING = rf"(?:{_STAY}\s+)?(?:{_HOW}\s+)*"
_THAN_ENTITY = rf"(?=\s+(?:the\s+|that of\s+)?{ENTITY})"
_THAN_NUMBER = r"(?=\s+(?:about\s+)?[-−.\d])"
_AT_VALUE = r"(?=\s*(?:at|near|around|from|with|is|of|up|in|close|about|:|≈|~|\())"
_AMOUNT = rf"\s+(?:(?:about|around|roughly|some)\s+)?{NUMBER}\s+"
_APART = _any("gap difference distance separation")

#: Where two begin at one place, the first in this list is meant.
_PATTERNS: tuple[tuple[Kind, str, str], ...] = (
    (Kind.FARTHEST, "", _any("largest greatest maximum biggest widest") + rf"\s+{_APART}"),
    (Kind.APART, "", _APART + r"\b|\bapart\b|\bfrom each other\b"),
    (
        Kind.ABOVE,
        "above",
        _BEING + _any("above higher_than greater_than ahead_of exceeds? leads? outperforms?") + _THAN_ENTITY,
    ),
    (
        Kind.ABOVE,
        "below",
        _BEING + _any("below lower_than less_than beneath behind trails? lags?(?:_behind)?") + _THAN_ENTITY,
    ),
    (Kind.ABOVE, "above", _STAY + _AMOUNT + "above" + _THAN_ENTITY),
    (Kind.ABOVE, "below", _STAY + _AMOUNT + "below" + _THAN_ENTITY),
    (Kind.ABOVE, "above", _BEING + _any("on_top leads? holds_the_upper_hand has_the_lead ahead outranks?") + r"\b"),
    (Kind.ABOVE, "above", _STAY + r"\s+(?:the\s+)?higher\b(?!\s+than)"),
    (Kind.ABOVE, "below", _STAY + r"\s+(?:the\s+)?lower\b(?!\s+than)"),
    (Kind.ABOVE, "below", _BEING + _any("underneath runs_below trails? lags?") + r"\b"),
    (
        Kind.WITHIN,
        "above",
        _BEING
        + _any(
            "above over at_least (?:more|greater|higher)_than no_less_than exceeds? "
            "(?:goes|gets|go)_(?:beyond|over|above)"
        )
        + _THAN_NUMBER,
    ),
    (
        Kind.WITHIN,
        "below",
        _BEING + _any("below under at_most (?:less|lower|smaller)_than no_more_than") + _THAN_NUMBER,
    ),
    (
        Kind.CROSSING,
        "",
        _any("cross(?:es|ed|ing|ings|over)? intersect(?:s|ed|ing|ions?)? meets?") + r"\b",
    ),
    (Kind.CROSSING, "overtakes", _any("overtakes? overtook retakes? surpass(?:es|ed)?") + r"\b"),
    (Kind.RESTLESS, "more", r"(?:(?:is|are)\s+)?(?:more\s+(?:volatile|noisy|restless|variable)|noisier)\s+than"),
    (Kind.RESTLESS, "less", r"(?:(?:is|are)\s+)?(?:less\s+(?:volatile|noisy|restless|variable)|smoother)\s+than"),
    (Kind.ALIKE, "alike", _any("moves?_alike moves?_together (?:positively|strongly)_correlate[sd]?")),
    (
        Kind.ALIKE,
        "opposite",
        _any("moves?_in_opposite_directions moves?_oppositely (?:negatively|inversely)_correlate[sd]?"),
    ),
    (Kind.CUT, "", r"(?:is|are)\s+(?:cut off|clipped) at the (?:top|bottom)(?:\s+edge)?"),
    (Kind.GAP, "", _any("(?:has|have)_(?:a_)?gaps? (?:is|are)_(?:missing|not_drawn|interrupted)") + r"\b"),
    (Kind.SPIKE, "", r"spik(?:es?|ed|ing)\b"),
    (
        Kind.FIRST,
        "",
        _any(
            "starts starting started begins beginning began begun opens kicks_off initial(?:ly)?(?:_value)? first_value"
        )
        + r"\b|(?:start|begin)(?:\s+value)?\b"
        + _AT_VALUE,
    ),
    (
        Kind.LAST,
        "",
        _any("ends ending ended finish(?:es|ing|ed) final(?:ly)?(?:_value)? last_value concludes closes comes_to_rest")
        + r"\b|(?:end|finish)(?:\s+value)?\b"
        + _AT_VALUE,
    ),
    (
        Kind.MAXIMUM,
        "",
        _any("peak(?:s|ing|ed)? maxim(?:um|a) max highest high_point all-time_high high(?=_of) tops_out crests?")
        + r"\b",
    ),
    (
        Kind.MINIMUM,
        "",
        _any("bottoms?_out minim(?:um|a) min lowest low_point low(?=_of) troughs? bottoms bottoming nadir") + r"\b",
    ),
    (Kind.MEAN, "", _any("mean averag(?:es?|ed|ing)") + r"\b"),
    (
        Kind.EXTENT,
        "",
        _any("fluctuat(?:es?|ed|ing) oscillat(?:es?|ed|ing) var(?:y|ies|ied|ying) rang(?:es?|ing) span(?:s|ning)?")
        + r"\b",
    ),
    (
        Kind.WITHIN,
        "",
        _any(
            "stay(?:s|ing|ed)? remain(?:s|ing|ed)? lies? lying keeps? hover(?:s|ing)? hold(?:s|ing)? "
            "plateau(?:s|ed|ing)? level(?:s|l?ing)?_off stabili[sz](?:es?|ed|ing) flattens? settl(?:es?|ing) sits "
            "(?:is|are)_(?:flat|stable|constant)"
        )
        + r"\b",
    ),
    (
        Kind.MOVE,
        "rises",
        _any(
            "ris(?:es?|ing|en) rose increas(?:es?|ed|ing) climb(?:s|ed|ing)? grow(?:s|ing|n)? grew ascend(?:s|ed|ing)? "
            "surg(?:es?|ed|ing) recover(?:s|ed|ing)? go(?:es|ing)?_up improv(?:es?|ed|ing) upward "
            "shoots?_up soars? ramps?_up gain(?:s|ed|ing)? advanc(?:es|ed|ing) jump(?:s|ed|ing)?_up"
        )
        + r"\b",
    ),
    (
        Kind.MOVE,
        "falls",
        _any(
            "fall(?:s|ing|en)? fell declin(?:es?|ed|ing) drop(?:s|ped|ping)? decreas(?:es?|ed|ing) decay(?:s|ed|ing)? "
            "descend(?:s|ed|ing)? plung(?:es?|ed|ing) dip(?:s|ped|ping)? go(?:es|ing)?_down sink(?:s|ing)? "
            "diminish(?:es|ed|ing)? downward slid(?:es?|ing) slips? tumbl(?:es?|ing) plummet(?:s|ed|ing)? "
            "retreat(?:s|ed|ing)? eas(?:es?|ing) shrink(?:s|ing)? los(?:es?|ing)"
        )
        + r"\b",
    ),
    (Kind.MOVE, "goes", _any("go(?:es|ing) went chang(?:es?|ing) jump(?:s|ed|ing)?") + r"\b"),
    (Kind.VALUE, "", _any("reach(?:es|ed|ing)? attains? hits? hitting equals? reads? stands?_at") + r"\b"),
)
_FIND = tuple((kind, word, re.compile(rf"(?<![\w-])(?:{text})", re.IGNORECASE)) for kind, word, text in _PATTERNS)


#: Single values of a curve, and where two curves have them that are compared by them, if that is one place.
_POINTS = {Kind.FIRST: "start", Kind.LAST: "end", Kind.MAXIMUM: "", Kind.MINIMUM: "", Kind.MEAN: ""}
NEGATION = re.compile(
    r"\b(?:not|never|no|neither|nor|without|hardly|rarely|cannot|fails? to|failed to)\b|n['’]t\b", re.IGNORECASE
)
_EVENT = re.compile(r"\b(?:after|before|until|since)\s+(?:the|this|that|their)\s+$", re.IGNORECASE)  # only tells when


def find_predicates(text: str) -> list[Predicate]:
    """The predicates of a sentence in order, none within another; those behind a distance tell of that.

    An end, an extreme or a mean that is said to be above or below something is one predicate: its word says which.
    """
    found = [
        (one.start(), rank, Predicate(kind, word, one.start(), one.end()))
        for rank, (kind, word, pattern) in enumerate(_FIND)
        for one in pattern.finditer(text)
    ]
    told: list[Predicate] = []
    for start, _, predicate in sorted(found, key=lambda one: one[:2]):
        if predicate.kind is Kind.CROSSING and _EVENT.search(text[:start]):
            continue
        if told and (start < told[-1].stop or told[-1].kind in (Kind.FARTHEST, Kind.APART)):
            continue
        sided = predicate.word in ("above", "below") and told and told[-1].kind in _POINTS and not told[-1].word
        if sided and not re.search(r"[,;:\d]|\b(?:and|then|but|while)\b", text[told[-1].stop : start]):
            kind = told[-1].kind if predicate.kind is Kind.WITHIN else predicate.kind
            word = predicate.word if kind in _POINTS else f"{predicate.word} {_POINTS[told[-1].kind]}"
            told[-1] = Predicate(kind, word, told[-1].start, predicate.stop)
            continue
        told.append(predicate)
    return told


def has_predicate(words: str) -> bool:
    """Whether words say something of a curve."""
    return any(pattern.search(words) for _, _, pattern in _FIND)
