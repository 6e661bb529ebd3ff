"""Two people, one customer: what somebody else did to the reasons that a form wanted to answer."""

import datetime as dt
from dataclasses import dataclass

from django.http import QueryDict

from accounts.models import User
from campaigns.answers import Answer, answer_for_outcome
from campaigns.models import Opportunity
from customers.models.activities import Outcome
from innendienst.workplace.addresses import posted_id


@dataclass(frozen=True)
class Moved:
    """One reason in both versions. `by` is "" where the program itself moved it; `at` is None where nobody did."""

    label: str
    theirs: str
    mine: str
    by: str
    at: dt.datetime | None


def what_moved(user: User, opportunity_ids: list[int], data: QueryDict) -> list[Moved]:
    """Both versions of each reason; one that is gone altogether is left out."""
    found = Opportunity.objects.visible_to(user).filter(pk__in=opportunity_ids).order_by("pk")
    return [_compare(opportunity, data) for opportunity in found]


def _compare(opportunity: Opportunity, data: QueryDict) -> Moved:
    said = _said(opportunity.pk, data)
    last = opportunity.transitions.select_related("by").order_by("pk").last()
    return Moved(
        label=opportunity.get_kind_display(),
        theirs=opportunity.get_state_display(),
        mine=str(Answer(said).label) if said in Answer.values else "",
        by=last.by.full_name if last and last.by else "",
        at=last and last.at,
    )


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
