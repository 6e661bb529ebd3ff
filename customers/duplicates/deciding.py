"""Two customers who look alike and are not the same: said once, remembered, and taken back where it was wrong."""

from django.db import transaction

from accounts.models import User
from accounts.permissions import demand
from customers.models import Customer, NotDuplicate
from innendienst.base import audit

_WHY = "what was said holds for everybody who may merge"


@transaction.atomic
def keep_apart(*, actor: User, one: Customer, other: Customer) -> NotDuplicate:
    """Never propose these two again; said already, it is that. The same customer twice raises ValueError."""
    demand(actor, "customer.merge")
    if one.pk == other.pk:
        raise ValueError(one.pk)
    first, second = sorted((one, other), key=lambda customer: customer.pk)
    said, is_new = NotDuplicate.objects.for_system(_WHY).get_or_create(customer=first, other=second, defaults={"by": actor})
    if is_new:
        audit.record("customer.keep_apart", by=actor, customers=[first.pk, second.pk])
    return said


@transaction.atomic
def propose_again(*, actor: User, said: NotDuplicate) -> None:
    """The two may be one after all; taken back already, nothing happens."""
    demand(actor, "customer.merge")
    deleted, _tables = NotDuplicate.objects.for_system(_WHY).filter(pk=said.pk).delete()
    if deleted:
        audit.record("customer.propose_again", by=actor, customers=[said.customer_id, said.other_id])
