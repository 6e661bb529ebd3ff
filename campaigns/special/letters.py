"""Letters of a campaign: addresses and text for whom the gate allows it. The control group gets none, and nobody gets two unawares.

Each is a contact with the customer and stands on record with the gate's answer. The same letter handed out or printed again on its day
is none; on a later day it is a contact like any other, so the first one lets the customer rest.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from accounts.permissions import demand
from campaigns.special.models import Campaign, CampaignMember
from campaigns.special.words import about
from customers import person_mails
from customers.gate import GateAnswer, Purpose, may_contact_many
from customers.mailings import Addressed, record_mailing
from customers.models import Activity, Contact, ContactBlock, Customer
from customers.models.permissions import Channel
from innendienst.base import audit
from innendienst.lib.batches import in_batches

_BATCH = 2_000
_WHY = "people of customers whom the user may see"


@dataclass(frozen=True)
class Letter:
    """One letter; `contact` is the person by name, "" for the company as such."""

    member_id: int
    addressed: Addressed
    number: str
    company: str
    contact: str
    street: str
    postcode: str
    town: str
    country: str
    subject: str
    salutation: str
    text: str
    closing: str

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of the mail merge."""
        return (
            self.number, self.company, self.contact, self.street, self.postcode, self.town, self.country, self.subject,
            self.salutation, self.text, self.closing,
        )  # fmt: skip


class NoText(ValueError):
    """The concept has no text for letters: nobody is written to."""


@transaction.atomic
def hand_out(*, actor: User, campaign: Campaign, again: bool = False) -> list[Letter]:
    """Letters for target customers the actor may see; they are marked as written to. With `again` those too who got one today, or
    before where the gate allows one more.

    Raises NoText.
    """
    demand(actor, "campaign.write")
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # of two clicks the second sees what the first wrote
    if not campaign.letter_text:
        raise NoText(campaign.pk)
    members = _members(actor, campaign)
    letters = _written(campaign, members if again else members.filter(lettered_on=None))
    _record(actor, campaign, letters)
    audit.record("campaign.letters", by=actor, campaign=campaign.pk, letters=len(letters))
    return letters


def _record(actor: User, campaign: Campaign, letters: Sequence[Letter]) -> None:
    """Mark them as written to; whoever was today got this letter already."""
    today = timezone.localdate()
    for several in in_batches(letters, _BATCH):
        batch = {letter.member_id: letter.addressed for letter in several}
        members = CampaignMember.objects.for_system("written to just now").filter(pk__in=list(batch))
        fresh = list(members.exclude(lettered_on=today).values_list("pk", flat=True))
        members.update(lettered_on=today)
        record_mailing(by_id=actor.pk, kind=Activity.Kind.MAILSHOT, about=about(campaign), addressed=[batch[pk] for pk in fresh])


def handed_out(user: User, campaign: Campaign, on: dt.date) -> list[Letter]:
    """The letters of a day once more, to be printed, but for those whom the gate has come to refuse: an objection, or rest since then."""
    return _written(campaign, _members(user, campaign).filter(lettered_on=on))


def _members(user: User, campaign: Campaign):
    return CampaignMember.objects.visible_to(user).targeted().filter(campaign=campaign, by_letter=True)


def _written(campaign: Campaign, members) -> list[Letter]:
    rows = list(members.order_by("customer__sort_key", "customer").values_list("customer", "pk", "lettered_on"))
    member_ids, today = {customer: pk for customer, pk, _day in rows}, timezone.localdate()
    had_it = {customer for customer, _pk, day in rows if day == today}  # a letter does not stop itself
    customers, letters = list(member_ids), list[Letter]()
    for batch in in_batches(customers, _BATCH):
        answers = may_contact_many(batch, Channel.LETTER, Purpose.SALES, today, exempt=had_it)
        allowed_ones = Customer.objects.for_system(_WHY).in_bulk([pk for pk in batch if answers[pk].is_allowed])
        letters += _letters(campaign, [allowed_ones[pk] for pk in batch if pk in allowed_ones], member_ids, answers)
    return letters


def _letters(
    campaign: Campaign, customers: Sequence[Customer], member_ids: Mapping[int, int], answers: Mapping[int, GateAnswer]
) -> Iterator[Letter]:
    blocks = ContactBlock.objects.for_system(_WHY).filter(contact=OuterRef("pk"), lifted_at=None, channel__in=["", Channel.LETTER])
    people: dict[int, Contact] = {}
    ids = [customer.pk for customer in customers]
    for contact in Contact.objects.for_system(_WHY).filter(customer__in=ids).exclude(Exists(blocks)).order_by("-pk"):
        people[contact.customer_id] = contact
    with override("de"):
        closing = person_mails.closing(campaign.letter_text)
        for customer in customers:
            contact = people.get(customer.pk)
            name = contact.addressed_name if contact else ""
            yield Letter(
                member_ids[customer.pk], Addressed(customer.pk, contact and contact.pk, answers[customer.pk]), customer.number,
                customer.name, name, customer.street, customer.postcode, customer.town, customer.country, campaign.mail_subject,
                person_mails.greeting(contact), campaign.letter_text, closing,
            )  # fmt: skip
