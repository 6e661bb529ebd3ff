"""What the tests of the surveys share."""

import pytest

from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences


@pytest.fixture
def sender(dieter):
    """A company that may send mails and letters."""
    preferences.put(CompanyPreferences, by=dieter, name="Reinwerk GmbH", postal_address="Wischgasse 7, 01067 Dresden", is_set_up=True)
