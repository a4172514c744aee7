"""What a judge found of one claim about one chart or one series, before it is known whose claim it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digitize.claims.records import Measured, Outcome


@dataclass(frozen=True, kw_only=True)
class Finding:
    """An outcome with its reason and its numbers."""

    outcome: Outcome
    why: str
    measured: tuple[Measured, ...] = ()


def from_numbers(measured: Iterable[Measured]) -> Finding:
    """Confirmed where every number holds, refuted where one does not, undecidable where its digits are too few."""
    numbers = tuple(measured)
    wrong = [one for one in numbers if not one.may_hold]
    if not wrong and (vague := [one for one in numbers if not one.holds]):
        why = "; ".join(f"{describe(one)}; {one.claimed.text} is too vague to tell" for one in vague)
        return Finding(outcome="undecidable", why=why, measured=numbers)
    why = "; ".join(describe(one) for one in wrong or numbers)
    return Finding(outcome="refuted" if wrong else "confirmed", why=why, measured=numbers)


def describe(one: Measured) -> str:
    """One number in words: what was measured, give or take its error, and by how much the claim is off."""
    from digitize.outputs.wording import number_text

    low, high = number_text(one.low, one.error), number_text(one.high, one.error)
    value = low if low == high else f"{low} to {high}"
    error = f" ± {float(f'{one.error:.2g}'):g}" if one.error else ""
    off = f", off by {float(f'{one.off:.3g}'):g}" if not one.holds else ""
    return f"{one.name} is {value}{error}{off}"


def refuted(why: str) -> Finding:
    """What the picture shows to be otherwise."""
    return Finding(outcome="refuted", why=why)


def confirmed(why: str) -> Finding:
    """What the picture bears out."""
    return Finding(outcome="confirmed", why=why)


def undecidable(why: str) -> Finding:
    """What the picture says nothing of."""
    return Finding(outcome="undecidable", why=why)


def decided(holds: bool | None, why: str) -> Finding:
    """Confirmed, refuted, or undecidable where nothing is known."""
    if holds is None:
        return undecidable(why)
    return confirmed(why) if holds else refuted(why)
