"""Learning the scores from earlier windows, whose outcome is known by now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from scipy import sparse

from campaigns.learned import customers, goods
from campaigns.learned.groups import Indices, Numbers, sums
from campaigns.learned.history import History
from campaigns.learned.pairs import Known, Pairs, again, first_time, strengths
from campaigns.learned.purchases import Purchases
from campaigns.learned.relations import alike, blocks, study
from campaigns.learned.score import NO_AMOUNT, UNLEARNT, Amount, Score, learn, learn_amount

WINDOW = 30
"""Days in which a suggestion shall come true."""
WINDOWS = 5
BLOCK = 500
"""Customers whose strengths for all products are held in memory at a time."""
_HISTORY_LEAST = 60
_SAMPLE = 5_000
_KEPT = 0.2
_CHANCE_PENALTY, _PAIR_PENALTY = 30.0, 100.0
_PRODUCTS_MOST, _SCATTER, _SCATTERED = 1_000_003, 7_919, 10_007


@dataclass(frozen=True)
class Learnt:
    """Everything needed to suggest as of the day: the scores, and what is known of goods and relations."""

    known: Known
    together: Numbers
    chance: Score
    amount: Amount
    again: Score
    new: Score


@dataclass(frozen=True)
class Outcome:
    """The sample of customers as of an earlier day, with the revenue of each in the window that followed."""

    chance_columns: Numbers
    amount_columns: Numbers
    revenue: Numbers


@dataclass(frozen=True)
class Examples:
    """Pairs of earlier days with whether they were bought in the window; left-out rows are made up for by `weight`."""

    columns: Numbers
    bought: Numbers
    weight: Numbers


def learn_from(
    purchases: Purchases, day: int, customers_count: int, words: sparse.csr_matrix, is_offered: np.ndarray, limit: int
) -> Learnt:
    """The scores as of a day, from all purchases, which lie before it.

    Each window is looked at as it was on its first day: with relations learnt until then, and chances from windows before it.
    What is foretold of products beyond the `limit` comes from the customer's own rhythm alone.
    """
    sample = min(customers_count, _SAMPLE)
    outcomes = {past: _outcome(purchases, past, sample) for past in past_days(purchases, day, 2 * WINDOWS)}
    days = [*past_days(purchases, day, WINDOWS), day]
    earlier = study(purchases, days[0] - WINDOW, days[0], customers_count, limit)
    examples: list[tuple[Examples, Examples]] = []
    for one in days:
        now = study(purchases, one, min(one + WINDOW, day), customers_count, limit)
        figures = goods.look_at(purchases.before(one), one, words.shape[0])
        known = Known(figures, earlier.next, now.beside, alike(now.together), words, is_offered)
        if one < day:
            chance = _learn_chance(_latest(outcomes, one))
            examples += _examples(purchases, one, sample, known, chance)
        earlier = now
    latest = _latest(outcomes, day)
    of_each_kind = [[several[kind] for several in examples] for kind in (0, 1)]
    return Learnt(known, now.together, _learn_chance(latest), _learn_amount(latest), *map(_learn_pairs, of_each_kind))


def past_days(purchases: Purchases, day: int, most: int) -> list[int]:
    """The first days of the windows before `day` that have enough history to learn from, oldest first."""
    first = purchases.day.min() if len(purchases) else day
    days = (day - WINDOW * count for count in range(most, 0, -1))
    return [past for past in days if past - first >= _HISTORY_LEAST]


def pairs_of(history: History, known: Known, chance: Score) -> tuple[Pairs, Pairs]:
    """Those bought before and those that would be new, for the customers of a block."""
    them = customers.look_at(history)
    chances, strong = chance.chances(customers.chance_columns(them)), strengths(history, known)
    return again(history, them, chances, known, strong), first_time(history, them, chances, known, strong)


def _outcome(purchases: Purchases, day: int, sample: int) -> Outcome:
    history = History(purchases.before(day), day, 0, sample)
    seen = np.unique(history.customer)
    them = customers.look_at(history)
    window = purchases.between(day, day + WINDOW).of_customers(0, sample)
    revenue = sums(window.customer, window.revenue, sample)
    return Outcome(customers.chance_columns(them)[seen], customers.amount_columns(them)[seen], revenue[seen])


def _latest(outcomes: Mapping[int, Outcome], day: int) -> Outcome | None:
    """The outcomes of the last windows before a day as one; None where there is none yet."""
    past = [outcomes[one] for one in sorted(outcomes) if one < day][-WINDOWS:]
    columns = ([getattr(one, column.name) for one in past] for column in fields(Outcome))
    return Outcome(*map(np.concatenate, columns)) if past else None


def _learn_chance(outcome: Outcome | None) -> Score:
    if outcome is None:
        return UNLEARNT
    return learn(outcome.chance_columns, outcome.revenue > 0, np.ones(len(outcome.revenue)), penalty=_CHANCE_PENALTY)


def _learn_amount(outcome: Outcome | None) -> Amount:
    bought = outcome.revenue > 0 if outcome else np.zeros(0, bool)
    return learn_amount(outcome.amount_columns[bought], outcome.revenue[bought]) if bought.any() else NO_AMOUNT


def _examples(purchases: Purchases, day: int, sample: int, known: Known, chance: Score) -> Iterator[tuple[Examples, Examples]]:
    window = purchases.between(day, day + WINDOW)
    for history in blocks(purchases.before(day), day, sample, BLOCK):
        later = window.of_customers(history.first, history.end)
        bought = np.unique(_key(later.customer - history.first, later.product))
        again_, new = pairs_of(history, known, chance)
        yield _thinned(again_, bought), _thinned(new, bought)


def _thinned(pairs: Pairs, bought: Indices) -> Examples:
    """All pairs that were bought, and a fixed part of the many that were not."""
    is_bought = np.isin(_key(pairs.customer, pairs.product), bought)
    kept = is_bought | (_key(pairs.customer, pairs.product) * _SCATTER % _SCATTERED < _KEPT * _SCATTERED)
    return Examples(pairs.columns[kept], is_bought[kept], np.where(is_bought[kept], 1, 1 / _KEPT))


def _learn_pairs(examples: Sequence[Examples]) -> Score:
    if not examples:
        return UNLEARNT
    columns = ([getattr(one, column.name) for one in examples] for column in fields(Examples))
    return learn(*map(np.concatenate, columns), penalty=_PAIR_PENALTY)


def _key(customer: Indices, product: Indices) -> Indices:
    return customer.astype("i8") * _PRODUCTS_MOST + product
