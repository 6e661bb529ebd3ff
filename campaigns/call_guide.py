"""What to say for one opportunity: the texts of the guide (campaigns/guide), filled. All of it is said to the customer.

It is in the language of the person who is called.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.goods import Goods
from campaigns.guide import placeholders, reading, situations
from campaigns.models import Opportunity
from customers.models import Contact


@dataclass(frozen=True)
class Objection:
    """What a customer may say against it, and an answer."""

    says: str
    answer: str


@dataclass(frozen=True)
class Said:
    """A call in its first sentences; what nobody wrote is ""."""

    opening: str = ""
    question: str = ""
    argument: str = ""
    objections: Sequence[Objection] = ()

    @property
    def sentence(self) -> str:
        """How the call begins: opening and question in one breath."""
        return " ".join(filter(None, [self.opening, self.question]))


NOTHING = Said()


def say(opportunity: Opportunity, contact: Contact | None, goods: Goods | None = None) -> Said:
    """What to say, the customer greeted by name where it is known. `goods` saves reading them again; one query for the guide."""
    language = contact.language if contact and contact.language else translation.get_language()
    with translation.override(language):
        goods = goods or Goods([opportunity])
        greeting, item = greet(contact), next(iter(goods.items_of(opportunity)), None)
        found = situations.find(opportunity, item, goods)
        if found is None:
            return Said(opening=f"{greeting}.")
        code, values = found
        group_id = goods.products[item.product_id].group_id if item else None
        texts = reading.texts_for(opportunity.kind, group_id, language)
        said = filled(texts, code, {"greeting": greeting, **values})
        if own_text := opportunity.facts.get("say"):  # what the campaign wants said, instead of what fits any
            return replace(said, opening=f"{greeting}, {own_text}", question="")
        return said


def filled(texts: Mapping[str, str], situation: str, values: Mapping[str, str]) -> Said:
    """The texts of one situation with these values in their places."""

    def text(part: str) -> str:
        return placeholders.fill(texts.get(part, ""), values).strip()

    pairs = (Objection(text(f"says.{number}"), text(f"answer.{number}")) for number in situations.OBJECTIONS)
    return Said(text(f"opening.{situation}"), text(f"question.{situation}"), text("argument"), tuple(one for one in pairs if one.says))


def greet(contact: Contact | None) -> str:
    """ "Guten Tag Frau Dr. Müller", without a salutation "Guten Tag Kim Schmidt", with less than that "Guten Tag"."""
    if contact is None or not (contact.salutation or contact.first_name):
        return _("Good day")
    return _("Good day %(name)s") % {"name": contact.addressed_name}
