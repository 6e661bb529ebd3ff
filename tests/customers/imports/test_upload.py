"""The upload page: from the form to the result, what it refuses, and who may use it."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from customers.gate import Purpose, may_contact
from customers.imports import uploads
from customers.imports.undoing.undo import undo
from customers.models import Customer, ImportRun
from innendienst.base.models import AuditEvent
from tests import factories
from tests.customers.imports.uploading import BAD, GOOD, files, import_list, upload

WHY = "test"


def test_lenient_is_chosen_in_the_form(admin):
    url = import_list(admin, BAD, mode="lenient")
    assert "Die Liste wurde übernommen, außer 1 fehlerhaften Zeile." in admin.get(url).content.decode()
    assert Customer.objects.for_system(WHY).count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html></html>", "Webseite (HTML)"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 600, "das alte Excel-Format .xls"),
        (b"%PDF-1.7", "keine lesbare Liste"),
    ],
)
def test_what_is_no_list_is_refused_in_the_form_and_not_kept(admin, content, sentence):
    answer = upload(admin, content, "liste.xlsx")
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert (ImportRun.objects.count(), files()) == (0, [])


def test_an_empty_form_says_what_is_missing(admin):
    answer = admin.post(reverse("imports:upload"), {"mode": "strict"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]


def test_a_file_that_is_too_large_is_refused_with_the_limit(admin, monkeypatch):
    monkeypatch.setattr(uploads, "MEGABYTE", 1)
    answer = upload(admin, GOOD)
    assert f"Die Datei ist zu groß: {len(GOOD.encode())} MB; möglich sind höchstens 50 MB." in answer.content.decode()
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize(("name", "kept"), [("../../x.csv", "x.csv"), ("😀" * 210 + ".csv", "😀" * 199 + "…"), ("a\u202eb.csv", "ab.csv")])
def test_the_name_of_a_file_is_text_and_no_path(admin, name, kept):
    upload(admin, GOOD, name)
    assert ImportRun.objects.get().file_name == kept
    assert [path.parent for path in files()] == [settings.VAR_DIR / "uploads"]


@pytest.mark.parametrize("name", ["imports:list", "imports:upload"])
def test_a_rep_may_not_import(client, anna, name):
    client.force_login(anna)
    assert client.get(reverse(name)).status_code == 403


def test_a_rep_sees_no_result_and_uploads_nothing(client, anna, dieter):
    run = ImportRun.objects.create(kind="customers", by=dieter)
    client.force_login(anna)
    assert client.get(reverse("imports:run", args=[run.pk])).status_code == 403
    assert upload(client, GOOD).status_code == 403
    assert (ImportRun.objects.count(), files()) == (1, [])


def test_an_unknown_list_or_run_does_not_exist(admin):
    assert admin.get(reverse("imports:upload", args=["plans"])).status_code == 404
    assert admin.get(reverse("imports:run", args=[4711])).status_code == 404


def test_before_the_first_list_the_page_says_where_to_begin(admin):
    assert "Noch keine Liste eingelesen. Beginnen Sie mit den Kunden" in admin.get(reverse("imports:list")).content.decode()


def test_a_list_of_existing_customers_can_be_declared_and_its_customers_called(admin, anna):
    known = factories.make_customer(number="2", lifecycle="prospect")
    import_list(admin, is_declared="on")
    run = ImportRun.objects.get()
    assert [one.declared_in for one in Customer.objects.for_system(WHY)] == [run, run]
    assert AuditEvent.objects.get(act="import.take_over").facts["declared"] is True
    known.refresh_from_db()
    answer = may_contact(known, "phone", Purpose.SALES, timezone.localdate())
    assert (answer.answer, answer.basis) == ("allowed", "existing_customer")
    undo(run)
    known.refresh_from_db()
    assert known.declared_in is None


def test_a_list_that_is_not_declared_makes_nobody_callable(admin):
    import_list(admin)
    customer = Customer.objects.for_system(WHY).first()
    assert may_contact(customer, "phone", Purpose.SALES, timezone.localdate()).answer == "unclear"


def test_only_customers_are_declared(admin):
    assert "is_declared" not in admin.get(reverse("imports:upload", args=["contacts"])).content.decode()
