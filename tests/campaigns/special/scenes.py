"""A campaign, its customers, and its way to approval."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from campaigns.special import acts
from campaigns.special.models import Campaign
from customers.models import Consent, CustomerFacts
from innendienst.base import jobs
from tests import factories

TODAY = timezone.localdate


def make_members(count: int, owner, **facts) -> list:
    """Customers who may be called and written to, with facts as if they bought half a year ago."""
    made = []
    for number in range(count):
        day = TODAY() - dt.timedelta(days=180)
        customer = factories.make_customer(owner=owner, street="Am Hang 1", town="Dresden", postcode="01067", stated_last_order_on=day)
        values = {
            "abc_class": "ABC"[number % 3],
            "revenue_12m": 1200,
            "usual_revenue": 240,
            "usual_margin": 96,
            "last_order_on": TODAY() - dt.timedelta(days=180),
        }
        CustomerFacts.objects.create(customer=customer, **{**values, **facts})
        made.append(customer)
    return made


def make_campaign(mia, *, share="0.1", days=30, **fields) -> Campaign:
    spans = {"starts_on": TODAY(), "ends_on": TODAY() + dt.timedelta(days=days)}
    campaign = Campaign(
        name="Herbstaktion", call_text="bis Ende des Monats gibt es den Reiniger günstiger", control_share=Decimal(share), **spans
    )
    for name, value in fields.items():
        setattr(campaign, name, value)
    return acts.make(actor=mia, campaign=campaign)


def approve(campaign, mia, carla) -> None:
    acts.submit(actor=mia, campaign=campaign)
    acts.approve(actor=carla, campaign=campaign)
    jobs.run(jobs.request(acts.FREEZE, str(campaign.pk)).pk)
    campaign.refresh_from_db()


def refresh() -> None:
    jobs.run(jobs.request("refresh").pk)


def agree_to_mails(contact) -> None:
    fields = {"channel": "email", "text_version": "1", "proof": "Formular", "granted_at": timezone.now()}
    Consent.objects.create(customer=contact.customer, contact=contact, **fields)
