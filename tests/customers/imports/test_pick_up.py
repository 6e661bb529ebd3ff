"""Lists laid into a folder by the ERP."""

import datetime as dt
import os
import time

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from customers.imports import pick_up
from customers.models import Customer, ImportRun, Message, OrderLine
from innendienst.base import jobs, notifications
from innendienst.base.models import Job, Notification
from tests import factories
from tests.customers.imports.lists import write_csv

WHY = "test"


@pytest.fixture
def folder(settings, tmp_path, dieter):
    settings.VAR_DIR = tmp_path / "var"
    settings.IMPORT_DIR = tmp_path / "in"
    settings.IMPORT_DIR.mkdir()
    return settings.IMPORT_DIR


def _lay(path, *rows):
    write_csv(path, *rows)
    os.utime(path, (time.time() - 60,) * 2)


def _work() -> None:
    pick_up.look_into_folder(timezone.now())
    for kind in (pick_up.PICK_UP, "send_mail"):
        for job in Job.objects.filter(kind=kind, state="queued"):
            jobs.run(job.pk)


def test_lists_are_taken_over_in_the_order_in_which_they_build_on_each_other(folder):
    head = ["Auftragsnummer", "Kundennummer", "Artikelnummer", "Datum", "Menge", "Umsatz"]
    _lay(folder / "auftraege.csv", head, ["A", "1", "X", "01.03.2024", "1", "10,00"])
    _lay(folder / "z-liste.csv", ["Kundennummer", "Firma"], ["1", "Müller"])
    _work()
    assert list(ImportRun.objects.order_by("pk").values_list("kind", "state", "is_picked_up")) == [
        ("customers", "done", True),
        ("orders", "done", True),
    ]
    assert OrderLine.objects.for_system(WHY).count() == 1
    assert list(folder.iterdir()) == []
    assert not Message.objects.exists()


def test_a_refused_list_is_told_to_the_administrators_and_waits_for_them(folder, dieter, carla):
    _lay(folder / "kunden.csv", ["Kundennummer", "Firma", "PLZ"], ["1", "Müller", "ABCDE"])
    _work()
    run = ImportRun.objects.get()
    assert (run.state, run.verdict, list(folder.iterdir())) == ("staged", "reject", [])
    assert not Customer.objects.for_system(WHY).exists()
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([dieter.email], "Liste nicht übernommen: kunden.csv")
    assert "Zeile 2, Spalte „PLZ“: „ABCDE“ ist keine Postleitzahl" in sent.body
    assert f"/imports/{run.pk}/" in sent.body


@pytest.mark.parametrize(("stored", "state"), [("Alt", "staged"), ("Müller", "confirmed")])
def test_a_refused_list_whose_columns_somebody_changes_goes_on_like_an_uploaded_one(folder, dieters, stored, state):
    factories.make_customer(stored, number="1")
    _lay(folder / "kunden.csv", ["Kundennummer", "Firma", "PLZ"], ["1", "Müller", "ABCDE"])
    _work()
    run = ImportRun.objects.get()
    dieters.post(reverse("imports:columns", args=[run.pk]), {"column-0": "number", "column-1": "name", "column-2": ""})
    jobs.run(Job.objects.get(kind="import_stage").pk)
    run.refresh_from_db()
    assert (run.state, run.verdict) == (state, "accept")
    assert Job.objects.filter(kind="import_take_over").exists() == (state == "confirmed")  # else somebody has to look first


def test_administrators_without_an_address_are_told_by_a_note_until_the_list_is_settled(folder, dieter, carla):
    User.objects.filter(pk=dieter.pk).update(email="")
    _lay(folder / "kunden.csv", ["Kundennummer", "Firma", "PLZ"], ["1", "Müller", "ABCDE"])
    _work()
    run = ImportRun.objects.get()
    Notification.objects.update(made_at=timezone.now() - dt.timedelta(days=3))  # over a weekend
    told = [(note.text, note.url) for note in notifications.shown(dieter)]
    assert told == [("Liste nicht übernommen: kunden.csv", reverse("imports:run", args=[run.pk]))]
    assert (notifications.shown(carla), mail.outbox) == ([], [])
    ImportRun.objects.update(state=ImportRun.State.DONE)
    assert notifications.shown(dieter) == []


def test_what_is_no_list_is_told_once(folder):
    path = folder / "kunden.xlsx"
    path.write_bytes(b"PK garbage")
    os.utime(path, (time.time() - 60,) * 2)
    _work()
    _work()
    assert (ImportRun.objects.get().failure, len(mail.outbox)) == ("refused", 1)


def test_the_same_list_again_is_taken_away_without_a_run(folder):
    for _time in range(2):
        _lay(folder / "kunden.csv", ["Kundennummer", "Firma"], ["1", "Müller"])
        _work()
    assert (ImportRun.objects.count(), list(folder.iterdir())) == (1, [])


def test_a_file_that_is_still_being_written_or_is_no_list_stays(folder):
    write_csv(folder / "kunden.csv", ["Kundennummer", "Firma"], ["1", "Müller"])
    _lay(folder / "kunden.csv.part", ["Kundennummer"])
    _work()
    assert (ImportRun.objects.count(), len(list(folder.iterdir()))) == (0, 2)


@pytest.mark.parametrize("state", ["uploaded", "confirmed"])
def test_a_worker_that_died_is_followed_by_one_that_finishes(folder, state, monkeypatch):
    _lay(folder / "kunden.csv", ["Kundennummer", "Firma"], ["1", "Müller"])
    name = "stage" if state == "uploaded" else "take_over"
    with monkeypatch.context() as patch:
        patch.setattr(pick_up, name, lambda *_args, **_said: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            _work()
    assert (ImportRun.objects.get().state, len(list(folder.iterdir()))) == (state, 1)
    Job.objects.update(state="done")
    _work()
    assert (ImportRun.objects.get().state, list(folder.iterdir())) == ("done", [])


def test_without_a_folder_nothing_is_asked_for(settings, db):
    settings.IMPORT_DIR = None
    pick_up.look_into_folder(timezone.now())
    assert not Job.objects.exists()
