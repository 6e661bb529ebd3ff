"""Letters of a campaign: addresses and text for whom the gate allows it. The control group gets none, and nobody gets two unawares."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from accounts.permissions import demand
from campaigns.special.models import Campaign, CampaignMember
from customers import person_mails
from customers.gate import Purpose, may_contact_many
from customers.models import Contact, ContactBlock, Customer
from customers.models.permissions import Channel
from innendienst.base import audit

_BATCH = 2_000
_WHY = "people of customers whom the user may see"


@dataclass(frozen=True)
class Letter:
    """One letter; `contact` is the person by name, "" for the company as such."""

    member_id: int
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
    """Letters for target customers the actor may see; they are marked as written to. With `again` those too who got one before.

    Raises NoText.
    """
    demand(actor, "campaign.write")
    campaign = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # of two clicks the second sees what the first wrote
    if not campaign.letter_text:
        raise NoText(campaign.pk)
    members = _members(actor, campaign)
    letters = _written(campaign, members if again else members.filter(lettered_on=None))
    today = timezone.localdate()
    for start in range(0, len(letters), _BATCH):
        ids = [letter.member_id for letter in letters[start : start + _BATCH]]
        CampaignMember.objects.for_system("written to just now").filter(pk__in=ids).update(lettered_on=today)
    audit.record("campaign.letters", by=actor, campaign=campaign.pk, letters=len(letters))
    return letters


def handed_out(user: User, campaign: Campaign, on: dt.date) -> list[Letter]:
    """The letters of a day once more, to be printed; whoever has objected since gets none."""
    return _written(campaign, _members(user, campaign).filter(lettered_on=on))


def _members(user: User, campaign: Campaign):
    return CampaignMember.objects.visible_to(user).targeted().filter(campaign=campaign, by_letter=True)


def _written(campaign: Campaign, members) -> list[Letter]:
    found = dict(members.order_by("customer__sort_key", "customer").values_list("customer", "pk"))
    customers, letters = list(found), list[Letter]()
    for start in range(0, len(customers), _BATCH):
        batch = customers[start : start + _BATCH]
        answers = may_contact_many(batch, Channel.LETTER, Purpose.SALES, timezone.localdate())
        allowed_ones = Customer.objects.for_system(_WHY).in_bulk([pk for pk in batch if answers[pk].is_allowed])
        letters += _letters(campaign, [allowed_ones[pk] for pk in batch if pk in allowed_ones], found)
    return letters


def _letters(campaign: Campaign, customers: Sequence[Customer], member_ids: dict[int, int]) -> Iterator[Letter]:
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
                member_ids[customer.pk], customer.number, customer.name, name, customer.street, customer.postcode, customer.town,
                customer.country, campaign.mail_subject, person_mails.greeting(contact), campaign.letter_text, closing,
            )  # fmt: skip
