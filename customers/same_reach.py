"""Who bears the same number or address under several customer numbers (domain guide U-7, D-2).

A company's switchboard is compared whenever the gate is asked (gate_facts.py). What a person forbade is written for everybody
who bears the same number or address elsewhere, when it is set and when such a person comes in later, as copies that are lifted
with it. Of an erased person a keyed hash of both stays with the block, so that neither the next list nor a new entry brings
the permission back.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from django.db.models import Q, QuerySet, Subquery

from customers.models import BlockedReach, Contact, ContactBlock, Customer
from customers.models.permissions import Channel
from innendienst.lib import link_keys
from innendienst.lib.joining import joined
from innendienst.lib.prepared import IdsParam, Prepared

T = TypeVar("T")
Reach = tuple[str, str]
"""Channel and what it reaches the person by: ("phone", "+49…"), ("email", "kim@nord.example")."""

_WHY = "a block holds for a number, whoever stands behind it"
_BATCH = 1_000
_NUMBERS = Customer.objects.for_system(_WHY).filter(pk__in=IdsParam("customers")).exclude(phone_e164="").values("phone_e164")
_AT_NUMBERS = Prepared(
    lambda: (
        Customer.objects.for_system(_WHY)
        .filter(phone_e164__in=Subquery(_NUMBERS), merged_into=None)
        .order_by()
        .values_list("phone_e164", "pk")
    )
)


def _blocked_elsewhere() -> QuerySet[ContactBlock]:
    """Standing blocks of persons who share a number or an address with somebody at these customers."""
    theirs = Contact.objects.for_system(_WHY).filter(customer__in=IdsParam("customers"))
    borne = Q(contact__match_key__in=theirs.exclude(email="").values("match_key"))
    for name in ("phone_e164", "mobile_e164"):
        numbers = theirs.exclude(**{name: ""}).values(name)
        borne |= Q(contact__phone_e164__in=numbers) | Q(contact__mobile_e164__in=numbers)
    return ContactBlock.objects.for_system(_WHY).filter(borne, lifted_at=None, carried_from=None)


_BLOCKED_ELSEWHERE = Prepared(_blocked_elsewhere)


def bearers_of(numbers: Mapping[int, str]) -> dict[str, list[int]]:
    """Number → ids of the customers whose switchboard it is, for numbers that several have.

    `numbers` are those of the customers asked about, by customer id, "" where there is none. One query, none where nobody has a number.
    """
    asked = [pk for pk, number in numbers.items() if number]
    bearers: dict[str, list[int]] = defaultdict(list)
    for number, pk in _AT_NUMBERS(customers=asked) if asked else ():
        bearers[number].append(pk)
    return {number: pks for number, pks in bearers.items() if len(pks) > 1}


def reached_together(customer_ids: Sequence[int]) -> list[list[int]]:
    """Those of these customers whom one call or mail reaches, in groups: one switchboard, or people with one number or address.

    Two queries for each thousand of them.
    """
    bearers: dict[Reach, set[int]] = defaultdict(set)
    for part in _parts(customer_ids):
        companies = Customer.objects.for_system(_WHY).filter(pk__in=part).exclude(phone_e164="")
        for pk, number in companies.values_list("pk", "phone_e164"):
            bearers[Channel.PHONE, number].add(pk)
        people = Contact.objects.for_system(_WHY).filter(customer__in=part)
        for pk, number, mobile, email in people.values_list("customer", "phone_e164", "mobile_e164", "email"):
            for reach in ((Channel.PHONE, number), (Channel.PHONE, mobile), (Channel.EMAIL, email.lower())):
                bearers[reach].add(pk)
    return joined(pks for (_channel, value), pks in bearers.items() if value and len(pks) > 1)


def carry_over(blocks: Sequence[ContactBlock]) -> list[ContactBlock]:
    """Write what these persons forbade for everybody else who bears the number or address; the blocks that were added."""
    said = [block for block in blocks if block.contact_id]
    return [added for part in _parts(said) for added in _carry_over(part)]


def recall(customer_ids: Sequence[int]) -> list[ContactBlock]:
    """Block the people of these customers who bear what somebody forbade elsewhere, or before he was erased; the blocks added."""
    return [*carry_over(list(_BLOCKED_ELSEWHERE(customers=customer_ids))), *_recall_erased(customer_ids)]


def keep_hashes(people: QuerySet[Contact]) -> None:
    """Before these people are erased: whoever bears their number or address again is blocked as they were."""
    blocks = ContactBlock.objects.for_system(_WHY).filter(contact__in=people, lifted_at=None)
    by_person = {person.pk: person for person in people.select_related("customer")}
    kept = [BlockedReach(block=block, reach=_hash(reach)) for block in blocks for reach in _reaches(by_person[block.contact_id])]
    BlockedReach.objects.bulk_create(kept, ignore_conflicts=True)
    blocks.update(reason="")


def keep_number(block: ContactBlock, number: str) -> None:
    """A number by which the person of the block was to be reached, and which is forgotten: it stays blocked."""
    if number:
        BlockedReach.objects.get_or_create(block=block, reach=_hash((Channel.PHONE, number)))


def _carry_over(said: Sequence[ContactBlock]) -> list[ContactBlock]:
    people = {person.pk: person for person in _people().filter(pk__in={block.contact_id for block in said})}
    borne = {pk: set(_reaches(person)) for pk, person in people.items()}
    by_reach = defaultdict(list)
    for person in _bearing({reach for reaches in borne.values() for reach in reaches}):
        for reach in _reaches(person):
            by_reach[reach].append(person)
    return _add(
        (block, person, channel)
        for block in said
        for channel, value in borne.get(block.contact_id, ())
        for person in by_reach[channel, value]
        if person.customer_id != block.customer_id
    )


def _recall_erased(customer_ids: Sequence[int]) -> list[ContactBlock]:
    """The person himself is back: all that he forbade holds, whichever of his numbers and addresses came back with him."""
    if not BlockedReach.objects.exists():
        return []
    added = []
    for part in _parts(customer_ids):
        people = _people().filter(customer__in=part)
        bearers: dict[str, list[Contact]] = defaultdict(list)
        for person in people:
            for reach in _reaches(person):
                bearers[_hash(reach)].append(person)
        known = BlockedReach.objects.filter(reach__in=bearers, block__lifted_at=None).select_related("block")
        added += _add((one.block, person, one.block.channel) for one in known for person in bearers[one.reach])
    return added


def _add(said: Iterable[tuple[ContactBlock, Contact, str]]) -> list[ContactBlock]:
    """Copies of each block for the person and channel, unless it speaks of another channel or one of its kind stands already.

    They hold as long as the block that was said; what was said is nobody's business elsewhere.
    """
    wanted = {(person.pk, block.kind, channel): (block, person) for block, person, channel in said if block.channel in {"", channel}}
    standing = ContactBlock.objects.for_system(_WHY).filter(contact__in={pk for pk, _kind, _channel in wanted}, lifted_at=None)
    for contact, kind, channel in standing.values_list("contact", "kind", "channel"):
        for covered in [channel] if channel else ["", *Channel.values]:
            wanted.pop((contact, kind, covered), None)
    return ContactBlock.objects.bulk_create(
        ContactBlock(
            customer_id=person.customer_id, contact=person, channel=channel, kind=block.kind, set_on=block.set_on,
            set_by_id=block.set_by_id, carried_from_id=block.carried_from_id or block.pk,
        )
        for (_pk, _kind, channel), (block, person) in wanted.items()
    )  # fmt: skip


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH))


def _people() -> QuerySet[Contact]:
    return Contact.objects.for_system(_WHY).filter(customer__merged_into=None).select_related("customer")


def _bearing(reaches: Iterable[Reach]) -> QuerySet[Contact]:
    numbers = [value for channel, value in reaches if channel == Channel.PHONE]
    mails = [value for channel, value in reaches if channel == Channel.EMAIL]
    return _people().filter(Q(phone_e164__in=numbers) | Q(mobile_e164__in=numbers) | Q(match_key__in=mails))


def _reaches(person: Contact) -> Iterator[Reach]:
    """What reaches this very person: the number of his company's switchboard does not."""
    for number in {person.phone_e164, person.mobile_e164} - {"", person.customer.phone_e164}:
        yield Channel.PHONE, number
    if person.email:
        yield Channel.EMAIL, person.email.lower()


def _hash(reach: Reach) -> str:
    return link_keys.make(b"block", ":".join(reach))
