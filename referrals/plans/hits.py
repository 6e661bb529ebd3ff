"""How many customers answer each of the five questions, and who the largest of them are."""

import datetime as dt

from django.db.models import Q

from referrals.five_questions import Question
from referrals.plans.models import ReferencePlan
from referrals.plans.querysets import customers_of
from referrals.questions import who_answers

NAMED_MOST = 5
_EVERYBODY, _NOBODY = Q(), Q(pk__in=())


def answers(plan: ReferencePlan, today: dt.date) -> dict[str, dict[str, str]]:
    """Question → its cells. Answers in surveys are counted and name nobody: a plan is read by people who may not know them."""
    found = {}
    for question in Question:
        customers = customers_of(plan)
        hits = who_answers(question, customers, _EVERYBODY, today).count()
        largest = who_answers(question, customers, _NOBODY, today).order_by("-facts__revenue_12m", "pk")
        named = largest.values_list("name", flat=True)
        found[question.value] = {"hits": str(hits), "customers": ", ".join(named[:NAMED_MOST])}
    return found
