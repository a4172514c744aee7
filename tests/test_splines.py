from __future__ import annotations

import numpy as np

from digitize import splines
from digitize.splines import Curve, division_costs, fit_spline


def wavy_curve(count: int = 300) -> Curve:
    random = np.random.default_rng(5)
    x = np.concatenate([[10.0], np.sort(random.uniform(10, 310, count - 2)), [310.0]])
    sigma = random.uniform(0.1, 0.5, count)
    y = np.interp(x, np.linspace(10, 310, 13), random.uniform(0, 100, 13)) + sigma * random.normal(0, 1, count)
    return Curve(x=x, y=y, sigma=sigma, width=2.0)


def expected_costs(curve: Curve, most: int) -> list[float]:
    return [fit_spline(curve, np.linspace(curve.x[0], curve.x[-1], parts + 1)).cost for parts in range(1, most + 1)]


def test_divisions_cost_what_each_costs_alone() -> None:
    curve = wavy_curve()
    assert np.allclose(division_costs(curve, 60), expected_costs(curve, 60), rtol=1e-9)


def test_divisions_with_knots_in_gaps_of_the_curve_cost_the_same() -> None:
    curve = wavy_curve()
    seen = (curve.x < 100) | (curve.x > 220)
    torn = Curve(x=curve.x[seen], y=curve.y[seen], sigma=curve.sigma[seen], width=2.0)
    assert np.allclose(division_costs(torn, 40), expected_costs(torn, 40), rtol=1e-6)


def test_a_few_divisions_at_a_time_cost_the_same_as_all_at_once(monkeypatch) -> None:
    curve = wavy_curve()
    together = division_costs(curve, 50)
    monkeypatch.setattr(splines, "_AT_ONCE", 2000)
    assert np.array_equal(division_costs(curve, 50), together)


def test_the_true_division_costs_least() -> None:
    assert int(np.argmin(division_costs(wavy_curve(), 40))) + 1 == 12
