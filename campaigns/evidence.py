"""Why this customer, in one true sentence, and what it may bring – in the reader's language, from facts, at display.

Nothing here is stored: an opportunity holds dates, counts and ids, and this module makes words of them (those of each kind
stand in sentences.py). Evidence speaks about the customer, for the rep; what is said to the customer stands in call_guide.py.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, ngettext

from campaigns.goods import Goods
from campaigns.models import Kind, Opportunity
from campaigns.sentences import SENTENCES, about_customer
from innendienst.lib import display

SMALL_BELOW = Decimal(10)


def sentence(opportunity: Opportunity, today: dt.date) -> SafeString:
    """The evidence for the opportunity's best article, or for the customer where the reason is about him."""
    return sentences([opportunity], today)[opportunity.pk]


def sentences(opportunities: Iterable[Opportunity], today: dt.date, goods: Goods | None = None) -> dict[int, SafeString]:
    """Opportunity id → evidence, with the same number of queries for one as for many; `goods` saves reading them again."""
    shown = list(opportunities)
    goods = goods or Goods(shown)
    return {
        opportunity.pk: about_customer(opportunity, today) or next(_item_sentences(opportunity, goods, today), None) or _plain(opportunity)
        for opportunity in shown
    }


def item_sentences(opportunity: Opportunity, today: dt.date) -> list[SafeString]:
    """The evidence for each of its articles, best first."""
    return list(_item_sentences(opportunity, Goods([opportunity]), today))


def expected_value(opportunity: Opportunity, *, show_margin: bool) -> str:
    """What it may bring, as probable and urgent as it is: "≈ 84 € DB", "≈ 240 € Umsatz, DB unbekannt", "unter 10 €".

    Without the right to see margins the revenue stands alone.
    """
    amount = _basis(opportunity, show_margin=show_margin) * opportunity.p_win * opportunity.urgency
    if amount < SMALL_BELOW:
        return _("below %(amount)s") % {"amount": display.euros(SMALL_BELOW)}
    if not show_margin:
        return _("≈ %(amount)s revenue") % {"amount": display.euros(amount)}
    if opportunity.expected_margin is None:
        return _("≈ %(amount)s revenue, margin unknown") % {"amount": display.euros(amount)}
    return _("≈ %(amount)s margin") % {"amount": display.euros(amount)}


def arithmetic(opportunity: Opportunity, *, show_margin: bool) -> str:
    """How the expected value comes about: "Chance 35 % × 240 € DB × Dringlichkeit 1,0 = 84 € erwarteter DB"."""
    is_margin = show_margin and opportunity.expected_margin is not None
    basis = _basis(opportunity, show_margin=show_margin)
    in_margin = _("Chance %(chance)s × margin %(basis)s × urgency %(urgency)s = %(value)s expected margin")
    in_revenue = _("Chance %(chance)s × revenue %(basis)s × urgency %(urgency)s = %(value)s expected revenue")
    chance = opportunity.p_win * 100
    return (in_margin if is_margin else in_revenue) % {
        "chance": f"{display.number(chance, decimals=0 if chance == chance.to_integral_value() else 1)}{display.NBSP}%",
        "basis": display.euros(basis),
        "urgency": display.number(opportunity.urgency, decimals=1),
        "value": display.euros(basis * opportunity.p_win * opportunity.urgency),
    }


def articles_text(opportunity: Opportunity) -> str:
    """ "3 Artikel sind fällig", counting those beyond the ones kept; "" for a single one and for other kinds."""
    count = opportunity.due_count
    if count < 2:
        return ""
    return ngettext("%(count)s article is due", "%(count)s articles are due", count) % {"count": display.number(count)}


def reason_label(kind: str, count: int) -> str:
    """The chip: "Nachkauf · 3 Artikel", with one article "Nachkauf"."""
    if count < 2:
        return str(Kind(kind).label)
    articles = ngettext("%(count)s article", "%(count)s articles", count) % {"count": display.number(count)}
    return f"{Kind(kind).label} · {articles}"


def _item_sentences(opportunity: Opportunity, goods: Goods, today: dt.date) -> Iterator[SafeString]:
    if write := SENTENCES.get(opportunity.kind):
        yield from (write(item, goods, today) for item in goods.items_of(opportunity))


def _basis(opportunity: Opportunity, *, show_margin: bool) -> Decimal:
    """The amount that chance and urgency multiply: the expected margin where it may be seen and is known, else the revenue."""
    is_margin = show_margin and opportunity.expected_margin is not None
    return opportunity.expected_margin if is_margin else opportunity.expected_revenue


def _plain(opportunity: Opportunity) -> SafeString:
    return format_html("{}", opportunity.get_kind_display())
