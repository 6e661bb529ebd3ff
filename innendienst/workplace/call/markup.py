"""The call form as its page shows it.

The form stands on every card, and all but a few texts of it are the same for every customer. So its markup is rendered once
per language and choice and kept; what differs (`{note}`, `{key}` …) is put in afterwards, as in the template tag `rows`.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.forms import Form
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from customers.gate_rules import GateAnswer
from customers.models import Activity, Contact
from innendienst.templatetags.rows import fill
from innendienst.workplace.call import options
from innendienst.workplace.call.answers import AnswerForm
from innendienst.workplace.call.form import CallForm
from innendienst.workplace.call.next_steps import NextStep
from innendienst.workplace.call.options import option_of

_CHOSEN, _NOT = SafeString(" selected"), SafeString("")


class _Chosen(NamedTuple):
    """Everything that decides the form's markup."""

    language: str
    back: str
    direction: str
    outcome: str
    detail: str
    step: str
    days: tuple[tuple[NextStep, dt.date], ...]
    is_incoming_only: bool
    answer_count: int


class _Answered(NamedTuple):
    """Everything that decides the markup of one reason's line."""

    language: str
    kind: str
    is_top: bool
    answer: str
    lost_reason: str
    dismissed_reason: str


@dataclass(frozen=True)
class _Texts:
    """What is put into the form's markup."""

    note: str
    complaint_title: str
    next_on: str
    next_time: str
    today: str
    contacts: SafeString
    answers: SafeString
    gate: SafeString


class _Line(NamedTuple):
    id: int
    version: int
    amount: str


class _Person(NamedTuple):
    pk: int | str
    chosen: SafeString
    blocked: SafeString
    name: str


class FormView:
    """`fields` is the form without its hidden inputs; `messages` say what stands in the way of saving."""

    def __init__(self, form: CallForm, contacts: list[Contact], *, back: str, today: dt.date) -> None:
        self.messages = form.messages if form.has_errors else []
        self.key, self.top = _value(form, "key"), _value(form, "top")
        self._form, self._contacts, self._back, self._today = form, contacts, back, today

    @property
    def fields(self) -> SafeString:
        form = self._form
        chosen = _Chosen(
            get_language() or "",
            self._back,
            *(_value(form, name) for name in ("direction", "outcome", "detail", "next")),
            tuple(form.days.items()),
            _is_incoming_only(form.gate),
            len(form.answer_forms),
        )
        texts = _Texts(
            *(_value(form, name) for name in ("note", "complaint_title", "next_on", "next_time")),
            today=self._today.isoformat(),
            contacts=self._people(),
            answers=SafeString("".join(_line(answer_form, self.top) for answer_form in form.answer_forms)),
            gate=_gate(form),
        )
        return fill(_fields_markup(chosen), [texts])

    def _people(self) -> SafeString:
        """Options for whom was spoken with; the switchboard comes last."""
        chosen, blocked = _value(self._form, "contact"), options.blocked_note()
        people = [
            _Person(
                contact.pk,
                _CHOSEN if str(contact.pk) == chosen else _NOT,
                SafeString(" disabled") if contact.is_blocked else _NOT,
                ", ".join(filter(None, [contact.addressed_name, contact.role, blocked if contact.is_blocked else ""])),
            )
            for contact in self._contacts
        ]
        switchboard = _Person("", _NOT if chosen else _CHOSEN, _NOT, options.switchboard())
        return fill('<option value="{pk}"{chosen}{blocked}>{name}</option>', [*people, switchboard])


def _is_incoming_only(gate: GateAnswer) -> bool:
    return not gate.is_allowed and not gate.choices


@lru_cache(maxsize=500)
def _fields_markup(chosen: _Chosen) -> str:
    days = dict(chosen.days)
    context = {
        "back": chosen.back,
        "directions": [option_of(member, chosen.direction) for member in Activity.Direction],
        "is_incoming_only": chosen.is_incoming_only,
        "outcomes": options.outcomes(chosen.outcome, days),
        "details": [option_of(member, chosen.detail) for member in Activity.Detail],
        "steps": options.steps(chosen.step, {step: date_format(day, "D d.m.") for step, day in days.items()}),
        "answer_count": chosen.answer_count,
    }
    return render_to_string("workplace/partials/call_form_fields.html", context)


def _line(form: AnswerForm, top: str) -> SafeString:
    opportunity = form.opportunity
    answered = _Answered(
        get_language() or "",
        opportunity.kind,
        str(opportunity.pk) == top,
        *(_value(form, name) for name in ("answer", "lost_reason", "dismissed_reason")),
    )
    return fill(_line_markup(answered), [_Line(opportunity.pk, opportunity.version, _value(form, "amount"))])


@lru_cache(maxsize=500)
def _line_markup(answered: _Answered) -> str:
    context = {
        "label": options.kind_label(answered.kind),
        "is_top": answered.is_top,
        "answers": options.answers(answered.answer),
        "lost_reasons": options.lost_reasons(answered.lost_reason),
        "dismissed_reasons": options.dismissed_reasons(answered.dismissed_reason),
    }
    return render_to_string("workplace/partials/call_form_answer.html", context)


def _gate(form: CallForm) -> SafeString:
    """Why this call is allowed, or what has to be stated first."""
    gate = form.gate
    context = {
        "gate": gate,
        "gate_text": options.gate_text(gate),
        "is_incoming_only": _is_incoming_only(gate),
        "legal_reasons": options.legal_reasons(gate, _value(form, "legal_reason")),
        "legal_text": _value(form, "legal_text"),
    }
    return render_to_string("workplace/partials/call_form_gate.html", context)


def _value(form: Form, name: str) -> str:
    """What a field shows: as it was sent, else its proposal."""
    value = form[name].value()
    return "" if value is None else str(value)
