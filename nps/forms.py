"""The form by which a list of answers comes in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nps.models import SurveyWave

FILE_MOST_MB = 20


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"), help_text=_("The filled workbook, or any CSV or XLSX list with a column “Bewertung”; at most 20 MB.")
    )
    wave = forms.ModelChoiceField(
        SurveyWave.objects.begun().latest_first(), label=_("Survey"), required=False, empty_label=_("A new one, called after the file")
    )
    scale = forms.TypedChoiceField(
        label=_("Scale"),
        choices=[("", _("as in the workbook, else 1 to 10")), *SurveyWave.Scale.choices],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("1 to 10 is the usual scale here. 0 to 10 compares with outside figures. The two never stand in one line."),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > FILE_MOST_MB << 20:
            raise forms.ValidationError(_("The file is larger than 20 MB. Split the list, or use the command import_nps."))
        return file
