"""Order lines as arrays: one row per customer, product and order day."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from itertools import islice
from typing import NamedTuple

import numpy as np

from campaigns.learned.groups import Indices, Numbers

_BATCH = 100_000
_LOT = 2011
_ROW = np.dtype([("customer", "i8"), ("product", "i8"), ("day", "i4"), ("quantity", "f8"), ("revenue", "f8")])


class PurchaseDay(NamedTuple):
    """What a customer bought of a product on a day (counted since 1970), ids of the database, net revenue."""

    customer: int
    product: int
    day: int
    quantity: float
    revenue: float


@dataclass(frozen=True)
class Purchases:
    """Rows sorted by customer, product and day; customers and products are counted from 0."""

    customer: Indices
    product: Indices
    day: Indices
    quantity: Numbers
    revenue: Numbers

    def __len__(self) -> int:
        return len(self.day)

    def before(self, day: int) -> "Purchases":
        return self._where(self.day < day)

    def between(self, day: int, end: int) -> "Purchases":
        """From `day` on, `end` not included."""
        return self._where((self.day >= day) & (self.day < end))

    def of_customers(self, first: int, end: int) -> "Purchases":
        """Those of the customers `first` to `end` (not included): a view, nothing is copied."""
        low, high = np.searchsorted(self.customer, [first, end])
        return Purchases(*(getattr(self, column.name)[low:high] for column in fields(self)))

    def _where(self, chosen: np.ndarray) -> "Purchases":
        return Purchases(*(getattr(self, column.name)[chosen] for column in fields(self)))


@dataclass(frozen=True)
class Book:
    """All purchases, and the database ids behind the numbers of customers and products."""

    purchases: Purchases
    customer_ids: Indices
    product_ids: Indices


def read(rows: Iterable[PurchaseDay]) -> Book:
    """The rows as arrays.

    Products stand in the order of their buyers, most first, so that a limit takes those one can learn most about. Customers
    stand in an order drawn by lot, always the same, so that the first thousand of them are a fair sample.
    """
    waiting = iter(rows)
    parts = [np.array(batch, _ROW) for batch in iter(lambda: list(islice(waiting, _BATCH)), [])]
    table = np.concatenate(parts) if parts else np.zeros(0, _ROW)
    customer_ids, customer = np.unique(table["customer"], return_inverse=True)
    product_ids, product = np.unique(table["product"], return_inverse=True)
    lot = np.random.default_rng(_LOT).permutation(len(customer_ids))
    places = _by_buyers(customer, product, len(product_ids))
    customer, product = _inverse(lot)[customer], _inverse(places)[product]
    order = np.lexsort((table["day"], product, customer))
    columns = (customer.astype("i4"), product.astype("i4"), table["day"], table["quantity"], table["revenue"])
    return Book(Purchases(*(column[order] for column in columns)), customer_ids[lot], product_ids[places])


def _by_buyers(customer: Indices, product: Indices, count: int) -> Indices:
    """The products in the order of their buyers, most first."""
    many = customer.max(initial=0) + 1
    pairs = np.unique(product * many + customer)
    return np.argsort(-np.bincount(pairs // many, minlength=count), kind="stable")


def _inverse(order: Indices) -> Indices:
    found = np.empty(len(order), int)
    found[order] = np.arange(len(order))
    return found
