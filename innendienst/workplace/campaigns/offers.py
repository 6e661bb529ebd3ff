"""What a campaign offers, in finished texts: its conditions, and what is left of the price where that is thinnest."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from campaigns.special.acts import margin_lines
from campaigns.special.margin import PricedCondition
from campaigns.special.models import Campaign
from campaigns.special.words import condition_facts, condition_text
from innendienst.lib import display


class Offer(NamedTuple):
    """A condition; `asked` is the margin it must leave in percent, `left` what it does leave. "" where there is nothing to say."""

    text: str
    asked: str
    left: str


def offers_of(campaign: Campaign, *, shows_margin: bool) -> list[Offer]:
    """One per condition; a query more for each that has a price, for those who may see margins."""
    conditions = list(campaign.conditions.select_related("product", "group"))
    lines = list(margin_lines(conditions)) if shows_margin else []
    return [
        Offer(
            condition_text(condition_facts(one)),
            display.number(one.least_ratio * 100) if one.least_ratio else "",
            _left([line for line in lines if line.position == position]),
        )
        for position, one in enumerate(conditions, start=1)
    ]


def _left(lines: Sequence[PricedCondition]) -> str:
    """The thinnest of the articles that a condition is about; nothing for one without a price."""
    known = [line for line in lines if line.margin is not None]
    if not known:
        return _("margin unknown") if lines else ""
    thinnest = min(known, key=lambda line: line.ratio)
    facts = {
        "margin": display.euros(thinnest.margin, decimals=2),
        "ratio": display.number(thinnest.ratio * 100, decimals=1),
        "name": thinnest.name,
    }
    if len(lines) == 1:
        return _("%(margin)s margin left per unit, %(ratio)s %%") % facts
    return _("at least %(margin)s margin left per unit, %(ratio)s %% (%(name)s)") % facts
