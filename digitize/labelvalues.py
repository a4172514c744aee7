"""The values that the labels along one axis may have, seen together: rows, raised exponents, units."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitize.datetext import DateParts, dates
from digitize.medians import median
from digitize.model import FloatArray, TickLabel
from digitize.numbertext import normalise, numbers
from digitize.ticktext import TickReading

_DIGIT_BETWEEN_DECADES = 0.3
#: Fewest labels with noughts for decimals that tell that they are none.
_FEWEST_TENS = 3
#: Half a unit of the last figure of a label at the end of an axis may be this share of the step, where it is rounded.
_ROUNDED_END = 0.3
#: What it costs to be rounded: a label that is no multiple of the step is as likely as not, another one seldom.
_OFF_STEP, _AT_END = 1.0, 2.0
#: Priors of a label's having lost its sign, and of the sign's being a tick mark, where labels do not agree in it.
_LOST_SIGN, _MARK_FOR_SIGN = 0.25, 0.7
#: Prior of the lost sign of an exponent where those of others are lost, and how wide it is at least, in label heights.
_LOST_FROM_ALL, _SIGN_WIDTH = 0.9, 0.12
#: Priors of another exponent than the one that was read, and of one beside a ten with none; the largest of these.
_OTHER_EXPONENT, _NO_EXPONENT, _LARGEST_EXPONENT = 0.005, 0.06, 9


@dataclass(frozen=True, kw_only=True)
class Value:
    """A value that the label of this `index` may have: scaled (log10 on log axes), with its prior.

    `slack` is the half-width of its rounding, `digit` True for a single digit.
    """

    index: int
    u: float
    prior: float
    slack: float = 0.0
    digit: bool = False


def split_rows(labels: Sequence[TickLabel]) -> tuple[tuple[TickLabel, ...], tuple[TickLabel, ...]]:
    """The row of labels to fit and a row beneath (or above) it that gives their year, month or day."""
    if len(labels) < 2:
        return tuple(labels), ()
    middles = np.array([label.word.box.center[1] for label in labels])
    height = median([label.word.box.height for label in labels])
    order = np.argsort(middles)
    breaks = np.flatnonzero(np.diff(middles[order]) > 0.6 * height)
    if len(breaks) == 0:
        return tuple(labels), ()
    groups = [tuple(labels[i] for i in sorted(part)) for part in np.split(order, breaks + 1)]
    levels = [_row_level(group) for group in groups]
    if any(level is None for level in levels):
        return tuple(labels), ()
    finest = int(np.argmax(np.array(levels, dtype=float)))
    others = tuple(label for i, group in enumerate(groups) if i != finest for label in group)
    return (groups[finest], others) if len(set(levels)) > 1 else (tuple(labels), ())


def _row_level(row: Sequence[TickLabel]) -> int | None:
    """What most labels of a row tell: 0 the year, 1 the month, 2 the day, 3 the time; None where they are no dates."""
    told = [max(i for i, given in enumerate(parts[0].given) if given) for lb in row if (parts := dates(lb.word.text))]
    return Counter(told).most_common(1)[0][0] if 2 * len(told) > len(row) else None


def powers_together(read: Sequence[tuple[TickReading, ...]], texts: Sequence[str]) -> list[tuple[TickReading, ...]]:
    """Where one label is a power of ten for certain, what else can be read as one is likely to be one.

    Raised exponents are small: where all labels but one are powers, another figure or none at all may have been seen.
    """
    certain = [any(is_power(r) and r.prior > 0.5 for r in label) for label in read]
    if not any(certain):
        return list(read)
    return [
        _with_other_exponents(tuple(_as_power(r, label) for r in label), text)
        for label, text in zip(read, texts, strict=True)
    ]


def exponent_signs_together(
    read: Sequence[tuple[TickReading, ...]], labels: Sequence[TickLabel], *, horizontal: bool
) -> list[tuple[TickReading, ...]]:
    """Where powers of ten would fall along an axis, the signs of their exponents are lost if there is room for them.

    A minus makes a label wider than that of 10^0; and where it was read in one label, the others have it too. Values
    that grow to the left or downward have labels as wide as that.
    """
    found = [re.fullmatch(r"10\^?(-?)([0-9])", normalise(label.word.text)) for label in labels]
    exponents = [int(match[2]) for match in found if match]
    falls = np.diff(exponents) < 0 if horizontal else np.diff(exponents) > 0
    lost = [match is not None and not match[1] and match[2] != "0" for match in found]
    if len(exponents) < 2 or not falls.all() or not any(lost):
        return list(read)
    width, height = (np.array([getattr(label.word.box, side) for label in labels]) for side in ("width", "height"))
    bare = [bool(match and match[2] == "0") for match in found]
    room = any(bare) and median(width[lost]) - width[bare].max() > _SIGN_WIDTH * median(height)
    if not room and not any(match and match[1] for match in found):
        return list(read)
    return [
        tuple(_with_lost_sign(r, int(match[2])) for r in label) if match and gone else label
        for label, match, gone in zip(read, found, lost, strict=True)
    ]


def _with_lost_sign(reading: TickReading, exponent: int) -> TickReading:
    """A reading of a power of ten whose exponent's sign was lost for all that the others tell."""
    if not is_power(reading) or reading.value <= 0:
        return reading
    own = round(math.log10(reading.value), 6)
    prior = _LOST_FROM_ALL if own == -exponent else 1 - _LOST_FROM_ALL if own == exponent else reading.prior
    return replace(reading, prior=prior)


def _as_power(reading: TickReading, label: Sequence[TickReading]) -> TickReading:
    """A reading of a label beside powers: likelier where it is one, less so where it could have been one."""
    if is_power(reading):
        return replace(reading, prior=max(reading.prior, 0.8)) if reading.prior >= 0.2 else reading
    could = any(is_power(other) and other.prior >= 0.2 for other in label)
    return replace(reading, prior=0.2 * reading.prior) if could else reading


def _with_other_exponents(label: tuple[TickReading, ...], text: str) -> tuple[TickReading, ...]:
    """The label with the powers of ten that it may be, had its exponent been misread or not been seen."""
    match = re.fullmatch(r"10(?:(?P<exponent>\^-?[0-9])|[^\w.,^]{0,2})", normalise(text))
    if not match:
        return label
    label = label if match["exponent"] else tuple(r for r in label if is_power(r))
    known = {r.value for r in label}
    others: list[TickReading] = []
    for exponent in range(-_LARGEST_EXPONENT, _LARGEST_EXPONENT + 1):
        prior = _OTHER_EXPONENT if match["exponent"] else _NO_EXPONENT * math.exp(-abs(exponent) / 4)
        power = numbers(f"10^{exponent}")[0]
        if power.value not in known:
            others.append(TickReading(value=power.value, prior=prior, number=power))
    return (*label, *others)


def commas_together(read: Sequence[tuple[TickReading, ...]], texts: Sequence[str]) -> list[tuple[TickReading, ...]]:
    """Where the labels show that the comma is their decimal point, it is so in the labels that leave it open.

    A text that begins with its comma has lost what stood before it.
    """
    decisive = 0
    for label, text in zip(read, texts, strict=True):
        if text.lstrip("-+ ").startswith(","):
            continue
        commas = {r.number.comma for r in label if r.number is not None and r.prior > 0.04}
        if "point" in commas and "thousands" not in commas and label[0].number is not None:
            # "0,500" can be nothing else; "30,00" may be "30,000" misread.
            decisive += 2 if abs(label[0].value) < 1 else 1
    if decisive < 2:
        return list(read)
    return [tuple(_with_comma_as_point(r) for r in label) for label in read]


def _with_comma_as_point(reading: TickReading) -> TickReading:
    if reading.number is None or reading.number.comma is None or reading.prior < 0.04:
        return reading
    if reading.number.comma == "point" and reading.value == reading.number.value:
        return replace(reading, prior=max(reading.prior, 0.8))
    return replace(reading, prior=0.2 * reading.prior)


def thousands_together(read: Sequence[tuple[TickReading, ...]], texts: Sequence[str]) -> list[tuple[TickReading, ...]]:
    """Where the labels show that a point before three digits parts thousands, it does so in all of them.

    They do where others of them have a comma in its place, which small text blurs into a point, and where they end in
    three noughts beside a bare nought, which would have decimals too. Nobody writes so many decimals to tens, either,
    when none of them, but for the ends of the axis, is anything but a nought.
    """
    grouped = [re.fullmatch(r"-?([1-9][0-9]{0,2})([.,])([0-9]{3})", normalise(text)) for text in texts]
    marks = [match[2] for match in grouped if match]
    bare = any(text.strip() == "0" for text in texts)
    tens = [match for match in (grouped if bare else grouped[1:-1]) if match]
    round_ones = all(match[3] == "000" for match in tens)
    round_ones &= bare or (len(tens) >= _FEWEST_TENS and all(len(match[1]) > 1 for match in tens))
    if len(marks) < 2 or "." not in marks or not ("," in marks or round_ones):
        return list(read)
    return [
        tuple(replace(r, prior=max(r.prior, 0.9) if abs(r.value) >= 1000 else 0.1 * r.prior) for r in label)
        if match
        else label
        for label, match in zip(read, grouped, strict=True)
    ]


def signs_together(read: Sequence[tuple[TickReading, ...]], *, after_marks: bool) -> list[tuple[TickReading, ...]]:
    """Where signs change along an axis other than at its nought, others are lost, or are tick marks.

    `read` are the readings of labels in the order in which they stand; `after_marks` where these begin beside their
    tick marks.
    """
    values = np.array([next((r.value for r in label if r.number is not None), 0.0) for label in read])
    own = np.flatnonzero(values)
    changes = np.flatnonzero(np.diff(np.sign(values[own])))
    if len(changes) == 0:
        return list(read)
    smallest = int(np.argmin(np.abs(values[own])))
    if len(changes) == 1 and smallest in (changes[0], changes[0] + 1):
        return list(read)
    other = {-1.0: _MARK_FOR_SIGN if after_marks else 0.0, 0.0: 0.0, 1.0: _LOST_SIGN}
    return [
        tuple(replace(r, prior=max(r.prior, other[sign])) if r.number and r.value == -value else r for r in label)
        for label, value, sign in zip(read, values, np.sign(values).tolist(), strict=True)
    ]


def times_together(read: Sequence[tuple[TickReading, ...]], texts: Sequence[str]) -> list[tuple[TickReading, ...]]:
    """Where most labels are times of the day, four figures alone may be one that lost its colon."""
    timed = [re.search("[0-9]:[0-9]{2}", text) is not None for text in texts]
    if 2 * sum(timed) <= len(texts):
        return list(read)
    times = [re.fullmatch("([01][0-9]|2[0-3])([0-5][0-9])", text.strip()) for text in texts]
    return [
        (*label, TickReading(value=math.nan, prior=0.5, date=DateParts(hour=int(time[1]), minute=int(time[2]))))
        if time
        else label
        for label, time in zip(read, times, strict=True)
    ]


def are_alike(texts: Sequence[str]) -> bool:
    """Whether more than two labels all say the same: marks at strokes that were read as figures.

    Of a pair one may have lost its sign.
    """
    return len(texts) > 2 and len(set(texts)) == 1


def mostly_figures(text: str) -> bool:
    """Whether a text holds more figures than letters."""
    return sum(c.isdigit() for c in text) > sum(c.isalpha() for c in text)


def is_power(reading: TickReading) -> bool:
    """Whether a reading is a base with a raised exponent."""
    return reading.number is not None and reading.number.raised


def numbers_in_one_unit(read: Sequence[tuple[TickReading, ...]]) -> tuple[list[Value], str | None]:
    """The numbers that labels may mean, and the unit that they share.

    Labels in different multiples of one unit ("500 ms", "1 s") are brought to that unit; labels that all say the
    same keep what they say.
    """
    likely = [label[0].number for label in read if label and label[0].number is not None]
    scaled = {n.unit for n in likely if n.base_unit is not None and n.value != 0}
    bases = Counter(n.base_unit for n in likely if n.base_unit is not None)
    common = bases.most_common(1)[0][0] if len(scaled) > 1 else None
    units = Counter(n.unit for n in likely if n.unit is not None and n.value != 0)
    unit = common or (units.most_common(1)[0][0] if units else None)
    found = []
    for index, label in enumerate(read):
        for reading in label:
            if (number := reading.number) is not None:
                factor = number.factor if common is not None and number.base_unit == common else 1.0
                found.append(
                    Value(index=index, u=reading.value * factor, prior=reading.prior, slack=number.slack * factor,
                          digit=number.digit)
                )  # fmt: skip
    return found, unit


def changed(values: Sequence[Value], factor: float, summand: float) -> list[Value]:
    """The values with what stands at the axis' end multiplied in and added."""
    return [replace(v, u=v.u * factor + summand, slack=v.slack * abs(factor)) for v in values]


def on_log_scale(values: Sequence[Value]) -> list[Value]:
    """The logarithms of positive values; single digits also as their multiples of the decades around.

    Minor ticks of log axes are labelled with a digit alone.
    """
    scaled = [replace(v, u=math.log10(v.u), slack=v.slack / v.u / math.log(10)) for v in values if v.u > 0]
    first = {v.index: v for v in sorted(scaled, key=lambda v: v.prior)}
    whole = [v.u for v in first.values() if not v.digit] or [0.0]
    if max(whole) - min(whole) > 40:
        return scaled
    decades = range(min(math.floor(min(whole)), 0) - 2, max(math.ceil(max(whole)), 0) + 2)
    # A one is the decade itself and is written out.
    digits = [replace(v, prior=_DIGIT_BETWEEN_DECADES, slack=0.0) for v in first.values() if v.digit and v.u > 0]
    return scaled + [replace(v, u=v.u + k) for v in digits for k in decades if k != 0]


def keeps_odd_step(values: FloatArray) -> bool:
    """Whether a pair of labels stands a nine (90, 0.99 …) apart, as powers of ten do and multiples of a step do not."""
    if len(values) != 2:
        return False
    step = abs(float(values[1] - values[0]))
    mantissa = step / 10.0 ** math.floor(math.log10(step))
    return mantissa >= 9.0 - 1e-6


def loose_ends(values: Sequence[Value], at_ends: NDArray[np.bool_], places: FloatArray, least_px: float) -> FloatArray:
    """What it costs values (m,) to be rounded at the end of an axis though the inner labels are not, or infinity.

    Where an axis ends at any place, that place may be labelled too, and its label is rounded like the others. It is
    told by its being no multiple of the step that the inner ones keep, or may be so where the label stands at an end
    of the plot area (`at_ends`, a label) and is rounded to a share of that step, but no less than some pixels.

    Parameters
    ----------
    values : what the labels may say.
    at_ends, places : for each label whether it stands at an end, and where, in pixels.
    least_px : rounding moves a label by no less than this.
    """
    likeliest = {v.index: v for v in sorted(values, key=lambda v: v.prior)}
    order = sorted(likeliest)
    steps = np.diff([likeliest[index].u for index in order[1:-1]])
    costs: dict[int, float] = {}
    if len(steps) and steps[0] != 0 and np.ptp(steps) <= 1e-6 * abs(steps[0]):
        step_px = abs(places[order[-2]] - places[order[1]]) / len(steps)
        for index in (order[0], order[-1]):
            by = (likeliest[index].u - likeliest[order[1]].u) / steps[0]
            share = likeliest[index].slack / abs(steps[0])
            if len(steps) >= 2 and abs(by - round(by)) > 0.01:
                costs[index] = _OFF_STEP
            elif at_ends[index] and share <= _ROUNDED_END and share * step_px >= least_px:
                costs[index] = _AT_END
    return np.array([costs.get(v.index, math.inf) for v in values])


def dates_beneath(label: TickLabel, beneath: Sequence[TickLabel]) -> tuple[DateParts, ...]:
    """The likeliest date on another row nearest to a label."""
    if not beneath:
        return ()
    return dates(min(beneath, key=lambda other: abs(other.center_px - label.center_px)).word.text)[:1]
