"""What acts with references need, read from a browser. Each refusal says what was read and what is expected."""

import datetime as dt

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from customers.gate_rules import STATABLE
from innendienst.lib import display
from innendienst.workplace.fields import AmountField, ComingDayField, DayField, KeptFileField, MessagesMixin, PastDayField, PlainTextField
from referrals.asking import FLAGS, RATINGS
from referrals.models import Outcome, Place, ReferenceCustomer, Thanks, UseKind
from referrals.suitability import RATING_MOST

UNRATED = ""
_PLANNED_MOST = dt.timedelta(days=366)


class Act(models.TextChoices):
    """What can be done with a reference, in the order in which a page offers it."""

    QUALIFY = "qualify", gettext_lazy("Say that it suits")
    ASK = "ask", gettext_lazy("Ask for reference")
    GIVE_TIME = "give_time", gettext_lazy("Give time to think")
    AGREE = "agree", gettext_lazy("Customer agrees")
    DECLINE = "decline", gettext_lazy("Customer declines")
    HAND_ON = "hand_on", gettext_lazy("Let somebody else ask")
    REVIEW = "review", gettext_lazy("Review now")
    KEEP = "keep", gettext_lazy("Keep released")
    EXPIRE = "expire", gettext_lazy("End the reference")
    PAUSE = "pause", gettext_lazy("Pause")
    RESUME = "resume", gettext_lazy("Go on")
    WITHDRAW = "withdraw", gettext_lazy("Record withdrawal")


class ActForm(MessagesMixin, forms.Form):
    """One act with what it needs; the fields of other acts are not looked at."""

    act = forms.ChoiceField(choices=Act.choices)
    version = forms.IntegerField(min_value=1)
    until = ComingDayField(label=gettext_lazy("Time to think until"), required=False)
    contact = forms.IntegerField(required=False)
    asker = forms.IntegerField(required=False)
    legal_reason = forms.ChoiceField(choices=[(one.value, one.value) for one in STATABLE], required=False)
    legal_text = PlainTextField(label=gettext_lazy("Why"), length_most=300)
    reason = PlainTextField(label=gettext_lazy("Reason"), length_most=200)

    def clean(self) -> dict:
        given = self.cleaned_data
        if given.get("act") == Act.GIVE_TIME and not given.get("until") and "until" not in self.errors:
            self.add_error("until", _("%(field)s: it is missing.") % {"field": self.fields["until"].label})
        if given.get("act") == Act.HAND_ON and not given.get("asker"):
            self.add_error("asker", _("Choose who is to ask."))
        return given


class RatingForm(MessagesMixin, forms.Form):
    """Ratings 0 to 3, or not rated, and what makes the customer a model for others."""

    def __init__(self, *args, reference: ReferenceCustomer, **options) -> None:
        super().__init__(*args, **options)
        for name in RATINGS:
            label = reference._meta.get_field(name).verbose_name
            choices = [(UNRATED, _("not rated")), *((str(value), str(value)) for value in range(RATING_MOST + 1))]
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False)
        for name in FLAGS:
            self.fields[name] = forms.BooleanField(label=reference._meta.get_field(name).verbose_name, required=False)

    @property
    def said(self) -> dict[str, int | bool | None]:
        given = self.cleaned_data
        ratings = {name: int(given[name]) if given[name] != UNRATED else None for name in RATINGS}
        return {**ratings, **{name: given[name] for name in FLAGS}}


class ScopeForm(MessagesMixin, forms.Form):
    """What the customer allows for one kind of use."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of use"), choices=UseKind.choices)
    places = forms.MultipleChoiceField(
        label=gettext_lazy("Where"), choices=Place.choices, error_messages={"required": gettext_lazy("Where: choose at least one place.")}
    )
    valid_until = ComingDayField(label=gettext_lazy("Valid until"), required=False)
    names_person = forms.BooleanField(label=gettext_lazy("Name and picture of the person"), required=False)
    no_competitors = forms.BooleanField(label=gettext_lazy("Not for competitors"), required=False)
    per_quarter_most = forms.IntegerField(label=gettext_lazy("Uses per quarter"), min_value=0, max_value=50, required=False)
    limits = PlainTextField(label=gettext_lazy("Further limits"), length_most=300)


class ProofForm(MessagesMixin, forms.Form):
    proof = KeptFileField(
        label=gettext_lazy("Written release"),
        error_messages={"required": gettext_lazy("Written release: choose the file with the customer's word.")},
    )


class TextForm(MessagesMixin, forms.Form):
    text = PlainTextField(label=gettext_lazy("Approved text"), length_most=10_000)
    file = KeptFileField(label=gettext_lazy("File"), required=False)
    approved_on = PastDayField(label=gettext_lazy("Approved by the customer on"), required=False)


class UseDayField(DayField):
    """The day of a use, past or planned; empty is today."""

    def clean(self, value: str) -> dt.date:
        return super().clean(value) or timezone.localdate()

    def check_day(self, day: dt.date, today: dt.date) -> None:
        if day > today + _PLANNED_MOST:
            facts = {"field": self.label, "day": display.date(day)}
            raise forms.ValidationError(_("%(field)s: %(day)s lies too far ahead.") % facts)


class UseForm(MessagesMixin, forms.Form):
    place = forms.ChoiceField(label=gettext_lazy("Where"), choices=Place.choices)
    used_on = UseDayField(label=pgettext_lazy("reference", "Used on"), required=False)
    prospect = PlainTextField(label=gettext_lazy("For whom"), length_most=200)


class FeedbackForm(MessagesMixin, forms.Form):
    outcome = forms.ChoiceField(choices=Outcome.choices)


class ThanksForm(MessagesMixin, forms.Form):
    how = forms.ChoiceField(choices=Thanks.How.choices)
    value = AmountField(label=gettext_lazy("Value"), required=False)
