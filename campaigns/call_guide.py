"""What to say: an opening sentence and answers to objections for each kind of reason. It speaks to the customer.

The sentence is in the language of the person who is called; objections are for the rep, in his own.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy

from campaigns.evidence import Goods
from campaigns.models import Kind, Opportunity, OpportunityItem
from customers.models import Contact
from innendienst.lib import display


@dataclass(frozen=True)
class Objection:
    """What a customer may say against it, and an answer. Both are lazy translations."""

    says: str
    answer: str


_OBJECTIONS: dict[str, tuple[Objection, ...]] = {
    Kind.REORDER: (
        Objection(
            gettext_lazy("We still have enough."),
            gettext_lazy("Good. When should I call again, so that you do not run out?"),
        ),
        Objection(
            gettext_lazy("It is cheaper elsewhere."),
            gettext_lazy("What do you pay there, and for which quantity? I will see what I can do for you."),
        ),
    ),
    Kind.CROSS_SELL: (
        Objection(
            gettext_lazy("We do not need that."),
            gettext_lazy("May I ask how you do this today?"),
        ),
        Objection(
            gettext_lazy("We get that from somebody else."),
            gettext_lazy("Are you satisfied with it? I will gladly name our price, so that you can compare."),
        ),
    ),
}


def opening_sentence(opportunity: Opportunity, contact: Contact | None, today: dt.date, goods: Goods | None = None) -> str:
    """How the call begins, the customer greeted by name where it is known. `goods` saves reading them again."""
    language = contact.language if contact and contact.language else translation.get_language()
    with translation.override(language):
        goods = goods or Goods([opportunity])
        greeting, item = greet(contact), next(iter(goods.items_of(opportunity)), None)
        write = _OPENINGS.get(opportunity.kind)
        return write(greeting, item, goods) if write and item else f"{greeting}."


def objections(kind: str) -> tuple[Objection, ...]:
    """The usual objections to a kind of reason; empty for a kind that has none."""
    return _OBJECTIONS.get(kind, ())


def greet(contact: Contact | None) -> str:
    """ "Guten Tag Frau Dr. Müller", without a salutation "Guten Tag Kim Schmidt", with less than that "Guten Tag"."""
    if contact is None or not (contact.salutation or contact.first_name):
        return _("Good day")
    return _("Good day %(name)s") % {"name": contact.addressed_name}


def _reorder(greeting: str, item: OpportunityItem, goods: Goods) -> str:
    product = goods.products[item.product_id]
    return _(
        "%(greeting)s, your supply of %(product)s should be running low. Shall I put you down for %(quantity)s again, or will it last?"
    ) % {"greeting": greeting, "product": product.name, "quantity": display.quantity(item.facts["quantity"], product.unit)}


def _cross_sell(greeting: str, item: OpportunityItem, goods: Goods) -> str:
    values = {
        "greeting": greeting,
        "product": goods.products[item.facts["because"]].name,
        "match": goods.products[item.product_id].name,
        "argument": goods.argument_of(item),
    }
    if not values["argument"]:
        return _("%(greeting)s, you have %(product)s from us. %(match)s goes with it. Would that be something for you?") % values
    return _("%(greeting)s, you have %(product)s from us. %(match)s goes with it: %(argument)s. Would that be something for you?") % values


_OPENINGS: dict[str, Callable[[str, OpportunityItem, Goods], str]] = {
    Kind.REORDER: _reorder,
    Kind.CROSS_SELL: _cross_sell,
}
