"""Numbers as they are written: to the digits that their errors leave, so that every output agrees."""

from __future__ import annotations

import math

import numpy as np

from digitize.model import FloatArray, Points, Scale, to_iso

SPARE_DIGITS = 2  # a value is written to a hundredth of its error's leading digit, where rounding no longer matters
DAY = 86_400.0  # seconds
EXACT_DIGITS = 10  # significant digits where no error is known


def round_errors(errors: FloatArray) -> FloatArray:
    """Errors to three significant digits; NaN stays NaN. Shape (n,) in and out."""
    return _to_decimals(errors, 2 - _exponents(errors))


def round_values(values: FloatArray, errors: FloatArray) -> FloatArray:
    """Values to the digits that matter beside their rounded `errors`. Shapes (n,)."""
    by_error = SPARE_DIGITS - _exponents(errors)
    by_value = EXACT_DIGITS - 1 - _exponents(values)
    known = np.isfinite(errors) & (errors > 0)
    return _to_decimals(values, np.where(known, np.minimum(by_error, 16 - _exponents(values)), by_value))


def round_points(points: Points) -> Points:
    """Points as every output writes them. Rounding twice changes nothing."""
    x_err, y_err = round_errors(points.x_err), round_errors(points.y_err)
    return Points(x=round_values(points.x, x_err), y=round_values(points.y, y_err), x_err=x_err, y_err=y_err)


def with_rounded_errors(points: Points) -> Points:
    """Points with their values in full and their errors to three significant digits."""
    return Points(x=points.x, y=points.y, x_err=round_errors(points.x_err), y_err=round_errors(points.y_err))


def _exponents(values: FloatArray) -> FloatArray:
    """The power of ten of each value's leading digit, 0 where it has none."""
    size = np.abs(values)
    known = np.isfinite(size) & (size > 0)
    exponents = np.floor(np.log10(np.where(known, size, 1.0)))
    return np.asarray(np.clip(exponents, -280, 300))


def _to_decimals(values: FloatArray, decimals: FloatArray) -> FloatArray:
    """Each value rounded to its own number of decimals, as the float that the printed decimal number gives."""
    out = np.array(values, dtype=float)
    for index in np.flatnonzero(np.isfinite(out)):
        out[index] = round(float(out[index]), int(decimals[index]))
    return out + 0.0  # no negative zero


def to_text(value: float, error: float = math.nan, scale: Scale = "linear") -> str:
    """A value for people: to the digits that its error leaves, a time to the unit that its error leaves.

    >>> to_text(0.123456, 0.004), to_text(1200.0), to_text(1577880000.0, 50000.0, "date")
    ('0.123', '1200', '2020-01-01')
    """
    if not math.isfinite(value):
        return "–"
    if scale == "date":
        return _to_time_text(value, error)
    digits = 6
    if math.isfinite(error) and error > 0:
        value = round(value, -math.floor(math.log10(error)))
        digits = 12
    text = f"{value + 0.0:.{digits}g}"
    return f"{float(text):.0f}" if "e+" in text and abs(value) < 1e6 else text


def _to_time_text(seconds: float, error: float) -> str:
    known = math.isfinite(error)
    unit = next((size for size in (60.0, 1.0) if known and error > 0.25 * size), 0.0)
    try:
        text = to_iso(round(seconds / unit) * unit if unit else seconds)
    except (OverflowError, ValueError, OSError):
        return "–"
    return text[:10] if known and error > 0.25 * DAY else text
