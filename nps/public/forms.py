"""What somebody answers on the public page. Whatever is wrong, each word he typed comes back."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from innendienst.lib import display
from nps.answers import REASON_LENGTH_MOST, Given
from nps.models import SurveyWave

_WHOLE = re.compile(r"[0-9]{1,2}")
_UNREADABLE = re.compile("[\x00\ud800-\udfff\ufffd]")


class AnswerForm(forms.Form):
    """`website` is a trap: nobody sees the field, and whoever fills it in is a machine."""

    rating = forms.CharField(required=False)
    reason = forms.CharField(required=False)
    may_call = forms.CharField(required=False)
    anonymous = forms.BooleanField(required=False)
    website = forms.CharField(required=False)

    def __init__(self, wave: SurveyWave, data=None) -> None:
        super().__init__(data)
        self.wave = wave

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))

    def clean_rating(self) -> int:
        least = self.wave.scale_min
        values = {value.strip() for value in self.data.getlist("rating")}
        text = values.pop() if len(values) == 1 else ""
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= 10:
            raise ValidationError(_("Choose a whole number from %(least)s to 10.") % {"least": least})
        return int(text)

    def clean_reason(self) -> str:
        text = self.cleaned_data["reason"].replace("\r\n", "\n").strip()
        if len(text) > REASON_LENGTH_MOST:
            facts = {"length": display.number(len(text)), "most": display.number(REASON_LENGTH_MOST)}
            raise ValidationError(_("Your reason has %(length)s characters; %(most)s are possible. Shorten it and send it again.") % facts)
        if _UNREADABLE.search(text):
            raise ValidationError(_("One character of your reason cannot be stored. Delete it and send your answer again."))
        return text

    def clean_may_call(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["may_call"])

    @property
    def given(self) -> Given:
        """The answer, once the form is valid. Whoever gives no name cannot be called about it."""
        values = self.cleaned_data
        is_anonymous = values["anonymous"]
        return Given(values["rating"], values["reason"], None if is_anonymous else values["may_call"], is_anonymous=is_anonymous)
