"""Readings that claims are held against: one made by hand, and the shipped pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

import digitize
from digitize.model import Reading
from tests.readings import category_panel, date_panel, linear_panel, make_reading, refused_panel

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture(scope="package")
def readings() -> dict[str, Reading]:
    """The shipped pictures as they are read, by name."""
    pictures = [path for path in sorted(FIXTURES.iterdir()) if path.suffix in (".png", ".jpg")]
    return {path.stem: digitize.read(path) for path in pictures}


@pytest.fixture
def one() -> Reading:
    """Series A rises from 0.1 (x=0) over 0.3 (8) and 0.5 (16) to 0.7 (32); Series B falls from 0.8 and has a gap."""
    return make_reading(linear_panel())


@pytest.fixture
def four() -> Reading:
    """Linear, date, category and refused panels in one picture."""
    panels = (linear_panel(), date_panel(title="Load"), category_panel(), refused_panel(title="broken"))
    return make_reading(*panels)
