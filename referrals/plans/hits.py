"""How many customers answer each of the five questions, and who the largest of them are."""

import datetime as dt

from nps.models import Response
from referrals.plans.models import ReferencePlan
from referrals.plans.querysets import customers_of
from referrals.questions import Question, who_answers

NAMED_MOST = 5
_WHY = "counts of a plan, and names without what was answered"


def answers(plan: ReferencePlan, today: dt.date) -> dict[str, dict[str, str]]:
    """Question → its cells. Answers in surveys are counted and name nobody: a plan is read by people who may not know them."""
    every_answer = Response.objects.for_system(_WHY).counted().filter(wave__shows_names=True)
    found = {}
    for question in Question:
        customers = customers_of(plan)
        hits = who_answers(question, customers, every_answer, today).count()
        largest = who_answers(question, customers, every_answer.none(), today).order_by("-facts__revenue_12m", "pk")
        named = largest.values_list("name", flat=True)
        found[question.value] = {"hits": str(hits), "customers": ", ".join(named[:NAMED_MOST])}
    return found
