"""Orders in the rhythm of each customer, over three years."""

import datetime as dt
from collections.abc import Iterator
from itertools import count

from bench.copying import copy_models
from bench.volume.company import Company
from customers.models import Order, OrderLine

SPAN_DAYS = 3 * 365
LINES_OF_LARGEST = 3_000
_AT_ONCE = 10_000
_GAPS = (14, 21, 30, 45, 60, 90, 120)


def write_orders(company: Company) -> None:
    """For some customers at a time first the orders, whose ids are then known by their place, then their lines."""
    ids = count(1)
    for start in range(0, len(company.ids), _AT_ONCE):
        orders, baskets = [], []
        for pk in company.ids[start : start + _AT_ONCE]:
            for day, lines in _history(company, pk):
                order = next(ids)
                orders.append({"number": f"A{order}", "number_key": f"a{order}", "customer_id": pk, "ordered_on": day})
                baskets.append((order, pk, day, lines))
        copy_models(Order, orders)
        copy_models(OrderLine, _lines(baskets))


def _history(company: Company, pk: int) -> Iterator[tuple[dt.date, list[tuple[int, int, int]]]]:
    """(day, lines of product, quantity and price) of one customer: a basket that comes back in his rhythm."""
    rng = company.rng
    is_largest = pk == company.largest
    gap = 4 if is_largest else rng.choice(_GAPS)
    basket = rng.sample(company.products["consumable"], 12 if is_largest else rng.randint(1, 4))
    wanted = LINES_OF_LARGEST if is_largest else company.size.lines_per_customer
    orders_count = max(1, min(round(wanted / len(basket)), SPAN_DAYS // gap))
    last = rng.uniform(0, 1.5) * gap
    for index in range(orders_count):
        back = min(SPAN_DAYS, max(1, round(last + index * gap * rng.uniform(0.9, 1.1))))
        lines = [(product, rng.randint(1, 12), price) for product, price in basket]
        if index == 0 and pk % 3 == 0:
            device, price = rng.choice(company.products["device"])
            lines.append((device, 1, price))
        yield company.today - dt.timedelta(days=back), lines


def _lines(baskets: list) -> Iterator[dict[str, object]]:
    for order, customer, day, lines in baskets:
        for position, (product, quantity, price) in enumerate(lines, start=1):
            cents = quantity * price
            yield {
                "order_id": order, "position": position, "customer_id": customer, "product_id": product, "ordered_on": day,
                "quantity": quantity, "unit": "Stück", "revenue_net": f"{cents / 100:.2f}",
                "contribution_margin": None if product % 11 == 0 else f"{cents * 0.4 / 100:.2f}",
                "status": OrderLine.Status.DELIVERED.value,
            }  # fmt: skip
