"""What a person sets for himself: how the program works for him, and when a colleague stands in."""

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, User
from accounts.permissions import CAPABILITIES, allowed
from accounts.theme import Theme

LIST_LENGTH_LEAST = 5
LIST_LENGTH_MOST = 60


class SettingsForm(forms.ModelForm):
    """Own settings; what belongs to calling is asked only of those who call."""

    daily_list_length = forms.IntegerField(
        label=_("Customers per day"),
        help_text=_("How many stand on your list each morning, 5 to 60."),
        min_value=LIST_LENGTH_LEAST,
        max_value=LIST_LENGTH_MOST,
    )
    theme = forms.ChoiceField(label=_("Appearance on this device"), choices=Theme.choices, required=False)

    class Meta:
        model = User
        fields = ["language", "phone_extension", "daily_list_length", "wants_digest"]
        labels = {
            "language": _("Language"),
            "phone_extension": _("Phone extension"),
            "wants_digest": _("Send me my list by e-mail in the morning"),
        }

    field_order = ["language", "theme", "phone_extension", "daily_list_length", "wants_digest"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        extension = self.fields["phone_extension"]
        extension.validators.append(RegexValidator(r"^[0-9 +/-]*$", _("A phone extension has digits only.")))
        extension.widget.attrs["inputmode"] = "tel"
        if not allowed(self.instance, "day.work"):
            del self.fields["daily_list_length"], self.fields["wants_digest"]

    def save(self, commit: bool = True) -> User:
        """Write the shown settings alone: role and account may have changed since the person was read for this request."""
        if commit:
            self.instance.save(update_fields=[name for name in self._meta.fields if name in self.fields])
        return self.instance


class _DayInput(forms.DateInput):
    """The browser's own calendar; it wants the day as 2026-11-30 whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AbsenceForm(forms.ModelForm):
    """Days on which a colleague looks after one's own customers; the absent person is the form's instance."""

    class Meta:
        model = Absence
        fields = ["from_on", "until_on", "deputy"]
        labels = {"from_on": _("First day"), "until_on": _("Last day"), "deputy": _("Deputy")}
        widgets = {"from_on": _DayInput(), "until_on": _DayInput()}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        able = User.objects.active().filter(role__in=CAPABILITIES["followup.edit"])  # he gets the follow-ups
        self.fields["deputy"].queryset = able.exclude(pk=self.instance.user_id)
        self.fields["deputy"].empty_label = _("Who stands in for you?")

    def clean(self) -> dict:
        values = super().clean()
        first, last = values.get("from_on"), values.get("until_on")
        if not (first and last) or last < first:
            return values
        if last < timezone.localdate():
            self.add_error("until_on", _("These days are over."))
        elif Absence.objects.filter(user=self.instance.user_id, from_on__lte=last, until_on__gte=first).exists():
            self.add_error(None, _("These days overlap with an absence already entered."))
        return values
