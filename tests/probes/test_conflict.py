"""Many change one customer at the same moment: no change gets lost, and whoever was slower sees who was faster, and both versions.

Scaled down in the test run; `make probes` does it in full (PROBE_EDITORS=30 PROBE_EDITS=200).
"""

import os
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from customers.models import Customer
from tests.factories import make_customer, make_user

EDITORS, EDITS = int(os.environ.get("PROBE_EDITORS", "4")), int(os.environ.get("PROBE_EDITS", "5"))

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database, pytest.mark.timeout(60 + EDITORS * EDITS)]

_VERSION = re.compile(r'name="version" value="(\d+)"')
_STREET = re.compile(r'name="street" value="Hausnummer (\d+)"')


def _edit(editor: User, url: str) -> tuple[int, int]:
    """Count the house number up again and again from what the page shows; how often it was saved, and how often refused with both versions."""
    saved = refused = 0
    try:
        client = Client()
        client.force_login(editor, backend="accounts.backends.ByName")
        for _round in range(EDITS):
            page = client.get(url).text
            seen, number = _VERSION.search(page)[1], int(_STREET.search(page)[1])
            answer = client.post(url, {"version": seen, "street": f"Hausnummer {number + 1}"})
            if answer.status_code == 302:
                saved += 1
            else:
                assert answer.status_code == 409
                assert "hat diesen Eintrag um" in answer.text or "in einem anderen Fenster" in answer.text
                assert f"Hausnummer {number + 1}" in answer.text
                refused += 1
    finally:
        connection.close()
    return saved, refused


def test_no_change_gets_lost_and_each_loser_sees_both_versions():
    customer = make_customer("Nord", street="Hausnummer 0")
    editors = [make_user(f"rep{number}", first_name=f"Vorname{number}", last_name="Muster") for number in range(EDITORS)]
    url = reverse("customers:edit", args=[customer.pk])
    with ThreadPoolExecutor(EDITORS) as pool:
        counts = list(pool.map(lambda editor: _edit(editor, url), editors))
    saved, refused = (sum(each) for each in zip(*counts, strict=True))
    stored = Customer.objects.for_system("test").get()
    assert saved + refused == EDITORS * EDITS
    assert (stored.street, stored.version) == (f"Hausnummer {saved}", 1 + saved)
