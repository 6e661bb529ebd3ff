"""By what a person is reached, and who is reached by it."""

from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet

from customers.models import Contact
from customers.models.permissions import Channel

Reach = tuple[str, str]
"""Channel and what it reaches somebody by: ("phone", "+49…"), ("email", "kim@nord.example")."""

_WHY = "a block holds for a number, whoever stands behind it"


def people() -> QuerySet[Contact]:
    return Contact.objects.for_system(_WHY).filter(customer__merged_into=None).select_related("customer")


def reached_by(reaches: Iterable[Reach]) -> QuerySet[Contact]:
    """The people who bear one of these numbers or addresses."""
    numbers = [value for channel, value in reaches if channel == Channel.PHONE]
    mails = [value for channel, value in reaches if channel == Channel.EMAIL]
    return people().filter(Q(phone_e164__in=numbers) | Q(mobile_e164__in=numbers) | Q(match_key__in=mails))


def reaches_of(person: Contact) -> Iterator[Reach]:
    """What reaches this very person: the number of his company's switchboard does not."""
    for number in {person.phone_e164, person.mobile_e164} - {"", person.customer.phone_e164}:
        yield Channel.PHONE, number
    if person.email:
        yield Channel.EMAIL, person.email.lower()
