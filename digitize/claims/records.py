"""The records of a check: what was claimed, what was measured, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from pandas import DataFrame

Outcome = Literal["confirmed", "refuted", "undecidable"]

#: What a claim says of every chart or every series.
EVERY = "*"


class Kind(StrEnum):
    """What a claim is about."""

    VALUE = "value"  # y at an x
    FIRST = "first"
    LAST = "last"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    MEAN = "mean"
    WITHIN = "within"  # all of y between two values
    EXTENT = "extent"  # y goes from one value to another, and no farther
    MOVE = "move"  # rises, falls, stays level or goes from one value to another
    SPIKE = "spike"
    CUT = "cut"  # runs along an edge of the plot area
    GAP = "gap"  # is not drawn
    ABOVE = "above"  # one series over another
    CROSSING = "crossing"
    CROSSINGS = "crossings"  # how many
    APART = "apart"  # how far two series lie from each other
    FARTHEST = "farthest"
    RESTLESS = "restless"
    ALIKE = "alike"  # correlation of a series between charts
    AXIS_RANGE = "axis range"
    AXIS_TICKS = "axis ticks"
    AXIS_LABEL = "axis label"
    AXIS_SCALE = "axis scale"
    AXIS_UNIT = "axis unit"
    CATEGORIES = "categories"
    TITLE = "title"
    CHARTS = "charts"  # how many
    COUNT = "count"  # of series in a chart
    SERIES = "series"  # a series of this name is there
    COLOR = "color"
    STYLE = "style"
    LEGEND = "legend"
    GRIDLINES = "gridlines"


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number, a time or a category's name as claimed.

    `precision` is half a unit of its last digit. A time is in seconds since 1970 UTC, the
    beginning of the day or month it names. `start` and `stop` are where it
    stands in the text that was checked, -1 where it came in no text. A place is counted `from_end` where it is said so,
    and infinite where it is an end of the curve.
    """

    value: float = float("nan")
    precision: float = 0.0
    text: str = ""
    start: int = -1
    stop: int = -1
    about: bool = False
    percent: bool = False
    time: bool = False
    from_end: bool = False
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a statement stands: its line from 1 and its words."""

    line: int
    quote: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One statement that a picture can bear out or not.

    `panel` and `series` are as named in the statement, `EVERY` for all of them, None where it names none; `other` is
    the second series or chart of a comparison. `start` and `stop` bound the x that it speaks of: equal for one place,
    None for the ends of the curve. `low` and `high` are the values claimed, equal for one, and `before` is that at
    `start` of a move. `word` is what it says besides numbers: a direction, a side, a label, a scale;
    "within" with an extreme that may be that of a stretch. `words` are categories, the directions of gridlines, or
    "monotonic" with a move without interruption. `tolerance` replaces what is allowed otherwise, in units of y.
    """

    kind: Kind
    source: Source
    panel: str | None = None
    series: str | None = None
    other: str | None = None
    axis: Literal["x", "y", "y2"] = "y"
    start: Number | None = None
    stop: Number | None = None
    low: Number | None = None
    high: Number | None = None
    before: Number | None = None
    step: Number | None = None
    word: str | None = None
    words: tuple[str, ...] = ()
    tolerance: float | None = None


class Measured(NamedTuple):
    """One number of a claim held against the picture.

    The picture bears it out within `low` to `high`, give or take `tolerance`, of which `error` is the reading's part;
    `vague` is what the claim's few digits would allow besides.
    """

    name: str
    claimed: Number
    low: float
    high: float
    error: float
    tolerance: float
    vague: float = 0.0

    @property
    def off(self) -> float:
        """By how much the claim misses what was measured, 0 inside of it."""
        return max(self.low - self.claimed.value, self.claimed.value - self.high, 0.0)

    @property
    def holds(self) -> bool:
        return self.off <= self.tolerance

    @property
    def may_hold(self) -> bool:
        """Whether its digits are too few to tell."""
        return self.off <= self.tolerance + self.vague


class Match(NamedTuple):
    """What a name was taken for, and how sure that is from 0 to 1."""

    label: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the picture says of one claim, and why in words.

    `at` is where the claim says that the curve should be, in pixels of the picture, None where it names no place.
    `doubtful` is True where the chart itself is not read for certain.
    """

    claim: Claim
    outcome: Outcome
    why: str
    measured: tuple[Measured, ...] = ()
    panel: Match | None = None
    series: tuple[Match, ...] = ()
    at: tuple[float, float] | None = None
    doubtful: bool = False


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """Two claims that cannot both hold, or one that cannot in itself."""

    first: Claim
    second: Claim
    why: str


@dataclass(frozen=True, kw_only=True)
class Check:
    """Claims, their verdicts in the same order, the contradictions among them, and what was not understood.

    Without a picture there are no verdicts.
    """

    claims: tuple[Claim, ...]
    verdicts: tuple[Verdict, ...]
    contradictions: tuple[Contradiction, ...]
    not_understood: tuple[Source, ...]

    def count(self, outcome: Outcome) -> int:
        return sum(verdict.outcome == outcome for verdict in self.verdicts)

    def passed(self, *, strict: bool = False) -> bool:
        """Whether nothing is refuted or contradictory; if `strict`, nor undecidable."""
        bad = self.count("refuted") + len(self.contradictions) + (self.count("undecidable") if strict else 0)
        return bad == 0

    def to_frame(self) -> DataFrame:
        """One row a verdict: line, quote, kind, panel, series, outcome, why, and the first number held against it."""
        from digitize.claims.report import verdict_table

        return verdict_table(self)
