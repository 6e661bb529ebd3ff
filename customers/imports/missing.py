"""Customers who are missing from a full export: the ERP knows them no longer, so nobody should call them."""

from django.db import models, transaction
from django.db.models import F

from accounts.models import User
from accounts.permissions import demand
from customers.imports.sheet_choice import choosable
from customers.models import Customer, ImportBefore, ImportRow, ImportRun
from customers.touched import touch
from innendienst.base import audit
from innendienst.lib.batches import in_batches

_BATCH = 2_000
_WHY = "an administrator looks for customers whom a full export lacks"
_LEADS = (Customer.Lifecycle.LEAD, Customer.Lifecycle.PROSPECT)


def missing(run: ImportRun) -> models.QuerySet:
    """Listed customers who do not stand in the list of the run, the last one of customers.

    Empty where the list does not look like a full export: it had rows with errors, is one of several sheets, or lacks more customers
    than it knows. People who are no customers yet are in no ERP.
    """
    listed = Customer.objects.for_system(_WHY).filter(is_inactive=False, merged_into=None).exclude(lifecycle__in=_LEADS)
    if not _may_be_full(run):
        return listed.none()
    rows = ImportRow.objects.filter(run=run)
    found = listed.exclude(pk__in=rows.filter(target__isnull=False).values("target")).order_by("sort_key", "pk")
    return found if found.count() <= rows.exclude(fate=ImportRow.Fate.NEW).count() else listed.none()


@transaction.atomic
def set_inactive(*, actor: User, run: ImportRun) -> int:
    """Set the missing customers inactive, as part of the import: taking it back takes this back; how many they were."""
    demand(actor, "import.run")
    run = ImportRun.objects.select_for_update(no_key=True, of=("self",)).get(pk=run.pk)
    ids = list(missing(run).order_by("pk").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    if not ids:
        return 0
    images = [
        ImportBefore(run=run, table=Customer._meta.db_table, target=pk, before={"is_inactive": False}, after={"is_inactive": True})
        for pk in ids
    ]
    ImportBefore.objects.bulk_create(images, batch_size=_BATCH)
    for batch in in_batches(ids, _BATCH):
        customers = Customer.objects.for_system(_WHY).filter(pk__in=batch)
        customers.update(is_inactive=True, version=F("version") + 1)
    touch(ids)
    audit.record("import.set_inactive", by=actor, run=run.pk, customers=ids)
    return len(ids)


def _may_be_full(run: ImportRun) -> bool:
    is_taken_over = run.kind == ImportRun.List.CUSTOMERS and run.state == ImportRun.State.DONE and not run.rejected_count
    later = ImportRun.objects.filter(kind=run.kind, state=ImportRun.State.DONE, finished_at__gt=run.finished_at or run.started_at)
    return is_taken_over and not choosable(run) and not later.exclude(pk=run.pk).exists()
