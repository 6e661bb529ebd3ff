"""A referral contact whose company orders is won: found by the orders themselves, for any number of companies at once."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from innendienst.lib.prepared import IdsParam, Prepared
from referrals.contacting import win
from referrals.models import ReferralContact

_WON_FROM = (ReferralContact.State.FIRST_CONTACT, ReferralContact.State.IN_TALKS)
_WON = Prepared(
    lambda: (
        ReferralContact.objects.for_system("orders say who was won")
        .filter(customer__in=IdsParam("customers"), state__in=_WON_FROM, customer__facts__first_order_on__gte=F("named_on"))
        .select_related("customer__facts", "recommender")
        .order_by("pk")
    )
)


@transaction.atomic
def win_by_orders(customer_ids: Collection[int]) -> int:
    """Mark those as won whose company placed its first order since they were named; how many. One query where there are none."""
    won = list(_WON(customers=customer_ids))
    for referral in won:
        win(actor=None, referral=referral, won_on=referral.customer.facts.first_order_on)
    return len(won)
