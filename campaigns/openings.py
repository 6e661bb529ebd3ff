"""How a call begins, for each kind of reason: one sentence to the customer and a question that he can answer.

Each is made from the same facts as the evidence (campaigns/sentences.py), which speaks about him.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from campaigns.evidence import Goods
from campaigns.models import Kind, Opportunity, OpportunityItem
from campaigns.special.words import condition_text
from innendienst.lib import display

Saying = tuple[str, dict[str, str]]
"""A text with places for the greeting and for these values."""


def opening(opportunity: Opportunity, item: OpportunityItem | None, goods: Goods) -> Saying | None:
    """What is said of an opportunity and its best article; None where nothing more than a greeting is known."""
    if (about := _about_customer(opportunity)) is not None:
        return about
    write = _OPENINGS.get(opportunity.kind)
    return write(item, goods) if write and item else None


def _about_customer(opportunity: Opportunity) -> Saying | None:
    facts = opportunity.facts
    match facts.get("why"):
        case "campaign":
            if say := facts.get("say"):
                return _("%(greeting)s, %(text)s"), {"text": say}
            offer = condition_text(facts["offer"]) if "offer" in facts else facts["name"]
            return _("%(greeting)s, until %(day)s there is something special: %(offer)s. Would that be something for you?"), {
                "day": _date(facts["until"]),
                "offer": offer,
            }
        case "silent":
            return _("%(greeting)s, you have not ordered for a while. Is there anything you were not satisfied with?"), {}
        case "no_second":
            text = _("%(greeting)s, you ordered from us for the first time on %(day)s. Were you satisfied with it?")
            return text, {"day": _date(facts["first_on"])}
        case "falling":
            return _("%(greeting)s, you order less from us than last year. Has something changed?"), {}
    return None


def _reorder(item: OpportunityItem, goods: Goods) -> Saying:
    facts, product = item.facts, goods.products[item.product_id]
    if "group" in facts:
        group = product.group.name if product.group else product.name
        return _("%(greeting)s, you regularly order from our range %(group)s. Is there anything you need again?"), {"group": group}
    values = {"product": product.name, "quantity": display.quantity(facts["quantity"], product.unit)}
    if facts.get("is_falling_only"):
        text = _("%(greeting)s, last time you took %(last)s of %(product)s instead of usually %(quantity)s. Has something changed?")
        return text, {**values, "last": display.quantity(facts["last_quantity"])}
    text = _(
        "%(greeting)s, your supply of %(product)s should be running low. Shall I put you down for %(quantity)s again, or will it last?"
    )
    return text, values


def _cross_sell(item: OpportunityItem, goods: Goods) -> Saying:
    values = {"product": goods.products[item.facts["because"]].name, "match": goods.products[item.product_id].name}
    if argument := goods.argument_of(item):
        text = _("%(greeting)s, you have %(product)s from us. %(match)s goes with it: %(argument)s. Would that be something for you?")
        return text, {**values, "argument": argument}
    return _("%(greeting)s, you have %(product)s from us. %(match)s goes with it. Would that be something for you?"), values


def _after_sales(item: OpportunityItem, goods: Goods) -> Saying:
    facts, service = item.facts, goods.products[item.product_id].name
    if "ends_on" in facts:
        return _("%(greeting)s, your %(contract)s ends on %(day)s. Shall we extend it?"), {
            "contract": service,
            "day": _date(facts["ends_on"]),
        }
    values = {"product": goods.products[facts["because"]].name, "service": service}
    if "warranty_until" in facts:
        text = _("%(greeting)s, the warranty of %(product)s ends on %(day)s. Shall I make you an offer for %(service)s?")
        return text, {**values, "day": _date(facts["warranty_until"])}
    text = _("%(greeting)s, you have had %(product)s since %(day)s. Is all well with it? And have you thought of %(service)s?")
    return text, {**values, "day": _date(facts["delivered_on"])}


def _up_sell(item: OpportunityItem, goods: Goods) -> Saying:
    facts, product = item.facts, goods.products[item.product_id]
    if "step" in facts:
        return _(
            "%(greeting)s, you usually order %(quantity)s of %(product)s; from %(step)s on it costs %(price)s. Would that suit you?"
        ), {
            "quantity": display.quantity(facts["quantity"], product.unit),
            "product": product.name,
            "step": display.quantity(facts["step"], product.unit),
            "price": display.euros(Decimal(facts["price"]), decimals=2),
        }
    text = _("%(greeting)s, there is a successor to your %(product)s: %(successor)s. May I tell you what is new?")
    return text, {"product": goods.products[facts["because"]].name, "successor": product.name}


def _last_call(item: OpportunityItem, goods: Goods) -> Saying:
    facts, product = item.facts, goods.products[item.product_id]
    text = _(
        "%(greeting)s, %(product)s can be ordered until %(day)s only. Shall I put %(proposed)s aside for you? That lasts about a year."
    )
    return text, {
        "product": product.name,
        "day": _date(facts["until"]),
        "proposed": display.quantity(facts["proposed"], product.unit),
    }


def _satisfaction(item: OpportunityItem, goods: Goods) -> Saying:
    product = goods.products[item.product_id].name
    return _("%(greeting)s, you recently got %(product)s from us. Is it all as you expected?"), {"product": product}


_OPENINGS: dict[str, Callable[[OpportunityItem, Goods], Saying]] = {
    Kind.LAST_CALL: _last_call,
    Kind.REORDER: _reorder,
    Kind.AFTER_SALES: _after_sales,
    Kind.UP_SELL: _up_sell,
    Kind.CROSS_SELL: _cross_sell,
    Kind.SATISFACTION: _satisfaction,
}
"""Winning back is always about the customer."""


def _date(day: str) -> str:
    return display.date(dt.date.fromisoformat(day))
