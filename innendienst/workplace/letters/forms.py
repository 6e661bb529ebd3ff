"""A letter as it is written: to whom, why, what."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from customers.gate import ReasonMissing, basis_label, gate_text, may_contact, state_reason
from customers.gate_rules import STATABLE, GateAnswer, Purpose
from customers.models import Contact, Customer
from customers.models.permissions import Channel
from innendienst.workplace.fields import PlainTextField

SUBJECT_LENGTH_MOST, TEXT_LENGTH_MOST = 120, 6_000


class LetterForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    contact = forms.ChoiceField(label=gettext_lazy("To"), required=False)
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        choices=[
            (Purpose.SALES.value, gettext_lazy("Offer or advertising")),
            (Purpose.SERVICE.value, gettext_lazy("Service: an answer, a delivery, a complaint")),
        ],
        widget=forms.RadioSelect,
    )
    subject = PlainTextField(label=gettext_lazy("Subject"), length_most=SUBJECT_LENGTH_MOST)
    text = PlainTextField(
        label=gettext_lazy("Text"),
        length_most=TEXT_LENGTH_MOST,
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
        help_text=gettext_lazy("Salutation, date, greeting and your name are added."),
    )
    legal_reason = forms.ChoiceField(label=gettext_lazy("Legal basis"), required=False)
    legal_text = PlainTextField(label=gettext_lazy("Concrete reason"), length_most=300)

    def __init__(self, customer: Customer, data=None, **options) -> None:
        super().__init__(data, **options)
        self.customer, self.gate = customer, None
        self._people = {str(contact.pk): contact for contact in customer.contacts.all()}
        self.fields["contact"].choices = [*((pk, one.addressed_name) for pk, one in self._people.items()), ("", _("Company"))]
        self.fields["legal_reason"].choices = [("", _("Choose legal basis")), *((one.value, basis_label(one)) for one in STATABLE)]

    @property
    def person(self) -> Contact | None:
        return self._people.get(self.cleaned_data.get("contact", ""))

    @property
    def asks_basis(self) -> bool:
        """Whether the gate wants a basis stated."""
        return self.gate is not None and bool(self.gate.choices)

    def clean_subject(self) -> str:
        return _needed(" ".join(self.cleaned_data["subject"].split()), _("Subject: say in a few words what the letter is about."))

    def clean_text(self) -> str:
        return _needed(self.cleaned_data["text"].strip(), _("Text: the letter is empty."))

    def clean(self) -> dict:
        given = self.cleaned_data
        if {"contact", "purpose"} & set(self.errors):
            return given
        self.gate = may_contact(self.person or self.customer, Channel.LETTER, Purpose(given["purpose"]), timezone.localdate())
        given["gate_answer"] = self._stated(self.gate)
        return given

    def _stated(self, gate: GateAnswer) -> GateAnswer:
        if gate.is_allowed:
            return gate
        if not gate.choices:
            self.add_error("contact", gate_text(gate))
            return gate
        try:
            return state_reason(gate, self.cleaned_data.get("legal_reason", ""), self.cleaned_data.get("legal_text", ""))
        except ReasonMissing:
            self.add_error("legal_reason", gate_text(gate))
            return gate


def _needed(text: str, refusal: str) -> str:
    if not text:
        raise forms.ValidationError(refusal)
    return text
