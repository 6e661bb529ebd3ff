"""Blocks and objections: set at once by anybody who hears a "no", lifted by nobody but the administration."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.permissions import demand
from customers.locks import hold
from customers.models import Activity, Contact, ContactBlock, Customer
from customers.same_reach import carry_over, twins_of
from customers.touched import touch
from innendienst.base import audit


@transaction.atomic
def block_contact(
    *,
    actor,
    customer: Customer,
    contact: Contact | None = None,
    activity: Activity | None = None,
    channel: str = "",
    kind: str = ContactBlock.Kind.BLOCK,
    reason: str = "",
) -> ContactBlock:
    """Forbid a channel (or all of them) to a company or one person; a block that stands already is that block."""
    demand(actor, "contact.refuse")
    return _block(customer, contact, channel, kind, {"reason": reason, "set_by": actor, "activity": activity})


@transaction.atomic
def record_objection(*, customer: Customer, contact: Contact | None = None, reason: str = "") -> ContactBlock:
    """What a customer's person said himself, without one of us: no advertising any more, by no way. Said again, it is that objection."""
    return _block(customer, contact, "", ContactBlock.Kind.OBJECTION, {"reason": reason})


def has_objected(*, customer: Customer, contact: Contact | None = None) -> bool:
    """Whether an objection of this person, or of his whole company, stands."""
    blocks = ContactBlock.objects.for_system("a block is for everybody").filter(customer=customer, kind=ContactBlock.Kind.OBJECTION)
    return blocks.filter(Q(contact=contact) | Q(contact=None), channel="", lifted_at=None).exists()


def _block(customer: Customer, contact: Contact | None, channel: str, kind: str, values: dict) -> ContactBlock:
    hold(customer.pk)
    said = {"customer": customer, "contact": contact, "channel": channel, "kind": kind}
    blocks = ContactBlock.objects.for_system("a block is for everybody")
    # Two merged customers may have brought one each.
    block = blocks.filter(**said, lifted_at=None).order_by("pk").first()
    if block is None:
        block = blocks.create(**said, set_on=timezone.localdate(), **values)
    copies = carry_over([block])
    touch([customer.pk, *twins_of({customer.pk: customer.phone_e164}).get(customer.pk, ()), *(copy.customer_id for copy in copies)])
    return block


@transaction.atomic
def lift_block(*, actor, block: ContactBlock) -> bool:
    """Let the customer be contacted again from now on; the block stays on record. False when it was lifted before."""
    demand(actor, "admin.use")
    hold(block.customer_id)
    standing = ContactBlock.objects.for_system("the administration lifts blocks").filter(pk=block.pk, lifted_at=None)
    if standing.update(lifted_at=timezone.now()) == 0:
        return False
    touch([block.customer_id, *twins_of({block.customer_id: block.customer.phone_e164}).get(block.customer_id, ())])
    audit.record("contact_block.lift", by=actor, block=block.pk, customer=block.customer_id)
    return True
