"""Erasing contacts that led to nothing: by the nightly job after six months, by hand at any time (domain guide 2.4, D-5).

The person's data are blanked in place, since calls and steps hang on the rows; blocks stay, so that nobody contacts him again.
A company that is a customer keeps its data, one that never became more than a lead loses them too.
"""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import User
from customers import search_tokens
from customers.locks import hold
from customers.models import Activity, Contact, Customer, FollowUp, Order
from customers.same_reach import erased
from customers.same_reach.switchboards import neighbours
from customers.touched import touch
from innendienst.base import audit, preferences
from innendienst.lib import phones
from innendienst.lib.dates import add_months
from innendienst.lib.transitions import StateConflict
from referrals import duties
from referrals.models import ReferralContact
from referrals.moving import move_referral
from referrals.naming import State
from referrals.plans import contacts
from referrals.preferences import ReferralsPreferences

_WHY = "a contact is erased"
_NOBODY = "–"

logger = logging.getLogger(__name__)


@transaction.atomic
def erase(*, actor: User | None, referral: ReferralContact, reason: str = "") -> None:
    """Blank what is known of the person. Without an actor it is the nightly job's step."""
    hold(referral.customer_id)
    erased.keep_number(referral.contact, phones.parse(referral.phone).e164)
    move_referral(actor, referral, State.ERASED, reason=reason, erased_at=timezone.now(), phone="", topic="", legal_note="", knows="")
    duties.settle_referral(referral)
    _erase_person(referral)
    _erase_lead(referral)
    contacts.forget(referral)
    search_tokens.refresh([referral.customer_id])
    audit.record("referral.erase", by=actor, referral=referral.pk)


def erase_due(today: dt.date) -> int:
    """Erase all whose time is over; how many. Each is a transaction of its own, a second run erases none."""
    before = add_months(today, -preferences.get(ReferralsPreferences).kept_months)
    due = ReferralContact.objects.for_system(_WHY).filter(state__in=ReferralContact.WITHOUT_RESULT, named_on__lte=before)
    count = 0
    for referral in due.select_related("contact", "customer").order_by("pk").iterator():
        try:
            erase(actor=None, referral=referral, reason="kept_long_enough")
        except StateConflict:
            logger.info("Referral %s moved on while it was to be erased", referral.pk)
            continue
        count += 1
    return count


def _erase_person(referral: ReferralContact) -> None:
    """Unless he came to us by another way too: by a second recommender, as a contact of a customer, or his company buys."""
    contact = referral.contact
    others = ReferralContact.objects.for_system(_WHY).filter(contact=contact).exclude(pk=referral.pk).exclude(state=State.ERASED)
    if others.exists() or not referral.is_known_by_naming or _buys(referral.customer_id):
        return
    # Whom a merge made one with him is seen nowhere, but comes back where the merge is undone.
    same = Q(match_key=contact.match_key) | Q(first_name=contact.first_name, last_name=contact.last_name)
    left_behind = same & Q(customer__merged_into=contact.customer_id, source__startswith=ReferralContact.KNOWN_BY_NAMING)
    people = Contact.objects.for_system(_WHY).filter(Q(pk=contact.pk) | left_behind)
    erased.keep_people(people)
    people.update(
        salutation="", title="", first_name="", last_name=_NOBODY, role="", phone="", phone_e164="", phone_extension_digits=0,
        mobile="", mobile_e164="", email="", source="", match_key="",
    )  # fmt: skip
    Activity.objects.for_system(_WHY).filter(contact=contact).update(note="")
    FollowUp.objects.for_system(_WHY).filter(contact=contact).update(note="")


def _erase_lead(referral: ReferralContact) -> None:
    """The company, where nothing but this contact made us know it, and those of its kind that went into it."""
    company = Customer.objects.for_system(_WHY).filter(pk=referral.customer_id, lifecycle=Customer.Lifecycle.LEAD).first()
    if company is None or not company.number.startswith("I-") or _buys(company.pk):
        return
    if company.contacts.exclude(last_name=_NOBODY).exists():
        return
    merged = Q(merged_into=company, lifecycle=Customer.Lifecycle.LEAD, number__startswith="I-")
    companies = Customer.objects.for_system(_WHY).filter(Q(pk=company.pk) | merged)
    left = neighbours([company.pk])
    erased.keep_companies(companies)
    companies.update(
        name=F("number"), sort_key=Lower("number"), street="", postcode="", town="", phone="", phone_e164="", email="",
        is_inactive=True,
    )  # fmt: skip
    touch([company.pk, *left])


def _buys(customer_id: int) -> bool:
    return Order.objects.for_system(_WHY).filter(customer=customer_id).exists()
