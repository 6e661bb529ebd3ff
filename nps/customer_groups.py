"""Customers by what they last answered, as a criterion of saved filters (customers/segments.py).

Only answers that name their customer count, of surveys that said who would see them; a filter by them is for whoever may see names.
"""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from customers.segments import Criterion
from nps.models import Response
from nps.statistics import GROUP_LIMITS

_WHY = "a criterion, open to those who may see names"


def condition(codes: Sequence[str]) -> Q:
    """Customers whose latest answer is of one of the groups."""
    named = Response.objects.for_system(_WHY).counted().filter(customer__isnull=False, wave__shows_names=True).order_by()
    is_later = Q(answered_on__gt=OuterRef("answered_on")) | Q(answered_on=OuterRef("answered_on"), pk__gt=OuterRef("pk"))
    latest = named.filter(~Exists(named.filter(is_later, customer=OuterRef("customer"))))
    ratings = Q(*(Q(rating__range=GROUP_LIMITS[code]) for code in codes if code in GROUP_LIMITS), _connector=Q.OR)
    return Q(pk__in=latest.filter(ratings).values("customer"))


NPS_GROUP = Criterion(
    key="nps",
    label=_("NPS group"),
    choices=(("promoter", _("Promoters")), ("passive", _("Passives")), ("detractor", _("Detractors"))),
    capability="nps.names",
    condition=condition,
)
