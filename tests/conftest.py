"""The cast everyone knows: Anna and Bernd sell in two teams, Carla manages, Dieter administers."""

import gc
from collections.abc import Iterator

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings as hypothesis_settings

from accounts.models import Role, Team, User
from innendienst.base import preferences
from innendienst.lib.collector import not_collected
from tests import factories

pytest_plugins = ["tests.browser", "tests.emptying", "tests.processes.installation", "tests.readers", "tests.signing_in", "tests.workers"]

# How long a machine takes to make its examples says nothing about ours.
hypothesis_settings.register_profile("innendienst", suppress_health_check=[HealthCheck.too_slow], deadline=None)
hypothesis_settings.load_profile("innendienst")

_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it needs, so that `make test` runs what needs no database, and what needs a browser, once."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:
            item.add_marker(pytest.mark.browser)
        elif "/processes/" in item.nodeid:
            item.add_marker(pytest.mark.processes)
        elif not item.get_closest_marker("django_db") and not fixtures & _DATABASE_FIXTURES:
            item.add_marker(pytest.mark.rules)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Spare the garbage collector the thousands of tests and modules that live to the end: walking them again and again cost a sixteenth."""
    with not_collected():
        found = yield
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how a test was done where that depends on the machine."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{name}: {value}")


@pytest.fixture(autouse=True)
def _fresh_preferences():
    preferences.forget()
    yield
    preferences.forget()


@pytest.fixture
def team_north(db) -> Team:
    return factories.make_team("Nord", state="SN")


@pytest.fixture
def team_south(db) -> Team:
    return factories.make_team("Süd", state="BY")


@pytest.fixture
def anna(team_north) -> User:
    return factories.make_user("anna", first_name="Anna", last_name="Lang", team=team_north)


@pytest.fixture
def bernd(team_south) -> User:
    return factories.make_user("bernd", first_name="Bernd", last_name="Vogel", team=team_south)


@pytest.fixture
def carla(db) -> User:
    return factories.make_user("carla", Role.MANAGER, first_name="Carla", last_name="Sommer")


@pytest.fixture
def dieter(db) -> User:
    return factories.make_user("dieter", Role.ADMIN, first_name="Dieter", last_name="Berg")


@pytest.fixture
def annas(client, anna) -> Client:
    """Anna's browser, signed in."""
    client.force_login(anna)
    return client


@pytest.fixture
def carlas(client, carla) -> Client:
    client.force_login(carla)
    return client


@pytest.fixture
def dieters(client, dieter) -> Client:
    client.force_login(dieter)
    return client
