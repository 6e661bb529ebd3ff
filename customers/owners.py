"""Who looks after which customers, and taking back who was given whom."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.permissions import allowed, demand
from customers.models import Customer
from customers.touched import touch
from innendienst.base import audit
from innendienst.base.models import AuditEvent

UNDO_WITHIN = dt.timedelta(minutes=10)
_ACT = "customer.assign"
_BATCH = 1_000


class OwnerRefused(ValueError):
    """This person cannot look after customers: deactivated, or of a role that does not call."""


@dataclass(frozen=True)
class Assigned:
    """How many customers changed hands, and the audit events by which this is taken back."""

    count: int
    event_ids: list[int]


@transaction.atomic
def assign_owner(*, actor: User, customer_ids: Iterable[int], owner: User | None) -> Assigned:
    """Give customers to a person, or back to the pool (None).

    Customers the actor may not see are passed over like those the person has already. Their places on the call lists follow
    with the next refresh.
    """
    demand(actor, "customer.assign")
    if owner is not None and not allowed(owner, "day.work"):
        raise OwnerRefused(owner.pk)
    ids = iter(customer_ids)
    events = []
    while batch := list(islice(ids, _BATCH)):
        visible = Customer.objects.visible_to(actor).filter(pk__in=batch)
        events += _give(actor, visible.exclude(owner=owner) if owner else visible.exclude(owner=None), owner and owner.pk)
    return Assigned(sum(len(event.facts["customers"]) for event in events), [event.pk for event in events])


@transaction.atomic
def undo_assign(*, actor: User, event_ids: Iterable[int]) -> int:
    """Give the customers of these acts back to whoever had them; how many. Who has changed hands again since then stays there.

    Acts of others, and those too long ago, are passed over.
    """
    demand(actor, "customer.assign")
    own = AuditEvent.objects.filter(pk__in=list(event_ids), act=_ACT, by=actor, at__gte=timezone.now() - UNDO_WITHIN)
    given_back = [event for undone in own.order_by("pk") for event in _give_back(actor, undone)]
    return sum(len(event.facts["customers"]) for event in given_back)


def _give_back(actor: User, undone: AuditEvent) -> list[AuditEvent]:
    customers_of: dict[int | None, list[int]] = defaultdict(list)
    for customer_id, former_id in zip(undone.facts["customers"], undone.facts["before"], strict=True):
        customers_of[former_id].append(customer_id)
    still_there = Customer.objects.visible_to(actor).filter(owner=undone.facts["owner"])
    return [event for former_id, ids in customers_of.items() for event in _give(actor, still_there.filter(pk__in=ids), former_id)]


def _give(actor: User, customers, owner_id: int | None) -> list[AuditEvent]:
    """Move these customers in one statement; the event that says so, none where there was nobody to move.

    They are held in the order of their ids, so that of two who assign at once the second sees what the first did.
    """
    moving = dict(customers.order_by("pk").select_for_update(no_key=True).values_list("pk", "owner"))
    if not moving:
        return []
    Customer.objects.for_system("found by visible_to").filter(pk__in=list(moving)).update(owner=owner_id, version=F("version") + 1)
    touch(list(moving))
    return [audit.record(_ACT, by=actor, owner=owner_id, customers=list(moving), before=list(moving.values()))]
