"""What naming a contact and acting on him need, read from a browser."""

from decimal import Decimal

from django import forms
from django.db import models
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from customers.models import Contact, Customer
from customers.models.activities import Outcome
from innendienst.lib import phones
from innendienst.workplace.fields import NOTE_LENGTH_MOST, AmountField, MessagesMixin, PastDayField, PlainTextField
from referrals.models import Knows, Thanks

NOT_ASKED, YES, NO = "", "yes", "no"
MAY_NAME = [
    (NOT_ASKED, gettext_lazy("not asked yet")),
    (YES, gettext_lazy("yes, his name may be used")),
    (NO, gettext_lazy("no, without his name")),
]
OUTCOMES = (Outcome.NOT_REACHED, Outcome.REACHED, Outcome.INTERESTED, Outcome.NO_NEED)


class Act(models.TextChoices):
    """What can be done with a referral contact, in the order in which a page offers it."""

    CHECK = "check", pgettext_lazy("referral", "Legal check")
    MAY_NAME = "may_name", gettext_lazy("Recommender may be named")
    CALL = "call", gettext_lazy("Log first call")
    WRITE = "write", gettext_lazy("First contact by letter")
    INFORM = "inform", gettext_lazy("Notice of Art. 14 given")
    TELL = "tell", gettext_lazy("Recommender informed")
    TALK = "talk", gettext_lazy("We are talking")
    WIN = "win", gettext_lazy("New customer")
    THANK = "thank", gettext_lazy("Log thanks")
    REFUSE = "refuse", gettext_lazy("Said no")
    ERASE = "erase", gettext_lazy("Erase contact")


class NameForm(MessagesMixin, forms.Form):
    """Who was named by whom; of the number nothing is shown until there is a basis to call."""

    recommender = forms.ModelChoiceField(
        label=gettext_lazy("Recommender"),
        queryset=Contact.objects.none(),
        empty_label=gettext_lazy("Choose …"),
        error_messages={"required": gettext_lazy("Recommender: choose who named the contact.")},
    )
    may_name_me = forms.ChoiceField(
        label=gettext_lazy("May we name him"),
        choices=MAY_NAME,
        required=False,
        help_text=gettext_lazy("Holds for everybody whom he has named."),
    )
    salutation = forms.ChoiceField(label=gettext_lazy("Salutation"), choices=[("", "–"), *Contact.Salutation.choices], required=False)
    first_name = PlainTextField(label=gettext_lazy("First name"), length_most=80)
    last_name = PlainTextField(label=gettext_lazy("Last name"), length_most=80)
    role = PlainTextField(label=gettext_lazy("Position"), length_most=80)
    company = PlainTextField(label=gettext_lazy("Company"), length_most=200)
    town = PlainTextField(label=gettext_lazy("Town"), length_most=100)
    phone = PlainTextField(label=gettext_lazy("Phone"), length_most=60)
    topic = PlainTextField(label=gettext_lazy("Interested in"), length_most=120)
    is_inbound = forms.BooleanField(label=gettext_lazy("The contact came to us by himself"), required=False)

    def __init__(self, *args, customer: Customer, **options) -> None:
        super().__init__(*args, **options)
        self.fields["recommender"].queryset = customer.contacts.order_by("pk")
        self.fields["recommender"].label_from_instance = lambda contact: contact.addressed_name

    def clean_phone(self) -> str:
        """Kept out of sight, a number that cannot be read would be found only when somebody wants to call."""
        phone = self.cleaned_data["phone"].strip()
        if phone and not phones.parse(phone).e164:
            facts = {"field": self.fields["phone"].label, "text": phone}
            raise forms.ValidationError(_("%(field)s: “%(text)s” cannot be dialled (expected: area code and number).") % facts)
        return phone

    def clean(self) -> dict:
        given = self.cleaned_data
        for name in ("last_name", "company"):
            if not given.get(name, "").strip() and name not in self.errors:
                self.add_error(name, _("%(field)s: it is missing.") % {"field": self.fields[name].label})
        return given

    @property
    def may_name(self) -> bool | None:
        return {YES: True, NO: False}.get(self.cleaned_data["may_name_me"])


class ActForm(MessagesMixin, forms.Form):
    """One act with what it needs; the fields of other acts are not looked at."""

    act = forms.ChoiceField(choices=Act.choices)
    version = forms.IntegerField(min_value=1)
    knows = forms.ChoiceField(choices=Knows.choices, required=False)
    legal_note = PlainTextField(label=gettext_lazy("Why"), length_most=300)
    outcome = forms.ChoiceField(choices=[(one.value, one.label) for one in OUTCOMES], required=False)
    note = PlainTextField(label=gettext_lazy("Note"), length_most=NOTE_LENGTH_MOST)
    with_notice = forms.BooleanField(required=False)
    may_report_outcome = forms.BooleanField(required=False)
    won_on = PastDayField(label=gettext_lazy("Customer since"), required=False)
    how = forms.ChoiceField(choices=Thanks.How.choices, required=False)
    value = AmountField(label=gettext_lazy("Value"), required=False)
    objects = forms.BooleanField(required=False)

    def clean(self) -> dict:
        given = self.cleaned_data
        needed = {Act.CHECK: "knows", Act.CALL: "outcome", Act.THANK: "how"}.get(given.get("act"))
        if needed and not given.get(needed):
            self.add_error(needed, _("Choose one of the possibilities."))
        return given

    @property
    def gift_value(self) -> Decimal:
        return self.cleaned_data["value"] or Decimal(0)
