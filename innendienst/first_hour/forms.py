"""What the program must know about the company before the first list."""

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

STATES = (
    ("BW", _("Baden-Württemberg")),
    ("BY", _("Bavaria")),
    ("BE", _("Berlin")),
    ("BB", _("Brandenburg")),
    ("HB", _("Bremen")),
    ("HH", _("Hamburg")),
    ("HE", _("Hesse")),
    ("MV", _("Mecklenburg-Western Pomerania")),
    ("NI", _("Lower Saxony")),
    ("NW", _("North Rhine-Westphalia")),
    ("RP", _("Rhineland-Palatinate")),
    ("SL", _("Saarland")),
    ("SN", _("Saxony")),
    ("ST", _("Saxony-Anhalt")),
    ("SH", _("Schleswig-Holstein")),
    ("TH", _("Thuringia")),
)


class CompanyForm(forms.Form):
    name = forms.CharField(label=_("Company name"), max_length=120)
    state = forms.ChoiceField(
        label=_("Bundesland"), choices=[("", _("Choose the Bundesland")), *STATES], help_text=_("Follow-ups avoid its public holidays.")
    )
    fiscal_year_start_month = forms.TypedChoiceField(label=_("First month of the fiscal year"), choices=list(MONTHS.items()), coerce=int)
