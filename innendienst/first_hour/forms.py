"""What the program must know about the company before the first list."""

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from accounts.states import STATES


class CompanyForm(forms.Form):
    name = forms.CharField(label=_("Company name"), max_length=120)
    postal_address = forms.CharField(
        label=_("Postal address"),
        max_length=200,
        required=False,
        help_text=_("Stands under mails and letters to customers: street, postcode, town."),
    )
    state = forms.ChoiceField(
        label=_("Bundesland"), choices=[("", _("Choose the Bundesland")), *STATES], help_text=_("Follow-ups avoid its public holidays.")
    )
    fiscal_year_start_month = forms.TypedChoiceField(label=_("First month of the fiscal year"), choices=list(MONTHS.items()), coerce=int)
