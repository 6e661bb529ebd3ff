"""People of a campaign's target group who agreed to mails: the list for a mailing, asked of the gate one by one.

§ 7 UWG wants an express consent for advertising by mail, so an address alone brings nobody into it, and the control group is never in it.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from accounts.permissions import demand
from campaigns.special.letters import salutation
from campaigns.special.models import Campaign, CampaignMember
from customers.gate import Purpose, may_contact_everybody
from customers.models import Consent, Contact, Customer
from customers.models.permissions import Channel
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


@transaction.atomic
def addressees(*, actor: User, campaign: Campaign) -> list[Addressee]:
    """Everybody of target customers whom the actor may see and the gate lets be mailed today, by company; on record as a list that left."""
    demand(actor, "campaign.write")
    targeted = CampaignMember.objects.visible_to(actor).targeted().filter(campaign=campaign)
    agreed = Consent.objects.for_system(_WHY).filter(channel=Channel.EMAIL, revoked_at=None, customer__in=targeted.values("customer"))
    ids = sorted(set(agreed.values_list("customer", flat=True)))
    found: list[tuple[str, Addressee]] = []
    for start in range(0, len(ids), _BATCH):
        found += _allowed(ids[start : start + _BATCH])
    audit.record("campaign.mails", by=actor, campaign=campaign.pk, people=len(found))
    return [one for _key, one in sorted(found, key=lambda pair: (pair[0], pair[1].email))]


def _allowed(customer_ids: list[int]) -> list[tuple[str, Addressee]]:
    customers = {one.pk: one for one in Customer.objects.for_system(_WHY).filter(pk__in=customer_ids).select_related("facts")}
    contacts = list(Contact.objects.for_system(_WHY).filter(customer__in=customer_ids).exclude(email=""))
    answers = may_contact_everybody(customers.values(), contacts, Purpose.SALES, timezone.localdate())
    found = []
    with override("de"):
        for contact in contacts:
            customer = customers[contact.customer_id]
            if answers[customer.pk, contact.pk][Channel.EMAIL].is_allowed:
                one = Addressee(customer.number, customer.name, contact.addressed_name, contact.email, salutation(contact))
                found.append((customer.sort_key, one))
    return found
