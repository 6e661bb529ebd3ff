"""What the demo invents without a database, made once for all who look at it: it takes seconds."""

import datetime as dt

import pytest

from innendienst.demo.customers import Company, make_company
from innendienst.demo.history import History, history_of
from innendienst.demo.timeline import Timeline

TODAY = dt.date(2026, 11, 23)
TIMELINE = Timeline(TODAY, "SN")


@pytest.fixture(scope="session")
def companies() -> list[Company]:
    return [make_company(20, index, TIMELINE) for index in range(1_000)]


@pytest.fixture(scope="session")
def histories() -> list[History]:
    """The first companies with all that they ordered and said."""
    return [history_of(20, index, TIMELINE) for index in range(600)]
