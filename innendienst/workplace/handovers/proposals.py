"""What speaks for a visit before anybody asked: products that need a demonstration, a new customer."""

import datetime as dt

from django.utils.translation import gettext as _

from campaigns.handovers import HANDED_OVER_FROM
from campaigns.models import OpportunityItem
from customers.handover_rules import is_new, proposed_criteria
from customers.models import Customer


def is_new_customer(customer: Customer, today: dt.date) -> bool:
    facts = getattr(customer, "facts", None)
    return is_new(customer.lifecycle, first_order_on=facts and facts.first_order_on, customer_since=customer.customer_since, today=today)


def needs_demo(customer: Customer) -> bool:
    """Whether one of the articles of his open reasons is sold by showing it."""
    items = OpportunityItem.objects.filter(opportunity__customer=customer, opportunity__state__in=HANDED_OVER_FROM)
    return items.filter(product__needs_demo=True).exists()


def ticked_beforehand(customer: Customer, today: dt.date) -> list[str]:
    """Codes of the checklist."""
    return proposed_criteria(
        is_new=is_new_customer(customer, today), needs_demo=needs_demo(customer), has_field_owner=customer.field_owner_id is not None
    )


def proposal_text(*, is_new: bool, needs_demo: bool) -> str:
    """Why the call form proposes a visit; "" where it does not."""
    if needs_demo:
        return _("Proposed: needs a demonstration")
    return _("Proposed: new customer") if is_new else ""
