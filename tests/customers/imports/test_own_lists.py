"""A rep imports his own follow-ups: the same way as every list, for himself alone."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import expect

from customers.imports import job as import_job, uploads
from customers.models import FollowUp, ImportRun
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import jobs, preferences
from innendienst.base.models import Job
from tests import factories
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.customers.imports.lists import write_xlsx
from tests.reading import text

WHY = "test"
HEAD = ["Kundennummer", "Datum", "Notiz", "Wiedervorlage am", "Betreuer"]


def _upload(client, *rows, mode: str = "strict"):
    content = "\n".join(";".join(row) for row in (HEAD, *rows)).encode()
    return client.post(reverse("own_imports:upload"), {"mode": mode, "file": SimpleUploadedFile("wv.csv", content)})


def _work() -> None:
    for kind in (uploads.STAGE, import_job.TAKE_OVER, import_job.TAKE_BACK):
        for job in Job.objects.filter(kind=kind, state="queued"):
            jobs.run(job.pk)


def _confirm(client, url: str, **fields):
    return client.post(f"{url}confirm/", {"seen": ImportRun.objects.latest("pk").staged_at.isoformat(), **fields})


def test_all_rows_come_back_to_whoever_imports_them_and_undo_takes_them_away(annas, anna, bernd):
    factories.make_customer(number="1", owner=anna)
    factories.make_customer(number="2", owner=bernd)
    url = _upload(annas, ["1", "01.03.2027", "Preis", "05.03.2027", "anna"], ["2", "01.03.2027", "Muster", "", ""]).url
    assert url.startswith("/follow-ups/import/")
    _work()
    page = annas.get(url)
    assert "2 Zeilen übernehmen" in page.content.decode()
    assert "/imports/" not in page.content.decode().replace("/follow-ups/import/", "")
    assert _confirm(annas, url).url == url
    _work()
    assert "Jede kommt an ihrem Tag auf die Liste" in text(annas.get(url))
    found = FollowUp.objects.for_system(WHY).order_by("due_on").values_list("assignee", "due_on", "note")
    assert list(found) == [(anna.pk, dt.date(2027, 3, 1), "Muster"), (anna.pk, dt.date(2027, 3, 5), "Preis")]
    assert annas.post(f"{url}undo/").url == url
    _work()
    assert not FollowUp.objects.for_system(WHY).exists()


def test_rows_of_others_and_of_strangers_are_refused_with_a_sentence(annas, anna, bernd):
    factories.make_customer(number="1", owner=anna)
    url = _upload(
        annas,
        ["1", "01.03.2027", "x", "", "Vogel, Bernd"],
        ["1", "01.03.2027", "y", "", "Niemand"],
        ["1", "01.03.2027", "z", "", "Anna Lang"],
    ).url
    _work()
    run = ImportRun.objects.get()
    assert [(one["row"], one["code"]) for one in run.messages if one["row"]] == [(2, "not_your_own"), (3, "not_your_own")]
    assert "„Vogel, Bernd“ ist jemand anderes" in text(annas.get(url))
    assert run.reading["questions"] == []
    _confirm(annas, url, mode="lenient")
    _work()
    assert [one.note for one in FollowUp.objects.for_system(WHY)] == ["z"]


def test_a_customer_whom_one_does_not_see_is_unknown(annas, anna, bernd, dieter):
    preferences.put(CustomersPreferences, by=dieter, visibility=Visibility.OWN)
    factories.make_customer(number="1", owner=bernd)
    _upload(annas, ["1", "01.03.2027", "x", "", ""])
    _work()
    run = ImportRun.objects.get()
    assert (run.rejected_count, run.messages[-1]["code"]) == (1, "unknown_customer")


def test_two_people_may_hand_in_the_same_file_and_neither_finds_the_others(client, anna, bernd):
    factories.make_customer(number="1", owner=anna)
    row = ["1", "01.03.2027", "Preis", "", ""]
    for user in (anna, bernd):
        client.force_login(user)
        url = _upload(client, row).url
        _work()
        _confirm(client, url)
        _work()
    assert sorted(FollowUp.objects.for_system(WHY).values_list("assignee", flat=True)) == sorted([anna.pk, bernd.pk])
    annas_run = ImportRun.objects.get(by=anna)
    assert client.get(reverse("own_imports:run", args=[annas_run.pk])).status_code == 404
    assert list(client.get(reverse("own_imports:list")).context["page"].rows) == [ImportRun.objects.get(by=bernd)]
    assert _upload(client, row).url == f"{url}?again=1"  # his own again is known
    assert FollowUp.objects.for_system(WHY).count() == 2


def test_the_administrations_lists_stay_closed_and_no_other_list_comes_in_here(annas):
    assert annas.get(reverse("imports:list")).status_code == 403
    file = SimpleUploadedFile("k.csv", b"Kundennummer;Firma\n1;M\n")
    annas.post(reverse("own_imports:upload", args=["customers"]), {"mode": "strict", "file": file})
    assert [run.kind for run in ImportRun.objects.all()] == ["followups"]


def test_from_mein_tag_by_a_real_browser(live_page, worker, anna, tmp_path):
    factories.make_customer("Bäckerei Nord", number="1", owner=anna)
    path = write_xlsx(tmp_path / "wv.xlsx", HEAD[:4], ["1", dt.date(2027, 3, 1), "Preis", dt.date(2027, 3, 5)])
    page = live_page(anna)
    page.goto("/")
    page.get_by_role("link", name="Wiedervorlagen aus Excel einlesen").click()
    assert_accessible(page, in_dark_too=True)
    assert_no_sideways_scroll(page)
    page.get_by_label("Datei").set_input_files(path)
    page.get_by_role("button", name="Liste einlesen").click()
    expect(page.get_by_role("button", name="1 Zeile übernehmen")).to_be_visible()
    assert_accessible(page, in_dark_too=True)
    page.get_by_role("button", name="1 Zeile übernehmen").click()
    expect(page.get_by_text("Die Liste wurde übernommen.")).to_be_visible()
    assert_accessible(page, in_dark_too=True)
    page.get_by_role("link", name="Alle eingelesenen Listen").click()
    assert_accessible(page, in_dark_too=True)
    assert [one.assignee for one in FollowUp.objects.for_system(WHY)] == [anna]
