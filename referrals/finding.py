"""Finding a reference for a purpose: who is like the prospect, has what he wants to see, allows it, and is not worn out."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from customers.models import PurchaseRhythm
from innendienst.base import preferences
from innendienst.lib.dates import add_months
from referrals.models import ReferenceUse, ReleaseScope, UseKind
from referrals.preferences import ReferralsPreferences
from referrals.querysets import ReferenceQuerySet

PERSONAL = (UseKind.SITE_VISIT, UseKind.REFERENCE_CALL)
"""Kinds that cost the customer time each time."""
_WHY = "how much a customer was asked of, whoever asked"


def quarter_start(day: dt.date) -> dt.date:
    return dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def free_on(references: ReferenceQuerySet, today: dt.date, kinds: Iterable[str] = PERSONAL) -> ReferenceQuerySet:
    """Those of whom a call or visit may be asked on that day: released for one of these kinds, less often asked this quarter than agreed
    for it, and left in peace for a while."""
    chosen = preferences.get(ReferralsPreferences)
    start = quarter_start(today)
    uses = ReferenceUse.objects.for_system(_WHY).filter(customer=OuterRef("customer"), scope__kind__in=PERSONAL)
    this_quarter = uses.filter(used_on__gte=start, used_on__lt=add_months(start, 3)).order_by().values("customer")
    lately = uses.filter(used_on__gt=today - dt.timedelta(days=chosen.days_between_uses))
    counted = references.annotate(used_count=Coalesce(Subquery(this_quarter.annotate(count=Count("pk")).values("count")), 0))
    allowed = ReleaseScope.objects.usable(today).filter(
        reference=OuterRef("pk"), kind__in=list(kinds), per_quarter_most__gt=OuterRef("used_count")
    )
    return counted.filter(~Exists(lately), Exists(allowed))


def using_product(references: ReferenceQuerySet, text: str) -> ReferenceQuerySet:
    """Those who buy an article whose name holds the text, or that has this number."""
    words = text.strip()
    bought = PurchaseRhythm.objects.for_system("found through references of visible customers").filter(
        Q(product__name__icontains=words) | Q(product__sku_key=words.casefold()), customer=OuterRef("customer")
    )
    return references.filter(Exists(bought))


def uses_this_quarter(customer_ids: Iterable[int], today: dt.date) -> dict[int, int]:
    """Customer id → how often his time was asked for in this quarter; 0 for the others."""
    start = quarter_start(today)
    uses = ReferenceUse.objects.for_system(_WHY).filter(
        customer__in=list(customer_ids), scope__kind__in=PERSONAL, used_on__gte=start, used_on__lt=add_months(start, 3)
    )
    return defaultdict(int, uses.order_by().values_list("customer").annotate(count=Count("pk")))
