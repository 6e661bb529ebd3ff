"""What to key into the ERP for a won opportunity, as plain text."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from campaigns.models import Opportunity, OpportunityItem
from campaigns.steps import Answer
from customers.models import Activity
from innendienst.lib import display


def order_text(opportunity: Opportunity, items: Sequence[OpportunityItem]) -> str:
    """Line by line: customer, who ordered, articles with the quantity that was spoken of, amount, day, and the note of the call."""
    return "\n".join(_lines(opportunity, items))


def _lines(opportunity: Opportunity, items: Sequence[OpportunityItem]) -> Iterator[str]:
    customer, call = opportunity.customer, _call(opportunity)
    yield _("Customer: %(number)s %(name)s") % {"number": customer.number, "name": customer.name}
    if call and call.contact:
        yield _("Ordered by: %(name)s") % {"name": call.contact.addressed_name}
    yield from (f"{item.product.sku}  {item.product.name}  {_quantity(item)}" for item in items)
    yield _("Net amount: %(amount)s") % {"amount": display.euros(opportunity.won_amount, decimals=2)}
    yield _("Agreed on: %(day)s") % {"day": display.date(opportunity.won_on)}
    if call and call.note.strip():
        yield _("Note: %(note)s") % {"note": call.note.strip()}


def _quantity(item: OpportunityItem) -> str:
    """What the reason proposed; where it proposed none, only the two on the phone know."""
    proposed = item.facts.get("proposed") or item.facts.get("quantity")
    return display.quantity(proposed, item.product.unit) if proposed else _("quantity as agreed")


def _call(opportunity: Opportunity) -> Activity | None:
    """The call in which it was won; None where it was won otherwise."""
    answers = opportunity.answers.filter(answer=Answer.WON, activity__isnull=False).select_related("activity__contact").order_by("-pk")
    return next((answer.activity for answer in answers[:1]), None)
