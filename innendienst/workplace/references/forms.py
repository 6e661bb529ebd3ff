"""What acts with references need, read from a browser. Each refusal says what was read and what is expected."""

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from customers.gate_rules import STATABLE
from innendienst.base import files
from innendienst.lib.typed import NoSuchDay, NotTyped, parse_date
from innendienst.workplace.fields import AmountField, ComingDayField, PlainTextField
from referrals.asking import FLAGS, RATINGS
from referrals.models import Outcome, Place, ReferenceCustomer, Thanks, UseKind
from referrals.suitability import RATING_MOST

_FILE_TEXTS = {
    "empty": gettext_lazy("File: it is empty. Choose it again as PDF, PNG or JPEG."),
    "too_large": gettext_lazy("File: it is larger than 10 MB. Save it smaller and choose it again."),
    "kind": gettext_lazy("File: only PDF, PNG and JPEG are kept. Save it as PDF and choose it again."),
}
UNRATED = ""


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


class MessagesMixin:
    @property
    def messages(self) -> list[str]:
        return list(dict.fromkeys(text for texts in self.errors.values() for text in texts))


class KeptFileField(forms.FileField):
    """A file of a kind that is kept (innendienst/base/files.py)."""

    def __init__(self, **options) -> None:
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if file:
            try:
                files.check(file)
            except files.FileRefused as refused:
                raise forms.ValidationError(_FILE_TEXTS[refused.code]) from refused
        return file


class PastDayField(forms.CharField):
    """A day up to today, typed in any spelling of typed.py; empty is today."""

    def clean(self, value: str):
        text, today = super().clean(value), timezone.localdate()
        if not text:
            return today
        try:
            day = parse_date(text, today)
        except (NoSuchDay, NotTyped):
            raise forms.ValidationError(
                _("Date: “%(text)s” is no date (expected: 31.12.2026, +7 or today).") % {"text": text[:40]}
            ) from None
        if day > today:
            raise forms.ValidationError(_("Date: it lies ahead. Enter it once it has happened."))
        return day


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


class UseForm(MessagesMixin, forms.Form):
    place = forms.ChoiceField(label=gettext_lazy("Where"), choices=Place.choices)
    used_on = PastDayField(label=pgettext_lazy("reference", "Used on"), required=False)
    prospect = PlainTextField(label=gettext_lazy("For whom"), length_most=200)


class FeedbackForm(MessagesMixin, forms.Form):
    outcome = forms.ChoiceField(choices=Outcome.choices)


class ThanksForm(MessagesMixin, forms.Form):
    how = forms.ChoiceField(choices=Thanks.How.choices)
    value = AmountField(label=gettext_lazy("Value"), required=False)
