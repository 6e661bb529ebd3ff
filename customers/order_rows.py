"""Orders of one customer in finished texts, as the template tag `rows` wants them."""

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import ngettext

from customers.models import Customer, Order
from innendienst.lib import display
from innendienst.lib.prepared import Param, Prepared

SHOWN_MOST = 10

_LATEST = Prepared(
    lambda: Order.objects.for_system("a customer already visible").filter(customer=Param("customer")).with_value()[:SHOWN_MOST]
)


class OrderRow(NamedTuple):
    pk: int
    url: str
    number: str
    day: str
    lines: str
    revenue: str


def latest_orders(customer: Customer) -> list[OrderRow]:
    """The youngest ones of a customer found by visible_to."""
    return order_rows(customer, _LATEST(customer=customer.pk))


def order_rows(customer: Customer, orders: Iterable[Order]) -> list[OrderRow]:
    """Orders that were read `with_value`."""
    url = reverse("customers:orders", args=[customer.pk])
    return [_row(order, url) for order in orders]


def _row(order: Order, url: str) -> OrderRow:
    count = order.lines_count or 0
    return OrderRow(
        pk=order.pk,
        url=f"{url}{order.pk}/",
        number=order.number,
        day=display.date(order.ordered_on),
        lines=ngettext("%(lines)s line", "%(lines)s lines", count) % {"lines": count},
        revenue=display.euros(order.revenue_net, decimals=2),
    )
