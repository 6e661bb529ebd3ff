"""An import of thousands over thousands is taken back while some of the rows were edited: these are named, all others are as before.

Scaled down in the test run; `make probes` does it in full (PROBE_LISTED=5000 over PROBE_EXISTING=3000).
"""

import os

import pytest

from customers.imports.undoing.undo import foresee, undo
from customers.models import Customer, ImportRun, SearchToken
from tests.customers.imports.lists import Importer

EXISTING, LISTED = int(os.environ.get("PROBE_EXISTING", "300")), int(os.environ.get("PROBE_LISTED", "500"))
EDITED = 40
HEAD = ["Kundennummer", "Firma", "PLZ", "Telefon", "Umsatz", "Kunde seit"]
_WHY = "test"

pytestmark = pytest.mark.django_db


def _rows(count: int, name: str, *cells: str) -> list[list[str]]:
    return [[str(number), f"{name} {number}", *cells] for number in range(count)]


def _stored(model, *left_out: str) -> dict[int, tuple]:
    """Row → its values, byte for byte but for what only counts changes."""
    names = [one.attname for one in model._meta.concrete_fields if one.attname not in left_out]
    rows = model.objects.for_system(_WHY) if hasattr(model.objects.all(), "for_system") else model.objects
    return {row[0]: row for row in rows.order_by("pk").values_list("pk", *names)}


def test_thousands_come_back_and_the_forty_that_were_edited_are_named(tmp_path):
    customer_list = Importer(tmp_path, "customers")
    customer_list(HEAD, *_rows(EXISTING, "Alt", "01067", "0351 1", "1.234,50", "01.03.2020"))
    before = _stored(Customer, "version")
    words = sorted(SearchToken.objects.values_list("token", "customer"))
    result = customer_list(HEAD, *_rows(LISTED, "Neu", "20095", "0351 2", "99,90", "02.03.2020"))
    assert (result.created, result.updated) == (LISTED - EXISTING, EXISTING)
    edited = list(Customer.objects.for_system(_WHY).filter(pk__in=list(before)[:EDITED]).order_by("pk"))
    for customer in edited:
        Customer.objects.for_system(_WHY).filter(pk=customer.pk).update(name=f"Von Hand {customer.number}", version=customer.version + 1)
    run = ImportRun.objects.get(pk=result.run_id)
    foreseen = foresee(run)
    done = undo(run)
    assert done == foreseen
    assert done.kept == [(f"{one.number} Von Hand {one.number}", "Firma") for one in edited]
    assert (done.removed_count, done.restored_count, done.kept_count) == (LISTED - EXISTING, EXISTING, EDITED)
    after, by_hand = _stored(Customer, "version"), {one.pk for one in edited}
    assert {pk: row for pk, row in after.items() if pk not in by_hand} == {pk: row for pk, row in before.items() if pk not in by_hand}
    assert set(Customer.objects.for_system(_WHY).filter(pk__in=by_hand).values_list("postcode", "phone")) == {("01067", "0351 1")}
    kept = sorted(SearchToken.objects.exclude(customer__in=by_hand).values_list("token", "customer"))
    assert kept == [pair for pair in words if pair[1] not in by_hand]
