"""Blocks written for whoever else bears the number or address: they hold, and are lifted, with the block that was said."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from customers.models import ContactBlock
from customers.models.permissions import Channel
from customers.same_reach.people import people, reached_by, reaches_of
from innendienst.lib.batches import in_batches

_WHY = "a block holds for a number, whoever stands behind it"


class Target(NamedTuple):
    """Whom a copy is for, and by which channel; without a contact the company itself."""

    customer_id: int
    contact_id: int | None
    channel: str


def carry_over(blocks: Sequence[ContactBlock]) -> list[ContactBlock]:
    """Write what these persons forbade for everybody else who bears the number or address; the blocks that were added."""
    said = [block for block in blocks if block.contact_id]
    return [added for batch in in_batches(said) for added in _carry_over(batch)]


def _carry_over(said: Sequence[ContactBlock]) -> list[ContactBlock]:
    borne = {person.pk: set(reaches_of(person)) for person in people().filter(pk__in={block.contact_id for block in said})}
    by_reach = defaultdict(list)
    for person in reached_by({reach for reaches in borne.values() for reach in reaches}):
        for reach in reaches_of(person):
            by_reach[reach].append(person)
    return add_copies(
        (block, Target(person.customer_id, person.pk, channel))
        for block in said
        for channel, value in borne.get(block.contact_id, ())
        for person in by_reach[channel, value]
        if person.customer_id != block.customer_id
    )


def add_copies(said: Iterable[tuple[ContactBlock, Target]]) -> list[ContactBlock]:
    """A copy of each block for its target, unless the block speaks of another channel or one of its kind stands there already.

    What was said is nobody's business elsewhere.
    """
    wanted = {(target, block.kind): block for block, target in said if block.channel in {"", target.channel}}
    if not wanted:
        return []
    standing = ContactBlock.objects.for_system(_WHY).filter(customer__in={target.customer_id for target, _kind in wanted}, lifted_at=None)
    for customer, contact, kind, channel in standing.values_list("customer", "contact", "kind", "channel"):
        for covered in [channel] if channel else ["", *Channel.values]:
            wanted.pop((Target(customer, contact, covered), kind), None)
    return ContactBlock.objects.bulk_create(
        ContactBlock(
            customer_id=target.customer_id, contact_id=target.contact_id, channel=target.channel, kind=block.kind, set_on=block.set_on,
            set_by_id=block.set_by_id, carried_from_id=block.carried_from_id or block.pk,
        )
        for (target, _kind), block in wanted.items()
    )  # fmt: skip
