"""What to say: an opening sentence (openings.py) and answers to objections for each kind of reason. It speaks to the customer.

The sentence is in the language of the person who is called; objections are for the rep, in his own.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy

from campaigns.evidence import Goods
from campaigns.models import Kind, Opportunity
from campaigns.openings import opening
from customers.models import Contact


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
        greeting, saying = greet(contact), opening(opportunity, next(iter(goods.items_of(opportunity)), None), goods)
        if saying is None:
            return f"{greeting}."
        text, values = saying
        return text % {"greeting": greeting, **values}


def objections(kind: str) -> tuple[Objection, ...]:
    """The usual objections to a kind of reason; empty for a kind that has none."""
    return _OBJECTIONS.get(kind, ())


def greet(contact: Contact | None) -> str:
    """ "Guten Tag Frau Dr. Müller", without a salutation "Guten Tag Kim Schmidt", with less than that "Guten Tag"."""
    if contact is None or not (contact.salutation or contact.first_name):
        return _("Good day")
    return _("Good day %(name)s") % {"name": contact.addressed_name}
