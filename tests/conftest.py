import pytest

from digitize.model import Reading
from tests.readings import PANELS, make_reading


@pytest.fixture
def reading() -> Reading:
    """Linear, date, category and refused panels in one picture."""
    return make_reading(*(make() for make in PANELS.values()))
