"""Ratings that a meeting wrote into a reference plan, taken over to the record: in one click, by whoever may rate."""

from django.db import transaction

from accounts.models import User
from accounts.permissions import demand
from customers.models import Customer
from referrals import asking
from referrals.models import ReferenceCustomer
from referrals.plans.acts import NobodyNamed
from referrals.plans.collecting import link
from referrals.plans.models import ReferencePlanRow
from referrals.plans.template import FLAGS, RATINGS, YES

Said = dict[str, int | bool]


class NothingRated(ValueError):
    """The row says nothing that is not on record."""


def unrecorded(row: ReferencePlanRow, reference: ReferenceCustomer | None) -> Said:
    """What people rated in the row and the record does not say. A cell that follows the record, or that is empty, says nothing."""
    written = {cell.column: cell.value for cell in row.cells.all() if cell.edited_by_id and cell.value}
    said: Said = {name: int(written[name]) for name in RATINGS if name in written}
    said |= {name: written[name] == YES for name in FLAGS if name in written}
    return {name: value for name, value in said.items() if value != getattr(reference, name, None)}


@transaction.atomic
def take_over(*, actor: User, row: ReferencePlanRow) -> ReferenceCustomer:
    """Rate the row's customer as it says; he is a candidate from then on. Raises NobodyNamed and NothingRated."""
    demand(actor, "reference.ask")
    link(row.document)
    held = ReferencePlanRow.objects.prefetch_related("cells").get(pk=row.pk)
    customer = Customer.objects.visible_to(actor).filter(pk=held.customer_id or 0).first()
    if customer is None:
        raise NobodyNamed(row.pk)
    if not unrecorded(held, None):
        raise NothingRated(row.pk)
    reference = asking.make_candidate(actor=actor, customer=customer)
    asking.rate(actor=actor, reference=reference, said=unrecorded(held, reference))
    return reference
