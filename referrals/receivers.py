"""What references hear from the apps below."""

import datetime as dt

from django.dispatch import receiver

from nps.models import Response
from nps.signals import response_recorded
from referrals import moments


@receiver(response_recorded)
def hear_answer(sender, response: Response, moment_on: dt.date | None, **_rest) -> None:
    """A promoter may be asked for more once the survey has had its rest."""
    if response.customer_id:
        moments.hear_answer(response, moment_on)
