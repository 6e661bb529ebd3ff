"""How a call begins after a complaint was settled."""

import datetime as dt
from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.call_guide import Said, greet
from customers.models import Complaint, Contact, FollowUp
from innendienst.lib import display


def asked_about(follow_ups: Iterable[FollowUp], today: dt.date) -> Complaint | None:
    """The settled complaint that a call of this day asks about; None while the question of none has come due."""
    return next((each.solution.complaint for each in follow_ups if each.solution_id and each.due_on <= today), None)


def said_about_solution(follow_ups: Iterable[FollowUp], contact: Contact | None, today: dt.date) -> Said | None:
    """Asked whether all is well before anything is sold; None where nothing is to be asked yet.

    It is in the language of the person who is called.
    """
    complaint = asked_about(follow_ups, today)
    if complaint is None:
        return None
    language = contact.language if contact and contact.language else translation.get_language()
    with translation.override(language):
        facts = {"greeting": greet(contact), "day": display.date(complaint.raised_on)}
        return Said(opening=_("%(greeting)s, I am calling about your complaint of %(day)s.") % facts, question=_("Is all well by now?"))
