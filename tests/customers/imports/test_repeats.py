"""The same file, a changed database, a change of mind."""

import pytest
from django.urls import reverse

from customers.models import Customer, ImportRow, ImportRun
from tests import factories
from tests.customers.imports.uploading import GOOD, confirm, files, import_list, upload, work

WHY = "test"


def test_the_same_bytes_are_one_import_while_it_is_under_way(admin):
    first, second = upload(admin, GOOD), upload(admin, GOOD)
    assert first.url == second.url
    assert "Genau diese Datei ist schon hochgeladen" in admin.get(second.url).content.decode()
    assert (ImportRun.objects.count(), len(files())) == (1, 1)


def test_the_same_bytes_after_the_import_are_answered_by_it(admin):
    url = import_list(admin)
    again = upload(admin, GOOD)
    assert again.url == f"{url}?again=1"
    page = admin.get(again.url)
    assert "Genau diese Datei wurde am" in page.text
    assert "Alle Zeilen waren schon bekannt; geändert wurde nichts." in page.text
    assert _figures(page) == [0, 0, 2]
    assert _figures(admin.get(url)) == [2, 0, 0]
    assert ImportRun.objects.count() == 1


def test_the_same_bytes_are_read_again_once_something_changed(admin):
    import_list(admin)
    Customer.objects.for_system(WHY).filter(number="1").update(name="Möller", version=2)
    import_list(admin)
    assert (ImportRun.objects.count(), ImportRun.objects.first().updated_count) == (2, 1)
    assert Customer.objects.for_system(WHY).get(number="1").name == "Müller"


def test_a_finished_list_can_be_checked_anew(admin):
    url = import_list(admin)
    again = admin.post(f"{url}check-again/")
    work()
    run = ImportRun.objects.first()
    assert again.url == reverse("imports:run", args=[run.pk]) != url
    assert (run.state, run.unchanged_count, run.changing_count) == ("done", 2, 0)
    assert "Alle Zeilen waren schon bekannt; geändert wurde nichts." in admin.get(again.url).content.decode()


def test_a_preview_whose_data_changed_is_made_anew_before_anything_is_written(admin):
    url = upload(admin, GOOD).url
    work()
    factories.make_customer(number="2")
    confirm(admin, url)
    work()
    run = ImportRun.objects.get()
    assert (run.state, run.created_count, run.updated_count) == ("staged", 1, 1)
    assert "Die Daten haben sich seit der letzten Vorschau geändert" in admin.get(url).content.decode()
    assert Customer.objects.for_system(WHY).count() == 1
    confirm(admin, url)
    work()
    assert sorted(Customer.objects.for_system(WHY).values_list("name", flat=True)) == ["Meier", "Müller"]


def test_only_the_preview_that_was_seen_can_be_confirmed(admin):
    url = upload(admin, GOOD).url
    work()
    answer = admin.post(f"{url}confirm/", {"seen": "2020-01-01T00:00:00+00:00"}, follow=True)
    assert "Die Vorschau war nicht mehr aktuell" in answer.content.decode()
    assert ImportRun.objects.get().state == "staged"


@pytest.mark.parametrize("state", ["uploaded", "staged", "confirmed", "running"])
def test_a_list_can_be_cancelled_until_it_is_taken_over(admin, state):
    url = upload(admin, GOOD).url
    if state != "uploaded":
        work()
    if state == "running":
        confirm(admin, url)
    ImportRun.objects.update(state=state)
    page = admin.post(f"{url}cancel/", follow=True).content.decode()
    assert "Das Einlesen wurde abgebrochen; übernommen wurde nichts." in page
    work()
    run = ImportRun.objects.get()
    assert (run.state, run.failure, ImportRow.objects.count(), Customer.objects.for_system(WHY).count()) == ("failed", "cancelled", 0, 0)


def test_a_list_that_is_cancelled_while_it_is_written_goes_back(admin, monkeypatch):
    url = upload(admin, GOOD).url
    work()
    confirm(admin, url)
    written = []

    def cancelled_now(ids):
        written.extend(Customer.objects.for_system(WHY).values_list("name", flat=True))
        ImportRun.objects.update(state="failed", failure="cancelled")

    monkeypatch.setattr("customers.imports.take_over.touch", cancelled_now)
    work()
    assert len(written) == 2
    assert not Customer.objects.for_system(WHY).exists()


def test_what_is_taken_over_cannot_be_cancelled(admin):
    url = import_list(admin)
    assert "war beendet, bevor es abgebrochen werden konnte" in admin.post(f"{url}cancel/", follow=True).content.decode()
    assert ImportRun.objects.get().state == "done"


def _figures(page) -> list[int]:
    """Created, changed and unchanged rows as the page has them."""
    run = page.context["run"]
    return [run.created_count, run.updated_count, run.unchanged_count]
