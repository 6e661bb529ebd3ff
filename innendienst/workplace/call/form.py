"""The call form: what one call brought, read from a browser with or without scripts.

The outcome answers the reason on top, an answer on top names the outcome: whichever was given, the other follows. Only the
outcome is needed; everything else has a proposal.
"""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _, gettext_lazy

from campaigns.models import Opportunity
from campaigns.steps import Answer, answer_for_outcome
from customers.gate import ReasonMissing, gate_text, state_reason
from customers.gate_rules import EXPLANATION_LENGTH_LEAST, GateAnswer
from customers.models import Activity, Contact, Customer
from customers.models.activities import Outcome, Satisfied
from innendienst.lib import display
from innendienst.lib.dates import NonexistentTimeError, instant
from innendienst.lib.typed import first_line
from innendienst.workplace import reads
from innendienst.workplace.call.answers import OUTCOME_OF_ANSWER, AnswerForm
from innendienst.workplace.call.entry import CallEntry, HandoverWish, NextDate
from innendienst.workplace.call.next_steps import NextStep, follow_up_kind, proposed_step
from innendienst.workplace.call.survey import SurveyForm
from innendienst.workplace.fields import NOTE_LENGTH_MOST, ComingDayField, PlainTextField
from innendienst.workplace.handovers.forms import AskForm
from innendienst.workplace.needs.forms import refusals, sent_lines, told_by

COMPLAINT_TITLE_LENGTH_MOST = 120


class CallForm(forms.Form):
    key = forms.UUIDField()
    direction = forms.ChoiceField(choices=Activity.Direction.choices, required=False)
    contact = forms.IntegerField(required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=Outcome.choices, required=False)
    detail = forms.ChoiceField(choices=Activity.Detail.choices, required=False)
    note = PlainTextField(label=gettext_lazy("Note"), length_most=NOTE_LENGTH_MOST)
    satisfied = forms.ChoiceField(choices=Satisfied.choices, required=False)
    complaint_title = PlainTextField(label=gettext_lazy("Complaint"), length_most=COMPLAINT_TITLE_LENGTH_MOST)
    next = forms.ChoiceField(choices=[(step, step) for step in NextStep], required=False)
    next_on = ComingDayField(required=False)
    next_time = forms.TimeField(required=False, error_messages={"invalid": gettext_lazy("Time: expected is 14:05.")})
    legal_reason = forms.CharField(required=False)
    legal_text = PlainTextField(label=gettext_lazy("Concrete reason"), length_most=300)
    top = forms.IntegerField(required=False)

    def __init__(
        self,
        customer: Customer,
        opportunities: list[Opportunity],
        days: dict[NextStep, dt.date],
        gate: GateAnswer,
        data: QueryDict,
        *,
        has_settled_complaint: bool = False,
    ) -> None:
        super().__init__(data)
        self.has_settled_complaint = has_settled_complaint
        self.customer, self.opportunities, self.days, self.gate = customer, opportunities, days, gate
        self.survey_form = SurveyForm(data)
        self.handover_form = AskForm(data) if "handover-criteria" in data or data.get("handover-to") else None
        self.answer_forms = [AnswerForm(opportunity, data) for opportunity in opportunities]
        self.need_lines = sent_lines(data)
        self.fields["outcome"].error_messages["invalid_choice"] = _("Outcome: “%(value)s” is not in the list.")

    @property
    def messages(self) -> list[str]:
        """Every complaint once, in reading order."""
        forms_within = [*self.answer_forms, *filter(None, [self.handover_form])]
        errors = [*self.errors.values(), *(errors for form in forms_within for errors in form.errors.values())]
        return list(dict.fromkeys(text for texts in errors for text in texts))

    @property
    def is_ours(self) -> bool:
        return self.cleaned_data.get("direction") != Activity.Direction.INCOMING

    def clean_contact(self) -> Contact | None:
        """A person of this customer; anybody else's is a page that does not exist."""
        pk = self.cleaned_data["contact"]
        if pk is None:
            return None
        contact = reads.contact_of(self.customer, pk)
        if contact is None:
            raise Http404
        return contact

    def clean(self) -> dict:
        given = self.cleaned_data
        if complaints := [text for form in self.answer_forms for texts in form.errors.values() for text in texts]:
            self.add_error(None, complaints)
        if refused := refusals(self.need_lines):
            self.add_error(None, refused)
        self._read_handover()
        outcome = given["outcome"] = given.get("outcome") or self._outcome_by_answers()
        if not outcome:
            if "outcome" not in self.errors:
                self.add_error("outcome", _("Outcome: choose how the call ended."))
            return given
        self._read_survey(outcome)
        self._read_complaint(outcome)
        self._read_answers(outcome)
        self._read_next_date(outcome)
        self._read_legal_reason()
        return given

    @cached_property
    def entry(self) -> CallEntry:
        """The call, once the form is valid."""
        given = self.cleaned_data
        return CallEntry(
            outcome=given["outcome"],
            gate_answer=given["gate_answer"],
            direction=given["direction"] or Activity.Direction.OUTGOING,
            contact=given["contact"],
            detail=given["detail"] if given["outcome"] == Outcome.NOT_REACHED else "",
            note=given["note"],
            satisfied=given["satisfied"],
            complaint_title=given["complaint_title"],
            answers=given["answers"],
            next_date=given["next_date"],
            handover=given["handover"],
            survey=given["survey"],
            needs=tuple(told_by(self.need_lines)),
            said_next=tuple(self.data.get(name, "") for name in ("next", "next_on", "next_time")),
        )

    def _outcome_by_answers(self) -> str:
        answers = (form.cleaned_data.get("answer") for form in self.answer_forms if form.is_valid())
        return next((OUTCOME_OF_ANSWER[answer] for answer in answers if answer in OUTCOME_OF_ANSWER), "")

    def _read_complaint(self, outcome: str) -> None:
        """What it is about: in its own field, else in the first line of the note. Nobody can work on a complaint about nothing.

        Who is not satisfied complains too, unless it is about something settled, which is open again then.
        """
        given = self.cleaned_data
        if outcome == Outcome.NOT_REACHED:
            given["satisfied"] = ""
        is_discontent = given.get("satisfied") == Satisfied.NO and not self.has_settled_complaint
        if not (outcome == Outcome.COMPLAINT or is_discontent) or {"complaint_title", "note"} & set(self.errors):
            given["complaint_title"] = ""
            return
        given["complaint_title"] = given["complaint_title"].strip() or first_line(given["note"])[:COMPLAINT_TITLE_LENGTH_MOST]
        if not given["complaint_title"]:
            self.add_error("complaint_title", _("Complaint: write in a few words what it is about."))

    def _read_handover(self) -> None:
        """Ticks without a person, or a person without a tick, are no hand-over yet."""
        form = self.handover_form
        if form is not None and not form.is_valid():
            self.add_error(None, [text for texts in form.errors.values() for text in texts])
        is_asked = form is not None and form.is_valid()
        self.cleaned_data["handover"] = HandoverWish(form.cleaned_data["to"], tuple(form.cleaned_data["criteria"])) if is_asked else None

    def _read_survey(self, outcome: str) -> None:
        """A rating needs somebody who was reached and is asked."""
        given = self.cleaned_data
        given["survey"] = None
        if "contact" in self.errors:
            return
        try:
            given["survey"] = self.survey_form.read(self.customer, given.get("contact"), given.get("key"))
        except ValidationError as error:
            self.add_error(None, error)
            return
        if given["survey"] and outcome == Outcome.NOT_REACHED:
            self.add_error("outcome", _("Outcome: nobody was reached, but the survey has an answer. Change one of the two."))

    def _read_answers(self, outcome: str) -> None:
        read = []
        for form in self.answer_forms:
            is_top = form.opportunity.pk == self.cleaned_data.get("top")
            answer = form.cleaned_data.get("answer") or (answer_for_outcome(outcome) if is_top else Answer.NOT_DISCUSSED)
            if outcome == Outcome.NOT_REACHED and answer not in {Answer.NOT_REACHED, Answer.NOT_DISCUSSED}:
                self.add_error("outcome", _("Outcome: nobody was reached, but a reason has an answer. Change one of the two."))
                return
            if form.is_valid() and answer != Answer.NOT_DISCUSSED:
                try:
                    read.append(form.read(answer))
                except ValidationError as error:
                    form.add_error("amount", error)
                    self.add_error(None, error)
        self.cleaned_data["answers"] = tuple(read)

    def _read_next_date(self, outcome: str) -> None:
        given = self.cleaned_data
        given["next_date"] = None
        if {"next_on", "next_time"} & set(self.errors):
            return
        typed_on = given.get("next_on")
        step = given.get("next") or (NextStep.DATE if typed_on else self._proposed_step(outcome))
        day = typed_on if step == NextStep.DATE else self.days.get(step)
        if day is not None:
            time = given.get("next_time") if step == NextStep.DATE else None
            self._check_time(day, time)
            given["next_date"] = NextDate(day, follow_up_kind(outcome), time)
        elif outcome == Outcome.CALLBACK:
            self.add_error("next_on", _("Call back: a date is missing."))
        elif step == NextStep.DATE:
            self.add_error("next_on", _("Next step: the date is missing."))

    def _proposed_step(self, outcome: str) -> NextStep:
        """Whom field sales goes on with comes back from there."""
        is_handed_over = self.cleaned_data["handover"] is not None and outcome != Outcome.CALLBACK
        return NextStep.NONE if is_handed_over else proposed_step(outcome, self.days)

    def _check_time(self, day: dt.date, time: dt.time | None) -> None:
        if time is None:
            return
        try:
            if instant(day, time) < timezone.now():
                self.add_error("next_time", _("Time: %(time)s today is over.") % {"time": f"{time:%H:%M}"})
        except NonexistentTimeError:
            facts = {"time": f"{time:%H:%M}", "day": display.date(day)}
            self.add_error("next_time", _("Time %(time)s: this time does not exist on %(day)s (clocks go forward).") % facts)

    def _read_legal_reason(self) -> None:
        given = self.cleaned_data
        given["gate_answer"] = self.gate if self.is_ours else None
        if not self.is_ours or self.gate.is_allowed:
            return
        if not self.gate.choices:
            self.add_error("direction", _("%(why)s If the customer called, choose “Incoming call”.") % {"why": gate_text(self.gate)})
            return
        if "legal_text" in self.errors:
            return
        try:
            given["gate_answer"] = state_reason(self.gate, given.get("legal_reason", ""), given.get("legal_text", ""))
        except ReasonMissing:
            self.add_error(
                "legal_reason",
                _("Legal basis: choose one; a concrete reason needs at least %(least)s characters.") % {"least": EXPLANATION_LENGTH_LEAST},
            )
