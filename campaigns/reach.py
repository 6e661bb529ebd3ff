"""Whom a rule between two products would reach, and what that may bring: counted from kept purchases, never from order lines."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from campaigns.models import Kind
from campaigns.preferences import CampaignsPreferences
from campaigns.reasons.loading import Chances
from customers.models import Complaint, ContactBlock, Product, ProductDemand, ProductRelation, PurchaseRhythm
from customers.models.companies import AbcClass
from customers.models.permissions import Channel
from innendienst.base import preferences
from innendienst.lib.dates import add_months
from innendienst.lib.money import cents

_WHY = "how many customers a rule would reach"


@dataclass(frozen=True)
class Reach:
    """How many customers, and the sums in net euros over all of them, each as probable as it is; `margin` None where unknown."""

    customers_count: int
    revenue: Decimal
    margin: Decimal | None


def reach(*, from_product: Product, to_product: Product, kind: str, today: dt.date) -> Reach:
    """Customers who have the one and not the other, and with whom selling does not rest."""
    chosen = preferences.get(CampaignsPreferences)
    having = PurchaseRhythm.objects.for_system(_WHY).filter(last_on__gte=add_months(today, -chosen.cross_sell_months))
    of_him = Q(customer=OuterRef("customer"))
    blocks = ContactBlock.objects.for_system(_WHY).filter(of_him, contact=None, lifted_at=None, channel__in=["", Channel.PHONE])
    reached = (
        having.filter(product=from_product)
        .filter(customer__is_inactive=False, customer__delivery_block=False, customer__is_collective=False, customer__merged_into=None)
        .filter(customer__dunning_level__lt=chosen.dunning_level_stops)
        .exclude(Exists(having.filter(of_him, product=to_product)))
        .exclude(Exists(blocks))
        .exclude(Exists(Complaint.objects.for_system(_WHY).unresolved().filter(of_him)))
    )
    if kind == ProductRelation.Kind.SUCCESSOR:
        reached = reached.filter(first_on__lte=add_months(today, -chosen.up_sell_months))
    abc_class = Coalesce("customer__facts__abc_class", Value(AbcClass.C))
    counts = dict(reached.order_by().values_list(abc_class).annotate(count=Count("pk")))
    chances, reason = Chances(), Kind.UP_SELL if kind == ProductRelation.Kind.SUCCESSOR else Kind.CROSS_SELL
    probable = sum((count * chances.of(reason, abc) for abc, count in counts.items()), Decimal(0))
    revenue, margin = _usual_order(to_product)
    return Reach(sum(counts.values()), cents(probable * revenue), None if margin is None else cents(probable * margin))


def _usual_order(product: Product) -> tuple[Decimal, Decimal | None]:
    """What its buyers usually order on one day; while nobody did, one unit at its price."""
    demand = ProductDemand.objects.filter(product=product).first()
    if demand is not None:
        return demand.usual_revenue, demand.usual_margin
    price = product.price or Decimal(0)
    return price, None if product.cost is None or product.price is None else price - product.cost
