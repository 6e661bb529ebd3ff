"""The reference plan of a team and a period, and what its rows are about."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from customers.models import Customer, FollowUp
from innendienst.lib.planning.models import PlanCell, PlanDocument, PlanRow, PlanSnapshot
from referrals.models.references import ReferenceUse
from referrals.models.referrals import ReferralContact
from referrals.plans.querysets import ReferencePlanQuerySet
from referrals.plans.template import REFERENCES


class ReferencePlan(PlanDocument):
    """Template 4.2 of one period; without a team it is that of the whole house."""

    template = REFERENCES

    team = models.ForeignKey(Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ReferencePlanQuerySet.as_manager()

    class Meta(PlanDocument.Meta):
        verbose_name = _("reference plan")
        verbose_name_plural = _("reference plans")


class ReferencePlanRow(PlanRow):
    """What a row is about: the customer typed into it, a use, or a referral contact. `follow_up` is what it became."""

    document = models.ForeignKey(ReferencePlan, on_delete=models.CASCADE, related_name="rows")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.SET_NULL, related_name="+")
    use = models.ForeignKey(ReferenceUse, null=True, on_delete=models.CASCADE, related_name="+")
    referral = models.ForeignKey(ReferralContact, null=True, on_delete=models.CASCADE, related_name="+")
    follow_up = models.ForeignKey(FollowUp, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(PlanRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["document", "use"], name="reference_plan_use_once"),
            models.UniqueConstraint(fields=["document", "referral"], name="reference_plan_referral_once"),
        ]


class ReferencePlanCell(PlanCell):
    row = models.ForeignKey(ReferencePlanRow, on_delete=models.CASCADE, related_name="cells")


class ReferencePlanSnapshot(PlanSnapshot):
    document = models.ForeignKey(ReferencePlan, on_delete=models.CASCADE, related_name="snapshots")
