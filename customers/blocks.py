"""Blocks and objections: set at once by anybody who hears a "no", lifted by nobody but the administration."""

from django.db import transaction
from django.utils import timezone

from accounts.permissions import demand
from customers.models import Activity, Contact, ContactBlock, Customer
from customers.touched import touch


@transaction.atomic
def block_contact(
    *, actor, customer: Customer, contact: Contact | None = None, activity: Activity | None = None, channel: str = "", reason: str = ""
) -> ContactBlock:
    """Forbid a channel (or all of them) to a company or one person; a block that stands already is that block."""
    demand(actor, "call.log")
    block, _made = ContactBlock.objects.for_system("a block is for everybody").get_or_create(
        customer=customer,
        contact=contact,
        channel=channel,
        lifted_at=None,
        defaults={"reason": reason, "set_on": timezone.localdate(), "set_by": actor, "activity": activity},
    )
    touch([customer.pk])
    return block
