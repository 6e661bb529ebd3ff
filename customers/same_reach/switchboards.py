"""Customers whom the same switchboard reaches: one number is one row, whoever it is booked under."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Subquery

from customers.models import Customer
from innendienst.lib.prepared import IdsParam, Prepared

_WHY = "one number, whoever stands behind it"
_NUMBERS = Customer.objects.for_system(_WHY).filter(pk__in=IdsParam("customers")).exclude(phone_e164="").values("phone_e164")
_AT_NUMBERS = Prepared(
    lambda: (
        Customer.objects.for_system(_WHY)
        .filter(phone_e164__in=Subquery(_NUMBERS), merged_into=None)
        .order_by()
        .values_list("phone_e164", "pk")
    )
)


def bearers_of(numbers: Mapping[int, str]) -> dict[str, list[int]]:
    """Number → ids of the customers whose switchboard it is, for numbers that several have.

    `numbers` are those of the customers asked about, by customer id, "" where there is none. One query, none where nobody has a number.
    """
    asked = [pk for pk, number in numbers.items() if number]
    bearers: dict[str, list[int]] = defaultdict(list)
    for number, pk in _AT_NUMBERS(customers=asked) if asked else ():
        bearers[number].append(pk)
    return {number: pks for number, pks in bearers.items() if len(pks) > 1}


def neighbours(customer_ids: Collection[int]) -> set[int]:
    """Whoever shares a switchboard with one of these customers.

    Asked before a number changes: `touch` marks those of the new number, and those of the old one are concerned no less.
    """
    return {pk for _number, pk in _AT_NUMBERS(customers=list(customer_ids))} - set(customer_ids) if customer_ids else set()
