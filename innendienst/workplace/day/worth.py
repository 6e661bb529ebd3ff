"""What a row of the day may bring: the sum over its reasons, as its reader may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from campaigns.evidence import SMALL_BELOW
from campaigns.models import Opportunity
from innendienst.lib import display


@dataclass(frozen=True)
class Worth:
    """`text` is the figure on the row; `is_margin_unknown` when it is revenue because no reason has a known margin.

    `more` is the revenue of those reasons whose margin is unknown, where others' is known: without it the list would seem out of order.
    """

    text: str = ""
    is_margin_unknown: bool = False
    more: str = ""


NOTHING = Worth()


def total_worth(opportunities: Iterable[Opportunity], *, shows_margin: bool) -> Worth:
    """The expected margin of those reasons that have one, else the expected revenue; always as probable, in whole euros."""
    reasons = list(opportunities)
    if not reasons:
        return NOTHING
    known = [reason for reason in reasons if reason.expected_margin is not None] if shows_margin else []
    revenue = _sum(reason.expected_revenue * reason.p_win * reason.urgency for reason in reasons if reason not in known)
    if not known:
        return Worth(_text(revenue, _("≈ %(amount)s revenue")), is_margin_unknown=shows_margin)
    margin = _sum(reason.expected_margin * reason.p_win * reason.urgency for reason in known)
    more = _("and ≈ %(amount)s revenue") % {"amount": display.euros(revenue)} if revenue >= SMALL_BELOW else ""
    return Worth(_text(margin, _("≈ %(amount)s margin")), more=more)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal())


def _text(amount: Decimal, template: str) -> str:
    if amount < SMALL_BELOW:
        return _("below %(amount)s") % {"amount": display.euros(SMALL_BELOW)}
    return template % {"amount": display.euros(amount)}
