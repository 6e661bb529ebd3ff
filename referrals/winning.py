"""A referral contact whose company orders is won: found by the orders themselves, for any number of companies at once."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from referrals.contacting import win
from referrals.models import ReferralContact

_WON_FROM = (ReferralContact.State.FIRST_CONTACT, ReferralContact.State.IN_TALKS)
_WHY = "orders say who was won"


@transaction.atomic
def win_by_orders(customer_ids: Collection[int]) -> int:
    """Mark those as won whose company placed its first order since they were named; how many. One query where there are none."""
    talked = ReferralContact.objects.for_system(_WHY).filter(customer__in=customer_ids, state__in=_WON_FROM)
    ordered = talked.filter(customer__facts__first_order_on__gte=F("named_on")).select_related("customer__facts", "recommender")
    won = list(ordered.order_by("pk"))
    for referral in won:
        win(actor=None, referral=referral, won_on=referral.customer.facts.first_order_on)
    return len(won)
