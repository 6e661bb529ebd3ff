"""Bringing the kept tables in line with the order lines: for the customers that are marked, or for all of them.

Marks (customers/touched/) are served in two stages: first purchases and facts, then, when all of these stand, reasons and call
list. What somebody holds while it is its turn is left to the next pass, and after a few to the next run.
"""

import datetime as dt
import logging
import time
from collections import Counter

from django.db import transaction
from django.db.models import DateTimeField
from django.utils import timezone

from campaigns.reasons import win_rates
from customers import demand, facts, industries, scores, touched
from customers.models import Touched
from innendienst import learning
from innendienst.base import jobs
from innendienst.base.jobs import RunningJob
from innendienst.base.models import Job
from innendienst.lib.collector import seldom_collected
from innendienst.lib.prepared import Param, Prepared
from innendienst.recompute import hands, ranges
from innendienst.recompute.hands import Hands
from innendienst.recompute.ranges import Days, Served, Stage
from nps import praise

FULL, REFRESH = "recompute", "refresh"
TELLING_COUNT = 100
"""So many customers at once change what is counted over all of them: classes, demand, win rates."""
PASSES_MOST = 3
_WAIT_SECONDS = 1

TABLES = (
    "PurchaseMonth", "PurchaseRhythm", "CustomerFacts", "ScoreScale", "ProductDemand",
    "WinRate", "Opportunity", "OpportunityItem", "OpportunityTransition", "OrderMatch", "CallListRow", "IndustrySum", "Customer",
)  # fmt: skip

_FULL_RUNS = Prepared(
    lambda: Job.objects.filter(kind=FULL, state=Job.State.RUNNING, lease_until__gt=Param("now", DateTimeField())).values_list("pk")[:1]
)

logger = logging.getLogger(__name__)


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
        if as_of := job.args.get("as_of"):
            self.days = Days(today=dt.date.fromisoformat(as_of), before=dt.date.fromisoformat(as_of))
        else:
            today = timezone.localdate()
            self.days = Days(today, before=today + dt.timedelta(days=1))

    def serve_marks(self) -> None:
        """Both stages for all marks; what somebody held in the meantime is looked for again, a few times, then by another job."""
        hands_count = hands.count_for(self.job.progress["customers"]) if self.is_full else 0
        for _pass in range(PASSES_MOST):
            served_count = self._drain(Stage.PURCHASES, hands_count)
            if self.is_full or served_count >= TELLING_COUNT:
                self._count_over_all()
            if served_count >= TELLING_COUNT:
                learning.ask_for_first_lesson()
            self._drain(Stage.REASONS, hands_count)
            if not Touched.objects.exists():
                return
            hands_count = 0  # few are left
            time.sleep(_WAIT_SECONDS)
        jobs.request(REFRESH)

    def written_per_table(self) -> dict[str, int]:
        return {table: self.written[table] for table in TABLES}

    def _drain(self, stage: Stage, hands_count: int) -> int:
        """Serve the marks of a stage range by range, together with so many hands; how many customers that were."""
        served_count = 0
        with Hands(stage, self.days, hands_count) as helping:
            for served in ranges.drain(stage, self.days, self._leave_to_full_run):
                served_count = self._note(stage, served_count, served, *helping.told())
                if served.count == ranges.BATCH:  # there is more
                    jobs.give_way()
            while (told := helping.wait(_WAIT_SECONDS)) is not None:
                served_count = self._note(stage, served_count, *told)
                jobs.give_way()
        return served_count

    def _note(self, stage: Stage, served_count: int, *several: Served) -> int:
        """Keep what was served; how many customers that makes."""
        served_count += sum(served.count for served in several)
        self.written += sum((served.written for served in several), Counter())
        self.job.step(stage=stage.name.lower(), served=served_count, written=dict(self.written))
        logger.debug("%s: %s customers", stage.name.lower(), served_count)
        return served_count

    def _leave_to_full_run(self) -> None:
        """Asked after locking: a full run's marks are visible only when the run itself is."""
        if not self.is_full and _is_full_run_under_way():
            raise FullRunUnderWay

    @transaction.atomic
    def _count_over_all(self) -> None:
        facts.keep_missing_data_state()
        if self.is_full:
            self.written["Customer"] += praise.keep_all()
            self.written += industries.refresh_industries()
        self.written += facts.refresh_abc() + scores.refresh_scales(self.days.before)
        self.written += demand.refresh_demand() + win_rates.refresh_win_rates()


def _is_full_run_under_way() -> bool:
    return bool(_FULL_RUNS(now=timezone.now()))
