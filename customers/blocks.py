"""Blocks and objections: set at once by anybody who hears a "no", lifted by nobody but the administration."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.permissions import demand
from customers.locks import hold, hold_all
from customers.models import Activity, Contact, ContactBlock, Customer
from customers.same_reach import erased
from customers.same_reach.copies import carry_over
from customers.signals import people_blocked
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
    if contact:
        people_blocked.send(sender=ContactBlock, contact_ids=[contact.pk])
    touch([customer.pk, *(copy.customer_id for copy in copies)])
    return block


@transaction.atomic
def lift_block(*, actor, block: ContactBlock) -> bool:
    """Let the customer be contacted again from now on; the block stays on record. False when it was lifted before.

    What a person said holds under all his customer numbers or under none: the block and its copies are lifted together.
    """
    demand(actor, "admin.use")
    said = block.carried_from_id or block.pk
    if not lift_together(Q(pk=said)):
        return False
    audit.record("contact_block.lift", by=actor, block=block.pk, customer=block.customer_id)
    return True


def lift_together(which: Q) -> int:
    """Lift the standing blocks of a condition with the copies that were carried to other customers; how many that were."""
    blocks = ContactBlock.objects.for_system("a block is for everybody")
    said = blocks.filter(which).values("pk")
    together = blocks.filter(Q(pk__in=said) | Q(carried_from__in=said), lifted_at=None)
    found = dict(together.values_list("pk", "customer"))
    hold_all(found.values())
    lifted_count = blocks.filter(pk__in=found, lifted_at=None).update(lifted_at=timezone.now())
    erased.forget(blocks.filter(pk__in=found))
    touch(found.values())
    return lifted_count
