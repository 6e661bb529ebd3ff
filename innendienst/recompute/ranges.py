"""Serving marked customers range by range, each range in a transaction that begins by locking their marks.

A run killed at any point goes on with the remaining marks, and a change that arrives meanwhile sets its mark again. Rows that
somebody else has locked are passed over: a recompute never waits for a person, nobody deadlocks with it, and several
processes that serve the same marks each find others.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.db import connection, transaction

from campaigns import call_list
from campaigns.models import CallListRow, Opportunity, OpportunityItem
from campaigns.orders import matching
from campaigns.reasons import refresh as reasons
from customers import facts, purchases, scores, touched
from customers.models import CustomerFacts, PurchaseMonth, PurchaseRhythm, Touched
from innendienst.lib.databases import analyze_outgrown
from referrals.winning import win_by_orders

BATCH = 1_000
_SQLITE_PAUSE_SECONDS = 0.11  # longer than a waiting writer sleeps between two looks: after each range others get their turn
_GROWING = (PurchaseMonth, PurchaseRhythm, CustomerFacts, Opportunity, OpportunityItem, CallListRow)

Stage = Touched.Stage


class Days(NamedTuple):
    """The day a recompute is of; nothing is read `before` which does not lie before that day."""

    today: dt.date
    before: dt.date


class Served(NamedTuple):
    """How many customers were served, and how many rows that wrote per table."""

    count: int
    written: Counter[str]


def drain(stage: Stage, days: Days, may_serve: Callable[[], None] = lambda: None) -> Iterator[Served]:
    """Serve every mark of a stage that nobody else holds; a range is told when it is committed.

    `may_serve` is asked after a range is locked and before anything is done to it: what it raises leaves the range alone.
    """
    growth: Counter[str] = Counter()
    last = 0
    while True:
        ids, written = _serve_range(stage, last, days, may_serve)
        growth += written
        _analyze_outgrown(growth)
        yield Served(len(ids), written)
        if len(ids) < BATCH:
            return
        last = ids[-1]
        if connection.vendor == "sqlite":
            time.sleep(_SQLITE_PAUSE_SECONDS)


@transaction.atomic
def _serve_range(stage: Stage, last: int, days: Days, may_serve: Callable[[], None]) -> tuple[list[int], Counter[str]]:
    ids = touched.lock_marked(stage, last, BATCH)
    if not ids:
        return [], Counter()
    may_serve()
    return ids, _SERVE[stage](ids, days)


def _serve_purchases(ids: list[int], days: Days) -> Counter[str]:
    touched.move_on(ids)
    return purchases.refresh(ids, days.before) + facts.refresh(ids, days.before)


def _serve_reasons(ids: list[int], days: Days) -> Counter[str]:
    touched.serve(ids)
    scored = scores.refresh(ids, days.today, days.before)
    closed = matching.refresh(ids, days.today, days.before)  # what was bought is no reason any more
    win_by_orders(ids)
    return scored + closed + reasons.refresh(ids, days.today, days.before) + call_list.refresh(ids, days.today)


_SERVE: dict[Stage, Callable[[list[int], Days], Counter[str]]] = {Stage.PURCHASES: _serve_purchases, Stage.REASONS: _serve_reasons}


def _analyze_outgrown(growth: Counter[str]) -> None:
    """A first run fills empty tables: each range would read all that the ranges before it wrote."""
    for model in _GROWING:
        count = growth[model.__name__]
        if count >= BATCH and analyze_outgrown(model._meta.db_table, count):
            del growth[model.__name__]
