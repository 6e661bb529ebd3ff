"""References and referrals as rows: each in the state that a test begins with."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from customers.models import Customer
from referrals import asking, naming, releasing
from referrals.models import Recommender, ReferenceCustomer, ReferralContact, ReleaseScope
from referrals.naming import Named
from referrals.releasing import Terms
from tests import factories

TODAY = timezone.localdate


def make_buyer(owner: User | None = None, name: str = "", **fields) -> Customer:
    """A customer of long standing with a contact, Sabine Müller."""
    facts = {"orders_12m_count": 8, "revenue_12m": 24_000, "last_order_on": TODAY() - dt.timedelta(days=20), **fields.pop("facts", {})}
    customer = factories.make_listed(
        name,
        owner=owner,
        customer_since=TODAY() - dt.timedelta(days=5 * 366),
        industry=fields.pop("industry", "Hotel"),
        facts=facts,
        **fields,
    )
    factories.make_contact(customer, "Müller", first_name="Sabine", salutation="ms")
    return customer


def make_reference(owner: User, state: str = "candidate", **fields) -> ReferenceCustomer:
    """A reference in a state, with what that state needs."""
    customer = fields.pop("customer", None) or make_buyer(owner, fields.pop("name", ""))
    needed = {"contact": customer.contacts.first()} | {
        "asked": {"asked_by": owner, "asked_on": TODAY()},
        "thinking": {"asked_by": owner, "asked_on": TODAY(), "thinking_until": TODAY() + dt.timedelta(days=14)},
        "paused": {"resumes_as": "qualified"},
        "declined": {"declined_on": TODAY() - dt.timedelta(days=400)},
    }.get(state, {})
    return ReferenceCustomer.objects.create(customer=customer, state=state, **{**needed, **fields})


def proof(name: str = "freigabe.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4 Freigabe", content_type="application/pdf")


def make_released(owner: User, manager: User, kind: str = "logo", places: tuple[str, ...] = ("web", "offer"), **terms) -> ReleaseScope:
    """A reference whose release of one kind lies in writing, by the acts themselves."""
    reference = make_reference(owner, name=terms.pop("name", ""))
    asking.qualify(actor=owner, reference=reference)
    asking.ask(actor=owner, reference=reference)
    asking.agree(actor=owner, reference=reference)
    scope = releasing.agree_scope(actor=owner, reference=reference, terms=Terms(kind, places, **terms))
    releasing.release(actor=manager, scope=scope, proof=proof())
    return scope


def make_recommender(owner: User, *, may_name_me: bool | None = True) -> Recommender:
    customer = make_buyer(owner, "Firma Plus GmbH")
    return naming.make_recommender(actor=owner, contact=customer.contacts.first(), may_name_me=may_name_me)


def make_referral(owner: User, recommender: Recommender | None = None, **named) -> ReferralContact:
    """Peter Neumann of Neu GmbH, just named."""
    told = {
        "last_name": "Neumann",
        "first_name": "Peter",
        "salutation": "mr",
        "company": "Neu GmbH",
        "phone": "030 23125-555",
        "topic": "Reinigungsmaschinen",
    }
    return naming.name_contact(actor=owner, recommender=recommender or make_recommender(owner), named=Named(**{**told, **named}))
