"""The way in both directions between a customer who was recommended and whoever recommended him, for the customer's page."""

from typing import NamedTuple

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from customers.models import Customer
from innendienst.lib.prepared import Param, Prepared
from innendienst.workplace.chips import Chip
from innendienst.workplace.referrals.texts import state_chip
from referrals.models import ReferralContact

SHOWN_MOST = 10
_CUSTOMER = Param("customer")
_REFERRALS = Prepared(
    lambda: (
        ReferralContact.objects.for_system("of a customer who is visible")
        .filter(Q(customer=_CUSTOMER) | Q(recommender__customer=_CUSTOMER))
        .exclude(state=ReferralContact.State.ERASED)
        .select_related("contact", "customer", "recommender__contact", "recommender__customer")
        .order_by("-named_on", "-pk")[:SHOWN_MOST]
    )
)


class ReferralLink(NamedTuple):
    url: str
    text: str
    chip: Chip


def referral_links(user: User, customer: Customer) -> list[ReferralLink]:
    """By whom he was recommended, and whom his people named where the user sees that company."""
    if not customer.has_referral:
        return []
    found = list(_REFERRALS(customer=customer.pk))
    others = [one.pk for one in found if one.customer_id != customer.pk]
    seen = set(ReferralContact.objects.visible_to(user).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    return [_link(one, customer) for one in found if one.customer_id == customer.pk or one.pk in seen]


def _link(referral: ReferralContact, customer: Customer) -> ReferralLink:
    recommender = referral.recommender
    if referral.customer_id == customer.pk:
        facts = {"name": recommender.contact.declined_name, "company": recommender.customer.name}
        text = _("Recommended by %(name)s, %(company)s") % facts
    else:
        facts = {"recommender": recommender.contact.addressed_name, "name": referral.contact.full_name, "company": referral.customer.name}
        text = _("%(recommender)s named %(name)s, %(company)s") % facts
    return ReferralLink(reverse("referrals:detail", args=[referral.pk]), text, state_chip(referral))
