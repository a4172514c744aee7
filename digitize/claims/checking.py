"""Claims checked: each against a reading, and all of them against each other."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from digitize.claims.consistency import find_contradictions
from digitize.claims.given import load_claims
from digitize.claims.grounds import Allowance
from digitize.claims.judge import judge
from digitize.claims.match import vocabulary_of
from digitize.claims.prose import read_prose
from digitize.claims.records import Check, Claim, Source
from digitize.model import Reading


def check(
    reading: Reading | None,
    claims: str | PathLike[str] | Sequence[Claim],
    *,
    tolerance: str | None = None,
) -> Check:
    """Hold reported values against a reading, and against each other.

    Parameters
    ----------
    reading : what the picture shows; None checks the claims' consistency alone.
    claims : the text of a description in Markdown or plain prose; a path (no bare string) of a file with such a text, a
        CSV table or JSON; or claims.
    tolerance : what a value may be off besides the reading's own error, instead of what its digits and a human eye
        leave open: ``"0.01"`` in units of y, ``"2%"`` of the axis as drawn.

    Raises
    ------
    UsageError
        A tolerance that is neither a number nor a share.
    InputError
        A file of claims cannot be read, or is no such table or JSON.
    """
    allowance = Allowance() if tolerance is None else Allowance.parse(tolerance)
    missed: list[Source] = []
    if isinstance(claims, PathLike):
        claims = load_claims(claims)
    if isinstance(claims, str):
        claims, missed = read_prose(claims, vocabulary_of(reading) if reading else None)
    verdicts = () if reading is None else tuple(judge(claim, reading, allowance) for claim in claims)
    return Check(
        claims=tuple(claims),
        verdicts=verdicts,
        contradictions=tuple(find_contradictions(claims, verdicts)),
        not_understood=tuple(missed),
    )
