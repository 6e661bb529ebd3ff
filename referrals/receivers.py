"""What references hear from the apps below."""

import datetime as dt
from collections.abc import Collection

from django.dispatch import receiver

from customers.same_reach import erased
from customers.signals import people_blocked
from innendienst.lib import phones
from nps.models import Response
from nps.signals import response_recorded
from referrals import moments
from referrals.models import ReferralContact


@receiver(response_recorded)
def hear_answer(sender, response: Response, moment_on: dt.date | None, **_rest) -> None:
    """A promoter may be asked for more once the survey has had its rest."""
    if response.customer_id:
        moments.hear_answer(response, moment_on)


@receiver(people_blocked)
def hear_refusal(sender, contact_ids: Collection[int], **_rest) -> None:
    """The number by which somebody was named is kept out of sight, and no list may bring it back as one that may be called."""
    hidden = ReferralContact.objects.for_system("whoever named him").filter(contact__in=contact_ids).exclude(phone="")
    for referral in hidden.select_related("contact__customer"):
        erased.keep_number(referral.contact, phones.parse(referral.phone).e164)
