"""Lists that are under way while two customers are merged or parted, and merges while a list is being taken over."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from customers.imports import job as import_job, sql, uploads
from customers.models import ImportRun, Order
from innendienst.base import jobs
from innendienst.base.models import Job
from innendienst.merging.acts import MergeRefused, merge, undo_merge
from innendienst.merging.clashes import Refusal
from tests import factories
from tests.merging.scenes import make_twins

WHY = "a test looks"
HEAD = "Auftragsnummer;Position;Kundennummer;Artikelnummer;Datum;Menge;Umsatz"


@pytest.fixture
def twins(db):
    factories.make_product(sku="A")
    return make_twins()


def work() -> None:
    for kind in (uploads.STAGE, import_job.TAKE_OVER):
        for job in Job.objects.filter(kind=kind, state="queued"):
            jobs.run(job.pk)


def stage(client, number: str) -> ImportRun:
    """An order line for K-2, read and waiting for somebody to confirm it."""
    file = SimpleUploadedFile("a.csv", f"{HEAD}\n{number};1;K-2;A;02.11.2026;1;50\n".encode())
    client.post(reverse("imports:upload", args=["orders"]), {"mode": "strict", "file": file})
    work()
    return ImportRun.objects.get(state="staged")


def take_over(run: ImportRun, user) -> ImportRun:
    ImportRun.objects.filter(pk=run.pk).update(state="confirmed", confirmed_by=user)
    jobs.request(import_job.TAKE_OVER, target=str(run.pk), run=run.pk)
    work()
    run.refresh_from_db()
    return run


@pytest.mark.django_db
def test_a_line_read_before_the_merge_lands_with_the_one_who_stays(dieters, dieter, twins):
    kept, gone = twins
    run = stage(dieters, "AB-1")
    merge(actor=dieter, kept=kept, gone=gone, taken=())
    assert take_over(run, dieter).state == "done"
    assert Order.objects.for_system(WHY).get().customer == kept


@pytest.mark.django_db
def test_a_line_read_before_the_two_were_parted_is_previewed_once_more(dieters, dieter, twins):
    kept, gone = twins
    done = merge(actor=dieter, kept=kept, gone=gone, taken=())
    run = stage(dieters, "AB-1")
    undo_merge(actor=dieter, done=done)
    assert take_over(run, dieter).state == "staged"
    assert take_over(run, dieter).state == "done"
    assert Order.objects.for_system(WHY).get().customer == gone


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_nobody_is_merged_while_a_list_is_being_written(carla):
    kept, gone = make_twins()
    refused = []

    def merge_too() -> None:
        try:
            merge(actor=carla, kept=kept, gone=gone, taken=())
        except MergeRefused as refusal:
            refused.extend(refusal.reasons)
        connection.close()

    with transaction.atomic():
        sql.one_at_a_time()
        other = threading.Thread(target=merge_too)
        other.start()
        other.join(20)
    assert refused == [Refusal.IMPORT]
