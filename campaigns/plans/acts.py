"""What a row of the sales plan leads to."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from accounts.permissions import demand
from campaigns.measures import acts as measures
from campaigns.measures.models import Measure, Possibility
from campaigns.plans.binding import named_filters
from campaigns.plans.models import SalesPlanRow
from campaigns.plans.template import IDEAS, MEASURES
from campaigns.special import acts as campaigns, target
from campaigns.special.models import Campaign

LEADING = {IDEAS: "idea", MEASURES: "measure"}
"""Sections whose rows can become a measure, and the column with its name."""


class NothingToDo(ValueError):
    """The row does not say yet what is to be done."""


@transaction.atomic
def make_measure(*, actor: User, row: SalesPlanRow) -> Measure:
    """The measure that the row became, made from its cells unless it is there already. Raises NothingToDo.

    What a row does not say comes from its plan: the days of the period, its author as the one responsible.
    """
    demand(actor, "plan.edit")
    held = SalesPlanRow.objects.select_for_update(no_key=True).get(pk=row.pk)
    if held.measure_id:
        return held.measure
    plan, values = row.document, row.values
    title = values.get(LEADING.get(row.section, ""), "").strip()
    if not title:
        raise NothingToDo(row.pk)
    owner = User.objects.active().filter(pk=int(values["owner"])).first() if values.get("owner", "").isdecimal() else None
    starts_on = _day(values.get("starts_on")) or plan.starts_on
    measure = measures.make(
        actor=actor,
        measure=Measure(
            title=title.splitlines()[0][:200],
            possibility=values.get("possibility") or Possibility.OTHER,
            owner=owner or actor,
            team=plan.team,
            with_whom=values.get("with_whom", "")[:120],
            starts_on=starts_on,
            ends_on=max(_day(values.get("ends_on")) or plan.ends_on, starts_on),
            remind_on=_day(values.get("remind_on")),
            next_step=values.get("next_step", "")[:200],
            **_goals(values),
        ),
    )
    SalesPlanRow.objects.filter(pk=row.pk).update(measure=measure)
    return measure


@transaction.atomic
def make_campaign(*, actor: User, row: SalesPlanRow) -> Campaign:
    """The campaign that the row became: a draft with its name, days and argument, and the saved filter it names. Raises NothingToDo."""
    demand(actor, "campaign.write")
    held = SalesPlanRow.objects.select_for_update(no_key=True).get(pk=row.pk)
    if held.campaign_id:
        return held.campaign
    plan, values = row.document, row.values
    title = values.get(LEADING.get(row.section, ""), "").strip()
    if not title:
        raise NothingToDo(row.pk)
    name = title.splitlines()[0][:70]
    if Campaign.objects.filter(name=name).exists():
        name = f"{name} {row.pk}"
    starts_on = _day(values.get("starts_on")) or plan.starts_on
    ends_on = max(_day(values.get("ends_on")) or plan.ends_on, starts_on)
    texts = {"aim": title[:2000], "call_text": values.get("benefit", "")[:300]}
    fields = texts | _budget(values) | _target(values.get("target", ""))
    campaign = campaigns.make(actor=actor, campaign=Campaign(name=name, starts_on=starts_on, ends_on=ends_on, **fields))
    SalesPlanRow.objects.filter(pk=row.pk).update(campaign=campaign)
    return campaign


def _target(name: str) -> dict[str, object]:
    criteria = named_filters([name]).get(name.casefold())
    return {"criteria": criteria, "control_share": target.proposed_control(criteria)} if criteria else {}


def _budget(values: Mapping[str, str]) -> dict[str, Decimal]:
    return {"budget": Decimal(values["budget"])} if values.get("budget") else {}


def _goals(values: Mapping[str, str]) -> dict[str, int | Decimal]:
    counts = {name: int(values[name]) for name in ("goal_contacts", "goal_orders") if values.get(name)}
    return counts | {name: Decimal(values[name]) for name in ("goal_revenue", "goal_margin", "budget") if values.get(name)}


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
