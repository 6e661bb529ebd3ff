"""Customers missing from a full export are offered to be set inactive, and come back with the import."""

import pytest
from django.urls import reverse

from customers.imports.missing import missing
from customers.imports.undoing.undo import undo
from customers.models import Customer, ImportRun, Touched
from innendienst.base.models import AuditEvent
from tests import factories

WHY = "test"
HEAD = ["Kundennummer", "Firma"]
ROWS = (["1", "Abel"], ["2", "Berg"], ["3", "Çelik"])


@pytest.fixture
def before(customer_list):
    """Three customers, a fourth whom the list will lack, and some whom no ERP knows."""
    customer_list(HEAD, *ROWS, ["4", "Dorn"])
    factories.make_customer("Interessent", number="L1", lifecycle="lead")
    factories.make_customer("Ruht schon", number="5", is_inactive=True)


def _inactive() -> list[str]:
    return sorted(Customer.objects.for_system(WHY).filter(is_inactive=True).values_list("name", flat=True))


def test_who_is_missing_is_named_set_inactive_and_comes_back_with_the_import(client, dieter, before, customer_list):
    run = ImportRun.objects.get(pk=customer_list(HEAD, *ROWS).run_id)
    Touched.objects.all().delete()
    client.force_login(dieter)
    assert "1 Kunde steht nicht in dieser Liste." in client.get(reverse("imports:run", args=[run.pk])).content.decode()
    url = reverse("imports:missing", args=[run.pk])
    page = client.get(url)
    assert [customer.name for customer in page.context["page"].rows] == ["Dorn"]
    assert "1 Kunden inaktiv setzen" in page.content.decode()
    assert "1 Kunde wurde inaktiv gesetzt." in client.post(url, follow=True).content.decode()
    dorn = Customer.objects.for_system(WHY).get(name="Dorn")
    assert (_inactive(), dorn.version, list(Touched.objects.values_list("customer", flat=True))) == (["Dorn", "Ruht schon"], 2, [dorn.pk])
    assert AuditEvent.objects.get(act="import.set_inactive").facts["customers"] == [dorn.pk]
    assert "Aus dieser Liste fehlt kein Kunde." in client.post(url, follow=True).content.decode()
    assert undo(run).restored_count == 1
    assert _inactive() == ["Ruht schon"]


def test_a_list_that_lacks_more_than_it_knows_or_has_errors_is_no_full_export(before, customer_list):
    few = customer_list(HEAD, ROWS[0], ["9", "Neu"])
    assert not missing(ImportRun.objects.get(pk=few.run_id)).exists()
    bad = customer_list(HEAD, *ROWS, ["", "Ohne Nummer"], is_lenient=True)
    assert not missing(ImportRun.objects.get(pk=bad.run_id)).exists()


def test_only_the_last_list_of_customers_says_who_is_missing(before, customer_list):
    first = customer_list(HEAD, *ROWS)
    second = customer_list(HEAD, *ROWS, ["4", "Dorn KG"])
    assert not missing(ImportRun.objects.get(pk=first.run_id)).exists()
    assert not missing(ImportRun.objects.get(pk=second.run_id)).exists()
