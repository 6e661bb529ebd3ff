"""Who looks after which customers."""

from collections.abc import Iterable
from itertools import islice

from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.permissions import allowed, demand
from customers.models import Customer
from customers.touched import touch
from innendienst.base import audit

_BATCH = 1_000


class OwnerRefused(ValueError):
    """This person cannot look after customers: deactivated, or of a role that does not call."""


@transaction.atomic
def assign_owner(*, actor: User, customer_ids: Iterable[int], owner: User | None) -> int:
    """Give customers to a person, or back to the pool (None), and return how many changed hands.

    Customers the actor may not see are passed over like those the person has already. Their places on the call lists follow
    with the next refresh.
    """
    demand(actor, "customer.assign")
    if owner is not None and not allowed(owner, "day.work"):
        raise OwnerRefused(owner.pk)
    ids = iter(customer_ids)
    changed_count = 0
    while batch := list(islice(ids, _BATCH)):
        changed_count += _assign(actor, batch, owner)
    return changed_count


def _assign(actor: User, customer_ids: list[int], owner: User | None) -> int:
    visible = Customer.objects.visible_to(actor).filter(pk__in=customer_ids)
    others = visible.exclude(owner=owner) if owner else visible.exclude(owner=None)
    changing = sorted(others.values_list("pk", flat=True))
    if changing:
        Customer.objects.for_system("found by visible_to").filter(pk__in=changing).update(owner=owner, version=F("version") + 1)
        touch(changing)
        audit.record("customer.assign", by=actor, owner=owner and owner.pk, customers=changing)
    return len(changing)
