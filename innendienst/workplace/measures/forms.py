"""What is typed into a measure."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Team, User
from accounts.permissions import CAPABILITIES
from campaigns.measures.models import Measure, Possibility
from innendienst.lib import display
from innendienst.lib.typed import NotTyped, parse_amount
from innendienst.workplace.fields import DayField, PlainTextField

_LABELS = {field.name: field.verbose_name for field in Measure._meta.fields}


class GoalField(forms.CharField):
    """Net euros or a count, 0 and more."""

    def __init__(self, *, label: str, is_whole: bool = False) -> None:
        super().__init__(label=label, required=False)
        self.is_whole = is_whole

    def clean(self, value: str) -> Decimal | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse_amount(text, get_format("DECIMAL_SEPARATOR"))
        except NotTyped:
            amount = None
        if amount is None or (self.is_whole and amount != amount.to_integral_value()):
            facts = {
                "field": self.label,
                "text": text[:40],
                "example": "12" if self.is_whole else number_format(Decimal("1234.56"), 2, force_grouping=True),
            }
            raise ValidationError(_("%(field)s: “%(text)s” cannot be read (expected: %(example)s).") % facts)
        return amount


class MeasureForm(forms.Form):
    title = PlainTextField(label=_LABELS["title"], length_most=200)
    possibility = forms.ChoiceField(label=_LABELS["possibility"], choices=Possibility.choices)
    owner = forms.ModelChoiceField(User.objects.none(), label=_LABELS["owner"], empty_label=None)
    team = forms.ModelChoiceField(Team.objects.all(), label=_LABELS["team"], required=False, empty_label=gettext_lazy("whole house"))
    with_whom = PlainTextField(label=_LABELS["with_whom"], length_most=120)
    starts_on = DayField(label=_LABELS["starts_on"])
    ends_on = DayField(label=_LABELS["ends_on"])
    remind_on = DayField(label=_LABELS["remind_on"], required=False)
    next_step = PlainTextField(label=_LABELS["next_step"], length_most=200)
    budget = GoalField(label=_LABELS["budget"])
    goal_contacts = GoalField(label=_LABELS["goal_contacts"], is_whole=True)
    goal_orders = GoalField(label=_LABELS["goal_orders"], is_whole=True)
    goal_revenue = GoalField(label=_LABELS["goal_revenue"])
    goal_margin = GoalField(label=_LABELS["goal_margin"])

    def __init__(self, measure: Measure | None, data=None, *, user: User, shows_margin: bool) -> None:
        """A new one is proposed for the `user` himself, from today on."""
        super().__init__(data, initial=_typed(measure) if measure else _proposed(user))
        roles = CAPABILITIES["plan.idea"] | CAPABILITIES["plan.edit"]
        self.fields["owner"].queryset = User.objects.active().filter(role__in=roles)
        self.fields["title"].required = True
        if not shows_margin:
            del self.fields["goal_margin"]

    def clean(self) -> dict:
        given = self.cleaned_data
        if given.get("starts_on") and given.get("ends_on") and given["ends_on"] < given["starts_on"]:
            self.add_error("ends_on", _("The last day lies before the first."))
        return given


def _proposed(user: User) -> dict:
    return {"owner": user.pk, "team": user.team_id, "starts_on": f"{timezone.localdate():%d.%m.%Y}"}


def _typed(measure: Measure) -> dict:
    return {name: _spelt(getattr(measure, name)) for name in MeasureForm.base_fields}


def _spelt(value: object) -> object:
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    return display.number(value, decimals=2) if isinstance(value, Decimal) else value
