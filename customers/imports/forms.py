"""The form by which a list comes in."""

from collections import Counter
from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy as _

from customers.imports.answers import NEW, NO, POOL, SKIP, YES, Question, Topic, asked
from customers.imports.lists import LISTS
from customers.imports.owners import possible_owners
from customers.imports.what_was_read import columns
from customers.models import ImportRun
from innendienst.lib.folding import sort_key

STRICT, LENIENT = "strict", "lenient"
UPDATE = "update"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX, at most 50 MB. Character set, separator and the style of numbers and days are found from the file."),
    )
    mode = forms.ChoiceField(
        label=_("If rows have errors"),
        choices=[(STRICT, _("Import nothing")), (LENIENT, _("Leave out these rows, import the others"))],
        initial=STRICT,
        widget=forms.RadioSelect,
    )

    is_declared = forms.BooleanField(
        label=_("These are existing customers from our ERP"),
        required=False,
        help_text=_(
            "Then they may be called even before their orders are imported. Name and day of this statement are kept. "
            "Leave it open for addresses from elsewhere: nobody may call those without a basis of its own."
        ),
    )

    def __init__(self, kind: str, *args, **options) -> None:
        super().__init__(*args, **options)
        if kind != ImportRun.List.CUSTOMERS:
            del self.fields["is_declared"]

    @property
    def declares(self) -> bool:
        return bool(self.cleaned_data.get("is_declared"))

    @property
    def is_lenient(self) -> bool:
        return self.cleaned_data["mode"] == LENIENT


class MappingForm(forms.Form):
    """One choice per column of the file; a required field must be assigned, and no field twice."""

    def __init__(self, run: ImportRun, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self._known = LISTS[run.kind]().columns.columns
        choices = [("", _("do not take over")), *((one.field, one.name) for one in self._known)]
        self.columns = columns(run)
        for index, column in enumerate(self.columns):
            label = gettext("%(heading)s is taken over as") % {"heading": column["heading"] or index + 1}
            self.fields[f"column-{index}"] = forms.ChoiceField(choices=choices, required=False, initial=column["field"], label=label)

    @property
    def rows(self) -> list[tuple[dict, forms.BoundField]]:
        """Each column of the file and its choice."""
        return [(column, self[f"column-{index}"]) for index, column in enumerate(self.columns)]

    @property
    def chosen(self) -> dict[str, str]:
        return {column["key"]: self.cleaned_data[f"column-{index}"] for index, column in enumerate(self.columns)}

    def clean(self) -> dict:
        taken = Counter(filter(None, self.cleaned_data.values()))
        names = {one.field: one.name for one in self._known}
        for field in (field for field, count in taken.items() if count > 1):
            self.add_error(None, gettext("Two columns are taken over as “%(name)s”. Choose one of them.") % {"name": names[field]})
        for one in (one for one in self._known if one.is_required and one.field not in taken):
            self.add_error(None, gettext("No column is taken over as “%(name)s”, which is needed.") % {"name": one.name})
        return self.cleaned_data


class AnswersForm(forms.Form):
    """One choice for each thing that the list left open; set to what counts now."""

    def __init__(self, run: ImportRun, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self._questions = asked(run)
        choices = _choices(self._questions)
        for index, one in enumerate(self._questions):
            label = gettext("“%(text)s” means") % {"text": one.text}
            said = UPDATE if one.target and one.said == one.target else "" if one.holds_up else one.said
            self.fields[f"answer-{index}"] = forms.ChoiceField(choices=choices[one.topic], initial=said, label=label, required=False)
        if self.similar:
            every = [("", gettext("each as chosen below")), *choices[Topic.SIMILAR]]
            self.fields["similar-all"] = forms.ChoiceField(choices=every, label=gettext("All similar customers"), required=False)
        if len(self.owners) > 1 and self.has_open_owners:
            label = gettext("All who are not decided below")
            self.fields["owners-rest"] = forms.ChoiceField(choices=choices[Topic.OWNER], label=label, required=False)

    @property
    def documents(self) -> list[tuple[Question, forms.BoundField]]:
        return self._about(Topic.DOCUMENT)

    @property
    def owners(self) -> list[tuple[Question, forms.BoundField]]:
        return self._about(Topic.OWNER)

    @property
    def similar(self) -> list[tuple[Question, forms.BoundField]]:
        return self._about(Topic.SIMILAR)

    @property
    def similar_for_all(self) -> forms.BoundField:
        return self["similar-all"]

    @property
    def has_open_owners(self) -> bool:
        """Whether rows are wrong only because nobody has said yet who is meant."""
        return any(one.is_open for one, _field in self.owners)

    @property
    def owner_of_the_rest(self) -> forms.BoundField | None:
        return self["owners-rest"] if "owners-rest" in self.fields else None

    @property
    def has_open(self) -> bool:
        return any(one.is_open for one in self._questions)

    @property
    def said(self) -> list[tuple[Question, str]]:
        """Those that were answered."""
        pairs = [(one, self.cleaned_data[f"answer-{index}"]) for index, one in enumerate(self._questions)]
        for_all, for_rest = self.cleaned_data.get("similar-all"), self.cleaned_data.get("owners-rest", "")
        chosen = [(one, for_all if for_all and one.topic == Topic.SIMILAR else answer) for one, answer in pairs]
        chosen = [(one, answer or (for_rest if one.topic == Topic.OWNER else "")) for one, answer in chosen]
        return [(one, one.target if answer == UPDATE else answer) for one, answer in chosen if answer and (answer != UPDATE or one.target)]

    def _about(self, topic: str) -> list[tuple[Question, forms.BoundField]]:
        return [(one, self[f"answer-{index}"]) for index, one in enumerate(self._questions) if one.topic == topic]


def _choices(questions: Iterable[Question]) -> dict[str, list[tuple[str, str]]]:
    """Topic → what can be answered about it; the users are asked for only where somebody may be meant."""
    is_about_owners = any(one.topic == Topic.OWNER for one in questions)
    users = [(str(user.pk), user.full_name) for user in possible_owners()] if is_about_owners else []
    similar = [(NEW, gettext("a new customer")), (UPDATE, gettext("the same one: update it")), (SKIP, gettext("leave the row out"))]
    return {
        Topic.SIMILAR: similar,
        Topic.DOCUMENT: [("", gettext("not decided")), (YES, gettext("counts as a purchase")), (NO, gettext("is left out"))],
        Topic.OWNER: [
            ("", gettext("not decided")),
            (POOL, gettext("without owner, pool")),
            *sorted(users, key=lambda user: sort_key(user[1])),
        ],
    }
