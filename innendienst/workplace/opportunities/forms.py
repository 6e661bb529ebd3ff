"""What an act with an opportunity needs, read from a browser."""

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from campaigns.acts import Act
from campaigns.models import LostReason, ReopenReason
from innendienst.workplace.call.answers import DISMISSED_REASONS, LOST_REASONS
from innendienst.workplace.fields import AmountField, ComingDayField, KeptFileField, MessagesMixin

_NEEDED = {
    Act.PLAN: ("due_on",),
    Act.OFFER: ("number", "amount"),
    Act.WIN: ("amount",),
    Act.REOPEN: ("due_on",),
}


class ActForm(MessagesMixin, forms.Form):
    """One act with what it needs; the fields of other acts are not looked at."""

    act = forms.ChoiceField(choices=Act.choices)
    version = forms.IntegerField(min_value=1)
    due_on = ComingDayField(label=gettext_lazy("Date"), required=False)
    amount = AmountField(label=gettext_lazy("Net amount"), required=False)
    number = forms.CharField(label=gettext_lazy("Quote number"), max_length=40, required=False)
    order_number = forms.CharField(label=gettext_lazy("Order number"), max_length=40, required=False)
    valid_until = ComingDayField(label=gettext_lazy("Valid until"), required=False)
    lost_reason = forms.ChoiceField(choices=[(one.value, one.label) for one in LOST_REASONS], required=False)
    dismissed_reason = forms.ChoiceField(choices=[(one.value, one.label) for one in DISMISSED_REASONS], required=False)
    reopen_reason = forms.ChoiceField(choices=ReopenReason.choices, required=False)
    file = KeptFileField(label=gettext_lazy("File"), required=False)

    def clean(self) -> dict:
        given = self.cleaned_data
        for name in _NEEDED.get(given.get("act"), ()):
            if not given.get(name) and name not in self.errors:
                self.add_error(name, _("%(field)s: it is missing.") % {"field": self.fields[name].label})
        return given

    @property
    def reason(self) -> str:
        given = self.cleaned_data
        return {
            Act.LOSE: given["lost_reason"] or LostReason.NO_NEED,
            Act.DISMISS: given["dismissed_reason"] or LostReason.NOT_SUITABLE,
            Act.REOPEN: given["reopen_reason"] or ReopenReason.ASKED_AGAIN,
        }.get(given["act"], "")
