"""Two people, one customer: what somebody else did to the reasons that a form wanted to answer."""

import datetime as dt
from dataclasses import dataclass

from django.http import QueryDict

from accounts.models import User
from accounts.permissions import allowed
from campaigns.goods import Goods
from campaigns.models import Opportunity
from campaigns.steps import Answer, answer_for_outcome
from customers.models import Activity
from customers.models.activities import Outcome
from innendienst.workplace.addresses import posted_id
from innendienst.workplace.call.options import lead_text


@dataclass(frozen=True)
class Moved:
    """One reason in both versions. `by` and `at` are empty where the program itself moved it, and for readers who may not know."""

    label: str
    theirs: str
    mine: str
    by: str
    at: dt.datetime | None
    is_own: bool
    """Whether it was the reader himself, in another window."""


def what_moved(user: User, opportunity_ids: list[int], data: QueryDict) -> list[Moved]:
    """Both versions of each reason; one that is gone altogether is left out."""
    found = Opportunity.objects.visible_to(user).filter(pk__in=opportunity_ids).order_by("pk")
    return [_compare(user, opportunity, data) for opportunity in found]


def _compare(user: User, opportunity: Opportunity, data: QueryDict) -> Moved:
    said = _said(opportunity.pk, data)
    person, at = _last_hand(opportunity)
    is_own = person == user
    if not is_own and not allowed(user, "author.see"):
        person = at = None
    return Moved(
        label=_label(opportunity),
        theirs=opportunity.get_state_display(),
        mine=str(Answer(said).label) if said in Answer.values else "",
        by=person.full_name if person else "",
        at=at,
        is_own=is_own,
    )


def _label(opportunity: Opportunity) -> str:
    """Its kind; with the article on top where another reason of this kind stands beside it."""
    others = Opportunity.objects.for_system("beside a reason found by visible_to").on_the_table().exclude(pk=opportunity.pk)
    if not others.filter(customer=opportunity.customer_id, kind=opportunity.kind).exists():
        return opportunity.get_kind_display()
    return f"{opportunity.get_kind_display()}{lead_text(opportunity, Goods([opportunity]))}"


def _last_hand(opportunity: Opportunity) -> tuple[User | None, dt.datetime | None]:
    """Who touched the reason last and when: by a step, or by a call after which it stayed as it was."""
    steps = [(step.at, step.by) for step in opportunity.transitions.select_related("by").order_by("-pk")[:1]]
    calls = Activity.objects.for_system("calls about a reason found by visible_to").filter(opportunity_answers__opportunity=opportunity)
    hands = [*steps, *((call.at, call.by) for call in calls.select_related("by").latest_first()[:1])]
    at, person = max(hands, key=lambda hand: hand[0], default=(None, None))
    return person, at


def posted_reasons(data: QueryDict) -> list[int]:
    """The opportunities that a form names, each once. Raises Http404 for what is no id."""
    return list(dict.fromkeys(posted_id(text) for text in data.getlist("reason")))


def has_lost_answer(data: QueryDict, known_ids: set[int]) -> bool:
    """Whether the form answers a reason that exists no more: an import may have taken its grounds away meanwhile."""
    silent = {"", Answer.NOT_DISCUSSED, Answer.NOT_REACHED}
    return any(_said(pk, data) not in silent for pk in posted_reasons(data) if pk not in known_ids)


def _said(opportunity_id: int, data: QueryDict) -> str:
    """The answer given to a reason, by itself or by the outcome where it stands on top; "" for none."""
    given, outcome = data.get(f"reason-{opportunity_id}-answer", ""), data.get("outcome", "")
    if given or data.get("top") != str(opportunity_id) or outcome not in Outcome.values:
        return given
    return answer_for_outcome(outcome)
