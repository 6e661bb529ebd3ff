"""A rep's day as rows: customers with a reason to be called, on nobody's list yet."""

import datetime as dt
from decimal import Decimal

from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from campaigns.models import CallListRow, Opportunity, OpportunityItem
from customers.models import Customer, CustomerFacts, FollowUp
from innendienst.base import form_keys
from innendienst.lib.dates import instant
from tests.factories import make_contact, make_customer, make_product


def make_reason(customer: Customer, kind: str = "reorder", *, margin: str | None = "96.00", product=None, **fields) -> Opportunity:
    """A suggestion worth 240 € of revenue, to be won in 35 of 100 cases, with one article."""
    facts = {
        "reorder": {"last_on": "2026-10-14", "gap_days": "30", "quantity": "12"},
        "cross_sell": {"because": (product or make_product("Scheuersaugmaschine M1")).pk, "relation": 0},
    }[kind]
    opportunity = Opportunity.objects.create(
        customer=customer,
        kind=kind,
        facts={"articles_count": 1},
        rank_value=Decimal("33.60"),
        expected_revenue=Decimal("240.00"),
        expected_margin=margin and Decimal(margin),
        p_win=Decimal("0.35"),
        suggested_on=timezone.localdate(),
        **fields,
    )
    article = product or make_product("Reiniger R10", unit="Kanister")
    OpportunityItem.objects.create(
        opportunity=opportunity, product=article, position=1, facts=facts, expected_revenue=Decimal("240.00"), expected_margin=margin
    )
    return opportunity


def make_callable(owner: User | None, name: str = "", *, rank: int = 50, kinds: tuple[str, ...] = ("reorder",), **fields) -> Customer:
    """A customer with a contact, figures, reasons, and a place on the call list."""
    customer = make_customer(name, owner=owner, **fields)
    make_contact(customer, "Müller", salutation="mr")
    today = timezone.localdate()
    CustomerFacts.objects.create(
        customer=customer,
        revenue_12m=Decimal("18420.00"),
        revenue_before=Decimal("17360.00"),
        margin_12m=Decimal("5110.00"),
        orders_12m_count=12,
        last_order_on=today - dt.timedelta(days=30),
        last_contact_on=today - dt.timedelta(days=38),
        abc_class="A",
    )
    for kind in kinds:
        make_reason(customer, kind)
    rows = [[kind, 1, 84] for kind in kinds]
    CallListRow.objects.create(customer=customer, owner=owner, rank_value=rank, kinds=rows, callable_from=today)
    return customer


def make_follow_up(customer: Customer, assignee: User, due_on: dt.date, **fields) -> FollowUp:
    time = fields.get("due_time")
    return FollowUp.objects.create(
        customer=customer, assignee=assignee, due_on=due_on, due_at=instant(due_on, time) if time else None, **fields
    )


def reason_of(customer: Customer, kind: str = "reorder") -> Opportunity:
    return Opportunity.objects.for_system("test").get(customer=customer, kind=kind)


def call_data(customer: Customer, **said) -> dict:
    """What the browser sends for a call: the form's hidden fields, and what was said. Reasons are those that stand open."""
    reasons = list(Opportunity.objects.for_system("test").on_the_table().filter(customer=customer).best_first())
    hidden = {"key": form_keys.fresh(), "customer": customer.pk, "back": "day", "direction": "outgoing"}
    versions = {f"reason-{reason.pk}-version": reason.version for reason in reasons}
    top = {"top": reasons[0].pk} if reasons else {}
    return {**hidden, **versions, **top, "reason": [reason.pk for reason in reasons], **said}


def query(data: dict) -> QueryDict:
    """The same as Django reads it."""
    posted = QueryDict(mutable=True)
    for name, value in data.items():
        posted.setlist(name, [str(each) for each in value] if isinstance(value, list) else [str(value)])
    return posted
