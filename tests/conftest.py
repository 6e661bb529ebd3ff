"""The cast everyone knows: Anna and Bernd sell in two teams, Carla manages, Dieter administers."""

import pytest

from accounts.models import Role, Team, User
from innendienst.base import preferences
from tests import factories


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
