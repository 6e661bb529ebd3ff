"""What section D of the plan in force says about handing a customer over to field sales."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, Q

from campaigns.plans.models import SalesPlan
from campaigns.plans.template import RULES


@dataclass(frozen=True)
class FieldRule:
    """One agreed rule for a tick of the checklist. `speaker` is a code of template.SPEAKERS or "", `days` are working days."""

    criterion: str
    speaker: str = ""
    from_when: str = ""
    days: int | None = None
    feedback_to: str = ""


def rules_in_force(team_id: int | None, today: dt.date) -> dict[str, FieldRule]:
    """Tick of the checklist → its rule, by the team's plan of today, else by the whole house's; none without a plan. Three queries."""
    covering = SalesPlan.objects.filter(Q(team=None) | Q(team=team_id), starts_on__lte=today, ends_on__gte=today)
    plan = covering.order_by(F("team").desc(nulls_last=True), "-pk").first()
    if plan is None:
        return {}
    rows = plan.rows.filter(section=RULES, removed_at=None).prefetch_related("cells").order_by("position", "pk")
    found: dict[str, FieldRule] = {}
    for row in rows:
        values = row.values
        if criterion := values.get("criterion"):
            found.setdefault(criterion, _rule(criterion, values))
    return found


def _rule(criterion: str, values: Mapping[str, str]) -> FieldRule:
    return FieldRule(
        criterion=criterion, speaker=values.get("speaker", ""), from_when=values.get("from_when", ""),
        days=int(values["days"]) if values.get("days") else None, feedback_to=values.get("feedback_to", ""),
    )  # fmt: skip
