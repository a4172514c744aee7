"""What a claim is held against: values of a curve where it speaks of them, and how far it may be off.

The tolerance of a value is the reading's own error there, plus what the claim leaves open: half a unit of its last
digit, plus what a human eye reads between two labelled ticks, 1 % of the axis as it is drawn (2 % where the claim says
"about"). Half a digit counts up to 5 % of the axis: a claim that holds by more of it alone is too vague to be decided,
and a whole number on an axis of small fractions is meant as it stands. A tolerance given by the user, or with the
claim, takes the place of what the claim leaves open.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

import numpy as np

from digitize.claims.match import NoMatchError, spelt_alike
from digitize.claims.numbers import year_span
from digitize.claims.records import Claim, Measured, Number
from digitize.errors import UsageError
from digitize.model import Axis, FloatArray, Panel, Series
from digitize.outputs.curves import Curve, read_at, read_curve, span_share, to_scaled
from digitize.outputs.wording import axis_ends, x_text

EYE = 0.01  # of the axis as drawn
EYE_ABOUT = 0.02
COARSE = 0.05  # of the axis as drawn: what half a digit may mean at most


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What a user allows claims to be off besides the reading's error: in units of y, or as a share of the axis."""

    absolute: float | None = None
    share: float | None = None

    @staticmethod
    def parse(text: str) -> Allowance:
        """``0.01`` in units of y, ``2%`` of the axis as drawn.

        Raises
        ------
        UsageError
            The text is neither.
        """
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(%?)\s*", text)
        if not found:
            raise UsageError(f"tolerance {text!r} is neither a number such as 0.01 nor a share such as 2%")
        value = float(found[1])
        return Allowance(share=value / 100) if found[2] else Allowance(absolute=value)


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A series of a panel that claims are held against."""

    panel: Panel
    series: Series
    allowance: Allowance

    @property
    def curve(self) -> Curve:
        return read_curve(self.panel, self.series)

    @property
    def y_axis(self) -> Axis:
        axis = self.panel.y_axis_of(self.series)
        if axis is None:
            raise NoMatchError("the chart's y axis could not be read")
        return axis

    @property
    def x_axis(self) -> Axis:
        if self.panel.x_axis is None:
            raise NoMatchError("the chart's x axis could not be read")
        return self.panel.x_axis

    def y_number(self, number: Number) -> Number:
        """A claimed value in the units of the y axis: per cent become shares where the axis shows shares."""
        axis = self.y_axis
        ends = axis_ends(axis, self.panel.box, "y")
        if number.percent and axis.unit != "%" and max(map(abs, ends)) <= 2:
            return replace(number, value=number.value / 100, precision=number.precision / 100)
        return number

    def y_tolerance(self, number: Number | None, error: float, claim: Claim, at: float) -> float:
        """How far a claimed value may lie from a measured one `at` some value."""
        if claim.tolerance is not None:
            return error + claim.tolerance
        if self.allowance.absolute is not None:
            return error + self.allowance.absolute
        height = self.panel.box.height
        if self.allowance.share is not None:
            return error + span_share(self.y_axis, height, at, self.allowance.share)
        eye = span_share(self.y_axis, height, at, EYE_ABOUT if number is not None and number.about else EYE)
        coarse = span_share(self.y_axis, height, at, COARSE)
        return error + eye + (min(number.precision, coarse) if number is not None else 0.0)

    def x_tolerance(self, number: Number | None, at: float) -> float:
        """How far a claimed place may lie from a measured one."""
        axis = self.x_axis
        share = EYE_ABOUT if number is not None and number.about else EYE
        eye = span_share(axis, self.panel.box.width, at, share)
        return eye + self.x_error(at) + (number.precision if number is not None and not number.time else 0.0)

    def measure_place(self, name: str, start: Number, stop: Number, near: FloatArray) -> Measured:
        """A claimed place, or a stretch that something is said to lie in, against the x (n,) where it is."""
        low, high = self.to_x(start, anywhere=True)[0], self.to_x(stop, anywhere=True)[1]
        claimed = replace(start, value=(low + high) / 2)
        first, last = float(near.min()), float(near.max())
        tolerance = max(self.x_tolerance(start, at) for at in (claimed.value, first, last)) + (high - low) / 2
        off = np.abs(near - claimed.value)
        if float(off.min()) > tolerance:
            first = last = float(near[off.argmin()])
        return Measured(name, claimed, first, last, 0.0, tolerance)

    def x_error(self, at: float) -> float:
        """Half a pixel and the error of the x axis, in its units."""
        axis = self.x_axis
        pixel = axis.to_pixel(np.array(at))
        half = 0.5 + 1.96 * float(axis.pixel_error(pixel))
        return float(np.abs(axis.to_value(pixel + np.array([-half, half])) - at).max())

    def x_stretch(self, start: Number | None, stop: Number | None) -> tuple[float, float]:
        """The values of x that a claim speaks of, the ends of the curve where it names none.

        Raises
        ------
        NoMatchError
            A place that is not on the axis.
        """
        curve = self.curve
        if not len(curve):
            raise NoMatchError("the series has no points")
        first, last = float(curve.x[0]), float(curve.x[-1])
        low = float(np.clip(first, *self.to_x(start))) if start is not None else first
        high = float(np.clip(last, *self.to_x(stop))) if stop is not None else last
        return (low, high) if low <= high else (high, low)

    def to_x(self, number: Number, *, anywhere: bool = False) -> tuple[float, float]:
        """The values of the x axis that a place names: equal but for days, months and years.

        A place may lie `anywhere` where it is itself what is measured.

        Raises
        ------
        NoMatchError
            A category that is not there, or a place beyond the ends of the axis.
        """
        axis, curve = self.x_axis, self.curve
        if len(curve) and (number.from_end or math.isinf(number.value)):
            at = float(np.clip(number.value, curve.x[0], curve.x[-1]))
            return (at, at) if math.isinf(number.value) else (float(curve.x[-1]) - number.value,) * 2
        low, high = _x_interval(axis, number)
        if anywhere:
            return low, high
        drawn = curve.x[[0, -1]] if len(curve) else ()
        ends = [*axis_ends(axis, self.panel.box, "x"), *map(float, drawn)]
        first, last = min(ends), max(ends)
        slack = [span_share(axis, self.panel.box.width, end, EYE) for end in (first, last)]
        if axis.scale != "category" and (high < first - slack[0] or low > last + slack[1]):
            span = f"{x_text(self.panel, first)} to {x_text(self.panel, last)}"
            raise NoMatchError(f"x = {number.text} lies outside the axis, which runs from {span}")
        return low, high

    def values(self, low: float, high: float, *, loose: float = 0.0) -> Curve:
        """The curve from one x to another; at a place, its nearest point as near as an eye can tell.

        Raises
        ------
        NoMatchError
            The curve is not drawn there.
        """
        curve = self.curve
        part = curve.within(low - loose, high + loose)
        if len(part):
            return part
        middle = (low + high) / 2
        nearest = int(np.abs(curve.x - middle).argmin()) if len(curve) else -1
        if nearest < 0 or abs(float(curve.x[nearest]) - middle) > self.x_tolerance(None, middle):
            raise NoMatchError(f"the curve is not drawn at x = {x_text(self.panel, middle)}")
        at = float(curve.x[nearest])
        return curve.within(at, at)

    def at_place(self, start: Number, stop: Number) -> Curve:
        """The curve where a claim says it has a value: a place give or take its error, more where it says "about"."""
        low, high = self.to_x(start)[0], self.to_x(stop)[1]
        loose = self.x_tolerance(start, low) if start.about else self.x_error(low)
        exact = read_at(self.panel, self.series, np.array([low, high]))
        known = np.isfinite(exact.y)
        try:
            part = self.values(low, high, loose=loose)
        except NoMatchError:
            if not known.any():
                raise
            part = self.curve.within(math.inf)
        y, y_err = (np.concatenate([a, b[known]]) for a, b in ((part.y, exact.y), (part.y_err, exact.y_err)))
        x = np.concatenate([part.x, exact.x[known]])
        return Curve(x=x, y=y, y_err=y_err, scaled=to_scaled(self.y_axis, y))

    def measure(self, name: str, number: Number, low: float, high: float, error: float, claim: Claim) -> Measured:
        """A claimed value of y against what was measured."""
        number = self.y_number(number)
        nearest = min(max(number.value, low), high)
        given = claim.tolerance is not None or self.allowance != Allowance()
        coarse = span_share(self.y_axis, self.panel.box.height, nearest, COARSE)
        vague = 0.0 if given or "." not in number.text else max(number.precision - coarse, 0.0)
        return Measured(name, number, low, high, error, self.y_tolerance(number, error, claim, nearest), vague)

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        """Where a value is drawn."""
        return float(self.x_axis.to_pixel(np.array(x))), float(self.y_axis.to_pixel(np.array(y)))


def _x_interval(axis: Axis, number: Number) -> tuple[float, float]:
    if number.name is not None:
        labels = axis.labels or ()
        index = next((k for k, label in enumerate(labels) if spelt_alike(label, number.name or "")), None)
        if index is None:
            raise NoMatchError(f"x = {number.name} is not on the x axis")
        return float(index), float(index)
    if number.time:
        return number.value, number.value + 2 * number.precision
    if axis.scale == "date" and 1000 <= number.value < 3000 and number.value == int(number.value):
        return year_span(number)
    if axis.scale == "category" and axis.labels and number.text in axis.labels:
        return float(axis.labels.index(number.text)), float(axis.labels.index(number.text))
    return number.value, number.value
