"""In which situation an opportunity is, and what its texts may name: from the same facts as the evidence (campaigns/sentences.py)."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.goods import Goods
from campaigns.models import Kind, Opportunity, OpportunityItem
from innendienst.lib import display

OBJECTIONS = (1, 2, 3)


class Situation(NamedTuple):
    """A way in which a kind of reason shows; `names` are what its opening and question can be filled with, beside the greeting."""

    code: str
    label: str | Promise
    names: tuple[str, ...] = ()


class Part(NamedTuple):
    """One text of a guide."""

    key: str
    names: tuple[str, ...]


SITUATIONS: dict[str, tuple[Situation, ...]] = {
    Kind.LAST_CALL: (Situation("ending", _("An article ends"), ("article", "day", "proposed")),),
    Kind.REORDER: (
        Situation("due", _("An article is due"), ("article", "quantity")),
        Situation("group", _("A product group is due"), ("group",)),
        Situation("falling", _("The quantity falls"), ("article", "quantity", "last_quantity")),
    ),
    Kind.AFTER_SALES: (
        Situation("delivered", _("Delivered without a service"), ("owned", "article", "day")),
        Situation("warranty", _("A warranty ends"), ("owned", "article", "day")),
        Situation("contract", _("A contract ends"), ("article", "day")),
    ),
    Kind.UP_SELL: (
        Situation("successor", _("There is a successor"), ("owned", "article")),
        Situation("step", _("A price step is near"), ("article", "quantity", "step", "price")),
    ),
    Kind.CROSS_SELL: (
        Situation("rule", _("By a product rule with an argument"), ("owned", "article", "argument")),
        Situation("pair", _("Without an argument"), ("owned", "article")),
        Situation("contract", _("A contract with another supplier ends"), ("group", "day")),
    ),
    Kind.CAMPAIGN: (Situation("running", _("A campaign is running")),),
    Kind.WIN_BACK: (
        Situation("silent", _("No order for long")),
        Situation("no_second", _("No second order"), ("day",)),
        Situation("falling", _("Falling revenue")),
    ),
    Kind.SATISFACTION: (Situation("delivered", _("Delivered or won"), ("article",)),),
}
"""Most urgent kind first."""

_WITHOUT_ARTICLE = frozenset({Kind.WIN_BACK, Kind.CAMPAIGN})

Values = dict[str, str]


def parts(kind: str) -> Iterator[Part]:
    """All texts of a kind of reason, in the order in which they are said."""
    for situation in SITUATIONS[kind]:
        yield Part(f"opening.{situation.code}", ("greeting", *situation.names))
        yield Part(f"question.{situation.code}", ("greeting", *situation.names))
    always = () if kind in _WITHOUT_ARTICLE else ("article",)
    yield Part("argument", always)
    for number in OBJECTIONS:
        yield Part(f"says.{number}", always)
        yield Part(f"answer.{number}", always)


def find(opportunity: Opportunity, item: OpportunityItem | None, goods: Goods) -> tuple[str, Values] | None:
    """The situation of an opportunity by its best article, and what fills the texts; None where nothing more than a greeting is known."""
    if opportunity.kind == Kind.WIN_BACK:
        return _win_back(opportunity)
    if opportunity.kind == Kind.CAMPAIGN:
        return "running", {}
    read = _READ.get(opportunity.kind)
    if read is None or item is None:
        return None
    code, values = read(item, goods)
    return code, {"article": goods.products[item.product_id].name, **values}


def _win_back(opportunity: Opportunity) -> tuple[str, Values] | None:
    match opportunity.facts.get("why"):
        case "silent" | "falling" as why:
            return why, {}
        case "no_second":
            return "no_second", {"day": _date(opportunity.facts["first_on"])}
    return None


def _reorder(item: OpportunityItem, goods: Goods) -> tuple[str, Values]:
    facts, product = item.facts, goods.products[item.product_id]
    if "group" in facts:
        return "group", {"group": product.group.name if product.group else product.name}
    values = {"quantity": display.quantity(facts["quantity"], product.unit)}
    if facts.get("is_falling_only"):
        return "falling", {**values, "last_quantity": display.quantity(facts["last_quantity"])}
    return "due", values


def _cross_sell(item: OpportunityItem, goods: Goods) -> tuple[str, Values]:
    if "supplier" in item.facts:
        product = goods.products[item.product_id]
        return "contract", {"group": product.group.name if product.group else product.name, "day": _date(item.facts["ends_on"])}
    values = {"owned": goods.products[item.facts["because"]].name}
    if argument := goods.argument_of(item):
        return "rule", {**values, "argument": argument}
    return "pair", values


def _after_sales(item: OpportunityItem, goods: Goods) -> tuple[str, Values]:
    facts = item.facts
    if "ends_on" in facts:
        return "contract", {"day": _date(facts["ends_on"])}
    owned = goods.products[facts["because"]].name
    if "warranty_until" in facts:
        return "warranty", {"owned": owned, "day": _date(facts["warranty_until"])}
    return "delivered", {"owned": owned, "day": _date(facts["delivered_on"])}


def _up_sell(item: OpportunityItem, goods: Goods) -> tuple[str, Values]:
    facts, product = item.facts, goods.products[item.product_id]
    if "step" in facts:
        return "step", {
            "quantity": display.quantity(facts["quantity"], product.unit),
            "step": display.quantity(facts["step"], product.unit),
            "price": display.euros(Decimal(facts["price"]), decimals=2),
        }
    return "successor", {"owned": goods.products[facts["because"]].name}


def _last_call(item: OpportunityItem, goods: Goods) -> tuple[str, Values]:
    facts, unit = item.facts, goods.products[item.product_id].unit
    return "ending", {"day": _date(facts["until"]), "proposed": display.quantity(facts["proposed"], unit)}


def _satisfaction(_item: OpportunityItem, _goods: Goods) -> tuple[str, Values]:
    return "delivered", {}


_READ: dict[str, Callable[[OpportunityItem, Goods], tuple[str, Values]]] = {
    Kind.LAST_CALL: _last_call,
    Kind.REORDER: _reorder,
    Kind.AFTER_SALES: _after_sales,
    Kind.UP_SELL: _up_sell,
    Kind.CROSS_SELL: _cross_sell,
    Kind.SATISFACTION: _satisfaction,
}


def _date(day: str) -> str:
    return display.date(dt.date.fromisoformat(day))
