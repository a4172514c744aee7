"""Which chart and which series a claim means: by title or name, spelt alike, by number, place or colour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from digitize.claims.entities import ALIKE, Vocabulary, normal
from digitize.claims.records import EVERY, Match
from digitize.model import Panel, Reading, Series
from digitize.outputs.colorwords import COLOR_WORDS, color_word, distance_to_word
from digitize.outputs.values import label_series

_LEAST = 75.0  # rapidfuzz ratio below which two names have nothing to do with each other
_LEAD = 6.0  # by how much the best must beat the next
_FAR_COLOR = 45.0  # CIELAB distance from which nobody would use a colour's word
_ORDINALS = "first second third fourth fifth sixth".split()  # noqa: SIM905
_NUMBERED = re.compile(r"^(?:the\s+)?(?:line\s+)?(?:chart|panel|subplot|plot|graph|figure)\s*#?(\d+)$", re.IGNORECASE)
_PLACED = re.compile(
    r"^(?:the\s+)?(?P<place>\w+?)(?:most)?\s+(?:line\s+)?(?:chart|panel|subplot|plot|graph)$", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class MatchedPanel:
    """A chart that a name was taken for."""

    panel: Panel
    match: Match


@dataclass(frozen=True, kw_only=True)
class MatchedSeries:
    """A series that a name was taken for, by its index in its panel."""

    index: int
    series: Series
    match: Match


class NoMatchError(Exception):
    """Nothing, or too much, is called so; the message says what there is."""


def vocabulary_of(reading: Reading) -> Vocabulary:
    """The names in a reading that a text about it may use."""
    titles = tuple(panel.title for panel in reading.panels if panel.title)
    series = tuple(dict.fromkeys(label for panel in reading.panels for label in label_series(panel)))
    labels = [panel.x_axis.label for panel in reading.panels if panel.x_axis and panel.x_axis.label]
    words = [re.sub(r"[(\[].*", "", label).strip().lower() for label in labels]
    return Vocabulary(
        charts=titles,
        series=series,
        x_words=tuple(dict.fromkeys(word for word in words if re.fullmatch(r"[a-z][a-z _-]*", word))),
        of_picture=True,
    )


def find_panels(reading: Reading, name: str | None) -> list[MatchedPanel]:
    """The charts that a claim means; of one that names none, the only one there is.

    Raises
    ------
    NoMatchError
        No chart, or several, may be meant.
    """
    panels = reading.panels
    if name == EVERY:
        return [MatchedPanel(panel=panel, match=Match(_called(panel, panels), 1.0)) for panel in panels]
    if name is None:
        if len(panels) == 1:
            return [MatchedPanel(panel=panels[0], match=Match(_called(panels[0], panels), 1.0))]
        raise NoMatchError(f"it does not say which of the {len(panels)} charts is meant")
    index = _by_title(panels, name)
    if index is None:
        index = _by_place(panels, name)
    if index is None:
        known = ", ".join(_called(panel, panels) for panel in panels)
        raise NoMatchError(f"no chart is called “{name}”; there are: {known or 'none'}")
    score = fuzz.ratio(normal(name), normal(panels[index].title or "")) / 100 if panels[index].title else 1.0
    match = Match(_called(panels[index], panels), score if score >= _LEAST / 100 else 1.0)
    return [MatchedPanel(panel=panels[index], match=match)]


def _called(panel: Panel, panels: Sequence[Panel]) -> str:
    """What a chart is called so that no other is: its title, with its number where another has that too."""
    if not panel.title:
        return f"chart {panel.number}"
    shared = sum(normal(other.title or "") == normal(panel.title) for other in panels) > 1
    return f"{panel.title} (chart {panel.number})" if shared else panel.title


def _by_title(panels: Sequence[Panel], name: str) -> int | None:
    return _nearest(name, [panel.title or "" for panel in panels])


def _nearest(name: str, names: Sequence[str]) -> int | None:
    """The index of the name spelt likest, None where none is near enough or two are."""
    wanted = normal(name)
    scores = [max(fuzz.ratio(wanted, normal(one)), _contained(wanted, normal(one))) if one else 0.0 for one in names]
    if not scores or max(scores) < _LEAST:
        return None
    best = max(range(len(scores)), key=scores.__getitem__)
    rivals = [score for k, score in enumerate(scores) if k != best]
    return best if not rivals or scores[best] - max(rivals) >= _LEAD or scores[best] == 100.0 > max(rivals) else None


def _contained(wanted: str, name: str) -> float:
    """How well a name holds a shorter form of itself as a whole: "kl_loss" in "actor/kl_loss"."""
    if len(wanted) < 2:
        return 0.0
    whole = re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])", name)
    return 90.0 if whole or re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", wanted) else 0.0


def _by_place(panels: Sequence[Panel], name: str) -> int | None:
    """The chart of a number, or at a place in the picture: first, last, left, middle, right, top, bottom."""
    if numbered := _NUMBERED.match(name.strip()):
        return next((k for k, panel in enumerate(panels) if panel.number == int(numbered[1])), None)
    placed = _PLACED.match(name.strip())
    if not placed or not panels:
        return None
    place = placed["place"].lower()
    if place in _ORDINALS:
        return _ORDINALS.index(place) if _ORDINALS.index(place) < len(panels) else None
    by_x = sorted(range(len(panels)), key=lambda k: panels[k].box.center[0])
    by_y = sorted(range(len(panels)), key=lambda k: panels[k].box.center[1])
    order = by_y if place in ("top", "upper", "bottom", "lower") else by_x
    if place in ("left", "top", "upper"):
        return order[0]
    if place in ("right", "bottom", "lower", "last"):
        return order[-1]
    return order[len(order) // 2] if place in ("middle", "center", "centre", "central") and len(order) % 2 else None


def find_series(panel: Panel, name: str | None) -> list[MatchedSeries]:
    """The series of a chart that a claim means, by name or by colour; of one that names none, the only one there is.

    Raises
    ------
    NoMatchError
        No series, or several, may be meant.
    """
    labels = label_series(panel)
    if name == EVERY:
        return [_matched(panel, k, label, 1.0) for k, label in enumerate(labels) if panel.series[k].raw_of is None]
    if name is None:
        own = [k for k, series in enumerate(panel.series) if series.raw_of is None]
        if len(own) == 1:
            return [_matched(panel, own[0], labels[own[0]], 1.0)]
        raise NoMatchError(f"it does not say which of the {len(own)} series is meant")
    index = _nearest(name, labels)
    if index is not None:
        return [_matched(panel, index, labels[index], fuzz.ratio(normal(name), normal(labels[index])) / 100)]
    if name in COLOR_WORDS and (index := _by_color(panel, name)) is not None:
        return [_matched(panel, index, labels[index], 1.0)]
    raise NoMatchError(f"no series is called “{name}”; there are: {', '.join(labels) or 'none'}")


def _matched(panel: Panel, index: int, label: str, score: float) -> MatchedSeries:
    return MatchedSeries(index=index, series=panel.series[index], match=Match(label, score))


def _by_color(panel: Panel, word: str) -> int | None:
    """The only series that is called by a colour's word, else the one nearest to it."""
    own = [k for k, series in enumerate(panel.series) if series.raw_of is None]
    called = [k for k in own if same_color(word, color_word(panel.series[k].color))]
    if called:
        return called[0] if len(called) == 1 else None
    far = sorted((distance_to_word(panel.series[k].color, word), k) for k in own)
    if not far or far[0][0] > _FAR_COLOR or (len(far) > 1 and far[1][0] - far[0][0] < 10):
        return None
    return far[0][1]


def same_color(one: str, two: str) -> bool:
    """Whether two colour words mean the same."""
    return one == two or {one, two} <= {"grey", "gray"} or {one, two} <= {"purple", "violet"}


def spelt_alike(one: str, two: str) -> bool:
    """Whether two names are spellings of one."""
    return fuzz.ratio(normal(one), normal(two)) >= ALIKE
