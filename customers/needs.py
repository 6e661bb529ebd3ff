"""Needs written down as they are told, and what they say of the revenue that is still to be won."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import DateField, F
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from customers.locks import hold
from customers.models import Activity, Customer, Need, ProductGroup, PurchaseMonth
from customers.touched import touch
from innendienst.lib.dates import add_months
from innendienst.lib.money import money_sum
from innendienst.lib.prepared import IdsParam, Param, Prepared

_WHY = "needs of customers found by visible_to, or of all"
_STATED = Prepared(
    lambda: (
        Need.objects.for_system(_WHY)
        .filter(customer__in=IdsParam("customers"), yearly_need__isnull=False)
        .order_by()
        .values_list("customer", "group", "yearly_need")
    )
)
_BOUGHT = Prepared(
    lambda: (
        PurchaseMonth.objects.for_system(_WHY)
        .filter(customer__in=IdsParam("customers"), product__group__in=IdsParam("groups"))
        .filter(month__gte=Param("since", DateField()))
        .order_by()
        .values_list("customer", "product__group")
        .annotate(revenue=money_sum("revenue_net"))
    )
)


class NeedConflict(RuntimeError):
    """Somebody else wrote about this product group since the form was shown; nothing was written."""

    def __init__(self, need: Need) -> None:
        super().__init__(need.pk)
        self.need = need


@dataclass(frozen=True)
class Told:
    """What was told about one group; `version` is the one that was seen, 0 where nothing was known. All empty: it is not true any more."""

    group: ProductGroup
    supplier: str = ""
    yearly_need: Decimal | None = None
    contract_until: dt.date | None = None
    version: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.supplier or self.yearly_need or self.contract_until)


@transaction.atomic
def keep_needs(*, actor: User, customer: Customer, told: Iterable[Told], activity: Activity | None = None) -> int:
    """Write what was told, one line per product group; how many lines differ from what stood there. Raises NeedConflict.

    With the call in which it was told, undoing the call takes it back.
    """
    demand(actor, "call.log")
    hold(customer.pk)
    known = {need.group_id: need for need in Need.objects.for_system(_WHY).filter(customer=customer)}
    changed = sum(_keep(actor, customer, known.get(one.group.pk), one, activity) for one in told)
    if changed:
        touch([customer.pk])
    return changed


def take_back(activity: Activity) -> None:
    """The call was undone: what it wrote about needs is again what it was, unless somebody wrote over it since."""
    for need in Need.objects.for_system(_WHY).filter(activity=activity):
        row = Need.objects.for_system(_WHY).filter(pk=need.pk)
        if need.before:
            row.update(**need.before, activity=None, before={}, version=F("version") + 1)
        else:
            row.delete()


def _keep(actor: User, customer: Customer, need: Need | None, told: Told, activity: Activity | None) -> bool:
    values = {"supplier": told.supplier, "yearly_need": told.yearly_need, "contract_until": told.contract_until}
    said = {**values, "told_on": timezone.localdate(), "told_to": actor, "activity": activity}
    if need is None:
        if told.is_empty:
            return False
        Need.objects.create(customer=customer, group=told.group, **said)
        return True
    if values == {name: getattr(need, name) for name in values}:
        return False
    if need.version != told.version:
        raise NeedConflict(need)
    row = Need.objects.for_system("the customer is held").filter(pk=need.pk)
    row.update(**said, before=_before(need) if activity else {}, version=F("version") + 1)
    return True


def _before(need: Need) -> dict[str, object]:
    """What stands there, as JSON can hold it and a column takes it back."""
    return {
        "supplier": need.supplier,
        "yearly_need": None if need.yearly_need is None else str(need.yearly_need),
        "contract_until": need.contract_until and need.contract_until.isoformat(),
        "told_on": need.told_on.isoformat(),
        "told_to_id": need.told_to_id,
    }


def potentials(customer_ids: Sequence[int], before: dt.date) -> dict[int, Decimal]:
    """Customer id → net euros a year that he buys elsewhere: his needs less what he bought of these groups from us, never below 0.

    Customers of whom no yearly need is known are missing. The year ends with the last whole month before `before`.
    """
    stated = {(customer, group): need for customer, group, need in _STATED(customers=customer_ids)}
    if not stated:
        return {}
    customers, groups = ({key[place] for key in stated} for place in (0, 1))
    since = add_months(before.replace(day=1), -12)
    rows = _BOUGHT(customers=list(customers), groups=list(groups), since=since)
    bought = {(customer, group): revenue for customer, group, revenue in rows}
    found = dict.fromkeys(customers, Decimal(0))
    for key, need in stated.items():
        found[key[0]] += max(need - max(bought.get(key, Decimal(0)), Decimal(0)), Decimal(0))
    return found
