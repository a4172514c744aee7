#!/usr/bin/env python3
"""Describe every reading of a folder, check each description against its reading, and change numbers in it.

    benchmark.py CASES -o READINGS
    benchmark_claims.py READINGS

A picture's description should be confirmed claim by claim. Then, many times over, one number that a claim of a
description gives is moved out of what the picture bears out by three to nine times its tolerance: that claim, and no
other, should be refuted.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import digitize
from digitize.claims.records import Check, Measured
from digitize.model import FORMAT, Reading


@dataclass(frozen=True, kw_only=True)
class Described:
    """A reading with its description and what the check of that gave."""

    name: str
    reading: Reading
    text: str
    check: Check

    @property
    def is_ok(self) -> bool:
        return bool(self.reading.panels) and all(panel.status == "ok" for panel in self.reading.panels)

    @property
    def claims_per_panel(self) -> list[int]:
        """How many claims each panel that is not refused has."""
        named = Counter(verdict.panel.label for verdict in self.check.verdicts if verdict.panel)
        counts = []
        for panel in self.reading.panels:
            labels = {panel.title, f"chart {panel.number}", f"{panel.title} (chart {panel.number})", "all charts"}
            counts += [sum(named[label] for label in labels if label)] if panel.status != "refused" else []
        return counts


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """One changed number, and whether its claim alone was refuted."""

    name: str
    before: str
    after: str
    caught: bool
    false_alarm: bool


def describe(name: str, reading: Reading) -> Described:
    text = reading.to_markdown()
    return Described(name=name, reading=reading, text=text, check=digitize.check(reading, text))


def load(folder: Path) -> Iterator[Described]:
    """The readings in a folder that hold panels."""
    for path in sorted(folder.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, dict) and content.get("format") == FORMAT and content["panels"]:
            yield describe(path.stem, digitize.from_json(path.read_text(encoding="utf-8")))


def mutate(described: Sequence[Described], count: int, seed: int) -> Iterator[Mutation]:
    """Change one number at a time, chosen by a seeded generator."""
    rng = random.Random(seed)
    places = [(one, index, number) for one in described for index, number in _numbers(one)]
    for _ in range(count if places else 0):
        one, index, number = rng.choice(places)
        claimed = number.claimed
        after = _moved(number, rng)
        text = one.text[: claimed.start] + after + one.text[claimed.stop :]
        verdicts = digitize.check(one.reading, text).verdicts
        same = len(verdicts) == len(one.check.verdicts)
        others = [
            verdict
            for k, (verdict, before) in enumerate(zip(verdicts, one.check.verdicts, strict=False))
            if k != index and verdict.outcome == "refuted" != before.outcome
        ]
        yield Mutation(
            name=f"{one.name}, line {verdicts[min(index, len(verdicts) - 1)].claim.source.line}",
            before=claimed.text,
            after=after,
            caught=same and verdicts[index].outcome == "refuted",
            false_alarm=bool(others),
        )


def _numbers(one: Described) -> Iterator[tuple[int, Measured]]:
    """The numbers of confirmed claims that stand in the text, with the claim's position; no times, no names."""
    for index, verdict in enumerate(one.check.verdicts):
        for number in verdict.measured if verdict.outcome == "confirmed" else ():
            claimed = number.claimed
            if claimed.start >= 0 and not claimed.time and claimed.name is None:
                yield index, number


def _moved(number: Measured, rng: random.Random) -> str:
    """A number three to nine times its tolerance away from what the picture bears out, written to as many digits."""
    up = rng.random() < 0.5
    by = 3 * rng.uniform(1, 3) * number.tolerance
    if number.tolerance == 0:  # a count
        return f"{number.high + 1 if up or number.low < 1 else number.low - 1:.0f}"
    target = number.high + by if up else number.low - by
    mantissa, _, exponent = number.claimed.text.partition("e")
    decimals = len(mantissa.partition(".")[2])
    unit = 10.0 ** (int(exponent or 0) - decimals)
    steps = math.ceil(target / unit) if up else math.floor(target / unit)
    return f"{steps * 10.0**-decimals:.{decimals}f}" + (f"e{exponent}" if exponent else "")


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; the exit code is 1 where a description of an `ok` picture is not confirmed as a whole."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readings", type=Path, help="a folder of readings as benchmark.py writes them")
    parser.add_argument("--mutations", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    described = list(load(options.readings))
    sure = [one for one in described if one.is_ok]
    for title, chosen in (("all panels ok", sure), ("every picture", described)):
        outcomes = Counter(verdict.outcome for one in chosen for verdict in one.check.verdicts)
        clashes = sum(len(one.check.contradictions) for one in chosen)
        print(
            f"{title}: {len(chosen)} pictures, {outcomes.total()} claims, {outcomes['confirmed']} confirmed, "
            f"{outcomes['refuted']} refuted, {outcomes['undecidable']} undecidable, {clashes} contradictions, "
            f"at least {min((count for one in chosen for count in one.claims_per_panel), default=0)} claims a panel"
        )
    for one in described:
        for verdict in one.check.verdicts:
            if verdict.outcome != "confirmed":
                print(f"  {one.name}, line {verdict.claim.source.line}: {verdict.outcome}: {verdict.why}")
    mutations = list(mutate(described, options.mutations, options.seed))
    for one in mutations:
        if not one.caught or one.false_alarm:
            print(f"  {one.name}: {one.before} -> {one.after}: {'caught' if one.caught else 'missed'}")
    caught, alarms = sum(one.caught for one in mutations), sum(one.false_alarm for one in mutations)
    print(f"{len(mutations)} changed numbers: {caught} caught, {alarms} with another claim refuted")
    return int(any(verdict.outcome != "confirmed" for one in sure for verdict in one.check.verdicts))


if __name__ == "__main__":
    raise SystemExit(main())
