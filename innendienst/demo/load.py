"""Load the demo: `load(customers, seed, today)`.

Each step is one transaction of up to STEP customers and moves the mark that says how far the demo has come; the first one
writes users and goods as well. A demo of the default size is thus there as a whole or not at all. A larger one that was
killed goes on where its mark stands when it is called again, with the size, seed and day it began with.
"""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from customers.models import Customer, Product
from customers.touched import touch_all
from innendienst import recompute
from innendienst.base import audit
from innendienst.base.models import Job
from innendienst.demo import mark as marks, sign_in
from innendienst.demo.ground import read_ground, write_ground
from innendienst.demo.history import history_of
from innendienst.demo.mark import Mark
from innendienst.demo.references import write_references
from innendienst.demo.running_survey import write_running_survey
from innendienst.demo.staff import COMPANY_STATE
from innendienst.demo.surveys import write_surveys
from innendienst.demo.timeline import Timeline
from innendienst.demo.writing import write_data_state, write_histories

DEFAULT_CUSTOMERS = 2_000
DEFAULT_SEED = 20
STEP = 5_000
"""Customers per transaction."""
_BATCH = 500
"""Customers held in memory."""

Report = Callable[[int, int], None]


class InstallationInUse(RuntimeError):
    """There are users, customers or products already that are not the demo's: nothing was written."""


@dataclass(frozen=True)
class DemoResult:
    """What the demo holds; `rows` counts customers, contacts, orders, lines and calls. `is_new` is False when nothing was written."""

    is_new: bool
    rows: dict[str, int]
    seconds: float


def load(
    customers: int = DEFAULT_CUSTOMERS,
    seed: int = DEFAULT_SEED,
    today: dt.date | None = None,
    report: Report = lambda reached, customers: None,
) -> DemoResult:
    """Fill an empty installation; a demo that is complete stays as it is. `report` hears how many customers of how many stand.

    The kept tables are empty afterwards and every customer is marked for them: recompute fills them, in the foreground
    when the caller asks for it, else the worker. Raises InstallationInUse.
    """
    started = time.monotonic()
    wish = Mark(customers, seed, today or timezone.localdate())
    mark = marks.read()
    is_new = mark is None or not mark.is_complete
    while mark is None or not mark.is_complete:
        mark = _step(wish)
        report(mark.reached, mark.customers)
    return DemoResult(is_new, mark.written, time.monotonic() - started)


@transaction.atomic
def _step(wish: Mark) -> Mark:
    """Write the next customers, with the ground before the first and the marks for recompute after the last."""
    mark, is_first = marks.lock(wish)
    if mark.is_complete:  # another process wrote the rest while this one waited for the lock
        return mark
    if is_first:
        _begin(mark)
    reached = min(mark.reached + STEP, mark.customers)
    timeline = Timeline(mark.today, COMPANY_STATE)
    mark = mark.advanced(reached, _write_customers(range(mark.reached, reached), mark.seed, timeline))
    if mark.is_complete:
        write_data_state(timeline.last_on)
        write_surveys(mark.seed, mark.today)
        write_running_survey(mark.seed, mark.today)
        write_references(mark.today)
        _ask_for_recompute()
    marks.keep(mark)
    return mark


def _begin(mark: Mark) -> None:
    """The password's file is written before the commit: a file too many does no harm, a password that nobody knows does."""
    if User.objects.exists() or Product.objects.exists() or Customer.objects.for_system("is anything here?").exists():
        raise InstallationInUse
    password = sign_in.new_password()
    write_ground(mark.today, make_password(password))
    sign_in.keep(sign_in.sign_in_text(password))
    audit.record("demo.load", by=None, customers=mark.customers, seed=mark.seed)


def _ask_for_recompute() -> None:
    """Without a bell, since no broker may be there yet: should nobody recompute right away, the worker's next tick does."""
    touch_all()
    Job.objects.create(kind=recompute.REFRESH, queue="bulk")


def _write_customers(indexes: range, seed: int, timeline: Timeline) -> dict[str, int]:
    ground, written = read_ground(), Counter()
    for start in range(indexes.start, indexes.stop, _BATCH):
        batch = indexes[start - indexes.start : start - indexes.start + _BATCH]
        written.update(write_histories([history_of(seed, index, timeline) for index in batch], ground))
    return dict(written)
