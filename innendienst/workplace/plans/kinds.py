"""Which planning templates there are: each with its tables, where its bound cells come from, and what its rows lead to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from campaigns.measures.models import Measure
from campaigns.plans import template as sales
from campaigns.plans.binding import bind as bind_sales
from campaigns.plans.models import SalesPlan, SalesPlanRow
from campaigns.special.models import Campaign
from innendienst.lib import display
from innendienst.lib.planning import cells
from innendienst.lib.planning.columns import Template
from innendienst.lib.planning.models import Binder
from innendienst.lib.prepared import Param, Prepared
from referrals.plans import template as references
from referrals.plans.binding import bind as bind_references
from referrals.plans.collecting import collect as collect_references
from referrals.plans.models import ReferencePlan, ReferencePlanCell
from referrals.plans.ratings import unrecorded

Leads = Mapping[int, tuple[str, str]]
"""Row → the address of what it became or stems from, and what that is."""


@dataclass(frozen=True)
class Making:
    """What a row of a section can be made into, in one click: the name of the address, the words on the button, the right it needs."""

    section: str
    url_name: str
    label: str | Promise
    needs: str


@dataclass(frozen=True)
class PlanKind:
    """`collect` adds the rows that stem from data before cells are bound."""

    document: type[Any]
    bind: Binder
    leads: Callable[[Any], Leads]
    makings: tuple[Making, ...] = ()
    collect: Callable[[Any], None] | None = None

    @property
    def template(self) -> Template:
        return self.document.template

    @transaction.atomic
    def bring_up_to_date(self, document: Any) -> int:
        """Take in what the data have now; how many cells changed. Raises PlanFrozen."""
        if self.collect:
            self.collect(document)
        return cells.refresh(document, self.bind)


_BECAME = Prepared(
    lambda: (
        SalesPlanRow.objects.filter(Q(measure__isnull=False) | Q(campaign__isnull=False), document=Param("document"))
        .order_by()
        .values_list("pk", "measure", "measure__state", "campaign", "campaign__state")
    )
)


def _sales_leads(document: SalesPlan) -> Leads:
    found = {}
    for pk, measure, measure_state, campaign, campaign_state in _BECAME(document=document.pk):
        if measure:
            text = "{}: {}".format(capfirst(_("measure")), Measure.State(measure_state).label)
            found[pk] = (reverse("measures:detail", args=[measure]), text)
        else:
            text = "{}: {}".format(capfirst(_("campaign")), Campaign.State(campaign_state).label)
            found[pk] = (reverse("campaigns:detail", args=[campaign]), text)
    return found


def _reference_leads(document: ReferencePlan) -> Leads:
    """The page of what a row is about; where it became a follow-up, the day on which that is due.

    A row with ratings that are not on record leads nowhere yet: they can be taken over.
    """
    found = {}
    rated = Prefetch(
        "cells", ReferencePlanCell.objects.filter(column__in=[*references.RATINGS, *references.FLAGS], edited_by__isnull=False)
    )
    rows = document.rows.select_related("referral", "use__scope", "follow_up", "customer__reference").prefetch_related(rated)
    for row in rows:
        if row.follow_up:
            text = "{}: {}".format(_("Follow-up"), display.date(row.follow_up.due_on))
            found[row.pk] = (reverse("customers:detail", args=[row.follow_up.customer_id]), text)
        elif row.referral:
            found[row.pk] = (reverse("referrals:detail", args=[row.referral_id]), str(row.referral.get_state_display()))
        elif row.use:
            found[row.pk] = (reverse("references:detail", args=[row.use.scope.reference_id]), str(_("Reference")))
        elif row.customer_id and row.section == references.SUITABILITY and not unrecorded(row, getattr(row.customer, "reference", None)):
            found[row.pk] = (reverse("references:of", args=[row.customer_id]), str(_("Reference")))
    return found


_SALES = PlanKind(
    SalesPlan,
    bind_sales,
    _sales_leads,
    (
        Making(sales.IDEAS, "plans:row_measure", _("Make a measure"), "plan.edit"),
        Making(sales.IDEAS, "plans:row_campaign", _("Make a campaign"), "campaign.write"),
        Making(sales.MEASURES, "plans:row_measure", _("Make a measure"), "plan.edit"),
    ),
)
_REFERENCES = PlanKind(
    ReferencePlan,
    bind_references,
    _reference_leads,
    (
        Making(references.SUITABILITY, "plans:row_ratings", _("Take over ratings"), "reference.ask"),
        Making(references.ASKING, "plans:row_follow_up", _("Make a follow-up"), "followup.edit"),
    ),
    collect_references,
)
KINDS: dict[str, PlanKind] = {one.template.code: one for one in (_SALES, _REFERENCES)}


def known_kind(code: str) -> PlanKind:
    """Raises Http404 for a template that does not exist."""
    if code not in KINDS:
        raise Http404
    return KINDS[code]


def found_document(user: User, code: str, pk: int) -> Any:
    """A document of a kind that the user may see, with team and author. Raises Http404."""
    found = known_kind(code).document.objects.visible_to(user).select_related("team", "owner").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
