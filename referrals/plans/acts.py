"""What a row of the reference plan leads to."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import allowed, demand
from customers.follow_ups import plan_follow_up
from customers.models import Customer, FollowUp
from referrals.plans.collecting import link
from referrals.plans.models import ReferencePlanRow
from referrals.plans.template import REQUESTS


class NobodyNamed(ValueError):
    """The row names no customer whom this person sees."""


@transaction.atomic
def make_follow_up(*, actor: User, row: ReferencePlanRow) -> FollowUp:
    """The follow-up that the row became, made from its cells unless it is there already. Raises NobodyNamed.

    It is for whoever is to ask, on the day of the follow-up, else of asking, else today.
    """
    demand(actor, "followup.edit")
    link(row.document)
    held = ReferencePlanRow.objects.select_for_update(no_key=True).get(pk=row.pk)
    if held.follow_up_id:
        return held.follow_up
    customer = Customer.objects.visible_to(actor).filter(pk=held.customer_id or 0).first()
    if customer is None:
        raise NobodyNamed(row.pk)
    values = row.values
    follow_up = plan_follow_up(
        actor=actor, customer=customer, due_on=_day(values), assignee=_asker(values, actor), note=_note(values),
        origin=f"reference_plan:{row.pk}",
    )  # fmt: skip
    ReferencePlanRow.objects.filter(pk=row.pk).update(follow_up=follow_up, customer=customer)
    return follow_up


def _day(values: dict[str, str]) -> dt.date:
    today = timezone.localdate()
    text = values.get("remind_on") or values.get("ask_on")
    return max(dt.date.fromisoformat(text), today) if text else today


def _asker(values: dict[str, str], actor: User) -> User:
    chosen = values.get("asker", "")
    person = User.objects.active().filter(pk=int(chosen)).first() if chosen.isdecimal() else None
    return person if person and allowed(person, "followup.edit") else actor


def _note(values: dict[str, str]) -> str:
    wish = dict(REQUESTS).get(values.get("request", ""), _("Ask for a reference or a recommendation"))
    return "\n".join(filter(None, [_("Planned: %(wish)s") % {"wish": wish}, values.get("limits", "")]))
