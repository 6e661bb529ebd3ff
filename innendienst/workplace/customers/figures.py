"""The band of figures on a card: what the customer is worth, in which direction, and when he orders."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from campaigns.sentences import rhythm_text
from customers.models import CustomerFacts
from innendienst.lib import display

UNKNOWN = "–"
RHYTHM_FROM_ORDERS = 3


@dataclass(frozen=True)
class Figure:
    """A label, the figure, and a note beneath; `tone` is good, bad or "" for grey, `look` its class."""

    label: str
    value: str
    note: str = ""
    tone: str = ""

    @property
    def look(self) -> str:
        return self.tone or "soft"


def band(facts: CustomerFacts | None, today: dt.date, *, shows_margin: bool) -> list[Figure]:
    """Four figures, three where margins are not for this reader's eyes."""
    if facts is None:
        return [Figure(_("Revenue 12 months"), UNKNOWN, _("no orders yet")), Figure(_("Last order"), UNKNOWN)]
    figures = [_revenue(facts), _margin(facts) if shows_margin else None, _last_order(facts, today), _orders(facts)]
    return [figure for figure in figures if figure]


def _revenue(facts: CustomerFacts) -> Figure:
    label = _("Revenue 12 months, as stated by the ERP") if facts.is_stated else _("Revenue 12 months")
    if not facts.revenue_before:
        return Figure(label, display.euros(facts.revenue_12m), _("nothing the year before"))
    change = (facts.revenue_12m - facts.revenue_before) / facts.revenue_before * 100
    sign = "+" if change > 0 else ""
    note = _("%(change)s %% on the year before") % {"change": f"{sign}{display.number(change, 1)}"}
    return Figure(label, display.euros(facts.revenue_12m), note, "good" if change > 0 else "bad" if change < 0 else "")


def _margin(facts: CustomerFacts) -> Figure:
    if facts.margin_12m is None:
        return Figure(_("Margin"), _("unknown"))
    ratio = facts.margin_12m / facts.revenue_12m * 100 if facts.revenue_12m > 0 else None
    note = "" if ratio is None else _("%(ratio)s %% of revenue") % {"ratio": display.number(ratio, 1)}
    return Figure(_("Margin"), display.euros(facts.margin_12m), note)


def _last_order(facts: CustomerFacts, today: dt.date) -> Figure:
    day = facts.last_order_on
    return Figure(_("Last order"), display.date(day) if day else UNKNOWN, display.ago(day, today) if day else "")


def _orders(facts: CustomerFacts) -> Figure:
    """How many orders in twelve months; from three on, how far apart they lie on average."""
    count = facts.orders_12m_count
    if facts.is_stated:
        return Figure(_("Orders 12 months"), UNKNOWN, _("no order lines yet"))
    note = rhythm_text(Decimal(365) / count) if count >= RHYTHM_FROM_ORDERS else ""
    return Figure(_("Orders 12 months"), display.number(count), note)
