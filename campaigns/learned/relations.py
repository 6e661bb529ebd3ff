"""Which products lead to which: learnt from what customers have side by side, and from what they bought next."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from campaigns.learned.groups import Numbers
from campaigns.learned.history import History
from campaigns.learned.purchases import Purchases

PRODUCTS_MOST = 2_000
_CUSTOMERS = 20_000
_RIDGE = 10.0
_OLD_WEIGHT, _HALF_LIFE = 0.3, 60
_SHRINK = 10.0


@dataclass(frozen=True)
class Study:
    """What the purchases before a day teach. Tables of product × product: a row is what a customer has, a column what it speaks for.

    `beside` foretells each product from all others of the range (ridge regression, no product speaking for itself), `together`
    counts the customers who have both, `next` foretells what is bought in the window after the day; None while it is not over.
    """

    beside: Numbers
    together: Numbers
    next: Numbers | None


def study(known: Purchases, day: int, end: int, customers: int, limit: int) -> Study:
    """Learn from all `customers` as of a day; `next` from what they bought from that day to `end`, where that is later.

    The work grows with the cube of the `limit` of products, which is fixed, and with the lines of the customers.
    """
    gram, together, foretold = (np.zeros((limit, limit), "f4") for _ in range(3))
    for history in blocks(known.before(day), day, customers, _CUSTOMERS):
        has, bought = owned(history, limit), weights(history, limit)
        together += (has.T @ has).toarray()
        gram += (bought.T @ bought).toarray()
        if end > day:
            later = History(known.between(day, end), end, history.first, history.end)
            foretold += (bought.T @ owned(later, limit)).toarray()
    inverse = _inverse(gram)
    beside = -inverse / np.diag(inverse)
    np.fill_diagonal(beside, 0)
    return Study(beside, together, inverse @ foretold if end > day else None)


def blocks(before: Purchases, day: int, customers: int, size: int) -> Iterator[History]:
    """The customers block by block."""
    for first in range(0, customers, size):
        yield History(before, day, first, min(first + size, customers))


def alike(together: Numbers) -> Numbers:
    """How far the buyers of two products are the same people: cosine, small numbers counting less; 0 for a product with itself."""
    buyers = np.diag(together)
    found = together / (np.sqrt(buyers[:, None] * buyers) + _SHRINK)
    np.fill_diagonal(found, 0)
    return found


def weights(history: History, limit: int) -> sparse.csr_matrix:
    """Customer × product: what each has, recent purchases weighing more, and each product of a wide range less."""
    kept = history.product < limit
    customer, ago = history.customer[kept], (history.day - history.last_on)[kept]
    recent = _OLD_WEIGHT + (1 - _OLD_WEIGHT) * np.exp2(-ago / _HALF_LIFE)
    return _table(history, kept, recent / np.sqrt(np.bincount(customer, minlength=history.count)[customer]), limit)


def owned(history: History, limit: int) -> sparse.csr_matrix:
    """Customer × product: 1 for what each ever bought."""
    kept = history.product < limit
    return _table(history, kept, np.ones(kept.sum()), limit)


def _table(history: History, kept: np.ndarray, values: Numbers, limit: int) -> sparse.csr_matrix:
    places = history.customer[kept], history.product[kept]
    return sparse.csr_matrix((values.astype("f4"), places), shape=(history.count, limit))


def _inverse(gram: Numbers) -> Numbers:
    """The inverse of the table with the penalty on its diagonal, which acts like ten customers who have one product only."""
    if not gram.size:  # a new installation: the routine prints a complaint of its own about a table without rows
        return gram
    gram[np.diag_indices_from(gram)] += _RIDGE
    factor, _info = linalg.lapack.spotrf(gram, lower=1)
    found, _info = linalg.lapack.spotri(factor, lower=1)
    diagonal = np.diag(found).copy()
    found += found.T  # the routine fills one half and leaves the other empty
    found[np.diag_indices_from(found)] = diagonal
    return found
