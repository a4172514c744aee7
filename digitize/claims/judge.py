"""Claims held against a reading: who is meant, then what is found there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digitize.claims.curvejudge import judge_curve
from digitize.claims.findings import Finding, confirmed, refuted, undecidable
from digitize.claims.framejudge import judge_charts, judge_look, judge_panel
from digitize.claims.grounds import Allowance, Ground
from digitize.claims.match import MatchedPanel, NoMatchError, find_panels, find_series, spelt_alike
from digitize.claims.pairjudge import find_pair, judge_alike, judge_pair, widest_pair
from digitize.claims.records import EVERY, Claim, Kind, Match, Outcome, Verdict
from digitize.model import Reading

_FIGURE = (Kind.CHARTS, Kind.TITLE)
_FRAME = (
    Kind.AXIS_RANGE,
    Kind.AXIS_TICKS,
    Kind.AXIS_LABEL,
    Kind.AXIS_SCALE,
    Kind.AXIS_UNIT,
    Kind.CATEGORIES,
    Kind.COUNT,
    Kind.LEGEND,
    Kind.GRIDLINES,
)
_PAIR = (Kind.ABOVE, Kind.CROSSING, Kind.CROSSINGS, Kind.APART, Kind.FARTHEST, Kind.RESTLESS)
_LOOK = (Kind.SERIES, Kind.COLOR, Kind.STYLE)


def judge(claim: Claim, reading: Reading, allowance: Allowance) -> Verdict:
    """What a reading says of a claim.

    One about every chart or every series holds where it holds for each of them.
    """
    try:
        if claim.kind in _FIGURE:
            return _verdict(claim, judge_charts(claim, reading))
        if claim.kind is Kind.ALIKE:
            finding, panels = judge_alike(claim, reading)
            return _verdict(claim, finding, panels[0])
        matched = find_panels(reading, claim.panel)
    except NoMatchError as error:
        return _verdict(claim, undecidable(str(error)))
    verdicts = [verdict for one in matched for verdict in _in_panel(claim, one, allowance)]
    return _all_of(verdicts) if verdicts else _verdict(claim, undecidable("there are no charts"))


def _in_panel(claim: Claim, matched: MatchedPanel, allowance: Allowance) -> list[Verdict]:
    """The verdicts of one chart: one, or one for each series that the claim speaks of."""
    panel = matched.panel
    try:
        if panel.status == "refused":
            raise NoMatchError("the chart was refused: its axes could not be read")
        if claim.kind in _FRAME:
            return [_verdict(claim, judge_panel(claim, panel), matched)]
        ground = Ground(panel=panel, series=panel.series[0], allowance=allowance) if panel.series else None
        if ground is None:
            raise NoMatchError("the chart has no series")
        if claim.kind in _PAIR:
            return [_of_pair(claim, ground, matched)]
        found = find_series(panel, claim.series)
    except NoMatchError as error:
        return [_verdict(claim, _missing(claim, matched, str(error)), matched)]
    verdicts = []
    for one in found:
        if claim.kind in _LOOK:
            verdicts.append(_verdict(claim, judge_look(claim, one), matched, (one.match,)))
            continue
        own = replace(ground, series=one.series)
        try:
            finding = judge_curve(claim, own)
        except NoMatchError as error:
            finding = undecidable(str(error))
        verdicts.append(replace(_verdict(claim, finding, matched, (one.match,)), at=_place(claim, own)))
    return verdicts


def _place(claim: Claim, ground: Ground) -> tuple[float, float] | None:
    """Where a claim says that the curve should be, in pixels; None where it gives no value or no place on the axis."""
    curve = ground.curve
    if claim.low is None or not len(curve):
        return None
    ends = {
        Kind.FIRST: 0,
        Kind.LAST: -1,
        Kind.MAXIMUM: int(curve.y.argmax()),
        Kind.MINIMUM: int(curve.y.argmin()),
    }
    place = claim.stop if claim.kind is Kind.MOVE else claim.start
    try:
        if place is not None and (claim.kind is Kind.MOVE or claim.start is claim.stop):
            x = ground.to_x(place)[0]
        elif claim.kind in ends:
            x = float(curve.x[ends[claim.kind]])
        else:
            return None
        return ground.pixel(x, ground.y_number(claim.low).value)
    except NoMatchError:
        return None


def _missing(claim: Claim, matched: MatchedPanel, why: str) -> Finding:
    """A series that is not there refutes a claim that it is, where all series of the chart have names."""
    panel = matched.panel
    listed = [entry.name for entry in panel.legend.entries] if panel.legend else []
    if claim.kind is Kind.SERIES and any(spelt_alike(claim.series or "", name) for name in listed):
        return confirmed("the legend names it")
    sure = panel.status == "ok" and all(series.name for series in panel.series)
    return refuted(why) if claim.kind is Kind.SERIES and sure else undecidable(why)


def _of_pair(claim: Claim, ground: Ground, matched: MatchedPanel) -> Verdict:
    if claim.kind is Kind.FARTHEST and None in (claim.series, claim.other) and (pair := widest_pair(ground)):
        claim_of_pair = replace(claim, series=pair[0], other=pair[1])
        return replace(_of_pair(claim_of_pair, ground, matched), claim=claim)
    compared = find_pair(claim, ground)
    finding = judge_pair(claim, compared)
    return _verdict(claim, finding, matched, (compared.first.match, compared.second.match))


def _verdict(
    claim: Claim, finding: Finding, matched: MatchedPanel | None = None, series: tuple[Match, ...] = ()
) -> Verdict:
    return Verdict(
        claim=claim,
        outcome=finding.outcome,
        why=finding.why,
        measured=finding.measured,
        panel=matched.match if matched else None,
        series=series,
        doubtful=matched is not None and matched.panel.status == "review",
    )


def _all_of(verdicts: Sequence[Verdict]) -> Verdict:
    """One verdict for all: the worst, with the names of those that it holds of."""
    if len(verdicts) == 1:
        return verdicts[0]
    order: tuple[Outcome, ...] = ("refuted", "undecidable", "confirmed")
    worst = min(verdicts, key=lambda verdict: order.index(verdict.outcome))
    if worst.outcome != "confirmed":
        where = ", ".join([match.label for match in worst.series] or [worst.panel.label if worst.panel else ""])
        return replace(worst, why=f"{where}: {worst.why}")
    series = tuple(dict.fromkeys(match for verdict in verdicts for match in verdict.series))
    numbers = tuple(one for verdict in verdicts for one in verdict.measured)
    why = "; ".join(dict.fromkeys(verdict.why for verdict in verdicts if verdict.why))
    doubtful = any(verdict.doubtful for verdict in verdicts)
    several = worst.claim.panel == EVERY and len({verdict.panel for verdict in verdicts}) > 1
    panel = Match("all charts", 1.0) if several else worst.panel
    return replace(worst, series=series, measured=numbers, why=why, doubtful=doubtful, panel=panel)
