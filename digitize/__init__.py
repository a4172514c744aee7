"""Reads the data back out of pictures of line charts.

>>> import digitize
>>> reading = digitize.read("metrics.png")
>>> reading.panels[0].series[1].to_frame()

The names below are loaded when they are first used, so that importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from digitize.version import __version__

if TYPE_CHECKING:
    from digitize.batch.many import Item, read_many
    from digitize.claims.checking import check
    from digitize.claims.records import Check, Claim, Contradiction, Verdict
    from digitize.errors import DigitizeError, EngineError, InputError, OutputError, UsageError
    from digitize.model import Axis, Box, Panel, Point, Points, Reading, Reason, Series, Settings, Tick
    from digitize.outputs.decode import from_json
    from digitize.outputs.encode import to_json
    from digitize.pipeline import read, read_like
    from digitize.template import Template

_HOMES = {
    "digitize.batch.many": ("Item", "read_many"),
    "digitize.claims.checking": ("check",),
    "digitize.claims.records": ("Check", "Claim", "Contradiction", "Verdict"),
    "digitize.errors": ("DigitizeError", "EngineError", "InputError", "OutputError", "UsageError"),
    "digitize.model": (
        "Axis",
        "Box",
        "Panel",
        "Point",
        "Points",
        "Reading",
        "Reason",
        "Series",
        "Settings",
        "Tick",
    ),
    "digitize.outputs.decode": ("from_json",),
    "digitize.outputs.encode": ("to_json",),
    "digitize.pipeline": ("read", "read_like"),
    "digitize.template": ("Template",),
}

__all__ = [
    "Axis",
    "Box",
    "Check",
    "Claim",
    "Contradiction",
    "DigitizeError",
    "EngineError",
    "InputError",
    "Item",
    "OutputError",
    "Panel",
    "Point",
    "Points",
    "Reading",
    "Reason",
    "Series",
    "Settings",
    "Template",
    "Tick",
    "UsageError",
    "Verdict",
    "__version__",
    "check",
    "from_json",
    "read",
    "read_like",
    "read_many",
    "to_json",
]


def __getattr__(name: str) -> Any:
    for home, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(home), name)
            globals()[name] = value  # found at once from now on
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
