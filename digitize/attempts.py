"""One way to read an axis: a scale, the values that its labels may have, and the best map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from digitize.axisfit import Candidates, LineFit, predicted, refine, search
from digitize.labelvalues import Value, loose_ends
from digitize.medians import median
from digitize.model import FloatArray, Scale
from digitize.witnesses import Witnesses, log_stroke_evidence, snapped, without_strokes

_LOG_PRIOR = 2 * math.log(2)
_NARROW_LOG = 12.0
_NARROW = math.log10(1.5)
#: By how much a map that is clearly better costs less than the next one.
CLEAR_GAP = 4.0
#: What it costs a map that a stroke stands at a label by chance.
_CHANCE_STROKE = 6.0
#: Labels at the ends of an axis are not taken for rounded by less, in text heights.
_LEAST_ROUNDING = 0.2
#: Fewest labels at strokes that tell that one at an end is not at the frame, and by how many standard errors.
_FEWEST_TO_TELL, _BESIDE_FRAME = 4, 2.5
#: Labels stand exactly on a map within this, lie off their ticks unlike each other from this on, and a lone one has a
#: stroke beside it by chance from this on, in text heights.
_EXACT, _UNLIKE, _CHANCE = 0.06, 0.15, 0.25
#: Labels tell how far they stray where so many are more than the two that a map takes; they stray so far at least.
_FEWEST_FREE, _LEAST_STRAY = 3, 0.3
#: What strokes at the multiples of powers of ten are worth.
STROKE_EVIDENCE = 16.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Attempt:
    """One way to read an axis: a scale, the values that its labels may have, and the best map.

    `lead` is by how much the next best map of the same scale costs more; `settled` is True where unlabelled strokes
    stand where the map has them; `assumed` names what the labels do not tell (a year, a day).
    """

    scale: Scale
    candidates: Candidates
    fit: LineFit
    witnesses: Witnesses
    lead: float = math.inf
    settled: bool = False
    assumed: str | None = None

    @property
    def cost(self) -> float:
        """The cost of the fit and of its scale: log axes are rarer, and the rarer the narrower their range is.

        Over a range of some hundredths both scales give one map, and chance tells which fits better.
        """
        if self.scale != "log":
            return self.fit.cost
        reach = float(np.ptp(self.candidates.u[self.fit.chosen[self.fit.used]]))
        narrow = _NARROW_LOG * _NARROW / max(reach, 1e-9) if reach < _NARROW else 0.0
        return self.fit.cost + _LOG_PRIOR + narrow

    @property
    def accepted(self) -> bool:
        """Whether enough labels agree for the map to be more than chance."""
        used, labels = int(self.fit.used.sum()), len(self.fit.chosen)
        return used >= 2 if labels <= 3 else used >= max(3, labels / 2)


def fit_scale(values: Sequence[Value], scale: Scale, witnesses: Witnesses, *, way: float = 0.0) -> Attempt | None:
    """The best map of one scale; None where no two labels have values.

    The strokes beside labels that do not fit there are chance, and so may those be that stand beside a few labels only.

    Parameters
    ----------
    values : what each label may say, scaled.
    scale : the scale that `values` are on.
    witnesses : where the labels stand, in pixels.
    way : what it costs the map if values do not grow along the pixels, or, where negative, if they do.
    """
    best = _attempt_at(values, scale, witnesses, way)
    if best is None or not witnesses.on_stroke.any():
        return best
    turned_away = witnesses.on_stroke & ~best.fit.used
    if turned_away.any():
        free = _attempt_at(values, scale, without_strokes(witnesses, turned_away), way)
        best = _more_fitting(best, free and _dearer(free, _CHANCE_STROKE * int(turned_away.sum())))
    if 2 * np.count_nonzero(witnesses.on_stroke) > len(witnesses.centers):
        return best
    bare = replace(without_strokes(witnesses, witnesses.on_stroke), strokes=witnesses.strokes[:0])
    freed = _attempt_at(values, scale, bare, way)
    # A lone stroke beside a label may be the frame as well.
    if freed is None or np.count_nonzero(witnesses.on_stroke) < 2:
        return _more_fitting(best, freed, CLEAR_GAP / 2)
    return _more_fitting(best, freed, CLEAR_GAP * _stray(freed) ** 2)


def _stray(attempt: Attempt) -> float:
    """How far labels lie from their map, in standard errors: 1 at most, or where too few of them tell."""
    used, w = attempt.fit.used, attempt.witnesses
    freedom = int(used.sum()) - 2
    if freedom < _FEWEST_FREE:
        return 1.0
    apart = w.positions[used] - attempt.fit.at(attempt.candidates.u[attempt.fit.chosen[used]])
    return float(np.clip(np.sqrt(np.sum((apart / w.fine[used]) ** 2) / freedom), _LEAST_STRAY, 1.0))


def _dearer(attempt: Attempt, by: float) -> Attempt:
    return replace(attempt, fit=replace(attempt.fit, cost=attempt.fit.cost + by))


def _more_fitting(attempt: Attempt, other: Attempt | None, margin: float = math.inf) -> Attempt:
    """The other attempt where it uses more labels, or as many and costs less by a margin."""
    if other is None:
        return attempt
    more = int(other.fit.used.sum()) - int(attempt.fit.used.sum())
    return other if more > 0 or (more == 0 and other.fit.cost < attempt.fit.cost - margin) else attempt


def _attempt_at(values: Sequence[Value], scale: Scale, witnesses: Witnesses, way: float) -> Attempt | None:
    """The best map of one scale to the labels where the witnesses have them; see `fit_scale`."""
    rows = sorted((v for v in values if math.isfinite(v.u) and v.prior > 1e-3), key=lambda v: v.index)
    if len({v.index for v in rows}) < 2:
        return None
    candidates = Candidates(
        label=np.array([v.index for v in rows]),
        u=np.array([v.u for v in rows]),
        penalty=-2 * np.log([v.prior for v in rows]),
        slack=np.array([v.slack for v in rows]),
        most_slack_px=_most_slack(rows, witnesses),
        loose=_loose(rows, witnesses) if scale == "linear" else np.full(len(rows), math.inf),
    )
    found = search(candidates, witnesses.positions, witnesses.coarse, witnesses.fine)
    if not found:
        return None
    support = [max(log_stroke_evidence(fit, witnesses), 0.0) if scale == "log" else 0.0 for fit in found]
    against = [abs(way) if fit.slope * way < 0 else 0.0 for fit in found]
    weighed = [
        fit.cost - STROKE_EVIDENCE * share + cost for fit, share, cost in zip(found, support, against, strict=True)
    ]
    best = int(np.argmin(weighed))
    others = zip(found, weighed, strict=True)
    gaps = [cost - weighed[best] for fit, cost in others if _differs(fit, found[best], witnesses)]
    attempt = Attempt(
        scale=scale, candidates=candidates, fit=found[best], witnesses=witnesses, lead=min(gaps, default=math.inf),
        settled=support[best] > 0.8,
    )  # fmt: skip
    return _on_strokes(attempt)


def _loose(values: Sequence[Value], witnesses: Witnesses) -> FloatArray:
    w = witnesses
    return loose_ends(values, w.at_ends, w.positions, _LEAST_ROUNDING * w.height)


def _most_slack(values: Sequence[Value], witnesses: Witnesses) -> float:
    """How far rounding may move a label: a small share of the labels' distance, or any where two labels read alike."""
    likeliest = {v.index: v.u for v in sorted(values, key=lambda v: v.prior)}
    if len(set(likeliest.values())) < len(likeliest):
        return math.inf
    return 0.15 * median(np.diff(np.sort(witnesses.positions)))


def _on_strokes(attempt: Attempt) -> Attempt:
    """The attempt with its labels at the strokes that its own map leads to."""
    for _ in range(2):
        fit, w = attempt.fit, attempt.witnesses
        u = attempt.candidates.u[np.maximum(fit.chosen, 0)]
        moved = snapped(w, np.where(fit.used, fit.at(u), w.centers + w.offset))
        again = refine(attempt.candidates, moved.positions, moved.fine, fit)
        if again is None or again.used.sum() < fit.used.sum():
            break
        attempt = replace(attempt, witnesses=moved, fit=replace(again, cost=min(again.cost, fit.cost)))
    return _off_frame(attempt)


def _off_frame(attempt: Attempt) -> Attempt:
    """The attempt with labels at an end where they stand themselves, if the others have their ticks beside the frame.

    A tick that lies a pixel or two inside the plot area is hidden by the frame, which runs on there.
    """
    fit, w = attempt.fit, attempt.witnesses
    beside = _told_by_strokes(attempt) | _told_by_centers(attempt)
    if not beside.any():
        return attempt
    moved = without_strokes(w, beside)
    # Once more from there: the first time labels that the frame drew away are taken for rounded.
    first = refine(attempt.candidates, moved.positions, moved.fine, fit)
    again = first and refine(attempt.candidates, moved.positions, moved.fine, first)
    if again is None or again.used.sum() < fit.used.sum():
        return attempt
    return replace(attempt, witnesses=moved, fit=replace(again, cost=min(again.cost, fit.cost)))


def _told_by_strokes(attempt: Attempt) -> NDArray[np.bool_]:
    """Which labels at an end (n,) are off the stroke there by what enough others at strokes tell."""
    fit, w = attempt.fit, attempt.witnesses
    u = attempt.candidates.u[np.maximum(fit.chosen, 0)]
    beside = np.zeros(len(u), dtype=bool)
    if np.count_nonzero(fit.used & w.on_stroke) < _FEWEST_TO_TELL:
        return beside
    for index in np.flatnonzero(fit.used & w.on_stroke & w.at_ends):
        others = fit.used & (np.arange(len(u)) != index)
        told, error = predicted(u[others], w.positions[others], w.fine[others], float(u[index]))
        beside[index] = abs(w.positions[index] - told) > _BESIDE_FRAME * math.hypot(error, float(w.fine[index]))
    return beside


def _told_by_centers(attempt: Attempt) -> NDArray[np.bool_]:
    """Which labels (n,) stand off the stroke beside them, where all of them stand exactly where a map has them.

    Labels of one axis lie off their ticks alike: by what those do that are at strokes within, or not at all. The frame
    is sooner beside a tick than another stroke is.
    """
    fit, w = attempt.fit, attempt.witnesses
    used = np.flatnonzero(fit.used)
    beside = np.zeros(len(fit.chosen), dtype=bool)
    if len(used) < 2:
        return beside
    u, centers = attempt.candidates.u[fit.chosen[used]], w.centers[used]
    stray = centers - np.polyval(np.polyfit(u - u.mean(), centers, 1), u - u.mean())
    off = w.positions[used] - centers
    own = w.on_stroke[used] & ~w.pushed[used]
    inner = own & ~w.at_ends[used]
    # Any map passes through a pair.
    if (len(used) < _FEWEST_FREE and not inner.any()) or np.abs(stray).max() > _EXACT * w.height:
        return beside
    usual = median(off[inner]) if inner.any() else w.offset
    beside[used] = own & w.at_ends[used] & (np.abs(off - usual) > _UNLIKE * w.height)
    if np.count_nonzero(inner) == 1 and len(used) >= _FEWEST_FREE:
        beside[used] |= inner & (np.abs(off - w.offset) > _CHANCE * w.height)
    return beside


def _differs(fit: LineFit, other: LineFit, witnesses: Witnesses) -> bool:
    """Whether two maps of one scale give the outermost labels values that differ by more than their positions err."""
    ends = np.array([witnesses.positions.min(), witnesses.positions.max()])
    u = (ends - fit.intercept) / fit.slope
    return bool(np.max(np.abs(other.at(u) - ends)) > max(0.01 * np.ptp(ends), 2 * witnesses.height * 0.25))
