"""A description is confirmed by the picture it was made from; with one number changed, that claim is refuted."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
import benchmark_claims


@pytest.fixture(scope="module")
def described(readings):
    return [benchmark_claims.describe(name, reading) for name, reading in readings.items() if reading.panels]


def test_every_claim_of_a_description_is_confirmed(described):
    assert len(described) >= 10
    for one in described:
        wrong = [(v.claim.source, v.why) for v in one.check.verdicts if v.outcome != "confirmed"]
        assert wrong == [], one.name
        assert one.check.contradictions == (), one.name
        assert min(one.claims_per_panel) >= 5, one.name


def test_what_a_description_says_is_understood(described):
    for one in described:
        doubts = one.text.index("## Anomalies")
        before = one.text.count("\n", 0, doubts)
        missed = [source for source in one.check.not_understood if source.line <= before]
        assert [source for source in missed if "No name" not in source.quote and "Nothing" not in source.quote] == []


def test_a_changed_number_refutes_its_claim_and_no_other(described):
    mutations = list(benchmark_claims.mutate(described, count=300, seed=20261127))
    assert len(mutations) == 300
    assert sum(one.caught for one in mutations) >= 0.99 * 300
    assert sum(one.false_alarm for one in mutations) <= 0.005 * 300
