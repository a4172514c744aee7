"""Fits the map between pixels and data values to the tick labels of one axis."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from digitize.attempts import CLEAR_GAP, STROKE_EVIDENCE, Attempt, fit_scale
from digitize.axisfit import OUTLIER_COST, covariance
from digitize.datecontext import DatedLabels, to_moments
from digitize.datetext import DateParts, dates, months_apart
from digitize.labelvalues import (
    Value,
    are_alike,
    changed,
    commas_together,
    dates_beneath,
    exponent_signs_together,
    is_power,
    keeps_odd_step,
    mostly_figures,
    numbers_in_one_unit,
    on_log_scale,
    powers_together,
    signs_together,
    split_rows,
    thousands_together,
    times_together,
)  # fmt: skip
from digitize.medians import median
from digitize.model import Axis, AxisName, Box, FloatArray, PlotArea, Reason, Tick, TickLabel, TickLabels, Word
from digitize.numbertext import normalise
from digitize.roundsteps import unrounded
from digitize.ticktext import TickReading, is_enumeration, multiplier_and_offset, readings, reads_as_tick
from digitize.witnesses import Witnesses, between_strokes, find_witnesses, log_stroke_evidence

_POWERS_EVIDENCE = 8.0
#: So many labels of a linear scale do not fit a logarithmic one where their greatest value is so many times the least;
#: up to the other ratio both scales are one.
_FEWEST_EVEN, _BENT, _STRAIGHT = 4, 2.0, 1.15
#: What it costs a linear scale to be labelled at steps that nobody chooses.
_ODD_STEP = 3.0
#: A date of at least this prior is written as such.
_SURE = 0.9
_DATE_EVIDENCE = 12.0
_DAY = 86_400.0
#: A label of less confidence may be misread, however well it fits a row of names.
_CLEARLY_READ = 0.8
#: What it costs a map to run to the left or downward: number axes seldom do, axes of dates hardly ever.
_REVERSED_NUMBERS, _REVERSED_DATES = 3.0, 12.0
#: From this cost on, a reading is a guess that the other labels suggest: it is no evidence of its own.
_GUESSED = 5.5
#: The ends of an axis of names are whole steps between names farther off one than the other, to this share of a step.
_WHOLE_STEP = 0.15
_ROUNDED = "neighbouring tick labels read alike; the ticks are taken for multiples of a round step"
#: A power of ten written without a raised exponent.
_ONE_E = re.compile(r"1(?:\.0*)?[eE][-+]?[0-9]+")

#: A tick stands beyond the end of its axis by so many pixels, where the end is not just told roughly, and by no more
#: than this share of the axis' length.
_CLEAR, _BEYOND = 1.5, 0.1


def fit_axis(labels: TickLabels, area: PlotArea) -> Axis | None:
    """The map of the axis that `labels` stand along, anchored at the edges of the plot area.

    Every label is read in several ways (`digitize.ticktext`), and linear, logarithmic, date and category maps are
    fitted to all of them at once (`digitize.axisfit`); the residuals in pixels choose the scale, never the
    progression of the values. Labels that do not fit stay in the record with ``used`` False. Positions are those of
    tick marks and gridlines where the labels stand at such, otherwise of the labels' centres.

    Returns
    -------
    The axis with its doubts, or None where fewer than two labels can be read together.
    """
    horizontal = labels.axis == "x"
    row, beneath = split_rows(labels.labels) if horizontal else (labels.labels, ())
    if len(row) < 2:
        return None
    witnesses = find_witnesses(row, labels.strokes_px, area, horizontal=horizontal, lean_px=labels.lean_px)
    place = _Place(row=row, witnesses=witnesses, area=area, horizontal=horizontal)
    texts = [label.word.text for label in row]
    offset = _text_at_end(labels.offset_word)
    if not beneath and not dates(offset) and _is_numbered(texts):
        named = _category_axis(place, than=None, certain=True)
        if named is not None:
            return named
    read = commas_together(powers_together([readings(label.word) for label in row], texts), texts)
    read = exponent_signs_together(read, row, horizontal=horizontal)
    read = signs_together(thousands_together(read, texts), after_marks=labels.side == "right")
    read = times_together(read, texts)
    best, unit, doubts = _number_attempt(place, read, offset)
    dated, date_attempt = _date_attempt(place, read, beneath, offset)
    # A date at the axis' end says what bare figures are.
    handicap = _DATE_EVIDENCE if _names_month(offset) else 0.0
    most = math.inf if best is None else best.cost + handicap
    if date_attempt is not None and date_attempt.accepted and date_attempt.cost < most:
        best, unit, doubts = date_attempt, None, []
    if best is None or (best is date_attempt and dated.bare_months) or _clean_but_dropped(best, read, row):
        named = _category_axis(place, than=best if best is date_attempt else None)
        if named is not None:
            return named
    if labels.offset_word and offset != labels.offset_word.text:
        message = f"the text {labels.offset_word.text!r} at the axis' end is taken for {offset!r}"
        doubts.append(Reason(code="offset-unread", message=message))
    if labels.offset_unread:
        message = "what stands at its end could not be read, and may be a multiplier"
        doubts.append(Reason(code="offset-unread", message=message))
    if labels.unread:
        doubts.append(Reason(code="unread-labels", message="labels of its own may be unread; a neighbour's are taken"))
    return None if best is None else _to_axis(best, place, unit, doubts)


def reach_ticks(area: PlotArea, axes: Mapping[AxisName, Axis | None]) -> PlotArea:
    """The plot area, grown to the outermost ticks that its axes rest on: none stands beyond the end of its axis.

    An area that no frame bounds is found by its gridlines or its ink, and may lack an end.

    Parameters
    ----------
    area : the plot area as it was found.
    axes : the axes fitted in it, by name.
    """
    left, top, right, bottom = area.box.left, area.box.top, area.box.right, area.box.bottom
    for name, axis in axes.items():
        used = [tick.pixel for tick in axis.ticks if tick.used] if axis else []
        if name == "x":
            left, right = _reach(left, right, used)
        else:
            top, bottom = _reach(top, bottom, used)
    return replace(area, box=Box(left, top, right, bottom))


def _reach(first: float, last: float, ticks: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis, moved out to ticks that stand clearly beyond them, though not far."""
    most = _BEYOND * (last - first)
    early = first - min(ticks, default=first)
    late = max(ticks, default=last) - last
    return (first - early if _CLEAR < early < most else first, last + late if _CLEAR < late < most else last)


def _text_at_end(word: Word | None) -> str:
    """The text at an axis' end, as letters and signs or, where these say nothing, as those of numbers."""
    if word is None:
        return ""
    says_nothing = multiplier_and_offset(word.text) is None and not dates(word.text)
    return word.number if says_nothing and multiplier_and_offset(word.number) else word.text


@dataclass(frozen=True, kw_only=True, eq=False)
class _Place:
    """The labels of an axis and where they stand."""

    row: tuple[TickLabel, ...]
    witnesses: Witnesses
    area: PlotArea
    horizontal: bool


def _number_attempt(
    place: _Place, read: Sequence[tuple[TickReading, ...]], offset: str
) -> tuple[Attempt | None, str | None, list[Reason]]:
    """The better number scale, the unit of its labels, and doubts; none where most labels are words or all alike."""
    row, witnesses = place.row, place.witnesses
    texts = [label.word.text for label in row]
    if 2 * sum(reads_as_tick(label.word) for label in row) < len(row) or are_alike(texts):
        return None, None, []
    change = multiplier_and_offset(offset) if offset and not _names_month(offset) else (1.0, 0.0)
    values, unit = numbers_in_one_unit(read)
    values = changed(values, *(change or (1.0, 0.0)))
    way = _REVERSED_NUMBERS if place.horizontal else -_REVERSED_NUMBERS
    told = unrounded(values, witnesses.positions, texts)
    whole = fit_scale(told, "linear", witnesses, way=way) if told else None
    if whole is not None and whole.accepted:
        return whole, unit, [Reason(code="ambiguous-label", message=_ROUNDED)]
    linear = fit_scale(values, "linear", witnesses, way=way)
    raised = _count_powers(row, read) >= 2
    log = None
    if raised or linear is None or not _rules_log_out(linear):
        log = fit_scale(on_log_scale(values), "log", witnesses, way=way)
    best, doubts = _better_scale([a for a in (linear, log) if a], raised=raised)
    if change is None:
        doubts.append(Reason(code="offset-unread", message=f"the text {offset!r} at the axis' end could not be read"))
    return best, unit, doubts


def _rules_log_out(linear: Attempt) -> bool:
    """Whether a linear map takes all of several labels, and a logarithmic one of their values would cost far more.

    That bends them where they spread, so that it drops some, and is hardly ever drawn where they do not.
    """
    if len(linear.fit.chosen) < _FEWEST_EVEN or not linear.fit.used.all() or linear.cost > OUTLIER_COST:
        return False
    values = linear.candidates.u[linear.fit.chosen]
    positive = values[values > 0]
    spread = float(positive.max() / positive.min()) if len(positive) >= _FEWEST_EVEN - 1 else math.inf
    return not _STRAIGHT < spread < _BENT


def _count_powers(row: Sequence[TickLabel], read: Sequence[tuple[TickReading, ...]]) -> int:
    """How many labels are written as powers of ten."""
    return sum(
        bool(_ONE_E.fullmatch(normalise(label.word.text))) or any(is_power(r) and r.prior > 0.5 for r in told)
        for label, told in zip(row, read, strict=True)
    )


def _clean_but_dropped(attempt: Attempt, read: Sequence[tuple[TickReading, ...]], row: Sequence[TickLabel]) -> bool:
    """Whether a number scale drops over a third of labels that read as a clean rising or falling row of numbers."""
    if any(label.word.confidence < _CLEARLY_READ for label in row):
        return False
    if attempt.scale not in ("linear", "log") or np.mean(attempt.fit.used) >= 2 / 3:
        return False
    if not all(label and label[0].number is not None and label[0].prior == 1.0 for label in read):
        return False
    steps = np.diff([label[0].value for label in read])
    return bool(np.all(steps > 0) or np.all(steps < 0))


def _better_scale(attempts: list[Attempt], *, raised: bool) -> tuple[Attempt | None, list[Reason]]:
    """The number scale that fits best, and a doubt where the other fits as well."""
    sound = [attempt for attempt in attempts if attempt.accepted]
    if len(sound) < 2:
        return (sound[0] if sound else None), []
    cost = {a.scale: a.cost for a in sound}
    # Powers of ten are written as such on log axes.
    cost["linear"] += _POWERS_EVIDENCE if raised else 0.0
    linear = next(a for a in sound if a.scale == "linear")
    cost["linear"] += _ODD_STEP if keeps_odd_step(linear.candidates.u[linear.fit.chosen[linear.fit.used]]) else 0.0
    log = next(a for a in sound if a.scale == "log")
    if abs(cost["linear"] - cost["log"]) < STROKE_EVIDENCE:
        cost["log"] -= STROKE_EVIDENCE * log_stroke_evidence(log.fit, log.witnesses)
    sound.sort(key=lambda a: cost[a.scale])
    best, other = sound
    unsure = cost[other.scale] - cost[best.scale] < CLEAR_GAP and best.fit.used.sum() < 4
    if not unsure:
        return best, []
    return best, [Reason(code="scale-unsure", message="the tick labels fit a linear and a logarithmic scale alike")]


def _date_attempt(
    place: _Place,
    read: Sequence[tuple[TickReading, ...]],
    beneath: Sequence[TickLabel],
    offset: str,
) -> tuple[DatedLabels, Attempt | None]:
    parts = [tuple(r.date for r in label if r.date is not None) for label in read]
    near = [dates_beneath(label, beneath) for label in place.row]
    dated = to_moments(parts, near, dates(offset) if offset else ())
    if not _names_month(offset) and not any(_tells_more_than_a_number(p) for label in parts for p in label[:1]):
        return dated, None
    seconds = [Value(index=i, u=m.seconds, prior=m.prior) for i, label in enumerate(dated.moments) for m in label]
    witnesses = place.witnesses
    best = fit_scale(seconds, "date", witnesses, way=_REVERSED_DATES if place.horizontal else 0.0)
    # Labels in the middle of their month or year: the span begins at the stroke before them.
    starts = between_strokes(witnesses)
    if best is not None and starts is not None:
        moved = replace(witnesses, positions=starts, centers=starts, offset=0.0,
                        fine=np.full(len(starts), 0.5), on_stroke=np.ones(len(starts), dtype=bool))  # fmt: skip
        at_starts = fit_scale(seconds, "date", moved, way=_REVERSED_DATES if place.horizontal else 0.0)
        best = at_starts if at_starts is not None and at_starts.accepted else best
    if best is not None and dated.assumed == "no-date":
        best = _from_the_first_day(best, place)
    return dated, None if best is None else replace(best, assumed=dated.assumed)


def _from_the_first_day(attempt: Attempt, place: _Place) -> Attempt:
    """The attempt with its days counted from the first of which the axis shows the greater part.

    The first label may be the midnight at which that day ends.
    """
    box, fit, candidates = place.area.box, attempt.fit, attempt.candidates
    edges = np.array((box.left, box.right) if place.horizontal else (box.bottom, box.top))
    before = _DAY * min(round(float(((edges - fit.intercept) / fit.slope).min()) / _DAY), 0)
    return replace(
        attempt,
        candidates=replace(candidates, u=candidates.u - before),
        fit=replace(fit, intercept=fit.intercept + fit.slope * before),
    )


def _names_month(text: str) -> bool:
    return any(part.named_month for part in dates(text))


def _is_numbered(texts: Sequence[str]) -> bool:
    """Whether labels are names with a running number; a month before a day is none."""
    sure = (part for text in texts for part in dates(text) if part.prior >= _SURE)
    return is_enumeration(texts) and not any(part.named_month for part in sure)


def _tells_more_than_a_number(part: DateParts) -> bool:
    return sum(part.given) > 1 or part.given[1] or part.given[3] or part.weekday


def _category_axis(place: _Place, *, than: Attempt | None, certain: bool = False) -> Axis | None:
    """Evenly spaced names at positions 0, 1, 2 …, unless the map `than` fits better; `certain` that they are names."""
    row, w, horizontal = place.row, place.witnesses, place.horizontal
    order = np.argsort(w.positions if horizontal else -w.positions)
    places = w.positions[order]
    gaps = np.abs(np.diff(places))
    step = median(gaps) if len(gaps) else 0.0
    if step < w.height or np.any(np.rint(gaps / step) < 1):
        return None
    counts = np.rint(gaps / step)
    u = _unread_ahead(places, place) + np.r_[0.0, np.cumsum(counts)]
    u *= months_apart([row[i].word.text for i in order], counts.astype(int).tolist())
    values = [Value(index=int(i), u=float(v), prior=1.0) for i, v in zip(order, u, strict=True)]
    attempt = fit_scale(values, "category", w)
    if attempt is None or not attempt.fit.used.all():
        return None
    if than is not None and attempt.cost > than.cost + CLEAR_GAP:
        return None
    names = [""] * (round(float(u[-1])) + 1)
    for i, v in zip(order, u, strict=True):
        names[int(v)] = row[i].word.text
    doubts = []
    if "" in names:
        doubts.append(Reason(code="unnamed-categories", message="some categories have no label"))
    told = sum(reads_as_tick(label.word) or mostly_figures(label.word.text) for label in row)
    clean = all(reads_as_tick(label.word) for label in row) and len({label.word.text for label in row}) == len(row)
    if than is not None and attempt.cost > than.cost - CLEAR_GAP:
        doubts.append(Reason(code="ambiguous-label", message="the labels may be dates as well as names"))
    if told and not clean and not certain:
        message = "the labels are taken for names, though some are numbers or dates"
        doubts.append(Reason(code="ambiguous-label", message=message))
    axis = _to_axis(attempt, place, None, doubts)
    return axis and replace(axis, labels=tuple(names))


def _unread_ahead(places: FloatArray, place: _Place) -> int:
    """How many categories come before the first that has a label, at these places along the axis.

    An axis reaches as far beyond its first category as beyond its last.
    """
    box, steps = place.area.box, np.abs(np.diff(places))
    ends = (box.left, box.right) if place.horizontal else (box.bottom, box.top)
    ahead = (abs(places[0] - ends[0]) - abs(places[-1] - ends[1])) / median(steps)
    return max(round(ahead), 0) if abs(ahead - round(ahead)) <= _WHOLE_STEP else 0


def _to_axis(attempt: Attempt, place: _Place, unit: str | None, doubts: list[Reason]) -> Axis | None:
    fit, w = attempt.fit, attempt.witnesses
    box = place.area.box
    anchors = (box.left, box.right) if place.horizontal else (box.bottom, box.top)
    scaled = (np.array(anchors) - fit.intercept) / fit.slope
    if not np.all(np.isfinite(scaled)) or scaled[0] == scaled[1] or anchors[0] == anchors[1]:
        return None
    if attempt.scale == "log" and np.max(np.abs(scaled)) > 300:
        return None
    values = 10.0**scaled if attempt.scale == "log" else scaled
    used = fit.used
    u = attempt.candidates.u[fit.chosen[used]]
    residuals = _residuals(attempt)
    spread = covariance(u, w.fine[used], residuals, scaled)
    ticks = _ticks(attempt, place.row)
    doubts = [*doubts, *_doubts(attempt)]
    if attempt.scale == "log" and _lacks_decades(ticks):
        doubts.append(Reason(code="ambiguous-label", message="the tick labels do not tell their power of ten"))
    return Axis(
        scale=attempt.scale,
        pixels=(float(anchors[0]), float(anchors[1])),
        values=(float(values[0]), float(values[1])),
        residual_px=_rms(residuals, w.fine[used]),
        ticks=ticks,
        unit=unit,
        confidence=_confidence(attempt, residuals, doubts),
        covariance_px=((float(spread[0, 0]), float(spread[0, 1])), (float(spread[1, 0]), float(spread[1, 1]))),
        doubts=tuple(doubts),
    )


def _rms(residuals: FloatArray, sigma: FloatArray) -> float:
    """Root mean square with weights by precision, so that a label pushed aside at an axis' end hardly counts."""
    return float(np.sqrt(np.average(residuals**2, weights=sigma**-2)))


def _residuals(attempt: Attempt) -> FloatArray:
    """Distances of the used labels from the fit in pixels; what rounding of the label explains is no distance."""
    fit, w, used = attempt.fit, attempt.witnesses, attempt.fit.used
    plain = w.positions[used] - fit.at(attempt.candidates.u[fit.chosen[used]])
    slack = np.minimum(np.abs(fit.slope) * attempt.candidates.slack[fit.chosen[used]], attempt.candidates.most_slack_px)
    beyond = np.sign(plain) * np.maximum(np.abs(plain) - slack, 0.0)
    return np.asarray(np.where(np.abs(plain) > 2 * w.fine[used], beyond, plain))


def _ticks(attempt: Attempt, row: Sequence[TickLabel]) -> tuple[Tick, ...]:
    ticks = []
    for index, (label, chosen) in enumerate(zip(row, attempt.fit.chosen, strict=True)):
        value = None
        if chosen >= 0:
            u = float(attempt.candidates.u[chosen])
            value = float(f"{10.0**u:.12g}") if attempt.scale == "log" else u
        pixel = float(attempt.witnesses.positions[index])
        ticks.append(Tick(pixel=pixel, text=label.word.text, value=value, used=bool(chosen >= 0), box=label.word.box))
    return tuple(ticks)


def _lacks_decades(ticks: Sequence[Tick]) -> bool:
    """Whether single figures stand for their multiples of powers of ten, and no label of an axis tells which."""
    used = [tick for tick in ticks if tick.used and tick.value is not None]
    figures = [tick for tick in used if re.fullmatch("[2-9]", tick.text)]
    return len(figures) == len(used) and any(not math.isclose(float(t.text), t.value or 0.0) for t in figures)


def _doubts(attempt: Attempt) -> list[Reason]:
    fit, w = attempt.fit, attempt.witnesses
    used, count = int(fit.used.sum()), len(fit.chosen)
    read = int(np.sum(attempt.candidates.penalty[fit.chosen[fit.used]] < _GUESSED))
    found = []
    if read <= 2 and not attempt.settled:
        found.append(Reason(code="few-ticks", message=f"the axis rests on {read} tick labels"))
    if count - used > count / 3:
        found.append(Reason(code="dropped-labels", message=f"{count - used} of {count} tick labels do not fit"))
    # Without a year or a day the same map may begin at any.
    if attempt.assumed is None and attempt.lead < CLEAR_GAP:
        found.append(Reason(code="ambiguous-label", message="the tick labels can be read in two ways"))
    if attempt.scale != "category" and w.beside_strokes[fit.used].sum() > used / 3:
        found.append(Reason(code="mixed-witnesses", message="tick marks and tick labels disagree"))
    if attempt.assumed == "no-year":
        first = float(np.min(attempt.candidates.u[fit.chosen[fit.used]]))
        year = datetime.fromtimestamp(first, UTC).year
        found.append(Reason(code="no-year", message=f"the labels tell no year; dates count from {year}"))
    if attempt.assumed == "no-date":
        found.append(Reason(code="no-date", message="the labels tell no day; times count from 1970-01-01"))
    return found


def _confidence(attempt: Attempt, residuals: FloatArray, doubts: list[Reason]) -> float:
    fit, w = attempt.fit, attempt.witnesses
    used, count = int(fit.used.sum()), len(fit.chosen)
    by_count = 0.9 if attempt.settled and used < 4 else {2: 0.45, 3: 0.85, 4: 0.95}.get(used, 1.0)
    by_residual = math.exp(-((_rms(residuals, w.fine[fit.used]) / (0.35 * w.height)) ** 2))
    surprise = math.exp(-fit.cost / OUTLIER_COST / count)
    return float(by_count * by_residual * surprise * 0.8 ** len(doubts))
