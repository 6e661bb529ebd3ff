"""Bringing the kept tables in line with the order lines: for the customers that are marked, or for all of them.

Marks (customers/touched.py) are served in two stages: first purchases and facts, then, when all of these stand, reasons and
call list. Each range of customers is one transaction that begins by locking their marks, so that a run killed at any point
goes on with the remaining marks, and a change that arrives meanwhile sets its mark again. Rows that somebody else has locked
are passed over and left to the next run: a recompute never waits for a person, and nobody deadlocks with it.
"""

import datetime as dt
import logging
import time
from collections import Counter
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

from campaigns import call_list
from campaigns.models import CallListRow, Opportunity, OpportunityItem
from campaigns.orders import matching
from campaigns.reasons import refresh as reasons, win_rates
from customers import demand, facts, industries, purchases, scores, touched
from customers.models import CustomerFacts, PurchaseMonth, PurchaseRhythm, Touched
from innendienst import learning
from innendienst.base import jobs
from innendienst.base.jobs import RunningJob
from innendienst.base.models import Job
from innendienst.lib.collector import seldom_collected
from innendienst.lib.databases import analyze_outgrown
from nps import praise
from referrals.winning import win_by_orders

FULL, REFRESH = "recompute", "refresh"
BATCH = 1_000
TELLING_COUNT = 100
"""So many customers at once change what is counted over all of them: classes, demand, win rates."""
PASSES_MOST = 3
_WAIT_SECONDS = 1
_SQLITE_PAUSE_SECONDS = 0.11  # longer than a waiting writer sleeps between two looks: after each range others get their turn

TABLES = (
    "PurchaseMonth", "PurchaseRhythm", "CustomerFacts", "ScoreScale", "ProductDemand",
    "WinRate", "Opportunity", "OpportunityItem", "OpportunityTransition", "OrderMatch", "CallListRow", "IndustrySum", "Customer",
)  # fmt: skip
_GROWING = (PurchaseMonth, PurchaseRhythm, CustomerFacts, Opportunity, OpportunityItem, CallListRow)

logger = logging.getLogger(__name__)

Stage = Touched.Stage
Serve = Callable[[list[int]], Counter[str]]


class FullRunUnderWay(RuntimeError):
    """A full recompute serves all marks, perhaps as of another day: a refresh must not take any from it."""


def run_full(job: RunningJob) -> None:
    """Handler of `recompute`: mark all customers once, then serve them; a killed run goes on where it was."""
    if not job.progress.get("is_touched"):
        job.step(is_touched=True, customers=touched.touch_all())
    run = _Run(job, is_full=True)
    with seldom_collected():
        run.serve_marks()
    job.result = {"written": run.written_per_table()}


def run_refresh(job: RunningJob) -> None:
    """Handler of `refresh`: serve the marked customers, after a full run where one is under way."""
    run = _Run(job, is_full=False)
    while True:
        try:
            run.serve_marks()
        except FullRunUnderWay:
            job.step()
            jobs.give_way()
            time.sleep(_WAIT_SECONDS)
        else:
            job.result = {"written": run.written_per_table()}
            return


class _Run:
    """One recompute under way: its days, its job, and how many rows it wrote per table."""

    def __init__(self, job: RunningJob, *, is_full: bool) -> None:
        """As of a day nothing from that day on is read; else everything up to and including today."""
        self.job, self.is_full = job, is_full
        self.written: Counter[str] = Counter(job.progress.get("written", {}))
        self.written_since_analyzed: Counter[str] = Counter()
        if as_of := job.args.get("as_of"):
            self.today = self.before = dt.date.fromisoformat(as_of)
        else:
            self.today = timezone.localdate()
            self.before = self.today + dt.timedelta(days=1)

    def serve_marks(self) -> None:
        """Both stages for all marks; what somebody held in the meantime is looked for again, a few times, then by another job."""
        for _pass in range(PASSES_MOST):
            served_count = self._drain(Stage.PURCHASES, self._serve_purchases)
            if self.is_full or served_count >= TELLING_COUNT:
                self._count_over_all()
            if served_count >= TELLING_COUNT:
                learning.ask_for_first_lesson()
            self._drain(Stage.REASONS, self._serve_reasons)
            if not Touched.objects.exists():
                return
            time.sleep(_WAIT_SECONDS)
        jobs.request(REFRESH)

    def written_per_table(self) -> dict[str, int]:
        return {table: self.written[table] for table in TABLES}

    def _drain(self, stage: Stage, serve: Serve) -> int:
        """Serve the marks of a stage range by range; how many customers that were."""
        served_count, last = 0, 0
        while True:
            ids = self._serve_range(stage, last, serve)
            served_count += len(ids)
            self._analyze_outgrown()
            self.job.step(stage=stage.name.lower(), served=served_count, written=dict(self.written))
            logger.debug("%s: %s customers", stage.name.lower(), served_count)
            jobs.give_way()
            if len(ids) < BATCH:
                return served_count
            last = ids[-1]
            if connection.vendor == "sqlite":
                time.sleep(_SQLITE_PAUSE_SECONDS)

    @transaction.atomic
    def _serve_range(self, stage: Stage, last: int, serve: Serve) -> list[int]:
        ids = touched.lock_marked(stage, last, BATCH)
        # Asked after locking: a full run's marks are visible only when the run itself is.
        if ids and not self.is_full and _is_full_run_under_way():
            raise FullRunUnderWay
        if ids:
            written = serve(ids)
            self.written += written
            self.written_since_analyzed += written
        return ids

    def _analyze_outgrown(self) -> None:
        """A first run fills empty tables: each range would read all that the ranges before it wrote."""
        for model in _GROWING:
            count = self.written_since_analyzed[model.__name__]
            if count >= BATCH and analyze_outgrown(model._meta.db_table, count):
                del self.written_since_analyzed[model.__name__]

    def _serve_purchases(self, ids: list[int]) -> Counter[str]:
        touched.move_on(ids)
        return purchases.refresh(ids, self.before) + facts.refresh(ids, self.before)

    def _serve_reasons(self, ids: list[int]) -> Counter[str]:
        touched.serve(ids)
        scored = scores.refresh(ids, self.today, self.before)
        closed = matching.refresh(ids, self.today, self.before)  # what was bought is no reason any more
        win_by_orders(ids)
        return scored + closed + reasons.refresh(ids, self.today, self.before) + call_list.refresh(ids, self.today)

    @transaction.atomic
    def _count_over_all(self) -> None:
        facts.keep_missing_data_state()
        if self.is_full:
            self.written["Customer"] += praise.keep_all()
            self.written += industries.refresh_industries()
        self.written += facts.refresh_abc() + scores.refresh_scales(self.before) + demand.refresh_demand() + win_rates.refresh_win_rates()


def _is_full_run_under_way() -> bool:
    return Job.objects.filter(kind=FULL, state=Job.State.RUNNING, lease_until__gt=timezone.now()).exists()
