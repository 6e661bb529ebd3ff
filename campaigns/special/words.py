"""What a campaign offers and says, in words: for the rep (evidence) and for the customer (opening)."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from campaigns.special.margin import PricedCondition
from campaigns.special.models import Campaign, OfferCondition
from innendienst.lib import display

Kind = OfferCondition.Kind
Facts = Mapping[str, object]


def facts_of(campaign: Campaign) -> dict[str, object]:
    """What an opportunity keeps of its campaign, so that a list needs no second look: its name, days, offer and text."""
    first = campaign.conditions.select_related("product", "group").first()
    offer = {"offer": condition_facts(first)} if first else {}
    return {
        "articles_count": 0, "why": "campaign", "name": campaign.name, "until": campaign.ends_on.isoformat(), "say": campaign.call_text,
        "criteria": campaign.criteria, **offer,
    }  # fmt: skip


def condition_facts(condition: OfferCondition) -> dict[str, str]:
    goods = condition.product or condition.group
    values = {
        "kind": condition.kind, "goods": goods.name if goods else "", "percent": condition.percent, "amount_off": condition.amount_off,
        "from_quantity": condition.from_quantity, "days": condition.days,
    }  # fmt: skip
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def condition_text(facts: Mapping[str, str]) -> str:
    """ "10 % auf Reiniger R10", "ab 12: 5 % auf Reiniger R10", "Reiniger R10 30 Tage zur Probe", "Lieferung in 2 Tagen"."""
    goods = facts.get("goods") or _("everything")
    values = {"goods": goods, "days": facts.get("days", ""), "off": _off(facts)}
    if "from_quantity" in facts:
        values["quantity"] = display.quantity(facts["from_quantity"])
    match facts["kind"]:
        case Kind.ONE_OFF_DISCOUNT:
            return _("%(off)s off %(goods)s, once") % values
        case Kind.VOLUME_TERMS:
            return _("from %(quantity)s on %(off)s off %(goods)s") % {"quantity": "1", **values}
        case Kind.TRIAL:
            return _("%(goods)s on trial for %(days)s days") % values
    return _("%(goods)s delivered within %(days)s days") % values


def too_thin_text(line: PricedCondition, *, shows_margin: bool) -> str:
    """Why a condition is refused, with the line named and what would do (the model message of the wording guide).

    The margin itself is told those alone who may see margins: of 100 % off it is what the article costs.
    """
    assert line.margin is not None
    parts = {"percent": line.percent, "amount_off": line.amount_off}
    off = " + ".join(_off({name: str(value)}) for name, value in parts.items() if value)
    facts = {
        "position": line.position, "positions": " + ".join(map(str, line.together)), "name": line.name, "off": off,
        "margin": display.euros(line.margin, decimals=2), "least": display.number(line.least_ratio * 100),
        "most": display.number(line.most_off),
    }  # fmt: skip
    if line.together and shows_margin:
        text = _(
            "Lines %(positions)s together (%(name)s, %(off)s off): margin %(margin)s per unit, at least %(least)s %% are asked for. "
            "Take at most %(most)s %% off in all, or do not let them be combined."
        )
    elif line.together:
        text = _(
            "Lines %(positions)s together (%(name)s, %(off)s off): that leaves too little, at least %(least)s %% margin are asked for. "
            "Take at most %(most)s %% off in all, or do not let them be combined."
        )
    elif shows_margin:
        text = _(
            "Line %(position)s (%(name)s, %(off)s off): margin %(margin)s per unit, at least %(least)s %% are asked for. "
            "Take at most %(most)s %% off."
        )
    else:
        text = _(
            "Line %(position)s (%(name)s, %(off)s off): that leaves too little, at least %(least)s %% margin are asked for. "
            "Take at most %(most)s %% off."
        )
    return text % facts


def about(campaign: Campaign) -> str:
    """What a customer's history says of a letter or mail: the campaign, and what it was headed."""
    return ": ".join(filter(None, [campaign.name, campaign.mail_subject]))


def until_text(facts: Mapping[str, str]) -> str:
    return display.date(dt.date.fromisoformat(facts["until"]))


def _off(facts: Mapping[str, str]) -> str:
    if "percent" in facts:
        percent = Decimal(facts["percent"])
        return f"{display.number(percent, decimals=0 if percent == percent.to_integral_value() else 1)}{display.NBSP}%"
    return display.euros(Decimal(facts["amount_off"]), decimals=2) if "amount_off" in facts else ""
