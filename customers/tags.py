"""Tags put on many customers and taken off them, each of it taken back; and which customers bear one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from customers.models import Customer, CustomerTag, Tag
from innendienst.base import audit
from innendienst.base.models import AuditEvent
from innendienst.lib.folding import business_key
from innendienst.lib.prepared import IdsParam, Prepared

UNDO_WITHIN = dt.timedelta(minutes=10)
_ACT = "customer.tag"
_BATCH = 1_000
_WHY = "tags of customers found by visible_to"
_BORNE = Prepared(
    lambda: (
        CustomerTag.objects.for_system(_WHY)
        .filter(customer__in=IdsParam("customers"))
        .order_by("tag__key")
        .values_list("customer", "tag__name")
    )
)


@dataclass(frozen=True)
class Tagged:
    """How many customers changed, and the audit events by which this is taken back."""

    count: int
    event_ids: list[int]


@transaction.atomic
def tag_customers(*, actor: User, customer_ids: Iterable[int], name: str, is_on: bool = True) -> Tagged:
    """Put a tag on customers, or take it off (`is_on`). Those of whom it is so, and those the actor may not see, are passed over."""
    demand(actor, "customer.edit")
    key, events = business_key(name), []
    for held in _held(actor, customer_ids):
        tag = Tag.objects.get_or_create(key=key, defaults={"name": name})[0] if is_on else Tag.objects.filter(key=key).first()
        events += _write(actor, held, tag.pk, is_on=is_on) if tag else []
    return Tagged(sum(len(event.facts["customers"]) for event in events), [event.pk for event in events])


@transaction.atomic
def undo_tagging(*, actor: User, event_ids: Iterable[int]) -> int:
    """Take these acts back; of how many customers. Acts of others, and those too long ago, are passed over."""
    demand(actor, "customer.edit")
    own = AuditEvent.objects.filter(pk__in=list(event_ids), act=_ACT, by=actor, at__gte=timezone.now() - UNDO_WITHIN)
    taken_back = [
        event
        for undone in own.order_by("-pk")
        for held in _held(actor, undone.facts["customers"])
        for event in _write(actor, held, undone.facts["tag"], is_on=not undone.facts["is_on"])
    ]
    return sum(len(event.facts["customers"]) for event in taken_back)


def tags_of(customer_ids: Sequence[int]) -> dict[int, list[str]]:
    """Customer id → his tags by name, of customers found by visible_to; those without any are missing. One query."""
    found = defaultdict(list)
    for customer_id, name in _BORNE(customers=customer_ids):
        found[customer_id].append(name)
    return found


def tag_names(user: User) -> list[str]:
    """The tags that customers of this reader bear, by name."""
    borne = CustomerTag.objects.visible_to(user).order_by("tag__key").values_list("tag__name", flat=True)
    return list(dict.fromkeys(borne.distinct()))


def _held(actor: User, customer_ids: Iterable[int]) -> Iterator[list[int]]:
    """Those whom the actor may see, some hundred at a time: of two who tag the same customers the second waits, and finds it done."""
    ids = iter(customer_ids)
    while batch := list(islice(ids, _BATCH)):
        visible = Customer.objects.visible_to(actor).filter(pk__in=batch).order_by("pk")
        if held := list(visible.select_for_update(no_key=True).values_list("pk", flat=True)):
            yield held


def _write(actor: User, held: list[int], tag_id: int, *, is_on: bool) -> list[AuditEvent]:
    """Let these customers bear the tag or not; the event that says so, none where it is so of all of them."""
    rows = CustomerTag.objects.for_system(_WHY).filter(tag=tag_id, customer__in=held)
    bearing = set(rows.values_list("customer", flat=True))
    changing = [pk for pk in held if (pk in bearing) is not is_on]
    if not changing:
        return []
    if is_on:
        CustomerTag.objects.bulk_create(CustomerTag(customer_id=pk, tag_id=tag_id) for pk in changing)
    else:
        rows.delete()
    return [audit.record(_ACT, by=actor, tag=tag_id, is_on=is_on, customers=changing)]
