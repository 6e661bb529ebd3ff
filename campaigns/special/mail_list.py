"""Who of a campaign's target group may get a mail: people who agreed to mails, asked of the gate, one for each customer.

§ 7 UWG wants an express consent for advertising by mail, so an address alone brings nobody into it, and the control group is never in it.
One selling contact with a customer is one, whomever of his people it reaches (domain guide U-7).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from accounts.permissions import demand
from campaigns.special.models import Campaign, CampaignMember
from campaigns.special.words import about
from customers.gate import GateAnswer, Purpose, may_contact_everybody
from customers.mailings import Addressed, record_mailing
from customers.models import Activity, Consent, Contact, Customer
from customers.models.permissions import Channel
from customers.person_mails import greeting
from innendienst.base import audit
from innendienst.lib.batches import in_batches

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
    targeted = _targeted(user, campaign).values("customer")
    consents = Consent.objects.for_system(_WHY).filter(channel=Channel.EMAIL, revoked_at=None, customer__in=targeted)
    return Contact.objects.for_system(_WHY).filter(pk__in=consents.values("contact")).exclude(email="")


def people(user: User, campaign: Campaign, known: set[int | str]) -> Iterator[list[tuple[Contact, GateAnswer]]]:
    """The first of each customer's people whom the gate lets be mailed today, with its answers, some hundred customers at a time.

    Customers and addresses (in small letters) that are `known` are passed over, and whoever is found is known from then on. Who has had
    this very mail today does not rest because of it.
    """
    today = timezone.localdate()
    had_it = set(_mailed(campaign).filter(mailed_on=today).values_list("customer", flat=True))
    ids = sorted(set(agreed(user, campaign).values_list("customer", flat=True)))
    for batch in in_batches(ids):
        found = Customer.objects.for_system(_WHY).filter(pk__in=batch).select_related("facts")
        customers = {customer.pk: customer for customer in found}
        contacts = list(agreed(user, campaign).filter(customer__in=list(customers)).order_by("pk"))
        answers = may_contact_everybody(customers.values(), contacts, Purpose.SALES, today, exempt=had_it)
        chosen: list[tuple[Contact, GateAnswer]] = []
        for contact in contacts:
            contact.customer = customers[contact.customer_id]
            answer, reached = answers[contact.customer_id, contact.pk][Channel.EMAIL], {contact.customer_id, contact.email.lower()}
            if answer.is_allowed and not reached & known:
                known |= reached
                chosen.append((contact, answer))
        yield chosen


def mailed(campaign: Campaign) -> set[int]:
    """Customers who have had a mail of this campaign."""
    return set(_mailed(campaign).values_list("customer", flat=True))


def _mailed(campaign: Campaign):
    return CampaignMember.objects.for_system(_WHY).filter(campaign=campaign, mailed_on__isnull=False)


@transaction.atomic
def addressees(*, actor: User, campaign: Campaign) -> list[Addressee]:
    """All of them by company, each address once, on record as a list that left: whoever stands in it is written to, once a day."""
    demand(actor, "campaign.write")
    held = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # of two clicks the second sees what the first wrote
    allowed = []
    for batch in list(people(actor, held, set())):  # the gate hears of none of these contacts before all are chosen
        _record(actor, held, batch)
        allowed += [contact for contact, _answer in batch]
    audit.record("campaign.mails", by=actor, campaign=campaign.pk, people=len(allowed))
    with override("de"):
        return [
            Addressee(one.customer.number, one.customer.name, one.addressed_name, one.email, greeting(one))
            for one in sorted(allowed, key=lambda one: (one.customer.sort_key, one.email))
        ]


def _record(actor: User, campaign: Campaign, batch: Iterable[tuple[Contact, GateAnswer]]) -> None:
    found = {contact.customer_id: Addressed(contact.customer_id, contact.pk, answer) for contact, answer in batch}
    today = timezone.localdate()
    members = _targeted(actor, campaign).filter(customer__in=list(found)).exclude(mailed_on=today)
    fresh = list(members.values_list("customer", flat=True))
    members.update(mailed_on=today)
    record_mailing(by_id=actor.pk, kind=Activity.Kind.MAIL, about=about(campaign), addressed=[found[pk] for pk in fresh])


def _targeted(user: User, campaign: Campaign):
    return CampaignMember.objects.visible_to(user).targeted().filter(campaign=campaign)
