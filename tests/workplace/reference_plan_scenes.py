"""A reference plan, what stands in it, and its addresses."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from innendienst.workplace.plans import acts
from innendienst.workplace.plans.kinds import KINDS
from referrals.models import ReferencePlan

REFERENCES = KINDS["references"]


def make_plan(carla, team=None) -> ReferencePlan:
    """From the first of this month, over sixty days."""
    today = timezone.localdate()
    days = {"starts_on": today.replace(day=1), "ends_on": today + dt.timedelta(days=60)}
    return acts.make(actor=carla, kind=REFERENCES, document=ReferencePlan(team=team, **days))


def rows(plan, section: str) -> list[dict[str, str]]:
    """The filled cells of each row, by column."""
    found = plan.rows.filter(section=section, removed_at=None).prefetch_related("cells").order_by("position")
    return [{cell.column: cell.value for cell in row.cells.all() if cell.value} for row in found]


def address(name: str, plan, *more) -> str:
    return reverse(f"plans:{name}", args=["references", plan.pk, *more])
