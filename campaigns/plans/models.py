"""The sales plan of a team and a period, its rows and what they led to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from campaigns.measures.models import Measure
from campaigns.plans.querysets import PlanQuerySet
from campaigns.plans.template import SALES
from campaigns.special.models import Campaign
from innendienst.lib.planning.models import PlanCell, PlanDocument, PlanRow, PlanSnapshot


class SalesPlan(PlanDocument):
    """Template 4.1 of one period; without a team it is that of the whole house."""

    template = SALES

    team = models.ForeignKey(Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = PlanQuerySet.as_manager()

    class Meta(PlanDocument.Meta):
        verbose_name = _("sales plan")
        verbose_name_plural = _("sales plans")


class SalesPlanRow(PlanRow):
    document = models.ForeignKey(SalesPlan, on_delete=models.CASCADE, related_name="rows")
    measure = models.ForeignKey(Measure, null=True, on_delete=models.PROTECT, related_name="plan_rows")
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.PROTECT, related_name="plan_rows")


class SalesPlanCell(PlanCell):
    row = models.ForeignKey(SalesPlanRow, on_delete=models.CASCADE, related_name="cells")


class SalesPlanSnapshot(PlanSnapshot):
    document = models.ForeignKey(SalesPlan, on_delete=models.CASCADE, related_name="snapshots")
