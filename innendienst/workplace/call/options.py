"""The choices of the call form, in the reader's language."""

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _, pgettext

from campaigns.goods import Goods
from campaigns.models import Kind, Opportunity
from campaigns.steps import Answer, answer_for_outcome
from customers import gate
from customers.gate_rules import GateAnswer
from customers.models.activities import Outcome
from innendienst.lib import display
from innendienst.workplace.call.answers import DISMISSED_REASONS, GIVEN_ANSWERS, LOST_REASONS, OUTCOME_OF_ANSWER
from innendienst.workplace.call.next_steps import NextStep, proposed_step


@dataclass(frozen=True)
class Option:
    """One choice. `step`, `answer` and `outcome` are what choosing it proposes elsewhere in the form (static/js/workplace.js)."""

    value: str
    label: str
    is_chosen: bool
    step: str = ""
    answer: str = ""
    outcome: str = ""
    day: str = ""


def option_of(member: TextChoices, chosen: str, **leads_to) -> Option:
    return Option(member.value, str(member.label), member.value == chosen, **leads_to)


def outcomes(chosen: str, days: Container[NextStep]) -> list[Option]:
    return [option_of(member, chosen, step=proposed_step(member, days), answer=_visible_answer(member)) for member in Outcome]


def steps(chosen: str, days: dict[NextStep, str]) -> list[Option]:
    """The offered steps with the day that each means."""
    labels = {
        NextStep.RETRY: _("Follow-up"),
        NextStep.TOMORROW: _("Tomorrow"),
        NextStep.WEEK: _("+1 week"),
        NextStep.MONTH: _("+1 month"),
        NextStep.DATE: _("Date"),
        NextStep.NONE: pgettext("next step", "None"),
    }
    offered = [step for step in NextStep if step in days or step in {NextStep.DATE, NextStep.NONE}]
    return [Option(step, labels[step], step == chosen, day=days.get(step, "")) for step in offered]


def put_off_days(days: Mapping[NextStep, dt.date]) -> list[Option]:
    """The days to which a follow-up is put off in one click."""
    labels = {NextStep.TOMORROW: _("Tomorrow"), NextStep.WEEK: _("+1 week"), NextStep.MONTH: _("+1 month")}
    offered = [(days[step], label) for step, label in labels.items()]
    return [
        Option(day.isoformat(), label, is_chosen=False, day=f"{display.weekday(day)} {display.day_month(day)}") for day, label in offered
    ]


def answers(chosen: str) -> list[Option]:
    return [option_of(member, chosen, outcome=OUTCOME_OF_ANSWER.get(member, "")) for member in GIVEN_ANSWERS]


def lost_reasons(chosen: str) -> list[Option]:
    return [option_of(member, chosen) for member in LOST_REASONS]


def dismissed_reasons(chosen: str) -> list[Option]:
    return [option_of(member, chosen) for member in DISMISSED_REASONS]


def legal_reasons(choices: Iterable[str], chosen: str) -> list[Option]:
    return [Option(choice, gate.basis_label(choice), choice == chosen) for choice in choices]


def gate_text(answer: GateAnswer) -> str:
    return gate.gate_text(answer)


def kind_label(kind: str) -> str:
    return str(Kind(kind).label)


def lead_text(opportunity: Opportunity, goods: Goods) -> str:
    """Which of several reasons of one kind it is: its article on top, ": Reiniger R10", or the campaign's name."""
    if opportunity.kind == Kind.CAMPAIGN:
        return f": {opportunity.facts['name']}"
    items = goods.items_of(opportunity)
    return f": {goods.products[items[0].product_id].name}" if items else ""


def switchboard() -> str:
    return _("Switchboard")


def blocked_note() -> str:
    return _("must not be called")


def _visible_answer(outcome: str) -> str:
    """The answer that an outcome shows on the reason on top; "" for one that the list of answers lacks."""
    answer = answer_for_outcome(outcome)
    return answer if answer in GIVEN_ANSWERS and answer != Answer.NOT_DISCUSSED else ""
