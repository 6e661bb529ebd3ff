"""Forms of rows that several people edit: the version that was seen comes back, and nobody overwrites anybody."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.permissions import allow
from innendienst.base.admin import RowsAdmin, opened
from innendienst.lib.folding import business_key

CONFLICT_STATUS = 409


class VersionedForm(forms.ModelForm):
    """Carries the version that was seen, and shows both states when somebody else was faster.

    `key_field` is the business number, unique as it is compared and not as it is typed.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key_field = ""
    is_conflict = False

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        self._refuse_taken_number(values)
        if self.instance.pk:
            self._compare(values)
        return values

    def _rows(self) -> QuerySet:
        return opened(self._meta.model.objects.all())

    def _refuse_taken_number(self, values: dict) -> None:
        typed = values.get(self.key_field)
        if typed and self._rows().filter(**{f"{self.key_field}_key": business_key(typed)}).exclude(pk=self.instance.pk).exists():
            self.add_error(
                self.key_field, _("“%(number)s” is in use already. Numbers are compared without case and outer blanks.") % {"number": typed}
            )

    def _compare(self, values: dict) -> None:
        """The row stays locked until the form is saved, so that nobody slips in between."""
        stored = type(self.instance)._base_manager.select_for_update().get(pk=self.instance.pk)
        if stored.version == values.get("seen_version"):
            return
        self.is_conflict = True
        for name in self.changed_data:
            theirs = getattr(stored, name, None)
            if name != "seen_version" and theirs != values.get(name):
                self.add_error(name, _("Changed meanwhile to: %(theirs)s") % {"theirs": theirs if theirs not in {None, ""} else "–"})
        self.data = {**self.data.dict(), "seen_version": stored.version} if hasattr(self.data, "dict") else self.data
        self.add_error(
            None, _("Somebody else changed this entry while you were editing. Both versions are shown; save again to keep yours.")
        )


class VersionedAdmin(RowsAdmin):
    @allow("admin.use")
    def change_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().change_view(request, *args, **kwargs)
        page = getattr(response, "context_data", None) or {}
        if "adminform" in page and getattr(page["adminform"].form, "is_conflict", False):
            response.status_code = CONFLICT_STATUS
        return response
