import pytest

from accounts.models import Role
from tests import factories


@pytest.fixture
def mia(db):
    return factories.make_user("mia", Role.MARKETING, first_name="Mia", last_name="Wolf")
