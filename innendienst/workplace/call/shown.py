"""What a call form shows: the proposals of a fresh one, or what was sent and what is wrong about it.

A fresh form is no CallForm: there is nothing to read yet, and each CallForm copies all its fields, which for the forms of a card
costs more than the query for its reasons.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.forms import Form

from campaigns.models import Opportunity
from customers.gate_rules import GateAnswer
from customers.models import Customer
from innendienst.workplace.call.form import CallForm
from innendienst.workplace.call.next_steps import NextStep
from innendienst.workplace.needs.forms import NeedLine


@dataclass(frozen=True)
class ShownAnswer:
    """The line of one reason: `values` by field name without prefix; a field that is missing is empty."""

    opportunity: Opportunity
    values: Mapping[str, str]
    is_amount_wrong: bool = False
    is_until_wrong: bool = False


@dataclass(frozen=True)
class ShownForm:
    """`values` by field name, a field that is missing is empty; `wrong` are refused fields, `messages` what stands in the way of saving."""

    customer: Customer
    days: Mapping[NextStep, dt.date]
    gate: GateAnswer
    values: Mapping[str, str]
    answers: Sequence[ShownAnswer]
    wrong: frozenset[str] = field(default_factory=frozenset)
    messages: Sequence[str] = ()
    handover: Form | None = None
    """The checklist of a hand-over, where it was opened."""
    survey: Form | None = None
    needs: Sequence[NeedLine] = ()
    """The lines of what the customer needs, where they were opened."""

    def value(self, name: str) -> str:
        return self.values.get(name, "")


def shown_again(form: CallForm) -> ShownForm:
    """A form that came back: every word as it was sent."""
    return ShownForm(
        customer=form.customer,
        days=form.days,
        gate=form.gate,
        values=_values(form),
        answers=[
            ShownAnswer(one.opportunity, _values(one), is_amount_wrong="amount" in one.errors, is_until_wrong="valid_until" in one.errors)
            for one in form.answer_forms
        ],
        wrong=frozenset(form.errors),
        messages=form.messages,
        handover=form.handover_form,
        survey=form.survey_form,
        needs=form.need_lines,
    )


def _values(form: Form) -> dict[str, str]:
    sent = ((name, form[name].value()) for name in form.fields)
    return {name: str(value) for name, value in sent if value is not None}
