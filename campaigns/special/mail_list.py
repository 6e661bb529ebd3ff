"""Who of a campaign's target group may get a mail: people who agreed to mails, asked of the gate one by one.

§ 7 UWG wants an express consent for advertising by mail, so an address alone brings nobody into it, and the control group is never in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from accounts.permissions import demand
from campaigns.special.models import Campaign, CampaignMember
from customers.gate import GateAnswer, Purpose, may_contact_everybody
from customers.models import Consent, Contact, Customer
from customers.models.permissions import Channel
from customers.person_mails import greeting
from innendienst.base import audit

_BATCH = 1_000
_WHY = "people of customers whom the user may see"


@dataclass(frozen=True)
class Addressee:
    number: str
    company: str
    name: str
    email: str
    salutation: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.number, self.company, self.name, self.email, self.salutation)


def agreed(user: User, campaign: Campaign):
    """Target customers' people with an address who agreed to mails, as far as the user may see them; the gate may still refuse some."""
    targeted = CampaignMember.objects.visible_to(user).targeted().filter(campaign=campaign)
    consents = Consent.objects.for_system(_WHY).filter(channel=Channel.EMAIL, revoked_at=None, customer__in=targeted.values("customer"))
    return Contact.objects.for_system(_WHY).filter(pk__in=consents.values("contact")).exclude(email="")


def people(user: User, campaign: Campaign) -> Iterator[list[tuple[Contact, GateAnswer]]]:
    """Those whom the gate lets be mailed today, with its answers, some hundred customers at a time."""
    ids = sorted(set(agreed(user, campaign).values_list("customer", flat=True)))
    for start in range(0, len(ids), _BATCH):
        batch = Customer.objects.for_system(_WHY).filter(pk__in=ids[start : start + _BATCH]).select_related("facts")
        customers = {customer.pk: customer for customer in batch}
        contacts = list(agreed(user, campaign).filter(customer__in=list(customers)).order_by("pk"))
        answers = may_contact_everybody(customers.values(), contacts, Purpose.SALES, timezone.localdate())
        found = []
        for contact in contacts:
            contact.customer = customers[contact.customer_id]
            if (answer := answers[contact.customer_id, contact.pk][Channel.EMAIL]).is_allowed:
                found.append((contact, answer))
        yield found


@transaction.atomic
def addressees(*, actor: User, campaign: Campaign) -> list[Addressee]:
    """All of them by company, on record as a list that left."""
    demand(actor, "campaign.write")
    allowed = [contact for batch in people(actor, campaign) for contact, _answer in batch]
    audit.record("campaign.mails", by=actor, campaign=campaign.pk, people=len(allowed))
    with override("de"):
        return [
            Addressee(one.customer.number, one.customer.name, one.addressed_name, one.email, greeting(one))
            for one in sorted(allowed, key=lambda one: (one.customer.sort_key, one.email))
        ]
