"""What a customer needs, one line per product group: in the call form, and on a page of its own."""

from collections.abc import Iterator

from django import forms
from django.http import QueryDict
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _, gettext_lazy

from customers.models import Need, ProductGroup
from customers.needs import Told
from innendienst.lib.typed import NotTyped, TooLarge, parse_amount, parse_ids
from innendienst.workplace.fields import DayField, PlainTextField, too_large

LINE, NEW = "need", "new"
"""A line's fields are called need-<group>-supplier and so on; that of a further group need-new-…."""


class YearlyNeedField(forms.CharField):
    """Net euros a year above 0, typed as the language writes them."""

    def clean(self, value: str):
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse_amount(text, get_format("DECIMAL_SEPARATOR"))
        except TooLarge:
            raise forms.ValidationError(too_large(_("Yearly need"), text)) from None
        except NotTyped:
            amount = None
        if not amount:
            facts = {"text": text[:40], "example": number_format(12000, 0, force_grouping=True)}
            raise forms.ValidationError(_("Yearly need: “%(text)s” is no amount above 0 (expected: %(example)s).") % facts)
        return amount


class NeedLine(forms.Form):
    supplier = PlainTextField(label=gettext_lazy("Buys from"), length_most=80)
    yearly = YearlyNeedField(label=gettext_lazy("Yearly need"), required=False)
    until = DayField(label=gettext_lazy("Contract until"), required=False)
    version = forms.IntegerField(min_value=0, required=False)

    def __init__(self, group: ProductGroup | None, data: QueryDict | None = None, need: Need | None = None) -> None:
        super().__init__(data, prefix=f"{LINE}-{group.pk if group else NEW}", initial=_shown(need))
        self.known_group = group
        if group is None:
            self.fields["group"] = forms.ModelChoiceField(ProductGroup.objects.all(), required=False)

    @property
    def key(self) -> str:
        return str(self.known_group.pk) if self.known_group else NEW

    def clean(self) -> dict:
        given, group = self.cleaned_data, self.cleaned_data.get("group")
        if self.known_group is None and not self.errors:
            is_said = any(given.get(name) for name in ("supplier", "yearly", "until"))
            if is_said and not group:
                self.add_error(None, _("Need: choose the product group that this is about."))
            elif group and not is_said:
                self.add_error(None, _("Need: say of %(group)s from whom he buys, how much a year, or until when.") % {"group": group.name})
        return given

    @property
    def told(self) -> Told | None:
        """What the line says, once it is valid; None for a further line without a group."""
        given, group = self.cleaned_data, self.known_group or self.cleaned_data.get("group")
        if group is None:
            return None
        return Told(group, given["supplier"].strip(), given["yearly"], given["until"], given.get("version") or 0)


def _shown(need: Need | None) -> dict:
    if need is None:
        return {"version": 0}
    yearly = "" if need.yearly_need is None else number_format(need.yearly_need.normalize(), force_grouping=True)
    return {"supplier": need.supplier, "yearly": yearly, "until": need.contract_until, "version": need.version}


def fresh_lines(needs: list[Need]) -> list[NeedLine]:
    """One for each group that something is known of, and an empty one."""
    return [*(NeedLine(need.group, need=need) for need in needs), NeedLine(None)]


def sent_lines(data: QueryDict) -> list[NeedLine]:
    """The lines that a form sent, none where it had no such part."""
    return list(_sent(data))


def refusals(lines: list[NeedLine]) -> list[str]:
    """What stands in the way of saving these lines."""
    return [text for line in lines if line.is_bound for texts in line.errors.values() for text in texts]


def told_by(lines: list[NeedLine]) -> list[Told]:
    """What valid lines say."""
    return [line.told for line in lines if line.told]


def _sent(data: QueryDict) -> Iterator[NeedLine]:
    keys = data.getlist(LINE)
    groups = ProductGroup.objects.in_bulk(parse_ids(keys)) if keys else {}
    for pk in dict.fromkeys(parse_ids(keys)):
        if pk in groups:
            yield NeedLine(groups[pk], data)
    if NEW in keys:
        yield NeedLine(None, data)
