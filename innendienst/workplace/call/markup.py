"""The call form as its page shows it.

The form stands on every card, and all but a few texts of it are the same for every customer. So its markup is rendered once
per language and choice and kept; what differs (`{note}`, `{key}` …) is put in afterwards, as in the template tag `rows`.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from campaigns.goods import Goods
from campaigns.models import Opportunity
from customers.gate import sign
from customers.models import Activity, Contact
from customers.models.activities import Satisfied
from innendienst.lib import display
from innendienst.templatetags.rows import fill
from innendienst.workplace.call import options
from innendienst.workplace.call.gate_markup import gate_markup, is_incoming_only
from innendienst.workplace.call.next_steps import NextStep
from innendienst.workplace.call.options import option_of
from innendienst.workplace.call.shown import ShownAnswer, ShownForm
from innendienst.workplace.call.survey import survey_markup
from innendienst.workplace.handovers.asking import checklist
from innendienst.workplace.needs.views import lines_context
from nps.models import Invitation

_CHOSEN, _NOT = SafeString(" selected"), SafeString("")
_MARKED = ("outcome", "complaint_title", "note", "next_on", "next_time")
_MARKED_IN_GATE = ("legal_reason", "legal_text")
_ORDER = {"outcome": 0, "complaint_title": 1, "note": 3, "next_on": 4, "next_time": 5, "legal_reason": 6, "legal_text": 7}
"""Where a field stands on the page; the amounts of the answers are 2."""


class _Chosen(NamedTuple):
    """Everything that decides the form's markup."""

    language: str
    back: str
    direction: str
    outcome: str
    detail: str
    satisfied: str
    asks_satisfied: bool
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
    gate_url: str
    gate: SafeString
    more: SafeString
    outcome_mark: SafeString
    complaint_title_mark: SafeString
    note_mark: SafeString
    next_on_mark: SafeString
    next_time_mark: SafeString


class _Line(NamedTuple):
    id: int
    more: str
    version: int
    amount: str
    amount_mark: SafeString
    until: str
    until_mark: SafeString


class _Address(NamedTuple):
    url: str
    proposal: str


class _Url(NamedTuple):
    url: str


class _Person(NamedTuple):
    pk: int | str
    chosen: SafeString
    name: str


class FormView:
    """`fields` is the form without its hidden inputs; `messages` say what stands in the way of saving."""

    def __init__(
        self,
        form: ShownForm,
        contacts: list[Contact],
        *,
        back: str,
        today: dt.date,
        goods: Goods | None = None,
        may_hand_over: bool = False,
        asks_satisfied: bool = False,
        surveys: Sequence[Invitation] = (),
        visit_proposal: str = "",
    ) -> None:
        self._surveys, self._visit_proposal = surveys, visit_proposal
        self._may_hand_over, self._asks_satisfied = may_hand_over, asks_satisfied
        self.messages = form.messages
        self.key, self.top = form.value("key"), form.value("top")
        self._form, self._contacts, self._back, self._today = form, contacts, back, today
        self._more = _told_apart([one.opportunity for one in form.answers], goods) if goods else {}

    @property
    def fields(self) -> SafeString:
        form = self._form
        wrong = _wrong_fields(form)
        step = NextStep.DATE if "next_on" in wrong else form.value("next")
        chosen = _Chosen(
            get_language() or "",
            self._back,
            *(form.value(name) for name in ("direction", "outcome", "detail", "satisfied")),
            self._asks_satisfied or bool(form.value("satisfied")),
            step,
            tuple(form.days.items()),
            is_incoming_only(form.gate),
            len(form.answers),
        )
        texts = _Texts(
            *(form.value(name) for name in ("note", "complaint_title", "next_on", "next_time")),
            today=self._today.isoformat(),
            contacts=self._people(),
            answers=SafeString("".join(_line(one, self.top, wrong, self._more.get(one.opportunity.pk, "")) for one in form.answers)),
            **{f"{name}_mark": _mark(name, wrong) for name in _MARKED},
            gate_url=reverse("call_gate", args=[form.customer.pk]),
            gate=_gate(form, wrong),
            more=survey_markup(self._surveys, form.survey) + self._opened_parts(),
        )
        return fill(_fields_markup(chosen), [texts])

    def _opened_parts(self) -> SafeString:
        """Parts that open on a click: what the customer needs, and field sales where nobody of it has him yet."""
        handover = _handover(self._form, self._visit_proposal) if self._may_hand_over else _NOT
        return _needs(self._form) + handover

    def _people(self) -> SafeString:
        """Options for whom was spoken with; the switchboard comes last."""
        chosen, blocked = self._form.value("contact"), options.blocked_note()
        people = [
            _Person(
                contact.pk,
                _CHOSEN if str(contact.pk) == chosen else _NOT,
                ", ".join(filter(None, [contact.addressed_name, contact.role, blocked if contact.is_blocked else ""])),
            )
            for contact in self._contacts
        ]
        switchboard = _Person("", _NOT if chosen else _CHOSEN, options.switchboard())
        return fill('<option value="{pk}"{chosen}>{name}</option>', [*people, switchboard])


@lru_cache(maxsize=500)
def _fields_markup(chosen: _Chosen) -> str:
    days = dict(chosen.days)
    context = {
        "back": chosen.back,
        "directions": [option_of(member, chosen.direction) for member in Activity.Direction],
        "is_incoming_only": chosen.is_incoming_only,
        "outcomes": options.outcomes(chosen.outcome, days),
        "details": [option_of(member, chosen.detail) for member in Activity.Detail],
        "satisfied": [option_of(member, chosen.satisfied) for member in Satisfied],
        "asks_satisfied": chosen.asks_satisfied,
        "steps": options.steps(chosen.step, {step: f"{display.weekday(day)} {display.day_month(day)}" for step, day in days.items()}),
        "answer_count": chosen.answer_count,
    }
    return render_to_string("workplace/partials/call_form_fields.html", context)


def _wrong_fields(form: ShownForm) -> list[str]:
    """What was refused, in the order of the page; fields of an answer by their names with the prefix."""
    amounts = [_name(answer, "amount") for answer in form.answers if answer.is_amount_wrong]
    amounts += [_name(answer, "valid_until") for answer in form.answers if answer.is_until_wrong]
    named = [name for name in (*_MARKED, *_MARKED_IN_GATE) if name in form.wrong]
    return sorted([*amounts, *named], key=lambda name: _ORDER.get(name, 2))


def _name(answer: ShownAnswer, field: str) -> str:
    return f"reason-{answer.opportunity.pk}-{field}"


def _mark(name: str, wrong: list[str]) -> SafeString:
    """Attributes of a refused field; the first one has the focus."""
    if name not in wrong:
        return _NOT
    return SafeString(' aria-invalid="true" aria-describedby="call-complaints"' + (" autofocus" if name == wrong[0] else ""))


def _told_apart(opportunities: list[Opportunity], goods: Goods) -> dict[int, str]:
    """What to add to the names of reasons of one kind, once an answer has parted them."""
    kinds = [opportunity.kind for opportunity in opportunities]
    return {each.pk: options.lead_text(each, goods) for each in opportunities if kinds.count(each.kind) > 1}


def _line(answer: ShownAnswer, top: str, wrong: list[str], more: str) -> SafeString:
    opportunity = answer.opportunity
    answered = _Answered(
        get_language() or "",
        opportunity.kind,
        str(opportunity.pk) == top,
        *(answer.values.get(name, "") for name in ("answer", "lost_reason", "dismissed_reason")),
    )
    amount, until = (answer.values.get(name, "") for name in ("amount", "valid_until"))
    amount_mark, until_mark = (_mark(_name(answer, name), wrong) for name in ("amount", "valid_until"))
    line = _Line(opportunity.pk, more, opportunity.version, amount, amount_mark, until, until_mark)
    return fill(_line_markup(answered), [line])


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


def _handover(form: ShownForm, proposal: str) -> SafeString:
    """The way to the checklist, or the checklist as it was sent."""
    if form.handover:
        return render_to_string("handovers/partials/checklist.html", checklist(form.customer, form.handover))
    return fill(
        _link_markup("workplace/partials/call_form_handover.html", get_language() or ""),
        [_Address(reverse("handovers:ask", args=[form.customer.pk]), proposal)],
    )


def _needs(form: ShownForm) -> SafeString:
    """The way to the lines of what he needs, or the lines as they were sent."""
    if form.needs:
        return render_to_string("needs/partials/lines.html", lines_context(list(form.needs)))
    return fill(
        _link_markup("workplace/partials/call_form_needs.html", get_language() or ""),
        [_Url(reverse("customers:needs", args=[form.customer.pk]))],
    )


@lru_cache(maxsize=20)
def _link_markup(template: str, _language: str) -> str:
    return render_to_string(template)


def _gate(form: ShownForm, wrong: list[str]) -> SafeString:
    contact_id = form.value("contact")
    signed = sign(form.gate, form.customer, int(contact_id) if contact_id.isdecimal() else None)
    marks = {f"{name}_mark": _mark(name, wrong) for name in _MARKED_IN_GATE}
    return gate_markup(form.gate, signed, form.value("legal_reason"), form.value("legal_text"), **marks)
