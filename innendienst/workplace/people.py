"""Who can be asked for at a customer."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from accounts.models import User
from customers.models import Activity, Contact, ContactBlock, FollowUp
from customers.models.permissions import Channel


def contacts_of(user: User, customer_ids: Iterable[int]):
    """The people of these customers, each with `is_blocked`: whether nobody may call him."""
    blocks = ContactBlock.objects.for_system("a part of the contacts' query").filter(lifted_at=None, channel__in=["", Channel.PHONE])
    known = Contact.objects.visible_to(user).filter(customer__in=customer_ids)
    return known.annotate(is_blocked=Exists(blocks.filter(contact=OuterRef("pk")))).order_by("pk")


def whom_to_ask(contacts: list[Contact], follow_ups: Iterable[FollowUp], latest: Iterable[Activity], today: dt.date) -> Contact | None:
    """The person of the due follow-up, else of the last call, else the first one; never one who must not be called."""
    due = (follow_up.contact_id for follow_up in follow_ups if follow_up.due_on <= today)
    wanted = [*due, *(activity.contact_id for activity in latest), *(contact.pk for contact in contacts)]
    known = {contact.pk: contact for contact in contacts if not contact.is_blocked}
    return next((known[pk] for pk in wanted if pk in known), None)
