"""How the rows of an import are called, and whose they are."""

from collections.abc import Collection, Iterable

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from customers.imports.undoing import sql
from customers.models import Activity, Contact, ContactBlock, Customer, FollowUp, ImportRun, Order, OrderLine, Product, PurchaseRhythm
from innendienst.lib import display

NAMED_MOST = 500
_WHY = "an import is taken back"
_NAMED_BY = {Customer: ("number", "name"), Product: ("sku", "name"), OrderLine: ("order__number", "position"), Order: ("number",)}


def of(model: type[models.Model], ids: Iterable[int]) -> dict[int, str]:
    """Row → its name, for as many as will be named."""
    found = model._base_manager.filter(pk__in=sorted(ids)[:NAMED_MOST])
    if columns := _NAMED_BY.get(model):
        return {pk: " ".join(map(str, parts)) for pk, *parts in found.values_list("pk", *columns)}
    return {row.pk: str(row) for row in found}


def counted(count: int, model: type[models.Model], kind: str = "") -> str:
    """So many rows, as a person counts them."""
    if kind == Activity.Kind.CALL:
        return ngettext("%(count)s call", "%(count)s calls", count) % {"count": display.number(count)}
    if kind == Activity.Kind.LETTER:
        return ngettext("%(count)s letter", "%(count)s letters", count) % {"count": display.number(count)}
    return f"{display.number(count)} {model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural}"


def of_runs(ids: Iterable[int]) -> dict[int, str]:
    """Imports as the list of imports shows them: by file and day."""
    found = ImportRun.objects.filter(pk__in=set(ids))
    return {
        run.pk: _("the list %(file)s of %(day)s") % {"file": _file(run), "day": display.date(timezone.localdate(run.started_at))}
        for run in found
    }


def _file(run: ImportRun) -> str:
    return run.file_name or str(run.get_kind_display())


def customers_of(run_id: int, kind: str) -> Collection[int]:
    """The customers of the rows that an import of customers, contacts or products made or changed."""
    if kind == ImportRun.List.CUSTOMERS:
        own = {*sql.changed_ids(run_id, "customers_customer"), *sql.made_ids(run_id, "customers_customer")}
        return own | _owners(run_id, Contact) | _owners(run_id, ContactBlock)
    if kind == ImportRun.List.CONTACTS:
        changed = Contact.objects.for_system(_WHY).filter(pk__in=sql.changed_ids(run_id, "customers_contact"))
        return {*changed.values_list("customer", flat=True)} | _owners(run_id, Contact) | _owners(run_id, ContactBlock)
    if kind == ImportRun.List.FOLLOW_UPS:
        return _owners(run_id, FollowUp)
    products = sql.changed_ids(run_id, "customers_product")
    return {*PurchaseRhythm.objects.for_system(_WHY).filter(product__in=products).values_list("customer", flat=True)}


def _owners(run_id: int, model: type[models.Model]) -> set[int]:
    """The customers of rows that were made beside those of the list."""
    made = sql.made_ids(run_id, model._meta.db_table)
    return {*model._base_manager.filter(pk__in=made).values_list("customer", flat=True)}
