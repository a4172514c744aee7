"""Facts about a picture as JSON."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from typing import Any

from digitize.model import to_iso
from digitize.outputs.facts import AxisFacts, FigureFacts

#: Names of fields that hold values of the x axis.
_X_NAMES = ("x", "start", "stop", "swaps")


def facts_to_dict(facts: FigureFacts) -> dict[str, Any]:
    """Facts as dictionaries, lists, text, finite numbers and None; times are ISO 8601 in UTC."""
    charts = []
    for chart in facts.charts:
        dates = any(axis.name == "x" and axis.scale == "date" for axis in chart.axes)
        charts.append(_plain(chart, dates=dates))
    return {"charts": charts, "links": _plain(facts.links), "reasons": _plain(facts.reasons)}


def _plain(value: Any, *, dates: bool = False, is_x: bool = False) -> Any:
    """One value for JSON; `dates` says that x are times, `is_x` that a bare number here is an x."""
    if isinstance(value, float):
        known = math.isfinite(value)
        return (to_iso(value) if dates and is_x else float(f"{value:.10g}")) if known else None
    if is_dataclass(value):
        told = {field.name: getattr(value, field.name) for field in fields(value)}
        if isinstance(value, AxisFacts) and value.scale == "date":
            ends = {name: to_iso(told[name].value) for name in ("low", "high")}
            return {name: _plain(one, dates=True, is_x=True) for name, one in (told | ends).items()}
        return {name: _plain(one, dates=dates, is_x=name in _X_NAMES) for name, one in told.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(one, dates=dates, is_x=name in _X_NAMES) for name, one in value._asdict().items()}
    if isinstance(value, tuple | list):
        return [_plain(one, dates=dates, is_x=is_x) for one in value]
    return value
