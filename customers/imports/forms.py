"""The form by which a list comes in."""

from django import forms
from django.utils.translation import gettext_lazy as _

STRICT, LENIENT = "strict", "lenient"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("CSV or XLSX, at most 50 MB. Character set, separator and number style are found from the file.")
    )
    mode = forms.ChoiceField(
        label=_("If rows have errors"),
        choices=[(STRICT, _("Import nothing")), (LENIENT, _("Leave out these rows, import the others"))],
        initial=STRICT,
        widget=forms.RadioSelect,
    )

    @property
    def is_lenient(self) -> bool:
        return self.cleaned_data["mode"] == LENIENT
