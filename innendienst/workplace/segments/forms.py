"""What is typed into a filter over customers, and the name it is kept under."""

from collections.abc import Iterator

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Team, User
from customers.models import ProductGroup, Segment
from customers.models.companies import AbcClass
from customers.segment_words import band_names, picked_words
from customers.segments import PICKED, Criteria, How, UnreadableRegion, added_criteria, is_open_to, regions
from innendienst.workplace.fields import PlainTextField
from innendienst.workplace.measures.forms import GoalField
from innendienst.workplace.opportunities.rules import ProductField

PURCHASE_ROWS = 2
_STAY = "stay"


class PurchaseForm(forms.Form):
    how = forms.ChoiceField(label=gettext_lazy("Purchases"), choices=[("", "–"), *How.choices], required=False)
    product = ProductField(label=gettext_lazy("Article"), max_length=200, required=False)
    group = forms.ModelChoiceField(ProductGroup.objects.all(), label=gettext_lazy("or group"), required=False, empty_label="–")
    months = GoalField(label=gettext_lazy("Months"), is_whole=True)

    def clean(self) -> dict:
        given = self.cleaned_data
        if given.get("how") and "product" in given and bool(given["product"]) == bool(given.get("group")):
            self.add_error("product", _("Choose an article or a group."))
        return given

    @property
    def row(self) -> dict[str, str] | None:
        given = self.cleaned_data
        if not given["how"]:
            return None
        goods, kind = (given["product"], "product") if given["product"] else (given["group"], "group")
        return {"how": given["how"], "what": f"{kind}:{goods.pk}", "name": goods.name, "months": str(int(given["months"] or 12))}


class ChoicesField(forms.MultipleChoiceField):
    """Several of a few, as boxes; none chosen filters nothing."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options) -> None:
        super().__init__(required=False, **options)


class CriteriaForm(forms.Form):
    """A filter over customers; `criteria` are what customers/segments.py reads.

    What the user may not choose himself stays as it was in the criteria he was shown; who was chosen by hand stays until he is unticked.
    """

    abc = ChoicesField(label=gettext_lazy("ABC class"), choices=AbcClass.choices)
    churn = ChoicesField(label=gettext_lazy("Rhythm"), choices=lambda: band_names().items())
    industry = PlainTextField(label=gettext_lazy("Industry begins with"), length_most=80)
    region = forms.CharField(label=gettext_lazy("Postcodes, such as 01-09, 30"), max_length=100, required=False)
    team = forms.ModelChoiceField(Team.objects.all(), label=gettext_lazy("Team"), required=False, empty_label=gettext_lazy("all"))
    revenue_from = GoalField(label=gettext_lazy("Revenue 12 months from €"))
    revenue_to = GoalField(label=gettext_lazy("up to €"))
    value_from = GoalField(label=gettext_lazy("Customer value from"), is_whole=True)
    quiet_months = GoalField(label=gettext_lazy("No order for months"), is_whole=True)

    def __init__(self, criteria: Criteria, data=None, *, user: User) -> None:
        super().__init__(data, initial={name: value for name, value in criteria.items() if name not in {"purchases", PICKED}})
        self._picked = criteria.get(PICKED)
        if self._picked:
            choices = [(_STAY, picked_words(len(self._picked)))]  # type: ignore[arg-type]
            self.fields[PICKED] = ChoicesField(label=_("Chosen by hand"), choices=choices, initial=[_STAY])
        self._kept = {key: criteria[key] for key in added_criteria() if key in criteria and not is_open_to(user, {key: None})}
        self.added = [key for key in added_criteria() if is_open_to(user, {key: None})]
        for key in self.added:
            one = added_criteria()[key]
            self.fields[key] = ChoicesField(label=one.label, choices=one.choices)
        rows = list(criteria.get("purchases") or ())
        self.purchases = [
            PurchaseForm(data, prefix=f"p{number}", initial=_purchase_typed(rows[number]) if number < len(rows) else {})
            for number in range(max(PURCHASE_ROWS, len(rows)))
        ]

    def clean_region(self) -> str:
        text = self.cleaned_data["region"]
        try:
            regions(text)
        except UnreadableRegion as error:
            raise ValidationError(_("Postcodes: “%(text)s” cannot be read (expected: 01-09, 30).") % {"text": str(error)}) from None
        return text

    @property
    def boxes(self) -> list[forms.BoundField]:
        """The fields of a few choices each."""
        return [self[name] for name in self._box_names]

    @property
    def _box_names(self) -> list[str]:
        return ["abc", "churn", *self.added, *([PICKED] if self._picked else [])]

    @property
    def lines(self) -> list[forms.BoundField]:
        """The fields that are typed into."""
        return [field for field in self if field.name not in self._box_names]

    def is_valid(self) -> bool:
        rows_are_valid = [one.is_valid() for one in self.purchases]
        return super().is_valid() and all(rows_are_valid)

    @property
    def criteria(self) -> dict[str, object]:
        given = self.cleaned_data
        chosen = {name: given[name] for name in ("abc", "churn", "industry", "region", *self.added) if given[name]}
        chosen |= {name: str(given[name]) for name in ("revenue_from", "revenue_to") if given[name]}
        chosen |= {name: str(int(given[name])) for name in ("value_from", "quiet_months") if given[name]}
        if given["team"]:
            chosen["team"] = given["team"].pk
        if given.get(PICKED):
            chosen[PICKED] = self._picked
        return self._kept | chosen | ({"purchases": rows} if (rows := list(self._rows())) else {})

    def _rows(self) -> Iterator[dict[str, str]]:
        yield from (row for one in self.purchases if (row := one.row))


def _purchase_typed(row: dict[str, str]) -> dict:
    kind, _colon, pk = row["what"].partition(":")
    goods = {"product": row["name"]} if kind == "product" else {"group": pk}
    return {"how": row["how"], "months": row["months"], **goods}


class SegmentForm(forms.Form):
    """The name under which a filter is kept; empty keeps none."""

    segment_name = PlainTextField(label=gettext_lazy("Save filter as"), length_most=80)

    def __init__(self, data=None, *, segment: Segment | None = None) -> None:
        """With a `segment` that is named here a name is needed, and its own is free."""
        super().__init__(data, initial={"segment_name": segment.name} if segment else {})
        self.segment = segment
        self.fields["segment_name"].required = segment is not None

    def clean_segment_name(self) -> str:
        name = self.cleaned_data["segment_name"].strip()
        if name and Segment.objects.filter(name=name).exclude(pk=self.segment and self.segment.pk).exists():
            raise ValidationError(_("There is a saved filter of this name already."))
        return name
