"""Until when the house owes what it owes: working days where the company is. A reminder comes on a working day of whoever it reminds."""

import datetime as dt

from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import add_working_days
from referrals.preferences import ReferralsPreferences


def thanks_due(since: dt.date) -> dt.date:
    """For a use of a reference, or a new customer: until then customer or recommender hears of it and is thanked.

    What a customer agreed to is to lie in writing within the same time.
    """
    return _after(since, preferences.get(ReferralsPreferences).feedback_days)


def word_due(first_contact_on: dt.date) -> dt.date:
    """Until then the recommender knows that the contact was spoken with."""
    return _after(first_contact_on, preferences.get(ReferralsPreferences).inform_days)


def notice_due(named_on: dt.date) -> dt.date:
    """The last day of the month in which the contact has to be informed (Art. 14)."""
    return named_on + dt.timedelta(days=preferences.get(ReferralsPreferences).notice_days - 1)


def _after(day: dt.date, working_days: int) -> dt.date:
    return add_working_days(day, working_days, preferences.get(CompanyPreferences).state)
