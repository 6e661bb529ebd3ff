"""Whoever is entered or listed with a number or an address that somebody forbade elsewhere is blocked from the start."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from customers.models import Contact, ContactBlock
from customers.same_reach.copies import carry_over
from customers.same_reach.erased import block_returning
from innendienst.lib.prepared import IdsParam, Prepared

_WHY = "a block holds for a number, whoever stands behind it"


def block_newcomers(customer_ids: Sequence[int]) -> list[ContactBlock]:
    """Block these customers and their people who bear what somebody forbade elsewhere, or before he was erased; the blocks added."""
    return [*carry_over(list(_BLOCKED_ELSEWHERE(customers=customer_ids))), *block_returning(customer_ids)]


def _blocked_elsewhere() -> QuerySet[ContactBlock]:
    """Standing blocks of persons who share a number or an address with somebody at these customers."""
    theirs = Contact.objects.for_system(_WHY).filter(customer__in=IdsParam("customers"))
    borne = Q(contact__match_key__in=theirs.exclude(email="").values("match_key"))
    for name in ("phone_e164", "mobile_e164"):
        numbers = theirs.exclude(**{name: ""}).values(name)
        borne |= Q(contact__phone_e164__in=numbers) | Q(contact__mobile_e164__in=numbers)
    return ContactBlock.objects.for_system(_WHY).filter(borne, lifted_at=None, carried_from=None)


_BLOCKED_ELSEWHERE = Prepared(_blocked_elsewhere)
