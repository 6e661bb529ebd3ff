"""What mails and letters to customers' people have in common: how they begin, who sends them, how to object, when they leave."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Contact, Message
from customers.preferences import CustomersPreferences
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import is_working_day
from innendienst.lib.spreading import moments


def greeting(contact: Contact | None) -> str:
    """ "Sehr geehrte Frau Dr. Müller,", without a salutation "Guten Tag Kim Schmidt,", without a person to all."""
    if contact is None:
        return _("Dear Sir or Madam,")
    facts = {"name": " ".join(filter(None, [contact.title, contact.last_name])), "full_name": contact.full_name}
    match contact.salutation:
        case Contact.Salutation.MS:
            return _("Dear Ms %(name)s,") % facts
        case Contact.Salutation.MR:
            return _("Dear Mr %(name)s,") % facts
    return _("Good day %(full_name)s,") % facts


def closing(text: str) -> str:
    """ "Mit freundlichen Grüßen"; "" below a text that takes its leave itself."""
    usual = _("Yours sincerely")
    return "" if usual.casefold() in text.casefold() else usual


def company_name() -> str:
    return preferences.get(CompanyPreferences).name or _("us")


def sender() -> str:
    """Name and postal address, as every advertising mail must bear them."""
    stored = preferences.get(CompanyPreferences)
    return "\n".join(filter(None, [stored.name, stored.postal_address]))


def has_sender() -> bool:
    """Whether the company's name and postal address are known; without them nothing that advertises may leave."""
    stored = preferences.get(CompanyPreferences)
    return bool(stored.name and stored.postal_address)


def stop_headers(address: str) -> dict[str, str]:
    """Objecting with one click in the mail program, and by our page (RFC 8058)."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def sending_times(*, after: dt.timedelta = dt.timedelta()) -> Iterator[dt.datetime]:
    """When the next mails to people leave: so many in an hour of a working day, behind those that wait already; without end.

    The first one not before so much time is over.
    """
    stored, state = preferences.get(CustomersPreferences), preferences.get(CompanyPreferences).state
    now = timezone.now()
    waiting = Message.objects.filter(state=Message.State.QUEUED, contact__isnull=False, not_before__gt=now)
    last = waiting.aggregate(at=Max("not_before"))["at"]
    first = max(last or now, now + after)
    times = moments(
        first,
        per_hour=stored.mails_per_hour,
        from_hour=stored.sends_from,
        until_hour=stored.sends_until,
        is_working_day=lambda day: is_working_day(day, state),
    )
    if first == last:
        next(times)
    return times
