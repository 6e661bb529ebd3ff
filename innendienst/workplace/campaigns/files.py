"""Lists of a campaign that leave the house: its target group, and what came of it. The control group is in none of them."""

from collections.abc import Sequence
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import allow, allowed
from campaigns.special.models import Campaign, CampaignMember
from campaigns.special.words import until_text
from innendienst.base import audit
from innendienst.lib import downloads
from innendienst.workplace.campaigns.effects import effect_of
from innendienst.workplace.campaigns.shown import funnel_of


@require_safe
@allow("campaign.write")
def member_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The target group as a workbook, as far as the reader may see its customers."""
    campaign = get_object_or_404(Campaign, pk=pk)
    members = CampaignMember.objects.visible_to(request.user).targeted().filter(campaign=campaign)
    rows = members.order_by("customer__sort_key").values_list(
        "customer__number", "customer__name", "customer__postcode", "customer__town", "abc_class", "by_phone", "by_letter",
    )  # fmt: skip
    head = (_("Customer number"), _("Company"), _("Postcode"), _("Town"), "ABC", _("Phone allowed"), _("Letter allowed"))
    yes, no = _("yes"), _("no")
    audit.record("campaign.export", by=request.user, campaign=pk)
    texts = ([*row[:5], *(yes if flag else no for flag in row[5:])] for row in rows.iterator())
    return downloads.table(f"{campaign.name}.xlsx", _("Target group"), head, texts)


@require_safe
@allow("campaign.see")
def result_export(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of it as a workbook: the page's own texts, margins and effect for those alone who may see margins."""
    campaign = get_object_or_404(Campaign, pk=pk)
    rows: list[Sequence[str | int]] = [(label, count) for label, count, _share in funnel_of(campaign)]
    result = campaign.result
    if result:
        rows += [(_("Revenue"), Decimal(str(result["revenue"]))), (_("Discounts given"), Decimal(result["discounts"]))]
        rows.append((_("Costs so far"), Decimal(result["costs"])))
    if allowed(request.user, "margin.see") and result:
        rows.append((_("Margin"), Decimal(str(result["margin"]))))
        if effect := effect_of(result):
            rows += [*effect.rows, (effect.verdict, effect.sentence)]
    audit.record("campaign.export", by=request.user, campaign=pk)
    head = (campaign.name, _("until %(day)s") % {"day": until_text(result) if result else ""})
    return downloads.table(f"{campaign.name}.xlsx", _("Result"), head, rows)
