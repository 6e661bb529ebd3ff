"""What is typed into a campaign: its concept, its conditions, the filter of its target group."""

from collections.abc import Iterator
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext as _, gettext_lazy

from accounts.models import Team
from campaigns.special.models import Campaign, OfferCondition
from customers.models import ProductGroup, Segment
from customers.models.companies import AbcClass
from customers.segments import How, UnreadableRegion, band_names, regions
from innendienst.lib import display
from innendienst.lib.typed import NotTyped, parse_amount
from innendienst.workplace.fields import DayField, PlainTextField
from innendienst.workplace.measures.forms import GoalField
from innendienst.workplace.opportunities.rules import ProductField

CONDITION_ROWS = 4
PURCHASE_ROWS = 2
SHARES = [(0, gettext_lazy("none")), (5, "5 %"), (10, "10 %"), (20, "20 %")]
Kind = OfferCondition.Kind
_LABELS = {field.name: field.verbose_name for field in Campaign._meta.fields}


class CampaignForm(forms.Form):
    """The concept without its conditions."""

    name = PlainTextField(label=_LABELS["name"], length_most=80)
    aim = PlainTextField(label=_LABELS["aim"], length_most=2000, widget=forms.Textarea({"rows": 2}))
    starts_on = DayField(label=_LABELS["starts_on"])
    ends_on = DayField(label=_LABELS["ends_on"])
    budget = GoalField(label=_LABELS["budget"])
    call_text = PlainTextField(label=_LABELS["call_text"], length_most=300, widget=forms.Textarea({"rows": 2}))
    letter_text = PlainTextField(label=_LABELS["letter_text"], length_most=5000, widget=forms.Textarea({"rows": 5}))

    def __init__(self, campaign: Campaign | None, data=None) -> None:
        super().__init__(data, initial=_typed(campaign) if campaign else {})
        self.campaign = campaign
        self.fields["name"].required = True

    def clean(self) -> dict:
        given = self.cleaned_data
        if given.get("starts_on") and given.get("ends_on") and given["ends_on"] < given["starts_on"]:
            self.add_error("ends_on", _("The last day lies before the first."))
        twins = Campaign.objects.filter(name=given.get("name")).exclude(pk=self.campaign and self.campaign.pk)
        if given.get("name") and twins.exists():
            self.add_error("name", _("There is a campaign of this name already."))
        return given


def _typed(campaign: Campaign) -> dict:
    days = {name: f"{getattr(campaign, name):%d.%m.%Y}" for name in ("starts_on", "ends_on")}
    texts = {name: getattr(campaign, name) for name in ("name", "aim", "call_text", "letter_text")}
    return {**texts, **days, "budget": "" if campaign.budget is None else display.number(campaign.budget, decimals=2)}


class PercentField(forms.CharField):
    """A share between 0 and 100 per cent, as a number of the language."""

    def clean(self, value: str) -> Decimal | None:
        text = super().clean(value).replace("%", "").strip()
        if not text:
            return None
        try:
            percent = parse_amount(text, get_format("DECIMAL_SEPARATOR"))
        except NotTyped:
            percent = Decimal(-1)
        if not 0 <= percent <= 100:
            raise ValidationError(_("%(field)s: “%(text)s” is no share (expected: 0 to 100).") % {"field": self.label, "text": text[:20]})
        return percent


class ConditionForm(forms.Form):
    """One condition; a row without a kind is empty."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[("", "–"), *Kind.choices], required=False)
    product = ProductField(label=gettext_lazy("Article"), max_length=200, required=False)
    group = forms.ModelChoiceField(ProductGroup.objects.all(), label=gettext_lazy("or group"), required=False, empty_label="–")
    percent = PercentField(label=gettext_lazy("Discount %"), required=False)
    amount_off = GoalField(label=gettext_lazy("or € off"))
    from_quantity = GoalField(label=gettext_lazy("from quantity"))
    days = GoalField(label=gettext_lazy("Days"), is_whole=True)
    least = PercentField(label=gettext_lazy("Margin left at least %"), required=False)

    def clean(self) -> dict:
        given = self.cleaned_data
        if given.get("product") and given.get("group"):
            self.add_error("group", _("Choose an article or a group, not both."))
        match given.get("kind"):
            case Kind.ONE_OFF_DISCOUNT if not (given.get("percent") or given.get("amount_off")):
                self.add_error("percent", _("A discount needs a share or an amount."))
            case Kind.VOLUME_TERMS if not (given.get("from_quantity") and (given.get("percent") or given.get("amount_off"))):
                self.add_error("from_quantity", _("Volume terms need a quantity and a discount."))
            case Kind.TRIAL | Kind.SHORT_DELIVERY if not given.get("days"):
                self.add_error("days", _("Say for how many days."))
        return given

    @property
    def condition(self) -> OfferCondition | None:
        given = self.cleaned_data
        if not given["kind"]:
            return None
        names = ("kind", "product", "group", "percent", "amount_off", "from_quantity", "days")
        return OfferCondition(**{name: given[name] or None for name in names}, least_ratio=(given["least"] or Decimal(0)) / 100)


def condition_forms(campaign: Campaign, data=None) -> list[ConditionForm]:
    """A form for each condition, and empty ones for more."""
    stored = [_condition_typed(one) for one in campaign.conditions.select_related("product", "group")]
    rows = [*stored, *({} for _empty in range(max(CONDITION_ROWS - len(stored), 1)))]
    return [ConditionForm(data, prefix=f"c{number}", initial=initial) for number, initial in enumerate(rows)]


def _condition_typed(one: OfferCondition) -> dict:
    def number(value: Decimal | None) -> str:
        return "" if value is None else display.quantity(value)

    return {
        "kind": one.kind, "product": one.product.sku if one.product else "", "group": one.group_id, "percent": number(one.percent),
        "amount_off": number(one.amount_off), "from_quantity": number(one.from_quantity), "days": one.days or "",
        "least": number(one.least_ratio * 100) if one.least_ratio else "",
    }  # fmt: skip


class PurchaseForm(forms.Form):
    how = forms.ChoiceField(label=gettext_lazy("Purchases"), choices=[("", "–"), *How.choices], required=False)
    product = ProductField(label=gettext_lazy("Article"), max_length=200, required=False)
    group = forms.ModelChoiceField(ProductGroup.objects.all(), label=gettext_lazy("or group"), required=False, empty_label="–")
    months = GoalField(label=gettext_lazy("Months"), is_whole=True)

    def clean(self) -> dict:
        given = self.cleaned_data
        if given.get("how") and bool(given.get("product")) == bool(given.get("group")):
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


class TargetForm(forms.Form):
    """The filter of a target group; `criteria` are what customers/segments.py reads."""

    abc = ChoicesField(label=gettext_lazy("ABC class"), choices=AbcClass.choices)
    churn = ChoicesField(label=gettext_lazy("Rhythm"), choices=lambda: band_names().items())
    industry = PlainTextField(label=gettext_lazy("Industry begins with"), length_most=80)
    region = forms.CharField(label=gettext_lazy("Postcodes, such as 01-09, 30"), max_length=100, required=False)
    team = forms.ModelChoiceField(Team.objects.all(), label=gettext_lazy("Team"), required=False, empty_label=gettext_lazy("all"))
    revenue_from = GoalField(label=gettext_lazy("Revenue 12 months from €"))
    revenue_to = GoalField(label=gettext_lazy("up to €"))
    value_from = GoalField(label=gettext_lazy("Customer value from"), is_whole=True)
    quiet_months = GoalField(label=gettext_lazy("No order for months"), is_whole=True)

    def __init__(self, criteria: dict, data=None) -> None:
        super().__init__(data, initial={name: value for name, value in criteria.items() if name != "purchases"})
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

    def is_valid(self) -> bool:
        rows_are_valid = [one.is_valid() for one in self.purchases]
        return super().is_valid() and all(rows_are_valid)

    @property
    def criteria(self) -> dict[str, object]:
        given = self.cleaned_data
        chosen = {name: given[name] for name in ("abc", "churn", "industry", "region") if given[name]}
        chosen |= {name: str(given[name]) for name in ("revenue_from", "revenue_to") if given[name]}
        chosen |= {name: str(int(given[name])) for name in ("value_from", "quiet_months") if given[name]}
        if given["team"]:
            chosen["team"] = given["team"].pk
        return chosen | ({"purchases": rows} if (rows := list(self._rows())) else {})

    def _rows(self) -> Iterator[dict[str, str]]:
        yield from (row for one in self.purchases if (row := one.row))


def _purchase_typed(row: dict[str, str]) -> dict:
    kind, _colon, pk = row["what"].partition(":")
    goods = {"product": row["name"]} if kind == "product" else {"group": pk}
    return {"how": row["how"], "months": row["months"], **goods}


class SegmentForm(forms.Form):
    segment_name = PlainTextField(label=gettext_lazy("Save filter as"), length_most=80)

    def clean_segment_name(self) -> str:
        name = self.cleaned_data["segment_name"].strip()
        if name and Segment.objects.filter(name=name).exists():
            raise ValidationError(_("There is a saved filter of this name already."))
        return name
