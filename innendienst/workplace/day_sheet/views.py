"""Taking the day's list along as a workbook, and giving it back filled in."""

import tempfile
from collections import Counter
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import allow
from customers.imports.messages import Refused
from innendienst.base import audit
from innendienst.lib import downloads, file_store
from innendienst.workplace.day.load import load_my_day
from innendienst.workplace.day_sheet.giving_back import Fate, Given, give_back
from innendienst.workplace.day_sheet.reading import NoDaySheet, read_sheet
from innendienst.workplace.day_sheet.writing import write_day

FILE_SIZE_MOST_MB = 5


class GiveBackForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("The workbook taken along from “My day”, saved as XLSX or CSV."),
        error_messages={"required": gettext_lazy("File: choose the sheet that you filled in.")},
        allow_empty_file=True,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > FILE_SIZE_MOST_MB << 20:
            raise forms.ValidationError(_("File: it is larger than %(most)s MB. No day's list is.") % {"most": FILE_SIZE_MOST_MB})
        return file


@require_safe
@allow("day.work")
def day_take_along(request: HttpRequest) -> HttpResponse:
    """The open rows of one's own day as a workbook to fill in."""
    user, today = request.user, timezone.localdate()
    day = load_my_day(user, today)
    audit.record("day.export", by=user, rows=len(day.rows))
    name = _("My day %(day)s.xlsx") % {"day": today.isoformat()}
    return downloads.workbook(name, lambda target: write_day(target, user, day))


@require_http_methods(["GET", "HEAD", "POST"])
@allow("day.work")
def day_give_back(request: HttpRequest) -> HttpResponse:
    """Log what was filled in; the answer says of each row what became of it."""
    form = GiveBackForm(request.POST or None, request.FILES or None) if request.method == "POST" else GiveBackForm()
    if form.is_bound and form.is_valid():
        try:
            given = _take(request.user, form.cleaned_data["file"])
        except Refused as refused:
            form.add_error("file", refused.message.sentence)
        except NoDaySheet:
            form.add_error("file", _("File: this is no sheet of “My day”. Take the list along as Excel, fill that one in and choose it."))
        else:
            return render(request, "workplace/day_given_back.html", _result(given))
    return render(request, "workplace/day_give_back.html", {"form": form}, status=422 if form.errors else 200)


def _take(user: User, file) -> list[Given]:
    """Read the upload and log its rows. Raises Refused and NoDaySheet; nothing is logged then."""
    with tempfile.TemporaryDirectory() as folder:
        stored_as, _digest = file_store.write(Path(folder), file.chunks())
        rows = read_sheet(file_store.path(Path(folder), stored_as))
    given = give_back(user, rows)
    audit.record("day.import", by=user, **_counts(given))
    return given


def _counts(given: list[Given]) -> dict[str, int]:
    found = Counter(one.fate for one in given)
    return {fate.value: found[fate] for fate in Fate}


def _result(given: list[Given]) -> dict:
    of_fate = {fate.value: [one for one in given if one.fate == fate] for fate in Fate}
    return {**of_fate, "is_empty": not given}
