"""The call form as its template shows it: values and choices as plain rows, for a template that is on every card."""

from dataclasses import dataclass
from functools import cached_property

from django.forms import Form
from django.utils.formats import date_format
from django.utils.translation import gettext as _, pgettext

from campaigns.answers import Answer, answer_for_outcome
from customers.gate import basis_label
from customers.gate_rules import GateAnswer
from customers.models import Activity
from customers.models.activities import Outcome
from innendienst.workplace.answer_forms import DISMISSED_REASONS, GIVEN_ANSWERS, LOST_REASONS, OUTCOME_OF_ANSWER, AnswerForm
from innendienst.workplace.forms import CallForm
from innendienst.workplace.next_steps import NextStep, proposed_step


@dataclass(frozen=True)
class Option:
    """One choice. `leads_to` is what choosing it proposes elsewhere in the form, for static/js/workplace.js."""

    value: str
    label: str
    is_chosen: bool
    more: str = ""
    leads_to: str = ""


@dataclass(frozen=True)
class AnswerLine:
    """One reason to answer; `name` is the prefix of its fields."""

    id: int
    version: int
    name: str
    label: str
    is_top: bool
    amount: str
    answers: list[Option]
    lost_reasons: list[Option]
    dismissed_reasons: list[Option]


class FormView:
    def __init__(self, form: CallForm) -> None:
        self._form = form
        self.messages = form.messages if form.has_errors else []
        self.note = _value(form, "note")
        self.complaint_title = _value(form, "complaint_title")
        self.next_on, self.next_time = _value(form, "next_on"), _value(form, "next_time")
        self.legal_text = _value(form, "legal_text")
        self.contact, self.top = _value(form, "contact"), _value(form, "top")

    @property
    def gate(self) -> GateAnswer:
        return self._form.gate

    @property
    def is_incoming_only(self) -> bool:
        return not self.gate.is_allowed and not self.gate.choices

    @property
    def directions(self) -> list[Option]:
        return _options(Activity.Direction, _value(self._form, "direction"))

    @property
    def outcomes(self) -> list[Option]:
        """`more` is the step an outcome proposes, `leads_to` the answer it gives to the reason on top."""
        chosen = _value(self._form, "outcome")
        return [
            Option(member.value, member.label, member.value == chosen, proposed_step(member, self._form.days), _visible_answer(member))
            for member in Outcome
        ]

    @property
    def details(self) -> list[Option]:
        return _options(Activity.Detail, _value(self._form, "detail"))

    @property
    def steps(self) -> list[Option]:
        """`more` is the day a step means: "Mo 30.11."."""
        labels = {
            NextStep.RETRY: _("Next try"),
            NextStep.TOMORROW: _("Tomorrow"),
            NextStep.WEEK: _("+1 week"),
            NextStep.MONTH: _("+1 month"),
            NextStep.DATE: _("Date"),
            NextStep.NONE: pgettext("next step", "None"),
        }
        chosen, days = _value(self._form, "next"), self._form.days
        offered = [step for step in NextStep if step in days or step in {NextStep.DATE, NextStep.NONE}]
        return [Option(step, labels[step], step == chosen, date_format(days[step], "D d.m.") if step in days else "") for step in offered]

    @property
    def legal_reasons(self) -> list[Option]:
        chosen = _value(self._form, "legal_reason")
        return [Option(choice, basis_label(choice), choice == chosen) for choice in self.gate.choices]

    @cached_property
    def answer_lines(self) -> list[AnswerLine]:
        return [_line(answer_form, is_top=str(answer_form.opportunity.pk) == self.top) for answer_form in self._form.answer_forms]


def _line(form: AnswerForm, *, is_top: bool) -> AnswerLine:
    opportunity, chosen = form.opportunity, _value(form, "answer")
    return AnswerLine(
        id=opportunity.pk,
        version=opportunity.version,
        name=form.prefix,
        label=opportunity.get_kind_display(),
        is_top=is_top,
        amount=_value(form, "amount"),
        answers=[_answer_option(member, chosen) for member in GIVEN_ANSWERS],
        lost_reasons=_options(LOST_REASONS, _value(form, "lost_reason")),
        dismissed_reasons=_options(DISMISSED_REASONS, _value(form, "dismissed_reason")),
    )


def _answer_option(member: Answer, chosen: str) -> Option:
    return Option(member.value, member.label, member.value == chosen, leads_to=OUTCOME_OF_ANSWER.get(member, ""))


def _options(members, chosen: str) -> list[Option]:
    return [Option(member.value, member.label, member.value == chosen) for member in members]


def _visible_answer(outcome: str) -> str:
    answer = answer_for_outcome(outcome)
    return answer if answer in GIVEN_ANSWERS and answer != Answer.NOT_DISCUSSED else ""


def _value(form: Form, name: str) -> str:
    """What a field shows: as it was sent, else its proposal."""
    value = form[name].value()
    return "" if value is None else str(value)
