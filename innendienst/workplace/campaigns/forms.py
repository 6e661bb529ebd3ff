"""What is typed into a campaign: its concept and its conditions."""

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext as _, gettext_lazy

from campaigns.special.models import Campaign, OfferCondition
from customers.models import ProductGroup, Segment
from innendienst.lib import display
from innendienst.lib.typed import NotTyped, parse_amount
from innendienst.workplace.fields import DayField, PlainTextField
from innendienst.workplace.measures.forms import GoalField
from innendienst.workplace.opportunities.rules import ProductField

_WITHOUT_FRAME = gettext_lazy("Without salutation and closing: both come by themselves.")
CONDITION_ROWS = 4
SHARES = [(0, gettext_lazy("none")), (5, "5 %"), (10, "10 %"), (20, "20 %")]
Kind = OfferCondition.Kind
LABELS = {field.name: field.verbose_name for field in Campaign._meta.fields}


class CampaignForm(forms.Form):
    """The concept without its conditions."""

    name = PlainTextField(label=LABELS["name"], length_most=80)
    aim = PlainTextField(label=LABELS["aim"], length_most=2000, widget=forms.Textarea({"rows": 2}))
    starts_on = DayField(label=LABELS["starts_on"])
    ends_on = DayField(label=LABELS["ends_on"])
    budget = GoalField(label=LABELS["budget"])
    is_combinable = forms.BooleanField(label=LABELS["is_combinable"], required=False)
    segment = forms.ChoiceField(label=gettext_lazy("Target group: saved filter"), required=False)
    call_text = PlainTextField(label=LABELS["call_text"], length_most=300, widget=forms.Textarea({"rows": 2}))
    mail_subject = PlainTextField(label=LABELS["mail_subject"], length_most=120)
    letter_text = PlainTextField(
        label=LABELS["letter_text"], length_most=5000, widget=forms.Textarea({"rows": 5}), help_text=_WITHOUT_FRAME
    )

    def __init__(self, campaign: Campaign | None, data=None, *, segments: Sequence[Segment] = ()) -> None:
        """`segments` are the saved filters one may choose; without one the target group stays as it is."""
        super().__init__(data, initial=_typed(campaign) if campaign else {})
        self.campaign, self._segments = campaign, {str(one.pk): one for one in segments}
        self.fields["segment"].choices = [("", "–"), *((key, one.name) for key, one in self._segments.items())]
        self.fields["name"].required = True

    def clean_mail_subject(self) -> str:
        return " ".join(self.cleaned_data["mail_subject"].split())

    def clean_segment(self) -> Segment | None:
        return self._segments.get(self.cleaned_data["segment"])

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
    texts = {name: getattr(campaign, name) for name in ("name", "aim", "call_text", "letter_text", "mail_subject", "is_combinable")}
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
    least = PercentField(label=gettext_lazy("Least margin %"), required=False)

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


def condition_forms(campaign: Campaign | None, data=None) -> list[ConditionForm]:
    """A form for each condition, and empty ones for more."""
    stored = [_condition_typed(one) for one in campaign.conditions.select_related("product", "group")] if campaign else []
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
