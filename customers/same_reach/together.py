"""Customers whom one call or mail reaches, by whatever way."""

from collections import defaultdict
from collections.abc import Sequence

from customers.models import Contact, Customer
from customers.models.permissions import Channel
from customers.same_reach.people import Reach
from innendienst.lib.batches import in_batches
from innendienst.lib.joining import joined

_WHY = "whoever is reached by the same number or address"


def reached_together(customer_ids: Sequence[int]) -> list[list[int]]:
    """Those of these customers whom one call or mail reaches, in groups: one switchboard, or people with one number or address.

    Two queries for each thousand of them.
    """
    bearers: dict[Reach, set[int]] = defaultdict(set)
    for batch in in_batches(customer_ids):
        companies = Customer.objects.for_system(_WHY).filter(pk__in=batch).exclude(phone_e164="")
        for pk, number in companies.values_list("pk", "phone_e164"):
            bearers[Channel.PHONE, number].add(pk)
        people = Contact.objects.for_system(_WHY).filter(customer__in=batch)
        for pk, number, mobile, email in people.values_list("customer", "phone_e164", "mobile_e164", "email"):
            for reach in ((Channel.PHONE, number), (Channel.PHONE, mobile), (Channel.EMAIL, email.lower())):
                bearers[reach].add(pk)
    return joined(pks for (_channel, value), pks in bearers.items() if value and len(pks) > 1)
