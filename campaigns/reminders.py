"""What falls due for the owner of an opportunity: follow-ups that this app makes, settles and brings back.

Each carries the opportunity as its origin, so that with kind and day it exists once however often a job runs.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import DateTimeField, Exists, Max, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import User
from campaigns.models import Opportunity, OpportunityTransition, Quote
from campaigns.preferences import CampaignsPreferences
from customers.follow_ups import holiday_state, plan_follow_up, snooze
from customers.models import Activity, FollowUp
from customers.models.activities import Outcome
from customers.querysets import FollowUpQuerySet
from innendienst.base import preferences
from innendienst.lib.dates import add_working_days

Kind = FollowUp.Kind
State = Opportunity.State
ORIGIN = "opportunity:"
_WHY = "reminders of an opportunity"


def plan_on(*, actor: User, opportunity: Opportunity, due_on: dt.date) -> tuple[FollowUp, str]:
    """Have the opportunity come back to its owner on a day; one that was planned already is put off instead of doubled.

    Answers the follow-up and the day it was planned for before, as ISO text or "".
    """
    planned = _open(opportunity).filter(kind=Kind.PLANNED).first()
    if planned is None:
        made = plan_follow_up(
            actor=actor, customer=opportunity.customer, due_on=due_on, kind=Kind.PLANNED, origin=origin_of(opportunity),
            assignee=opportunity.owner or actor,
        )  # fmt: skip
        return made, ""
    before = planned.due_on.isoformat()
    planned.due_on = snooze(actor=actor, follow_up=planned, due_on=due_on)
    return planned, before


def plan_again(opportunity: Opportunity, planned_for: str) -> None:
    """Undo `plan_on`: back to the day of before, or gone where there was none."""
    planned = _open(opportunity).filter(kind=Kind.PLANNED)
    if planned_for:
        planned.update(due_on=dt.date.fromisoformat(planned_for))
    else:
        planned.delete()


def hand_on(opportunity: Opportunity, owner: User) -> None:
    """Give what is due for the opportunity to its new owner."""
    _open(opportunity).update(assignee=owner, team=None)


def settle(opportunity: Opportunity, activity: Activity | None) -> list[int]:
    """Close what was to be done about it, since it has moved on; the ids, for `bring_back`."""
    ids = list(_open(opportunity).values_list("pk", flat=True))
    if ids:
        FollowUp.objects.for_system(_WHY).filter(pk__in=ids).update(done_at=timezone.now(), done_by=activity)
    return ids


def bring_back(ids: Sequence[int]) -> None:
    """Open again what `settle` closed."""
    if ids:
        FollowUp.objects.for_system(_WHY).filter(pk__in=ids).update(done_at=None, done_by=None)


def origin_of(opportunity: Opportunity) -> str:
    return f"{ORIGIN}{opportunity.pk}"


@transaction.atomic
def remind(today: dt.date) -> int:
    """Make the follow-ups that fall due today or fell due before; how many. A second run makes none.

    Interest nobody went on with for three working days, quotes three days after they were sent and two before they end
    (domain guide 2.1). Where something is planned with the customer anyway, nobody is reminded on top of it.
    """
    made_count = 0
    for opportunity in _waiting(today):
        for kind, due_on in _due(opportunity, today):
            _follow_up, is_new = FollowUp.objects.for_system(_WHY).get_or_create(
                origin=origin_of(opportunity),
                kind=kind,
                due_on=due_on,
                defaults={"customer_id": opportunity.customer_id, "assignee": opportunity.owner},
            )
            made_count += is_new
    return made_count


def _waiting(today: dt.date) -> Iterator[Opportunity]:
    """Interested and offered ones with an owner, whose customers have nothing planned; with what their dates are counted from."""
    of_it = {"opportunity": OuterRef("pk")}
    planned = FollowUp.objects.for_system(_WHY).open().filter(customer=OuterRef("customer"))
    talks = Activity.objects.for_system(_WHY).to_one().filter(customer=OuterRef("customer")).exclude(outcome=Outcome.NOT_REACHED)
    quotes = Quote.objects.filter(**of_it).order_by("-version")
    steps = OpportunityTransition.objects.filter(**of_it).order_by().values("opportunity")
    return (
        Opportunity.objects.for_system(_WHY)
        .filter(state__in=[State.INTERESTED, State.OFFERED], owner__isnull=False)
        .exclude(Exists(planned))
        .select_related("owner__team")
        .annotate(
            moved_at=Subquery(steps.annotate(last=Max("at")).values("last"), output_field=DateTimeField()),
            talked_at=Subquery(talks.latest_first().values("at")[:1], output_field=DateTimeField()),
            sent_on=Subquery(quotes.values("sent_on")[:1]),
            valid_until=Subquery(quotes.values("valid_until")[:1]),
        )
        .filter(Q(moved_at__isnull=False) | Q(sent_on__isnull=False))
        .order_by("pk")
        .iterator()
    )


def _due(opportunity: Opportunity, today: dt.date) -> Iterator[tuple[str, dt.date]]:
    chosen, state = preferences.get(CampaignsPreferences), holiday_state(opportunity.owner)
    if opportunity.state == State.INTERESTED:
        last_at = max(at for at in (opportunity.moved_at, opportunity.talked_at) if at)
        due_on = add_working_days(timezone.localdate(last_at), chosen.interest_days, state)
        if due_on <= today:
            yield Kind.INTEREST, due_on
        return
    if opportunity.sent_on and (due_on := add_working_days(opportunity.sent_on, chosen.quote_days, state)) <= today:
        yield Kind.QUOTE, due_on
    if opportunity.valid_until and (due_on := add_working_days(opportunity.valid_until, -chosen.quote_ends_days, state)) <= today:
        yield Kind.QUOTE_ENDS, due_on


def _open(opportunity: Opportunity) -> FollowUpQuerySet:
    return FollowUp.objects.for_system(_WHY).open().filter(customer=opportunity.customer_id, origin=origin_of(opportunity))
