"""Of numbers and addresses that go from the tables while somebody's block stands, a keyed hash stays with it (domain guide D-2).

Whoever bears one of them again is blocked as he was. The hashes go when the block is lifted.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q, QuerySet

from customers.models import BlockedReach, Contact, ContactBlock, Customer
from customers.models.permissions import Channel
from customers.same_reach.copies import Target, add_copies
from customers.same_reach.people import Reach, people, reaches_of
from customers.same_reach.switchboards import neighbours
from innendienst.lib import link_keys
from innendienst.lib.batches import in_batches

_WHY = "a block survives erasure"


def keep_people(erased: QuerySet[Contact]) -> None:
    """Before these people are erased: what they forbade, or their company did, stays forbidden to whoever bears their number."""
    for person in erased.select_related("customer"):
        _keep(_standing(person), reaches_of(person))
    ContactBlock.objects.for_system(_WHY).filter(contact__in=erased, lifted_at=None).update(reason="")


def keep_number(person: Contact, number: str) -> None:
    """A number by which the person was to be reached, and which stands nowhere with him: it is as forbidden as he is.

    That of his company's switchboard is nobody's own.
    """
    if number and number != person.customer.phone_e164:
        _keep(_standing(person), [(Channel.PHONE, number)])


def keep_companies(erased: QuerySet[Customer]) -> list[ContactBlock]:
    """Before these companies are erased: what they forbade holds on for their number and address.

    Whoever shares the number is compared with them no longer: the block is written for him, and answered.
    """
    said = ContactBlock.objects.for_system(_WHY).filter(customer__in=erased, contact=None, lifted_at=None).select_related("customer")
    blocks = list(said)
    for block in blocks:
        _keep([block], _reaches_of_company(block.customer))
    sharing = {block: neighbours([block.customer_id]) for block in blocks}
    copies = add_copies((block, Target(pk, None, Channel.PHONE)) for block, twins in sharing.items() for pk in twins)
    said.update(reason="")
    return copies


def forget(blocks: QuerySet[ContactBlock]) -> None:
    """These blocks are lifted: nobody is known again by them."""
    BlockedReach.objects.filter(block__in=blocks).delete()


def block_returning(customer_ids: Sequence[int]) -> list[ContactBlock]:
    """Block these customers and their people where they bear what an erased one forbade; the blocks added.

    A person who is back is the one who was erased: all that he forbade holds, whichever of his numbers and addresses came with
    him. Of a company its number forbids calls and its address mails, since others may work behind them.
    """
    if not BlockedReach.objects.exists():
        return []
    return [added for batch in in_batches(customer_ids) for added in _block_returning(batch)]


def _block_returning(customer_ids: Sequence[int]) -> list[ContactBlock]:
    returned = defaultdict(list)
    for person in people().filter(customer__in=customer_ids):
        for reach in reaches_of(person):
            returned[_hash(reach)].append(Target(person.customer_id, person.pk, ""))
    for company in Customer.objects.for_system(_WHY).filter(pk__in=customer_ids, merged_into=None):
        for reach in _reaches_of_company(company):
            returned[_hash(reach)].append(Target(company.pk, None, reach[0]))
    known = BlockedReach.objects.filter(reach__in=returned, block__lifted_at=None).select_related("block")
    return add_copies(
        (one.block, target if target.channel else target._replace(channel=one.block.channel))
        for one in known
        for target in returned[one.reach]
    )


def _standing(person: Contact) -> QuerySet[ContactBlock]:
    """What the person forbids, and what his company does."""
    of_him = Q(contact=person) | Q(customer=person.customer_id, contact=None)
    return ContactBlock.objects.for_system(_WHY).filter(of_him, lifted_at=None)


def _reaches_of_company(company: Customer) -> Iterator[Reach]:
    if company.phone_e164:
        yield Channel.PHONE, company.phone_e164
    if company.email:
        yield Channel.EMAIL, company.email.lower()


def _keep(blocks: Iterable[ContactBlock], reaches: Iterable[Reach]) -> None:
    hashes = [_hash(reach) for reach in reaches]
    kept = [BlockedReach(block=block, reach=one) for block in blocks for one in hashes]
    BlockedReach.objects.bulk_create(kept, ignore_conflicts=True)


def _hash(reach: Reach) -> str:
    return link_keys.make(b"block", ":".join(reach))
