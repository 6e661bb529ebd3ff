"""Moving an opportunity: every change of its state goes through here, whoever asks for it."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db.models import CharField, F
from django.utils import timezone

from campaigns.models import Opportunity, OpportunityItem, OpportunityTransition
from customers.models import Activity
from innendienst.lib.prepared import Param, Prepared
from innendienst.lib.transitions import StateConflict, change_state

State = Opportunity.State
TALKED = frozenset(
    {State.CONTACTED, State.INTERESTED, State.OFFERED, State.HANDOVER_REQUESTED, State.WITH_FIELD_SALES, State.RETURNED, State.WON}
)
"""States that somebody reached by talking with the customer about it."""

_TAKEN_UP = Prepared(
    lambda: (
        Opportunity.objects.for_system("open once per subject")
        .filter(customer=Param("customer"), kind=Param("kind", CharField()), subject_key=Param("subject", CharField()))
        .exclude(state__in=[State.SUGGESTED, *Opportunity.CLOSED])
        .values_list("pk")
    )
)


class SecondOpportunity(StateConflict):
    """Another open opportunity of this kind is about the same product group (domain guide 2.1, "must never happen")."""


def move(
    actor,
    opportunity: Opportunity,
    to_state: str,
    steps: Mapping[str, frozenset[str]],
    activity: Activity | None,
    reason: str,
    changes: dict,
) -> None:
    """Write the changes; each raises the version, also where the state stays, so that nobody overwrites them unseen.

    Without an actor it is the machine's own step. Raises TransitionRefused and StateConflict.
    """
    changes = {**_days_that_begin(opportunity, to_state), **changes}
    if to_state != opportunity.state:
        transition = OpportunityTransition(opportunity=opportunity, activity=activity, by=actor, reason=reason)
        change_state(opportunity, to_state, steps=steps, transition=transition, **changes)
        return
    as_seen = Opportunity.objects.for_system("found by the caller").filter(pk=opportunity.pk, version=opportunity.version)
    if as_seen.update(version=F("version") + 1, **changes) == 0:
        raise StateConflict(f"opportunity {opportunity.pk}")
    for name, value in {**changes, "version": opportunity.version + 1}.items():
        setattr(opportunity, name, value)


def _days_that_begin(opportunity: Opportunity, to_state: str) -> dict[str, dt.date]:
    """Since when orders may belong to it: the first day of being taken up, and of being talked about."""
    today, begins = timezone.localdate(), {}
    if opportunity.opened_on is None and to_state not in {State.SUGGESTED, State.EXPIRED}:
        begins["opened_on"] = today
    if opportunity.talked_on is None and to_state in TALKED:
        begins["talked_on"] = today
    return begins


def subject_key(opportunity: Opportunity, items: Sequence[OpportunityItem]) -> str:
    """What an answered opportunity is about: the product group of its best article; without a group, that article."""
    if opportunity.campaign_id:
        return opportunity.subject_key
    if not items:
        return "-"
    best = items[0].product
    return f"product:{best.pk}" if best.group_id is None else f"group:{best.group_id}"


def refuse_second(opportunity: Opportunity, to_state: str, subject: str) -> None:
    """Raise SecondOpportunity where an open opportunity of this kind is about the same."""
    if to_state == State.SUGGESTED or to_state in Opportunity.CLOSED:
        return
    others = _TAKEN_UP(customer=opportunity.customer_id, kind=opportunity.kind, subject=subject)
    if any(pk != opportunity.pk for (pk,) in others):
        raise SecondOpportunity(f"another opportunity about {subject}")


def drop_newer_suggestion(opportunity: Opportunity) -> None:
    """Make room for a suggestion that comes back: what the rules suggested in its place meanwhile goes."""
    Opportunity.objects.for_system("suggestions are computed").suggested().filter(
        customer=opportunity.customer_id, kind=opportunity.kind, campaign=opportunity.campaign_id
    ).exclude(pk=opportunity.pk).delete()
